/*
 * Rows about accounts: who is an auditor, and who could become one.
 */
#include "policy/station_inside.h"

#include "policy/kiosk.h"

#include <string.h>

static bool
accounts(struct station *s, struct station_row *row,
    struct station_account **all, size_t *n)
{
	if (station_accounts(s, all, n) == STATION_READ)
		return true;
	station_cannot(s, row, "/etc/passwd cannot be read");
	return false;
}

static void
look_shells(struct station *s, struct station_row *row)
{
	struct str text, line;
	bool listed = false;

	if (station_text(s, &text, "/etc/shells") == STATION_CLOSED ||
	    !station_there(s, "/etc")) {
		station_cannot(s, row, "/etc/shells cannot be read");
		return;
	}
	while (str_cut(&text, '\n', &line))
		listed = listed || station_is_kiosk(str_trim(line));
	station_says(s, row, !listed,
	    listed ? "/etc/shells lists it: su -s and chsh give a shell" :
		     "not listed");
}

/* Whose notes and sessions a number opens: an auditor has it, or the list of
 * sessions names it. */
static bool
is_auditors(uint32_t uid, const struct station_account *all, size_t n,
    const struct kiosk_list *list)
{
	struct str who, one;
	uint64_t id;

	for (size_t i = 0; i < n; i++)
		if (all[i].uid == uid && station_is_kiosk(all[i].shell))
			return true;
	for (uint32_t i = 0; i < list->n_sessions; i++) {
		who = list->sessions[i].who;
		while (str_cut(&who, ',', &one))
			if (str_number(one, UINT32_MAX, &id) == ERR_NONE &&
			    id == uid)
				return true;
	}
	err_clear();
	return false;
}

static void
look_auditors(struct station *s, struct station_row *row)
{
	struct station_account *all;
	struct station_list l = { 0 }, other = { 0 };
	struct kiosk_list list = { 0 };
	struct str text;
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	if (station_text(s, &text, "/etc/vitrine/kiosk.conf") != STATION_READ ||
	    kiosk_list_read(&list, s->a, text) != ERR_NONE)
		list = (struct kiosk_list){ 0 };
	err_clear();
	for (size_t i = 0; i < n; i++)
		if (station_is_kiosk(all[i].shell))
			station_list_add(&l, all[i].name);
		else if (is_auditors(all[i].uid, all, n, &list))
			station_list_add(&other,
			    arena_printf(s->a, "%.*s has %.*s",
				STR_ARG(all[i].name), STR_ARG(all[i].shell)));
	if (other.n > 0) {
		station_says_list(s, row, false,
		    "an auditor's number with another shell: ", &other);
		row->remedy = STR("userdel NAME; or usermod -s "
				  "/usr/local/bin/vitrine-kiosk NAME");
	} else if (l.n == 0)
		station_says(s, row, false,
		    "no account has vitrine-kiosk as its shell");
	else
		station_says_list(s, row, true, "", &l);
	if (other.n > 0 || l.n == 0)
		buf_release(&l.text);
}

/* Whether a person is in a group, by its line or as its first group. */
static bool
is_member(struct str members, struct str name)
{
	struct str one;

	while (str_cut(&members, ',', &one))
		if (str_eq(one, name))
			return true;
	return false;
}

struct group {
	struct str name, members;
	uint64_t gid;
};

static bool
next_group(struct str *text, struct group *g)
{
	struct str line, field[4];

	while (str_cut(text, '\n', &line)) {
		for (int i = 0; i < 4; i++)
			if (!str_cut(&line, ':', &field[i]))
				field[i] = STR("");
		if (str_number(field[2], UINT32_MAX, &g->gid) != ERR_NONE) {
			err_clear();
			continue;
		}
		g->name = field[0];
		g->members = field[3];
		return true;
	}
	return false;
}

static bool
is_one_of(struct str name, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (str_eq(name, str_of(list[i])))
			return true;
	return false;
}

