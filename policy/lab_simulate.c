#include "policy/lab_simulate.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/gate.h"
#include "policy/prints.h"
#include "policy/texts.h"

#include <string.h>
#include <time.h>

enum { PRINTS_MAX = 1 << 30, DAY = 24 * 60 * 60 };

struct simulation {
	const struct rules *rules;
	struct prints *prints; /* NULL: not given */
	struct prints *open;   /* of public source; NULL: none */
	struct io_map map;
	struct buf before; /* what left */
	struct ledger ledger;
	struct ledger_row *rows; /* of every auditor */
	int64_t *days;           /* the last day of each */
	int refused, asked, passed;
};

static void
find_author(void *arg, const struct texts_value *v)
{
	struct str *who = arg;

	if (who->len == 0 && v->item == 0 && str_eq(v->key, STR("auditor")))
		*who = v->raw;
}

/* Which auditor of the rules; 0 for a text that names none of them. */
static uint32_t
author_of(const struct simulation *s, struct str bytes)
{
	struct str who = STR("");

	texts_each(bytes, find_author, &who);
	for (uint32_t i = 0; i < s->rules->n_auditors; i++)
		if (str_eq(s->rules->auditors[i].name, who))
			return i;
	return 0;
}

/* When it left: as it says, or a day after the one before. */
static int64_t
time_of(struct str bytes, int64_t before)
{
	size_t at = str_find(bytes, STR("\"exported\": "), 0);
	struct str n = str_slice(bytes, at + 12, 13);
	uint64_t ms;

	if (at == SIZE_MAX || str_number(n, INT64_MAX, &ms) != ERR_NONE) {
		err_clear();
		return before + DAY;
	}
	return (int64_t)(ms / 1000);
}

static size_t
line_of(struct str bytes, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < bytes.len; i++)
		line += bytes.at[i] == '\n';
	return line;
}

static enum err
say_rows(const struct gate *g, const struct verdict_source *v, struct str bytes)
{
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < g->n_rows && rc == ERR_NONE; i++)
		if (g->rows[i].verdict != PASS)
			rc = lab_say("  %-10s %s: %.*s\n", g->rows[i].check,
			    gate_verdict_name(g->rows[i].verdict),
			    STR_ARG(g->rows[i].why));
	for (uint32_t i = 0; i < v->n_spans && rc == ERR_NONE; i++)
		rc = lab_say("    line %zu: %u tokens%s\n",
		    line_of(bytes, v->spans[i].at), v->spans[i].tokens,
		    v->spans[i].kind == SPAN_PUBLIC      ? " (public text)" :
			v->spans[i].kind >= SPAN_CLASSES ? " (a question)" :
							   "");
	return rc;
}

/* The checker's part; without fingerprints it finds nothing. */
static void
look_for_source(const struct simulation *s, struct arena *a,
    struct verdict_source *v, struct str bytes)
{
	struct buf all = { 0 };

	buf_str(&all, buf_view(&s->before));
	buf_str(&all, bytes);
	if (s->prints != NULL)
		prints_judge_with(v, a, s->prints, s->open,
		    buf_view(&s->before), bytes);
	v->ready = true;
	v->hash = hash_of(buf_view(&all));
	buf_release(&all);
}

static void
count(struct simulation *s, struct ledger_row *row, const struct gate *g,
    struct str bytes)
{
	row->bytes += bytes.len;
	row->bytes_today += bytes.len;
	row->quoted += g->quoted;
	row->exports++;
	row->exports_today++;
	buf_str(&s->before, bytes);
}

static enum err
simulate_one(struct simulation *s, const char *name, struct str bytes)
{
	uint32_t who = author_of(s, bytes);
	struct ledger_row *row = &s->rows[who];
	struct ledger mine = { .rows = row,
		.n_rows = 1,
		.bytes = row->bytes,
		.quoted = row->quoted };
	struct arena a = { 0 };
	struct verdict_source v = { 0 };
	struct parcel p = { .author = s->rules->auditors[who].name,
		.bytes = bytes,
		.findings = 1 };
	struct gate_case c = { &p, s->rules, &mine, &v, { { 0 } }, 0 };
	int64_t when = time_of(bytes, s->days[who]);
	struct gate g;
	enum err rc;

	if (when / DAY != s->days[who] / DAY)
		row->bytes_today = row->exports_today = 0;
	s->days[who] = when;
	p.classes = texts_classes(bytes);
	look_for_source(s, &a, &v, bytes);
	c.context_hash = v.hash;
	c.now = when;
	gate_judge(&g, &a, &c);
	s->refused += g.verdict == REFUSE;
	s->asked += g.verdict == ASK;
	s->passed += g.verdict == PASS;
	rc = lab_say("%s: %s, %zu bytes of %.*s\n", name,
	    gate_verdict_name(g.verdict), bytes.len, STR_ARG(p.author));
	if (rc == ERR_NONE)
		rc = say_rows(&g, &v, bytes);
	if (g.verdict != REFUSE)
		count(s, row, &g, bytes);
	arena_release(&a);
	return rc;
}

static enum err
open_prints(struct simulation *s, const char *path)
{
	enum err rc;

	if (path == NULL)
		return lab_say("copied source is not looked for: -f names the "
			       "fingerprints, text/prints of a session\n");
	rc = io_map(&s->map, path, PRINTS_MAX);
	return rc == ERR_NONE ?
	    prints_open_both(&s->prints, &s->open, s->map.bytes) :
	    rc;
}

enum err
lab_simulate(const struct rules *r, const struct lab_args *args)
{
	struct simulation s = { .rules = r };
	struct arena a = { 0 };
	struct buf file = { 0 };
	enum err rc;

	s.rows = arena_array(&a, r->n_auditors, struct ledger_row);
	s.days = arena_array(&a, r->n_auditors, int64_t);
	for (uint32_t i = 0; i < r->n_auditors; i++)
		s.rows[i].who = r->auditors[i].name;
	rc = open_prints(&s, args->option['f']);
	for (int i = 1; i < args->n && rc == ERR_NONE; i++) {
		rc = io_read(&file, args->rest[i], LIMIT_NOTE * 4);
		if (rc == ERR_NONE)
			rc = simulate_one(&s, args->rest[i], buf_view(&file));
	}
	if (rc == ERR_NONE)
		rc = lab_say("%d would be refused, %d need approval, %d pass\n",
		    s.refused, s.asked, s.passed);
	prints_close(s.prints);
	prints_close(s.open);
	io_unmap(&s.map);
	buf_release(&s.before);
	buf_release(&file);
	arena_release(&a);
	return rc;
}
