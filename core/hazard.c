#include "core/hazard.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/hazard_letter.h"
#include "core/lexer.h"
#include "core/text.h"
#include "core/text_fold.h"

enum {
	HAZARD_LOOK = 256 * 1024, /* bytes that an encoding is guessed from */
	HAZARD_SPANS = 256,       /* of a line; what comes later is code */
	HAZARD_WORDS = 64,        /* of a line that are counted */
};

static const struct {
	const char *name, *about;
} words[HAZARDS] = {
	[HAZARD_BIDI] = { "bidi control",
	    "the order on a screen is not the order of the bytes" },
	[HAZARD_HIDDEN] = { "without ink",
	    "characters that other programs do not show" },
	[HAZARD_LOOKALIKE] = { "look-alike",
	    "an identifier with letters of another alphabet" },
	[HAZARD_CONTROL] = { "control byte",
	    "what a terminal would obey, or not show" },
	[HAZARD_INVALID] = { "no character",
	    "bytes that are nothing in the encoding of the file" },
	[HAZARD_ODD] = { "odd character",
	    "unassigned, private or a line separator" },
	[HAZARD_MARK] = { "loose mark",
	    "combining marks without a base, or piled up" },
	[HAZARD_FAR] = { "far right", "text behind more blanks than a screen" },
	[HAZARD_LONG] = { "long line", "over-long lines" },
	[HAZARD_ENDS] = { "mixed ends", "LF and CRLF in one file" },
	[HAZARD_NAME] = { "odd name", "a name with characters that deceive" },
	[HAZARD_CLASH] = { "name clash",
	    "names that differ by case or form only" },
	[HAZARD_LINK] = { "link outside", "a link that leads out of the tree" },
	[HAZARD_GIT] = { "special name",
	    ".git, . or .., or what a file system takes for it" },
};

const char *
hazard_name(enum hazard h)
{
	return words[h].name;
}

const char *
hazard_about(enum hazard h)
{
	return words[h].about;
}

static void
see(struct hazards *h, enum hazard kind, uint32_t line, size_t column,
    const char *what)
{
	struct hazard_seen *s = &h->at[kind];

	if (s->count++ > 0)
		return;
	s->line = line;
	s->column = column > UINT32_MAX ? UINT32_MAX : (uint32_t)column;
	memccpy(s->what, what, '\0', sizeof s->what - 1);
	s->what[sizeof s->what - 1] = '\0';
}

bool
hazard_is_binary(struct str bytes, enum encoding e)
{
	struct str head = str_slice(bytes, 0, 8000);
	size_t odd = 0;

	if (e == ENCODING_UTF16LE || e == ENCODING_UTF16BE ||
	    e == ENCODING_UTF32LE || e == ENCODING_UTF32BE)
		return false;
	for (size_t i = 0; i < head.len; i++) {
		unsigned char c = (unsigned char)head.at[i];

		odd +=
		    (c < 0x20 && !(c >= 7 && c <= 13) && c != 27) || c == 0x7f;
	}
	return odd * 50 > head.len;
}

/* --- characters ------------------------------------------------------------ */

static enum hazard
hazard_of(enum text_kind k)
{
	switch (k) {
	case TEXT_CONTROL:
		return HAZARD_CONTROL;
	case TEXT_INVALID:
		return HAZARD_INVALID;
	case TEXT_BIDI:
		return HAZARD_BIDI;
	case TEXT_HIDDEN:
		return HAZARD_HIDDEN;
	case TEXT_ODD:
		return HAZARD_ODD;
	default:
		return HAZARD_MARK;
	}
}

static void
look_at_characters(struct hazards *h, struct str text, struct text_style style)
{
	uint32_t line = 1;
	size_t start = 0, at = 0;

	while ((at = text_next_hazard(text, style, at)) != SIZE_MAX) {
		struct text t = text_of(text, style);
		struct text_glyph g = { .len = 1 };
		const char *lf;

		while (
		    (lf = memchr(text.at + start, '\n', at - start)) != NULL) {
			line++;
			start = (size_t)(lf - text.at) + 1;
		}
		t.spot.at = at;
		if (!text_next(&t, &g))
			return;
		see(h, hazard_of(g.kind), line, at - start + 1, g.token);
		at += g.len;
	}
}

