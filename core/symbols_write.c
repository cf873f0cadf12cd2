#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/symbols.h"
#include "core/symbols_format.h"
#include "core/wire.h"

enum { KINDS_MAX = 1024 }; /* parsers have some hundred in all */

struct row { /* a definition; names as they came */
	uint32_t name, line, scope;
	uint16_t more, kind;
};

struct content {
	struct oid id;
	uint32_t first;
	enum symbols_state state;
};

struct name {
	size_t at; /* in text */
	uint32_t len, mark;
};

struct symbols_writer {
	struct buf method, text; /* names, one after the other */
	struct content *contents;
	size_t n_contents, contents_room;
	struct row *rows;
	size_t n_rows, rows_room;
	struct name *names;
	size_t n_names, names_room;
	uint32_t *slots; /* by mark: number + 1 */
	size_t mask;
	struct arena arena;
	struct str kinds[KINDS_MAX];
	uint32_t n_kinds;
};

static void *
grown(void *at, size_t *room, size_t n, size_t size)
{
	if (n < *room)
		return at;
	*room = *room == 0 ? 256 : 2 * *room;
	at = reallocarray(at, *room, size);
	if (at == NULL)
		bug("no memory for %zu symbols", *room);
	return at;
}

struct symbols_writer *
symbols_write_start(struct str method)
{
	struct symbols_writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		bug("no memory for symbols");
	buf_str(&w->method, str_slice(method, 0, SYMBOLS_NAME_MAX));
	return w;
}

void
symbols_write_content(struct symbols_writer *w, const struct oid *id,
    enum symbols_state state)
{
	w->contents = grown(w->contents, &w->contents_room, w->n_contents,
	    sizeof *w->contents);
	w->contents[w->n_contents++] =
	    (struct content){ *id, (uint32_t)w->n_rows, state };
}

void
symbols_write_state(struct symbols_writer *w, enum symbols_state state)
{
	w->contents[w->n_contents - 1].state = state;
}

void
symbols_write_drop_last(struct symbols_writer *w, enum symbols_state state)
{
	struct content *c = &w->contents[w->n_contents - 1];

	c->state = state;
	w->n_rows = c->first;
}

static void
widen(struct symbols_writer *w)
{
	size_t at;

	if (w->mask != 0 && w->n_names * 2 < w->mask)
		return;
	w->mask = w->mask == 0 ? 1023 : w->mask * 2 + 1;
	free(w->slots);
	w->slots = calloc(w->mask + 1, sizeof *w->slots);
	if (w->slots == NULL)
		bug("no memory for %zu symbols", w->mask);
	for (size_t i = 0; i < w->n_names; i++) {
		for (at = w->names[i].mark & w->mask; w->slots[at] != 0;
		     at = (at + 1) & w->mask)
			;
		w->slots[at] = (uint32_t)i + 1;
	}
}

/* Names are anybody's: a hash that nobody can steer. */
static uint32_t
number_of(struct symbols_writer *w, struct str name)
{
	struct hash h = hash_of(name);
	uint32_t mark;
	size_t at;

	memcpy(&mark, h.at, sizeof mark);
	w->names =
	    grown(w->names, &w->names_room, w->n_names, sizeof *w->names);
	widen(w);
	for (at = mark & w->mask; w->slots[at] != 0; at = (at + 1) & w->mask) {
		const struct name *n = &w->names[w->slots[at] - 1];

		if (n->mark == mark && n->len == name.len &&
		    memcmp(w->text.at + n->at, name.at, name.len) == 0)
			return w->slots[at] - 1;
	}
	w->names[w->n_names] =
	    (struct name){ w->text.len, (uint32_t)name.len, mark };
	buf_str(&w->text, name);
	w->slots[at] = (uint32_t)++w->n_names;
	return (uint32_t)w->n_names - 1;
}

static uint16_t
kind_of(struct symbols_writer *w, struct str kind)
{
	for (uint32_t i = 0; i < w->n_kinds; i++)
		if (str_eq(w->kinds[i], kind))
			return (uint16_t)i;
	if (w->n_kinds == KINDS_MAX - 1)
		kind = STR("other");
	if (w->n_kinds == KINDS_MAX)
		return KINDS_MAX - 1;
	w->kinds[w->n_kinds++] =
	    arena_copy(&w->arena, str_slice(kind, 0, SYMBOLS_NAME_MAX));
	return (uint16_t)(w->n_kinds - 1);
}

