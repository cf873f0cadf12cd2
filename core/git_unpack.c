#include "core/git_unpack.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/hash.h"
#include "core/limits.h"

#ifdef TINY
enum { UNPACK_KEPT = 4096, UNPACK_SLOTS = 16 };
#else
enum { UNPACK_KEPT = 96 * 1024 * 1024, UNPACK_SLOTS = 16 * 1024 };
#endif
/* Bytes of all packs: places in the address space, no memory. */
static const uint64_t mapped_most = (uint64_t)1 << 42;
enum {
	UNPACK_CHAIN = 10 * 1000, /* deltas on deltas */
	UNPACK_END = OID_BYTES,   /* the checksum after the last object */
	UNPACK_LOOSE = 128, /* objects in files of their own, kept while */
	UNPACK_SMALL = 32 * 1024, /* they are no larger */
	UNPACK_HEAD = 32,         /* bytes at most before an object's own */
};

/* As numbered in a pack. */
enum type {
	TYPE_COMMIT = 1,
	TYPE_TREE,
	TYPE_BLOB,
	TYPE_TAG,
	TYPE_BASE_BEFORE = 6, /* a delta to what lies so many bytes before */
	TYPE_BASE_NAMED,      /* a delta to an object of that name */
};

struct unpack_block {
	uint32_t refs;
	enum type type;
	size_t len;
	char at[];
};

/* Bases stay in memory while there is room: the next object of a history
 * is most often a delta to the one before. */
struct kept {
	struct unpack_block *block; /* NULL: empty */
	uint64_t key;               /* pack and offset */
	uint32_t older, newer;      /* slots; a ring through slot 0 */
};

/* An object that lay in a file of its own. */
struct loose {
	struct unpack_block *block; /* NULL: empty */
	struct oid id;
	enum git_kind kind;
	struct str bytes;
};

struct git_unpack {
	struct libdeflate_decompressor *inflater;
	const struct git_pack *packs;
	struct io_map *maps;
	uint32_t n;
	struct kept *kept;
	uint32_t free;
	size_t bytes;
	uint32_t *table; /* slot of a key: slots * 2, 0 is none */
	struct loose loose[UNPACK_LOOSE];
};

/* An object in a pack, before it is unpacked. */
struct entry {
	enum type type;
	size_t size;
	const uint8_t *at, *end; /* what is compressed, and more */
	uint64_t base;           /* offset, of a delta */
};

static struct unpack_block *
new_block(enum type type, size_t len)
{
	struct unpack_block *b = malloc(sizeof *b + len + 1);

	if (b == NULL)
		return NULL;
	b->refs = 1;
	b->type = type;
	b->len = len;
	b->at[len] = '\0';
	return b;
}

void
git_unpack_drop(struct unpack_block *b)
{
	if (b != NULL && --b->refs == 0)
		free(b);
}

static uint32_t
home_of(uint64_t key)
{
	key *= 0x9e3779b97f4a7c15u;
	return (uint32_t)(key >> 32) & (UNPACK_SLOTS * 2 - 1);
}

static uint32_t *
place_of(struct git_unpack *u, uint64_t key)
{
	uint32_t at = home_of(key);

	while (u->table[at] != 0 && u->kept[u->table[at]].key != key)
		at = (at + 1) & (UNPACK_SLOTS * 2 - 1);
	return &u->table[at];
}

static void
unlink_kept(struct git_unpack *u, uint32_t slot)
{
	struct kept *k = &u->kept[slot];

	u->kept[k->older].newer = k->newer;
	u->kept[k->newer].older = k->older;
}

static void
make_newest(struct git_unpack *u, uint32_t slot)
{
	struct kept *ring = &u->kept[0], *k = &u->kept[slot];

	k->newer = 0;
	k->older = ring->older; /* of the ring: the newest */
	u->kept[ring->older].newer = slot;
	ring->older = slot;
}

/* Closes the gap in the table that a gone key leaves. */
static void
remove_key(struct git_unpack *u, uint64_t key)
{
	uint32_t mask = UNPACK_SLOTS * 2 - 1;
	uint32_t gap = (uint32_t)(place_of(u, key) - u->table);

	for (uint32_t at = (gap + 1) & mask; u->table[at] != 0;
	     at = (at + 1) & mask) {
		uint32_t home = home_of(u->kept[u->table[at]].key);

		if (((at - home) & mask) >= ((at - gap) & mask)) {
			u->table[gap] = u->table[at];
			gap = at;
		}
	}
	u->table[gap] = 0;
}

