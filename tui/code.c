#include "tui/code.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_stream.h"
#include "core/hazard.h"
#include "core/hazard_letter.h"
#include "core/outline.h"

enum {
	CODE_LOOK = 256 * 1024,  /* bytes looked at before the first screen */
	CODE_CONVERT = 64 << 20, /* larger files are shown as bytes */
	CODE_SLICE = 256 * 1024, /* bytes of one step: a key waits so long */
	CODE_GUESS = 300,        /* lines lexed before an unknown state */
	CODE_HEAD = 4000,        /* lines searched for a function */
	CODE_HAZARD = 4096,      /* bytes of a line looked at */
};

static bool
is_wide(enum encoding e)
{
	return e == ENCODING_UTF16LE || e == ENCODING_UTF16BE ||
	    e == ENCODING_UTF32LE || e == ENCODING_UTF32BE;
}

/* Whole lines, so that no character is cut in the part that is judged. */
static struct str
first_part(struct str bytes)
{
	struct str part = str_slice(bytes, 0, CODE_LOOK);
	const char *lf;

	if (part.len == bytes.len)
		return part;
	lf = memrchr(part.at, '\n', part.len);
	if (lf != NULL)
		part.len = (size_t)(lf - part.at) + 1;
	return part;
}

static void
look_at_ends(struct code *c)
{
	struct str rest = first_part(c->text), line;

	c->lf = c->crlf = false;
	while (str_cut(&rest, '\n', &line) && rest.at != NULL) {
		if (line.len > 0 && line.at[line.len - 1] == '\r')
			c->crlf = true;
		else
			c->lf = true;
	}
}

/* More bytes of the same, at the same place. */
static void
grow(struct code *c)
{
	struct str bytes = git_stream_bytes(c->stream);
	bool more = bytes.len < git_stream_size(c->stream);
	bool same = c->converted.utf8.len == 0;

	c->bytes = bytes;
	lines_grow(&c->original, bytes, more);
	if (!same)
		return;
	c->text = bytes;
	lines_grow(&c->lines, bytes, more);
}

void
code_encode(struct code *c, enum encoding e)
{
	if (c->lines.marks != NULL)
		code_finish(c);
	lines_release(&c->lines);
	lines_release(&c->original);
	encoding_text_release(&c->converted);
	c->wide.line = 0;
	c->n_states = 0;
	c->near_line = c->bare_to = 0;
	c->encoding = e;
	c->text = c->bytes;
	c->style.encoding = TEXT_UTF8;
	if (e == ENCODING_BYTES || c->bytes.len > CODE_CONVERT) {
		c->style.encoding = e == ENCODING_LATIN1 ? TEXT_LATIN1 :
		    e == ENCODING_BYTES                  ? TEXT_BYTES :
							   TEXT_UTF8;
	} else if (encoding_converts(e)) {
		encoding_convert(&c->converted, e, c->bytes);
		c->text = buf_view(&c->converted.utf8);
	}
	lines_init(&c->lines, c->text);
	lines_init(&c->original, c->bytes);
	if (c->stream != NULL)
		grow(c);
	lines_extend(&c->lines, 1000, CODE_LOOK);
	look_at_ends(c);
}

void
code_open_bytes(struct code *c, struct str bytes, struct str path)
{
	struct str part = first_part(bytes);
	enum encoding e = encoding_guess(part);

	c->bytes = bytes;
	/* A file with a stray NUL is text with a hazard; one whose first part
	 * is full of control bytes is not. */
	c->binary = hazard_is_binary(bytes, e);
	c->language = lexer_find(path, str_slice(bytes, 0, 256));
	/* Bytes that are no character of their neighbours' encoding are
	 * shown one by one, beside those that are. */
	if (e == ENCODING_BYTES)
		e = ENCODING_UTF8;
	code_encode(c, c->binary ? ENCODING_BYTES : e);
}

static bool
one_line(struct str bytes)
{
	return memchr(bytes.at, '\n', bytes.len) == NULL;
}

/* What is converted, shown as bytes, or one line, is read whole at first. */
static enum err
open_stream(struct code *c, struct str path)
{
	bool more;
	enum err rc = git_stream_step(&more, c->stream, CODE_LOOK);
	enum encoding e = ENCODING_UTF8;

	if (rc == ERR_NONE)
		e = encoding_guess(first_part(git_stream_bytes(c->stream)));
	if (rc == ERR_NONE &&
	    (encoding_converts(e) || one_line(git_stream_bytes(c->stream)) ||
		hazard_is_binary(git_stream_bytes(c->stream), e)))
		rc = git_stream_fill(c->stream);
	if (rc == ERR_NONE) {
		code_open_bytes(c, git_stream_bytes(c->stream), path);
	}
	return rc;
}

