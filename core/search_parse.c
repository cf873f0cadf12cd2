#include "core/search_parse.h"

#include <string.h>

#include "core/search_class.h"

enum { PARSE_DEPTH = 250, LF = '\n' };

/* Options that may change inside the pattern. */
enum { OPT_I = 1, OPT_S = 2, OPT_X = 4, OPT_XX = 8 };

struct parse {
	struct str s;
	size_t i;
	struct buf out;
	struct arena *a;
	unsigned flags, opts;
	unsigned depth;
	struct search_node *groups[10]; /* those that are closed */
	unsigned group_opts[10], n_groups;
	bool quoting;    /* between \Q and \E */
	bool renumbered; /* (?| gives groups the same number */
	bool lost;       /* something was not understood */
	bool dollar;
};

bool
search_set_has(const struct search_set *s, unsigned char c)
{
	return s->bits[c >> 6] >> (c & 63) & 1;
}

void
search_set_add(struct search_set *s, unsigned from, unsigned to)
{
	for (unsigned c = from; c <= to && c < 256; c++)
		s->bits[c >> 6] |= (uint64_t)1 << (c & 63);
}

unsigned
search_set_count(const struct search_set *s)
{
	unsigned n = 0;

	for (int i = 0; i < 4; i++)
		n += (unsigned)__builtin_popcountll(s->bits[i]);
	return n;
}

static bool
lines(const struct parse *p)
{
	return p->flags & SEARCH_PARSE_LINES;
}

static bool
utf(const struct parse *p)
{
	return p->flags & SEARCH_PARSE_UTF;
}

static struct search_node *
node(struct parse *p, enum search_node_kind kind)
{
	struct search_node *n = arena_new(p->a, struct search_node);

	n->kind = kind;
	return n;
}

static struct search_node *
node_range(struct parse *p, unsigned from, unsigned to)
{
	struct search_node *n = node(p, SEARCH_NODE_SET);

	search_set_add(&n->set, from, to);
	return n;
}

static struct search_node *
node_repeat(struct parse *p, struct search_node *child, uint32_t min,
    uint32_t max)
{
	struct search_node *n = node(p, SEARCH_NODE_REPEAT);

	n->child = child;
	n->min = min;
	n->max = max;
	return n;
}

static struct search_node *
node_two(struct parse *p, enum search_node_kind kind, struct search_node *a,
    struct search_node *b)
{
	struct search_node *n = node(p, kind);

	n->child = a;
	a->next = b;
	return n;
}

/* One character outside ASCII, whichever. */
static struct search_node *
node_high(struct parse *p)
{
	struct search_node *n = node_range(p, 0x80, 0xff);

	return utf(p) ? node_repeat(p, n, 2, 4) : n;
}

/* One character of a class: its ASCII, and perhaps any other. */
static struct search_node *
node_class(struct parse *p, const struct search_class *c)
{
	struct search_node *n = node(p, SEARCH_NODE_SET);

	n->set = c->set;
	if (!utf(p))
		return n;
	n->set.bits[2] = n->set.bits[3] = 0;
	if (!c->high)
		return n;
	return node_two(p, SEARCH_NODE_ALT, n, node_high(p));
}

/* Anything, also over the end of a line where lines do not count. */
static struct search_node *
node_anything(struct parse *p)
{
	struct search_node *n = node_range(p, 0, 255);

	if (lines(p))
		n->set.bits[0] &= ~((uint64_t)1 << LF);
	return node_repeat(p, n, 0, SEARCH_NODE_MANY);
}

static struct str
rest(const struct parse *p)
{
	return str_slice(p->s, p->i, p->s.len);
}

static int
peek(const struct parse *p)
{
	return p->i < p->s.len ? (unsigned char)p->s.at[p->i] : -1;
}

static bool
accept(struct parse *p, struct str word)
{
	if (!str_starts(rest(p), word))
		return false;
	p->i += word.len;
	return true;
}

/* Copies what was read since `from`. */
static void
emit_since(struct parse *p, size_t from)
{
	buf_add(&p->out, p->s.at + from, p->i - from);
}

static struct search_node *
lose(struct parse *p)
{
	p->lost = true;
	p->i = p->s.len;
	return node(p, SEARCH_NODE_EMPTY);
}

/* The bytes of one character. */
static struct search_node *
node_bytes(struct parse *p, uint32_t c)
{
	struct search_node *n = node(p, SEARCH_NODE_CAT);
	struct search_node **last = &n->child;
	char raw[4];
	size_t len = search_class_utf8(raw, c);

	for (size_t i = 0; i < len; i++) {
		*last =
		    node_range(p, (unsigned char)raw[i], (unsigned char)raw[i]);
		last = &(*last)->next;
	}
	return n;
}

