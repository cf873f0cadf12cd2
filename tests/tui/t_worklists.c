/* Worklists in the notes room: what waits, what is recorded, what is told. */
#include "tui/worklists.h"

#include <string.h>

#include "core/search.h"
#include "tests/tool.h"
#include "tests/tui/notes_rig.h"

static struct arena a;

static int
setup(void **state)
{
	int rc = notes_rig_setup(state);

	tool_use(notes_rig.start.data.at);
	buf_clear(&notes_rig.list);
	notes_rig.told = 0;
	return rc;
}

static int
teardown(void **state)
{
	arena_release(&a);
	return notes_rig_teardown(state);
}

static void
list_of(struct buf *out, uint64_t from, uint32_t n)
{
	struct search_certificate c = { .complete = true,
		.engine = STR("PCRE2"),
		.query = { .pattern = STR("strcpy") } };
	struct hitlist_file f = { .path = STR("a.c") };
	struct hitlist l = { .title = STR("strcpy"),
		.from = from,
		.files = &f,
		.n_files = 1,
		.n_hits = n,
		.hits = arena_array(&a, n, struct hitlist_hit) };
	struct buf cert = { 0 };

	for (uint32_t i = 0; i < n; i++)
		l.hits[i] = (struct hitlist_hit){ .hash = i + 1,
			.context = i + 9,
			.line = i + 1 };
	search_certificate_write(&c, &cert);
	l.certificate = buf_view(&cert);
	buf_clear(out);
	hitlist_write(&l, out);
	buf_release(&cert);
}

static struct hitlist
sent(void)
{
	struct hitlist l;

	assert_int_equal(hitlist_read(&l, &a, buf_view(&notes_rig.list)),
	    ERR_NONE);
	return l;
}

static void
add(uint64_t from, uint32_t n)
{
	struct buf b = { 0 };

	list_of(&b, from, n);
	assert_int_equal(worklists_new(noting_worklists(notes_rig.noting),
			     buf_view(&b)),
	    ERR_NONE);
	buf_release(&b);
}

static void
say(uint64_t list, uint32_t first, uint32_t last, uint8_t verdict, bool ask)
{
	uint32_t pair[2] = { first, last };
	const struct hatch_verdicts v = { .list = list,
		.verdict = verdict,
		.ask = ask,
		.spans = pair,
		.n = 1 };

	worklists_verdicts(noting_worklists(notes_rig.noting), &v);
}

static void
a_list_waits_for_the_vault_and_comes_back_with_its_number(void **state)
{
	struct hitlist l;

	(void)state;
	add(0, 3);
	assert_int_equal(notes_rig.list.len, 0);
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	notes_rig_open_vault();
	l = sent();
	assert_int_equal(l.n_hits, 3);
	assert_true(l.number > 0);
	assert_int_equal(notes_rig.focus, ROOM_READING);
	/* The certificate is text now. */
	assert_true(str_find(l.certificate, STR("COMPLETE"), 0) != SIZE_MAX);
}

static void
a_verdict_is_recorded_then_told_and_undone(void **state)
{
	struct hitlist l;

	(void)state;
	notes_rig_open_vault();
	add(0, 3);
	l = sent();
	say(l.number, 1, 2, VERDICT_SAFE, false);
	assert_int_equal(notes_rig.verdicts[1], VERDICT_SAFE);
	say(l.number, 2, 2, VERDICT_SUSPICIOUS, false);
	assert_int_equal(notes_rig.verdicts[1], VERDICT_SUSPICIOUS);
	noting_undo(notes_rig.noting, false);
	assert_int_equal(notes_rig.verdicts[1], VERDICT_SAFE);
	notes_rig_again(true);
	notes_rig_open_vault();
	worklists_show(noting_worklists(notes_rig.noting), l.number);
	l = sent();
	assert_int_equal(l.hits[0].verdict, VERDICT_SAFE);
	assert_int_equal(l.hits[1].verdict, VERDICT_SAFE);
	assert_int_equal(l.hits[2].verdict, VERDICT_TODO);
}

static void
a_verdict_on_what_is_not_there_is_refused_and_nothing_recorded(void **state)
{
	uint64_t last;
	struct hitlist l;

	(void)state;
	notes_rig_open_vault();
	add(0, 3);
	l = sent();
	last = book_last(noting_book(notes_rig.noting));
	say(l.number, 3, 4, VERDICT_SAFE, false);
	say(l.number + 1, 1, 1, VERDICT_SAFE, false);
	say(99, 1, 1, VERDICT_SAFE, false);
	assert_int_equal(book_last(noting_book(notes_rig.noting)), last);
	assert_int_equal(notes_rig.told, 0);
	assert_true(notes_rig.news.len > 0);
	say(l.number, 3, 3, VERDICT_SAFE, false); /* what is there is taken */
	assert_int_equal(book_last(noting_book(notes_rig.noting)), last + 1);
}

static void
a_list_of_no_list_is_refused(void **state)
{
	(void)state;
	notes_rig_open_vault();
	add(77, 2);
	assert_int_equal(notes_rig.list.len, 0);
	assert_true(notes_rig.news.len > 0);
}

static void
another_release_is_told_with_what_was_carried(void **state)
{
	struct hitlist l;

	(void)state;
	notes_rig_open_vault();
	add(0, 2);
	l = sent();
	say(l.number, 1, 2, VERDICT_NA, false);
	add(l.number, 3);
	l = sent();
	assert_int_equal(l.hits[0].state, HITLIST_CARRIED);
	assert_int_equal(l.hits[0].verdict, VERDICT_NA);
	assert_int_equal(l.hits[2].state, HITLIST_NEW);
}

static void
a_reason_is_typed_here_and_kept(void **state)
{
	const struct worklist *w;
	struct hitlist l;

	(void)state;
	notes_rig_open_vault();
	add(0, 2);
	l = sent();
	say(l.number, 2, 2, VERDICT_SAFE, true);
	assert_int_equal(notes_rig.focus, ROOM_NOTES);
	assert_int_equal(notes_rig.told, 0);
	play_type(notes_rig.play.shell, "length checked");
	play_keys(notes_rig.play.shell, "C-d");
	assert_int_equal(notes_rig.focus, ROOM_READING);
	w = book_list(noting_book(notes_rig.noting), l.number);
	assert_true(str_eq(worklist_said(w, 1)->text, STR("length checked")));
	assert_null(worklist_said(w, 0));
}

static void
bytes_that_are_no_list_are_refused(void **state)
{
	struct buf b = { 0 };

	(void)state;
	list_of(&b, 0, 2);
	for (size_t n = 0; n < b.len; n++) {
		err_clear();
		assert_int_equal(worklists_new(noting_worklists(
						   notes_rig.noting),
				     str_slice(buf_view(&b), 0, n)),
		    ERR_FORMAT);
	}
	buf_release(&b);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_list_waits_for_the_vault_and_comes_back_with_its_number),
		TEST(a_verdict_is_recorded_then_told_and_undone),
		TEST(
		    a_verdict_on_what_is_not_there_is_refused_and_nothing_recorded),
		TEST(a_list_of_no_list_is_refused),
		TEST(another_release_is_told_with_what_was_carried),
		TEST(a_reason_is_typed_here_and_kept),
		TEST(bytes_that_are_no_list_are_refused),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
