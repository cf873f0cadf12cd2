/*
 * texts.h - what stands in an export: its texts, item by item, and of what
 * classes they are.
 *
 * Reads the bytes that would leave, not what somebody says of them.  They
 * are JSON as notes/findings.h has it; of anything else every string is
 * prose.
 */
#pragma once

#include "core/arena.h"
#include "policy/rules.h"

/* Behind the closing quote of the string that begins at i; s.len when it has
 * none. */
size_t texts_string_end(struct str s, size_t i);

struct texts_value {
	struct str key; /* nearest one before it; of a list: the list's */
	struct str raw; /* between the quotes, escapes as they are */
	uint32_t item;  /* from 1, of "items"; 0: before or behind them */
};

void texts_each(struct str json,
    void (*fn)(void *arg, const struct texts_value *v), void *arg);

/* Where each item begins, as bytes of json; in a. */
void texts_items(struct str json, struct arena *a, size_t **at, uint32_t *n);

/* Set of 1 << enum class that the texts show. */
uint32_t texts_classes(struct str json);

/*
 * Lines of files that were seen or reviewed: "1-4 9 12-13", outside of the
 * items, under "seen" or "reviewed".
 */
struct texts_lines {
	uint32_t files;        /* texts of lines: one or two of a file */
	uint32_t runs, single; /* of them, of one line */
	uint32_t bad; /* texts in such a place that are something else */
};
void texts_lines(struct texts_lines *out, struct str json);
/* json with blanks where such lines stand; in a. */
struct str texts_without_lines(struct str json, struct arena *a);

/* Every word that looks like the path of a file, in prose and under
 * "path". */
void texts_paths(struct str json, void (*fn)(void *arg, struct str path),
    void *arg);
