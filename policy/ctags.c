#include "policy/ctags.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/io.h"
#include "core/json.h"
#include "core/loop.h"
#include "policy/ctags_process.h"
#include "policy/ctags_said.h"

enum {
#ifdef TINY
	QUEUE = 3,
	QUEUE_BYTES = 4096,
#else
	QUEUE = 1024,                   /* contents on the way at once */
	QUEUE_BYTES = 16 * 1024 * 1024, /* of them */
#endif
	COMMAND_BYTES = 1000,              /* the program reads 1023 of them */
	NAME_BYTES = 100,                  /* of a path that is too long */
	CONTENT_COSTS = 4096,              /* as many bytes of it */
	DEFINITIONS_MAX = 4 * 1000 * 1000, /* of one content */
};

enum how {
	ASKED,
	KNOWN,   /* an older index answers */
	REFUSED, /* nobody does */
};

/* A content on its way. */
struct job {
	enum how how;
	struct oid id;
	struct lane *lane; /* whose process is asked */
	struct job *next;  /* that it is asked about */
	struct buf bytes;  /* the command and the content */
	size_t sent;
	uint32_t found; /* definitions so far */
	bool begun;     /* it stands in the index */
};

/* A process and what it is to do, in order. */
struct lane {
	struct ctags_process process;
	struct job *first, *last, *unsent; /* unsent: not wholly sent */
	uint64_t dealt;                    /* bytes, in all */
};

struct ctags {
	struct ctags_options options;
	struct symbols_writer *writer;
	struct buf method;
	struct lane lanes[CTAGS_PROCESSES];
	unsigned failures;
	struct job jobs[QUEUE]; /* a ring, in the order they were put */
	size_t first, n, bytes;
	uint64_t waited; /* milliseconds, for the first of them */
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

static struct job *
front(struct ctags *c)
{
	return c->n == 0 ? NULL : &c->jobs[c->first];
}

static void
pop(struct ctags *c)
{
	struct job *j = front(c);

	if (j->how == ASKED) {
		j->lane->first = j->next;
		if (j->lane->unsent == j)
			j->lane->unsent = j->next;
	}
	c->bytes -= j->bytes.len;
	buf_release(&j->bytes);
	*j = (struct job){ 0 };
	c->first = (c->first + 1) % QUEUE;
	c->n--;
	c->waited = 0;
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
	for (size_t i = 0; i < CTAGS_PROCESSES; i++) {
		struct lane *l = &c->lanes[i];

		ctags_process_stop(&l->process);
		l->first = l->last = l->unsent = NULL;
	}
	for (size_t i = 0; i < c->n; i++) {
		struct job *j = &c->jobs[(c->first + i) % QUEUE];

		if (j->how == ASKED)
			j->how = REFUSED;
	}
}

/* The process of the first content is lost, and with it that content; only
 * then, so that it is the same ones whoever was asked. */
static enum err
lose(struct ctags *c)
{
	struct job *j = front(c);
	struct lane *l = j->lane;

	ctags_process_stop(&l->process);
	begin(c, j);
	symbols_write_drop_last(c->writer, SYMBOLS_FAILED);
	pop(c);
	if (++c->failures >= CTAGS_FAILURES) {
		give_up(c);
		return ERR_NONE;
	}
	for (j = l->first; j != NULL; j = j->next)
		j->sent = 0;
	l->unsent = l->first;
	return l->first == NULL ? ERR_NONE :
				  ctags_process_start(&l->process, &c->options);
}

/* Nobody has to be asked. */
static enum err
answer(struct ctags *c, struct job *j)
{
	enum err rc = ERR_NONE;

	if (j->how == KNOWN)
		rc = symbols_write_copy(c->writer, c->options.old, &j->id);
	else
		symbols_write_content(c->writer, &j->id, SYMBOLS_FAILED);
	pop(c);
	return rc;
}

/* What a process says: one line each. */

static bool
take_program(struct ctags *c, struct ctags_process *p, struct str program)
{
	if (c->method.len == 0)
		buf_str(&c->method, program);
	if (p->greeted || !str_eq(buf_view(&c->method), program))
		return false;
	p->greeted = true;
	return true;
}

static bool
take_tag(struct ctags *c, struct job *job, const struct ctags_said *said)
{
	if (++job->found > DEFINITIONS_MAX)
		return false;
	begin(c, job);
	if (!said->anonymous)
		symbols_write_add(c->writer, &said->symbol);
	return true;
}

static void
take_end(struct ctags *c, struct job *job)
{
	begin(c, job);
	if (job->found > 0)
		symbols_write_state(c->writer, SYMBOLS_READ);
	pop(c);
}

/* false: not what a parser says.  It says nothing before all of a content
 * was sent. */
static bool
take_line(struct ctags *c, struct job *j, struct str line)
{
	struct ctags_process *p = &j->lane->process;
	struct ctags_said said;

	if (line.len > CTAGS_PROCESS_LINE ||
	    ctags_said_read(&said, line, &c->room) != ERR_NONE) {
		err_clear();
		return false;
	}
	if (said.what == CTAGS_PROGRAM)
		return take_program(c, p, said.program);
	if (!p->greeted || j->sent < j->bytes.len)
		return false;
	if (said.what == CTAGS_TAG)
		return take_tag(c, j, &said);
	if (said.what == CTAGS_COMPLETED)
		take_end(c, j);
	return true;
}

/* What was said about the contents in front, as far as it goes. */
static enum err
advance(struct ctags *c)
{
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && c->n > 0) {
		struct job *j = front(c);
		struct ctags_process *p;
		struct str line;

		if (j->how != ASKED) {
			rc = answer(c, j);
			continue;
		}
		p = &j->lane->process;
		if (ctags_process_line(p, &line)) {
			if (!take_line(c, j, line))
				rc = lose(c);
		} else if (p->ended || ctags_process_rambles(p)) {
			rc = lose(c);
		} else {
			break;
		}
	}
	return rc;
}

