/*
 * manifest.h - what a session folder holds, by hash.
 *
 * A text of lines that is signed as a whole (man vitrine-session):
 *
 *	vitrine-manifest 1
 *	session <id>
 *	release <name> <commit> <status> <sha256 of the binary, or ->
 *	vendor <commit> (one for each release, when ids were made again)
 *	file <sha256> <md5> <bytes> <path in the session folder>
 *	shown <oid> <sha256> <md5> <bytes> <release> <path>
 *	withheld <oid> <bytes> <release> <path>
 *
 * Paths are the rest of the line, with %, control and non-ASCII bytes as
 * %XX; the lines of a kind are sorted, none is twice.
 */
#pragma once

#include "core/arena.h"
#include "core/hash.h"
#include "core/oid.h"
#include "core/rooms.h"

struct manifest_file {
	struct str path;
	uint64_t bytes;
	struct hash hash;
	uint8_t md5[HASH_MD5_BYTES];
};

/* A file of a release, as the vendor delivered it. */
struct manifest_entry {
	bool shown; /* false: withheld, no hash */
	struct oid blob;
	uint64_t bytes;
	struct hash hash;
	uint8_t md5[HASH_MD5_BYTES];
	uint32_t release; /* index */
	struct str path;  /* as in git, any bytes; "" when only counted */
};

struct manifest {
	struct str session;
	struct release *releases;
	struct str *binaries; /* beside releases: hash of the binary or "" */
	uint32_t n_releases;
	struct oid *vendors; /* beside releases: the vendor's commits; NULL:
			      * those of the releases are the vendor's */
	struct manifest_file *files;
	uint32_t n_files;
	struct manifest_entry *entries;
	uint32_t n_entries;
};

void manifest_write(const struct manifest *m, struct buf *b);
/* Everything in a.  ERR_FORMAT names the line. */
enum err manifest_read(struct manifest *out, struct arena *a,
    struct str text) MUST_CHECK;
