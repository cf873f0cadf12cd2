/*
 * history_index_inside.h - an index of history while it is made.
 *
 * A part of core/history_index_build.c, which walks, and of
 * core/history_index_build_write.c, which puts in order.
 */
#pragma once

#include "core/history_index.h"
#include "core/oidset.h"

struct history_row {
	uint32_t path, commit; /* commit: a number of the graph */
	uint32_t before, after;
};

struct history_move { /* paths as they came */
	uint32_t commit, from, to, similarity;
};

/* A set of things with numbers, in the order in which they came. */
struct history_set {
	uint32_t *slots; /* number + 1 */
	size_t mask;
	uint32_t n;
};

struct history_path {
	size_t at; /* in names */
	uint32_t len;
	uint64_t mark; /* the beginning of its hash */
};

struct history_index_build {
	struct git_graph *graph;
	struct history_index_wish wish;
	uint32_t *list;       /* commits as they were found, then as they lie */
	size_t n, room, next; /* next: to load, then to compare */
	uint8_t *state;       /* by number of the graph: enum of below */
	size_t n_state;
	bool listed;
	struct history_set paths;
	struct oidset contents;
	struct buf names; /* of paths, one after the other */
	struct history_path *path;
	size_t path_room;
	struct history_row *rows;
	size_t n_rows, rows_room;
	struct history_move *moves;
	size_t n_moves, moves_room;
	struct arena scratch;
	uint32_t *old_first, *old_rows; /* rows of wish.old by its commits */
	const struct history_index_change **old_change;
};

enum {
	STATE_NEW,
	STATE_LISTED,
	STATE_UNKNOWN, /* could not be compared */
};

/* Room for one more than n; at is never NULL afterwards. */
void *history_index_build_grown(void *at, size_t *room, size_t n, size_t size);
