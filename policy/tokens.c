#include "policy/tokens.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	KEYWORD_MAX = 10,
	WORD_MAX = 64
}; /* of a longer one only the beginning counts */

/*
 * What gives code its shape, in the languages of C's family and beside them.
 * Types are names here: who renames things renames those as well.
 */
static const char *const keywords[] = {
	"break",
	"case",
	"catch",
	"class",
	"const",
	"continue",
	"def",
	"default",
	"do",
	"elif",
	"else",
	"enum",
	"except",
	"finally",
	"for",
	"func",
	"function",
	"goto",
	"if",
	"import",
	"return",
	"sizeof",
	"static",
	"struct",
	"switch",
	"throw",
	"try",
	"typedef",
	"union",
	"while",
	"with",
	"yield",
};

/* What a character is, in bits. */
enum {
	BLANK = 1,
	WORD = 2, /* letters, digits, '_' and whatever is no ASCII */
	DIGIT = 4,
	UPPER = 8,
	LINE = 16, /* '_' */
	MARK = 32, /* a comment may begin or end with it */
	QUOTE = 64,
};
static const uint8_t classes[256] = {
	[' '] = BLANK,
	['\n'] = BLANK,
	['"'] = QUOTE,
	['\''] = QUOTE,
	['#'] = MARK,
	['*'] = MARK,
	['-'] = MARK,
	['/'] = MARK,
	['0' ... '9'] = WORD | DIGIT,
	['A' ... 'Z'] = WORD | UPPER,
	['_'] = WORD | LINE,
	['a' ... 'z'] = WORD,
	[0x80 ... 0xff] = WORD,
};

static inline bool
is_word(uint8_t c)
{
	return classes[c] & WORD;
}

static inline uint8_t
small(uint8_t c)
{
	return c | (classes[c] & UPPER) << 2;
}

static inline bool
is_upper(uint8_t c)
{
	return classes[c] & UPPER;
}

static inline bool
is_lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

/* Whether the characters at at are that word, but for case. */
static bool
says(const uint8_t *at, const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (small(at[i]) != (uint8_t)word[i])
			return false;
	return true;
}

/* Few words begin as a keyword does and are as long. */
static bool
is_keyword(const uint8_t *at, size_t n)
{
	static const uint16_t lengths[32] = {
		['b' & 31] = 1 << 5,
		['c' & 31] = 1 << 4 | 1 << 5 | 1 << 8,
		['d' & 31] = 1 << 2 | 1 << 3 | 1 << 7,
		['e' & 31] = 1 << 4 | 1 << 6,
		['f' & 31] = 1 << 3 | 1 << 4 | 1 << 7 | 1 << 8,
		['g' & 31] = 1 << 4,
		['i' & 31] = 1 << 2 | 1 << 6,
		['r' & 31] = 1 << 6,
		['s' & 31] = 1 << 6,
		['t' & 31] = 1 << 3 | 1 << 5 | 1 << 7,
		['u' & 31] = 1 << 5,
		['w' & 31] = 1 << 4 | 1 << 5,
		['y' & 31] = 1 << 5,
	};
	uint8_t first = small(at[0]);

	if (n > KEYWORD_MAX || !is_lower(first) ||
	    (lengths[first & 31] >> n & 1) == 0)
		return false;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		const char *k = keywords[i];

		if (k[0] > (char)first)
			break;
		if (k[0] == (char)first && strlen(k) == n && says(at, k, n))
			return true;
	}
	return false;
}

/* Quick, and not secret: runs of them are keyed, prints_set_runs().  Case
 * does not matter, nor what is behind WORD_MAX characters. */
