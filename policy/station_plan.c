#include "policy/station_plan.h"

#include "core/io.h"
#include "core/io_place.h"

#include <string.h>
#include <unistd.h>

#define UNDO STATION_UNDO "/undo"
#define MAGIC "vitrine-station-undo 1\n"
#define MARK "#vitrine# "

enum { FILE_MAX_BYTES = 4 << 20, UNDO_MAX = 4 << 20 };

static const char *const kinds[] = { "folder", "file", "link", "line", "text",
	"off" };

/* The tree, and the changes that were made in it before. */
struct tree {
	int dir;
	const char *root;
	struct arena *a;
	struct buf undo;   /* without its first line */
	uint32_t uid, gid; /* of whom /etc belongs to: the administrator */
};

static void
tree_close(struct tree *t)
{
	if (t->dir >= 0)
		close(t->dir);
	buf_release(&t->undo);
}

static enum err
tree_open(struct tree *t, struct arena *a, const char *root)
{
	struct io_place etc;
	struct buf b = { 0 };
	enum err rc;

	*t = (struct tree){ .dir = -1,
		.root = *root == '\0' ? "/" : root,
		.a = a };
	rc = io_open_folder(&t->dir, t->root);
	if (rc == ERR_NONE)
		rc = io_place_look_at(&etc, t->dir, "etc");
	if (rc == ERR_NONE && etc.kind != IO_FOLDER)
		rc = fail(ERR_FORMAT, "%s has no /etc: not a system", t->root);
	if (rc == ERR_NONE) {
		t->uid = etc.uid;
		t->gid = etc.gid;
		rc = io_read_at(&b, t->dir, UNDO, UNDO_MAX);
		if (rc == ERR_ABSENT) {
			err_clear();
			rc = ERR_NONE;
		} else if (rc == ERR_NONE &&
		    !str_starts(buf_view(&b), STR(MAGIC))) {
			rc = fail(ERR_FORMAT,
			    "%s/" UNDO ": not a list of changes of this "
			    "program",
			    t->root);
		} else if (rc == ERR_NONE) {
			buf_str(&t->undo,
			    str_slice(buf_view(&b), strlen(MAGIC), b.len));
		}
	}
	buf_release(&b);
	if (rc != ERR_NONE)
		tree_close(t);
	return rc;
}

/* Only root can give files to others; whose tree it is otherwise, is who has
 * them all. */
static uint32_t
owner(uint32_t of_tree, uint32_t wanted)
{
	return of_tree == 0 ? wanted : of_tree;
}

/* A line and its end, which the last one may lack. */
static bool
next_line(struct str *text, struct str *line, bool *ended)
{
	size_t n = 0;

	while (n < text->len && text->at[n] != '\n')
		n++;
	*line = str_slice(*text, 0, n);
	*ended = n < text->len;
	*text = str_slice(*text, n + 1, text->len);
	return n > 0 || *ended;
}

/* "" when there is none. */
static enum err
tree_read(struct tree *t, struct str *out, struct str path)
{
	struct buf b = { 0 };
	enum err rc =
	    io_read_at(&b, t->dir, arena_copy(t->a, path).at, FILE_MAX_BYTES);

	*out = STR("");
	if (rc == ERR_NONE)
		*out = arena_copy(t->a, buf_view(&b));
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = ERR_NONE;
	}
	buf_release(&b);
	return rc;
}

static struct str
key_of(struct str line)
{
	struct str key = line;

	key.len = 0;
	while (key.len < line.len && line.at[key.len] != ':')
		key.len++;
	return key;
}

static bool
has_line(struct str text, enum station_kind kind, struct str want)
{
	struct str line;

	while (str_cut(&text, '\n', &line))
		if (kind == STATION_LINE ? str_eq(key_of(line), key_of(want)) :
					   str_eq(line, want))
			return true;
	return false;
}

