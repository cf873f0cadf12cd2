#include "policy/kiosk.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/t.h"

/*
 * A login in a pseudo-terminal.  The kiosk is this program under the name
 * -vitrine-kiosk, what it becomes is this program under the name vitrine,
 * which says what it was given.
 */
static char top[] = "/tmp/t-kiosk-XXXXXX";
static char list[64], vitrine[64];

struct login {
	char *argv[4];            /* NULL: as login(1) calls a shell */
	char *const *env;         /* NULL: TERM=xterm */
	void (*spoil)(int slave); /* in the child, before exec */
	const char *typed;        /* when it asks; NULL: nothing */
	char said[8192];
	int status;
};

static void
be_vitrine(int argc, char **argv)
{
	char line[256], cwd[64] = "";
	FILE *f = fopen("/proc/self/status", "r");
	mode_t mask = umask(0);

	puts("RAN");
	for (int i = 1; i < argc; i++)
		printf("arg %s\n", argv[i]);
	for (char **e = environ; *e != NULL; e++)
		printf("env %s\n", *e);
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "SigBlk", 6) == 0 ||
		    strncmp(line, "SigIgn", 6) == 0 ||
		    strncmp(line, "NoNewPrivs", 10) == 0)
			fputs(line, stdout);
	if (f != NULL)
		fclose(f);
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd %d\n", fd);
	printf("umask %o cwd %s\n", (unsigned)mask, getcwd(cwd, sizeof cwd));
	errno = 0;
	if (ioctl(0, TIOCSTI, "") != 0)
		printf("typing %s\n", strerrorname_np(errno));
	errno = 0;
	if (ioctl(0, TIOCSTI | 1UL << 32, "") != 0)
		printf("typing high %s\n", strerrorname_np(errno));
}

static _Noreturn void
child(struct login *in, int slave)
{
	char plain[] = "-vitrine-kiosk", term[] = "TERM=xterm", where[96];
	char *usual[] = { plain, NULL }, *env[32] = { where, term, NULL };

	/* how this program finds its list; the kiosk drops it, too */
	snprintf(where, sizeof where, "T_KIOSK_LIST=%s", list);
	for (size_t i = 0; in->env != NULL && in->env[i] != NULL; i++)
		env[i + 1] = in->env[i];

	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) != 0)
		_exit(90);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	for (int fd = 3; fd < 32; fd++)
		close(fd);
	if (in->spoil != NULL)
		in->spoil(0);
	execve("/proc/self/exe", in->argv[0] != NULL ? in->argv : usual, env);
	_exit(91);
}

static bool
type(int master, const char *keys)
{
	return write(master, keys, strlen(keys)) == (ssize_t)strlen(keys);
}

static void
login(struct login *in)
{
	size_t len = 0;
	int master, slave, status;
	bool asked = false, left = false;
	ssize_t n;
	pid_t pid;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(master);
		child(in, slave);
	}
	close(slave);
	while (len < sizeof in->said - 1 &&
	    (n = read(master, in->said + len, sizeof in->said - 1 - len)) > 0) {
		len += (size_t)n;
		in->said[len] = '\0';
		/* Typed before the question, ^C would end what is still on
		 * its way to be the kiosk. */
		if (in->typed != NULL && !asked && strstr(in->said, "leave: "))
			asked = type(master, in->typed);
		if (!left && strstr(in->said, "Enter, to leave: ") != NULL)
			left = type(master, "\n");
	}
	in->said[len] = '\0';
	assert_true(asked || in->typed == NULL);
	close(master);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	in->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool
write_list(const char *text)
{
	FILE *f = fopen(list, "w");

	return f != NULL && fputs(text, f) >= 0 && fclose(f) == 0 &&
	    chmod(list, 0644) == 0;
}

static bool
usual_list(const char *more)
{
	char text[512];

	snprintf(text, sizeof text,
	    "# for tests\nvitrine %s\n"
	    "data /var/lib/vitrine\nsession one %s/one\n%s",
	    vitrine, top, more);
	return write_list(text);
}

static struct str
line_of(struct arena *a, const char *name, const char *options)
{
	return arena_printf(a, "session %s %s/%s %s\n", name, top, name,
	    options);
}

