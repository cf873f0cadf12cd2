/*
 * lines.h - where the lines of a blob begin.
 *
 * A line ends at LF and at nothing else, as in git; the bytes after the last
 * LF are a line if there are any.  Lines count from 1.  The table is built
 * as far as asked for, so that the first screen of a huge file costs nothing,
 * and is sparse: about 8 bytes for 64 lines or 4 KiB, whichever is less.
 */
#pragma once

#include "core/str.h"

struct lines_mark {
	uint32_t line, at; /* this line begins at this byte */
};

struct lines {
	struct str bytes; /* borrowed; at most LIMIT_BLOB */
	struct lines_mark *marks;
	size_t len, room;
	size_t scanned; /* bytes looked at, up to the start of a line */
	uint32_t known; /* lines that end before scanned */
	bool more;      /* bytes may be added: the last line is not whole */
	bool done;      /* all of them: known is the number of lines */
	struct lines_mark near; /* found last: its neighbours are next to it;
				 * line 0: none */
};

/* Nothing is looked at yet.  bytes must outlive l. */
void lines_init(struct lines *l, struct str bytes);
void lines_release(struct lines *l);

/* There are more bytes now, at the same place; more: and not all yet. */
void lines_grow(struct lines *l, struct str bytes, bool more);

/* Looks on until that many lines are known, or all; or, when budget is not
 * 0, about that many bytes were looked at. */
void lines_extend(struct lines *l, uint32_t want, size_t budget);
/* All of them.  The number of lines. */
uint32_t lines_count(struct lines *l);

/* The line without its LF; extends as needed.  "" and false beyond the
 * last.  ends_lf may be NULL. */
bool lines_get(struct lines *l, uint32_t n, struct str *text, bool *ends_lf);
/* Byte offset of the start of line n; the size of the blob beyond the last. */
size_t lines_start(struct lines *l, uint32_t n);
/* Which line holds that byte; 0 when there are no bytes at all. */
uint32_t lines_at(struct lines *l, size_t offset);
