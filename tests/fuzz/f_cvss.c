#include "notes/cvss.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cvss c = { 0 };
	struct str text = { (const char *)data, size };

	err_clear();
	if (cvss_read(&c, text) == ERR_NONE &&
	    (c.base > 100 || c.temporal > c.base || c.overall > 100))
		bug("a score of %u", c.overall);
	return 0;
}
