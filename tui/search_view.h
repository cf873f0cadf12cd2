/*
 * search_view.h - what the view of a search keeps.
 *
 * view_search.c draws; search_view.c chooses the hits that are rows;
 * search_view_commands.c is the table of keys.
 */
#pragma once

#include "tui/around.h"
#include "tui/list.h"
#include "tui/query_line.h"
#include "tui/reading.h"
#include "tui/same.h"
#include "tui/uses.h"

/*
 * A search of a revision: hits in the order of paths as they come, and under
 * them the line that says what may be claimed of it.  target.number says
 * which hits are shown: all, what looks like a definition of the word, or
 * (the hazard sweep) all but those in binary files.
 */
enum search_view_kind {
	SEARCH_VIEW_ALL,
	SEARCH_VIEW_DEFINES,
	SEARCH_VIEW_USES,
	SEARCH_VIEW_HAZARDS,
	SEARCH_VIEW_CALLERS,
	SEARCH_VIEW_PEEK, /* definitions, looked at without leaving */
	SEARCH_VIEW_KINDS,
};

struct search_view {
	struct list list;
	struct reading_search *search;
	struct query query;
	struct oid commit;
	enum search_view_kind kind;
	uint32_t *rows; /* hits that are shown */
	size_t n_rows, room, looked;
	size_t files; /* where the rows stand, as a certificate counts */
	bool jumped;  /* a single definition was opened */
	unsigned jump;
	bool grouped; /* lines that say the same are one row, same.lines */
	struct same same;
	bool shows_around;
	struct around around;
	struct uses uses; /* of references and callers: ... */
	size_t judged;    /* hits looked at in their files */
	bool all;         /* those in comments and strings, too */
	size_t unread;    /* hits in files that cannot be read here */
	struct caller {   /* beside rows */
		struct str name;
		uint32_t line;
	} * callers;
};

/* Of a row that is shown; lives as long as the search. */
const struct search_hit *search_view_hit(const struct search_view *v,
    uint64_t row);
/* Where it stands first. */
const struct search_file *search_view_file(const struct search_view *v,
    const struct search_hit *h);
struct target search_view_target(const struct search_view *v, uint64_t row);
/* References and callers: every hit is looked at in its file first. */
bool search_view_judges(const struct search_view *v);
/* The next hit becomes a row, or a line of one, if it is wanted. */
void search_view_take(struct search_view *v, size_t hit);
/* A slice of judging; arg is the pane.  True: there is more. */
bool search_view_judge_on(void *arg);

extern const struct command search_view_commands[];
