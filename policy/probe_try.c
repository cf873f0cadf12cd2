#include "policy/probe_try.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ROOM(r) (1u << ROOM_##r)
#define RESULT(rc) ((rc) < 0 ? errno : 0)
/* A primitive is one expression: below 0 and errno is "stopped". */
#define TRY(name, expression)                              \
	static int try_##name(const struct probe_scene *s) \
	{                                                  \
		(void)s;                                   \
		return RESULT(expression);                 \
	}

/* Writing. */
TRY(create_file, open(s->spare, O_WRONLY | O_CREAT | O_EXCL, 0600))
TRY(truncate_on_open, open(s->file, O_RDONLY | O_TRUNC))
TRY(append_on_open, open(s->file, O_WRONLY | O_APPEND))
TRY(unnamed_file, open(s->folder, O_TMPFILE | O_WRONLY, 0600))
TRY(truncate, truncate(s->file, 4096))
TRY(ftruncate, ftruncate(s->fd, 4096))
TRY(write_descriptor, pwrite(s->fd, "x", 1, 4095))
TRY(fallocate, fallocate(s->fd, 0, 0, 4096))
TRY(copy_range,
    copy_file_range(s->look, &(off_t){ 0 }, s->fd, &(off_t){ 8 }, 8, 0))
TRY(sendfile, sendfile(s->fd, s->look, &(off_t){ 0 }, 8))
TRY(mkdir, mkdir(s->spare, 0700))
TRY(symlink, symlink("/etc", s->spare))
TRY(link, link(s->file, s->spare))
TRY(remove_file, unlink(s->file))
TRY(rename, rename(s->file, s->file))
TRY(chmod, chmod(s->file, 0600))
TRY(chown, chown(s->file, geteuid(), (gid_t)-1))
TRY(utimes, utimensat(AT_FDCWD, s->file, NULL, 0))
TRY(setxattr, setxattr(s->file, "user.vitrine", "x", 1, 0))
TRY(mkfifo, mknod(s->spare, S_IFIFO | 0600, 0))

static int
try_map_shared(const struct probe_scene *s)
{
	char *at =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);

	if (at == MAP_FAILED)
		return errno;
	at[100] = 'x';
	munmap(at, 4096);
	return 0;
}

/* Looking where the room has no business. */
TRY(read_file, open("/etc/passwd", O_RDONLY))
TRY(list_root, open("/", O_RDONLY | O_DIRECTORY))
TRY(own_memory, open("/proc/self/mem", O_RDWR))
TRY(reopen_descriptor, open("/proc/self/fd/0", O_RDWR))
TRY(read_source, open(s->git, O_RDONLY | O_DIRECTORY))
TRY(read_record, open(s->data, O_RDONLY | O_DIRECTORY))

/* Other code. */
static int
try_exec(const struct probe_scene *s)
{
	char name[] = "true";
	char *const argv[] = { name, NULL }, *const env[] = { NULL };

	(void)s;
	execve("/bin/true", argv, env);
	return errno;
}

static int
try_fork(const struct probe_scene *s)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	int status;

	(void)s;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, &status, 0);
	return RESULT(pid);
}

static int
map_code(int prot, int flags, int fd)
{
	void *at = mmap(NULL, 4096, prot, flags, fd, 0);

	if (at == MAP_FAILED)
		return errno;
	munmap(at, 4096);
	return 0;
}

static int
try_wx_memory(const struct probe_scene *s)
{
	(void)s;
	return map_code(PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static int
try_map_program(const struct probe_scene *s)
{
	return map_code(PROT_READ | PROT_EXEC, MAP_PRIVATE, s->look);
}

TRY(make_executable, mprotect(s->page, 4096, PROT_READ | PROT_EXEC))
TRY(personality, personality(READ_IMPLIES_EXEC))
TRY(memfd, (int)syscall(SYS_memfd_create, "x", 0))

/* The network, and whatever looks like one. */
TRY(socket_inet, socket(AF_INET, SOCK_STREAM, 0))
TRY(socket_inet6, socket(AF_INET6, SOCK_DGRAM, 0))
TRY(socket_unix, socket(AF_UNIX, SOCK_STREAM, 0))
TRY(socket_netlink, socket(AF_NETLINK, SOCK_RAW, 0))
TRY(socket_pair, socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 }))

