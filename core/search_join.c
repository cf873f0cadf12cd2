#include "core/search_join.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/search_lf.h"

enum { JOINED_MOST = 1024 * 1024 };

void
search_join_release(struct search_join *j)
{
	buf_release(&j->joined);
	free(j->lines);
	*j = (struct search_join){ 0 };
}

/* How much of the line is left without a backslash at its end, which a CR
 * may follow; SIZE_MAX: it ends without one. */
static size_t
without_backslash(struct str line)
{
	if (str_ends(line, STR("\r")))
		line.len--;
	return str_ends(line, STR("\\")) ? line.len - 1 : SIZE_MAX;
}

/* Takes the lines from start on that are one; returns where the next begins. */
static size_t
take(struct search_join *j, struct str text, size_t start)
{
	buf_clear(&j->joined);
	j->n = 0;
	for (;;) {
		size_t end = search_lf_end(text, start), len;
		struct str line = str_slice(text, start, end - start);

		len = without_backslash(line);
		j->lines =
		    array_more(j->lines, j->n, &j->room, sizeof *j->lines);
		j->lines[j->n++] =
		    (struct search_join_line){ j->joined.len, start };
		buf_str(&j->joined,
		    str_slice(line, 0, len == SIZE_MAX ? line.len : len));
		start = end + 1;
		if (len == SIZE_MAX || start >= text.len ||
		    j->joined.len > JOINED_MOST)
			return start;
	}
}

bool
search_join_next(struct search_join *j, struct str text, size_t *at)
{
	size_t from = *at;

	while (from < text.len) {
		from = str_find(text, STR("\\"), from);
		if (from == SIZE_MAX)
			return false;
		if (from + 1 >= text.len || text.at[from + 1] == '\n' ||
		    str_starts(str_slice(text, from + 1, 2), STR("\r\n"))) {
			*at = take(j, text, search_lf_start(text, from));
			return true;
		}
		from++;
	}
	return false;
}

const struct search_join_line *
search_join_at(const struct search_join *j, size_t at)
{
	size_t i = 0;

	while (i + 1 < j->n && j->lines[i + 1].joined <= at)
		i++;
	return &j->lines[i];
}