static bool
send_some(struct lane *l)
{
	struct job *j = l->unsent;
	struct str rest = buf_view(&j->bytes);
	size_t n = ctags_process_write(&l->process,
	    str_slice(rest, j->sent, rest.len));

	j->sent += n;
	if (j->sent == rest.len)
		l->unsent = j->next;
	return n > 0;
}

static void
want(struct pollfd fds[2], const struct lane *l)
{
	const struct ctags_process *p = &l->process;

	fds[0] =
	    (struct pollfd){ ctags_process_hears(p) ? p->out : -1, POLLIN, 0 };
	fds[1] = (struct pollfd){ p->pid != 0 && !p->deaf && l->unsent != NULL ?
		    p->in :
		    -1,
		POLLOUT, 0 };
}

/* Whatever a process says and takes now; wait: until something happened, or
 * too long nothing did for the content in front. */
static enum err
pump(struct ctags *c, bool wait)
{
	struct pollfd fds[2 * CTAGS_PROCESSES];
	const struct lane *due = c->n == 0 ? NULL : front(c)->lane;
	uint64_t most = (uint64_t)c->options.seconds * 1000, before;
	bool some = false;
	enum err rc = ERR_NONE;
	int got;

	for (size_t i = 0; i < CTAGS_PROCESSES; i++)
		want(fds + 2 * i, &c->lanes[i]);
	before = loop_now();
	got = poll(fds, 2 * CTAGS_PROCESSES,
	    wait && most > c->waited ? (int)(most - c->waited) : 0);
	if (wait)
		c->waited += loop_now() - before;
	for (size_t i = 0; got > 0 && i < CTAGS_PROCESSES; i++) {
		struct lane *l = &c->lanes[i];

		if (fds[2 * i].revents != 0 && ctags_process_read(&l->process))
			some |= l == due;
		if (fds[2 * i + 1].revents != 0 && send_some(l))
			some |= l == due;
	}
	if (some)
		c->waited = 0;
	else if (wait && got == 0 && c->waited >= most)
		rc = lose(c);
	/* Behind what was lost there may be answers already. */
	return rc == ERR_NONE ? advance(c) : rc;
}

/* The first process is waited for: without it there are no symbols. */
static enum err
greet(struct ctags *c)
{
	struct ctags_process *p = &c->lanes[0].process;
	struct pollfd fd = { p->out, POLLIN, 0 };
	struct ctags_said said;
	struct str line;

	while (!ctags_process_line(p, &line))
		if (ctags_process_rambles(p) ||
		    poll(&fd, 1, (int)c->options.seconds * 1000) <= 0 ||
		    !ctags_process_read(p)) {
			line = STR("");
			break;
		}
	if (ctags_said_read(&said, line, &c->room) == ERR_NONE &&
	    said.what == CTAGS_PROGRAM && take_program(c, p, said.program))
		return ERR_NONE;
	err_clear();
	return fail(ERR_ABSENT, "%s is no universal-ctags with a sandbox",
	    c->options.program);
}