enum err
code_open(struct code *c, struct git_repo *r, const struct oid *blob,
    struct str path)
{
	struct git_stream *stream;
	struct git_bytes raw;
	uint64_t size;
	enum err rc = git_blob_size(&size, r, blob);

	if (rc == ERR_NONE && size >= GIT_STREAM_LEAST &&
	    git_stream_open(&stream, r, blob) == ERR_NONE) {
		*c = (struct code){ .stream = stream };
		rc = open_stream(c, path);
		if (rc != ERR_NONE)
			code_close(c);
		return rc;
	}
	err_clear();
	rc = git_blob_read(&raw, r, blob);
	if (rc != ERR_NONE)
		return rc;
	code_open_bytes(c, raw.bytes, path);
	c->raw = raw;
	return ERR_NONE;
}

void
code_finish(struct code *c)
{
	if (c->stream != NULL && c->bytes.len < git_stream_size(c->stream)) {
		if (git_stream_fill(c->stream) != ERR_NONE) {
			c->damaged = true;
			err_clear();
		}
		grow(c);
	}
	(void)lines_count(&c->lines);
}

size_t
code_size(const struct code *c)
{
	return c->stream == NULL ? c->bytes.len : git_stream_size(c->stream);
}

void
code_close(struct code *c)
{
	lines_release(&c->lines);
	lines_release(&c->original);
	encoding_text_release(&c->converted);
	git_repo_drop(&c->raw);
	git_stream_close(c->stream);
	free(c->wide.spots);
	free(c->states);
	*c = (struct code){ 0 };
}

uint32_t
code_lines(const struct code *c)
{
	return c->lines.known;
}

bool
code_line(struct code *c, uint32_t n, struct str *text)
{
	bool got = lines_get(&c->lines, n, text, NULL);

	/* CR before LF is the line end where every line has it; where line
	 * ends are mixed, it is shown. */
	if (got && c->crlf && !c->lf && text->len > 0 &&
	    text->at[text->len - 1] == '\r')
		text->len--;
	return got;
}

/* --- places in a long line ----------------------------------------------- */

/* Any field, as bytes: padding is zero in what text_style literals make. */
static bool
style_eq(const struct text_style *a, const struct text_style *b)
{
	return a->encoding == b->encoding && a->tab == b->tab &&
	    a->ascii == b->ascii && a->latin == b->latin &&
	    a->invisibles == b->invisibles;
}

static void
keep_spot(struct code_wide *w, struct text_spot spot)
{
	w->spots = array_more(w->spots, w->len, &w->room, sizeof *w->spots);
	w->spots[w->len++] = spot;
}

/* The line is the one whose places are kept; NULL: it is short, or none. */
static struct code_wide *
wide_of(struct code *c, uint32_t n, struct text_style style, struct str text)
{
	struct code_wide *w = &c->wide;

	if (text.len < 2 * CODE_APART)
		return NULL;
	if (w->line == n && w->text.len == text.len &&
	    style_eq(&w->style, &style))
		return w;
	w->line = n;
	w->text = text;
	w->style = style;
	w->len = 0;
	w->whole = false;
	keep_spot(w, (struct text_spot){ 0 });
	return w;
}

/* Walks on until the places reach a byte or a column, or the end. */
static void
walk(struct code_wide *w, size_t at, uint32_t column)
{
	struct text t = text_of(w->text, w->style);
	struct text_glyph g;

	t.spot = w->spots[w->len - 1];
	while (!w->whole && t.spot.at <= at && t.spot.column <= column) {
		struct text_spot before = t.spot;

		text_seek_byte(&t, before.at + CODE_APART);
		/* a glyph that reaches over: past it */
		if (t.spot.at == before.at && !text_next(&t, &g))
			w->whole = true;
		w->whole |= t.spot.at >= w->text.len;
		keep_spot(w, t.spot);
	}
}

static struct text_spot
kept_before(const struct code_wide *w, size_t at, uint32_t column)
{
	size_t low = 0, high = w->len;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (w->spots[mid].at <= at && w->spots[mid].column <= column)
			low = mid;
		else
			high = mid;
	}
	return w->spots[low];
}

/* Line n, from the last place kept that is neither behind that byte nor
 * behind that column. */
static struct text
text_before(struct code *c, uint32_t n, struct text_style style, size_t at,
    uint32_t column)
{
	struct str text = STR("");
	struct code_wide *w;
	struct text t;

	(void)code_line(c, n, &text);
	t = text_of(text, style);
	w = wide_of(c, n, style, text);
	if (w != NULL) {
		walk(w, at, column);
		t.spot = kept_before(w, at, column);
	}
	return t;
}

struct text_spot
code_spot(struct code *c, uint32_t n, struct text_style style, size_t at)
{
	struct text t = text_before(c, n, style, at, UINT32_MAX);

	text_seek_byte(&t, at);
	return t.spot;
}

