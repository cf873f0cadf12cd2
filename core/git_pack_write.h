/*
 * git_pack_write.h - a pack and its index, from objects whose names were
 * computed by whoever gives them.
 *
 * Nothing of another pack is taken over as it lies there: what is written was
 * unpacked, named and packed again, so that no bytes hide between objects.
 * The same objects in the same order give the same bytes.  The pack comes
 * first under its name, then the index, by which packs are found: one without
 * the other is a piece, and who looks in between sees neither.
 * Format: gitformat-pack(5), version 2 of both.
 */
#pragma once

#include "core/git_repo.h"

struct git_pack_writer;

/*
 * Into the folder dir, which outlives it, as pack-NAME.pack; name: best the
 * hash of what goes in.  level: of libdeflate, 1 to 12.
 */
enum err git_pack_write_start(struct git_pack_writer **out, int dir,
    const struct oid *name, uint32_t objects, int level) MUST_CHECK;

/* Where the object stands, for deltas to it. */
enum err git_pack_write_whole(uint64_t *offset, struct git_pack_writer *w,
    const struct oid *id, enum git_kind kind, struct str bytes) MUST_CHECK;
enum err git_pack_write_delta(uint64_t *offset, struct git_pack_writer *w,
    const struct oid *id, uint64_t base, struct str delta) MUST_CHECK;

/* Frees it.  As many objects as were announced, each once. */
enum err git_pack_write_finish(struct git_pack_writer *w) MUST_CHECK;
void git_pack_write_drop(struct git_pack_writer *w); /* NULL is fine */
