#include "core/textstore.h"

#include <stdlib.h>
#include <string.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/search_index.h"
#include "core/textstore_format.h"

struct textstore {
	struct io_map map; /* empty when the bytes are the caller's */
	struct str bytes;
	uint32_t n_releases, n_blobs, n_places;
	struct str content, names;
	const char *releases, *blobs, *places;
	const uint32_t *by_blob;
	struct search_index *index;
};

static uint32_t
u32(const char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static uint64_t
u64(const char *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static enum err
damaged(const char *where)
{
	return fail(ERR_FORMAT, "the text store is damaged: %s", where);
}

/* Takes n records of `size` off the front of the tables. */
static bool
take(struct str *tables, const char **out, uint64_t n, uint64_t size)
{
	uint64_t len = (n * size + 7) & ~(uint64_t)7;

	if (len > tables->len)
		return false;
	*out = tables->at;
	*tables = str_slice(*tables, len, tables->len);
	return true;
}

static enum err
read_header(struct textstore *t)
{
	const char *h = t->bytes.at;
	uint64_t content, tables, names, size = t->bytes.len;
	const char *by_blob, *text;
	struct str rest, index;

	if (size < TEXTSTORE_CONTENT || memcmp(h, TEXTSTORE_MAGIC, 8) != 0)
		return fail(ERR_FORMAT, "this is not a text store");
	if (u32(h + TEXTSTORE_AT_VERSION) != TEXTSTORE_VERSION)
		return fail(ERR_FORMAT,
		    "a text store of version %u, this program reads %d",
		    u32(h + TEXTSTORE_AT_VERSION), TEXTSTORE_VERSION);
	t->n_releases = u32(h + TEXTSTORE_AT_RELEASES);
	t->n_blobs = u32(h + TEXTSTORE_AT_BLOBS);
	t->n_places = u32(h + TEXTSTORE_AT_PLACES);
	content = u64(h + TEXTSTORE_AT_CONTENT_LEN);
	tables = u64(h + TEXTSTORE_AT_TABLES);
	names = u64(h + TEXTSTORE_AT_NAMES_LEN);
	if (u64(h + TEXTSTORE_AT_SIZE) > size ||
	    u64(h + TEXTSTORE_AT_SIZE) % 8 != 0)
		return damaged("its length is not what it says");
	index = str_slice(t->bytes, u64(h + TEXTSTORE_AT_SIZE), size);
	size -= index.len;
	if (tables > size || tables % 8 != 0 || tables < TEXTSTORE_CONTENT ||
	    content > tables - TEXTSTORE_CONTENT ||
	    t->n_releases > SEARCH_RELEASES)
		return damaged("its header");
	t->content = str_slice(t->bytes, TEXTSTORE_CONTENT, content);
	rest = str_slice(t->bytes, tables, size - tables);
	if (!take(&rest, &t->releases, t->n_releases, TEXTSTORE_RELEASE) ||
	    !take(&rest, &t->blobs, t->n_blobs, TEXTSTORE_BLOB) ||
	    !take(&rest, &t->places, t->n_places, TEXTSTORE_PLACE) ||
	    !take(&rest, &by_blob, t->n_places, 4) ||
	    !take(&rest, &text, names, 1) || rest.len != 0)
		return damaged("its tables");
	t->by_blob = (const uint32_t *)(const void *)by_blob;
	t->names = (struct str){ text, names };
	return search_index_open(&t->index, index, content);
}

/* A name: u32 offset, u32 length, in the table of names. */
static bool
is_name(const struct textstore *t, const char *record, uint32_t most)
{
	uint32_t at = u32(record), len = u32(record + 4);

	return len <= most && at <= t->names.len && len <= t->names.len - at;
}

static bool
is_sound_blob(const struct textstore *t, const char *r)
{
	uint32_t flags = u32(r + 20), first = u32(r + 52);
	uint64_t at = u64(r + 24), size = u64(r + 32);

	if (flags & ~(uint32_t)TEXTSTORE_FLAGS || u32(r + 48) >= ENCODINGS ||
	    first > t->n_places || u32(r + 56) > t->n_places - first ||
	    u32(r + 56) == 0)
		return false;
	if (flags & TEXTSTORE_WITHHELD)
		return true;
	/* One byte stands behind each blob. */
	return size <= LIMIT_BLOB && at < t->content.len &&
	    size < t->content.len - at;
}

static bool
is_sound_place(const struct textstore *t, uint32_t i)
{
	const char *r = t->places + (size_t)i * TEXTSTORE_PLACE;
	uint32_t release = u32(r + 8) & 0x7fffffff;

	return is_name(t, r, LIMIT_PATH) && u32(r + 12) < t->n_blobs &&
	    release < t->n_releases && t->by_blob[i] < t->n_places;
}

/* The places listed for a blob are places of that blob. */
static bool
has_sound_list(const struct textstore *t, uint32_t blob)
{
	uint32_t n;
	const uint32_t *at = textstore_places_of(t, blob, &n);

	for (uint32_t i = 0; i < n; i++)
		if (u32(t->places + (size_t)at[i] * TEXTSTORE_PLACE + 12) !=
		    blob)
			return false;
	return true;
}

static enum err
check(const struct textstore *t)
{
	for (uint32_t i = 0; i < t->n_releases; i++)
		if (!is_name(t, t->releases + (size_t)i * TEXTSTORE_RELEASE,
			LIMIT_REF_NAME))
			return damaged("a release");
	for (uint32_t i = 0; i < t->n_blobs; i++)
		if (!is_sound_blob(t, t->blobs + (size_t)i * TEXTSTORE_BLOB))
			return damaged("a file's content");
	for (uint32_t i = 0; i < t->n_places; i++)
		if (!is_sound_place(t, i))
			return damaged("a file's place");
	for (uint32_t i = 0; i < t->n_blobs; i++)
		if (!has_sound_list(t, i))
			return damaged("the places of a file");
	return ERR_NONE;
}

static enum err
open_it(struct textstore **out, struct io_map map, struct str bytes)
{
	struct textstore *t = calloc(1, sizeof *t);
	enum err rc;

	if (t == NULL)
		bug("no memory for a text store");
	t->map = map;
	t->bytes = bytes;
	rc = read_header(t);
	if (rc == ERR_NONE)
		rc = check(t);
	if (rc == ERR_NONE)
		*out = t;
	else
		textstore_close(t);
	return rc;
}

enum err
textstore_open_bytes(struct textstore **out, struct str bytes)
{
	return open_it(out, (struct io_map){ { "", 0 } }, bytes);
}

enum err
textstore_open(struct textstore **out, const char *path)
{
	struct io_map map;
	enum err rc = io_map(&map, path, SIZE_MAX / 2);

	return rc != ERR_NONE ? rc : open_it(out, map, map.bytes);
}

enum err
textstore_open_fd(struct textstore **out, int fd)
{
	struct io_map map;
	enum err rc = io_map_fd(&map, fd, SIZE_MAX / 2);

	return rc != ERR_NONE ? rc : open_it(out, map, map.bytes);
}

void
textstore_close(struct textstore *t)
{
	if (t == NULL)
		return;
	search_index_close(t->index);
	if (t->map.bytes.len > 0)
		io_unmap(&t->map);
	free(t);
}

uint32_t
textstore_releases(const struct textstore *t)
{
	return t->n_releases;
}

static struct oid
oid_at(const char *at)
{
	struct oid o;

	memcpy(o.id, at, OID_BYTES);
	return o;
}

struct search_release
textstore_release(const struct textstore *t, uint32_t i)
{
	const char *r = t->releases + (size_t)i * TEXTSTORE_RELEASE;

	if (i >= t->n_releases)
		bug("release %u of %u", i, t->n_releases);
	return (struct search_release){
		.name = str_slice(t->names, u32(r), u32(r + 4)),
		.commit = oid_at(r + 8),
		.tree = oid_at(r + 8 + OID_BYTES),
	};
}

uint32_t
textstore_blobs(const struct textstore *t)
{
	return t->n_blobs;
}

struct textstore_blob
textstore_blob(const struct textstore *t, uint32_t i)
{
	const char *r = t->blobs + (size_t)i * TEXTSTORE_BLOB;
	uint32_t flags;
	struct textstore_blob b;

	if (i >= t->n_blobs)
		bug("blob %u of %u", i, t->n_blobs);
	flags = u32(r + 20);
	b = (struct textstore_blob){
		.oid = oid_at(r),
		.bytes = { "", 0 },
		.encoding = (enum encoding)u32(r + 48),
		.withheld = flags & TEXTSTORE_WITHHELD,
		.size = u64(r + 32),
		.facts = {
			.utf8 = flags & TEXTSTORE_UTF8,
			.ascii = flags & TEXTSTORE_ASCII,
			.nul = flags & TEXTSTORE_NUL,
			.crlf = flags & TEXTSTORE_CRLF,
			.open = flags & TEXTSTORE_OPEN,
			.lines = u32(r + 40),
			.longest = u32(r + 44),
		},
	};
	if (!b.withheld)
		b.bytes = str_slice(t->content, u64(r + 24), b.size);
	return b;
}

uint32_t
textstore_places(const struct textstore *t)
{
	return t->n_places;
}

struct textstore_place
textstore_place(const struct textstore *t, uint32_t i)
{
	const char *r = t->places + (size_t)i * TEXTSTORE_PLACE;
	struct textstore_place p = { 0 };

	if (i >= t->n_places)
		bug("place %u of %u", i, t->n_places);
	p.path = str_slice(t->names, u32(r), u32(r + 4));
	p.release = u32(r + 8) & 0x7fffffff;
	p.withheld = u32(r + 8) >> 31;
	p.blob = u32(r + 12);
	return p;
}

const uint32_t *
textstore_places_of(const struct textstore *t, uint32_t blob, uint32_t *n)
{
	const char *r = t->blobs + (size_t)blob * TEXTSTORE_BLOB;

	if (blob >= t->n_blobs)
		bug("blob %u of %u", blob, t->n_blobs);
	*n = u32(r + 56);
	return t->by_blob + u32(r + 52);
}

static bool
wants_release(const struct textstore *t, const struct query *q, uint32_t i)
{
	if (q->n_releases == 0)
		return true;
	for (uint32_t k = 0; k < q->n_releases; k++)
		if (str_eq(q->releases[k], textstore_release(t, i).name))
			return true;
	return false;
}

bool
textstore_wants(const struct textstore *t, const struct query *q,
    const struct textstore_place *place)
{
	return !place->withheld && wants_release(t, q, place->release) &&
	    search_wants_path(q, place->path);
}

static enum err
check_releases(const struct textstore *t, const struct query *q)
{
	for (uint32_t k = 0; k < q->n_releases; k++) {
		bool known = false;

		for (uint32_t i = 0; i < t->n_releases; i++)
			known = known ||
			    str_eq(q->releases[k],
				textstore_release(t, i).name);
		if (!known)
			return fail(ERR_ABSENT, "there is no release %.*s",
			    STR_ARG(str_slice(q->releases[k], 0, 100)));
	}
	return ERR_NONE;
}

/* Every place of every release: nothing to look at one by one. */
static void
select_all(struct textstore_selection *out, uint32_t *blobs,
    const struct textstore *t)
{
	out->places = t->n_places;
	for (uint32_t i = 0; i < t->n_blobs; i++) {
		const char *r = t->blobs + (size_t)i * TEXTSTORE_BLOB;

		if (!(u32(r + 20) & TEXTSTORE_WITHHELD))
			blobs[out->n_blobs++] = i;
	}
	for (uint32_t i = 0; i < t->n_places; i++)
		out->withheld +=
		    u32(t->places + (size_t)i * TEXTSTORE_PLACE + 8) >> 31;
}

static void
select_some(struct textstore_selection *out, uint32_t *blobs,
    const struct textstore *t, const struct query *q, bool *in)
{
	for (uint32_t i = 0; i < t->n_places; i++) {
		struct textstore_place p = textstore_place(t, i);

		if (!wants_release(t, q, p.release) ||
		    !search_wants_path(q, p.path))
			continue;
		out->places++;
		if (p.withheld)
			out->withheld++;
		else
			in[p.blob] = true;
	}
	for (uint32_t i = 0; i < t->n_blobs; i++)
		if (in[i] && !textstore_blob(t, i).withheld)
			blobs[out->n_blobs++] = i;
}

enum err
textstore_select(struct textstore_selection *out, struct arena *a,
    const struct textstore *t, const struct query *q)
{
	struct textstore_selection s = { 0 };
	uint32_t *blobs;
	enum err rc = check_releases(t, q);

	if (rc != ERR_NONE)
		return rc;
	blobs = arena_array(a, t->n_blobs, uint32_t);
	if (q->n_globs == 0 && q->n_releases == 0)
		select_all(&s, blobs, t);
	else
		select_some(&s, blobs, t, q, arena_array(a, t->n_blobs, bool));
	s.blobs = blobs;
	*out = s;
	return ERR_NONE;
}

const struct search_index *
textstore_index(const struct textstore *t)
{
	return t->index;
}

uint64_t
textstore_content_at(const struct textstore *t, uint32_t i)
{
	const char *r = t->blobs + (size_t)i * TEXTSTORE_BLOB;

	if (i >= t->n_blobs)
		bug("blob %u of %u", i, t->n_blobs);
	return u32(r + 20) & TEXTSTORE_WITHHELD ? 0 : u64(r + 24);
}