/* With a manifest, as one that is mounted; or the folder alone. */
static bool
make_session(const char *name, bool mounted)
{
	char path[96];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", top, name);
	if (mkdir(path, 0755) != 0 || !mounted)
		return access(path, F_OK) == 0;
	snprintf(path, sizeof path, "%s/%s/manifest", top, name);
	f = fopen(path, "w");
	return f != NULL && fclose(f) == 0;
}

static void
remove_session(const char *name)
{
	char path[96];

	snprintf(path, sizeof path, "%s/%s/manifest", top, name);
	unlink(path);
	snprintf(path, sizeof path, "%s/%s", top, name);
	rmdir(path);
}

static int
set_up(void **state)
{
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	(void)state;
	if (n <= 0 || mkdtemp(top) == NULL)
		return -1;
	self[n] = '\0';
	snprintf(list, sizeof list, "%s/kiosk.conf", top);
	snprintf(vitrine, sizeof vitrine, "%s/vitrine", top);
	return symlink(self, vitrine) == 0 && usual_list("") &&
		make_session("one", true) && make_session("two", true) &&
		make_session("bare", false) ?
	    0 :
	    -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(list);
	unlink(vitrine);
	remove_session("one");
	remove_session("two");
	remove_session("bare");
	return rmdir(top);
}

static bool
ran(const struct login *in)
{
	return strstr(in->said, "RAN\r\n") != NULL;
}

static bool
opened(const struct login *in, const char *name)
{
	char line[96];

	snprintf(line, sizeof line, "arg --\r\narg %s/%s\r\n", top, name);
	if (ran(in) && strstr(in->said, line) != NULL)
		return true;
	print_message("# %d, said: %s\n", in->status, in->said);
	return false;
}

/* The control of all refusals below. */
static void
a_plain_login_becomes_vitrine_on_the_only_session(void **state)
{
	struct login in = { 0 };
	char data[64];

	(void)state;
	login(&in);
	assert_true(ran(&in));
	assert_int_equal(in.status, 0);
	snprintf(data, sizeof data, "arg --data\r\narg /var/lib/vitrine/%u",
	    (unsigned)getuid());
	assert_non_null(strstr(in.said, data));
	assert_non_null(strstr(in.said, "arg --wipe\r\n"));
	assert_non_null(strstr(in.said, "arg --session\r\n"));
	assert_true(opened(&in, "one"));
}

static void
every_argument_is_refused(void **state)
{
	static const char *const tries[][2] = { { "-c", "id" }, { "-c" },
		{ "-i" }, { "-l" }, { "-s" }, { "--rcfile", "/tmp/x" },
		{ "--norc" }, { "/tmp/script" }, { "" }, { "--" }, { "--help" },
		{ "--version" } };

	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		char words[3][32] = { "-vitrine-kiosk" };
		struct login in = { .argv = { words[0] } };

		for (size_t k = 0; k < 2 && tries[i][k] != NULL; k++) {
			snprintf(words[k + 1], 32, "%s", tries[i][k]);
			in.argv[k + 1] = words[k + 1];
		}
		login(&in);
		assert_false(ran(&in));
		assert_int_equal(in.status, err_status(ERR_DENIED));
		assert_non_null(strstr(in.said, "takes no arguments"));
	}
}

static void
stdin_null(int slave)
{
	(void)slave;
	close(0);
	if (open("/dev/null", O_RDWR) != 0)
		_exit(92);
}

static void
stdin_file(int slave)
{
	(void)slave;
	close(0);
	if (open("/etc/passwd", O_RDONLY) != 0)
		_exit(92);
}

static void
stdout_pipe(int slave)
{
	int out[2];

	(void)slave;
	if (pipe(out) != 0 || dup2(out[1], 1) != 1)
		_exit(92);
}

static void
stdin_closed(int slave)
{
	(void)slave;
	close(0);
}

static void
all_closed_but_errors(int slave)
{
	(void)slave;
	close(0);
	close(1);
}

static void
errors_closed(int slave)
{
	(void)slave;
	close(2);
}

static void
another_terminal(int slave)
{
	int master, other;

	(void)slave;
	if (openpty(&master, &other, NULL, NULL, NULL) != 0 ||
	    dup2(other, 1) != 1)
		_exit(92);
}

static void
no_controlling_terminal(int slave)
{
	pid_t pid = fork();
	int status;

	(void)slave;
	if (pid == 0) {
		setsid();
		return;
	}
	waitpid(pid, &status, 0);
	_exit(WEXITSTATUS(status));
}

