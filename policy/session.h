/*
 * session.h - a session folder, believed only after everything was checked.
 *
 *	session.conf  manifest  manifest.minisig
 *	repo.git/objects/pack/pack-*.{pack,idx}  text/store  text/prints
 */
#pragma once

#include "policy/manifest.h"
#include "policy/rules.h"

/* Keys that may sign a session. */
struct session_trust {
	struct sign_public keys[16];
	uint32_t n;
};

/* A key file (minisign's .pub). */
enum err session_trust_file(struct session_trust *t,
    const char *path) MUST_CHECK;
/* All *.pub of a folder; no such folder: none. */
enum err session_trust_folder(struct session_trust *t,
    const char *path) MUST_CHECK;
/* Those of /etc/vitrine/trusted and of DATA_ROOT/trusted. */
enum err session_trust_default(struct session_trust *t,
    const char *data_root) MUST_CHECK;

struct session {
	struct str path; /* absolute */
	struct str git;  /* absolute: PATH/repo.git */
	struct str text; /* absolute: PATH/text */
	struct str conf; /* text of session.conf */
	struct rules rules;
	struct manifest manifest;
	char manifest_hash[2 * HASH_BYTES + 1]; /* SHA-256, hex */
	struct sign_public signer;
	const struct rules_person **counters; /* auditors who agreed to it */
	uint32_t n_counters;
	const struct rules_person **signed_by; /* signers of the rules */
	uint32_t n_signed_by;
};

/* The signature of the auditors' side over the same manifest; that of a
 * second auditor and so on has a name of its own. */
#define SESSION_COUNTER "manifest.counter.minisig"
struct str session_counter_name(const struct sign_public *key, struct arena *a);

/* Whether path looks like a session folder: it has a manifest. */
bool session_is(const char *path);

/*
 * Signature of the manifest by a trusted key, every file's size and
 * SHA-256, nothing in the folder that the manifest does not name.
 * Everything in a.  progress (NULL: none) is told bytes done and of how
 * many.  ERR_DENIED: no trusted key, wrong signature, a changed, missing or
 * extra file (named); a counter-signature that is there and does not fit.
 */
enum err session_verify(struct session *out, struct arena *a, const char *path,
    const struct session_trust *trust,
    void (*progress)(void *arg, uint64_t done, uint64_t of),
    void *arg) MUST_CHECK;

/* ERR_DENIED: this key is no auditor's. */
enum err session_may_counter(const struct session *s,
    const struct sign_public *key) MUST_CHECK;

/*
 * Whether as many have signed, and those counter-signed, as the rules ask
 * for: session_verify() lets a
 * session pass that still waits for signatures, so that they can be made.
 * ERR_DENIED says how many, and who has.
 */
enum err session_may_open(const struct session *s) MUST_CHECK;

/* The name of a signer's signature in the folder, beside manifest.minisig. */
struct str session_signature_name(const struct rules_person *p,
    struct arena *a);

/* Fills what the rooms are told of a session: session, title, git, text,
 * welcome, rules, manifest, releases.  Borrowed from s. */
void session_start(const struct session *s, struct start *out);
