#include "notes/record.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A header, its sum mended so that what lies behind it is reached; and a
 * box that nobody sealed. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret key;
	struct str in = { (const char *)data, size };
	struct buf copy = { 0 }, plain = { 0 };

	if (key.len == 0) {
		if (seal_start() != ERR_NONE)
			return 0;
		seal_secret_init(&key, SEAL_KEY);
		key.len = SEAL_KEY;
		memset(key.at, 7, SEAL_KEY);
	}
	err_clear();
	(void)!record_header_check(in);
	if (size >= SEAL_HASH) {
		buf_str(&copy, in);
		seal_mac((uint8_t *)copy.at + size - SEAL_HASH, NULL,
		    str_slice(in, 0, size - SEAL_HASH));
		(void)!record_header_check(buf_view(&copy));
	}
	if (seal_open(&plain, &key, STR("frame"), in) == ERR_NONE)
		bug("a box that nobody sealed opens");
	buf_clear(&copy);
	seal_box(&copy, &key, STR("frame"), in);
	if (seal_open(&plain, &key, STR("frame"), buf_view(&copy)) !=
		ERR_NONE ||
	    !str_eq(buf_view(&plain), in))
		bug("a box does not open again");
	buf_release(&copy);
	buf_release(&plain);
	err_clear();
	return 0;
}
