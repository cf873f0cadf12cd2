#include "core/worddiff.h"

#include <stdint.h>

/* Two lines, parted by the first LF. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct worddiff_span *s, size_t n, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (s[i].from >= s[i].to || s[i].to > len ||
		    (i > 0 && s[i].from <= s[i - 1].to))
			bug("span %zu is out of place", i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, a = STR("");
	struct worddiff d;

	(void)str_cut(&rest, '\n', &a);
	if (rest.at == NULL)
		rest = STR("");
	worddiff_lines(&d, a, rest);
	check(d.a, d.n_a, a.len);
	check(d.b, d.n_b, rest.len);
	return 0;
}
