#include "notes/cite.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/git_rev.h"
#include "core/git_tree.h"
#include "core/text.h"
#include "core/limits.h"

/* What people type for a digit. */
static char
digit_of(char c)
{
	if (c >= 'A' && c <= 'F')
		return (char)(c + 'a' - 'A');
	if (c == 'O' || c == 'o')
		return '0';
	if (c == 'l' || c == 'I')
		return '1';
	return c;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip(struct str *s)
{
	while (s->len > 0 && is_blank(s->at[0]))
		*s = str_slice(*s, 1, SIZE_MAX);
}

/* "c =" or "C=": the name of a part. */
static bool
take_name(struct str *s, char name)
{
	struct str rest = *s;

	skip(&rest);
	if (rest.len == 0 || (rest.at[0] | 0x20) != name)
		return false;
	rest = str_slice(rest, 1, SIZE_MAX);
	skip(&rest);
	if (rest.len == 0 || rest.at[0] != '=')
		return false;
	rest = str_slice(rest, 1, SIZE_MAX);
	skip(&rest);
	*s = rest;
	return true;
}

/* n digits, and nothing of a digit after them. */
static bool
take_hex(struct str *s, char *out, size_t n)
{
	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		out[i] = digit_of(s->at[i]);
		if (!is_hex(out[i]))
			return false;
	}
	out[n] = '\0';
	*s = str_slice(*s, n, SIZE_MAX);
	return s->len > 0 && is_blank(s->at[0]);
}

static bool
take_number(struct str *s, uint32_t *out)
{
	uint64_t n = 0;
	size_t i = 0;

	for (; i < s->len; i++) {
		char c = digit_of(s->at[i]);

		if (c < '0' || c > '9')
			break;
		n = n * 10 + (uint64_t)(c - '0');
		if (n > UINT32_MAX)
			return false;
	}
	*s = str_slice(*s, i, SIZE_MAX);
	*out = (uint32_t)n;
	return i > 0;
}

/* "L47-52", with any dash. */
static bool
take_lines(struct str *s, uint32_t *first, uint32_t *last)
{
	static const char *const dashes[] = { "-", "\xe2\x80\x90",
		"\xe2\x80\x91", "\xe2\x80\x93", "\xe2\x80\x94",
		"\xe2\x88\x92" };

	skip(s);
	if (s->len == 0 || (s->at[0] | 0x20) != 'l')
		return false;
	*s = str_slice(*s, 1, SIZE_MAX);
	skip(s);
	if (!take_number(s, first))
		return false;
	skip(s);
	for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++) {
		struct str dash = str_of(dashes[i]);

		if (!str_starts(*s, dash))
			continue;
		*s = str_slice(*s, dash.len, SIZE_MAX);
		skip(s);
		return take_number(s, last) && *first <= *last &&
		    (*first > 0 || *last == 0);
	}
	return false;
}

/* A word of the path, %xx put back; what is no escape stays. */
static struct str
unescape(struct arena *a, struct str word)
{
	char *out = arena_array(a, word.len + 1, char);
	size_t n = 0;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i], hex[2];

		if (c == '%' && word.len - i >= 3) {
			hex[0] = digit_of(word.at[i + 1]);
			hex[1] = digit_of(word.at[i + 2]);
			if (str_unhex((struct str){ hex, 2 }, &c, 1) ==
			    ERR_NONE)
				i += 2;
			else
				err_clear();
		}
		out[n++] = c;
	}
	return (struct str){ out, n };
}

/* A word that ends with its line may go on with the next line's first. */
static bool
take_word(struct str *s, struct str *word, bool *ends)
{
	size_t n = 0;

	while (n < s->len && !is_blank(s->at[n]))
		n++;
	*word = str_slice(*s, 0, n);
	*s = str_slice(*s, n, SIZE_MAX);
	while (s->len > 0 &&
	    (s->at[0] == ' ' || s->at[0] == '\t' || s->at[0] == '\r'))
		*s = str_slice(*s, 1, SIZE_MAX);
	*ends = s->len > 0 && s->at[0] == '\n';
	return n > 0;
}

/* Quotation marks of Markdown and the like are not part of a path. */
static struct str
bare(struct str word)
{
	while (word.len > 0 && strchr("`'\"", word.at[word.len - 1]) != NULL &&
	    word.at[word.len - 1] != '\0')
		word.len--;
	return word;
}

