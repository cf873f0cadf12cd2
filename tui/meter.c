#include "tui/meter.h"

#include <stdlib.h>
#include <string.h>

#include "core/loop.h"
#include "notes/book.h"
#include "tui/noting.h"

enum {
	METER_AGAIN_MS = 700,        /* the checker still reads the source */
	METER_CONTEXT_MAX = 1 << 20, /* of what left before, the newest */
	METER_TEXT_MAX = 16 * 1024,  /* of a longer text, around the cursor */
	METER_MARKS_MAX = 64,
};

struct meter {
	struct noting *noting;
	struct edit *box;
	size_t from; /* of the text that was sent, in the box */
	uint32_t id; /* of the candidate; 0: none under way */
	bool dirty;  /* the text changed since it was sent */
	unsigned timer;
	bool answered;
	struct verdict_source v; /* without its spans */
	struct edit_mark marks[METER_MARKS_MAX];
	size_t n_marks;
	size_t seen; /* bytes of the box when it was marked */
};

struct meter *
meter_open(struct noting *n)
{
	struct meter *m = calloc(1, sizeof *m);

	if (m == NULL)
		bug("no memory for the meter");
	m->noting = n;
	return m;
}

void
meter_close(struct meter *m)
{
	free(m);
}

/* The newest of what left before, every export whole: they are read as what
 * they are. */
static struct str
context(const struct meter *m, struct arena *a)
{
	const struct book *b = noting_book(m->noting);
	const struct entry **events;
	struct buf all = { 0 };
	struct str newest;
	size_t n = b == NULL ? 0 : book_events(b, ENTRY_EXPORT, a, &events);
	size_t first = n, bytes = 0;

	while (first > 0 &&
	    events[first - 1]->text.len <= METER_CONTEXT_MAX - bytes)
		bytes += events[--first]->text.len;
	for (size_t i = first; i < n; i++)
		if (events[i]->serial != 0)
			buf_str(&all, events[i]->text);
	newest = arena_copy(a, buf_view(&all));
	buf_release(&all);
	return newest;
}

/* The text, or the part of it that is near the cursor. */
static struct str
near_cursor(struct meter *m)
{
	struct str all = edit_text(m->box);

	m->from = 0;
	if (all.len <= METER_TEXT_MAX)
		return all;
	if (m->box->at > METER_TEXT_MAX / 2)
		m->from = m->box->at - METER_TEXT_MAX / 2;
	if (m->from > all.len - METER_TEXT_MAX)
		m->from = all.len - METER_TEXT_MAX;
	return str_slice(all, m->from, METER_TEXT_MAX);
}

static void
ask(void *arg)
{
	struct meter *m = arg;
	const struct noting_out *out = noting_ports(m->noting);
	struct arena a = { 0 };

	m->timer = 0;
	if (m->box == NULL || out->candidate == NULL)
		return;
	m->dirty = false;
	m->id = noting_next_candidate(m->noting);
	out->candidate(out->arg, m->id, context(m, &a), near_cursor(m));
	arena_release(&a);
}

static void
ask_after(struct meter *m, unsigned ms)
{
	struct loop *loop = noting_loop(m->noting);

	if (loop == NULL) {
		ask(m);
		return;
	}
	if (m->timer != 0)
		loop_cancel(loop, m->timer);
	m->timer = loop_after(loop, ms, ask, m);
}

static void
show_marks(struct meter *m)
{
	m->box->marks = m->marks;
	m->box->n_marks = m->n_marks;
	m->seen = edit_text(m->box).len;
}

/* What lies in front of the change is as it was. */
static void
forget_marks(struct meter *m)
{
	size_t at = m->box->at, now = edit_text(m->box).len;

	if (now > m->seen)
		at = at > now - m->seen ? at - (now - m->seen) : 0;
	while (m->n_marks > 0 &&
	    m->marks[m->n_marks - 1].at + m->marks[m->n_marks - 1].len > at)
		m->n_marks--;
	show_marks(m);
}

void
meter_touch(struct meter *m, struct edit *box)
{
	if (m->box != box) {
		meter_drop(m);
		m->box = box;
		show_marks(m);
	}
	forget_marks(m);
	if (m->id != 0) {
		m->dirty = true; /* asked again when it has answered */
		return;
	}
	ask_after(m, METER_PAUSE_MS);
}