struct text_spot
code_spot_column(struct code *c, uint32_t n, struct text_style style,
    uint32_t column)
{
	struct text t = text_before(c, n, style, SIZE_MAX, column);

	text_seek(&t, column);
	return t.spot;
}

uint32_t
code_width(struct code *c, uint32_t n, struct text_style style)
{
	return code_spot_column(c, n, style, UINT32_MAX).column;
}

/* --- colours ----------------------------------------------------------- */

static void
keep_state(struct code *c, uint32_t state)
{
	c->states =
	    array_more(c->states, c->n_states, &c->room, sizeof *c->states);
	c->states[c->n_states++] = state;
}

/* One more state, if its line is known; false when it is not. */
static bool
step_state(struct code *c, size_t *budget)
{
	uint32_t line, state;
	struct str text;

	if (c->n_states == 0) {
		keep_state(c, 0);
		return true;
	}
	line = (uint32_t)(c->n_states - 1) * CODE_STATE + 1;
	if (line + CODE_STATE > c->lines.known)
		return false;
	state = c->states[c->n_states - 1];
	for (uint32_t i = 0; i < CODE_STATE; i++) {
		if (!code_line(c, line + i, &text))
			return false;
		state = lexer_line(c->language, state, text, NULL, 0, NULL);
		*budget -= text.len + 1 < *budget ? text.len + 1 : *budget;
	}
	keep_state(c, state);
	return true;
}

/* false: all is there, or no more will come. */
static bool
read_on(struct code *c)
{
	bool more;

	if (git_stream_step(&more, c->stream, CODE_SLICE) != ERR_NONE) {
		c->damaged = true;
		err_clear();
	}
	grow(c);
	lines_extend(&c->lines, UINT32_MAX, 2 * CODE_SLICE);
	return more && !c->damaged;
}

bool
code_step(struct code *c)
{
	size_t budget = CODE_SLICE / 2;

	if (c->stream != NULL && !c->damaged && read_on(c))
		return true;
	if (!c->lines.done) {
		lines_extend(&c->lines, UINT32_MAX, 4 * CODE_SLICE);
		return true;
	}
	if (c->language == NULL || c->binary)
		return false;
	while (budget > 0)
		if (!step_state(c, &budget))
			return false;
	return true;
}

/* Screens are drawn line by line: what was just lexed is in front of most
 * lines that are asked for.  A guess is good until it is known better. */
static bool
is_near(const struct code *c, uint32_t n, bool known)
{
	return c->near_line != 0 && c->near_line <= n &&
	    n - c->near_line < CODE_STATE && (c->near_exact || !known);
}

static uint32_t
state_before(struct code *c, uint32_t n)
{
	size_t at = (n - 1) / CODE_STATE, budget = CODE_SLICE;
	uint32_t line = (uint32_t)at * CODE_STATE + 1, state = 0;
	struct str text;
	bool known;

	/* Near what is known: go on to it.  Far away: guess. */
	while (c->n_states <= at && at - c->n_states < 8 && budget > 0)
		if (!step_state(c, &budget))
			break;
	known = at < c->n_states;
	if (is_near(c, n, known)) {
		line = c->near_line;
		state = c->near_state;
		known = c->near_exact;
	} else if (known) {
		state = c->states[at];
	} else if (n > CODE_GUESS) {
		line = n - CODE_GUESS;
	}
	for (; line < n && code_line(c, line, &text); line++)
		state = lexer_line(c->language, state, text, NULL, 0, NULL);
	c->near_line = n;
	c->near_state = state;
	c->near_exact = known;
	return state;
}

uint16_t
code_role(uint8_t kind)
{
	static const uint16_t roles[] = {
		[LEXER_PLAIN] = ROLE_TEXT,
		[LEXER_COMMENT] = ROLE_COMMENT,
		[LEXER_STRING] = ROLE_STRING,
		[LEXER_NUMBER] = ROLE_LITERAL,
		[LEXER_KEYWORD] = ROLE_KEYWORD,
		[LEXER_TYPE] = ROLE_TYPE,
		[LEXER_MACRO] = ROLE_DIRECTIVE,
	};

	return kind < sizeof roles / sizeof roles[0] ? roles[kind] : ROLE_TEXT;
}

size_t
code_spans(struct code *c, uint32_t n, struct canvas_span *out)
{
	struct lexer_span span[CODE_SPANS];
	struct str text;
	size_t len;

	if (c->language == NULL || !code_line(c, n, &text))
		return 0;
	(void)lexer_line(c->language, state_before(c, n), text, span,
	    CODE_SPANS, &len);
	for (size_t i = 0; i < len; i++)
		out[i] = (struct canvas_span){
			.from = span[i].from,
			.to = span[i].from + span[i].len,
			.attr = code_role(span[i].kind),
		};
	return len;
}