static bool
take_path(struct cite *c, struct arena *a, struct str s, const char *start,
    bool code)
{
	struct str word;
	bool ends = false;
	size_t len = 0;

	if (!take_word(&s, &word, &ends))
		return false;
	/* In a code span the path ends where the span does. */
	if (code && str_find(word, STR("`"), 0) != SIZE_MAX) {
		word = str_slice(word, 0, str_find(word, STR("`"), 0));
		ends = false;
	}
	c->len = (size_t)(bare(word).at - start) + bare(word).len;
	for (;;) {
		word = bare(word);
		len += word.len;
		if (len > 3 * (size_t)LIMIT_PATH)
			break;
		c->pieces[c->n_pieces++] = unescape(a, word);
		if (!ends || c->n_pieces == CITE_PIECES)
			break;
		s = str_slice(s, 1, SIZE_MAX);
		while (s.len > 0 && (s.at[0] == ' ' || s.at[0] == '\t'))
			s = str_slice(s, 1, SIZE_MAX);
		if (!take_word(&s, &word, &ends))
			break;
	}
	return true;
}

/* What stands behind "V1" or "V2". */
static bool
parse(struct cite *c, struct arena *a, struct str s, int version, bool code)
{
	const char *start = s.at - 2;

	if (!take_name(&s, 'c') || !take_hex(&s, c->commit, 12))
		return false;
	if (version == 1 && (!take_name(&s, 'b') || !take_hex(&s, c->blob, 12)))
		return false;
	if (!take_lines(&s, &c->first, &c->last) ||
	    !take_name(&s, version == 1 ? 'h' : 'k') ||
	    !take_hex(&s, c->code, 16) || !take_name(&s, 'p'))
		return false;
	c->version = version;
	return take_path(c, a, s, start, code);
}

/* Whether a citation may begin at i: "V1" or "V2", a blank, "c", "=". */
static int
begins(struct str text, size_t i)
{
	struct str rest = str_slice(text, i + 2, SIZE_MAX);

	if ((text.at[i] | 0x20) != 'v' || rest.len < 3 ||
	    !is_blank(rest.at[0]) ||
	    (i > 0 && !is_blank(text.at[i - 1]) &&
		strchr("`'\"(>*", text.at[i - 1]) == NULL))
		return 0;
	if (!take_name(&rest, 'c'))
		return 0;
	return text.at[i + 1] == '1' || text.at[i + 1] == 'l' ||
		text.at[i + 1] == 'I' ?
	    1 :
	    text.at[i + 1] == '2' ? 2 :
				    0;
}

static uint32_t
count(struct str text)
{
	uint32_t n = 0;

	for (size_t i = 0; i + 4 < text.len; i++)
		n += begins(text, i) != 0;
	return n;
}

enum err
cite_find(struct cite_list *out, struct arena *a, struct str text)
{
	uint32_t n = count(text), line = 1;
	struct cite_list list = { NULL, 0 };

	if (n > CITE_MAX)
		return fail(ERR_LIMIT, "over %d citations", CITE_MAX);
	list.at = arena_array(a, n, struct cite);
	for (size_t i = 0; i + 4 < text.len; i++) {
		int version = begins(text, i);
		struct cite c = { 0 };

		line += i > 0 && text.at[i - 1] == '\n';
		if (version == 0)
			continue;
		if (!parse(&c, a, str_slice(text, i + 2, SIZE_MAX), version,
			i > 0 && text.at[i - 1] == '`'))
			c = (struct cite){ 0 };
		c.line = line;
		c.at = i;
		list.at[list.len++] = c;
	}
	*out = list;
	return ERR_NONE;
}

static const struct {
	const char *name;
	char is;
} entities[] = {
	{ "&amp;", '&' },
	{ "&lt;", '<' },
	{ "&gt;", '>' },
	{ "&quot;", '"' },
	{ "&#39;", '\'' },
};

static size_t
entity(struct str rest, char *out)
{
	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
		if (str_starts(rest, str_of(entities[i].name))) {
			*out = entities[i].is;
			return strlen(entities[i].name);
		}
	return 0;
}

struct str
cite_text(struct arena *a, struct str file)
{
	char *out;
	size_t n = 0;

	if (!str_starts(str_trim(file), STR("<!DOCTYPE html")))
		return file;
	out = arena_array(a, file.len + 1, char);
	for (size_t i = 0; i < file.len; i++) {
		size_t len = 0;
		char c = file.at[i];

		if (c == '<') {
			size_t end = str_find(file, STR(">"), i);

			if (end == SIZE_MAX)
				break;
			/* A tag is a blank, but keeps the count of lines. */
			for (size_t k = i; k < end; k++)
				if (file.at[k] == '\n')
					out[n++] = '\n';
			out[n++] = ' ';
			i = end;
			continue;
		}
		if (c == '&')
			len = entity(str_slice(file, i, 8), &c);
		out[n++] = c;
		i += len > 0 ? len - 1 : 0;
	}
	return (struct str){ out, n };
}