static void
a_terminal_has_to_be_there_and_be_one(void **state)
{
	void (*const spoils[])(int) = { stdin_null, stdin_file, stdout_pipe,
		stdin_closed, all_closed_but_errors, errors_closed,
		another_terminal, no_controlling_terminal };

	(void)state;
	for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
		struct login in = { .spoil = spoils[i] };

		login(&in);
		assert_false(ran(&in));
		assert_int_equal(in.status, err_status(ERR_DENIED));
	}
}

static void
a_hostile_environment_does_not_arrive(void **state)
{
	char *const env[] = { (char[]){ "TERM=../../x" },
		(char[]){ "TERMINFO=/tmp/x" }, (char[]){ "TERMCAP=x" },
		(char[]){ "HOME=/tmp" }, (char[]){ "NCURSES_TRACE=9" },
		(char[]){ "LD_LIBRARY_PATH=/tmp" }, (char[]){ "LC_ALL=x" },
		(char[]){ "LANG=/tmp/x" }, (char[]){ "COLUMNS=1000000000" },
		(char[]){ "TZ=:/etc/shadow" }, (char[]){ "GIT_DIR=/tmp" },
		(char[]){ "LESSOPEN=|id" }, (char[]){ "MALLOC_PERTURB_=1" },
		(char[]){ "PATH=/tmp" }, (char[]){ "VITRINE_DATA=/tmp" },
		(char[]){ "XDG_DATA_HOME=/tmp" }, NULL };
	char *const good[] = { (char[]){ "TERM=vt100" },
		(char[]){ "LANG=de_DE.UTF-8" }, NULL };
	struct login in = { .env = env }, fine = { .env = good };
	unsigned n = 0;

	(void)state;
	login(&in);
	assert_true(ran(&in));
	for (const char *p = in.said; (p = strstr(p, "env ")) != NULL; p++)
		n++;
	assert_int_equal(n, 3);
	assert_non_null(strstr(in.said, "env TERM=linux\r\n"));
	assert_non_null(strstr(in.said, "env LANG=C.UTF-8\r\n"));
	assert_non_null(strstr(in.said, "env PATH=/usr/bin:/bin\r\n"));
	login(&fine); /* what is harmless does */
	assert_non_null(strstr(fine.said, "env TERM=vt100\r\n"));
	assert_non_null(strstr(fine.said, "env LANG=de_DE.UTF-8\r\n"));
}

/* The plain login is the control. */
static void
nobody_comes_over_a_network(void **state)
{
	char *const env[] = { (char[]){ "TERM=xterm" },
		(char[]){ "SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22" }, NULL };
	struct login in = { .env = env };

	(void)state;
	login(&in);
	assert_false(ran(&in));
	assert_int_equal(in.status, err_status(ERR_DENIED));
	assert_non_null(strstr(in.said, "begins at the station itself"));
}

static void
leave_things_behind(int slave)
{
	sigset_t all;
	int fd = open("/tmp", O_RDONLY);

	(void)slave;
	for (int to = 3; to < 200; to += 7)
		dup2(fd, to);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	umask(0);
	if (chdir("/tmp") != 0)
		_exit(92);
}

static void
what_a_caller_leaves_behind_is_cleaned_up(void **state)
{
	struct login in = { .spoil = leave_things_behind };
	unsigned n = 0;

	(void)state;
	login(&in);
	assert_true(ran(&in));
	for (const char *p = in.said; (p = strstr(p, "fd ")) != NULL; p++)
		n++;
	assert_int_equal(n, 3);
	assert_non_null(strstr(in.said, "SigBlk:\t0000000000000000\r\n"));
	/* 32 and 33 are libc's own: make leaves them ignored */
	assert_true(strstr(in.said, "SigIgn:\t0000000000000000\r\n") ||
	    strstr(in.said, "SigIgn:\t0000000180000000\r\n"));
	assert_non_null(strstr(in.said, "umask 77 cwd /\r\n"));
	assert_non_null(strstr(in.said, "NoNewPrivs:\t1\r\n"));
}

static void
lower(int what, rlim_t max)
{
	const struct rlimit now = { max, max };

	if (setrlimit(what, &now) != 0)
		_exit(92);
}

static void
few_files(int slave)
{
	(void)slave;
	lower(RLIMIT_NOFILE, 20);
}

