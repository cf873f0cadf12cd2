#include "core/room.h"
#include "core/wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a room may say to the launcher when it ends, and what the launcher
 * tells a room: what is read again after writing is the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size }, text;
	struct arena a = { 0 };
	struct buf again = { 0 };
	struct start s;
	enum room which;
	uint16_t index;
	enum err kind;

	if (room_trouble_read(&kind, &text, &a, body) == ERR_NONE &&
	    (kind == ERR_NONE || kind > ERR_STOPPED || text.len > size))
		abort();
	err_clear();
	if (room_restart_read(&which, &index, body) == ERR_NONE) {
		room_restart_write(&again, which, index);
		if (!str_eq(buf_view(&again), body))
			abort();
		buf_clear(&again);
	}
	err_clear();
	if (start_read(&s, &a, body) == ERR_NONE) {
		start_write(&s, &again);
		/* a byte that is neither 0 nor 1 reads as 0 */
		if (again.len != size)
			abort();
	}
	err_clear();
	buf_release(&again);
	arena_release(&a);
	return 0;
}
