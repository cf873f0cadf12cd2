/*
 * json_node.h - a JSON value as it lies in memory; for core/json*.c alone.
 *
 * A value that was read lies in one arena with everything in it: its text is
 * a copy of what was read, decoded in place.  A value that was built is
 * memory of its own, freed with what it was put into.
 */
#pragma once

#include "core/json.h"

enum json_kind {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_WHOLE,    /* whole */
	JSON_FRACTION, /* text, as it is written: 9.8 */
	JSON_TEXT,     /* text, UTF-8, a NUL behind it */
	JSON_ARRAY,    /* at, len */
	JSON_OBJECT,   /* at, len: ascending by key, no key twice */
};

struct json_item {
	struct str key; /* empty in an array */
	struct json *value;
};

struct json {
	enum json_kind kind;
	bool lent;           /* memory of the outermost, not to be freed */
	struct arena *arena; /* the outermost of what was read */
	union {
		int64_t whole;
		struct str text;
		struct {
			struct json_item *at;
			uint32_t len, room;
		};
	};
};

/* How deep values may lie in each other, and how many there may be. */
enum { JSON_DEPTH = 512, JSON_VALUES = 4 * 1000 * 1000 };

/* Bytes of the valid UTF-8 sequence at the front of s, which is not empty;
 * 0: none. */
size_t json_sequence(struct str s);

/* The place of a key, or where it would be: *found says which. */
uint32_t json_place(const struct json *object, struct str key, bool *found);