static void
forget_oldest(struct git_unpack *u)
{
	uint32_t slot = u->kept[0].newer; /* of the ring: the oldest */
	struct kept *k = &u->kept[slot];

	unlink_kept(u, slot);
	remove_key(u, k->key);
	u->bytes -= k->block->len;
	git_unpack_drop(k->block);
	k->block = NULL;
	k->newer = u->free;
	u->free = slot;
}

static void
keep(struct git_unpack *u, uint64_t key, struct unpack_block *b)
{
	uint32_t slot, *place;

	if (u->kept == NULL || b->len > UNPACK_KEPT / 8)
		return;
	while (u->free == 0 || u->bytes + b->len > UNPACK_KEPT)
		forget_oldest(u);
	place = place_of(u, key);
	if (*place != 0)
		return;
	slot = u->free;
	u->free = u->kept[slot].newer;
	b->refs++;
	u->kept[slot].block = b;
	u->kept[slot].key = key;
	u->bytes += b->len;
	*place = slot;
	make_newest(u, slot);
}

/* With a reference for the caller; NULL: not kept. */
static struct unpack_block *
find_kept(struct git_unpack *u, uint64_t key)
{
	uint32_t slot = u->kept == NULL ? 0 : *place_of(u, key);

	if (slot == 0)
		return NULL;
	unlink_kept(u, slot);
	make_newest(u, slot);
	u->kept[slot].block->refs++;
	return u->kept[slot].block;
}

static bool
read_size(struct entry *e)
{
	unsigned shift = 4;
	uint8_t c;

	if (e->at >= e->end)
		return false;
	c = *e->at++;
	e->type = (enum type)(c >> 4 & 7);
	e->size = c & 15;
	while ((c & 0x80) != 0) {
		if (e->at >= e->end || shift > 56)
			return false;
		c = *e->at++;
		e->size |= (size_t)(c & 0x7f) << shift;
		shift += 7;
	}
	return true;
}

/* How far before lies the base. */
static bool
read_before(struct entry *e, uint64_t offset)
{
	uint64_t back;
	uint8_t c;

	if (e->at >= e->end)
		return false;
	c = *e->at++;
	back = c & 0x7f;
	while ((c & 0x80) != 0) {
		if (e->at >= e->end || back > UINT64_MAX >> 8)
			return false;
		c = *e->at++;
		back = (back + 1) << 7 | (c & 0x7f);
	}
	if (back == 0 || back > offset)
		return false;
	e->base = offset - back;
	return true;
}

static bool
read_named(struct entry *e, const struct git_pack *pack)
{
	struct oid id;

	if (pack == NULL || e->end - e->at < OID_BYTES)
		return false;
	memcpy(id.id, e->at, OID_BYTES);
	e->at += OID_BYTES;
	return git_pack_find(pack, &id, &e->base);
}

static bool
read_entry(struct entry *e, struct str bytes, const struct git_pack *pack,
    uint64_t offset, size_t max)
{
	if (bytes.len < UNPACK_END || offset >= bytes.len - UNPACK_END)
		return false;
	e->at = (const uint8_t *)bytes.at + offset;
	e->end = (const uint8_t *)bytes.at + bytes.len - UNPACK_END;
	if (!read_size(e) || e->size > max)
		return false;
	switch (e->type) {
	case TYPE_COMMIT:
	case TYPE_TREE:
	case TYPE_BLOB:
	case TYPE_TAG:
		return true;
	case TYPE_BASE_BEFORE:
		return read_before(e, offset);
	case TYPE_BASE_NAMED:
		return read_named(e, pack);
	default:
		return false;
	}
}

/* Exactly e->size bytes, or NULL. */
static struct unpack_block *
inflate(struct git_unpack *u, const struct entry *e)
{
	struct unpack_block *b = new_block(e->type, e->size);

	if (b != NULL &&
	    libdeflate_zlib_decompress(u->inflater, e->at,
		(size_t)(e->end - e->at), b->at, e->size,
		NULL) != LIBDEFLATE_SUCCESS) {
		free(b);
		b = NULL;
	}
	return b;
}

/* A number of a delta's head, seven bits in each byte. */
static bool
delta_number(size_t *out, const uint8_t **at, const uint8_t *end)
{
	unsigned shift = 0;
	size_t n = 0;
	uint8_t c;

	do {
		if (*at >= end || shift > 56)
			return false;
		c = *(*at)++;
		n |= (size_t)(c & 0x7f) << shift;
		shift += 7;
	} while ((c & 0x80) != 0);
	*out = n;
	return true;
}

