/*
 * Every view of the reading room, keys in and screen out, over real workers
 * and searchers.
 */
#include <string.h>
#include <sys/socket.h>

#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"

#include "tests/t.h"
#include "tests/tui/rig.h"
#include "tui/keys.h"
#include "tui/reading_history.h"
#include "tui/screen.h"

static struct rig rig;
static void
play(const char *dir, const char *name)
{
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
PLAY(lines_and_texts_have_their_history, "small", "reading_history")
PLAY(a_commit_says_what_it_changed, "small", "reading_commit")
PLAY(a_commit_is_read_in_one_piece, "small", "reading_patch")
PLAY(keys_lead_from_place_to_place, "small", "reading_keys")
PLAY(what_deceives_is_listed, "traps", "reading_hazards")
PLAY(large_files_are_read_on_while_shown, "traps", "reading_large")
PLAY(a_block_that_moved_is_marked, "traps", "reading_moved")
PLAY(a_patch_is_in_the_release_or_not, "traps", "reading_vendor")
PLAY(every_view_fits_small_and_large_screens, "small", "reading_sizes")
PLAY(bytes_are_found_across_rows, "small", "reading_hex")
PLAY(two_releases_are_compared, "small", "reading_compare")
PLAY(a_search_says_what_it_searched, "small", "reading_search")
PLAY(hits_are_grouped_and_shown_in_their_text, "small", "reading_groups")
PLAY(a_word_is_looked_up_by_the_look_of_lines, "small", "reading_symbols")
PLAY(blame_walks_to_the_parent, "small", "reading_blame")
PLAY(a_block_that_went_to_another_file_is_marked_in_both, "moving",
    "reading_moves")
PLAY(revisions_are_chosen_by_name, "small", "reading_refs")
PLAY(an_empty_repository_says_so, "empty", "reading_empty")
PLAY(what_was_not_delivered_is_named, "partial", "reading_partial")

static void
a_word_is_looked_up_in_the_index_of_a_session(void **state)
{
	(void)state;
	rig_open_session(&rig);
	play_run(&rig.play, "session_symbols");
	rig_close(&rig);
}

static void
patches_of_a_session_stand_beside_its_releases(void **state)
{
	(void)state;
	rig_open_session(&rig);
	play_run(&rig.play, "session_patches");
	rig_close(&rig);
}

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

static void
run_line(struct shell *s, const char *line)
{
	play_type(s, line);
	play_keys(s, "Enter");
	rig_settle(&rig);
}

/* The first question about history has an index made, later ones go where it
 * is; until then and afterwards the same is shown.  A session has its own. */
static void
an_index_of_history_is_made_in_the_background(void **state)
{
	struct buf before = { 0 }, after = { 0 };
	struct shell *s;

	(void)state;
	rig_open(&rig, "small", false);
	s = rig.play.shell;
	assert_int_equal(reading_history_worker(rig.reading), -1);
	run_line(s, ":tree src");
	assert_int_equal(reading_history_worker(rig.reading), -1);
	run_line(s, ":log src/ring.c");
	play_show(s, &before, false);
	assert_true(reading_history_worker(rig.reading) >= 0);
	run_line(s, ":tree src");
	run_line(s, ":log src/ring.c");
	play_show(s, &after, false);
	assert_true(str_eq(buf_view(&before), buf_view(&after)));
	rig_close(&rig);
	rig_open_session(&rig);
	run_line(rig.play.shell, ":log src/ring.c");
	assert_int_equal(reading_history_worker(rig.reading), -1);
	rig_close(&rig);
	buf_release(&before);
	buf_release(&after);
}

/* A frame says what things are, not which colour they have: the same cells
 * for a terminal without any. */
static void
what_is_seen_needs_no_colour(void **state)
{
	static const char *const lines[] = { ":tree src", ":file src/odd.c",
		":file src/ring.c", ":diff-with v1.0", ":log src/ring.c",
		":blame src/ring.c", ":hazards", ":refs", ":grep ring" };
	struct shell *s;

	(void)state;
	rig_open(&rig, "small", false);
	s = rig.play.shell;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct buf with = { 0 }, without = { 0 };

		play_type(s, lines[i]);
		play_keys(s, "Enter");
		rig_settle(&rig);
		shell_size(s, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
		play_show(s, &with, true);
		shell_size(s, 24, 80, SCREEN_UTF8);
		play_show(s, &without, true);
		assert_true(with.len > 200);
		assert_true(str_eq(buf_view(&with), buf_view(&without)));
		buf_release(&with);
		buf_release(&without);
	}
	rig_close(&rig);
}

/* The engine's version stands there, too: no screen to compare. */
static void
the_certificate_names_what_was_not_searched(void **state)
{
	(void)state;
	rig_open(&rig, "partial", false);
	play_type(rig.play.shell, ":revision v1.0");
	play_keys(rig.play.shell, "Enter");
	play_type(rig.play.shell, "g/RING_MAX");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("PARTIAL 11/12 blobs"));
	play_keys(rig.play.shell, "x");
	assert_true(shows("skipped   src/ring.h"));
	assert_true(shows("engine    PCRE2"));
	rig_close(&rig);
}

