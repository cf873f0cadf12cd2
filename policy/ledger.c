#include "policy/ledger.h"

#include <time.h>

struct count {
	struct ledger *l;
	struct arena *a;
	struct tm today;
	size_t room;
};

static struct ledger_row *
row_of(struct count *c, struct str who)
{
	struct ledger *l = c->l;

	for (uint32_t i = 0; i < l->n_rows; i++)
		if (str_eq(l->rows[i].who, who))
			return &l->rows[i];
	l->rows =
	    arena_more(c->a, l->rows, l->n_rows, &c->room, sizeof *l->rows);
	l->rows[l->n_rows].who = arena_copy(c->a, who);
	return &l->rows[l->n_rows++];
}

static bool
is_today(const struct count *c, int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	return localtime_r(&t, &tm) != NULL && tm.tm_year == c->today.tm_year &&
	    tm.tm_yday == c->today.tm_yday;
}

/* Numbers of pages have no gaps, whatever became of the paper. */
static enum err
count_pages(struct count *c, const struct journal_entry *e)
{
	struct ledger_row *row;

	if (e->serial != c->l->pages + 1)
		return fail(ERR_FORMAT, "page %u follows %llu in the journal",
		    e->serial, (unsigned long long)c->l->pages);
	row = row_of(c, e->who);
	c->l->pages += e->bytes;
	c->l->lines += e->quoted;
	row->pages += e->bytes;
	row->lines += e->quoted;
	if (is_today(c, e->when))
		row->pages_today += e->bytes;
	return ERR_NONE;
}

static enum err
count_entry(void *arg, const struct journal_entry *e)
{
	struct count *c = arg;
	struct ledger_row *row;

	if (e->kind == JOURNAL_PAGES)
		return count_pages(c, e);
	if (e->kind != JOURNAL_RELEASED)
		return ERR_NONE;
	if (e->serial != c->l->serial + 1)
		return fail(ERR_FORMAT, "export %u follows %u in the journal",
		    e->serial, c->l->serial);
	row = row_of(c, e->who);
	c->l->serial = e->serial;
	c->l->bytes += e->bytes;
	c->l->quoted += e->quoted;
	c->l->exports++;
	row->bytes += e->bytes;
	row->quoted += e->quoted;
	row->exports++;
	if (is_today(c, e->when)) {
		row->bytes_today += e->bytes;
		row->exports_today++;
	}
	return ERR_NONE;
}

enum err
ledger_read(struct ledger *out, struct arena *a, struct journal *j, int64_t now)
{
	struct ledger l = { 0 };
	struct count c = { .l = &l, .a = a };
	time_t t = (time_t)now;
	enum err rc;

	if (localtime_r(&t, &c.today) == NULL)
		return fail(ERR_DENIED, "the clock cannot be read");
	rc = journal_each(j, count_entry, &c);
	if (rc == ERR_NONE)
		*out = l;
	return rc;
}

struct ledger_row
ledger_of(const struct ledger *l, struct str who)
{
	for (uint32_t i = 0; i < l->n_rows; i++)
		if (str_eq(l->rows[i].who, who))
			return l->rows[i];
	return (struct ledger_row){ .who = who };
}
