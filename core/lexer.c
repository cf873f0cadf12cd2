#include "core/lexer.h"

#include <string.h>

#include "core/lexer_table.h"

/*
 * What is open between two lines, in one number:
 *
 *	bits 0-7    0: nothing; 1..LEXER_PAIRS: that pair of the table;
 *	            the enum below: what the table cannot say
 *	bits 8-15   how deep it is nested, or how many # a raw string has
 *	bits 16-31  hash of the word that ends it
 */
enum {
	OPEN_HEREDOC = 200,
	OPEN_RAW_RUST,
	OPEN_RAW_CPP,
	OPEN_TAG,
};

enum { REGEX_MAX = 512 };

struct lexing {
	const struct language *l;
	struct str s;
	size_t at;
	uint32_t state, next; /* next: opens with the next line */
	struct lexer_span *out;
	size_t max, n;
	bool first;     /* nothing but blanks so far */
	uint8_t before; /* last byte that was no blank, 0 at the start */
};

static uint32_t
state_of(unsigned what, size_t depth, uint32_t hash)
{
	return what | (uint32_t)(depth > 255 ? 255 : depth) << 8 | hash << 16;
}

/* 16 bits that differ, nearly always, for the words of one file. */
static uint32_t
hash_word(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.at[i]) * 16777619u;
	return (h >> 16 ^ h) & 0xffff;
}

static bool
is_letter(const struct lexing *x, char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
	    (u >= '0' && u <= '9') || u == '_' || u >= 0x80 ||
	    (x->l->letters != NULL && u != 0 &&
		strchr(x->l->letters, u) != NULL);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f';
}

static char
peek(const struct lexing *x, size_t ahead)
{
	size_t at = x->at + ahead;

	return at < x->s.len ? x->s.at[at] : '\0';
}

static bool
looking_at(const struct lexing *x, const char *text)
{
	size_t len = strlen(text);

	return len <= x->s.len - x->at &&
	    memcmp(x->s.at + x->at, text, len) == 0;
}

static void
emit(struct lexing *x, size_t from, uint8_t kind)
{
	struct lexer_span *last = x->n > 0 ? &x->out[x->n - 1] : NULL;

	if (x->out == NULL || kind == LEXER_PLAIN || x->at == from)
		return;
	if (last != NULL && last->kind == kind &&
	    last->from + last->len == from) {
		last->len += (uint32_t)(x->at - from);
		return;
	}
	if (x->n == x->max)
		return;
	x->out[x->n++] = (struct lexer_span){
		.from = (uint32_t)from,
		.len = (uint32_t)(x->at - from),
		.kind = kind,
	};
}

static size_t
depth_of(const struct lexing *x)
{
	return x->state >> 8 & 255;
}

/* Inside a pair, from x->at to its close or to the end of the line. */
static void
run_pair(struct lexing *x, unsigned index, size_t from)
{
	const struct lexer_pair *p = &x->l->pairs[index];
	size_t depth = depth_of(x), len = x->s.len;
	bool escaped_end = false;

	while (x->at < len) {
		if ((p->escape != 0 && x->s.at[x->at] == p->escape) ||
		    (p->flags & PAIR_CONTINUES && x->s.at[x->at] == '\\')) {
			escaped_end = x->at + 1 == len;
			x->at += escaped_end ? 1 : 2;
		} else if (p->flags & PAIR_TO_END) {
			x->at++;
		} else if (looking_at(x, p->close)) {
			x->at += strlen(p->close);
			if (depth-- == 0)
				break;
		} else if (p->flags & PAIR_NEST && looking_at(x, p->open)) {
			x->at += strlen(p->open);
			depth += depth < 254;
		} else {
			x->at++;
		}
		if (x->at > len)
			x->at = len;
		if (x->at == len && (p->flags & PAIR_LINES || escaped_end)) {
			x->next = state_of(index + 1, depth, 0);
			break;
		}
	}
	x->state = 0;
	emit(x, from, p->kind);
}

/* The end of a line right after the opening leaves the pair open, too. */
static void
start_pair(struct lexing *x, unsigned index, size_t len)
{
	size_t from = x->at;

	x->at += len;
	x->state = state_of(index + 1, 0, 0);
	if (x->at == x->s.len && x->l->pairs[index].flags & PAIR_LINES)
		x->next = x->state;
	run_pair(x, index, from);
}

