#include "policy/station_wish.h"

#include <stdlib.h>
#include <string.h>

#include "policy/station_inside.h"
#include "policy/station_texts.h"

enum {
	SYSTEM_LAST = 999, /* downwards, as for Debian's own */
	SYSTEM_FIRST = 200,
	PEOPLE_FIRST = 2000, /* no number that an administrator gives */
	PEOPLE_LAST = 59999,
	NEW_MAX = 256,
};

#define UNITS "etc/systemd/system/"
#define DATA "var/lib/vitrine"

/* What is being put together. */
struct wish {
	struct arena *a;
	struct station s;
	const struct station_wish *of;
	struct station_things all;
	struct station_account *accounts;
	size_t n_accounts;
	struct str group;        /* /etc/group */
	uint32_t given[NEW_MAX]; /* numbers of accounts that are new */
	size_t n_given;
};

static struct station_thing *
add(struct wish *w, enum station_kind kind, struct str path, struct str text,
    const char *why)
{
	struct station_things *t = &w->all;
	struct station_thing *at;

	t->at = arena_more(w->a, t->at, t->n, &t->room, sizeof *t->at);
	at = &t->at[t->n++];
	*at = (struct station_thing){ .kind = kind,
		.path = path,
		.text = text,
		.mode = kind == STATION_FILE ? 0644 : 0755,
		.why = why };
	return at;
}

/* The folders above a path, where they are missing. */
static void
folders(struct wish *w, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		struct str above = str_slice(path, 0, i);
		bool known = path.at[i] != '/';

		for (size_t k = 0; k < w->all.n && !known; k++)
			known = str_eq(w->all.at[k].path, above);
		if (!known &&
		    !station_there(&w->s,
			station_path(&w->s, "/%.*s", STR_ARG(above))))
			add(w, STATION_FOLDER, arena_copy(w->a, above), STR(""),
			    "to put files into");
	}
}

static void
file(struct wish *w, const char *path, const char *text, const char *why)
{
	folders(w, str_of(path));
	add(w, STATION_FILE, str_of(path), str_of(text), why);
}

static void
link_to(struct wish *w, struct str path, struct str to, const char *why)
{
	folders(w, path);
	add(w, STATION_LINK, path, to, why);
}

static void
mask(struct wish *w, const char *unit, const char *why)
{
	link_to(w, arena_printf(w->a, UNITS "%s", unit), STR("/dev/null"), why);
}

/* A unit, wanted by a target at every start. */
static void
unit(struct wish *w, struct str name, struct str text, const char *target,
    const char *why)
{
	struct str path = arena_printf(w->a, UNITS "%.*s", STR_ARG(name));

	folders(w, path);
	add(w, STATION_FILE, path, text, why);
	link_to(w,
	    arena_printf(w->a, UNITS "%s.wants/%.*s", target, STR_ARG(name)),
	    arena_printf(w->a, "/" UNITS "%.*s", STR_ARG(name)),
	    "at every start");
}

/* A path as the name of a unit: systemd.unit(5), "string escaping". */
static struct str
escaped(struct arena *a, struct str path)
{
	struct buf b = { 0 };
	struct str out;

	for (size_t i = 1; i < path.len; i++) {
		char c = path.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '_' || c == ':' ||
		    (c == '.' && i > 1);

		if (c == '/')
			buf_char(&b, '-');
		else if (plain)
			buf_char(&b, c);
		else
			buf_printf(&b, "\\x%02x", (unsigned char)c);
	}
	out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out;
}

static void
mount_unit(struct wish *w, struct str where, struct str what, const char *type,
    const char *options, const char *needs, const char *why)
{
	struct str text = arena_printf(w->a,
	    "# written by vitrine-lab station install\n"
	    "[Unit]\n"
	    "Description=Vitrine: %s\n"
	    "Documentation=man:vitrine-lab(1)\n"
	    "Before=getty@tty1.service local-fs.target\n"
	    "%s"
	    "\n"
	    "[Mount]\n"
	    "What=%.*s\n"
	    "Where=%.*s\n"
	    "Type=%s\n"
	    "Options=%s\n",
	    why, needs, STR_ARG(what), STR_ARG(where), type, options);

	unit(w, arena_printf(w->a, "%.*s.mount", STR_ARG(escaped(w->a, where))),
	    text, "local-fs.target", why);
}

