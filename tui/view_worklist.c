/*
 * view_worklist.c - the lines of a worklist, with their text: a verdict on
 * each.  The record has places and hashes; the text is looked up here.
 */
#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "tui/list.h"
#include "tui/query_line.h"
#include "tui/reading.h"
#include "tui/reading_list.h"

struct worklist_view {
	struct list list;
	struct pane *pane;
	uint32_t *rows; /* hits that are shown */
	size_t n_rows;
	uint64_t number; /* of the list that rows belong to */
	int only;        /* verdict that is shown; -1: all */
	int state;       /* or state; 0: all */
};

static const char glyphs[VERDICTS] = { ' ', 's', 'x', '!', '?' };
static const char states[HITLIST_STATES] = { ' ', '=', '~', '+' };

static const struct hitlist *
list_now(const struct worklist_view *v)
{
	return reading_list_now(v->pane->room);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct worklist_view *v = arg;
	uint32_t i = v->rows[r->row];
	const struct hitlist *l = list_now(v);
	const struct hitlist_hit *h = &l->hits[i];
	struct canvas_draw d = {
		.text = reading_list_text(v->pane->room, i),
		.attr = r->attr,
		.style = shell_options(v->pane->shell)->style,
		.skip = r->skip,
		.find = r->find,
	};

	canvas_printf(line, 0, 0,
	    r->attr |
		(h->verdict == VERDICT_SUSPICIOUS ? ROLE_WARNING : ROLE_NUMBER),
	    "%c", glyphs[h->verdict]);
	canvas_printf(line, 0, 1, r->attr, "%c", states[h->state]);
	canvas_path(line, 0, 3, 20, r->attr | ROLE_NAME,
	    l->files[h->file].path);
	canvas_printf(line, 0, 23, r->attr | ROLE_NUMBER, ":%u", h->line);
	if (d.text.len == 0)
		canvas_put(line, 0, 30, r->attr | ROLE_FAINT,
		    "(its file is not here)");
	else
		canvas_text(line, 0, 30, line->cols - 30, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	struct worklist_view *v = arg;
	const struct hitlist *l = list_now(v);
	const struct hitlist_hit *h = &l->hits[v->rows[row]];

	buf_str(b, l->files[h->file].path);
	buf_printf(b, ":%u ", h->line);
	buf_str(b, reading_list_text(v->pane->room, v->rows[row]));
	return buf_view(b);
}

static const struct list_source source = { draw_row, row_text, NULL };

static bool
is_shown(const struct worklist_view *v, const struct hitlist_hit *h)
{
	return (v->only < 0 || h->verdict == v->only) &&
	    (v->state == 0 || h->state == v->state);
}

static void
load(struct worklist_view *v)
{
	const struct hitlist *l = list_now(v);

	free(v->rows);
	v->rows = calloc(l->n_hits + 1, sizeof *v->rows);
	if (v->rows == NULL)
		bug("no memory for a worklist");
	v->n_rows = 0;
	v->number = l->number;
	for (uint32_t i = 0; i < l->n_hits; i++)
		if (is_shown(v, &l->hits[i]))
			v->rows[v->n_rows++] = i;
	list_count(&v->list, v->n_rows, false);
	list_changed(&v->list);
}

static bool
is_todo(void *arg, uint64_t row)
{
	const struct worklist_view *v = arg;

	return list_now(v)->hits[v->rows[row]].verdict == VERDICT_TODO;
}

static enum err
worklist_open(struct pane *p, const struct target *t)
{
	struct worklist_view *v = p->state;

	(void)t;
	if (reading_list_now(p->room) == NULL)
		return fail(ERR_ABSENT,
		    "no worklist is open: T in a list of hits makes one, gw "
		    "lists them");
	v->pane = p;
	v->only = -1;
	list_init(&v->list, &source, v);
	load(v);
	if (v->n_rows > 0 && !is_todo(v, 0))
		(void)list_seek(&v->list, false, is_todo, v);
	return ERR_NONE;
}

static void
worklist_close(struct pane *p)
{
	struct worklist_view *v = p->state;

	list_release(&v->list);
	free(v->rows);
}

/* The line of the certificate that begins so; "" when there is none. */
static struct str
line_of(const struct hitlist *l, struct str head)
{
	struct str rest = l->certificate, line;

	while (str_cut(&rest, '\n', &line))
		if (str_starts(line, head))
			return line;
	return STR("");
}

/* "COMPLETE" or "PARTIAL: why". */
static struct str
claim_of(const struct hitlist *l)
{
	struct str claim = line_of(l, STR("COMPLETE"));

	return claim.len > 0 ? claim : line_of(l, STR("PARTIAL"));
}

static void
draw_claim(const struct worklist_view *v, const struct canvas *c)
{
	const struct hitlist *l = list_now(v);
	uint32_t n[HITLIST_STATES] = { 0 };
	struct str claim = claim_of(l);
	struct str searched = line_of(l, STR("searched  "));
	int col = canvas_str(c, c->rows - 1, 0, 40,
	    str_starts(claim, STR("COMPLETE")) ? ROLE_ADDED : ROLE_WARNING,
	    claim);

	for (uint32_t i = 0; i < l->n_hits; i++)
		n[l->hits[i].state]++;
	if (l->from == 0)
		canvas_str(c, c->rows - 1, col + 2, c->cols - col - 2,
		    ROLE_TEXT, str_slice(searched, 10, searched.len));
	else
		canvas_printf(c, c->rows - 1, col + 2, ROLE_TEXT,
		    "list %llu again: %u carried, %u changed, %u new, %u gone",
		    (unsigned long long)l->from, n[HITLIST_CARRIED],
		    n[HITLIST_CHANGED], n[HITLIST_NEW], l->gone);
}

static void
worklist_draw(struct pane *p, struct canvas *c)
{
	struct worklist_view *v = p->state;
	struct canvas rows = canvas_part(c, 0, 0, c->rows - 1, c->cols);

	if (list_now(v)->number != v->number)
		load(v);
	v->list.empty = v->only >= 0 || v->state > 0 ?
	    "no line has this verdict - i shows others" :
	    "the search found nothing";
	list_draw(&v->list, &rows);
	draw_claim(v, c);
}

/* The search itself says it, with -r. */
static bool
says_release(const struct hitlist *l)
{
	struct arena a = { 0 };
	struct query q;
	bool says =
	    query_line_read(&q, &a, l->title) == ERR_NONE && q.n_releases > 0;

	err_clear();
	arena_release(&a);
	return says;
}

/* The release of its lines; of several that there are several. */
static void
release_of(struct pane *p, const struct hitlist *l, struct buf *b)
{
	if (says_release(l))
		return;
	for (uint32_t i = 1; i < l->n_files; i++)
		if (!oid_eq(&l->files[i].commit, &l->files[0].commit)) {
			buf_str(b, STR("several releases"));
			return;
		}
	if (l->n_files > 0 && !oid_is_zero(&l->files[0].commit))
		reading_name(p->room, &l->files[0].commit, b);
}

static void
worklist_title(struct pane *p, struct canvas *line)
{
	struct worklist_view *v = p->state;
	const struct hitlist *l = list_now(v);
	struct buf b = { 0 };
	int col, room;

	canvas_put(line, 0, line->cols - 7, ROLE_TITLE, "TRIAGE");
	col = canvas_printf(line, 0, 0, ROLE_TITLE, "LIST %llu",
	    (unsigned long long)l->number);
	release_of(p, l, &b);
	room = line->cols - col - 13 - (int)b.len;
	col = canvas_str(line, 0, col + 1, room < 0 ? 0 : room, ROLE_TITLE,
	    l->title);
	if (b.len > 0)
		canvas_printf(line, 0, col, ROLE_TITLE, " in ");
	if (b.len > 0)
		canvas_str(line, 0, col + 4, line->cols - col - 12, ROLE_TITLE,
		    buf_view(&b));
	buf_release(&b);
}

static uint32_t
group_size(const struct hitlist *l, uint64_t hash)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->n_hits; i++)
		n += l->hits[i].hash == hash;
	return n;
}

