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

static char git[] = "/tmp/t-probe-git-XXXXXX", data[] = "/tmp/t-probe-XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(git) != NULL && mkdtemp(data) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	/* not empty, when a probe left something in them */
	return rmdir(git) == 0 && rmdir(data) == 0 ? 0 : -1;
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
		assert_int_equal(count(&said, head), probe_try_count);
		assert_int_equal(count(&said, "REACHED"), 0);
		/* "stopped" is said of what worked without walls only */
		assert_in_range(count(&said, " stopped "), 40, probe_try_count);
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
	assert_int_equal(count(&said, " needed\n"), 1);
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

static void
names_of_primitives_are_different(void **state)
{
	(void)state;
	for (size_t i = 0; i < probe_try_count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(probe_try_table[i].name,
			    probe_try_table[k].name);
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
		cmocka_unit_test(names_of_primitives_are_different),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
