/*
 * view_parcel.c - the exact bytes that would leave, what the gate says of
 * them and why, and what left before.  Nothing else leaves.
 */
#include "tui/noting.h"

#include "tui/pager.h"
#include "tui/outgoing.h"

struct parcel_view {
	struct pager pager;
	enum outgoing_state shown;
	uint64_t done;
};

static void
add_row(struct pager *g, const struct gate_row *r)
{
	static const uint16_t roles[] = {
		[REFUSE] = ROLE_ERROR,
		[ASK] = ROLE_WARNING,
		[PASS] = ROLE_TEXT,
	};
	struct str why = r->why.len > 0 ? r->why : str_of(r->guards);

	pager_printf(g, roles[r->verdict], "  %-10s %-8s %.*s", r->check,
	    gate_verdict_name(r->verdict), STR_ARG(why));
}

/* The worst first. */
static void
add_rows(struct pager *g, const struct gate *gate)
{
	for (enum verdict v = REFUSE; v <= PASS; v++)
		for (uint32_t i = 0; i < gate->n_rows; i++)
			if (gate->rows[i].verdict == v)
				add_row(g, &gate->rows[i]);
}

static const char *
what_now(struct outgoing *s, const struct gate *gate, const struct rules *r)
{
	if (outgoing_state(s) >= OUTGOING_PRINTS)
		return "It has left.";
	if (gate->verdict == PASS)
		return "The gate lets it out.  s sends it.";
	if (gate->verdict == ASK && r->personal)
		return "Look at it once more.  s sends it.";
	if (gate->verdict == ASK && outgoing_agreed(s))
		return "The approvals are here.  s sends it.";
	if (gate->verdict == ASK)
		return "People have to agree.  s asks them; gx lists what "
		       "waits for them.";
	return "It does not leave like this: gn, then e on the entry, "
	       "says it in other words.";
}

static void
add_verdict(struct pager *g, struct outgoing *s, const struct rules *r)
{
	const struct gate *gate = outgoing_gate(s);
	const struct verdict_source *v = outgoing_source(s);

	if (gate == NULL && v != NULL && v->of > 0)
		pager_printf(g, ROLE_WARNING,
		    "the checker has read %llu of "
		    "%llu files of the source ...",
		    (unsigned long long)v->done, (unsigned long long)v->of);
	else if (gate == NULL)
		pager_add(g, ROLE_WARNING,
		    STR("the checker is reading the "
			"source ..."));
	if (gate == NULL)
		return;
	pager_printf(g, ROLE_KEYWORD, "verdict: %s",
	    gate_verdict_name(gate->verdict));
	add_rows(g, gate);
	pager_add(g, ROLE_TEXT, str_of(what_now(s, gate, r)));
	if (v != NULL && v->n_spans > 0)
		pager_printf(g, ROLE_WARNING,
		    "what looks like source is "
		    "marked below: %u place%s",
		    v->n_spans, v->n_spans == 1 ? "" : "s");
}

static void
add_ledger(struct pager *g, struct outgoing *s)
{
	struct buf b = { 0 };
	struct str rest, line;

	outgoing_tell(s, outgoing_ledger(s), &b);
	rest = buf_view(&b);
	while (str_cut(&rest, '\n', &line))
		pager_add(g, ROLE_TEXT, line);
	buf_release(&b);
}

/* Who said what. */
static void
add_steps(struct pager *g, struct outgoing *s, const struct rules *r)
{
	struct arena a = { 0 };
	struct approval_step *steps;
	size_t n = outgoing_steps(s, &a, &steps), agree = 0;

	for (size_t i = 0; i < n; i++) {
		struct buf when = { 0 };

		agree += steps[i].kind == APPROVAL_AGREES;
		if (steps[i].when != 0)
			approval_time(&when, steps[i].when);
		pager_printf(g,
		    steps[i].kind == APPROVAL_OBJECTS ? ROLE_WARNING :
							ROLE_TEXT,
		    "%.*s %s %s%s%.*s", STR_ARG(steps[i].who->name),
		    approval_kind_name(steps[i].kind),
		    when.len > 0 ? when.at : "",
		    steps[i].reason.len > 0 ? ": " : "",
		    STR_ARG(steps[i].reason));
		buf_release(&when);
	}
	pager_printf(g, ROLE_TEXT, "approvals so far: %zu of %u", agree,
	    r->approvals_need);
	arena_release(&a);
}

/* The spans of source that touch bytes from..to, as spans of that line. */
static size_t
spans_of(const struct verdict_source *v, size_t from, size_t to,
    struct canvas_span *out, size_t room)
{
	size_t n = 0;

	for (uint32_t i = 0; v != NULL && i < v->n_spans && n < room; i++) {
		size_t at = v->spans[i].at, end = at + v->spans[i].len;

		if (end <= from || at >= to)
			continue;
		at = at < from ? from : at;
		end = end > to ? to : end;
		if (n > 0 && at - from < out[n - 1].to)
			at = from + out[n - 1].to;
		if (at < end)
			out[n++] = (struct canvas_span){ (uint32_t)(at - from),
				(uint32_t)(end - from), ROLE_ERROR | ATTR_HIT };
	}
	return n;
}

