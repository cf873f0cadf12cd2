#include "core/search_serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "core/feed.h"
#include "core/lexer.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/search_lines.h"
#include "core/search_pick.h"
#include "core/search_scan.h"
#include "core/wire.h"

enum {
	TICK_MS = 20,
	BATCH_TICKS = 5, /* a batch waits at most that long */
	HEADER = 8,      /* of a message, core/port.h */
	HITS_ROOM = 60 * 1024,
	PACKED_ROOM = 16 * 1024, /* of one blob, at a time */
	SKIP_BODY = 4 + 4 + 4 + 1,
	ALT_STACK = 64 * 1024,
};

/*
 * What the signal handlers look at.  The main flow writes it; a handler only
 * reads, sends and ends the process.
 */
static struct {
	int fd;
	volatile sig_atomic_t busy; /* a search runs */
	volatile sig_atomic_t in_blob;
	volatile sig_atomic_t stopping; /* cancelled, politely so far */
	volatile sig_atomic_t sending;  /* or writing what is sent */
	volatile sig_atomic_t ticks;
	volatile sig_atomic_t flushed; /* tick of the last batch */
	volatile uint32_t job, blob;
	volatile uint32_t begun;  /* blobs so far */
	volatile int64_t allowed; /* ns of processor time for one */
	/* The handler's own: when it first saw which blob. */
	uint32_t seen;
	int64_t since;
	uint16_t type; /* MSG_HITS, or MSG_SEARCH_LINES */
	/* A whole message; len counts header and finished hits only. */
	char hits[HEADER + LIMIT_MESSAGE];
	volatile size_t len;
} now;

static char alt_stack[ALT_STACK];

static int64_t
processor_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
put_u32(char *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(v >> (8 * i));
}

static void
put_header(char *at, uint16_t type, size_t body)
{
	at[0] = (char)type;
	at[1] = (char)(type >> 8);
	at[2] = at[3] = 0;
	put_u32(at + 4, (uint32_t)body);
}

/* In a handler: the hits so far.  false: the reading room is slow. */
static bool
send_hits(int flags)
{
	if (now.len == HEADER + 4)
		return true;
	put_header(now.hits, now.type, now.len - HEADER);
	if (send(now.fd, now.hits, now.len, MSG_NOSIGNAL | flags) < 0)
		return false;
	now.len = HEADER + 4;
	return true;
}

/* In a handler: the hits so far, then the blob by name, then the end.  When
 * the reading room is slow this returns, and the next tick tries again. */
static void
give_up(enum search_skip why, int flags)
{
	char skip[HEADER + SKIP_BODY];

	if (!send_hits(flags))
		return;
	put_header(skip, MSG_SEARCH_SKIP, SKIP_BODY);
	put_u32(skip + HEADER, now.job);
	put_u32(skip + HEADER + 4, now.blob);
	put_u32(skip + HEADER + 8, 0);
	skip[HEADER + 12] = (char)why;
	if (send(now.fd, skip, sizeof skip, MSG_NOSIGNAL | flags) < 0)
		return;
	_exit(0);
}

/* Whether the next message is the cancel of this search, or the end. */
static bool
is_cancelled(void)
{
	unsigned char m[HEADER + 4];
	ssize_t n = recv(now.fd, m, sizeof m, MSG_PEEK | MSG_DONTWAIT);
	uint32_t job;

	if (n == 0)
		return true;
	if (n != (ssize_t)sizeof m || m[0] != (MSG_SEARCH_CANCEL & 0xff) ||
	    m[1] != MSG_SEARCH_CANCEL >> 8)
		return false;
	job = (uint32_t)m[8] | (uint32_t)m[9] << 8 | (uint32_t)m[10] << 16 |
	    (uint32_t)m[11] << 24;
	return job == now.job;
}

static void
on_tick(int sig)
{
	int kept = errno;

	(void)sig;
	now.ticks++;
	if (now.busy && is_cancelled()) {
		if (now.stopping)
			_exit(0);
		now.stopping = 1;
	}
	if (now.busy && now.in_blob && !now.sending) {
		if (now.seen != now.begun) {
			now.seen = now.begun;
			now.since = processor_time();
		} else if (processor_time() - now.since > now.allowed) {
			give_up(SEARCH_SKIP_TIME, MSG_DONTWAIT);
		}
		/* What was found does not wait for one slow blob. */
		if (now.ticks - now.flushed >= BATCH_TICKS &&
		    send_hits(MSG_DONTWAIT))
			now.flushed = now.ticks;
	}
	errno = kept;
}

