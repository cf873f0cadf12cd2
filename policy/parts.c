#include "policy/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/spawn.h"

enum { STEPS = 500 }; /* a part says at most so often how far it is */

enum state { WAITS, RUNS, ENDED };

enum word { WORD_TELL = 1, WORD_END };

/* One message of a part: an answer to nothing, so there is one shape. */
struct word_of_part {
	uint32_t word, error; /* enum err, of WORD_END */
	uint64_t done, of;    /* of WORD_TELL */
	uint32_t len;
	char text[PARTS_TEXT];
};
enum { WORD_HEAD = offsetof(struct word_of_part, text) };

struct parts_line {
	int fd;
	uint64_t told; /* steps */
};

struct one {
	struct part part;
	enum state state;
	pid_t pid;
	int fd;
	bool said; /* its end */
	uint64_t done, of;
};

struct parts {
	struct parts_wish wish;
	struct one all[PARTS_MOST];
	unsigned n;
	const char *own; /* work of this process, or NULL */
	uint64_t own_done;
	enum err failed; /* and why: what is done meanwhile has its own */
	char why[PARTS_TEXT];
};

struct parts *
parts_open(const struct parts_wish *wish)
{
	struct parts *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for parts");
	p->wish = *wish;
	if (p->wish.at_once == 0)
		p->wish.at_once = 1;
	return p;
}

unsigned
parts_add(struct parts *p, const struct part *part)
{
	if (p->n == PARTS_MOST)
		bug("more than %u parts", p->n);
	if (part->needs >> p->n != 0)
		bug("part %s needs what comes later", part->name);
	p->all[p->n] = (struct one){ .part = *part, .fd = -1 };
	return p->n++;
}

void
parts_own(struct parts *p, const char *name)
{
	p->own = name;
	p->own_done = 0;
}

void
parts_own_done(struct parts *p)
{
	p->own = NULL;
}

/* In the process of a part. */

struct start {
	const struct parts *parts;
	const struct one *one;
	int fd;
};

static bool
say(int fd, const struct word_of_part *w, bool wait)
{
	struct pollfd room = { fd, POLLOUT, 0 };
	size_t len = WORD_HEAD + w->len;
	ssize_t n;

	for (;;) {
		n = write(fd, w, len);
		if (n >= 0 || (errno != EAGAIN && errno != EINTR) || !wait)
			return n == (ssize_t)len;
		(void)poll(&room, 1, -1);
	}
}

void
parts_tell(struct parts_line *line, uint64_t done, uint64_t of)
{
	const struct word_of_part w = { .word = WORD_TELL,
		.done = done,
		.of = of };
	uint64_t step = of == 0 ? 0 : done * STEPS / of;

	if (step <= line->told)
		return;
	line->told = step;
	(void)say(line->fd, &w, false);
}

static int
run_part(void *arg)
{
	const struct start *s = arg;
	struct word_of_part w = { .word = WORD_END };
	struct parts_line line = { .fd = s->fd };
	struct buf notes = { 0 };
	struct str text;
	enum err rc;

	for (unsigned i = 0; i < s->parts->n; i++)
		if (s->parts->all[i].fd >= 0)
			close(s->parts->all[i].fd);
	err_clear();
	rc = s->one->part.run(s->one->part.arg, &line, &notes);
	text = rc == ERR_NONE ? buf_view(&notes) : str_of(err_text());
	w.error = rc;
	w.len = (uint32_t)(text.len < PARTS_TEXT ? text.len : PARTS_TEXT);
	if (w.len > 0)
		memcpy(w.text, text.at, w.len);
	return say(s->fd, &w, true) ? 0 : 1;
}

/* In the process that starts them. */

static void
keep_failure(struct parts *p, enum err rc)
{
	if (rc == ERR_NONE || p->failed != ERR_NONE)
		return;
	p->failed = rc;
	(void)snprintf(p->why, sizeof p->why, "%s", err_text());
	err_clear();
}