/* --- anchors ----------------------------------------------------------- */

/* Only in UTF-16 and UTF-32 is a byte 0A not always a line end. */
uint32_t
code_original_line(struct code *c, uint32_t n)
{
	size_t at;

	if (!is_wide(c->encoding) || c->converted.utf8.len == 0)
		return n;
	at = encoding_original(&c->converted, c->bytes,
	    lines_start(&c->lines, n));
	return lines_at(&c->original, at);
}

struct anchor
code_anchor(struct code *c, const struct oid *commit, const struct oid *blob,
    struct str path, uint32_t first, uint32_t last)
{
	struct anchor an = {
		.commit = *commit,
		.blob = *blob,
		.path = path,
		.first = first == 0 ? 0 : code_original_line(c, first),
		.last = first == 0 ? 0 : code_original_line(c, last),
	};
	size_t from, to;

	if (first == 0) {
		code_finish(c);
		an.region = hash_of(c->bytes);
		return an;
	}
	from = lines_start(&c->original, an.first);
	to = lines_start(&c->original, an.last + 1);
	an.region = hash_of(str_slice(c->bytes, from, to - from));
	return an;
}

size_t
code_alike(struct code *c, uint32_t n, struct canvas_span *out, size_t max)
{
	struct lexer_span span[CODE_SPANS];
	struct hazard_word words[CODE_ALIKE];
	struct str text;
	size_t len, got;

	if (c->language == NULL || !code_line(c, n, &text))
		return 0;
	text = str_slice(text, 0, CODE_HAZARD);
	if (encoding_is_ascii(text) || !hazard_letter_any(text))
		return 0;
	(void)lexer_line(c->language, state_before(c, n), text, span,
	    CODE_SPANS, &len);
	got = hazard_words(words, max < CODE_ALIKE ? max : CODE_ALIKE, text,
	    span, len);
	for (size_t i = 0; i < got; i++)
		out[i] = (struct canvas_span){ words[i].from,
			words[i].from + words[i].len, ATTR_HAZARD };
	return got;
}

bool
code_hazard(struct code *c, struct str line)
{
	return text_next_hazard(str_slice(line, 0, CODE_HAZARD), c->style, 0) !=
	    SIZE_MAX;
}

void
code_describe(const struct code *c, struct buf *b)
{
	if (c->binary) {
		buf_str(b, STR("binary"));
		return;
	}
	buf_printf(b, "%s %s %s", lexer_name(c->language),
	    encoding_name(c->encoding),
	    c->crlf && c->lf ? "LF+CRLF" :
		c->crlf      ? "CRLF" :
			       "LF");
}

/* What was looked at for the line below need not be looked at again. */
static uint32_t
head_before(struct code *c, uint32_t n, struct str *name)
{
	uint32_t top = n, least = n > CODE_HEAD ? n - CODE_HEAD : 0;
	struct str text;

	while (n > least) {
		if (c->bare_to != 0 && n <= c->bare_to && n >= c->bare_from) {
			n = c->bare_from - 1;
			continue;
		}
		if (!code_line(c, n, &text))
			return 0;
		if (outline_line(c->language, text, name))
			break;
		n--;
	}
	if (n < top) {
		c->bare_from = n + 1;
		c->bare_to = top;
	}
	return n > least ? n : 0;
}

uint32_t
code_head(struct code *c, uint32_t n, bool back, struct str *name)
{
	struct str text;

	if (back)
		return head_before(c, n, name);
	for (uint32_t i = 0; i < CODE_HEAD; i++) {
		if (n == 0 || !code_line(c, n, &text))
			return 0;
		if (outline_line(c->language, text, name))
			return n;
		n++;
	}
	return 0;
}

/* --- bytes ------------------------------------------------------------- */

uint64_t
code_hex_rows(const struct code *c)
{
	return ((uint64_t)c->bytes.len + CODE_ROW - 1) / CODE_ROW;
}

void
code_hex(const struct code *c, uint64_t row, struct buf *b)
{
	struct str part = str_slice(c->bytes, row * CODE_ROW, CODE_ROW);

	buf_printf(b, "%08llx ", (unsigned long long)(row * CODE_ROW));
	for (size_t i = 0; i < CODE_ROW; i++) {
		if (i == CODE_ROW / 2)
			buf_char(b, ' ');
		if (i < part.len)
			buf_printf(b, "%02x ", (unsigned char)part.at[i]);
		else
			buf_str(b, STR("   "));
	}
	for (size_t i = 0; i < part.len; i++) {
		char ch = part.at[i];

		buf_char(b, ch >= 0x20 && ch < 0x7f ? ch : '.');
	}
}
