#include "core/text.h"
#include "core/checklist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct checklist c;

	err_clear();
	if (text_start() != ERR_NONE)
		bug("no UTF-8");
	if (checklist_read(&c, &a, "f", in) == ERR_NONE)
		for (uint32_t i = 0; i < c.n_items; i++)
			if (checklist_find(&c, c.items[i].id) != &c.items[i])
				bug("an id that is there twice");
	arena_release(&a);
	err_clear();
	return 0;
}
