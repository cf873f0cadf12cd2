#include "policy/probe.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io.h"
#include "core/str.h"

#include "policy/probe_try.h"
#include "policy/sandbox.h"

enum {
	PROBE_TRIES = 192,    /* more than there are */
	PROBE_NO_WALLS = 250, /* exit status: the walls could not be built */
	PROBE_PAGE = 4096,
};

/* How one try ended: errno, 0 for reached, or the signal. */
struct probe_end {
	int error, signal;
};

/* Both tables as one. */
static size_t
n_tries(void)
{
	return probe_try_count + probe_more_count;
}

static const struct probe_try *
try_at(size_t i)
{
	return i < probe_try_count ? &probe_try_table[i] :
				     &probe_more_table[i - probe_try_count];
}

bool
probe_wanted(int argc, char **argv)
{
	return argc > 1 && strcmp(argv[1], "--probe") == 0;
}

/* The file is there with a page of bytes, the spare name is free. */
static bool
tidy(const struct probe_scene *s)
{
	static const char page[PROBE_PAGE];
	int fd;
	bool good;

	if (s->folder[0] == '\0')
		return true;
	unlink(s->spare);
	rmdir(s->spare);
	fd = open(s->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	good = fd >= 0 && pwrite(fd, page, sizeof page, 0) == sizeof page;
	if (fd >= 0)
		close(fd);
	return good;
}

static void
remove_folder(const struct probe_scene *s)
{
	if (s->folder[0] == '\0')
		return;
	unlink(s->spare);
	rmdir(s->spare);
	unlink(s->file);
	rmdir(s->folder);
}

static void
name_folder(struct probe_scene *s, struct str above, pid_t pid)
{
	snprintf(s->folder, sizeof s->folder, "%.*s/probe-%d", STR_ARG(above),
	    (int)pid);
	snprintf(s->file, sizeof s->file, "%s/file", s->folder);
	snprintf(s->spare, sizeof s->spare, "%s/spare", s->folder);
}

/* What probes that were killed have left behind. */
static void
sweep(struct str above, const char *path)
{
	static const char head[] = "probe-";
	DIR *d = opendir(path);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		struct probe_scene old = { 0 };
		uint64_t pid;

		if (strncmp(e->d_name, head, sizeof head - 1) != 0 ||
		    str_number(str_of(e->d_name + sizeof head - 1), INT32_MAX,
			&pid) != ERR_NONE ||
		    pid < 2 || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
			continue;
		name_folder(&old, above, (pid_t)pid);
		remove_folder(&old);
	}
	if (d != NULL)
		closedir(d);
	err_clear();
}

/*
 * In that place, or beside the data folder, where the notes room's walls do not let it write.
 * Without one, or on a full disk, no file can be tried on: those primitives
 * are not demonstrated.
 */
static void
make_folder(struct probe_scene *s, const char *place)
{
	struct str above = str_of(*place != '\0' ? place : s->data);
	char path[PROBE_PATH];

	if (*place == '\0') {
		while (above.len > 0 && above.at[above.len - 1] != '/')
			above.len--;
		if (above.len > 0)
			above.len--;
	}
	if (above.len == 0 || above.len > PROBE_PATH - 40)
		return;
	snprintf(path, sizeof path, "%.*s", STR_ARG(above));
	sweep(above, path);
	name_folder(s, above, getpid());
	if ((mkdir(s->folder, 0700) == 0 || errno == EEXIST) && tidy(s))
		return;
	remove_folder(s);
	s->folder[0] = s->file[0] = s->spare[0] = '\0';
}

/* A terminal of our own, so that typing into it can work without walls. */
static int
own_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave = -1;

	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
		slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	(void)setsid(); /* unless the room was started in one of its own */
	if (slave >= 0)
		(void)ioctl(slave, TIOCSCTTY, 0); /* else not demonstrated */
	return slave;
}

static pid_t
start_victim(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	for (;;)
		pause();
}

