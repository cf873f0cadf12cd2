#include "core/git_pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PACK_FANOUT = 256 * 4,
	PACK_TRAILER = 2 * OID_BYTES, /* of the pack, of the index */
	PACK_HEAD = 12,               /* "PACK", version, count */
	PACK_SHA256 = 32,
};

static uint32_t
be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	    (uint32_t)at[2] << 8 | at[3];
}

static uint64_t
be64(const uint8_t *at)
{
	return (uint64_t)be32(at) << 32 | be32(at + 4);
}

static bool
fanout_grows(const uint8_t *fanout)
{
	for (int i = 1; i < 256; i++)
		if (be32(fanout + 4 * i) < be32(fanout + 4 * i - 4))
			return false;
	return true;
}

static enum err
damaged(const struct git_pack *p, const char *why)
{
	return fail(ERR_FORMAT, "damaged: objects/pack/%s: %s", p->name.at,
	    why);
}

/* Version 2: names, checksums, offsets, large offsets. */
static enum err
lay_out_v2(struct git_pack *p, const uint8_t *at, size_t len)
{
	size_t n, fixed = 8 + PACK_FANOUT + PACK_TRAILER;

	if (len < fixed || be32(at + 4) != 2)
		return damaged(p, "not an index of version 2");
	p->fanout = at + 8;
	n = p->count = be32(p->fanout + 255 * 4);
	if (len == 8 + PACK_FANOUT + n * (PACK_SHA256 + 8) + 2 * PACK_SHA256)
		return fail(ERR_FORMAT,
		    "a SHA-256 repository (objects/pack/%s)"
		    ": only SHA-1 ones are read; its files can be (git "
		    "archive)",
		    p->name.at);
	if (!fanout_grows(p->fanout))
		return damaged(p, "its table of names is out of order");
	if (len < fixed + n * (OID_BYTES + 8) ||
	    (len - fixed - n * (OID_BYTES + 8)) % 8 != 0)
		return damaged(p, "cut off, or not of this many objects");
	p->names = p->fanout + PACK_FANOUT;
	p->name_step = OID_BYTES;
	p->offsets = p->names + n * (OID_BYTES + 4);
	p->offset_step = 4;
	p->big = p->offsets + n * 4;
	p->n_big = (uint32_t)((len - fixed - n * (OID_BYTES + 8)) / 8);
	return ERR_NONE;
}

/* Version 1: offset and name, one after the other. */
static enum err
lay_out_v1(struct git_pack *p, const uint8_t *at, size_t len)
{
	if (len < PACK_FANOUT + PACK_TRAILER)
		return damaged(p, "too short for an index");
	p->fanout = at;
	p->count = be32(at + 255 * 4);
	if (!fanout_grows(at) ||
	    len !=
		PACK_FANOUT + PACK_TRAILER + (size_t)p->count * (OID_BYTES + 4))
		return damaged(p, "not an index");
	p->offsets = at + PACK_FANOUT;
	p->names = p->offsets + 4;
	p->name_step = p->offset_step = OID_BYTES + 4;
	return ERR_NONE;
}

enum err
git_pack_index(struct git_pack *p, struct str bytes)
{
	const uint8_t *at = (const uint8_t *)bytes.at;

	if (bytes.len >= 8 && be32(at) == 0xff744f63)
		return lay_out_v2(p, at, bytes.len);
	return lay_out_v1(p, at, bytes.len);
}

static enum err
check_pack_ends(const struct git_pack *p, int fd, uint64_t size)
{
	const char *idx = p->map.bytes.at + p->map.bytes.len - PACK_TRAILER;
	uint8_t head[PACK_HEAD], sum[OID_BYTES];

	if (size < PACK_HEAD + OID_BYTES ||
	    pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head ||
	    pread(fd, sum, sizeof sum, (off_t)(size - OID_BYTES)) !=
		(ssize_t)sizeof sum)
		return damaged(p, "its pack is too short to be one");
	if (memcmp(head, "PACK", 4) != 0 ||
	    (be32(head + 4) != 2 && be32(head + 4) != 3))
		return damaged(p, "its pack does not begin like one");
	if (be32(head + 8) != p->count)
		return damaged(p, "its pack holds another number of objects");
	if (memcmp(sum, idx, OID_BYTES) != 0)
		return damaged(p, "its pack is cut off, or is another one");
	return ERR_NONE;
}

static enum err
check_pack(struct git_pack *p, struct arena *a, struct str folder)
{
	struct str path = arena_printf(a, "%s/%.*s.pack", folder.at,
	    (int)p->name.len - 4, p->name.at);
	struct stat st;
	enum err rc;
	int fd;

	rc = io_open(&fd, path.at);
	if (rc != ERR_NONE)
		return rc;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = damaged(p, "its pack is not a regular file");
	if (rc == ERR_NONE) {
		p->bytes = (uint64_t)st.st_size;
		rc = check_pack_ends(p, fd, p->bytes);
	}
	close(fd);
	return rc;
}

enum err
git_pack_open(struct git_pack *out, struct arena *a, struct str folder,
    struct str idx)
{
	struct git_pack p = { .name = idx, .folder = folder };
	struct str path = arena_printf(a, "%s/%s", folder.at, idx.at);
	enum err rc;

	rc = io_map(&p.map, path.at, SIZE_MAX);
	if (rc != ERR_NONE)
		return rc;
	rc = git_pack_index(&p, p.map.bytes);
	if (rc == ERR_NONE)
		rc = check_pack(&p, a, folder);
	if (rc == ERR_NONE)
		*out = p;
	else
		git_pack_close(&p);
	return rc;
}

void
git_pack_close(struct git_pack *p)
{
	io_unmap(&p->map);
}

uint32_t
git_pack_lower(const struct git_pack *p, const struct oid *prefix)
{
	uint8_t first = prefix->id[0];
	uint32_t low = first == 0 ? 0 : be32(p->fanout + 4 * (first - 1));
	uint32_t high = be32(p->fanout + 4 * first);

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (memcmp(p->names + (size_t)mid * p->name_step, prefix->id,
			OID_BYTES) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct oid
git_pack_name(const struct git_pack *p, uint32_t i)
{
	struct oid id;

	memcpy(id.id, p->names + (size_t)i * p->name_step, OID_BYTES);
	return id;
}

bool
git_pack_find(const struct git_pack *p, const struct oid *id, uint64_t *offset)
{
	uint32_t i = git_pack_lower(p, id);
	uint32_t small;

	if (i >= p->count ||
	    memcmp(p->names + (size_t)i * p->name_step, id->id, OID_BYTES) != 0)
		return false;
	small = be32(p->offsets + (size_t)i * p->offset_step);
	*offset = small;
	if ((small & 0x80000000) != 0 && p->big != NULL) {
		small &= 0x7fffffff;
		if (small >= p->n_big)
			return false;
		*offset = be64(p->big + (size_t)small * 8);
	}
	return true;
}
