#include "tui/diff_rows.h"

static const struct diff_row nothing = { DIFF_ROWS_NONE, DIFF_ROWS_NONE,
	DIFF_ROWS_NONE, DIFF_ROWS_NONE };

static uint32_t
run_of(const struct file_diff *d, uint32_t at, uint32_t end, char kind)
{
	uint32_t n = at;

	while (n < end && d->lines[n].kind == kind)
		n++;
	return n - at;
}

/* removed lines at at, then added ones; what replaces what is known only
 * where there are as many of both. */
static size_t
change(struct diff_row *out, uint32_t at, uint32_t removed, uint32_t added,
    bool side_by_side)
{
	uint32_t most = removed > added ? removed : added;
	bool mates = removed == added;
	size_t n = 0;

	for (uint32_t i = 0; side_by_side && i < most; i++, n++) {
		out[n] = nothing;
		if (i < removed)
			out[n].old = at + i;
		if (i < added)
			out[n].new = at + removed + i;
	}
	for (uint32_t i = 0; !side_by_side && i < removed; i++, n++) {
		out[n] = nothing;
		out[n].old = at + i;
		out[n].mate = mates ? at + removed + i : DIFF_ROWS_NONE;
	}
	for (uint32_t i = 0; !side_by_side && i < added; i++, n++) {
		out[n] = nothing;
		out[n].new = at + removed + i;
		out[n].mate = mates ? at + i : DIFF_ROWS_NONE;
	}
	return n;
}

size_t
diff_rows_make(struct diff_row *out, const struct file_diff *d,
    bool side_by_side)
{
	size_t n = 0;

	for (uint32_t h = 0; h < d->n_hunks; h++) {
		uint32_t at = d->hunks[h].first, end = at + d->hunks[h].len;

		out[n] = nothing;
		out[n++].hunk = h;
		while (at < end) {
			uint32_t removed = run_of(d, at, end, '-');
			uint32_t added = run_of(d, at + removed, end, '+');

			if (removed + added > 0) {
				n += change(out + n, at, removed, added,
				    side_by_side);
				at += removed + added;
				continue;
			}
			out[n] = nothing;
			out[n].old = out[n].new = at++;
			n++;
		}
	}
	return n;
}
