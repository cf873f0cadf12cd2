/*
 * git_blob.h - the bytes of a file.
 */
#pragma once

#include "core/git_repo.h"

/* ERR_ABSENT: not delivered.  Cheap: nothing is unpacked. */
enum err git_blob_size(uint64_t *out, struct git_repo *r,
    const struct oid *id) MUST_CHECK;
/* At most LIMIT_BLOB.  git_repo_drop() when done. */
enum err git_blob_read(struct git_bytes *out, struct git_repo *r,
    const struct oid *id) MUST_CHECK;

/* git's rule: a NUL in the first 8000 bytes. */
bool git_blob_binary(struct str bytes);