/* Esc before the worker answers: and nothing comes afterwards. */
static void
a_stopped_history_says_partial(void **state)
{
	(void)state;
	rig_open(&rig, "small", false);
	play_type(rig.play.shell, ":pickaxe strcpy");
	play_keys(rig.play.shell, "Enter Esc");
	assert_true(shows("commit 0/0  PARTIAL: stopped"));
	assert_true(shows("nothing found so far"));
	play_type(rig.play.shell, ":pickaxe strcpy");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("commit 1/2  1 -> 0 times in src/ring.c"));
	rig_close(&rig);
}

static void
a_text_where_a_file_is_not_here_is_partial(void **state)
{
	(void)state;
	rig_open(&rig, "partial", false);
	play_type(rig.play.shell, ":pickaxe strcpy");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("PARTIAL: 1 file cannot be read"));
	rig_close(&rig);
}

/* Lists of files are kept for a few revisions only; a finder that was left
 * open finds its list anew. */
static void
a_finder_outlives_its_list_of_files(void **state)
{
	static const char *const others[] = { "HEAD~1", "HEAD~2", "HEAD~3",
		"v1.0", "v1.0~1" };

	(void)state;
	rig_open(&rig, "small", false);
	play_type(rig.play.shell, "f");
	assert_true(shows("13 of 13 files"));
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct target t = { 0 };

		assert_int_equal(reading_resolve(&t.commit, rig.reading,
				     str_of(others[i])),
		    ERR_NONE);
		assert_true(shell_open(rig.play.shell, "tree", &t));
		rig_settle(&rig);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		play_keys(rig.play.shell, "q");
	play_keys(rig.play.shell, "Down Down");
	assert_true(shows("13 of 13 files"));
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("small@v2.0 "));
	rig_close(&rig);
}

/* All of it before the list of files can have come. */
static void
a_finder_opens_what_was_typed_ahead(void **state)
{
	struct shell *s;

	(void)state;
	rig_open(&rig, "small", false);
	s = rig.play.shell;
	play_type(s, "frng");
	play_keys(s, "Enter j j");
	assert_string_equal(shell_top(s)->view->name, "find");
	assert_true(shows("small@v2.0 src/ring.c"));
	assert_true(shows("L3/14"));
	rig_close(&rig);
	rig_open(&rig, "small", false);
	s = rig.play.shell;
	play_type(s, "fzzz");
	play_keys(s, "Enter j");
	assert_true(shows("0 of 13 files"));
	assert_true(shows("no path has these letters"));
	play_keys(s, "Esc");
	assert_true(shows("13 of 13 files"));
	rig_close(&rig);
}

static void
esc_takes_back_what_was_typed_ahead(void **state)
{
	struct shell *s;

	(void)state;
	rig_open(&rig, "small", false);
	s = rig.play.shell;
	play_type(s, "frng");
	play_keys(s, "Enter j Esc");
	assert_true(shows("file: rng"));
	assert_true(shows("1 of 13 files"));
	play_keys(s, "Enter");
	assert_true(shows("small@v2.0 src/ring.c"));
	assert_true(shows("L1/14"));
	rig_close(&rig);
}

/* --- what goes to and comes from the notes room --------------------------- */