static enum err
open_scene(struct probe_scene *s, int argc, char **argv)
{
	*s = (struct probe_scene){ .git = argc > 2 ? argv[2] : "",
		.data = argc > 4 ? argv[4] : "",
		.fd = -1,
		.look = -1 };
	signal(SIGHUP, SIG_IGN);
	make_folder(s, argc > 5 ? argv[5] : "");
	s->page = mmap(NULL, PROBE_PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	s->terminal = own_terminal();
	s->program = open("/bin/true", O_PATH | O_CLOEXEC);
	s->victim = start_victim();
	snprintf(s->neighbour, sizeof s->neighbour, "/proc/%d/mem", s->victim);
	if (s->page == MAP_FAILED || s->victim < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s->pair) != 0)
		return fail(ERR_IO, "nothing to try on: %s", strerror(errno));
	if (s->folder[0] == '\0')
		return ERR_NONE;
	s->fd = open(s->file, O_RDWR);
	s->look = open(s->file, O_RDONLY);
	if (s->fd < 0 || s->look < 0)
		return fail(ERR_IO, "%s: %s", s->file, strerror(errno));
	return ERR_NONE;
}

static void
close_scene(const struct probe_scene *s)
{
	if (s->victim > 0) {
		kill(s->victim, SIGKILL);
		waitpid(s->victim, NULL, 0);
	}
	remove_folder(s);
}

static enum err
put_up(const struct sandbox_walls *w)
{
	enum err rc = sandbox_limits_apply(w);

	if (rc == ERR_NONE)
		rc = sandbox_landlock_apply(w);
	if (rc == ERR_NONE)
		rc = sandbox_seccomp_apply(w);
	return rc;
}

/* ERR_DENIED: the walls could not be put up.  walls NULL: none. */
static enum err
try_once(struct probe_end *out, const struct probe_scene *s,
    const struct probe_try *t, const struct sandbox_walls *walls)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (walls != NULL && put_up(walls) != ERR_NONE)
			_exit(PROBE_NO_WALLS);
		_exit(t->fn(s));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return fail(ERR_IO, "no process to try with: %s",
		    strerror(errno));
	*out = (struct probe_end){ 0 };
	if (WIFSIGNALED(status))
		out->signal = WTERMSIG(status);
	else
		out->error = WEXITSTATUS(status);
	if (out->error == PROBE_NO_WALLS)
		return fail(ERR_DENIED, "the walls cannot be put up");
	return ERR_NONE;
}

/* Without walls, what ruins nothing is tried in one child: forking is what
 * takes the time. */
