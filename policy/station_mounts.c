/*
 * Rows about what is mounted where, and about the files the kiosk believes.
 */
#include "policy/station_inside.h"

#include "policy/kiosk.h"

#include <string.h>

#define LIST "/etc/vitrine/kiosk.conf"

struct mount {
	struct str device; /* "254:0" */
	struct str at, options, kind, source;
};

/* A line of mountinfo, man proc(5). */
static bool
take_mount(struct mount *out, struct str line)
{
	struct str word;

	if (!station_word(&line, &word) || !station_word(&line, &word) ||
	    !station_word(&line, &out->device) || !station_word(&line, &word) ||
	    !station_word(&line, &out->at) ||
	    !station_word(&line, &out->options))
		return false;
	while (station_word(&line, &word) && !str_eq(word, STR("-")))
		continue;
	return station_word(&line, &out->kind) &&
	    station_word(&line, &out->source);
}

/* The mount that a path lies on: of those that lie over each other, the
 * last. */
static enum station_got
mount_of(struct station *s, struct mount *out, struct str path)
{
	struct str text, line;
	enum station_got got = station_text(s, &text, "/proc/self/mountinfo");
	struct mount m;
	bool found = false;

	while (str_cut(&text, '\n', &line)) {
		bool above;

		if (!take_mount(&m, line))
			continue;
		above = str_eq(m.at, STR("/")) || str_eq(m.at, path) ||
		    (str_starts(path, m.at) && path.at[m.at.len] == '/');
		if (above && (!found || m.at.len >= out->at.len)) {
			*out = m;
			found = true;
		}
	}
	return found ? STATION_READ : got == STATION_READ ? STATION_NONE : got;
}

static bool
has_option(const struct mount *m, const char *want)
{
	struct str rest = m->options, option;

	while (str_cut(&rest, ',', &option))
		if (str_eq(option, str_of(want)))
			return true;
	return false;
}

/* "" or those of the list that are missing. */
static struct str
lacks(struct station *s, const struct mount *m, const char *const *want)
{
	struct station_list l = { 0 };

	for (size_t i = 0; want[i] != NULL; i++)
		if (!has_option(m, want[i]))
			station_list_add(&l, str_of(want[i]));
	return station_list_text(&l, s->a);
}

/* False, and the row says why: there is no list of sessions, or none that
 * can be read. */
static bool
kiosk_list(struct station *s, struct station_row *row, struct kiosk_list *out)
{
	struct str text;
	enum station_got got = station_text(s, &text, LIST);

	if (got == STATION_NONE) {
		station_cannot(s, row, "there is no " LIST " yet");
		return false;
	}
	if (got == STATION_CLOSED) {
		station_cannot(s, row, LIST " cannot be read");
		return false;
	}
	if (kiosk_list_read(out, s->a, text) != ERR_NONE) {
		station_says(s, row, false, LIST ": %s", err_text());
		err_clear();
		return false;
	}
	return true;
}

static void
look_sessions(struct station *s, struct station_row *row)
{
	static const char *const want[] = { "ro", "nosuid", "nodev", "noexec",
		NULL };
	struct station_list bad = { 0 };
	struct kiosk_list list;
	struct mount m;

	if (!kiosk_list(s, row, &list))
		return;
	for (uint32_t i = 0; i < list.n_sessions; i++) {
		const struct kiosk_session *k = &list.sessions[i];
		struct str lack;

		if (mount_of(s, &m, k->path) != STATION_READ) {
			station_cannot(s, row,
			    "/proc/self/mountinfo cannot be read");
			buf_release(&bad.text);
			return;
		}
		lack = lacks(s, &m, want);
		if (!str_eq(m.at, k->path))
			station_list_add(&bad,
			    arena_printf(s->a, "%.*s is no mount",
				STR_ARG(k->path)));
		else if (lack.len > 0)
			station_list_add(&bad,
			    arena_printf(s->a, "%.*s lacks %.*s",
				STR_ARG(k->path), STR_ARG(lack)));
	}
	if (bad.n > 0)
		station_says_list(s, row, false, "", &bad);
	else
		station_says(s, row, true, "%u mounted ro,nosuid,nodev,noexec",
		    list.n_sessions);
}

static void
look_data(struct station *s, struct station_row *row)
{
	static const char *const want[] = { "nosuid", "nodev", "noexec", NULL };
	struct kiosk_list list;
	struct mount m;
	struct str lack;

	if (!kiosk_list(s, row, &list))
		return;
	if (mount_of(s, &m, list.data) != STATION_READ) {
		station_cannot(s, row, "/proc/self/mountinfo cannot be read");
		return;
	}
	lack = lacks(s, &m, want);
	if (lack.len > 0)
		station_says(s, row, false, "%.*s lies on %.*s without %.*s",
		    STR_ARG(list.data), STR_ARG(m.at), STR_ARG(lack));
	else
		station_says(s, row, true, "%.*s: %.*s", STR_ARG(m.at),
		    STR_ARG(m.options));
}

