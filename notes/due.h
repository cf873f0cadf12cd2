/*
 * due.h - days and the clock of a question: "2026-12-05", working days.
 *
 * A day is a day of UTC, in milliseconds since 1970 at its beginning; a
 * question is due at the end of its day.  Working days are Monday to Friday:
 * no calendar knows the holidays of both sides.
 */
#pragma once

#include "core/str.h"

enum { DUE_WORKDAYS = 10 }; /* until an answer, unless somebody says so */

/* The day n working days after the day of ms. */
int64_t due_after(int64_t ms, unsigned n);
/* "2026-12-05"; ERR_FORMAT, and what it should look like. */
enum err due_read(int64_t *out, struct str text) MUST_CHECK;
void due_write(int64_t ms, struct buf *b); /* appends */
/* Working days from the day of now to due; negative: overdue by so many. */
int due_left(int64_t due, int64_t now);
/* "due in 3 working days", "due today", "overdue by 2 working days". */
void due_say(int64_t due, int64_t now, struct buf *b);