/* 'x', '\n': one character, and then the close. */
static bool
holds_one(const struct lexing *x, const struct lexer_pair *p)
{
	size_t i = strlen(p->open);

	if (p->escape != 0 && peek(x, i) == p->escape)
		return true;
	for (i++; ((unsigned char)peek(x, i) & 0xc0) == 0x80; i++)
		;
	return peek(x, i) == p->close[0];
}

static bool
try_pairs(struct lexing *x)
{
	const struct lexer_pair *p = x->l->pairs;
	char before = x->at > 0 ? x->s.at[x->at - 1] : ' ';

	for (unsigned i = 0; i < LEXER_PAIRS && p[i].open != NULL; i++) {
		if (p[i].open[0] != x->s.at[x->at] ||
		    !looking_at(x, p[i].open) ||
		    (p[i].flags & PAIR_FIRST && !x->first) ||
		    (p[i].flags & PAIR_COLUMN_1 && x->at != 0) ||
		    (p[i].flags & PAIR_AFTER_BLANK && !is_blank(before) &&
			before != ';' && before != '(') ||
		    (p[i].flags & PAIR_ONE && !holds_one(x, &p[i])))
			continue;
		start_pair(x, i, strlen(p[i].open));
		return true;
	}
	return false;
}

static bool
in_list(const char *list, struct str word, bool fold)
{
	char want[32];

	if (list == NULL || word.len + 2 > sizeof want)
		return false;
	want[0] = want[word.len + 1] = ' ';
	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i];

		want[i + 1] = (char)(fold && c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return memmem(list, strlen(list), want, word.len + 2) != NULL;
}

static void
number(struct lexing *x)
{
	size_t from = x->at;

	while (x->at < x->s.len) {
		char c = peek(x, 0), next = peek(x, 1);

		if (is_letter(x, c) || (c == '.' && next != '.'))
			x->at++;
		else if (c == '\'' && x->l->flags & LANGUAGE_TICK_NUMBER &&
		    is_letter(x, next))
			x->at++;
		else
			break;
		if ((c == 'e' || c == 'E') && is_digit(peek(x, 1)) &&
		    (peek(x, 0) == '-' || peek(x, 0) == '+'))
			x->at++;
	}
	emit(x, from, LEXER_NUMBER);
}

/* R"x( after the R: to )x" and the quote. */
static bool
raw_cpp(struct lexing *x, size_t from)
{
	size_t open = str_find(str_slice(x->s, x->at, 18), STR("("), 0);

	if (open == SIZE_MAX || peek(x, 0) != '"')
		return false;
	x->state = state_of(OPEN_RAW_CPP, open - 1,
	    hash_word(str_slice(x->s, x->at + 1, open - 1)));
	x->at += open + 1;
	emit(x, from, LEXER_STRING);
	return true;
}

static void
run_raw_cpp(struct lexing *x)
{
	size_t from = x->at, len = depth_of(x);
	uint32_t hash = x->state >> 16;

	for (; x->at < x->s.len; x->at++) {
		if (peek(x, 0) != ')' || peek(x, len + 1) != '"' ||
		    hash_word(str_slice(x->s, x->at + 1, len)) != hash)
			continue;
		x->at += len + 2;
		x->state = 0;
		emit(x, from, LEXER_STRING);
		return;
	}
	x->next = x->state;
	x->state = 0;
	emit(x, from, LEXER_STRING);
}

/* r##" after the r. */
static bool
raw_rust(struct lexing *x, size_t from)
{
	size_t n = 0;

	while (n < 255 && peek(x, n) == '#')
		n++;
	if (peek(x, n) != '"')
		return false;
	x->at += n + 1;
	x->state = state_of(OPEN_RAW_RUST, n, 0);
	emit(x, from, LEXER_STRING);
	return true;
}

