#include "core/json.h"

#include <string.h>

#include "tests/t.h"

static void
what_is_written_is_canonical(void **state)
{
	struct json *j = json_new_object(), *list = json_new_array();
	struct buf b = { 0 };

	(void)state;
	json_put_str(j, "z", STR("\"\n\x01"));
	json_put_num(j, "a", -7);
	json_put_bool(j, "m", true);
	json_put_hex(j, "h", "\x00\xff", 2);
	json_add_num(list, 1);
	json_add_str(list, STR("\xe6\x97\xa5"));
	json_put(j, "l", list);
	json_write(j, &b);
	assert_string_equal(b.at,
	    "{\"a\":-7,\"h\":\"00ff\",\"l\":"
	    "[1,\"\xe6\x97\xa5\"],\"m\":true,\"z\":\"\\\"\\n\\u0001\"}");
	json_free(j);
	buf_release(&b);
}

static void
what_was_written_is_read(void **state)
{
	struct json *j;
	struct arena a = { 0 };
	struct str s, *keys;
	uint8_t raw[2];
	int64_t n = 0;
	bool yes = false;

	(void)state;
	assert_int_equal(json_parse(&j,
			     STR("{\"b\": \"x\\u0000y\", "
				 "\"a\": 5, \"h\": \"00FF\", \"t\": true, "
				 "\"l\": [\"p\", 2]}")),
	    ERR_NONE);
	assert_true(json_str(j, "b", &s));
	assert_true(str_eq(s, STR("x\0y")));
	assert_true(json_num(j, "a", &n));
	assert_int_equal(n, 5);
	assert_true(json_hex(j, "h", raw, 2));
	assert_memory_equal(raw, "\x00\xff", 2);
	assert_false(json_hex(j, "h", raw, 1));
	assert_true(json_bool(j, "t", &yes));
	assert_true(yes);
	assert_int_equal(json_len(json_at(j, "l")), 2);
	assert_true(json_text(json_item(json_at(j, "l"), 0), &s));
	assert_false(json_text(json_item(json_at(j, "l"), 1), &s));
	assert_null(json_item(json_at(j, "l"), 2));
	assert_false(json_str(j, "a", &s));
	assert_false(json_num(j, "b", &n));
	assert_null(json_at(j, "none"));
	assert_null(json_at(json_at(j, "l"), "a"));
	assert_int_equal(json_len(j), 0);
	assert_int_equal(json_keys(j, &a, &keys), 5);
	assert_true(str_eq(keys[0], STR("a")));
	assert_true(str_eq(keys[4], STR("t")));
	json_free(j);
	arena_release(&a);
}

static void
bad_json_is_refused_and_not_quoted(void **state)
{
	const char *const bad[] = {
		"",
		"{",
		"{\"a\":1,\"a\":2}",
		"{\"a\":1}x",
		"[1,]",
		"{\"secret\": \xff}",
		"\"\xff\"",
		"nul",
		"{'a':1}",
		"\"\\ud800\"",
		"[1e999]",
	};
	struct json *j = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err_clear();
		assert_int_equal(json_parse(&j, str_of(bad[i])), ERR_FORMAT);
		assert_null(strstr(err_text(), "secret"));
		assert_null(j);
	}
}

static void
nesting_without_end_is_refused(void **state)
{
	struct buf b = { 0 };
	struct json *j = NULL;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_char(&b, '[');
	assert_int_equal(json_parse(&j, buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
}

static void
a_path_of_any_bytes_goes_both_ways(void **state)
{
	struct arena a = { 0 };
	struct buf all = { 0 };

	(void)state;
	for (int i = 1; i < 256; i++)
		buf_char(&all, (char)i);
	const struct str paths[] = {
		STR("src/a b%20.c"),
		STR("\xe6\x97\xa5/\xff\xc0\x80"),
		STR("k\nl.c"),
		STR(""),
		buf_view(&all),
		STR("\xed\xa0\x80"),
		STR("\xf4\x90\x80\x80"),
		STR("%"),
	};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct json *j = json_new_object(), *k;
		struct buf b = { 0 };
		struct str back;

		json_put_path(j, "p", paths[i]);
		json_write(j, &b);
		assert_int_equal(json_parse(&k, buf_view(&b)), ERR_NONE);
		assert_true(json_path(k, "p", &a, &back));
		assert_true(str_eq(back, paths[i]));
		json_free(j);
		json_free(k);
		buf_release(&b);
	}
	buf_release(&all);
	arena_release(&a);
}

static void
text_that_is_not_utf8_is_replaced_byte_by_byte(void **state)
{
	struct json *j = json_new_object();
	struct str s;

	(void)state;
	json_put_str(j, "t", STR("a\xff\xe6\x97z"));
	assert_true(json_str(j, "t", &s));
	assert_true(str_eq(s, STR("a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz")));
	json_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_canonical),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(bad_json_is_refused_and_not_quoted),
		cmocka_unit_test(nesting_without_end_is_refused),
		cmocka_unit_test(a_path_of_any_bytes_goes_both_ways),
		cmocka_unit_test(
		    text_that_is_not_utf8_is_replaced_byte_by_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
