#include "core/io.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include "tests/t.h"

static char folder[64];
static int dir;
static struct buf b;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	strcpy(folder, "/tmp/vitrine-io-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(io_open_folder(&dir, folder), ERR_NONE);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	close(dir);
	buf_release(&b);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

static void
what_was_written_is_read(void **state)
{
	(void)state;
	assert_int_equal(io_replace_at(dir, "a", STR("one\0two")), ERR_NONE);
	assert_int_equal(io_read_at(&b, dir, "a", 100), ERR_NONE);
	assert_true(str_eq(buf_view(&b), STR("one\0two")));
	assert_int_equal(io_append_at(dir, "a", STR("!")), ERR_NONE);
	assert_int_equal(io_read_at(&b, dir, "a", 100), ERR_NONE);
	assert_int_equal(b.len, 8);
	assert_int_equal(io_read_at(&b, dir, "a", 7), ERR_LIMIT);
	assert_int_equal(io_remove_at(dir, "a"), ERR_NONE);
	assert_int_equal(io_remove_at(dir, "a"), ERR_NONE);
	err_clear();
	assert_int_equal(io_read_at(&b, dir, "a", 100), ERR_ABSENT);
}

static void
a_file_that_exists_is_not_created(void **state)
{
	(void)state;
	assert_int_equal(io_create_at(dir, "a", STR("first")), ERR_NONE);
	assert_int_equal(io_create_at(dir, "a", STR("second")), ERR_DENIED);
	assert_int_equal(io_read_at(&b, dir, "a", 100), ERR_NONE);
	assert_true(str_eq(buf_view(&b), STR("first")));
}

static void
a_link_is_not_followed(void **state)
{
	(void)state;
	assert_int_equal(io_replace_at(dir, "real", STR("x")), ERR_NONE);
	assert_int_equal(symlinkat("real", dir, "link"), 0);
	assert_int_equal(symlinkat(".", dir, "here"), 0);
	assert_int_equal(io_read_at(&b, dir, "real", 100), ERR_NONE);
	assert_int_equal(io_read_at(&b, dir, "link", 100), ERR_DENIED);
	assert_int_equal(io_append_at(dir, "link", STR("y")), ERR_DENIED);
	assert_int_not_equal(io_replace_at(dir, "here/f", STR("y")), ERR_NONE);
	assert_int_equal(io_replace_at(dir, "link", STR("new")), ERR_NONE);
	assert_int_equal(io_read_at(&b, dir, "real", 100), ERR_NONE);
	assert_true(str_eq(buf_view(&b), STR("x")));
}

static void
a_name_cannot_climb(void **state)
{
	static const char *const names[] = { "../a", "/tmp/a", "a/../b", "",
		".", "a//b", "a/" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		err_clear();
		assert_int_equal(io_replace_at(dir, names[i], STR("x")),
		    ERR_DENIED);
	}
	assert_int_equal(io_make_folder_at(dir, "sub"), ERR_NONE);
	assert_int_equal(io_replace_at(dir, "sub/b", STR("x")), ERR_NONE);
}

static void
only_regular_files_are_read(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/pipe", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(io_read(&b, path, 100), ERR_FORMAT);
	err_clear();
	assert_int_equal(io_read(&b, folder, 100), ERR_FORMAT);
}

static void
a_full_disk_leaves_the_old_file(void **state)
{
	struct rlimit old, low = { 64, 0 };
	struct str big = { (char[100]){ 0 }, 100 };

	(void)state;
	assert_int_equal(io_replace_at(dir, "a", STR("kept")), ERR_NONE);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	low.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	assert_int_equal(io_replace_at(dir, "a", big), ERR_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(io_read_at(&b, dir, "a", 100), ERR_NONE);
	assert_true(str_eq(buf_view(&b), STR("kept")));
	assert_int_equal(faccessat(dir, ".a.new", F_OK, 0), -1);
}

static void
a_listing_is_sorted(void **state)
{
	struct arena a = { 0 };
	struct io_names names;

	(void)state;
	assert_int_equal(io_replace_at(dir, "b", STR("")), ERR_NONE);
	assert_int_equal(io_replace_at(dir, "a", STR("")), ERR_NONE);
	assert_int_equal(io_list(&names, &a, folder), ERR_NONE);
	assert_int_equal(names.len, 2);
	assert_true(str_eq(names.at[0], STR("a")));
	assert_true(str_eq(names.at[1], STR("b")));
	arena_release(&a);
}

static void
an_empty_file_maps_to_nothing(void **state)
{
	char path[128];
	struct io_map m;

	(void)state;
	snprintf(path, sizeof path, "%s/a", folder);
	assert_int_equal(io_replace_at(dir, "a", STR("")), ERR_NONE);
	assert_int_equal(io_map(&m, path, 10), ERR_NONE);
	assert_int_equal(m.bytes.len, 0);
	io_unmap(&m);
	assert_int_equal(io_replace_at(dir, "a", STR("abc")), ERR_NONE);
	assert_int_equal(io_map(&m, path, 10), ERR_NONE);
	assert_true(str_eq(m.bytes, STR("abc")));
	io_unmap(&m);
	assert_int_equal(io_map(&m, path, 2), ERR_LIMIT);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_was_written_is_read),
		T(a_file_that_exists_is_not_created),
		T(a_link_is_not_followed),
		T(a_name_cannot_climb),
		T(only_regular_files_are_read),
		T(a_full_disk_leaves_the_old_file),
		T(a_listing_is_sorted),
		T(an_empty_file_maps_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