/* The bits of the instruction say which bytes follow. */
static bool
delta_copy(size_t *from, size_t *len, uint8_t what, const uint8_t **at,
    const uint8_t *end)
{
	*from = *len = 0;
	for (unsigned i = 0; i < 7; i++) {
		if ((what >> i & 1) == 0)
			continue;
		if (*at >= end)
			return false;
		if (i < 4)
			*from |= (size_t) * (*at)++ << 8 * i;
		else
			*len |= (size_t) * (*at)++ << 8 * (i - 4);
	}
	if (*len == 0)
		*len = 0x10000;
	return true;
}

static bool
run_delta(struct unpack_block *out, const struct unpack_block *base,
    const uint8_t *at, const uint8_t *end)
{
	size_t done = 0, from, len;

	while (at < end) {
		uint8_t what = *at++;

		if ((what & 0x80) != 0) {
			if (!delta_copy(&from, &len, what, &at, end) ||
			    from > base->len || len > base->len - from ||
			    len > out->len - done)
				return false;
			memcpy(out->at + done, base->at + from, len);
		} else {
			len = what;
			if (len == 0 || len > (size_t)(end - at) ||
			    len > out->len - done)
				return false;
			memcpy(out->at + done, at, len);
			at += len;
		}
		done += len;
	}
	return done == out->len;
}

static struct unpack_block *
apply(const struct unpack_block *delta, const struct unpack_block *base,
    size_t max)
{
	const uint8_t *at = (const uint8_t *)delta->at;
	const uint8_t *end = at + delta->len;
	struct unpack_block *out;
	size_t before, after;

	if (!delta_number(&before, &at, end) ||
	    !delta_number(&after, &at, end) || before != base->len ||
	    after > max)
		return NULL;
	out = new_block(base->type, after);
	if (out != NULL && !run_delta(out, base, at, end)) {
		free(out);
		out = NULL;
	}
	return out;
}

/* Down to what is no delta, or is kept; then up again. */
struct chain {
	uint64_t *at;
	size_t len, room;
};

static bool
add_link(struct chain *c, uint64_t offset)
{
	if (c->len == UNPACK_CHAIN)
		return false;
	c->at = array_more(c->at, c->len, &c->room, sizeof *c->at);
	c->at[c->len++] = offset;
	return true;
}

static struct unpack_block *
go_down(struct chain *c, struct git_unpack *u, uint32_t pack, struct str bytes,
    uint64_t offset, size_t max)
{
	const struct git_pack *p = u->packs == NULL ? NULL : &u->packs[pack];
	uint64_t tag = (uint64_t)pack << 48;

	for (;;) {
		struct unpack_block *b = find_kept(u, tag | offset);
		struct entry e;

		if (b != NULL)
			return b;
		if (!read_entry(&e, bytes, p, offset, max))
			return NULL;
		if (e.type < TYPE_BASE_BEFORE) {
			b = inflate(u, &e);
			if (b != NULL)
				keep(u, tag | offset, b);
			return b;
		}
		if (!add_link(c, offset))
			return NULL;
		offset = e.base;
	}
}

static struct unpack_block *
one_up(struct git_unpack *u, uint32_t pack, struct str bytes, uint64_t offset,
    const struct unpack_block *base, size_t max)
{
	const struct git_pack *p = u->packs == NULL ? NULL : &u->packs[pack];
	struct unpack_block *delta, *out = NULL;
	struct entry e;

	if (!read_entry(&e, bytes, p, offset, max))
		return NULL;
	delta = inflate(u, &e);
	if (delta != NULL)
		out = apply(delta, base, max);
	free(delta);
	if (out != NULL)
		keep(u, (uint64_t)pack << 48 | offset, out);
	return out;
}

static struct unpack_block *
unpack(struct git_unpack *u, uint32_t pack, struct str bytes, uint64_t offset,
    size_t max)
{
	struct chain c = { 0 };
	struct unpack_block *b = go_down(&c, u, pack, bytes, offset, max);

	while (b != NULL && c.len > 0) {
		struct unpack_block *up =
		    one_up(u, pack, bytes, c.at[--c.len], b, max);

		git_unpack_drop(b);
		b = up;
	}
	free(c.at);
	if (b != NULL && b->len > max) { /* it was kept from before */
		git_unpack_drop(b);
		return NULL;
	}
	return b;
}

static struct git_unpack *
new_unpack(void)
{
	struct git_unpack *u = calloc(1, sizeof *u);

	if (u != NULL)
		u->inflater = libdeflate_alloc_decompressor();
	if (u == NULL || u->inflater == NULL)
		bug("no memory for unpacking");
	return u;
}

