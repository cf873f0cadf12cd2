/*
 * disguise.h - the ways in which somebody may carry out lines of source.
 */
#pragma once

#include "core/str.h"

struct disguise {
	const char *name;
	void (*fn)(struct buf *out, struct str code); /* appends */
	/* Percent found at 8 lines that tests insist on; 0: only measured. */
	int least;
	bool whole; /* it makes a document of its own: nothing around it */
};

/* Ends with a row without a name. */
extern const struct disguise disguise_all[];
