#include "tui/worklists.h"

#include <stdlib.h>
#include <string.h>

#include "core/search.h"
#include "core/wire.h"

struct worklists {
	struct noting *noting;
	struct arena arena; /* of what waits */
	struct hitlist waits;
	bool waiting;
	struct arena asked_arena;
	struct hatch_verdicts asked; /* waits for its reason */
};

struct worklists *
worklists_open(struct noting *n)
{
	struct worklists *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("no memory for worklists");
	w->noting = n;
	return w;
}

void
worklists_close(struct worklists *w)
{
	if (w == NULL)
		return;
	arena_release(&w->arena);
	arena_release(&w->asked_arena);
	free(w);
}

static void
tell(struct worklists *w, const char *text)
{
	const struct noting_out *out = noting_ports(w->noting);

	out->news(out->arg, str_of(text));
}

/* The certificate as text: what is recorded must be readable without this
 * program. */
static enum err
certificate_text(struct arena *a, struct str bytes, struct buf *out)
{
	struct wire w = wire_of(bytes);
	struct search_certificate c = search_certificate_read(&w, a);
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		search_certificate_text(&c, out);
	return rc;
}

static void
record(struct worklists *w)
{
	struct buf text = { 0 };
	uint64_t number = 0;
	enum err rc = certificate_text(&w->arena, w->waits.certificate, &text);

	w->waiting = false;
	if (rc == ERR_NONE)
		rc = vault_add_list(noting_vault(w->noting), &w->waits,
		    buf_view(&text), &number);
	buf_release(&text);
	arena_clear(&w->arena);
	if (rc != ERR_NONE) {
		tell(w, err_text()[0] == '\0' ? err_name(rc) : err_text());
		err_clear();
		return;
	}
	worklists_show(w, number);
}

enum err
worklists_new(struct worklists *w, struct str bytes)
{
	const struct hatch_open o = { .view = STR("lists") };
	struct buf text = { 0 };
	enum err rc;

	arena_clear(&w->arena);
	w->waiting = false;
	rc = hitlist_read(&w->waits, &w->arena, bytes);
	if (rc == ERR_NONE)
		rc = certificate_text(&w->arena, w->waits.certificate, &text);
	buf_release(&text);
	if (rc != ERR_NONE)
		return rc;
	w->waiting = true;
	if (noting_book(w->noting) != NULL)
		record(w);
	else
		noting_view(w->noting, &o);
	return ERR_NONE;
}

bool
worklists_record(struct worklists *w)
{
	if (!w->waiting || noting_book(w->noting) == NULL)
		return false;
	record(w);
	return true;
}

void
worklists_show(struct worklists *w, uint64_t number)
{
	const struct book *b = noting_book(w->noting);
	const struct worklist *list = b == NULL ? NULL : book_list(b, number);
	const struct noting_out *out = noting_ports(w->noting);
	struct buf bytes = { 0 };

	if (list == NULL || !list->whole)
		return;
	hitlist_write(&list->l, &bytes);
	out->list(out->arg, buf_view(&bytes));
	buf_release(&bytes);
	noting_back(w->noting, STR(""));
}

/* Runs of hits of a list that have the same verdict, as the record has it. */
static void
send_run(struct worklists *w, const struct worklist *list, uint32_t first,
    uint32_t last)
{
	const struct noting_out *out = noting_ports(w->noting);
	uint32_t pair[2];

	for (uint32_t i = first; i <= last; i = pair[1] + 1) {
		struct hatch_verdicts v = { .list = list->l.number,
			.verdict = list->l.hits[i - 1].verdict,
			.spans = pair,
			.n = 1 };

		pair[0] = pair[1] = i;
		while (pair[1] < last &&
		    list->l.hits[pair[1]].verdict == v.verdict)
			pair[1]++;
		out->verdicts(out->arg, &v);
	}
}

static void
send_spans(struct worklists *w, const struct worklist *list,
    const struct spans *s)
{
	for (uint32_t i = 0; i < s->len; i++)
		send_run(w, list, s->at[2 * i], s->at[2 * i + 1]);
}

static void
keep_asked(struct worklists *w, const struct hatch_verdicts *v)
{
	const struct hatch_open o = { .view = STR("reason"),
		.number = v->list };
	uint32_t *spans;

	arena_release(&w->asked_arena);
	spans = arena_array(&w->asked_arena, 2 * (size_t)v->n, uint32_t);
	memcpy(spans, v->spans, (size_t)v->n * 8);
	w->asked = *v;
	w->asked.spans = spans;
	noting_view(w->noting, &o);
}

const struct hatch_verdicts *
worklists_asked(const struct worklists *w)
{
	return &w->asked;
}

bool
worklists_say(struct worklists *w, const struct hatch_verdicts *v,
    struct str reason)
{
	const struct book *b = noting_book(w->noting);
	struct entry e = { .type = ENTRY_VERDICT,
		.of = v->list,
		.verdict = (enum hitlist_verdict)v->verdict,
		.text = reason };
	enum err rc;

	if (b == NULL) {
		tell(w, "the vault is locked: gn opens it");
		return false;
	}
	e.spans.len = v->n;
	e.spans.at = malloc((size_t)v->n * 8);
	if (e.spans.at == NULL)
		bug("no memory for a verdict");
	memcpy(e.spans.at, v->spans, (size_t)v->n * 8);
	rc = vault_add(noting_vault(w->noting), &e);
	if (rc == ERR_NONE)
		send_spans(w, book_list(b, v->list), &e.spans);
	else
		tell(w, err_text()[0] == '\0' ? err_name(rc) : err_text());
	err_clear();
	free(e.spans.at);
	return rc == ERR_NONE;
}

void
worklists_verdicts(struct worklists *w, const struct hatch_verdicts *v)
{
	if (v->ask)
		keep_asked(w, v);
	else
		(void)worklists_say(w, v, STR(""));
}

void
worklists_undone(struct worklists *w, uint64_t seq)
{
	const struct book *b = noting_book(w->noting);

	for (size_t i = 0; b != NULL && i < book_lists(b); i++) {
		const struct worklist *list = book_list_at(b, i);
		const struct entry *e = worklist_entry(list, seq);

		if (e != NULL)
			send_spans(w, list, &e->spans);
	}
}
