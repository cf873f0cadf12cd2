/*
 * parts.h - work cut into parts, several of them at once.
 *
 * Each part is a process of its own, a copy of this one at the moment when
 * it begins: what it leaves behind is in files, or in memory of
 * spawn_share(), and is there when its end is told.  It begins when the parts
 * that it needs have ended well; of those that can begin the one with most
 * work is first.  When one fails, or ends without a word, all others are
 * ended, too, and the first error is the one that is told.
 *
 * Parts must not depend on how many run at once: the result is the same with
 * one as with many.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/err.h"
#include "core/str.h"

enum {
	PARTS_MOST = 64,   /* in one table */
	PARTS_TEXT = 2048, /* bytes that a part can say */
	PARTS_UNKNOWN = 1001,
};

struct parts;
struct parts_line; /* from a part to whoever started it */

struct part {
	const char *name; /* for people: what is being done; outlives it */
	uint64_t needs;   /* bit i: part number i */
	uint64_t work;    /* how much, about, beside that of the others */
	/* In the process of the part.  What is put into notes, text of
	 * whole lines, is handed to parts_wish.notes; the rest is cut off. */
	enum err (*run)(void *arg, struct parts_line *line, struct buf *notes);
	void *arg;
};

struct parts_wish {
	unsigned at_once;
	/* NULL, or told how far it all is: of 1000, or PARTS_UNKNOWN; and
	 * what runs, as "a 12 %, b 3 %". */
	void (*progress)(void *arg, unsigned thousandths, const char *what);
	/* NULL, or told the notes of each part that has ended well, with
	 * the part's own arg. */
	void (*notes)(void *arg, void *of_part, struct str notes);
	void *arg;
};

struct parts *parts_open(const struct parts_wish *wish);
/* Ends what still runs. */
void parts_close(struct parts *p); /* NULL is fine */

/* The number of the part. */
unsigned parts_add(struct parts *p, const struct part *part);
/*
 * Work that this process does itself, while others run beside it, and that
 * decides what else there is to do: until it is done nobody knows how much
 * all of it is.  It counts as one that runs.
 */
void parts_own(struct parts *p, const char *name);
void parts_own_done(struct parts *p);

/*
 * Starts what can be started and hears what is said, without waiting; done
 * is about this process's own work.  A failure is kept for
 * parts_finish().
 */
void parts_turn(struct parts *p, uint64_t done);
/* Until all have ended.  The error of the first that failed; ERR_IO with its
 * name when one ended without a word. */
enum err parts_finish(struct parts *p) MUST_CHECK;

/* In a part: how far it is.  Never waits. */
void parts_tell(struct parts_line *line, uint64_t done, uint64_t of);