static enum err
try_together(struct probe_end *out, const struct probe_scene *s)
{
	struct probe_end *shared = mmap(NULL, PROBE_TRIES * sizeof *out,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (shared == MAP_FAILED)
		return fail(ERR_IO, "memory: %s", strerror(errno));
	for (size_t i = 0; i < n_tries(); i++)
		shared[i].error = ENOSYS; /* in case the child dies */
	pid = fork();
	if (pid == 0) {
		for (size_t i = 0; i < n_tries(); i++)
			if (!try_at(i)->ruins)
				shared[i].error = try_at(i)->fn(s);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
	memcpy(out, shared, n_tries() * sizeof *out);
	munmap(shared, PROBE_TRIES * sizeof *out);
	return ERR_NONE;
}

static enum err
try_controls(struct probe_end *out, const struct probe_scene *s)
{
	enum err rc = try_together(out, s);

	for (size_t i = 0; i < n_tries() && rc == ERR_NONE; i++) {
		if (!try_at(i)->ruins)
			continue;
		if (!tidy(s))
			return fail(ERR_IO, "%s: %s", s->file, strerror(errno));
		rc = try_once(&out[i], s, try_at(i), NULL);
	}
	if (!tidy(s) && rc == ERR_NONE)
		rc = fail(ERR_IO, "%s: %s", s->file, strerror(errno));
	return rc;
}

static bool
reached(struct probe_end e)
{
	return e.error == 0 && e.signal == 0;
}

/* false: it was reached, and should not have been. */
static bool
say(enum room r, const struct probe_try *t, struct probe_end walled,
    struct probe_end control)
{
	printf("probe %s %s ", room_name(r), t->name);
	if (t->needed & 1u << r)
		puts("needed");
	else if (reached(walled))
		puts("REACHED");
	else if (!reached(control))
		puts("not demonstrated");
	else if (walled.signal == SIGSYS)
		puts("stopped SIGSYS");
	else if (walled.signal != 0)
		printf("stopped signal %d\n", walled.signal);
	else
		printf("stopped %s\n",
		    strerrorname_np(walled.error) != NULL ?
			strerrorname_np(walled.error) :
			"error");
	return (t->needed & 1u << r) != 0 || !reached(walled);
}

static enum err
try_all(bool *held, enum room r, const struct probe_scene *s,
    const struct sandbox_walls *walls)
{
	struct probe_end controls[PROBE_TRIES], walled;
	enum err rc;

	if (n_tries() > PROBE_TRIES)
		bug("%zu primitives", n_tries());
	rc = try_controls(controls, s);
	*held = rc == ERR_NONE;
	for (size_t i = 0; i < n_tries() && rc == ERR_NONE; i++) {
		rc = try_once(&walled, s, try_at(i), walls);
		if (rc == ERR_NONE && !say(r, try_at(i), walled, controls[i]))
			*held = false;
	}
	return rc;
}

/* What the kernel says of a child behind the walls. */
static enum err
layers(enum room r, const struct sandbox_walls *walls)
{
	struct buf status = { 0 };
	char path[64], byte;
	int start[2], stop[2];
	enum err rc;
	pid_t pid;

	if (pipe(start) != 0 || pipe(stop) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(stop[1]);
		if (put_up(walls) != ERR_NONE)
			_exit(PROBE_NO_WALLS);
		_exit(write(start[1], "", 1) == 1 && read(stop[0], &byte, 1));
	}
	close(start[1]);
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	if (pid < 0 || read(start[0], &byte, 1) != 1)
		return fail(ERR_DENIED, "the walls cannot be put up");
	rc = io_read(&status, path, 65536);
	close(stop[1]);
	waitpid(pid, NULL, 0);
	if (rc != ERR_NONE)
		return rc;
	printf("layers %s", room_name(r));
	if (strstr(status.at, "\nNoNewPrivs:\t1\n") != NULL)
		fputs(" no_new_privs", stdout);
	if (strstr(status.at, "\nSeccomp:\t2\n") != NULL)
		fputs(" seccomp", stdout);
	if (strstr(status.at, "\nCapEff:\t0000000000000000\n") != NULL &&
	    strstr(status.at, "\nCapPrm:\t0000000000000000\n") != NULL)
		fputs(" no_capabilities", stdout);
	printf(" landlock-%d\n", walls->abi);
	printf("user %s %lu %lu\n", room_name(r), (unsigned long)getuid(),
	    (unsigned long)getgid());
	buf_release(&status);
	return ERR_NONE;
}

/* The notes room makes its folder where it alone can, and so does this. */
static enum err
make_data(struct str path)
{
	struct arena a = { 0 };
	enum err rc = ERR_NONE;
	int fd = -1;

	if (path.len > 0)
		rc = io_make_folder(&fd,
		    arena_printf(&a, "%.*s", STR_ARG(path)).at);
	if (fd >= 0)
		close(fd);
	arena_release(&a);
	return rc;
}

int
probe_main(enum room r, int argc, char **argv)
{
	struct sandbox_paths paths = { 0 };
	struct sandbox_walls walls = { .rules = -1 };
	struct probe_scene s;
	bool held = false;
	enum err rc;

	if (argc > 3) {
		paths.read[0] = str_of(argv[2]);
		paths.read[1] = str_of(argv[3]);
	}
	if (argc > 4)
		paths.write = str_of(argv[4]);
	setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
	s = (struct probe_scene){ .fd = -1, .look = -1 };
	rc = r == ROOM_NOTES ? make_data(paths.write) : ERR_NONE;
	if (rc == ERR_NONE)
		rc = open_scene(&s, argc, argv);
	if (rc == ERR_NONE)
		rc = sandbox_prepare(&walls, r, &paths);
	if (rc == ERR_NONE)
		rc = try_all(&held, r, &s, &walls);
	if (rc == ERR_NONE)
		rc = layers(r, &walls);
	close_scene(&s);
	sandbox_release(&walls);
	if (rc != ERR_NONE)
		printf("trouble %s %s\n", room_name(r), err_text());
	if (fflush(stdout) != 0 || rc != ERR_NONE)
		return 5;
	return held ? 0 : err_status(ERR_DENIED);
}
