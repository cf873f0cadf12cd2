#include "core/history_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/history_index_format.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/tables.h"

struct history_index {
	struct io_map map; /* empty when the bytes are the caller's */
	uint32_t n_commits, n_parents, n_contents, n_paths, n_changes;
	uint32_t n_renames, flags;
	const char *commits, *contents, *paths;
	const uint32_t *parents;
	const struct history_index_change *changes;
	const struct history_index_rename *renames;
	struct str names;
};

static enum err
damaged(const char *where)
{
	return fail(ERR_FORMAT, "the index of history is damaged: %s", where);
}

uint64_t
history_index_sum(struct str bytes)
{
	uint64_t sum = bytes.len, word;

	for (size_t at = 0; at < bytes.len; at += sizeof word) {
		size_t n = bytes.len - at;

		if (at == HISTORY_INDEX_AT_SUM)
			continue;
		word = 0;
		memcpy(&word, bytes.at + at, n < sizeof word ? n : sizeof word);
		/* Each step can be undone: two words that differ stay apart. */
		sum ^= word;
		sum = (sum << 29 | sum >> 35) * 0x9e3779b97f4a7c15u;
	}
	return sum;
}

static enum err
read_header(struct history_index *x, struct str bytes)
{
	const char *h = bytes.at, *parents, *changes, *renames, *names;
	struct str rest;
	uint64_t len;

	if (bytes.len < HISTORY_INDEX_HEADER ||
	    memcmp(h, HISTORY_INDEX_MAGIC, 8) != 0)
		return fail(ERR_FORMAT, "this is not an index of history");
	if (tables_u32(h + HISTORY_INDEX_AT_VERSION) != HISTORY_INDEX_VERSION)
		return fail(ERR_FORMAT,
		    "an index of history of version %u, this program reads %d",
		    tables_u32(h + HISTORY_INDEX_AT_VERSION),
		    HISTORY_INDEX_VERSION);
	x->n_commits = tables_u32(h + HISTORY_INDEX_AT_COMMITS);
	x->n_parents = tables_u32(h + HISTORY_INDEX_AT_PARENTS);
	x->n_contents = tables_u32(h + HISTORY_INDEX_AT_CONTENTS);
	x->n_paths = tables_u32(h + HISTORY_INDEX_AT_PATHS);
	x->n_changes = tables_u32(h + HISTORY_INDEX_AT_CHANGES);
	x->n_renames = tables_u32(h + HISTORY_INDEX_AT_RENAMES);
	x->flags = tables_u32(h + HISTORY_INDEX_AT_FLAGS);
	len = tables_u64(h + HISTORY_INDEX_AT_NAMES);
	rest = str_slice(bytes, HISTORY_INDEX_HEADER, bytes.len);
	if (tables_u64(h + HISTORY_INDEX_AT_SIZE) != bytes.len)
		return damaged("its size");
	if (tables_u64(h + HISTORY_INDEX_AT_SUM) != history_index_sum(bytes))
		return damaged("its sum");
	if (len > bytes.len ||
	    (x->flags & ~(uint32_t)HISTORY_INDEX_SIMILAR) != 0 ||
	    !tables_take(&rest, &x->commits, x->n_commits,
		HISTORY_INDEX_COMMIT) ||
	    !tables_take(&rest, &parents, x->n_parents, 4) ||
	    !tables_take(&rest, &x->contents, x->n_contents, OID_BYTES) ||
	    !tables_take(&rest, &x->paths, x->n_paths, HISTORY_INDEX_PATH) ||
	    !tables_take(&rest, &changes, x->n_changes, HISTORY_INDEX_CHANGE) ||
	    !tables_take(&rest, &renames, x->n_renames, HISTORY_INDEX_RENAME) ||
	    !tables_take(&rest, &names, len, 1) || rest.len != 0)
		return damaged("its tables");
	/* Aligned, since every table begins at a multiple of 8. */
	x->parents = (const void *)parents;
	x->changes = (const void *)changes;
	x->renames = (const void *)renames;
	x->names = (struct str){ names, len };
	return ERR_NONE;
}

static const char *
commit_at(const struct history_index *x, uint32_t i)
{
	return x->commits + (size_t)i * HISTORY_INDEX_COMMIT;
}

