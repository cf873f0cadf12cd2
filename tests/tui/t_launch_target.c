#include "tui/launch_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/t.h"

/* The bare bones of a git directory, in a folder with an awkward name. */
static char top[] = "/tmp/t-target-XXXXXX";
static char repo[96], bare[96], data[96];

static bool
make_git(const char *path)
{
	char part[160];
	FILE *f;

	if (mkdir(path, 0700) != 0)
		return false;
	snprintf(part, sizeof part, "%s/objects", path);
	if (mkdir(part, 0700) != 0)
		return false;
	snprintf(part, sizeof part, "%s/refs", path);
	if (mkdir(part, 0700) != 0)
		return false;
	snprintf(part, sizeof part, "%s/HEAD", path);
	f = fopen(part, "w");
	return f != NULL && fputs("ref: refs/heads/main\n", f) >= 0 &&
	    fclose(f) == 0;
}

static int
set_up(void **state)
{
	char git[128];

	(void)state;
	if (mkdtemp(top) == NULL)
		return -1;
	snprintf(repo, sizeof repo, "%s/my repo", top);
	snprintf(git, sizeof git, "%s/.git", repo);
	snprintf(bare, sizeof bare, "%s/lib.git", top);
	snprintf(data, sizeof data, "%s/data", top);
	return mkdir(repo, 0700) == 0 && make_git(git) && make_git(bare) ? 0 :
									   -1;
}

static int
tear_down(void **state)
{
	char line[128];

	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", top);
	return system(line);
}

static enum err
find(struct launch_target *t, struct arena *a, const char *path)
{
	const struct options o = { .path = path, .data = data };

	err_clear();
	return launch_target_find(t, a, &o, NULL, NULL);
}

static void
a_repository_is_found_with_or_without_a_working_tree(void **state)
{
	struct launch_target t;
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(find(&t, &a, repo), ERR_NONE);
	assert_false(t.start.session);
	assert_true(str_ends(t.start.git, STR("/my repo/.git")));
	assert_true(str_eq(t.start.title, STR("my repo")));
	assert_true(t.start.auditor.len > 0);
	launch_target_release(&t);
	assert_int_equal(find(&t, &a, bare), ERR_NONE);
	assert_true(str_ends(t.start.git, STR("/lib.git")));
	assert_true(str_eq(t.start.title, STR("lib")));
	launch_target_release(&t);
	arena_release(&a);
}

static void
each_repository_has_a_private_folder_of_its_own(void **state)
{
	struct launch_target t, u, again;
	struct arena a = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(find(&t, &a, repo), ERR_NONE);
	assert_int_equal(find(&u, &a, bare), ERR_NONE);
	assert_int_equal(find(&again, &a, repo), ERR_NONE);
	assert_true(str_eq(t.start.data, again.start.data));
	assert_false(str_eq(t.start.data, u.start.data));
	assert_non_null(strstr(t.start.data.at, "/data/my_repo-"));
	assert_int_equal(stat(t.start.data.at, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	arena_release(&a);
}

static void
what_is_no_repository_gets_one_line(void **state)
{
	struct launch_target t = { .store = 77 };
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(find(&t, &a, "/nonexistent/x"), ERR_ABSENT);
	assert_non_null(strstr(err_text(), "/nonexistent/x"));
	assert_int_not_equal(find(&t, &a, "/etc/passwd"), ERR_NONE);
	assert_int_not_equal(find(&t, &a, top), ERR_NONE);
	assert_int_equal(t.store, 77);
	err_clear();
	arena_release(&a);
}

/* A session whose rules somebody took away must not open without them. */
static void
where_a_session_is_wanted_a_repository_is_refused(void **state)
{
	struct options o = { .path = bare, .data = data };
	struct launch_target t;
	struct arena a = { 0 };

	(void)state;
	err_clear();
	assert_int_equal(launch_target_find(&t, &a, &o, NULL, NULL), ERR_NONE);
	launch_target_release(&t);
	o.session = true;
	assert_int_equal(launch_target_find(&t, &a, &o, NULL, NULL),
	    ERR_DENIED);
	assert_non_null(strstr(err_text(), "no review session"));
	arena_release(&a);
}

static void
each_room_is_told_its_part_only(void **state)
{
	struct launch_target t = { .start = { .title = STR("t"),
				       .git = STR("g"),
				       .text = STR("x"),
				       .data = STR("d"),
				       .rules = STR("r"),
				       .auditor = STR("a"),
				       .revision = STR("v"),
				       .cores = 2 } };

	(void)state;
	for (enum room r = 0; r < ROOMS; r++) {
		struct start s = launch_target_start(&t, r, 1);
		bool source = r == ROOM_READING || r == ROOM_WORKER;
		bool notes = r == ROOM_NOTES;

		assert_true((s.git.len > 0) == source);
		assert_true((s.text.len > 0) == source);
		assert_true((s.data.len > 0) == notes);
		/* What leaves on paper, the checker decides by them. */
		assert_true((s.rules.len > 0) == (notes || r == ROOM_CHECK));
		assert_true((s.auditor.len > 0) == (notes || r == ROOM_CHECK));
		assert_true((s.revision.len > 0) == (r == ROOM_READING));
		assert_int_equal(s.index, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_repository_is_found_with_or_without_a_working_tree),
		cmocka_unit_test(
		    each_repository_has_a_private_folder_of_its_own),
		cmocka_unit_test(what_is_no_repository_gets_one_line),
		cmocka_unit_test(
		    where_a_session_is_wanted_a_repository_is_refused),
		cmocka_unit_test(each_room_is_told_its_part_only),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
