/*
 * history_index_format.h - text/history of vitrine-index(5), as numbers.
 *
 * A part of core/history_index.c and core/history_index_build.c.  All
 * numbers are little endian; tables begin at multiples of 8, in this order:
 * commits, parents, contents, paths, changes, renames, names.
 */
#pragma once

#include "core/str.h"

#define HISTORY_INDEX_MAGIC "VITRHIST"

enum {
	HISTORY_INDEX_VERSION = 2,
	HISTORY_INDEX_HEADER = 64,
	HISTORY_INDEX_COMMIT = 64, /* id, tree, u64 time, u32 first parent,
				    * u32 parents, u32 level, u32 flags */
	HISTORY_INDEX_PATH = 16,   /* u32 name, length, first change, n */
	HISTORY_INDEX_CHANGE = 12, /* u32 commit, before, after */
	HISTORY_INDEX_RENAME = 16, /* u32 commit, from, to, percent */
};

/* Bytes of the header at which the numbers stand. */
enum {
	HISTORY_INDEX_AT_VERSION = 8, /* u32, and all of these */
	HISTORY_INDEX_AT_COMMITS = 12,
	HISTORY_INDEX_AT_PARENTS = 16,
	HISTORY_INDEX_AT_CONTENTS = 20,
	HISTORY_INDEX_AT_PATHS = 24,
	HISTORY_INDEX_AT_CHANGES = 28,
	HISTORY_INDEX_AT_RENAMES = 32,
	HISTORY_INDEX_AT_FLAGS = 36,
	HISTORY_INDEX_AT_NAMES = 40, /* u64, bytes */
	HISTORY_INDEX_AT_SIZE = 48,  /* u64, of everything */
	HISTORY_INDEX_AT_SUM = 56,   /* u64, of everything but this */
};

enum { /* of a commit */
	HISTORY_INDEX_MISSING = 1,
	HISTORY_INDEX_UNKNOWN = 2,
};
enum { /* of the whole */
	HISTORY_INDEX_SIMILAR = 1,
};

/* Of a whole file but the number itself.  Any change inside one word of eight
 * bytes changes it; it finds damage, not forgery. */
uint64_t history_index_sum(struct str bytes);
