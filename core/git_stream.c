#include "core/git_stream.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/git_blob.h"
#include "core/git_inside.h"
#include "core/git_unpack.h"
#include "core/hash.h"
#include "core/limits.h"

struct git_stream {
	struct oid id;
	size_t size;
	char *own;              /* unpacked by us, or ... */
	struct git_bytes whole; /* ... a delta: unpacked at once */
	struct str bytes;
	z_stream z;
	bool unpacks; /* z is open */
	struct hash_git hash;
	size_t hashed;
	enum err rc; /* what it ended with */
};

static void
close_z(struct git_stream *s)
{
	if (s->unpacks)
		inflateEnd(&s->z);
	s->unpacks = false;
}

void
git_stream_close(struct git_stream *s)
{
	if (s == NULL)
		return;
	close_z(s);
	git_repo_drop(&s->whole);
	free(s->own);
	free(s);
}

/* No delta: the first bytes are there as soon as they are asked for. */
static enum err
open_z(struct git_stream *s, const struct unpack_place *place)
{
	s->own = malloc(s->size + 1);
	if (s->own == NULL || inflateInit(&s->z) != Z_OK)
		bug("no memory for a file of %zu bytes", s->size);
	s->unpacks = true;
	/* zlib does not write there; its type is older than const. */
	memcpy(&s->z.next_in, &place->at, sizeof place->at);
	s->z.avail_in = place->len < UINT32_MAX ? (uInt)place->len : UINT32_MAX;
	s->bytes = (struct str){ s->own, 0 };
	return ERR_NONE;
}

enum err
git_stream_open(struct git_stream **out, struct git_repo *r,
    const struct oid *blob)
{
	struct unpack_block *block = NULL;
	struct unpack_place place;
	struct git_stream *s;
	enum err rc = ERR_NONE;
	uint64_t size;

	rc = git_blob_size(&size, r, blob);
	if (rc == ERR_NONE && size > LIMIT_BLOB)
		rc = fail(ERR_LIMIT, "%s has more than %lld bytes",
		    oid_text(blob).hex, (long long)LIMIT_BLOB);
	if (rc != ERR_NONE)
		return rc;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		bug("no memory for a file");
	s->id = *blob;
	s->size = size;
	if (git_unpack_place(&place, git_fast_packs(r), blob) &&
	    place.size == size)
		rc = open_z(s, &place);
	else if (git_unpack_read(&block, &s->whole.bytes, &s->whole.kind,
		     git_fast_packs(r), blob, LIMIT_BLOB))
		s->whole.block = block;
	else
		rc = ERR_ABSENT;
	if (block != NULL &&
	    (s->whole.kind != GIT_BLOB || s->whole.bytes.len != size))
		rc = ERR_ABSENT;
	if (block != NULL)
		s->bytes = s->whole.bytes;
	if (rc != ERR_NONE) {
		git_stream_close(s);
		return rc;
	}
	hash_git_start(&s->hash, "blob", size);
	*out = s;
	return ERR_NONE;
}

size_t
git_stream_size(const struct git_stream *s)
{
	return s->size;
}

struct str
git_stream_bytes(const struct git_stream *s)
{
	return s->bytes;
}

static enum err
damaged(struct git_stream *s)
{
	close_z(s);
	s->rc = fail(ERR_FORMAT, "%s is damaged: it cannot be unpacked",
	    oid_text(&s->id).hex);
	return s->rc;
}

static enum err
unpack(struct git_stream *s, size_t budget)
{
	size_t left = s->size - s->bytes.len;
	size_t want = budget < left ? budget : left;
	int code;

	s->z.next_out = (Bytef *)s->own + s->bytes.len;
	s->z.avail_out = (uInt)want;
	code = inflate(&s->z, Z_NO_FLUSH);
	if (code != Z_OK && code != Z_STREAM_END)
		return damaged(s);
	s->bytes.len += want - s->z.avail_out;
	if (s->bytes.len == s->size) {
		close_z(s);
		return ERR_NONE;
	}
	if (code == Z_STREAM_END || s->z.avail_out == want)
		return damaged(s);
	return ERR_NONE;
}

static enum err
check(bool *more, struct git_stream *s, size_t budget)
{
	struct str part = str_slice(s->bytes, s->hashed, budget);
	struct oid is;

	hash_git_add(&s->hash, part);
	s->hashed += part.len;
	if (s->hashed < s->size)
		return ERR_NONE;
	*more = false;
	hash_git_finish(&s->hash, is.id);
	if (!oid_eq(&is, &s->id))
		s->rc = fail(ERR_FORMAT, "%s is damaged: its bytes are %s",
		    oid_text(&s->id).hex, oid_text(&is).hex);
	return s->rc;
}

enum err
git_stream_step(bool *more, struct git_stream *s, size_t budget)
{
	*more = s->rc == ERR_NONE;
	if (s->rc != ERR_NONE)
		return s->rc;
	if (s->unpacks)
		return unpack(s, budget);
	if (s->hashed == s->size && s->size > 0) {
		*more = false;
		return ERR_NONE;
	}
	return check(more, s, budget);
}

enum err
git_stream_fill(struct git_stream *s)
{
	enum err rc = s->rc;

	while (rc == ERR_NONE && s->unpacks)
		rc = unpack(s, UINT32_MAX / 2);
	return rc;
}
