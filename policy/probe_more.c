/*
 * More primitives: other spellings of the same way out, neighbours, and the
 * parts of the kernel that nobody here has any use for.  What would change
 * the machine is asked for in a way that cannot be done: then the answer
 * "you asked nonsense" instead of "you may not" is what is wanted.
 */
#include "policy/probe_try.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <linux/kcmp.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ROOM(r) (1u << ROOM_##r)
#define OPENS (ROOM(READING) | ROOM(WORKER) | ROOM(NOTES))
#ifdef SANITIZED /* its runtime calls prctl(), see sandbox_seccomp.c */
#define DUMPS (~0u)
#else
#define DUMPS 0u
#endif
#define RESULT(rc) ((rc) < 0 ? errno : 0)
#define CALL(...) ((int)syscall(__VA_ARGS__))
/* A primitive is one expression: below 0 and errno is "stopped". */
#define TRY(name, expression)                              \
	static int try_##name(const struct probe_scene *s) \
	{                                                  \
		(void)s;                                   \
		return RESULT(expression);                 \
	}
/* One that is refused for what was asked, not for who asks: reached. */
#define ASK(name, expression, nonsense)                    \
	static int try_##name(const struct probe_scene *s) \
	{                                                  \
		(void)s;                                   \
		if ((expression) >= 0)                     \
			return 0;                          \
		return errno == (nonsense) ? 0 : errno;    \
	}

/* Files. */
TRY(open_writable, open(s->file, O_RDWR))
TRY(creat, creat(s->spare, 0600))
TRY(openat2,
    CALL(SYS_openat2, AT_FDCWD, s->file, &(struct open_how){ .flags = O_RDWR },
	sizeof(struct open_how)))
TRY(rename2, CALL(SYS_renameat2, AT_FDCWD, s->file, AT_FDCWD, s->spare, 0))
TRY(remove_folder, rmdir(s->folder) < 0 && errno != ENOTEMPTY ? -1 : 0)
TRY(fchmod, fchmod(s->fd, 0600))
TRY(futimens, futimens(s->fd, NULL))
TRY(get_attribute,
    (int)getxattr(s->file, "user.vitrine", NULL, 0) < 0 && errno != ENODATA ?
	-1 :
	0)
TRY(lock, flock(s->fd, LOCK_EX | LOCK_NB))
TRY(notify, fcntl(open(s->folder, O_RDONLY), F_NOTIFY, DN_CREATE))
TRY(stat, stat("/etc/passwd", &(struct stat){ 0 }))
TRY(chdir, chdir("/"))
TRY(neighbour_memory, open(s->neighbour, O_RDWR))
TRY(screens, open("/dev/vcs1", O_RDONLY))
TRY(terminals, open("/dev/pts", O_RDONLY | O_DIRECTORY))
TRY(shadow, open("/etc/shadow", O_RDONLY))

static int
try_splice(const struct probe_scene *s)
{
	int pipe[2];

	if (pipe2(pipe, 0) != 0)
		return errno;
	return RESULT(splice(s->look, &(off_t){ 0 }, pipe[1], NULL, 8, 0));
}

/* Other code. */

static int
try_vfork(const struct probe_scene *s)
{
	pid_t pid = vfork();

	(void)s;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return RESULT(pid);
}

