#include "policy/excerpt.h"

#include "core/limits.h"
#include "core/tar.h"
#include "notes/case_pages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * An opened export with pages, as the report reads it, for a session in which
 * nobody has to agree.  What is taken as true is exactly what would be packed
 * again; what is only read holds within its bounds.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct rules_person who = { .name = STR("alice") };
	struct rules rules = { .session = STR("demo"),
		.auditors = &who,
		.n_auditors = 1,
		.excerpt = { .pages_one = 10,
		    .legend = STR("CONFIDENTIAL"),
		    .prefix = STR("VEN-") } };
	struct arena a = { 0 };
	struct buf again = { 0 };
	struct case_pages p;
	struct excerpt x;
	struct tar t;
	bool proven;

	err_clear();
	for (enum class c = 0; c < CLASSES; c++)
		rules.export.permit[c] = PERMIT_ALLOW;
	proven = excerpt_read(&x, &a, &rules, in) == ERR_NONE;
	if (proven &&
	    (excerpt_pack(&again, &rules, &x) != ERR_NONE ||
		!str_eq(buf_view(&again), in)))
		bug("pages that would not be packed like this were read");
	if (tar_read(&t, &a, in, LIMIT_BUNDLE) == ERR_NONE &&
	    case_pages_read(&p, &a, &t) == ERR_NONE) {
		if (p.n == 0 || p.n > PRESS_PLACES_MAX)
			bug("pages of %u places", p.n);
	} else if (proven) {
		bug("the report cannot read what is proven");
	}
	err_clear();
	buf_release(&again);
	arena_release(&a);
	return 0;
}