/* A single character: bytes of UTF-8, or a set where case does not count. */
static struct search_node *
node_char(struct parse *p, uint32_t c)
{
	struct search_class class = { 0 };
	struct search_node *n;
	bool caseless = p->opts & OPT_I;

	if (utf(p) && c >= 0x80 && !caseless)
		return node_bytes(p, c);
	search_class_add(&class, c, c);
	search_class_fold(&class, caseless, false);
	if (!utf(p) || !caseless ||
	    (c != 'k' && c != 'K' && c != 's' && c != 'S')) {
		search_class_fold(&class, caseless, utf(p));
		return node_class(p, &class);
	}
	/* These two have one partner outside ASCII each: said exactly, as
	 * words with them are looked for. */
	n = node(p, SEARCH_NODE_SET);
	n->set = class.set;
	return node_two(p, SEARCH_NODE_ALT, n,
	    node_bytes(p, (c | 0x20) == 'k' ? 0x212a : 0x17f));
}

/* A character that was read since `from`: literal text or an escape. */
static struct search_node *
take_char(struct parse *p, size_t from, uint32_t c)
{
	if (c == LF && lines(p)) {
		buf_str(&p->out, STR("(?:(?!\\n)\\n)"));
		return node(p, SEARCH_NODE_SET); /* the empty set */
	}
	emit_since(p, from);
	return node_char(p, c);
}

/* The literal character at p->i. */
static uint32_t
read_literal(struct parse *p)
{
	uint32_t c;

	p->i += search_class_literal(&c, rest(p), utf(p));
	return c;
}

static struct search_node *
take_quoted(struct parse *p)
{
	size_t from = p->i;
	uint32_t c = read_literal(p);
	struct search_node *n;

	if (c < 0x80 && c != LF && !search_class_is_alnum(c))
		buf_char(&p->out, '\\');
	n = take_char(p, from, c);
	return n;
}

static struct search_node *
take_assertion(struct parse *p, struct str as, enum search_node_kind kind)
{
	buf_str(&p->out, as);
	return node(p, lines(p) ? kind : SEARCH_NODE_EMPTY);
}

static struct search_node *
take_dollar(struct parse *p)
{
	p->dollar = true;
	return take_assertion(p,
	    p->flags & SEARCH_PARSE_NO_CR ? STR("$") : STR("(?=\\r?$)"),
	    SEARCH_NODE_END);
}

/* A class escape that may match LF, written so that it cannot. */
static struct search_node *
take_type(struct parse *p, size_t from, const struct search_class *c)
{
	static const struct {
		char letter;
		const char *without;
	} forms[] = {
		{ 's', "[^\\S\\n]" },
		{ 'W', "[^\\w\\n]" },
		{ 'D', "[^\\d\\n]" },
		{ 'H', "[^\\h\\n]" },
	};
	struct search_class mine = *c;
	bool takes_lf = search_set_has(&mine.set, LF);
	const char *form = NULL;

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].letter == p->s.at[from + 1])
			form = forms[i].without;
	if (!lines(p) || !takes_lf) {
		emit_since(p, from);
		return node_class(p, &mine);
	}
	mine.set.bits[0] &= ~((uint64_t)1 << LF);
	if (form != NULL) {
		buf_str(&p->out, str_of(form));
		return node_class(p, &mine);
	}
	buf_str(&p->out, STR("(?:(?!\\n)"));
	emit_since(p, from);
	buf_char(&p->out, ')');
	return node_class(p, &mine);
}

/* Whether it asks for a place, and not only for bytes. */
static bool
asserts(const struct search_node *n)
{
	if (n->kind == SEARCH_NODE_REPEAT) /* its child may have neighbours */
		return asserts(n->child);
	if (n->kind == SEARCH_NODE_CAT || n->kind == SEARCH_NODE_ALT)
		for (const struct search_node *c = n->child; c != NULL;
		     c = c->next)
			if (asserts(c))
				return true;
	return n->kind == SEARCH_NODE_START || n->kind == SEARCH_NODE_END ||
	    n->kind == SEARCH_NODE_EDGE;
}

/* What the group took is in what it may take, but its bytes come again at
 * another place, where ^, $ and \b need not hold; number 0: not known which.
 */
