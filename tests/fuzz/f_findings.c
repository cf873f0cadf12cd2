#include "notes/eyes.h"
#include "notes/findings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whoever says it, and whoever says it again: no line counts twice. */
static void
lay_twice(struct arena *a, const struct findings_method *m)
{
	const struct eyes_said said[] = {
		{ STR("me"), m->lines, m->n_lines },
		{ STR("me"), m->lines, m->n_lines },
		{ STR("bob"), m->lines, m->n_lines },
	};
	struct eyes e;

	eyes_lay(&e, a, said, 3, NULL);
	for (size_t i = 0; i < e.n; i++) {
		struct eyes_sum sum = { 0 };

		eyes_add(&sum, &e, &e.files[i]);
		if (sum.seen > sum.lines || sum.reviewed > sum.seen ||
		    sum.twice != sum.reviewed || sum.by[0] != sum.by[1])
			bug("file %zu: %llu of %llu lines", i,
			    (unsigned long long)sum.seen,
			    (unsigned long long)sum.lines);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct findings_read f;

	err_clear();
	if (findings_read(&f, &a, (struct str){ (const char *)data, size }) ==
	    ERR_NONE) {
		for (uint32_t i = 0; i < f.n_items; i++)
			if (entry_check(&f.items[i]) != ERR_NONE)
				bug("an item that may not be recorded");
		lay_twice(&a, &f.method);
	}
	arena_release(&a);
	err_clear();
	return 0;
}