static void
on_crash(int sig)
{
	if (now.busy && now.in_blob && !now.sending)
		give_up(SEARCH_SKIP_CRASH, 0);
	_exit(128 + sig);
}

enum err
search_serve_prepare(void)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE,
		SIGABRT };
	stack_t stack = { .ss_sp = alt_stack, .ss_size = sizeof alt_stack };
	struct sigaction tick = { .sa_handler = on_tick,
		.sa_flags = SA_RESTART };
	struct sigaction crash = { .sa_handler = on_crash,
		.sa_flags = SA_ONSTACK | (int)SA_RESETHAND };

	if (sigaltstack(&stack, NULL) != 0 ||
	    sigaction(SIGALRM, &tick, NULL) != 0)
		return fail(ERR_IO, "signals: %s", strerror(errno));
#ifndef SANITIZED
	for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
		if (sigaction(crashes[i], &crash, NULL) != 0)
			return fail(ERR_IO, "signals: %s", strerror(errno));
#else
	(void)crashes;
	(void)crash;
#endif
	return ERR_NONE;
}

static void
set_timer(bool on)
{
	struct itimerval every = { 0 };

	if (on)
		every.it_interval.tv_usec = every.it_value.tv_usec =
		    TICK_MS * 1000;
	(void)setitimer(ITIMER_REAL, &every, NULL);
}

/* One search. */
struct serving {
	const struct search_fds *fds;
	const struct textstore *store;
	struct arena a;
	struct search_start start;
	struct search_scan *scan;
	struct buf last; /* the query that scan was made for */
	/* With a store: which blobs that query names, and what the index has
	 * said of it.  All of it in held. */
	struct arena held;
	struct textstore_selection some;
	struct search_pick pick;
	bool picked;
	struct buf body, out, packed;
	struct search_hit *found; /* of one blob, to be counted */
	size_t n_found, found_room;
	struct feed_in feed;
	uint32_t blobs, converted; /* of this search; of scan before it */
	uint64_t bytes;
	bool told;
	enum err rc; /* of the port to the reading room */
};

static void
say(struct serving *s, uint16_t type)
{
	if (s->rc == ERR_NONE)
		s->rc = port_write(s->fds->reading, type, buf_view(&s->out));
	buf_clear(&s->out);
}

static void
flush_hits(struct serving *s)
{
	now.sending = 1;
	now.flushed = now.ticks;
	s->told = true;
	if (now.len > HEADER + 4 && s->rc == ERR_NONE)
		s->rc = port_write(s->fds->reading, now.type,
		    (struct str){ now.hits + HEADER, now.len - HEADER });
	now.len = HEADER + 4;
	now.sending = 0;
}

/* Soon at first, then in batches. */
static bool
is_time(const struct serving *s)
{
	return now.ticks - now.flushed >= (s->told ? BATCH_TICKS : 1);
}

/* s->out joins the batch. */
static void
add_to_batch(struct serving *s)
{
	if (now.len + s->out.len > HITS_ROOM)
		flush_hits(s);
	now.sending = 1; /* the handler may not send half a hit */
	memcpy(now.hits + now.len, s->out.at, s->out.len);
	now.len += s->out.len;
	now.sending = 0;
	buf_clear(&s->out);
	if (is_time(s))
		flush_hits(s);
}

static void
on_hit(void *arg, const struct search_hit *h)
{
	struct serving *s = arg;
	struct search_hit mine = *h;

	if (s->start.detail == SEARCH_DETAIL_COUNT) {
		if (s->n_found == s->found_room) {
			s->found_room = 2 * s->found_room + 64;
			s->found = reallocarray(s->found, s->found_room,
			    sizeof *s->found);
			if (s->found == NULL)
				bug("no memory for %zu lines", s->found_room);
		}
		s->found[s->n_found++] = mine;
		return;
	}
	mine.blob = now.blob;
	buf_clear(&s->out);
	search_hit_write(&mine, &s->out);
	add_to_batch(s);
}

