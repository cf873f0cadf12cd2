/*
 * git_stream.h - a large file, shown before all of it is unpacked.
 *
 * The bytes come from their beginning on, into one place that does not move;
 * when all are there, their hash is computed, too, as a strict reading does
 * it.  Both in steps.  The door to zlib, which can stop in the middle.
 */
#pragma once

#include "core/git_repo.h"

struct git_stream;

/* Not worth it for smaller ones. */
enum { GIT_STREAM_LEAST = 1 << 20 };

/* ERR_ABSENT: not from here (a loose object, or none): read it whole.
 * ERR_LIMIT: over LIMIT_BLOB.  r must outlive it. */
enum err git_stream_open(struct git_stream **out, struct git_repo *r,
    const struct oid *blob) MUST_CHECK;
void git_stream_close(struct git_stream *s); /* NULL is fine */

size_t git_stream_size(const struct git_stream *s);
/* What is there so far; goes away with the stream. */
struct str git_stream_bytes(const struct git_stream *s);

/* About that many bytes more.  *more false: all is there and its hash is
 * right.  ERR_FORMAT: it is damaged, or not what its name says. */
enum err git_stream_step(bool *more, struct git_stream *s,
    size_t budget) MUST_CHECK;
/* All bytes at once; the hash may still be left to git_stream_step(). */
enum err git_stream_fill(struct git_stream *s) MUST_CHECK;
