#include "policy/texts.h"

#include <string.h>

/* Lines that are nothing but a path make a listing from so many on; numbers
 * make a text a table of them. */
enum { LISTING_MIN = 8, METRIC_MIN = 8 };

struct scan {
	struct str s;
	struct str key;
	unsigned depth;
	bool in_items;
	uint32_t item;
};

size_t
texts_string_end(struct str s, size_t i)
{
	for (i++; i < s.len && s.at[i] != '"'; i++)
		i += s.at[i] == '\\';
	return i < s.len ? i + 1 : s.len;
}

static bool
is_key(struct str s, size_t end)
{
	while (end < s.len && (s.at[end] == ' ' || s.at[end] == '\n'))
		end++;
	return end < s.len && s.at[end] == ':';
}

/* A bracket: an object inside the list "items" is the next item. */
static void
step(struct scan *c, char b)
{
	if (b == '{' && c->in_items && c->depth == 2)
		c->item++;
	if (b == '[' && c->depth == 1)
		c->in_items = str_eq(c->key, STR("items"));
	if (b == '{' || b == '[')
		c->depth++;
	else if (c->depth > 0)
		c->depth--;
}

/* The next string value; false at the end. */
static bool
next_value(struct scan *c, size_t *i, struct texts_value *v)
{
	while (*i < c->s.len) {
		char b = c->s.at[*i];
		size_t from = *i + 1, end;

		if (b != '"') {
			if (b == '{' || b == '[' || b == '}' || b == ']')
				step(c, b);
			++*i;
			continue;
		}
		end = texts_string_end(c->s, *i);
		*i = end;
		v->raw = str_slice(c->s, from, end - from - (end > from));
		v->key = c->key;
		v->item = c->in_items && c->depth > 1 ? c->item : 0;
		if (!is_key(c->s, end))
			return true;
		c->key = v->raw;
	}
	return false;
}

void
texts_each(struct str json, void (*fn)(void *arg, const struct texts_value *v),
    void *arg)
{
	struct scan c = { .s = json };
	struct texts_value v;
	size_t i = 0;

	while (next_value(&c, &i, &v))
		fn(arg, &v);
}

struct items {
	struct str json;
	size_t *at;
	uint32_t n, room;
};

static void
count_item(void *arg, const struct texts_value *v)
{
	struct items *x = arg;

	if (v->item <= x->n)
		return;
	x->n = v->item;
	if (x->n <= x->room)
		x->at[x->n - 1] = (size_t)(v->raw.at - x->json.at);
}