static int
try_send_descriptor(const struct probe_scene *s)
{
	char byte = 'x';
	struct iovec iov = { &byte, 1 };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &s->fd, sizeof(int));
	return RESULT(sendmsg(s->pair[0], &msg, MSG_DONTWAIT));
}

/* The terminal. */
TRY(type_into_terminal, ioctl(s->terminal, TIOCSTI, "x"))
TRY(type_with_high_bits,
    (int)syscall(SYS_ioctl, s->terminal, TIOCSTI | 1UL << 32, "x"))
TRY(resize_terminal,
    ioctl(s->terminal, TIOCSWINSZ,
	&(struct winsize){ .ws_row = 25, .ws_col = 80 }))

/* Neighbours. */
TRY(signal, kill(s->victim, 0))
TRY(trace, (int)ptrace(PTRACE_SEIZE, s->victim, NULL, NULL))
TRY(pidfd, (int)syscall(SYS_pidfd_open, s->victim, 0))
TRY(own_signals, fcntl(s->pair[0], F_SETOWN, s->victim))
TRY(set_priority, setpriority(PRIO_PROCESS, (id_t)s->victim, 19))

static int
try_read_neighbour(const struct probe_scene *s)
{
	char got[8];
	struct iovec here = { got, sizeof got }, there = { s->page, 8 };

	return RESULT(process_vm_readv(s->victim, &here, 1, &there, 1, 0));
}

static int
try_limit_neighbour(const struct probe_scene *s)
{
	struct rlimit now;

	if (prlimit(s->victim, RLIMIT_NICE, NULL, &now) != 0)
		return errno;
	return RESULT(prlimit(s->victim, RLIMIT_NICE, &now, NULL));
}

/* The rest of the kernel. */
TRY(inotify, inotify_init1(IN_CLOEXEC))
TRY(user_faults, (int)syscall(SYS_userfaultfd, 1 /* user mode only */))
TRY(namespace, unshare(CLONE_NEWUSER))
TRY(chroot, chroot(s->folder))

/* Asks for what cannot be, so that success changes nothing: who may mount
 * learns that there is no such file system, who may not is told so first. */
static int
try_mount(const struct probe_scene *s)
{
	if (mount("none", s->folder, "vitrine", 0, NULL) == 0)
		return 0;
	return errno == ENODEV ? 0 : errno;
}

static int
try_host_name(const struct probe_scene *s)
{
	(void)s;
	if (syscall(SYS_sethostname, NULL, 8) == 0)
		return 0;
	return errno == EFAULT ? 0 : errno;
}

static int
try_shared_memory(const struct probe_scene *s)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	(void)s;
	if (id < 0)
		return errno;
	shmctl(id, IPC_RMID, NULL);
	return 0;
}

static int
try_queue(const struct probe_scene *s)
{
	mqd_t q = mq_open("/vitrine-probe", O_RDWR | O_CREAT, 0600, NULL);

	(void)s;
	if (q == (mqd_t)-1)
		return errno;
	mq_close(q);
	mq_unlink("/vitrine-probe");
	return 0;
}

static int
try_key(const struct probe_scene *s)
{
	(void)s;
	return RESULT(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
	    KEY_SPEC_PROCESS_KEYRING, 1));
}

static int
try_ring(const struct probe_scene *s)
{
	struct io_uring_params p = { 0 };

	(void)s;
	return RESULT(syscall(SYS_io_uring_setup, 1, &p));
}

static int
try_bpf(const struct probe_scene *s)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1 };

	(void)s;
	return RESULT(syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr));
}

static int
try_counters(const struct probe_scene *s)
{
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE,
		.size = sizeof attr,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.exclude_kernel = 1,
		.exclude_hv = 1 };

	(void)s;
	return RESULT(syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
}

#ifdef __x86_64__
/* The entries that a filter for one architecture does not see. */
static int
try_old_entry(const struct probe_scene *s)
{
	long nr = 20; /* getpid of i386 */

	(void)s;
	__asm__ volatile("int $0x80"
			 : "+a"(nr)
			 :
			 : "memory", "r8", "r9", "r10", "r11");
	return nr < 0 ? (int)-nr : 0;
}

