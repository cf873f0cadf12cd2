#include "core/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "core/io.h"
#include "core/symbols_format.h"
#include "core/tables.h"

struct symbols {
	struct io_map map; /* empty when the bytes are the caller's */
	uint32_t n_contents, n_definitions, n_names, n_kinds;
	uint32_t states[SYMBOLS_STATES];
	const char *contents, *definitions, *names, *kinds;
	const uint32_t *by_id, *by_name;
	struct str method, text;
};

static enum err
damaged(const char *where)
{
	return fail(ERR_FORMAT, "the index of symbols is damaged: %s", where);
}

static enum err
take_tables(struct symbols *s, struct str rest, uint64_t text, uint32_t method)
{
	const char *by_id, *by_name, *words;

	if (!tables_take(&rest, &s->contents, s->n_contents, SYMBOLS_CONTENT) ||
	    !tables_take(&rest, &by_id, s->n_contents, 4) ||
	    !tables_take(&rest, &s->definitions, s->n_definitions,
		SYMBOLS_DEFINITION) ||
	    !tables_take(&rest, &s->names, (uint64_t)s->n_names + 1,
		SYMBOLS_NAME) ||
	    !tables_take(&rest, &by_name, s->n_definitions, 4) ||
	    !tables_take(&rest, &s->kinds, s->n_kinds, SYMBOLS_KIND) ||
	    !tables_take(&rest, &words, text, 1) || rest.len != 0)
		return damaged("its tables");
	s->by_id = (const void *)by_id; /* tables are aligned */
	s->by_name = (const void *)by_name;
	s->text = (struct str){ words, text };
	s->method = str_slice(s->text, 0, method);
	return ERR_NONE;
}

static enum err
read_header(struct symbols *s, struct str bytes)
{
	const char *h = bytes.at;
	uint64_t text, states = 0;
	uint32_t method;

	if (bytes.len < SYMBOLS_HEADER || memcmp(h, SYMBOLS_MAGIC, 8) != 0)
		return fail(ERR_FORMAT, "this is not an index of symbols");
	if (tables_u32(h + SYMBOLS_AT_VERSION) != SYMBOLS_VERSION)
		return fail(ERR_FORMAT,
		    "an index of symbols of version %u, this program reads %d",
		    tables_u32(h + SYMBOLS_AT_VERSION), SYMBOLS_VERSION);
	s->n_contents = tables_u32(h + SYMBOLS_AT_CONTENTS);
	s->n_definitions = tables_u32(h + SYMBOLS_AT_DEFINITIONS);
	s->n_names = tables_u32(h + SYMBOLS_AT_NAMES);
	s->n_kinds = tables_u32(h + SYMBOLS_AT_KINDS);
	method = tables_u32(h + SYMBOLS_AT_METHOD);
	text = tables_u64(h + SYMBOLS_AT_TEXT);
	for (int i = SYMBOLS_READ; i < SYMBOLS_STATES; i++) {
		s->states[i] = tables_u32(h + SYMBOLS_AT_STATES + 4 * (i - 1));
		states += s->states[i];
	}
	if (tables_u64(h + SYMBOLS_AT_SIZE) != bytes.len || text > bytes.len ||
	    method > text || method > SYMBOLS_NAME_MAX ||
	    states != s->n_contents)
		return damaged("its header");
	return take_tables(s, str_slice(bytes, SYMBOLS_HEADER, bytes.len), text,
	    method);
}

static enum err
open_it(struct symbols **out, struct io_map map, struct str bytes)
{
	struct symbols *s = calloc(1, sizeof *s);
	enum err rc;

	if (s == NULL)
		bug("no memory for an index of symbols");
	s->map = map;
	rc = read_header(s, bytes);
	if (rc == ERR_NONE)
		*out = s;
	else
		symbols_close(s);
	return rc;
}

enum err
symbols_open(struct symbols **out, const char *path)
{
	struct io_map map;
	enum err rc = io_map(&map, path, SIZE_MAX / 2);

	return rc != ERR_NONE ? rc : open_it(out, map, map.bytes);
}

enum err
symbols_open_bytes(struct symbols **out, struct str bytes)
{
	return open_it(out, (struct io_map){ { "", 0 } }, bytes);
}

void
symbols_close(struct symbols *s)
{
	if (s == NULL)
		return;
	if (s->map.bytes.len > 0)
		io_unmap(&s->map);
	free(s);
}

struct str
symbols_method(const struct symbols *s)
{
	return s->method;
}

uint32_t
symbols_contents(const struct symbols *s)
{
	return s->n_contents;
}

uint32_t
symbols_count(const struct symbols *s, enum symbols_state state)
{
	return s->states[state];
}

static const char *
content_at(const struct symbols *s, uint32_t i)
{
	return s->contents + (size_t)i * SYMBOLS_CONTENT;
}

/* Where the definitions of content i begin; those of the one behind the last
 * begin behind all. */
static uint32_t
first_of(const struct symbols *s, uint32_t i)
{
	return i == s->n_contents ? s->n_definitions :
				    tables_u32(content_at(s, i) + OID_BYTES);
}

