#include "tui/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/messages.h"
#include "core/port.h"
#include "core/room.h"

#include "tests/t.h"

/*
 * The rooms are this program, under the names of the rooms: what each does
 * is in the title of the session.
 */
static char rooms[] = "/tmp/t-launch-XXXXXX";

static bool
is_play(const struct start *s, const char *name)
{
	return str_eq(s->title, str_of(name));
}

/* Waits until it is told to end. */
static int
wait_for_end(void)
{
	struct buf body = { 0 };
	uint16_t type;

	while (port_read(ROOM_FD_LAUNCHER, &type, &body) == ERR_NONE)
		if (type == MSG_SHUTDOWN)
			break;
	buf_release(&body);
	return 0;
}

static int
sleep_on(void)
{
	while (pause() < 0)
		continue;
	return 1;
}

static int
search_room(const struct start *s)
{
	char word[8];
	pid_t self = getpid();

	if (is_play(s, "never ready"))
		return 7;
	if (is_play(s, "late search"))
		return sleep_on();
	if (room_ready() != ERR_NONE || is_play(s, "busy death"))
		return 1;
	/* one answer, then the end, as when a search is cancelled */
	if (recv(SEARCH_FD_READING, word, sizeof word, 0) > 0)
		(void)!send(SEARCH_FD_READING, &self, sizeof self, 0);
	return 0;
}

/* Asks searcher 0 many times: as many processes answer on one pair. */
static int
ask_searchers(void)
{
	pid_t who, last = 0;

	for (int i = 0; i < 35; i++) {
		if (send(READING_FD_SEARCH, "who", 3, 0) != 3 ||
		    recv(READING_FD_SEARCH, &who, sizeof who, 0) != sizeof who)
			return 1;
		if (who == last)
			return 2;
		last = who;
	}
	(void)!send(READING_FD_NOTES, "fine", 4, 0);
	return wait_for_end();
}

/* Worker 0 says who it is and hears nothing more. */
static int
be_deaf(void)
{
	pid_t self = getpid();

	(void)!send(WORKER_FD_READING, &self, sizeof self, 0);
	return sleep_on();
}

/* Asks for another worker until it is there: at first the launcher may not
 * have heard yet that it was ready. */
static int
ask_for_another(void)
{
	struct pollfd in = { READING_FD_WORKER, POLLIN, 0 };
	struct buf b = { 0 };
	pid_t first, second;

	room_restart_write(&b, ROOM_WORKER, 0);
	if (recv(READING_FD_WORKER, &first, sizeof first, 0) != sizeof first)
		return 1;
	do
		if (port_write(ROOM_FD_LAUNCHER, MSG_RESTART, buf_view(&b)) !=
		    ERR_NONE)
			return 1;
	while (poll(&in, 1, 500) == 0);
	if (recv(READING_FD_WORKER, &second, sizeof second, 0) !=
		sizeof second ||
	    first == second)
		return 2;
	(void)!send(READING_FD_NOTES, "fine", 4, 0);
	return wait_for_end();
}

static bool
creates(const struct start *s, const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%.*s/%s", STR_ARG(s->data), name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd >= 0)
		close(fd);
	unlink(path);
	return fd >= 0;
}

static int
ask_for(enum room kind)
{
	struct buf b = { 0 };

	room_restart_write(&b, kind, 0);
	if (port_write(ROOM_FD_LAUNCHER, MSG_RESTART, buf_view(&b)) != ERR_NONE)
		return 1;
	return wait_for_end();
}

/* What a room must not know it is not told. */
static bool
knows_too_much(const struct start *s, enum room r)
{
	bool source = r == ROOM_READING || r == ROOM_WORKER;

	return (s->git.len > 0) != source ||
	    (s->data.len > 0) != (r == ROOM_NOTES) ||
	    (s->auditor.len > 0) != (r == ROOM_NOTES || r == ROOM_CHECK) ||
	    (s->revision.len > 0) != (r == ROOM_READING);
}

static int
misbehave(const struct start *s)
{
	if (is_play(s, "garbage"))
		(void)!send(ROOM_FD_LAUNCHER, "garbage", 7, 0);
	else if (is_play(s, "out of turn")) /* it is not the notes room */
		return room_quit() == ERR_NONE ? wait_for_end() : 1;
	else if (is_play(s, "forbidden"))
		raise(SIGSYS);
	else if (is_play(s, "trouble"))
		return room_end(fail(ERR_FORMAT, "pack 7 is damaged"));
	else if (is_play(s, "signal"))
		kill(getppid(), SIGTERM);
	else if (is_play(s, "deaf"))
		for (;;)
			pause();
	return wait_for_end();
}

