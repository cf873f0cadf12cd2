/*
 * pager.h - a list of text lines: a commit, a diff, help, a proof.
 *
 * Lines are copied into the pager with their spans; it is a struct list with
 * a source of its own, so that all keys of lists work on it.
 */
#pragma once

#include "core/arena.h"
#include "tui/list.h"

struct pager_line {
	struct str text;
	uint16_t attr;
	const struct canvas_span *spans; /* of text, or NULL */
	size_t n_spans;
	uint64_t tag; /* the view's own: which hunk, which file */
};

struct pager {
	struct list list;
	struct text_style style;
	bool wrap;
	/* the rest is pager.c's */
	struct arena arena;
	struct pager_line *lines;
	size_t room;
	struct pager_place {
		uint64_t row;
		uint32_t part;
		int cols;
		size_t byte;
	} place;
};

void pager_init(struct pager *p);
void pager_release(struct pager *p);
void pager_clear(struct pager *p); /* no lines; selection at the top */

/* A line, copied; the pager's own for a moment, to set spans or a tag. */
struct pager_line *pager_add(struct pager *p, uint16_t attr, struct str text);
void pager_printf(struct pager *p, uint16_t attr, const char *fmt, ...)
    PRINTF(3, 4);
/* Spans of the line added last, copied. */
void pager_spans(struct pager *p, const struct canvas_span *spans, size_t n);

const struct pager_line *pager_at(const struct pager *p, uint64_t row);
const struct pager_line *pager_selected(const struct pager *p); /* or NULL */
void pager_draw(struct pager *p, const struct canvas *c);
