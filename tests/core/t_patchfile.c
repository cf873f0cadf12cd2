#include "core/patchfile.h"

#include "tests/t.h"

static struct arena arena;
static struct patchfile patch;

static const char fix[] = "From: somebody\n"
			  "Subject: fix\n"
			  "\n"
			  "diff --git a/src/x.c b/src/x.c\n"
			  "--- a/src/x.c\t2024-01-01\n"
			  "+++ b/src/x.c\n"
			  "@@ -2,3 +2,4 @@ int f\n"
			  " two\n"
			  "-three\n"
			  "+THREE\n"
			  "+more\n"
			  " four\n"
			  "--- /dev/null\n"
			  "+++ b/new.c\n"
			  "@@ -0,0 +1 @@\n"
			  "+all new\n"
			  "\\ No newline at end of file\n"
			  "-- \n"
			  "2.39\n";

static enum err
read_patch(const char *text)
{
	enum err rc = patchfile_read(&patch, &arena, str_of(text));

	err_clear();
	return rc;
}

static void
files_and_changes_are_read(void **state)
{
	(void)state;
	assert_int_equal(read_patch(fix), ERR_NONE);
	assert_int_equal(patch.n_files, 2);
	assert_int_equal(patch.n_hunks, 2);
	assert_true(str_eq(patch.files[0].new_path, STR("src/x.c")));
	assert_true(str_eq(patch.files[0].old_path, STR("src/x.c")));
	assert_true(str_eq(patch.files[1].old_path, STR("")));
	assert_int_equal(patch.hunks[0].added, 2);
	assert_int_equal(patch.hunks[0].removed, 1);
	assert_int_equal(patch.hunks[0].len, 5);
	assert_int_equal(patch.hunks[1].len, 1);
	assert_false(patch.hunks[0].torn);
	assert_int_equal(read_patch("nothing\n"), ERR_FORMAT);
	assert_int_equal(read_patch(""), ERR_FORMAT);
	assert_int_equal(read_patch("@@ -1 +1 @@\n-a\n+b\n"), ERR_FORMAT);
}

static void
every_truncation_is_read_or_refused(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof fix; n++) {
		enum err rc =
		    patchfile_read(&patch, &arena, (struct str){ fix, n });

		assert_true(rc == ERR_NONE || rc == ERR_FORMAT);
		err_clear();
		if (rc == ERR_NONE && n < 170 && patch.n_hunks == 1)
			assert_true(
			    patch.hunks[0].torn || patch.hunks[0].len == 5);
	}
}

static struct patchfile_verdict
judge(const char *text)
{
	struct patchfile_text t = patchfile_cut(&arena, str_of(text));

	return patchfile_judge(&patch, &patch.hunks[0], &t);
}

static void
a_change_is_there_partly_or_not(void **state)
{
	struct patchfile_verdict v;

	(void)state;
	assert_int_equal(read_patch(fix), ERR_NONE);
	v = judge("one\ntwo\nTHREE\nmore\nfour\n");
	assert_int_equal(v.state, PATCHFILE_APPLIED);
	assert_int_equal(v.line, 2);
	assert_false(v.blanks);
	v = judge("one\nx\nx\nx\ntwo\nTHREE\nmore\nfour\n");
	assert_int_equal(v.state, PATCHFILE_APPLIED);
	assert_int_equal(v.line, 5);
	v = judge("one\ntwo\nthree\nfour\n");
	assert_int_equal(v.state, PATCHFILE_NOT);
	assert_int_equal(v.line, 2);
	v = judge("one\ntwo\nTHREE\nfour\n");
	assert_int_equal(v.state, PATCHFILE_PARTLY);
	assert_int_equal(v.there, 1);
	assert_int_equal(v.gone, 1);
	v = judge("quite\nanother\nfile\n");
	assert_int_equal(v.state, PATCHFILE_NEITHER);
	v = judge("");
	assert_int_equal(v.state, PATCHFILE_NEITHER);
}

static void
blanks_at_line_ends_are_named(void **state)
{
	struct patchfile_verdict v;

	(void)state;
	assert_int_equal(read_patch(fix), ERR_NONE);
	v = judge("one\r\ntwo\r\nTHREE\r\nmore\r\nfour\r\n");
	assert_int_equal(v.state, PATCHFILE_APPLIED);
	assert_true(v.blanks);
	v = judge("two \nthree\nfour\n");
	assert_int_equal(v.state, PATCHFILE_NOT);
	assert_true(v.blanks);
}

/* The nearest of equal places. */
static void
what_is_only_taken_away_is_judged_too(void **state)
{
	struct patchfile_verdict v;

	(void)state;
	assert_int_equal(read_patch("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n keep\n"
				    "-bad call\n"),
	    ERR_NONE);
	v = judge("keep\nbad call\n");
	assert_int_equal(v.state, PATCHFILE_NOT);
	v = judge("other\nthings\n");
	assert_int_equal(v.state, PATCHFILE_APPLIED);
	assert_int_equal(v.line, 0);
}

static int
end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_changes_are_read),
		cmocka_unit_test(every_truncation_is_read_or_refused),
		cmocka_unit_test(a_change_is_there_partly_or_not),
		cmocka_unit_test(blanks_at_line_ends_are_named),
		cmocka_unit_test(what_is_only_taken_away_is_judged_too),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