/* Until the process is this: 'S' waiting, 'T' stopped, 'Z' over and not yet
 * reaped. */
static void
wait_until(pid_t pid, char state)
{
	char path[32], line[256], *end;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	for (;;) {
		int fd = open(path, O_RDONLY);
		ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line - 1);

		if (fd >= 0)
			close(fd);
		if (n <= 0)
			return;
		line[n] = '\0';
		end = strrchr(line, ')');
		if (end != NULL && end[2] == state)
			return;
		(void)poll(NULL, 0, 5);
	}
}

/* Wakes the launcher when the reading room is over, too. */
static void
wake_later(pid_t launcher, pid_t reading)
{
	if (fork() != 0)
		return;
	for (int fd = 0; fd < 64; fd++)
		close(fd);
	wait_until(reading, 'Z');
	kill(launcher, SIGCONT);
	_exit(0);
}

/*
 * The launcher hears the reading room hang up, is stopped, and finds both
 * rooms dead at once when it goes on, with the desk not yet heard to the end.
 */
static int
end_together(enum room r)
{
	pid_t launcher = getppid(), desk = getpid();
	char word[8];

	if (r == ROOM_READING)
		kill(launcher, SIGTERM);
	(void)wait_for_end();
	if (r == ROOM_DESK) {
		(void)!send(DESK_FD_READING, &desk, sizeof desk, 0);
		(void)!recv(DESK_FD_READING, word, sizeof word, 0);
	}
	if (r != ROOM_READING)
		return 0;
	if (recv(READING_FD_DESK, &desk, sizeof desk, 0) != sizeof desk)
		return 1;
	close(ROOM_FD_LAUNCHER); /* which wakes it; then it sleeps again */
	wait_until(launcher, 'S');
	wake_later(launcher, getpid());
	kill(launcher, SIGSTOP);
	wait_until(launcher, 'T');
	(void)!send(READING_FD_DESK, "go", 2, 0);
	wait_until(desk, 'Z');
	return 0;
}

/* Longer than any other room has: the last entries of the record. */
static int
end_slowly(const struct start *s, enum room r)
{
	char path[128], word[8];
	int fd;

	if (r == ROOM_NOTES)
		(void)!send(NOTES_FD_READING, "up", 2, 0);
	if (r == ROOM_READING &&
	    recv(READING_FD_NOTES, word, sizeof word, 0) == 2)
		kill(getppid(), SIGTERM);
	(void)wait_for_end();
	if (r != ROOM_NOTES)
		return 0;
	(void)poll(NULL, 0, 2500);
	snprintf(path, sizeof path, "%.*s/last", STR_ARG(s->data));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	return fd >= 0 && close(fd) == 0 ? 0 : 1;
}

static int
play(enum room r, const struct start *s)
{
	char word[8], name[32];

	if (knows_too_much(s, r))
		return 99;
	if (r == ROOM_SEARCH)
		return search_room(s);
	if (is_play(s, "restart") && r == ROOM_WORKER)
		return room_ready() == ERR_NONE ? be_deaf() : 1;
	if (is_play(s, "late notes") && r == ROOM_NOTES)
		return sleep_on();
	if (room_ready() != ERR_NONE)
		return 1;
	if (is_play(s, "end together"))
		return end_together(r);
	if (r == ROOM_DESK && room_first_frame() != ERR_NONE)
		return 1;
	snprintf(name, sizeof name, "death %s", room_name(r));
	if (is_play(s, name))
		return 9;
	if (is_play(s, "leaves") && r == ROOM_READING)
		return 0;
	if (is_play(s, "leaves") && r == ROOM_DESK) {
		(void)!recv(DESK_FD_READING, word, sizeof word, 0);
		return room_end(room_left(ROOM_READING, ERR_NONE));
	}
	if (is_play(s, "nonsense") && r == ROOM_DESK)
		return room_end(room_left(ROOM_READING,
		    fail(ERR_FORMAT, "a message of unknown type 9")));
	if (is_play(s, "writes") && r == ROOM_NOTES)
		return !creates(s, "new") ? 7 : creates(s, "../new") ? 6 : 5;
	if (is_play(s, "sockets") && r == ROOM_NOTES)
		return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ?
		    3 :
		    4;
	if (r == ROOM_READING && is_play(s, "cancel"))
		return ask_searchers();
	if (r == ROOM_READING && is_play(s, "restart"))
		return ask_for_another();
	if (r == ROOM_DESK && is_play(s, "restart by desk"))
		return ask_for(ROOM_WORKER);
	if (r == ROOM_READING && is_play(s, "restart of notes"))
		return ask_for(ROOM_NOTES);
	if (is_play(s, "slow end"))
		return end_slowly(s, r);
	if (r == ROOM_NOTES &&
	    (is_play(s, "cancel") || is_play(s, "restart")) &&
	    recv(NOTES_FD_READING, word, sizeof word, 0) <= 0)
		return 1;
	if (r == ROOM_NOTES &&
	    (is_play(s, "cancel") || is_play(s, "quit") ||
		is_play(s, "restart")))
		return room_quit() == ERR_NONE ? wait_for_end() : 1;
	return r == ROOM_READING ? misbehave(s) : wait_for_end();
}

