#include "policy/visits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any list of visits: read, or refused with one line; what is read can be
 * said, and never gives more hours than there are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rules r = { .session = { "s", 1 },
		.hours = { .to = 24 * 60, .total = 40 } };
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct buf said = { 0 };
	struct visits v;
	int64_t until = 0;

	err_clear();
	if (visits_parse(&v, &a, in) == ERR_NONE) {
		for (size_t i = 0; i < v.n && i < 8; i++)
			visits_say(&v.at[i], &said);
		if (visits_until(&until, &r, &v, 1783328400) == ERR_NONE &&
		    until > 1783328400 + 40 * 3600)
			bug("more hours than the session has");
	} else if (*err_text() == '\0') {
		bug("a refusal without a reason");
	}
	err_clear();
	buf_release(&said);
	arena_release(&a);
	return 0;
}
