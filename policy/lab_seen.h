/*
 * lab_seen.h - what "vitrine-lab verify" found the last time.
 *
 * SESSION.verified beside a session, a folder or one file: its manifest, the
 * line "vitrine-signed 1", and a line for each who had signed it, with the
 * SHA-256 of one file as the last.
 */
#pragma once

#include "core/hash.h"
#include "policy/lab.h"
#include "policy/session.h"

/* Says what changed since, and keeps this for the next time.  file: of a
 * session in one file; NULL: a folder.  What was kept and cannot be read, or
 * what cannot be kept, is a line and no failure. */
enum err lab_seen_since(const struct session *s, const struct hash *file,
    struct arena *a, const char *path) MUST_CHECK;
