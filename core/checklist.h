/*
 * checklist.h - requirements to hold a product against, as data.
 *
 * A text file of lines; "#" begins a comment:
 *
 *   vitrine-checklist 1
 *   id NAME                     short, for commands
 *   title TITLE
 *   source WHERE THE TEXT IS    the standard, its edition
 *   item ID | TITLE | REFERENCE | COMPONENTS
 *
 * COMPONENTS are names separated by commas, or empty for every one.  Titles
 * are own words: the text is the standard's.
 */
#pragma once

#include "core/arena.h"

enum {
	CHECKLIST_BYTES = 1 << 20, /* of a file */
	CHECKLIST_ITEMS_MAX = 10 * 1000,
	CHECKLIST_COMPONENTS_MAX = 64,
};

struct checklist_item {
	struct str id, title, reference;
	struct str *components;
	uint32_t n_components;
};

struct checklist {
	struct str id, title, source;
	struct checklist_item *items;
	uint32_t n_items;
};

/* Borrowed from text, lists in a.  ERR_FORMAT: "name:line: what". */
enum err checklist_read(struct checklist *out, struct arena *a,
    const char *name, struct str text) MUST_CHECK;
/* NULL when there is none. */
const struct checklist_item *checklist_find(const struct checklist *c,
    struct str id);
