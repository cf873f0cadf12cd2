/*
 * The room of a search without a screen over a session: what the reading
 * room does for it, without a git library, a view or a worker, as all of it
 * is in the text store.  It has the reading room's walls and place.
 */
#include <stdlib.h>

#include "core/encoding.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/textstore.h"
#include "core/wire.h"
#include "policy/enter.h"
#include "tui/script_send.h"

enum { TICK_MS = 1000 };

struct scribe;

struct searcher {
	struct scribe *s;
	unsigned i;
	struct port *port;
};

struct scribe {
	const struct start *start;
	struct arena arena;
	struct loop *loop;
	struct textstore *store;
	struct search_drive *drive;
	struct searcher searchers[ROOM_CORES_MAX];
	struct port *launcher;
	struct script_send send;
	/* The content that a long line is taken from. */
	uint32_t blob; /* number in the search, + 1 */
	struct encoding_text converted;
	struct script_look look;
	struct search_event last;
	bool over;
};

static void
on_gone(void *arg, enum err rc)
{
	struct scribe *s = arg;

	loop_stop(s->loop, rc);
}

static void
searcher_gone(void *arg, enum err rc)
{
	struct searcher *x = arg;

	loop_stop(x->s->loop,
	    rc == ERR_NONE ? fail(ERR_IO, "a searcher hung up") : rc);
}

#define ON_SEARCH(name, type)                                            \
	static enum err name(void *arg, struct str body)                 \
	{                                                                \
		struct searcher *x = arg;                                \
                                                                         \
		return search_drive_take(x->s->drive, x->i, type, body); \
	}
ON_SEARCH(on_hits, MSG_HITS)
ON_SEARCH(on_lines, MSG_SEARCH_LINES)
ON_SEARCH(on_progress, MSG_SEARCH_PROGRESS)
ON_SEARCH(on_done, MSG_SEARCH_DONE)
ON_SEARCH(on_skip, MSG_SEARCH_SKIP)
ON_SEARCH(on_hello, MSG_SEARCH_HELLO)

static const struct port_row search_rows[] = {
	{ MSG_HITS, 4, LIMIT_MESSAGE, on_hits },
	{ MSG_SEARCH_LINES, 4, LIMIT_MESSAGE, on_lines },
	{ MSG_SEARCH_PROGRESS, 4, 64, on_progress },
	{ MSG_SEARCH_DONE, 4, LIMIT_MESSAGE, on_done },
	{ MSG_SEARCH_SKIP, 4, 64, on_skip },
	{ MSG_SEARCH_HELLO, 1, 4096, on_hello },
	{ 0, 0, 0, NULL },
};

static enum err
on_shutdown(void *arg, struct str body)
{
	struct scribe *s = arg;

	(void)body;
	loop_stop(s->loop, ERR_NONE);
	return ERR_NONE;
}

static const struct port_row launcher_rows[] = {
	{ MSG_SHUTDOWN, 0, 0, on_shutdown },
	{ 0, 0, 0, NULL },
};

/* ---- lines ---- */

static struct str
name_of(void *arg, uint32_t release)
{
	struct scribe *s = arg;

	return textstore_release(s->store, release).name;
}

static void
open_content(struct scribe *s, const struct search_hit *h)
{
	struct textstore_blob b =
	    textstore_blob(s->store, search_drive_blob(s->drive, h->blob));

	s->blob = h->blob + 1;
	s->look = (struct script_look){ .text = b.bytes, .line = 1 };
	if (encoding_converts((enum encoding)h->encoding)) {
		encoding_convert(&s->converted, (enum encoding)h->encoding,
		    b.bytes);
		s->look.text = buf_view(&s->converted.utf8);
	}
}

static enum err
line_of(void *arg, struct str *out, const struct search_hit *h,
    const struct search_file *f)
{
	struct scribe *s = arg;

	(void)f;
	if (s->blob != h->blob + 1)
		open_content(s, h);
	*out = script_look_line(&s->look, h->line);
	return ERR_NONE;
}

