/* Writing in the notes room, and what lies on disk. */
#include "tui/noting.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tool.h"
#include "tests/tui/notes_rig.h"
#include "tui/places.h"
#include "tui/requirements.h"

static int
setup(void **state)
{
	int rc = notes_rig_setup(state);

	tool_use(notes_rig.start.data.at);
	return rc;
}

static void
run(const char *name)
{
	play_run(&notes_rig.play, name);
}

static void
a_first_note_asks_for_a_vault_and_goes_back(void **state)
{
	(void)state;
	run("noting_first");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_true(
	    str_eq(buf_view(&notes_rig.news), STR("recorded 2  u undoes")));
	assert_int_equal(notes_rig.n_marks, 1);
	assert_int_equal(notes_rig.marks[0].glyph, 'N');
	assert_int_equal(notes_rig.marks[0].first, 118);
}

static void
a_second_day_shows_the_head_and_every_version(void **state)
{
	(void)state;
	run("noting_again");
}

static void
what_is_written_about_a_line_is_edited_from_there(void **state)
{
	(void)state;
	run("noting_here");
	assert_non_null(
	    strstr(book_at(noting_book(notes_rig.noting), 0)->now->text.at,
		"first and more"));
}

static void
a_finding_is_a_form(void **state)
{
	(void)state;
	run("noting_finding");
	assert_int_equal(notes_rig.n_marks, 1);
	assert_int_equal(notes_rig.marks[0].glyph, 'F');
}

static void
a_draft_survives_a_crash(void **state)
{
	(void)state;
	run("noting_draft");
}

static void
while_typing_the_gate_is_asked_and_one_key_cites(void **state)
{
	(void)state;
	run("noting_meter");
}

static void
copied_source_is_refused_and_the_rest_leaves(void **state)
{
	(void)state;
	run("noting_export");
}

/* Neither what is typed nor how long it is. */
static void
a_passphrase_is_never_on_the_screen(void **state)
{
	struct buf empty = { 0 }, typed = { 0 };

	(void)state;
	notes_rig_compose(HATCH_NOTE);
	play_show(notes_rig.play.shell, &empty, true);
	for (const char *p = "abcdefgh \xc3\xa9"; *p != '\0'; p++) {
		shell_key(notes_rig.play.shell, (unsigned char)*p);
		buf_clear(&typed);
		play_show(notes_rig.play.shell, &typed, true);
		assert_true(str_eq(buf_view(&empty), buf_view(&typed)));
	}
	play_keys(notes_rig.play.shell, "Enter");
	buf_clear(&typed);
	play_show(notes_rig.play.shell, &typed, true);
	assert_false(str_eq(buf_view(&empty), buf_view(&typed)));
	buf_release(&empty);
	buf_release(&typed);
}

static const struct mark *
mark_of(uint8_t glyph)
{
	for (size_t i = 0; i < notes_rig.n_marks; i++)
		if (notes_rig.marks[i].glyph == glyph)
			return &notes_rig.marks[i];
	return NULL;
}

static void
what_was_seen_before_the_vault_is_recorded_when_it_opens(void **state)
{
	struct anchor an = notes_rig_place();

	(void)state;
	noting_seen(notes_rig.noting, &an);
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_int_equal(mark_of('.')->first, 118);
	assert_int_equal(tool_run("test ! -e record.db"), 0);
	notes_rig_open_vault();
	an.first = 122;
	an.last = 130;
	noting_seen(notes_rig.noting, &an);
	notes_rig_again(false);
	notes_rig_open_vault();
	assert_non_null(mark_of('.'));
	assert_int_equal(mark_of('.')->first, 118);
	assert_int_equal(mark_of('.')->last, 130);
}

