#include "policy/closing.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/io.h"
#include "core/io_place.h"
#include "policy/journal.h"
#include "policy/station.h"

#define MAGIC "vitrine-certificate 1"
#define PLAN "closing"

enum { NAMES_MAX = 1000000, DEPTH_MAX = 16, PLAN_MAX = 256 << 20 };

enum fate { FATE_KEEP, FATE_KEY, FATE_SEALED, FATE_PLAIN };

/* A file below one of the folders. */
struct item {
	struct str path;
	size_t folder;
	enum fate fate;
	uint64_t bytes;
	struct hash hash;
};

struct items {
	struct item *at;
	size_t n, room;
};

struct walk {
	struct arena *a;
	const struct closing *c;
	size_t folder;
	int dir;
	struct items items;
	struct str *empty; /* folders, the deepest last */
	size_t n_empty, room_empty;
	bool hash;
};

/* What proves what was shown, who was there and what left is kept. */
static enum fate
fate_of(size_t folder, struct str path)
{
	if (folder == 0)
		return str_eq(path, STR("session.conf")) ||
			str_eq(path, STR("manifest")) ||
			(str_starts(path, STR("manifest.")) &&
			    str_ends(path, STR(".minisig"))) ?
		    FATE_KEEP :
		    FATE_PLAIN;
	if (str_eq(path, STR("journal.db")) ||
	    str_eq(path, STR("author.pub")) || str_eq(path, STR("visits")))
		return FATE_KEEP;
	if (str_eq(path, STR("record.db")) || str_eq(path, STR("identity.txt")))
		return FATE_KEY;
	return str_starts(path, STR("drafts/")) || str_ends(path, STR(".age")) ?
	    FATE_SEALED :
	    FATE_PLAIN;
}

/* FILE goes, and what its signature was stays. */
static enum fate
fate_of_packed(struct str path)
{
	return str_ends(path, STR(".minisig")) ? FATE_KEEP : FATE_PLAIN;
}

static enum err
hash_file(struct item *i, const char *full)
{
	struct io_map map;
	enum err rc = io_map(&map, full, SIZE_MAX >> 1);

	if (rc != ERR_NONE)
		return rc;
	i->bytes = map.bytes.len;
	i->hash = hash_of(map.bytes);
	io_unmap(&map);
	return ERR_NONE;
}

static enum err
take_file(struct walk *w, struct str path, bool regular)
{
	const char *root = w->c->folders[w->folder];
	struct item *i;
	enum err rc = ERR_NONE;

	w->items.at = arena_more(w->a, w->items.at, w->items.n, &w->items.room,
	    sizeof *w->items.at);
	i = &w->items.at[w->items.n];
	*i = (struct item){ .path = path, .folder = w->folder };
	i->fate = !regular                         ? FATE_PLAIN :
	    w->folder == 0 && w->c->packed != NULL ? fate_of_packed(path) :
						     fate_of(w->folder, path);
	if (regular && w->hash)
		rc = hash_file(i,
		    arena_printf(w->a, "%s/%.*s", root, STR_ARG(path)).at);
	if (rc == ERR_NONE)
		w->items.n++;
	return rc;
}

static enum err
walk_folder(struct walk *w, struct str below, int depth)
{
	struct io_entries list = { 0 };
	enum err rc = depth > DEPTH_MAX ?
	    fail(ERR_LIMIT, "%.*s: too deep", STR_ARG(below)) :
	    io_list_at(&list, w->a, w->dir, below.len > 0 ? below.at : ".",
		NAMES_MAX);

	for (size_t i = 0; i < list.len && rc == ERR_NONE; i++) {
		struct str path = below.len == 0 ?
		    list.at[i].name :
		    arena_printf(w->a, "%.*s/%.*s", STR_ARG(below),
			STR_ARG(list.at[i].name));

		if (!list.at[i].folder) {
			rc = take_file(w, path, list.at[i].file);
			continue;
		}
		w->empty = arena_more(w->a, w->empty, w->n_empty,
		    &w->room_empty, sizeof *w->empty);
		w->empty[w->n_empty++] = path;
		rc = walk_folder(w, path, depth + 1);
	}
	return rc;
}

/* The file and its signature: nothing else in that folder is the session. */
static enum err
walk_packed(struct walk *w)
{
	static const char *const ends[] = { "", ".minisig" };
	struct io_place p;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < 2 && rc == ERR_NONE; i++) {
		struct str name =
		    arena_printf(w->a, "%s%s", w->c->packed, ends[i]);

		rc = io_place_look_at(&p, w->dir, name.at);
		if (rc == ERR_NONE && p.kind == IO_FILE)
			rc = take_file(w, name, true);
	}
	return rc;
}