const char *
cite_state_name(enum cite_state s)
{
	return s == CITE_HOLDS ? "holds" : s == CITE_MOVED ? "moved" : "broken";
}

struct look {
	struct arena *a;
	const struct cite *c;
	struct git_repo *r;
	struct oid blob; /* of the file that is looked at */
	struct str bytes;
	struct hash want; /* V1: only the first 8 bytes */
};

static bool
fits(const struct look *l, uint32_t first, uint32_t last)
{
	struct hash h = hash_of(anchor_region(l->bytes, first, last));
	uint8_t code[ANCHOR_CODE];

	if (l->c->version == 1)
		return memcmp(h.at, l->want.at, 8) == 0;
	anchor_code(code, &l->blob, &h);
	return memcmp(code, l->want.at, ANCHOR_CODE) == 0;
}

/* Starts of lines, so that a long file is cut once. */
static uint32_t *
starts_of(struct look *l, uint32_t *n)
{
	uint32_t lines = 0, *starts;
	size_t at = 0;

	for (size_t i = 0; i < l->bytes.len; i++)
		lines += l->bytes.at[i] == '\n';
	lines += l->bytes.len > 0 && l->bytes.at[l->bytes.len - 1] != '\n';
	starts = arena_array(l->a, (size_t)lines + 1, uint32_t);
	for (uint32_t i = 0; i < lines; i++) {
		const char *lf =
		    memchr(l->bytes.at + at, '\n', l->bytes.len - at);

		starts[i] = (uint32_t)at;
		at = lf == NULL ? l->bytes.len : (size_t)(lf - l->bytes.at) + 1;
	}
	starts[lines] = (uint32_t)at;
	*n = lines;
	return starts;
}

/* The same number of lines anywhere in the file; 0: nowhere. */
static uint32_t
search(struct look *l)
{
	uint32_t want = l->c->last - l->c->first, n, *starts;

	if (l->bytes.len >= UINT32_MAX || l->c->first == 0)
		return 0;
	starts = starts_of(l, &n);
	for (uint32_t i = 0; i + want < n; i++) {
		struct str region = { l->bytes.at + starts[i],
			starts[i + want + 1] - starts[i] };
		struct hash h = hash_of(region);
		uint8_t code[ANCHOR_CODE];

		if (l->c->version == 1) {
			if (memcmp(h.at, l->want.at, 8) == 0)
				return i + 1;
			continue;
		}
		anchor_code(code, &l->blob, &h);
		if (memcmp(code, l->want.at, ANCHOR_CODE) == 0)
			return i + 1;
	}
	return 0;
}

/* The file of that commit, with as many pieces of the path as are needed. */
static enum err
find_file(struct tree_entry *out, struct look *l, const struct oid *commit,
    struct str *path)
{
	struct oid tree;
	enum err rc = git_tree_of(&tree, l->r, commit);

	*path = (struct str){ 0 };
	for (uint32_t i = 0; i < l->c->n_pieces && rc == ERR_NONE; i++) {
		*path = arena_printf(l->a, "%.*s%.*s", STR_ARG(*path),
		    STR_ARG(l->c->pieces[i]));
		err_clear();
		rc = git_tree_find(out, l->r, &tree, *path);
		if (rc == ERR_NONE && out->kind != TREE_FOLDER &&
		    out->kind != TREE_MODULE)
			return ERR_NONE;
		if (rc == ERR_NONE || rc == ERR_ABSENT)
			rc = i + 1 < l->c->n_pieces ? ERR_NONE : ERR_ABSENT;
	}
	/* A full stop that ends a sentence is part of the path at last. */
	*path = l->c->n_pieces > 0 ? l->c->pieces[0] : (struct str){ 0 };
	while (rc == ERR_ABSENT && path->len > 1 &&
	    strchr(".,;:)", path->at[path->len - 1]) != NULL) {
		path->len--;
		err_clear();
		rc = git_tree_find(out, l->r, &tree, *path);
		if (rc == ERR_NONE &&
		    (out->kind == TREE_FOLDER || out->kind == TREE_MODULE))
			rc = ERR_ABSENT;
		if (rc == ERR_NONE)
			return ERR_NONE;
	}
	return rc == ERR_NONE ? ERR_ABSENT : rc;
}

