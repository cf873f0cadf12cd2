#include "notes/cvss4.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cvss4 c = { 0 };
	struct str text = { (const char *)data, size };

	err_clear();
	if (cvss4_read(&c, text) == ERR_NONE && c.score > 100)
		bug("a score of %u", c.score);
	return 0;
}