static void
take_options(struct ctags *c, const struct ctags_options *o)
{
	c->options = *o;
	if (c->options.program == NULL)
		c->options.program = "/usr/bin/ctags";
	if (c->options.seconds == 0)
		c->options.seconds = CTAGS_SECONDS;
	if (c->options.memory == 0)
		c->options.memory = CTAGS_MEMORY;
	if (c->options.processes == 0)
		c->options.processes = 1;
	if (c->options.processes > CTAGS_PROCESSES)
		c->options.processes = CTAGS_PROCESSES;
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
	take_options(c, o);
	ignore_pipe(c);
	rc = io_real_path(&real, &a, c->options.program);
	if (rc != ERR_NONE) {
		err_clear();
		rc =
		    fail(ERR_ABSENT, "%s is not installed", c->options.program);
	}
	if (rc == ERR_NONE)
		rc = ctags_process_start(&c->lanes[0].process, &c->options);
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

static void
write_command(struct buf *b, struct str path, size_t size)
{
	struct json *j = json_new_object();

	json_put_str(j, "command", STR("generate-tags"));
	json_put_str(j, "filename", path);
	json_put_num(j, "size", (int64_t)size);
	json_write(j, b);
	json_free(j);
}

/* The command, then the content as UTF-8: of names in another encoding the
 * parser would drop what it does not know. */
static void
write_job(struct ctags *c, struct buf *b, struct str path, struct str bytes)
{
	enum encoding encoding = encoding_guess(bytes);

	if (encoding_converts(encoding)) {
		encoding_convert(&c->text, encoding, bytes);
		bytes = buf_view(&c->text.utf8);
	}
	write_command(b, path, bytes.len);
	if (b->len > COMMAND_BYTES) {
		buf_clear(b);
		write_command(b,
		    str_slice(path, path.len - NAME_BYTES, NAME_BYTES),
		    bytes.len);
	}
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

/* To whom fewest was dealt so far, which no clock decides. */
static enum err
deal(struct ctags *c, struct job *j)
{
	struct lane *l = &c->lanes[0];

	for (unsigned i = 1; i < c->options.processes; i++)
		if (c->lanes[i].dealt < l->dealt)
			l = &c->lanes[i];
	l->dealt += j->bytes.len + CONTENT_COSTS;
	j->lane = l;
	if (l->first == NULL)
		l->first = j;
	else
		l->last->next = j;
	l->last = j;
	if (l->unsent == NULL)
		l->unsent = j;
	return l->process.pid != 0 ?
	    ERR_NONE :
	    ctags_process_start(&l->process, &c->options);
}

enum err
ctags_put(struct ctags *c, const struct oid *id, struct str path,
    struct str bytes)
{
	struct job *j;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE &&
	    (c->n == QUEUE || (c->n > 0 && c->bytes > QUEUE_BYTES)))
		rc = pump(c, true);
	if (rc != ERR_NONE)
		return rc;
	j = &c->jobs[(c->first + c->n++) % QUEUE];
	*j = (struct job){ .id = *id, .how = REFUSED };
	if (ctags_knows(c, id)) {
		j->how = KNOWN;
	} else if (bytes.len <= CTAGS_LARGEST && c->failures < CTAGS_FAILURES) {
		j->how = ASKED;
		write_job(c, &j->bytes, path, bytes);
		c->bytes += j->bytes.len;
		rc = deal(c, j);
	}
	return rc == ERR_NONE ? pump(c, false) : rc;
}

enum err
ctags_finish(struct ctags *c, struct buf *out)
{
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && c->n > 0)
		rc = pump(c, true);
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
	for (size_t i = 0; i < CTAGS_PROCESSES; i++)
		ctags_process_release(&c->lanes[i].process);
	while (c->n > 0)
		pop(c);
	symbols_write_finish(c->writer, NULL);
	encoding_text_release(&c->text);
	buf_release(&c->method);
	buf_release(&c->room);
	sigaction(SIGPIPE, &c->pipe_before, NULL);
	free(c);
}