static int
be_room(const char *name, int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;

	for (enum room r = 0; r < ROOMS; r++) {
		if (strcmp(name, room_file(r)) != 0)
			continue;
		if (argc > 1) { /* a probe */
			printf("probe %s fly %s\nlayers %s no_new_privs "
			       "seccomp no_capabilities landlock-7\n",
			    room_name(r),
			    strcmp(argv[2], "/weak") == 0 && r == ROOM_CHECK ?
				"REACHED" :
				"stopped EPERM",
			    room_name(r));
			return 0;
		}
		if (room_begin(&s, &a, r) != ERR_NONE)
			return 98;
		return play(r, &s);
	}
	return 97;
}

static int
set_up(void **state)
{
	char self[512], path[128];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	(void)state;
	if (n <= 0 || mkdtemp(rooms) == NULL)
		return -1;
	self[n] = '\0';
	for (enum room r = 0; r < ROOMS; r++) {
		snprintf(path, sizeof path, "%s/%s", rooms, room_file(r));
		if (symlink(self, path) != 0)
			return -1;
	}
	return 0;
}

static int
tear_down(void **state)
{
	char path[128];

	(void)state;
	for (enum room r = 0; r < ROOMS; r++) {
		snprintf(path, sizeof path, "%s/%s", rooms, room_file(r));
		unlink(path);
	}
	return rmdir(rooms);
}

static unsigned slowest; /* of the next sessions; 0: usual */

/* One whole session in a child, because signals are per process. */
static enum err
run(const char *title, const char *git, char text[600], bool *desk_well)
{
	struct launch_target t = { LAUNCH_TARGET_NONE };
	struct launch_setup setup = { .libexec = rooms,
		.term = "vt100",
		.log = -1,
		.proof = git[1] == 'w' ? (struct str){ 0 } : STR("proven") };
	int out[2], status;
	char inside[64] = "";
	struct {
		enum err rc;
		bool well;
		char text[600];
	} told = { 0 };
	pid_t pid;

	t.start = (struct start){ .title = str_of(title),
		.git = str_of(git),
		.data = STR("/data"),
		.auditor = STR("ann"),
		.revision = STR("main"),
		.cores = 2 };
	if (strcmp(title, "writes") == 0 || strcmp(title, "slow end") == 0) {
		snprintf(inside, sizeof inside, "%s/inside", rooms);
		assert_int_equal(mkdir(inside, 0700), 0);
		t.start.data = t.own = str_of(inside);
	}
	/* however slow this machine is, who listens ends by itself */
	if (strcmp(title, "deaf") != 0 && strcmp(title, "slow end") != 0)
		setup.patience = 120000;
	setup.slowest = slowest;
	assert_int_equal(pipe(out), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		struct loop *l;
		struct launch *launch = NULL;

		told.rc = loop_open(&l);
		if (told.rc == ERR_NONE)
			told.rc = launch_open(&launch, l, &t, &setup);
		if (told.rc == ERR_NONE)
			told.rc = launch_run(launch);
		told.well = launch != NULL && launch_desk_ended_well(launch);
		snprintf(told.text, sizeof told.text, "%s", err_text());
		launch_close(launch);
		loop_close(l);
		(void)!write(out[1], &told, sizeof told);
		/* nothing lives on: what is left are probes that end */
		alarm(200);
		while (waitpid(-1, NULL, 0) > 0)
			continue;
		_exit(0);
	}
	close(out[1]);
	assert_int_equal(read(out[0], &told, sizeof told), sizeof told);
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	memcpy(text, told.text, sizeof told.text);
	if (strcmp(title, "slow end") == 0) {
		char last[80];

		snprintf(last, sizeof last, "%s/last", inside);
		assert_int_equal(unlink(last), 0);
	}
	if (*inside != 0)
		assert_int_equal(rmdir(inside), 0);
	if (desk_well != NULL)
		*desk_well = told.well;
	return told.rc;
}

