#include "policy/probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/str.h"

#include "policy/probe_try.h"

#include "tests/t.h"

/* What a room's own executable would say; its exit status. */
static int
ask(enum room r, const char *git, const char *data, struct buf *said)
{
	int out[2], status;
	ssize_t n;
	pid_t pid;

	fflush(NULL);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		char name[] = "room", flag[] = "--probe", none[] = "";
		char first[80], last[80];
		char *argv[] = { name, flag, first, none, last, NULL };

		snprintf(first, sizeof first, "%s", git);
		snprintf(last, sizeof last, "%s", data);
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		exit(probe_main(r, 5, argv));
	}
	close(out[1]);
	while ((n = read(out[0], buf_grow(said, 4096), 4096)) > 0)
		said->len += (size_t)n;
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	buf_char(said, '\0');
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static unsigned
count(const struct buf *said, const char *what)
{
	unsigned n = 0;

	for (const char *p = said->at; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

static size_t
n_tries(void)
{
	return probe_try_count + probe_more_count;
}

static const struct probe_try *
try_at(size_t i)
{
	return i < probe_try_count ? &probe_try_table[i] :
				     &probe_more_table[i - probe_try_count];
}

static char top[] = "/tmp/t-probe-XXXXXX", git[64], data[64];

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(top) == NULL)
		return -1;
	snprintf(git, sizeof git, "%s/git", top);
	snprintf(data, sizeof data, "%s/data", top);
	return mkdir(git, 0700) == 0 && mkdir(data, 0700) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	/* not empty, when a probe left something in them */
	return rmdir(git) == 0 && rmdir(data) == 0 && rmdir(top) == 0 ? 0 : -1;
}

static void
no_room_can_be_left_and_each_try_was_shown_to_work(void **state)
{
	(void)state;
	for (enum room r = 0; r < ROOMS; r++) {
		struct buf said = { 0 };
		char head[64];

		assert_int_equal(ask(r, git, data, &said), 0);
		snprintf(head, sizeof head, "probe %s ", room_name(r));
		assert_int_equal(count(&said, head), n_tries());
		assert_int_equal(count(&said, "REACHED"), 0);
		/* "stopped" is said of what worked without walls only */
		assert_in_range(count(&said, " stopped "), 90, n_tries());
		snprintf(head, sizeof head,
		    "layers %s no_new_privs seccomp no_capabilities landlock-",
		    room_name(r));
		assert_int_equal(count(&said, head), 1);
		buf_release(&said);
	}
}

static void
the_needs_of_a_room_are_said(void **state)
{
	struct buf said = { 0 };

	(void)state;
	assert_int_equal(ask(ROOM_SEARCH, git, data, &said), 0);
	assert_int_equal(count(&said, "probe search wx-memory needed\n"), 1);
#ifndef SANITIZED /* whose runtime needs one more */
	assert_int_equal(count(&said, " needed\n"), 1);
#endif
	buf_release(&said);
	assert_int_equal(ask(ROOM_READING, git, data, &said), 0);
	assert_int_equal(count(&said, "probe reading read-source needed\n"), 1);
	assert_int_equal(count(&said, "probe reading read-record stopped "), 1);
	buf_release(&said);
}

static void
what_fails_without_walls_is_not_demonstrated(void **state)
{
	struct buf said = { 0 };

	(void)state;
	/* no data folder is given: nothing to read the record from */
	assert_int_equal(ask(ROOM_READING, git, "", &said), 0);
	assert_int_equal(count(&said,
			     "probe reading read-record not demonstrated\n"),
	    1);
	buf_release(&said);
}

static void
walls_that_cannot_be_built_are_no_proof(void **state)
{
	struct buf said = { 0 };

	(void)state;
	assert_int_equal(ask(ROOM_READING, "/nonexistent/git", "", &said), 5);
	assert_int_equal(count(&said, "layers "), 0);
	assert_int_equal(count(&said, "trouble reading "), 1);
	buf_release(&said);
}

/* A process with this number has ended: it was waited for. */
static pid_t
nobody(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return pid;
}

static void
what_a_killed_probe_left_the_next_one_removes(void **state)
{
	struct buf said = { 0 };
	char old[96], file[112], mine[96];
	FILE *f;

	(void)state;
	snprintf(old, sizeof old, "%s/probe-%d", top, (int)nobody());
	snprintf(file, sizeof file, "%s/file", old);
	snprintf(mine, sizeof mine, "%s/probe-%d", top, (int)getpid());
	assert_int_equal(mkdir(old, 0700), 0);
	assert_int_equal(mkdir(mine, 0700), 0); /* its owner lives */
	f = fopen(file, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(ask(ROOM_DESK, "", data, &said), 0);
	assert_int_not_equal(access(old, F_OK), 0);
	assert_int_equal(access(mine, F_OK), 0);
	assert_int_equal(rmdir(mine), 0);
	buf_release(&said);
}

static void
names_of_primitives_are_different(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_tries(); i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(try_at(i)->name,
			    try_at(k)->name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    no_room_can_be_left_and_each_try_was_shown_to_work),
		cmocka_unit_test(the_needs_of_a_room_are_said),
		cmocka_unit_test(what_fails_without_walls_is_not_demonstrated),
		cmocka_unit_test(walls_that_cannot_be_built_are_no_proof),
		cmocka_unit_test(what_a_killed_probe_left_the_next_one_removes),
		cmocka_unit_test(names_of_primitives_are_different),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
