/*
 * JSON: what is read is written so that it reads the same again, and text
 * that is refused is not repeated in the error.
 */
#include <stdint.h>
#include <string.h>

#include "core/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json *j, *k;
	struct buf once = { 0 }, twice = { 0 };
	struct arena a = { 0 };
	struct str *keys;

	if (json_parse(&j, (struct str){ (const char *)data, size }) !=
	    ERR_NONE) {
		err_clear();
		return 0;
	}
	json_write(j, &once);
	if (json_parse(&k, buf_view(&once)) != ERR_NONE)
		bug("what was written is not JSON: %s", err_text());
	json_write(k, &twice);
	if (!str_eq(buf_view(&once), buf_view(&twice)))
		bug("two forms of one value");
	(void)json_keys(j, &a, &keys);
	for (size_t i = 0; i < json_len(j) && i < 16; i++)
		(void)json_item(j, i);
	json_free(k);
	json_free(j);
	buf_release(&once);
	buf_release(&twice);
	arena_release(&a);
	return 0;
}
