#include "core/git_import_pack.h"

#include <git2.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "core/git_inside.h"
#include "core/hash.h"
#include "core/oidset.h"
#include "core/wire.h"

struct git_import_pack {
	const struct git_import_wish *wish;
	git_indexer *indexer;
	/* One for all calls: the indexer counts in it, and compares. */
	git_indexer_progress stats;
	struct libdeflate_compressor *deflater;
	struct hash_git hash;
	struct buf packed;
	uint64_t bytes, done;
	bool own; /* objects are added, a trailer is owed */
	struct oidset seen;
	uint32_t announced;
};

static int
on_indexed(const git_indexer_progress *stats, void *payload)
{
	const struct git_import_pack *p = payload;

	if (p->wish->progress != NULL && stats->indexed_objects % 1024 == 0)
		p->wish->progress(p->wish->arg, "taking in",
		    stats->indexed_objects, stats->total_objects);
	return 0;
}

enum err
git_import_pack_open(struct git_import_pack **out,
    const struct git_import_wish *wish, struct str path, uint64_t bytes)
{
	git_indexer_options o;
	struct git_import_pack *p;
	struct arena a = { 0 };
	enum err rc = git_repo_prepare();

	if (rc != ERR_NONE)
		return rc;
	p = calloc(1, sizeof *p);
	if (p == NULL)
		bug("no memory for a pack");
	p->wish = wish;
	p->bytes = bytes;
	if (git_indexer_options_init(&o, GIT_INDEXER_OPTIONS_VERSION) < 0)
		bug("another libgit2 than this was built with");
	o.progress_cb = on_indexed;
	o.progress_cb_payload = p;
	if (git_indexer_new(&p->indexer,
		arena_printf(&a, "%.*s/objects/pack", STR_ARG(path)).at, 0600,
		NULL, &o) < 0)
		rc = fail(ERR_IO, "%.*s: %s", STR_ARG(path), git_repo_words());
	arena_release(&a);
	if (rc == ERR_NONE)
		*out = p;
	else
		free(p);
	return rc;
}

static enum err
append(struct git_import_pack *p, struct str bytes)
{
	if (git_indexer_append(p->indexer, bytes.at, bytes.len, &p->stats) < 0)
		return fail(ERR_FORMAT, "%s: the pack in it is damaged: %s",
		    p->wish->from, git_repo_words());
	return ERR_NONE;
}

enum err
git_import_pack_raw(struct git_import_pack *p, struct str bytes)
{
	p->done += bytes.len;
	if (p->wish->progress != NULL)
		p->wish->progress(p->wish->arg, "reading", p->done, p->bytes);
	return append(p, bytes);
}

static enum err
put(struct git_import_pack *p, struct str bytes)
{
	hash_git_add(&p->hash, bytes);
	return append(p, bytes);
}

enum err
git_import_pack_begin(struct git_import_pack *p, uint32_t objects, int level)
{
	unsigned char head[12] = { 'P', 'A', 'C', 'K', 0, 0, 0, 2 };

	for (int i = 0; i < 4; i++)
		head[8 + i] = (unsigned char)(objects >> (24 - 8 * i));
	p->own = true;
	p->announced = objects;
	p->deflater = libdeflate_alloc_compressor(level);
	if (p->deflater == NULL)
		bug("no memory for a compressor");
	hash_git_start(&p->hash, NULL, 0);
	return put(p, (struct str){ (const char *)head, sizeof head });
}

/* Type and size, seven bits at a time, four in the first: gitformat-pack(5) */
static void
write_head(struct buf *b, enum git_import_kind kind, size_t size)
{
	unsigned char c = (unsigned char)((unsigned)kind << 4 | (size & 15));

	for (size >>= 4; size > 0; size >>= 7) {
		buf_char(b, (char)(c | 0x80));
		c = size & 0x7f;
	}
	buf_char(b, (char)c);
}

enum err
git_import_pack_add(struct git_import_pack *p, enum git_import_kind kind,
    const struct oid *id, struct str bytes)
{
	size_t bound, len;
	uint32_t number;

	if (!oidset_add(&p->seen, &number, id))
		return ERR_NONE;
	if (p->seen.len > p->announced)
		return fail(ERR_FORMAT, "%s: changed while it was read",
		    p->wish->from);
	buf_clear(&p->packed);
	write_head(&p->packed, kind, bytes.len);
	bound = libdeflate_zlib_compress_bound(p->deflater, bytes.len);
	len = libdeflate_zlib_compress(p->deflater, bytes.at, bytes.len,
	    buf_grow(&p->packed, bound), bound);
	if (len == 0)
		bug("a compressor that does not");
	p->packed.len += len;
	return put(p, buf_view(&p->packed));
}

enum err
git_import_pack_close(struct git_import_pack *p, uint64_t *objects, enum err rc)
{
	uint8_t end[HASH_GIT_BYTES];

	if (rc == ERR_NONE && p->own) {
		hash_git_finish(&p->hash, end);
		rc = append(p, (struct str){ (const char *)end, sizeof end });
	}
	if (rc == ERR_NONE && git_indexer_commit(p->indexer, &p->stats) < 0)
		rc = fail(ERR_FORMAT, "%s: the pack in it is damaged: %s",
		    p->wish->from, git_repo_words());
	if (rc == ERR_NONE)
		*objects = p->stats.total_objects;
	git_indexer_free(p->indexer);
	libdeflate_free_compressor(p->deflater);
	buf_release(&p->packed);
	oidset_release(&p->seen);
	free(p);
	return rc;
}
