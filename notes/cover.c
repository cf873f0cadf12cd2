#include "notes/cover.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/oidset.h"

struct spans {
	uint32_t *at; /* pairs */
	uint32_t len, room;
};

struct file {
	struct oid commit, blob;
	struct str path;
	struct spans spans[COVER_LAYERS];
};

struct cover {
	struct arena arena; /* paths */
	struct file *files;
	size_t len, room;
	size_t newest; /* file that was set last + 1 */
	uint32_t newest_line;
	struct oidset blobs; /* of the files */
};

struct cover *
cover_open(void)
{
	struct cover *c = calloc(1, sizeof *c);

	if (c == NULL)
		bug("no memory for coverage");
	return c;
}

void
cover_close(struct cover *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->len; i++)
		for (int k = 0; k < COVER_LAYERS; k++)
			free(c->files[i].spans[k].at);
	free(c->files);
	oidset_release(&c->blobs);
	arena_release(&c->arena);
	free(c);
}

static struct file *
find(const struct cover *c, const struct oid *blob)
{
	uint32_t n = oidset_find(&c->blobs, blob);

	return n == OIDSET_NONE ? NULL : &c->files[n];
}

static struct file *
get(struct cover *c, const struct anchor *at)
{
	uint32_t n;

	if (!oidset_add(&c->blobs, &n, &at->blob))
		return &c->files[n];
	c->files = array_more(c->files, n, &c->room, sizeof *c->files);
	c->files[n] = (struct file){ .commit = at->commit,
		.blob = at->blob,
		.path = arena_copy(&c->arena, at->path) };
	c->len = c->blobs.len;
	return &c->files[n];
}

