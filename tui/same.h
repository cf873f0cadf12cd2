/*
 * same.h - lines that say the same, counted.
 */
#pragma once

#include "core/arena.h"

/* struct same s = { 0 }; is ready. */
struct same {
	struct arena a;
	struct same_line {
		struct str text;
		uint32_t times;
	} * lines;
	size_t n, room;
	uint32_t *slots; /* line + 1 */
	size_t mask;
};
void same_release(struct same *s);
void same_clear(struct same *s);

/* Counts the line, without blanks at its ends; true: the first of its kind,
 * which is s->lines[s->n - 1]. */
bool same_add(struct same *s, struct str line);
