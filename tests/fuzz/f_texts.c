#include <string.h>

#include "policy/texts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_at_path(void *arg, struct str path)
{
	struct str all = *(struct str *)arg;

	if (path.at < all.at || path.at + path.len > all.at + all.len)
		bug("a path that is not in the text");
}

/* What is blanked is lines, and all of them; nothing else changes. */
static void
look_at_lines(struct arena *a, struct str in)
{
	struct str out = texts_without_lines(in, a);
	struct texts_lines t;

	texts_lines(&t, in);
	if (t.single > t.runs || t.runs < t.files)
		bug("%u runs, %u single, in %u texts", t.runs, t.single,
		    t.files);
	for (size_t i = 0; i < in.len; i++)
		if (out.at[i] != in.at[i] &&
		    (out.at[i] != ' ' ||
			strchr("0123456789-", in.at[i]) == NULL))
			bug("byte %zu is no line", i);
}

/* Any bytes as an export: classes, items and paths of it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	size_t *at;
	uint32_t n;

	if ((texts_classes(in) & 1u << CLASS_PROSE) == 0)
		bug("a text of no class");
	texts_items(in, &a, &at, &n);
	for (uint32_t i = 0; i < n; i++)
		if (at[i] > size || (i > 0 && at[i] < at[i - 1]))
			bug("item %u begins at %zu", i, at[i]);
	texts_paths(in, look_at_path, &in);
	look_at_lines(&a, in);
	arena_release(&a);
	return 0;
}
