#include "core/history_index.h"
#include "core/history_index_format.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sum;

static void
touch(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.at[i];
}

static void
touch_commits(const struct history_index *x)
{
	uint32_t n = history_index_commits(x), found;

	for (uint32_t i = 0; i < n; i++) {
		struct history_index_commit c = history_index_commit(x, i);
		const struct history_index_rename *r;
		uint32_t moves;

		if (!history_index_find(&found, x, &c.id) || found != i)
			bug("a commit that is not found");
		for (uint32_t k = 0; k < c.n_parents; k++)
			if (history_index_commit(x, c.parents[k]).level >=
			    c.level)
				bug("a circle");
		r = history_index_renames(x, i, &moves);
		for (uint32_t k = 0; k < moves; k++) {
			touch(history_index_path(x, r[k].from));
			touch(history_index_path(x, r[k].to));
		}
	}
}

static void
touch_paths(const struct history_index *x)
{
	uint32_t found, first, n;

	for (uint32_t p = 0; p < history_index_paths(x); p++) {
		const struct history_index_change *c =
		    history_index_changes(x, p, &n);

		touch(history_index_path(x, p));
		if (!history_index_find_path(&found, x,
			history_index_path(x, p)) ||
		    found != p)
			bug("a path that is not found");
		for (uint32_t i = 0; i < n; i++) {
			if (history_index_change(x, p, c[i].commit) != &c[i])
				bug("a change that is not found");
			if (c[i].before != HISTORY_INDEX_NONE)
				sum +=
				    history_index_content(x, c[i].before).id[0];
			if (c[i].after != HISTORY_INDEX_NONE)
				sum +=
				    history_index_content(x, c[i].after).id[0];
		}
	}
	history_index_below(&first, &n, x, STR("src"));
	if (first > history_index_paths(x) ||
	    n > history_index_paths(x) - first)
		bug("paths that are not there");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + 1); /* aligned, as a mapping is */
	struct history_index *x;

	if (bytes == NULL)
		return 0;
	memcpy(bytes, data, size);
	if (size >= HISTORY_INDEX_HEADER) { /* what lies behind the sum */
		uint64_t check = history_index_sum((struct str){ bytes, size });

		memcpy(bytes + HISTORY_INDEX_AT_SUM, &check, sizeof check);
	}
	err_clear();
	if (history_index_open_bytes(&x, (struct str){ bytes, size }) ==
	    ERR_NONE) {
		touch_commits(x);
		touch_paths(x);
		history_index_close(x);
	}
	free(bytes);
	return 0;
}
