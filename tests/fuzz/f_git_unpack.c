#include "core/git_unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says at which object of the pack to begin. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct unpack_block *block;
	enum git_kind kind;
	struct str out;

	if (size < 1)
		return 0;
	if (git_unpack_at(&block, &out, &kind, str_slice(in, 1, size), data[0],
		1 << 20)) {
		if (out.len > 1 << 20 || kind == GIT_NOTHING)
			bug("an object that is none");
		git_unpack_drop(block);
	}
	return 0;
}