/* LUKS, here or in what lies below a logical volume. */
static bool
is_crypt(struct station *s, const char *block, int depth)
{
	struct io_names below;
	struct str uuid;

	(void)station_text(s, &uuid, station_path(s, "%s/dm/uuid", block));
	if (str_starts(uuid, STR("CRYPT-")))
		return true;
	(void)station_names(s, &below, station_path(s, "%s/slaves", block));
	if (below.len == 0 || depth == 0)
		return false;
	for (size_t i = 0; i < below.len; i++)
		if (!is_crypt(s,
			station_path(s, "/sys/class/block/%s", below.at[i].at),
			depth - 1))
			return false;
	return true;
}

static void
look_crypt(struct station *s, struct station_row *row)
{
	struct kiosk_list list;
	struct mount m;

	if (!kiosk_list(s, row, &list))
		return;
	if (mount_of(s, &m, list.data) != STATION_READ ||
	    !station_there(s, "/sys/dev/block"))
		station_cannot(s, row, "/proc or /sys cannot be read");
	else if (is_crypt(s,
		     station_path(s, "/sys/dev/block/%.*s", STR_ARG(m.device)),
		     4))
		station_says(s, row, true, "%.*s is LUKS", STR_ARG(m.source));
	else
		station_says(s, row, false, "%.*s lies on %.*s (%.*s), plain",
		    STR_ARG(list.data), STR_ARG(m.source), STR_ARG(m.kind));
}

static void
look_shared(struct station *s, struct station_row *row)
{
	static const char *const folders[] = { "/tmp", "/var/tmp", "/dev/shm" };
	static const char *const want[] = { "nosuid", "nodev", "noexec", NULL };
	struct station_list bad = { 0 };
	struct mount m;

	for (size_t i = 0; i < 3; i++) {
		struct str lack;

		if (mount_of(s, &m, str_of(folders[i])) != STATION_READ) {
			station_cannot(s, row,
			    "/proc/self/mountinfo cannot be read");
			buf_release(&bad.text);
			return;
		}
		lack = lacks(s, &m, want);
		if (lack.len > 0 && !has_option(&m, "ro"))
			station_list_add(&bad,
			    arena_printf(s->a, "%s lacks %.*s", folders[i],
				STR_ARG(lack)));
	}
	if (bad.n > 0)
		station_says_list(s, row, false, "", &bad);
	else
		station_says(s, row, true,
		    "/tmp, /var/tmp and /dev/shm run nothing");
}

/* The path that a link on the way stands for: NAME is a link in FOLDER, which
 * is none; REST comes after it. */
static struct str
through(struct station *s, struct str folder, struct str to, struct str rest)
{
	if (str_starts(to, STR("/")))
		folder = STR("");
	while (str_starts(to, STR("../"))) {
		to = str_slice(to, 3, to.len);
		while (folder.len > 0 && folder.at[--folder.len] != '/')
			continue;
	}
	return arena_printf(s->a, "%.*s%s%.*s%.*s", STR_ARG(folder),
	    str_starts(to, STR("/")) ? "" : "/", STR_ARG(to), STR_ARG(rest));
}

/* No way back but at the beginning, where through() knows the folders. */
static bool
is_plain(struct str to)
{
	while (str_starts(to, STR("../")))
		to = str_slice(to, 3, to.len);
	return str_find(to, STR(".."), 0) == SIZE_MAX;
}

/* One name on the way: "" or why it is not safe. */
static struct str
unsafe(struct station *s, struct str path, const struct io_place *p,
    uint32_t administrator)
{
	if (p->kind == IO_NOTHING)
		return arena_printf(s->a, "%.*s is not there", STR_ARG(path));
	if (p->uid != administrator ||
	    ((p->mode & 022) != 0 && p->kind != IO_LINK))
		return arena_printf(s->a,
		    "%.*s can be changed by others than root", STR_ARG(path));
	return STR("");
}

/* Whether the path, every folder above it and what links on the way stand for
 * belong to whom /etc belongs to, and nobody else may write there. */
