/*
 * git_pack.h - what a pack holds and where: the index beside it.
 *
 * Unpacking is libgit2's.  This looks at a pack and its index before they
 * are given to it, so that a damaged one is named, finds objects by the
 * beginning of their name, and knows their order in the file.  Format:
 * gitformat-pack(5), index versions 1 and 2.
 */
#pragma once

#include "core/arena.h"
#include "core/io.h"
#include "core/oid.h"

struct git_pack {
	struct str name;   /* "pack-....idx" */
	struct str folder; /* that it lies in; "" for bytes alone */
	struct io_map map;
	uint32_t count;
	uint64_t bytes; /* of the pack */
	const uint8_t *fanout, *names, *offsets, *big;
	uint32_t name_step, offset_step, n_big;
};

/* folder: absolute path of objects/pack; it and idx outlive the pack.
 * ERR_FORMAT names the file. */
enum err git_pack_open(struct git_pack *out, struct arena *a, struct str folder,
    struct str idx) MUST_CHECK;
void git_pack_close(struct git_pack *p);

/* The layout alone, from bytes that stay the caller's; name is set. */
enum err git_pack_index(struct git_pack *p, struct str bytes) MUST_CHECK;

/* Offset in the pack; false: not in it. */
bool git_pack_find(const struct git_pack *p, const struct oid *id,
    uint64_t *offset);

/* Index of the first object not before prefix, in order of names. */
uint32_t git_pack_lower(const struct git_pack *p, const struct oid *prefix);
struct oid git_pack_name(const struct git_pack *p, uint32_t i);