static enum err
start(struct parts *p, struct one *o)
{
	struct start s = { .parts = p, .one = o };
	int pair[2];
	enum err rc = spawn_pair(pair);

	if (rc != ERR_NONE)
		return rc;
	(void)fcntl(pair[0], F_SETFL, O_NONBLOCK);
	(void)fcntl(pair[1], F_SETFL, O_NONBLOCK);
	o->fd = pair[0]; /* closed by the part, as those of the others */
	s.fd = pair[1];
	rc = spawn_part(&o->pid, run_part, &s);
	close(pair[1]);
	if (rc == ERR_NONE) {
		o->state = RUNS;
	} else {
		close(o->fd);
		o->fd = -1;
	}
	return rc;
}

static bool
can_start(const struct parts *p, const struct one *o)
{
	if (o->state != WAITS)
		return false;
	for (unsigned i = 0; i < p->n; i++)
		if ((o->part.needs >> i & 1) != 0 && p->all[i].state != ENDED)
			return false;
	return true;
}

static unsigned
running(const struct parts *p)
{
	unsigned n = p->own != NULL;

	for (unsigned i = 0; i < p->n; i++)
		n += p->all[i].state == RUNS;
	return n;
}

/* Its work, and the longest work after it that waits for it. */
static uint64_t
way_of(const struct parts *p, unsigned i)
{
	uint64_t longest = 0;

	for (unsigned k = i + 1; k < p->n; k++) {
		uint64_t way;

		if ((p->all[k].part.needs >> i & 1) == 0)
			continue;
		way = way_of(p, k);
		if (way > longest)
			longest = way;
	}
	return p->all[i].part.work + longest;
}

/* What has the longest way to the end first: else it is what is left, alone,
 * when all others are done. */
static void
start_ready(struct parts *p)
{
	while (p->failed == ERR_NONE && running(p) < p->wish.at_once) {
		struct one *best = NULL;
		uint64_t way, longest = 0;

		for (unsigned i = 0; i < p->n; i++) {
			if (!can_start(p, &p->all[i]))
				continue;
			way = way_of(p, i);
			if (best == NULL || way > longest) {
				best = &p->all[i];
				longest = way;
			}
		}
		if (best == NULL)
			return;
		keep_failure(p, start(p, best));
	}
}

/* It is not asked, only reaped: nothing of it is taken for whole. */
static void
stop_all(struct parts *p)
{
	struct spawn_end end;

	for (unsigned i = 0; i < p->n; i++) {
		struct one *o = &p->all[i];

		if (o->state != RUNS)
			continue;
		spawn_kill(o->pid, SIGKILL);
		spawn_wait(&end, o->pid);
		close(o->fd);
		o->fd = -1;
		o->state = ENDED;
	}
}

void
parts_close(struct parts *p)
{
	if (p == NULL)
		return;
	stop_all(p);
	free(p);
}

static enum err
died(const struct one *o, const struct spawn_end *end)
{
	if (end->signal == SIGKILL)
		return fail(ERR_IO,
		    "%s: the process that did it was killed, perhaps for want "
		    "of memory: run it again, it goes on where it was",
		    o->part.name);
	return fail(ERR_IO,
	    "%s: the process that did it ended with %s %d: run it again, it "
	    "goes on where it was",
	    o->part.name, end->signal != 0 ? "signal" : "status",
	    end->signal != 0 ? end->signal : end->status);
}

/* The end of a part: after its last word, or without one. */
static enum err
reap(struct one *o)
{
	struct spawn_end end;

	close(o->fd);
	o->fd = -1;
	spawn_wait(&end, o->pid);
	o->state = ENDED;
	if (!o->said || end.signal != 0 || end.status != 0)
		return died(o, &end);
	return ERR_NONE;
}

static bool
is_word(const struct word_of_part *w, ssize_t n)
{
	return n >= WORD_HEAD && w->len <= PARTS_TEXT &&
	    n == WORD_HEAD + (ssize_t)w->len &&
	    (w->word == WORD_TELL ?
		    w->len == 0 && w->done <= w->of :
		    w->word == WORD_END && w->error <= ERR_STOPPED);
}

