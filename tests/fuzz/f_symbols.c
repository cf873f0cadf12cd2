#include "core/symbols.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sum;

static void
touch(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.at[i];
}

static void
touch_definitions(const struct symbols *s)
{
	struct symbols_content c;
	struct symbol d;

	for (uint32_t i = 0; i < symbols_definitions(s); i++)
		if (symbols_definition(&d, s, i) == ERR_NONE) {
			touch(d.name);
			touch(d.kind);
			touch(d.scope);
			if (d.content >= symbols_contents(s) || d.last < d.line)
				bug("a definition that cannot be");
		}
	for (uint32_t i = 0; i < symbols_contents(s); i++)
		if (symbols_content(&c, s, i) == ERR_NONE) {
			if (c.n > symbols_definitions(s) - c.first)
				bug("definitions that are not there");
			(void)!symbols_content_of(&c, s, &c.id);
		}
}

static void
touch_names(const struct symbols *s)
{
	const uint32_t *at;
	struct str name;
	uint32_t n;

	for (uint32_t i = 0; i < symbols_names(s); i++)
		if (symbols_name(&name, s, i) == ERR_NONE &&
		    symbols_find(&at, &n, s, name) == ERR_NONE)
			for (uint32_t k = 0; k < n; k++)
				if (at[k] >= symbols_definitions(s))
					bug("a definition that is not there");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + 1); /* aligned, as a mapping is */
	struct symbols *s;

	if (bytes == NULL)
		return 0;
	memcpy(bytes, data, size);
	err_clear();
	if (symbols_open_bytes(&s, (struct str){ bytes, size }) == ERR_NONE) {
		touch(symbols_method(s));
		touch_definitions(s);
		touch_names(s);
		symbols_close(s);
	}
	free(bytes);
	return 0;
}