/* A folder that is gone already was destroyed before an interruption. */
static enum err
walk_start(struct walk *w, const struct closing *c, struct arena *a,
    size_t folder, bool hash)
{
	enum err rc;

	*w = (struct walk){ .a = a,
		.c = c,
		.folder = folder,
		.dir = -1,
		.hash = hash };
	rc = io_open_folder(&w->dir, c->folders[folder]);
	if (rc == ERR_ABSENT && c->again) {
		err_clear();
		return ERR_NONE;
	}
	if (rc == ERR_NONE && folder == 0 && c->packed != NULL)
		rc = walk_packed(w);
	else if (rc == ERR_NONE)
		rc = walk_folder(w, STR(""), 0);
	return rc;
}

static void
walk_end(struct walk *w)
{
	if (w->dir >= 0)
		close(w->dir);
}

/* Text. */

static void
add_path(struct buf *b, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.at[i];

		if (c <= 0x20 || c >= 0x7f || c == '%')
			buf_printf(b, "%%%02X", c);
		else
			buf_char(b, (char)c);
	}
}

static void
add_item(struct buf *b, const struct item *i)
{
	static const char *const fates[] = { "kept", "destroyed key",
		"destroyed sealed", "destroyed plain" };

	buf_printf(b, "%s ", fates[i->fate]);
	buf_hex(b, i->hash.at, HASH_BYTES);
	buf_printf(b, " %llu %zu/", (unsigned long long)i->bytes, i->folder);
	add_path(b, i->path);
	buf_char(b, '\n');
}

static void
add_date(struct buf *b, uint32_t day)
{
	buf_printf(b, "%04u-%02u-%02u", day / 10000, day / 100 % 100,
	    day % 100);
}

static uint32_t
day_of(int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return 0;
	return (uint32_t)(tm.tm_year + 1900) * 10000 +
	    (uint32_t)(tm.tm_mon + 1) * 100 + (uint32_t)tm.tm_mday;
}

uint32_t
closing_due(const struct rules *r)
{
	uint32_t last = r->hours.last;
	struct tm tm = { .tm_year = (int)(last / 10000) - 1900,
		.tm_mon = (int)(last / 100 % 100) - 1,
		.tm_mday = (int)(last % 100) + 1 + (int)r->keep_days,
		.tm_hour = 12,
		.tm_isdst = -1 };

	return day_of(mktime(&tm));
}

static void
add_head(struct closing *c, struct buf *b)
{
	const struct session *s = c->session;
	time_t t = (time_t)c->now;
	char when[32] = "?";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_printf(b, MAGIC "\nsession %.*s\ntitle %.*s\n",
	    STR_ARG(s->rules.session), STR_ARG(s->rules.title));
	if (c->doubt == NULL)
		buf_printf(b, "manifest %s\n", s->manifest_hash);
	for (uint32_t i = 0; i < s->manifest.n_releases; i++)
		buf_printf(b, "release %.*s %s %.*s\n",
		    STR_ARG(s->manifest.releases[i].name),
		    oid_text(&s->manifest.releases[i].commit).hex,
		    STR_ARG(s->manifest.releases[i].status));
	buf_printf(b, "verified %s%s\ndue ", c->doubt == NULL ? "yes" : "no ",
	    c->doubt == NULL ? "" : c->doubt);
	add_date(b, closing_due(&s->rules));
	if (c->early != NULL)
		buf_printf(b, "\nearly %s", c->early);
	buf_printf(b, "\nbegun %s\n", when);
}

/* What the journal of a folder ended with, both sides have it on paper. */
static void
add_journal(const struct closing *c, struct arena *a, size_t folder,
    struct buf *b)
{
	struct journal *j = NULL;
	enum err rc = journal_open(&j,
	    arena_printf(a, "%s/journal.db", c->folders[folder]).at, NULL);

	if (rc == ERR_NONE)
		buf_printf(b, "journal %zu %.*s\n", folder,
		    STR_ARG(journal_head(j, a)));
	else
		buf_printf(b, "journal %zu %s\n", folder,
		    rc == ERR_ABSENT ? "none" : "damaged");
	err_clear();
	journal_close(j);
}

