#include "policy/ctags.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/io.h"
#include "core/json.h"
#include "core/spawn.h"
#include "policy/ctags_said.h"

enum {
	QUEUE = 256,                      /* contents on the way at once */
	QUEUE_BYTES = 8 * 1024 * 1024,    /* of them */
	LINE_MAX_BYTES = 64 * 1024,       /* of what it says */
	DEFINITIONS_MAX = 4 * 1000 * 1000 /* of one content */
};

struct job {
	struct buf bytes; /* the command and the content */
	size_t sent;
	bool known; /* it answers by itself: nothing is sent */
	struct oid id;
	uint32_t found; /* definitions so far */
	bool begun;     /* it stands in the index */
};

struct ctags {
	struct ctags_options options;
	struct symbols_writer *writer;
	struct buf method;
	pid_t pid; /* 0: none runs */
	int in, out;
	bool greeted;
	unsigned failures;
	struct job jobs[QUEUE]; /* a ring */
	size_t first, n, bytes;
	struct buf said; /* a piece of a line */
	struct buf room;
	struct encoding_text text;
	struct sigaction pipe_before;
};

/* A reader that is gone is an error to deal with, not the end of us. */
static void
ignore_pipe(struct ctags *c)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, &c->pipe_before);
}

static void
stop(struct ctags *c)
{
	struct spawn_end end;

	if (c->pid == 0)
		return;
	close(c->in);
	close(c->out);
	spawn_kill(c->pid, SIGKILL);
	spawn_wait(&end, c->pid);
	c->pid = 0;
	c->greeted = false;
	buf_clear(&c->said);
}

static enum err
start(struct ctags *c)
{
	/* The output behind the mode, which would set another.  Without
	 * "--extras=", which loses tags of C in 5.9.0. */
	static char words[][40] = { "ctags", "--options=NONE",
		"--_interactive=sandbox", "--output-format=xref",
		"--_xformat=" CTAGS_SAID_FORMAT, "--sort=no" };
	char *const argv[] = { words[0], words[1], words[2], words[3], words[4],
		words[5], NULL };
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
	const struct spawn_fd fds[] = { { to[0], 0 }, { from[1], 1 } };
	const struct spawn s = { .path = c->options.program,
		.argv = argv,
		.fds = fds,
		.n_fds = 2,
		.session = true,
		.memory = c->options.memory };

	rc = spawn_start(&c->pid, &s);
	close(to[0]);
	close(from[1]);
	if (rc != ERR_NONE) {
		c->pid = 0;
		close(to[1]);
		close(from[0]);
		return rc;
	}
	c->in = to[1];
	c->out = from[0];
	(void)fcntl(c->in, F_SETFL, O_NONBLOCK);
	(void)fcntl(c->out, F_SETFL, O_NONBLOCK);
	return ERR_NONE;
}

static struct job *
front(struct ctags *c)
{
	return c->n == 0 ? NULL : &c->jobs[c->first];
}

static void
pop(struct ctags *c)
{
	struct job *j = front(c);

	c->bytes -= j->bytes.len;
	buf_release(&j->bytes);
	*j = (struct job){ 0 };
	c->first = (c->first + 1) % QUEUE;
	c->n--;
}

static void
begin(struct ctags *c, struct job *j)
{
	if (!j->begun)
		symbols_write_content(c->writer, &j->id, SYMBOLS_EMPTY);
	j->begun = true;
}

/* What is still on its way is not asked any more. */
static void
give_up(struct ctags *c)
{
	while (c->n > 0) {
		begin(c, front(c));
		symbols_write_drop_last(c->writer, SYMBOLS_FAILED);
		pop(c);
	}
}

/* The process is lost, and with it what it was at. */
static enum err
lose(struct ctags *c)
{
	struct job *j = front(c);

	stop(c);
	if (j != NULL) {
		begin(c, j);
		symbols_write_drop_last(c->writer, SYMBOLS_FAILED);
		pop(c);
	}
	if (++c->failures >= CTAGS_FAILURES) {
		give_up(c);
		return ERR_NONE;
	}
	for (size_t i = 0; i < c->n; i++)
		c->jobs[(c->first + i) % QUEUE].sent = 0;
	return start(c);
}

