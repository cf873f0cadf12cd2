#include "policy/parts.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/spawn.h"
#include "tests/tool.h"

enum { MOST = 8 };

/* What parts and the test have in common. */
static struct shared {
	atomic_uint running, most, together, order, at[MOST];
} * shared;

struct job {
	unsigned number, wait_for; /* until so many run */
	enum err error;
	const char *says;
};

static enum err
work(void *arg, struct parts_line *line, struct buf *notes)
{
	const struct job *j = arg;
	unsigned now = atomic_fetch_add(&shared->running, 1) + 1;

	if (now > atomic_load(&shared->most))
		atomic_store(&shared->most, now);
	atomic_fetch_add(&shared->together, 1);
	while (atomic_load(&shared->together) < j->wait_for)
		usleep(1000);
	for (unsigned i = 0; i <= 1000; i++)
		parts_tell(line, i, 1000);
	atomic_store(&shared->at[j->number],
	    atomic_fetch_add(&shared->order, 1) + 1);
	if (j->says != NULL)
		buf_str(notes, str_of(j->says));
	atomic_fetch_sub(&shared->running, 1);
	return j->error == ERR_NONE ? ERR_NONE :
				      fail(j->error, "no luck with it");
}

static enum err
endless(void *arg, struct parts_line *line, struct buf *notes)
{
	(void)arg;
	(void)line;
	(void)notes;
	while (pause() < 0)
		continue;
	return ERR_NONE;
}

static struct job jobs[MOST];
static struct parts *parts;
static struct buf heard;
static unsigned furthest;
static bool unknown;
static char running[200];

static void
note(void *arg, void *of_part, struct str notes)
{
	const struct job *j = of_part;

	(void)arg;
	buf_printf(&heard, "%u %.*s\n", j->number, STR_ARG(notes));
}

static void
progress(void *arg, unsigned thousandths, const char *what)
{
	(void)arg;
	assert_non_null(what);
	unknown = thousandths == PARTS_UNKNOWN;
	if (!unknown) {
		assert_true(thousandths >= furthest && thousandths <= 1000);
		furthest = thousandths;
	}
	(void)snprintf(running, sizeof running, "%s", what);
}

static int
set_up(void **state)
{
	void *at;

	(void)state;
	err_clear();
	assert_int_equal(spawn_share(&at, sizeof *shared), ERR_NONE);
	shared = at;
	furthest = 0;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	parts_close(parts);
	parts = NULL;
	spawn_unshare(shared, sizeof *shared);
	buf_release(&heard);
	return 0;
}

static void
open_parts(unsigned at_once)
{
	parts = parts_open(&(struct parts_wish){ .at_once = at_once,
	    .progress = progress,
	    .notes = note });
}

static unsigned
add(unsigned number, uint64_t needs, uint64_t weight)
{
	jobs[number] = (struct job){ .number = number };
	return parts_add(parts,
	    &(struct part){ .name = "work",
		.needs = needs,
		.work = weight,
		.run = work,
		.arg = &jobs[number] });
}

static void
a_part_begins_when_what_it_needs_has_ended(void **state)
{
	(void)state;
	for (unsigned at_once = 1; at_once <= 4; at_once++) {
		memset(shared, 0, sizeof *shared);
		furthest = 0;
		open_parts(at_once);
		add(0, 0, 1);
		add(1, 1, 9);
		add(2, 1, 2);
		add(3, 6, 3);
		add(4, 0, 0);
		assert_int_equal(parts_finish(parts), ERR_NONE);
		assert_int_equal(shared->order, 5);
		assert_true(shared->at[0] < shared->at[1]);
		assert_true(shared->at[0] < shared->at[2]);
		assert_true(shared->at[1] < shared->at[3]);
		assert_true(shared->at[2] < shared->at[3]);
		/* Nobody waits for another: the longest comes first. */
		if (at_once == 1)
			assert_true(shared->at[1] < shared->at[2] &&
			    shared->at[4] == 5);
		parts_close(parts);
	}
	parts = NULL;
}

/* Part 1 is longer than part 0, but what waits for 0 is longer still. */
static void
what_much_waits_for_comes_first(void **state)
{
	(void)state;
	memset(shared, 0, sizeof *shared);
	furthest = 0;
	open_parts(1);
	add(0, 0, 1);
	add(1, 0, 4);
	add(2, 1, 2);
	add(3, 4, 3);
	assert_int_equal(parts_finish(parts), ERR_NONE);
	assert_int_equal(shared->at[0], 1);
	assert_int_equal(shared->at[2], 2);
	assert_int_equal(shared->at[1], 3);
	assert_int_equal(shared->at[3], 4);
	parts_close(parts);
	parts = NULL;
}

static void
so_many_run_at_once_and_no_more(void **state)
{
	(void)state;
	open_parts(2);
	for (unsigned i = 0; i < 6; i++)
		add(i, 0, 1);
	assert_int_equal(parts_finish(parts), ERR_NONE);
	assert_true(shared->most <= 2);
	parts_close(parts);
	/* Each of four waits for the others. */
	memset(shared, 0, sizeof *shared);
	furthest = 0;
	open_parts(4);
	for (unsigned i = 0; i < 4; i++)
		jobs[add(i, 0, 1)].wait_for = 4;
	assert_int_equal(parts_finish(parts), ERR_NONE);
	assert_int_equal(shared->most, 4);
}