static void
look_groups(struct station *s, struct station_row *row)
{
	static const char *const bad[] = { "root", "sudo", "wheel", "admin",
		"adm", "disk", "tty", "video", "input", "audio", "kvm",
		"shadow", "docker", "lxd", "libvirt", "plugdev", "cdrom",
		"floppy", "dialout", "netdev", "bluetooth", "systemd-journal",
		"staff", "kmem", "render", "sgx", "incus", "lpadmin", NULL };
	struct station_account *all;
	struct station_list l = { 0 };
	struct group g;
	struct str text;
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	if (station_text(s, &text, "/etc/group") != STATION_READ) {
		station_cannot(s, row, "/etc/group cannot be read");
		return;
	}
	while (next_group(&text, &g))
		for (size_t i = 0; i < n && is_one_of(g.name, bad); i++)
			if (station_is_kiosk(all[i].shell) &&
			    (all[i].gid == g.gid ||
				is_member(g.members, all[i].name)))
				station_list_add(&l,
				    arena_printf(s->a, "%.*s is in %.*s",
					STR_ARG(all[i].name), STR_ARG(g.name)));
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "in no group that opens a device");
}

static void
look_zero(struct station *s, struct station_row *row)
{
	struct station_account *all;
	struct station_list l = { 0 };
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (all[i].uid == 0 && !str_eq(all[i].name, STR("root")))
			station_list_add(&l, all[i].name);
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "root only");
}

/* "#include" and "@include" of more than the one folder; "#1001" is a number
 * of a user and no comment, man sudoers(5). */
static bool
is_include(struct str line, struct str word)
{
	if (!str_starts(word, STR("@include")) &&
	    !str_starts(word, STR("#include")))
		return false;
	return !str_eq(str_trim(line), STR("/etc/sudoers.d"));
}

static bool
is_comment(struct str word)
{
	if (word.at[0] == '@')
		return true;
	return word.at[0] == '#' &&
	    (word.len == 1 || word.at[1] < '0' || word.at[1] > '9');
}

/* Lines of sudoers that let somebody do something: the names before "=". */
static void
take_sudoers(struct station *s, struct str text, struct station_list *l)
{
	static const char *const skip[] = { "Defaults", "User_Alias",
		"Runas_Alias", "Host_Alias", "Cmnd_Alias", "root", NULL };
	struct str line, word;

	while (str_cut(&text, '\n', &line)) {
		struct str rest = line;

		if (!station_word(&rest, &word))
			continue;
		if (is_include(rest, word))
			station_list_add(l,
			    arena_printf(s->a, "%.*s%.*s, not read",
				STR_ARG(word), STR_ARG(rest)));
		if (is_comment(word) || str_starts(word, STR("Defaults")) ||
		    is_one_of(word, skip) ||
		    str_find(line, STR("="), 0) == SIZE_MAX)
			continue;
		station_list_add(l,
		    arena_printf(s->a, "%.*s by sudo", STR_ARG(word)));
	}
}

static enum station_got
sudoers(struct station *s, struct station_list *l)
{
	struct str text;
	struct io_names parts;
	enum station_got got = station_text(s, &text, "/etc/sudoers");

	if (got != STATION_READ)
		return got;
	take_sudoers(s, text, l);
	if (station_names(s, &parts, "/etc/sudoers.d") == STATION_CLOSED)
		return STATION_CLOSED;
	for (size_t i = 0; i < parts.len; i++) {
		if (station_text(s, &text,
			station_path(s, "/etc/sudoers.d/%s", parts.at[i].at)) ==
		    STATION_CLOSED)
			return STATION_CLOSED;
		take_sudoers(s, text, l);
	}
	return STATION_READ;
}

/* "permit" of doas.conf(5). */
static void
by_doas(struct station *s, struct station_list *l)
{
	struct str text, line, word;

	(void)station_text(s, &text, "/etc/doas.conf");
	while (str_cut(&text, '\n', &line))
		if (station_word(&line, &word) && str_eq(word, STR("permit")))
			station_list_add(l,
			    arena_printf(s->a, "permit %.*s by doas",
				STR_ARG(str_trim(line))));
}

/* Whoever is in these is root with one more step; of sudo, by polkit, too. */
static void
by_group(struct station *s, struct station_list *l)
{
	static const char *const strong[] = { "disk", "docker", "lxd", "incus",
		"libvirt", "shadow", "kmem", "sudo", NULL };
	struct station_account *all;
	struct group g;
	struct str text;
	size_t n;

	(void)station_accounts(s, &all, &n);
	(void)station_text(s, &text, "/etc/group");
	while (next_group(&text, &g))
		for (size_t i = 0; i < n && is_one_of(g.name, strong); i++)
			if (all[i].uid != 0 &&
			    (all[i].gid == g.gid ||
				is_member(g.members, all[i].name)))
				station_list_add(l,
				    arena_printf(s->a, "%.*s by group %.*s",
					STR_ARG(all[i].name), STR_ARG(g.name)));
}