void
meter_drop(struct meter *m)
{
	if (m->timer != 0)
		loop_cancel(noting_loop(m->noting), m->timer);
	if (m->box != NULL) {
		m->box->marks = NULL;
		m->box->n_marks = 0;
	}
	*m = (struct meter){ .noting = m->noting };
}

static void
take_marks(struct meter *m, const struct verdict_source *v)
{
	size_t len = edit_text(m->box).len;

	m->n_marks = 0;
	for (uint32_t i = 0; i < v->n_spans && m->n_marks < METER_MARKS_MAX;
	     i++) {
		struct edit_mark k = { m->from + v->spans[i].at,
			v->spans[i].len,
			v->spans[i].kind >= SPAN_CLASSES ? ROLE_WARNING :
							   ROLE_ERROR };

		if (k.at < len && k.len <= len - k.at)
			m->marks[m->n_marks++] = k;
	}
	show_marks(m);
}

bool
meter_verdict(struct meter *m, const struct verdict_source *v)
{
	if (m->id == 0 || v->id != m->id)
		return false;
	m->id = 0;
	m->answered = true;
	m->v = *v;
	m->v.spans = NULL;
	m->v.n_spans = 0;
	if (m->box == NULL)
		return true;
	if (m->dirty) {
		ask_after(m, METER_PAUSE_MS);
		return true;
	}
	take_marks(m, v);
	if (!v->ready && noting_loop(m->noting) != NULL)
		ask_after(m, METER_AGAIN_MS);
	return true;
}

bool
meter_say(const struct meter *m, struct buf *out)
{
	const struct rules_export *e = &noting_rules(m->noting)->export;
	const struct verdict_source *v = &m->v;

	if (!m->answered)
		return false;
	if (!v->ready) {
		buf_str(out, STR("gate: still reading the source"));
		return false;
	}
	if (v->run > e->quote_run || v->more) {
		buf_printf(out,
		    "gate: %u tokens in a row, %llu may: Ctrl-R cites", v->run,
		    (unsigned long long)e->quote_run);
		return true;
	}
	if (v->tokens > e->quote_item || v->tokens > e->quote_one) {
		buf_printf(out,
		    "gate: %u tokens of source, %llu may: Ctrl-R cites",
		    v->tokens,
		    (unsigned long long)(e->quote_item < e->quote_one ?
			    e->quote_item :
			    e->quote_one));
		return true;
	}
	if (v->shapes > 0)
		buf_str(out, STR("gate: asks, the shape of source"));
	else if (v->remarks > 0)
		buf_str(out, STR("gate: asks, a comment of the source"));
	else if (v->tokens > 0)
		buf_printf(out, "gate: %u of %llu tokens quoted", v->tokens,
		    (unsigned long long)e->quote_item);
	else
		buf_str(out, STR("gate: clear"));
	return false;
}

/* "src/ie.c:118-121 (1a2b3c4d5e6f)": exact in the room, and outside only a
 * name.  No hash of the lines: a short one could be guessed. */
static void
put_citation(struct buf *b, const struct anchor *an)
{
	if (an == NULL) {
		buf_str(b, STR("[source, not quoted]"));
		return;
	}
	buf_char(b, '[');
	buf_str(b, an->path);
	buf_printf(b, ":%u", an->first);
	if (an->last > an->first)
		buf_printf(b, "-%u", an->last);
	buf_str(b, STR(" of "));
	buf_hex(b, an->commit.id, 6);
	buf_char(b, ']');
}

static const struct edit_mark *
mark_to_cite(const struct meter *m)
{
	for (size_t i = 0; i < m->n_marks; i++)
		if (m->box->at >= m->marks[i].at &&
		    m->box->at <= m->marks[i].at + m->marks[i].len)
			return &m->marks[i];
	return m->n_marks == 0 ? NULL : &m->marks[0];
}

bool
meter_cite(struct meter *m, const struct anchor *an)
{
	const struct edit_mark *k = m->box == NULL ? NULL : mark_to_cite(m);
	struct buf b = { 0 };
	struct edit_mark mark;
	bool done;

	if (k == NULL)
		return false;
	mark = *k;
	put_citation(&b, an);
	m->n_marks = 0;
	done = edit_replace(m->box, mark.at, mark.len, buf_view(&b));
	buf_release(&b);
	show_marks(m);
	m->answered = m->answered && !done;
	if (done)
		meter_touch(m, m->box);
	return done;
}