void
git_unpack_open(struct git_unpack **out, struct arena *a,
    const struct git_pack *packs, uint32_t n)
{
	struct git_unpack *u = new_unpack();
	uint64_t mapped = 0;

	u->packs = packs;
	u->n = n;
	u->maps = arena_array(a, n, struct io_map);
	for (uint32_t i = 0; i < n; i++) {
		struct str path =
		    arena_printf(a, "%s/%.*s.pack", packs[i].folder.at,
			(int)packs[i].name.len - 4, packs[i].name.at);

		if (mapped + packs[i].bytes > mapped_most)
			continue;
		if (io_map(&u->maps[i], path.at, SIZE_MAX / 2) == ERR_NONE)
			mapped += packs[i].bytes;
		err_clear();
	}
	u->kept = calloc(UNPACK_SLOTS, sizeof *u->kept);
	u->table = calloc(UNPACK_SLOTS * 2, sizeof *u->table);
	if (u->kept == NULL || u->table == NULL)
		bug("no memory for unpacking");
	for (uint32_t i = 1; i < UNPACK_SLOTS; i++)
		u->kept[i].newer = i + 1 < UNPACK_SLOTS ? i + 1 : 0;
	u->free = 1;
	*out = u;
}

void
git_unpack_close(struct git_unpack *u)
{
	if (u == NULL)
		return;
	for (uint32_t i = 1; u->kept != NULL && i < UNPACK_SLOTS; i++)
		git_unpack_drop(u->kept[i].block);
	for (uint32_t i = 0; i < UNPACK_LOOSE; i++)
		git_unpack_drop(u->loose[i].block);
	for (uint32_t i = 0; i < u->n; i++)
		io_unmap(&u->maps[i]);
	libdeflate_free_decompressor(u->inflater);
	free(u->kept);
	free(u->table);
	free(u);
}

static bool
hand_over(struct unpack_block **block, struct str *bytes, enum git_kind *kind,
    struct unpack_block *b)
{
	static const enum git_kind kinds[] = {
		[TYPE_COMMIT] = GIT_COMMIT,
		[TYPE_TREE] = GIT_TREE,
		[TYPE_BLOB] = GIT_BLOB,
		[TYPE_TAG] = GIT_TAG,
	};

	if (b == NULL)
		return false;
	*block = b;
	*bytes = (struct str){ b->at, b->len };
	*kind = kinds[b->type];
	return true;
}

bool
git_unpack_read(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct git_unpack *u, const struct oid *id, size_t max)
{
	uint64_t offset;

	for (uint32_t i = 0; i < u->n; i++)
		if (u->maps[i].bytes.len > 0 &&
		    git_pack_find(&u->packs[i], id, &offset))
			return hand_over(block, bytes, kind,
			    unpack(u, i, u->maps[i].bytes, offset, max));
	return false;
}

static enum unpack_chain
follow(const struct git_pack *pack, struct str bytes, uint64_t offset)
{
	for (unsigned n = 0; n < UNPACK_CHAIN; n++) {
		struct entry e;

		/* What cannot be followed does not go round. */
		if (!read_entry(&e, bytes, pack, offset, SIZE_MAX) ||
		    e.type < TYPE_BASE_BEFORE)
			return UNPACK_ENDS;
		offset = e.base;
	}
	return UNPACK_CIRCLES;
}

enum unpack_chain
git_unpack_chain(struct git_unpack *u, const struct oid *id)
{
	uint64_t offset;

	for (uint32_t i = 0; i < u->n; i++)
		if (u->maps[i].bytes.len > 0 &&
		    git_pack_find(&u->packs[i], id, &offset))
			return follow(&u->packs[i], u->maps[i].bytes, offset);
	return UNPACK_ELSEWHERE;
}

bool
git_unpack_place(struct unpack_place *out, struct git_unpack *u,
    const struct oid *id)
{
	uint64_t offset;
	struct entry e;

	for (uint32_t i = 0; i < u->n; i++) {
		if (u->maps[i].bytes.len == 0 ||
		    !git_pack_find(&u->packs[i], id, &offset))
			continue;
		if (!read_entry(&e, u->maps[i].bytes, &u->packs[i], offset,
			LIMIT_BLOB) ||
		    e.type != TYPE_BLOB)
			return false;
		*out = (struct unpack_place){ e.at, (size_t)(e.end - e.at),
			e.size };
		return true;
	}
	return false;
}

