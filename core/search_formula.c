#include "core/search_formula.h"

#include <string.h>

enum {
	SET_MOST = 16,    /* characters of a class that are spelt out */
	REPEAT_MOST = 16, /* copies that are written out */
	DEPTH_MOST = 300,
};

/* Texts that are known whole: one of these. */
struct words {
	size_t n;
	struct search_word *at;
};

struct making {
	struct arena *a;
	unsigned depth;
};

/* What is known of a piece: exactly its texts, or a formula. */
struct piece {
	bool exact;
	struct words words;
	struct search_formula *formula;
};

static struct search_formula *
formula(struct making *m, enum search_formula_kind kind)
{
	struct search_formula *f = arena_new(m->a, struct search_formula);

	f->kind = kind;
	return f;
}

static struct words
nothing(struct making *m)
{
	return (struct words){ 1, arena_new(m->a, struct search_word) };
}

/* One word holds the other, so that the longer one says nothing new. */
static bool
holds(const struct search_word *longer, const struct search_word *w)
{
	for (unsigned from = 0; from + w->len <= longer->len; from++) {
		unsigned i = 0;

		while (i < w->len && longer->at[from + i] == w->at[i] &&
		    (longer->fold >> (from + i) & 1) == (w->fold >> i & 1))
			i++;
		if (i == w->len)
			return true;
	}
	return false;
}

/* A handful of single bytes says nothing that is worth a look. */
static bool
says_little(const struct words *w)
{
	bool bytes = w->n > 4;

	for (size_t i = 0; i < w->n; i++)
		bytes = bytes && w->at[i].len == 1;
	return bytes;
}

/* Any of these words: ANY when one of them is empty. */
static struct search_formula *
any_of(struct making *m, struct words w)
{
	struct search_formula *f = formula(m, SEARCH_FORMULA_OR), **last;

	last = &f->child;
	if (says_little(&w))
		return formula(m, SEARCH_FORMULA_ANY);
	for (size_t i = 0; i < w.n; i++) {
		bool told = false;

		if (w.at[i].len == 0)
			return formula(m, SEARCH_FORMULA_ANY);
		for (size_t k = 0; k < w.n && !told; k++)
			told = k != i && holds(&w.at[i], &w.at[k]) &&
			    (w.at[i].len > w.at[k].len || k < i);
		if (told)
			continue;
		*last = formula(m, SEARCH_FORMULA_WORD);
		(*last)->word = w.at[i];
		last = &(*last)->next;
	}
	if (f->child != NULL && f->child->next == NULL)
		return f->child;
	return f;
}

/* Pieces that are all needed.  { 0 } is none yet. */
struct needs {
	struct search_formula *first, **last;
	size_t n;
};

/* A copy, as a piece that is repeated comes here more than once. */
static void
need(struct making *m, struct needs *all, const struct search_formula *f)
{
	struct search_formula *mine;

	if (f->kind == SEARCH_FORMULA_ANY)
		return;
	if (f->kind == SEARCH_FORMULA_AND) {
		for (f = f->child; f != NULL; f = f->next)
			need(m, all, f);
		return;
	}
	mine = formula(m, f->kind);
	*mine = *f;
	mine->next = NULL;
	if (all->n++ == 0)
		all->last = &all->first;
	*all->last = mine;
	all->last = &mine->next;
}

static struct search_formula *
all_of(struct making *m, const struct needs *all)
{
	struct search_formula *f;

	if (all->n == 0)
		return formula(m, SEARCH_FORMULA_ANY);
	if (all->n == 1)
		return all->first;
	f = formula(m, SEARCH_FORMULA_AND);
	f->child = all->first;
	return f;
}

/* false: too many or too long. */
static bool
cross(struct making *m, struct words *run, struct words with)
{
	struct words out = { 0 };

	if (run->n * with.n > SEARCH_WORDS_MAX)
		return false;
	out.at = arena_array(m->a, run->n * with.n, struct search_word);
	for (size_t i = 0; i < run->n; i++)
		for (size_t k = 0; k < with.n; k++) {
			struct search_word *w = &out.at[out.n++];
			const struct search_word *x = &run->at[i];
			const struct search_word *y = &with.at[k];

			if (x->len + y->len > SEARCH_WORD_MAX)
				return false;
			*w = *x;
			memcpy(w->at + x->len, y->at, y->len);
			if (y->len > 0)
				w->fold |= y->fold << x->len;
			w->len = (uint8_t)(x->len + y->len);
		}
	*run = out;
	return true;
}

static bool
is_letter(unsigned c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 0x80;
}

