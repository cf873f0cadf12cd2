#include "policy/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any session.conf: read, or refused with one line. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct buf text = { 0 };
	struct rules r;

	err_clear();
	if (rules_read(&r, &a, "fuzz", in) == ERR_NONE) {
		rules_explain(&r, &text);
		(void)rules_in_scope(&r, STR("src/main.c"));
	} else if (*err_text() == '\0') {
		bug("a refusal without a reason");
	}
	err_clear();
	buf_release(&text);
	arena_release(&a);
	return 0;
}
