#include "tui/places.h"

#include <stdlib.h>

enum { LETTERS = 26 };

struct place {
	struct arena arena;
	struct entry entry; /* in arena; without a title: none waits */
};

struct places {
	struct noting *noting;
	struct place waiting[LETTERS];
};

struct places *
places_open(struct noting *n)
{
	struct places *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for marks");
	p->noting = n;
	return p;
}

static void
drop(struct place *w)
{
	arena_release(&w->arena);
	*w = (struct place){ 0 };
}

void
places_close(struct places *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < LETTERS; i++)
		drop(&p->waiting[i]);
	free(p);
}

/* What the record says of each letter; NULL: nothing. */
static void
recorded(const struct places *p, struct arena *a, const struct entry **last)
{
	const struct book *b = noting_book(p->noting);
	const struct entry **events;
	size_t n = b == NULL ? 0 : book_events(b, ENTRY_MARK, a, &events);

	for (size_t i = 0; i < n; i++) {
		const struct entry *e = events[i];

		if (e->title.len == 1 && e->title.at[0] >= 'a' &&
		    e->title.at[0] <= 'z' && e->anchored)
			last[e->title.at[0] - 'a'] = e;
	}
}

static bool
same_place(const struct entry *a, const struct entry *b)
{
	return str_eq(a->view, b->view) &&
	    oid_eq(&a->at.commit, &b->at.commit) &&
	    oid_eq(&a->at.blob, &b->at.blob) &&
	    str_eq(a->at.path, b->at.path) && a->at.first == b->at.first;
}

static bool
record(struct places *p, const struct entry *e)
{
	const struct entry *last[LETTERS] = { 0 };
	struct entry copy = *e;
	struct arena a = { 0 };
	bool good = true;

	recorded(p, &a, last);
	if (last[e->title.at[0] - 'a'] == NULL ||
	    !same_place(last[e->title.at[0] - 'a'], e))
		good = noting_add(p->noting, &copy);
	arena_release(&a);
	return good;
}

void
places_set(struct places *p, const struct hatch_place *at)
{
	struct place *w = &p->waiting[at->letter - 'a'];
	char letter = (char)at->letter;
	const struct entry e = { .type = ENTRY_MARK,
		.title = { &letter, 1 },
		.view = at->view,
		.anchored = true,
		.at = at->at };
	const struct noting_out *out = noting_ports(p->noting);
	struct buf line = { 0 };

	if (noting_book(p->noting) == NULL) {
		drop(w);
		w->entry = entry_copy(&w->arena, &e);
		buf_printf(&line,
		    "mark %c is here until you leave; gn opens the vault, "
		    "which keeps it",
		    letter);
	} else if (record(p, &e)) {
		buf_printf(&line, "mark %c is in the record  '%c comes back",
		    letter, letter);
	} else {
		buf_printf(&line,
		    "mark %c is here until you leave: it was not recorded",
		    letter);
	}
	out->news(out->arg, buf_view(&line));
	buf_release(&line);
}

void
places_opened(struct places *p)
{
	const struct noting_out *out = noting_ports(p->noting);
	const struct entry *last[LETTERS] = { 0 };
	struct arena a = { 0 };

	for (size_t i = 0; i < LETTERS; i++)
		if (p->waiting[i].entry.title.len > 0 &&
		    record(p, &p->waiting[i].entry))
			drop(&p->waiting[i]);
	recorded(p, &a, last);
	for (size_t i = 0; i < LETTERS; i++)
		if (last[i] != NULL)
			out->place(out->arg,
			    &(struct hatch_place){ (uint8_t)('a' + i),
				last[i]->view, last[i]->at });
	arena_release(&a);
}
