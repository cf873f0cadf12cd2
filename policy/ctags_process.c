#include "policy/ctags_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/spawn.h"
#include "policy/ctags_said.h"

enum { PIPE_BYTES = 1024 * 1024 }; /* what anybody may have */

void
ctags_process_stop(struct ctags_process *p)
{
	struct spawn_end end;

	buf_clear(&p->said);
	p->taken = p->scanned = 0;
	p->greeted = p->ended = p->deaf = false;
	if (p->pid == 0)
		return;
	close(p->in);
	close(p->out);
	spawn_kill(p->pid, SIGKILL);
	spawn_wait(&end, p->pid);
	p->pid = 0;
}

void
ctags_process_release(struct ctags_process *p)
{
	ctags_process_stop(p);
	buf_release(&p->said);
}

static enum err
run(struct ctags_process *p, const struct ctags_options *o, int in, int out)
{
	/* The output behind the mode, which would set another.  Without
	 * "--extras=", which loses tags of C in 5.9.0. */
	static char words[][40] = { "ctags", "--options=NONE",
		"--_interactive=sandbox", "--output-format=xref",
		"--_xformat=" CTAGS_SAID_FORMAT, "--sort=no" };
	char *const argv[] = { words[0], words[1], words[2], words[3], words[4],
		words[5], NULL };
	const struct spawn_fd fds[] = { { in, 0 }, { out, 1 } };
	const struct spawn s = { .path = o->program,
		.argv = argv,
		.fds = fds,
		.n_fds = 2,
		.session = true,
		.memory = o->memory };
	pid_t pid;
	enum err rc = spawn_start(&pid, &s);

	if (rc == ERR_NONE)
		p->pid = pid;
	return rc;
}

/* Larger pipes save switches from one to the other; smaller ones do as
 * well. */
static void
prepare(int fd)
{
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
}

enum err
ctags_process_start(struct ctags_process *p, const struct ctags_options *o)
{
	int to[2], from[2];
	enum err rc = spawn_pipe(to);

	if (rc != ERR_NONE)
		return rc;
	rc = spawn_pipe(from);
	if (rc != ERR_NONE) {
		close(to[0]);
		close(to[1]);
		return rc;
	}
	rc = run(p, o, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	if (rc != ERR_NONE) {
		close(to[1]);
		close(from[0]);
		return rc;
	}
	p->in = to[1];
	p->out = from[0];
	prepare(p->in);
	prepare(p->out);
	return ERR_NONE;
}

bool
ctags_process_hears(const struct ctags_process *p)
{
	return p->pid != 0 && !p->ended &&
	    p->said.len - p->taken < CTAGS_PROCESS_SAID;
}

/* What was taken makes room for what comes. */
static void
move_up(struct ctags_process *p)
{
	if (p->taken == 0 || (p->taken < p->said.len / 2))
		return;
	memmove(p->said.at, p->said.at + p->taken, p->said.len - p->taken);
	p->said.len -= p->taken;
	p->scanned -= p->taken;
	p->taken = 0;
}

bool
ctags_process_read(struct ctags_process *p)
{
	ssize_t n;

	move_up(p);
	n = read(p->out, buf_grow(&p->said, CTAGS_PROCESS_LINE),
	    CTAGS_PROCESS_LINE);
	if (n > 0)
		p->said.len += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		p->ended = true;
	return n > 0;
}

size_t
ctags_process_write(struct ctags_process *p, struct str bytes)
{
	ssize_t n = write(p->in, bytes.at, bytes.len);

	if (n >= 0)
		return (size_t)n;
	/* What it said before is still to be read: that ends it. */
	if (errno != EAGAIN && errno != EINTR)
		p->deaf = true;
	return 0;
}

bool
ctags_process_line(struct ctags_process *p, struct str *line)
{
	const char *from = p->said.at + p->taken, *end;

	if (p->scanned == p->said.len)
		return false;
	end = memchr(p->said.at + p->scanned, '\n', p->said.len - p->scanned);
	if (end == NULL) {
		p->scanned = p->said.len;
		return false;
	}
	*line = (struct str){ from, (size_t)(end - from) };
	p->taken = p->scanned = (size_t)(end - p->said.at) + 1;
	return true;
}

bool
ctags_process_rambles(const struct ctags_process *p)
{
	return p->scanned - p->taken > CTAGS_PROCESS_LINE;
}
