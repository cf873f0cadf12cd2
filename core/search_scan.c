#include "core/search_scan.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/lexer.h"
#include "core/search_exact.h"
#include "core/search_join.h"
#include "core/search_lf.h"
#include "core/search_plan.h"

enum { BEFORE = 80 }; /* bytes of a line shown in front of a match */

struct search_scan {
	struct search_pcre *pcre;
	struct search_plan *plan;
	struct search_exact *exact; /* NULL: PCRE2 decides */
	uint8_t detail;
	uint32_t flags, converted;
	struct encoding_text text;
	const struct language *language;
	struct search_join join;
	uint32_t *seen; /* lines that are hits already, ascending */
	size_t n_seen, seen_room;
};

/* One pass over one text. */
struct pass {
	struct search_scan *s;
	const struct search_sink *sink;
	struct str text;     /* as searched */
	struct str original; /* as it is */
	enum encoding encoding;
	size_t cut; /* bytes of a mark in front, left out of text */
	bool utf, ascii, converted;
	bool note, avoid; /* keep hit lines in seen; leave those out */
	size_t seen;      /* how far in seen */
	uint32_t line;    /* number of the line that begins at counted */
	size_t counted;
	/* For SEARCH_KINDS: the state of the language before lexed. */
	size_t lexed;
	uint32_t state;
};

enum err
search_scan_open(struct search_scan **out, const struct query *q)
{
	struct search_scan *s = calloc(1, sizeof *s);
	enum err rc;

	if (s == NULL)
		bug("no memory for a search");
	rc = encoding_open();
	if (rc == ERR_NONE)
		rc = search_pcre_open(&s->pcre, q);
	if (rc != ERR_NONE) {
		search_scan_close(s);
		return rc;
	}
	s->flags = search_pcre_flags(s->pcre);
	s->plan = search_plan_open(s->pcre);
	s->exact = search_exact_open(q);
	*out = s;
	return ERR_NONE;
}

void
search_scan_close(struct search_scan *s)
{
	if (s == NULL)
		return;
	search_plan_close(s->plan);
	search_exact_close(s->exact);
	search_pcre_close(s->pcre);
	encoding_text_release(&s->text);
	search_join_release(&s->join);
	free(s->seen);
	free(s);
}

uint32_t
search_scan_converted(const struct search_scan *s)
{
	return s->converted;
}

void
search_scan_detail(struct search_scan *s, uint8_t detail)
{
	s->detail = detail;
}

void
search_scan_language(struct search_scan *s, const struct language *l)
{
	s->language = l;
}

static uint32_t
line_number(struct pass *p, size_t start)
{
	p->line += search_lf_count(p->text.at + p->counted, start - p->counted);
	p->counted = start;
	return p->line;
}

static size_t
original(const struct pass *p, size_t at)
{
	if (!p->converted)
		return at + p->cut;
	return encoding_original(&p->s->text, p->original, at);
}

static bool
is_inside_character(const struct pass *p, size_t at)
{
	return p->utf && at < p->text.len &&
	    ((unsigned char)p->text.at[at] & 0xc0) == 0x80;
}

/* What of the line comes with the hit: some in front of the match, as much
 * as fits behind; never half a character; no CR at the end of the line. */
static void
choose_excerpt(const struct pass *p, struct search_hit *h, size_t start,
    size_t end, size_t match)
{
	size_t from = match - start > BEFORE ? match - BEFORE : start;
	size_t to = end;

	while (from < match && is_inside_character(p, from))
		from++;
	if (to - from > SEARCH_EXCERPT) {
		to = from + SEARCH_EXCERPT;
		while (to > match && is_inside_character(p, to))
			to--;
	} else if (to > match && p->text.at[to - 1] == '\r') {
		to--;
	}
	h->cut = (uint32_t)(from - start);
	h->excerpt = str_slice(p->text, from, to - from);
}

/* false: outside of the excerpt, or enough. */
static bool
add_span(struct search_hit *h, size_t line, const struct search_match *m)
{
	size_t from = line + h->cut, len = m->end - m->at;

	if (h->n_spans == SEARCH_SPANS || m->at > from + h->excerpt.len)
		return false;
	if (len > from + h->excerpt.len - m->at)
		len = from + h->excerpt.len - m->at;
	h->spans[h->n_spans++] =
	    (struct search_span){ (uint16_t)(m->at - from), (uint16_t)len };
	return true;
}

