#include "core/text.h"
#include "notes/fleet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct fleet_group *groups;
	struct fleet f;
	uint32_t sum = 0, n;

	err_clear();
	if (text_start() != ERR_NONE)
		bug("no UTF-8");
	if (fleet_read(&f, &a, "f", in) == ERR_NONE) {
		n = fleet_groups(&f, &a, &groups);
		for (uint32_t i = 0; i < n; i++)
			sum += groups[i].n;
		if (sum != f.n)
			bug("a deployment in no group");
	}
	arena_release(&a);
	err_clear();
	return 0;
}