static void
reviewed_lines_ask_for_the_vault_and_can_be_taken_back(void **state)
{
	struct hatch_reviewed r = { .is = true, .at = notes_rig_place() };

	(void)state;
	noting_reviewed(notes_rig.noting, &r);
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	assert_null(mark_of('#'));
	play_type(notes_rig.play.shell, "seven wet horses");
	play_keys(notes_rig.play.shell, "Enter");
	play_type(notes_rig.play.shell, "seven wet horses");
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_non_null(mark_of('#'));
	noting_undo(notes_rig.noting, false);
	assert_null(mark_of('#'));
	noting_undo(notes_rig.noting, true);
	assert_non_null(mark_of('#'));
	r.is = false;
	noting_reviewed(notes_rig.noting, &r);
	assert_null(mark_of('#'));
}

static void
without_the_passphrase_nothing_is_recorded_and_reading_goes_on(void **state)
{
	(void)state;
	notes_rig_compose(HATCH_FINDING);
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	play_keys(notes_rig.play.shell, "Esc");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_non_null(strstr(notes_rig.news.at, "nothing was recorded"));
	assert_int_equal(tool_run("test ! -e record.db"), 0);
	noting_leave(notes_rig.noting);
	assert_true(notes_rig.quit);
}

/* A reading room that was taken over wants the keys of the passphrase. */
static void
no_message_of_the_reading_room_takes_the_keys_of_a_passphrase(void **state)
{
	struct hatch_reviewed r = { .is = true, .at = notes_rig_place() };

	(void)state;
	notes_rig_compose(HATCH_NOTE);
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	play_type(notes_rig.play.shell, "seven wet");
	noting_undo(notes_rig.noting, false);
	noting_undo(notes_rig.noting, true);
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	for (int i = 0; i < 100; i++)
		noting_reviewed(notes_rig.noting, &r);
	for (int i = 0; i < 100; i++)
		noting_certificate(notes_rig.noting, STR("pattern"));
	assert_non_null(strstr(notes_rig.news.at, "too much waits"));
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	play_keys(notes_rig.play.shell, "Esc");
	assert_int_equal(notes_rig.focus, ROOM_READING);
}

/* Letters of a text must not become commands of another view. */
static void
no_message_of_the_reading_room_covers_what_is_being_written(void **state)
{
	static const char *const names[] = { "export", "leave", "notes",
		"finding", "passphrase" };
	struct pane *writing;

	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	writing = shell_top(notes_rig.play.shell);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		noting_view(notes_rig.noting,
		    &(struct hatch_open){ .view = str_of(names[i]) });
		notes_rig_compose(HATCH_NOTE);
		assert_ptr_equal(shell_top(notes_rig.play.shell), writing);
	}
	/* The same is taken when it is the reading room's turn. */
	play_keys(notes_rig.play.shell, "Esc");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("export") });
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	assert_string_equal(shell_top(notes_rig.play.shell)->view->name,
	    "export");
}

/* A folder that is gone stands for a disk that is full. */
static void
a_draft_that_could_not_be_kept_is_not_left_behind(void **state)
{
	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_NOTE);
	play_type(notes_rig.play.shell, "not on a disk");
	play_keys(notes_rig.play.shell, "Esc");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_non_null(strstr(notes_rig.news.at, "kept as a draft"));

	assert_int_equal(rename(tool_path("drafts"), tool_path("gone")), 0);
	assert_int_equal(rmdir(tool_path("gone")), -1);
	unlink(tool_path("gone/1"));
	assert_int_equal(rmdir(tool_path("gone")), 0);
	buf_clear(&notes_rig.news);
	notes_rig_compose(HATCH_NOTE);
	play_type(notes_rig.play.shell, "not on a disk");
	play_keys(notes_rig.play.shell, "Esc");
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	assert_non_null(strstr(notes_rig_message(), "no draft kept"));
	noting_leave(notes_rig.noting);
	assert_null(shell_find(notes_rig.play.shell, "leave"));
	play_keys(notes_rig.play.shell, "C-x");
	play_keys(notes_rig.play.shell, "y");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_non_null(strstr(notes_rig.news.at, "nothing was recorded"));
}

