#include "notes/findings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct findings_read f;

	err_clear();
	if (findings_read(&f, &a, (struct str){ (const char *)data, size }) ==
	    ERR_NONE)
		for (uint32_t i = 0; i < f.n_items; i++)
			if (entry_check(&f.items[i]) != ERR_NONE)
				bug("an item that may not be recorded");
	arena_release(&a);
	err_clear();
	return 0;
}
