#include "notes/shipped.h"

#include <string.h>

#include "tests/t.h"

static struct arena arena;
static struct shipped all;

static const struct checklist_item *
next(const char *typed, size_t *i)
{
	const struct checklist *list;

	return shipped_next(&all, str_of(typed), i, &list);
}

static void
every_list_that_is_shipped_is_there(void **state)
{
	const struct checklist *list;
	const struct checklist_item *it;
	size_t n = 0;

	(void)state;
	assert_int_equal(all.n, 3);
	while ((it = shipped_at(&all, n, &list)) != NULL) {
		assert_ptr_equal(shipped_find(&all, it->id, &list), it);
		n++;
	}
	assert_true(n > 50);
	assert_null(shipped_find(&all, STR("no such thing"), &list));
}

static void
letters_choose_by_the_number_or_by_the_title(void **state)
{
	size_t i = SIZE_MAX, first;
	const struct checklist_item *it = next("4.2.3.3", &i);

	(void)state;
	assert_true(str_eq(it->id, STR("4.2.3.3")));
	first = i;
	it = next("4.2.3.3", &i);
	assert_true(str_eq(it->id, STR("4.2.3.3.1")));
	for (int k = 0; k < 100 && i != first; k++) {
		it = next("4.2.3.3", &i);
		assert_true(str_starts(it->id, STR("4.2.3.3")));
	}
	assert_int_equal(i, first);
	i = SIZE_MAX;
	it = next("UNEXPECTED input", &i);
	assert_true(str_eq(it->id, STR("4.2.3.3.4")));
	i = SIZE_MAX;
	assert_true(str_eq(next("cwe-787", &i)->id, STR("CWE-787")));
	i = SIZE_MAX;
	assert_null(next("zebra", &i));
}

static void
no_letters_go_through_all_of_them(void **state)
{
	const struct checklist *list;
	size_t i = SIZE_MAX, n = 0;

	(void)state;
	do
		assert_ptr_equal(next("", &i), shipped_at(&all, n++, &list));
	while (shipped_at(&all, n, &list) != NULL);
	assert_ptr_equal(next("", &i), shipped_at(&all, 0, &list));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_list_that_is_shipped_is_there),
		cmocka_unit_test(letters_choose_by_the_number_or_by_the_title),
		cmocka_unit_test(no_letters_go_through_all_of_them),
	};

	shipped_read(&all, &arena);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
