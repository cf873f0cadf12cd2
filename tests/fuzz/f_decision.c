#include "core/json.h"
#include "core/text.h"
#include "notes/decision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A note of the docket, as docket.c hands it on. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct docket_note n = { .seq = 1, .text = in };
	struct arena a = { 0 };
	struct json *j = NULL;
	struct decision d;

	err_clear();
	if (json_parse(&j, in) == ERR_NONE && json_str(j, "kind", &n.kind) &&
	    json_str(j, "by", &n.by) && json_num(j, "time", &n.time)) {
		n.json = j;
		if (decision_read(&d, &a, &n) == ERR_NONE && d.by.len == 0)
			bug("a step by nobody");
	}
	json_free(j);
	arena_release(&a);
	err_clear();
	return 0;
}
