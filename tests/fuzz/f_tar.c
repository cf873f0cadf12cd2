#include "core/tar.h"

#include "core/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken is exactly what would be written. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct buf again = { 0 };
	struct tar t;

	err_clear();
	if (tar_read(&t, &a, in, LIMIT_BUNDLE) == ERR_NONE) {
		for (uint32_t i = 0; i < t.n; i++)
			if (tar_add(&again, t.files[i].name,
				t.files[i].bytes) != ERR_NONE)
				bug("a name that cannot be written was read");
		tar_end(&again);
		if (!str_eq(buf_view(&again), in))
			bug("a tar that is not canonical was read");
	}
	buf_release(&again);
	arena_release(&a);
	err_clear();
	return 0;
}