/* *done: it is so already.  *other: something else is in its place. */
static enum err
look(struct tree *t, const struct station_thing *w, bool *done, bool *other)
{
	const char *path = arena_copy(t->a, w->path).at;
	struct io_place p;
	struct str text = STR("");
	enum err rc = io_place_look_at(&p, t->dir, path);
	bool owned = p.mode == w->mode && p.uid == owner(t->uid, w->uid) &&
	    p.gid == owner(t->gid, w->gid);

	*done = *other = false;
	if (rc != ERR_NONE)
		return rc;
	switch (w->kind) {
	case STATION_FOLDER:
		*done = p.kind == IO_FOLDER && (owned || w->mode == 0);
		if (p.kind != IO_FOLDER && p.kind != IO_NOTHING)
			rc = fail(ERR_DENIED, "/%s is there, and no folder",
			    path);
		break;
	case STATION_LINK:
		*other = p.kind != IO_NOTHING;
		if (p.kind == IO_LINK)
			rc = io_place_target(&text, t->a,
			    arena_printf(t->a, "%s/%s", t->root, path).at);
		*done = p.kind == IO_LINK && str_eq(text, w->text);
		break;
	case STATION_FILE:
		*other = p.kind != IO_NOTHING;
		if (p.kind == IO_FILE)
			rc = tree_read(t, &text, w->path);
		*done = p.kind == IO_FILE && owned && str_eq(text, w->text);
		break;
	default:
		rc = tree_read(t, &text, w->path);
		*done = has_line(text, w->kind, w->text) ==
		    (w->kind != STATION_OFF);
	}
	return rc;
}

/* What UNDO calls it. */
static struct str
undo_line(struct arena *a, const struct station_thing *w)
{
	if (w->kind <= STATION_LINK)
		return arena_printf(a, "%s %.*s", kinds[w->kind],
		    STR_ARG(w->path));
	return arena_printf(a, "%s %.*s %.*s", kinds[w->kind], STR_ARG(w->path),
	    STR_ARG(w->kind == STATION_LINE ? key_of(w->text) : w->text));
}

static bool
is_wanted(struct arena *a, const struct station_things *want, struct str line)
{
	for (size_t i = 0; i < want->n; i++)
		if (str_eq(undo_line(a, &want->at[i]), line))
			return true;
	/* Accounts stay: their numbers are on files.  So does what goes with
	 * a change that is wanted. */
	return str_starts(line, STR("line ")) ||
	    str_starts(line, STR("folder ")) || str_starts(line, STR("off ")) ||
	    str_starts(line, STR("made ")) || str_starts(line, STR("was"));
}

/* The same change of an install before; what it replaced was kept then. */
static bool
is_ours(const struct tree *t, struct str line)
{
	struct str rest = buf_view(&t->undo), one;

	while (str_cut(&rest, '\n', &one))
		if (str_eq(one, line))
			return true;
	return false;
}

enum err
station_plan_make(struct station_plan *out, struct arena *a, const char *root,
    const struct station_things *want)
{
	struct station_plan p = { 0 };
	struct str rest, line;
	struct tree t;
	size_t lines = 0;
	enum err rc = tree_open(&t, a, root);

	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; i < t.undo.len; i++)
		lines += t.undo.at[i] == '\n';
	p.at = arena_array(a, want->n + lines + 1, struct station_change);
	rest = arena_copy(a, buf_view(&t.undo));
	while (str_cut(&rest, '\n', &line))
		if (!is_wanted(a, want, line))
			p.at[p.n++] = (struct station_change){ .line = line };
	for (size_t i = 0; i < want->n && rc == ERR_NONE; i++) {
		bool done, other;

		rc = look(&t, &want->at[i], &done, &other);
		if (rc == ERR_NONE && !done)
			p.at[p.n++] = (struct station_change){
				.thing = &want->at[i],
				.replaces = other &&
				    !is_ours(&t, undo_line(a, &want->at[i])),
			};
	}
	tree_close(&t);
	if (rc == ERR_NONE)
		*out = p;
	return rc;
}