/* The kernel, drivers, devices, services. */

static void
add_kernel(struct wish *w)
{
	for (const struct station_text *t = station_texts; t->path != NULL; t++)
		file(w, t->path, t->text, t->why);
	unit(w, STR("vitrine-usb.service"), str_of(station_texts_usb),
	    "multi-user.target", "nothing new on USB");
}

static void
add_masks(struct wish *w)
{
	for (const struct station_text *t = station_texts_masked;
	     t->path != NULL; t++)
		mask(w, t->path, t->why);
}

/* Swap lines of /etc/fstab are put out of use; /dev/shm runs nothing. */
static void
add_fstab(struct wish *w)
{
	struct str text, rest, line, word;

	(void)station_text(&w->s, &text, "/etc/fstab");
	while (str_cut(&text, '\n', &line)) {
		rest = line;
		if (station_word(&rest, &word) && word.at[0] != '#' &&
		    station_word(&rest, &word) && station_word(&rest, &word) &&
		    str_eq(word, STR("swap")))
			add(w, STATION_OFF, STR("etc/fstab"), line, "no swap");
	}
	add(w, STATION_TEXT, STR("etc/fstab"),
	    STR("tmpfs /dev/shm tmpfs rw,nosuid,nodev,noexec 0 0"),
	    "nothing can be run from there");
}

/* The station's own look at itself. */
static void
add_check(struct wish *w)
{
	static const char timer[] =
	    "# written by vitrine-lab station install\n"
	    "[Unit]\n"
	    "Description=Vitrine: look at the station again\n"
	    "\n"
	    "[Timer]\n"
	    "OnBootSec=20s\n"
	    "OnUnitActiveSec=2min\n"
	    "AccuracySec=10s\n";
	struct str service = arena_printf(w->a,
	    "# written by vitrine-lab station install\n"
	    "[Unit]\n"
	    "Description=Vitrine: what this station really is\n"
	    "Documentation=man:vitrine-lab(1)\n"
	    "After=vitrine-usb.service local-fs.target\n"
	    "\n"
	    "[Service]\n"
	    "# No namespace of its own: it would see its own mounts.\n"
	    "Type=oneshot\n"
	    "TimeoutStartSec=60\n"
	    "ExecStart=%.*s/bin/vitrine-lab station check -o "
	    "/run/vitrine/station\n"
	    "RuntimeDirectory=vitrine\n"
	    "RuntimeDirectoryMode=0755\n"
	    "RuntimeDirectoryPreserve=yes\n"
	    "NoNewPrivileges=yes\n"
	    "LockPersonality=yes\n"
	    "MemoryDenyWriteExecute=yes\n"
	    "RestrictAddressFamilies=none\n"
	    "SystemCallArchitectures=native\n",
	    STR_ARG(w->of->prefix));

	unit(w, STR("vitrine-station.service"), service, "multi-user.target",
	    "the station looks at itself");
	unit(w, STR("vitrine-station.timer"), str_of(timer), "timers.target",
	    "and again every two minutes");
}

