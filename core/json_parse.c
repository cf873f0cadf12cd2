#include <stdlib.h>
#include <string.h>

#include "core/json_node.h"
#include "core/limits.h"

/*
 * Reads a copy of the text in place: a string never grows by being decoded,
 * so it stays where it stands, and the quote behind it becomes its NUL.
 */
struct reader {
	char *at, *end;
	struct arena *arena;
	struct buf open; /* struct json_item of all values that are open */
	uint32_t values;
};

static bool value(struct reader *r, struct json *out, unsigned depth);

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->end &&
	    (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' ||
		*r->at == '\r'))
		r->at++;
}

static bool
take(struct reader *r, char c)
{
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool
word(struct reader *r, struct str w)
{
	if ((size_t)(r->end - r->at) < w.len || memcmp(r->at, w.at, w.len) != 0)
		return false;
	r->at += w.len;
	return true;
}

/* The four digits behind \u. */
static bool
unit(struct reader *r, uint32_t *out)
{
	unsigned char raw[2];

	if (r->end - r->at < 4)
		return false;
	if (str_unhex((struct str){ r->at, 4 }, raw, 2) != ERR_NONE) {
		err_clear();
		return false;
	}
	*out = (uint32_t)raw[0] << 8 | raw[1];
	r->at += 4;
	return true;
}

static char *
put_utf8(char *w, uint32_t c)
{
	if (c < 0x80) {
		*w++ = (char)c;
	} else if (c < 0x800) {
		*w++ = (char)(0xc0 | c >> 6);
		*w++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*w++ = (char)(0xe0 | c >> 12);
		*w++ = (char)(0x80 | (c >> 6 & 0x3f));
		*w++ = (char)(0x80 | (c & 0x3f));
	} else {
		*w++ = (char)(0xf0 | c >> 18);
		*w++ = (char)(0x80 | (c >> 12 & 0x3f));
		*w++ = (char)(0x80 | (c >> 6 & 0x3f));
		*w++ = (char)(0x80 | (c & 0x3f));
	}
	return w;
}

/* \uXXXX, or two of them that are one character; NULL: neither. */
static char *
unicode(struct reader *r, char *w)
{
	uint32_t c, low;

	if (!unit(r, &c) || (c >= 0xdc00 && c <= 0xdfff))
		return NULL;
	if (c >= 0xd800 && c <= 0xdbff) {
		if (!word(r, STR("\\u")) || !unit(r, &low) || low < 0xdc00 ||
		    low > 0xdfff)
			return NULL;
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	return put_utf8(w, c);
}

/* A backslash and what stands behind it, written at w; NULL: nothing known. */
static char *
escape(struct reader *r, char *w)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;

	r->at++;
	if (r->at == r->end)
		return NULL;
	if (*r->at == 'u') {
		r->at++;
		return unicode(r, w);
	}
	known = memchr(from, *r->at, sizeof from - 1);
	if (known == NULL)
		return NULL;
	r->at++;
	*w++ = to[known - from];
	return w;
}

/* One that is not ASCII, copied to w; NULL: a control, or not UTF-8. */
static char *
character(struct reader *r, char *w)
{
	size_t n =
	    json_sequence((struct str){ r->at, (size_t)(r->end - r->at) });

	if (n < 2)
		return NULL;
	memmove(w, r->at, n);
	r->at += n;
	return w + n;
}

/* Nothing to be decoded and nothing to be looked at more closely. */
static bool
is_plain(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 0x20 && u < 0x80 && c != '"' && c != '\\';
}

/* Behind the opening quote; ends behind the closing one. */
static bool
string(struct reader *r, struct str *out)
{
	char *from = r->at, *w = from, *run;
	size_t n;

	for (;;) {
		for (run = r->at; r->at < r->end && is_plain(*r->at);)
			r->at++;
		n = (size_t)(r->at - run);
		if (w != run)
			memmove(w, run, n);
		w += n;
		if (r->at == r->end)
			return false;
		if (*r->at == '"')
			break;
		w = *r->at == '\\' ? escape(r, w) : character(r, w);
		if (w == NULL)
			return false;
	}
	r->at++;
	*w = '\0';
	*out = (struct str){ from, (size_t)(w - from) };
	return true;
}

static bool
digits(struct reader *r)
{
	char *from = r->at;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return r->at > from;
}

/* A minus, digits without a zero before them, and perhaps a fraction. */
static bool
number(struct reader *r, struct json *out)
{
	char *from = r->at;
	bool minus = take(r, '-');
	struct str whole = { r->at, 0 };
	uint64_t n;

	if (!digits(r))
		return false;
	whole.len = (size_t)(r->at - whole.at);
	if (whole.len > 1 && whole.at[0] == '0')
		return false;
	if (take(r, '.')) {
		out->kind = JSON_FRACTION;
		if (!digits(r))
			return false;
		out->text = arena_copy(r->arena,
		    (struct str){ from, (size_t)(r->at - from) });
		return true;
	}
	if (str_number(whole, (uint64_t)INT64_MAX + minus, &n) != ERR_NONE) {
		err_clear();
		return false;
	}
	out->kind = JSON_WHOLE;
	out->whole = minus ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}

static int
compare_items(const void *a, const void *b)
{
	const struct json_item *one = a, *two = b;

	return str_cmp(one->key, two->key);
}

/* What was gathered since base becomes what is in out. */
static bool
gathered(struct reader *r, size_t base, struct json *out)
{
	size_t n = (r->open.len - base) / sizeof *out->at;
	bool sorted = true;

	out->len = out->room = (uint32_t)n;
	out->at = arena_array(r->arena, n, struct json_item);
	if (n > 0)
		memcpy(out->at, r->open.at + base, n * sizeof *out->at);
	r->open.len = base;
	if (out->kind == JSON_ARRAY)
		return true;
	for (size_t i = 1; i < n && sorted; i++)
		sorted = compare_items(&out->at[i - 1], &out->at[i]) < 0;
	if (sorted)
		return true;
	qsort(out->at, n, sizeof *out->at, compare_items);
	for (size_t i = 1; i < n; i++)
		if (str_eq(out->at[i - 1].key, out->at[i].key))
			return false;
	return true;
}

/* A key and its colon, in an object. */
static bool
key(struct reader *r, struct str *out)
{
	if (!take(r, '"') || !string(r, out) ||
	    memchr(out->at, '\0', out->len) != NULL)
		return false;
	skip_blanks(r);
	return take(r, ':');
}

/* Behind the opening bracket. */
static bool
items(struct reader *r, struct json *out, char end, unsigned depth)
{
	size_t base = r->open.len;

	skip_blanks(r);
	if (take(r, end))
		return gathered(r, base, out);
	do {
		struct json_item i = { .value =
					   arena_new(r->arena, struct json) };

		skip_blanks(r);
		if ((out->kind == JSON_OBJECT && !key(r, &i.key)) ||
		    !value(r, i.value, depth + 1))
			return false;
		buf_add(&r->open, &i, sizeof i);
		skip_blanks(r);
	} while (take(r, ','));
	return take(r, end) && gathered(r, base, out);
}

static bool
value(struct reader *r, struct json *out, unsigned depth)
{
	skip_blanks(r);
	out->lent = true;
	if (r->at == r->end || depth > JSON_DEPTH || r->values++ > JSON_VALUES)
		return false;
	switch (*r->at) {
	case '"':
		r->at++;
		out->kind = JSON_TEXT;
		return string(r, &out->text);
	case '{':
		r->at++;
		out->kind = JSON_OBJECT;
		return items(r, out, '}', depth);
	case '[':
		r->at++;
		out->kind = JSON_ARRAY;
		return items(r, out, ']', depth);
	case 't':
		out->kind = JSON_TRUE;
		return word(r, STR("true"));
	case 'f':
		out->kind = JSON_FALSE;
		return word(r, STR("false"));
	case 'n':
		out->kind = JSON_NULL;
		return word(r, STR("null"));
	default:
		return number(r, out);
	}
}

/* Where reading stopped, in lines and bytes from 1. */
static enum err
refused(struct str text, size_t at)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < text.len; i++) {
		column++;
		if (text.at[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return fail(ERR_FORMAT, "not JSON: line %zu, column %zu", line, column);
}

enum err
json_parse(struct json **out, struct str text)
{
	struct arena *arena;
	struct reader r = { 0 };
	struct json *j;
	struct str copy;
	bool good;

	if (text.len > LIMIT_BUNDLE)
		return fail(ERR_LIMIT, "JSON of %zu bytes", text.len);
	arena = calloc(1, sizeof *arena);
	if (arena == NULL)
		bug("no memory for JSON");
	copy = arena_copy(arena, text);
	r.arena = arena;
	r.at = (char *)(uintptr_t)copy.at;
	r.end = r.at + copy.len;
	j = arena_new(arena, struct json);
	j->arena = arena;
	good = value(&r, j, 1);
	skip_blanks(&r);
	buf_release(&r.open);
	if (good && r.at == r.end) {
		*out = j;
		return ERR_NONE;
	}
	refused(text, (size_t)(r.at - copy.at));
	json_free(j);
	return ERR_FORMAT;
}
