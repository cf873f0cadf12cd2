/*
 * The third layer, and the one that carries the promise: which system calls
 * a room may make, with which arguments.  Whatever is not listed kills the
 * process.  The few calls that libraries make out of habit and can do
 * without are refused with an error instead (rows with an error number).
 *
 * Rules compare all 64 bits of an argument, so that a value with high bits
 * set, which the kernel would cut off, is never taken for the allowed one.
 */
#include "policy/sandbox_layer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROOM(r) (1u << ROOM_##r)

enum {
	ALL = (1u << ROOMS) - 1,
	LOOKS = ROOM(READING) | ROOM(WORKER), /* open for reading */
	KEEPS = ROOM(NOTES),                  /* opens for writing */
	OPENS = LOOKS | KEEPS,
	NOTHING = ALL & ~OPENS,
	LOOPS = ROOM(DESK) | ROOM(READING) | ROOM(NOTES),
	ALARMS = ROOM(SEARCH) | ROOM(WORKER),
};

struct rule {
	int nr;
	unsigned rooms;
	int error; /* 0: allowed */
	unsigned n;
	struct scmp_arg_cmp arg[3];
};

#define PLAIN(name)                                \
	{                                          \
		.nr = SCMP_SYS(name), .rooms = ALL \
	}
#define FOR(set, name)                               \
	{                                            \
		.nr = SCMP_SYS(name), .rooms = (set) \
	}
#define REFUSED(set, name, e)                                      \
	{                                                          \
		.nr = SCMP_SYS(name), .rooms = (set), .error = (e) \
	}

#define ONLY(set, name, nth, value)                           \
	{                                                     \
		.nr = SCMP_SYS(name), .rooms = (set), .n = 1, \
		.arg = { { (nth), SCMP_CMP_EQ, (value), 0 } } \
	}

#define OPEN_WRITES \
	(O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY))
#define MAP_KIND 0x0f

static const struct rule rules[] = {
	/* the ports, the loop, what is open already */
	PLAIN(read),
	PLAIN(write),
	PLAIN(readv),
	PLAIN(writev),
	PLAIN(pread64),
	PLAIN(close),
	PLAIN(lseek),
	PLAIN(recvfrom),
	PLAIN(recvmsg),
	PLAIN(poll),
	PLAIN(ppoll),
	PLAIN(fstat),
	/* memory that stays what it is */
	PLAIN(munmap),
	PLAIN(mremap),
	PLAIN(brk),
	PLAIN(madvise),
	/* signals and time */
	PLAIN(rt_sigaction),
	PLAIN(rt_sigprocmask),
	PLAIN(rt_sigreturn),
	PLAIN(sigaltstack),
	PLAIN(restart_syscall),
	PLAIN(clock_gettime),
	PLAIN(clock_getres),
	PLAIN(gettimeofday),
	PLAIN(time),
	PLAIN(clock_nanosleep),
	PLAIN(nanosleep),
	PLAIN(getrandom),
	PLAIN(futex),
	PLAIN(sched_yield),
	PLAIN(sched_getaffinity),
	PLAIN(exit),
	PLAIN(exit_group),
	/* who am I */
	PLAIN(getpid),
	PLAIN(gettid),
	PLAIN(getppid),
	PLAIN(getuid),
	PLAIN(geteuid),
	PLAIN(getgid),
	PLAIN(getegid),
	PLAIN(uname),
	PLAIN(sysinfo),
	PLAIN(getrusage),
	FOR(LOOPS, signalfd4),
	FOR(LOOPS, select),
	FOR(LOOPS, pselect6),
	FOR(ALARMS, setitimer),
	/* looking at files by name */
	FOR(OPENS, stat),
	FOR(OPENS, lstat),
	FOR(OPENS, statx),
	FOR(OPENS, access),
	FOR(OPENS, faccessat),
	FOR(OPENS, faccessat2),
	FOR(OPENS, readlink),
	FOR(OPENS, readlinkat),
	FOR(OPENS, getdents64),
	FOR(OPENS, getcwd),
	FOR(OPENS, fadvise64),
	FOR(OPENS, newfstatat),
	REFUSED(NOTHING, open, EACCES),
	REFUSED(NOTHING, openat, EACCES),
	REFUSED(NOTHING, stat, EACCES),
	REFUSED(NOTHING, lstat, EACCES),
	REFUSED(NOTHING, access, EACCES),
	REFUSED(NOTHING, readlink, EACCES),
	/* SQLite and core/io.c; Landlock says where */
	FOR(KEEPS, open),
	FOR(KEEPS, openat),
	FOR(KEEPS, pwrite64),
	FOR(KEEPS, ftruncate),
	FOR(KEEPS, fsync),
	FOR(KEEPS, fdatasync),
	FOR(KEEPS, unlink),
	FOR(KEEPS, unlinkat),
	FOR(KEEPS, rename),
	FOR(KEEPS, renameat),
	FOR(KEEPS, linkat),
	FOR(KEEPS, mkdir),
	FOR(KEEPS, mkdirat),
	FOR(KEEPS, flock),
	FOR(KEEPS, umask),
	FOR(KEEPS, mlock),
	FOR(KEEPS, munlock),
	/* SQLite does without: it only wants the journal's owner and mode to
	 * be those of the database, which they are */
	REFUSED(KEEPS, fchown, EPERM),
	REFUSED(KEEPS, fchmod, EPERM),
	REFUSED(KEEPS, fallocate, EOPNOTSUPP),
	/* glibc falls back; its flags are where no filter sees them */
	REFUSED(ALL, clone3, ENOSYS),
};

