#include "policy/gate.h"

/* Whether a number of the rules is passed; says why. */
static bool
over(struct buf *why, uint64_t n, uint64_t max, const char *what,
    const char *key)
{
	if (max > 0 && n <= max)
		return false;
	if (max == 0)
		buf_printf(why, "the rules do not set excerpt.%s", key);
	else
		buf_printf(why, "%llu %s; the rules allow %llu (excerpt.%s)",
		    (unsigned long long)n, what, (unsigned long long)max, key);
	return true;
}

static enum verdict
pages_judge(const struct gate_case *c, struct buf *why)
{
	const struct rules_excerpt *e = &c->rules->excerpt;
	const struct pages_facts *f = c->parcel->pages;
	struct ledger_row mine;

	if (f == NULL)
		return PASS;
	if (c->ledger == NULL) {
		buf_str(why, STR("what was printed before is not known"));
		return REFUSE;
	}
	mine = ledger_of(c->ledger, c->parcel->author);
	if (f->paper != e->paper)
		buf_printf(why, "the rules want pages %s (excerpt.media)",
		    e->paper ? "on paper, never as a file" : "as a file");
	else if (e->paper && !f->spool)
		buf_str(why,
		    STR("this station has no print spool: the lab makes the "
			"folder print beside the records"));
	else if (!f->purpose)
		buf_str(why, STR("nobody said what the pages are for"));
	else if (f->pages == 0)
		buf_str(why, STR("it is not known how many pages it would be"));
	else if (!over(why, f->run, e->lines_run,
		     "lines in a row with what was printed before",
		     "lines_run") &&
	    !over(why, f->percent, e->file_percent,
		"percent of one file with what was printed before",
		"file_percent") &&
	    !over(why, f->pages, e->pages_one, "pages in one request",
		"pages_one") &&
	    !over(why, mine.pages_today + f->pages, e->pages_day,
		"pages of yours today", "pages_day") &&
	    !over(why, mine.pages + f->pages, e->pages_person, "pages of yours",
		"pages_person"))
		return PASS;
	return REFUSE;
}

const struct check check_pages = {
	.name = "pages",
	.guards = "against printing more than portions",
	.judge = pages_judge,
};