static void
a_vector_that_cannot_be_scored_is_not_recorded(void **state)
{
	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "a title");
	for (int i = 0; i < 7; i++)
		play_keys(notes_rig.play.shell, "Down");
	play_type(notes_rig.play.shell,
	    "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:");
	play_type(notes_rig.play.shell, "X");
	play_keys(notes_rig.play.shell, "C-d");
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	assert_non_null(strstr(notes_rig_message(), "CVSS 3.1: "));
	play_keys(notes_rig.play.shell, "Backspace");
	play_type(notes_rig.play.shell, "N");
	play_keys(notes_rig.play.shell, "C-d");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_non_null(strstr(notes_rig.news.at, "recorded"));
}

static void
what_a_class_leaves_open_is_said_when_it_is_recorded(void **state)
{
	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "a title");
	for (int i = 0; i < 4; i++)
		play_keys(notes_rig.play.shell, "Down");
	play_type(notes_rig.play.shell, "stack");
	play_keys(notes_rig.play.shell, "C-t C-d");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_true(str_eq(buf_view(&notes_rig.news),
	    STR("recorded 2 with 4 [blank]s to fill in, e edits it  "
		"u undoes")));
}

/* Letters choose a requirement of the checklists; one that is in none of
 * them is said once. */
static void
a_requirement_is_chosen_from_the_checklists(void **state)
{
	const struct entry *e;

	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "A length is believed");
	play_keys(notes_rig.play.shell, "Up");
	play_type(notes_rig.play.shell, "unexpected in");
	play_keys(notes_rig.play.shell, "C-t");
	assert_non_null(
	    strstr(notes_rig_message(), "4.2.3.3.4: Unexpected input"));
	play_type(notes_rig.play.shell, ", cwe-78");
	play_keys(notes_rig.play.shell, "C-t C-t");
	play_type(notes_rig.play.shell, ", X-9");
	play_keys(notes_rig.play.shell, "C-d");
	assert_non_null(strstr(notes_rig_message(), "X-9 is in no checklist"));
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 0);
	play_keys(notes_rig.play.shell, "C-d");
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 1);
	e = book_at(noting_book(notes_rig.noting), 0)->now;
	assert_int_equal(e->requirements.len, 3);
	assert_true(str_eq(e->requirements.at[0], STR("4.2.3.3.4")));
	assert_true(str_starts(e->requirements.at[1], STR("CWE-78")));
	assert_true(str_eq(e->requirements.at[2], STR("X-9")));
}

/* What the sides agreed on is offered beside it. */
static void
a_requirement_is_chosen_from_a_list_of_the_session(void **state)
{
	const struct entry *e;

	(void)state;
	requirements_add(noting_requirements(notes_rig.noting),
	    STR("acme.list"),
	    STR("vitrine-checklist 1\nid acme\ntitle Acme\n"
		"item ACME-7 | Every length octet is compared | 3.1 |\n"));
	requirements_add(noting_requirements(notes_rig.noting), STR("bad.list"),
	    STR("vitrine-checklist 2\n"));
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "A length is believed");
	play_keys(notes_rig.play.shell, "Up");
	play_type(notes_rig.play.shell, "octet");
	play_keys(notes_rig.play.shell, "C-t");
	assert_non_null(strstr(notes_rig_message(),
	    "ACME-7: Every length octet is compared (acme)"));
	play_keys(notes_rig.play.shell, "C-d");
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 1);
	e = book_at(noting_book(notes_rig.noting), 0)->now;
	assert_int_equal(e->requirements.len, 1);
	assert_true(str_eq(e->requirements.at[0], STR("ACME-7")));
}

