#include "policy/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "policy/sandbox_layer.h"

#include "tests/t.h"

enum { NONE = 0, LIMITS = 1, LANDLOCK = 2, SECCOMP = 4, WHOLE = 7 };
enum { KILLED = 1000, NO_WALLS = 250 };

/* Two folders, one file in each. */
static char here[] = "/tmp/t-sandbox-XXXXXX";
static char inside[64], outside[64], in_file[80], out_file[80], new_file[80];

static bool
write_file(const char *path)
{
	FILE *f = fopen(path, "w");

	return f != NULL && fputs("text", f) >= 0 && fclose(f) == 0;
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(here) == NULL)
		return -1;
	snprintf(inside, sizeof inside, "%s/in", here);
	snprintf(outside, sizeof outside, "%s/out", here);
	snprintf(in_file, sizeof in_file, "%s/file", inside);
	snprintf(out_file, sizeof out_file, "%s/file", outside);
	snprintf(new_file, sizeof new_file, "%s/new", inside);
	return mkdir(inside, 0700) == 0 && mkdir(outside, 0700) == 0 &&
		write_file(in_file) && write_file(out_file) ?
	    0 :
	    -1;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(new_file);
	unlink(in_file);
	unlink(out_file);
	rmdir(inside);
	rmdir(outside);
	return rmdir(here);
}

static enum err
put_up(const struct sandbox_walls *w, int layers)
{
	enum err rc = ERR_NONE;

	if (layers & LIMITS)
		rc = sandbox_limits_apply(w);
	if (layers & LANDLOCK && rc == ERR_NONE) {
		/* what the other layers do first */
		if (!(layers & LIMITS) && layers != LANDLOCK)
			return ERR_DENIED;
		rc = sandbox_landlock_apply(w);
	}
	if (layers & SECCOMP && rc == ERR_NONE)
		rc = sandbox_seccomp_apply(w);
	return rc;
}

/* 0: it worked; an errno; KILLED: by the filter. */
static int
walled(enum room r, int layers, int (*fn)(void))
{
	struct sandbox_paths paths = { .read = { str_of(inside) },
		.write = str_of(inside) };
	struct sandbox_walls w;
	int status;
	pid_t pid;

	assert_int_equal(sandbox_prepare(&w, r, &paths), ERR_NONE);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(put_up(&w, layers) == ERR_NONE ? fn() : NO_WALLS);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	sandbox_release(&w);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return KILLED;
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), NO_WALLS);
	return WEXITSTATUS(status);
}

static int
result(long rc)
{
	return rc < 0 ? errno : 0;
}

static int
read_inside(void)
{
	char got[8];
	int fd = open(in_file, O_RDONLY | O_CLOEXEC);
	void *at;

	if (fd < 0)
		return errno;
	at = mmap(NULL, 4, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED || memcmp(at, "text", 4) != 0)
		return EINVAL;
	return result(pread(fd, got, 4, 0));
}

static int
read_outside(void)
{
	return result(open(out_file, O_RDONLY));
}

static int
make_inside(void)
{
	int fd = open(new_file, O_RDWR | O_CREAT | O_TRUNC, 0600);

	return result(fd);
}

static int
keep_inside(void)
{
	struct flock lock = { .l_type = F_WRLCK };
	char second[96];
	int fd = open(new_file, O_RDWR | O_CREAT | O_TRUNC, 0600);

	snprintf(second, sizeof second, "%s2", new_file);
	if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0 ||
	    pwrite(fd, "text", 4, 0) != 4 || fsync(fd) != 0 ||
	    ftruncate(fd, 2) != 0 || fdatasync(fd) != 0 || close(fd) != 0)
		return errno;
	if (rename(new_file, second) != 0)
		return errno;
	return result(unlink(second));
}

static int
make_outside(void)
{
	char path[96];

	snprintf(path, sizeof path, "%s2", out_file);
	if (open(path, O_RDWR | O_CREAT, 0600) < 0)
		return errno;
	return result(unlink(path));
}

