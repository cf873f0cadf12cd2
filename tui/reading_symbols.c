#include "tui/reading_symbols.h"

#include <stdlib.h>
#include <string.h>

#include "core/symbols.h"
#include "core/textstore.h"
#include "tui/reading_inside.h"

/*
 * The index names contents by id in the order of the store, which holds some
 * more that are withheld: blob[i] is the store's number of content i.
 */
struct reading_index {
	struct symbols *symbols;
	uint32_t *blob;
	bool tried;
};

static void
say_damaged(struct reading *r, enum err rc)
{
	struct reading_index *x = r->symbols;

	symbols_close(x->symbols);
	x->symbols = NULL;
	shell_error(r->shell, rc);
}

static enum err
match_contents(struct reading_index *x, const struct textstore *t)
{
	uint32_t n = symbols_contents(x->symbols), k = 0;
	struct symbols_content c;

	x->blob = reallocarray(NULL, (size_t)n + 1, sizeof *x->blob);
	if (x->blob == NULL)
		bug("no memory for %u files", n);
	for (uint32_t i = 0; i < n; i++) {
		enum err rc = symbols_content(&c, x->symbols, i);

		if (rc != ERR_NONE)
			return rc;
		for (; k < textstore_blobs(t); k++) {
			struct textstore_blob b = textstore_blob(t, k);

			if (!b.withheld && oid_eq(&b.oid, &c.id))
				break;
		}
		if (k == textstore_blobs(t))
			return fail(ERR_FORMAT,
			    "the index of symbols is of another session");
		x->blob[i] = k++;
	}
	return ERR_NONE;
}

static void
open_index(struct reading *r)
{
	struct reading_index *x = r->symbols;
	struct buf path = { 0 };
	enum err rc;

	buf_str(&path, r->start->text);
	buf_str(&path, STR("/symbols"));
	rc = symbols_open(&x->symbols, path.at);
	buf_release(&path);
	if (rc == ERR_ABSENT) {
		err_clear();
		return;
	}
	if (rc == ERR_NONE)
		rc = match_contents(x, r->store);
	if (rc != ERR_NONE)
		say_damaged(r, rc);
}

bool
reading_symbols(struct reading *r)
{
	if (r->store == NULL)
		return false;
	if (r->symbols == NULL)
		r->symbols = calloc(1, sizeof *r->symbols);
	if (r->symbols == NULL)
		bug("no memory for symbols");
	if (!r->symbols->tried) {
		r->symbols->tried = true;
		open_index(r);
	}
	return r->symbols->symbols != NULL;
}

void
reading_symbols_release(struct reading *r)
{
	if (r->symbols == NULL)
		return;
	symbols_close(r->symbols->symbols);
	free(r->symbols->blob);
	free(r->symbols);
	r->symbols = NULL;
}

void
reading_symbols_method(struct reading *r, struct buf *b)
{
	const struct symbols *s;
	uint32_t failed;

	if (!reading_symbols(r))
		return;
	s = r->symbols->symbols;
	failed = symbols_count(s, SYMBOLS_FAILED);
	buf_str(b, symbols_method(s));
	buf_printf(b, ", %u of %u files have definitions",
	    symbols_count(s, SYMBOLS_READ), symbols_contents(s));
	if (failed > 0)
		buf_printf(b, ", %u COULD NOT BE PARSED", failed);
}

/* The place to show: in the release that is read, else the first. */
static struct textstore_place
place_of(const struct reading *r, uint32_t blob, const struct oid *commit,
    struct reading_symbol *out)
{
	const struct textstore *t = r->store;
	uint32_t n, seen = UINT32_MAX;
	const uint32_t *at = textstore_places_of(t, blob, &n);
	struct textstore_place best = textstore_place(t, at[0]);

	for (uint32_t i = 0; i < n; i++) {
		struct textstore_place p = textstore_place(t, at[i]);
		struct search_release release;

		if (p.withheld)
			continue;
		release = textstore_release(t, p.release);
		out->releases += p.release != seen;
		seen = p.release;
		if (!out->here && oid_eq(&release.commit, commit)) {
			out->here = true;
			best = p;
		} else if (best.withheld) {
			best = p;
		}
	}
	return best;
}

static int
by_place(const void *x, const void *y)
{
	const struct reading_symbol *a = x, *b = y;
	int order;

	if (a->here != b->here)
		return a->here ? -1 : 1;
	if (a->heading != b->heading)
		return a->heading ? 1 : -1;
	order = str_cmp(a->path, b->path);
	if (order != 0)
		return order;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return oid_cmp(&a->blob, &b->blob);
}