static void
a_damaged_record_is_one_clear_line(void **state)
{
	sqlite3 *db;

	(void)state;
	notes_rig_open_vault();
	noting_leave(notes_rig.noting);
	noting_close(notes_rig.noting);
	assert_int_equal(sqlite3_open(tool_path("record.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "UPDATE entry SET body = "
			     "zeroblob(296) WHERE seq = 1",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	notes_rig_begin();
	notes_rig_compose(HATCH_NOTE);
	/* And again, when it is tried again. */
	for (int i = 0; i < 2; i++) {
		struct buf screen = { 0 };

		play_type(notes_rig.play.shell, "seven wet horses");
		play_keys(notes_rig.play.shell, "Enter");
		assert_null(noting_book(notes_rig.noting));
		play_show(notes_rig.play.shell, &screen, false);
		assert_non_null(strstr(screen.at, "entry 1 of the record"));
		buf_release(&screen);
	}
	play_keys(notes_rig.play.shell, "Escape");
	assert_int_equal(notes_rig.focus, ROOM_READING);
}

/* Somebody puts back yesterday's record, and not the journal. */
static void
a_record_that_was_put_back_is_told_from_the_journal(void **state)
{
	(void)state;
	notes_rig_open_vault();
	noting_leave(notes_rig.noting);
	notes_rig_again(false);
	assert_int_equal(tool_run("cp record.db old.db"), 0);
	notes_rig_open_vault();
	noting_leave(notes_rig.noting);
	notes_rig_again(false);
	notes_rig_open_vault();
	assert_null(strstr(notes_rig_message(), "not the one that was closed"));
	noting_leave(notes_rig.noting);
	notes_rig_again(false);
	noting_close(notes_rig.noting);
	assert_int_equal(tool_run("cp old.db record.db"), 0);
	notes_rig_begin();
	notes_rig_open_vault();
	assert_non_null(
	    strstr(notes_rig_message(), "not the one that was closed"));
}

/* A paste holds every control character there is. */
static void
what_is_pasted_into_a_note_is_text(void **state)
{
	const struct entry *e;

	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_NOTE);
	shell_key(notes_rig.play.shell, KEYS_PASTE);
	for (uint32_t key = 1; key < 0x80; key++)
		shell_key(notes_rig.play.shell, key);
	shell_key(notes_rig.play.shell, KEYS_PASTE_END);
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 0);
	play_keys(notes_rig.play.shell, "C-d");
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 1);
	e = book_at(noting_book(notes_rig.noting), 0)->now;
	assert_non_null(strstr(e->text.at, "abcxyz") == NULL ?
		strstr(e->text.at, "xyz{|}~") :
		e->text.at);
}

/* And the journal without the record: the record tells. */
static void
a_journal_that_was_put_back_is_told_from_the_record(void **state)
{
	(void)state;
	notes_rig_open_vault();
	noting_leave(notes_rig.noting);
	notes_rig_again(false);
	assert_int_equal(tool_run("cp journal.db old.db"), 0);
	notes_rig_open_vault();
	noting_leave(notes_rig.noting);
	notes_rig_again(false);
	notes_rig_open_vault();
	for (size_t i = 0; i < shell_messages(notes_rig.play.shell); i++)
		assert_true(str_find(shell_message_at(notes_rig.play.shell, i),
				STR("This journal is not"), 0) == SIZE_MAX);
	noting_leave(notes_rig.noting);
	notes_rig_again(false);
	noting_close(notes_rig.noting);
	assert_int_equal(tool_run("cp old.db journal.db"), 0);
	notes_rig_begin();
	notes_rig_open_vault();
	assert_non_null(strstr(notes_rig_message(), "journal"));
}

static void
set_mark(uint8_t letter, const char *path, uint32_t line)
{
	places_set(noting_places(notes_rig.noting),
	    &(struct hatch_place){ letter, STR("file"),
		{ .path = str_of(path), .first = line, .last = line } });
}

