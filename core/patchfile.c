#include "core/patchfile.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"

enum { PATCHFILE_NEAR = 200 }; /* lines around a hunk's place */

struct reader {
	struct patchfile p;
	size_t files, hunks, lines; /* room */
	struct str rest;
	struct str old; /* of "--- ", until "+++ " comes */
	bool in_header;
};

/* "a/src/x.c<TAB>2024-01-01" without what is around it. */
static struct str
path_of(struct str s)
{
	const char *tab = s.len > 0 ? memchr(s.at, '\t', s.len) : NULL;

	if (tab != NULL)
		s.len = (size_t)(tab - s.at);
	while (s.len > 0 && (s.at[s.len - 1] == '\r' || s.at[s.len - 1] == ' '))
		s.len--;
	if (str_eq(s, STR("/dev/null")))
		return STR("");
	if (s.len > 2 && s.at[1] == '/')
		return str_slice(s, 2, s.len);
	return str_starts(s, STR("./")) ? str_slice(s, 2, s.len) : s;
}

static void
add_file(struct reader *r, struct str old, struct str new)
{
	struct patchfile_file *f;

	r->p.files =
	    array_more(r->p.files, r->p.n_files, &r->files, sizeof *r->p.files);
	f = &r->p.files[r->p.n_files++];
	*f = (struct patchfile_file){ .old_path = old,
		.new_path = new,
		.first = r->p.n_hunks };
}

/* "12" or "12,3"; false: neither. */
static bool
range(struct str *s, uint32_t *first, uint32_t *len)
{
	uint64_t n[2] = { 0, 1 };
	int i = 0;
	bool digit = false;

	while (s->len > 0) {
		char c = s->at[0];

		if (c == ',' && i == 0 && digit) {
			i = 1;
			n[1] = 0;
			digit = false;
		} else if (c >= '0' && c <= '9' && n[i] < UINT32_MAX / 10) {
			n[i] = 10 * n[i] + (uint64_t)(c - '0');
			digit = true;
		} else {
			break;
		}
		s->at++;
		s->len--;
	}
	*first = (uint32_t)n[0];
	*len = (uint32_t)n[1];
	return digit;
}

static bool
hunk_head(struct patchfile_hunk *h, struct str line)
{
	*h = (struct patchfile_hunk){ 0 };
	if (!str_starts(line, STR("@@ -")))
		return false;
	line = str_slice(line, 4, line.len);
	if (!range(&line, &h->old_first, &h->old_len) ||
	    !str_starts(line, STR(" +")))
		return false;
	line = str_slice(line, 2, line.len);
	return range(&line, &h->new_first, &h->new_len) &&
	    str_starts(line, STR(" @@"));
}

static void
add_line(struct reader *r, char kind, struct str text)
{
	r->p.lines =
	    array_more(r->p.lines, r->p.n_lines, &r->lines, sizeof *r->p.lines);
	r->p.lines[r->p.n_lines++] = (struct patchfile_line){ text, kind };
}

/* As many lines as its head says; what is no line of a hunk ends it. */
static void
read_hunk(struct reader *r, struct patchfile_hunk h)
{
	uint32_t old = h.old_len, new = h.new_len;

	h.first = r->p.n_lines;
	while (old > 0 || new > 0) {
		struct str before = r->rest, line;
		char kind;

		if (!str_cut(&r->rest, '\n', &line))
			break;
		/* mail programs take the blank of an empty line away */
		kind = line.len == 0 ? ' ' : line.at[0];
		if (kind == '\\')
			continue;
		if ((kind == ' ' && (old == 0 || new == 0)) ||
		    (kind == '-' && old == 0) || (kind == '+' && new == 0) ||
		    (kind != ' ' && kind != '-' && kind != '+')) {
			r->rest = before;
			break;
		}
		add_line(r, kind, str_slice(line, 1, line.len));
		h.removed += kind == '-';
		h.added += kind == '+';
		old -= kind != '+';
		new -= kind != '-';
	}
	h.len = r->p.n_lines - h.first;
	h.torn = old > 0 || new > 0;
	r->p.hunks =
	    array_more(r->p.hunks, r->p.n_hunks, &r->hunks, sizeof *r->p.hunks);
	r->p.hunks[r->p.n_hunks++] = h;
	r->p.files[r->p.n_files - 1].len++;
}