void
symbols_write_add(struct symbols_writer *w, const struct symbol *s)
{
	uint32_t more = s->last > s->line ? s->last - s->line : 0;

	if (w->n_contents == 0 || s->line == 0)
		bug("a symbol of nothing");
	if (s->name.len == 0 || s->name.len > SYMBOLS_NAME_MAX ||
	    w->text.len > UINT32_MAX - 2 * SYMBOLS_NAME_MAX ||
	    w->n_rows == UINT32_MAX - 1)
		return;
	w->rows = grown(w->rows, &w->rows_room, w->n_rows, sizeof *w->rows);
	w->rows[w->n_rows] = (struct row){ .name = number_of(w, s->name),
		.line = s->line,
		.scope = SYMBOLS_NONE,
		.more = more > UINT16_MAX ? UINT16_MAX : (uint16_t)more,
		.kind = kind_of(w, s->kind) };
	if (s->scope.len > 0 && s->scope.len <= SYMBOLS_NAME_MAX)
		w->rows[w->n_rows].scope = number_of(w, s->scope);
	w->n_rows++;
}

enum err
symbols_write_copy(struct symbols_writer *w, const struct symbols *old,
    const struct oid *id)
{
	struct symbols_content c;
	struct symbol s;
	enum err rc = ERR_ABSENT;

	if (str_eq(symbols_method(old), buf_view(&w->method)))
		rc = symbols_content_of(&c, old, id);
	if (rc != ERR_NONE)
		return rc;
	symbols_write_content(w, id, c.state);
	for (uint32_t i = 0; i < c.n && rc == ERR_NONE; i++) {
		rc = symbols_definition(&s, old, c.first + i);
		if (rc == ERR_NONE)
			symbols_write_add(w, &s);
	}
	return rc;
}

/* Writing: rows by content and line, names by their bytes. */

static int
by_line(const void *x, const void *y)
{
	const struct row *a = x, *b = y;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->more != b->more) /* the outer one first */
		return a->more > b->more ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return (a->scope > b->scope) - (a->scope < b->scope);
}

static int
by_bytes(const void *x, const void *y, void *arg)
{
	const struct symbols_writer *w = arg;
	const struct name *a = &w->names[*(const uint32_t *)x];
	const struct name *b = &w->names[*(const uint32_t *)y];

	return str_cmp((struct str){ w->text.at + a->at, a->len },
	    (struct str){ w->text.at + b->at, b->len });
}

static int
by_id(const void *x, const void *y, void *arg)
{
	const struct symbols_writer *w = arg;

	return oid_cmp(&w->contents[*(const uint32_t *)x].id,
	    &w->contents[*(const uint32_t *)y].id);
}

static uint32_t *
order_of(struct symbols_writer *w, size_t n,
    int (*compare)(const void *, const void *, void *))
{
	uint32_t *at = reallocarray(NULL, n + 1, sizeof *at);

	if (at == NULL)
		bug("no memory for %zu symbols", n);
	for (size_t i = 0; i < n; i++)
		at[i] = (uint32_t)i;
	qsort_r(at, n, sizeof *at, compare, w);
	return at;
}

/* Few: sorted by hand. */
static void
sort_kinds(struct symbols_writer *w)
{
	uint16_t to[KINDS_MAX];
	struct str sorted[KINDS_MAX];

	for (uint32_t i = 0; i < w->n_kinds; i++) {
		to[i] = 0;
		for (uint32_t k = 0; k < w->n_kinds; k++)
			to[i] += str_cmp(w->kinds[k], w->kinds[i]) < 0;
		sorted[to[i]] = w->kinds[i];
	}
	memcpy(w->kinds, sorted, w->n_kinds * sizeof *sorted);
	for (size_t i = 0; i < w->n_rows; i++)
		w->rows[i].kind = to[w->rows[i].kind];
}

/* Numbers that are in order, instead of those that came. */
static void
renumber(struct symbols_writer *w, const uint32_t *names)
{
	uint32_t *to = reallocarray(NULL, w->n_names + 1, sizeof *to);

	if (to == NULL)
		bug("no memory for %zu symbols", w->n_names);
	for (size_t i = 0; i < w->n_names; i++)
		to[names[i]] = (uint32_t)i;
	for (size_t i = 0; i < w->n_rows; i++) {
		w->rows[i].name = to[w->rows[i].name];
		if (w->rows[i].scope != SYMBOLS_NONE)
			w->rows[i].scope = to[w->rows[i].scope];
	}
	free(to);
	sort_kinds(w);
	for (size_t i = 0; i < w->n_contents; i++) {
		size_t from = w->contents[i].first;
		size_t end = i + 1 < w->n_contents ? w->contents[i + 1].first :
						     w->n_rows;

		if (end > from)
			qsort(w->rows + from, end - from, sizeof *w->rows,
			    by_line);
	}
}

static void
pad(struct buf *b, size_t base)
{
	while ((b->len - base) % 8 != 0)
		buf_char(b, '\0');
}

