#include "tests/hostile/hostile.h"

#include <libdeflate.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { OBJ_COMMIT = 1, OBJ_TREE, OBJ_BLOB, OBJ_TAG, OBJ_OFS = 6, OBJ_REF };

enum { PACKED_MAX = 8192 };

struct packed {
	git_oid id;
	uint64_t offset;
	uint32_t crc;
};

struct pack {
	struct bytes bytes;
	struct packed at[PACKED_MAX];
	uint32_t n;
};

/* How an index or a pack is spoilt when it is written. */
struct spoil {
	const char *name;
	void (*pack)(struct bytes *p);
	void (*index)(struct bytes *x, uint32_t n);
};

static void
put_u32(struct bytes *b, uint32_t v)
{
	const char at[4] = { (char)(v >> 24), (char)(v >> 16), (char)(v >> 8),
		(char)v };

	bytes_put(b, at, 4);
}

static void
deflate_to(struct bytes *b, const void *at, size_t len)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(9);
	size_t room = libdeflate_zlib_compress_bound(c, len), n;
	char *out = malloc(room);

	if (c == NULL || out == NULL)
		die("no memory");
	n = libdeflate_zlib_compress(c, at, len, out, room);
	bytes_put(b, out, n);
	free(out);
	libdeflate_free_compressor(c);
}

static void
put_size(struct bytes *b, int type, uint64_t size)
{
	uint8_t c = (uint8_t)(type << 4 | (size & 15));

	for (size >>= 4; size != 0; size >>= 7) {
		const uint8_t more = c | 0x80;

		bytes_put(b, &more, 1);
		c = size & 0x7f;
	}
	bytes_put(b, &c, 1);
}

static void
pack_start(struct pack *p)
{
	memset(p, 0, sizeof *p);
	bytes_put(&p->bytes, "PACK\0\0\0\2\0\0\0\0", 12);
}

/* An object as git would pack it, except that size may lie; id may, too. */
static uint64_t
pack_put(struct pack *p, const git_oid *id, int type, uint64_t size,
    const void *before, size_t before_len, const void *at, size_t len)
{
	uint64_t offset = p->bytes.len;
	struct packed *o = &p->at[p->n++];

	if (p->n > PACKED_MAX)
		die("too many objects");
	put_size(&p->bytes, type, size);
	bytes_put(&p->bytes, before, before_len);
	deflate_to(&p->bytes, at, len);
	*o = (struct packed){ .id = *id,
		.offset = offset,
		.crc = libdeflate_crc32(0, p->bytes.at + offset,
		    p->bytes.len - offset) };
	return offset;
}

static int
by_id(const void *a, const void *b)
{
	return git_oid_cmp(&((const struct packed *)a)->id,
	    &((const struct packed *)b)->id);
}

static void
put_sha1(struct bytes *b)
{
	uint8_t sum[SHA1_DIGEST_SIZE];
	struct sha1_ctx c;

	sha1_init(&c);
	sha1_update(&c, b->len, (const uint8_t *)b->at);
	sha1_digest(&c, sizeof sum, sum);
	bytes_put(b, sum, sizeof sum);
}

static void
pack_finish(struct pack *p, const char *repo, const struct spoil *spoil)
{
	struct bytes x = { 0 };
	uint32_t fan = 0;

	for (int i = 0; i < 4; i++)
		p->bytes.at[8 + i] = (char)(p->n >> (24 - 8 * i));
	put_sha1(&p->bytes);
	qsort(p->at, p->n, sizeof p->at[0], by_id);
	bytes_put(&x, "\377tOc\0\0\0\2", 8);
	for (unsigned i = 0; i < 256; i++) {
		while (fan < p->n && p->at[fan].id.id[0] <= i)
			fan++;
		put_u32(&x, fan);
	}
	for (uint32_t i = 0; i < p->n; i++)
		bytes_put(&x, p->at[i].id.id, 20);
	for (uint32_t i = 0; i < p->n; i++)
		put_u32(&x, p->at[i].crc);
	for (uint32_t i = 0; i < p->n; i++)
		put_u32(&x, (uint32_t)p->at[i].offset);
	if (spoil->pack != NULL)
		spoil->pack(&p->bytes);
	bytes_put(&x, p->bytes.at + p->bytes.len - 20, 20);
	if (spoil->index != NULL)
		spoil->index(&x, p->n);
	put_sha1(&x);
	file_write(repo,
	    "objects/pack/pack-1111111111111111111111111111111111"
	    "111111.pack",
	    p->bytes.at, p->bytes.len, 0);
	file_write(repo,
	    "objects/pack/pack-1111111111111111111111111111111111"
	    "111111.idx",
	    x.at, x.len, 0);
	bytes_free(&x);
	bytes_free(&p->bytes);
}