/* Ids ascend, and levels make a circle impossible. */
static bool
is_sound_commit(const struct history_index *x, uint32_t i)
{
	const char *c = commit_at(x, i);
	uint32_t first = tables_u32(c + 48), n = tables_u32(c + 52),
		 level = tables_u32(c + 56);
	uint32_t flags = tables_u32(c + 60);
	bool missing = flags == HISTORY_INDEX_MISSING;

	if (i > 0 && memcmp(c - HISTORY_INDEX_COMMIT, c, OID_BYTES) >= 0)
		return false;
	if (first > x->n_parents || n > x->n_parents - first ||
	    (!missing && (flags & ~(uint32_t)HISTORY_INDEX_UNKNOWN) != 0) ||
	    missing != (level == 0) || (missing && n > 0))
		return false;
	for (uint32_t k = first; k < first + n; k++)
		if (x->parents[k] >= x->n_commits ||
		    tables_u32(commit_at(x, x->parents[k]) + 56) >= level)
			return false;
	return true;
}

static struct str
name_of(const struct history_index *x, uint32_t path)
{
	const char *p = x->paths + (size_t)path * HISTORY_INDEX_PATH;

	return (struct str){ x->names.at + tables_u32(p), tables_u32(p + 4) };
}

/* Paths ascend, their changes stand in their order and leave none out. */
static bool
is_sound_path(const struct history_index *x, uint32_t i, uint32_t *changes)
{
	const char *p = x->paths + (size_t)i * HISTORY_INDEX_PATH;
	uint32_t at = tables_u32(p), len = tables_u32(p + 4),
		 n = tables_u32(p + 12);

	if (len == 0 || len > LIMIT_PATH || at > x->names.len ||
	    len > x->names.len - at || tables_u32(p + 8) != *changes ||
	    n == 0 || n > x->n_changes - *changes)
		return false;
	if (i > 0 && str_cmp(name_of(x, i - 1), name_of(x, i)) >= 0)
		return false;
	for (uint32_t k = *changes; k < *changes + n; k++) {
		const struct history_index_change *c = &x->changes[k];

		if (c->commit >= x->n_commits ||
		    (c->before >= x->n_contents &&
			c->before != HISTORY_INDEX_NONE) ||
		    (c->after >= x->n_contents &&
			c->after != HISTORY_INDEX_NONE) ||
		    (k > *changes && c[-1].commit >= c->commit))
			return false;
	}
	*changes += n;
	return true;
}

static bool
is_sound_rename(const struct history_index *x, uint32_t i)
{
	const struct history_index_rename *r = &x->renames[i];

	if (r->commit >= x->n_commits || r->from >= x->n_paths ||
	    r->to >= x->n_paths || r->similarity > 100)
		return false;
	return i == 0 || r[-1].commit < r->commit ||
	    (r[-1].commit == r->commit && r[-1].to < r->to);
}

static enum err
check(const struct history_index *x)
{
	uint32_t changes = 0;

	for (uint32_t i = 0; i < x->n_commits; i++)
		if (!is_sound_commit(x, i))
			return damaged("a commit");
	for (uint32_t i = 1; i < x->n_contents; i++)
		if (memcmp(x->contents + (size_t)(i - 1) * OID_BYTES,
			x->contents + (size_t)i * OID_BYTES, OID_BYTES) >= 0)
			return damaged("a content");
	for (uint32_t i = 0; i < x->n_paths; i++)
		if (!is_sound_path(x, i, &changes))
			return damaged("a path");
	if (changes != x->n_changes)
		return damaged("changes of no path");
	for (uint32_t i = 0; i < x->n_renames; i++)
		if (!is_sound_rename(x, i))
			return damaged("a rename");
	return ERR_NONE;
}

static enum err
open_it(struct history_index **out, struct io_map map, struct str bytes)
{
	struct history_index *x = calloc(1, sizeof *x);
	enum err rc;

	if (x == NULL)
		bug("no memory for an index of history");
	x->map = map;
	rc = read_header(x, bytes);
	if (rc == ERR_NONE)
		rc = check(x);
	if (rc == ERR_NONE)
		*out = x;
	else
		history_index_close(x);
	return rc;
}

enum err
history_index_open(struct history_index **out, const char *path)
{
	struct io_map map;
	enum err rc = io_map(&map, path, SIZE_MAX / 2);

	return rc != ERR_NONE ? rc : open_it(out, map, map.bytes);
}

enum err
history_index_open_bytes(struct history_index **out, struct str bytes)
{
	return open_it(out, (struct io_map){ { "", 0 } }, bytes);
}

void
history_index_close(struct history_index *x)
{
	if (x == NULL)
		return;
	if (x->map.bytes.len > 0)
		io_unmap(&x->map);
	free(x);
}

