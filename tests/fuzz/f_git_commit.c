#include "core/git_commit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken lies inside the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct commit c;

	err_clear();
	if (git_commit_parse(&c, &a, in) == ERR_NONE) {
		if (c.message.len > size || c.subject.len > c.message.len ||
		    c.n_parents > size / OID_HEX)
			bug("a commit larger than its bytes");
	}
	arena_release(&a);
	err_clear();
	return 0;
}