/* A commit whose tree has README and victim.c, which is id. */
static git_odb *
repo_around(const char *repo, const git_oid *id)
{
	git_odb *odb = repo_make(repo);
	struct bytes tree = { 0 };
	git_oid readme = blob_text(odb, "what can be read: MARK_READABLE\n");
	git_oid root, head;

	tree_entry(&tree, 0100644, "README", 6, &readme);
	tree_entry(&tree, 0100644, "victim.c", 8, id);
	root = tree_put(odb, &tree);
	head = commit_put(odb, &root, NULL, 0, "Vendor", "delivered\n");
	ref_put(repo, "refs/heads/main", &head);
	return odb;
}

static git_oid
id_of(const char *text)
{
	git_oid id;

	if (git_odb_hash(&id, text, strlen(text), GIT_OBJECT_BLOB) != 0)
		die("cannot hash");
	return id;
}

static const char victim[] = "int victim(void) { return 1; }\n";

static void
cut_pack(struct bytes *p)
{
	p->len -= 30;
}

static void
flip_pack(struct bytes *p)
{
	p->at[p->len - 24] ^= 1;
}

static void
flip_trailer(struct bytes *p)
{
	p->at[p->len - 1] ^= 1;
}

static void
many_objects(struct bytes *p)
{
	memset(p->at + 8, 0xff, 4);
}

static void
fan_down(struct bytes *x, uint32_t n)
{
	(void)n;
	memset(x->at + 8 + 4 * 10, 0xff, 4);
}

static void
fan_huge(struct bytes *x, uint32_t n)
{
	(void)n;
	memset(x->at + 8, 0x7f, 4 * 256);
}

static void
offset_beyond(struct bytes *x, uint32_t n)
{
	memset(x->at + 8 + 1024 + 24 * n, 0x7f, 4);
}

static void
offset_table(struct bytes *x, uint32_t n)
{
	memset(x->at + 8 + 1024 + 24 * n, 0xff, 4);
}

static void
index_short(struct bytes *x, uint32_t n)
{
	(void)n;
	x->len = 600;
}

static void
wrong_crc(struct bytes *x, uint32_t n)
{
	memset(x->at + 8 + 1024 + 20 * n, 0x55, 4);
}

static const struct spoil spoils[] = {
	{ "pack-good", NULL, NULL }, /* the control of all others */
	{ "pack-cut", cut_pack, NULL },
	{ "pack-flipped", flip_pack, NULL },
	{ "pack-trailer", flip_trailer, NULL },
	{ "pack-count", many_objects, NULL },
	{ "index-fan-down", NULL, fan_down },
	{ "index-fan-huge", NULL, fan_huge },
	{ "index-beyond-end", NULL, offset_beyond },
	{ "index-64-bit", NULL, offset_table },
	{ "index-short", NULL, index_short },
	{ "index-crc", NULL, wrong_crc },
};

static void
write_spoilt(const char *folder, const struct spoil *s)
{
	char repo[1024];
	git_oid id = id_of(victim);
	struct pack *p = malloc(sizeof *p);

	if (p == NULL)
		die("no memory");
	snprintf(repo, sizeof repo, "%s/%s", folder, s->name);
	git_odb_free(repo_around(repo, &id));
	pack_start(p);
	pack_put(p, &id, OBJ_BLOB, sizeof victim - 1, NULL, 0, victim,
	    sizeof victim - 1);
	pack_finish(p, repo, s);
	free(p);
}