static void
little_time(int slave)
{
	(void)slave;
	lower(RLIMIT_CPU, 60);
}

static void
small_files(int slave)
{
	(void)slave;
	lower(RLIMIT_FSIZE, 4096);
}

static void
limits_too_low_to_work_with_are_refused_cleanly(void **state)
{
	void (*const spoils[])(int) = { few_files, little_time, small_files };

	(void)state;
	for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
		struct login in = { .spoil = spoils[i] };

		login(&in);
		assert_false(ran(&in));
		assert_int_equal(in.status, err_status(ERR_DENIED));
		assert_non_null(strstr(in.said, "the limit on "));
	}
}

/* Whether this kernel lets anybody type: EPERM is the filter's answer only
 * when it does. */
static void
nobody_types_into_a_terminal_any_more(void **state)
{
	struct login in = { 0 }, bare = { .argv = { vitrine } };

	(void)state;
	login(&bare);
	assert_true(ran(&bare));
	if (strstr(bare.said, "typing ") != NULL)
		skip_because("this kernel forbids it already");
	login(&in);
	assert_non_null(strstr(in.said, "typing EPERM\r\n"));
	assert_non_null(strstr(in.said, "typing high EPERM\r\n"));
}

/* A signal of the keyboard throws away what is on its way through the
 * terminal, and with it what is to be read here. */
static void
keep_what_was_said(int slave)
{
	struct termios t;

	if (tcgetattr(slave, &t) != 0)
		_exit(92);
	t.c_lflag |= NOFLSH;
	if (tcsetattr(slave, TCSANOW, &t) != 0)
		_exit(92);
}

static void
one_of_several_sessions_is_asked_for(void **state)
{
	struct login two = { .typed = "2\n" }, wrong = { .typed = "9\nx\n1\n" },
		     none = { .typed = "\n" }, end = { .typed = "\004" },
		     keys = { .typed = "\003\032\0342\n",
			     .spoil = keep_what_was_said };
	struct arena a = { 0 };

	(void)state;
	assert_true(usual_list(line_of(&a, "two", "").at));
	arena_release(&a);
	login(&two);
	assert_true(opened(&two, "two"));
	login(&wrong);
	assert_true(opened(&wrong, "one"));
	login(&none);
	assert_false(ran(&none));
	login(&end);
	assert_false(ran(&end));
	/* ^C, ^Z and ^\ do nothing */
	login(&keys);
	assert_true(opened(&keys, "two"));
	assert_true(usual_list(""));
}

/* "bare" is a folder on which nothing was mounted, "gone" is not there. */
static void
what_was_not_mounted_is_named_and_not_offered(void **state)
{
	struct login one = { .typed = "1\n" }, other = { .typed = "2\n\n" },
		     none = { 0 };
	struct arena a = { 0 };

	(void)state;
	assert_true(write_list(arena_printf(&a, "vitrine %s\ndata /d\n%s%s%s",
	    vitrine, line_of(&a, "bare", "").at, line_of(&a, "one", "").at,
	    line_of(&a, "gone", "").at)
				   .at));
	login(&one);
	assert_true(opened(&one, "one"));
	assert_non_null(strstr(one.said, "   1  one\r\n"));
	assert_non_null(strstr(one.said,
	    "   -  bare: was not mounted, ask the laboratory\r\n"));
	assert_non_null(strstr(one.said, "   -  gone: was not mounted"));
	login(&other);
	assert_false(ran(&other));
	/* With nothing else the reason is all there is, and it stays. */
	assert_true(write_list(arena_printf(&a, "vitrine %s\ndata /d\n%s",
	    vitrine, line_of(&a, "bare", "").at)
				   .at));
	login(&none);
	assert_false(ran(&none));
	assert_int_equal(none.status, err_status(ERR_DENIED));
	assert_non_null(strstr(none.said, "session bare was not mounted"));
	assert_non_null(strstr(none.said, "Enter, to leave: "));
	arena_release(&a);
	assert_true(usual_list(""));
}