/* Rules about arguments: several rows of one call are alternatives. */
static const struct rule rules_exact[] = {
	{ SCMP_SYS(open), LOOKS, 0, 1,
	    { { 1, SCMP_CMP_MASKED_EQ, OPEN_WRITES, O_RDONLY } } },
	{ SCMP_SYS(openat), LOOKS, 0, 1,
	    { { 2, SCMP_CMP_MASKED_EQ, OPEN_WRITES, O_RDONLY } } },
	/* fstat() of glibc */
	ONLY(NOTHING, newfstatat, 3, AT_EMPTY_PATH),
	{ SCMP_SYS(newfstatat), NOTHING, EACCES, 1,
	    { { 3, SCMP_CMP_EQ, 0, 0 } } },
	/* nothing executable; shared only to look at */
	{ SCMP_SYS(mmap), ALL, 0, 2,
	    { { 2, SCMP_CMP_MASKED_EQ, ~(scmp_datum_t)(PROT_READ | PROT_WRITE),
		  0 },
		{ 3, SCMP_CMP_MASKED_EQ, MAP_KIND, MAP_PRIVATE } } },
	{ SCMP_SYS(mmap), ALL, 0, 2,
	    { { 2, SCMP_CMP_EQ, PROT_READ, 0 },
		{ 3, SCMP_CMP_MASKED_EQ, MAP_KIND, MAP_SHARED } } },
	{ SCMP_SYS(mprotect), ALL, 0, 1,
	    { { 2, SCMP_CMP_MASKED_EQ, ~(scmp_datum_t)(PROT_READ | PROT_WRITE),
		0 } } },
	/* the code that PCRE2 makes: anonymous, never from a file */
	{ SCMP_SYS(mmap), ROOM(SEARCH), 0, 3,
	    { { 2, SCMP_CMP_EQ, PROT_READ | PROT_WRITE | PROT_EXEC, 0 },
		{ 3, SCMP_CMP_EQ, MAP_PRIVATE | MAP_ANONYMOUS, 0 },
		{ 4, SCMP_CMP_MASKED_EQ, 0xffffffff, 0xffffffff } } },
	/* the connected ends only */
	ONLY(ALL, sendto, 4, 0),
	ONLY(ALL, fcntl, 1, F_GETFD),
	ONLY(ALL, fcntl, 1, F_SETFD),
	ONLY(ALL, fcntl, 1, F_GETFL),
	{ SCMP_SYS(fcntl), ALL, 0, 2,
	    { { 1, SCMP_CMP_EQ, F_SETFL, 0 },
		{ 2, SCMP_CMP_MASKED_EQ, ~(scmp_datum_t)(O_RDWR | O_NONBLOCK),
		    0 } } },
	ONLY(ALL, fcntl, 1, F_DUPFD_CLOEXEC),
	ONLY(KEEPS, fcntl, 1, F_GETLK),
	ONLY(KEEPS, fcntl, 1, F_SETLK),
	ONLY(KEEPS, fcntl, 1, F_SETLKW),
	/* the terminal, as curses sets it; elsewhere "is this one?" is no */
	ONLY(ROOM(DESK), ioctl, 1, TCGETS),
	ONLY(ROOM(DESK), ioctl, 1, TCSETS),
	ONLY(ROOM(DESK), ioctl, 1, TCSETSW),
	ONLY(ROOM(DESK), ioctl, 1, TCSETSF),
	ONLY(ROOM(DESK), ioctl, 1, TIOCGWINSZ),
	ONLY(ROOM(DESK), ioctl, 1, TCFLSH),
	{ SCMP_SYS(ioctl), ALL & ~ROOM(DESK), ENOTTY, 1,
	    { { 1, SCMP_CMP_EQ, TCGETS, 0 } } },
	/* own limits, to look at */
	{ SCMP_SYS(prlimit64), ALL, 0, 2,
	    { { 0, SCMP_CMP_EQ, 0, 0 }, { 2, SCMP_CMP_EQ, 0, 0 } } },
};

