#include "tui/logbook.h"

#include <stdio.h>
#include <string.h>

#include "tests/tui/notes_rig.h"

#include "tests/t.h"

enum { HOUR_MS = 3600 * 1000 };

static const int64_t noon = 1783339200000;

struct found {
	int n;
	char last[JOURNAL_LINE_MAX];
};

static enum err
look(void *arg, const struct journal_entry *e)
{
	struct found *f = arg;

	if (e->kind != JOURNAL_CLOCK)
		return ERR_NONE;
	f->n++;
	snprintf(f->last, sizeof f->last, "%.*s", STR_ARG(e->what));
	return ERR_NONE;
}

static struct found
clock_entries(void)
{
	struct logbook *l = noting_logbook(notes_rig.noting);
	struct found f = { 0 };

	assert_non_null(logbook_journal(l));
	assert_int_equal(journal_each(logbook_journal(l), look, &f), ERR_NONE);
	return f;
}

static void
a_clock_that_was_set_is_in_the_journal_by_how_much(void **state)
{
	struct logbook *l;

	(void)state;
	notes_rig_open_vault();
	l = noting_logbook(notes_rig.noting);
	assert_int_equal(logbook_clock(l, noon, 1000), 0);
	/* both went on, and drifted a little */
	assert_int_equal(logbook_clock(l, noon + HOUR_MS + 900, 1000 + HOUR_MS),
	    0);
	assert_int_equal(clock_entries().n, 0);
	assert_int_equal(logbook_clock(l, noon + 3 * HOUR_MS, 2000 + HOUR_MS),
	    7199);
	assert_int_equal(clock_entries().n, 1);
	assert_string_equal(clock_entries().last, "set forward by 7199 s");
	assert_int_equal(logbook_clock(l, noon, 2000 + HOUR_MS), -3 * 3600);
	assert_int_equal(clock_entries().n, 2);
	assert_string_equal(clock_entries().last, "set back by 10800 s");
	assert_int_equal(logbook_clock_set(l), 7199 - 3 * 3600);
	assert_int_equal(logbook_clock(l, noon + 10, 2010 + HOUR_MS), 0);
	assert_int_equal(clock_entries().n, 2);
}

static void
while_the_vault_is_closed_it_is_kept_until_it_opens(void **state)
{
	struct logbook *l = noting_logbook(notes_rig.noting);

	(void)state;
	assert_int_equal(logbook_clock(l, noon, 0), 0);
	assert_int_equal(logbook_clock(l, noon - HOUR_MS, 0), -3600);
	assert_int_equal(logbook_clock(l, noon - 2 * HOUR_MS, 0), -3600);
	notes_rig_open_vault();
	assert_int_equal(clock_entries().n, 1);
	assert_string_equal(clock_entries().last, "set back by 7200 s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_clock_that_was_set_is_in_the_journal_by_how_much,
		    notes_rig_setup, notes_rig_teardown),
		cmocka_unit_test_setup_teardown(
		    while_the_vault_is_closed_it_is_kept_until_it_opens,
		    notes_rig_setup, notes_rig_teardown),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