static bool
is_safe(struct station *s, struct str path, struct str *why)
{
	enum { LINKS = 8 };
	struct io_place etc, p;
	struct str to;
	enum err rc =
	    io_place_look(&etc, arena_printf(s->a, "%s/etc", s->root).at);
	size_t end = 1, from;
	int links = 0;

	while (rc == ERR_NONE && why->len == 0 && end < path.len) {
		from = end;
		while (end < path.len && path.at[end] != '/')
			end++;
		rc = io_place_look(&p,
		    arena_printf(s->a, "%s%.*s", s->root, (int)end, path.at)
			.at);
		if (rc != ERR_NONE)
			break;
		*why = unsafe(s, str_slice(path, 0, end), &p, etc.uid);
		if (p.kind != IO_LINK || why->len > 0) {
			end++;
			continue;
		}
		if (station_link(s, &to,
			station_path(s, "%.*s", (int)end, path.at)) !=
			STATION_READ ||
		    !is_plain(to) || ++links > LINKS) {
			*why = arena_printf(s->a,
			    "%.*s is a link that leads too far", (int)end,
			    path.at);
			break;
		}
		path = through(s, str_slice(path, 0, from - 1), to,
		    str_slice(path, end, path.len));
		end = 1;
	}
	err_clear();
	return rc == ERR_NONE && why->len == 0;
}

static void
look_list(struct station *s, struct station_row *row)
{
	struct kiosk_list list;
	struct str why = STR("");

	if (!kiosk_list(s, row, &list))
		return;
	if (is_safe(s, STR(LIST), &why))
		station_says(s, row, true, "%u sessions", list.n_sessions);
	else
		station_says(s, row, false, "%.*s", STR_ARG(why));
}

/* The folder that a program's folder lies in: /usr/local of
 * /usr/local/bin/vitrine. */
static struct str
prefix_of(struct str program)
{
	for (int up = 0; up < 2; up++)
		while (program.len > 1 && program.at[--program.len] != '/')
			continue;
	return program;
}

/* The login shells as accounts have them, and what units of root start. */
static size_t
safe_shells(struct station *s, struct str prefix, struct str *why)
{
	const char *lab =
	    station_path(s, "%.*s/bin/vitrine-lab", STR_ARG(prefix));
	struct station_account *all;
	size_t n, seen = 0;

	(void)station_accounts(s, &all, &n);
	for (size_t i = 0; i < n && why->len == 0; i++)
		if (station_is_kiosk(all[i].shell)) {
			(void)is_safe(s, all[i].shell, why);
			seen = 1;
		}
	if (why->len == 0 && station_there(s, lab)) {
		(void)is_safe(s, str_of(lab), why);
		seen++;
	}
	return seen;
}

static void
look_programs(struct station *s, struct station_row *row)
{
	struct kiosk_list list;
	struct io_names rooms;
	struct str why = STR("");
	const char *folder;
	size_t n = 1;

	if (!kiosk_list(s, row, &list))
		return;
	folder = station_path(s, "%.*s/libexec/vitrine",
	    STR_ARG(prefix_of(list.vitrine)));
	(void)station_names(s, &rooms, folder);
	(void)is_safe(s, list.vitrine, &why);
	if (rooms.len == 0 && why.len == 0)
		why = arena_printf(s->a, "no rooms in %s", folder);
	for (size_t i = 0; i < rooms.len && why.len == 0; i++, n++)
		(void)is_safe(s,
		    arena_printf(s->a, "%s/%s", folder, rooms.at[i].at), &why);
	if (why.len == 0)
		n += safe_shells(s, prefix_of(list.vitrine), &why);
	if (why.len > 0)
		station_says(s, row, false, "%.*s", STR_ARG(why));
	else
		station_says(s, row, true, "%zu files, root's", n);
}

const struct station_test station_mounts_tests[] = {
	{ "session-mounts", "sessions are mounted read-only, and run nothing",
	    "vitrine-lab verify IMAGE says why one was refused; station "
	    "install SESSION makes the mounts; then start the machine again",
	    look_sessions },
	{ "data-mount", "where notes are kept nothing can be run",
	    "mount it with nosuid,nodev,noexec: vitrine-lab station install "
	    "makes the unit",
	    look_data },
	{ "data-encrypted", "who takes the disk along has nothing",
	    "install Debian with an encrypted volume (LUKS) for /var; then "
	    "closing a session can destroy what keeps the image readable",
	    look_crypt },
	{ "shared-mounts", "nothing can be run from where all may write",
	    "mount /tmp, /var/tmp and /dev/shm with nosuid,nodev,noexec: "
	    "vitrine-lab station install makes the units",
	    look_shared },
	{ "kiosk-list", "only root can say which sessions there are",
	    "chown root:root and chmod 644 " LIST ", 755 its folder",
	    look_list },
	{ "programs", "only root can exchange the programs",
	    "make install as root; chown root:root and chmod go-w what is "
	    "named",
	    look_programs },
	{ 0 },
};

void
station_medium_of(struct station_medium *out, struct arena *a, struct str path)
{
	struct station s = { .a = a, .root = "" };
	struct mount m;

	*out = (struct station_medium){ .device = STR("") };
	if (mount_of(&s, &m, path) != STATION_READ)
		return;
	out->device = m.source;
	out->kind = m.kind;
	out->encrypted = is_crypt(&s,
	    station_path(&s, "/sys/dev/block/%.*s", STR_ARG(m.device)), 4);
}
