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

/* In lower case.  Few begin with the same letter. */
static bool
is_keyword(const char *word, size_t n)
{
	static const char firsts[] = "bcdefgirstuwy";

	if (n < 2 || n > KEYWORD_MAX || strchr(firsts, word[0]) == NULL)
		return false;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		const char *k = keywords[i];

		if (k[0] > word[0])
			break;
		if (k[0] == word[0] && strncmp(k, word, n) == 0 && k[n] == '\0')
			return true;
	}
	return false;
}

/* Letters, digits, '_' and whatever is no ASCII. */
static const bool word_chars[256] = {
	['0' ... '9'] = true,
	['A' ... 'Z'] = true,
	['a' ... 'z'] = true,
	['_'] = true,
	[0x80 ... 0xff] = true,
};

static bool
is_word(uint8_t c)
{
	return word_chars[c];
}

/* Quick, and not secret: runs of them are keyed, prints_set_runs(). */
static uint64_t
hash_word(const char *at, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)at[i]) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static void
add(struct tokens *out, struct token t)
{
	if (out->n == out->room) {
		out->room = out->room == 0 ? 256 : 2 * out->room;
		out->t = reallocarray(out->t, out->room, sizeof *out->t);
		if (out->t == NULL)
			bug("no memory for %zu tokens", out->room);
	}
	out->t[out->n++] = t;
}

static uint8_t
small(uint8_t c)
{
	return is_upper(c) ? c + 32 : c;
}

/* Whatever it is, one token of code or, as_word, a word of a text. */
static void
add_text(struct tokens *out, const struct canon *c, size_t at, size_t end,
    bool as_word)
{
	char low[WORD_MAX];
	size_t n = end - at < WORD_MAX ? end - at : WORD_MAX;
	struct token t = { 0, (uint32_t)at, (uint32_t)end, TOKEN_NAME };

	for (size_t i = 0; i < n; i++)
		low[i] = (char)small(c->c[at + i]);
	t.hash = hash_word(low, n);
	if (as_word)
		;
	else if (!is_word((uint8_t)low[0]))
		t.kind = TOKEN_SIGN;
	else if (is_digit((uint8_t)low[0]))
		t.kind = TOKEN_NUMBER;
	else if (is_keyword(low, n))
		t.kind = TOKEN_KEYWORD;
	add(out, t);
}

/* A name in its parts: "readHTTPHeader_v2" is read, HTTP, Header, v2. */
static void
add_parts(struct tokens *out, const struct canon *canon, size_t at, size_t end)
{
	const uint8_t *c = canon->c;

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
		add_text(out, canon, at, to, true);
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

/* Whether a quote at i opens a text that ends on its line; *end behind it.
 * So that "http://x" hides no comment, and an apostrophe no code. */
static bool
is_quoted(const struct canon *c, size_t i, size_t *end)
{
	uint8_t quote = c->c[i];

	if (quote != '"' && quote != '\'')
		return false;
	for (size_t k = i + 1; k < c->n && c->c[k] != '\n'; k++) {
		if (c->c[k] == '\\') {
			k++;
		} else if (c->c[k] == quote) {
			*end = k + 1;
			return true;
		}
	}
	return false;
}

/* Every word from i to end. */
static void
read_words(struct tokens *out, const struct canon *c, size_t i, size_t end)
{
	while (i < end) {
		size_t to = i + 1;

		while (is_word(c->c[i]) && to < end && is_word(c->c[to]))
			to++;
		if (is_word(c->c[i]))
			add_parts(out, c, i, to);
		i = to;
	}
}

void
tokens_read(struct tokens *code, struct tokens *remarks, const struct canon *c,
    enum tokens_syntax syntax)
{
	size_t quoted = 0;

	code->n = 0;
	if (remarks != NULL)
		remarks->n = 0;
	for (size_t i = 0; i < c->n;) {
		size_t end = i + 1;

		if (c->c[i] == ' ' || c->c[i] == '\n') {
			i++;
			continue;
		}
		if (is_word(c->c[i])) {
			while (end < c->n && is_word(c->c[end]))
				end++;
		} else if (i >= quoted && !is_quoted(c, i, &quoted) &&
		    (end = skip_comment(c, syntax, i)) > i) {
			if (remarks != NULL)
				read_words(remarks, c, i, end);
			i = end;
			continue;
		} else {
			end = i + 1;
		}
		add_text(code, c, i, end, false);
		i = end;
	}
}

void
tokens_words(struct tokens *out, const struct tokens *code,
    const struct canon *c)
{
	out->n = 0;
	for (size_t i = 0; i < code->n; i++)
		if (is_word(c->c[code->t[i].at]))
			add_parts(out, c, code->t[i].at, code->t[i].end);
}

void
tokens_letters(struct canon *out, const struct tokens *code,
    const struct canon *c)
{
	canon_clear(out);
	for (size_t i = 0; i < code->n; i++)
		for (uint32_t k = code->t[i].at; k < code->t[i].end; k++)
			canon_add(out, small(c->c[k]), k);
}

void
tokens_shape(struct tokens *t)
{
	uint64_t name = hash_word("a", 1), number = hash_word("0", 1);

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
