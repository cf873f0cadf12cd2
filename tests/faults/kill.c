/*
 * kill.c - ends a program by SIGKILL at a chosen call that changes a disk.
 *
 * Preloaded (LD_PRELOAD) before the program KILL_PROGRAM: with KILL_AT=N its
 * Nth such call is the last thing it does; one that writes gets half of its
 * bytes out.  With KILL_COUNT=FILE the number of calls of a whole run is
 * written there when it ends.  So a test can kill at every moment there is,
 * on a machine of any speed.
 *
 * Processes that it forks count with it, and what ends one of them ends the
 * first one, too, before: as when somebody kills the program.  With
 * KILL_PART=1 only the one that was counting ends.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long *calls, kill_at; /* calls: of all processes */
static const char *count_to;
static int counts; /* 0: not known yet, -1: another program */
static int part_only;
static pid_t first;

static void
begin(void)
{
	const char *program = getenv("KILL_PROGRAM"), *at = getenv("KILL_AT");

	counts = -1;
	if (program == NULL ||
	    strcmp(program, program_invocation_short_name) != 0)
		return;
	calls = (unsigned long *)syscall(SYS_mmap, NULL, sizeof *calls,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (calls == MAP_FAILED)
		return;
	counts = 1;
	first = getpid();
	part_only = getenv("KILL_PART") != NULL;
	kill_at = at == NULL ? 0 : strtoul(at, NULL, 10);
	count_to = getenv("KILL_COUNT");
}

/* true: this is the one. */
static int
is_last(void)
{
	if (counts == 0)
		begin();
	return counts == 1 &&
	    __atomic_add_fetch(calls, 1, __ATOMIC_SEQ_CST) == kill_at;
}

static void
end(void)
{
	if (!part_only)
		syscall(SYS_kill, first, SIGKILL);
	syscall(SYS_kill, getpid(), SIGKILL);
}

__attribute__((destructor)) static void
tell(void)
{
	char text[32];
	int n, fd;

	if (counts != 1 || count_to == NULL)
		return;
	n = snprintf(text, sizeof text, "%lu\n", *calls);
	fd = (int)syscall(SYS_openat, AT_FDCWD, count_to,
	    O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd >= 0)
		(void)!syscall(SYS_write, fd, text, (size_t)n);
}

/* Pipes, sockets, standard output and error are of no interest. */
static int
is_file(int fd)
{
	struct stat s;

	return fd > 2 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	if (is_file(fd) && is_last()) {
		(void)!syscall(SYS_write, fd, bytes, n / 2);
		end();
	}
	return syscall(SYS_write, fd, bytes, n);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	if (is_last()) {
		(void)!syscall(SYS_pwrite64, fd, bytes, n / 2, at);
		end();
	}
	return syscall(SYS_pwrite64, fd, bytes, n, at);
}

/* A pack is written through a mapping. */
void *
mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
	void *(*real)(void *, size_t, int, int, int, off_t);
	void *symbol = dlsym(RTLD_NEXT, "mmap");

	memcpy(&real, &symbol, sizeof real);
	if ((prot & PROT_WRITE) != 0 && (flags & MAP_SHARED) != 0 && fd >= 0 &&
	    is_last())
		end();
	return real(at, n, prot, flags, fd, offset);
}

#define POINT(result, name, parameters, ...)                     \
	result name parameters                                   \
	{                                                        \
		if (is_last())                                   \
			end();                                   \
		return (result)syscall(SYS_##name, __VA_ARGS__); \
	}

POINT(int, rename, (const char *from, const char *to), from, to)
POINT(int, renameat, (int d, const char *from, int e, const char *to), d, from,
    e, to)
POINT(int, link, (const char *from, const char *to), from, to)
POINT(int, linkat, (int d, const char *from, int e, const char *to, int flags),
    d, from, e, to, flags)
POINT(int, unlink, (const char *name), name)
POINT(int, unlinkat, (int d, const char *name, int flags), d, name, flags)
POINT(int, mkdir, (const char *name, mode_t mode), name, mode)
POINT(int, mkdirat, (int d, const char *name, mode_t mode), d, name, mode)
POINT(int, fsync, (int fd), fd)
POINT(int, ftruncate, (int fd, off_t n), fd, n)