/* Looks into one commit.  *there: it has the file. */
static enum err
look_into(struct cite_answer *out, struct look *l, const struct oid *commit,
    bool *there)
{
	struct tree_entry e;
	struct git_bytes bytes = { 0 };
	struct str path;
	uint32_t first;
	enum err rc = find_file(&e, l, commit, &path);

	*there = rc == ERR_NONE;
	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = git_blob_read(&bytes, l->r, &e.id);
	if (rc != ERR_NONE)
		return rc;
	l->blob = e.id;
	l->bytes = bytes.bytes;
	out->path = path;
	if (fits(l, l->c->first, l->c->last)) {
		out->state = CITE_HOLDS;
	} else if ((first = search(l)) > 0) {
		out->state = CITE_MOVED;
		out->first = first;
		out->last = first + l->c->last - l->c->first;
	}
	git_repo_drop(&bytes);
	return ERR_NONE;
}

/* The other releases, newest last: where the lines are now. */
static enum err
look_elsewhere(struct cite_answer *out, struct look *l, struct refs *refs)
{
	bool there;

	for (size_t i = refs->len; i-- > 0 && out->state == CITE_BROKEN;) {
		const struct ref *f = &refs->at[i];
		enum err rc;

		if (oid_is_zero(&f->commit))
			continue;
		rc = look_into(out, l, &f->commit, &there);
		if (rc != ERR_NONE)
			return rc;
		if (out->state == CITE_HOLDS) {
			out->state = CITE_MOVED;
			out->first = l->c->first;
			out->last = l->c->last;
		}
		if (out->state == CITE_MOVED)
			out->release = f->brief;
	}
	return ERR_NONE;
}

enum err
cite_check(struct cite_answer *out, struct arena *a, const struct cite *c,
    struct git_repo *r, struct refs *refs)
{
	struct look l = { .a = a, .c = c, .r = r };
	struct cite_answer answer = { .state = CITE_BROKEN };
	struct oid commit;
	bool there = false, known;
	enum err rc;

	if (c->version == 0) {
		answer.why = STR("not written as a citation is");
		*out = answer;
		return ERR_NONE;
	}
	if (str_unhex(str_of(c->code), l.want.at, 8) != ERR_NONE)
		bug("a citation's code is not hex");
	known = git_rev_commit(&commit, r, refs, str_of(c->commit)) == ERR_NONE;
	err_clear();
	rc = known ? look_into(&answer, &l, &commit, &there) : ERR_NONE;
	if (rc == ERR_NONE && answer.state == CITE_BROKEN)
		rc = look_elsewhere(&answer, &l, refs);
	if (rc != ERR_NONE)
		return rc;
	if (answer.state == CITE_BROKEN)
		answer.why = !known ? STR("that commit is not here") :
		    !there          ? STR("that commit has no such file") :
				      STR("no lines of the file are these");
	*out = answer;
	return ERR_NONE;
}

static void
put(const struct cite *c, const struct cite_answer *r, struct buf *out)
{
	struct text_style plain = { .tab = 8 };

	buf_printf(out, "line %u: %s", c->line, cite_state_name(r->state));
	if (c->version > 0) {
		buf_printf(out, "  %s L%u-%u  ", c->commit, c->first, c->last);
		text_show(out, r->path.len > 0 ? r->path : c->pieces[0], plain,
		    SIZE_MAX);
	}
	if (r->state == CITE_MOVED)
		buf_printf(out, "  now L%u-%u", r->first, r->last);
	if (r->release.len > 0) {
		buf_str(out, STR(" in "));
		text_show(out, r->release, plain, SIZE_MAX);
	}
	if (r->why.len > 0)
		buf_printf(out, "  %.*s", STR_ARG(r->why));
	buf_char(out, '\n');
}

enum err
cite_all(bool *holds, struct buf *out, struct arena *a, struct str text,
    struct git_repo *r, struct refs *refs)
{
	uint32_t n[3] = { 0 };
	struct cite_list list;
	enum err rc = cite_find(&list, a, cite_text(a, text));

	for (uint32_t i = 0; rc == ERR_NONE && i < list.len; i++) {
		struct cite_answer answer;

		rc = cite_check(&answer, a, &list.at[i], r, refs);
		if (rc != ERR_NONE)
			break;
		put(&list.at[i], &answer, out);
		n[answer.state]++;
	}
	if (rc == ERR_NONE)
		buf_printf(out, "%u citation%s: %u hold, %u moved, %u broken\n",
		    list.len, list.len == 1 ? "" : "s", n[CITE_HOLDS],
		    n[CITE_MOVED], n[CITE_BROKEN]);
	*holds = rc == ERR_NONE && list.len > 0 && n[CITE_HOLDS] == list.len;
	return rc;
}