/* The one console: a login with no network and nothing to write but notes. */
static void
add_console(struct wish *w)
{
	struct buf b = { 0 };

	buf_str(&b,
	    STR("# written by vitrine-lab station install\n"
		"[Unit]\n"
		"Wants=vitrine-station.service\n"
		"# rules may want what only it can see\n"
		"After=vitrine-station.service\n"
		"RequiresMountsFor=/" DATA "\n"));
	/* After all mounts, but one that was refused does not take the
	 * console, and with it the other sessions, away. */
	buf_str(&b,
	    STR("After=local-fs.target\n\n[Service]\n"
		"PrivateNetwork=yes\n"
		"PrivateIPC=yes\n"
		"PrivateTmp=yes\n"
		"ProtectSystem=strict\n"
		"ReadWritePaths=/" DATA " -/var/log -/run\n"
		"ProtectKernelModules=yes\n"
		"ProtectKernelLogs=yes\n"
		"ProtectControlGroups=yes\n"
		"ProtectClock=yes\n"
		"ProtectHostname=yes\n"
		"LockPersonality=yes\n"
		"RestrictNamespaces=yes\n"
		"RestrictRealtime=yes\n"
		"RestrictSUIDSGID=yes\n"
		"RestrictAddressFamilies=AF_UNIX AF_NETLINK\n"
		"SystemCallArchitectures=native\n"
		"LimitCORE=0\n"
		"LimitMEMLOCK=256M\n"));
	folders(w, STR(UNITS "getty@tty1.service.d/x"));
	add(w, STATION_FILE, STR(UNITS "getty@tty1.service.d/vitrine.conf"),
	    arena_copy(w->a, buf_view(&b)),
	    "the console has no network and writes only notes");
	buf_release(&b);
	link_to(w, STR(UNITS "getty.target.wants/getty@tty1.service"),
	    STR("/lib/systemd/system/getty@.service"), "the one console");
}

/* Accounts. */

static const struct station_account *
account(const struct wish *w, struct str name)
{
	for (size_t i = 0; i < w->n_accounts; i++)
		if (str_eq(w->accounts[i].name, name))
			return &w->accounts[i];
	return NULL;
}

/* A number nobody has: no account, no group, no folder of notes. */
static bool
is_free(struct wish *w, uint32_t id)
{
	struct str text = w->group, line, field;
	uint64_t gid;

	for (size_t i = 0; i < w->n_accounts; i++)
		if (w->accounts[i].uid == id || w->accounts[i].gid == id)
			return false;
	for (size_t i = 0; i < w->n_given; i++)
		if (w->given[i] == id)
			return false;
	while (str_cut(&text, '\n', &line)) {
		bool three = str_cut(&line, ':', &field) &&
		    str_cut(&line, ':', &field) && str_cut(&line, ':', &field);

		if (three && str_number(field, UINT32_MAX, &gid) == ERR_NONE &&
		    gid == id)
			return false;
		err_clear();
	}
	return !station_there(&w->s, station_path(&w->s, "/" DATA "/%u", id));
}

static enum err
free_number(struct wish *w, uint32_t *out, bool person)
{
	uint32_t id = person ? PEOPLE_FIRST : SYSTEM_LAST;

	while (!is_free(w, id)) {
		id = person ? id + 1 : id - 1;
		if (id > PEOPLE_LAST || id < SYSTEM_FIRST)
			return fail(ERR_LIMIT,
			    "no number is left for an "
			    "account");
	}
	if (w->n_given == NEW_MAX)
		return fail(ERR_LIMIT, "over %d new accounts", NEW_MAX);
	w->given[w->n_given++] = id;
	*out = id;
	return ERR_NONE;
}

static void
add_lines(struct wish *w, struct str name, uint32_t id, const char *what,
    struct str home, struct str shell)
{
	add(w, STATION_LINE, STR("etc/group"),
	    arena_printf(w->a, "%.*s:x:%u:", STR_ARG(name), id), what);
	if (station_there(&w->s, "/etc/gshadow"))
		add(w, STATION_LINE, STR("etc/gshadow"),
		    arena_printf(w->a, "%.*s:!::", STR_ARG(name)), what);
	add(w, STATION_LINE, STR("etc/passwd"),
	    arena_printf(w->a, "%.*s:x:%u:%u:%s:%.*s:%.*s", STR_ARG(name), id,
		id, what, STR_ARG(home), STR_ARG(shell)),
	    what);
	add(w, STATION_LINE, STR("etc/shadow"),
	    arena_printf(w->a, "%.*s:!:::::::", STR_ARG(name)), what);
}