/* --- lines ----------------------------------------------------------------- */

/* Where text goes on behind that many blanks; 0: nowhere. */
static size_t
far_text(struct str line)
{
	size_t blanks = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];

		if (c == ' ' || c == '\t')
			blanks += c == '\t' ? 8 : 1;
		else if (blanks >= HAZARD_BLANKS && c != '\\' && c != '\r' &&
		    i > 0)
			return i;
		else
			blanks = 0;
	}
	return 0;
}

static void
look_at_lines(struct hazards *h, struct str text)
{
	struct str rest = text, line;
	uint64_t crlf = 0, lf = 0;
	uint32_t n = 0, first_crlf = 0, first_lf = 0;

	while (rest.len > 0 && str_cut(&rest, '\n', &line)) {
		bool cr = line.len > 0 && line.at[line.len - 1] == '\r';
		size_t far = line.len > 12 ? far_text(line) : 0;

		n++;
		if (far > 0)
			see(h, HAZARD_FAR, n, far + 1, "behind blanks");
		if (line.len > HAZARD_LINE)
			see(h, HAZARD_LONG, n, HAZARD_LINE + 1, "");
		if (rest.at == NULL)
			break; /* it has no end */
		if (cr && crlf++ == 0)
			first_crlf = n;
		if (!cr && lf++ == 0)
			first_lf = n;
	}
	if (crlf == 0 || lf == 0)
		return;
	see(h, HAZARD_ENDS, crlf < lf ? first_crlf : first_lf, 1,
	    crlf < lf ? "CRLF among LF" : "LF among CRLF");
	h->at[HAZARD_ENDS].count = crlf < lf ? crlf : lf;
}

/* --- letters that look like others ----------------------------------------- */

static bool
is_word(uint32_t ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
	    (ch >= '0' && ch <= '9') || ch == '_' || ch == '$' || ch >= 0x80;
}

/* An identifier, taken off the front of *s; what it is made of. */
struct word {
	struct str text;
	bool latin;   /* an ASCII letter */
	bool foreign; /* Greek, Cyrillic, Armenian ... letters */
	bool alike;   /* all that is not ASCII looks like ASCII */
	bool other;   /* anything else beyond ASCII */
};

static bool
take_word(struct str *s, struct word *w)
{
	struct str from = *s;
	uint32_t ch;

	*w = (struct word){ 0 };
	while (s->len > 0) {
		struct str before = *s;

		if (!text_take_utf8(s, &ch)) {
			s->at++;
			s->len--;
			ch = ' ';
		}
		if (!is_word(ch)) {
			if (w->text.len > 0) {
				*s = before;
				return true;
			}
			from = *s;
			continue;
		}
		w->text = (struct str){ from.at, (size_t)(s->at - from.at) };
		if (ch < 0x80)
			w->latin |= (ch | 0x20) >= 'a' && (ch | 0x20) <= 'z';
		else if (hazard_letter_alike(ch))
			w->alike = true;
		else
			w->other = true;
		w->foreign |= hazard_letter_foreign(ch);
	}
	return w->text.len > 0;
}

/* A piece of a line that is neither comment nor string. */
static size_t
words_of_code(struct hazard_word *out, size_t max, struct str code,
    struct str line)
{
	struct word w;
	size_t n = 0;

	while (n < max && take_word(&code, &w))
		if ((w.alike && !w.other) || (w.latin && w.foreign))
			out[n++] = (struct hazard_word){ (uint32_t)(w.text.at -
							     line.at),
				(uint32_t)w.text.len };
	return n;
}

