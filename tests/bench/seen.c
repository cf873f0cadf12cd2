/*
 * seen - what coverage costs the reader: the time of its work for one key.
 *
 * A reader leafs through a file line by line: for each key the lines in view
 * change, time passes, what became seen is taken and said to the notes room.
 * Prints microseconds a key, median and worst of the rounds; a frame of 60
 * hertz is 16667 of them.
 */
#include "tui/seen.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { KEYS = 20000, ROUNDS = 31 };

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
round_of(uint32_t rows, uint32_t *told)
{
	struct seen s = { 0 };
	uint64_t now = 0;
	uint32_t first, last;
	double from = seconds();

	for (uint32_t top = 1; top <= KEYS; top++, now += 200) {
		seen_tick(&s, now);
		while (seen_take(&s, &first, &last))
			*told += last - first + 1;
		seen_show(&s, top, top + rows - 1, now);
	}
	seen_release(&s);
	return (seconds() - from) * 1e6 / KEYS;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(void)
{
	static const uint32_t rows[] = { 22, 60, 200 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double us[ROUNDS];
		uint32_t told = 0;

		for (int k = 0; k < ROUNDS; k++)
			us[k] = round_of(rows[i], &told);
		qsort(us, ROUNDS, sizeof *us, compare);
		printf("coverage, %u lines in view: %.2f us a key, at most "
		       "%.2f (%u lines seen)\n",
		    rows[i], us[ROUNDS / 2], us[ROUNDS - 1], told / ROUNDS);
	}
	return 0;
}