static void
send_marks(const struct mark *marks, size_t n)
{
	struct buf b = { 0 }, whole = { 0 };

	wire_put_u8(&b, 3); /* the first piece and the last */
	for (size_t i = 0; i < n; i++)
		mark_write(&marks[i], &b);
	wire_put_u16(&whole, MSG_MARKS);
	wire_put_u16(&whole, 0);
	wire_put_u32(&whole, (uint32_t)b.len);
	buf_str(&whole, buf_view(&b));
	assert_int_equal(send(rig.notes, whole.at, whole.len, 0), whole.len);
	buf_release(&b);
	buf_release(&whole);
	rig_settle(&rig);
}

/* The next message of that type: its body in b. */
static void
receive(uint16_t want, struct buf *b)
{
	uint16_t type;

	do
		assert_int_equal(port_read(rig.notes, &type, b), ERR_NONE);
	while (type != want);
}

static struct oid
blob_of(const char *path)
{
	struct oid commit = reading_commit(rig.reading), tree;
	struct tree_entry e = { 0 };

	assert_int_equal(git_tree_of(&tree, reading_repo(rig.reading), &commit),
	    ERR_NONE);
	assert_int_equal(git_tree_find(&e, reading_repo(rig.reading), &tree,
			     str_of(path)),
	    ERR_NONE);
	return e.id;
}

static void
open_file(const char *path)
{
	play_type(rig.play.shell, ":file ");
	play_type(rig.play.shell, path);
	play_keys(rig.play.shell, "Enter");
	rig_settle(&rig);
}

static void
marks_stand_in_the_gutter_of_their_own_content(void **state)
{
	struct mark marks[4] = {
		{ .glyph = 'N',
		    .path = STR("src/ring.c"),
		    .first = 5,
		    .last = 6 },
		{ .glyph = '#',
		    .path = STR("src/ring.c"),
		    .first = 1,
		    .last = 3 },
		{ .glyph = '.',
		    .path = STR("src/ring.c"),
		    .first = 3,
		    .last = 7 },
		/* made at another content of this path */
		{ .glyph = '#',
		    .path = STR("src/ring.c"),
		    .first = 14,
		    .last = 14 },
	};

	(void)state;
	rig_open(&rig, "small", true);
	for (size_t i = 0; i < 3; i++)
		marks[i].blob = blob_of("src/ring.c");
	send_marks(marks, 4);
	open_file("src/ring.c");
	assert_true(shows("#     1|#include <string.h>"));
	assert_true(shows("#     3|"));
	assert_true(shows(".     4|void"));
	assert_true(shows(".N    5|ring_put"));
	assert_true(shows("      8|}"));
	assert_true(shows("~    14|}"));
	assert_true(shows("seen 50% reviewed 21%"));
	send_marks(NULL, 0);
	assert_true(shows("      5|ring_put"));
	rig_close(&rig);
}

