/*
 * views.h - every view of a room on a small and on a large screen.
 *
 * Each has a way to it; a view without one fails the test.  Of each the
 * screens at 24 x 80 and 49 x 160 are kept with their colours, and shown
 * once more without: glyphs alone must say the same.  What depends on versions
 * of other programs stands in lines that are masked.
 */
#pragma once

#include "tests/tui/play.h"

struct views_way {
	const char *view;
	const char *lines; /* as in play.h */
};

/* Goes there, and adds both screens to out.  Of lines that begin with
 * one of mask (NULL at its end; or NULL) the first word is kept. */
void views_show(struct buf *out, const struct play *p,
    const struct views_way *way, const char *const *mask);
/* names ends with NULL; a name without a way fails. */
void views_all(const char *const *names, const struct views_way *ways,
    size_t n);
