#include "core/textstore.h"

#include <stdlib.h>
#include <string.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/oidset.h"
#include "core/search_index.h"
#include "core/textstore_format.h"
#include "core/textstore_old.h"
#include "core/wire.h"

struct entry {       /* a place */
	size_t name; /* in names, before they are sorted */
	uint32_t name_len, release, blob, stored;
	bool withheld;
};

struct content {
	struct oid oid;
	uint64_t size, at;
	uint32_t number, first, places;
	bool withheld;
	struct encoding_facts facts;
	enum encoding encoding;
};

struct textstore_writer {
	struct io_file *file;
	struct buf releases, release_names, names;
	uint32_t n_releases;
	struct entry *places;
	size_t n_places, places_room;
	struct content *blobs; /* as they came; number says their order */
	size_t n_blobs, blobs_room;
	struct oidset ids; /* of the blobs, as they came */
	uint32_t *order;   /* blob with that number */
	struct search_index_writer *index;
	uint32_t chunk; /* bytes of its chunks */
	struct textstore_old old;
	enum err (*taken)(void *arg, const struct oid *blob, struct str bytes);
	uint32_t *same; /* of each content, which one of old, in order */
	struct search_index_old old_index;
};

enum err
textstore_write_start(struct textstore_writer **out, int dir, const char *name)
{
	struct textstore_writer *w = calloc(1, sizeof *w);
	enum err rc;

	if (w == NULL)
		bug("no memory for a text store");
	w->chunk = SEARCH_INDEX_BYTES;
	rc = encoding_open();
	if (rc == ERR_NONE)
		rc = io_write_start(&w->file, dir, name);
	if (rc == ERR_NONE) {
		*out = w;
	} else {
		free(w);
	}
	return rc;
}

void
textstore_write_chunk(struct textstore_writer *w, uint32_t bytes)
{
	w->chunk = bytes;
}

static void
release(struct textstore_writer *w)
{
	search_index_write_drop(w->index);
	textstore_old_release(&w->old);
	free(w->same);
	buf_release(&w->releases);
	buf_release(&w->release_names);
	buf_release(&w->names);
	free(w->places);
	free(w->blobs);
	oidset_release(&w->ids);
	free(w->order);
	free(w);
}

void
textstore_write_drop(struct textstore_writer *w)
{
	if (w == NULL)
		return;
	io_write_drop(w->file);
	release(w);
}

uint32_t
textstore_write_release(struct textstore_writer *w,
    const struct search_release *r)
{
	wire_put_u32(&w->releases, (uint32_t)w->release_names.len);
	wire_put_u32(&w->releases, (uint32_t)r->name.len);
	wire_put_oid(&w->releases, &r->commit);
	wire_put_oid(&w->releases, &r->tree);
	buf_str(&w->release_names, r->name);
	return w->n_releases++;
}

static void *
grown(void *at, size_t *room, size_t size)
{
	*room = *room == 0 ? 256 : 2 * *room;
	at = reallocarray(at, *room, size);
	if (at == NULL)
		bug("no memory for %zu files", *room);
	return at;
}

static uint32_t
blob_for(struct textstore_writer *w, const struct oid *id, uint64_t size)
{
	uint32_t i;

	if (!oidset_add(&w->ids, &i, id))
		return i;
	if (i == w->blobs_room)
		w->blobs = grown(w->blobs, &w->blobs_room, sizeof *w->blobs);
	w->blobs[i] =
	    (struct content){ .oid = *id, .size = size, .withheld = true };
	w->n_blobs++;
	return i;
}

enum err
textstore_write_place(struct textstore_writer *w, uint32_t release_number,
    struct str path, const struct oid *blob, bool withheld, uint64_t size)
{
	struct entry *e;
	uint32_t b;