struct str
station_plan_say(const struct station_change *c, struct arena *a)
{
	const struct station_thing *w = c->thing;

	if (w == NULL)
		return arena_printf(a, "take back  %.*s", STR_ARG(c->line));
	switch (w->kind) {
	case STATION_FOLDER:
		return arena_printf(a, "folder     /%.*s (%s)",
		    STR_ARG(w->path), w->why);
	case STATION_FILE:
		return arena_printf(a, "%-10s /%.*s (%s)",
		    c->replaces ? "replace" : "write", STR_ARG(w->path),
		    w->why);
	case STATION_LINK:
		return arena_printf(a, "%-10s /%.*s -> %.*s (%s)",
		    c->replaces ? "replace" : "link", STR_ARG(w->path),
		    STR_ARG(w->text), w->why);
	case STATION_LINE:
	case STATION_TEXT:
		return arena_printf(a, "add        \"%.*s\" to /%.*s (%s)",
		    STR_ARG(w->text), STR_ARG(w->path), w->why);
	case STATION_OFF:
		return arena_printf(a, "take out   \"%.*s\" of /%.*s (%s)",
		    STR_ARG(w->text), STR_ARG(w->path), w->why);
	}
	return STR("");
}

/* Doing. */

static enum err
make_folders(struct tree *t, const char *path)
{
	enum err rc = ERR_NONE;

	for (const char *p = path; rc == ERR_NONE; p++) {
		if (*p == '/')
			rc = io_make_folder_at(t->dir,
			    arena_copy(t->a,
				(struct str){ path, (size_t)(p - path) })
				.at);
		if (*p == '\0')
			break;
	}
	return rc;
}

static enum err
write_undo(struct tree *t)
{
	struct buf b = { 0 };
	enum err rc;

	buf_str(&b, STR(MAGIC));
	buf_str(&b, buf_view(&t->undo));
	rc = io_replace_at(t->dir, UNDO, buf_view(&b));
	buf_release(&b);
	return rc;
}

static enum err
note(struct tree *t, struct str line)
{
	if (is_ours(t, line))
		return ERR_NONE;
	buf_str(&t->undo, line);
	buf_char(&t->undo, '\n');
	return write_undo(t);
}

/* A file with its owner and mode, or with those given. */
static enum err
write_as(struct tree *t, struct str path, struct str text,
    const struct io_place *as)
{
	const char *name = arena_copy(t->a, path).at;
	enum err rc = io_replace_at(t->dir, name, text);

	return rc == ERR_NONE ? io_place_own(t->dir, name, as) : rc;
}

/* What is in the way is kept in before/N, or its target in UNDO. */
static enum err
keep_before(struct tree *t, struct str path)
{
	const char *name = arena_copy(t->a, path).at;
	struct str text, line;
	struct io_place p, kept;
	unsigned n = 0;
	enum err rc = io_place_look_at(&p, t->dir, name);

	if (rc != ERR_NONE)
		return rc;
	if (p.kind == IO_LINK) {
		rc = io_place_target(&text, t->a,
		    arena_printf(t->a, "%s/%s", t->root, name).at);
		if (rc == ERR_NONE)
			rc = note(t,
			    arena_printf(t->a, "waslink %.*s %s", STR_ARG(text),
				name));
		return rc;
	}
	if (p.kind != IO_FILE)
		return fail(ERR_DENIED, "/%s is there, and no file", name);
	rc = tree_read(t, &text, path);
	do {
		line = arena_printf(t->a, STATION_UNDO "/before/%u", n);
		if (rc == ERR_NONE)
			rc = io_place_look_at(&kept, t->dir, line.at);
	} while (rc == ERR_NONE && kept.kind != IO_NOTHING && ++n < 100000);
	if (rc == ERR_NONE)
		rc = io_create_at(t->dir, line.at, text);
	if (rc == ERR_NONE)
		rc = note(t,
		    arena_printf(t->a, "was %u %o %u %u %s", n, p.mode, p.uid,
			p.gid, name));
	return rc;
}