static char text[600];

static void
the_session_ends_when_the_notes_room_says_so(void **state)
{
	bool well = false;

	(void)state;
	assert_int_equal(run("quit", "/git", text, &well), ERR_NONE);
	assert_string_equal(text, "");
	assert_true(well);
}

static void
a_searcher_that_ends_is_started_again_on_the_same_descriptors(void **state)
{
	(void)state;
	assert_int_equal(run("cancel", "/git", text, NULL), ERR_NONE);
}

static void
a_worker_that_hears_nothing_is_ended_when_it_is_asked_for(void **state)
{
	(void)state;
	assert_int_equal(run("restart", "/git", text, NULL), ERR_NONE);
}

static void
only_the_reading_room_may_ask_and_only_for_those_that_come_again(void **state)
{
	(void)state;
	assert_int_not_equal(run("restart by desk", "/git", text, NULL),
	    ERR_NONE);
	assert_non_null(strstr(text, "the desk room broke the rules"));
	assert_int_not_equal(run("restart of notes", "/git", text, NULL),
	    ERR_NONE);
	assert_non_null(strstr(text, "the reading room broke the rules"));
}

static void
the_end_of_any_other_room_is_the_end_and_said(void **state)
{
	static const enum room one[] = { ROOM_DESK, ROOM_READING, ROOM_NOTES,
		ROOM_CHECK };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char title[32], want[64];

		snprintf(title, sizeof title, "death %s", room_name(one[i]));
		snprintf(want, sizeof want,
		    "the %s room ended with status 9: ", room_name(one[i]));
		assert_int_equal(run(title, "/git", text, NULL), ERR_IO);
		assert_non_null(strstr(text, want));
	}
}

static void
a_room_says_its_trouble_itself(void **state)
{
	(void)state;
	assert_int_equal(run("trouble", "/git", text, NULL), ERR_FORMAT);
	assert_string_equal(text, "pack 7 is damaged");
}

static void
a_forbidden_call_is_named(void **state)
{
	(void)state;
	assert_int_equal(run("forbidden", "/git", text, NULL), ERR_IO);
	assert_non_null(strstr(text,
	    "the reading room was stopped: it made a "
	    "system call its walls forbid"));
}

static void
bytes_that_are_no_message_end_the_room(void **state)
{
	(void)state;
	assert_int_not_equal(run("garbage", "/git", text, NULL), ERR_NONE);
	assert_non_null(strstr(text, "the reading room broke the rules"));
}

static void
only_the_notes_room_may_end_the_session(void **state)
{
	(void)state;
	assert_int_not_equal(run("out of turn", "/git", text, NULL), ERR_NONE);
	assert_non_null(strstr(text, "the reading room broke the rules"));
}

static void
a_searcher_that_never_works_is_not_tried_for_ever(void **state)
{
	(void)state;
	assert_int_equal(run("never ready", "/git", text, NULL), ERR_IO);
	assert_non_null(strstr(text, "the search room cannot work"));
	assert_int_equal(run("busy death", "/git", text, NULL), ERR_IO);
	assert_non_null(strstr(text, "the search room cannot work"));
}

static void
a_room_that_does_not_get_ready_is_named(void **state)
{
	(void)state;
	/* On a busy machine others are late, too: then it gets more time. */
	for (slowest = 2000; slowest < 100000; slowest *= 4) {
		assert_int_equal(run("late notes", "/git", text, NULL), ERR_IO);
		if (strstr(text, "the notes room") != NULL)
			break;
	}
	assert_string_equal(text, "the notes room did not get ready in time");
	for (; slowest < 100000; slowest *= 4) {
		assert_int_equal(run("late search", "/git", text, NULL),
		    ERR_IO);
		if (strstr(text, "the search room") != NULL)
			break;
	}
	assert_non_null(strstr(text, "the search room cannot work"));
	slowest = 0;
}

static void
who_left_first_is_named_and_not_who_followed(void **state)
{
	(void)state;
	assert_int_equal(run("leaves", "/git", text, NULL), ERR_IO);
	assert_non_null(strstr(text, "the reading room ended with status 0"));
}

