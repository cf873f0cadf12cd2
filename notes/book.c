#include "notes/book.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

struct line {
	struct entry entry;
	struct line *next; /* later version of the same item */
	struct item *item; /* NULL: of no item */
	bool counts;
};

struct item {
	struct book_item pub;
	struct line *first, **last;
	bool stale; /* the index has what it said before */
};

/* Pointers in the order they came; memory is the arena's but for at. */
struct row {
	void **at;
	size_t len, room;
};

/* Opening a record does not wait for an index that nobody asks: items are
 * put into it when it is searched. */
struct lookup {
	struct store_index *index;
	struct row stale; /* struct item */
};

struct book {
	struct arena arena;
	struct row items;      /* struct item */
	struct row events;     /* struct entry */
	struct row undo, redo; /* struct line */
	struct row reviews;    /* struct line */
	struct row lists;      /* struct worklist */
	struct cover *cover;
	struct pace *pace;
	uint64_t last;
	bool open, was_closed;
	struct lookup *lookup;
};

static void
row_add(struct row *r, void *p)
{
	r->at = array_more(r->at, r->len, &r->room, sizeof *r->at);
	r->at[r->len++] = p;
}

static void *
row_last(const struct row *r)
{
	return r->len == 0 ? NULL : r->at[r->len - 1];
}

struct book *
book_open(void)
{
	struct book *b = calloc(1, sizeof *b);

	if (b == NULL)
		bug("no memory for the book");
	b->lookup = calloc(1, sizeof *b->lookup);
	if (b->lookup == NULL)
		bug("no memory for the book");
	b->lookup->index = store_index_open();
	b->cover = cover_open();
	b->pace = pace_open();
	b->was_closed = true;
	return b;
}

void
book_close(struct book *b)
{
	if (b == NULL)
		return;
	free(b->items.at);
	free(b->events.at);
	free(b->undo.at);
	free(b->redo.at);
	free(b->reviews.at);
	for (size_t i = 0; i < b->lists.len; i++)
		worklist_free(b->lists.at[i]);
	free(b->lists.at);
	free(b->lookup->stale.at);
	cover_close(b->cover);
	pace_close(b->pace);
	store_index_close(b->lookup->index);
	free(b->lookup);
	arena_release(&b->arena);
	free(b);
}