static void
pump(void *arg)
{
	struct scribe *s = arg;
	const struct search_certificate *c;
	bool all;
	enum err rc;

	if (s->over)
		return;
	rc = script_send_more(&s->send, s->drive, &all);
	c = search_drive_certificate(s->drive);
	if (rc == ERR_NONE && (!all || c == NULL))
		return;
	if (rc == ERR_NONE && s->last.rc != ERR_NONE)
		rc = fail(s->last.rc, "%.*s", STR_ARG(s->last.text));
	s->over = true;
	if (rc == ERR_NONE)
		script_send_end(&s->send, c);
	else
		loop_stop(s->loop, rc);
}

/* ---- the search ---- */

static void
op_send(void *arg, unsigned i, uint16_t type, struct str body)
{
	struct scribe *s = arg;

	port_send(s->searchers[i].port, type, body);
}

static void
op_event(void *arg, const struct search_event *e)
{
	struct scribe *s = arg;

	if (e->last) {
		s->last = *e;
		s->last.text = arena_copy(&s->arena, e->text);
	}
	pump(s);
}

static const struct search_ops ops = { .send = op_send, .event = op_event };

static void
tick(void *arg)
{
	struct scribe *s = arg;

	search_drive_tick(s->drive);
	(void)loop_after(s->loop, TICK_MS, tick, s);
}

static enum err
begin(struct scribe *s)
{
	struct wire w = wire_of(s->start->query);
	struct query q = search_query_read(&w, &s->arena);
	unsigned n = s->start->cores;
	enum err rc = wire_done(&w);

	if (rc != ERR_NONE)
		return rc;
	if (n == 0 || n > ROOM_CORES_MAX)
		return fail(ERR_DENIED, "no searcher room is running");
	s->drive = search_drive_open(&ops, s, n);
	search_drive_detail(s->drive,
	    s->start->count ? SEARCH_DETAIL_COUNT : SEARCH_DETAIL_LINE);
	s->launcher =
	    port_open(s->loop, ROOM_FD_LAUNCHER, launcher_rows, on_gone, s);
	for (unsigned i = 0; i < n; i++) {
		struct searcher *x = &s->searchers[i];

		*x = (struct searcher){ .s = s, .i = i };
		x->port = port_open(s->loop, READING_FD_SEARCH + 2 * (int)i,
		    search_rows, searcher_gone, x);
	}
	s->send = (struct script_send){ .launcher = s->launcher,
		.count = s->start->count,
		.name = name_of,
		.line = line_of,
		.arg = s };
	port_on_empty(s->launcher, pump, s);
	(void)loop_after(s->loop, TICK_MS, tick, s);
	return search_drive_start_store(s->drive, &q, s->store);
}

static int
work(struct scribe *s)
{
	enum err rc = loop_open(&s->loop);
	int status;

	if (rc == ERR_NONE)
		rc = begin(s);
	if (rc == ERR_NONE)
		rc = loop_run(s->loop);
	status = room_end(rc);
	search_drive_close(s->drive);
	for (unsigned i = 0; i < ROOM_CORES_MAX; i++)
		port_close(s->searchers[i].port);
	port_close(s->launcher);
	loop_close(s->loop);
	script_send_release(&s->send);
	encoding_text_release(&s->converted);
	textstore_close(s->store);
	arena_release(&s->arena);
	return status;
}

static enum err
prepare(void *arg, const struct start *start, struct sandbox_paths *paths)
{
	struct scribe *s = arg;
	enum err rc = textstore_open(&s->store,
	    arena_printf(&s->arena, "%.*s/store", STR_ARG(start->text)).at);

	paths->read[0] = start->text;
	/* Lines that are counted are not shown. */
	if (rc == ERR_NONE && !start->count)
		rc = encoding_open_some(textstore_encodings(s->store));
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start start;
	struct scribe s = { .start = &start };
	enum err rc;
	int status;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_READING, argc, argv);
	rc = enter_room(&start, &a, ROOM_READING, prepare, &s);
	status = rc == ERR_NONE ? work(&s) : room_end(rc);
	arena_release(&a);
	return status;
}