static struct search_node *
take_backreference(struct parse *p, size_t from, unsigned number)
{
	emit_since(p, from);
	/*
	 * A group that is not closed yet, or may not be: PCRE2 10.42 with JIT
	 * takes what an earlier try has left in it, and how early that was
	 * depends on how much text it is given.
	 */
	if (number == 0 || number > 9 || p->groups[number] == NULL)
		return lose(p);
	if (p->renumbered || p->group_opts[number] != p->opts ||
	    asserts(p->groups[number]))
		return node_anything(p);
	return node_repeat(p, p->groups[number], 1, 1);
}

/* After \g or \k: a name or number in brackets of any kind. */
static struct search_node *
take_named_reference(struct parse *p, size_t from)
{
	char letter = p->s.at[p->i - 1];
	int open = peek(p);
	char close = open == '{' ? '}' : open == '<' ? '>' : '\'';
	const char *end;

	if (letter == 'g' && open != '{')
		return lose(p); /* \g<n> is a call; \g1 is rare */
	if (open != '{' && open != '<' && open != '\'')
		return lose(p);
	end = memchr(p->s.at + p->i + 1, close, p->s.len - p->i - 1);
	if (end == NULL)
		return lose(p);
	p->i = (size_t)(end - p->s.at) + 1;
	return take_backreference(p, from, 0);
}

static struct search_node *
take_escape(struct parse *p)
{
	size_t from = p->i;
	struct search_class class = { 0 };
	uint32_t c;
	int letter;

	p->i++;
	letter = peek(p);
	if (letter < 0)
		return lose(p);
	if (letter >= '1' && letter <= '9') {
		p->i++;
		/* \10 may be a reference or octal. */
		if (peek(p) >= '0' && peek(p) <= '9')
			return lose(p);
		return take_backreference(p, from, (unsigned)letter - '0');
	}
	if (letter == 'A' || letter == 'z' || letter == 'Z') {
		p->i++;
		if (!lines(p))
			return emit_since(p, from), node(p, SEARCH_NODE_EMPTY);
		return letter == 'A' ?
		    take_assertion(p, STR("^"), SEARCH_NODE_START) :
		    take_assertion(p, STR("$"), SEARCH_NODE_END);
	}
	if (letter == 'b' || letter == 'B') {
		p->i++;
		return take_assertion(p, str_slice(p->s, from, 2),
		    letter == 'b' ? SEARCH_NODE_EDGE : SEARCH_NODE_EMPTY);
	}
	if (letter == 'g' || letter == 'k') {
		p->i++;
		return take_named_reference(p, from);
	}
	p->i = from;
	if (search_class_escape(&p->i, p->s, &class, p->flags))
		return take_type(p, from, &class);
	if (search_class_char(&p->i, p->s, &c, utf(p)))
		return take_char(p, from, c);
	return lose(p);
}

static struct search_node *
take_class(struct parse *p)
{
	struct search_class class = { 0 };

	if (!search_class_bracket(&p->i, p->s, &class, p->flags,
		p->opts & OPT_I, p->opts & OPT_XX, &p->out))
		return lose(p);
	if (lines(p))
		class.set.bits[0] &= ~((uint64_t)1 << LF);
	return node_class(p, &class);
}

static struct search_node *
take_dot(struct parse *p)
{
	struct search_class class = { .high = true };

	p->i++;
	search_set_add(&class.set, 0, 255);
	if (lines(p) || !(p->opts & OPT_S))
		class.set.bits[0] &= ~((uint64_t)1 << LF);
	buf_str(&p->out,
	    lines(p) && p->opts & OPT_S ? STR("[^\\n]") : STR("."));
	return node_class(p, &class);
}

static struct search_node *take_alternatives(struct parse *p);

/* The rest of a group whose opening was copied; its options end with it. */
static struct search_node *
take_group(struct parse *p, unsigned opts)
{
	struct search_node *n;

	if (++p->depth > PARSE_DEPTH)
		return lose(p);
	n = take_alternatives(p);
	if (!accept(p, STR(")")))
		return lose(p);
	p->depth--;
	p->opts = opts;
	buf_char(&p->out, ')');
	return n;
}

/* (?i-s) and (?i-s:...): m is left out, as lines are what ^ and $ mean. */
static struct search_node *
take_options(struct parse *p)
{
	unsigned before = p->opts, now = p->opts;
	bool on = true;

	buf_str(&p->out, STR("(?"));
	for (;; p->i++) {
		int c = peek(p);
		unsigned bit = c == 'i' ? OPT_I :
		    c == 's'            ? OPT_S :
		    c == 'x'            ? OPT_X :
					  0;

		if (c == ')' || c == ':')
			break;
		if (c < 0 || strchr("imsxnUJ-", c) == NULL)
			return lose(p);
		if (c == '-')
			on = false;
		/* Brackets that do not count. */
		p->renumbered = p->renumbered || c == 'n';
		if (c == 'x') {
			now &= ~(unsigned)OPT_XX;
			if (on && now & OPT_X)
				now |= OPT_XX;
		}
		now = on ? now | bit : now & ~bit;
		if (c != 'm')
			buf_char(&p->out, (char)c);
	}
	p->opts = now;
	buf_char(&p->out, p->s.at[p->i]);
	if (p->s.at[p->i++] == ':')
		return take_group(p, before);
	return node(p, SEARCH_NODE_EMPTY);
}