/* *out: its number, as it is or will be. */
static enum err
add_account(struct wish *w, uint32_t *out, struct str name, const char *what,
    bool person)
{
	const struct station_account *is = account(w, name);
	struct str shell = person ? arena_printf(w->a, "%.*s/bin/vitrine-kiosk",
					STR_ARG(w->of->prefix)) :
				    STR("/usr/sbin/nologin");
	enum err rc = ERR_NONE;

	if (is != NULL && is->uid != 0 &&
	    (person ? station_is_kiosk(is->shell) :
		      str_ends(is->shell, STR("/nologin")))) {
		*out = is->uid;
	} else if (is != NULL) {
		return fail(ERR_FORMAT,
		    "account %.*s is there, and is not %s: its shell is %.*s",
		    STR_ARG(name), person ? "an auditor's" : "a room's",
		    STR_ARG(is->shell));
	} else {
		rc = free_number(w, out, person);
	}
	/* As they are, so that an undo finds them all; lines with a name
	 * that is there change nothing. */
	if (rc == ERR_NONE)
		add_lines(w, name, *out, what, STR("/nonexistent"), shell);
	return rc;
}

static void
add_folder(struct wish *w, struct str path, uint32_t mode, uint32_t id,
    const char *why)
{
	struct station_thing *t;

	folders(w, path);
	for (size_t i = 0; i < w->all.n; i++)
		if (str_eq(w->all.at[i].path, path))
			return;
	t = add(w, STATION_FOLDER, path, STR(""), why);
	t->mode = mode;
	t->uid = t->gid = id;
}

static enum err
add_rooms(struct wish *w)
{
	uint32_t reading = 0, notes = 0;
	enum err rc = add_account(w, &reading, STR("vitrine-read"),
	    "Vitrine reading rooms", false);

	if (rc == ERR_NONE)
		rc = add_account(w, &notes, STR("vitrine-notes"),
		    "Vitrine notes rooms", false);
	if (rc == ERR_NONE)
		file(w, "etc/vitrine/rooms.conf",
		    arena_printf(w->a,
			"# written by vitrine-lab station install\n"
			"# ROOM UID GID FOLDER\n"
			"reading %u %u /" DATA "/reading\n"
			"notes %u %u /" DATA "/record\n",
			reading, reading, notes, notes)
			.at,
		    "which user each room is");
	if (rc == ERR_NONE) {
		add_folder(w, STR(DATA "/reading"), 0700, reading,
		    "where reading rooms try their walls");
		add_folder(w, STR(DATA "/record"), 0700, notes,
		    "records of all auditors");
	}
	return rc;
}

/*
 * The right to change users, at a login on a console and there only: the login
 * shell leaves of it the users of rooms.  Without pam_cap.so a login goes on,
 * and rooms are one user.
 */
static void
add_right(struct wish *w, const struct buf *names)
{
	if (names->len == 0)
		return;
	file(w, "etc/vitrine/capability.conf",
	    arena_printf(w->a, "# written by vitrine-lab station install\n%s",
		names->at)
		.at,
	    "auditors' sessions may start rooms as their users");
	if (station_there(&w->s, "/etc/pam.d/login"))
		add(w, STATION_TEXT, STR("etc/pam.d/login"),
		    STR("-auth optional pam_cap.so keepcaps defer "
			"config=/etc/vitrine/capability.conf"),
		    "an auditor's login gets that right");
}

/* Should a daemon be installed and started nevertheless: the login shell runs
 * no command, but files and ports can be had without any. */
static void
add_no_ssh(struct wish *w, const struct buf *deny)
{
	if (deny->len == 0)
		return;
	file(w, "etc/ssh/sshd_config.d/vitrine.conf",
	    arena_printf(w->a, "# written by vitrine-lab station install\n%s",
		deny->at)
		.at,
	    "no auditor logs in from elsewhere");
}