size_t
hazard_words(struct hazard_word *out, size_t max, struct str line,
    const struct lexer_span *spans, size_t n_spans)
{
	size_t from = 0, n = 0;

	for (size_t i = 0; i < n_spans; i++) {
		if (spans[i].kind != LEXER_COMMENT &&
		    spans[i].kind != LEXER_STRING)
			continue;
		n += words_of_code(out + n, max - n,
		    str_slice(line, from, spans[i].from - from), line);
		from = spans[i].from + spans[i].len;
	}
	return n +
	    words_of_code(out + n, max - n,
		str_slice(line, from, line.len - from), line);
}

static void
look_at_line(struct hazards *h, const struct lexer_span *spans, size_t n_spans,
    struct str line, uint32_t n)
{
	struct hazard_word got[HAZARD_WORDS];
	size_t len = hazard_words(got, HAZARD_WORDS, line, spans, n_spans);

	for (size_t i = 0; i < len; i++) {
		struct buf b = { 0 };

		text_show(&b, str_slice(line, got[i].from, got[i].len),
		    (struct text_style){ .ascii = true }, HAZARD_WHAT - 4);
		buf_char(&b, '\0');
		see(h, HAZARD_LOOKALIKE, n, got[i].from + 1, b.at);
		buf_release(&b);
	}
}

/* Only files that hold such letters at all are lexed. */
static void
look_at_words(struct hazards *h, struct str text, struct str path)
{
	const struct language *l =
	    lexer_find(path, str_slice(text, 0, HAZARD_LINE));
	struct lexer_span spans[HAZARD_SPANS];
	struct str rest = text, line;
	uint32_t state = 0, n = 0;
	size_t len;

	if (l == NULL || !hazard_letter_any(text))
		return;
	while (rest.len > 0 && str_cut(&rest, '\n', &line)) {
		state = lexer_line(l, state, line, spans, HAZARD_SPANS, &len);
		n++;
		if (!encoding_is_ascii(line))
			look_at_line(h, spans, len, line, n);
		if (rest.at == NULL)
			break;
	}
}

void
hazard_bytes(struct hazards *out, struct str bytes, struct str path)
{
	struct encoding_text converted = { 0 };
	struct encoding_facts facts;
	struct text_style style = { 0 };
	struct str text = bytes;

	*out = (struct hazards){ .encoding = ENCODING_UTF8 };
	encoding_examine(&facts, bytes);
	if (!facts.ascii || facts.nul)
		out->encoding =
		    encoding_guess(str_slice(bytes, 0, HAZARD_LOOK));
	out->binary = hazard_is_binary(bytes, out->encoding);
	if (out->binary)
		return;
	if (encoding_converts(out->encoding)) {
		encoding_convert(&converted, out->encoding, bytes);
		text = buf_view(&converted.utf8);
	}
	look_at_characters(out, text, style);
	look_at_lines(out, text);
	if (!facts.ascii)
		look_at_words(out, text, path);
	encoding_text_release(&converted);
}

/* --- names ----------------------------------------------------------------- */

/* "git~1" is what a file system with short names makes of ".git". */
static bool
is_git(struct str name)
{
	struct buf b = { 0 };
	struct str s;
	bool is;

	text_fold(&b, name);
	s = buf_view(&b);
	while (s.len > 0 && (s.at[s.len - 1] == '.' || s.at[s.len - 1] == ' '))
		s.len--;
	is = str_eq(s, STR(".git")) || str_eq(s, STR("git~1")) ||
	    str_eq(name, STR("..")) || str_eq(name, STR("."));
	buf_release(&b);
	return is;
}

void
hazard_path(struct hazards *out, struct str path)
{
	struct text_style style = { 0 };
	struct str rest = path, name;
	size_t at = 0;

	*out = (struct hazards){ 0 };
	while ((at = text_next_hazard(path, style, at)) != SIZE_MAX) {
		struct text t = text_of(path, style);
		struct text_glyph g = { .len = 1 };

		t.spot.at = at;
		if (!text_next(&t, &g))
			break;
		see(out, HAZARD_NAME, 0, 0, g.token);
		at += g.len;
	}
	if (memchr(path.at, '\n', path.len) != NULL)
		see(out, HAZARD_NAME, 0, 0, "<0A>");
	while (str_cut(&rest, '/', &name)) {
		if (is_git(name))
			see(out, HAZARD_GIT, 0, 0, "");
		if (rest.at == NULL)
			break;
	}
}

