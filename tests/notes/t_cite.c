#include "notes/cite.h"

#include <string.h>

#include "tests/t.h"

static struct arena memory;

static int
clear(void **state)
{
	(void)state;
	arena_release(&memory);
	return 0;
}

static struct cite_list
found(const char *text)
{
	struct cite_list list = { NULL, 0 };

	assert_int_equal(cite_find(&list, &memory,
			     cite_text(&memory, str_of(text))),
	    ERR_NONE);
	return list;
}

static void
is_the_one(const char *text)
{
	struct cite_list list = found(text);
	const struct cite *c = list.at;

	if (list.len != 1 || c->version != 2)
		print_message("in: %s\n", text);
	assert_int_equal(list.len, 1);
	assert_int_equal(c->version, 2);
	assert_string_equal(c->commit, "0123456789ab");
	assert_string_equal(c->code, "fedcba9876543210");
	assert_int_equal(c->first, 47);
	assert_int_equal(c->last, 52);
	assert_true(str_eq(c->pieces[0], STR("src/ie.c")));
}

/* As it is written, quoted, wrapped, and typed from paper. */
static void
a_citation_is_read_however_it_was_typed(void **state)
{
	static const char *const ways[] = {
		"V2 c=0123456789ab L47-52 k=fedcba9876543210 p=src/ie.c",
		"see `V2 c=0123456789ab L47-52 k=fedcba9876543210 p=src/ie.c`.",
		"a\n    V2 c=0123456789ab\n    L47-52 k=fedcba9876543210\n"
		"    p=src/ie.c\nBy: Alice",
		"v2 C=0123456789AB l47-52 K=FEDCBA9876543210 P=src/ie.c",
		"V2 c = O123456789ab L 47 - 52 k = fedcba98765432lO p = "
		"src/ie.c",
		"V2 c=0123456789ab L47\xe2\x80\x93"
		"52 k=fedcba9876543210 "
		"p=src/ie.c",
		"<!DOCTYPE html><p><code>V2 c=0123456789ab L47-52 "
		"k=fedcba9876543210 p=src/ie.c</code></p>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		is_the_one(ways[i]);
}

static void
what_only_begins_like_one_is_named_with_its_line(void **state)
{
	static const char *const bad[] = {
		"\nV2 c=0123456789 L47-52 k=fedcba9876543210 p=src/ie.c",
		"\nV2 c=0123456789ab L52-47 k=fedcba9876543210 p=src/ie.c",
		"\nV2 c=0123456789ab L47-52 k=fedcba987654321 p=src/ie.c",
		"\nV2 c=0123456789ab L47-52 k=fedcba9876543210 p=",
		"\nV2 c=0123456789ab L99999999999-1 k=fedcba9876543210 p=a",
		"\nV1 c=0123456789ab L47-52 h=fedcba9876543210 p=src/ie.c",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct cite_list list = found(bad[i]);

		assert_int_equal(list.len, 1);
		assert_int_equal(list.at[0].version, 0);
		assert_int_equal(list.at[0].line, 2);
	}
	assert_int_equal(found("CV2 c=0123456789ab, V2 of it, V3 c=1").len, 0);
}

static void
the_room_s_own_line_is_read_too(void **state)
{
	struct anchor an = { .path = STR("a b%c\x01/\xc3\xa4.c"),
		.first = 3,
		.last = 4 };
	struct buf b = { 0 };
	struct cite_list list;

	(void)state;
	anchor_cite(&an, &b);
	list = found(b.at);
	assert_int_equal(list.len, 1);
	assert_int_equal(list.at[0].version, 1);
	assert_true(str_eq(list.at[0].pieces[0], an.path));
	assert_int_equal(list.at[0].at, 0);
	assert_int_equal(list.at[0].len, b.len);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_citation_is_read_however_it_was_typed),
		cmocka_unit_test(
		    what_only_begins_like_one_is_named_with_its_line),
		cmocka_unit_test(the_room_s_own_line_is_read_too),
	};

	return cmocka_run_group_tests(tests, NULL, clear);
}
