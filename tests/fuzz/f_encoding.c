#include "core/encoding.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the bytes are: converted they are UTF-8, and every offset leads
 * to a place inside of them, in order.  First byte: which encoding. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = { (const char *)data + 1, size - 1 };
	struct encoding_text t = { 0 };
	struct encoding_facts facts;
	size_t last = 0;
	enum encoding e;
	bool utf8;

	if (size == 0 || size > 65536 || encoding_open() != ERR_NONE)
		return 0;
	encoding_examine(&facts, bytes);
	e = encoding_recognise(bytes, &utf8);
	if (utf8 != facts.utf8)
		bug("two answers");
	if (data[0] % 2 == 0)
		e = (enum encoding)(data[0] / 2 % ENCODINGS);
	if (!encoding_converts(e))
		return 0;
	encoding_convert(&t, e, bytes);
	if (!encoding_is_utf8(buf_view(&t.utf8)))
		bug("%s converts to something else", encoding_name(e));
	for (size_t at = 0; at < t.utf8.len; at++) {
		size_t from;

		if ((t.utf8.at[at] & 0xc0) == 0x80 || at % 7 != 0)
			continue;
		from = encoding_original(&t, bytes, at);
		if (from < last || from > bytes.len)
			bug("offset %zu leads to %zu", at, from);
		last = from;
	}
	encoding_text_release(&t);
	return 0;
}
