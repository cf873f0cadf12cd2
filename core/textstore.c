#include "core/textstore.h"

#include <stdlib.h>
#include <string.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/search_index.h"
#include "core/tables.h"
#include "core/textstore_format.h"

struct textstore {
	struct io_map map; /* empty when the bytes are the caller's */
	struct str bytes;
	uint32_t n_releases, n_blobs, n_places;
	struct str content, names;
	const char *releases, *blobs, *places;
	const uint32_t *by_blob;
	struct search_index *index;
	uint32_t withheld;
	bool *damaged; /* something that was looked at */
};

static enum err
damaged(const char *where)
{
	return fail(ERR_FORMAT, "the text store is damaged: %s", where);
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
	if (tables_u32(h + TEXTSTORE_AT_VERSION) != TEXTSTORE_VERSION)
		return fail(ERR_FORMAT,
		    "a text store of version %u, this program reads %d",
		    tables_u32(h + TEXTSTORE_AT_VERSION), TEXTSTORE_VERSION);
	t->n_releases = tables_u32(h + TEXTSTORE_AT_RELEASES);
	t->n_blobs = tables_u32(h + TEXTSTORE_AT_BLOBS);
	t->n_places = tables_u32(h + TEXTSTORE_AT_PLACES);
	t->withheld = tables_u32(h + TEXTSTORE_AT_WITHHELD);
	content = tables_u64(h + TEXTSTORE_AT_CONTENT_LEN);
	tables = tables_u64(h + TEXTSTORE_AT_TABLES);
	names = tables_u64(h + TEXTSTORE_AT_NAMES_LEN);
	if (tables_u64(h + TEXTSTORE_AT_SIZE) > size ||
	    tables_u64(h + TEXTSTORE_AT_SIZE) % 8 != 0)
		return damaged("its length is not what it says");
	index = str_slice(t->bytes, tables_u64(h + TEXTSTORE_AT_SIZE), size);
	size -= index.len;
	if (tables > size || tables % 8 != 0 || tables < TEXTSTORE_CONTENT ||
	    content > tables - TEXTSTORE_CONTENT ||
	    t->n_releases > SEARCH_RELEASES || t->withheld > t->n_blobs ||
	    content < t->n_blobs - t->withheld)
		return damaged("its header");
	t->content = str_slice(t->bytes, TEXTSTORE_CONTENT, content);
	rest = str_slice(t->bytes, tables, size - tables);
	if (!tables_take(&rest, &t->releases, t->n_releases,
		TEXTSTORE_RELEASE) ||
	    !tables_take(&rest, &t->blobs, t->n_blobs, TEXTSTORE_BLOB) ||
	    !tables_take(&rest, &t->places, t->n_places, TEXTSTORE_PLACE) ||
	    !tables_take(&rest, &by_blob, t->n_places, 4) ||
	    !tables_take(&rest, &text, names, 1) || rest.len != 0)
		return damaged("its tables");
	t->by_blob = (const uint32_t *)(const void *)by_blob;
	t->names = (struct str){ text, names };
	return search_index_open(&t->index, index, content, t->n_blobs);
}

/* A name: u32 offset, u32 length, in the table of names. */
static bool
is_name(const struct textstore *t, const char *record, uint32_t most)
{
	uint32_t at = tables_u32(record), len = tables_u32(record + 4);

	return len <= most && at <= t->names.len && len <= t->names.len - at;
}

static bool
is_sound_blob(const struct textstore *t, const char *r)
{
	uint32_t flags = tables_u32(r + 20), first = tables_u32(r + 52);
	uint64_t at = tables_u64(r + 24), size = tables_u64(r + 32);

	if (flags & ~(uint32_t)TEXTSTORE_FLAGS ||
	    tables_u32(r + 48) >= ENCODINGS || first > t->n_places ||
	    tables_u32(r + 56) > t->n_places - first || tables_u32(r + 56) == 0)
		return false;
	if (flags & TEXTSTORE_WITHHELD)
		return true;
	if (!(textstore_encodings(t) >> tables_u32(r + 48) & 1))
		return false;
	/* One byte stands behind each blob. */
	return size <= LIMIT_BLOB && at < t->content.len &&
	    size < t->content.len - at;
}

static bool
is_sound_place(const struct textstore *t, const char *r)
{
	uint32_t release = tables_u32(r + 8) & 0x7fffffff;

	return is_name(t, r, LIMIT_PATH) && tables_u32(r + 12) < t->n_blobs &&
	    release < t->n_releases;
}

/* The places listed for a blob are places of that blob. */
static bool
has_sound_list(const struct textstore *t, uint32_t blob)
{
	const char *r = t->blobs + (size_t)blob * TEXTSTORE_BLOB;
	const uint32_t *at = t->by_blob + tables_u32(r + 52);

	for (uint32_t i = 0; i < tables_u32(r + 56); i++)
		if (at[i] >= t->n_places ||
		    tables_u32(t->places + (size_t)at[i] * TEXTSTORE_PLACE +
			12) != blob)
			return false;
	return true;
}

enum err
textstore_damage(const struct textstore *t)
{
	if (search_index_damage(t->index) != ERR_NONE)
		return ERR_FORMAT;
	return *t->damaged ? damaged("a record") : ERR_NONE;
}

