#include "notes/cite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct cite_list list;

	err_clear();
	in = cite_text(&a, in);
	if (cite_find(&list, &a, in) == ERR_NONE)
		for (uint32_t i = 0; i < list.len; i++)
			if (list.at[i].at + list.at[i].len > in.len)
				bug("a citation beyond its text");
	arena_release(&a);
	err_clear();
	return 0;
}
