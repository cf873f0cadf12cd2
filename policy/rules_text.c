#include "policy/rules_text.h"

#include "core/limits.h"

#include <string.h>

enum { KEYS_MAX = 4000, NUMBER_MAX = 15 };

enum token { END, WORD, TEXT, NUMBER, SIGN };

struct scan {
	struct rules_text *t;
	struct arena *a;
	const struct rules_text_known *known;
	size_t n_known;
	struct str rest;
	unsigned line;
	enum token token;
	struct str value; /* of WORD, TEXT (without quotes), NUMBER, SIGN */
	unsigned token_line;
};

static enum err
wrong(const struct scan *s, const char *what)
{
	return fail(ERR_FORMAT, "%s:%u: %s", s->t->name, s->token_line, what);
}

static void
advance(struct scan *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->line += s->rest.at[i] == '\n';
	s->rest = str_slice(s->rest, n, s->rest.len);
}

static void
skip_blanks(struct scan *s)
{
	while (s->rest.len > 0) {
		char c = s->rest.at[0];
		size_t n = 1;

		if (c == '#')
			while (n < s->rest.len && s->rest.at[n] != '\n')
				n++;
		else if (c != ' ' && c != '\t' && c != '\n')
			return;
		advance(s, n);
	}
}

static bool
is_word(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (!first && c == '_');
}

static enum err
next_text(struct scan *s)
{
	size_t n = 1;

	while (n < s->rest.len && s->rest.at[n] != '"') {
		if (s->rest.at[n] == '\n')
			return wrong(s, "a text ends on the line it begins on");
		if (s->rest.at[n] == '\\')
			return wrong(s, "a text holds no backslash");
		n++;
	}
	if (n == s->rest.len)
		return wrong(s, "a text without its closing quote");
	s->token = TEXT;
	s->value = str_slice(s->rest, 1, n - 1);
	advance(s, n + 1);
	return ERR_NONE;
}

static enum err
next(struct scan *s)
{
	size_t n = 1;
	char c;

	skip_blanks(s);
	s->token_line = s->line;
	if (s->rest.len == 0) {
		s->token = END;
		s->value = STR("");
		return ERR_NONE;
	}
	c = s->rest.at[0];
	if (c == '"')
		return next_text(s);
	if (is_word(c, true)) {
		while (n < s->rest.len && is_word(s->rest.at[n], false))
			n++;
		s->token = WORD;
	} else if (c >= '0' && c <= '9') {
		while (n < s->rest.len && s->rest.at[n] >= '0' &&
		    s->rest.at[n] <= '9')
			n++;
		if (n > 1 && c == '0')
			return wrong(s, "a number does not begin with 0");
		s->token = NUMBER;
	} else if (strchr("={},", c) != NULL) {
		s->token = SIGN;
	} else {
		return wrong(s,
		    "expected a key, \"text\", a number, "
		    "true, false, { or }; a comment begins with #");
	}
	s->value = str_slice(s->rest, 0, n);
	advance(s, n);
	return ERR_NONE;
}

static bool
is_sign(const struct scan *s, char c)
{
	return s->token == SIGN && s->value.at[0] == c;
}

static const struct rules_text_known *
find_known(const struct scan *s, struct str section, struct str key)
{
	for (size_t i = 0; i < s->n_known; i++)
		if (s->known[i].key != NULL &&
		    str_eq(section, str_of(s->known[i].section)) &&
		    str_eq(key, str_of(s->known[i].key)))
			return &s->known[i];
	return NULL;
}

static const struct rules_text_known *
find_section(const struct scan *s, struct str name)
{
	for (size_t i = 0; i < s->n_known; i++)
		if (s->known[i].key == NULL &&
		    str_eq(name, str_of(s->known[i].section)))
			return &s->known[i];
	return NULL;
}

static enum err
unknown(struct scan *s, struct str section, struct str key, unsigned line)
{
	struct buf allowed = { 0 };
	enum err rc;

	for (size_t i = 0; i < s->n_known; i++) {
		const struct rules_text_known *k = &s->known[i];

		if (k->key != NULL && str_eq(section, str_of(k->section)))
			buf_printf(&allowed, "%s%s",
			    allowed.len == 0 ? "" : ", ", k->key);
		else if (k->key == NULL && section.len == 0)
			buf_printf(&allowed, "%s%s{}",
			    allowed.len == 0 ? "" : ", ", k->section);
	}
	rc = fail(ERR_FORMAT, "%s:%u: unknown key %.*s; known here: %s",
	    s->t->name, line, STR_ARG(str_slice(key, 0, 40)), allowed.at);
	buf_release(&allowed);
	return rc;
}

static enum err
remember(struct scan *s, struct str section, struct str title, struct str key,
    unsigned line)
{
	struct rules_text_key *k;

	for (uint32_t i = 0; i < s->t->n; i++) {
		k = &s->t->keys[i];
		if (str_eq(k->section, section) && str_eq(k->title, title) &&
		    str_eq(k->key, key))
			return fail(ERR_FORMAT,
			    "%s:%u: %.*s%s%.*s stands on "
			    "line %u already",
			    s->t->name, line,
			    STR_ARG(key.len > 0 ? key : section),
			    key.len > 0 || title.len == 0 ? "" : " ",
			    STR_ARG(key.len > 0 ? STR("") : title), k->line);
	}
	if (s->t->n == KEYS_MAX)
		return fail(ERR_LIMIT, "%s:%u: over %d keys", s->t->name, line,
		    KEYS_MAX);
	k = &s->t->keys[s->t->n++];
	*k = (struct rules_text_key){ section, title, key, line };
	return ERR_NONE;
}