static int
make_code(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? errno : 0;
}

static int
make_code_of_a_file(void)
{
	int fd = open(in_file, O_RDONLY);
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE, fd, 0);

	return at == MAP_FAILED ? errno : 0;
}

static int slave = -1, inherited = -1;

static int
set_terminal(void)
{
	struct termios t;

	if (tcgetattr(slave, &t) != 0)
		return errno;
	return result(tcsetattr(slave, TCSADRAIN, &t));
}

static int
use_memory_and_time(void)
{
	struct timespec t;
	struct pollfd none = { .fd = -1 };
	char *big = malloc(8 << 20);

	if (big == NULL)
		return ENOMEM;
	memset(big, 1, 8 << 20);
	big = realloc(big, 16 << 20);
	free(big);
	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return errno;
	return result(poll(&none, 1, 1));
}

static int
write_inherited(void)
{
	signal(SIGXFSZ, SIG_IGN);
	return result(pwrite(inherited, "t", 1, 0));
}

static int
get_socket(void)
{
	return result(syscall(SYS_socket, 2, 1, 0));
}

static int
raise_limit(void)
{
	struct rlimit now;

	if (getrlimit(RLIMIT_NOFILE, &now) != 0)
		return errno;
	now.rlim_cur = now.rlim_max = now.rlim_max + 1;
	return result(setrlimit(RLIMIT_NOFILE, &now));
}

static void
each_room_can_do_its_work(void **state)
{
	int master;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	for (enum room r = 0; r < ROOMS; r++)
		assert_int_equal(walled(r, WHOLE, use_memory_and_time), 0);
	assert_int_equal(walled(ROOM_DESK, WHOLE, set_terminal), 0);
	assert_int_equal(walled(ROOM_READING, WHOLE, read_inside), 0);
	assert_int_equal(walled(ROOM_WORKER, WHOLE, read_inside), 0);
	assert_int_equal(walled(ROOM_NOTES, WHOLE, keep_inside), 0);
	assert_int_equal(walled(ROOM_SEARCH, WHOLE, make_code), 0);
	close(master);
	close(slave);
}

static void
no_room_can_do_the_work_of_another(void **state)
{
	int master;

	(void)state;
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	for (enum room r = 0; r < ROOMS; r++) {
		bool reads = r == ROOM_READING || r == ROOM_WORKER;

		if (r != ROOM_DESK)
			assert_int_not_equal(walled(r, WHOLE, set_terminal), 0);
		if (!reads && r != ROOM_NOTES)
			assert_int_equal(walled(r, WHOLE, read_inside), EACCES);
		if (r != ROOM_NOTES)
			assert_int_not_equal(walled(r, WHOLE, make_inside), 0);
		if (r != ROOM_SEARCH)
			assert_int_equal(walled(r, WHOLE, make_code), KILLED);
		assert_int_not_equal(walled(r, WHOLE, make_code_of_a_file), 0);
		assert_int_not_equal(walled(r, WHOLE, read_outside), 0);
		assert_int_not_equal(walled(r, WHOLE, make_outside), 0);
		assert_int_equal(walled(r, WHOLE, get_socket), KILLED);
	}
	close(master);
	close(slave);
}

/* Without this the tests above could not fail. */
static void
without_walls_all_of_it_works(void **state)
{
	int (*const all[])(void) = { read_inside, read_outside, make_inside,
		make_outside, keep_inside, make_code, make_code_of_a_file,
		use_memory_and_time, write_inherited, get_socket };

	(void)state;
	inherited = open(in_file, O_RDWR);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		assert_int_equal(walled(ROOM_CHECK, NONE, all[i]), 0);
	close(inherited);
}

static void
the_limits_hold_alone(void **state)
{
	(void)state;
	inherited = open(in_file, O_RDWR);
	assert_int_equal(walled(ROOM_READING, LIMITS, write_inherited), EFBIG);
	assert_int_equal(walled(ROOM_NOTES, LIMITS, write_inherited), 0);
	assert_int_equal(walled(ROOM_READING, LIMITS, raise_limit), EPERM);
	close(inherited);
}

