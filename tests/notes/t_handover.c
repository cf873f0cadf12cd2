#include "notes/handover.h"

#include <string.h>

#include "notes/due.h"
#include "tests/t.h"

static struct book *book;
static uint64_t seq;
static int64_t now;
static struct start start;
static struct buf b;

enum { SECOND = 1000, MINUTE = 60 * SECOND };
static const int64_t DAY = INT64_C(24) * 3600 * 1000;

static int
setup(void **state)
{
	(void)state;
	book = book_open();
	seq = 0;
	now = INT64_C(1763733600000); /* a Friday, 14:00 */
	start = (struct start){ .title = STR("tig"), .auditor = STR("anna") };
	buf_clear(&b);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	book_close(book);
	return 0;
}

static void
take(struct entry e)
{
	e.seq = ++seq;
	e.time = now;
	assert_int_equal(book_take(book, &e), ERR_NONE);
}

static struct entry
at(enum entry_type type, uint32_t first, uint32_t last)
{
	struct entry e = {
		.type = type,
		.anchored = true,
		.is = true,
		.at = { .path = STR("src/a.c"), .first = first, .last = last }
	};

	e.at.blob.id[0] = 1;
	return e;
}

static void
see(uint32_t first, uint32_t last)
{
	uint32_t pair[2] = { first, last };
	struct entry e = at(ENTRY_SEEN, 1, 1);

	e.spans.at = pair;
	e.spans.len = 1;
	take(e);
}

static bool
says(const char *text)
{
	return str_find(buf_view(&b), str_of(text), 0) != SIZE_MAX;
}

static struct handover
facts(void)
{
	return (struct handover){ .start = &start,
		.book = book,
		.id = STR("00ff"),
		.head = STR("7 babab"),
		.now = now };
}

static void
lines_count_once_and_idle_time_not_at_all(void **state)
{
	struct pace_day t;

	(void)state;
	take((struct entry){ .type = ENTRY_OPEN });
	now += 5 * MINUTE;
	see(1, 50);
	now += 5 * MINUTE;
	take(at(ENTRY_REVIEWED, 1, 40));
	now += 3 * 60 * MINUTE;           /* lunch */
	take(at(ENTRY_REVIEWED, 31, 60)); /* 20 new, 10 never seen */
	now += DAY;
	take((struct entry){ .type = ENTRY_NOTE, .text = STR("n") });
	t = pace_total(book_pace(book));
	assert_int_equal(pace_days(book_pace(book)), 2);
	assert_int_equal(t.worked, 10 * MINUTE);
	assert_int_equal(t.seen, 50);
	assert_int_equal(t.reviewed, 60);
	assert_int_equal(t.unseen, 10);
	assert_int_equal(t.written, 1);
	assert_int_equal(pace_per_hour(60, 10 * MINUTE), 360);
	assert_int_equal(pace_per_hour(60, 1000), 0);
}

/* By the name of the release, where it has one, and one line as one. */
static void
a_place_is_said_as_people_say_it(void **state)
{
	struct release release = { .name = STR("v4.0") };
	struct entry e = at(ENTRY_FINDING, 7, 7);
	struct handover h;

	(void)state;
	memset(release.commit.id, 0xab, OID_BYTES);
	start.releases = &release;
	start.n_releases = 1;
	e.title = STR("one line");
	e.at.path = STR("src/a.c");
	e.at.commit = release.commit;
	take(e);
	e.at.last = 9;
	e.at.commit.id[0] = 0xcd;
	take(e);
	h = facts();
	handover_page(&h, &b);
	assert_true(says("src/a.c:7 in v4.0\n"));
	assert_true(says("src/a.c:7-9 in cdababab"));
}

static void
what_wants_something_is_named_with_its_reason(void **state)
{
	struct entry placed;
	struct handover h;

	(void)state;
	take((struct entry){ .type = ENTRY_FINDING,
	    .title = STR("open one"),
	    .severity = SEVERITY_HIGH });
	take((struct entry){ .type = ENTRY_FINDING,
	    .title = STR("mended one"),
	    .status = STATUS_FIXED });
	take((struct entry){ .type = ENTRY_QUESTION,
	    .text = STR("why this?"),
	    .due = due_after(now, 1) });
	take((struct entry){ .type = ENTRY_QUESTION,
	    .text = STR("answered?"),
	    .answer = STR("yes") });
	take((struct entry){ .type = ENTRY_ASSUMPTION,
	    .text = STR("caller holds the lock") });
	placed = at(ENTRY_QUESTION, 7, 7);
	placed.text = STR("one line?");
	take(placed);
	placed.at.last = 9;
	take(placed);
	take((struct entry){ .type = ENTRY_NEGATIVE,
	    .text = STR("no backdoor"),
	    .list = 5 });
	take(at(ENTRY_REVIEWED, 1, 100));
	h = facts();
	handover_page(&h, &b);
	assert_true(says("finding: open one [open, high]"));
	assert_true(says("question: why this? [due in 1 working day]"));
	assert_true(says("caller holds the lock [open, no worklist"));
	assert_true(says("negative: no backdoor [worklist 5]"));
	assert_true(says(": 1 file, 0 lines seen, 100 reviewed"));
	assert_true(says(" src/a.c:7 in 00"));
	assert_true(says(" src/a.c:7-9 in 00"));
	assert_true(says("finding: mended one\n"));
	assert_true(says("question: answered?\n"));
	assert_true(says("record 00ff\nhead   7 babab\n"));
	now += 7 * DAY;
	h = facts();
	buf_clear(&b);
	handover_page(&h, &b);
	assert_true(says("overdue by 4 working days"));
}

static void
a_day_has_what_was_done_on_it_and_no_more(void **state)
{
	struct handover h;

	(void)state;
	take((struct entry){ .type = ENTRY_NOTE, .text = STR("yesterday") });
	now += DAY;
	take((struct entry){ .type = ENTRY_NOTE, .text = STR("today") });
	h = facts();
	handover_day(&h, &b);
	assert_true(says("note: today"));
	assert_false(says("note: yesterday"));
}

static void
what_is_left_is_told_in_days_like_these(void **state)
{
	struct handover h;

	(void)state;
	take(at(ENTRY_REVIEWED, 1, 100));
	h = facts();
	h.left = 250;
	handover_pace(&h, &b);
	assert_true(says("250 lines of the revision: 3 days like these"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(lines_count_once_and_idle_time_not_at_all),
		T(a_place_is_said_as_people_say_it),
		T(what_wants_something_is_named_with_its_reason),
		T(a_day_has_what_was_done_on_it_and_no_more),
		T(what_is_left_is_told_in_days_like_these),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