static void
look_become(struct station *s, struct station_row *row)
{
	struct station_list l = { 0 };
	bool sudo = station_there(s, "/usr/bin/sudo");
	enum station_got got = sudoers(s, &l);

	by_doas(s, &l);
	by_group(s, &l);
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else if (got == STATION_CLOSED || !station_there(s, "/etc"))
		station_cannot(s, row, "/etc/sudoers can be read by root only");
	else
		station_says(s, row, true, "root only, %s",
		    sudo ? "sudo lets nobody" : "sudo is not installed");
	buf_release(&l.text);
}

/* The password of a line of shadow: "" anybody, "!" or "*" nobody. */
static struct str
password_of(struct str shadow, struct str name)
{
	struct str line, field;

	while (str_cut(&shadow, '\n', &line))
		if (str_cut(&line, ':', &field) && str_eq(field, name)) {
			if (!str_cut(&line, ':', &field))
				field = STR("*");
			return field;
		}
	return STR("*");
}

static bool
can_log_in(struct str shell)
{
	return !str_ends(shell, STR("/nologin")) &&
	    !str_ends(shell, STR("/false")) && !str_ends(shell, STR("/sync"));
}

/* A source of accounts that is not a file; empty when there is none. */
static struct str
other_source(struct station *s)
{
	static const char *const known[] = { "files", "compat", "systemd",
		NULL };
	struct str text, line, word;

	(void)station_text(s, &text, "/etc/nsswitch.conf");
	while (str_cut(&text, '\n', &line)) {
		if (!station_word(&line, &word) ||
		    !str_eq(word, STR("passwd:")))
			continue;
		while (station_word(&line, &word) && word.at[0] != '#')
			if (word.at[0] != '[' && !is_one_of(word, known))
				return word;
	}
	return STR("");
}

static void
look_others(struct station *s, struct station_row *row)
{
	struct station_account *all;
	struct station_list l = { 0 };
	struct str shadow, source = other_source(s);
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	if (source.len > 0) {
		station_cannot(s, row, "accounts come from %.*s, too",
		    STR_ARG(source));
		row->remedy = STR("\"passwd: files\" in /etc/nsswitch.conf");
		return;
	}
	if (station_text(s, &shadow, "/etc/shadow") != STATION_READ) {
		station_cannot(s, row, "/etc/shadow can be read by root only");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct str word = str_eq(all[i].word, STR("x")) ?
		    password_of(shadow, all[i].name) :
		    all[i].word;

		if (word.len == 0 && can_log_in(all[i].shell))
			station_list_add(&l,
			    arena_printf(s->a, "%.*s without a password",
				STR_ARG(all[i].name)));
		else if (all[i].uid != 0 && word.len > 0 && word.at[0] != '!' &&
		    word.at[0] != '*' && can_log_in(all[i].shell) &&
		    !station_is_kiosk(all[i].shell))
			station_list_add(&l, all[i].name);
	}
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "root and auditors, by password");
}

static void
look_files(struct station *s, struct station_row *row)
{
	static const char *const files[] = { ".ssh/authorized_keys",
		".ssh/authorized_keys2", ".rhosts", ".shosts", ".forward",
		".pam_environment" };
	struct station_account *all;
	struct station_list l = { 0 };
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!station_is_kiosk(all[i].shell))
			continue;
		for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
			const char *path = station_path(s, "%.*s/%s",
			    STR_ARG(all[i].home), files[k]);

			if (station_there(s, path))
				station_list_add(&l, str_of(path));
		}
		for (size_t k = 0; k < 2; k++) {
			/* what runs while nobody is there */
			static const char *const folders[] = {
				"/var/spool/cron/crontabs",
				"/var/lib/systemd/linger"
			};
			static const char *const what[] = { "a crontab",
				"lingering" };

			if (station_there(s,
				station_path(s, "%s/%.*s", folders[k],
				    STR_ARG(all[i].name))))
				station_list_add(&l,
				    arena_printf(s->a, "%s of %.*s", what[k],
					STR_ARG(all[i].name)));
		}
	}
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "none");
}

/* pam_cap.so where Debian has it, of any architecture. */
static bool
has_pam_cap(struct station *s)
{
	static const char *const folders[] = { "/usr/lib", "/lib" };
	struct io_names names;

	for (size_t f = 0; f < 2; f++) {
		(void)station_names(s, &names, folders[f]);
		for (size_t i = 0; i < names.len; i++)
			if (station_there(s,
				station_path(s, "%s/%s/security/pam_cap.so",
				    folders[f], names.at[i].at)))
				return true;
	}
	return false;
}

