/*
 * press_chain.h - from the name of a commit to the file at a path.
 *
 * Objects come one by one, from somebody who may lie; each has to have the
 * name that the one before gave, computed here.  Commits and trees are read
 * as far as it takes: "tree" of the one, mode, name and id of the other.
 */
#pragma once

#include "core/oid.h"

struct press_chain {
	struct oid next; /* what has to come now */
	struct str rest; /* of the path; borrowed */
	uint8_t step;    /* enum, in press_chain.c */
};

struct press_chain press_chain_of(const struct oid *commit, struct str path);
/* *whole: these bytes are the file, proven.  ERR_DENIED: it is another
 * object; ERR_FORMAT; ERR_ABSENT: nothing at that path, or no file. */
enum err press_chain_add(struct press_chain *c, bool *whole,
    struct str bytes) MUST_CHECK;