/* The bytes of a set, a letter in both cases as one. */
static struct piece
piece_of_set(struct making *m, const struct search_set *set)
{
	struct piece p = { .exact = true };

	if (search_set_count(set) > SET_MOST) {
		p.exact = false;
		p.formula = formula(m, SEARCH_FORMULA_ANY);
		return p;
	}
	p.words.at = arena_array(m->a, SET_MOST, struct search_word);
	for (unsigned c = 0; c < 256; c++) {
		struct search_word w = { .len = 1, .at = { (uint8_t)c } };

		if (!search_set_has(set, (unsigned char)c))
			continue;
		if (is_letter(c) && search_set_has(set, (uint8_t)(c ^ 0x20))) {
			if (!(c & 0x20))
				continue; /* told by the lower case */
			w.fold = 1;
		}
		p.words.at[p.words.n++] = w;
	}
	return p;
}

static struct piece piece_of(struct making *m, const struct search_node *n);

/* A run of pieces: what is known exactly is kept in `run`, and goes into the
 * formula when something comes that is not. */
struct chain {
	struct words run;
	struct needs needs;
	bool exact;
};

static void
cut(struct making *m, struct chain *c)
{
	need(m, &c->needs, any_of(m, c->run));
	c->run = nothing(m);
	c->exact = false;
}

static void
append(struct making *m, struct chain *c, const struct piece *p)
{
	if (p->exact && cross(m, &c->run, p->words))
		return;
	cut(m, c);
	if (p->exact)
		c->run = p->words;
	else
		need(m, &c->needs, p->formula);
}

/*
 * x{2,} is x x and then perhaps more; as the last of them is an x as well,
 * what comes next stands behind an x.
 */
static void
append_repeat(struct making *m, struct chain *c, const struct search_node *n)
{
	uint32_t copies = n->min < REPEAT_MOST ? n->min : REPEAT_MOST;
	struct piece p;

	if (n->max == 0)
		return;
	if (n->min == 0 && n->max > 1) {
		cut(m, c);
		return;
	}
	p = piece_of(m, n->child);
	if (n->min == 0) {
		struct words maybe = { 0 };

		if (!p.exact || p.words.n >= SEARCH_WORDS_MAX) {
			cut(m, c);
			return;
		}
		maybe.at = arena_array(m->a, p.words.n + 1, struct search_word);
		memcpy(maybe.at, p.words.at, p.words.n * sizeof *p.words.at);
		maybe.n = p.words.n + 1;
		p.words = maybe;
		append(m, c, &p);
		return;
	}
	for (uint32_t i = 0; i < copies; i++)
		append(m, c, &p);
	if (n->max == n->min && copies == n->min)
		return;
	cut(m, c);
	if (p.exact)
		c->run = p.words;
}

static struct piece
piece_of_chain(struct making *m, const struct search_node *first, bool one)
{
	struct chain c = { .run = nothing(m), .exact = true };
	struct piece p;

	for (const struct search_node *n = first; n != NULL;
	     n = one ? NULL : n->next) {
		if (n->kind == SEARCH_NODE_REPEAT) {
			append_repeat(m, &c, n);
			continue;
		}
		p = piece_of(m, n);
		append(m, &c, &p);
	}
	if (c.exact)
		return (struct piece){ .exact = true, .words = c.run };
	need(m, &c.needs, any_of(m, c.run));
	return (struct piece){ .formula = all_of(m, &c.needs) };
}

static struct search_formula *
formula_of(struct making *m, const struct piece *p)
{
	return p->exact ? any_of(m, p->words) : p->formula;
}

static struct piece
piece_of_alt(struct making *m, const struct search_node *first)
{
	struct words all = { 0,
		arena_array(m->a, SEARCH_WORDS_MAX, struct search_word) };
	struct search_formula *f = formula(m, SEARCH_FORMULA_OR);
	struct search_formula **last = &f->child;
	bool exact = true, any = false;

	for (const struct search_node *n = first; n != NULL; n = n->next) {
		struct piece p = piece_of(m, n);

		exact =
		    exact && p.exact && all.n + p.words.n <= SEARCH_WORDS_MAX;
		if (exact) {
			memcpy(all.at + all.n, p.words.at,
			    p.words.n * sizeof *p.words.at);
			all.n += p.words.n;
		}
		*last = formula_of(m, &p);
		any = any || (*last)->kind == SEARCH_FORMULA_ANY;
		last = &(*last)->next;
	}
	if (exact)
		return (struct piece){ .exact = true, .words = all };
	if (any)
		f = formula(m, SEARCH_FORMULA_ANY);
	return (struct piece){ .formula = f };
}

static struct piece
piece_of(struct making *m, const struct search_node *n)
{
	struct piece p = { .exact = true };

	if (m->depth >= DEPTH_MOST)
		return (struct piece){
			.formula = formula(m, SEARCH_FORMULA_ANY),
		};
	m->depth++;
	switch (n->kind) {
	case SEARCH_NODE_EMPTY:
	case SEARCH_NODE_START:
	case SEARCH_NODE_END:
	case SEARCH_NODE_EDGE:
		p.words = nothing(m);
		break;
	case SEARCH_NODE_SET:
		p = piece_of_set(m, &n->set);
		break;
	case SEARCH_NODE_CAT:
		p = piece_of_chain(m, n->child, false);
		break;
	case SEARCH_NODE_REPEAT:
		p = piece_of_chain(m, n, true);
		break;
	case SEARCH_NODE_ALT:
		p = piece_of_alt(m, n->child);
		break;
	}
	m->depth--;
	return p;
}