#ifdef SANITIZED
/* What the sanitizers' runtime does when it starts late or reports. */
static const struct rule rules_sanitizer[] = {
	PLAIN(readlink),
	PLAIN(getcwd),
	PLAIN(prctl),
	PLAIN(arch_prctl),
	PLAIN(getdents64),
	PLAIN(set_robust_list),
	PLAIN(rseq),
	PLAIN(mincore),
};
#endif

static enum err
refuse(int rc, const char *step)
{
	return fail(ERR_DENIED, "seccomp, %s: %s", step, strerror(-rc));
}

static enum err
add(scmp_filter_ctx ctx, enum room r, const struct rule *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t act = SCMP_ACT_ALLOW;
		int rc;

		if ((at[i].rooms & 1u << r) == 0)
			continue;
		if (at[i].error != 0)
			act = SCMP_ACT_ERRNO((uint32_t)at[i].error);
		rc = seccomp_rule_add_exact_array(ctx, act, at[i].nr, at[i].n,
		    at[i].arg);
		if (rc != 0)
			return refuse(rc, "a rule");
	}
	return ERR_NONE;
}

/* abort() sends itself a signal; nobody else gets one. */
static enum err
add_own_signal(scmp_filter_ctx ctx)
{
	const struct rule own = { SCMP_SYS(tgkill), ALL, 0, 1,
		{ { 0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0 } } };

	return add(ctx, ROOM_DESK, &own, 1);
}

static enum err
add_all(scmp_filter_ctx ctx, enum room r)
{
	enum err rc = add(ctx, r, rules, sizeof rules / sizeof rules[0]);

	if (rc == ERR_NONE)
		rc = add(ctx, r, rules_exact,
		    sizeof rules_exact / sizeof rules_exact[0]);
#ifdef SANITIZED
	if (rc == ERR_NONE)
		rc = add(ctx, r, rules_sanitizer,
		    sizeof rules_sanitizer / sizeof rules_sanitizer[0]);
#endif
	if (rc == ERR_NONE)
		rc = add_own_signal(ctx);
	return rc;
}

/* libseccomp writes a program to a descriptor only. */
static enum err
export_program(scmp_filter_ctx ctx, struct buf *out)
{
	int fd = memfd_create("filter", MFD_CLOEXEC), rc;
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return refuse(-errno, "room for the filter");
	rc = seccomp_export_bpf(ctx, fd);
	if (rc == 0 && fstat(fd, &st) == 0 && st.st_size > 0) {
		n = pread(fd, buf_grow(out, (size_t)st.st_size),
		    (size_t)st.st_size, 0);
		if (n == st.st_size)
			out->len = (size_t)n;
	}
	close(fd);
	return out->len > 0 ? ERR_NONE : refuse(rc, "export");
}

enum err
sandbox_seccomp_build(struct sandbox_walls *w)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	enum err rc = ERR_NONE;
	int bad;

	if (ctx == NULL)
		return fail(ERR_DENIED, "seccomp cannot be had");
	bad = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_KILL_PROCESS);
	if (bad == 0) /* a binary tree: searching asks for a lot of memory */
		bad = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (bad != 0)
		rc = refuse(bad, "set-up");
	if (rc == ERR_NONE)
		rc = add_all(ctx, w->room);
	if (rc == ERR_NONE)
		rc = export_program(ctx, &w->bpf);
	seccomp_release(ctx);
	return rc;
}

enum err
sandbox_seccomp_apply(const struct sandbox_walls *w)
{
	struct sock_fprog prog = { 0 };
	size_t n = w->bpf.len / sizeof(struct sock_filter);

	if (n == 0 || n > BPF_MAXINSNS)
		return fail(ERR_DENIED, "seccomp: a filter of %zu steps", n);
	prog.len = (unsigned short)n;
	prog.filter = (struct sock_filter *)(void *)w->bpf.at;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		SECCOMP_FILTER_FLAG_TSYNC, &prog) != 0)
		return fail(ERR_DENIED, "seccomp: %s", strerror(errno));
	return ERR_NONE;
}