/* A line that is no comment and has all these words somewhere. */
static bool
has_line(struct station *s, const char *path, struct str one, struct str two)
{
	struct str text, line;

	(void)station_text(s, &text, path);
	while (str_cut(&text, '\n', &line))
		if (!str_starts(str_trim(line), STR("#")) &&
		    str_find(line, one, 0) != SIZE_MAX &&
		    str_find(line, two, 0) != SIZE_MAX)
			return true;
	return false;
}

/* Without it a login goes on, and all rooms are one user.  "" or why. */
static struct str
cannot_become(struct station *s, const struct station_account *all, size_t n)
{
	static const char list[] = "/etc/vitrine/capability.conf";

	if (!has_pam_cap(s))
		return STR("a login cannot become them: there is no "
			   "pam_cap.so");
	if (!has_line(s, "/etc/pam.d/login", STR("pam_cap.so"), str_of(list)))
		return STR("a login cannot become them: /etc/pam.d/login has "
			   "no pam_cap.so with /etc/vitrine/capability.conf");
	for (size_t i = 0; i < n; i++)
		if (station_is_kiosk(all[i].shell) &&
		    !has_line(s, list, STR("cap_setuid"),
			arena_printf(s->a, " %.*s", STR_ARG(all[i].name))))
			return arena_printf(s->a,
			    "%.*s cannot become them: not in %s",
			    STR_ARG(all[i].name), list);
	return STR("");
}

static void
look_rooms(struct station *s, struct station_row *row)
{
	static const char *const names[] = { "vitrine-read", "vitrine-notes" };
	static const char *const rooms[] = { "reading", "notes" };
	struct station_account *all, *mine[2] = { NULL, NULL };
	size_t n, shared = 0;
	struct str why;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			if (str_eq(all[i].name, str_of(names[k])))
				mine[k] = &all[i];
	if (mine[0] == NULL || mine[1] == NULL) {
		station_says(s, row, false, "there is no account %s",
		    names[mine[0] == NULL ? 0 : 1]);
		return;
	}
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			shared +=
			    &all[i] != mine[k] && all[i].uid == mine[k]->uid;
	why = cannot_become(s, all, n);
	for (int k = 0; k < 2 && why.len == 0; k++)
		if (!has_line(s, "/etc/vitrine/rooms.conf",
			arena_printf(s->a, "%s ", rooms[k]),
			arena_printf(s->a, " %u ", mine[k]->uid)))
			why = arena_printf(s->a,
			    "/etc/vitrine/rooms.conf does not say that %s "
			    "rooms are %u",
			    rooms[k], mine[k]->uid);
	if (why.len > 0)
		station_says(s, row, false, "%.*s", STR_ARG(why));
	else
		station_says(s, row,
		    shared == 0 && mine[0]->uid != 0 && mine[1]->uid != 0 &&
			!can_log_in(mine[0]->shell) &&
			!can_log_in(mine[1]->shell),
		    "%s is %u, %s is %u%s", names[0], mine[0]->uid, names[1],
		    mine[1]->uid,
		    shared > 0 ? ", and others have the same" : "");
}

const struct station_test station_people_tests[] = {
	{ "kiosk-shells", "vitrine-kiosk is no shell to change to",
	    "take the line out of /etc/shells", look_shells },
	{ "auditors", "auditors log in to the session, and to nothing else",
	    "vitrine-lab station install SESSION makes their accounts",
	    look_auditors },
	{ "auditor-groups", "auditors may open no device",
	    "gpasswd -d NAME GROUP; where it is the first group of somebody: "
	    "usermod -g NAME NAME",
	    look_groups },
	{ "auditor-files", "nothing of an auditor lets others in",
	    "rm the file; crontab -r -u NAME; loginctl disable-linger NAME",
	    look_files },
	{ "uid-zero", "one account is root", "userdel -f NAME", look_zero },
	{ "become-auditor", "nobody but root can become the auditor",
	    "passwd root and apt-get purge sudo, or take the lines out "
	    "with visudo; gpasswd -d NAME GROUP",
	    look_become },
	{ "other-accounts", "only root and auditors have a password",
	    "passwd -l NAME; passwd NAME for an account without one",
	    look_others },
	{ "room-accounts", "reader and vault have users of their own",
	    "apt-get install libpam-cap; vitrine-lab station install SESSION "
	    "makes vitrine-read and vitrine-notes",
	    look_rooms },
	{ 0 },
};
