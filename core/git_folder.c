#include "core/git_folder.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_inside.h"

enum { FOLDER_STEP = 256 }; /* bytes compared at once */

static size_t
same_start(struct str a, struct str b)
{
	size_t most = a.len < b.len ? a.len : b.len, n = 0;

	while (n + FOLDER_STEP <= most &&
	    memcmp(a.at + n, b.at + n, FOLDER_STEP) == 0)
		n += FOLDER_STEP;
	while (n < most && a.at[n] == b.at[n])
		n++;
	return n;
}

static size_t
same_end(struct str a, struct str b)
{
	size_t most = a.len < b.len ? a.len : b.len, n = 0;

	while (n + FOLDER_STEP <= most &&
	    memcmp(a.at + a.len - n - FOLDER_STEP,
		b.at + b.len - n - FOLDER_STEP, FOLDER_STEP) == 0)
		n += FOLDER_STEP;
	while (n < most && a.at[a.len - n - 1] == b.at[b.len - n - 1])
		n++;
	return n;
}

/* The first entry of a plain one that begins at or behind that byte. */
static uint32_t
entry_from(const struct git_folder *f, size_t byte)
{
	uint32_t low = 0, high = f->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (f->at[mid] < byte)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/*
 * How many entries of f the other bytes begin with, and how many of the rest
 * they end with.  The first are entries there, too, since they are taken
 * apart from the front; the last are, when that arrives at where they begin.
 */
static void
find_same(uint32_t *first, uint32_t *last, const struct git_folder *f,
    struct str bytes)
{
	struct str own = f->bytes.bytes;
	size_t start = same_start(own, bytes), end;

	/* The end of the last one counts as where one begins. */
	*first = start == own.len ? f->n : entry_from(f, start + 1);
	if (*first > 0 && start < own.len)
		--*first;
	start = *first == f->n ? own.len : f->at[*first];
	end = same_end(str_slice(own, start, own.len),
	    str_slice(bytes, start, bytes.len));
	*last = f->n - entry_from(f, own.len - end);
}

/* Both plain: how long an entry is, is known. */
static struct str
raw_of(const struct git_folder *f, uint32_t i)
{
	struct str all = f->bytes.bytes;
	size_t end = i + 1 < f->n ? f->at[i + 1] : all.len;

	return (struct str){ all.at + f->at[i], end - f->at[i] };
}

struct parsing {
	struct git_folder *f;
	struct str all, rest;
	uint32_t room;
	/* The entry that was added last: any, and none of like. */
	struct tree_entry before;
	bool any;
	/* Another version: its next entry, which comes behind the one that
	 * was added last, and where those begin that both end with. */
	const struct git_folder *like;
	uint32_t next, end;
};

static void
add_at(struct parsing *p, uint32_t at)
{
	struct git_folder *f = p->f;

	if (f->n == p->room) {
		p->room = p->room == 0 ? (uint32_t)(16 + p->rest.len / 32) :
					 p->room + p->room / 2;
		f->at = reallocarray(f->at, p->room, sizeof *f->at);
		if (f->at == NULL)
			bug("no memory for a folder of %u", p->room);
	}
	f->at[f->n++] = at;
}

/* One that the other version has, too, where it is expected. */
static bool
add_same(struct parsing *p)
{
	struct str raw;

	if (p->next >= p->end)
		return false;
	raw = raw_of(p->like, p->next);
	if (raw.len > p->rest.len || memcmp(raw.at, p->rest.at, raw.len) != 0)
		return false;
	add_at(p, (uint32_t)(p->rest.at - p->all.at));
	p->rest = str_slice(p->rest, raw.len, p->rest.len);
	p->next++;
	p->any = false;
	return true;
}

/* Whether e comes behind the one that was added last. */
static bool
is_behind(const struct parsing *p, const struct tree_entry *e)
{
	struct tree_entry before = p->before;

	if (!p->any && p->next == 0)
		return true;
	if (!p->any)
		before = git_folder_entry(p->like, p->next - 1);
	return git_tree_cmp(&before, e) < 0;
}

/* false: nothing more, or it is damaged. */
static bool
add_next(struct parsing *p, bool *bad)
{
	uint32_t at = (uint32_t)(p->rest.at - p->all.at);
	struct tree_entry e, other;

	if (add_same(p))
		return true;
	if (!git_tree_next(&e, &p->rest, bad))
		return false;
	if (!is_behind(p, &e))
		p->f->plain = false;
	p->before = e;
	p->any = true;
	add_at(p, at);
	for (; p->next < p->end; p->next++) {
		other = git_folder_entry(p->like, p->next);
		if (git_tree_cmp(&other, &e) > 0)
			break;
	}
	return true;
}

static void
take_first(struct parsing *p, uint32_t first)
{
	const struct git_folder *like = p->like;
	size_t done =
	    first == like->n ? like->bytes.bytes.len : like->at[first];

	p->room = like->n + 16;
	p->f->at = reallocarray(NULL, p->room, sizeof *p->f->at);
	if (p->f->at == NULL)
		bug("no memory for a folder of %u", p->room);
	memcpy(p->f->at, like->at, first * sizeof *like->at);
	p->f->n = p->next = first;
	p->rest = str_slice(p->all, done, p->all.len);
}

/* At the first of the last ones: the order holds from there on. */
static void
take_last(struct parsing *p)
{
	const struct git_folder *like = p->like;
	struct tree_entry e = git_folder_entry(like, p->end);
	uint32_t shift =
	    (uint32_t)(p->all.len - like->bytes.bytes.len); /* may wrap */

	if (!is_behind(p, &e))
		p->f->plain = false;
	for (uint32_t i = p->end; i < like->n; i++)
		add_at(p, like->at[i] + shift);
}

static int
by_entry(const void *a, const void *b, void *arg)
{
	struct git_folder all = *(const struct git_folder *)arg;
	struct tree_entry x, y;

	all.at = (uint32_t[]){ *(const uint32_t *)a, *(const uint32_t *)b };
	x = git_folder_entry(&all, 0);
	y = git_folder_entry(&all, 1);
	return git_tree_cmp(&x, &y);
}

/* false: it is damaged. */
static bool
parse(struct parsing *p, const struct git_folder *like)
{
	uint32_t first = 0, last = 0;
	size_t tail = SIZE_MAX; /* bytes of the last ones */
	bool bad = false;

	if (like != NULL && like->plain && like->n > 0) {
		find_same(&first, &last, like, p->all);
		p->like = like;
		p->end = like->n - last;
		take_first(p, first);
		if (last > 0)
			tail = like->bytes.bytes.len - like->at[p->end];
	}
	while (p->rest.len != tail && add_next(p, &bad))
		;
	if (!bad && p->rest.len == tail)
		take_last(p);
	return !bad;
}

enum err
git_folder_parse(struct git_folder *out, struct git_bytes bytes,
    const struct oid *id, const struct git_folder *like)
{
	struct git_folder f = { .bytes = bytes, .plain = true };
	struct parsing p = { .f = &f, .all = bytes.bytes, .rest = bytes.bytes };

	if (!parse(&p, like)) {
		free(f.at);
		return fail(ERR_FORMAT,
		    "tree %s is damaged: an entry without "
		    "a name or with an impossible mode",
		    oid_text(id).hex);
	}
	if (!f.plain)
		qsort_r(f.at, f.n, sizeof *f.at, by_entry, &f);
	*out = f;
	return ERR_NONE;
}

void
git_folder_release(struct git_folder *f)
{
	git_repo_drop(&f->bytes);
	free(f->at);
	*f = (struct git_folder){ 0 };
}

struct tree_entry
git_folder_entry(const struct git_folder *f, uint32_t i)
{
	struct str raw =
	    str_slice(f->bytes.bytes, f->at[i], f->bytes.bytes.len);
	struct tree_entry e = { 0 };
	bool bad;

	if (!git_tree_next(&e, &raw, &bad))
		bug("an entry that was there before");
	return e;
}

/* No name is there twice: what both begin and end with are pairs. */
static void
leave_out(struct git_folder_diff *d)
{
	struct str bytes = d->new->bytes.bytes;
	uint32_t first, last, from;
	size_t where;

	find_same(&first, &last, d->old, bytes);
	d->i = d->k = first;
	if (last == 0)
		return;
	where = bytes.len -
	    (d->old->bytes.bytes.len - d->old->at[d->old->n - last]);
	from = entry_from(d->new, where);
	if (from < d->new->n && d->new->at[from] == where) {
		d->i_end -= last;
		d->k_end = from;
	}
}

void
git_folder_diff(struct git_folder_diff *out, const struct git_folder *old,
    const struct git_folder *new)
{
	struct git_folder_diff d = { .old = old, .new = new };

	d.i_end = old == NULL ? 0 : old->n;
	d.k_end = new == NULL ? 0 : new->n;
	if (d.i_end > 0 && d.k_end > 0 && old->plain && new->plain)
		leave_out(&d);
	*out = d;
}

static void
skip_same(struct git_folder_diff *d)
{
	if (d->old == NULL || d->new == NULL || !d->old->plain ||
	    !d->new->plain)
		return;
	while (d->i < d->i_end && d->k < d->k_end &&
	    str_eq(raw_of(d->old, d->i), raw_of(d->new, d->k))) {
		d->i++;
		d->k++;
	}
}

bool
git_folder_next(struct git_folder_diff *d)
{
	for (;;) {
		int order;

		skip_same(d);
		d->o = d->i < d->i_end ? &d->entry[0] : NULL;
		d->n = d->k < d->k_end ? &d->entry[1] : NULL;
		if (d->o == NULL && d->n == NULL)
			return false;
		if (d->o != NULL)
			d->entry[0] = git_folder_entry(d->old, d->i);
		if (d->n != NULL)
			d->entry[1] = git_folder_entry(d->new, d->k);
		order = d->o == NULL ? 1 :
		    d->n == NULL     ? -1 :
				       git_tree_cmp(d->o, d->n);
		d->i += order <= 0;
		d->k += order >= 0;
		if (order < 0)
			d->n = NULL;
		else if (order > 0)
			d->o = NULL;
		if (order != 0 || !oid_eq(&d->o->id, &d->n->id) ||
		    (d->o->kind != TREE_FOLDER && d->o->mode != d->n->mode))
			return true;
	}
}
