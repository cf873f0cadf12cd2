/*
 * git_match.h - which lines of one text stand in another, as runs.
 */
#pragma once

#include "core/git_diff.h"

/* Lines old..old+len-1 of one are lines new..new+len-1 of the other; from 0.
 * The last run, when the ends are equal, has len MATCH_TO_END. */
struct match_run {
	uint32_t old, new, len;
};

#define MATCH_TO_END UINT32_MAX

struct match {
	struct match_run *at; /* ascending on both sides */
	size_t len, room;
};

/* Replaces what m held; struct match m = { 0 }; is ready.  r is any open
 * repository; nothing of it is looked at. */
enum err git_match_lines(struct match *m, struct git_repo *r, struct str old,
    struct str new, enum diff_space space) MUST_CHECK;
void git_match_release(struct match *m);