static bool
is_binary(struct str line)
{
	return str_starts(line, STR("GIT binary patch")) ||
	    (str_starts(line, STR("Binary files ")) &&
		str_ends(str_trim(line), STR(" differ")));
}

static void
read_line(struct reader *r, struct str line)
{
	struct patchfile_hunk h;

	if (str_starts(line, STR("--- "))) {
		r->old = path_of(str_slice(line, 4, line.len));
		r->in_header = true;
	} else if (str_starts(line, STR("+++ ")) && r->in_header) {
		add_file(r, r->old, path_of(str_slice(line, 4, line.len)));
		r->in_header = false;
	} else if (hunk_head(&h, line) && r->p.n_files > 0) {
		read_hunk(r, h);
		r->in_header = false;
	} else if (is_binary(line)) {
		add_file(r, STR(""), STR(""));
		r->p.files[r->p.n_files - 1].binary = true;
	} else {
		r->in_header = false;
	}
}

/* Into the arena, and what was grown on the way goes away. */
static void
settle(struct patchfile *out, struct arena *a, struct reader *r)
{
	struct patchfile p = r->p;

	p.files = arena_array(a, p.n_files + 1, struct patchfile_file);
	p.hunks = arena_array(a, p.n_hunks + 1, struct patchfile_hunk);
	p.lines = arena_array(a, p.n_lines + 1, struct patchfile_line);
	if (p.n_files > 0)
		memcpy(p.files, r->p.files, p.n_files * sizeof *p.files);
	if (p.n_hunks > 0)
		memcpy(p.hunks, r->p.hunks, p.n_hunks * sizeof *p.hunks);
	if (p.n_lines > 0)
		memcpy(p.lines, r->p.lines, p.n_lines * sizeof *p.lines);
	*out = p;
}

enum err
patchfile_read(struct patchfile *out, struct arena *a, struct str bytes)
{
	struct reader r = { .rest = bytes };
	struct str line;
	enum err rc = ERR_NONE;

	if (bytes.len > PATCHFILE_MAX)
		return fail(ERR_LIMIT, "a patch of more than %d bytes",
		    PATCHFILE_MAX);
	while (str_cut(&r.rest, '\n', &line))
		read_line(&r, line);
	if (r.p.n_hunks == 0)
		rc = fail(ERR_FORMAT,
		    "no change in it: a patch has lines that begin with "
		    "---, +++ and @@");
	else
		settle(out, a, &r);
	free(r.p.files);
	free(r.p.hunks);
	free(r.p.lines);
	return rc;
}

/* --- what became of it ------------------------------------------------------ */

const char *
patchfile_state_name(enum patchfile_state s)
{
	static const char *const names[] = {
		[PATCHFILE_APPLIED] = "applied",
		[PATCHFILE_PARTLY] = "partly",
		[PATCHFILE_NOT] = "not applied",
		[PATCHFILE_NEITHER] = "other code",
	};

	return names[s];
}

struct patchfile_text
patchfile_cut(struct arena *a, struct str text)
{
	struct patchfile_text t = { 0 };
	struct str rest = text, line;
	uint32_t n = 0;

	while (str_cut(&rest, '\n', &line))
		n++;
	t.at = arena_array(a, n + 1, struct str);
	rest = text;
	while (str_cut(&rest, '\n', &line))
		t.at[t.len++] = line;
	return t;
}

static struct str
without_end(struct str s)
{
	while (s.len > 0 &&
	    (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t' ||
		s.at[s.len - 1] == '\r'))
		s.len--;
	return s;
}

static bool
same(struct str a, struct str b, bool blanks)
{
	return blanks ? str_eq(without_end(a), without_end(b)) : str_eq(a, b);
}