static void
worklist_status(struct pane *p, struct canvas *line)
{
	static const char *const words[VERDICTS] = { "todo", "safe", "n/a",
		"susp", "quest" };
	struct worklist_view *v = p->state;
	const struct hitlist *l = list_now(v);
	uint32_t n[VERDICTS] = { 0 };
	struct buf b = { 0 };

	for (uint32_t i = 0; i < l->n_hits; i++)
		n[l->hits[i].verdict]++;
	list_position(&v->list, &b);
	for (int i = 0; i < VERDICTS; i++)
		buf_printf(&b, "%s%s %u", i == 0 ? "  " : " ", words[i], n[i]);
	if (v->n_rows > 0) {
		const struct hitlist_hit *h =
		    &l->hits[v->rows[v->list.selected]];
		uint32_t same = group_size(l, h->hash);

		if (same > 1)
			buf_printf(&b, " | %u same lines", same);
		if (h->state == HITLIST_CHANGED)
			buf_printf(&b, " | was %s",
			    hitlist_verdict_name((enum hitlist_verdict)h->was));
	}
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static struct list *
worklist_list(struct pane *p)
{
	return &((struct worklist_view *)p->state)->list;
}

/* Verdicts. */

static bool
is_hit(const struct worklist_view *v, uint32_t *hit)
{
	if (v->n_rows == 0 || v->number != list_now(v)->number)
		return false;
	*hit = v->rows[v->list.selected];
	return true;
}

static void
say_one(struct pane *p, enum hitlist_verdict verdict, unsigned count, bool ask)
{
	struct worklist_view *v = p->state;
	uint64_t row = v->list.selected;
	size_t n = count == 0 ? 1 : count;
	struct buf spans = { 0 };
	uint32_t hit;

	if (!is_hit(v, &hit))
		return;
	for (size_t i = 0; i < n && row + i < v->n_rows; i++) {
		uint32_t pair[2] = { v->rows[row + i] + 1,
			v->rows[row + i] + 1 };

		buf_add(&spans, pair, sizeof pair);
	}
	reading_list_say(p->room, (uint8_t)verdict, ask,
	    (const uint32_t *)(const void *)spans.at,
	    (uint32_t)(spans.len / 8));
	buf_release(&spans);
	if (row + n < v->n_rows)
		list_select(&v->list, row + n);
}

/* Every line of the list that is the same as the selected one. */
static void
say_group(struct pane *p, enum hitlist_verdict verdict)
{
	struct worklist_view *v = p->state;
	const struct hitlist *l = list_now(v);
	struct buf spans = { 0 };
	uint32_t hit, n = 0;

	if (!is_hit(v, &hit))
		return;
	for (uint32_t i = 0; i < l->n_hits; i++) {
		uint32_t pair[2] = { i + 1, i + 1 };

		if (l->hits[i].hash != l->hits[hit].hash)
			continue;
		buf_add(&spans, pair, sizeof pair);
		n++;
	}
	reading_list_say(p->room, (uint8_t)verdict, false,
	    (const uint32_t *)(const void *)spans.at, n);
	shell_message(p->shell, "%s: %u lines  u undoes",
	    hitlist_verdict_name(verdict), n);
	buf_release(&spans);
	(void)list_seek(&v->list, false, is_todo, v);
}

static void
run_safe(struct pane *p, const struct call *c)
{
	say_one(p, VERDICT_SAFE, c->count, false);
}

static void
run_na(struct pane *p, const struct call *c)
{
	say_one(p, VERDICT_NA, c->count, false);
}

static void
run_todo(struct pane *p, const struct call *c)
{
	say_one(p, VERDICT_TODO, c->count, false);
}

static struct anchor
anchor_of(struct pane *p, uint32_t hit)
{
	const struct hitlist *l = reading_list_now(p->room);
	const struct hitlist_hit *h = &l->hits[hit];
	const struct hitlist_file *f = &l->files[h->file];
	struct anchor an = { .commit = f->commit,
		.blob = f->blob,
		.path = f->path,
		.first = h->line,
		.last = h->line };
	struct git_bytes bytes = { 0 };

	if (git_blob_read(&bytes, reading_repo(p->room), &f->blob) == ERR_NONE)
		an.region =
		    hash_of(anchor_region(bytes.bytes, h->line, h->line));
	else
		err_clear();
	git_repo_drop(&bytes);
	return an;
}

/* The verdict, and what is to be written about it. */
static void
say_and_write(struct pane *p, enum hitlist_verdict verdict,
    enum hatch_what what)
{
	struct worklist_view *v = p->state;
	struct anchor an;
	uint32_t hit;

	if (!is_hit(v, &hit))
		return;
	an = anchor_of(p, hit);
	say_one(p, verdict, 0, false);
	reading_compose(p->room, what, &an);
}

static void
run_suspicious(struct pane *p, const struct call *c)
{
	(void)c;
	say_and_write(p, VERDICT_SUSPICIOUS, HATCH_FINDING);
}

static void
run_question(struct pane *p, const struct call *c)
{
	(void)c;
	say_and_write(p, VERDICT_QUESTION, HATCH_QUESTION);
}

static bool
verdict_of_key(uint32_t key, enum hitlist_verdict *out)
{
	static const struct {
		uint32_t key;
		enum hitlist_verdict verdict;
	} keys[] = {
		{ 's', VERDICT_SAFE },
		{ 'x', VERDICT_NA },
		{ '!', VERDICT_SUSPICIOUS },
		{ 'w', VERDICT_QUESTION },
		{ 'U', VERDICT_TODO },
	};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].key == key) {
			*out = keys[i].verdict;
			return true;
		}
	return false;
}

