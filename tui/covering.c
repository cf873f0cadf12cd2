#include "tui/covering.h"

#include <stdlib.h>
#include <string.h>

enum {
	MARKS_MS = 1500, /* all marks are sent each time: not oftener */
	RECORD_MS = 60 * 1000,
	FRESH_MAX = 20 * 1000, /* files seen and not recorded yet */
};

struct covering {
	struct noting *noting;
	struct cover *fresh; /* seen and not recorded yet */
	unsigned record_timer, marks_timer;
};

struct covering *
covering_open(struct noting *n)
{
	struct covering *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("no memory for coverage");
	c->noting = n;
	c->fresh = cover_open();
	return c;
}

static void
cancel(struct covering *c, unsigned *timer)
{
	if (*timer != 0)
		loop_cancel(noting_loop(c->noting), *timer);
	*timer = 0;
}

void
covering_close(struct covering *c)
{
	if (c == NULL)
		return;
	cancel(c, &c->record_timer);
	cancel(c, &c->marks_timer);
	cover_close(c->fresh);
	free(c);
}

void
covering_send(struct covering *c)
{
	const struct noting_out *out = noting_ports(c->noting);
	const struct book *b = noting_book(c->noting);
	struct arena a = { 0 };
	struct mark *items = NULL, *marks = NULL;
	size_t len = 0, n_items = b == NULL ? 0 : book_marks(b, &a, &items);

	cancel(c, &c->marks_timer);
	cover_marks(c->fresh, &marks, &len);
	if (b != NULL)
		cover_marks(book_cover(b), &marks, &len);
	marks = realloc(marks, (len + n_items + 1) * sizeof *marks);
	if (marks == NULL)
		bug("no memory for marks");
	if (n_items > 0)
		memcpy(marks + len, items, n_items * sizeof *marks);
	out->marks(out->arg, marks, len + n_items);
	free(marks);
	arena_release(&a);
}

static void
send_now(void *arg)
{
	struct covering *c = arg;

	c->marks_timer = 0;
	covering_send(c);
}

/* What the record does not have yet of one file.  false: it could not be
 * recorded, and the message row says why. */
static bool
record_file(struct covering *c, const struct cover_file *f)
{
	const struct cover *known = book_cover(noting_book(c->noting));
	struct entry e = {
		.type = ENTRY_SEEN,
		.anchored = true,
		.at = { .commit = f->commit, .blob = f->blob, .path = f->path }
	};
	struct buf pairs = { 0 };
	bool good = true;

	for (uint32_t i = 0; i < f->len[COVER_SEEN]; i++)
		cover_missing(known, COVER_SEEN, &f->blob,
		    f->spans[COVER_SEEN][2 * i],
		    f->spans[COVER_SEEN][2 * i + 1], &pairs);
	e.spans.at = (uint32_t *)(void *)pairs.at;
	e.spans.len = (uint32_t)(pairs.len / 8);
	for (uint32_t rest = e.spans.len; rest > 0 && good;) {
		e.spans.len = rest < SPANS_MAX ? rest : SPANS_MAX;
		good = noting_add(c->noting, &e);
		e.spans.at += 2 * e.spans.len;
		rest -= e.spans.len;
		e.seq = 0;
	}
	buf_release(&pairs);
	return good;
}

void
covering_record(struct covering *c)
{
	cancel(c, &c->record_timer);
	if (noting_book(c->noting) == NULL)
		return;
	for (size_t i = 0; i < cover_files(c->fresh); i++) {
		struct cover_file f = cover_file(c->fresh, i);

		if (!record_file(c, &f))
			return;
	}
	cover_close(c->fresh);
	c->fresh = cover_open();
}

static void
record_now(void *arg)
{
	struct covering *c = arg;

	c->record_timer = 0;
	covering_record(c);
}

void
covering_seen(struct covering *c, const struct anchor *an)
{
	struct loop *loop = noting_loop(c->noting);

	if (cover_files(c->fresh) >= FRESH_MAX)
		covering_record(c);
	if (cover_files(c->fresh) >= FRESH_MAX ||
	    !cover_set(c->fresh, COVER_SEEN, an, true))
		return;
	if (loop == NULL) {
		covering_send(c);
		return;
	}
	if (c->marks_timer == 0)
		c->marks_timer = loop_after(loop, MARKS_MS, send_now, c);
	if (c->record_timer == 0)
		c->record_timer = loop_after(loop, RECORD_MS, record_now, c);
}
