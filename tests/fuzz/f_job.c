/*
 * Workers and the reading room: what a worker is asked, and what it answers.
 * The first byte says which reader; rows are read to the end of the body, as
 * the views do.
 */
#include <stdint.h>
#include <string.h>

#include "core/job_blame.h"
#include "core/job_feed.h"
#include "core/job_files.h"
#include "core/job_hazards.h"
#include "core/job_linelog.h"
#include "core/job_moves.h"
#include "core/job_pathlog.h"
#include "core/job_pickaxe.h"
#include "core/job_refind.h"
#include "core/job_treediff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every row takes something, or the end would never come. */
#define ROWS(name, type)                                            \
	static void name##_rows(struct str body)                    \
	{                                                           \
		struct wire w = wire_of(body);                      \
		struct type row;                                    \
		size_t left = w.rest.len;                           \
                                                                    \
		while (job_##name##_read_row(&row, &w)) {           \
			if (w.rest.len >= left)                     \
				bug("a row of no bytes in " #name); \
			left = w.rest.len;                          \
		}                                                   \
	}
ROWS(blame, blame_row)
ROWS(feed, feed_row)
ROWS(files, files_row)
ROWS(hazards, hazards_row)
ROWS(linelog, linelog_row)
ROWS(moves, moves_row)
ROWS(pathlog, pathlog_row)
ROWS(pickaxe, pickaxe_hit)
ROWS(treediff, treediff_row)

static void
refind_rows(struct str body)
{
	struct wire w = wire_of(body);
	struct job_refind_row row;
	struct arena a = { 0 };
	size_t left = w.rest.len;

	while (job_refind_read_row(&row, &a, &w)) {
		if (w.rest.len >= left)
			bug("a row of no bytes in refind");
		left = w.rest.len;
	}
	arena_release(&a);
}

static void (*const rows[])(struct str body) = {
	blame_rows,
	feed_rows,
	files_rows,
	linelog_rows,
	pathlog_rows,
	pickaxe_rows,
	hazards_rows,
	refind_rows,
	treediff_rows,
	moves_rows,
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

static void
read_answer(struct str body)
{
	struct job_progress p;
	struct job_done d;
	struct str rest;
	uint32_t id;

	if (job_read_id(&id, &rest, body) != ERR_NONE)
		return;
	(void)!job_read_progress(&p, rest);
	if (job_read_done(&d, rest) == ERR_NONE &&
	    (d.rc > ERR_STOPPED || d.text.len > rest.len))
		bug("an end of %u and %zu bytes", d.rc, d.text.len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data + 1, size - 1 };
	struct arena a = { 0 };
	struct feed_args f;
	unsigned which;

	if (size == 0)
		return 0;
	which = data[0] % (N_ROWS + 2);
	if (which < N_ROWS)
		rows[which](body);
	else if (which == N_ROWS)
		read_answer(body);
	else
		(void)!job_feed_parse(&f, &a, body);
	err_clear();
	arena_release(&a);
	return 0;
}