static void
only_what_is_open_to_this_person_today_is_offered(void **state)
{
	char other[160];
	struct arena a = { 0 };
	struct login one = { 0 }, none = { 0 };

	(void)state;
	/* of four, one is for this user and not over: nobody is asked */
	snprintf(other, sizeof other,
	    "vitrine %s\ndata /d\nsession a /a for=77777\n"
	    "session b /b to=2001-01-01\nsession c /c from=2999-01-01\n",
	    vitrine);
	assert_true(write_list(arena_printf(&a,
	    "%ssession two %s/two "
	    "for=%u,77777 from=2001-01-01 to=2999-12-31\n",
	    other, top, (unsigned)getuid())
				   .at));
	login(&one);
	assert_true(ran(&one));
	assert_true(opened(&one, "two"));
	assert_true(write_list(other));
	login(&none);
	assert_false(ran(&none));
	assert_int_equal(none.status, err_status(ERR_DENIED));
	assert_non_null(strstr(none.said, "no session is open to you today"));
	arena_release(&a);
	assert_true(usual_list(""));
}

static void
a_list_that_others_could_write_is_refused(void **state)
{
	struct login in = { 0 };

	(void)state;
	assert_int_equal(chmod(list, 0664), 0);
	login(&in);
	assert_false(ran(&in));
	assert_int_equal(chmod(list, 0644), 0);
	assert_int_equal(chmod(top, 0777), 0);
	login(&in);
	assert_false(ran(&in));
	assert_int_equal(chmod(top, 0700), 0);
	login(&in);
	assert_true(ran(&in));
}

static enum err
reads(const char *text)
{
	struct kiosk_list l;
	struct arena a = { 0 };
	enum err rc;

	err_clear();
	rc = kiosk_list_read(&l, &a, str_of(text));
	arena_release(&a);
	return rc;
}

#define HEAD "vitrine /v\ndata /d\n"

static void
a_list_that_is_not_understood_is_refused(void **state)
{
	(void)state;
	assert_int_equal(reads(HEAD "session a /a\n"), ERR_NONE);
	assert_int_equal(reads(HEAD "\n # x\nsession a\t/a  \n"), ERR_NONE);
	assert_int_equal(reads(""), ERR_FORMAT);
	assert_int_equal(reads(HEAD), ERR_FORMAT);
	assert_int_equal(reads("data /d\nsession a /a\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a a\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a b\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a for=1,2 to=2026-11-30\n"),
	    ERR_NONE);
	assert_int_equal(reads(HEAD "session a /a for=\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a for=1,\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a for=ann\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a for=1 for=2\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a to=2026-13-01\n"),
	    ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a to=26-11-30\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a to=2026-11-30-1\n"),
	    ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a/../b\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a/b /a\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a\x1b /a\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "session a /a\nsession a /b\n"),
	    ERR_FORMAT);
	assert_int_equal(reads(HEAD HEAD "session a /a\n"), ERR_FORMAT);
	assert_int_equal(reads(HEAD "sesion a /a\n"), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "line 3"));
	err_clear();
}

static bool
is_called(const char *argv0, const char *name)
{
	size_t len = strlen(argv0), n = strlen(name);

	return len >= n && strcmp(argv0 + len - n, name) == 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_plain_login_becomes_vitrine_on_the_only_session),
		cmocka_unit_test(every_argument_is_refused),
		cmocka_unit_test(a_terminal_has_to_be_there_and_be_one),
		cmocka_unit_test(a_hostile_environment_does_not_arrive),
		cmocka_unit_test(nobody_comes_over_a_network),
		cmocka_unit_test(what_a_caller_leaves_behind_is_cleaned_up),
		cmocka_unit_test(
		    limits_too_low_to_work_with_are_refused_cleanly),
		cmocka_unit_test(nobody_types_into_a_terminal_any_more),
		cmocka_unit_test(one_of_several_sessions_is_asked_for),
		cmocka_unit_test(what_was_not_mounted_is_named_and_not_offered),
		cmocka_unit_test(
		    only_what_is_open_to_this_person_today_is_offered),
		cmocka_unit_test(a_list_that_others_could_write_is_refused),
		cmocka_unit_test(a_list_that_is_not_understood_is_refused),
	};
	const struct kiosk_place place = { .list = getenv("T_KIOSK_LIST"),
		.rooms = "/etc/vitrine-of-nobody/rooms.conf",
		.owner = geteuid() };

	if (argc > 0 && is_called(argv[0], "/vitrine")) {
		be_vitrine(argc, argv);
		return 0;
	}
	if (argc > 0 && is_called(argv[0], "-vitrine-kiosk"))
		return kiosk_main(&place, argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