uint32_t
history_index_commits(const struct history_index *x)
{
	return x->n_commits;
}

struct history_index_commit
history_index_commit(const struct history_index *x, uint32_t i)
{
	struct history_index_commit out = { 0 };
	const char *c;

	if (i >= x->n_commits)
		bug("commit %u of %u", i, x->n_commits);
	c = commit_at(x, i);
	memcpy(out.id.id, c, OID_BYTES);
	memcpy(out.tree.id, c + OID_BYTES, OID_BYTES);
	out.time = (int64_t)tables_u64(c + 40);
	out.parents = x->parents + tables_u32(c + 48);
	out.n_parents = tables_u32(c + 52);
	out.level = tables_u32(c + 56);
	out.missing = (tables_u32(c + 60) & HISTORY_INDEX_MISSING) != 0;
	out.unknown = (tables_u32(c + 60) & HISTORY_INDEX_UNKNOWN) != 0;
	return out;
}

/* The ids at the head of n sorted records. */
static bool
find_id(uint32_t *out, const char *records, uint32_t n, size_t size,
    const struct oid *id)
{
	uint32_t low = 0, high = n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = memcmp(records + middle * size, id->id, OID_BYTES);

		if (order == 0) {
			*out = middle;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

bool
history_index_find(uint32_t *commit, const struct history_index *x,
    const struct oid *id)
{
	return find_id(commit, x->commits, x->n_commits, HISTORY_INDEX_COMMIT,
	    id);
}

uint32_t
history_index_paths(const struct history_index *x)
{
	return x->n_paths;
}

struct str
history_index_path(const struct history_index *x, uint32_t i)
{
	if (i >= x->n_paths)
		bug("path %u of %u", i, x->n_paths);
	return name_of(x, i);
}

/* The first path that is not before this one. */
static uint32_t
lower(const struct history_index *x, struct str path)
{
	uint32_t low = 0, high = x->n_paths;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (str_cmp(name_of(x, middle), path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
history_index_find_path(uint32_t *i, const struct history_index *x,
    struct str path)
{
	uint32_t at = lower(x, path);

	if (at == x->n_paths || !str_eq(name_of(x, at), path))
		return false;
	*i = at;
	return true;
}

void
history_index_below(uint32_t *first, uint32_t *n, const struct history_index *x,
    struct str folder)
{
	struct buf edge = { 0 };

	if (folder.len == 0) {
		*first = 0;
		*n = x->n_paths;
		return;
	}
	buf_str(&edge, folder);
	buf_char(&edge, '/');
	*first = lower(x, buf_view(&edge));
	edge.at[edge.len - 1] = '/' + 1;
	*n = lower(x, buf_view(&edge)) - *first;
	buf_release(&edge);
}

const struct history_index_change *
history_index_changes(const struct history_index *x, uint32_t path, uint32_t *n)
{
	const char *p;

	if (path >= x->n_paths)
		bug("path %u of %u", path, x->n_paths);
	p = x->paths + (size_t)path * HISTORY_INDEX_PATH;
	*n = tables_u32(p + 12);
	return x->changes + tables_u32(p + 8);
}

const struct history_index_change *
history_index_change(const struct history_index *x, uint32_t path,
    uint32_t commit)
{
	uint32_t n, low = 0;
	const struct history_index_change *at =
	    history_index_changes(x, path, &n);

	while (low < n) {
		uint32_t middle = low + (n - low) / 2;

		if (at[middle].commit == commit)
			return &at[middle];
		if (at[middle].commit < commit)
			low = middle + 1;
		else
			n = middle;
	}
	return NULL;
}

struct oid
history_index_content(const struct history_index *x, uint32_t i)
{
	struct oid id;

	if (i >= x->n_contents)
		bug("content %u of %u", i, x->n_contents);
	memcpy(id.id, x->contents + (size_t)i * OID_BYTES, OID_BYTES);
	return id;
}

const struct history_index_rename *
history_index_renames(const struct history_index *x, uint32_t commit,
    uint32_t *n)
{
	uint32_t low = 0, high = x->n_renames;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->renames[middle].commit < commit)
			low = middle + 1;
		else
			high = middle;
	}
	for (*n = 0; low + *n < x->n_renames; ++*n)
		if (x->renames[low + *n].commit != commit)
			break;
	return x->renames + low;
}

bool
history_index_has_renames(const struct history_index *x)
{
	return (x->flags & HISTORY_INDEX_SIMILAR) != 0;
}
