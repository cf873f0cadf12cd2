/*
 * view_pages.c - lines that shall become pages: what they cost, what the
 * rules still let out, and the request for them.
 */
#include "tui/noting.h"

#include "tui/list.h"
#include "tui/outgoing.h"
#include "tui/paging.h"

enum { TITLE_MAX = 120 };

struct pages_view {
	struct list list;
	struct buf ledger; /* three lines above the list */
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct paging *g = paging_of(p->room);
	const struct pages_place *l = &paging_pages(g)->places[r->row];
	struct buf b = { 0 };
	struct canvas_draw d = { .attr = r->attr,
		.find = r->find,
		.skip = r->skip };

	if (paging_known(g))
		canvas_printf(line, 0, 0, r->attr, "%4u page%s %5u of %u",
		    l->cost.pages, l->cost.pages == 1 ? " " : "s",
		    l->at.last - l->at.first + 1, l->cost.of);
	else
		canvas_printf(line, 0, 0, r->attr, "           %5u lines",
		    l->at.last - l->at.first + 1);
	buf_printf(&b, "%.*s:%u-%u in %.*s", STR_ARG(l->at.path), l->at.first,
	    l->at.last, STR_ARG(l->at.release));
	d.text = buf_view(&b);
	canvas_text(line, 0, 28, line->cols - 28, &d);
	buf_release(&b);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct pane *p = arg;

	(void)b;
	return paging_pages(paging_of(p->room))->places[row].at.path;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static void
put_of(struct buf *b, uint64_t n, uint64_t max, const char *what)
{
	buf_printf(b, "%llu of %llu %s", (unsigned long long)n,
	    (unsigned long long)max, what);
}

/* What it costs, against what the rules let out. */
static void
look(struct pane *p)
{
	struct pages_view *v = p->state;
	struct paging *g = paging_of(p->room);
	const struct rules_excerpt *e = &noting_rules(p->room)->excerpt;
	const struct pages *now = paging_pages(g);
	struct arena a = { 0 };
	struct ledger l = { 0 };
	struct ledger_row mine;
	struct pages_facts *f = paging_facts(g, &a, now);
	struct buf *b = &v->ledger;

	buf_clear(b);
	if (outgoing_look(noting_outgoing(p->room), &a, &l) != ERR_NONE)
		err_clear();
	mine = ledger_of(&l, noting_start(p->room)->auditor);
	buf_str(b, STR("pages so far: "));
	put_of(b, mine.pages, e->pages_person, "in all, ");
	put_of(b, mine.pages_today, e->pages_day, "today, ");
	buf_printf(b, "%llu lines\n", (unsigned long long)mine.lines);
	if (paging_known(g)) {
		buf_str(b, STR("this request: "));
		put_of(b, now->pages, e->pages_one, "pages, ");
		buf_printf(b, "%u lines; ", now->lines);
		put_of(b, f->run, e->lines_run, "in a row, ");
		put_of(b, f->percent, e->file_percent, "% of a file\n");
	} else if (paging_trouble(g).len > 0) {
		buf_printf(b, "they cannot be made: %.*s\n",
		    STR_ARG(paging_trouble(g)));
	} else if (now->n > 0) {
		buf_str(b, STR("what it costs is being counted ...\n"));
	}
	arena_release(&a);
	list_count(&v->list, now->n, false);
	shell_redraw(p->shell);
}

static enum err
pages_open(struct pane *p, const struct target *t)
{
	struct pages_view *v = p->state;

	(void)t;
	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	list_init(&v->list, &source, p);
	v->list.empty = "no lines are chosen: gE in a file chooses the marked "
			"ones";
	look(p);
	return ERR_NONE;
}

static void
pages_close(struct pane *p)
{
	struct pages_view *v = p->state;

	list_release(&v->list);
	buf_release(&v->ledger);
}

static void
pages_draw(struct pane *p, struct canvas *c)
{
	struct pages_view *v = p->state;
	struct str rest = buf_view(&v->ledger), line;
	struct canvas part;
	int row = 0;

	while (c->rows > 4 && row < 2 && str_cut(&rest, '\n', &line))
		canvas_str(c, row++, 0, c->cols, ROLE_KEYWORD, line);
	part = canvas_part(c, row, 0, c->rows - row, c->cols);
	list_draw(&v->list, &part);
}

static void
pages_title(struct pane *p, struct canvas *line)
{
	struct paging *g = paging_of(p->room);
	const struct pages *now = paging_pages(g);
	const struct rules *r = noting_rules(p->room);
	const char *media = r->personal ? "" :
	    r->excerpt.paper            ? " on paper" :
					  " in a sealed file";

	if (paging_known(g))
		canvas_printf(line, 0, 0, ROLE_TITLE,
		    "Pages%s: %u place%s, %u page%s", media, now->n,
		    now->n == 1 ? "" : "s", now->pages,
		    now->pages == 1 ? "" : "s");
	else
		canvas_printf(line, 0, 0, ROLE_TITLE, "Pages%s: %u place%s",
		    media, now->n, now->n == 1 ? "" : "s");
}

static void
pages_status(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_STATUS,
	    "d drop   C count again   Enter: say what for, and ask");
}

