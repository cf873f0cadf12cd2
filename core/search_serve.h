/*
 * search_serve.h - a searcher at work: what core/room_search.c runs.
 *
 * No pattern can hold it up.  A timer looks, every 20 ms and in the middle
 * of whatever runs, whether the reading room has cancelled, and whether one
 * blob has used up its processor time; either ends the process when it does
 * not come back by itself.  What was found is sent first, and the blob is
 * named; the launcher starts the room again on the same descriptors.
 */
#pragma once

#include "core/search_scan.h"
#include "core/textstore.h"

struct search_fds {
	int reading;
	int worker; /* not used with a store */
	/* search_scan_blob() for what is fed; a room that has a store does
	 * without it, and without the libraries that come with a guess. */
	void (*blob)(struct search_scan *s, struct str bytes,
	    const struct search_sink *sink);
};

/* Signals and their stack; before the walls close. */
enum err search_serve_prepare(void) MUST_CHECK;

/* Until the reading room hangs up; store: NULL, then blobs are fed. */
enum err search_serve(const struct search_fds *fds,
    const struct textstore *store) MUST_CHECK;