	if (release_number >= w->n_releases)
		bug("release %u of %u", release_number, w->n_releases);
	if (path.len == 0 || path.len > LIMIT_PATH)
		return fail(ERR_LIMIT, "a path of %zu bytes", path.len);
	if (w->n_places >= (size_t)LIMIT_TREE_ENTRIES * 4)
		return fail(ERR_LIMIT, "more than %zu files", w->n_places);
	if (!withheld && size > LIMIT_BLOB)
		return fail(ERR_LIMIT, "%.*s: %llu bytes, at most %d",
		    STR_ARG(str_slice(path, 0, 200)), (unsigned long long)size,
		    LIMIT_BLOB);
	b = blob_for(w, blob, size);
	if (w->blobs[b].size != size)
		return fail(ERR_FORMAT, "%.*s: its size changes",
		    STR_ARG(str_slice(path, 0, 200)));
	w->blobs[b].withheld = w->blobs[b].withheld && withheld;
	if (w->n_places == w->places_room)
		w->places =
		    grown(w->places, &w->places_room, sizeof *w->places);
	e = &w->places[w->n_places++];
	*e = (struct entry){ .name = w->names.len,
		.name_len = (uint32_t)path.len,
		.release = release_number,
		.blob = b,
		.withheld = withheld };
	buf_str(&w->names, path);
	return ERR_NONE;
}

static int
by_path(const void *a, const void *b, void *names)
{
	const struct entry *x = a, *y = b;
	int order =
	    str_cmp((struct str){ (const char *)names + x->name, x->name_len },
		(struct str){ (const char *)names + y->name, y->name_len });

	if (order != 0)
		return order;
	return (x->release > y->release) - (x->release < y->release);
}

/* Places by path, blobs by their first place, names once each. */
static enum err
sort(struct textstore_writer *w)
{
	struct buf names = { 0 };
	uint32_t next = 0;

	if (w->n_places > 0)
		qsort_r(w->places, w->n_places, sizeof *w->places, by_path,
		    w->names.at);
	w->order = reallocarray(NULL, w->n_blobs + 1, sizeof *w->order);
	if (w->order == NULL)
		bug("no memory for %zu files", w->n_blobs);
	for (size_t i = 0; i < w->n_places; i++) {
		struct entry *e = &w->places[i], *before = e - 1;
		struct str name = { w->names.at + e->name, e->name_len };
		struct content *c = &w->blobs[e->blob];

		if (c->places++ == 0) {
			w->order[next] = e->blob;
			c->number = next++;
		}
		if (i > 0 &&
		    str_eq(name,
			(struct str){ w->names.at + before->name,
			    before->name_len })) {
			e->stored = before->stored;
			if (e->release == before->release) {
				buf_release(&names);
				return fail(ERR_FORMAT,
				    "%.*s: twice in a release",
				    STR_ARG(str_slice(name, 0, 200)));
			}
			continue;
		}
		if (names.len + name.len + w->release_names.len > UINT32_MAX) {
			buf_release(&names);
			return fail(ERR_LIMIT, "the names are too many");
		}
		e->stored = (uint32_t)(w->release_names.len + names.len);
		buf_str(&names, name);
	}
	buf_release(&w->names);
	w->names = names;
	return ERR_NONE;
}

static enum err
put(struct textstore_writer *w, struct str bytes)
{
	return io_write(w->file, bytes);
}

static uint64_t
padded(uint64_t n)
{
	return (n + 7) & ~(uint64_t)7;
}

/* Where everything will be: the sizes are known beforehand. */
static enum err
put_header(struct textstore_writer *w)
{
	struct buf b = { 0 };
	uint64_t content = 0, tables, names, size;
	uint32_t first = 0, withheld = 0;
	enum err rc;

	for (size_t i = 0; i < w->n_blobs; i++) {
		struct content *c = &w->blobs[w->order[i]];

		c->first = first;
		first += c->places;
		withheld += c->withheld;
		if (c->withheld)
			continue;
		c->at = content;
		content += c->size + 1;
	}
	tables = padded(TEXTSTORE_CONTENT + content + TEXTSTORE_TAIL);
	names = w->release_names.len + w->names.len;
	size = tables + (uint64_t)w->n_releases * TEXTSTORE_RELEASE +
	    w->n_blobs * TEXTSTORE_BLOB + w->n_places * TEXTSTORE_PLACE +
	    padded(w->n_places * 4) + padded(names);
	buf_add(&b, TEXTSTORE_MAGIC, 8);
	wire_put_u32(&b, TEXTSTORE_VERSION);
	wire_put_u32(&b, w->n_releases);
	wire_put_u32(&b, (uint32_t)w->n_blobs);
	wire_put_u32(&b, (uint32_t)w->n_places);
	wire_put_u64(&b, content);
	wire_put_u64(&b, tables);
	wire_put_u64(&b, names);
	wire_put_u64(&b, size); /* without the index behind it */
	wire_put_u32(&b, withheld);
	wire_put_u32(&b, 0);
	while (b.len < TEXTSTORE_CONTENT)
		wire_put_u64(&b, 0);
	rc = put(w, buf_view(&b));
	buf_release(&b);
	return rc;
}

