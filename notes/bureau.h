/*
 * bureau.h - a case that is open: the docket on disk and what it comes to.
 *
 * What only policy/ understands (rosters, approvals) is asked of the program
 * through struct bureau_house.
 */
#pragma once

#include "notes/case.h"
#include "notes/docket.h"

struct bureau;

struct bureau_house {
	/* A session: its session.conf, the SHA-256 of its manifest (hex, or
	 * "") and the id of the key that signed it ("": nobody looked). */
	enum err (*session)(void *arg, struct str id, struct str conf,
	    struct str manifest, struct str signer);
	/* An export from the docket, to case_take(). */
	enum err (*export)(void *arg, struct case_file *c, struct str file,
	    const struct hash *sealed, struct str session, struct str plain);
	/* The key with which that person signs in a roster; false: none. */
	bool (*key)(void *arg, struct sign_public *out, struct str name);
	void *arg;
};

/* Reads all of it.  fresh: makes the case when there is none.  path may be
 * relative.  The caller closes *out. */
enum err bureau_open(struct bureau **out, const char *path, bool fresh,
    const struct bureau_house *house) MUST_CHECK;
void bureau_close(struct bureau *d); /* NULL is fine */

struct case_file *bureau_case(struct bureau *d);

/* Who works at it: the name for what is not signed, the key for what is. */
struct bureau_person {
	struct str name;
	const struct sign_secret *key; /* NULL: nothing is signed */
};
/* ERR_DENIED unless the key is that of a person of the case; *name. */
enum err bureau_signer(struct str *name, struct bureau *d,
    const struct sign_public *key) MUST_CHECK;

enum err bureau_add_session(struct bureau *d, const struct bureau_person *p,
    struct str id, struct str conf, struct str manifest,
    struct str signer) MUST_CHECK;
/* An export of findings, of pages, that case_take() took.  An auditor who has
 * a key neither in a roster nor in the case signs with this one from now on
 * in it. */
enum err bureau_add_export(struct bureau *d, const struct bureau_person *p,
    const struct case_bundle *b) MUST_CHECK;
enum err bureau_add_pages(struct bureau *d, const struct bureau_person *p,
    const struct case_pages *g) MUST_CHECK;
/* Adds and applies it; time and by are set. */
enum err bureau_decide(struct bureau *d, const struct bureau_person *p,
    struct decision *what) MUST_CHECK;

/* In words, for the log; in a.  The findings must have been sorted. */
struct str bureau_words(const struct case_file *c, struct arena *a,
    const struct decision *d);
