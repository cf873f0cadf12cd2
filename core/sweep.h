/*
 * sweep.h - runs of lines of several people laid over each other: who saw
 * and who reviewed each line, every line once.
 *
 * Runs may overlap, touch and come in any order.  Lines count from 1; a last
 * line of UINT32_MAX is the end of whatever file it is.
 */
#pragma once

#include "core/arena.h"

enum { SWEEP_PEOPLE = 32 };

struct sweep_run {
	uint32_t first, last;
	uint8_t who;   /* below SWEEP_PEOPLE */
	bool reviewed; /* false: seen; what is reviewed was seen */
};

struct sweep_part {
	uint32_t first, last;
	uint32_t seen, reviewed; /* sets of 1 << who; seen is never 0 */
};

/* Parts in the order of their lines, apart from each other; two that touch
 * differ.  The array in a. */
size_t sweep(struct sweep_part **out, struct arena *a,
    const struct sweep_run *runs, size_t n);

/* Lines of first..last that parts have, by how many people: those that one
 * of `who` saw and reviewed, and that two people at least reviewed. */
struct sweep_sum {
	uint64_t seen, reviewed, twice;
};
void sweep_add(struct sweep_sum *sum, const struct sweep_part *parts, size_t n,
    uint32_t who, uint32_t first, uint32_t last);
unsigned sweep_people(uint32_t set); /* how many */