/* One value that is no list, of the kind that belongs there. */
static enum err
simple(struct scan *s, enum rules_text_kind kind)
{
	bool word = s->token == WORD &&
	    (str_eq(s->value, STR("true")) || str_eq(s->value, STR("false")));

	if (kind == RULES_TEXT_NUMBER && s->token != NUMBER)
		return wrong(s, "a number belongs here: digits, no quotes");
	if (kind == RULES_TEXT_NUMBER && s->value.len > NUMBER_MAX)
		return wrong(s, "a number that is too large");
	if (kind == RULES_TEXT_BOOL && !word)
		return wrong(s, "true or false belongs here");
	if ((kind == RULES_TEXT_TEXT || kind == RULES_TEXT_LIST) &&
	    s->token != TEXT)
		return wrong(s, "a \"text\" in quotes belongs here");
	return next(s);
}

/* After '='; leaves the token after the value. */
static enum err
value(struct scan *s, enum rules_text_kind kind)
{
	enum err rc = next(s);

	if (rc != ERR_NONE)
		return rc;
	if (kind != RULES_TEXT_LIST)
		return simple(s, kind);
	if (!is_sign(s, '{'))
		return wrong(s, "a list belongs here: { \"a\", \"b\" }");
	do {
		rc = next(s);
		if (rc == ERR_NONE)
			rc = simple(s, kind);
		if (rc != ERR_NONE)
			return rc;
	} while (is_sign(s, ','));
	return is_sign(s, '}') ? next(s) : wrong(s, "a list ends with }");
}

/* One "key = value"; s stands on the '='. */
static enum err
assignment(struct scan *s, struct str section, struct str title, struct str key,
    unsigned line)
{
	const struct rules_text_known *k = find_known(s, section, key);
	enum err rc;

	if (!is_sign(s, '='))
		return fail(ERR_FORMAT, "%s:%u: expected = after %.*s",
		    s->t->name, line, STR_ARG(str_slice(key, 0, 40)));
	if (k == NULL)
		return unknown(s, section, key, line);
	rc = remember(s, section, title, key, line);
	return rc == ERR_NONE ? value(s, k->kind) : rc;
}

/* What is between the braces, and the closing one. */
static enum err
body(struct scan *s, struct str section, struct str title)
{
	enum err rc = next(s);

	while (rc == ERR_NONE && !is_sign(s, '}')) {
		struct str key = s->value;
		unsigned line = s->token_line;

		if (s->token == END)
			return wrong(s, "a section without its closing }");
		if (s->token != WORD)
			return wrong(s, "expected a key or }");
		rc = next(s);
		if (rc == ERR_NONE)
			rc = assignment(s, section, title, key, line);
	}
	return rc == ERR_NONE ? next(s) : rc;
}

static enum err
item(struct scan *s)
{
	struct str name = s->value, title = STR("");
	unsigned line = s->token_line;
	const struct rules_text_known *k;
	bool titled;
	enum err rc;

	if (s->token != WORD)
		return wrong(s, "expected a key or a section");
	rc = next(s);
	if (rc != ERR_NONE)
		return rc;
	if (s->token != TEXT && !is_sign(s, '{'))
		return assignment(s, STR(""), STR(""), name, line);
	k = find_section(s, name);
	if (k == NULL)
		return unknown(s, STR(""), name, line);
	titled = k->kind == RULES_TEXT_TITLED;
	if (titled != (s->token == TEXT))
		return fail(ERR_FORMAT, "%s:%u: it is %s%s {", s->t->name, line,
		    k->section, titled ? " \"name\"" : "");
	if (titled) {
		title = s->value;
		rc = next(s);
	}
	if (rc == ERR_NONE && !is_sign(s, '{'))
		rc = wrong(s, "expected {");
	if (rc == ERR_NONE)
		rc = remember(s, name, title, STR(""), line);
	return rc == ERR_NONE ? body(s, name, title) : rc;
}

/* Bytes that have no place in an agreement. */
static enum err
check_bytes(struct scan *s, struct str text)
{
	unsigned line = 1;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		s->token_line = line;
		if (c == '$' && i + 1 < text.len && text.at[i + 1] == '{')
			return wrong(s, "${ is not expanded and not allowed");
		if (c == '\r')
			return wrong(s, "lines end with LF, not CR LF");
		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			return wrong(s, "a control character");
		line += c == '\n';
	}
	return ERR_NONE;
}

enum err
rules_text_read(struct rules_text *out, struct arena *a, const char *name,
    struct str text, const struct rules_text_known *known, size_t n_known)
{
	struct rules_text t = { .name = name };
	struct scan s = { .t = &t,
		.a = a,
		.known = known,
		.n_known = n_known,
		.rest = text,
		.line = 1 };
	enum err rc;

	if (text.len > LIMIT_CONF)
		return fail(ERR_LIMIT, "%s: %zu bytes, at most %d are read",
		    name, text.len, LIMIT_CONF);
	t.keys = arena_array(a, KEYS_MAX, struct rules_text_key);
	rc = check_bytes(&s, text);
	if (rc == ERR_NONE)
		rc = next(&s);
	while (rc == ERR_NONE && s.token != END)
		rc = item(&s);
	if (rc == ERR_NONE)
		*out = t;
	return rc;
}

unsigned
rules_text_line(const struct rules_text *t, const char *section,
    struct str title, const char *key)
{
	unsigned line = 1;

	for (uint32_t i = 0; i < t->n; i++) {
		const struct rules_text_key *k = &t->keys[i];

		if (!str_eq(k->section, str_of(section)) ||
		    !str_eq(k->title, title))
			continue;
		if (str_eq(k->key, str_of(key)))
			return k->line;
		if (k->key.len == 0)
			line = k->line;
	}
	return line;
}
