/*
 * A search after one that holds its searcher up: that one may have to end to
 * hear of its cancel, and nothing of it is held against the next search.
 */
#include "tui/reading_search.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"
#include "tests/tool.h"
#include "tests/tui/rig.h"
#include "tui/reading_inside.h"

enum { LINE = 5 * 1000 * 1000, HELD_UP_MS = 500, ROUNDS = 3 };

static struct rig rig;
/* One file, of one line that "(a*)\1[cd]" tries for ever. */
static void
make_repository(void)
{
	char *text;

	rig_needs_git();
	text = malloc(LINE);
	assert_non_null(text);
	memset(text, 'a', LINE);
	memcpy(text, "needle\n", 7);
	memcpy(text + LINE - 2, "xc", 2);
	tool_write("endless.txt", (struct str){ text, LINE });
	free(text);
	assert_int_equal(
	    tool_run("export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org "
		     "GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org "
		     "&& git init -q -b main endless && mv endless.txt endless "
		     "&& git -C endless add -A && git -C endless commit -q -m "
		     "endless"),
	    0);
}

static void
on_event(void *arg, const struct search_event *e)
{
	(void)e;
	*(bool *)arg = true;
}

static void
stop(void *arg)
{
	struct rig *r = arg;

	loop_stop(r->loop, ERR_NONE);
}

static struct reading_search *
search_for(const char *pattern)
{
	static bool told;
	struct reading_search *s;
	struct query q = { .pattern = str_of(pattern) };

	assert_int_equal(reading_search_open(&s, rig.reading, &q,
			     &rig.reading->commit, 1, on_event, &told),
	    ERR_NONE);
	return s;
}

static bool
complete(const struct reading_search *s)
{
	const struct search_certificate *c =
	    search_drive_certificate(reading_search_drive(s));

	assert_non_null(c);
	return c->complete;
}

static void
a_search_that_was_held_up_is_not_held_against_the_next(void **state)
{
	(void)state;
	make_repository();
	rig_open(&rig, "endless/.git", false);
	for (int i = 0; i < ROUNDS; i++) {
		struct reading_search *held, *next;
		const struct search_certificate *c;

		rig_settle(&rig);
		held = search_for("(a*)\\1[cd]");
		/* Time to be held up; one that is not yet is stopped, too. */
		(void)loop_after(rig.loop, HELD_UP_MS, stop, &rig);
		assert_int_equal(loop_run(rig.loop), ERR_NONE);
		next = search_for("needle");
		assert_false(reading_search_runs(held));
		if (reading_search_drive(held) != NULL)
			assert_false(complete(held));
		rig_settle(&rig);
		assert_false(reading_search_runs(next));
		c = search_drive_certificate(reading_search_drive(next));
		assert_true(complete(next));
		assert_int_equal(c->n_missed, 0);
		assert_int_equal(c->hits, 1);
		reading_search_close(next);
		reading_search_close(held);
	}
	rig_close(&rig);
}

static int
start(void **state)
{
	int rc = rig_setup(state);

	tool_use(rig_folder());
	return rc;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_search_that_was_held_up_is_not_held_against_the_next),
	};

	return cmocka_run_group_tests(tests, start, rig_teardown);
}
