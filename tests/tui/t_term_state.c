#include "tui/term_state.h"

#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/t.h"

/* keep() in a child on the descriptors given; the text it failed with. */
static enum err
keep(int in, int out, const char *name, char text[256])
{
	struct {
		enum err rc;
		char text[256];
	} told = { 0 };
	int report[2], status;
	pid_t pid;

	assert_int_equal(pipe(report), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(in, 0);
		dup2(out, 1);
		err_clear();
		told.rc = term_state_keep(name);
		snprintf(told.text, sizeof told.text, "%s", err_text());
		(void)!write(report[1], &told, sizeof told);
		_exit(0);
	}
	close(report[1]);
	assert_int_equal(read(report[0], &told, sizeof told), sizeof told);
	close(report[0]);
	waitpid(pid, &status, 0);
	memcpy(text, told.text, sizeof told.text);
	return told.rc;
}

static void
a_terminal_is_two_ends_of_one_with_a_known_name(void **state)
{
	static const char *const bad[] = { NULL, "", "dumb", "unknown",
		"no-such-terminal", "../../etc/passwd", "x/../linux",
		"l\xc3\xadnux", ".", "..", "-" };
	int master[2], slave[2], pipe_[2];
	char text[256];

	(void)state;
	assert_int_equal(pipe(pipe_), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(openpty(&master[i], &slave[i], NULL, NULL,
				     NULL),
		    0);
	assert_int_equal(keep(slave[0], slave[0], "linux", text), ERR_NONE);
	assert_int_equal(keep(slave[0], slave[0], "vt100", text), ERR_NONE);
	assert_int_equal(keep(slave[0], slave[1], "linux", text), ERR_DENIED);
	assert_non_null(strstr(text, "two different"));
	assert_int_equal(keep(pipe_[0], slave[0], "linux", text), ERR_DENIED);
	assert_int_equal(keep(slave[0], pipe_[1], "linux", text), ERR_DENIED);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(keep(slave[0], slave[0], bad[i], text),
		    ERR_DENIED);
		assert_non_null(strstr(text, "--term=vt100"));
	}
	for (int i = 0; i < 2; i++) {
		close(master[i]);
		close(slave[i]);
		close(pipe_[i]);
	}
}

static void
restoring_puts_the_settings_back_and_wipes_on_demand(void **state)
{
	int master, slave, status;
	struct termios before, raw, after;
	char got[256] = { 0 };
	ssize_t n;
	pid_t pid;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(slave, &before), 0);
	pid = fork();
	if (pid == 0) {
		dup2(slave, 0);
		dup2(slave, 1);
		if (term_state_keep("linux") != ERR_NONE)
			_exit(1);
		raw = before;
		cfmakeraw(&raw);
		tcsetattr(0, TCSANOW, &raw);
		term_state_restore(false);
		term_state_restore(true);
		_exit(0);
	}
	n = read(master, got, sizeof got - 1);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_true(n > 0);
	assert_non_null(strstr(got, "\033[?1049l"));
	assert_non_null(strstr(got, "\033[2J\033[3J"));
	assert_int_equal(tcgetattr(slave, &after), 0);
	assert_int_equal(before.c_lflag, after.c_lflag);
	assert_int_equal(before.c_iflag, after.c_iflag);
	assert_int_equal(before.c_oflag, after.c_oflag);
	close(master);
	close(slave);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_terminal_is_two_ends_of_one_with_a_known_name),
		cmocka_unit_test(
		    restoring_puts_the_settings_back_and_wipes_on_demand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