static void
group_chosen(struct pane *p, uint32_t key)
{
	enum hitlist_verdict verdict;

	if (verdict_of_key(key, &verdict))
		say_group(p, verdict);
}

static void
run_group(struct pane *p, const struct call *c)
{
	(void)c;
	shell_choose(p,
	    "all lines that read the same: s safe x n/a ! susp w quest U todo",
	    "sx!wU", group_chosen);
}

static void
reason_chosen(struct pane *p, uint32_t key)
{
	enum hitlist_verdict verdict;

	if (verdict_of_key(key, &verdict))
		say_one(p, verdict, 0, true);
}

static void
run_reason(struct pane *p, const struct call *c)
{
	(void)c;
	shell_choose(p, "with a reason: s safe x n/a ! susp w quest U todo",
	    "sx!wU", reason_chosen);
}

static bool
reads_the_same(void *arg, uint64_t row)
{
	const struct worklist_view *v = arg;
	const struct hitlist *l = list_now(v);

	return row != v->list.selected &&
	    l->hits[v->rows[row]].hash ==
	    l->hits[v->rows[v->list.selected]].hash;
}

/* The members of a group: each is shown, one after the other. */
static void
run_same(struct pane *p, const struct call *c)
{
	struct worklist_view *v = p->state;
	uint32_t hit;

	(void)c;
	if (is_hit(v, &hit) && !list_seek(&v->list, false, reads_the_same, v))
		shell_message(p->shell, "no other line reads the same");
}

