#include "notes/entry.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the type.  Then the body; what is taken is written the same
 * way again and again. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf one = { 0 }, two = { 0 };
	struct arena a = { 0 };
	struct entry e, again;
	uint16_t type;

	if (size == 0)
		return 0;
	type = data[0];
	err_clear();
	if (entry_read(&e, &a, type,
		(struct str){ (const char *)data + 1, size - 1 }) == ERR_NONE) {
		entry_write(&e, &one);
		if (entry_read(&again, &a, type, buf_view(&one)) != ERR_NONE)
			bug("an entry that was written is not read: %s",
			    err_text());
		entry_write(&again, &two);
		if (!str_eq(buf_view(&one), buf_view(&two)))
			bug("an entry is written in two ways");
		(void)!entry_check(&e);
	}
	buf_release(&one);
	buf_release(&two);
	arena_release(&a);
	err_clear();
	return 0;
}