/* First pair that ends at or behind a line; len: none. */
static uint32_t
search(const struct spans *s, uint32_t line)
{
	uint32_t low = 0, high = s->len;

	if (high > 0 && s->at[2 * high - 1] < line)
		return high; /* most come in order */
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (s->at[2 * mid + 1] < line)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
make_room(struct spans *s, uint32_t len)
{
	if (len <= s->room)
		return;
	s->room = len < 8 ? 8 : 2 * len;
	s->at = realloc(s->at, (size_t)s->room * 8);
	if (s->at == NULL)
		bug("no memory for coverage");
}

/* Pairs from..to (not included) become the n pairs of with. */
static void
replace(struct spans *s, uint32_t from, uint32_t to, const uint32_t *with,
    uint32_t n)
{
	uint32_t len = s->len - (to - from) + n;

	make_room(s, len);
	if (s->at == NULL)
		return; /* nothing by nothing */
	memmove(s->at + 2 * (from + n), s->at + 2 * to,
	    (size_t)(s->len - to) * 8);
	memcpy(s->at + 2 * from, with, (size_t)n * 8);
	s->len = len;
}

static bool
add(struct spans *s, uint32_t first, uint32_t last)
{
	/* What touches is joined: one line before, one line behind. */
	uint32_t from = search(s, first - 1), to = from;
	uint32_t pair[2] = { first, last };

	if (from == s->len) {
		make_room(s, s->len + 1);
		memcpy(s->at + 2 * (size_t)s->len++, pair, sizeof pair);
		return true;
	}
	if (s->at[2 * from] <= first && s->at[2 * from + 1] >= last)
		return false;
	while (to < s->len && (last == UINT32_MAX || s->at[2 * to] <= last + 1))
		to++;
	if (from < to) {
		if (s->at[2 * from] < first)
			pair[0] = s->at[2 * from];
		if (s->at[2 * to - 1] > last)
			pair[1] = s->at[2 * to - 1];
	}
	replace(s, from, to, pair, 1);
	return true;
}

static bool
take_away(struct spans *s, uint32_t first, uint32_t last)
{
	uint32_t from = search(s, first), to = from, n = 0;
	uint32_t rest[4];

	while (to < s->len && s->at[2 * to] <= last)
		to++;
	if (from == to)
		return false;
	if (s->at[2 * from] < first) {
		rest[2 * n] = s->at[2 * from];
		rest[2 * n++ + 1] = first - 1;
	}
	if (s->at[2 * to - 1] > last) {
		rest[2 * n] = last + 1;
		rest[2 * n++ + 1] = s->at[2 * to - 1];
	}
	replace(s, from, to, rest, n);
	return true;
}

bool
cover_set(struct cover *c, enum cover_layer layer, const struct anchor *at,
    bool is)
{
	struct file *f = get(c, at);
	struct spans *s = &f->spans[layer];
	uint32_t first = at->first == 0 ? 1 : at->first;
	uint32_t last = at->first == 0 ? UINT32_MAX : at->last;

	c->newest = (size_t)(f - c->files) + 1;
	c->newest_line = last == UINT32_MAX ? 1 : last;
	return is ? add(s, first, last) : take_away(s, first, last);
}

void
cover_set_runs(struct cover *c, enum cover_layer layer, const struct anchor *at,
    const uint32_t *pairs, uint32_t n)
{
	struct file *f;

	if (n == 0)
		return;
	f = get(c, at);
	for (uint32_t i = 0; i < n; i++)
		add(&f->spans[layer], pairs[2 * i], pairs[2 * i + 1]);
	c->newest = (size_t)(f - c->files) + 1;
	c->newest_line = pairs[2 * n - 1];
}

void
cover_clear(struct cover *c, enum cover_layer layer, const struct oid *blob)
{
	struct file *f = find(c, blob);

	if (f != NULL)
		f->spans[layer].len = 0;
}

bool
cover_has(const struct cover *c, enum cover_layer layer, const struct oid *blob,
    uint32_t line)
{
	const struct file *f = find(c, blob);
	const struct spans *s;
	uint32_t i;

	if (f == NULL)
		return false;
	s = &f->spans[layer];
	i = search(s, line);
	return i < s->len && s->at[2 * i] <= line;
}

static void
add_pair(struct buf *out, uint32_t first, uint32_t last)
{
	uint32_t pair[2] = { first, last };

	buf_add(out, pair, sizeof pair);
}

void
cover_missing(const struct cover *c, enum cover_layer layer,
    const struct oid *blob, uint32_t first, uint32_t last, struct buf *out)
{
	const struct file *f = find(c, blob);
	const struct spans *s = f == NULL ? NULL : &f->spans[layer];

	for (uint32_t i = s == NULL ? 0 : search(s, first);
	     s != NULL && i < s->len && s->at[2 * i] <= last; i++) {
		if (s->at[2 * i] > first)
			add_pair(out, first, s->at[2 * i] - 1);
		if (s->at[2 * i + 1] >= last)
			return;
		first = s->at[2 * i + 1] + 1;
	}
	add_pair(out, first, last);
}

size_t
cover_files(const struct cover *c)
{
	return c->len;
}

struct cover_file
cover_file(const struct cover *c, size_t i)
{
	const struct file *f = &c->files[i];
	struct cover_file out = { .commit = f->commit,
		.blob = f->blob,
		.path = f->path };

	for (int k = 0; k < COVER_LAYERS; k++) {
		out.spans[k] = f->spans[k].at;
		out.len[k] = f->spans[k].len;
	}
	return out;
}

bool
cover_find(const struct cover *c, struct cover_file *out,
    const struct oid *blob)
{
	const struct file *f = find(c, blob);

	if (f == NULL)
		return false;
	*out = cover_file(c, (size_t)(f - c->files));
	return true;
}

bool
cover_newest(const struct cover *c, struct cover_file *file, uint32_t *line)
{
	if (c->newest == 0)
		return false;
	*file = cover_file(c, c->newest - 1);
	*line = c->newest_line;
	return true;
}

void
cover_marks(const struct cover *c, struct mark **marks, size_t *n)
{
	static const uint8_t glyphs[COVER_LAYERS] = { '.', '#' };
	size_t total = *n;

	for (size_t i = 0; i < c->len; i++)
		for (int k = 0; k < COVER_LAYERS; k++)
			total += c->files[i].spans[k].len;
	*marks = realloc(*marks, (total + 1) * sizeof **marks);
	if (*marks == NULL)
		bug("no memory for marks");
	for (size_t i = 0; i < c->len; i++) {
		const struct file *f = &c->files[i];

		for (int k = 0; k < COVER_LAYERS; k++)
			for (uint32_t p = 0; p < f->spans[k].len; p++)
				(*marks)[(*n)++] = (struct mark){ glyphs[k],
					f->blob, f->path, f->spans[k].at[2 * p],
					f->spans[k].at[2 * p + 1] };
	}
}
