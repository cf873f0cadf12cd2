#include "tui/requirements.h"

#include <fcntl.h>
#include <string.h>

#include "tests/tool.h"

#define OWN                                                               \
	"vitrine-checklist 1\nid acme\ntitle Acme, part 3\n"              \
	"item ACME-1 | The length octet is compared first | 3.1 | core\n" \
	"item CWE-79 | What Acme calls that | 3.2 |\n"

static struct requirements *r;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	r = requirements_open();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	requirements_close(r);
	return 0;
}

static void
those_of_the_session_come_before_those_of_vitrine(void **state)
{
	const struct checklist *list;
	const struct shipped *all;
	struct str wrong;
	size_t i = SIZE_MAX;

	(void)state;
	requirements_add(r, STR("acme.list"), STR(OWN));
	all = requirements_all(r, &wrong);
	assert_int_equal(wrong.len, 0);
	assert_int_equal(all->n, 4);
	assert_non_null(shipped_find(all, STR("ACME-1"), &list));
	assert_true(str_eq(list->title, STR("Acme, part 3")));
	/* The same number in two lists: the one that was agreed on. */
	assert_true(str_eq(shipped_find(all, STR("CWE-79"), &list)->reference,
	    STR("3.2")));
	assert_non_null(shipped_find(all, STR("CWE-787"), &list));
	assert_true(str_eq(list->id, STR("cwe-top-25")));
	assert_true(str_eq(shipped_next(all, STR("octet"), &i, &list)->id,
	    STR("ACME-1")));
	assert_ptr_equal(requirements_all(r, &wrong), all);
}

static void
without_any_there_are_those_of_vitrine(void **state)
{
	struct str wrong;

	(void)state;
	assert_int_equal(requirements_all(r, &wrong)->n, 3);
	assert_int_equal(wrong.len, 0);
}

static void
one_that_cannot_be_read_is_said_and_hides_no_other(void **state)
{
	const struct checklist *list;
	const struct shipped *all;
	struct str wrong;

	(void)state;
	requirements_add(r, STR("bad.list"),
	    STR("vitrine-checklist 1\nid bad\ntitle Bad\nitem X\n"));
	requirements_add(r, STR("acme.list"), STR(OWN));
	all = requirements_all(r, &wrong);
	assert_true(str_starts(wrong, STR("bad.list:4: an item is")));
	assert_int_equal(all->n, 4);
	assert_non_null(shipped_find(all, STR("ACME-1"), &list));
}

/* As many descriptors as the rules name, in their order. */
static void
they_come_by_descriptors(void **state)
{
	struct str names[] = { STR("one"), STR("two") }, wrong;
	struct rules rules = { .checklists = names, .n_checklists = 2 };
	const struct checklist *list;
	enum { FIRST = 40 };

	(void)state;
	tool_start();
	tool_write("one", STR(OWN));
	tool_write("two",
	    STR("vitrine-checklist 1\nid b\ntitle B\nitem B-1 | Two |\n"));
	for (int i = 0; i < 2; i++) {
		int fd = open(tool_path(i == 0 ? "one" : "two"), O_RDONLY);

		assert_int_equal(dup2(fd, FIRST + i), FIRST + i);
		close(fd);
	}
	assert_int_equal(requirements_take(r, &rules, FIRST), ERR_NONE);
	assert_non_null(
	    shipped_find(requirements_all(r, &wrong), STR("B-1"), &list));
	assert_int_equal(requirements_all(r, &wrong)->n, 5);
	close(FIRST);
	close(FIRST + 1);
	requirements_close(r);
	r = requirements_open();
	assert_int_equal(requirements_take(r, &rules, FIRST), ERR_IO);
	tool_end();
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(those_of_the_session_come_before_those_of_vitrine),
		T(without_any_there_are_those_of_vitrine),
		T(one_that_cannot_be_read_is_said_and_hides_no_other),
		T(they_come_by_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