static void
run_raw_rust(struct lexing *x)
{
	size_t from = x->at, want = depth_of(x), n;

	while (x->at < x->s.len) {
		if (x->s.at[x->at++] != '"')
			continue;
		for (n = 0; n < want && peek(x, n) == '#'; n++)
			;
		if (n < want)
			continue;
		x->at += n;
		x->state = 0;
		emit(x, from, LEXER_STRING);
		return;
	}
	x->next = x->state;
	x->state = 0;
	emit(x, from, LEXER_STRING);
}

/* <<WORD, <<-'WORD': its text starts with the next line. */
static bool
heredoc(struct lexing *x)
{
	size_t from = x->at, i = 2, start;
	bool dash = peek(x, i) == '-' || peek(x, i) == '~';
	char quote;

	i += dash;
	while (peek(x, i) == ' ')
		i++;
	quote = peek(x, i);
	if (quote == '\'' || quote == '"' || quote == '\\')
		i++;
	start = x->at + i;
	if (!is_letter(x, peek(x, i)) || is_digit(peek(x, i)))
		return false;
	while (is_letter(x, peek(x, i)))
		i++;
	x->next = state_of(OPEN_HEREDOC, dash,
	    hash_word(str_slice(x->s, start, x->at + i - start)));
	if (quote == '\'' || quote == '"')
		i += peek(x, i) == quote;
	x->at += i;
	emit(x, from, LEXER_STRING);
	return true;
}

static void
run_heredoc(struct lexing *x)
{
	struct str word = x->s;

	if (depth_of(x) != 0)
		while (word.len > 0 && is_blank(word.at[0]))
			word = str_slice(word, 1, word.len - 1);
	if (hash_word(word) != x->state >> 16)
		x->next = x->state;
	x->state = 0;
	x->at = x->s.len;
	emit(x, 0, LEXER_STRING);
}

/* A slash where a value is expected starts a pattern, not a division. */
static bool
regex(struct lexing *x)
{
	size_t from = x->at, i = 1;
	bool set = false;

	if (x->before != 0 && strchr("(,=:[!&|?{};+>", x->before) == NULL)
		return false;
	/* Bounded: else many slashes without an end cost their square. */
	for (; i < REGEX_MAX && x->at + i < x->s.len; i++) {
		char c = peek(x, i);

		if (c == '\\')
			i++;
		else if (c == '[')
			set = true;
		else if (c == ']')
			set = false;
		else if (c == '/' && !set)
			break;
	}
	if (i >= REGEX_MAX || x->at + i >= x->s.len)
		return false;
	x->at += i + 1;
	while (is_letter(x, peek(x, 0)))
		x->at++;
	emit(x, from, LEXER_STRING);
	return true;
}

/* #include <x.h>: the directive, and what it includes. */
static void
directive(struct lexing *x)
{
	size_t from = x->at++;
	struct str word;
	const char *end;

	while (is_blank(peek(x, 0)))
		x->at++;
	word = str_slice(x->s, x->at, 12);
	while (is_letter(x, peek(x, 0)))
		x->at++;
	emit(x, from, LEXER_MACRO);
	if (!str_starts(word, STR("include")))
		return;
	while (is_blank(peek(x, 0)))
		x->at++;
	from = x->at;
	if (peek(x, 0) != '<')
		return;
	end = memchr(x->s.at + from, '>', x->s.len - from);
	if (end == NULL)
		return;
	x->at = (size_t)(end - x->s.at) + 1;
	emit(x, from, LEXER_STRING);
}

static uint8_t
kind_of_word(const struct lexing *x, struct str word, bool first)
{
	bool fold = (x->l->flags & LANGUAGE_FOLD) != 0;
	size_t i = 0;

	if (in_list(x->l->keywords, word, fold))
		return LEXER_KEYWORD;
	if (in_list(x->l->types, word, fold))
		return LEXER_TYPE;
	if (!first)
		return LEXER_PLAIN;
	if (x->l->flags & LANGUAGE_FIRST_WORD)
		return peek(x, 0) == ':' ? LEXER_MACRO : LEXER_KEYWORD;
	if (!(x->l->flags & LANGUAGE_KEYS))
		return LEXER_PLAIN;
	while (is_blank(peek(x, i)))
		i++;
	return strchr(":=+?", peek(x, i)) != NULL && peek(x, i) != '\0' ?
	    LEXER_TYPE :
	    LEXER_PLAIN;
}

