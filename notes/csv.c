#include "notes/csv.h"

#include <string.h>

struct reader {
	struct arena *a;
	const char *name;
	struct str rest;
	uint32_t line;
};

static enum err
bad(const struct reader *r, const char *what)
{
	return fail(ERR_FORMAT, "%s:%u: %s", r->name, r->line, what);
}

/* What stands between quotation marks; the mark in front is taken. */
static enum err
quoted(struct reader *r, struct str *out)
{
	size_t n = 0, doubled = 0;
	char *text;

	for (;; n++) {
		if (n >= r->rest.len)
			return bad(r, "a quotation mark is not closed");
		if (r->rest.at[n] == '\n')
			r->line++;
		if (r->rest.at[n] != '"')
			continue;
		if (n + 1 >= r->rest.len || r->rest.at[n + 1] != '"')
			break;
		doubled++;
		n++;
	}
	*out = str_slice(r->rest, 0, n);
	r->rest = str_slice(r->rest, n + 1, SIZE_MAX);
	if (doubled == 0)
		return ERR_NONE;
	text = arena_array(r->a, n - doubled + 1, char);
	for (size_t i = 0, k = 0; i < n; i++) {
		text[k++] = out->at[i];
		i += out->at[i] == '"';
	}
	*out = (struct str){ text, n - doubled };
	return ERR_NONE;
}

/* One cell and the comma or line end behind it. */
static enum err
cell(struct reader *r, struct str *out, bool *last)
{
	size_t n = 0;
	enum err rc = ERR_NONE;

	if (r->rest.len > 0 && r->rest.at[0] == '"') {
		r->rest = str_slice(r->rest, 1, SIZE_MAX);
		rc = quoted(r, out);
		if (rc != ERR_NONE)
			return rc;
	} else {
		while (n < r->rest.len && r->rest.at[n] != ',' &&
		    r->rest.at[n] != '\n' && r->rest.at[n] != '"')
			n++;
		*out = str_slice(r->rest, 0, n);
		r->rest = str_slice(r->rest, n, SIZE_MAX);
		if (r->rest.len == 0 || r->rest.at[0] == '\n')
			*out = str_ends(*out, STR("\r")) ?
			    str_slice(*out, 0, out->len - 1) :
			    *out;
	}
	if (str_starts(r->rest, STR("\r\n")))
		r->rest = str_slice(r->rest, 1, SIZE_MAX);
	*last = r->rest.len == 0 || r->rest.at[0] == '\n';
	if (!*last && r->rest.at[0] != ',')
		return bad(r, "a quotation mark inside a cell");
	if (r->rest.len > 0)
		r->rest = str_slice(r->rest, 1, SIZE_MAX);
	return ERR_NONE;
}

static enum err
head(struct csv *c, struct reader *r)
{
	bool last = false;
	enum err rc = ERR_NONE;

	if (str_starts(r->rest, STR("\xef\xbb\xbf")))
		r->rest = str_slice(r->rest, 3, SIZE_MAX);
	if (r->rest.len == 0)
		return bad(r, "empty: the first line names the columns");
	while (!last && rc == ERR_NONE) {
		if (c->columns == CSV_COLUMNS_MAX)
			return bad(r, "over 64 columns");
		rc = cell(r, &c->head[c->columns++], &last);
	}
	r->line++;
	return rc;
}

/* A row in out[c->columns]. */
static enum err
row(const struct csv *c, struct reader *r, struct str *out)
{
	uint32_t n = 0;
	bool last = false;
	enum err rc = ERR_NONE;

	while (!last && rc == ERR_NONE) {
		struct str one;

		rc = cell(r, &one, &last);
		if (rc == ERR_NONE && n == c->columns)
			return bad(r, "more cells than the head has");
		if (rc == ERR_NONE)
			out[n++] = one;
	}
	if (rc == ERR_NONE && n < c->columns)
		rc = bad(r, "fewer cells than the head has");
	return rc;
}

enum err
csv_read(struct csv *out, struct arena *a, const char *name, struct str text)
{
	struct reader r = { .a = a, .name = name, .rest = text, .line = 1 };
	struct csv c = { 0 };
	size_t room = 1;
	enum err rc = head(&c, &r);

	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; i < r.rest.len; i++)
		room += r.rest.at[i] == '\n';
	if (room > CSV_ROWS_MAX)
		return fail(ERR_LIMIT, "%s: over %d lines", name, CSV_ROWS_MAX);
	c.cells = arena_array(a, room * c.columns, struct str);
	c.lines = arena_array(a, room, uint32_t);
	while (r.rest.len > 0 && rc == ERR_NONE) {
		/* An empty line at the end, or between, is no row. */
		if (r.rest.at[0] == '\n' || str_starts(r.rest, STR("\r\n"))) {
			r.rest = str_slice(r.rest, r.rest.at[0] == '\n' ? 1 : 2,
			    SIZE_MAX);
			r.line++;
			continue;
		}
		c.lines[c.rows] = r.line;
		rc = row(&c, &r, c.cells + (size_t)c.rows * c.columns);
		c.rows++;
		r.line++;
	}
	if (rc == ERR_NONE)
		*out = c;
	return rc;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

int
csv_column(const struct csv *c, const char *name)
{
	size_t len = strlen(name);

	for (uint32_t i = 0; i < c->columns; i++) {
		struct str s = str_trim(c->head[i]);
		size_t k = 0;

		while (k < s.len && k < len && lower(s.at[k]) == name[k])
			k++;
		if (k == s.len && k == len)
			return (int)i;
	}
	return -1;
}

struct str
csv_cell(const struct csv *c, uint32_t row, int column)
{
	if (column < 0)
		return (struct str){ "", 0 };
	return str_trim(c->cells[(size_t)row * c->columns + (uint32_t)column]);
}