enum err
symbols_content(struct symbols_content *out, const struct symbols *s,
    uint32_t i)
{
	struct symbols_content c = { 0 };
	uint32_t end, state;

	if (i >= s->n_contents)
		bug("content %u of %u", i, s->n_contents);
	memcpy(c.id.id, content_at(s, i), OID_BYTES);
	c.first = first_of(s, i);
	end = first_of(s, i + 1);
	state = tables_u32(content_at(s, i) + OID_BYTES + 4);
	if (c.first > end || end > s->n_definitions || state == 0 ||
	    state >= SYMBOLS_STATES)
		return damaged("a content");
	c.n = end - c.first;
	c.state = (enum symbols_state)state;
	*out = c;
	return ERR_NONE;
}

enum err
symbols_content_of(struct symbols_content *out, const struct symbols *s,
    const struct oid *id)
{
	uint32_t low = 0, high = s->n_contents;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		uint32_t i = s->by_id[middle];
		int order;

		if (i >= s->n_contents)
			return damaged("the order of contents");
		order = memcmp(content_at(s, i), id->id, OID_BYTES);
		if (order == 0)
			return symbols_content(out, s, i);
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return ERR_ABSENT;
}

uint32_t
symbols_names(const struct symbols *s)
{
	return s->n_names;
}

enum err
symbols_name(struct str *out, const struct symbols *s, uint32_t i)
{
	const char *n = s->names + (size_t)i * SYMBOLS_NAME;
	uint32_t from, to;

	if (i >= s->n_names)
		bug("name %u of %u", i, s->n_names);
	from = tables_u32(n);
	to = tables_u32(n + SYMBOLS_NAME);
	if (from > to || to > s->text.len || to - from > SYMBOLS_NAME_MAX)
		return damaged("a name");
	*out = (struct str){ s->text.at + from, to - from };
	return ERR_NONE;
}

enum err
symbols_lower(uint32_t *i, const struct symbols *s, struct str name)
{
	uint32_t low = 0, high = s->n_names;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct str at;
		enum err rc = symbols_name(&at, s, middle);

		if (rc != ERR_NONE)
			return rc;
		if (str_cmp(at, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*i = low;
	return ERR_NONE;
}

enum err
symbols_find(const uint32_t **at, uint32_t *n, const struct symbols *s,
    struct str name)
{
	uint32_t i, from, to;
	struct str found;
	enum err rc = symbols_lower(&i, s, name);

	if (rc == ERR_NONE && i < s->n_names)
		rc = symbols_name(&found, s, i);
	if (rc != ERR_NONE)
		return rc;
	*n = 0;
	if (i == s->n_names || !str_eq(found, name))
		return ERR_NONE;
	from = tables_u32(s->names + (size_t)i * SYMBOLS_NAME + 4);
	to = tables_u32(s->names + (size_t)(i + 1) * SYMBOLS_NAME + 4);
	if (from > to || to > s->n_definitions)
		return damaged("the definitions of a name");
	*at = s->by_name + from;
	*n = to - from;
	for (uint32_t k = 0; k < *n; k++)
		if ((*at)[k] >= s->n_definitions)
			return damaged("the definitions of a name");
	return ERR_NONE;
}

uint32_t
symbols_definitions(const struct symbols *s)
{
	return s->n_definitions;
}

static enum err
content_with(uint32_t *out, const struct symbols *s, uint32_t definition)
{
	uint32_t low = 0, high = s->n_contents;

	/* The last content that begins at or before it. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (first_of(s, middle) <= definition)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return damaged("a definition in no content");
	*out = low - 1;
	return ERR_NONE;
}

static enum err
kind_at(struct str *out, const struct symbols *s, uint16_t i)
{
	const char *k = s->kinds + (size_t)i * SYMBOLS_KIND;

	if (i >= s->n_kinds || tables_u32(k) > s->text.len ||
	    tables_u32(k + 4) > s->text.len - tables_u32(k) ||
	    tables_u32(k + 4) > SYMBOLS_NAME_MAX)
		return damaged("a kind");
	*out = (struct str){ s->text.at + tables_u32(k), tables_u32(k + 4) };
	return ERR_NONE;
}

enum err
symbols_definition(struct symbol *out, const struct symbols *s, uint32_t i)
{
	const char *d = s->definitions + (size_t)i * SYMBOLS_DEFINITION;
	struct symbol found = { .scope = STR("") };
	uint32_t scope;
	enum err rc;

	if (i >= s->n_definitions)
		bug("definition %u of %u", i, s->n_definitions);
	scope = tables_u32(d + 12);
	found.line = tables_u32(d + 4);
	found.last = found.line + tables_u16(d + 8);
	if (tables_u32(d) >= s->n_names ||
	    (scope != SYMBOLS_NONE && scope >= s->n_names) || found.line == 0 ||
	    found.last < found.line)
		return damaged("a definition");
	rc = symbols_name(&found.name, s, tables_u32(d));
	if (rc == ERR_NONE && scope != SYMBOLS_NONE)
		rc = symbols_name(&found.scope, s, scope);
	if (rc == ERR_NONE)
		rc = kind_at(&found.kind, s, tables_u16(d + 10));
	if (rc == ERR_NONE)
		rc = content_with(&found.content, s, i);
	if (rc == ERR_NONE)
		*out = found;
	return rc;
}
