/*
 * roster.h - who may have signed for a session, as its sides agreed.
 *
 * For the desk outside the room, where there is no source: session.conf,
 * and the manifest with its signature, which says that this session.conf is
 * the one of the session.
 */
#pragma once

#include "policy/rules.h"
#include "policy/session.h"

struct roster {
	struct str conf; /* text of session.conf */
	struct rules rules;
	char
	    manifest[2 * HASH_BYTES + 1]; /* SHA-256, hex; "": none was there */
	struct str signer; /* id of the key that signed it; "": nobody looked */
};

/*
 * path: a session.conf, or a folder that holds it.  With a manifest beside it
 * the signature must be one of trust, and session.conf what the manifest
 * says: ERR_DENIED.  Without one nobody vouches for it, and manifest and
 * signer are empty.  Everything in a.
 */
enum err roster_read(struct roster *out, struct arena *a, const char *path,
    const struct session_trust *trust) MUST_CHECK;
/* The same from its text. */
enum err roster_of(struct roster *out, struct arena *a, struct str conf,
    struct str manifest, struct str signer) MUST_CHECK;
