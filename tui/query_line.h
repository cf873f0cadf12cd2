/*
 * query_line.h - a search as people type it.
 *
 *	[-Fwimbucsoj] [-g GLOB]... [-l LANGUAGE]... [-r REVISION]... [--] PATTERN
 *
 *	-F literal text    -w whole words     -i either case
 *	-m over lines      -b bytes only      -u Unicode word characters
 *	-c in comments        -s in strings      -o in code, outside of both
 *	-j also over a backslash at the end of a line
 *	-g *.c only these files, -g !*.md not these, -g src/ below a folder
 *	-l C only files of that language, which is short for its -g
 *	-r v1.0 in this revision; several are searched together
 *
 * The pattern is the rest of the line, blanks and all.
 */
#pragma once

#include "core/search.h"

/* Everything in a.  ERR_FORMAT: no pattern, an option that is none. */
enum err query_line_read(struct query *out, struct arena *a,
    struct str line) MUST_CHECK;
/* The same as text that reads back to it. */
void query_line_write(const struct query *q, struct buf *b);
