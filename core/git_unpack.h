/*
 * git_unpack.h - objects out of packs, quickly.
 *
 * For reading very many: several times faster than libgit2, which stays the
 * one that reads one by one and explains.  The caller computes the names
 * again where that is asked for.  Whatever is odd here (damage, a base in
 * another pack, too large) is simply "no": the caller asks libgit2, and gets
 * its error.  Format: gitformat-pack(5).  The door to libdeflate.
 */
#pragma once

#include "core/git_pack.h"
#include "core/git_repo.h"

struct git_unpack;

/* What was unpacked, shared with the memory of bases. */
struct unpack_block;
void git_unpack_drop(struct unpack_block *b);

/* packs and n must outlive it.  Packs that cannot be mapped are left out. */
void git_unpack_open(struct git_unpack **out, struct arena *a,
    const struct git_pack *packs, uint32_t n);
void git_unpack_close(struct git_unpack *u); /* NULL is fine */

/* false: not from here.  At most max bytes. */
bool git_unpack_read(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct git_unpack *u, const struct oid *id,
    size_t max);

/* Where a blob that is no delta lies compressed; mapped as long as u. */
struct unpack_place {
	const uint8_t *at;
	size_t len;  /* at most: other objects may follow */
	size_t size; /* unpacked */
};
bool git_unpack_place(struct unpack_place *out, struct git_unpack *u,
    const struct oid *id);

/*
 * Whether the deltas an object is made of end in something that is no delta.
 * libgit2 goes round a circle for ever.
 */
enum unpack_chain {
	UNPACK_ELSEWHERE, /* in no pack that is mapped */
	UNPACK_ENDS,
	UNPACK_CIRCLES, /* or cannot be read without harm for other reasons */
};
enum unpack_chain git_unpack_chain(struct git_unpack *u, const struct oid *id);

/*
 * An object in a file of its own, whose name is computed and compared; false:
 * damaged, another object, or over max bytes.
 */
bool git_unpack_loose(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct git_unpack *u, struct str file,
    const struct oid *id, size_t max);

/* One that was read like that not long ago. */
bool git_unpack_again(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct git_unpack *u, const struct oid *id,
    size_t max);

/*
 * Whether such a file unpacks to exactly what its head says.  libgit2 1.5
 * writes beyond its memory when there is more.
 */
bool git_unpack_sound(struct git_unpack *u, struct str file);

/* Bytes of a pack that is not a file, for tests: reads the object there. */
bool git_unpack_at(struct unpack_block **block, struct str *bytes,
    enum git_kind *kind, struct str pack, uint64_t offset, size_t max);