static enum err
add_auditors(struct wish *w)
{
	struct buf names = { 0 }, deny = { 0 };
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < w->of->n_sessions; i++) {
		const struct station_session *s = &w->of->sessions[i];

		for (uint32_t k = 0; k < s->n_auditors && rc == ERR_NONE; k++) {
			struct str name = s->auditors[k];
			bool known = false;
			uint32_t id = 0;

			for (size_t j = 0; j < w->all.n && !known; j++)
				known = w->all.at[j].kind == STATION_LINE &&
				    str_starts(w->all.at[j].text,
					arena_printf(w->a,
					    "%.*s:", STR_ARG(name)));
			if (known)
				continue;
			rc = add_account(w, &id, name, "Vitrine auditor", true);
			buf_printf(&names,
			    "^cap_setuid,^cap_setgid,^cap_kill %.*s\n",
			    STR_ARG(name));
			buf_printf(&deny, "DenyUsers %.*s\n", STR_ARG(name));
			if (rc == ERR_NONE)
				add_folder(w,
				    arena_printf(w->a, DATA "/%u", id), 0700,
				    id, "notes of an auditor");
		}
	}
	if (rc == ERR_NONE)
		add_right(w, &names);
	if (rc == ERR_NONE)
		add_no_ssh(w, &deny);
	buf_release(&names);
	buf_release(&deny);
	return rc;
}

/* Sessions. */

/* The number of an auditor, as the line of the account has it. */
static struct str
number_of(const struct wish *w, struct str name)
{
	struct str head = arena_printf(w->a, "%.*s:x:", STR_ARG(name)), rest,
		   number;

	for (size_t i = 0; i < w->all.n; i++) {
		rest = w->all.at[i].text;
		if (w->all.at[i].kind != STATION_LINE ||
		    !str_eq(w->all.at[i].path, STR("etc/passwd")) ||
		    !str_starts(rest, head))
			continue;
		rest = str_slice(rest, head.len, rest.len);
		if (str_cut(&rest, ':', &number))
			return number;
	}
	return (struct str){ "", 0 };
}

/* Who may open a session is asked by the login shell, too. */
static void
add_who(struct wish *w, struct buf *list, const struct station_session *s)
{
	const char *before = " for=";

	for (uint32_t k = 0; k < s->n_auditors; k++) {
		struct str id = number_of(w, s->auditors[k]);

		if (id.len == 0)
			continue;
		buf_printf(list, "%s%.*s", before, STR_ARG(id));
		before = ",";
	}
}

/*
 * The kernel is given a file only when its signature is one of a trusted
 * key: its mount needs this unit.  The text of what the mount has to say.
 */
static const char *
add_image_check(struct wish *w, const struct station_session *s)
{
	struct str name =
	    arena_printf(w->a, "vitrine-image-%.*s.service", STR_ARG(s->name));
	struct str path = arena_printf(w->a, UNITS "%.*s", STR_ARG(name));

	if (!s->packed)
		return "";
	folders(w, path);
	add(w, STATION_FILE, path,
	    arena_printf(w->a,
		"# written by vitrine-lab station install\n"
		"[Unit]\n"
		"Description=Vitrine: %.*s is what was signed\n"
		"Documentation=man:vitrine-lab(1)\n"
		"DefaultDependencies=no\n"
		"RequiresMountsFor=%.*s\n"
		"\n"
		"[Service]\n"
		"Type=oneshot\n"
		"ExecStart=%.*s/bin/vitrine-lab verify -n %.*s\n",
		STR_ARG(s->path), STR_ARG(s->path), STR_ARG(w->of->prefix),
		STR_ARG(s->path)),
	    "an image is checked before it is mounted");
	return arena_printf(w->a, "Requires=%.*s\nAfter=%.*s\n", STR_ARG(name),
	    STR_ARG(name))
	    .at;
}

/* Where pages are printed to, and whom the rules know, for minisign(1) and
 * age(1) at the station. */
