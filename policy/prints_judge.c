#include "policy/prints_set.h"
#include "policy/unwrap.h"

#include <stdlib.h>
#include <string.h>

/*
 * Evidence, in eighths of a bit, from which on a stretch of text is told to
 * be source: chance brings up so much once in 2^22 places.  A stretch ends
 * where what was lost since its best is half of that.
 */
enum {
	ENOUGH = 22 * 8,
	LOST = 12 * 8,
	SPANS_ROOM = 16 * 1024,
	FRESH_MIN = 3,    /* tokens */
	LETTERS_EACH = 7, /* that two tokens have, blanks aside */
};

struct judge {
	const struct prints *p;
	size_t context; /* bytes in front that left earlier */
	size_t told;    /* of those, what lies in them alone is no span */
	bool cut;       /* more of them than this text begins with */
	bool short_of;  /* a stretch may begin in what was left out */
	struct canon made;
	struct canon bare;
	struct prints_text text;
	struct span *spans;
	size_t n;
	bool more;
	int kind;       /* of the stretch under way */
	uint32_t known; /* tokens of stretches that are public in part */
};

/* First and last character of a token, or word, or letter, of the kind that is
 * looked for; as canonical text has them. */
static size_t
first_of(const struct judge *j, size_t k)
{
	return j->kind == SPAN_LETTERS ? j->text.letters.at[k] :
	    j->kind == SPAN_WORDS || j->kind == SPAN_REMARKS ?
					 j->text.words.t[k].at :
					 j->text.code.t[k].at;
}

static size_t
last_of(const struct judge *j, size_t k)
{
	return j->kind == SPAN_LETTERS ? j->text.letters.at[k] :
	    j->kind == SPAN_WORDS || j->kind == SPAN_REMARKS ?
					 j->text.words.t[k].end - 1 :
					 j->text.code.t[k].end - 1;
}

/* How many tokens so many tokens, words or letters are. */
static size_t
tokens_of(const struct judge *j, size_t n)
{
	return j->kind != SPAN_LETTERS ?
	    n :
	    (n * 2 + LETTERS_EACH - 1) / LETTERS_EACH;
}

/*
 * A stretch that lies in what left earlier, and reaches over its end by a word
 * or two that would follow anything, is not told again.
 */
static bool
is_fresh(const struct judge *j, const struct canon *c, size_t first,
    size_t last, size_t context)
{
	size_t n = 0;

	for (size_t k = first; k <= last; k++)
		n += c->at[first_of(j, k)] >= context;
	return tokens_of(j, n) >= FRESH_MIN;
}

/* Whatever order the characters were brought into, the bytes between the
 * first and the last of them. */
static void
add_span(struct judge *j, const struct canon *c, size_t first, size_t last)
{
	uint32_t at = UINT32_MAX, end = 0;

	if (!is_fresh(j, c, first, last, j->told))
		return;
	for (size_t i = first_of(j, first); i <= last_of(j, last); i++) {
		if (c->at[i] < at)
			at = c->at[i];
		if (c->at[i] >= end)
			end = c->at[i] + 1;
	}
	if (j->n == SPANS_ROOM) {
		j->more = true;
		return;
	}
	j->spans[j->n++] = (struct span){ at, end - at,
		(uint32_t)tokens_of(j, last - first + 1), (uint8_t)j->kind };
}

/* A stretch of runs while it is measured. */
struct stretch {
	int sum, best;        /* evidence now, and at most */
	size_t first, second; /* runs that were in the set */
	size_t last, before;  /* the run of the most evidence, the one before */
	int before_best;
	bool edge; /* it may be longer than the text that was read */
};

static void
take_hit(struct stretch *s, size_t i, int yes, bool edge)
{
	if (s->sum == 0)
		*s = (struct stretch){ .first = i, .second = i, .edge = edge };
	else if (s->second == s->first)
		s->second = i;
	s->sum += yes;
	if (s->sum < s->best)
		return;
	s->before = s->best == 0 ? i : s->last;
	s->before_best = s->best;
	s->best = s->sum;
	s->last = i;
}

