/*
 * shipped.h - the checklists that come with Vitrine, for a room that opens no
 * file: share/checklists as it was when this was built.
 */
#pragma once

#include "core/checklist.h"

struct shipped {
	struct checklist *lists;
	uint32_t n;
};

/* Everything in a. */
void shipped_read(struct shipped *out, struct arena *a);

/* Requirement i of all of them, and its list; NULL beyond the last. */
const struct checklist_item *shipped_at(const struct shipped *s, size_t i,
    const struct checklist **list);
/* By its id; NULL: none has it. */
const struct checklist_item *shipped_find(const struct shipped *s,
    struct str id, const struct checklist **list);
/* The next after number *i (SIZE_MAX: from the first, wraps) whose id begins
 * with typed, or whose title or list holds it in capitals or not; moves *i.
 * NULL: none does. */
const struct checklist_item *shipped_next(const struct shipped *s,
    struct str typed, size_t *i, const struct checklist **list);
