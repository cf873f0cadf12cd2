#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/ledger.h"
#include "policy/rules.h"

#include <time.h>

/* The ledgers of several journals, added up. */
struct sum {
	struct arena arena;
	struct rules rules;
	struct ledger *of; /* by journal */
	const char *const *names;
	int n;
	struct str *printed; /* by journal: lines about pages */
	uint64_t bytes, quoted;
	bool over;
};

/* "VEN-ann-000001 to VEN-ann-000004 for finding 12": which they were. */
static enum err
tell_pages(void *arg, const struct journal_entry *e)
{
	struct buf *b = arg;

	if (e->kind == JOURNAL_PAGES)
		buf_printf(b, "%-16s      %.*s, %u lines\n", "",
		    STR_ARG(e->what), e->quoted);
	return ERR_NONE;
}

static enum err
read_one(struct sum *s, int i)
{
	struct journal *j = NULL;
	struct buf pages = { 0 };
	struct str path;
	enum err rc = io_real_path(&path, &s->arena, s->names[i]);

	if (rc == ERR_NONE)
		rc = journal_open(&j, path.at, NULL);
	if (rc == ERR_NONE)
		rc = ledger_read(&s->of[i], &s->arena, j, (int64_t)time(NULL));
	if (rc == ERR_NONE)
		rc = journal_each(j, tell_pages, &pages);
	s->printed[i] = arena_copy(&s->arena, buf_view(&pages));
	buf_release(&pages);
	journal_close(j);
	return rc;
}

/* One person's exports are in one journal: two of them count twice as much
 * as the rules allow. */
static enum err
check_twice(const struct sum *s, int i, struct str who)
{
	for (int k = 0; k < i; k++)
		if (ledger_of(&s->of[k], who).exports > 0 ||
		    ledger_of(&s->of[k], who).pages > 0)
			return fail(ERR_DENIED,
			    "%.*s let out from two journals, %s and %s: one "
			    "of them is not theirs, or they had two records",
			    STR_ARG(who), s->names[k], s->names[i]);
	return ERR_NONE;
}

/* Nothing where there were none. */
static enum err
say_pages(struct sum *s, int i, const struct ledger_row *row)
{
	uint64_t may = s->rules.excerpt.pages_person;
	bool over = row->pages > may;
	enum err rc;

	if (row->pages == 0)
		return ERR_NONE;
	s->over = s->over || over;
	rc = lab_say("%-16s %4llu of %llu pages %s, %llu lines%s\n", "",
	    (unsigned long long)row->pages, (unsigned long long)may,
	    s->rules.excerpt.paper ? "on paper" : "in files",
	    (unsigned long long)row->lines, over ? ": TOO MUCH" : "");
	return rc == ERR_NONE ? lab_put(s->printed[i]) : rc;
}

static enum err
say_row(struct sum *s, int i, const struct ledger_row *row)
{
	const struct rules_export *e = &s->rules.export;
	uint64_t bytes = rules_share(&s->rules, row->who, e->bytes_total);
	uint64_t quoted = rules_share(&s->rules, row->who, e->quote_total);
	bool over = row->bytes > bytes || row->quoted > quoted;
	enum err rc = check_twice(s, i, row->who);

	s->over = s->over || over;
	if (rc != ERR_NONE)
		return rc;
	rc = lab_say("%-16.*s %4llu exports, %llu of %llu bytes, %llu of "
		     "%llu tokens of source%s\n",
	    STR_ARG(row->who), (unsigned long long)row->exports,
	    (unsigned long long)row->bytes, (unsigned long long)bytes,
	    (unsigned long long)row->quoted, (unsigned long long)quoted,
	    over ? ": TOO MUCH" : "");
	return rc == ERR_NONE ? say_pages(s, i, row) : rc;
}

