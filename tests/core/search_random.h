/*
 * search_random.h - patterns and texts made by chance, the same each time.
 */
#pragma once

#include "core/str.h"

void search_random_seed(uint64_t s);
unsigned search_random(unsigned n); /* below n */
void search_random_pattern(struct buf *b, int depth);
void search_random_text(struct buf *b);