static void
who_broke_the_rules_is_named_and_not_who_saw_it(void **state)
{
	(void)state;
	assert_int_equal(run("nonsense", "/git", text, NULL), ERR_FORMAT);
	assert_string_equal(text,
	    "the reading room broke the rules of its port: "
	    "a message of unknown type 9");
}

/* Rooms inherit them; the control of the status is 4 in the room above. */
static void
the_launcher_has_walls_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(run("sockets", "/git", text, NULL), ERR_IO);
	assert_non_null(strstr(text, "the notes room ended with status 3: "));
}

/* Without Landlock, which has ABI 1 at least, the status is 6. */
static void
it_writes_nowhere_but_in_its_folder(void **state)
{
	(void)state;
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 1)
		skip_because("this kernel has no Landlock");
	assert_int_equal(run("writes", "/git", text, NULL), ERR_IO);
	assert_non_null(strstr(text, "the notes room ended with status 5: "));
}

static void
a_signal_ends_the_session_cleanly(void **state)
{
	bool well = false;

	(void)state;
	assert_int_equal(run("signal", "/git", text, &well), ERR_STOPPED);
	assert_true(well);
}

static void
a_desk_that_ended_well_did_so_whatever_was_seen_first(void **state)
{
	bool well = false;

	(void)state;
	assert_int_equal(run("end together", "/git", text, &well), ERR_STOPPED);
	assert_true(well);
}

static void
the_notes_room_may_take_its_time_to_end(void **state)
{
	(void)state;
	assert_int_equal(run("slow end", "/git", text, NULL), ERR_STOPPED);
}

static void
a_room_that_does_not_listen_is_killed(void **state)
{
	(void)state;
	/* the proof ends the session, the reading room does not */
	assert_int_equal(run("deaf", "/weak", text, NULL), ERR_DENIED);
}

static void
walls_that_do_not_hold_end_the_session(void **state)
{
	(void)state;
	assert_int_equal(run("proof", "/weak", text, NULL), ERR_DENIED);
	assert_non_null(strstr(text, "the check room can be left"));
}

static void
rooms_that_are_not_there_are_an_error(void **state)
{
	struct launch_target t = { LAUNCH_TARGET_NONE };
	struct launch_setup setup = { .libexec = "/nonexistent",
		.term = "vt100",
		.log = -1 };
	struct launch *launch = NULL;
	struct loop *l;

	(void)state;
	err_clear();
	assert_int_equal(loop_open(&l), ERR_NONE);
	assert_int_equal(launch_open(&launch, l, &t, &setup), ERR_IO);
	assert_non_null(strstr(err_text(), "/nonexistent/room_desk"));
	assert_null(launch);
	loop_close(l);
	err_clear();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_session_ends_when_the_notes_room_says_so),
		cmocka_unit_test(
		    a_searcher_that_ends_is_started_again_on_the_same_descriptors),
		cmocka_unit_test(
		    a_worker_that_hears_nothing_is_ended_when_it_is_asked_for),
		cmocka_unit_test(
		    only_the_reading_room_may_ask_and_only_for_those_that_come_again),
		cmocka_unit_test(the_end_of_any_other_room_is_the_end_and_said),
		cmocka_unit_test(a_room_says_its_trouble_itself),
		cmocka_unit_test(a_forbidden_call_is_named),
		cmocka_unit_test(bytes_that_are_no_message_end_the_room),
		cmocka_unit_test(only_the_notes_room_may_end_the_session),
		cmocka_unit_test(
		    a_searcher_that_never_works_is_not_tried_for_ever),
		cmocka_unit_test(a_room_that_does_not_get_ready_is_named),
		cmocka_unit_test(who_left_first_is_named_and_not_who_followed),
		cmocka_unit_test(
		    who_broke_the_rules_is_named_and_not_who_saw_it),
		cmocka_unit_test(the_launcher_has_walls_of_its_own),
		cmocka_unit_test(it_writes_nowhere_but_in_its_folder),
		cmocka_unit_test(a_signal_ends_the_session_cleanly),
		cmocka_unit_test(
		    a_desk_that_ended_well_did_so_whatever_was_seen_first),
		cmocka_unit_test(the_notes_room_may_take_its_time_to_end),
		cmocka_unit_test(a_room_that_does_not_listen_is_killed),
		cmocka_unit_test(walls_that_do_not_hold_end_the_session),
		cmocka_unit_test(rooms_that_are_not_there_are_an_error),
	};
	const char *name = strrchr(argv[0], '/');

	name = name != NULL ? name + 1 : argv[0];
	if (strncmp(name, "room_", 5) == 0)
		return be_room(name, argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