static enum err
add_up(struct sum *s)
{
	const struct rules_export *e = &s->rules.export;
	enum err rc = ERR_NONE;

	for (int i = 0; i < s->n && rc == ERR_NONE; i++) {
		const struct ledger *l = &s->of[i];

		rc = read_one(s, i);
		s->bytes += l->bytes;
		s->quoted += l->quoted;
		for (uint32_t k = 0; k < l->n_rows && rc == ERR_NONE; k++)
			rc = say_row(s, i, &l->rows[k]);
	}
	if (rc != ERR_NONE)
		return rc;
	s->over =
	    s->over || s->bytes > e->bytes_total || s->quoted > e->quote_total;
	rc = lab_say("%-16s %llu of %llu bytes, %llu of %llu tokens of "
		     "source\n",
	    "the session", (unsigned long long)s->bytes,
	    (unsigned long long)e->bytes_total, (unsigned long long)s->quoted,
	    (unsigned long long)e->quote_total);
	if (rc == ERR_NONE && s->over)
		rc = fail(ERR_DENIED, "more left than the rules allow");
	return rc;
}

/* What the request would make of it: of the person and of all together. */
static enum err
with_request(struct sum *s, const struct parcel *p)
{
	const struct rules *r = &s->rules;
	uint64_t share = rules_share(r, p->author, r->export.bytes_total);
	struct pages pages;
	uint64_t bytes = p->bytes.len, mine = 0, printed = 0, more = 0;

	for (int i = 0; i < s->n; i++) {
		struct ledger_row row = ledger_of(&s->of[i], p->author);

		mine += row.bytes;
		printed += row.pages;
	}
	if (pages_is(p->bytes) &&
	    pages_read(&pages, &s->arena, p->bytes) == ERR_NONE)
		more = pages.pages;
	err_clear();
	if (s->bytes + bytes > r->export.bytes_total)
		return fail(ERR_DENIED,
		    "with this it would be %llu of %llu bytes of the session "
		    "(bytes_total)",
		    (unsigned long long)(s->bytes + bytes),
		    (unsigned long long)r->export.bytes_total);
	if (mine + bytes > share || mine + bytes > r->export.bytes_person)
		return fail(ERR_DENIED,
		    "with this it would be %llu bytes of %.*s, who may %llu",
		    (unsigned long long)(mine + bytes), STR_ARG(p->author),
		    (unsigned long long)(share < r->export.bytes_person ?
			    share :
			    r->export.bytes_person));
	if (printed + more > r->excerpt.pages_person && more > 0)
		return fail(ERR_DENIED,
		    "with this it would be %llu pages of %.*s, who may %llu",
		    (unsigned long long)(printed + more), STR_ARG(p->author),
		    (unsigned long long)r->excerpt.pages_person);
	return lab_say("%-16s %llu bytes, %llu pages more\n", "with this",
	    (unsigned long long)bytes, (unsigned long long)more);
}

enum err
lab_ledger_with(const struct rules *r, const struct parcel *p,
    const char *const *journals, int n)
{
	struct sum s = { .rules = *r, .names = journals, .n = n };
	enum err rc;

	s.of = arena_array(&s.arena, (size_t)n, struct ledger);
	s.printed = arena_array(&s.arena, (size_t)n, struct str);
	rc = add_up(&s);
	if (rc == ERR_NONE)
		rc = with_request(&s, p);
	arena_release(&s.arena);
	return rc;
}

static enum err
show_ledger(const struct lab_args *args)
{
	struct sum s = { .names = args->rest, .n = args->n };
	struct buf conf = { 0 };
	enum err rc = ERR_NONE;

	if (args->option['c'] == NULL)
		return fail(ERR_DENIED, "ledger needs -c session.conf");
	rc = io_read(&conf, args->option['c'], LIMIT_CONF);
	if (rc == ERR_NONE)
		rc = rules_read(&s.rules, &s.arena, args->option['c'],
		    buf_view(&conf));
	s.of = arena_array(&s.arena, (size_t)s.n, struct ledger);
	s.printed = arena_array(&s.arena, (size_t)s.n, struct str);
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = add_up(&s);
	buf_release(&conf);
	arena_release(&s.arena);
	return rc;
}

const struct lab_command lab_ledger_ledger = {
	.name = "ledger",
	.letters = "c:",
	.least = 1,
	.most = 100,
	.usage = "-c session.conf journal.db ...",
	.help = "add up what left according to the journals of all auditors, "
		"and hold it\n\tagainst the rules; exit status 4 when it is "
		"too much",
	.run = show_ledger,
};