void
texts_items(struct str json, struct arena *a, size_t **at, uint32_t *n)
{
	struct items x = { .json = json };

	texts_each(json, count_item, &x);
	x.at = arena_array(a, x.n, size_t);
	x.room = x.n;
	x.n = 0;
	texts_each(json, count_item, &x);
	*at = x.at;
	*n = x.n;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static bool
is_path_char(char c)
{
	return is_word(c) || (c != '\0' && strchr("/.-+~@", c) != NULL);
}

/* "dir/name.c", "name.c"; not "e.g.", "1.5", "and/or", "https://..." */
static bool
is_path(struct str w)
{
	static const char *const ends[] = { ".c", ".h", ".cc", ".cpp", ".hpp",
		".py", ".java", ".go", ".rs", ".js", ".ts", ".S", ".sh", ".pl",
		".mk", ".conf", ".json", ".xml", ".asn", ".cs" };
	size_t dot = w.len, slash = SIZE_MAX;

	for (size_t i = 0; i < w.len; i++) {
		if (w.at[i] == '/')
			slash = i;
		if (w.at[i] == '.')
			dot = i;
	}
	if (str_find(w, STR("//"), 0) != SIZE_MAX || w.len < 3)
		return false;
	if (slash != SIZE_MAX)
		return (dot < w.len && dot > slash && w.len - dot <= 8 &&
			   w.len - dot > 1) ||
		    str_ends(w, STR("Makefile")) || str_ends(w, STR("Kconfig"));
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (w.len > strlen(ends[i]) && str_ends(w, str_of(ends[i])))
			return true;
	return false;
}

/* The next word of path characters, cut off the front of rest; an escape
 * stands between words.  *gap: what stood in front of it. */
static struct str
next_word(struct str *rest, struct str *gap)
{
	size_t i = 0, from;
	struct str w;

	while (i < rest->len && !is_path_char(rest->at[i]))
		i += rest->at[i] == '\\' ? 2 : 1;
	if (i > rest->len)
		i = rest->len;
	*gap = str_slice(*rest, 0, i);
	from = i;
	while (i < rest->len && is_path_char(rest->at[i]))
		i++;
	w = str_slice(*rest, from, i - from);
	*rest = str_slice(*rest, i, rest->len);
	while (w.len > 0 && strchr(".-/", w.at[w.len - 1]) != NULL)
		w.len--; /* the end of a sentence */
	return w;
}

static bool
is_number(struct str w)
{
	for (size_t i = 0; i < w.len; i++)
		if ((w.at[i] < '0' || w.at[i] > '9') && w.at[i] != '.')
			return false;
	return w.len > 0;
}

/* some_name, name(), Class::member. */
static bool
is_symbol(struct str w, struct str rest)
{
	size_t bar = str_find(w, STR("_"), 1);

	if (is_number(w) || is_path(w) || w.len < 2)
		return false;
	return (bar != SIZE_MAX && bar + 1 < w.len) ||
	    str_starts(rest, STR("()")) || str_starts(rest, STR("::"));
}

/* A number off the front; 0: none, or too long. */
static uint64_t
take_number(struct str *s)
{
	uint64_t n = 0;
	size_t i = 0;

	if (s->len > 0 && s->at[0] == '0')
		return 0;
	while (i < s->len && i < 10 && s->at[i] >= '0' && s->at[i] <= '9')
		n = n * 10 + (uint64_t)(s->at[i++] - '0');
	*s = str_slice(*s, i, s->len);
	return n;
}

/* "1-4 9 12-13", and nothing else: each number larger than the one before. */
static bool
count_runs(struct str s, uint32_t *runs, uint32_t *single)
{
	uint64_t before = 0, n;
	bool range = false;

	for (;;) {
		n = take_number(&s);
		if (n <= before)
			return false;
		*runs += !range;
		*single += range ? UINT32_MAX : 1;
		before = n;
		if (s.len == 0)
			return true;
		if (s.at[0] != ' ' && (s.at[0] != '-' || range))
			return false;
		range = s.at[0] == '-';
		s = str_slice(s, 1, s.len);
	}
}

static bool
is_lines(const struct texts_value *v)
{
	return v->item == 0 &&
	    (str_eq(v->key, STR("seen")) || str_eq(v->key, STR("reviewed")));
}

static void
count_lines(void *arg, const struct texts_value *v)
{
	struct texts_lines *t = arg;
	uint32_t runs = 0, single = 0;

	if (!is_lines(v))
		return;
	if (count_runs(v->raw, &runs, &single)) {
		t->files++;
		t->runs += runs;
		t->single += single;
	} else {
		t->bad++;
	}
}

void
texts_lines(struct texts_lines *out, struct str json)
{
	*out = (struct texts_lines){ 0 };
	texts_each(json, count_lines, out);
}

struct blanks {
	struct str json;
	char *at;
};

static void
blank_lines(void *arg, const struct texts_value *v)
{
	struct blanks *b = arg;
	uint32_t runs = 0, single = 0;

	if (is_lines(v) && count_runs(v->raw, &runs, &single))
		memset(b->at + (v->raw.at - b->json.at), ' ', v->raw.len);
}

struct str
texts_without_lines(struct str json, struct arena *a)
{
	struct blanks b = { json, arena_array(a, json.len + 1, char) };

	if (json.len > 0)
		memcpy(b.at, json.at, json.len);
	texts_each(json, blank_lines, &b);
	return (struct str){ b.at, json.len };
}

struct classes {
	uint32_t set;
	unsigned listed, numbers, words;
};

/* A path alone on its line, after another such line? */
static void
count_listed(struct classes *c, struct str w, struct str gap, struct str rest)
{
	bool alone = (gap.len == 0 || str_ends(gap, STR("\\n"))) &&
	    (rest.len == 0 || str_starts(rest, STR("\\n")));

	c->listed = is_path(w) && alone ? c->listed + 1 : 0;
	if (c->listed >= LISTING_MIN)
		c->set |= 1u << CLASS_LISTING;
}

static void
classify(void *arg, const struct texts_value *v)
{
	struct classes *c = arg;
	struct str rest = v->raw, gap, w;

	if (is_lines(v))
		c->set |= 1u << CLASS_METRIC | 1u << CLASS_PATH;
	if (v->item == 0 && c->set != 0)
		return; /* heads say nothing that was typed */
	if (str_eq(v->key, STR("path"))) {
		c->set |= 1u << CLASS_PATH;
		return;
	}
	if (str_eq(v->key, STR("commit")) || str_eq(v->key, STR("region")) ||
	    str_eq(v->key, STR("type")))
		return;
	c->set |= 1u << CLASS_PROSE;
	c->listed = c->numbers = c->words = 0;
	while (w = next_word(&rest, &gap), w.len > 0 || rest.len > 0) {
		if (is_path(w))
			c->set |= 1u << CLASS_PATH;
		else if (is_symbol(w, rest))
			c->set |= 1u << CLASS_SYMBOL;
		c->numbers += is_number(w);
		c->words++;
		count_listed(c, w, gap, rest);
	}
	if (c->numbers >= METRIC_MIN && c->numbers * 4 >= c->words)
		c->set |= 1u << CLASS_METRIC;
}

static void
has_items(void *arg, const struct texts_value *v)
{
	bool *any = arg;

	*any = *any || v->item != 0;
}

uint32_t
texts_classes(struct str json)
{
	bool any = false;
	struct classes c = { 0 };

	texts_each(json, has_items, &any);
	/* A text that is no export is all prose. */
	c.set = any ? 1u << CLASS_PROSE : 0;
	texts_each(json, classify, &c);
	return c.set | 1u << CLASS_PROSE;
}

struct paths {
	void (*fn)(void *arg, struct str path);
	void *arg;
};

static void
find_paths(void *arg, const struct texts_value *v)
{
	struct paths *p = arg;
	struct str rest = v->raw, gap, w;

	if (str_eq(v->key, STR("path"))) {
		p->fn(p->arg, v->raw);
		return;
	}
	while (w = next_word(&rest, &gap), w.len > 0 || rest.len > 0)
		if (is_path(w))
			p->fn(p->arg, w);
}

void
texts_paths(struct str json, void (*fn)(void *arg, struct str path), void *arg)
{
	struct paths p = { fn, arg };

	texts_each(json, find_paths, &p);
}