static void
put_varint(struct bytes *b, uint64_t v)
{
	do {
		uint8_t c = v & 0x7f;

		v >>= 7;
		if (v != 0)
			c |= 0x80;
		bytes_put(b, &c, 1);
	} while (v != 0);
}

/* base size, result size, then copies and what is added */
static void
delta_make(struct bytes *d, uint64_t base, uint64_t result, const char *add)
{
	uint8_t n = (uint8_t)strlen(add);

	put_varint(d, base);
	put_varint(d, result);
	if (base > 0 && base < 256) {
		const uint8_t copy[2] = { 0x90, (uint8_t)base };

		bytes_put(d, copy, 2);
	}
	if (n > 0) {
		bytes_put(d, &n, 1);
		bytes_put(d, add, n);
	}
}

static void
put_ref_delta(struct pack *p, const git_oid *id, const git_oid *base,
    uint64_t base_size, uint64_t result, const char *add)
{
	struct bytes d = { 0 };

	delta_make(&d, base_size, result, add);
	pack_put(p, id, OBJ_REF, d.len, base->id, 20, d.at, d.len);
	bytes_free(&d);
}

static void
delta_cycle(struct pack *p, const git_oid *id, size_t bomb)
{
	git_oid other = id_of("the other one");

	(void)bomb;
	put_ref_delta(p, id, &other, 31, 32, "x");
	put_ref_delta(p, &other, id, 31, 32, "x");
}

static void
delta_self(struct pack *p, const git_oid *id, size_t bomb)
{
	(void)bomb;
	put_ref_delta(p, id, id, 31, 32, "x");
}

static void
delta_huge(struct pack *p, const git_oid *id, size_t bomb)
{
	git_oid base = id_of("b");

	(void)bomb;
	pack_put(p, &base, OBJ_BLOB, 1, NULL, 0, "b", 1);
	put_ref_delta(p, id, &base, 1, UINT64_C(1) << 60, "x");
}

static void
delta_missing(struct pack *p, const git_oid *id, size_t bomb)
{
	git_oid base = id_of("nowhere");

	(void)bomb;
	put_ref_delta(p, id, &base, 7, 8, "x");
}

/* Each doubles its base: 2^36 bytes in a few hundred. */
static void
delta_bomb(struct pack *p, const git_oid *id, size_t bomb)
{
	static const char seed[] = "0123456789abcdef";
	git_oid last = id_of(seed);
	uint64_t size = 16;

	(void)bomb;
	pack_put(p, &last, OBJ_BLOB, 16, NULL, 0, seed, 16);
	for (int i = 0; i < 32; i++) {
		char name[32];
		git_oid next;
		struct bytes d = { 0 };

		snprintf(name, sizeof name, "level %d", i);
		next = i == 31 ? *id : id_of(name);
		put_varint(&d, size);
		put_varint(&d, size * 2);
		for (int k = 0; k < 2; k++) {
			/* copy from 0, up to 4 GiB in pieces of 16 MiB */
			for (uint64_t at = 0; at < size; at += 0xffff00) {
				uint64_t n = size - at;
				uint8_t op[8] = { 0xff };

				if (n > 0xffff00)
					n = 0xffff00;
				for (int j = 0; j < 4; j++)
					op[1 + j] = (uint8_t)(at >> (8 * j));
				for (int j = 0; j < 3; j++)
					op[5 + j] = (uint8_t)(n >> (8 * j));
				bytes_put(&d, op, 8);
			}
		}
		pack_put(p, &next, OBJ_REF, d.len, last.id, 20, d.at, d.len);
		bytes_free(&d);
		last = next;
		size *= 2;
	}
}

static void
delta_chain(struct pack *p, const git_oid *id, size_t bomb)
{
	git_oid last = id_of("x");

	(void)bomb;
	pack_put(p, &last, OBJ_BLOB, 1, NULL, 0, "x", 1);
	for (int i = 0; i < 5000; i++) {
		char name[32];
		git_oid next;

		snprintf(name, sizeof name, "link %d", i);
		next = i == 4999 ? *id : id_of(name);
		put_ref_delta(p, &next, &last, 1, 1, "");
		last = next;
	}
}