/* The text with a line added, or one taken out of use. */
static enum err
change_lines(struct tree *t, const struct station_thing *w)
{
	struct io_place as;
	struct str text, line;
	struct buf b = { 0 };
	bool ended;
	enum err rc = tree_read(t, &text, w->path);

	if (rc == ERR_NONE)
		rc =
		    io_place_look_at(&as, t->dir, arena_copy(t->a, w->path).at);
	if (rc != ERR_NONE)
		return rc;
	if (as.kind == IO_NOTHING)
		as = (struct io_place){ .mode = 0644,
			.uid = t->uid,
			.gid = t->gid };
	if (w->kind == STATION_OFF) {
		while (next_line(&text, &line, &ended)) {
			if (str_eq(line, w->text))
				buf_str(&b, STR(MARK));
			buf_str(&b, line);
			if (ended)
				buf_char(&b, '\n');
		}
	} else {
		buf_str(&b, text);
		if (text.len > 0 && !str_ends(text, STR("\n")))
			rc = fail(ERR_FORMAT,
			    "/%.*s: its last line does not end",
			    STR_ARG(w->path));
		buf_str(&b, w->text);
		buf_char(&b, '\n');
	}
	if (rc == ERR_NONE)
		rc = write_as(t, w->path, buf_view(&b), &as);
	buf_release(&b);
	return rc;
}

static enum err
do_thing(struct tree *t, const struct station_change *c)
{
	const struct station_thing *w = c->thing;
	const char *name = arena_copy(t->a, w->path).at;
	const struct io_place as = { .mode = w->mode,
		.uid = owner(t->uid, w->uid),
		.gid = owner(t->gid, w->gid) };
	struct io_place p;
	enum err rc = io_place_look_at(&p, t->dir, name);

	/* A folder that was there before stays when all is undone. */
	if (rc == ERR_NONE && w->kind == STATION_FOLDER &&
	    p.kind == IO_FOLDER) {
		rc = note(t,
		    arena_printf(t->a, "wasmode %o %u %u %s", p.mode, p.uid,
			p.gid, name));
		return rc == ERR_NONE ? io_place_own(t->dir, name, &as) : rc;
	}
	if (rc == ERR_NONE && w->kind >= STATION_LINE && p.kind == IO_NOTHING)
		rc = note(t, arena_printf(t->a, "made %s", name));
	if (rc == ERR_NONE && c->replaces)
		rc = keep_before(t, w->path);
	if (rc == ERR_NONE)
		rc = note(t, undo_line(t->a, w));
	if (rc != ERR_NONE)
		return rc;
	switch (w->kind) {
	case STATION_FOLDER:
		rc = io_make_folder_at(t->dir, name);
		return rc == ERR_NONE ? io_place_own(t->dir, name, &as) : rc;
	case STATION_FILE:
		if (p.kind == IO_LINK)
			rc = io_remove_at(t->dir, name);
		return rc == ERR_NONE ? write_as(t, w->path, w->text, &as) : rc;
	case STATION_LINK:
		rc = io_remove_at(t->dir, name);
		return rc == ERR_NONE ?
		    io_place_link(t->dir, name, arena_copy(t->a, w->text).at) :
		    rc;
	default:
		return change_lines(t, w);
	}
}

/* Undoing. */

struct saying {
	void (*fn)(void *arg, struct str line);
	void *arg;
};

static void
say(struct tree *t, const struct saying *s, const char *what, struct str path)
{
	if (s != NULL && s->fn != NULL)
		s->fn(s->arg,
		    arena_printf(t->a, "/%.*s %s", STR_ARG(path), what));
}

/* The line is taken out again. */
static enum err
undo_lines(struct tree *t, enum station_kind kind, struct str path,
    struct str want)
{
	struct str text, line;
	struct io_place as;
	struct buf b = { 0 };
	bool changed = false, ended;
	enum err rc = tree_read(t, &text, path);

