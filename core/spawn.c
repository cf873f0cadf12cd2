#include "core/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/limits.h"

enum {
	SPAWN_FD_MAX = 255, /* highest target */
	SPAWN_FDS = 64,     /* descriptors one program may be given */
};

/* What stopped the child before the program ran. */
struct spawn_failure {
	int error;
	char step[32];
};

enum err
spawn_pair(int pair[2])
{
	int fds[2], size = 4 * LIMIT_MESSAGE;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
		return fail(ERR_IO, "socket pair: %s", strerror(errno));
	/* A few whole messages; a refusal only makes it slower. */
	for (int i = 0; i < 2; i++)
		(void)setsockopt(fds[i], SOL_SOCKET, SO_SNDBUF, &size,
		    sizeof size);
	pair[0] = fds[0];
	pair[1] = fds[1];
	return ERR_NONE;
}

enum err
spawn_pipe(int pair[2])
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	pair[0] = fds[0];
	pair[1] = fds[1];
	return ERR_NONE;
}

/* Between fork and exec: system calls only, and no way back but _exit(). */

static bool
fresh_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL); /* some cannot be changed: fine */
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

static bool
is_target(const struct spawn *s, int fd)
{
	for (size_t i = 0; i < s->n_fds; i++)
		if (s->fds[i].to == fd)
			return true;
	return false;
}

/*
 * First all sources above every target, then each into its place: a source
 * may be the target of another.  *report is moved up too.
 */
static bool
place_descriptors(const struct spawn *s, bool keep_std, int *report)
{
	int up[SPAWN_FDS], high = 2, last;

	for (size_t i = 0; i < s->n_fds; i++) {
		up[i] = fcntl(s->fds[i].from, F_DUPFD, SPAWN_FD_MAX + 1);
		if (up[i] < 0)
			return false;
		if (s->fds[i].to > high)
			high = s->fds[i].to;
	}
	last = fcntl(*report, F_DUPFD_CLOEXEC, SPAWN_FD_MAX + 1);
	if (last < 0)
		return false;
	*report = last;
	for (size_t i = 0; i < s->n_fds; i++)
		if (dup2(up[i], s->fds[i].to) < 0)
			return false;
	for (int fd = 0; fd <= high; fd++)
		if (!is_target(s, fd) && !(fd <= 2 && keep_std))
			close(fd);
	for (int fd = 0; fd <= 2; fd++)
		if (!is_target(s, fd) && !keep_std &&
		    open("/dev/null", O_RDWR | O_NOCTTY) != fd)
			return false;
	if (high + 1 < last &&
	    close_range((unsigned)high + 1, (unsigned)last - 1, 0) != 0)
		return false;
	return close_range((unsigned)last + 1, ~0U, 0) == 0;
}

/*
 * A change from one plain user to another takes no capability away: ambient
 * ones would outlive exec, which drops all others.
 */
static bool
become(const struct spawn *s)
{
	const struct spawn_user *u = s->user;

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return false;
	return u == NULL ||
	    (setgroups(0, NULL) == 0 &&
		setresgid(u->gid, u->gid, u->gid) == 0 &&
		setresuid(u->uid, u->uid, u->uid) == 0);
}

/* After become(): the kernel forgets it when the user changes. */
static bool
bind_to_parent(const struct spawn *s, pid_t parent)
{
	if (s->orphan)
		return true;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		return false;
	errno = ESRCH; /* it ended before we asked */
	return getppid() == parent;
}

static const char *
run(const struct spawn *s, bool keep_std, int *report)
{
	static char *const empty[] = { NULL };
	const struct rlimit none = { 0, 0 };
	const struct rlimit memory = { s->memory, s->memory };

	if (!fresh_signals())
		return "signals";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return "no new privileges";
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return "core limit";
	if (s->memory != 0 && setrlimit(RLIMIT_AS, &memory) != 0)
		return "memory limit";
	if (!place_descriptors(s, keep_std, report))
		return "descriptors";
	execve(s->path, s->argv, s->env != NULL ? s->env : empty);
	return "start";
}

