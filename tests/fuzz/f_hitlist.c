#include "core/hitlist.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is taken is written the same way again, and can be carried over to
 * itself: every line finds its own. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct hitlist l, again;

	err_clear();
	if (hitlist_read(&l, &a, (struct str){ (const char *)data, size }) ==
	    ERR_NONE) {
		hitlist_write(&l, &b);
		if (!str_eq(buf_view(&b),
			(struct str){ (const char *)data, size }))
			bug("a worklist is written in two ways");
		if (hitlist_read(&again, &a, buf_view(&b)) != ERR_NONE)
			bug("a worklist that was written is not read");
		hitlist_carry(&again, &l);
		if (again.gone > 0)
			bug("a line does not find itself");
	}
	buf_release(&b);
	arena_release(&a);
	err_clear();
	return 0;
}