static void
landlock_holds_without_the_filter(void **state)
{
	struct sandbox_walls w;

	(void)state;
	assert_int_equal(sandbox_prepare(&w, ROOM_READING,
			     &(struct sandbox_paths){ 0 }),
	    ERR_NONE);
	if (w.abi == 0)
		skip_because("this kernel has no Landlock");
	sandbox_release(&w);
	assert_int_equal(walled(ROOM_READING, LIMITS | LANDLOCK, read_inside),
	    0);
	assert_int_equal(walled(ROOM_READING, LIMITS | LANDLOCK, read_outside),
	    EACCES);
	assert_int_equal(walled(ROOM_READING, LIMITS | LANDLOCK, make_inside),
	    EACCES);
	assert_int_equal(walled(ROOM_NOTES, LIMITS | LANDLOCK, keep_inside), 0);
	assert_int_equal(walled(ROOM_NOTES, LIMITS | LANDLOCK, make_outside),
	    EACCES);
}

static void
the_filter_holds_without_landlock(void **state)
{
	(void)state;
	assert_int_equal(walled(ROOM_READING, SECCOMP, make_inside), KILLED);
	assert_int_equal(walled(ROOM_CHECK, SECCOMP, read_outside), EACCES);
	assert_int_equal(walled(ROOM_CHECK, SECCOMP, make_inside), EACCES);
	assert_int_equal(walled(ROOM_READING, SECCOMP, read_inside), 0);
}

static void
landlock_asks_a_kernel_only_for_what_it_knows(void **state)
{
	static const uint64_t want[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff,
		0xffff, 0xffff, 0xffff };

	(void)state;
	for (int abi = 0; abi <= SANDBOX_ABI_MAX; abi++) {
		assert_int_equal(sandbox_landlock_fs(abi), want[abi]);
		assert_int_equal(sandbox_landlock_net(abi), abi >= 4 ? 3 : 0);
		assert_int_equal(sandbox_landlock_scope(abi), abi >= 6 ? 3 : 0);
	}
}

static void
a_path_that_is_not_there_refuses_the_walls(void **state)
{
	struct sandbox_paths paths = { .read = { STR("/nonexistent/x") } };
	struct sandbox_walls w;

	(void)state;
	err_clear();
	assert_int_not_equal(sandbox_prepare(&w, ROOM_READING, &paths),
	    ERR_NONE);
	assert_non_null(strstr(err_text(), "/nonexistent/x"));
	err_clear();
}

