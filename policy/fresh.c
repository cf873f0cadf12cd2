#include "policy/fresh.h"

#include <stdlib.h>
#include <string.h>

#include "policy/siphash.h"

enum {
#ifdef TINY
	SEEN_MAX = 1000,
#else
	SEEN_MAX = 8 * 1000 * 1000, /* then the rest is all given */
#endif
	LEAST = 256,    /* characters of a piece, without blanks ... */
	MOST = 8 * 1024 /* ... and where it is cut whatever the line says */
};

void
fresh_release(struct fresh *f)
{
	free(f->seen);
	free(f->pieces);
	buf_release(&f->remarks);
	*f = (struct fresh){ 0 };
}

static void
put(uint64_t *at, size_t room, uint64_t v)
{
	size_t i = v & (room - 1);

	while (at[i] != 0)
		i = (i + 1) & (room - 1);
	at[i] = v;
}

static void
grow(struct fresh *f)
{
	size_t room = f->room == 0 ? 1024 : 2 * f->room;
	uint64_t *at = calloc(room, sizeof *at);

	if (at == NULL)
		bug("no memory for %zu pieces of text", room);
	for (size_t i = 0; i < f->room; i++)
		if (f->seen[i] != 0)
			put(at, room, f->seen[i]);
	free(f->seen);
	f->seen = at;
	f->room = room;
}

/* true: for the first time, as far as is remembered. */
static bool
is_first(struct fresh *f, uint64_t v)
{
	size_t i;

	v += v == 0;
	if (f->n * 3 >= f->room * 2)
		grow(f);
	i = v & (f->room - 1);
	while (f->seen[i] != 0) {
		if (f->seen[i] == v)
			return false;
		i = (i + 1) & (f->room - 1);
	}
	if (f->n < SEEN_MAX) {
		f->seen[i] = v;
		f->n++;
	}
	return true;
}

/* A text while it is cut. */
struct scan {
	struct fresh *f;
	enum tokens_syntax syntax;
	struct str text;
	bool remarks; /* the text is nothing but comments: they count */
	size_t piece, line, weight;
	size_t lone[2]; /* up to there no such mark of quotation ends */
};

static void
cut(struct scan *s, size_t to)
{
	struct fresh *f = s->f;
	struct fresh_piece *p;

	if (f->n_pieces == f->pieces_room) {
		f->pieces_room = f->pieces_room == 0 ? 64 : 2 * f->pieces_room;
		f->pieces = reallocarray(f->pieces, f->pieces_room, sizeof *p);
		if (f->pieces == NULL)
			bug("no memory for %zu pieces", f->pieces_room);
	}
	p = &f->pieces[f->n_pieces++];
	*p = (struct fresh_piece){ .from = s->piece, .to = to };
	p->hash = siphash(f->key, (const uint8_t *)s->text.at + p->from,
	    to - p->from);
	s->piece = to;
	s->weight = 0;
}

/* One line in four, by what is in it. */
static bool
is_mark(struct str line)
{
	uint32_t h = (uint32_t)line.len;

	for (size_t i = 0; i < line.len; i++)
		h = (h ^ (uint8_t)line.at[i]) * 0x01000193u;
	return (h >> 16 & 3) == 0;
}

/* Behind a line end that is in no comment and no quotation. */
static void
end_line(struct scan *s, size_t next)
{
	if (s->weight >= MOST ||
	    (s->weight >= LEAST &&
		is_mark(str_slice(s->text, s->line, next - s->line))))
		cut(s, next);
	s->line = next;
}

/* As tokens_read() has it: a text that ends on its line, or a lone mark. */
static size_t
skip_quoted(struct scan *s, size_t i)
{
	struct str t = s->text;
	char quote = t.at[i];
	size_t *lone = &s->lone[quote == '"'], k;

	if (i < *lone)
		return i + 1;
	for (k = i + 1; k < t.len && t.at[k] != '\n'; k++) {
		if (t.at[k] == '\\')
			k++;
		else if (t.at[k] == quote)
			return k + 1;
	}
	*lone = k;
	return i + 1;
}

static size_t
skip_to(struct str t, size_t i, struct str end)
{
	size_t at = str_find(t, end, i);

	return at == SIZE_MAX ? t.len : at;
}

