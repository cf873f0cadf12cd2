#include "policy/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is written the same way again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct buf again = { 0 };
	struct manifest m;

	err_clear();
	if (manifest_read(&m, &a, in) == ERR_NONE) {
		manifest_write(&m, &again);
		if (!str_eq(buf_view(&again), in))
			bug("a manifest with two spellings");
	}
	err_clear();
	buf_release(&again);
	arena_release(&a);
	return 0;
}
