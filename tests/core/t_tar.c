#include "core/tar.h"

#include "core/limits.h"
#include "tests/tool.h"

static void
make(struct buf *b)
{
	assert_int_equal(tar_add(b, STR("findings.json"), STR("{}")), ERR_NONE);
	assert_int_equal(tar_add(b, STR("empty"), STR("")), ERR_NONE);
	assert_int_equal(tar_add(b, STR("approvals/01AB.minisig"),
			     STR("untrusted\n")),
	    ERR_NONE);
	tar_end(b);
}

static enum err
read_it(struct str bytes)
{
	struct arena a = { 0 };
	struct tar t;
	enum err rc;

	err_clear();
	rc = tar_read(&t, &a, bytes, LIMIT_BUNDLE);
	arena_release(&a);
	return rc;
}

static void
what_is_written_is_read(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct tar t;

	(void)state;
	make(&b);
	assert_int_equal(tar_read(&t, &a, buf_view(&b), LIMIT_BUNDLE),
	    ERR_NONE);
	assert_int_equal(t.n, 3);
	assert_true(
	    str_eq(tar_find(&t, STR("findings.json"))->bytes, STR("{}")));
	assert_int_equal(tar_find(&t, STR("empty"))->bytes.len, 0);
	assert_null(tar_find(&t, STR("absent")));
	assert_int_equal(tar_read(&t, &a, buf_view(&b), b.len - 1), ERR_LIMIT);
	arena_release(&a);
	buf_release(&b);
}

static void
names_that_could_leave_the_folder_are_refused(void **state)
{
	static const char *const bad[] = { "", "/a", "..", "a/../b", "a/",
		"a//b", ".a", "a/.b", "a b", "a\nb", "a\\b", "\xc3\xa4" };
	struct buf b = { 0 }, name = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err_clear();
		assert_int_equal(tar_add(&b, str_of(bad[i]), STR("x")),
		    ERR_FORMAT);
	}
	assert_int_equal(b.len, 0);
	while (name.len < TAR_NAME_MAX)
		buf_char(&name, 'x');
	assert_int_equal(tar_add(&b, buf_view(&name), STR("")), ERR_NONE);
	buf_char(&name, 'x');
	assert_int_equal(tar_add(&b, buf_view(&name), STR("")), ERR_FORMAT);
	buf_release(&name);
	buf_release(&b);
}

static void
every_truncation_is_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	make(&b);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(read_it(str_slice(buf_view(&b), 0, n)),
		    ERR_FORMAT);
	assert_int_equal(read_it(buf_view(&b)), ERR_NONE);
	buf_char(&b, '\0');
	assert_int_equal(read_it(buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
}

/* Every byte that is neither a name nor a file's text is fixed. */
static void
every_changed_byte_of_a_header_is_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	make(&b);
	for (size_t i = 13; i < 512; i++) {
		b.at[i] ^= 1;
		assert_int_equal(read_it(buf_view(&b)), ERR_FORMAT);
		b.at[i] ^= 1;
	}
	for (size_t i = 512 + 2; i < 1024; i++) {
		b.at[i] ^= 1;
		assert_int_equal(read_it(buf_view(&b)), ERR_FORMAT);
		b.at[i] ^= 1;
	}
	assert_int_equal(read_it(buf_view(&b)), ERR_NONE);
	buf_release(&b);
}

static void
a_name_twice_is_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(tar_add(&b, STR("a"), STR("1")), ERR_NONE);
	assert_int_equal(tar_add(&b, STR("a"), STR("2")), ERR_NONE);
	tar_end(&b);
	assert_int_equal(read_it(buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
}

static void
tar_unpacks_what_we_pack_and_links_are_refused(void **state)
{
	struct buf b = { 0 }, out = { 0 };

	(void)state;
	make(&b);
	tool_start();
	tool_write("x.tar", buf_view(&b));
	assert_int_equal(tool_run("tar xf x.tar"), 0);
	tool_read(&out, "approvals/01AB.minisig");
	assert_true(str_eq(buf_view(&out), STR("untrusted\n")));
	assert_int_equal(tool_run("rm x.tar; ln -s /etc/passwd l; "
				  "tar --format=ustar -cf y.tar -b 2 l"),
	    0);
	tool_read(&out, "y.tar");
	assert_int_equal(read_it(buf_view(&out)), ERR_FORMAT);
	assert_int_equal(tool_run("mkfifo f; "
				  "tar --format=ustar -cf z.tar -b 2 f"),
	    0);
	tool_read(&out, "z.tar");
	assert_int_equal(read_it(buf_view(&out)), ERR_FORMAT);
	tool_end();
	buf_release(&out);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(names_that_could_leave_the_folder_are_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(every_changed_byte_of_a_header_is_refused),
		cmocka_unit_test(a_name_twice_is_refused),
		cmocka_unit_test(
		    tar_unpacks_what_we_pack_and_links_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
