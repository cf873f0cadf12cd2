#include "notes/template.h"

#include <string.h>

#include "notes/cvss.h"
#include "notes/cvss4.h"
#include "notes/entry.h"
#include "tests/t.h"

static void
every_template_may_be_recorded_and_its_vectors_are_scored(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct template *t; (t = template_at(n)) != NULL; n++) {
		struct entry e = { .type = ENTRY_FINDING,
			.title = STR("t"),
			.class = str_of(t->class),
			.cwe = str_of(t->cwe),
			.cvss3 = str_of(t->cvss3),
			.cvss4 = str_of(t->cvss4),
			.claim = str_of(t->claim),
			.evidence = str_of(t->evidence),
			.remediation = str_of(t->remediation) };
		struct cvss c3;
		struct cvss4 c4;

		assert_int_equal(entry_check(&e), ERR_NONE);
		if (e.cvss3.len > 0)
			assert_int_equal(cvss_read(&c3, e.cvss3), ERR_NONE);
		if (e.cvss4.len > 0)
			assert_int_equal(cvss4_read(&c4, e.cvss4), ERR_NONE);
		assert_true(e.cwe.len > 0 && e.claim.len > 0);
		for (size_t k = 0; k < n; k++)
			assert_string_not_equal(t->class,
			    template_at(k)->class);
	}
	assert_true(n > 20);
}

static void
the_next_one_holds_what_was_typed(void **state)
{
	size_t i = SIZE_MAX - 1;
	const struct template *t;

	(void)state;
	i = 0;
	t = template_next(STR("overflow"), &i);
	assert_string_equal(t->class, "heap overflow");
	t = template_next(STR("overflow"), &i);
	assert_string_equal(t->class, "integer overflow");
	t = template_next(STR("overflow"), &i);
	assert_string_equal(t->class, "stack overflow");
	assert_null(template_next(STR("no such class"), &i));
}

static void
what_was_not_filled_in_is_counted(void **state)
{
	(void)state;
	assert_int_equal(template_blanks(STR("")), 0);
	assert_int_equal(template_blanks(STR("[")), 0);
	assert_int_equal(template_blanks(STR("[which field] of [the TEID]")),
	    1);
	assert_int_equal(template_blanks(STR("to\n[size] bytes, n[size]")), 1);
	assert_int_equal(template_blanks(STR("[[which field]")), 0);
	for (size_t i = 0; template_at(i) != NULL; i++)
		assert_true(
		    template_blanks(str_of(template_at(i)->evidence)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_template_may_be_recorded_and_its_vectors_are_scored),
		cmocka_unit_test(the_next_one_holds_what_was_typed),
		cmocka_unit_test(what_was_not_filled_in_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
