/*
 * search_join.h - lines that a backslash at the end of each makes one, as
 * the compiler reads them.
 */
#pragma once

#include "core/str.h"

/* A line of several: where it begins in what they are joined to, and in the
 * text. */
struct search_join_line {
	size_t joined, text;
};

/* struct search_join j = { 0 }; is ready. */
struct search_join {
	struct buf joined; /* without the backslashes and the ends of lines */
	struct search_join_line *lines;
	size_t n, room;
};

void search_join_release(struct search_join *j);

/*
 * Takes the next lines that are one, from the line on that holds *at, which
 * is then behind them: more than 1 MiB of them is taken as what it is so far.
 * False: there are none.
 */
bool search_join_next(struct search_join *j, struct str text, size_t *at);

/* The line that holds a byte of the joined ones. */
const struct search_join_line *search_join_at(const struct search_join *j,
    size_t at);