/*
 * In a copy, one of a window of runs in a row is always in the set: one
 * that stands further from the rest may be there by chance, and is left out
 * when the evidence does without it.
 */
static void
end_stretch(struct judge *j, const struct canon *c, struct stretch *s, int yes)
{
	size_t window = prints_set_kinds[j->kind].window;
	size_t run = prints_set_kinds[j->kind].run;

	if (s->edge && s->best > 0 &&
	    is_fresh(j, c, s->first, s->last + run - 1, j->context))
		j->short_of = true;
	if (s->best >= ENOUGH) {
		if (s->second - s->first > window && s->best - yes >= ENOUGH)
			s->first = s->second;
		if (s->last - s->before > window && s->before_best >= ENOUGH &&
		    s->before >= s->first)
			s->last = s->before;
		add_span(j, c, s->first, s->last + run - 1);
	}
	*s = (struct stretch){ 0 };
}

/* Whether c begins, or ends, in the middle of what left before. */
static void
find_edges(const struct judge *j, const struct canon *c, bool *front,
    bool *back)
{
	*front = j->cut && c->n > 0 && c->at[0] < j->context;
	*back = j->cut && c->n > 0 && c->at[c->n - 1] < j->context;
}

/*
 * One pass over the runs: evidence goes up with every one that is in the
 * set and down with every other; where it would be below nothing, a new
 * stretch begins.  After as many runs as end any stretch, what stood in front
 * of them does not matter.
 */
static void
find_stretches(struct judge *j, const struct canon *c)
{
	const struct prints_set *set = &j->p->sets[j->kind];
	const uint64_t *runs = j->text.runs;
	struct stretch s = { 0 };
	int yes, no, settled = 0;
	bool front, back;

	find_edges(j, c, &front, &back);
	prints_set_weigh(set, j->kind, &yes, &no);
	for (size_t i = 0; i < j->text.n; i++) {
		if (runs[i] == 0)
			continue; /* says nothing */
		if (prints_set_has(set, runs[i]))
			take_hit(&s, i, yes, front && settled < LOST);
		else if (s.sum > 0)
			s.sum += no;
		if (settled < LOST)
			settled -= no;
		if (s.sum <= 0 || s.best - s.sum >= LOST)
			end_stretch(j, c, &s, yes);
	}
	s.edge = s.edge || back;
	end_stretch(j, c, &s, yes);
}

static void
look_for(struct judge *j, const struct canon *c, int kind)
{
	j->kind = kind;
	if (kind == SPAN_REMARKS)
		prints_set_runs_of(&j->text, kind, &j->text.words);
	else
		prints_set_runs(&j->text, kind);
	if (kind == SPAN_LETTERS)
		prints_set_winnow(&j->text, kind);
	prints_set_key(&j->text, j->p->key);
	find_stretches(j, c);
}

/* Comments are looked for in all words of a text, once. */
static void
look(struct judge *j, const struct canon *c, enum tokens_syntax syntax,
    bool remarks)
{
	prints_set_read(&j->text, c, syntax, false);
	look_for(j, c, SPAN_TOKENS);
	look_for(j, c, SPAN_LETTERS);
	look_for(j, c, SPAN_WORDS);
	if (remarks)
		look_for(j, c, SPAN_REMARKS);
	look_for(j, c, SPAN_CLASSES);
}

/* Code as it is, under a disguise that hardly anybody will use: a person
 * waits. */
static void
look_quickly(struct judge *j, const struct canon *c)
{
	prints_set_read(&j->text, c, TOKENS_OPEN, false);
	look_for(j, c, SPAN_TOKENS);
	look_for(j, c, SPAN_LETTERS);
}