static void
add_medium(struct closing *c, struct arena *a, size_t folder, struct buf *b)
{
	struct station_medium m = { 0 };
	struct str path = STR("");
	enum err rc = io_real_path(&path, a, c->folders[folder]);

	if (rc == ERR_NONE)
		station_medium_of(&m, a, path);
	err_clear();
	c->plain = c->plain || !m.encrypted;
	buf_printf(b, "medium %zu %.*s %.*s %s\n", folder,
	    STR_ARG(m.device.len > 0 ? m.device : STR("unknown")),
	    STR_ARG(m.kind.len > 0 ? m.kind : STR("unknown")),
	    m.encrypted ? "encrypted" : "plain");
}

static bool
has_line(struct str text, struct str want)
{
	size_t at = str_find(text, want, 0);

	return at != SIZE_MAX;
}

/* Of one that was interrupted. */
static enum err
read_before(struct closing *c, struct arena *a, struct buf *b)
{
	struct str want = arena_printf(a, "\nsession %.*s\n",
	    STR_ARG(c->session->rules.session));
	enum err rc =
	    io_read(b, arena_printf(a, "%s/" PLAN, c->out).at, PLAN_MAX);

	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	if (rc == ERR_NONE &&
	    (!str_starts(buf_view(b), STR(MAGIC "\n")) ||
		!has_line(buf_view(b), want)))
		rc = fail(ERR_DENIED,
		    "%s/" PLAN " is of another session: name another folder",
		    c->out);
	c->again = rc == ERR_NONE;
	return rc;
}

/* What is kept of what is in the one file. */
static void
plan_inside(struct closing *c, struct buf *b)
{
	for (size_t i = 0; i < c->n_inside; i++) {
		const struct closing_inside *in = &c->inside[i];
		const struct item item = { .path = str_of(in->name),
			.fate = FATE_KEEP,
			.bytes = in->bytes.len,
			.hash = hash_of(in->bytes) };
		struct buf line = { 0 };

		add_item(&line, &item);
		if (!has_line(buf_view(b), buf_view(&line)))
			buf_str(b, buf_view(&line));
		buf_release(&line);
		c->kept++;
	}
}

static enum err
plan_folder(struct closing *c, struct arena *a, size_t folder, struct buf *b)
{
	struct walk w;
	enum err rc = walk_start(&w, c, a, folder, true);

	for (size_t i = 0; i < w.items.n && rc == ERR_NONE; i++) {
		struct buf line = { 0 };

		add_item(&line, &w.items.at[i]);
		if (!has_line(buf_view(b), buf_view(&line)))
			buf_str(b, buf_view(&line));
		buf_release(&line);
		c->bytes += w.items.at[i].bytes;
		if (w.items.at[i].fate == FATE_KEEP)
			c->kept++;
		else
			c->destroyed++;
	}
	walk_end(&w);
	return rc;
}

enum err
closing_plan(struct closing *c, struct arena *a)
{
	uint32_t due = closing_due(&c->session->rules);
	struct buf b = { 0 };
	enum err rc = ERR_NONE;

	if (day_of(c->now) < due && c->early == NULL)
		return fail(ERR_DENIED,
		    "session %.*s is kept until %u-%02u-%02u (keep.days): "
		    "-f REASON closes it before that, and the certificate "
		    "says so",
		    STR_ARG(c->session->rules.session), due / 10000,
		    due / 100 % 100, due % 100);
	rc = read_before(c, a, &b);
	if (rc == ERR_NONE && !c->again)
		add_head(c, &b);
	for (size_t i = 0; i < c->n && rc == ERR_NONE; i++) {
		if (i > 0 && !c->again)
			add_journal(c, a, i, &b);
		if (!c->again)
			add_medium(c, a, i, &b);
		rc = plan_folder(c, a, i, &b);
		if (i == 0 && rc == ERR_NONE)
			plan_inside(c, &b);
	}
	if (rc == ERR_NONE)
		c->text = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return rc;
}

/* Doing. */

/* Into out/kept/N/..., whole and on the disk before the rest goes. */
static enum err
keep_file(const struct closing *c, struct arena *a, const struct item *i)
{
	const char *from =
	    arena_printf(a, "%s/%.*s", c->folders[i->folder], STR_ARG(i->path))
		.at;
	struct io_file *f = NULL;
	struct io_map map;
	int dir;
	enum err rc = io_make_folder(&dir,
	    arena_printf(a, "%s/kept/%zu", c->out, i->folder).at);

	if (rc != ERR_NONE)
		return rc;
	rc = io_map(&map, from, SIZE_MAX >> 1);
	if (rc == ERR_NONE) {
		rc = io_write_start(&f, dir, arena_copy(a, i->path).at);
		if (rc == ERR_NONE)
			rc = io_write(f, map.bytes);
		if (rc == ERR_NONE)
			rc = io_write_finish(f);
		else
			io_write_drop(f);
		io_unmap(&map);
	}
	close(dir);
	return rc;
}