/* Contents that an older index knew answer when it is their turn. */
static enum err
take_known(struct ctags *c)
{
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && c->n > 0 && front(c)->known) {
		rc = symbols_write_copy(c->writer, c->options.old,
		    &front(c)->id);
		pop(c);
	}
	return rc;
}

/* What it says: one line of JSON each. */

static bool
take_greeting(struct ctags *c, const struct ctags_said *said)
{
	if (c->method.len == 0)
		buf_str(&c->method, said->program);
	c->greeted = true;
	return true;
}

static bool
take_tag(struct ctags *c, const struct ctags_said *said)
{
	struct job *job = front(c);

	if (job == NULL || job->known || ++job->found > DEFINITIONS_MAX)
		return false;
	begin(c, job);
	if (!said->anonymous)
		symbols_write_add(c->writer, &said->symbol);
	return true;
}

static bool
take_end(struct ctags *c)
{
	struct job *job = front(c);

	if (job == NULL || job->known)
		return false;
	begin(c, job);
	if (job->found > 0)
		symbols_write_state(c->writer, SYMBOLS_READ);
	pop(c);
	return true;
}

/* false: not what a parser says. */
static bool
take_line(struct ctags *c, struct str line)
{
	struct ctags_said said;
	bool fine = false;

	/* What is said now is about the first that was asked. */
	if (take_known(c) != ERR_NONE ||
	    ctags_said_read(&said, line, &c->room) != ERR_NONE) {
		err_clear();
		return false;
	}
	switch (said.what) {
	case CTAGS_PROGRAM:
		fine = !c->greeted && take_greeting(c, &said);
		break;
	case CTAGS_TAG:
		fine = c->greeted && take_tag(c, &said);
		break;
	case CTAGS_NOTHING:
		fine = c->greeted && front(c) != NULL && !front(c)->known;
		break;
	case CTAGS_COMPLETED:
		fine = c->greeted && take_end(c);
		break;
	}
	return fine;
}

static bool
take_said(struct ctags *c)
{
	struct str rest = buf_view(&c->said), line;
	size_t used = 0, end;

	while ((end = str_find(rest, STR("\n"), used)) != SIZE_MAX) {
		line = str_slice(rest, used, end - used);
		used = end + 1;
		if (!take_line(c, line))
			return false;
	}
	memmove(c->said.at, c->said.at + used, c->said.len - used);
	c->said.len -= used;
	return c->said.len <= LINE_MAX_BYTES;
}

static bool
read_some(struct ctags *c)
{
	char *at = buf_grow(&c->said, LINE_MAX_BYTES);
	ssize_t n = read(c->out, at, LINE_MAX_BYTES);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (n == 0)
		return false;
	c->said.len += (size_t)n;
	return take_said(c);
}

/* The first content that is not wholly on its way. */
static struct job *
unsent(struct ctags *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct job *j = &c->jobs[(c->first + i) % QUEUE];

		if (!j->known && j->sent < j->bytes.len)
			return j;
	}
	return NULL;
}

static bool
write_some(struct ctags *c, struct job *j)
{
	ssize_t n = write(c->in, j->bytes.at + j->sent, j->bytes.len - j->sent);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	j->sent += (size_t)n;
	return true;
}

/* Until something happened, or too long nothing did. */
static enum err
pump(struct ctags *c)
{
	struct job *j = unsent(c);
	struct pollfd fds[2] = { { c->out, POLLIN, 0 }, { c->in, POLLOUT, 0 } };
	size_t left = c->n;
	int got;

	do
		got = poll(fds, j == NULL ? 1 : 2,
		    (int)c->options.seconds * 1000);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return lose(c);
	if (fds[0].revents != 0 && !read_some(c))
		return lose(c);
	/* What was read may have ended what was to be written. */
	if (j != NULL && fds[1].revents != 0 && left == c->n &&
	    !write_some(c, j))
		return lose(c);
	return take_known(c);
}

static enum err
greet(struct ctags *c)
{
	struct pollfd fd = { c->out, POLLIN, 0 };

	while (!c->greeted) {
		if (poll(&fd, 1, (int)c->options.seconds * 1000) <= 0 ||
		    !read_some(c)) {
			err_clear();
			return fail(ERR_ABSENT,
			    "%s is no universal-ctags with a sandbox",
			    c->options.program);
		}
	}
	return ERR_NONE;
}

