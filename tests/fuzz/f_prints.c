#include "policy/prints.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file of fingerprints from anywhere: refused, or safe to judge with. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char text[] = "int a(int b)\n{\n	if (b > 1)\n"
				   "		return c(b, 2);\n	for "
				   "(;;)\n		d(a, b);\n}\n";
	struct arena a = { 0 };
	struct verdict_source v = { 0 };
	struct prints *p;
	char *aligned = malloc(size + 1);

	if (aligned == NULL)
		return 0;
	memcpy(aligned, data, size);
	err_clear();
	if (prints_open(&p, (struct str){ aligned, size }) == ERR_NONE) {
		prints_judge(&v, &a, p, STR(""), str_of(text));
		prints_close(p);
	}
	err_clear();
	free(aligned);
	arena_release(&a);
	return 0;
}