static void
add_bytes(struct pager *g, struct outgoing *s, bool paper)
{
	struct str all = outgoing_bytes(s), rest = all, line;
	struct canvas_span spans[64];

	if (pages_is(all))
		pager_printf(g, ROLE_HUNK, "exactly these lines would %s:",
		    paper ? "be printed" : "leave, as pages in a sealed file");
	else
		pager_printf(g, ROLE_HUNK,
		    outgoing_state(s) == OUTGOING_GONE ?
			"exactly this has left, %zu bytes:" :
			"exactly this would leave, %zu bytes:",
		    all.len);
	while (str_cut(&rest, '\n', &line)) {
		size_t from = (size_t)(line.at - all.at);
		size_t n = spans_of(outgoing_source(s), from, from + line.len,
		    spans, 64);

		pager_add(g, ROLE_TEXT, line);
		if (n > 0)
			pager_spans(g, spans, n);
	}
}

static void
load(struct pane *p)
{
	struct parcel_view *v = p->state;
	struct outgoing *s = noting_outgoing(p->room);
	struct pager *g = &v->pager;
	uint64_t row = g->list.selected;

	pager_clear(g);
	add_verdict(g, s, noting_rules(p->room));
	if (outgoing_gate(s) != NULL)
		add_ledger(g, s);
	if (outgoing_gate(s) != NULL && !noting_rules(p->room)->personal)
		add_steps(g, s, noting_rules(p->room));
	pager_add(g, ROLE_TEXT, STR(""));
	add_bytes(g, s, noting_rules(p->room)->excerpt.paper);
	if (v->shown == outgoing_state(s))
		list_select(&g->list, row);
	v->shown = outgoing_state(s);
}

static enum err
parcel_open(struct pane *p, const struct target *t)
{
	struct parcel_view *v = p->state;

	(void)t;
	if (outgoing_state(noting_outgoing(p->room)) == OUTGOING_NONE)
		return fail(ERR_ABSENT, "nothing was chosen: gx does");
	pager_init(&v->pager);
	v->pager.wrap = true;
	load(p);
	return ERR_NONE;
}

static void
parcel_close(struct pane *p)
{
	struct parcel_view *v = p->state;

	outgoing_drop(noting_outgoing(p->room));
	pager_release(&v->pager);
}

static void
parcel_draw(struct pane *p, struct canvas *c)
{
	struct parcel_view *v = p->state;

	pager_draw(&v->pager, c);
}

static void
parcel_title(struct pane *p, struct canvas *line)
{
	static const char *const words[] = {
		[OUTGOING_NONE] = "nothing",
		[OUTGOING_ASKED] = "being checked",
		[OUTGOING_JUDGED] = "judged",
		[OUTGOING_PRINTS] = "being made",
		[OUTGOING_GONE] = "gone",
	};

	canvas_printf(line, 0, 0, ROLE_TITLE, "Export, %s",
	    words[outgoing_state(noting_outgoing(p->room))]);
}

static struct list *
parcel_list(struct pane *p)
{
	return &((struct parcel_view *)p->state)->pager.list;
}

static void
sent(struct pane *p, uint32_t key)
{
	struct str file;
	enum err rc;

	if (key != 'y')
		return;
	rc = outgoing_release(noting_outgoing(p->room), &file);
	if (rc == ERR_STOPPED) {
		shell_message(p->shell, "%s", err_text());
		err_clear();
	} else if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else if (outgoing_state(noting_outgoing(p->room)) == OUTGOING_GONE)
		shell_message(p->shell,
		    "%.*s is in the outbox, counted and "
		    "recorded",
		    STR_ARG(file));
	else
		shell_message(p->shell, "%.*s: counted, being made",
		    STR_ARG(file));
	load(p);
}

static void
run_send(struct pane *p, const struct call *c)
{
	struct outgoing *s = noting_outgoing(p->room);
	const struct gate *gate = outgoing_gate(s);

	(void)c;
	if (outgoing_state(s) >= OUTGOING_PRINTS)
		shell_message(p->shell, "it has left already");
	else if (gate == NULL)
		shell_message(p->shell, "the gate has not judged it yet");
	else if (gate->verdict == REFUSE)
		sent(p, 'y'); /* the refusal is recorded, and why is said */
	else
		shell_choose(p,
		    gate->verdict == PASS || noting_rules(p->room)->personal ?
			"send exactly these bytes?" :
			"send it, or ask for the approvals that are missing?",
		    "yn", sent);
}

static const struct command commands[] = {
	{ "send", "s", "let it leave, or hear why not", run_send, "send",
	    NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_parcel = {
	.name = "parcel",
	.about = "What would leave, and what the gate says",
	.state_size = sizeof(struct parcel_view),
	.commands = commands,
	.open = parcel_open,
	.close = parcel_close,
	.draw = parcel_draw,
	.title = parcel_title,
	.list = parcel_list,
	.wake = load,
};