static _Noreturn void
child(const struct spawn *s, pid_t parent, int report)
{
	struct spawn_failure f = { 0 };
	const char *step = "parent";

	if (s->session && setsid() < 0)
		step = "session";
	else if (!become(s))
		step = "user";
	else if (bind_to_parent(s, parent))
		step = run(s, false, &report);
	f.error = errno;
	for (size_t i = 0; step[i] != '\0' && i + 1 < sizeof f.step; i++)
		f.step[i] = step[i];
	(void)!write(report, &f, sizeof f);
	_exit(127);
}

static void
check(const struct spawn *s)
{
	if (s->path == NULL || s->path[0] != '/' || s->argv == NULL)
		bug("a program to start without an absolute path");
	if (s->n_fds > SPAWN_FDS)
		bug("%zu descriptors for a program", s->n_fds);
	for (size_t i = 0; i < s->n_fds; i++)
		if (s->fds[i].to < 0 || s->fds[i].to > SPAWN_FD_MAX)
			bug("descriptor %d for a program", s->fds[i].to);
}

enum err
spawn_start(pid_t *pid, const struct spawn *s)
{
	struct spawn_failure f;
	struct spawn_end ended;
	pid_t parent = getpid(), made;
	int report[2];
	ssize_t n;

	check(s);
	if (pipe2(report, O_CLOEXEC) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	/* The child has our memory until its program runs: nothing is copied
	 * for it.  It calls the system, and returns from nothing. */
	made = vfork();
	if (made == 0)
		child(s, parent, report[1]);
	close(report[1]);
	if (made < 0) {
		close(report[0]);
		return fail(ERR_IO, "cannot start a process: %s",
		    strerror(errno));
	}
	do
		n = read(report[0], &f, sizeof f);
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (n == 0) {
		*pid = made;
		return ERR_NONE;
	}
	spawn_wait(&ended, made);
	if (n != sizeof f)
		return fail(ERR_IO, "%s: did not start", s->path);
	return fail(ERR_IO, "%s: %s: %s", s->path, f.step, strerror(f.error));
}

enum err
spawn_become(const struct spawn *s)
{
	const char *step;
	int report = STDERR_FILENO;

	check(s);
	step = run(s, true, &report);
	return fail(ERR_IO, "%s: %s: %s", s->path, step, strerror(errno));
}

static _Noreturn void
part(pid_t parent, int (*run_part)(void *arg), void *arg)
{
	const struct rlimit none = { 0, 0 };

	if (!fresh_signals() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(127);
	_exit(run_part(arg));
}

enum err
spawn_part(pid_t *pid, int (*run_part)(void *arg), void *arg)
{
	pid_t parent = getpid(), made = fork();

	if (made == 0)
		part(parent, run_part, arg);
	if (made < 0)
		return fail(ERR_IO, "cannot start a process: %s",
		    strerror(errno));
	*pid = made;
	return ERR_NONE;
}

enum err
spawn_share(void **out, size_t bytes)
{
	void *at = mmap(NULL, bytes == 0 ? 1 : bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return fail(ERR_IO, "memory for %zu bytes: %s", bytes,
		    strerror(errno));
	*out = at;
	return ERR_NONE;
}

void
spawn_unshare(void *at, size_t bytes)
{
	if (at != NULL)
		munmap(at, bytes == 0 ? 1 : bytes);
}

static void
note_end(struct spawn_end *out, pid_t pid, int status)
{
	*out = (struct spawn_end){ .pid = pid };
	if (WIFSIGNALED(status))
		out->signal = WTERMSIG(status);
	else
		out->status = WEXITSTATUS(status);
}

bool
spawn_reap(struct spawn_end *out)
{
	int status;
	pid_t pid;

	do
		pid = waitpid(-1, &status, WNOHANG);
	while (pid < 0 && errno == EINTR);
	if (pid <= 0)
		return false;
	note_end(out, pid, status);
	return true;
}

void
spawn_wait(struct spawn_end *out, pid_t pid)
{
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got != pid)
		bug("waiting for a process that is no child");
	note_end(out, pid, status);
}

void
spawn_kill(pid_t pid, int signal)
{
	if (pid < 2)
		bug("signal to process %d", (int)pid);
	kill(pid, signal); /* a child that has ended is waited for later */
}