/* "(?<name>" and its kin, after "(?" or "(?P". */
static bool
accept_name(struct parse *p)
{
	int open = peek(p);
	const char *end;

	if ((open != '<' && open != '\'') || p->i + 1 >= p->s.len ||
	    p->s.at[p->i + 1] == '*')
		return false;
	end = memchr(p->s.at + p->i + 1, open == '<' ? '>' : '\'',
	    p->s.len - p->i - 1);
	if (end == NULL)
		return false;
	p->i = (size_t)(end - p->s.at) + 1;
	return true;
}

/* A group that keeps what it takes. */
static struct search_node *
take_capture(struct parse *p, unsigned opts)
{
	unsigned number = ++p->n_groups;
	struct search_node *n = take_group(p, opts);

	/* In itself it is not closed, and what it takes there is older. */
	if (number <= 9) {
		p->groups[number] = n;
		p->group_opts[number] = opts;
	}
	return n;
}

static struct search_node *
take_parenthesis(struct parse *p)
{
	static const struct {
		struct str open;
		bool look;
	} opens[] = {
		{ { "(?:", 3 }, false },
		{ { "(?|", 3 }, false },
		{ { "(?>", 3 }, false },
		{ { "(?=", 3 }, true },
		{ { "(?!", 3 }, true },
		{ { "(?<=", 4 }, true },
		{ { "(?<!", 4 }, true },
	};
	size_t from = p->i;
	unsigned opts = p->opts;

	for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
		struct search_node *n;

		if (!accept(p, opens[i].open))
			continue;
		emit_since(p, from);
		p->renumbered = p->renumbered || i == 1;
		n = take_group(p, opts);
		return opens[i].look ? node(p, SEARCH_NODE_EMPTY) : n;
	}
	if (accept(p, STR("(*")))
		return lose(p);
	if (accept(p, STR("(?P="))) {
		const char *end = memchr(p->s.at + p->i, ')', p->s.len - p->i);

		if (end == NULL)
			return lose(p);
		p->i = (size_t)(end - p->s.at) + 1;
		return take_backreference(p, from, 0);
	}
	if (accept(p, STR("(?"))) {
		if (peek(p) == 'P')
			p->i++;
		if (accept_name(p))
			return emit_since(p, from), take_capture(p, opts);
		if (p->s.at[p->i - 1] == 'P')
			return lose(p);
		return take_options(p);
	}
	p->i++;
	buf_char(&p->out, '(');
	return take_capture(p, opts);
}

/* What stands for nothing: comments, \E, blanks under (?x). */
static void
skip_nothing(struct parse *p)
{
	while (p->i < p->s.len) {
		size_t before = p->i;
		int c = peek(p);

		if (accept(p, STR("\\E"))) {
			p->quoting = false;
			continue;
		}
		if (p->quoting)
			return;
		if (accept(p, STR("\\Q"))) {
			p->quoting = true;
			continue;
		}
		if (str_starts(rest(p), STR("(?#"))) {
			size_t end = str_find(p->s, STR(")"), p->i);

			p->i = end == SIZE_MAX ? p->s.len : end + 1;
		} else if (p->opts & OPT_X && c == '#') {
			size_t end = str_find(p->s, STR("\n"), p->i);

			p->i = end == SIZE_MAX ? p->s.len : end + 1;
		} else if (p->opts & OPT_X && c > 0 &&
		    strchr(" \t\n\v\f\r", c) != NULL) {
			p->i++;
		}
		if (p->i == before)
			return;
	}
}