/* Which ways of reading would differ at all. */
static void
find_marks(const struct canon *c, bool *c_like, bool *hash)
{
	*c_like = *hash = false;
	for (size_t i = 0; i + 1 < c->n; i++) {
		uint8_t a = c->c[i], b = c->c[i + 1];

		*hash = *hash || a == '#';
		*c_like = *c_like || (a == '/' && (b == '*' || b == '/')) ||
		    (a == '*' && b == '/') || (a == '-' && b == '-');
	}
	*hash = *hash || (c->n > 0 && c->c[c->n - 1] == '#');
}

/* Without comments of either kind, and with what is in comments and behind
 * marks of quotation. */
static void
look_ways(struct judge *j, const struct canon *c)
{
	bool c_like, hash;

	find_marks(c, &c_like, &hash);
	look(j, c, TOKENS_C, !c_like);
	if (c_like) {
		look(j, c, TOKENS_OPEN, true);
		look(j, c, TOKENS_INNER, false);
	}
	canon_strip_prefixes(&j->bare, c);
	if (j->bare.n != c->n) {
		look(j, &j->bare, TOKENS_OPEN, true);
		if (c_like)
			look(j, &j->bare, TOKENS_C, false);
	}
	if (hash)
		look(j, &j->bare, TOKENS_HASH, false);
}

static void
look_disguises(void *arg, const struct canon *c, bool cut)
{
	struct judge *j = arg;

	j->cut = cut;
	look_ways(j, c);
	canon_rot13(&j->made, c);
	look_ways(j, &j->made);
	canon_rot47(&j->made, c);
	look_quickly(j, &j->made);
	canon_mirror(&j->made, c);
	look_quickly(j, &j->made);
	for (size_t from = 0; from < 2; from++) {
		canon_second(&j->made, c, from);
		look_quickly(j, &j->made);
	}
	canon_reverse(&j->made, c);
	look_ways(j, &j->made);
	canon_reverse_lines(&j->made, c);
	look_ways(j, &j->made);
	if (canon_spelled(&j->made, c))
		look_ways(j, &j->made);
}

static int
compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->kind - y->kind;
}

/* b begins in a, or where a begins: a becomes both. */
static void
join(struct span *a, const struct span *b)
{
	uint32_t end = a->at + a->len, b_end = b->at + b->len;
	uint64_t beyond = b_end > end ? b_end - end : 0;
	uint32_t more = (uint32_t)((b->tokens * beyond + b->len - 1) / b->len);

	if (b->kind >= SPAN_CLASSES && a->kind < SPAN_CLASSES)
		return; /* the shape of source around found source */
	if (a->kind >= SPAN_CLASSES && b->kind < SPAN_CLASSES) {
		*a = *b;
		return;
	}
	a->tokens += more;
	if (a->tokens < b->tokens)
		a->tokens = b->tokens;
	if (a->kind > b->kind)
		a->kind = b->kind;
	a->len += (uint32_t)beyond;
}

/* Spans in order, none in another. */
static void
merge(struct judge *j)
{
	size_t n = 0;

	qsort(j->spans, j->n, sizeof *j->spans, compare_spans);
	for (size_t i = 0; i < j->n; i++) {
		struct span *last = n == 0 ? NULL : &j->spans[n - 1];

		if (last != NULL && last->at + last->len > j->spans[i].at)
			join(last, &j->spans[i]);
		else
			j->spans[n++] = j->spans[i];
	}
	j->n = n;
}

