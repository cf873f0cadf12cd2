/*
 * diff_moved.h - which lines of a diff stand elsewhere, too: in the same
 * file (core/moved.h) or in another one of the comparison (tui/moves.h).
 */
#pragma once

#include "core/git_diff.h"
#include "core/moved.h"
#include "tui/moves.h"
#include "tui/view.h"

/* A diff of one file; all borrowed. */
struct diff_moved {
	struct reading *room;
	const struct oid *old, *new;   /* commits */
	struct str old_path, new_path; /* "" on the side it is not */
	const struct file_diff *diff;
	const uint32_t *mate; /* of each line, in this file */
};

/* l is a line of the diff. */
bool diff_moved_is(const struct diff_moved *m, const struct diff_line *l);
/* Only in another file. */
bool diff_moved_away(const struct diff_moved *m, const struct diff_line *l,
    struct moves_side *other);
/* "  3 moved", and of l where it went or came from; l may be NULL. */
void diff_moved_say(const struct diff_moved *m, const struct diff_line *l,
    struct buf *b);
/* What to open for the diff of that other file, at the line. */
struct target diff_moved_target(const struct diff_moved *m,
    const struct diff_line *l, const struct moves_side *other);
