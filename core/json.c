#include "core/json.h"

#include <stdlib.h>
#include <string.h>

#include "core/json_node.h"

size_t
json_sequence(struct str s)
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

static struct json *
new_value(enum json_kind kind)
{
	struct json *j = calloc(1, sizeof *j);

	if (j == NULL)
		bug("no memory for JSON");
	j->kind = kind;
	return j;
}

static struct str
copy_text(struct str s)
{
	char *at = malloc(s.len + 1);

	if (at == NULL)
		bug("no memory for JSON");
	if (s.len > 0)
		memcpy(at, s.at, s.len);
	at[s.len] = '\0';
	return (struct str){ at, s.len };
}

static void
free_text(struct str s)
{
	free((char *)(uintptr_t)s.at);
}

void
json_free(struct json *j)
{
	struct arena *arena;

	if (j == NULL)
		return;
	arena = j->arena;
	if (arena != NULL) { /* j lies in it, too */
		arena_release(arena);
		free(arena);
		return;
	}
	if (j->lent)
		bug("a part of JSON that was read is freed");
	if (j->kind == JSON_TEXT || j->kind == JSON_FRACTION)
		free_text(j->text);
	if (j->kind == JSON_ARRAY || j->kind == JSON_OBJECT) {
		for (uint32_t i = 0; i < j->len; i++) {
			free_text(j->at[i].key);
			json_free(j->at[i].value);
		}
		free(j->at);
	}
	free(j);
}

struct json *
json_new_object(void)
{
	return new_value(JSON_OBJECT);
}

struct json *
json_new_array(void)
{
	return new_value(JSON_ARRAY);
}

static struct json *
new_whole(int64_t n)
{
	struct json *j = new_value(JSON_WHOLE);

	j->whole = n;
	return j;
}

static struct json *
new_text(struct str text)
{
	struct json *j = new_value(JSON_TEXT);
	struct buf b = { 0 };

	while (text.len > 0) {
		size_t n = json_sequence(text);

		buf_str(&b,
		    n == 0 ? STR("\xef\xbf\xbd") : str_slice(text, 0, n));
		n = n == 0 ? 1 : n;
		text = str_slice(text, n, text.len - n);
	}
	j->text = copy_text(buf_view(&b));
	buf_release(&b);
	return j;
}

/* Room for one more item at a place of a value that was built. */
static struct json_item *
insert(struct json *j, uint32_t place)
{
	if (j->lent || j->len >= JSON_VALUES)
		bug("one more value in JSON that takes none");
	if (j->len == j->room) {
		j->room = j->room == 0 ? 8 : 2 * j->room;
		j->at = realloc(j->at, j->room * sizeof *j->at);
		if (j->at == NULL)
			bug("no memory for JSON");
	}
	memmove(j->at + place + 1, j->at + place,
	    (j->len - place) * sizeof *j->at);
	j->len++;
	return &j->at[place];
}

uint32_t
json_place(const struct json *object, struct str key, bool *found)
{
	uint32_t low = 0, high = object->len;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int c = str_cmp(object->at[mid].key, key);

		*found = c == 0;
		if (c == 0)
			return mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*found = false;
	return low;
}

void
json_put(struct json *object, const char *key, struct json *value)
{
	struct str k = str_of(key);
	struct json_item *i;
	uint32_t place;
	bool found;

	if (object->kind != JSON_OBJECT || object->lent)
		bug("JSON key \"%s\"", key);
	place = json_place(object, k, &found);
	if (found) {
		json_free(object->at[place].value);
		object->at[place].value = value;
		return;
	}
	i = insert(object, place);
	*i = (struct json_item){ copy_text(k), value };
}

void
json_put_str(struct json *object, const char *key, struct str text)
{
	json_put(object, key, new_text(text));
}

void
json_put_num(struct json *object, const char *key, int64_t n)
{
	json_put(object, key, new_whole(n));
}

void
json_put_tenths(struct json *object, const char *key, unsigned tenths)
{
	struct json *j = new_value(JSON_FRACTION);
	struct buf b = { 0 };

	buf_printf(&b, "%u.%u", tenths / 10, tenths % 10);
	j->text = copy_text(buf_view(&b));
	buf_release(&b);
	json_put(object, key, j);
}

void
json_put_bool(struct json *object, const char *key, bool yes)
{
	json_put(object, key, new_value(yes ? JSON_TRUE : JSON_FALSE));
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
		size_t n = json_sequence(path);
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
	if (array->kind != JSON_ARRAY)
		bug("JSON that is no array");
	*insert(array, array->len) = (struct json_item){ .value = value };
}

void
json_add_str(struct json *array, struct str text)
{
	json_add(array, new_text(text));
}

void
json_add_num(struct json *array, int64_t n)
{
	json_add(array, new_whole(n));
}

const struct json *
json_at(const struct json *object, const char *key)
{
	uint32_t place;
	bool found;

	if (object == NULL || object->kind != JSON_OBJECT)
		return NULL;
	place = json_place(object, str_of(key), &found);
	return found ? object->at[place].value : NULL;
}

bool
json_text(const struct json *j, struct str *out)
{
	if (j == NULL || j->kind != JSON_TEXT)
		return false;
	*out = j->text;
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
	if (j == NULL || j->kind != JSON_WHOLE)
		return false;
	*out = j->whole;
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
	const struct json *j = json_at(object, key);

	if (j == NULL || (j->kind != JSON_TRUE && j->kind != JSON_FALSE))
		return false;
	*out = j->kind == JSON_TRUE;
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
json_keys(const struct json *object, struct arena *a, struct str **out)
{
	size_t n =
	    object == NULL || object->kind != JSON_OBJECT ? 0 : object->len;

	*out = arena_array(a, n, struct str);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = arena_copy(a, object->at[i].key);
	return n;
}

size_t
json_len(const struct json *array)
{
	return array == NULL || array->kind != JSON_ARRAY ? 0 : array->len;
}

const struct json *
json_item(const struct json *array, size_t i)
{
	return i < json_len(array) ? array->at[i].value : NULL;
}
