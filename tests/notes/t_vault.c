#include "notes/vault.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "core/io.h"
#include "tests/core/disk.h"
#include "tests/tool.h"

static struct secret right, wrong;
static struct vault *vault;
static int64_t clock_now;

static int64_t
now(void)
{
	return clock_now += 7;
}

static enum err
start(struct vault **out)
{
	const struct vault_setup s = { .folder = tool_at,
		.auditor = STR("anna"),
		.title = STR("enodeb"),
		.cost = SEAL_COST_TEST,
		.now = now };

	return vault_open(out, &s);
}

static void
set(struct secret *s, const char *text)
{
	seal_secret_init(s, 64);
	assert_int_equal(seal_secret_add(s, text, strlen(text)), ERR_NONE);
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	clock_now = 1000;
	tool_start();
	set(&right, "seven wet horses");
	set(&wrong, "seven dry horses");
	assert_int_equal(start(&vault), ERR_NONE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	vault_close(vault);
	seal_secret_release(&right);
	seal_secret_release(&wrong);
	tool_end();
	return 0;
}

static uint64_t
note(const char *text, uint64_t of)
{
	struct entry e = { .type = ENTRY_NOTE, .text = str_of(text), .of = of };

	assert_int_equal(vault_add(vault, &e), ERR_NONE);
	return e.seq;
}

static const char *
says(uint64_t number)
{
	const struct book_item *it = book_find(vault_book(vault), number);

	return it == NULL || it->now == NULL ? "(gone)" : it->now->text.at;
}

static void
reopen(void)
{
	vault_close(vault);
	vault = NULL;
	assert_int_equal(start(&vault), ERR_NONE);
	assert_int_equal(vault_state(vault), VAULT_LOCKED);
	assert_int_equal(vault_unlock(vault, &right), ERR_NONE);
}

static void
nothing_is_written_before_a_vault_is_wanted(void **state)
{
	(void)state;
	assert_int_equal(vault_state(vault), VAULT_NEW);
	assert_int_equal(tool_run("test -z \"$(ls -A | grep -v -e out -e "
				  "err)\""),
	    0);
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	assert_int_equal(tool_run("test -f record.db"), 0);
}

static void
a_passphrase_is_typed_twice_and_long_enough(void **state)
{
	struct secret shorty;

	(void)state;
	set(&shorty, "seven w");
	assert_int_equal(vault_create(vault, &right, &wrong), ERR_FORMAT);
	err_clear();
	assert_int_equal(vault_create(vault, &shorty, &shorty), ERR_FORMAT);
	assert_int_equal(vault_state(vault), VAULT_NEW);
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	assert_int_equal(vault_state(vault), VAULT_OPEN);
	seal_secret_release(&shorty);
}

static void
versions_removals_and_undo_survive_reopening(void **state)
{
	struct arena a = { 0 };
	struct book_change *history;
	uint64_t one, two, seq;

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	one = note("first", 0);
	two = note("second", 0);
	note("first, again", one);
	assert_string_equal(says(one), "first, again");
	for (int round = 0; round < 2; round++) {
		if (round > 0)
			reopen();
		assert_string_equal(says(two), "second");
		assert_int_equal(vault_undo(vault, false, &seq), ERR_NONE);
		assert_string_equal(says(one), "first");
		reopen();
		assert_string_equal(says(one), "first");
		assert_int_equal(vault_undo(vault, true, &seq), ERR_NONE);
		assert_string_equal(says(one), "first, again");
	}
	struct entry e = { .type = ENTRY_REMOVE, .of = one };
	assert_int_equal(vault_add(vault, &e), ERR_NONE);
	assert_string_equal(says(one), "(gone)");
	reopen();
	assert_string_equal(says(one), "(gone)");
	assert_int_equal(vault_undo(vault, false, &seq), ERR_NONE);
	assert_string_equal(says(one), "first, again");
	assert_int_equal(book_history(vault_book(vault), one, &a, &history), 3);
	assert_true(history[1].counts);
	assert_false(history[2].counts);
	arena_release(&a);
}

static void
undo_goes_back_to_nothing_and_no_further(void **state)
{
	uint64_t one, seq = 0;

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	one = note("first", 0);
	assert_int_equal(vault_undo(vault, true, &seq), ERR_ABSENT);
	err_clear();
	assert_int_equal(vault_undo(vault, false, &seq), ERR_NONE);
	assert_int_equal(seq, one);
	assert_string_equal(says(one), "(gone)");
	assert_int_equal(vault_undo(vault, false, &seq), ERR_ABSENT);
	err_clear();
	assert_int_equal(vault_undo(vault, true, &seq), ERR_NONE);
	assert_string_equal(says(one), "first");
	note("other", 0);
	assert_int_equal(vault_undo(vault, true, &seq), ERR_ABSENT);
}

static void
search_finds_what_an_item_says_now(void **state)
{
	struct arena a = { 0 };
	uint64_t one, seq;

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	one = note("stack overflow", 0);
	note("heap overflow", 0);
	assert_int_equal(
	    book_search(vault_book(vault), &a, STR("overflow")).len, 2);
	note("use after free", one);
	assert_int_equal(book_search(vault_book(vault), &a, STR("stack")).len,
	    0);
	assert_int_equal(vault_undo(vault, false, &seq), ERR_NONE);
	assert_int_equal(book_search(vault_book(vault), &a, STR("stack")).len,
	    1);
	reopen();
	assert_int_equal(book_search(vault_book(vault), &a, STR("stack")).at[0],
	    one);
	arena_release(&a);
}

static void
marks_are_those_of_items_in_files(void **state)
{
	struct entry e = { .type = ENTRY_FINDING,
		.title = STR("t"),
		.anchored = true,
		.at = { .path = STR("a.c"), .first = 3, .last = 4 } };
	struct arena a = { 0 };
	struct mark *marks;
	uint64_t seq;

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	note("nowhere", 0);
	assert_int_equal(vault_add(vault, &e), ERR_NONE);
	assert_int_equal(book_marks(vault_book(vault), &a, &marks), 1);
	assert_int_equal(marks[0].glyph, 'F');
	assert_int_equal(marks[0].first, 3);
	assert_true(str_eq(marks[0].path, STR("a.c")));
	assert_int_equal(vault_undo(vault, false, &seq), ERR_NONE);
	assert_int_equal(book_marks(vault_book(vault), &a, &marks), 0);
	arena_release(&a);
}

static void
a_crash_is_told_from_a_good_end(void **state)
{
	struct chain_head head;

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	note("x", 0);
	assert_int_equal(vault_shut(vault), ERR_NONE);
	assert_int_equal(vault_state(vault), VAULT_LOCKED);
	assert_null(vault_book(vault));
	head = vault_head(vault);
	assert_int_equal(head.size, 3);
	reopen();
	assert_true(book_was_closed(vault_book(vault)));
	reopen(); /* without closing first */
	assert_false(book_was_closed(vault_book(vault)));
}

static void
a_new_passphrase_opens_and_the_old_one_does_not(void **state)
{
	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	note("x", 0);
	assert_int_equal(vault_change(vault, &wrong, &right), ERR_FORMAT);
	err_clear();
	assert_int_equal(vault_change(vault, &wrong, &wrong), ERR_NONE);
	vault_close(vault);
	vault = NULL;
	assert_int_equal(start(&vault), ERR_NONE);
	assert_int_equal(vault_unlock(vault, &right), ERR_DENIED);
	assert_int_equal(vault_state(vault), VAULT_LOCKED);
	err_clear();
	assert_int_equal(vault_unlock(vault, &wrong), ERR_NONE);
	assert_string_equal(says(2), "x");
}

static void
drafts_are_sealed_and_survive(void **state)
{
	struct entry e = { .type = ENTRY_NOTE, .text = STR("half a thought") };
	struct entry back;
	struct arena a = { 0 };
	struct buf file = { 0 };
	uint64_t *slots, slot;
	size_t n = 0;

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	slot = draft_slot(vault_drafts(vault));
	assert_int_equal(draft_put(vault_drafts(vault), slot, &e), ERR_NONE);
	assert_int_equal(draft_slot(vault_drafts(vault)), slot + 1);
	tool_read(&file, "drafts/1");
	assert_int_equal(str_find(buf_view(&file), STR("thought"), 0),
	    SIZE_MAX);
	reopen();
	assert_int_equal(draft_list(vault_drafts(vault), &a, &slots, &n),
	    ERR_NONE);
	assert_int_equal(n, 1);
	assert_int_equal(slots[0], slot);
	assert_int_equal(draft_get(vault_drafts(vault), slot, &a, &back),
	    ERR_NONE);
	assert_true(str_eq(back.text, STR("half a thought")));
	/* In another slot it is another draft's. */
	assert_int_equal(tool_run("cp drafts/1 drafts/2"), 0);
	assert_int_equal(draft_get(vault_drafts(vault), 2, &a, &back),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(draft_drop(vault_drafts(vault), slot), ERR_NONE);
	assert_int_equal(draft_get(vault_drafts(vault), slot, &a, &back),
	    ERR_ABSENT);
	buf_release(&file);
	arena_release(&a);
}

static void
every_flipped_byte_of_a_draft_is_refused(void **state)
{
	struct entry e = { .type = ENTRY_NOTE, .text = STR("x") }, back;
	struct arena a = { 0 };
	struct buf file = { 0 };

	(void)state;
	assert_int_equal(vault_create(vault, &right, &right), ERR_NONE);
	assert_int_equal(draft_put(vault_drafts(vault), 1, &e), ERR_NONE);
	tool_read(&file, "drafts/1");
	for (size_t i = 0; i < file.len; i++) {
		file.at[i] ^= 4;
		tool_write("drafts/1", buf_view(&file));
		assert_int_equal(draft_get(vault_drafts(vault), 1, &a, &back),
		    ERR_DENIED);
		err_clear();
		file.at[i] ^= 4;
	}
	tool_write("drafts/1", buf_view(&file));
	assert_int_equal(draft_get(vault_drafts(vault), 1, &a, &back),
	    ERR_NONE);
	buf_release(&file);
	arena_release(&a);
}

/* Up to this many actions of one kind or another, by their number. */
static enum err
act(struct vault *v, unsigned i, uint64_t *acked)
{
	struct entry e = { .type = ENTRY_NOTE, .text = STR("note") };
	uint64_t seq = 0;
	enum err rc;

	if (i % 7 == 5) {
		rc = vault_undo(v, false, &seq);
	} else if (i % 7 == 6) {
		rc = vault_undo(v, true, &seq);
	} else {
		e.of = i % 3 == 2 ? 2 : 0;
		rc = vault_add(v, &e);
	}
	if (rc == ERR_NONE)
		*acked = vault_head(v).size;
	return rc;
}

/*
 * The power goes at every operation of a script of actions; afterwards all
 * that was acknowledged is there and the vault opens.
 */
static void
every_acknowledged_action_survives_the_power(void **state)
{
	enum { ACTIONS = 24 };
	bool more = true;
	unsigned cases = 0;

	(void)state;
	vault_close(vault);
	vault = NULL;
	for (unsigned n = 1; more; n += 3, cases++) {
		enum disk_left left = (enum disk_left)(cases % DISK_LEFTS);
		struct vault *v;
		uint64_t acked = 1, found;
		enum err rc = ERR_NONE;

		disk_start();
		assert_int_equal(start(&v), ERR_NONE);
		assert_int_equal(vault_create(v, &right, &right), ERR_NONE);
		disk_fail(n, DISK_POWER);
		for (unsigned i = 0; i < ACTIONS && rc == ERR_NONE; i++)
			rc = act(v, i, &acked);
		more = disk_failed();
		assert_int_equal(rc == ERR_NONE, !more);
		vault_close(v);
		disk_power_on(left);
		err_clear();
		assert_int_equal(start(&v), ERR_NONE);
		found = vault_head(v).size;
		assert_in_range(found, acked, acked + 1);
		assert_int_equal(vault_unlock(v, &right), ERR_NONE);
		assert_int_equal(book_last(vault_book(v)), found + 1);
		vault_close(v);
		disk_stop();
		assert_int_equal(tool_run("rm -rf record.db drafts"), 0);
	}
	assert_in_range(cases, 50, 400);
}

static void
on_a_full_disk_nothing_is_lost_and_the_vault_can_be_closed(void **state)
{
	struct entry e = { .type = ENTRY_NOTE, .text = STR("note") };
	uint64_t acked = 0;
	enum err rc = ERR_NONE;
	struct vault *v;

	(void)state;
	vault_close(vault);
	vault = NULL;
	disk_start();
	assert_int_equal(start(&v), ERR_NONE);
	assert_int_equal(vault_create(v, &right, &right), ERR_NONE);
	disk_fail(20, DISK_FULL);
	for (int i = 0; i < 20 && rc == ERR_NONE; i++) {
		rc = vault_add(v, &e);
		if (rc == ERR_NONE)
			acked = e.seq;
	}
	assert_int_equal(rc, ERR_IO);
	assert_non_null(strstr(err_text(), "disk is full"));
	assert_int_equal(vault_head(v).size, acked);
	assert_int_equal(vault_state(v), VAULT_OPEN);
	/* Somebody makes place: it goes on. */
	disk_fail(0, DISK_FULL);
	err_clear();
	assert_int_equal(vault_add(v, &e), ERR_NONE);
	assert_int_equal(vault_shut(v), ERR_NONE);
	vault_close(v);
	disk_stop();
	/* The ballast is there to be given up. */
	assert_int_equal(tool_run("test -s ballast"), 0);
}

/* tests/notes/record-1.db was written when what was seen stood in words:
 * opened, 1-4 9 12-13 400-4294967295 of one file, 3-4 5-9 20 of another, a
 * note, closed. */
static void
a_record_that_was_written_in_words_opens_and_goes_on(void **state)
{
	struct buf b = { 0 };
	struct entry e = { .type = ENTRY_SEEN, .anchored = true };
	uint32_t more[] = { 10, 11 };
	struct cover_file f;

	(void)state;
	vault_close(vault);
	assert_int_equal(io_read(&b, "tests/notes/record-1.db", 1 << 20),
	    ERR_NONE);
	tool_write("record.db", buf_view(&b));
	assert_int_equal(start(&vault), ERR_NONE);
	assert_int_equal(vault_unlock(vault, &right), ERR_NONE);
	assert_string_equal(says(4), "The length is believed.");
	for (int again = 0; again < 2; again++) {
		const struct cover *c = book_cover(vault_book(vault));

		assert_int_equal(cover_files(c), 2);
		f = cover_file(c, 0);
		assert_int_equal(f.len[COVER_SEEN], again ? 3 : 4);
		assert_int_equal(f.spans[COVER_SEEN][1], 4);
		assert_int_equal(f.spans[COVER_SEEN][3], again ? 13 : 9);
		assert_int_equal(f.spans[COVER_SEEN][again ? 5 : 7],
		    UINT32_MAX);
		f = cover_file(c, 1);
		assert_int_equal(f.len[COVER_SEEN], 2);
		assert_int_equal(f.spans[COVER_SEEN][1], 9);
		if (again)
			break;
		/* 10 and 11, in steps, join what lies around them. */
		e.at.blob.id[0] = 1;
		e.spans = (struct spans){ more, 1 };
		assert_int_equal(vault_add(vault, &e), ERR_NONE);
		vault_close(vault);
		assert_int_equal(start(&vault), ERR_NONE);
		assert_int_equal(vault_unlock(vault, &right), ERR_NONE);
	}
	buf_release(&b);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(nothing_is_written_before_a_vault_is_wanted),
		T(a_passphrase_is_typed_twice_and_long_enough),
		T(versions_removals_and_undo_survive_reopening),
		T(undo_goes_back_to_nothing_and_no_further),
		T(search_finds_what_an_item_says_now),
		T(marks_are_those_of_items_in_files),
		T(a_crash_is_told_from_a_good_end),
		T(a_new_passphrase_opens_and_the_old_one_does_not),
		T(drafts_are_sealed_and_survive),
		T(every_flipped_byte_of_a_draft_is_refused),
		T(a_record_that_was_written_in_words_opens_and_goes_on),
		T(every_acknowledged_action_survives_the_power),
		T(on_a_full_disk_nothing_is_lost_and_the_vault_can_be_closed),
	};

	if (seal_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
