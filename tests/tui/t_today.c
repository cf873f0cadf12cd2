/* The second day: what was left open is there to go on with. */
#include <string.h>

#include "tests/tool.h"
#include "tests/tui/notes_rig.h"

static int
setup(void **state)
{
	int rc = notes_rig_setup(state);

	tool_use(notes_rig.start.data.at);
	return rc;
}

static void
view(const char *name)
{
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = str_of(name) });
}

static void
the_second_day_begins_where_the_first_ended(void **state)
{
	struct anchor an = notes_rig_place();

	(void)state;
	notes_rig_open_vault();
	noting_seen(notes_rig.noting, &an);
	notes_rig_compose(HATCH_QUESTION);
	play_type(notes_rig.play.shell, "Who may send this?");
	play_keys(notes_rig.play.shell, "C-d");
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "A length is believed");
	play_keys(notes_rig.play.shell, "C-d");
	notes_rig_again(false);
	notes_rig_open_vault();
	view("today");
	assert_true(notes_rig_shows("src/gtp/decode_ie.c:121 in"));
	assert_false(notes_rig_shows("without the vault being closed"));
	notes_rig_again(true);
	notes_rig_open_vault();
	view("today");
	assert_true(notes_rig_shows("src/gtp/decode_ie.c:121 in"));
	assert_true(notes_rig_shows("without the vault being closed"));
	assert_true(
	    notes_rig_shows("Who may send this?  [due in 10 working days]"));
	assert_true(notes_rig_shows("A length is believed  [open, medium]"));
	/* The first row is the place: Enter goes there. */
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	assert_int_equal(notes_rig.went.first, 121);
}

static void
a_page_for_whoever_goes_on_may_be_kept_as_a_note(void **state)
{
	(void)state;
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "A length is believed");
	play_keys(notes_rig.play.shell, "C-d");
	view("today");
	play_keys(notes_rig.play.shell, "T");
	assert_true(notes_rig_shows("A length is believed [open, medium]"));
	assert_true(notes_rig_shows("what was looked at"));
	play_keys(notes_rig.play.shell, "c");
	assert_non_null(
	    strstr(notes_rig_message(), "a note: gx lets it leave"));
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 2);
}

static void
a_key_is_named_for_the_escrow_and_taken_back(void **state)
{
	struct seal_age_recipient now;
	struct seal_age_identity *id;
	struct buf key = { 0 };

	(void)state;
	assert_int_equal(seal_age_identity_make(&id), ERR_NONE);
	now = seal_age_recipient_of(id);
	seal_age_recipient_write(&now, &key);
	seal_age_identity_close(id);
	notes_rig_open_vault();
	view("escrow");
	assert_true(notes_rig_shows("now: your passphrase only"));
	play_keys(notes_rig.play.shell, "e");
	play_type(notes_rig.play.shell, "age1notakey");
	play_keys(notes_rig.play.shell, "Enter");
	assert_false(vault_escrowed(noting_vault(notes_rig.noting), &now));
	play_keys(notes_rig.play.shell, "e");
	play_type(notes_rig.play.shell, key.at);
	play_keys(notes_rig.play.shell, "Enter");
	assert_true(vault_escrowed(noting_vault(notes_rig.noting), &now));
	assert_true(notes_rig_shows("now: age1"));
	play_keys(notes_rig.play.shell, "x");
	assert_false(vault_escrowed(noting_vault(notes_rig.noting), &now));
	buf_release(&key);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, notes_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(the_second_day_begins_where_the_first_ended),
		T(a_page_for_whoever_goes_on_may_be_kept_as_a_note),
		T(a_key_is_named_for_the_escrow_and_taken_back),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
