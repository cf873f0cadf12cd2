#include "policy/manifest.h"

#include "tests/t.h"

#include <string.h>

static struct arena arena;

static int
clear(void **state)
{
	(void)state;
	arena_release(&arena);
	err_clear();
	return 0;
}

static const char whole[] =
    "vitrine-manifest 1\n"
    "session demo-1\n"
    "release v1.0 0102030405060708090a0b0c0d0e0f1011121314 production -\n"
    "file 02807a8e30aa661f0dc6d4a5ccb5c5adef3fc083d028037f83411523fda75bdc "
    "feb95205b2233e2b70d3f79f79e3be21 21 repo.git/HEAD\n"
    "shown 0102030405060708090a0b0c0d0e0f1011121314 "
    "02807a8e30aa661f0dc6d4a5ccb5c5adef3fc083d028037f83411523fda75bdc "
    "feb95205b2233e2b70d3f79f79e3be21 7 v1.0 a b%0A%25.c\n"
    "withheld 0102030405060708090a0b0c0d0e0f1011121314 9 v1.0 secret.c\n"
    "withheld 0000000000000000000000000000000000000000 9 v1.0 \n";

static void
a_manifest_is_read_as_it_was_written(void **state)
{
	struct manifest m;
	struct buf again = { 0 };

	(void)state;
	assert_int_equal(manifest_read(&m, &arena, str_of(whole)), ERR_NONE);
	assert_int_equal(m.n_releases, 1);
	assert_int_equal(m.n_files, 1);
	assert_int_equal(m.n_entries, 3);
	assert_true(str_eq(m.entries[0].path, STR("a b\n%.c")));
	assert_true(m.entries[0].shown);
	assert_int_equal(m.entries[1].bytes, 9);
	assert_int_equal(m.entries[2].path.len, 0);
	manifest_write(&m, &again);
	assert_string_equal(again.at, whole);
	buf_release(&again);
}

static void
every_truncation_and_most_changes_are_refused(void **state)
{
	struct buf b = { 0 };
	struct manifest m;

	(void)state;
	buf_str(&b, str_of(whole));
	for (size_t n = 0; n < b.len; n++) {
		bool line = n > 20 && b.at[n - 1] == '\n';
		enum err rc =
		    manifest_read(&m, &arena, str_slice(buf_view(&b), 0, n));

		/* Whole lines may be missing: the signature is over all. */
		assert_int_equal(rc, n == 0 || !line ? ERR_FORMAT : ERR_NONE);
		clear(NULL);
	}
	buf_release(&b);
}

static void
a_path_has_one_spelling(void **state)
{
	static const char *const bad[] = { "a%2Fb", "a%0a", "a%0", "a%zz",
		"a\xc3", "a%41" };
	struct manifest m;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct str text = arena_printf(&arena,
		    "vitrine-manifest 1\n"
		    "session x\nrelease v1 0102030405060708090a0b0c0d0e0f10111"
		    "21314 custom -\nwithheld 0102030405060708090a0b0c0d0e0f10"
		    "11121314 9 v1 %s\n",
		    bad[i]);

		assert_int_equal(manifest_read(&m, &arena, text), ERR_FORMAT);
		assert_non_null(strstr(err_text(), "manifest:4"));
		err_clear();
	}
}

static void
other_lines_and_orders_are_refused(void **state)
{
	static const char *const bad[] = {
		"vitrine-manifest 2\nsession x\n",
		"vitrine-manifest 1\n",
		"vitrine-manifest 1\nsession x\nsession y\n",
		"vitrine-manifest 1\nsession x\n\n",
		"vitrine-manifest 1\nsession x\nhello\n",
		"vitrine-manifest 1\nsession x\nwithheld 010203040506070809"
		"0a0b0c0d0e0f1011121314 9 v1 a\n",
		"vitrine-manifest 1\nsession x\nfile 0 0 0 a\n",
		"vitrine-manifest 1\nsession x",
	};
	struct manifest m;

	(void)state;
	assert_int_equal(manifest_read(&m, &arena,
			     STR("vitrine-manifest 1\nsession x\n")),
	    ERR_NONE);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(manifest_read(&m, &arena, str_of(bad[i])),
		    ERR_FORMAT);
		err_clear();
	}
}

int
main(void)
{
#define T(name) cmocka_unit_test_teardown(name, clear)
	const struct CMUnitTest tests[] = {
		T(a_manifest_is_read_as_it_was_written),
		T(every_truncation_and_most_changes_are_refused),
		T(a_path_has_one_spelling),
		T(other_lines_and_orders_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
