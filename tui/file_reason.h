/*
 * file_reason.h - of the line under the cursor: why what was reviewed counts
 * no more, or still does; or who else reviewed it.  Found out once for lines that went together.
 */
#pragma once

#include "tui/gutter.h"

/* Zeroed is ready. */
struct file_reason {
	bool known;
	uint32_t version;       /* of the marks */
	struct gutter_lost was; /* zeroed: of the whole file */
	struct buf text;
};
void file_reason_release(struct file_reason *f);

/* "" when there is nothing to say; until the next call. */
struct str file_reason(struct file_reason *f, const struct gutter *g,
    const struct oid *commit, uint32_t line);