TRY(pkey, pkey_mprotect(s->page, 4096, PROT_READ | PROT_EXEC, -1))
TRY(own_limits, setrlimit(RLIMIT_NICE, &(struct rlimit){ 0, 0 }))
TRY(dumpable, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
TRY(user, CALL(SYS_setresuid, geteuid(), geteuid(), geteuid()))
TRY(tables, CALL(SYS_modify_ldt, 0, NULL, 0))
TRY(secret_memory, CALL(SYS_memfd_secret, 0))

static int
try_exec_descriptor(const struct probe_scene *s)
{
	char name[] = "true";
	char *const argv[] = { name, NULL }, *const env[] = { NULL };

	execveat(s->program, "", argv, env, AT_EMPTY_PATH);
	return errno;
}

static int
try_clone3(const struct probe_scene *s)
{
	struct clone_args how = { .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &how, sizeof how);

	(void)s;
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return RESULT(pid);
}

/* The network. */
TRY(socket_raw, socket(AF_INET, SOCK_RAW, IPPROTO_ICMP))
TRY(socket_multipath, socket(AF_INET, SOCK_STREAM, 262))
TRY(socket_packet, socket(AF_PACKET, SOCK_DGRAM, 0))
TRY(socket_alg, socket(AF_ALG, SOCK_SEQPACKET, 0))
TRY(socket_vsock, socket(AF_VSOCK, SOCK_STREAM, 0))
TRY(shut_down, shutdown(s->pair[0], SHUT_RDWR))

/* The terminal. */
TRY(paste, ioctl(s->terminal, TIOCLINUX, "\3"))
TRY(console, ioctl(s->terminal, TIOCCONS))
TRY(discipline, ioctl(s->terminal, TIOCSETD, &(int){ 0 }))
TRY(foreground, ioctl(s->terminal, TIOCSPGRP, &(pid_t){ getpgrp() }))
TRY(give_up_terminal, ioctl(s->terminal, TIOCNOTTY))
TRY(waiting_bytes, ioctl(s->pair[0], FIONREAD, &(int){ 0 }))

/* Neighbours. */
TRY(queue_signal,
    CALL(SYS_rt_sigqueueinfo, s->victim, 0,
	&(siginfo_t){ .si_code = SI_QUEUE }))
TRY(thread_signal, CALL(SYS_tgkill, s->victim, s->victim, 0))
TRY(be_traced, (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL))
TRY(compare, CALL(SYS_kcmp, s->victim, getpid(), KCMP_VM, 0, 0))
TRY(schedule,
    sched_setscheduler(s->victim, SCHED_BATCH,
	&(struct sched_param){ .sched_priority = 0 }))
TRY(affinity,
    sched_setaffinity(s->victim, sizeof(cpu_set_t), &(cpu_set_t){ { 1 } }))
TRY(io_priority, CALL(SYS_ioprio_set, 1, s->victim, 3 << 13))

static int
try_write_neighbour(const struct probe_scene *s)
{
	char byte = 0;
	struct iovec here = { &byte, 1 }, there = { s->page, 1 };

	return RESULT(process_vm_writev(s->victim, &here, 1, &there, 1, 0));
}

static int
try_take_descriptor(const struct probe_scene *s)
{
	int fd = CALL(SYS_pidfd_open, s->victim, 0);

	if (fd < 0)
		return errno;
	return RESULT(CALL(SYS_pidfd_getfd, fd, 0, 0));
}

/* The rest of the kernel. */
TRY(file_events, fanotify_init(FAN_REPORT_FID, O_RDONLY))
TRY(other_namespace, setns(s->fd, 0) < 0 && errno != EINVAL ? -1 : 0)
TRY(kernel_log, klogctl(10, NULL, 0))
TRY(async_files, CALL(SYS_io_setup, 1, &(unsigned long){ 0 }))
TRY(file_handle,
    CALL(SYS_name_to_handle_at, AT_FDCWD, "/", &(int[34]){ 128 }, &(int){ 0 },
	0))
TRY(time, CALL(SYS_settimeofday, NULL, NULL))
TRY(clock, adjtimex(&(struct timex){ .modes = 0 }) < 0 ? -1 : 0)
ASK(swap, CALL(SYS_swapon, NULL, 0), EFAULT)
ASK(module, CALL(SYS_init_module, NULL, 0UL, ""), ENOEXEC)
ASK(restart, CALL(SYS_reboot, 0, 0, 0, NULL), EINVAL)
ASK(root_folder, CALL(SYS_pivot_root, "/nowhere", "/nowhere"), ENOENT)
ASK(unmount, umount2("/nowhere", 0), ENOENT)
ASK(process_ports, CALL(SYS_ioperm, 0UL, 0UL, 1), EINVAL)
ASK(add_key, CALL(SYS_add_key, "vitrine", NULL, NULL, 0, 0), EFAULT)

static int
try_semaphore(const struct probe_scene *s)
{
	int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);

	(void)s;
	if (id < 0)
		return errno;
	semctl(id, 0, IPC_RMID);
	return 0;
}