enum err
ctags_open(struct ctags **out, const struct ctags_options *o)
{
	struct ctags *c;
	struct str real;
	struct arena a = { 0 };
	enum err rc = encoding_open();

	if (rc != ERR_NONE)
		return rc;
	c = calloc(1, sizeof *c);
	if (c == NULL)
		bug("no memory for ctags");
	c->options = *o;
	if (c->options.program == NULL)
		c->options.program = "/usr/bin/ctags";
	if (c->options.seconds == 0)
		c->options.seconds = CTAGS_SECONDS;
	if (c->options.memory == 0)
		c->options.memory = CTAGS_MEMORY;
	ignore_pipe(c);
	rc = io_real_path(&real, &a, c->options.program);
	if (rc != ERR_NONE) {
		err_clear();
		rc =
		    fail(ERR_ABSENT, "%s is not installed", c->options.program);
	}
	if (rc == ERR_NONE)
		rc = start(c);
	if (rc == ERR_NONE)
		rc = greet(c);
	arena_release(&a);
	if (rc != ERR_NONE) {
		ctags_close(c);
		return rc;
	}
	c->writer = symbols_write_start(buf_view(&c->method));
	*out = c;
	return ERR_NONE;
}

/* The command, then the content as UTF-8: of names in another encoding the
 * parser would drop what it does not know. */
static void
write_job(struct ctags *c, struct buf *b, struct str path, struct str bytes)
{
	enum encoding encoding = encoding_guess(bytes);
	struct json *j = json_new_object();

	if (encoding_converts(encoding)) {
		encoding_convert(&c->text, encoding, bytes);
		bytes = buf_view(&c->text.utf8);
	}
	json_put_str(j, "command", STR("generate-tags"));
	json_put_str(j, "filename", path);
	json_put_num(j, "size", (int64_t)bytes.len);
	json_write(j, b);
	json_free(j);
	buf_char(b, '\n');
	buf_str(b, bytes);
}

bool
ctags_knows(const struct ctags *c, const struct oid *id)
{
	struct symbols_content found;
	bool known;

	if (c->options.old == NULL ||
	    !str_eq(symbols_method(c->options.old), buf_view(&c->method)))
		return false;
	known = symbols_content_of(&found, c->options.old, id) == ERR_NONE &&
	    found.state != SYMBOLS_FAILED;
	err_clear();
	return known;
}

enum err
ctags_put(struct ctags *c, const struct oid *id, struct str path,
    struct str bytes)
{
	struct job *j;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE &&
	    (c->n == QUEUE || (c->n > 0 && c->bytes > QUEUE_BYTES)))
		rc = pump(c);
	if (rc != ERR_NONE)
		return rc;
	j = &c->jobs[(c->first + c->n) % QUEUE];
	*j = (struct job){ .id = *id };
	if (ctags_knows(c, id)) {
		j->known = true;
		c->n++;
		return take_known(c);
	}
	if (bytes.len > CTAGS_LARGEST || c->failures >= CTAGS_FAILURES) {
		while (rc == ERR_NONE && c->n > 0)
			rc = pump(c);
		if (rc == ERR_NONE)
			symbols_write_content(c->writer, id, SYMBOLS_FAILED);
		return rc;
	}
	write_job(c, &j->bytes, path, bytes);
	c->bytes += j->bytes.len;
	c->n++;
	return ERR_NONE;
}

enum err
ctags_finish(struct ctags *c, struct buf *out)
{
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && c->n > 0)
		rc = pump(c);
	if (rc == ERR_NONE) {
		symbols_write_finish(c->writer, out);
		c->writer = NULL;
	}
	return rc;
}

void
ctags_close(struct ctags *c)
{
	if (c == NULL)
		return;
	stop(c);
	while (c->n > 0)
		pop(c);
	symbols_write_finish(c->writer, NULL);
	encoding_text_release(&c->text);
	buf_release(&c->method);
	buf_release(&c->said);
	buf_release(&c->room);
	sigaction(SIGPIPE, &c->pipe_before, NULL);
	free(c);
}