static void
a_word(struct lexing *x)
{
	size_t from = x->at;
	bool first = x->first;
	struct str word;

	while (x->at < x->s.len && is_letter(x, x->s.at[x->at]))
		x->at++;
	word = str_slice(x->s, from, x->at - from);
	x->first = false;
	/* "return /x/": a keyword is no value that could be divided. */
	x->before = str_eq(word, STR("return")) ? '(' : 'a';
	if (x->l->flags & LANGUAGE_RAW_CPP && str_ends(word, STR("R")) &&
	    raw_cpp(x, from))
		return;
	if (x->l->flags & LANGUAGE_RAW_RUST && str_ends(word, STR("r")) &&
	    word.len <= 2 && raw_rust(x, from))
		return;
	if (x->out != NULL)
		emit(x, from, kind_of_word(x, word, first));
}

/* Inside <tag ...>: names of attributes, their values, the end. */
static void
run_tag(struct lexing *x)
{
	while (x->at < x->s.len && x->state != 0) {
		size_t from = x->at;
		char c = x->s.at[x->at++];
		const char *end;

		if (c == '"' || c == '\'') {
			end = memchr(x->s.at + x->at, c, x->s.len - x->at);
			x->at = end == NULL ? x->s.len :
					      (size_t)(end - x->s.at) + 1;
			emit(x, from, LEXER_STRING);
		} else if (c == '>') {
			emit(x, from, LEXER_KEYWORD);
			x->state = 0;
		} else if (is_letter(x, c)) {
			while (is_letter(x, peek(x, 0)))
				x->at++;
			emit(x, from, LEXER_TYPE);
		}
	}
	if (x->at == x->s.len)
		x->next = x->state;
	x->before = 0;
}

static bool
tag(struct lexing *x)
{
	size_t from = x->at, i = 1;

	if (peek(x, i) == '/' || peek(x, i) == '?' || peek(x, i) == '!')
		i++;
	if (!is_letter(x, peek(x, i)) || is_digit(peek(x, i)))
		return false;
	x->at += i;
	while (is_letter(x, peek(x, 0)))
		x->at++;
	emit(x, from, LEXER_KEYWORD);
	x->state = state_of(OPEN_TAG, 0, 0);
	if (x->at == x->s.len)
		x->next = x->state;
	return true;
}

static bool
special(struct lexing *x, char c)
{
	unsigned flags = x->l->flags;
	size_t from = x->at;

	if (c == '<' && flags & LANGUAGE_TAGS)
		return tag(x);
	if (c == '<' && flags & LANGUAGE_HEREDOC && peek(x, 1) == '<' &&
	    x->next == 0)
		return heredoc(x);
	if (c == '/' && flags & LANGUAGE_REGEX)
		return regex(x);
	if (c == '#' && x->first && flags & LANGUAGE_PREPROCESSOR) {
		directive(x);
		return true;
	}
	if (c == '@' && flags & LANGUAGE_DECORATOR) {
		x->at++;
		while (is_letter(x, peek(x, 0)))
			x->at++;
		emit(x, from, LEXER_MACRO);
		return true;
	}
	return false;
}

static void
run_open(struct lexing *x)
{
	unsigned what = x->state & 255;

	switch (what) {
	case OPEN_HEREDOC:
		run_heredoc(x);
		return;
	case OPEN_RAW_RUST:
		run_raw_rust(x);
		return;
	case OPEN_RAW_CPP:
		run_raw_cpp(x);
		return;
	case OPEN_TAG:
		run_tag(x);
		return;
	default:
		break;
	}
	if (what == 0 || what > LEXER_PAIRS ||
	    x->l->pairs[what - 1].open == NULL) {
		x->state = 0;
		return;
	}
	/* An empty line inside keeps open what goes on over lines. */
	if (x->at == x->s.len && x->l->pairs[what - 1].flags & PAIR_LINES)
		x->next = x->state;
	run_pair(x, what - 1, x->at);
}