/* Where the comment that begins at i ends; i when none does. */
static size_t
skip_comment(const struct scan *s, size_t i)
{
	struct str t = s->text;
	char next = i + 1 < t.len ? t.at[i + 1] : '\0';
	size_t end;

	if (s->syntax == TOKENS_HASH)
		return t.at[i] == '#' ? skip_to(t, i, STR("\n")) : i;
	if (s->syntax == TOKENS_DASH)
		return t.at[i] == '-' && next == '-' ?
		    skip_to(t, i, STR("\n")) :
		    i;
	if (s->syntax != TOKENS_C || t.at[i] != '/')
		return i;
	if (next == '/')
		return skip_to(t, i, STR("\n"));
	if (next != '*')
		return i;
	end = skip_to(t, i + 2, STR("*/"));
	return end == t.len ? end : end + 2;
}

static void
take_comment(struct scan *s, size_t from, size_t to)
{
	if (s->remarks) {
		s->weight += to - from;
		return;
	}
	buf_str(&s->f->remarks, str_slice(s->text, from, to - from));
	buf_char(&s->f->remarks, '\n');
}

/* What has to be looked at: ends of lines, and where a quotation or a comment
 * may begin. */
enum { SEEN = 1, STOP = 2, MARK = 4 };
static const uint8_t classes[256] = {
	['\n'] = STOP,
	['!'] = SEEN,
	['"'] = SEEN | MARK,
	['#'] = SEEN | MARK,
	['$' ... '&'] = SEEN,
	['\''] = SEEN | MARK,
	['(' ... ','] = SEEN,
	['-'] = SEEN | MARK,
	['.'] = SEEN,
	['/'] = SEEN | MARK,
	['0' ... 255] = SEEN,
};

/* Behind the mark at i, and the quotation or comment that begins there. */
static size_t
pass_mark(struct scan *s, size_t i)
{
	char c = s->text.at[i];
	size_t end;

	if (c == '"' || c == '\'') {
		end = skip_quoted(s, i);
		s->weight += end - i;
		return end;
	}
	end = skip_comment(s, i);
	if (end == i)
		return i + 1;
	take_comment(s, i, end);
	return end;
}

static void
cut_all(struct scan *s)
{
	const uint8_t *t = (const uint8_t *)s->text.at;
	unsigned stops = STOP | (s->syntax != TOKENS_PLAIN ? MARK : 0);
	size_t len = s->text.len;

	s->f->n_pieces = 0;
	for (size_t i = 0; i < len;) {
		size_t weight = 0;
		unsigned class = 0;

		for (; i < len; i++) {
			class = classes[t[i]];
			weight += class & SEEN;
			if (class & stops)
				break;
		}
		s->weight += weight;
		if (i == len)
			break;
		if (class & STOP)
			end_line(s, ++i);
		else
			i = pass_mark(s, i);
	}
	if (s->piece < len)
		cut(s, len);
}

/* Whether each stood between these two before. */
static void
judge(struct scan *s)
{
	struct fresh *f = s->f;

	for (size_t i = 0; i < f->n_pieces; i++) {
		const uint64_t around[] = { i == 0 ? 0 : f->pieces[i - 1].hash,
			f->pieces[i].hash,
			i + 1 == f->n_pieces ? 0 : f->pieces[i + 1].hash,
			(uint64_t)s->syntax * 2 + s->remarks };
		uint8_t bytes[sizeof around];

		memcpy(bytes, around, sizeof around);
		f->pieces[i].is_new =
		    is_first(f, siphash(f->key, bytes, sizeof bytes));
	}
}

/* New pieces with a neighbour on each side; what overlaps is one part. */
static void
give(struct scan *s, fresh_fn *fn, void *arg)
{
	const struct fresh_piece *p = s->f->pieces;
	size_t n = s->f->n_pieces;

	for (size_t i = 0, end; i < n; i = end) {
		size_t first, quiet = 0;

		end = i + 1;
		if (!p[i].is_new)
			continue;
		first = i == 0 ? 0 : i - 1;
		for (; end < n && quiet < 3; end++)
			quiet = p[end].is_new ? 0 : quiet + 1;
		/* One of those that are not new goes along. */
		if (quiet > 0)
			end -= quiet - 1;
		fn(arg, s->syntax,
		    str_slice(s->text, p[first].from,
			p[end - 1].to - p[first].from));
	}
}

static void
run(struct scan *s, fresh_fn *fn, void *arg)
{
	cut_all(s);
	judge(s);
	give(s, fn, arg);
}

void
fresh_text(struct fresh *f, enum tokens_syntax syntax, struct str text,
    fresh_fn *fn, void *arg)
{
	struct scan code = { .f = f, .syntax = syntax, .text = text };
	struct scan remarks = { .f = f, .syntax = syntax, .remarks = true };

	buf_clear(&f->remarks);
	run(&code, fn, arg);
	remarks.text = buf_view(&f->remarks);
	if (remarks.text.len > 0)
		run(&remarks, fn, arg);
}