/* The file of an object that is in no pack, head and all; NULL: damaged, or
 * more than that many bytes. */
static struct unpack_block *
inflate_file(struct git_unpack *u, struct str file, size_t most)
{
	enum libdeflate_result rc = LIBDEFLATE_INSUFFICIENT_SPACE;
	struct unpack_block *b = NULL;
	size_t room = file.len * 2 + 4096;

	for (; rc == LIBDEFLATE_INSUFFICIENT_SPACE; room *= 4) {
		room = room < most ? room : most;
		free(b);
		b = malloc(sizeof *b + room);
		if (b == NULL)
			return NULL;
		*b = (struct unpack_block){ .refs = 1 };
		rc = libdeflate_zlib_decompress(u->inflater, file.at, file.len,
		    b->at, room, &b->len);
		if (room == most)
			break;
	}
	if (rc == LIBDEFLATE_SUCCESS)
		return b;
	free(b);
	return NULL;
}

/* "blob 12", NUL, 12 bytes.  The bytes behind the NUL. */
static bool
read_head(enum git_kind *kind, struct str *bytes, struct str object)
{
	static const struct {
		const char *name;
		enum git_kind kind;
	} kinds[] = { { "commit", GIT_COMMIT }, { "tree", GIT_TREE },
		{ "blob", GIT_BLOB }, { "tag", GIT_TAG } };
	struct str type, size = { object.at, 0 };
	uint64_t n;

	while (size.len < object.len && size.len < UNPACK_HEAD &&
	    object.at[size.len] != '\0')
		size.len++;
	if (size.len == object.len || size.len == UNPACK_HEAD)
		return false;
	object = str_slice(object, size.len + 1, object.len);
	if (!str_cut(&size, ' ', &type) ||
	    str_number(size, LIMIT_BLOB, &n) != ERR_NONE || n != object.len)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(type, str_of(kinds[i].name))) {
			*kind = kinds[i].kind;
			*bytes = object;
			return true;
		}
	return false;
}

static struct loose *
loose_of(struct git_unpack *u, const struct oid *id)
{
	return &u->loose[id->id[0] % UNPACK_LOOSE];
}

/* Folders mostly, which are asked for again and again. */
static void
keep_loose(struct git_unpack *u, struct unpack_block *b, enum git_kind kind,
    struct str bytes, const struct oid *id)
{
	struct loose *l = loose_of(u, id);

	if (b->len > UNPACK_SMALL)
		return;
	git_unpack_drop(l->block);
	*l = (struct loose){ b, *id, kind, bytes };
	b->refs++;
}

bool
git_unpack_again(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct git_unpack *u, const struct oid *id, size_t max)
{
	struct loose *l = loose_of(u, id);

	if (l->block == NULL || !oid_eq(&l->id, id) || l->bytes.len > max)
		return false;
	l->block->refs++;
	*block = l->block;
	*bytes = l->bytes;
	*kind = l->kind;
	return true;
}

bool
git_unpack_loose(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct git_unpack *u, struct str file,
    const struct oid *id, size_t max)
{
	struct unpack_block *b = inflate_file(u, file,
	    (max < LIMIT_BLOB ? max : LIMIT_BLOB) + UNPACK_HEAD);
	struct hash_git hash;
	struct oid name;

	if (b == NULL)
		return false;
	hash_git_start(&hash, NULL, 0);
	hash_git_add(&hash, (struct str){ b->at, b->len });
	hash_git_finish(&hash, name.id);
	if (oid_eq(&name, id) &&
	    read_head(kind, bytes, (struct str){ b->at, b->len }) &&
	    bytes->len <= max) {
		*block = b;
		keep_loose(u, b, *kind, *bytes, id);
		return true;
	}
	err_clear();
	git_unpack_drop(b);
	return false;
}

bool
git_unpack_sound(struct git_unpack *u, struct str file)
{
	struct unpack_block *b =
	    inflate_file(u, file, (size_t)LIMIT_BLOB + UNPACK_HEAD);
	enum git_kind kind;
	struct str bytes;
	bool sound = b != NULL &&
	    read_head(&kind, &bytes, (struct str){ b->at, b->len });

	err_clear();
	git_unpack_drop(b);
	return sound;
}

bool
git_unpack_at(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct str pack, uint64_t offset, size_t max)
{
	struct git_unpack *u = new_unpack();
	bool done =
	    hand_over(block, bytes, kind, unpack(u, 0, pack, offset, max));

	git_unpack_close(u);
	return done;
}