TRY(x32_entry, (int)syscall(SYS_getpid | 0x40000000))
#endif

const struct probe_try probe_try_table[] = {
	{ "create-file", 0, true, try_create_file },
	{ "remove-file", 0, true, try_remove_file },
	{ "rename", 0, false, try_rename },
	{ "make-folder", 0, true, try_mkdir },
	{ "make-symlink", 0, true, try_symlink },
	{ "make-link", 0, true, try_link },
	{ "make-fifo", 0, true, try_mkfifo },
	{ "truncate-on-open", 0, true, try_truncate_on_open },
	{ "append-on-open", 0, false, try_append_on_open },
	{ "unnamed-file", 0, false, try_unnamed_file },
	{ "truncate", 0, false, try_truncate },
	{ "truncate-descriptor", ROOM(NOTES), false, try_ftruncate },
	{ "write-descriptor", ROOM(NOTES), false, try_write_descriptor },
	{ "allocate", 0, false, try_fallocate },
	{ "copy-range", 0, false, try_copy_range },
	{ "sendfile", 0, false, try_sendfile },
	{ "map-shared", 0, false, try_map_shared },
	{ "change-mode", 0, false, try_chmod },
	{ "change-owner", 0, false, try_chown },
	{ "change-times", 0, false, try_utimes },
	{ "set-attribute", 0, false, try_setxattr },
	{ "read-file", 0, false, try_read_file },
	{ "list-root", 0, false, try_list_root },
	{ "own-memory", 0, false, try_own_memory },
	{ "reopen-descriptor", 0, false, try_reopen_descriptor },
	{ "read-source", ROOM(READING) | ROOM(WORKER), false, try_read_source },
	{ "read-record", ROOM(NOTES), false, try_read_record },
	{ "exec", 0, true, try_exec },
	{ "fork", 0, false, try_fork },
	{ "wx-memory", ROOM(SEARCH), false, try_wx_memory },
	{ "make-executable", 0, true, try_make_executable },
	{ "map-program", 0, false, try_map_program },
	{ "memory-file", 0, false, try_memfd },
	{ "personality", 0, true, try_personality },
	{ "socket-inet", 0, false, try_socket_inet },
	{ "socket-inet6", 0, false, try_socket_inet6 },
	{ "socket-unix", 0, false, try_socket_unix },
	{ "socket-netlink", 0, false, try_socket_netlink },
	{ "socket-pair", 0, false, try_socket_pair },
	{ "send-descriptor", 0, false, try_send_descriptor },
	{ "type-into-terminal", 0, false, try_type_into_terminal },
	{ "type-with-high-bits", 0, false, try_type_with_high_bits },
	{ "resize-terminal", 0, false, try_resize_terminal },
	{ "signal", 0, false, try_signal },
	{ "trace", 0, true, try_trace },
	{ "read-neighbour", 0, false, try_read_neighbour },
	{ "limit-neighbour", 0, false, try_limit_neighbour },
	{ "watch-neighbour", 0, false, try_pidfd },
	{ "signals-of-others", 0, true, try_own_signals },
	{ "slow-neighbour", 0, true, try_set_priority },
	{ "shared-memory", 0, false, try_shared_memory },
	{ "queue", 0, false, try_queue },
	{ "watch-files", 0, false, try_inotify },
	{ "page-faults", 0, false, try_user_faults },
	{ "keyring", 0, false, try_key },
	{ "ring", 0, false, try_ring },
	{ "bpf", 0, false, try_bpf },
	{ "counters", 0, false, try_counters },
	{ "namespace", 0, true, try_namespace },
	{ "mount", 0, false, try_mount },
	{ "chroot", 0, true, try_chroot },
	{ "host-name", 0, false, try_host_name },
#ifdef __x86_64__
	{ "old-entry", 0, true, try_old_entry },
	{ "x32-entry", 0, true, try_x32_entry },
#endif
};

const size_t probe_try_count =
    sizeof probe_try_table / sizeof probe_try_table[0];