static void
step(struct lexing *x)
{
	char c = x->s.at[x->at];

	if (is_blank(c)) {
		x->at++;
		return;
	}
	if (special(x, c) || try_pairs(x)) {
		x->first = false;
		x->before = x->before == 0 ? 'a' : x->before;
		return;
	}
	if (is_digit(c) && !(x->l->flags & LANGUAGE_NO_NUMBER)) {
		number(x);
		x->before = 'a';
	} else if (is_letter(x, c)) {
		a_word(x);
		return;
	} else {
		x->before = (uint8_t)c;
		x->at++;
	}
	x->first = false;
}

uint32_t
lexer_line(const struct language *l, uint32_t state, struct str line,
    struct lexer_span *out, size_t max, size_t *n)
{
	struct lexing x = {
		.l = l,
		.s = str_slice(line, 0, LEXER_LINE_MAX),
		.state = state,
		.out = max == 0 ? NULL : out,
		.max = max,
		.first = true,
	};

	if (n != NULL)
		*n = 0;
	if (l == NULL)
		return 0;
	do {
		if (x.state != 0)
			run_open(&x);
		else if (x.at < x.s.len)
			step(&x);
	} while (x.at < x.s.len);
	if (n != NULL)
		*n = x.n;
	/* Something opened by the very last bytes has not run yet. */
	return x.next != 0 ? x.next : x.state;
}

const char *
lexer_name(const struct language *l)
{
	return l == NULL ? "text" : l->name;
}

uint8_t
lexer_number(const struct language *l)
{
	for (uint8_t i = 0; l != NULL && lexer_table[i] != NULL; i++)
		if (lexer_table[i] == l)
			return (uint8_t)(i + 1);
	return 0;
}

const struct language *
lexer_numbered(uint8_t number)
{
	for (uint8_t i = 0; lexer_table[i] != NULL; i++)
		if (i + 1 == number)
			return lexer_table[i];
	return NULL;
}

struct str
lexer_files(struct str name)
{
	for (size_t i = 0; lexer_table[i] != NULL; i++) {
		struct str is = str_of(lexer_table[i]->name);

		if (is.len == name.len &&
		    strncasecmp(is.at, name.at, name.len) == 0)
			return str_of(lexer_table[i]->files);
	}
	return STR("");
}

/* "*.c" by its end, anything else as a whole. */
static bool
name_fits(struct str name, struct str want)
{
	if (want.at[0] == '*')
		return str_ends(name, str_slice(want, 1, want.len - 1));
	if (str_ends(want, STR("*")))
		return str_starts(name, str_slice(want, 0, want.len - 1));
	return str_eq(name, want);
}

static bool
one_fits(const char *list, struct str name,
    bool (*fits)(struct str name, struct str want))
{
	struct str rest = str_of(list), want;

	while (str_cut(&rest, ' ', &want))
		if (want.len > 0 && fits(name, want))
			return true;
	return false;
}

/* "#!/usr/bin/env python3" gives "python3". */
static struct str
interpreter(struct str head)
{
	struct str line, word, name = STR("");

	if (!str_starts(head, STR("#!")) || !str_cut(&head, '\n', &line))
		return name;
	line = str_slice(line, 2, 200);
	while (str_cut(&line, ' ', &word)) {
		for (size_t i = word.len; i > 0; i--)
			if (word.at[i - 1] == '/') {
				word = str_slice(word, i, word.len - i);
				break;
			}
		if (word.len == 0 || word.at[0] == '-' ||
		    str_eq(word, STR("env")))
			continue;
		return word;
	}
	return name;
}

const struct language *
lexer_find(struct str path, struct str head)
{
	struct str name = path, program = interpreter(head);

	for (size_t i = path.len; i > 0; i--)
		if (path.at[i - 1] == '/') {
			name = str_slice(path, i, path.len - i);
			break;
		}
	if (str_ends(name, STR(".in")))
		name.len -= 3;
	for (size_t i = 0; lexer_table[i] != NULL; i++)
		if (one_fits(lexer_table[i]->files, name, name_fits))
			return lexer_table[i];
	for (size_t i = 0; program.len > 0 && lexer_table[i] != NULL; i++)
		if (one_fits(lexer_table[i]->shebang, program, name_fits))
			return lexer_table[i];
	return NULL;
}