static size_t
after(const struct pass *p, const struct search_match *m)
{
	size_t at = m->end;

	if (m->end > m->at)
		return at;
	at++;
	while (is_inside_character(p, at))
		at++;
	return at;
}

/*
 * The other matches on the line, for show.  subject and shift say how the
 * line is matched: as the end of the text so far, or alone.
 */
static void
find_spans(struct pass *p, struct search_hit *h, struct str subject,
    size_t shift, bool whole, size_t start, struct search_match m)
{
	while (after(p, &m) - shift <= subject.len) {
		size_t from = after(p, &m) - shift;

		if (search_pcre_next(p->s->pcre, whole, p->utf, subject, from,
			&m) != SEARCH_FOUND)
			return;
		m.at += shift;
		m.end += shift;
		if (!add_span(h, start, &m))
			return;
	}
}

static void
note_line(struct search_scan *s, uint32_t line)
{
	s->seen =
	    array_more(s->seen, s->n_seen, &s->seen_room, sizeof *s->seen);
	s->seen[s->n_seen++] = line;
}

static bool
is_seen(struct pass *p, uint32_t line)
{
	const struct search_scan *s = p->s;

	while (p->seen < s->n_seen && s->seen[p->seen] < line)
		p->seen++;
	return p->seen < s->n_seen && s->seen[p->seen] == line;
}

static uint32_t
kind_flag(uint8_t kind)
{
	return kind == LEXER_COMMENT ? SEARCH_COMMENTS :
	    kind == LEXER_STRING     ? SEARCH_STRINGS :
				       SEARCH_CODE;
}

/* The spans of a line; hits come in the order of lines. */
static size_t
lex(struct pass *p, size_t start, size_t end, struct lexer_span *spans,
    size_t most)
{
	size_t n;

	if (start < p->lexed)
		p->lexed = p->state = 0;
	while (p->lexed < start) {
		size_t to = search_lf_end(p->text, p->lexed);

		p->state = lexer_line(p->s->language, p->state,
		    str_slice(p->text, p->lexed, to - p->lexed), NULL, 0, &n);
		p->lexed = to + 1;
	}
	(void)lexer_line(p->s->language, p->state,
	    str_slice(p->text, start, end - start), spans, most, &n);
	return n;
}

/* Moves m on to the first match on the line that begins where the query
 * wants it; false: there is none. */
static bool
find_kind(struct pass *p, size_t start, size_t end, struct search_match *m)
{
	enum { SPANS = 512 };
	struct lexer_span spans[SPANS];
	struct str line = str_slice(p->text, start, end - start);
	size_t n = lex(p, start, end, spans, SPANS), k = 0;

	for (;;) {
		size_t at = m->at - start, from;
		uint8_t kind = LEXER_PLAIN;

		while (k < n && spans[k].from + spans[k].len <= at)
			k++;
		if (k < n && spans[k].from <= at)
			kind = spans[k].kind;
		if (p->s->flags & kind_flag(kind))
			return true;
		from = after(p, m) - start;
		if (p->s->flags & SEARCH_MULTI_LINE || from > line.len ||
		    search_pcre_next(p->s->pcre, false, p->utf, line, from,
			m) != SEARCH_FOUND)
			return false;
		m->at += start;
		m->end += start;
	}
}

/* What is shown of a hit; more spans only in line mode. */
static void
show(struct pass *p, struct search_hit *h, size_t start, size_t end, bool whole,
    const struct search_match *m)
{
	struct str subject = whole ? str_slice(p->text, 0, end) :
				     str_slice(p->text, start, end - start);

	if (p->s->detail == SEARCH_DETAIL_COUNT)
		return;
	choose_excerpt(p, h, start, end, m->at);
	add_span(h, start, m);
	if (p->s->detail == SEARCH_DETAIL_ALL &&
	    !(p->s->flags & SEARCH_MULTI_LINE))
		find_spans(p, h, subject, whole ? 0 : start, whole, start, *m);
}

/* A match on the line start..end. */
static void
emit(struct pass *p, size_t start, size_t end, bool whole,
    struct search_match m)
{
	struct search_hit h = { 0 };
	size_t from, at;

