/*
 * Every view of the reading room, keys in and screen out, over real workers
 * and searchers.
 */
#include <string.h>

#include "tests/t.h"
#include "tests/tui/rig.h"
#include "tui/keys.h"

static struct rig rig;
static bool have_git;

static void
play(const char *dir, const char *name)
{
	if (!have_git)
		skip();
	rig_open(&rig, dir, false);
	play_run(&rig.play, name);
	rig_close(&rig);
}

#define PLAY(test, dir, name)          \
	static void test(void **state) \
	{                              \
		(void)state;           \
		play(dir, name);       \
	}

PLAY(the_first_screen_says_what_to_try, "small", "reading_start")
PLAY(folders_are_walked, "small", "reading_tree")
PLAY(a_file_is_shown_as_its_bytes_are, "small", "reading_file")
PLAY(what_is_hard_to_show_is_shown, "small", "reading_odd")
PLAY(a_file_is_found_by_some_letters, "small", "reading_find")
PLAY(history_is_a_list, "small", "reading_log")
PLAY(a_commit_says_what_it_changed, "small", "reading_commit")
PLAY(two_releases_are_compared, "small", "reading_compare")
PLAY(a_search_says_what_it_searched, "small", "reading_search")
PLAY(blame_walks_to_the_parent, "small", "reading_blame")
PLAY(revisions_are_chosen_by_name, "small", "reading_refs")
PLAY(an_empty_repository_says_so, "empty", "reading_empty")
PLAY(what_was_not_delivered_is_named, "partial", "reading_partial")

static bool
shows(const char *text)
{
	struct buf b = { 0 };
	bool found;

	rig_settle(&rig);
	play_show(rig.play.shell, &b, false);
	found = str_find(buf_view(&b), str_of(text), 0) != SIZE_MAX;
	if (!found)
		print_error("%s is not in\n%s\n", text, b.at);
	buf_release(&b);
	return found;
}

/* The engine's version stands there, too: no screen to compare. */
static void
the_certificate_names_what_was_not_searched(void **state)
{
	(void)state;
	if (!have_git)
		skip();
	rig_open(&rig, "partial", false);
	play_type(rig.play.shell, ":revision v1.0");
	play_keys(rig.play.shell, "Enter");
	play_type(rig.play.shell, "g/RING_MAX");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("PARTIAL 12/12 blobs"));
	play_keys(rig.play.shell, "x");
	assert_true(shows("skipped   src/ring.h"));
	assert_true(shows("engine    PCRE2"));
	rig_close(&rig);
}

static int
start(void **state)
{
	(void)state;
	have_git = rig_start();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	rig_end();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen_says_what_to_try),
		cmocka_unit_test(folders_are_walked),
		cmocka_unit_test(a_file_is_shown_as_its_bytes_are),
		cmocka_unit_test(what_is_hard_to_show_is_shown),
		cmocka_unit_test(a_file_is_found_by_some_letters),
		cmocka_unit_test(history_is_a_list),
		cmocka_unit_test(a_commit_says_what_it_changed),
		cmocka_unit_test(two_releases_are_compared),
		cmocka_unit_test(a_search_says_what_it_searched),
		cmocka_unit_test(blame_walks_to_the_parent),
		cmocka_unit_test(revisions_are_chosen_by_name),
		cmocka_unit_test(an_empty_repository_says_so),
		cmocka_unit_test(what_was_not_delivered_is_named),
		cmocka_unit_test(the_certificate_names_what_was_not_searched),
	};

	return cmocka_run_group_tests(tests, start, end);
}