static struct item *
find(const struct book *b, uint64_t number)
{
	size_t low = 0, high = b->items.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		struct item *it = b->items.at[mid];

		if (it->pub.number == number)
			return it;
		if (it->pub.number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* Words that a search may find, in one text. */
static void
index_item(struct store_index *x, const struct item *it)
{
	const struct entry *e = it->pub.now;
	struct buf text = { 0 };

	if (e == NULL) {
		store_index_put(x, it->pub.number, STR(""), STR(""));
		return;
	}
	buf_str(&text, e->text);
	for (size_t i = 0; i < 8; i++) {
		const struct str more[] = {
			e->claim,
			e->evidence,
			e->remediation,
			e->red,
			e->answer,
			e->class,
			e->cwe,
			e->at.path,
		};

		buf_char(&text, '\n');
		buf_str(&text, more[i]);
	}
	store_index_put(x, it->pub.number, e->title, buf_view(&text));
	buf_release(&text);
}

/* What an item says now: its last version that counts. */
static void
settle(struct book *b, struct item *it)
{
	const struct entry *now = NULL;

	for (struct line *l = it->first; l != NULL; l = l->next)
		if (l->counts)
			now = l->entry.type == ENTRY_REMOVE ? NULL : &l->entry;
	it->pub.now = now;
	if (!it->stale)
		row_add(&b->lookup->stale, it);
	it->stale = true;
}

static struct line *
new_line(struct book *b, const struct entry *e)
{
	struct line *l = arena_new(&b->arena, struct line);

	l->entry = entry_copy(&b->arena, e);
	l->counts = true;
	return l;
}

static void
take_version(struct book *b, struct item *it, const struct entry *e)
{
	struct line *l = new_line(b, e);

	l->item = it;
	*it->last = l;
	it->last = &l->next;
	settle(b, it);
	row_add(&b->undo, l);
	b->redo.len = 0;
}

static enum err
take_item(struct book *b, const struct entry *e)
{
	struct item *it = e->of == 0 ? NULL : find(b, e->of);

	if (e->of != 0 &&
	    (it == NULL ||
		(e->type != ENTRY_REMOVE && e->type != it->pub.type)))
		return fail(ERR_FORMAT,
		    "entry %llu is a version of %llu, "
		    "which is no such item",
		    (unsigned long long)e->seq, (unsigned long long)e->of);
	if (it == NULL) {
		it = arena_new(&b->arena, struct item);
		it->last = &it->first;
		it->pub.number = e->seq;
		it->pub.type = e->type;
		it->pub.created = e->time;
		row_add(&b->items, it);
	}
	take_version(b, it, e);
	return ERR_NONE;
}

static void
take_review(struct book *b, const struct entry *e)
{
	struct line *l = new_line(b, e);

	row_add(&b->reviews, l);
	row_add(&b->undo, l);
	b->redo.len = 0;
	cover_set(b->cover, COVER_REVIEWED, &l->entry.at, e->is);
}

/* One of them does not count any more, or counts again: all that were about
 * this content, from the beginning. */
static void
review_again(struct book *b, const struct oid *blob)
{
	cover_clear(b->cover, COVER_REVIEWED, blob);
	for (size_t i = 0; i < b->reviews.len; i++) {
		const struct line *l = b->reviews.at[i];

		if (l->counts && oid_eq(&l->entry.at.blob, blob))
			cover_set(b->cover, COVER_REVIEWED, &l->entry.at,
			    l->entry.is);
	}
}

static struct worklist *
find_list(const struct book *b, uint64_t number)
{
	for (size_t i = b->lists.len; i > 0; i--) {
		struct worklist *w = b->lists.at[i - 1];

		if (w->l.number == number)
			return w;
	}
	return NULL;
}

/* Hits, a verdict, the removal of a list. */
static enum err
take_of_list(struct book *b, const struct entry *e)
{
	struct worklist *w = find_list(b, e->of);
	struct line *l;
	enum err rc = ERR_NONE;

	if (w == NULL)
		return fail(ERR_FORMAT,
		    "entry %llu is about worklist %llu, "
		    "which is not there",
		    (unsigned long long)e->seq, (unsigned long long)e->of);
	if (e->type == ENTRY_HITS)
		return worklist_take(w, e, find_list(b, w->l.from));
	l = new_line(b, e);
	if (e->type == ENTRY_REMOVE)
		w->removed = true;
	else
		rc = worklist_say(w, &l->entry, &l->counts);
	if (rc != ERR_NONE)
		return rc;
	if (e->type == ENTRY_VERDICT)
		worklist_settle(w);
	row_add(&b->undo, l);
	b->redo.len = 0;
	return ERR_NONE;
}

static void
list_again(struct book *b, const struct line *l)
{
	struct worklist *w = find_list(b, l->entry.of);

	if (l->entry.type == ENTRY_REMOVE)
		w->removed = l->counts;
	else
		worklist_settle(w);
}

static enum err
take_undo(struct book *b, const struct entry *e, bool redo)
{
	struct row *from = redo ? &b->redo : &b->undo;
	struct row *to = redo ? &b->undo : &b->redo;
	struct line *l = row_last(from);

	if (l == NULL || l->entry.seq != e->target)
		return fail(ERR_FORMAT,
		    "entry %llu takes back entry %llu, "
		    "which is not the last",
		    (unsigned long long)e->seq, (unsigned long long)e->target);
	from->len--;
	row_add(to, l);
	l->counts = redo;
	if (l->item != NULL)
		settle(b, l->item);
	else if (l->entry.type != ENTRY_REVIEWED)
		list_again(b, l);
	else
		review_again(b, &l->entry.at.blob);
	return ERR_NONE;
}

static void
take_event(struct book *b, const struct entry *e)
{
	struct entry *copy = arena_new(&b->arena, struct entry);

	*copy = entry_copy(&b->arena, e);
	row_add(&b->events, copy);
	if (e->type == ENTRY_OPEN) {
		b->was_closed = !b->open;
		b->open = true;
	} else if (e->type == ENTRY_CLOSE) {
		b->open = false;
	}
}

enum err
book_take(struct book *b, const struct entry *e)
{
	enum err rc = ERR_NONE;

	pace_take(b->pace, e, b->cover);
	if (e->type == ENTRY_LIST) {
		row_add(&b->lists, worklist_new(e));
	} else if (e->type == ENTRY_HITS || e->type == ENTRY_VERDICT ||
	    (e->type == ENTRY_REMOVE && find_list(b, e->of) != NULL)) {
		rc = take_of_list(b, e);
	} else if (entry_is_item(e->type) || e->type == ENTRY_REMOVE) {
		if (e->type == ENTRY_REMOVE && e->of == 0)
			return fail(ERR_FORMAT, "entry %llu removes nothing",
			    (unsigned long long)e->seq);
		rc = take_item(b, e);
	} else if (e->type == ENTRY_UNDO || e->type == ENTRY_REDO) {
		rc = take_undo(b, e, e->type == ENTRY_REDO);
	} else if (e->type == ENTRY_REVIEWED) {
		take_review(b, e);
	} else if (e->type == ENTRY_SEEN) {
		cover_set_runs(b->cover, COVER_SEEN, &e->at, e->spans.at,
		    e->spans.len);
	} else {
		take_event(b, e);
	}
	if (rc == ERR_NONE)
		b->last = e->seq;
	return rc;
}

size_t
book_len(const struct book *b)
{
	return b->items.len;
}

const struct book_item *
book_at(const struct book *b, size_t i)
{
	return &((const struct item *)b->items.at[i])->pub;
}

const struct book_item *
book_find(const struct book *b, uint64_t number)
{
	const struct item *it = find(b, number);

	return it == NULL ? NULL : &it->pub;
}

size_t
book_history(const struct book *b, uint64_t number, struct arena *a,
    struct book_change **out)
{
	const struct item *it = find(b, number);
	size_t n = 0;

	for (struct line *l = it == NULL ? NULL : it->first; l; l = l->next)
		n++;
	*out = arena_array(a, n, struct book_change);
	n = 0;
	for (struct line *l = it == NULL ? NULL : it->first; l; l = l->next)
		(*out)[n++] = (struct book_change){ &l->entry, l->counts };
	return n;
}

size_t
book_events(const struct book *b, enum entry_type type, struct arena *a,
    const struct entry ***out)
{
	size_t n = 0;

	*out = arena_array(a, b->events.len, const struct entry *);
	for (size_t i = 0; i < b->events.len; i++) {
		const struct entry *e = b->events.at[i];

		if (type == 0 || e->type == type)
			(*out)[n++] = e;
	}
	return n;
}

uint64_t
book_last(const struct book *b)
{
	return b->last;
}

bool
book_was_closed(const struct book *b)
{
	return b->was_closed;
}

const struct entry *
book_undo(const struct book *b)
{
	const struct line *l = row_last(&b->undo);

	return l == NULL ? NULL : &l->entry;
}

const struct entry *
book_redo(const struct book *b)
{
	const struct line *l = row_last(&b->redo);

	return l == NULL ? NULL : &l->entry;
}

static void
index_stale(struct lookup *l)
{
	store_index_begin(l->index);
	for (size_t i = 0; i < l->stale.len; i++) {
		struct item *it = l->stale.at[i];

		index_item(l->index, it);
		it->stale = false;
	}
	store_index_end(l->index);
	l->stale.len = 0;
}

struct store_ids
book_search(const struct book *b, struct arena *a, struct str query)
{
	if (b->lookup->stale.len > 0)
		index_stale(b->lookup);
	return store_index_find(b->lookup->index, a, query);
}

const struct pace *
book_pace(const struct book *b)
{
	return b->pace;
}

const struct cover *
book_cover(const struct book *b)
{
	return b->cover;
}

size_t
book_lists(const struct book *b)
{
	return b->lists.len;
}

const struct worklist *
book_list_at(const struct book *b, size_t i)
{
	return b->lists.at[i];
}

const struct worklist *
book_list(const struct book *b, uint64_t number)
{
	return find_list(b, number);
}

uint8_t
book_glyph(enum entry_type t)
{
	return t == ENTRY_FINDING ? 'F' :
	    t == ENTRY_QUESTION   ? '?' :
	    t == ENTRY_ASSUMPTION ? 'A' :
	    t == ENTRY_NEGATIVE   ? '-' :
	    t == ENTRY_CITATION   ? 'C' :
				    'N';
}

size_t
book_marks(const struct book *b, struct arena *a, struct mark **out)
{
	size_t n = 0;

	*out = arena_array(a, b->items.len, struct mark);
	for (size_t i = 0; i < b->items.len; i++) {
		const struct entry *e = book_at(b, i)->now;

		if (e == NULL || !e->anchored || e->at.path.len == 0)
			continue;
		(*out)[n++] = (struct mark){ book_glyph(e->type), e->at.blob,
			e->at.path, e->at.first, e->at.last };
	}
	return n;
}