static void
zeros(struct pack *p, const git_oid *id, size_t bomb)
{
	char *at = calloc(1, bomb);

	if (at == NULL)
		die("no memory");
	pack_put(p, id, OBJ_BLOB, bomb, NULL, 0, at, bomb);
	free(at);
}

static void
size_lies(struct pack *p, const git_oid *id, size_t bomb)
{
	(void)bomb;
	pack_put(p, id, OBJ_BLOB, UINT64_C(1) << 59, NULL, 0, victim, 20);
}

static void
other_contents(struct pack *p, const git_oid *id, size_t bomb)
{
	(void)bomb;
	pack_put(p, id, OBJ_BLOB, 9, NULL, 0, "a forgery", 9);
}

static void
a_tree_for_a_blob(struct pack *p, const git_oid *id, size_t bomb)
{
	(void)bomb;
	pack_put(p, id, OBJ_TREE, sizeof victim - 1, NULL, 0, victim,
	    sizeof victim - 1);
}

static const struct {
	const char *name;
	void (*fill)(struct pack *p, const git_oid *id, size_t bomb);
} fillings[] = {
	{ "delta-cycle", delta_cycle },
	{ "delta-self", delta_self },
	{ "delta-huge", delta_huge },
	{ "delta-missing", delta_missing },
	{ "delta-bomb", delta_bomb },
	{ "delta-chain", delta_chain },
	{ "blob-zeros", zeros },
	{ "blob-size-lies", size_lies },
	{ "blob-forged", other_contents },
	{ "blob-is-a-tree", a_tree_for_a_blob },
};

static void
write_filled(const char *folder, size_t i, size_t bomb)
{
	char repo[1024];
	git_oid id = id_of(victim);
	struct pack *p = malloc(sizeof *p);

	if (p == NULL)
		die("no memory");
	snprintf(repo, sizeof repo, "%s/%s", folder, fillings[i].name);
	git_odb_free(repo_around(repo, &id));
	pack_start(p);
	fillings[i].fill(p, &id, bomb);
	pack_finish(p, repo, &spoils[0]);
	free(p);
}

/* What stands where the loose object should be. */
static void
write_loose(const char *folder, const char *name, const char *inside,
    size_t len, int deflated)
{
	char repo[1024], hex[GIT_OID_HEXSZ + 1], path[80];
	git_oid id = id_of(victim);
	struct bytes b = { 0 };

	snprintf(repo, sizeof repo, "%s/%s", folder, name);
	git_odb_free(repo_around(repo, &id));
	git_oid_tostr(hex, sizeof hex, &id);
	snprintf(path, sizeof path, "objects/%.2s/%s", hex, hex + 2);
	if (deflated)
		deflate_to(&b, inside, len);
	else
		bytes_put(&b, inside, len);
	file_write(repo, path, b.at, b.len, 0);
	bytes_free(&b);
}

#define LOOSE(name, text) write_loose(folder, name, text, sizeof text - 1, 1)

void
pack_write_all(const char *folder, size_t bomb)
{
	for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++)
		write_spoilt(folder, &spoils[i]);
	for (size_t i = 0; i < sizeof fillings / sizeof fillings[0]; i++)
		write_filled(folder, i, bomb);
	LOOSE("loose-longer", "blob 3\0more than three");
	LOOSE("loose-shorter", "blob 4000\0less");
	LOOSE("loose-endless", "blob 999999999999999999999999999\0x");
	LOOSE("loose-negative", "blob -1\0x");
	LOOSE("loose-no-type", "blub 1\0x");
	LOOSE("loose-no-end", "blob 11");
	LOOSE("loose-empty-header", "");
	write_loose(folder, "loose-noise", "\1\2\3noise, not deflated", 21, 0);
	write_loose(folder, "loose-empty", "", 0, 0);
}
