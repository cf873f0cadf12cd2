#include "notes/fleet.h"

#include <string.h>

#include "core/text.h"
#include "core/checklist.h"
#include "notes/csv.h"
#include "tests/t.h"

static struct arena memory;

static int
prepare(void **state)
{
	(void)state;
	assert_int_equal(text_start(), ERR_NONE);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	arena_release(&memory);
	return 0;
}

static void
cells_are_read_as_the_format_says(void **state)
{
	struct csv c;

	(void)state;
	assert_int_equal(csv_read(&c, &memory, "f",
			     STR("\xef\xbb\xbfName,\"Pro\"\"duct\"\r\n"
				 "a,\"x, y\"\r\n\r\n\"two\nlines\",\r\n")),
	    ERR_NONE);
	assert_int_equal(c.columns, 2);
	assert_int_equal(c.rows, 2);
	assert_int_equal(csv_column(&c, "name"), 0);
	assert_int_equal(csv_column(&c, "pro\"duct"), 1);
	assert_int_equal(csv_column(&c, "nam"), -1);
	assert_true(str_eq(csv_cell(&c, 0, 1), STR("x, y")));
	assert_true(str_eq(csv_cell(&c, 1, 0), STR("two\nlines")));
	assert_int_equal(csv_cell(&c, 1, 1).len, 0);
	assert_int_equal(c.lines[1], 4);
}

static void
what_is_no_table_is_refused_with_its_line(void **state)
{
	static const char *const bad[][2] = {
		{ "", "f:1: empty" },
		{ "a,b\nc\n", "f:2: fewer cells" },
		{ "a,b\nc,d,e\n", "f:2: more cells" },
		{ "a,b\n\"c,d\n", "is not closed" },
		{ "a,b\nc\"d,e\n", "f:2: a quotation mark inside" },
		{ "a,b\n\"c\"d,e\n", "f:2: a quotation mark inside" },
	};
	struct csv c;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err_clear();
		assert_int_equal(csv_read(&c, &memory, "f", str_of(bad[i][0])),
		    ERR_FORMAT);
		if (strstr(err_text(), bad[i][1]) == NULL)
			assert_string_equal(err_text(), bad[i][1]);
	}
	err_clear();
	assert_int_equal(csv_read(&c, &memory, "f", STR("a,b\nc,d")), ERR_NONE);
}

static void
customers_are_counted_once_in_a_group(void **state)
{
	struct fleet f;
	struct fleet_group *g;

	(void)state;
	assert_int_equal(
	    fleet_read(&f, &memory, "f",
		STR("component,release,product,customer\n"
		    "core,v1,p,Acme\ncore,v1,p,Bo\ncore,v1,p,Acme\n"
		    "gui,v1,p,Acme\n,v2,p,Acme\n")),
	    ERR_NONE);
	assert_int_equal(fleet_groups(&f, &memory, &g), 3);
	assert_true(str_eq(g[0].component, STR("core")));
	assert_int_equal(g[0].n, 3);
	assert_int_equal(g[0].customers, 2);
	assert_true(str_eq(g[2].release, STR("v2")));
}

static void
a_checklist_is_read_and_a_bad_one_named(void **state)
{
	static const char *const bad[][2] = {
		{ "vitrine-checklist 2\n", "f:1: not a checklist" },
		{ "vitrine-checklist 1\nid a\ntitle b\n", "no item" },
		{ "vitrine-checklist 1\nid a\nid b\n", "f:3: said twice" },
		{ "vitrine-checklist 1\nwhat\n", "f:2: id, title" },
		{ "vitrine-checklist 1\nid a\ntitle b\nitem x\n",
		    "f:4: an item" },
		{ "vitrine-checklist 1\nid a\ntitle b\nitem x | y\nitem x | "
		  "z\n",
		    "f:5: an id that is there" },
	};
	struct checklist c;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err_clear();
		assert_int_equal(checklist_read(&c, &memory, "f",
				     str_of(bad[i][0])),
		    ERR_FORMAT);
		if (strstr(err_text(), bad[i][1]) == NULL)
			assert_string_equal(err_text(), bad[i][1]);
	}
	err_clear();
	assert_int_equal(
	    checklist_read(&c, &memory, "f",
		STR("vitrine-checklist 1\n# c\nid a\ntitle T\nsource S\n"
		    "item x | what | 4.2 | core, gui\nitem y | z\n")),
	    ERR_NONE);
	assert_int_equal(c.n_items, 2);
	assert_int_equal(c.items[0].n_components, 2);
	assert_true(str_eq(c.items[0].components[1], STR("gui")));
	assert_non_null(checklist_find(&c, STR("y")));
	assert_null(checklist_find(&c, STR("z")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_read_as_the_format_says),
		cmocka_unit_test(what_is_no_table_is_refused_with_its_line),
		cmocka_unit_test(customers_are_counted_once_in_a_group),
		cmocka_unit_test(a_checklist_is_read_and_a_bad_one_named),
	};

	return cmocka_run_group_tests(tests, prepare, clear);
}