/* "{2,5}" at p->i; false: a brace that is itself. */
static bool
accept_braces(struct parse *p, uint32_t *min, uint32_t *max)
{
	struct str inner = rest(p);
	size_t end = str_find(inner, STR("}"), 0);
	uint64_t lo, hi;
	struct str first;

	if (end == SIZE_MAX || end < 2)
		return false;
	inner = str_slice(inner, 1, end - 1);
	for (size_t i = 0; i < inner.len; i++)
		if (inner.at[i] != ',' &&
		    (inner.at[i] < '0' || inner.at[i] > '9'))
			return false;
	end = str_find(inner, STR(","), 0);
	first = str_slice(inner, 0, end == SIZE_MAX ? inner.len : end);
	if (first.len == 0 || first.len > 5 ||
	    str_number(first, 99999, &lo) != ERR_NONE)
		return false;
	hi = lo;
	if (end != SIZE_MAX) {
		struct str second = str_slice(inner, end + 1, inner.len);

		hi = SEARCH_NODE_MANY;
		if (second.len > 5 || str_find(second, STR(","), 0) != SIZE_MAX)
			return false;
		if (second.len > 0 &&
		    str_number(second, 99999, &hi) != ERR_NONE)
			return false;
	}
	p->i += inner.len + 2;
	*min = (uint32_t)lo;
	*max = (uint32_t)hi;
	return true;
}

static struct search_node *
take_atom(struct parse *p)
{
	size_t from = p->i;
	int c = peek(p);

	if (p->quoting)
		return take_quoted(p);
	/* PCRE2 took it for something; not for a character. */
	if (c == '*' || c == '+' || c == '?' ||
	    (c == '{' && accept_braces(p, &(uint32_t){ 0 }, &(uint32_t){ 0 })))
		return lose(p);
	if (c == '\\')
		return take_escape(p);
	if (c == '[')
		return take_class(p);
	if (c == '(')
		return take_parenthesis(p);
	if (c == '.')
		return take_dot(p);
	if (c == '^') {
		p->i++;
		return take_assertion(p, STR("^"), SEARCH_NODE_START);
	}
	if (c == '$') {
		p->i++;
		return take_dollar(p);
	}
	if (c < 0x80)
		p->i++;
	else
		c = (int)read_literal(p);
	return take_char(p, from, (uint32_t)c);
}

static bool
accept_quantifier(struct parse *p, uint32_t *min, uint32_t *max)
{
	int c = peek(p);

	*min = c == '+';
	*max = c == '?' ? 1 : SEARCH_NODE_MANY;
	if (c == '{')
		return accept_braces(p, min, max);
	if (c != '*' && c != '+' && c != '?')
		return false;
	p->i++;
	return true;
}

/* The same JIT forgets, over many lines, what such a group took last. */
static void
forget_groups(struct parse *p, unsigned from)
{
	for (unsigned i = from; i <= p->n_groups && i <= 9; i++)
		p->groups[i] = NULL;
}

static struct search_node *
take_quantified(struct parse *p)
{
	unsigned group = p->n_groups + 1;
	struct search_node *n = take_atom(p);
	uint32_t min, max;
	size_t from;

	skip_nothing(p);
	from = p->i;
	if (p->lost || p->quoting || !accept_quantifier(p, &min, &max))
		return n;
	if (peek(p) == '+')
		forget_groups(p, group);
	if (peek(p) == '?' || peek(p) == '+')
		p->i++;
	emit_since(p, from);
	return node_repeat(p, n, min, max);
}

static bool
at_end(struct parse *p)
{
	int c;

	skip_nothing(p);
	c = peek(p);
	return p->lost || c < 0 || (!p->quoting && (c == '|' || c == ')'));
}

static struct search_node *
take_sequence(struct parse *p)
{
	struct search_node *n = node(p, SEARCH_NODE_CAT);
	struct search_node **last = &n->child;

	while (!at_end(p)) {
		*last = take_quantified(p);
		last = &(*last)->next;
	}
	return n;
}

static struct search_node *
take_alternatives(struct parse *p)
{
	struct search_node *first = take_sequence(p), *n, **last;

	if (peek(p) != '|')
		return first;
	n = node(p, SEARCH_NODE_ALT);
	n->child = first;
	last = &first->next;
	while (!p->lost && accept(p, STR("|"))) {
		buf_char(&p->out, '|');
		*last = take_sequence(p);
		last = &(*last)->next;
	}
	return n;
}

void
search_parse(struct search_parse *out, struct arena *a, struct str pattern,
    unsigned flags)
{
	struct parse p = { .s = pattern, .a = a, .flags = flags };

	if (flags & SEARCH_PARSE_CASELESS)
		p.opts = OPT_I;
	*out = (struct search_parse){ 0 };
	out->root = take_alternatives(&p);
	out->extended = p.opts & OPT_X;
	out->dollar = p.dollar;
	out->understood = !p.lost && p.i == pattern.len;
	out->text = arena_copy(a, buf_view(&p.out));
	if (!out->understood)
		out->root = NULL;
	buf_release(&p.out);
}
