/*
 * owned.h - files of the administrator: what they say is obeyed, so nobody
 * else may have been able to write them.
 */
#pragma once

#include <sys/types.h>

#include "core/arena.h"

/*
 * The whole file into out, which is replaced.  It and its folder belong to
 * owner and are writable by nobody else, or ERR_DENIED; ERR_ABSENT, ERR_IO,
 * ERR_LIMIT over max.  path is absolute, under 256 bytes.
 */
enum err owned_read(struct buf *out, const char *path, uid_t owner,
    size_t max) MUST_CHECK;