static void
report(struct verdict_source *out, struct arena *a, const struct judge *j)
{
	size_t n = j->n < PARCEL_SPANS_MAX ? j->n : PARCEL_SPANS_MAX;

	out->more = j->more || n < j->n;
	out->open = j->known;
	out->spans = arena_array(a, n, struct span);
	for (size_t i = 0; i < j->n; i++) {
		struct span s = j->spans[i];
		uint32_t skip =
		    s.at < j->context ? (uint32_t)j->context - s.at : 0;

		if (s.kind == SPAN_PUBLIC) {
			out->open += s.tokens;
		} else if (s.kind == SPAN_CLASSES) {
			out->shapes += s.tokens;
		} else if (s.kind == SPAN_REMARKS) {
			out->remarks += s.tokens;
		} else {
			out->tokens += s.tokens;
			if (s.tokens > out->run)
				out->run = s.tokens;
		}
		s.at += skip - (uint32_t)j->context;
		s.len -= skip;
		if (i < n)
			out->spans[out->n_spans++] = s;
	}
}

/* Bytes of s that are in one of the stretches of public source. */
static uint32_t
covered(const struct span *s, const struct judge *open)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < open->n; i++) {
		const struct span *o = &open->spans[i];
		uint32_t from = o->at > s->at ? o->at : s->at;
		uint32_t end = o->at + o->len;

		if (end > s->at + s->len)
			end = s->at + s->len;
		if (end > from &&
		    (o->kind < SPAN_CLASSES || o->kind == s->kind))
			sum += end - from;
	}
	return sum;
}

/* The edges of a stretch are found to a token or two: nine in ten bytes are
 * all of it. */
static void
mark_public(struct judge *j, const struct judge *open)
{
	for (size_t i = 0; i < j->n; i++) {
		struct span *s = &j->spans[i];
		uint32_t known = covered(s, open);
		uint32_t part =
		    (uint32_t)((uint64_t)s->tokens * known / s->len);

		if ((uint64_t)known * 10 >= (uint64_t)s->len * 9) {
			s->kind = SPAN_PUBLIC;
			continue;
		}
		s->tokens -= part;
		j->known += part;
	}
}

/*
 * A stretch ends where nothing was found for a while, so what was read of a
 * text before is enough unless one goes on to where that begins: then more of
 * it is read.
 */
static void
look_through(struct judge *j, struct str whole, size_t reach)
{
	struct unwrap_text t = { whole, j->context, reach };

	j->spans = calloc(SPANS_ROOM, sizeof *j->spans);
	if (j->spans == NULL)
		bug("no memory for spans");
	for (;; t.reach = t.reach < t.context / 8 ? t.reach * 8 : t.context) {
		j->n = 0;
		j->short_of = false;
		j->more = unwrap_each(&t, look_disguises, j);
		if (!j->short_of || t.reach >= t.context)
			break;
	}
	merge(j);
}

static void
release(struct judge *j)
{
	canon_release(&j->made);
	canon_release(&j->bare);
	prints_set_release(&j->text);
	free(j->spans);
}

void
prints_judge_reach(struct verdict_source *out, struct arena *a,
    const struct prints *p, const struct prints *open, struct str context,
    struct str text, size_t reach)
{
	struct judge j = { .p = p,
		.context = context.len,
		.told = context.len };
	struct buf whole = { 0 };

	*out = (struct verdict_source){ .id = out->id, .ready = true };
	buf_str(&whole, context);
	buf_str(&whole, text);
	look_through(&j, buf_view(&whole), reach);
	if (open != NULL && j.n > 0) {
		/* Of a stretch, too, that began in what left before. */
		struct judge o = { .p = open, .context = context.len };

		look_through(&o, buf_view(&whole), reach);
		mark_public(&j, &o);
		release(&o);
	}
	report(out, a, &j);
	out->hash = hash_of(buf_view(&whole));
	release(&j);
	buf_release(&whole);
}

void
prints_judge_with(struct verdict_source *out, struct arena *a,
    const struct prints *p, const struct prints *open, struct str context,
    struct str text)
{
	prints_judge_reach(out, a, p, open, context, text, PRINTS_REACH);
}

void
prints_judge(struct verdict_source *out, struct arena *a,
    const struct prints *p, struct str context, struct str text)
{
	prints_judge_with(out, a, p, NULL, context, text);
}