	if (rc == ERR_NONE)
		rc = io_place_look_at(&as, t->dir, arena_copy(t->a, path).at);
	if (rc != ERR_NONE || as.kind != IO_FILE)
		return rc;
	while (next_line(&text, &line, &ended)) {
		bool off = kind == STATION_OFF && str_starts(line, STR(MARK)) &&
		    str_eq(str_slice(line, strlen(MARK), line.len), want);
		bool gone = kind == STATION_LINE ? str_eq(key_of(line), want) :
		    kind == STATION_TEXT         ? str_eq(line, want) :
						   false;

		changed = changed || off || gone;
		if (gone)
			continue;
		buf_str(&b, off ? want : line);
		if (ended)
			buf_char(&b, '\n');
	}
	if (changed)
		rc = write_as(t, path, buf_view(&b), &as);
	buf_release(&b);
	return rc;
}

static bool
octal(struct str s, uint32_t *out)
{
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '7' || *out > 07777)
			return false;
		*out = *out * 8 + (uint32_t)(s.at[i] - '0');
	}
	return s.len > 0;
}

/* "MODE UID GID " off the front. */
static enum err
take_place(struct str *rest, struct io_place *out)
{
	struct str mode, uid, gid;
	uint64_t u = 0, g = 0;

	if (str_cut(rest, ' ', &mode) && str_cut(rest, ' ', &uid) &&
	    str_cut(rest, ' ', &gid) && octal(mode, &out->mode) &&
	    str_number(uid, UINT32_MAX, &u) == ERR_NONE &&
	    str_number(gid, UINT32_MAX, &g) == ERR_NONE) {
		out->uid = (uint32_t)u;
		out->gid = (uint32_t)g;
		return ERR_NONE;
	}
	err_clear();
	return fail(ERR_FORMAT, UNDO " is damaged");
}

static enum err
undo_was(struct tree *t, struct str rest)
{
	struct io_place as = { 0 };
	struct str number, text;
	const char *kept;
	enum err rc = ERR_FORMAT;

	if (str_cut(&rest, ' ', &number))
		rc = take_place(&rest, &as);
	if (rc != ERR_NONE)
		return fail(rc, UNDO " is damaged");
	kept =
	    arena_printf(t->a, STATION_UNDO "/before/%.*s", STR_ARG(number)).at;
	rc = tree_read(t, &text, str_of(kept));
	if (rc == ERR_NONE)
		rc = write_as(t, rest, text, &as);
	return rc == ERR_NONE ? io_remove_at(t->dir, kept) : rc;
}

static enum err
undo_mode(struct tree *t, struct str rest)
{
	struct io_place as = { 0 };
	enum err rc = take_place(&rest, &as);

	return rc == ERR_NONE ?
	    io_place_own(t->dir, arena_copy(t->a, rest).at, &as) :
	    rc;
}

/* A file that was made for a line, unless others have put theirs there. */
static enum err
undo_made(struct tree *t, struct str path, const struct saying *s)
{
	const char *name = arena_copy(t->a, path).at;
	struct io_place p;
	enum err rc = io_place_look_at(&p, t->dir, name);

	if (rc == ERR_NONE && p.kind == IO_FILE && p.bytes == 0)
		rc = io_remove_at(t->dir, name);
	else if (rc == ERR_NONE && p.kind == IO_FILE)
		say(t, s, "stays: there is something in it", path);
	return rc;
}

static enum err
undo_folder(struct tree *t, struct str path, const struct saying *s)
{
	enum err rc = io_place_remove_folder(t->dir, arena_copy(t->a, path).at);

	if (rc == ERR_DENIED) {
		err_clear();
		say(t, s, "stays: there is something in it", path);
		rc = ERR_NONE;
	}
	return rc;
}