static void
a_note_is_asked_for_with_the_anchor_of_the_lines(void **state)
{
	struct hatch_compose c = { 0 };
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct oid blob, commit;
	struct hash h;

	(void)state;
	rig_open(&rig, "small", true);
	blob = blob_of("src/ring.c");
	commit = reading_commit(rig.reading);
	open_file("src/ring.c");
	play_type(rig.play.shell, ":7");
	play_keys(rig.play.shell, "Enter v j F");
	receive(MSG_COMPOSE, &b);
	assert_int_equal(hatch_read_compose(&c, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(c.what, HATCH_FINDING);
	assert_true(str_eq(c.at.path, STR("src/ring.c")));
	assert_true(oid_eq(&c.at.blob, &blob));
	assert_true(oid_eq(&c.at.commit, &commit));
	assert_int_equal(c.at.first, 7);
	assert_int_equal(c.at.last, 8);
	h = hash_of(STR("\tstrncpy(r->names[r->n++ % RING_MAX], name, 32);\n"
			"}\n"));
	assert_true(hash_eq(&h, &c.at.region));
	arena_release(&a);
	buf_release(&b);
	rig_close(&rig);
}

/* UTF-16: lines on the screen are lines of characters, an anchor's are lines
 * of bytes that end at LF, and its hash is over the bytes as they are. */
static void
an_anchor_is_made_of_the_bytes_whatever_is_shown(void **state)
{
	static const char two[] = "\0t\0w\0o\0\n";
	struct hatch_compose c = { 0 };
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct hash h;

	(void)state;
	rig_open(&rig, "small", true);
	open_file("doc/wide.txt");
	play_type(rig.play.shell, ":2");
	play_keys(rig.play.shell, "Enter c");
	receive(MSG_COMPOSE, &b);
	assert_int_equal(hatch_read_compose(&c, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(c.what, HATCH_NOTE);
	assert_int_equal(c.at.first, 2);
	h = hash_of((struct str){ two, sizeof two - 1 });
	assert_true(hash_eq(&h, &c.at.region));
	arena_release(&a);
	buf_release(&b);
	rig_close(&rig);
}

static void
a_search_sends_its_certificate(void **state)
{
	struct buf b = { 0 }, all = { 0 };
	struct search_certificate c;
	struct arena a = { 0 };
	bool whole = false;
	struct wire w;

	(void)state;
	rig_open(&rig, "partial", true);
	play_type(rig.play.shell, ":revision v1.0");
	play_keys(rig.play.shell, "Enter");
	play_type(rig.play.shell, "g/RING_MAX");
	play_keys(rig.play.shell, "Enter");
	rig_settle(&rig);
	while (!whole) {
		receive(MSG_CERTIFICATE, &b);
		assert_int_equal(hatch_take(&all, &whole, buf_view(&b)),
		    ERR_NONE);
	}
	w = wire_of(buf_view(&all));
	c = search_certificate_read(&w, &a);
	assert_int_equal(wire_done(&w), ERR_NONE);
	assert_false(c.complete);
	assert_int_equal(c.n_missed, 1);
	assert_true(str_eq(c.missed[0].path, STR("src/ring.h")));
	assert_int_equal(c.hits, 2);
	arena_release(&a);
	buf_release(&all);
	buf_release(&b);
	rig_close(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen_says_what_to_try),
		cmocka_unit_test(folders_are_walked),
		cmocka_unit_test(
		    a_block_that_went_to_another_file_is_marked_in_both),
		cmocka_unit_test(a_file_is_shown_as_its_bytes_are),
		cmocka_unit_test(what_is_hard_to_show_is_shown),
		cmocka_unit_test(a_file_is_found_by_some_letters),
		cmocka_unit_test(history_is_a_list),
		cmocka_unit_test(lines_and_texts_have_their_history),
		cmocka_unit_test(a_commit_says_what_it_changed),
		cmocka_unit_test(a_commit_is_read_in_one_piece),
		cmocka_unit_test(keys_lead_from_place_to_place),
		cmocka_unit_test(what_deceives_is_listed),
		cmocka_unit_test(large_files_are_read_on_while_shown),
		cmocka_unit_test(a_block_that_moved_is_marked),
		cmocka_unit_test(a_patch_is_in_the_release_or_not),
		cmocka_unit_test(every_view_fits_small_and_large_screens),
		cmocka_unit_test(an_index_of_history_is_made_in_the_background),
		cmocka_unit_test(what_is_seen_needs_no_colour),
		cmocka_unit_test(bytes_are_found_across_rows),
		cmocka_unit_test(two_releases_are_compared),
		cmocka_unit_test(a_search_says_what_it_searched),
		cmocka_unit_test(hits_are_grouped_and_shown_in_their_text),
		cmocka_unit_test(a_word_is_looked_up_by_the_look_of_lines),
		cmocka_unit_test(a_word_is_looked_up_in_the_index_of_a_session),
		cmocka_unit_test(
		    patches_of_a_session_stand_beside_its_releases),
		cmocka_unit_test(blame_walks_to_the_parent),
		cmocka_unit_test(revisions_are_chosen_by_name),
		cmocka_unit_test(an_empty_repository_says_so),
		cmocka_unit_test(what_was_not_delivered_is_named),
		cmocka_unit_test(the_certificate_names_what_was_not_searched),
		cmocka_unit_test(a_stopped_history_says_partial),
		cmocka_unit_test(a_text_where_a_file_is_not_here_is_partial),
		cmocka_unit_test(a_finder_outlives_its_list_of_files),
		cmocka_unit_test(a_finder_opens_what_was_typed_ahead),
		cmocka_unit_test(esc_takes_back_what_was_typed_ahead),
		cmocka_unit_test(
		    marks_stand_in_the_gutter_of_their_own_content),
		cmocka_unit_test(
		    a_note_is_asked_for_with_the_anchor_of_the_lines),
		cmocka_unit_test(
		    an_anchor_is_made_of_the_bytes_whatever_is_shown),
		cmocka_unit_test(a_search_sends_its_certificate),
	};

	return cmocka_run_group_tests(tests, rig_setup, rig_teardown);
}