	if (p->s->flags & SEARCH_KINDS && !find_kind(p, start, end, &m))
		return;
	h.line = line_number(p, start);
	from = start == 0 ? 0 : original(p, start);
	at = original(p, m.at);
	if (p->avoid && is_seen(p, h.line))
		return;
	if (p->note)
		note_line(p->s, h.line);
	h.column = (uint32_t)(at - from);
	h.length = (uint32_t)(original(p, m.end) - at);
	h.line_len = (uint32_t)(original(p, end) - from);
	h.encoding = p->encoding;
	show(p, &h, start, end, whole, &m);
	p->sink->hit(p->sink->arg, &h);
}

/* Each line alone, by the pattern as typed.  $ also stands before a CR at
 * the end: a line with one that does not match is tried without it. */
static void
scan_line(struct pass *p, size_t start, size_t end)
{
	struct str line = str_slice(p->text, start, end - start);
	enum search_found found;
	struct search_match m;

	found = search_pcre_next(p->s->pcre, false, p->utf, line, 0, &m);
	if (found == SEARCH_FOUND_NONE && str_ends(line, STR("\r"))) {
		line.len--;
		found =
		    search_pcre_next(p->s->pcre, false, p->utf, line, 0, &m);
	}
	if (found == SEARCH_FOUND_GAVE_UP)
		p->sink->skip(p->sink->arg, line_number(p, start),
		    SEARCH_SKIP_LIMIT);
	if (found != SEARCH_FOUND)
		return;
	m.at += start;
	m.end += start;
	emit(p, start, end, false, m);
}

static void
scan_by_line(struct pass *p, size_t from)
{
	while (from < p->text.len) {
		size_t end = search_lf_end(p->text, from);

		scan_line(p, from, end);
		from = end + 1;
	}
}

/* Many lines at once; a limit that is met is pinned to its line. */
static void
scan_whole(struct pass *p)
{
	struct str text = p->text;
	size_t from = 0;

	if (str_ends(text, STR("\n")))
		text.len--;
	while (from <= text.len) {
		struct search_match m;
		enum search_found found =
		    search_pcre_next(p->s->pcre, true, p->utf, text, from, &m);
		size_t start, end;

		if (found == SEARCH_FOUND_NONE)
			return;
		if (found == SEARCH_FOUND_GAVE_UP) {
			scan_by_line(p, from);
			return;
		}
		start = search_lf_start(text, m.at);
		end = search_lf_end(text, m.at);
		emit(p, start, end, true, m);
		from = end + 1;
	}
}

/* One line, with the form for many. */
static void
scan_one_of_many(struct pass *p, size_t start, size_t end)
{
	struct search_match m;
	enum search_found found = search_pcre_next(p->s->pcre, true, p->utf,
	    str_slice(p->text, 0, end), start, &m);

	if (found == SEARCH_FOUND_GAVE_UP)
		scan_line(p, start, end);
	else if (found == SEARCH_FOUND)
		emit(p, start, end, true, m);
}

/* One line with a place that may be in a match; returns where the next one
 * begins. */
static size_t
scan_candidate(struct pass *p, size_t at, bool whole)
{
	size_t start = search_lf_start(p->text, at),
	       end = search_lf_end(p->text, at);

	if (whole)
		scan_one_of_many(p, start, end);
	else
		scan_line(p, start, end);
	return end + 1;
}

/* Only lines with one of the words that every match has. */
static void
scan_words(struct pass *p, const struct search_filter *words)
{
	bool whole = search_pcre_has_whole(p->s->pcre, p->utf);
	size_t from = 0;

	while (from < p->text.len) {
		size_t at = search_filter_next(words, p->text, from);

		if (at == SIZE_MAX)
			return;
		from = scan_candidate(p, at, whole);
	}
}

/* Only lines that the table lets through. */
static void
scan_table(struct pass *p, struct search_dfa *table)
{
	bool whole = search_pcre_has_whole(p->s->pcre, p->utf);
	size_t from = 0, to;

	for (; from < p->text.len; from = to) {
		const size_t *at;
		size_t n;

		to = search_lf_end(p->text, from + SEARCH_DFA_TEXT);
		to = to < p->text.len ? to + 1 : p->text.len;
		at = search_dfa_lines(table,
		    str_slice(p->text, from, to - from), &n);
		for (size_t i = 0; i < n; i++)
			(void)scan_candidate(p, from + at[i], whole);
	}
}