static void
add_house(struct wish *w, const struct station_session *s)
{
	for (uint32_t i = 0; s->paper && i < s->n_auditors; i++) {
		struct str id = number_of(w, s->auditors[i]);

		if (id.len > 0)
			add_folder(w,
			    arena_printf(w->a, DATA "/%.*s/print", STR_ARG(id)),
			    0700, (uint32_t)strtoul(id.at, NULL, 10),
			    "pages of source on their way to paper");
	}
	for (uint32_t i = 0; i < s->n_people; i++)
		file(w,
		    arena_printf(w->a, "etc/vitrine/people/%.*s/%.*s",
			STR_ARG(s->name), STR_ARG(s->people[i].name))
			.at,
		    s->people[i].text.at, "a public key of the roster");
}

static void
add_sessions(struct wish *w)
{
	struct buf list = { 0 };

	buf_printf(&list,
	    "# written by vitrine-lab station install\n"
	    "vitrine %.*s/bin/vitrine\n"
	    "data /" DATA "\n",
	    STR_ARG(w->of->prefix));
	for (uint32_t i = 0; i < w->of->n_sessions; i++) {
		const struct station_session *s = &w->of->sessions[i];
		struct str at =
		    arena_printf(w->a, "/srv/vitrine/%.*s", STR_ARG(s->name));

		add_folder(w, str_slice(at, 1, at.len), 0755, 0,
		    "where a session is mounted");
		mount_unit(w, at, s->path, s->packed ? "squashfs" : "none",
		    s->packed ? "loop,ro,nosuid,nodev,noexec" :
				"bind,ro,nosuid,nodev,noexec",
		    add_image_check(w, s), "a session, read-only");
		buf_printf(&list, "session %.*s %.*s", STR_ARG(s->name),
		    STR_ARG(at));
		add_who(w, &list, s);
		buf_char(&list, '\n');
		add_house(w, s);
	}
	if (w->of->n_sessions > 0)
		file(w, "etc/vitrine/kiosk.conf",
		    arena_copy(w->a, buf_view(&list)).at,
		    "the sessions of this station");
	buf_release(&list);
}

static void
add_mounts(struct wish *w)
{
	add_folder(w, STR(DATA), 0755, 0, "notes");
	mount_unit(w, STR("/" DATA), STR("/" DATA), "none",
	    "bind,nosuid,nodev,noexec", "", "notes, and nothing that runs");
	mount_unit(w, STR("/tmp"), STR("tmpfs"), "tmpfs",
	    "mode=1777,nosuid,nodev,noexec,size=25%%", "",
	    "nothing runs in /tmp");
	mount_unit(w, STR("/var/tmp"), STR("/var/tmp"), "none",
	    "bind,nosuid,nodev,noexec", "", "nothing runs in /var/tmp");
}

static void
add_keys(struct wish *w)
{
	for (uint32_t i = 0; i < w->of->n_keys; i++)
		file(w,
		    arena_printf(w->a, "etc/vitrine/trusted/%.*s",
			STR_ARG(w->of->keys[i].name))
			.at,
		    w->of->keys[i].text.at, "may sign sessions");
}

enum err
station_wish_list(struct station_things *out, struct arena *a, const char *root,
    const struct station_wish *of)
{
	struct wish w = { .a = a, .s = { .a = a, .root = root }, .of = of };
	enum err rc;

	if (station_accounts(&w.s, &w.accounts, &w.n_accounts) !=
		STATION_READ ||
	    station_text(&w.s, &w.group, "/etc/group") != STATION_READ)
		return fail(ERR_FORMAT,
		    "%s has no /etc/passwd and /etc/group: not a system",
		    *root == '\0' ? "/" : root);
	add_kernel(&w);
	add_masks(&w);
	add_fstab(&w);
	add_mounts(&w);
	rc = add_rooms(&w);
	if (rc == ERR_NONE)
		rc = add_auditors(&w);
	if (rc != ERR_NONE)
		return rc;
	add_keys(&w);
	add_sessions(&w);
	add_check(&w);
	add_console(&w);
	*out = w.all;
	return ERR_NONE;
}