static void
run_next(struct pane *p, const struct call *c)
{
	struct worklist_view *v = p->state;

	(void)c;
	if (!list_seek(&v->list, false, is_todo, v))
		shell_message(p->shell,
		    "every line that is shown has a "
		    "verdict");
}

static void
filter_chosen(struct pane *p, uint32_t key)
{
	struct worklist_view *v = p->state;
	enum hitlist_verdict verdict;

	v->only = -1;
	v->state = 0;
	if (key == '~')
		v->state = HITLIST_CHANGED;
	else if (key == '+')
		v->state = HITLIST_NEW;
	else if (verdict_of_key(key, &verdict))
		v->only = (int)verdict;
	load(v);
}

static void
run_filter(struct pane *p, const struct call *c)
{
	(void)c;
	shell_choose(p, "only: U todo s safe x n/a ! susp w quest ~ + a all",
	    "Usx!w~+a", filter_chosen);
}

static void
run_enter(struct pane *p, const struct call *c)
{
	struct worklist_view *v = p->state;
	const struct hitlist *l = list_now(v);
	struct target t = { 0 };
	uint32_t hit;

	(void)c;
	if (!is_hit(v, &hit))
		return;
	t.commit = l->files[l->hits[hit].file].commit;
	t.blob = l->files[l->hits[hit].file].blob;
	t.path = l->files[l->hits[hit].file].path;
	t.line = l->hits[hit].line;
	reading_list_step(p->room, true, hit);
	shell_open(p->shell, "file", &t);
}

static void
again_named(struct pane *p, struct str line)
{
	struct oid commit;
	enum err rc = reading_resolve(&commit, p->room, str_trim(line));

	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		reading_list_again(p->room, &commit, str_trim(line));
}

static void
run_again(struct pane *p, const struct call *c)
{
	struct oid commit = reading_commit(p->room);
	struct buf name = { 0 };
	struct shell_ask ask = {
		.label = "the same search in release: ",
		.history = "revision",
		.done = again_named,
	};

	if (c->args.len > 0) {
		again_named(p, c->args);
		return;
	}
	reading_name(p->room, &commit, &name);
	ask.initial = arena_copy(&p->arena, buf_view(&name));
	shell_prompt(p, &ask);
	buf_release(&name);
}

static const struct command commands[] = {
	{ "enter", "Enter", "the file at this line", run_enter, "open", NULL },
	{ "safe", "s", "looked at: no flaw (COUNT lines)", run_safe, "safe",
	    NULL },
	{ "not-applicable", "x", "not what was looked for (COUNT lines)",
	    run_na, "n/a", NULL },
	{ "suspicious", "!", "suspicious: and writes a finding", run_suspicious,
	    "suspicious", NULL },
	{ "ask-vendor", "w", "a question to the vendor about it", run_question,
	    NULL, NULL },
	{ "todo", "U", "no verdict any more", run_todo, NULL, NULL },
	{ "group", "B", "one verdict for all lines that read the same",
	    run_group, "group", NULL },
	{ "same", "]g", "next line that reads the same", run_same, NULL, NULL },
	{ "next-todo", "]t", "next line without a verdict", run_next, NULL,
	    NULL },
	{ "reason", "a", "a verdict with a reason", run_reason, "reason",
	    NULL },
	{ "show-only", "i", "only lines of one verdict, or changed ones",
	    run_filter, "filter", NULL },
	{ "again", "A", "the same search in another release", run_again,
	    "again", "RELEASE" },
	{ 0 },
};

const struct view view_worklist = {
	.name = "worklist",
	.about = "lines that want a verdict each",
	.state_size = sizeof(struct worklist_view),
	.commands = commands,
	.open = worklist_open,
	.close = worklist_close,
	.draw = worklist_draw,
	.title = worklist_title,
	.status = worklist_status,
	.list = worklist_list,
};