static enum err
keep_inside(const struct closing *c, struct arena *a)
{
	int dir;
	enum err rc;

	if (c->n_inside == 0)
		return ERR_NONE;
	rc = io_make_folder(&dir, arena_printf(a, "%s/kept/0", c->out).at);
	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; i < c->n_inside && rc == ERR_NONE; i++)
		rc = io_replace_at(dir, c->inside[i].name, c->inside[i].bytes);
	close(dir);
	return rc;
}

static enum err
write_plan(const struct closing *c)
{
	int dir;
	enum err rc = io_make_folder(&dir, c->out);

	if (rc != ERR_NONE)
		return rc;
	rc = io_replace_at(dir, PLAN, c->text);
	close(dir);
	return rc;
}

static enum err
destroy(struct walk *w, const struct item *i)
{
	const char *name = arena_copy(w->a, i->path).at;
	struct io_place p;
	enum err rc = io_place_look_at(&p, w->dir, name);

	if (rc != ERR_NONE)
		return rc;
	/* A link is taken away, what it leads to is not ours. */
	return p.kind == IO_FILE ? io_place_wipe(w->dir, name) :
				   io_remove_at(w->dir, name);
}

static enum err
empty_folder(struct walk *w, const struct closing *c, size_t folder)
{
	const char *name;
	struct str path = STR("");
	int above;
	enum err rc = ERR_NONE;

	for (size_t i = w->n_empty; i > 0 && rc == ERR_NONE; i--)
		rc = io_place_remove_folder(w->dir,
		    arena_copy(w->a, w->empty[i - 1]).at);
	if (rc == ERR_NONE)
		rc = io_real_path(&path, w->a, c->folders[folder]);
	if (rc != ERR_NONE)
		return rc;
	name = strrchr(path.at, '/');
	if (name == path.at)
		return fail(ERR_DENIED, "/ is no session");
	rc = io_open_folder(&above,
	    arena_copy(w->a, str_slice(path, 0, (size_t)(name - path.at))).at);
	if (rc == ERR_NONE) {
		rc = io_place_remove_folder(above, name + 1);
		close(above);
	}
	return rc;
}

struct doing {
	void (
	    *progress)(void *arg, const char *what, uint64_t done, uint64_t of);
	void *arg;
	uint64_t done;
};

/* One kind of files in one folder. */
static enum err
each(const struct closing *c, struct arena *a, size_t folder,
    struct doing *doing, enum fate from, enum fate to)
{
	struct walk w;
	enum err rc = walk_start(&w, c, a, folder, false);

	for (size_t i = 0; i < w.items.n && rc == ERR_NONE; i++) {
		const struct item *it = &w.items.at[i];

		if (it->fate < from || it->fate > to)
			continue;
		if (from == FATE_KEEP && to == FATE_KEEP) {
			rc = keep_file(c, a, it);
			continue;
		}
		rc = destroy(&w, it);
		if (doing->progress != NULL)
			doing->progress(doing->arg, "destroying", ++doing->done,
			    c->destroyed + c->kept);
	}
	if (rc == ERR_NONE && w.dir >= 0 && to == FATE_PLAIN &&
	    from == FATE_KEEP && !(folder == 0 && c->packed != NULL))
		rc = empty_folder(&w, c, folder);
	walk_end(&w);
	return rc;
}

enum err
closing_do(const struct closing *c, struct arena *a,
    void (*progress)(void *arg, const char *what, uint64_t done, uint64_t of),
    void *arg)
{
	struct doing doing = { progress, arg, 0 };
	enum err rc = write_plan(c);

	for (size_t i = 0; i < c->n && rc == ERR_NONE; i++)
		rc = each(c, a, i, &doing, FATE_KEEP, FATE_KEEP);
	if (rc == ERR_NONE)
		rc = keep_inside(c, a);
	/* Keys before anything else: from then on what is sealed is shut. */
	for (size_t i = c->n; i-- > 0 && rc == ERR_NONE;)
		rc = each(c, a, i, &doing, FATE_KEY, FATE_KEY);
	for (size_t i = c->n; i-- > 0 && rc == ERR_NONE;)
		rc = each(c, a, i, &doing, FATE_SEALED, FATE_PLAIN);
	for (size_t i = c->n; i-- > 0 && rc == ERR_NONE;)
		rc = each(c, a, i, &doing, FATE_KEEP, FATE_PLAIN);
	return rc;
}
