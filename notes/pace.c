#include "notes/pace.h"

#include <stdlib.h>

#include "core/array.h"

struct pace {
	struct pace_day *days;
	size_t len, room;
	int64_t last; /* time of the entry before */
};

static const int64_t DAY = INT64_C(24) * 3600 * 1000;

struct pace *
pace_open(void)
{
	struct pace *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for the pace");
	return p;
}

void
pace_close(struct pace *p)
{
	if (p == NULL)
		return;
	free(p->days);
	free(p);
}

/* Clocks may be set back: such an entry belongs to the last day. */
static struct pace_day *
day_of(struct pace *p, int64_t ms)
{
	int64_t day = ms / DAY * DAY;

	if (p->len > 0 && p->days[p->len - 1].day >= day)
		return &p->days[p->len - 1];
	p->days = array_more(p->days, p->len, &p->room, sizeof *p->days);
	p->days[p->len] = (struct pace_day){ .day = day };
	return &p->days[p->len++];
}

static uint64_t
pairs(const uint32_t *at, size_t n)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += (uint64_t)at[2 * i + 1] - at[2 * i] + 1;
	return lines;
}

/* Of lines first..last those that a layer does not have. */
static uint64_t
missing(const struct cover *c, enum cover_layer layer, const struct anchor *at)
{
	struct buf b = { 0 };
	uint64_t lines;

	cover_missing(c, layer, &at->blob, at->first, at->last, &b);
	lines = pairs((const uint32_t *)(const void *)b.at, b.len / 8);
	buf_release(&b);
	return lines;
}

static void
take_review(struct pace_day *d, const struct entry *e, const struct cover *c)
{
	uint64_t all = (uint64_t)e->at.last - e->at.first + 1, fresh;

	if (e->at.first == 0) {
		d->files += e->is;
		return;
	}
	fresh = missing(c, COVER_REVIEWED, &e->at);
	if (e->is) {
		d->reviewed += fresh;
		d->unseen += missing(c, COVER_SEEN, &e->at);
	} else {
		uint64_t less = all - fresh;

		d->reviewed -= less < d->reviewed ? less : d->reviewed;
	}
}

void
pace_take(struct pace *p, const struct entry *e, const struct cover *c)
{
	struct pace_day *d = day_of(p, e->time);
	int64_t gap = e->time - p->last;

	if (p->last > 0 && gap > 0 && gap <= PACE_GAP_MS &&
	    e->type != ENTRY_OPEN)
		d->worked += gap;
	p->last = e->time;
	if (e->type == ENTRY_SEEN)
		d->seen += pairs(e->spans.at, e->spans.len);
	else if (e->type == ENTRY_REVIEWED)
		take_review(d, e, c);
	else if (e->type == ENTRY_VERDICT)
		d->verdicts += (uint32_t)pairs(e->spans.at, e->spans.len);
	else if (e->type == ENTRY_OPEN)
		d->sessions++;
	else if (entry_is_item(e->type))
		d->written++;
}

size_t
pace_days(const struct pace *p)
{
	return p->len;
}

const struct pace_day *
pace_at(const struct pace *p, size_t i)
{
	return &p->days[i];
}

struct pace_day
pace_total(const struct pace *p)
{
	struct pace_day t = { 0 };

	for (size_t i = 0; i < p->len; i++) {
		const struct pace_day *d = &p->days[i];

		t.worked += d->worked;
		t.seen += d->seen;
		t.reviewed += d->reviewed;
		t.unseen += d->unseen;
		t.files += d->files;
		t.written += d->written;
		t.verdicts += d->verdicts;
		t.sessions += d->sessions;
	}
	return t;
}

uint64_t
pace_per_hour(uint64_t lines, int64_t worked)
{
	return worked < 60 * 1000 ? 0 : lines * 3600 * 1000 / (uint64_t)worked;
}