/* One of two is this process. */
static void
work_of_this_process_is_one_that_runs(void **state)
{
	(void)state;
	open_parts(1);
	add(0, 0, 100);
	parts_own(parts, "own");
	parts_turn(parts, 7);
	assert_true(unknown);
	assert_string_equal(running, "own 7");
	parts_own_done(parts);
	assert_int_equal(parts_finish(parts), ERR_NONE);
	assert_int_equal(shared->order, 1);
	parts_close(parts);
	furthest = 0;
	open_parts(2);
	add(0, 0, 100);
	parts_own(parts, "own");
	parts_turn(parts, 7);
	assert_string_equal(running, "own 7, work");
	while (shared->order < 2)
		parts_turn(parts, 7);
	assert_int_equal(parts_finish(parts), ERR_NONE);
}

static void
what_a_part_has_to_say_is_heard(void **state)
{
	static char much[PARTS_TEXT + 100];

	(void)state;
	memset(much, 'x', sizeof much - 1);
	open_parts(1);
	add(0, 0, 3);
	add(1, 0, 2);
	add(2, 0, 1);
	jobs[0].says = "first\nsecond";
	jobs[2].says = much;
	assert_int_equal(parts_finish(parts), ERR_NONE);
	assert_true(str_starts(buf_view(&heard), STR("0 first\nsecond\n2 x")));
	assert_int_equal(heard.len,
	    strlen("0 first\nsecond\n2 \n") + PARTS_TEXT);
	assert_int_equal(furthest > 0, 1);
}

/* The write end of the pipe is everybody's: it ends when all have ended. */
static void
all_are_gone(int pair[2])
{
	char byte;

	close(pair[1]);
	assert_int_equal(read(pair[0], &byte, 1), 0);
	close(pair[0]);
}

static enum err
ends_without_a_word(void *arg, struct parts_line *line, struct buf *notes)
{
	const struct job *j = arg;

	(void)line;
	(void)notes;
	if (j->number == 0)
		_exit(0);
	raise(j->number == 1 ? SIGKILL : SIGTERM);
	return ERR_NONE;
}

static enum err
is_further_than_it_can_be(void *arg, struct parts_line *line, struct buf *notes)
{
	(void)arg;
	(void)notes;
	parts_tell(line, 5, 2);
	return ERR_NONE;
}

static void
the_first_that_fails_ends_all(void **state)
{
	static const struct {
		unsigned number;
		enum err (*run)(void *arg, struct parts_line *line,
		    struct buf *notes);
		enum err error;
		const char *text;
	} bad[] = {
		{ 0, work, ERR_LIMIT, "no luck with it" },
		{ 0, ends_without_a_word, ERR_IO,
		    "bad: the process that did "
		    "it ended with status 0" },
		{ 1, ends_without_a_word, ERR_IO,
		    "bad: the process that did "
		    "it was killed" },
		{ 2, ends_without_a_word, ERR_IO,
		    "bad: the process that did "
		    "it ended with signal 15" },
		{ 0, is_further_than_it_can_be, ERR_FORMAT,
		    "bad: says what no part says" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct job job = { .number = bad[i].number,
			.error = bad[i].error };
		int pair[2];

		err_clear();
		furthest = 0;
		assert_int_equal(spawn_pipe(pair), ERR_NONE);
		open_parts(3);
		parts_add(parts,
		    &(struct part){ .name = "ever", .run = endless });
		parts_add(parts,
		    &(struct part){ .name = "bad",
			.run = bad[i].run,
			.arg = &job });
		add(3, 2, 1);
		assert_int_equal(parts_finish(parts), bad[i].error);
		assert_non_null(strstr(err_text(), bad[i].text));
		assert_int_equal(shared->at[3], 0);
		all_are_gone(pair);
		parts_close(parts);
	}
	parts = NULL;
}

/* What this process does meanwhile has errors of its own. */
static void
a_failure_is_kept_until_it_is_asked_for(void **state)
{
	(void)state;
	open_parts(2);
	add(0, 0, 1);
	jobs[0].error = ERR_DENIED;
	parts_own(parts, "own");
	while (shared->order < 1)
		parts_turn(parts, 0);
	for (unsigned i = 0; i < 100; i++) {
		parts_turn(parts, 0);
		assert_string_equal(err_text(), "");
		usleep(1000);
	}
	assert_int_equal(parts_finish(parts), ERR_DENIED);
	assert_string_equal(err_text(), "no luck with it");
}

static enum err
has_parts_and_ends(void *arg, struct parts_line *line, struct buf *notes)
{
	struct parts *own = parts_open(&(struct parts_wish){ .at_once = 1 });

	(void)arg;
	(void)line;
	(void)notes;
	parts_add(own, &(struct part){ .name = "ever", .run = endless });
	parts_turn(own, 0);
	_exit(3);
}

static void
parts_end_with_whoever_started_them(void **state)
{
	int pair[2];

	(void)state;
	assert_int_equal(spawn_pipe(pair), ERR_NONE);
	open_parts(1);
	parts_add(parts,
	    &(struct part){ .name = "parent", .run = has_parts_and_ends });
	assert_int_equal(parts_finish(parts), ERR_IO);
	all_are_gone(pair);
	/* Closed before their end. */
	assert_int_equal(spawn_pipe(pair), ERR_NONE);
	parts_close(parts);
	open_parts(1);
	parts_add(parts, &(struct part){ .name = "ever", .run = endless });
	parts_turn(parts, 0);
	parts_close(parts);
	parts = NULL;
	all_are_gone(pair);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_part_begins_when_what_it_needs_has_ended),
		TEST(what_much_waits_for_comes_first),
		TEST(so_many_run_at_once_and_no_more),
		TEST(work_of_this_process_is_one_that_runs),
		TEST(what_a_part_has_to_say_is_heard),
		TEST(the_first_that_fails_ends_all),
		TEST(a_failure_is_kept_until_it_is_asked_for),
		TEST(parts_end_with_whoever_started_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