enum err
textstore_check(const struct textstore *t)
{
	uint32_t withheld = 0;

	for (uint32_t i = 0; i < t->n_releases; i++)
		if (!is_name(t, t->releases + (size_t)i * TEXTSTORE_RELEASE,
			LIMIT_REF_NAME))
			return damaged("a release");
	for (uint32_t i = 0; i < t->n_blobs; i++) {
		const char *r = t->blobs + (size_t)i * TEXTSTORE_BLOB;

		if (!is_sound_blob(t, r))
			return damaged("a file's content");
		if (!has_sound_list(t, i))
			return damaged("the places of a file");
		withheld += (tables_u32(r + 20) & TEXTSTORE_WITHHELD) != 0;
	}
	for (uint32_t i = 0; i < t->n_places; i++)
		if (!is_sound_place(t, t->places + (size_t)i * TEXTSTORE_PLACE))
			return damaged("a file's place");
	if (withheld != t->withheld)
		return damaged("its header");
	return search_index_check(t->index);
}

uint32_t
textstore_encodings(const struct textstore *t)
{
	return search_index_encodings(t->index);
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
	t->damaged = calloc(1, sizeof *t->damaged);
	if (t->damaged == NULL)
		bug("no memory for a text store");
	rc = read_header(t);
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
	free(t->damaged);
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
	if (!is_name(t, r, LIMIT_REF_NAME)) {
		*t->damaged = true;
		return (struct search_release){ .name = { "", 0 } };
	}
	return (struct search_release){
		.name = str_slice(t->names, tables_u32(r), tables_u32(r + 4)),
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
	if (!is_sound_blob(t, r)) {
		*t->damaged = true;
		return (struct textstore_blob){ .oid = oid_at(r),
			.bytes = { "", 0 },
			.withheld = true };
	}
	flags = tables_u32(r + 20);
	b = (struct textstore_blob){
		.oid = oid_at(r),
		.bytes = { "", 0 },
		.encoding = (enum encoding)tables_u32(r + 48),
		.withheld = flags & TEXTSTORE_WITHHELD,
		.size = tables_u64(r + 32),
		.facts = {
			.utf8 = flags & TEXTSTORE_UTF8,
			.ascii = flags & TEXTSTORE_ASCII,
			.nul = flags & TEXTSTORE_NUL,
			.crlf = flags & TEXTSTORE_CRLF,
			.open = flags & TEXTSTORE_OPEN,
			.lines = tables_u32(r + 40),
			.longest = tables_u32(r + 44),
		},
	};
	if (!b.withheld)
		b.bytes = str_slice(t->content, tables_u64(r + 24), b.size);
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
	if (!is_sound_place(t, r)) {
		*t->damaged = true;
		p.path = (struct str){ "", 0 };
		p.withheld = true;
		return p;
	}
	p.path = str_slice(t->names, tables_u32(r), tables_u32(r + 4));
	p.release = tables_u32(r + 8) & 0x7fffffff;
	p.withheld = tables_u32(r + 8) >> 31;
	p.blob = tables_u32(r + 12);
	return p;
}

const uint32_t *
textstore_places_of(const struct textstore *t, uint32_t blob, uint32_t *n)
{
	const char *r = t->blobs + (size_t)blob * TEXTSTORE_BLOB;

	if (blob >= t->n_blobs)
		bug("blob %u of %u", blob, t->n_blobs);
	*n = 0;
	if (!is_sound_blob(t, r) || !has_sound_list(t, blob)) {
		*t->damaged = true;
		return t->by_blob;
	}
	*n = tables_u32(r + 56);
	return t->by_blob + tables_u32(r + 52);
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

/* Every place of every release: nothing to look at one by one, unless some
 * are withheld. */
static void
select_all(struct textstore_selection *out, struct arena *a,
    const struct textstore *t)
{
	uint32_t *blobs;

	out->places = t->n_places;
	if (t->withheld == 0) {
		out->n_blobs = t->n_blobs;
		out->bytes = t->content.len - t->n_blobs;
		return;
	}
	blobs = arena_array(a, t->n_blobs, uint32_t);
	for (uint32_t i = 0; i < t->n_blobs; i++) {
		const char *r = t->blobs + (size_t)i * TEXTSTORE_BLOB;

		if (!(tables_u32(r + 20) & TEXTSTORE_WITHHELD))
			blobs[out->n_blobs++] = i;
	}
	for (uint32_t i = 0; i < t->n_places; i++)
		out->withheld +=
		    tables_u32(t->places + (size_t)i * TEXTSTORE_PLACE + 8) >>
		    31;
	out->blobs = blobs;
}

static void
select_some(struct textstore_selection *out, struct arena *a,
    const struct textstore *t, const struct query *q)
{
	uint32_t *blobs = arena_array(a, t->n_blobs, uint32_t);
	bool *in = arena_array(a, t->n_blobs, bool);

	out->blobs = blobs;
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
	enum err rc = check_releases(t, q);

	if (rc != ERR_NONE)
		return rc;
	if (q->n_globs == 0 && q->n_releases == 0)
		select_all(&s, a, t);
	else
		select_some(&s, a, t, q);
	*out = s;
	return ERR_NONE;
}

uint32_t
textstore_selected(const struct textstore_selection *s, uint32_t i)
{
	if (i >= s->n_blobs)
		bug("blob %u of %u selected", i, s->n_blobs);
	return s->blobs == NULL ? i : s->blobs[i];
}

uint32_t
textstore_selected_from(const struct textstore_selection *s, uint32_t blob)
{
	uint32_t lo = 0, hi = s->n_blobs;

	if (s->blobs == NULL)
		return blob < hi ? blob : hi;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (s->blobs[mid] < blob)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
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
	if (!is_sound_blob(t, r)) {
		*t->damaged = true;
		return 0;
	}
	return tables_u32(r + 20) & TEXTSTORE_WITHHELD ? 0 : tables_u64(r + 24);
}
