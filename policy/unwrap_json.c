#include "policy/unwrap_inside.h"

#include <stdlib.h>
#include <string.h>

#include "policy/texts.h"

enum {
	VALUES_MAX = 200000, /* strings of a JSON text */
	KEYS_MAX = 500,
	STREAMS_MAX = 40, /* keys with more than one */
};

static void
put_utf8(struct unwrap_found *f, uint32_t c, uint32_t at)
{
	if (c < 0x80) {
		unwrap_put(f, (uint8_t)c, at);
	} else if (c < 0x800) {
		unwrap_put(f, (uint8_t)(0xc0 | c >> 6), at);
		unwrap_put(f, (uint8_t)(0x80 | (c & 0x3f)), at);
	} else {
		unwrap_put(f, (uint8_t)(0xe0 | c >> 12), at);
		unwrap_put(f, (uint8_t)(0x80 | (c >> 6 & 0x3f)), at);
		unwrap_put(f, (uint8_t)(0x80 | (c & 0x3f)), at);
	}
}

/* The escape behind a backslash at i; returns how many bytes it has. */
static size_t
json_escape(struct unwrap_found *f, struct str s, size_t i)
{
	static const char from[] = "ntrbf", to[] = "\n\t\r\b\f";
	const char *hit;
	uint8_t raw[2];

	if (s.at[i] == 'u' && i + 5 <= s.len &&
	    str_unhex(str_slice(s, i + 1, 4), raw, 2) == ERR_NONE) {
		put_utf8(f, (uint32_t)raw[0] << 8 | raw[1], (uint32_t)i - 1);
		return 5;
	}
	hit = s.at[i] == '\0' ? NULL : strchr(from, s.at[i]);
	unwrap_put(f, (uint8_t)(hit == NULL ? s.at[i] : to[hit - from]),
	    (uint32_t)i - 1);
	return 1;
}

/* What a text of JSON says, escapes resolved, behind what f holds. */
static void
put_json(struct unwrap_found *f, struct str s, size_t from, size_t to)
{
	for (size_t i = from; i < to;) {
		if (s.at[i] == '\\' && i + 1 < to) {
			i += 1 + json_escape(f, str_slice(s, 0, to), i + 1);
			continue;
		}
		unwrap_put(f, (uint8_t)s.at[i], (uint32_t)i);
		i++;
	}
	err_clear();
}

/* A string value and the key that it stands under. */
struct value {
	struct str key;
	size_t from, to;
};

/* Values that a person may have typed; how many. */
static size_t
find_values(struct value *out, size_t max, struct str s)
{
	struct str key = STR("");
	size_t n = 0, end, next;

	for (size_t i = 0; i < s.len && n < max; i = end) {
		end = i + 1;
		if (s.at[i] != '"')
			continue;
		end = texts_string_end(s, i);
		next = end;
		while (next < s.len && strchr(" \n\t", s.at[next]) != NULL &&
		    s.at[next] != '\0')
			next++;
		if (next < s.len && s.at[next] == ':')
			key = str_slice(s, i + 1, end - i - 2);
		else if (end - i > 2)
			out[n++] = (struct value){ key, i + 1, end - 1 };
	}
	return n;
}

/* Room that is left for what left before. */
struct tail {
	size_t context; /* bytes of the text in front of what is new */
	size_t skip;    /* bytes of values that are left out */
	bool cut;
};

/* A value, without what of it lies too far in front. */
static void
put_value(struct unwrap_found *f, struct str s, const struct value *v,
    struct tail *t)
{
	size_t from = v->from, n = v->to - v->from;

	if (v->to <= t->context && t->skip > 0) {
		from += n < t->skip ? n : t->skip;
		t->skip -= from - v->from;
		t->cut = true;
		if (from == v->to)
			return;
		/* Not between a backslash and its letter. */
		from += s.at[from - 1] == '\\';
	}
	put_json(f, s, from, v->to);
	unwrap_put(f, '\n', (uint32_t)v->to);
}

/* All that stands under one key, in a row; how many values. */
static size_t
join_key(struct unwrap_found *f, struct value *values, size_t n, struct str s,
    struct str key, struct tail *t)
{
	size_t joined = 0, before = 0;

	for (size_t i = 0; i < n; i++)
		if (values[i].to <= t->context && values[i].key.at != NULL &&
		    str_eq(values[i].key, key))
			before += values[i].to - values[i].from;
	t->skip = before > t->skip ? before - t->skip : 0;
	for (size_t i = 0; i < n; i++) {
		if (values[i].key.at == NULL || !str_eq(values[i].key, key))
			continue;
		put_value(f, s, &values[i], t);
		values[i].key.at = NULL;
		joined++;
	}
	return joined;
}

/* What is typed may stand behind whatever was said in words. */
static bool
is_said(struct str s, const struct value *v)
{
	return memchr(s.at + v->from, ' ', v->to - v->from) != NULL;
}

/*
 * A text that was split over many notes is whole again when everything that
 * stands under one key is read in a row; a text that is no export yet is read
 * behind all that was said under each key.
 */
static void
join_values(struct unwrap *u, const struct unwrap_text *t, bool typed)
{
	struct str s = t->whole;
	struct value *values = calloc(VALUES_MAX, sizeof *values);
	struct unwrap_found f = { 0 };
	size_t n, keys = 0, streams = 0;

	if (values == NULL)
		bug("no memory for the texts of an export");
	n = find_values(values, VALUES_MAX,
	    typed ? str_slice(s, 0, t->context) : s);
	if (n == VALUES_MAX)
		u->more = true;
	/* From the end: what is new says which keys matter. */
	for (size_t i = n; i-- > 0 && keys < KEYS_MAX;) {
		struct tail tail = { t->context, t->reach, false };
		size_t joined;

		if (values[i].key.at == NULL)
			continue; /* joined already */
		if (typed ? !is_said(s, &values[i]) :
			    values[i].to <= t->context)
			continue;
		keys++;
		unwrap_clear(&f);
		joined = join_key(&f, values, n, s, values[i].key, &tail);
		for (size_t k = t->context; typed && k < s.len; k++)
			unwrap_put(&f, (uint8_t)s.at[k], (uint32_t)k);
		if (joined + typed < 2)
			continue;
		if (++streams > STREAMS_MAX)
			break;
		u->cut = tail.cut;
		unwrap_look(u, &f);
	}
	if (keys == KEYS_MAX || streams > STREAMS_MAX)
		u->more = true;
	free(values);
	unwrap_release(&f);
}

void
unwrap_json(struct unwrap *u, const struct unwrap_text *t)
{
	struct str s = t->whole;
	size_t from = unwrap_from(t);
	struct unwrap_found f = { 0 };

	if (str_find(s, STR("\\"), from) != SIZE_MAX) {
		put_json(&f, s, from, s.len);
		u->cut = from > 0;
		unwrap_look(u, &f);
	}
	unwrap_release(&f);
	if (str_starts(str_trim(s), STR("{")))
		join_values(u, t,
		    t->context > 0 &&
			!str_starts(str_trim(str_slice(s, t->context, s.len)),
			    STR("{")));
}