void
hazard_link(struct hazards *out, struct str path, struct str target)
{
	struct str rest = path, name;
	int64_t depth = -1; /* folders above the link */
	bool outside = target.len > 0 && target.at[0] == '/';
	struct buf b = { 0 };

	*out = (struct hazards){ 0 };
	while (str_cut(&rest, '/', &name)) {
		depth++;
		if (rest.at == NULL)
			break;
	}
	rest = target;
	while (!outside && str_cut(&rest, '/', &name)) {
		if (str_eq(name, STR("..")))
			outside = --depth < 0;
		else if (name.len > 0 && !str_eq(name, STR(".")))
			depth++;
		if (rest.at == NULL)
			break;
	}
	if (!outside)
		return;
	buf_str(&b, STR("-> "));
	text_show(&b, target, (struct text_style){ .ascii = true },
	    HAZARD_WHAT - 8);
	buf_char(&b, '\0');
	see(out, HAZARD_LINK, 0, 0, b.at);
	buf_release(&b);
}

/* One name: the folder as it is, the last part folded, then the path. */
static void
add_name(struct hazard_names *n, struct str path)
{
	size_t slash = path.len;
	struct hazard_one *one;

	n->one = array_more(n->one, n->len, &n->room, sizeof *n->one);
	while (slash > 0 && path.at[slash - 1] != '/')
		slash--;
	one = &n->one[n->len++];
	one->at = n->text.len;
	buf_str(&n->text, str_slice(path, 0, slash));
	text_fold(&n->text, str_slice(path, slash, path.len - slash));
	one->fold = (uint32_t)(n->text.len - one->at);
	one->len = (uint32_t)path.len;
	buf_str(&n->text, path);
}

void
hazard_names_add(struct hazard_names *n, struct str path)
{
	struct str last = buf_view(&n->last);

	for (size_t i = 0; i < path.len; i++) {
		if (path.at[i] != '/')
			continue;
		if (i < last.len && last.at[i] == '/' &&
		    memcmp(last.at, path.at, i) == 0)
			continue;
		add_name(n, str_slice(path, 0, i));
	}
	add_name(n, path);
	buf_clear(&n->last);
	buf_str(&n->last, path);
}

static struct str
key_of(const struct hazard_names *n, size_t i)
{
	return str_slice(buf_view(&n->text), n->one[i].at, n->one[i].fold);
}

static struct str
path_of(const struct hazard_names *n, size_t i)
{
	return str_slice(buf_view(&n->text), n->one[i].at + n->one[i].fold,
	    n->one[i].len);
}

static int
by_key(const void *a, const void *b, void *arg)
{
	const struct hazard_names *n = arg;
	const struct hazard_one *x = a, *y = b;
	struct str text = buf_view(&n->text);

	return str_cmp(str_slice(text, x->at, x->fold),
	    str_slice(text, y->at, y->fold));
}

void
hazard_names_end(struct hazard_names *n,
    void (*seen)(void *arg, struct str path, struct str other), void *arg)
{
	if (n->len > 0)
		qsort_r(n->one, n->len, sizeof *n->one, by_key, n);
	for (size_t i = 0; i < n->len; i++) {
		size_t other = SIZE_MAX;

		if (i > 0 && str_eq(key_of(n, i), key_of(n, i - 1)))
			other = i - 1;
		else if (i + 1 < n->len &&
		    str_eq(key_of(n, i), key_of(n, i + 1)))
			other = i + 1;
		/* A tree may hold one name twice: that clashes, too. */
		if (other != SIZE_MAX)
			seen(arg, path_of(n, i), path_of(n, other));
	}
	free(n->one);
	buf_release(&n->text);
	buf_release(&n->last);
	*n = (struct hazard_names){ 0 };
}