static int
try_message_queue(const struct probe_scene *s)
{
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

	(void)s;
	if (id < 0)
		return errno;
	msgctl(id, IPC_RMID, NULL);
	return 0;
}

const struct probe_try probe_more_table[] = {
	{ "open-writable", 0, false, try_open_writable },
	{ "create-old", 0, true, try_creat },
	{ "open-new-way", 0, false, try_openat2 },
	{ "rename-new-way", 0, true, try_rename2 },
	{ "remove-folder", 0, true, try_remove_folder },
	{ "mode-of-descriptor", 0, false, try_fchmod },
	{ "times-of-descriptor", 0, false, try_futimens },
	{ "get-attribute", 0, false, try_get_attribute },
	{ "lock", ROOM(NOTES), true, try_lock },
	{ "watch-folder", 0, true, try_notify },
	{ "see-file", OPENS, false, try_stat },
	{ "change-folder", 0, true, try_chdir },
	{ "neighbour-memory", 0, false, try_neighbour_memory },
	{ "screens", 0, false, try_screens },
	{ "terminals", 0, false, try_terminals },
	{ "read-shadow", 0, false, try_shadow },
	{ "splice", 0, false, try_splice },
	{ "vfork", 0, true, try_vfork },
	{ "clone-new-way", 0, false, try_clone3 },
	{ "exec-descriptor", 0, true, try_exec_descriptor },
	{ "executable-by-key", 0, true, try_pkey },
	{ "own-limits", 0, true, try_own_limits },
	{ "own-dumps", DUMPS, true, try_dumpable },
	{ "change-user", 0, true, try_user },
	{ "processor-tables", 0, false, try_tables },
	{ "secret-memory", 0, true, try_secret_memory },
	{ "socket-raw", 0, false, try_socket_raw },
	{ "socket-multipath", 0, false, try_socket_multipath },
	{ "socket-packet", 0, false, try_socket_packet },
	{ "socket-crypto", 0, false, try_socket_alg },
	{ "socket-vsock", 0, false, try_socket_vsock },
	{ "shut-socket", 0, true, try_shut_down },
	{ "console-paste", 0, false, try_paste },
	{ "console-output", 0, false, try_console },
	{ "terminal-mode", 0, false, try_discipline },
	{ "terminal-owner", 0, false, try_foreground },
	{ "leave-terminal", 0, true, try_give_up_terminal },
	{ "waiting-bytes", 0, false, try_waiting_bytes },
	{ "queue-signal", 0, false, try_queue_signal },
	{ "thread-signal", 0, false, try_thread_signal },
	{ "be-traced", 0, true, try_be_traced },
	{ "compare-neighbour", 0, false, try_compare },
	{ "schedule-neighbour", 0, false, try_schedule },
	{ "move-neighbour", 0, false, try_affinity },
	{ "starve-neighbour", 0, false, try_io_priority },
	{ "write-neighbour", 0, false, try_write_neighbour },
	{ "take-descriptor", 0, false, try_take_descriptor },
	{ "file-events", 0, false, try_file_events },
	{ "semaphore", 0, false, try_semaphore },
	{ "message-queue", 0, false, try_message_queue },
	{ "other-namespace", 0, false, try_other_namespace },
	{ "kernel-log", 0, false, try_kernel_log },
	{ "async-files", 0, true, try_async_files },
	{ "file-handle", 0, false, try_file_handle },
	{ "set-time", 0, false, try_time },
	{ "tune-clock", 0, false, try_clock },
	{ "swap", 0, false, try_swap },
	{ "module", 0, false, try_module },
	{ "restart", 0, false, try_restart },
	{ "root-folder", 0, false, try_root_folder },
	{ "unmount", 0, false, try_unmount },
	{ "ports", 0, false, try_process_ports },
	{ "add-key", 0, false, try_add_key },
};

const size_t probe_more_count =
    sizeof probe_more_table / sizeof probe_more_table[0];
