#include "core/lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines, each with its LF, are the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct lines l;
	struct str line;
	size_t sum = 0;
	bool lf;

	lines_init(&l, in);
	for (uint32_t n = 1; lines_get(&l, n, &line, &lf); n++) {
		if (lines_start(&l, n) != sum)
			bug("a line that begins elsewhere");
		sum += line.len + lf;
	}
	if (sum != size)
		bug("lines that are not the bytes");
	lines_release(&l);
	return 0;
}