static void
put_header(const struct symbols_writer *w, struct buf *b, uint64_t text)
{
	uint32_t states[SYMBOLS_STATES] = { 0 };

	for (size_t i = 0; i < w->n_contents; i++)
		states[w->contents[i].state]++;
	buf_add(b, SYMBOLS_MAGIC, 8);
	wire_put_u32(b, SYMBOLS_VERSION);
	wire_put_u32(b, (uint32_t)w->n_contents);
	wire_put_u32(b, (uint32_t)w->n_rows);
	wire_put_u32(b, (uint32_t)w->n_names);
	wire_put_u32(b, w->n_kinds);
	wire_put_u32(b, (uint32_t)w->method.len);
	for (int i = SYMBOLS_READ; i < SYMBOLS_STATES; i++)
		wire_put_u32(b, states[i]);
	wire_put_u32(b, 0);
	wire_put_u64(b, text);
	wire_put_u64(b, 0); /* the size: at the end */
}

static void
put_contents(struct symbols_writer *w, struct buf *b, size_t base)
{
	uint32_t *order = order_of(w, w->n_contents, by_id);

	for (size_t i = 0; i < w->n_contents; i++) {
		wire_put_oid(b, &w->contents[i].id);
		wire_put_u32(b, w->contents[i].first);
		wire_put_u32(b, (uint32_t)w->contents[i].state);
	}
	pad(b, base);
	for (size_t i = 0; i < w->n_contents; i++)
		wire_put_u32(b, order[i]);
	pad(b, base);
	free(order);
}

static void
put_rows(const struct symbols_writer *w, struct buf *b, size_t base)
{
	for (size_t i = 0; i < w->n_rows; i++) {
		wire_put_u32(b, w->rows[i].name);
		wire_put_u32(b, w->rows[i].line);
		wire_put_u16(b, w->rows[i].more);
		wire_put_u16(b, w->rows[i].kind);
		wire_put_u32(b, w->rows[i].scope);
	}
	pad(b, base);
}

/* names in order, each with where its definitions begin; then those. */
static void
put_names(struct symbols_writer *w, const uint32_t *names, struct buf *b,
    size_t base)
{
	uint32_t *first = calloc(w->n_names + 2, sizeof *first);
	uint32_t *at = reallocarray(NULL, w->n_rows + 1, sizeof *at);
	uint32_t text = (uint32_t)w->method.len;

	if (first == NULL || at == NULL)
		bug("no memory for %zu symbols", w->n_rows);
	for (size_t i = 0; i < w->n_rows; i++)
		first[w->rows[i].name + 1]++;
	for (size_t i = 0; i < w->n_names; i++)
		first[i + 1] += first[i];
	for (size_t i = 0; i <= w->n_names; i++) {
		wire_put_u32(b, text);
		wire_put_u32(b, first[i]);
		if (i < w->n_names)
			text += w->names[names[i]].len;
	}
	pad(b, base);
	for (size_t i = 0; i < w->n_rows; i++)
		at[first[w->rows[i].name]++] = (uint32_t)i;
	for (size_t i = 0; i < w->n_rows; i++)
		wire_put_u32(b, at[i]);
	pad(b, base);
	free(first);
	free(at);
}

/* The kinds, and all text: the method, the names, the kinds. */
static void
put_text(const struct symbols_writer *w, const uint32_t *names, struct buf *b,
    size_t base)
{
	uint32_t at = (uint32_t)(w->method.len + w->text.len);

	for (uint32_t i = 0; i < w->n_kinds; i++) {
		wire_put_u32(b, at);
		wire_put_u32(b, (uint32_t)w->kinds[i].len);
		at += (uint32_t)w->kinds[i].len;
	}
	buf_str(b, buf_view(&w->method));
	for (size_t i = 0; i < w->n_names; i++) {
		const struct name *n = &w->names[names[i]];

		buf_add(b, w->text.at + n->at, n->len);
	}
	for (uint32_t i = 0; i < w->n_kinds; i++)
		buf_str(b, w->kinds[i]);
	pad(b, base);
}

static void
put_all(struct symbols_writer *w, struct buf *b)
{
	uint32_t *names = order_of(w, w->n_names, by_bytes);
	uint64_t text = w->method.len + w->text.len, size;
	size_t base = b->len;

	for (uint32_t i = 0; i < w->n_kinds; i++)
		text += w->kinds[i].len;
	renumber(w, names);
	put_header(w, b, text);
	put_contents(w, b, base);
	put_rows(w, b, base);
	put_names(w, names, b, base);
	put_text(w, names, b, base);
	size = b->len - base;
	memcpy(b->at + base + SYMBOLS_AT_SIZE, &size, sizeof size);
	free(names);
}

void
symbols_write_finish(struct symbols_writer *w, struct buf *out)
{
	if (w == NULL)
		return;
	if (out != NULL)
		put_all(w, out);
	buf_release(&w->method);
	buf_release(&w->text);
	arena_release(&w->arena);
	free(w->contents);
	free(w->rows);
	free(w->names);
	free(w->slots);
	free(w);
}
