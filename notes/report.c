#include "notes/report.h"

#include <time.h>

#include "core/text.h"
#include "notes/cite.h"
#include "notes/cvss.h"
#include "notes/cvss4.h"

#define X(name) extern const struct report report_##name;
#include "reports.inc"
#undef X

#define X(name) &report_##name,
static const struct report *const formats[] = {
#include "reports.inc"
	NULL,
};
#undef X

const struct report *
report_find(struct str word)
{
	for (size_t i = 0; formats[i] != NULL; i++)
		if (str_eq(word, str_of(formats[i]->name)) ||
		    str_eq(word, str_of(formats[i]->suffix)))
			return formats[i];
	return NULL;
}

const struct report *
report_at(size_t i)
{
	return i < sizeof formats / sizeof formats[0] ? formats[i] : NULL;
}

struct str
report_shown(struct str text, struct arena *a)
{
	struct str rest = text, line;
	struct buf b = { 0 };
	struct str out;

	while (str_cut(&rest, '\n', &line)) {
		if (b.len > 0)
			buf_char(&b, '\n');
		text_show(&b, line, (struct text_style){ .tab = 8 }, SIZE_MAX);
	}
	out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out;
}

struct str
report_time(int64_t ms, struct arena *a)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	char text[40];

	if (ms <= 0 || gmtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		return STR("unknown");
	return arena_copy(a, str_of(text));
}

struct str
report_list(const struct entry_list *l, struct arena *a)
{
	struct str all = { 0 };

	for (uint32_t i = 0; i < l->len; i++)
		all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all),
		    i > 0 ? ", " : "", STR_ARG(l->at[i]));
	return all;
}

struct str
report_release(const struct case_item *it, struct arena *a)
{
	const struct findings_read *f = &it->from->said;
	for (uint32_t i = 0; i < f->n_releases; i++)
		if (oid_eq(&f->releases[i].commit, &it->now->at.commit))
			return f->releases[i].name;
	return arena_printf(a, "%.12s", oid_text(&it->now->at.commit).hex);
}

struct str
report_place(const struct entry *e, struct arena *a)
{
	const struct anchor *an = &e->at;
	struct buf path = { 0 };
	struct str where;

	if (!e->anchored || an->path.len == 0)
		return STR("the whole revision");
	text_show(&path, an->path, (struct text_style){ 0 }, SIZE_MAX);
	if (an->first == 0)
		where = arena_printf(a, "%s", path.at);
	else if (an->first == an->last)
		where = arena_printf(a, "%s line %u", path.at, an->first);
	else
		where = arena_printf(a, "%s lines %u-%u", path.at, an->first,
		    an->last);
	buf_release(&path);
	return where;
}

bool
report_recipient(const struct case_file *c, struct str name)
{
	for (uint32_t i = 0; i < c->n_items; i++) {
		const struct entry_list *l = &c->items[i].now->recipients;

		for (uint32_t k = 0; k < l->len; k++)
			if (str_eq(l->at[k], name))
				return true;
	}
	return false;
}

uint32_t
report_count(const struct case_file *c, enum entry_type type)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->n_items; i++)
		n += c->items[i].now->type == type;
	return n;
}

struct str
report_scored(struct arena *a, struct str vector)
{
	struct cvss4 four;
	struct cvss three;
	struct str out = vector;

	if (str_starts(vector, STR("CVSS:4.0/")) &&
	    cvss4_read(&four, vector) == ERR_NONE)
		out = arena_printf(a, "%u.%u %s (%s), %.*s", four.score / 10,
		    four.score % 10, cvss_word(four.score), four.name,
		    STR_ARG(vector));
	else if (vector.len > 0 && cvss_read(&three, vector) == ERR_NONE)
		out = arena_printf(a, "%u.%u %s, %.*s", three.overall / 10,
		    three.overall % 10, cvss_word(three.overall),
		    STR_ARG(vector));
	err_clear();
	return out;
}

bool
report_place_for(const struct case_file *c)
{
	return c->audience != AUDIENCE_PUBLIC;
}

bool
report_red_for(const struct case_file *c, const struct case_item *it)
{
	const struct entry_list *l = &it->now->recipients;

	if (c->audience == AUDIENCE_ALL || c->audience == AUDIENCE_ANNEX)
		return true;
	for (uint32_t i = 0; c->audience == AUDIENCE_NAMED && i < l->len; i++)
		if (str_eq(l->at[i], c->recipient))
			return true;
	return false;
}

bool
report_pages_for(const struct case_pages *g, const struct case_item *it)
{
	return g->finding > 0 && it->now->type == ENTRY_FINDING &&
	    it->now->seq == g->finding &&
	    str_eq(it->from->said.auditor, g->auditor) &&
	    str_eq(it->from->session, g->session);
}

struct str
report_pages_what(const struct case_file *c, const struct case_pages *g,
    struct arena *a)
{
	for (uint32_t i = 0; i < c->n_items; i++)
		if (report_pages_for(g, &c->items[i]))
			return case_number(&c->items[i], a);
	return arena_printf(a, "finding %llu of %.*s, which is not here",
	    (unsigned long long)g->finding, STR_ARG(g->auditor));
}

struct str
report_citation(const struct case_file *c, const struct case_item *it,
    struct arena *a)
{
	struct buf b = { 0 };
	struct str out;

	if (!it->now->anchored || !it->more->has_code ||
	    it->now->at.path.len == 0 || !report_place_for(c))
		return (struct str){ 0 };
	anchor_cite_code(&it->now->at, it->more->code, &b);
	out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out;
}

void
report_texts(const struct entry *e, struct str out[REPORT_TEXTS])
{
	const struct str all[REPORT_TEXTS] = { e->title, e->claim, e->text,
		e->evidence, e->remediation, e->answer };

	for (int i = 0; i < REPORT_TEXTS; i++)
		out[i] = all[i];
}

/* Citations in the texts before this one: they are counted through. */
static uint32_t
cited_before(const struct case_item *it, struct str text, struct arena *a)
{
	struct str texts[REPORT_TEXTS];
	struct cite_list list;
	uint32_t n = 0;

	report_texts(it->now, texts);
	for (int i = 0; i < REPORT_TEXTS && texts[i].at != text.at; i++)
		if (cite_find(&list, a, texts[i]) == ERR_NONE)
			n += list.len;
	return n;
}

struct str
report_text_for(const struct case_file *c, const struct case_item *it,
    struct str text, struct arena *a)
{
	struct cite_list list;
	struct buf b = { 0 };
	uint32_t before;
	size_t from = 0;
	struct str out;

	if (report_place_for(c) || cite_find(&list, a, text) != ERR_NONE ||
	    list.len == 0) {
		err_clear();
		return text;
	}
	before = cited_before(it, text, a);
	for (uint32_t i = 0; i < list.len; i++) {
		const struct cite *one = &list.at[i];

		if (one->at < from)
			continue;
		buf_str(&b, str_slice(text, from, one->at - from));
		buf_printf(&b, "[%.*s.C%u]", STR_ARG(case_number(it, a)),
		    before + i + 1);
		/* What only begins like one may be one that was mistyped:
		 * its line goes. */
		from = one->version > 0 ? one->at + one->len :
					  str_find(text, STR("\n"), one->at);
		if (from > text.len)
			from = text.len;
	}
	buf_str(&b, str_slice(text, from, SIZE_MAX));
	out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out;
}
