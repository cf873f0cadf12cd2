/*
 * Keys while rooms hand over, in any order and with any count: whatever comes
 * out was typed, and comes out once.
 */
#include <stdint.h>
#include <string.h>

#include "tui/typed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEYS = 1 << 16 };

static uint32_t typed;
static bool given[KEYS];

static void
take(void *arg, uint32_t key)
{
	(void)arg;
	if (key == 0 || key > typed || given[key])
		bug("key %u of %u", key, typed);
	given[key] = true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct typed t;
	enum room focus = ROOM_READING;

	t = (struct typed){ 0 };
	typed = 0;
	memset(given, 0, sizeof given);
	for (size_t i = 0; i < size && typed + 1 < KEYS; i++) {
		uint8_t what = data[i] & 3;
		enum room from = data[i] & 4 ? ROOM_NOTES : ROOM_READING;

		if (what < 2)
			(void)typed_key(&t, focus, ++typed);
		else if (what == 2)
			(void)!typed_handover(&t, from, data[i] >> 3);
		else {
			focus = from;
			typed_settle(&t, take, NULL);
		}
	}
	err_clear();
	return 0;
}
