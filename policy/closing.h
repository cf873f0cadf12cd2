/*
 * closing.h - the end of a session: what must be kept is kept, the rest is
 * destroyed, and a text says so.
 *
 * The text is written before anything is destroyed, and is what the
 * certificate is signed over when all is gone; a closing that was
 * interrupted goes on with it.  Lines, a path as %XX where it is not plain:
 *
 *	vitrine-certificate 1
 *	session ID
 *	title TEXT
 *	manifest SHA256
 *	release NAME COMMIT STATUS
 *	verified yes | verified no REASON
 *	due DATE                        the first day on which it may close
 *	early REASON                    when it closed before that
 *	begun TIME
 *	journal N HEAD                  of the Nth folder of notes
 *	medium N DEVICE KIND encrypted|plain
 *	destroyed key|sealed|plain SHA256 BYTES N/PATH
 *	kept SHA256 BYTES N/PATH
 *
 * N is 0 for the session, then the folders of notes in their order.
 * "key": a file with the keys of an auditor in it, and all that they seal.
 */
#pragma once

#include "core/arena.h"
#include "policy/session.h"

/* A file of a session that is one file, to be kept. */
struct closing_inside {
	const char *name;
	struct str bytes;
};

struct closing {
	/* in */
	const char *const *folders; /* the session, then folders of notes */
	size_t n;
	const char *out;   /* folder for what is kept */
	const char *early; /* a reason, or NULL */
	const struct session *session;
	const char *doubt; /* why the session did not verify, or NULL */
	int64_t now;
	/* The name of the one file that the session is, in folders[0], from
	 * which nothing else goes; NULL: folders[0] is the session. */
	const char *packed;
	const struct closing_inside *inside; /* of it, read before */
	size_t n_inside;
	/* out: of closing_plan() */
	struct str text;
	uint64_t destroyed, kept, bytes;
	bool plain; /* something lies on a disk that is not encrypted */
	bool again; /* goes on with one that was interrupted */
};

/*
 * Fills text and numbers, in a; destroys and writes nothing.  ERR_DENIED:
 * it is to be kept longer, and nobody gave a reason.
 */
enum err closing_plan(struct closing *c, struct arena *a) MUST_CHECK;

/*
 * Copies what is kept to out/kept, writes out/closing, destroys the rest:
 * keys first.  The folders are gone after it.
 */
enum err closing_do(const struct closing *c, struct arena *a,
    void (*progress)(void *arg, const char *what, uint64_t done, uint64_t of),
    void *arg) MUST_CHECK;

/* The first day on which a session may be closed, yyyymmdd. */
uint32_t closing_due(const struct rules *r);
