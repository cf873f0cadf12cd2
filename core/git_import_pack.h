/*
 * git_import_pack.h - a pack from objects or from the bytes of one, checked
 * and given its index by libgit2 while it is written.
 */
#pragma once

#include "core/git_import.h"

struct git_import_pack;

enum git_import_kind {
	GIT_IMPORT_COMMIT = 1, /* as in a pack */
	GIT_IMPORT_TREE,
	GIT_IMPORT_BLOB,
};

/* Below path/objects/pack.  bytes: of a pack that is given raw, for the
 * progress, which wish has. */
enum err git_import_pack_open(struct git_import_pack **out,
    const struct git_import_wish *wish, struct str path,
    uint64_t bytes) MUST_CHECK;
/* The next bytes of a pack. */
enum err git_import_pack_raw(struct git_import_pack *p,
    struct str bytes) MUST_CHECK;
/* Or: how many different objects there will be, then those; one that was
 * given before is not written again.  level: of libdeflate, 1 to 12. */
enum err git_import_pack_begin(struct git_import_pack *p, uint32_t objects,
    int level) MUST_CHECK;
enum err git_import_pack_add(struct git_import_pack *p,
    enum git_import_kind kind, const struct oid *id,
    struct str bytes) MUST_CHECK;
/* Ends it, frees it, returns rc or what is wrong with the pack. */
enum err git_import_pack_close(struct git_import_pack *p, uint64_t *objects,
    enum err rc) MUST_CHECK;