static int
by_line(const void *a, const void *b)
{
	const struct search_hit *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static void
say_packed(struct serving *s)
{
	struct search_lines l = { now.blob, buf_view(&s->packed) };

	buf_clear(&s->out);
	search_lines_write(&s->out, &l);
	add_to_batch(s);
	buf_clear(&s->packed);
}

/* The lines of the blob at hand, when they are only counted.  A blob that is
 * given up says none. */
static void
say_lines(struct serving *s)
{
	uint32_t last = 0;
	bool sorted = true;

	for (size_t i = 1; i < s->n_found && sorted; i++)
		sorted = s->found[i - 1].line <= s->found[i].line;
	if (!sorted) /* bytes that are no text are searched twice */
		qsort(s->found, s->n_found, sizeof *s->found, by_line);
	for (size_t i = 0; i < s->n_found; i++) {
		search_lines_add(&s->packed, &last, &s->found[i]);
		if (s->packed.len > PACKED_ROOM)
			say_packed(s);
	}
	s->n_found = 0;
	if (s->packed.len > 0)
		say_packed(s);
}

static void
on_skip(void *arg, uint32_t line, enum search_skip why)
{
	struct serving *s = arg;
	struct search_skipped skip = { .job = s->start.job,
		.blob = now.blob,
		.line = line,
		.why = (uint8_t)why };

	now.sending = 1;
	buf_clear(&s->out);
	search_skipped_write(&skip, &s->out);
	say(s, MSG_SEARCH_SKIP);
	now.sending = 0;
}

static void
say_progress(struct serving *s)
{
	struct search_progress p = { .job = s->start.job,
		.blobs = s->blobs,
		.bytes = s->bytes };

	flush_hits(s);
	search_progress_write(&p, &s->out);
	say(s, MSG_SEARCH_PROGRESS);
}

static void
say_done(struct serving *s, enum err rc)
{
	struct search_done d = { .job = s->start.job,
		.blobs = s->blobs,
		.bytes = s->bytes,
		.rc = (uint8_t)rc };

	flush_hits(s);
	/* From here on nothing ends this process for this search. */
	now.busy = 0;
	set_timer(false);
	if (s->scan != NULL)
		d.converted = search_scan_converted(s->scan) - s->converted;
	if (rc != ERR_NONE)
		d.text = str_of(err_text());
	search_done_write(&d, &s->out);
	say(s, MSG_SEARCH_DONE);
	err_clear();
}

static void
begin_blob(uint32_t k)
{
	now.blob = k;
	now.begun++;
	now.in_blob = 1;
}

static void
end_blob(struct serving *s, size_t bytes)
{
	now.in_blob = 0;
	say_lines(s);
	s->blobs++;
	s->bytes += bytes;
	if (is_time(s))
		say_progress(s);
}

static struct search_sink
sink_of(struct serving *s)
{
	return (struct search_sink){ on_hit, on_skip, s };
}

/* What the store says of a text is looked at again: a form of the pattern
 * for UTF-8 does not survive anything else. */
static unsigned
proven(const struct serving *s, const struct textstore_blob *b, struct str part)
{
	unsigned ascii;

	/* Nobody looks at it: more of a line than its first match is asked of
	 * PCRE2. */
	if (search_scan_is_exact(s->scan) &&
	    s->start.detail != SEARCH_DETAIL_ALL)
		return 0;
	ascii = encoding_is_ascii(part) ? SEARCH_SCAN_ASCII : 0;

	/* A text is characters or bytes as a whole. */
	if (b->facts.utf8 && (ascii || encoding_is_utf8(part)))
		return ascii | SEARCH_SCAN_UTF8;
	return ascii;
}

static const struct language *
language(const struct serving *s, uint32_t blob)
{
	uint32_t n;
	const uint32_t *at = textstore_places_of(s->store, blob, &n);

	return n == 0 ?
	    NULL :
	    lexer_find(textstore_place(s->store, at[0]).path, STR(""));
}

/* The parts of one blob that can hold a match; none costs next to nothing. */
static enum err
search_one(struct serving *s, struct search_pick *pick, uint32_t blob)
{
	struct textstore_blob b = textstore_blob(s->store, blob);
	struct search_sink sink = sink_of(s);
	struct search_part part;
	enum err rc = search_pick_blob(pick, blob, &b);

	while (rc == ERR_NONE && search_pick_next(pick, &part)) {
		struct str some =
		    str_slice(b.bytes, part.from, part.to - part.from);

		/* Over lines a blob is in or out as one. */
		if (pick->multi_line && !part.whole)
			continue;
		now.in_blob = 1;
		/* Whether a place is in a comment is known from the start. */
		if (s->start.query.flags & SEARCH_KINDS) {
			search_scan_language(s->scan, language(s, blob));
			part.whole = true;
			some = b.bytes;
		}
		if (part.whole) {
			search_scan_known(s->scan, b.bytes, b.encoding,
			    proven(s, &b, some), &sink);
			break;
		}
		search_scan_part(s->scan, some, part.line, proven(s, &b, some),
		    &sink);
	}
	end_blob(s, b.bytes.len);
	return rc == ERR_NONE ? s->rc : rc;
}

/* Number k of the share: where to go on.  What the index passes over is
 * searched, too. */
static enum err
search_next(struct serving *s, struct search_pick *pick,
    const struct textstore_selection *some, uint32_t *k)
{
	const struct search_start *start = &s->start;
	uint32_t at = search_share_blob(start->part, start->parts, *k), next;
	enum err rc;

	if (at >= some->n_blobs)
		return fail(ERR_FORMAT, "file %u of %u", at, some->n_blobs);
	rc = search_pick_skip(pick, textstore_selected(some, at), &next);
	if (rc != ERR_NONE)
		return rc;
	next = textstore_selected_from(some, next);
	if (next > at) {
		next = search_share_from(start->part, start->parts, next);
		if (next > start->to)
			next = start->to;
		s->blobs += next - *k;
		*k = next;
		if (is_time(s))
			say_progress(s);
		return s->rc;
	}
	now.blob = (*k)++;
	now.begun++;
	return search_one(s, pick, textstore_selected(some, at));
}

static enum err
pick(struct serving *s)
{
	const struct query *q = &s->start.query;
	enum err rc = textstore_select(&s->some, &s->held, s->store, q);

	if (rc != ERR_NONE)
		return rc;
	/* What runs over a backslash is in no three bytes of the index. */
	search_pick_start(&s->pick, &s->held, s->store,
	    q->flags & SEARCH_JOINED ? NULL : search_scan_plan(s->scan),
	    q->flags & SEARCH_MULTI_LINE);
	s->picked = true;
	return ERR_NONE;
}

static enum err
search_store(struct serving *s)
{
	const struct search_start *start = &s->start;
	uint32_t k = start->from;
	enum err rc = s->picked ? ERR_NONE : pick(s);

	while (rc == ERR_NONE && k < start->to) {
		if (now.stopping)
			return fail(ERR_STOPPED, "stopped");
		rc = search_next(s, &s->pick, &s->some, &k);
	}
	return rc == ERR_NONE ? textstore_damage(s->store) : rc;
}

/* All whole blobs of one message. */
static enum err
search_fed(struct serving *s, struct str body)
{
	struct search_sink sink = sink_of(s);
	struct feed_blob b;
	bool more;
	enum err rc;

	if (!feed_take(&s->feed, body))
		return ERR_NONE;
	for (;;) {
		rc = feed_next(&s->feed, &b, &more);
		if (rc != ERR_NONE || !more)
			return rc;
		if (now.stopping)
			return fail(ERR_STOPPED, "stopped");
		if (b.index >= s->start.to - s->start.from)
			return fail(ERR_FORMAT, "file %u that was not asked",
			    b.index);
		if (s->start.languages.len > b.index)
			search_scan_language(s->scan,
			    lexer_numbered(
				(uint8_t)s->start.languages.at[b.index]));
		begin_blob(s->start.from + b.index);
		s->fds->blob(s->scan, b.bytes, &sink);
		end_blob(s, b.bytes.len);
		if (s->rc != ERR_NONE)
			return s->rc;
	}
}

/* One message of the worker; *end when it was the last of this search. */
static enum err
take_feed(struct serving *s, bool *end)
{
	struct feed_total total;
	uint16_t type;
	enum err rc = port_read(s->fds->worker, &type, &s->body);

	if (rc == ERR_ABSENT)
		return fail(ERR_IO, "the worker is gone");
	if (rc != ERR_NONE)
		return rc;
	if (type == MSG_BLOB)
		return search_fed(s, buf_view(&s->body));
	if (type != MSG_FEED_END)
		return fail(ERR_FORMAT, "a worker says %u", type);
	rc = feed_end_read(&total, buf_view(&s->body));
	if (rc == ERR_NONE && total.job == s->start.job) {
		*end = true;
		rc = total.rc == ERR_NONE ?
		    ERR_NONE :
		    fail(total.rc, "the worker did not send everything");
	}
	return rc;
}

/* While a search runs only its cancel is taken. */
static enum err
take_cancel(struct serving *s)
{
	struct wire w;
	uint16_t type;
	uint32_t job;
	enum err rc = port_read(s->fds->reading, &type, &s->body);

	if (rc != ERR_NONE)
		return s->rc = rc;
	w = wire_of(buf_view(&s->body));
	job = wire_u32(&w);
	if (type != MSG_SEARCH_CANCEL || wire_done(&w) != ERR_NONE)
		return s->rc = fail(ERR_FORMAT, "message %u in a search", type);
	return job == s->start.job ? fail(ERR_STOPPED, "stopped") : ERR_NONE;
}

static enum err
search_feed(struct serving *s)
{
	struct pollfd wait[] = {
		{ .fd = s->fds->reading, .events = POLLIN },
		{ .fd = s->fds->worker, .events = POLLIN },
	};
	bool end = false;
	enum err rc = ERR_NONE;

	feed_listen(&s->feed, s->start.job);
	while (rc == ERR_NONE && !end) {
		if (poll(wait, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return fail(ERR_IO, "waiting: %s", strerror(errno));
		}
		if (wait[0].revents != 0)
			rc = take_cancel(s);
		else if (wait[1].revents != 0)
			rc = take_feed(s, &end);
	}
	return rc;
}

/* The same pattern, dealt in parts, is compiled once. */
static enum err
prepare_scan(struct serving *s)
{
	struct buf query = { 0 };
	enum err rc = ERR_NONE;

	search_query_write(&s->start.query, &query);
	if (s->scan == NULL || !str_eq(buf_view(&query), buf_view(&s->last))) {
		search_scan_close(s->scan);
		s->scan = NULL;
		s->picked = false;
		arena_clear(&s->held);
		rc = search_scan_open(&s->scan, &s->start.query);
		buf_clear(&s->last);
		buf_str(&s->last, buf_view(&query));
	}
	buf_release(&query);
	s->converted = s->scan == NULL ? 0 : search_scan_converted(s->scan);
	if (s->scan != NULL)
		search_scan_detail(s->scan, s->start.detail);
	return rc;
}

static void
begin_search(struct serving *s)
{
	uint32_t seconds = s->start.query.seconds;

	if (seconds == 0)
		seconds = SEARCH_SECONDS;
	s->blobs = 0;
	s->bytes = 0;
	s->told = false;
	now.fd = s->fds->reading;
	now.job = s->start.job;
	now.allowed = (int64_t)seconds * 1000000000;
	now.stopping = 0;
	now.ticks = 0;
	now.flushed = 0;
	s->n_found = 0;
	buf_clear(&s->packed);
	now.type = s->start.detail == SEARCH_DETAIL_COUNT ? MSG_SEARCH_LINES :
							    MSG_HITS;
	put_u32(now.hits + HEADER, now.job);
	now.len = HEADER + 4;
	now.in_blob = 0;
	now.busy = 1;
	set_timer(true);
}

static enum err
search(struct serving *s)
{
	enum err rc;

	arena_clear(&s->a);
	rc = search_start_read(&s->start, &s->a, buf_view(&s->body));
	if (rc != ERR_NONE)
		return rc;
	begin_search(s);
	rc = prepare_scan(s);
	if (rc == ERR_NONE)
		rc = s->store != NULL ? search_store(s) : search_feed(s);
	now.in_blob = 0;
	if (s->rc != ERR_NONE)
		return s->rc;
	/* A pattern that is none is the only error of format that is told;
	 * a worker or a store that breaks its promise is one of I/O. */
	if (rc == ERR_FORMAT && s->scan != NULL)
		rc = ERR_IO;
	say_done(s, rc);
	return s->rc;
}

static void
say_hello(struct serving *s)
{
	struct buf engine = { 0 };

	search_pcre_engine(&engine);
	search_hello_write(buf_view(&engine), &s->out);
	say(s, MSG_SEARCH_HELLO);
	buf_release(&engine);
}

enum err
search_serve(const struct search_fds *fds, const struct textstore *store)
{
	struct serving s = { .fds = fds, .store = store };
	uint16_t type;
	enum err rc;

	say_hello(&s);
	rc = s.rc;
	while (rc == ERR_NONE) {
		rc = port_read(fds->reading, &type, &s.body);
		if (rc != ERR_NONE)
			break;
		/* A cancel may come when its search has just ended. */
		if (type == MSG_SEARCH)
			rc = search(&s);
		else if (type != MSG_SEARCH_CANCEL)
			rc = fail(ERR_FORMAT, "a searcher is told %u", type);
	}
	set_timer(false);
	now.busy = 0;
	search_scan_close(s.scan);
	feed_forget(&s.feed);
	buf_release(&s.body);
	buf_release(&s.out);
	buf_release(&s.packed);
	free(s.found);
	buf_release(&s.last);
	arena_release(&s.a);
	arena_release(&s.held);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}
