#include "policy/kiosk.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the list says, the paths are absolute and lead straight down. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct arena a = { 0 };
	struct kiosk_list l;

	if (kiosk_list_read(&l, &a, text) == ERR_NONE) {
		if (l.n_sessions == 0 || l.n_sessions > KIOSK_SESSIONS)
			abort();
		for (uint32_t i = 0; i < l.n_sessions; i++)
			if (l.sessions[i].path.at[0] != '/' ||
			    str_find(l.sessions[i].path, STR(".."), 0) !=
				SIZE_MAX)
				abort();
	}
	err_clear();
	arena_release(&a);
	return 0;
}