static enum err
put_blob(struct textstore_writer *w, const struct content *c, struct str bytes)
{
	enum err rc;

	if (bytes.len != c->size)
		return fail(ERR_FORMAT, "blob %.12s: %zu bytes, not %llu",
		    oid_text(&c->oid).hex, bytes.len,
		    (unsigned long long)c->size);
	search_index_write_add(w->index, c->number, bytes, c->encoding);
	rc = put(w, bytes);
	/* Two blobs never touch: a line cannot run from one to the next. */
	return rc == ERR_NONE ? put(w, STR("\n")) : rc;
}

static enum err
put_new(struct textstore_writer *w, struct content *c, struct str bytes)
{
	encoding_examine(&c->facts, bytes);
	c->encoding = encoding_guess(bytes);
	return put_blob(w, c, bytes);
}

static enum err
put_old(struct textstore_writer *w, struct content *c, uint32_t i, void *arg)
{
	struct textstore_blob b = textstore_old_blob(&w->old, i);
	enum err rc = w->taken(arg, &c->oid, b.bytes);

	c->facts = b.facts;
	c->encoding = b.encoding;
	return rc == ERR_NONE ? put_blob(w, c, b.bytes) : rc;
}

static enum err
put_padding(struct textstore_writer *w, uint64_t len)
{
	static const char zero[TEXTSTORE_TAIL + 8];

	return put(w, (struct str){ zero, len });
}

static uint32_t
flags_of(const struct content *c)
{
	return (c->facts.utf8 ? TEXTSTORE_UTF8 : 0) |
	    (c->facts.ascii ? TEXTSTORE_ASCII : 0) |
	    (c->facts.nul ? TEXTSTORE_NUL : 0) |
	    (c->facts.crlf ? TEXTSTORE_CRLF : 0) |
	    (c->facts.open ? TEXTSTORE_OPEN : 0) |
	    (c->withheld ? TEXTSTORE_WITHHELD : 0);
}

static void
table_of_blobs(const struct textstore_writer *w, struct buf *b)
{
	for (size_t i = 0; i < w->n_blobs; i++) {
		const struct content *c = &w->blobs[w->order[i]];

		wire_put_oid(b, &c->oid);
		wire_put_u32(b, flags_of(c));
		wire_put_u64(b, c->at);
		wire_put_u64(b, c->size);
		wire_put_u32(b, c->facts.lines);
		wire_put_u32(b, c->facts.longest);
		wire_put_u32(b, (uint32_t)c->encoding);
		wire_put_u32(b, c->first);
		wire_put_u32(b, c->places);
		wire_put_u32(b, 0);
	}
}

static void
table_of_places(const struct textstore_writer *w, struct buf *b)
{
	for (size_t i = 0; i < w->n_places; i++) {
		const struct entry *e = &w->places[i];

		wire_put_u32(b, e->stored);
		wire_put_u32(b, e->name_len);
		wire_put_u32(b,
		    e->release | (e->withheld ? (uint32_t)1 << 31 : 0));
		wire_put_u32(b, w->blobs[e->blob].number);
	}
}

static void
table_by_blob(struct textstore_writer *w, struct buf *b)
{
	uint32_t *at = reallocarray(NULL, w->n_places + 1, sizeof *at);

	if (at == NULL)
		bug("no memory for %zu files", w->n_places);
	for (size_t i = 0; i < w->n_places; i++)
		at[w->blobs[w->places[i].blob].first++] = (uint32_t)i;
	for (size_t i = 0; i < w->n_places; i++)
		wire_put_u32(b, at[i]);
	free(at);
}