const struct search_formula *
search_formula(struct arena *a, const struct search_node *root)
{
	struct making m = { .a = a };
	struct piece p;

	if (root == NULL)
		return formula(&m, SEARCH_FORMULA_ANY);
	p = piece_of(&m, root);
	return formula_of(&m, &p);
}

static void
text_of_word(const struct search_word *w, struct buf *b)
{
	if (w->fold != 0)
		buf_char(b, '/');
	for (unsigned i = 0; i < w->len; i++)
		if (w->at[i] > 0x20 && w->at[i] < 0x7f)
			buf_char(b, (char)w->at[i]);
		else
			buf_printf(b, "\\x%02x", w->at[i]);
	if (w->fold != 0)
		buf_char(b, '/');
}

void
search_formula_text(const struct search_formula *f, struct buf *b)
{
	if (f->kind == SEARCH_FORMULA_ANY) {
		buf_char(b, '*');
		return;
	}
	if (f->kind == SEARCH_FORMULA_WORD) {
		text_of_word(&f->word, b);
		return;
	}
	buf_char(b, '(');
	for (const struct search_formula *c = f->child; c != NULL;
	     c = c->next) {
		search_formula_text(c, b);
		if (c->next != NULL)
			buf_str(b,
			    f->kind == SEARCH_FORMULA_AND ? STR(" & ") :
							    STR(" | "));
	}
	buf_char(b, ')');
}

/* How often a byte is in source text, per thousand. */
static double
byte_rate(unsigned c)
{
	static const char often[] = " etrniaosdcl_pfu\tm,()\n;";

	if (c != 0 && c < 0x80 && strchr(often, (int)c) != NULL)
		return c == ' ' ? 120 : 30;
	if (c >= 'a' && c <= 'z')
		return 12;
	if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return 6;
	return c >= 0x80 || c < 0x20 ? 0.5 : 5;
}

double
search_formula_rate(const struct search_word *w)
{
	double low[3] = { 1000, 1000, 1000 }, rate = 1e6;

	for (unsigned i = 0; i < w->len; i++) {
		double r = byte_rate(w->at[i]) * (w->fold >> i & 1 ? 1.4 : 1);

		for (unsigned k = 0; k < 3; k++)
			if (r < low[k]) {
				double t = low[k];

				low[k] = r;
				r = t;
			}
	}
	for (unsigned k = 0; k < 3; k++)
		rate *= low[k] / 1000;
	return rate;
}

struct choice {
	struct search_word *at;
	size_t n;
	double rate;
	bool is; /* false: nothing to look for */
};

static struct choice
choose(struct arena *a, const struct search_formula *f, bool ascii)
{
	struct choice best = { 0 };

	switch (f->kind) {
	case SEARCH_FORMULA_ANY:
		return best;
	case SEARCH_FORMULA_WORD:
		best.is = true;
		best.at = arena_new(a, struct search_word);
		for (unsigned i = 0; ascii && i < f->word.len; i++)
			if (f->word.at[i] >= 0x80)
				return best;
		*best.at = f->word;
		best.n = 1;
		best.rate = search_formula_rate(&f->word);
		return best;
	case SEARCH_FORMULA_AND:
		for (const struct search_formula *c = f->child; c != NULL;
		     c = c->next) {
			struct choice one = choose(a, c, ascii);

			if (one.is && (!best.is || one.rate < best.rate))
				best = one;
		}
		return best;
	case SEARCH_FORMULA_OR:
		break;
	}
	best.is = true;
	best.at = arena_array(a, SEARCH_WORDS_MAX, struct search_word);
	for (const struct search_formula *c = f->child; c != NULL;
	     c = c->next) {
		struct choice one = choose(a, c, ascii);

		if (!one.is || best.n + one.n > SEARCH_WORDS_MAX)
			return (struct choice){ 0 };
		memcpy(best.at + best.n, one.at, one.n * sizeof *one.at);
		best.n += one.n;
		best.rate += one.rate;
	}
	return best;
}

bool
search_formula_words(const struct search_formula *f, bool ascii,
    struct search_word words[SEARCH_WORDS_MAX], size_t *n)
{
	struct arena a = { 0 };
	struct choice c = choose(&a, f, ascii);

	if (c.is) {
		memcpy(words, c.at, c.n * sizeof *words);
		*n = c.n;
	}
	arena_release(&a);
	return c.is;
}
