#include "core/lexer.h"

#include <stdint.h>

#include "core/lexer_table.h"

/* First byte: the language.  Then lines, lexed as a file is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, line;
	struct lexer_span span[64];
	uint32_t state = 0;
	size_t n, languages = 0;

	if (size == 0)
		return 0;
	while (lexer_table[languages] != NULL)
		languages++;
	rest = str_slice(rest, 1, rest.len);
	(void)lexer_find(rest, rest);
	while (str_cut(&rest, '\n', &line)) {
		const struct language *l = lexer_table[data[0] % languages];
		uint32_t next = lexer_line(l, state, line, span, 64, &n);
		size_t end = 0;

		if (next != lexer_line(l, state, line, NULL, 0, NULL))
			bug("the state depends on the spans");
		for (size_t i = 0; i < n; end = span[i].from + span[i].len, i++)
			if (span[i].from < end || span[i].len == 0 ||
			    span[i].from + span[i].len > line.len)
				bug("span %zu is out of place", i);
		state = next;
	}
	return 0;
}