static bool
is_one_of(struct str kind, const char *list)
{
	struct str rest = str_of(list), one;

	while (str_cut(&rest, ' ', &one))
		if (str_eq(kind, one))
			return true;
	return false;
}

static bool
is_function(struct str kind)
{
	return is_one_of(kind,
	    "function method subroutine procedure func constructor macro task");
}

enum err
reading_symbols_find(struct reading_symbol **out, size_t *n, struct arena *a,
    struct reading *r, const struct oid *commit, struct str name)
{
	struct reading_index *x = r->symbols;
	const uint32_t *at;
	struct symbol d;
	uint32_t found = 0;
	enum err rc;

	if (!reading_symbols(r))
		return fail(ERR_ABSENT, "there is no index of symbols");
	x = r->symbols;
	rc = symbols_find(&at, &found, x->symbols, name);
	if (rc != ERR_NONE)
		return rc;
	*out = arena_array(a, found + 1, struct reading_symbol);
	for (uint32_t i = 0; i < found; i++) {
		struct reading_symbol *s = &(*out)[i];
		struct textstore_place p;

		rc = symbols_definition(&d, x->symbols, at[i]);
		if (rc != ERR_NONE)
			return rc;
		p = place_of(r, x->blob[d.content], commit, s);
		s->path = p.path;
		s->commit = textstore_release(r->store, p.release).commit;
		s->store = x->blob[d.content];
		s->blob = textstore_blob(r->store, s->store).oid;
		s->line = d.line;
		s->last = d.last;
		s->kind = d.kind;
		s->heading = is_one_of(d.kind,
		    "chapter section subsection subsubsection title heading1 "
		    "heading2 heading3 anchor");
		s->scope = d.scope;
	}
	qsort(*out, found, sizeof **out, by_place);
	*n = found;
	return ERR_NONE;
}

bool
reading_symbols_around(struct str *name, uint32_t *line, struct reading *r,
    const struct oid *blob, uint32_t at)
{
	struct symbols_content c;
	struct symbol d;
	bool found = false;

	if (!reading_symbols(r) ||
	    symbols_content_of(&c, r->symbols->symbols, blob) != ERR_NONE) {
		err_clear();
		return false;
	}
	/* The last one that begins before it is the innermost. */
	for (uint32_t i = 0; i < c.n; i++) {
		if (symbols_definition(&d, r->symbols->symbols, c.first + i) !=
		    ERR_NONE) {
			err_clear();
			continue;
		}
		if (d.line > at)
			break;
		if (d.last >= at && is_function(d.kind)) {
			*name = d.name;
			*line = d.line;
			found = true;
		}
	}
	return found;
}

bool
reading_symbols_of(struct reading_symbols_row **out, size_t *n, struct arena *a,
    struct reading *r, const struct oid *blob)
{
	struct reading_symbols_row *rows;
	struct symbols_content c;
	struct symbol d;

	if (!reading_symbols(r) ||
	    symbols_content_of(&c, r->symbols->symbols, blob) != ERR_NONE ||
	    c.state != SYMBOLS_READ) {
		err_clear();
		return false;
	}
	rows = arena_array(a, (size_t)c.n + 1, struct reading_symbols_row);
	for (uint32_t i = 0; i < c.n; i++) {
		if (symbols_definition(&d, r->symbols->symbols, c.first + i) !=
		    ERR_NONE) {
			err_clear();
			return false;
		}
		rows[i] = (struct reading_symbols_row){ d.name, d.kind, d.scope,
			d.line };
	}
	*out = rows;
	*n = c.n;
	return true;
}

struct str
reading_symbols_program(struct reading *r)
{
	return reading_symbols(r) ? symbols_method(r->symbols->symbols) :
				    STR("");
}

static struct str
whole_line(struct reading *r, const struct reading_symbol *s)
{
	struct textstore_blob b = textstore_blob(r->store, s->store);
	struct str rest = b.bytes, text = STR("");

	if (encoding_converts(b.encoding))
		return text;
	for (uint32_t i = 0; i < s->line; i++)
		if (!str_cut(&rest, '\n', &text))
			return STR("");
	return text;
}

struct str
reading_symbols_line(struct reading *r, const struct reading_symbol *s)
{
	return str_trim(whole_line(r, s));
}

uint32_t
reading_symbols_column(struct reading *r, const struct reading_symbol *s,
    struct str name)
{
	size_t at = str_find(whole_line(r, s), name, 0);

	return at == SIZE_MAX ? 0 : (uint32_t)at + 1;
}