/* A text that is its own pattern. */
static void
scan_exact(struct pass *p)
{
	struct search_match m;
	size_t from = 0, end;

	while (from < p->text.len &&
	    search_exact_next(p->s->exact, p->text, from, &m)) {
		end = search_lf_end(p->text, m.end);
		emit(p, search_lf_start(p->text, m.at), end, true, m);
		from = end + 1;
	}
}

static void
scan_multi_line(struct pass *p)
{
	size_t from = 0;

	while (from < p->text.len) {
		struct search_match m;
		enum search_found found = search_pcre_next(p->s->pcre, true,
		    p->utf, p->text, from, &m);
		size_t start, end;

		if (found == SEARCH_FOUND_GAVE_UP)
			p->sink->skip(p->sink->arg,
			    line_number(p, search_lf_start(p->text, from)),
			    SEARCH_SKIP_LIMIT);
		if (found != SEARCH_FOUND || m.at == p->text.len)
			return;
		start = search_lf_start(p->text, m.at);
		end = search_lf_end(p->text, m.at);
		emit(p, start, end, true, m);
		from = m.end > end ? m.end : end + 1;
	}
}

static void
run_lines(struct pass *p)
{
	const struct search_filter *words;
	struct search_plan *plan = p->s->plan;
	enum search_way way;
	bool never;

	if (p->line == 0)
		p->line = 1;
	if (p->s->exact != NULL && !search_plan_forced(plan)) {
		search_pcre_begin(p->s->pcre, p->text);
		scan_exact(p);
		return;
	}
	words = search_plan_words(plan, p->utf, p->ascii, &never);
	if (p->text.len == 0 || never)
		return;
	search_pcre_begin(p->s->pcre, p->text);
	if (p->s->flags & SEARCH_MULTI_LINE) {
		if (words == NULL ||
		    search_filter_next(words, p->text, 0) != SIZE_MAX)
			scan_multi_line(p);
		return;
	}
	way = search_plan_begin(plan, p->utf, p->ascii);
	if (way == SEARCH_WAY_WORDS)
		scan_words(p, words);
	else if (way == SEARCH_WAY_TABLE)
		scan_table(p, search_plan_table(plan, p->utf));
	else if (search_pcre_has_whole(p->s->pcre, p->utf))
		scan_whole(p);
	else
		scan_by_line(p, 0);
	search_plan_end(plan, p->text.len);
}

/* ---- lines that a backslash makes one ---- */

/* The hit stands where the match begins; what is shown is one line. */
static void
emit_joined(struct pass *p, const struct search_join_line *from,
    const struct search_join_line *to, const struct search_match *m)
{
	struct search_scan *s = p->s;
	size_t end = search_lf_end(p->text, from->text), first, at, last;
	struct search_hit h = { .encoding = p->encoding };
	struct pass shown = *p;

	if (s->flags & SEARCH_KINDS) {
		struct search_match here = { from->text + m->at - from->joined,
			end };

		if (!find_kind(p, from->text, end, &here) ||
		    here.at != from->text + m->at - from->joined)
			return;
	}
	h.line = line_number(p, from->text);
	if (is_seen(p, h.line))
		return;
	first = from->text == 0 ? 0 : original(p, from->text);
	at = original(p, from->text + m->at - from->joined);
	last = original(p, to->text + m->end - to->joined);
	h.column = (uint32_t)(at - first);
	h.length = (uint32_t)(last - at);
	h.line_len = (uint32_t)(original(p, end) - first);
	shown.text = buf_view(&s->join.joined);
	choose_excerpt(&shown, &h, 0, s->join.joined.len, m->at);
	add_span(&h, 0, m);
	p->sink->hit(p->sink->arg, &h);
}