static void
entering_reports_what_holds(void **state)
{
	struct sandbox_layers none = sandbox_report();
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct sandbox_layers l;

		if (sandbox_enter(ROOM_CHECK, &(struct sandbox_paths){ 0 }) !=
		    ERR_NONE)
			_exit(1);
		l = sandbox_report();
		_exit(l.limits && l.seccomp && l.landlock >= 0 ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_false(none.limits || none.seccomp);
}

/*
 * The list a second time, by hand: a call is added to the filter only when
 * it is added here, too.  Every number the kernel may know is tried, with
 * arguments that are all ones, so calls that are allowed for certain
 * arguments only are not here.
 */
static const short all_rooms[] = { SYS_read, SYS_write, SYS_readv, SYS_writev,
	SYS_pread64, SYS_close, SYS_lseek, SYS_recvfrom, SYS_recvmsg, SYS_poll,
	SYS_ppoll, SYS_fstat, SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise,
	SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack,
	SYS_restart_syscall, SYS_clock_gettime, SYS_clock_getres,
	SYS_gettimeofday, SYS_time, SYS_clock_nanosleep, SYS_nanosleep,
	SYS_getrandom, SYS_futex, SYS_sched_yield, SYS_sched_getaffinity,
	SYS_exit, SYS_exit_group, SYS_getpid, SYS_gettid, SYS_getppid,
	SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_uname,
	SYS_sysinfo, SYS_getrusage, SYS_clone3, -1 };
static const short loop_rooms[] = { SYS_signalfd4, SYS_select, SYS_pselect6,
	-1 };
static const short alarm_rooms[] = { SYS_setitimer, -1 };
static const short naming_rooms[] = { SYS_stat, SYS_lstat, SYS_statx,
	SYS_access, SYS_faccessat, SYS_faccessat2, SYS_readlink, SYS_readlinkat,
	SYS_getdents64, SYS_getcwd, SYS_fadvise64, SYS_newfstatat, -1 };
static const short refused_rooms[] = { SYS_open, SYS_openat, SYS_stat,
	SYS_lstat, SYS_access, SYS_readlink, -1 };
static const short notes_room[] = { SYS_open, SYS_openat, SYS_pwrite64,
	SYS_ftruncate, SYS_fsync, SYS_fdatasync, SYS_unlink, SYS_unlinkat,
	SYS_rename, SYS_renameat, SYS_linkat, SYS_mkdir, SYS_mkdirat, SYS_flock,
	SYS_umask, SYS_mlock, SYS_munlock, SYS_fchown, SYS_fchmod,
	SYS_fallocate, -1 };

static bool
listed(const short *list, int nr)
{
	while (*list >= 0 && *list != nr)
		list++;
	return *list >= 0;
}

static bool
wanted(enum room r, int nr)
{
	bool names = r == ROOM_READING || r == ROOM_WORKER || r == ROOM_NOTES;
	bool loops = r == ROOM_DESK || r == ROOM_READING || r == ROOM_NOTES;
	bool alarms = r == ROOM_SEARCH || r == ROOM_WORKER;

	return listed(all_rooms, nr) || (loops && listed(loop_rooms, nr)) ||
	    (alarms && listed(alarm_rooms, nr)) ||
	    listed(names ? naming_rooms : refused_rooms, nr) ||
	    (r == ROOM_NOTES && listed(notes_room, nr));
}

static bool
is_killed_with(const struct sandbox_walls *w, int nr, const long arg[6])
{
	const struct rlimit none = { 0, 0 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		if (sandbox_seccomp_apply(w) != ERR_NONE)
			_exit(NO_WALLS);
		syscall(nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == NO_WALLS);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static bool
is_killed(const struct sandbox_walls *w, int nr)
{
	const long ones[6] = { -1, -1, -1, -1, -1, -1 };

	return is_killed_with(w, nr, ones);
}

/* The kernel's own trampolines for uprobes: newer kernels answer them before
 * any filter, with ENXIO or SIGILL for whoever is no trampoline. */
static bool
is_trampoline(int nr)
{
	return nr == 335 || nr == 336;
}

static void
every_call_that_is_not_listed_kills(void **state)
{
	(void)state;
#ifdef SANITIZED
	skip_because("a sanitizer needs more calls");
#endif
	for (enum room r = 0; r < ROOMS; r++) {
		struct sandbox_walls w;
		char text[512] = "";
		size_t wrong = 0;

		assert_int_equal(sandbox_prepare(&w, r,
				     &(struct sandbox_paths){ 0 }),
		    ERR_NONE);
		for (int nr = 0; nr <= 600; nr++)
			if (!is_trampoline(nr) &&
			    is_killed(&w, nr) == wanted(r, nr) &&
			    wrong < sizeof text - 32)
				wrong += (size_t)snprintf(text + wrong,
				    sizeof text - wrong, "%s:%d ", room_name(r),
				    nr);
		assert_string_equal(text, "");
		assert_true(is_killed(&w, 0x40000000 | SYS_getpid));
		sandbox_release(&w);
	}
}

/* On a descriptor that is none: the filter looks at numbers only. */
static void
every_terminal_call_but_those_of_curses_kills(void **state)
{
	static const long desk[] = { TCGETS, TCSETS, TCSETSW, TCSETSF,
		TIOCGWINSZ, TCFLSH };

	(void)state;
	for (enum room r = 0; r < ROOMS; r++) {
		struct sandbox_walls w;

		assert_int_equal(sandbox_prepare(&w, r,
				     &(struct sandbox_paths){ 0 }),
		    ERR_NONE);
		for (long nr = 0x5400; nr <= 0x54ff; nr++) {
			bool known = r != ROOM_DESK && nr == TCGETS;

			for (size_t i = 0; i < 6 && r == ROOM_DESK; i++)
				known = known || desk[i] == nr;
			assert_int_equal(is_killed_with(&w, SYS_ioctl,
					     (long[6]){ -1, nr, 0 }),
			    !known);
			/* a bit that the kernel cuts off */
			if (known || nr == TIOCSTI)
				assert_true(is_killed_with(&w, SYS_ioctl,
				    (long[6]){ -1, nr | 1L << 32, 0 }));
		}
		sandbox_release(&w);
	}
}

static void
every_descriptor_command_but_a_few_kills(void **state)
{
	static const long few[] = { F_GETFD, F_SETFD, F_GETFL, F_SETFL,
		F_DUPFD_CLOEXEC };
	static const long locks[] = { F_GETLK, F_SETLK, F_SETLKW };

	(void)state;
	for (enum room r = 0; r < ROOMS; r++) {
		struct sandbox_walls w;

		assert_int_equal(sandbox_prepare(&w, r,
				     &(struct sandbox_paths){ 0 }),
		    ERR_NONE);
		for (long cmd = 0; cmd <= 1100;
		     cmd = cmd == 64 ? 1000 : cmd + 1) {
			bool known = false;

			for (size_t i = 0; i < 5; i++)
				known = known || few[i] == cmd;
			for (size_t i = 0; i < 3 && r == ROOM_NOTES; i++)
				known = known || locks[i] == cmd;
			assert_int_equal(is_killed_with(&w, SYS_fcntl,
					     (long[6]){ -1, cmd, 0 }),
			    !known);
		}
		assert_true(is_killed_with(&w, SYS_fcntl,
		    (long[6]){ -1, F_SETFL, O_ASYNC }));
		sandbox_release(&w);
	}
}

static void
a_reader_opens_for_reading_only(void **state)
{
	static const int writes[] = { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC,
		O_APPEND, O_TMPFILE, O_ACCMODE };
	static const enum room readers[] = { ROOM_READING, ROOM_WORKER };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct sandbox_walls w;

		assert_int_equal(sandbox_prepare(&w, readers[k],
				     &(struct sandbox_paths){ 0 }),
		    ERR_NONE);
		assert_false(is_killed_with(&w, SYS_openat,
		    (long[6]){ -1, 0, O_RDONLY | O_DIRECTORY | O_CLOEXEC }));
		for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++) {
			assert_true(is_killed_with(&w, SYS_openat,
			    (long[6]){ -1, 0, writes[i] }));
			assert_true(is_killed_with(&w, SYS_open,
			    (long[6]){ 0, writes[i] }));
		}
		sandbox_release(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_walls_all_of_it_works),
		cmocka_unit_test(each_room_can_do_its_work),
		cmocka_unit_test(no_room_can_do_the_work_of_another),
		cmocka_unit_test(the_limits_hold_alone),
		cmocka_unit_test(landlock_holds_without_the_filter),
		cmocka_unit_test(the_filter_holds_without_landlock),
		cmocka_unit_test(landlock_asks_a_kernel_only_for_what_it_knows),
		cmocka_unit_test(a_path_that_is_not_there_refuses_the_walls),
		cmocka_unit_test(entering_reports_what_holds),
		cmocka_unit_test(every_call_that_is_not_listed_kills),
		cmocka_unit_test(every_terminal_call_but_those_of_curses_kills),
		cmocka_unit_test(every_descriptor_command_but_a_few_kills),
		cmocka_unit_test(a_reader_opens_for_reading_only),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
