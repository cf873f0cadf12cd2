#include "core/git_pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every object of an index that is taken is found where it is. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct git_pack p = { .name = STR("fuzz.idx") };
	struct str in = { (const char *)data, size };

	err_clear();
	if (git_pack_index(&p, in) == ERR_NONE) {
		struct oid none = { .id = { 0x80 } };
		uint64_t offset;

		(void)git_pack_find(&p, &none, &offset);
		for (uint32_t i = 0; i < p.count; i++) {
			struct oid id = git_pack_name(&p, i);

			(void)git_pack_find(&p, &id, &offset);
		}
	}
	err_clear();
	return 0;
}