static enum err
put_table(struct textstore_writer *w, struct buf *b)
{
	enum err rc;

	while (b->len % 8 != 0)
		buf_char(b, '\0');
	rc = put(w, buf_view(b));
	buf_clear(b);
	return rc;
}

static enum err
put_tables(struct textstore_writer *w)
{
	struct buf b = { 0 };
	enum err rc = put_table(w, &w->releases);

	table_of_blobs(w, &b);
	if (rc == ERR_NONE)
		rc = put_table(w, &b);
	table_of_places(w, &b);
	if (rc == ERR_NONE)
		rc = put_table(w, &b);
	table_by_blob(w, &b);
	if (rc == ERR_NONE)
		rc = put_table(w, &b);
	buf_str(&b, buf_view(&w->release_names));
	buf_str(&b, buf_view(&w->names));
	if (rc == ERR_NONE)
		rc = put_table(w, &b);
	if (rc == ERR_NONE) {
		rc = search_index_write_finish(w->index, &b);
		w->index = NULL;
	}
	if (rc == ERR_NONE)
		rc = put(w, buf_view(&b));
	buf_release(&b);
	return rc;
}

enum err
textstore_write_from(struct textstore_writer *w, const struct textstore *old,
    enum err (*taken)(void *arg, const struct oid *blob, struct str bytes))
{
	w->taken = taken;
	return textstore_old_open(&w->old, old);
}

/* Which contents are in the earlier store, and its index with them. */
static void
find_old(struct textstore_writer *w)
{
	uint32_t n = 0;

	w->same = reallocarray(NULL, w->n_blobs + 1, sizeof *w->same);
	if (w->same == NULL)
		bug("no memory for %zu files", w->n_blobs);
	for (size_t i = 0; i < w->n_blobs; i++) {
		const struct content *c = &w->blobs[w->order[i]];

		if (!c->withheld)
			w->same[n++] = textstore_old_find(&w->old, &c->oid);
	}
	if (w->old.store == NULL)
		return;
	w->old_index = (struct search_index_old){
		.index = textstore_index(w->old.store),
		.from = w->old.from,
		.n = w->old.ids.len,
		.same = w->same,
		.added = n,
	};
	/* It was checked: it is of a version with other chunks. */
	if (search_index_write_from(w->index, &w->old_index) != ERR_NONE)
		err_clear();
}

static enum err
put_content(struct textstore_writer *w,
    enum err (*fetch)(void *arg, const struct oid *blob, struct buf *bytes),
    void *arg)
{
	struct buf bytes = { 0 };
	uint64_t content = TEXTSTORE_CONTENT;
	enum err rc = ERR_NONE;
	uint32_t n = 0;

	for (size_t i = 0; rc == ERR_NONE && i < w->n_blobs; i++) {
		struct content *c = &w->blobs[w->order[i]];

		if (c->withheld)
			continue;
		content += c->size + 1;
		if (w->same[n++] != OIDSET_NONE) {
			rc = put_old(w, c, w->same[n - 1], arg);
			continue;
		}
		buf_clear(&bytes);
		rc = fetch(arg, &c->oid, &bytes);
		if (rc == ERR_NONE)
			rc = put_new(w, c, buf_view(&bytes));
	}
	buf_release(&bytes);
	if (rc == ERR_NONE)
		rc = put_padding(w, padded(content + TEXTSTORE_TAIL) - content);
	return rc;
}

enum err
textstore_write_content(struct textstore_writer *w,
    enum err (*fetch)(void *arg, const struct oid *blob, struct buf *bytes),
    void *arg)
{
	enum err rc = sort(w);

	w->index = search_index_write_start(w->chunk);
	if (rc == ERR_NONE)
		rc = put_header(w);
	if (rc == ERR_NONE) {
		find_old(w);
		rc = put_content(w, fetch, arg);
	}
	return rc == ERR_NONE ? put_tables(w) : rc;
}

enum err
textstore_write_finish(struct textstore_writer *w)
{
	enum err rc = io_write_finish(w->file);

	release(w);
	return rc;
}
