#include "core/git_refind.h"

#include "core/git_blob.h"
#include "tests/core/repo.h"

/* Twenty lines that are all their own, and a file that goes away. */
static const char story[] =
    "init r\n"
    "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do\n"
    "echo \"line number $i of the first file\"; done >a.c\n"
    "sed 's/first/second/' a.c >b.c; sed 's/first/third/' a.c >gone.c\n"
    "sed 's/first/fourth/' a.c >old.c\n"
    "printf 'x\\n}\\n}\\ny\\n' >brace.c\n"
    "mkdir same other gone; echo a >same/a; echo b >other/b; echo c >gone/c\n"
    "commit one; git tag one\n"
    /* a.c: two lines in front, line 10 altered, 15 to 17 taken away */
    "{ echo new; echo newer; sed -e 's/number 10 of/number ten of/' "
    "-e 15,17d a.c; } >t; mv t a.c\n"
    /* lines 4 to 8 of b.c go to a file of their own */
    "sed -n 4,8p b.c >moved.c; sed 4,8d b.c >t; mv t b.c\n"
    "echo bb >other/b; git rm -rq gone\n"
    "git rm -q gone.c; git mv old.c new.c; printf 'x\\n}\\ny\\n' >brace.c\n"
    "commit two; git tag two\n";

static struct repo r;
static struct git_refind *f;

static int
start(void **state)
{
	struct oid one, two;

	(void)state;
	repo_start();
	repo_script(story);
	repo_open(&r, "r/.git");
	one = repo_id(&r, "one");
	two = repo_id(&r, "two");
	assert_int_equal(git_refind_open(&f, r.git, &one, &two), ERR_NONE);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	git_refind_close(f);
	repo_close(&r);
	repo_end();
	return 0;
}

static struct refind
find(const char *path, uint32_t first, uint32_t last)
{
	struct oid tree = repo_tree(&r, "one");
	struct anchor an = { .path = str_of(path),
		.first = first,
		.last = last };
	struct tree_entry e;
	struct refind out;

	assert_int_equal(git_tree_find(&e, r.git, &tree, an.path), ERR_NONE);
	an.blob = e.id;
	assert_int_equal(git_refind_at(&out, &r.a, f, &an, NULL, NULL),
	    ERR_NONE);
	return out;
}

static void
is(const struct refind *k, enum refind_state state, const char *path,
    uint32_t first, uint32_t last)
{
	assert_string_equal(anchor_state_name(k->state),
	    anchor_state_name(state));
	assert_true(str_eq(k->at.path, str_of(path)));
	assert_int_equal(k->at.first, first);
	assert_int_equal(k->at.last, last);
}

static void
lines_that_only_went_down_are_unchanged(void **state)
{
	struct refind k = find("a.c", 2, 5);

	(void)state;
	is(&k, REFIND_UNCHANGED, "a.c", 4, 7);
}

static void
a_line_altered_in_the_middle_is_a_change(void **state)
{
	struct refind k = find("a.c", 9, 11);

	(void)state;
	is(&k, REFIND_CHANGED, "a.c", 11, 13);
	k = find("a.c", 10, 10);
	is(&k, REFIND_CHANGED, "a.c", 12, 12);
}

static void
lines_that_were_taken_away_are_absent(void **state)
{
	struct refind k = find("a.c", 15, 17);

	(void)state;
	assert_int_equal(k.state, REFIND_ABSENT);
	/* with a neighbour that is still there they are changed */
	k = find("a.c", 14, 17);
	is(&k, REFIND_CHANGED, "a.c", 16, 16);
	k = find("gone.c", 1, 20);
	assert_int_equal(k.state, REFIND_ABSENT);
}

static void
lines_in_another_file_are_moved(void **state)
{
	struct refind k = find("b.c", 4, 8);

	(void)state;
	is(&k, REFIND_MOVED, "moved.c", 1, 5);
	k = find("old.c", 3, 4);
	is(&k, REFIND_MOVED, "new.c", 3, 4);
}

/* What hangs on a folder has no blob: two that are not there are not the same
 * content. */
static void
a_folder_is_what_is_in_it(void **state)
{
	static const struct {
		const char *path;
		enum refind_state want;
	} folders[] = {
		{ "same", REFIND_UNCHANGED },
		{ "other", REFIND_CHANGED },
		{ "gone", REFIND_ABSENT },
		{ "never", REFIND_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct anchor an = { .path = str_of(folders[i].path) };
		struct refind k;

		assert_int_equal(git_refind_at(&k, &r.a, f, &an, NULL, NULL),
		    ERR_NONE);
		is(&k, folders[i].want, folders[i].path, 0, 0);
	}
}

static void
a_brace_alone_is_never_looked_for_elsewhere(void **state)
{
	struct refind k = find("brace.c", 2, 3);

	(void)state;
	assert_true(k.state == REFIND_CHANGED || k.state == REFIND_ABSENT);
}

static void
what_is_called_unchanged_has_the_same_bytes(void **state)
{
	static const char *const paths[] = { "a.c", "b.c", "old.c" };
	unsigned same = 0;

	(void)state;
	for (size_t p = 0; p < 3; p++)
		for (uint32_t first = 1; first <= 20; first++)
			for (uint32_t last = first; last <= 20; last++) {
				struct refind k = find(paths[p], first, last);
				struct git_bytes old, new;
				struct oid tree = repo_tree(&r, "one");
				struct tree_entry e;

				if (k.state != REFIND_UNCHANGED &&
				    k.state != REFIND_MOVED)
					continue;
				same++;
				assert_int_equal(git_tree_find(&e, r.git, &tree,
						     str_of(paths[p])),
				    ERR_NONE);
				assert_int_equal(git_blob_read(&old, r.git,
						     &e.id),
				    ERR_NONE);
				assert_int_equal(git_blob_read(&new, r.git,
						     &k.at.blob),
				    ERR_NONE);
				assert_true(str_eq(anchor_region(old.bytes,
						       first, last),
				    anchor_region(new.bytes, k.at.first,
					k.at.last)));
				git_repo_drop(&old);
				git_repo_drop(&new);
			}
	assert_true(same > 100);
}

static void
every_line_knows_where_it_went(void **state)
{
	struct str old = STR("a\nb\nc\nd\n"), new = STR("0\na\nB\nd\ne");
	uint32_t *now, n;

	(void)state;
	assert_int_equal(git_refind_lines(&now, &n, &r.a, old, new), ERR_NONE);
	assert_int_equal(n, 4);
	assert_int_equal(now[0], 2);
	assert_int_equal(now[1], 0);
	assert_int_equal(now[2], 0);
	assert_int_equal(now[3], 4);
	assert_int_equal(git_refind_lines(&now, &n, &r.a, STR(""), new),
	    ERR_NONE);
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_only_went_down_are_unchanged),
		cmocka_unit_test(a_line_altered_in_the_middle_is_a_change),
		cmocka_unit_test(lines_that_were_taken_away_are_absent),
		cmocka_unit_test(lines_in_another_file_are_moved),
		cmocka_unit_test(a_folder_is_what_is_in_it),
		cmocka_unit_test(a_brace_alone_is_never_looked_for_elsewhere),
		cmocka_unit_test(what_is_called_unchanged_has_the_same_bytes),
		cmocka_unit_test(every_line_knows_where_it_went),
	};

	return cmocka_run_group_tests(tests, start, end);
}