/* What runs over a backslash at the end of a line. */
static void
scan_joined_line(struct pass *p)
{
	struct search_scan *s = p->s;
	struct str joined = buf_view(&s->join.joined);
	struct search_match m = { 0, 0 };
	size_t from = 0;

	while (from <= joined.len) {
		const struct search_join_line *first, *last;
		enum search_found found =
		    search_pcre_next(s->pcre, false, p->utf, joined, from, &m);

		if (found == SEARCH_FOUND_GAVE_UP)
			p->sink->skip(p->sink->arg,
			    line_number(p, s->join.lines[0].text),
			    SEARCH_SKIP_LIMIT);
		if (found != SEARCH_FOUND)
			return;
		first = search_join_at(&s->join, m.at);
		last =
		    search_join_at(&s->join, m.end > m.at ? m.end - 1 : m.at);
		if (last > first) {
			emit_joined(p, first, last, &m);
			return;
		}
		from = m.end > m.at ? m.end : m.at + 1;
		while (from < joined.len && p->utf &&
		    ((unsigned char)joined.at[from] & 0xc0) == 0x80)
			from++;
	}
}

static void
scan_joined(struct pass *p)
{
	size_t at = 0;

	while (search_join_next(&p->s->join, p->text, &at))
		scan_joined_line(p);
}

static void
run(struct pass *p)
{
	bool joined =
	    p->s->flags & SEARCH_JOINED && !(p->s->flags & SEARCH_MULTI_LINE);
	struct pass again = *p;

	if (joined && !p->avoid) {
		p->note = true;
		p->s->n_seen = 0;
	}
	run_lines(p);
	if (!joined || p->text.len == 0)
		return;
	again.line = again.line == 0 ? 1 : again.line;
	scan_joined(&again);
}

/*
 * A guess can be wrong, and a byte order mark can lie: ASCII may have been
 * swallowed as half of a character.  So such a text is searched as bytes too.
 */
static void
scan_converted(struct search_scan *s, struct str bytes, enum encoding e,
    const struct search_sink *sink)
{
	struct pass p = { .s = s,
		.sink = sink,
		.original = bytes,
		.encoding = e,
		.utf = true,
		.converted = true,
		.note = true };

	encoding_convert(&s->text, e, bytes);
	s->converted++;
	s->n_seen = 0;
	p.text = buf_view(&s->text.utf8);
	run(&p);
	if (e == ENCODING_LATIN1)
		return; /* every byte is a character of its own */
	p = (struct pass){ .s = s,
		.sink = sink,
		.original = bytes,
		.text = bytes,
		.avoid = true };
	run(&p);
}

void
search_scan_known(struct search_scan *s, struct str bytes, enum encoding e,
    unsigned proven, const struct search_sink *sink)
{
	struct pass p = { .s = s,
		.sink = sink,
		.original = bytes,
		.text = bytes,
		.encoding = e,
		.utf = proven & SEARCH_SCAN_UTF8,
		.ascii = proven & SEARCH_SCAN_ASCII };

	if (s->flags & SEARCH_BYTES) {
		p.utf = false;
		p.encoding = ENCODING_BYTES;
	} else if (encoding_converts(e)) {
		scan_converted(s, bytes, e, sink);
		return;
	} else if (e == ENCODING_UTF8_BOM) {
		p.cut = 3;
		p.text = str_slice(bytes, 3, bytes.len);
	}
	run(&p);
}

void
search_scan_part(struct search_scan *s, struct str bytes, uint32_t line,
    unsigned proven, const struct search_sink *sink)
{
	bool utf = proven & SEARCH_SCAN_UTF8 && !(s->flags & SEARCH_BYTES);
	struct pass p = { .s = s,
		.sink = sink,
		.original = bytes,
		.text = bytes,
		.line = line,
		.encoding = utf ? ENCODING_UTF8 : ENCODING_BYTES,
		.utf = utf,
		.ascii = proven & SEARCH_SCAN_ASCII };

	run(&p);
}

bool
search_scan_is_exact(const struct search_scan *s)
{
	return s->exact != NULL;
}

bool
search_scan_wants_bytes(const struct search_scan *s)
{
	return s->flags & SEARCH_BYTES;
}

struct search_plan *
search_scan_plan(struct search_scan *s)
{
	return s->plan;
}

void
search_scan_plain(struct search_scan *s, bool plain)
{
	search_plan_plain(s->plan, plain);
	if (s->exact != NULL)
		search_exact_wide(s->exact, !plain);
}