static enum err
take_word(struct parts *p, struct one *o, const struct word_of_part *w)
{
	struct str text = { w->text, w->len };

	if (w->word == WORD_TELL) {
		o->done = w->done;
		o->of = w->of;
		return ERR_NONE;
	}
	o->said = true;
	if (w->error != ERR_NONE && text.len == 0)
		return (enum err)w->error;
	if (w->error != ERR_NONE)
		return fail((enum err)w->error, "%.*s", STR_ARG(text));
	if (text.len > 0 && p->wish.notes != NULL)
		p->wish.notes(p->wish.arg, o->part.arg, text);
	return ERR_NONE;
}

/* All that it has said so far. */
static enum err
hear(struct parts *p, struct one *o)
{
	struct word_of_part w;
	enum err rc = ERR_NONE;
	ssize_t n;

	while (rc == ERR_NONE) {
		n = read(o->fd, &w, sizeof w);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return ERR_NONE;
		if (n <= 0)
			return reap(o);
		if (o->said || !is_word(&w, n))
			return fail(ERR_FORMAT, "%s: says what no part says",
			    o->part.name);
		rc = take_word(p, o, &w);
	}
	return rc;
}

static uint64_t
share(const struct one *o)
{
	if (o->state == ENDED)
		return o->part.work;
	return o->of == 0 ?
	    0 :
	    (uint64_t)((double)o->part.work * (double)o->done / (double)o->of);
}

/* Of all that do the same together. */
static void
name_one(struct buf *b, const struct parts *p, const struct one *o)
{
	double done = 0, of = 0;

	for (unsigned i = 0; i < p->n; i++)
		if (strcmp(p->all[i].part.name, o->part.name) == 0) {
			done += (double)share(&p->all[i]);
			of += (double)p->all[i].part.work;
		}
	buf_printf(b, "%s%s", b->len > 0 ? ", " : "", o->part.name);
	if (of > 0 && done > 0)
		buf_printf(b, " %u %%", (unsigned)(done * 100 / of));
}

/* Whether one before does the same. */
static bool
is_named(const struct parts *p, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (p->all[k].state == RUNS &&
		    strcmp(p->all[k].part.name, p->all[i].part.name) == 0)
			return true;
	return false;
}

static void
show(const struct parts *p)
{
	struct buf b = { 0 };
	uint64_t done = 0, of = 0;
	unsigned thousandths = PARTS_UNKNOWN;

	if (p->wish.progress == NULL)
		return;
	if (p->own != NULL)
		buf_printf(&b, "%s %llu", p->own,
		    (unsigned long long)p->own_done);
	for (unsigned i = 0; i < p->n; i++) {
		done += share(&p->all[i]);
		of += p->all[i].part.work;
		if (p->all[i].state == RUNS && !is_named(p, i))
			name_one(&b, p, &p->all[i]);
	}
	if (p->own == NULL)
		thousandths =
		    of == 0 ? 0 : (unsigned)((double)done * 1000 / (double)of);
	p->wish.progress(p->wish.arg, thousandths, b.len > 0 ? b.at : "");
	buf_release(&b);
}

static void
listen_to(struct parts *p, int wait)
{
	struct pollfd fds[PARTS_MOST];
	unsigned which[PARTS_MOST], n = 0;

	for (unsigned i = 0; i < p->n; i++)
		if (p->all[i].state == RUNS) {
			fds[n] = (struct pollfd){ p->all[i].fd, POLLIN, 0 };
			which[n++] = i;
		}
	if (n == 0 || poll(fds, n, wait) <= 0)
		return;
	for (unsigned i = 0; i < n && p->failed == ERR_NONE; i++)
		if (fds[i].revents != 0)
			keep_failure(p, hear(p, &p->all[which[i]]));
}

void
parts_turn(struct parts *p, uint64_t done)
{
	p->own_done = done;
	start_ready(p);
	listen_to(p, 0);
	show(p);
}

enum err
parts_finish(struct parts *p)
{
	parts_own_done(p);
	for (;;) {
		start_ready(p);
		if (p->failed != ERR_NONE || running(p) == 0)
			break;
		show(p);
		listen_to(p, -1);
	}
	stop_all(p);
	if (p->failed == ERR_NONE || p->why[0] == '\0')
		return p->failed;
	return fail(p->failed, "%s", p->why);
}
