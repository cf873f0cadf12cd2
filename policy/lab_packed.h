/*
 * lab_packed.h - a session in one squashfs file, as vitrine-lab squash makes
 * it: FILE, and FILE.minisig beside it.
 *
 * The file is read by nobody, neither the kernel nor unsquashfs, before its
 * signature was found to be one of a trusted key.
 */
#pragma once

#include "core/hash.h"
#include "policy/session.h"

#define LAB_PACKED_SIGNATURE ".minisig"

struct lab_packed {
	uint64_t bytes;
	struct hash hash;
	struct sign_public signer;
};

/* ERR_DENIED: no signature, none of a trusted key, or not of these bytes. */
enum err lab_packed_check(struct lab_packed *out, const char *path,
    const struct session_trust *trust) MUST_CHECK;

/* A file in it, by unsquashfs; for one that lab_packed_check() let pass.
 * ERR_ABSENT: there is none, or unsquashfs is not installed. */
enum err lab_packed_read(struct buf *out, const char *path, const char *name,
    size_t max) MUST_CHECK;

/* Its rules, its manifest and the hash of that, in a; of the files in it
 * only these are looked at. */
enum err lab_packed_session(struct session *out, struct arena *a,
    const char *path) MUST_CHECK;

/* Whom of its rules' people its signatures are of, by name, for one that
 * lab_packed_session() read; one that does not fit is left out: whoever
 * opens the session is told. */
enum err lab_packed_signatures(struct session *s, struct arena *a,
    const char *path) MUST_CHECK;