static inline uint64_t
hash_word(const uint8_t *at, size_t n)
{
	uint64_t h = n < WORD_MAX ? n : WORD_MAX;

	for (const uint8_t *end = at + h; at < end; at++)
		h = (h ^ small(*at)) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static void
grow(struct tokens *out)
{
	out->room = out->room == 0 ? 256 : 2 * out->room;
	out->t = reallocarray(out->t, out->room, sizeof *out->t);
	if (out->t == NULL)
		bug("no memory for %zu tokens", out->room);
}

static inline void
add(struct tokens *out, struct token t)
{
	if (out->n == out->room)
		grow(out);
	out->t[out->n++] = t;
}

static inline void
add_word(struct tokens *out, const uint8_t *c, size_t at, size_t end)
{
	add(out,
	    (struct token){ .hash = hash_word(c + at, end - at),
		.at = (uint32_t)at,
		.end = (uint32_t)end,
		.kind = TOKEN_NAME });
}

/* A name in its parts: "readHTTPHeader_v2" is read, HTTP, Header, v2. */
static void
add_parts(struct tokens *out, const uint8_t *c, size_t at, size_t end)
{
	while (at < end) {
		size_t to;

		while (at < end && c[at] == '_')
			at++;
		if (at == end)
			return;
		for (to = at + 1; to < end && c[to] != '_'; to++)
			if (is_upper(c[to]) &&
			    (is_lower(c[to - 1]) ||
				(to + 1 < end && is_lower(c[to + 1]) &&
				    is_upper(c[to - 1]))))
				break;
		add_word(out, c, at, to);
		at = to;
	}
}

/* Two characters, as the delimiters of comments have. */
static inline bool
stands(const struct canon *c, size_t i, const char *two)
{
	return i + 1 < c->n && c->c[i] == (uint8_t)two[0] &&
	    c->c[i + 1] == (uint8_t)two[1];
}

static size_t
to_line_end(const struct canon *c, size_t i)
{
	while (i < c->n && c->c[i] != '\n')
		i++;
	return i;
}

static size_t
to_comment_end(const struct canon *c, size_t i)
{
	while (i < c->n && !stands(c, i, "*/"))
		i++;
	return i + 2 < c->n ? i + 2 : c->n;
}

static bool
begins_line(const struct canon *c, size_t i)
{
	while (i > 0 && c->c[i - 1] == ' ')
		i--;
	return i == 0 || c->c[i - 1] == '\n';
}

/* Code that was put into a comment, with the comments it had: the outer
 * delimiters go, the inner comments go whole. */
static size_t
skip_inner(const struct canon *c, size_t i)
{
	size_t k = i + 2;

	if (stands(c, i, "*/"))
		return i + 2;
	if (stands(c, i, "//"))
		return begins_line(c, i) ? i + 2 : to_line_end(c, i);
	if (!stands(c, i, "/*"))
		return i;
	while (k < c->n && !stands(c, k, "*/") && !stands(c, k, "/*"))
		k++;
	return stands(c, k, "*/") ? k + 2 : i + 2;
}

/* Where the comment that begins at i ends; i when none does. */
static size_t
skip_comment(const struct canon *c, enum tokens_syntax syntax, size_t i)
{
	switch (syntax) {
	case TOKENS_C:
		if (stands(c, i, "/*"))
			return to_comment_end(c, i + 2);
		return stands(c, i, "//") ? to_line_end(c, i) : i;
	case TOKENS_HASH:
		return c->c[i] == '#' ? to_line_end(c, i) : i;
	case TOKENS_DASH:
		return stands(c, i, "--") ? to_line_end(c, i) : i;
	case TOKENS_OPEN:
		/* "i--" takes one off. */
		if (stands(c, i, "/*") || stands(c, i, "*/") ||
		    stands(c, i, "//") ||
		    (stands(c, i, "--") && stands(c, i + 1, "- ")))
			return i + 2;
		return i;
	case TOKENS_INNER:
		return skip_inner(c, i);
	case TOKENS_PLAIN:
		break;
	}
	return i;
}

/*
 * Whether a quote at i opens a text that ends on its line; *end behind it.
 * So that "http://x" hides no comment, and an apostrophe no code.  lone: up to
 * where no such mark ends any more, so that nothing is looked at twice.
 */
static bool
is_quoted(const struct canon *c, size_t i, size_t lone[2], size_t *end)
{
	uint8_t quote = c->c[i];
	size_t k;

	if (i < lone[quote == '"'])
		return false;
	for (k = i + 1; k < c->n && c->c[k] != '\n'; k++) {
		if (c->c[k] == '\\') {
			k++;
		} else if (c->c[k] == quote) {
			*end = k + 1;
			return true;
		}
	}
	lone[quote == '"'] = k;
	return false;
}

/* The end of the word at i, and what is in it. */
static inline size_t
word_end(const uint8_t *c, size_t i, size_t n, unsigned *has)
{
	unsigned all = 0, class;

	for (; i < n && ((class = classes[c[i]]) & WORD); i++)
		all |= class;
	*has = all;
	return i;
}

/* Every word from i to end. */
static void
read_words(struct tokens *out, const uint8_t *c, size_t i, size_t end)
{
	while (i < end) {
		unsigned has;
		size_t to = word_end(c, i, end, &has);

		if (has & (UPPER | LINE))
			add_parts(out, c, i, to);
		else if (to > i)
			add_word(out, c, i, to);
		i = to > i ? to : i + 1;
	}
}

/* One token of code; class is that of its first character. */
static inline size_t
read_token(struct tokens *code, const struct canon *c, size_t i, unsigned class,
    bool apart)
{
	struct token t = { .at = (uint32_t)i, .apart = apart };
	unsigned has = 0;
	size_t end = i + 1;

	if (class & WORD)
		end = word_end(c->c, i, c->n, &has);
	t.end = (uint32_t)end;
	t.hash = hash_word(c->c + i, end - i);
	if (class & WORD) {
		t.parts = has & (UPPER | LINE);
		t.kind = class & DIGIT            ? TOKEN_NUMBER :
		    is_keyword(c->c + i, end - i) ? TOKEN_KEYWORD :
						    TOKEN_NAME;
	}
	add(code, t);
	return end;
}

void
tokens_read(struct tokens *code, struct tokens *remarks, const struct canon *c,
    enum tokens_syntax syntax)
{
	size_t quoted = 0, lone[2] = { 0 };
	bool apart = false;

	code->n = 0;
	if (remarks != NULL)
		remarks->n = 0;
	for (size_t i = 0, end; i < c->n; i = end) {
		unsigned class = classes[c->c[i]];

		end = i + 1;
		if (class & BLANK)
			continue;
		if ((class & (QUOTE | MARK)) && i >= quoted) {
			if (class & QUOTE)
				(void)is_quoted(c, i, lone, &quoted);
			else
				end = skip_comment(c, syntax, i);
			if ((class & MARK) && end > i) {
				if (remarks != NULL)
					read_words(remarks, c->c, i, end);
				apart = true;
				continue;
			}
		}
		end = read_token(code, c, i, class, apart);
		apart = false;
	}
}

void
tokens_words(struct tokens *out, const struct tokens *code,
    const struct canon *c)
{
	out->n = 0;
	for (size_t i = 0; i < code->n; i++) {
		struct token t = code->t[i];

		if (t.kind == TOKEN_SIGN)
			continue;
		t.kind = TOKEN_NAME;
		if (t.parts)
			add_parts(out, c->c, t.at, t.end);
		else
			add(out, t);
	}
}

void
tokens_letters(struct canon *out, const struct tokens *code,
    const struct canon *c)
{
	size_t n = 0;

	canon_clear(out);
	canon_reserve(out, c->n);
	for (size_t i = 0, next; i < code->n; i = next) {
		for (next = i + 1; next < code->n && !code->t[next].apart;)
			next++;
		/* Between these there is nothing but blanks. */
		for (uint32_t k = code->t[i].at; k < code->t[next - 1].end;
		     k++) {
			out->c[n] = small(c->c[k]);
			out->at[n] = k;
			n += (classes[c->c[k]] & BLANK) == 0;
		}
	}
	out->n = n;
}

void
tokens_shape(struct tokens *t)
{
	uint64_t name = hash_word((const uint8_t *)"a", 1);
	uint64_t number = hash_word((const uint8_t *)"0", 1);

	for (size_t i = 0; i < t->n; i++)
		if (t->t[i].kind == TOKEN_NAME)
			t->t[i].hash = name;
		else if (t->t[i].kind == TOKEN_NUMBER)
			t->t[i].hash = number;
}

void
tokens_release(struct tokens *t)
{
	free(t->t);
	*t = (struct tokens){ 0 };
}

static const struct {
	const char *ending;
	enum tokens_syntax syntax;
} endings[] = {
	{ ".c", TOKENS_C },
	{ ".h", TOKENS_C },
	{ ".cc", TOKENS_C },
	{ ".cpp", TOKENS_C },
	{ ".cxx", TOKENS_C },
	{ ".hpp", TOKENS_C },
	{ ".hh", TOKENS_C },
	{ ".java", TOKENS_C },
	{ ".js", TOKENS_C },
	{ ".ts", TOKENS_C },
	{ ".go", TOKENS_C },
	{ ".rs", TOKENS_C },
	{ ".cs", TOKENS_C },
	{ ".kt", TOKENS_C },
	{ ".swift", TOKENS_C },
	{ ".scala", TOKENS_C },
	{ ".php", TOKENS_C },
	{ ".css", TOKENS_C },
	{ ".proto", TOKENS_C },
	{ ".y", TOKENS_C },
	{ ".l", TOKENS_C },
	{ ".m", TOKENS_C },
	{ ".S", TOKENS_C },
	{ ".v", TOKENS_C },
	{ ".py", TOKENS_HASH },
	{ ".sh", TOKENS_HASH },
	{ ".pl", TOKENS_HASH },
	{ ".rb", TOKENS_HASH },
	{ ".tcl", TOKENS_HASH },
	{ ".cmake", TOKENS_HASH },
	{ ".mk", TOKENS_HASH },
	{ "Makefile", TOKENS_HASH },
	{ "CMakeLists.txt", TOKENS_HASH },
	{ ".conf", TOKENS_HASH },
	{ ".yml", TOKENS_HASH },
	{ ".yaml", TOKENS_HASH },
	{ ".toml", TOKENS_HASH },
	{ ".sql", TOKENS_DASH },
	{ ".lua", TOKENS_DASH },
	{ ".hs", TOKENS_DASH },
	{ ".vhd", TOKENS_DASH },
	{ ".adb", TOKENS_DASH },
	{ ".ads", TOKENS_DASH },
	{ ".md", TOKENS_PLAIN },
	{ ".txt", TOKENS_PLAIN },
	{ ".rst", TOKENS_PLAIN },
	{ ".adoc", TOKENS_PLAIN },
	{ ".html", TOKENS_PLAIN },
	{ ".xml", TOKENS_PLAIN },
	{ ".po", TOKENS_PLAIN },
	{ ".csv", TOKENS_PLAIN },
	{ ".json", TOKENS_PLAIN },
	{ "README", TOKENS_PLAIN },
	{ "COPYING", TOKENS_PLAIN },
	{ "LICENSE", TOKENS_PLAIN },
	{ "ChangeLog", TOKENS_PLAIN },
	{ "NEWS", TOKENS_PLAIN },
};

/* One line in ten ends as C does, or one in twenty comments as a shell. */
static enum tokens_syntax
guess_by_text(struct str text)
{
	struct str rest = str_slice(text, 0, 64 * 1024), line;
	size_t lines = 0, c_like = 0, hash = 0;

	if (str_starts(text, STR("#!")))
		return TOKENS_HASH;
	while (str_cut(&rest, '\n', &line)) {
		line = str_trim(line);
		if (line.len == 0)
			continue;
		lines++;
		c_like += strchr(";{}", line.at[line.len - 1]) != NULL &&
		    line.at[line.len - 1] != '\0';
		hash += str_starts(line, STR("# "));
	}
	if (c_like * 10 > lines)
		return TOKENS_C;
	return hash * 20 > lines ? TOKENS_HASH : TOKENS_PLAIN;
}

enum tokens_syntax
tokens_guess(struct str path, struct str text)
{
	for (size_t i = 0; path.len > 0 && i < sizeof endings / sizeof *endings;
	     i++)
		if (str_ends(path, str_of(endings[i].ending)))
			return endings[i].syntax;
	return guess_by_text(text);
}