static void
marks_wait_for_the_vault_and_are_told_at_the_next_opening(void **state)
{
	uint64_t last;

	(void)state;
	set_mark('a', "src/a.c", 1);
	set_mark('a', "src/a.c", 7);
	assert_non_null(strstr(notes_rig.news.at, "until you leave"));
	assert_int_equal(tool_run("test ! -e record.db"), 0);
	notes_rig_open_vault();
	assert_int_equal(notes_rig.places[0].first, 7);
	set_mark('z', "src/z.c", 9);
	assert_non_null(strstr(notes_rig.news.at, "in the record"));
	set_mark('b', "src/b.c", 2);
	last = book_last(noting_book(notes_rig.noting));
	set_mark('b', "src/b.c", 2); /* it says so already */
	assert_int_equal(book_last(noting_book(notes_rig.noting)), last);
	/* No mark stands between a person and what u takes back. */
	assert_null(book_undo(noting_book(notes_rig.noting)));
	memset(notes_rig.places, 0, sizeof notes_rig.places);
	notes_rig_again(false);
	assert_int_equal(notes_rig.places[0].first, 0);
	notes_rig_open_vault();
	assert_int_equal(notes_rig.places[0].first, 7);
	assert_true(str_eq(notes_rig.places[25].path, STR("src/z.c")));
	assert_int_equal(notes_rig.places[1].first, 2);
	assert_int_equal(notes_rig.places[2].first, 0);
}

/* A reading room that was taken over cannot close the vault by itself. */
static void
only_a_key_closes_the_vault_when_the_reading_room_wants_to_leave(void **state)
{
	(void)state;
	notes_rig_open_vault();
	noting_ask_leave(notes_rig.noting);
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("leave") });
	assert_non_null(noting_book(notes_rig.noting));
	play_keys(notes_rig.play.shell, "Esc");
	assert_non_null(noting_book(notes_rig.noting));
	noting_ask_leave(notes_rig.noting);
	play_keys(notes_rig.play.shell, "Enter");
	assert_null(noting_book(notes_rig.noting));
	assert_false(notes_rig.quit);
	play_keys(notes_rig.play.shell, "Enter");
	assert_true(notes_rig.quit);
}

static void
letters_at_a_locked_list_are_the_passphrase_and_no_message_has_them(
    void **state)
{
	(void)state;
	notes_rig_open_vault();
	noting_leave(notes_rig.noting);
	play_keys(notes_rig.play.shell, "Esc");
	shell_open(notes_rig.play.shell, "notes", NULL);
	play_type(notes_rig.play.shell, "zebra");
	assert_string_equal(shell_top(notes_rig.play.shell)->view->name,
	    "passphrase");
	for (size_t i = 0; i < shell_messages(notes_rig.play.shell); i++)
		assert_true(str_find(shell_message_at(notes_rig.play.shell, i),
				STR("no binding"), 0) == SIZE_MAX);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, notes_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(a_first_note_asks_for_a_vault_and_goes_back),
		T(a_second_day_shows_the_head_and_every_version),
		T(a_finding_is_a_form),
		T(what_is_written_about_a_line_is_edited_from_there),
		T(marks_wait_for_the_vault_and_are_told_at_the_next_opening),
		T(a_draft_survives_a_crash),
		T(a_journal_that_was_put_back_is_told_from_the_record),
		T(only_a_key_closes_the_vault_when_the_reading_room_wants_to_leave),
		T(letters_at_a_locked_list_are_the_passphrase_and_no_message_has_them),
		T(a_draft_that_could_not_be_kept_is_not_left_behind),
		T(a_vector_that_cannot_be_scored_is_not_recorded),
		T(what_a_class_leaves_open_is_said_when_it_is_recorded),
		T(copied_source_is_refused_and_the_rest_leaves),
		T(while_typing_the_gate_is_asked_and_one_key_cites),
		T(a_passphrase_is_never_on_the_screen),
		T(what_was_seen_before_the_vault_is_recorded_when_it_opens),
		T(reviewed_lines_ask_for_the_vault_and_can_be_taken_back),
		T(without_the_passphrase_nothing_is_recorded_and_reading_goes_on),
		T(no_message_of_the_reading_room_takes_the_keys_of_a_passphrase),
		T(no_message_of_the_reading_room_covers_what_is_being_written),
		T(a_requirement_is_chosen_from_the_checklists),
		T(a_requirement_is_chosen_from_a_list_of_the_session),
		T(a_damaged_record_is_one_clear_line),
		T(a_record_that_was_put_back_is_told_from_the_journal),
		T(what_is_pasted_into_a_note_is_text),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