static enum err
undo_one(struct tree *t, struct str line, const struct saying *s)
{
	struct str rest = line, word, path;

	if (!str_cut(&rest, ' ', &word))
		return fail(ERR_FORMAT, UNDO " is damaged");
	if (str_eq(word, STR("was")))
		return undo_was(t, rest);
	if (str_eq(word, STR("wasmode")))
		return undo_mode(t, rest);
	if (str_eq(word, STR("made")))
		return undo_made(t, rest, s);
	if (str_eq(word, STR("folder")))
		return undo_folder(t, rest, s);
	if (str_eq(word, STR("file")) || str_eq(word, STR("link")))
		return io_remove_at(t->dir, arena_copy(t->a, rest).at);
	if (!str_cut(&rest, ' ', &path))
		return fail(ERR_FORMAT, UNDO " is damaged");
	if (str_eq(word, STR("waslink"))) {
		enum err rc = io_remove_at(t->dir, arena_copy(t->a, rest).at);

		return rc == ERR_NONE ?
		    io_place_link(t->dir, arena_copy(t->a, rest).at,
			arena_copy(t->a, path).at) :
		    rc;
	}
	for (int k = STATION_LINE; k <= STATION_OFF; k++)
		if (str_eq(word, str_of(kinds[k])))
			return undo_lines(t, (enum station_kind)k, path, rest);
	return fail(ERR_FORMAT, UNDO " is damaged");
}

/* One change of UNDO and, before it in the list, what it replaced. */
static enum err
take_back(struct tree *t, struct str line)
{
	struct str rest = arena_copy(t->a, buf_view(&t->undo)), one,
		   before = STR(""), path = line, word;
	struct buf left = { 0 };
	enum err rc = undo_one(t, line, NULL);

	(void)str_cut(&path, ' ', &word);
	while (str_cut(&rest, '\n', &one)) {
		bool was = str_starts(one, STR("was")) && str_ends(one, path) &&
		    one.at[one.len - path.len - 1] == ' ';

		if (was)
			before = one;
		if (was || str_eq(one, line))
			continue;
		buf_str(&left, one);
		buf_char(&left, '\n');
	}
	if (rc == ERR_NONE && before.len > 0)
		rc = undo_one(t, before, NULL);
	if (rc == ERR_NONE) {
		buf_clear(&t->undo);
		buf_str(&t->undo, buf_view(&left));
		rc = write_undo(t);
	}
	buf_release(&left);
	return rc;
}

enum err
station_plan_do(const struct station_plan *p, struct arena *a, const char *root)
{
	struct tree t;
	enum err rc = tree_open(&t, a, root);

	if (rc != ERR_NONE)
		return rc;
	if (p->n > 0)
		rc = make_folders(&t, STATION_UNDO "/before/");
	for (size_t i = 0; i < p->n && rc == ERR_NONE; i++)
		rc = p->at[i].thing != NULL ? do_thing(&t, &p->at[i]) :
					      take_back(&t, p->at[i].line);
	tree_close(&t);
	return rc;
}

static enum err
forget(struct tree *t)
{
	enum err rc = io_remove_at(t->dir, UNDO);

	if (rc == ERR_NONE)
		rc = io_place_remove_folder(t->dir, STATION_UNDO "/before");
	if (rc == ERR_NONE)
		rc = io_place_remove_folder(t->dir, STATION_UNDO);
	return rc;
}

enum err
station_plan_undo(struct arena *a, const char *root, size_t *undone,
    void (*said)(void *arg, struct str line), void *arg)
{
	const struct saying s = { said, arg };
	struct tree t;
	size_t n = 0;
	enum err rc = tree_open(&t, a, root);

	if (rc != ERR_NONE)
		return rc;
	if (t.undo.len == 0)
		rc = fail(ERR_ABSENT, "%s: nothing was installed here", t.root);
	/* From the end, one by one, each forgotten when it is undone. */
	while (rc == ERR_NONE && t.undo.len > 0) {
		size_t at = t.undo.len - 1;
		struct str line;

		while (at > 0 && t.undo.at[at - 1] != '\n')
			at--;
		line = arena_copy(a,
		    str_slice(buf_view(&t.undo), at, t.undo.len - 1 - at));
		rc = undo_one(&t, line, &s);
		if (rc != ERR_NONE)
			break;
		n++;
		t.undo.len = at;
		rc = write_undo(&t);
	}
	if (rc == ERR_NONE)
		rc = forget(&t);
	tree_close(&t);
	if (rc == ERR_NONE)
		*undone = n;
	return rc;
}