static struct list *
pages_list(struct pane *p)
{
	return &((struct pages_view *)p->state)->list;
}

static void
run_drop(struct pane *p, const struct call *c)
{
	struct pages_view *v = p->state;

	(void)c;
	paging_drop(paging_of(p->room), (uint32_t)v->list.selected);
	look(p);
}

static void
run_count(struct pane *p, const struct call *c)
{
	(void)c;
	paging_measure(paging_of(p->room));
	look(p);
}

/* The i-th finding that counts; NULL: there are not so many. */
static const struct book_item *
finding(struct pane *p, size_t i)
{
	const struct book *b = noting_book(p->room);
	size_t n = b == NULL ? 0 : book_len(b);

	for (size_t k = 0; k < n; k++) {
		const struct book_item *it = book_at(b, k);

		if (it->type == ENTRY_FINDING && it->now != NULL && i-- == 0)
			return it;
	}
	return NULL;
}

/* No more than has room in a request, and no half of a character. */
static struct str
begin_of(struct str title)
{
	size_t n = title.len < TITLE_MAX ? title.len : TITLE_MAX;

	while (n > 0 && n < title.len &&
	    ((unsigned char)title.at[n] & 0xc0) == 0x80)
		n--;
	return str_slice(title, 0, n);
}

/* Tab: "finding 12: its title", of each that fits what is typed. */
static bool
complete(struct pane *p, struct str line, size_t i, struct buf *b)
{
	const struct book_item *it;

	for (size_t k = 0; (it = finding(p, k)) != NULL; k++) {
		buf_clear(b);
		buf_printf(b, "finding %llu: %.*s",
		    (unsigned long long)it->number,
		    STR_ARG(begin_of(it->now->title)));
		if (str_starts(buf_view(b), line) && i-- == 0)
			return true;
	}
	buf_clear(b);
	return false;
}

/* "finding 12: text": the number, and what is behind it; 0: other words. */
static uint64_t
take_finding(struct str *line)
{
	struct str rest = *line;
	uint64_t n = 0;

	if (!str_starts(rest, STR("finding ")))
		return 0;
	rest = str_slice(rest, 8, rest.len);
	for (; rest.len > 0 && rest.at[0] >= '0' && rest.at[0] <= '9' &&
	     n < UINT32_MAX;
	     rest = str_slice(rest, 1, rest.len))
		n = 10 * n + (uint64_t)(rest.at[0] - '0');
	if (n == 0 || (rest.len > 0 && rest.at[0] != ':'))
		return 0;
	*line = str_trim(str_slice(rest, 1, rest.len));
	return n;
}

static void
asked(struct pane *p, struct str line)
{
	struct pages request = *paging_pages(paging_of(p->room));
	const struct book *b = noting_book(p->room);
	const struct book_item *it;
	enum err rc = ERR_NONE;

	line = str_trim(line);
	request.finding = take_finding(&line);
	it = request.finding == 0 ? NULL : book_find(b, request.finding);
	if (request.finding > 0 &&
	    (it == NULL || it->now == NULL || it->type != ENTRY_FINDING))
		rc =
		    fail(ERR_ABSENT, "there is no finding %llu: Tab lists them",
			(unsigned long long)request.finding);
	if (rc == ERR_NONE && line.len > PAGES_PURPOSE_MAX)
		rc = fail(ERR_LIMIT, "at most %d bytes say what for",
		    PAGES_PURPOSE_MAX);
	request.purpose = line;
	request.paper = noting_rules(p->room)->excerpt.paper;
	request.author = noting_start(p->room)->auditor;
	request.session = noting_rules(p->room)->session;
	if (rc == ERR_NONE)
		rc = outgoing_pages(noting_outgoing(p->room), &request);
	if (rc == ERR_NONE)
		shell_open(p->shell, "parcel", NULL);
	else
		shell_error(p->shell, rc);
}

static void
run_ask(struct pane *p, const struct call *c)
{
	static const struct shell_ask ask = {
		.label = "what for? ",
		.hint = "Tab: one of your findings; or in words",
		.history = "pages",
		.done = asked,
		.complete = complete,
	};
	struct paging *g = paging_of(p->room);

	(void)c;
	if (paging_pages(g)->n == 0)
		shell_message(p->shell,
		    "no lines are chosen: gE in a file chooses the marked "
		    "ones");
	else if (!paging_known(g))
		shell_message(p->shell, "what it costs is not known yet");
	else
		shell_prompt(p, &ask);
}

static const struct command commands[] = {
	{ "drop", "d", "not these lines", run_drop, "drop", NULL },
	{ "count", "C", "count again what it costs", run_count, NULL, NULL },
	{ "ask", "Enter", "see the request and what the gate says", run_ask,
	    "ask", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_pages = {
	.name = "pages",
	.about = "Lines that shall become pages, and what they cost",
	.state_size = sizeof(struct pages_view),
	.commands = commands,
	.open = pages_open,
	.close = pages_close,
	.draw = pages_draw,
	.title = pages_title,
	.status = pages_status,
	.list = pages_list,
	.wake = look,
};
