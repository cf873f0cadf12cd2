/*
 * json.h - JSON text in and out (RFC 8259): the door to jansson.
 *
 * What is written is canonical: keys sorted by bytes, no blanks, whole
 * numbers only, UTF-8.  What is read is strict: no key twice, at most
 * LIMIT_BUNDLE bytes, valid UTF-8, nothing after the value.
 *
 * A value belongs to the one it was put into; the outermost is freed.
 */
#pragma once

#include "core/arena.h"

struct json;

/* ERR_FORMAT with line and column, never with the text. */
enum err json_parse(struct json **out, struct str text) MUST_CHECK;
void json_free(struct json *j); /* the outermost; NULL is fine */

struct json *json_new_object(void);
struct json *json_new_array(void);

/*
 * Into an object, under a key.  Text that is not UTF-8 goes in with every
 * bad byte as U+FFFD: what is typed has been checked before.
 */
void json_put(struct json *object, const char *key, struct json *value);
void json_put_str(struct json *object, const char *key, struct str text);
void json_put_num(struct json *object, const char *key, int64_t n);
/* A score in tenths, 98, as 9.8: the one number that is not whole.  Only for
 * what other programs read; json_parse() here takes whole numbers. */
void json_put_tenths(struct json *object, const char *key, unsigned tenths);
void json_put_bool(struct json *object, const char *key, bool yes);
void json_put_hex(struct json *object, const char *key, const void *bytes,
    size_t len);
/* Any bytes: %, control and what is not UTF-8 become %XX. */
void json_put_path(struct json *object, const char *key, struct str path);

/* To the end of an array. */
void json_add(struct json *array, struct json *value);
void json_add_str(struct json *array, struct str text);
void json_add_num(struct json *array, int64_t n);

/*
 * Reading an object.  NULL, false: not there or of another kind.  Strings
 * are borrowed from the value.
 */
const struct json *json_at(const struct json *object, const char *key);
bool json_str(const struct json *object, const char *key, struct str *out);
bool json_num(const struct json *object, const char *key, int64_t *out);
bool json_bool(const struct json *object, const char *key, bool *out);
bool json_hex(const struct json *object, const char *key, void *bytes,
    size_t len);
bool json_path(const struct json *object, const char *key, struct arena *a,
    struct str *out);

/* How many keys it has; 0 for what is none. */
size_t json_size(const struct json *object);
/* Every key, sorted; for refusing those that are not known. */
size_t json_keys(const struct json *object, struct arena *a, struct str **out);

/* Reading an array; 0 and NULL for what is none. */
size_t json_len(const struct json *array);
const struct json *json_item(const struct json *array, size_t i);
/* A value that is a string, a whole number itself (an item of an array). */
bool json_text(const struct json *j, struct str *out);
bool json_whole(const struct json *j, int64_t *out);

void json_write(const struct json *j, struct buf *out); /* appends */
/* The same with line breaks and two blanks per level, for people. */
void json_write_lines(const struct json *j, struct buf *out);