/* One side of a hunk: its lines without those of the other side. */
struct side {
	const struct patchfile_line *lines;
	uint32_t len;
	char other;
	bool blanks;
};

static bool
stands_at(const struct side *s, const struct patchfile_text *t, uint32_t at)
{
	for (uint32_t i = 0; i < s->len; i++) {
		if (s->lines[i].kind == s->other)
			continue;
		if (at >= t->len ||
		    !same(s->lines[i].text, t->at[at++], s->blanks))
			return false;
	}
	return true;
}

/* Of all places the one nearest to line n; from 1, 0: nowhere. */
static uint32_t
find_side(const struct side *s, const struct patchfile_text *t, uint32_t n)
{
	uint32_t from = n == 0 ? 0 : n - 1;

	if (from > t->len)
		from = t->len;
	for (uint32_t d = 0; d <= t->len; d++) {
		if (from + d < t->len && stands_at(s, t, from + d))
			return from + d + 1;
		if (d > 0 && d <= from && stands_at(s, t, from - d))
			return from - d + 1;
	}
	return 0;
}

static bool
is_near(struct str line, const struct patchfile_text *t, uint32_t n)
{
	uint32_t from = n > PATCHFILE_NEAR ? n - PATCHFILE_NEAR : 0;

	for (uint32_t i = from; i < t->len && i < n + PATCHFILE_NEAR; i++)
		if (same(line, t->at[i], true))
			return true;
	return false;
}

/* Lines without a letter stand everywhere: they say nothing. */
static bool
tells(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			return true;
	}
	return false;
}

static void
line_by_line(struct patchfile_verdict *v, const struct patchfile *p,
    const struct patchfile_hunk *h, const struct patchfile_text *t)
{
	bool any = false, all = true;

	for (uint32_t i = 0; i < h->len; i++) {
		const struct patchfile_line *l = &p->lines[h->first + i];
		bool near;

		if (l->kind == ' ')
			continue;
		near = is_near(l->text, t, h->new_first);
		v->there += l->kind == '+' && near;
		v->gone += l->kind == '-' && !near;
		if (!tells(l->text))
			continue;
		any |= near;
		all &= near == (l->kind == '-');
	}
	v->state = !any           ? PATCHFILE_NEITHER :
	    all && h->removed > 0 ? PATCHFILE_NOT :
				    PATCHFILE_PARTLY;
	if (h->added == 0 && v->gone == h->removed)
		v->state = PATCHFILE_APPLIED;
	if (v->there == 0 && v->state == PATCHFILE_PARTLY)
		v->state = v->gone > 0 ? PATCHFILE_PARTLY : PATCHFILE_NOT;
}

struct patchfile_verdict
patchfile_judge(const struct patchfile *p, const struct patchfile_hunk *h,
    const struct patchfile_text *text)
{
	struct patchfile_verdict v = { 0 };
	struct side after = { p->lines + h->first, h->len, '-', false };
	struct side before = { p->lines + h->first, h->len, '+', false };

	for (int blanks = 0; blanks < 2; blanks++) {
		bool found;

		after.blanks = before.blanks = v.blanks = blanks != 0;
		/* What only takes away leaves nothing of its own: it is in
		 * when what it takes away is nowhere. */
		found = h->added > 0 &&
		    (v.line = find_side(&after, text, h->new_first)) > 0;
		if (found) {
			v.state = PATCHFILE_APPLIED;
			v.there = h->added;
			v.gone = h->removed;
			return v;
		}
		if (h->len == h->added)
			continue; /* nothing to be found as before */
		v.line = find_side(&before, text, h->old_first);
		if (v.line > 0) {
			v.state = PATCHFILE_NOT;
			return v;
		}
		if (h->added == 0 && h->len > h->removed)
			v.line = find_side(&after, text, h->new_first);
		if (v.line > 0) {
			v.state = PATCHFILE_APPLIED;
			v.gone = h->removed;
			return v;
		}
	}
	v.blanks = false;
	v.line = 0;
	line_by_line(&v, p, h, text);
	return v;
}
