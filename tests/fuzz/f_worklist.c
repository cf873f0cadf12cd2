#include "notes/worklist.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text of a worklist in the record: what is taken is packed the same. */
static void
lines(struct str body)
{
	struct entry head = { .type = ENTRY_LIST, .seq = 1, .count = 3 };
	struct entry hits = { .type = ENTRY_HITS, .seq = 2, .text = body };
	struct worklist *w = worklist_new(&head);
	struct buf b = { 0 };
	uint32_t at = 0;

	if (worklist_take(w, &hits, NULL) == ERR_NONE && w->whole) {
		struct worklist *again = worklist_new(&head);

		worklist_pack(&w->l, &at, &b);
		hits.text = buf_view(&b);
		if (worklist_take(again, &hits, w) != ERR_NONE ||
		    again->l.gone > 0)
			bug("a worklist does not find itself");
		worklist_free(again);
	}
	buf_release(&b);
	worklist_free(w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	err_clear();
	lines((struct str){ (const char *)data, size });
	err_clear();
	return 0;
}
