#include "core/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

/* A struct json is a json_t: nobody outside this file sees either. */
static json_t *
inner(const struct json *j)
{
	return (json_t *)(uintptr_t)j;
}

static struct json *
outer(json_t *j)
{
	if (j == NULL)
		bug("no memory for JSON");
	return (struct json *)j;
}

enum err
json_parse(struct json **out, struct str text)
{
	json_error_t error;
	json_t *j;

	if (text.len > LIMIT_BUNDLE)
		return fail(ERR_LIMIT, "JSON of %zu bytes", text.len);
	j = json_loadb(text.at, text.len,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
	if (j == NULL)
		return fail(ERR_FORMAT, "not JSON: line %d, column %d",
		    error.line, error.column);
	*out = outer(j);
	return ERR_NONE;
}

void
json_free(struct json *j)
{
	json_decref(inner(j));
}

struct json *
json_new_object(void)
{
	return outer(json_object());
}

struct json *
json_new_array(void)
{
	return outer(json_array());
}

/* Length of the valid UTF-8 sequence at the front of s; 0: none. */
static size_t
sequence(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.at;
	size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	uint32_t c;

	if (n == 1)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4 || s.len < n)
		return 0;
	c = p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if ((n == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) ||
	    (n == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	return n;
}

static json_t *
string_of(struct str text)
{
	json_t *j = json_stringn(text.at == NULL ? "" : text.at, text.len);
	struct buf b = { 0 };

	if (j != NULL)
		return j;
	while (text.len > 0) {
		size_t n = sequence(text);

		buf_str(&b,
		    n == 0 ? STR("\xef\xbf\xbd") : str_slice(text, 0, n));
		n = n == 0 ? 1 : n;
		text = str_slice(text, n, text.len - n);
	}
	j = json_stringn(b.at, b.len);
	buf_release(&b);
	return j;
}

void
json_put(struct json *object, const char *key, struct json *value)
{
	if (json_object_set_new(inner(object), key, inner(value)) != 0)
		bug("JSON key \"%s\"", key);
}

void
json_put_str(struct json *object, const char *key, struct str text)
{
	json_put(object, key, outer(string_of(text)));
}

void
json_put_num(struct json *object, const char *key, int64_t n)
{
	json_put(object, key, outer(json_integer(n)));
}

void
json_put_tenths(struct json *object, const char *key, unsigned tenths)
{
	json_put(object, key, outer(json_real(tenths / 10.0)));
}

void
json_put_bool(struct json *object, const char *key, bool yes)
{
	json_put(object, key, outer(yes ? json_true() : json_false()));
}

void
json_put_hex(struct json *object, const char *key, const void *bytes,
    size_t len)
{
	struct buf b = { 0 };

	buf_hex(&b, bytes, len);
	json_put_str(object, key, buf_view(&b));
	buf_release(&b);
}

void
json_put_path(struct json *object, const char *key, struct str path)
{
	struct buf b = { 0 };

	while (path.len > 0) {
		size_t n = sequence(path);
		unsigned char c = (unsigned char)path.at[0];

		if (n == 0 || c < 0x20 || c == 0x7f || c == '%') {
			buf_printf(&b, "%%%02X", c);
			n = 1;
		} else {
			buf_add(&b, path.at, n);
		}
		path = str_slice(path, n, path.len - n);
	}
	json_put_str(object, key, buf_view(&b));
	buf_release(&b);
}

void
json_add(struct json *array, struct json *value)
{
	if (json_array_append_new(inner(array), inner(value)) != 0)
		bug("no memory for JSON");
}

void
json_add_str(struct json *array, struct str text)
{
	json_add(array, outer(string_of(text)));
}

void
json_add_num(struct json *array, int64_t n)
{
	json_add(array, outer(json_integer(n)));
}

const struct json *
json_at(const struct json *object, const char *key)
{
	return (const struct json *)json_object_get(inner(object), key);
}

bool
json_text(const struct json *j, struct str *out)
{
	const json_t *s = inner(j);

	if (!json_is_string(s))
		return false;
	*out = (struct str){ json_string_value(s), json_string_length(s) };
	return true;
}

bool
json_str(const struct json *object, const char *key, struct str *out)
{
	return json_text(json_at(object, key), out);
}

bool
json_whole(const struct json *j, int64_t *out)
{
	const json_t *n = inner(j);

	if (!json_is_integer(n))
		return false;
	*out = json_integer_value(n);
	return true;
}

bool
json_num(const struct json *object, const char *key, int64_t *out)
{
	return json_whole(json_at(object, key), out);
}

bool
json_bool(const struct json *object, const char *key, bool *out)
{
	const json_t *b = inner(json_at(object, key));

	if (!json_is_boolean(b))
		return false;
	*out = json_is_true(b);
	return true;
}

bool
json_hex(const struct json *object, const char *key, void *bytes, size_t len)
{
	unsigned char raw[64];
	struct str text;

	if (len > sizeof raw)
		bug("%zu bytes of hex", len);
	if (!json_str(object, key, &text) || text.len != 2 * len)
		return false;
	if (str_unhex(text, raw, len) != ERR_NONE) {
		err_clear(); /* the caller says what is wrong */
		return false;
	}
	memcpy(bytes, raw, len);
	return true;
}

bool
json_path(const struct json *object, const char *key, struct arena *a,
    struct str *out)
{
	struct buf b = { 0 };
	struct str text;
	bool good = json_str(object, key, &text);

	for (size_t i = 0; good && i < text.len; i++) {
		char c = text.at[i];

		if (c == '%') {
			good = text.len - i >= 3 &&
			    str_unhex(str_slice(text, i + 1, 2), &c, 1) ==
				ERR_NONE;
			i += 2;
		}
		buf_char(&b, c);
	}
	if (good)
		*out = arena_copy(a, buf_view(&b));
	else
		err_clear();
	buf_release(&b);
	return good;
}

size_t
json_size(const struct json *object)
{
	return json_object_size(inner(object));
}

static int
compare_keys(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t
json_keys(const struct json *object, struct arena *a, struct str **out)
{
	size_t n = json_object_size(inner(object)), i = 0;
	const char *key;
	json_t *value;

	*out = arena_array(a, n, struct str);
	json_object_foreach(inner(object), key, value)(*out)[i++] =
	    arena_copy(a, str_of(key));
	qsort(*out, n, sizeof **out, compare_keys);
	return n;
}

size_t
json_len(const struct json *array)
{
	return json_array_size(inner(array));
}

const struct json *
json_item(const struct json *array, size_t i)
{
	return (const struct json *)json_array_get(inner(array), i);
}

static int
collect(const char *bytes, size_t len, void *arg)
{
	buf_add(arg, bytes, len);
	return 0;
}

static void
write_with(const struct json *j, struct buf *out, size_t flags)
{
	if (json_dump_callback(inner(j), collect, out,
		flags | JSON_SORT_KEYS | JSON_ENCODE_ANY |
		    JSON_REAL_PRECISION(3)) != 0)
		bug("JSON that cannot be written");
}

void
json_write(const struct json *j, struct buf *out)
{
	write_with(j, out, JSON_COMPACT);
}

void
json_write_lines(const struct json *j, struct buf *out)
{
	write_with(j, out, JSON_INDENT(2));
	buf_char(out, '\n');
}
