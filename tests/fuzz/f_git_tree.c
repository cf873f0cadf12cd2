#include "core/git_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Entries are not empty, and all bytes before a bad one are theirs. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str raw = { (const char *)data, size };
	struct tree_entry e, last = { 0 };
	bool bad = false;
	size_t used = 0;

	while (git_tree_next(&e, &raw, &bad)) {
		used += e.name.len + OID_BYTES + 3;
		if (e.name.len == 0 || used > size)
			bug("an entry out of nothing");
		if (last.name.len > 0 &&
		    git_tree_cmp(&last, &e) != -git_tree_cmp(&e, &last) &&
		    git_tree_cmp(&last, &e) * git_tree_cmp(&e, &last) > 0)
			bug("an order that is none");
		last = e;
	}
	if (!bad && raw.len > 0)
		bug("bytes left over");
	return 0;
}
