#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/search_pcre.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/search_class.h"

enum {
	STACK_FIRST = 64 * 1024,
	STACK_LAST = 32 * 1024 * 1024,
	HEAP_KIB = 64 * 1024,
};

/* How a pattern is run: over one line, over many, over many without CR. */
enum shape { SHAPE_LINE, SHAPE_WHOLE, SHAPE_NO_CR, SHAPES };

struct form {
	pcre2_code *code; /* NULL: there is none */
	bool tried, jit;
};

struct search_pcre {
	struct arena a;
	uint32_t flags;
	struct str pattern; /* quoted and wrapped as the flags ask */
	struct search_parse parse[2];
	struct str no_cr[2]; /* [utf] as parse's, for texts without CR */
	struct form forms[SHAPES][2]; /* [shape][utf] */
	bool has_cr;                  /* the text that is searched now */
	pcre2_compile_context *compile;
	pcre2_match_context *match;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
};

void
search_pcre_engine(struct buf *b)
{
	char version[64] = "", unicode[64] = "", jit[64] = "";

	pcre2_config(PCRE2_CONFIG_VERSION, version);
	pcre2_config(PCRE2_CONFIG_UNICODE_VERSION, unicode);
	buf_printf(b, "PCRE2 %s, Unicode %s", version, unicode);
	if (pcre2_config(PCRE2_CONFIG_JITTARGET, jit) >= 0)
		buf_printf(b, ", JIT %s", jit);
}

static void
need(const void *p)
{
	if (p == NULL)
		bug("no memory for a pattern");
}

static uint32_t
options_of(const struct search_pcre *p, bool whole, bool utf)
{
	uint32_t o = PCRE2_NEVER_BACKSLASH_C;

	/* In bytes, 0x85 is both \S and \v: 10.42 takes the two for disjoint
	 * when it makes repeats possessive, and loses matches of \S*\v. */
	o |= utf ? PCRE2_UTF | PCRE2_NO_UTF_CHECK :
		   PCRE2_NEVER_UTF | PCRE2_NO_AUTO_POSSESS;
	if (p->flags & SEARCH_IGNORE_CASE)
		o |= PCRE2_CASELESS;
	if (p->flags & SEARCH_UNICODE)
		o |= PCRE2_UCP;
	if (whole)
		o |= PCRE2_MULTILINE;
	if (whole && !(p->flags & SEARCH_MULTI_LINE))
		o |= PCRE2_ALT_CIRCUMFLEX;
	return o;
}

static enum err
refuse(int error, size_t offset)
{
	char why[256];

	if (pcre2_get_error_message(error, (PCRE2_UCHAR *)why, sizeof why) < 0)
		memcpy(why, "unknown error", 14);
	return fail(ERR_FORMAT, "no pattern: %s at offset %zu", why, offset);
}

static pcre2_code *
compile(struct search_pcre *p, struct str text, uint32_t options, int *error,
    size_t *offset)
{
	return pcre2_compile((PCRE2_SPTR)text.at, text.len, options, error,
	    offset, p->compile);
}

static void
compile_jit(struct form *f)
{
	f->jit = pcre2_jit_compile(f->code, PCRE2_JIT_COMPLETE) == 0;
}

/*
 * A pattern that only Unicode can express, for text that is not UTF-8: PCRE2
 * passes over what is invalid.  Not with JIT, which loses matches there; and
 * line by line, as the edge of what is invalid is like the edge of a text.
 */
static void
compile_invalid(struct search_pcre *p, struct form *f)
{
	uint32_t options = options_of(p, false, true);
	size_t offset;
	int error;

	options &= ~(uint32_t)PCRE2_NO_UTF_CHECK;
	f->code = compile(p, p->pattern, options | PCRE2_MATCH_INVALID_UTF,
	    &error, &offset);
}

static struct form *
form_of(struct search_pcre *p, bool whole, bool utf)
{
	const struct search_parse *parse = &p->parse[utf];
	bool no_cr = whole && parse->dollar && !p->has_cr;
	struct form *f = &p->forms[no_cr ? SHAPE_NO_CR :
		whole                    ? SHAPE_WHOLE :
					   SHAPE_LINE][utf];
	bool raw = !whole || !parse->understood;
	size_t offset;
	int error;

	if (f->tried)
		return f;
	f->tried = true;
	/* Only multi-line search may run over lines as typed. */
	if (whole && raw && !(p->flags & SEARCH_MULTI_LINE))
		return f;
	f->code = compile(p,
	    raw       ? p->pattern :
		no_cr ? p->no_cr[utf] :
			parse->text,
	    options_of(p, whole, utf), &error, &offset);
	if (f->code != NULL)
		compile_jit(f);
	else if (!utf && !(p->flags & SEARCH_BYTES) &&
	    (!whole || p->flags & SEARCH_MULTI_LINE))
		compile_invalid(p, f);
	return f;
}

/* The text between, with everything that has a meaning taken from it. */
static void
quote(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == 0)
			buf_str(b, STR("\\x00"));
		else if (c < 0x80 && !search_class_is_alnum(c) && c != '\n')
			buf_printf(b, "\\%c", c);
		else if (c == '\n')
			buf_str(b, STR("\\n"));
		else
			buf_char(b, (char)c);
	}
}

/* An open comment of (?x) would take in the closing bracket. */
static void
wrap(struct search_pcre *p, struct str inner)
{
	struct search_parse typed;
	struct buf b = { 0 };

	search_parse(&typed, &p->a, inner, 0);
	buf_str(&b, STR("(?<!\\w)(?:"));
	buf_str(&b, inner);
	if (typed.extended)
		buf_char(&b, '\n');
	buf_str(&b, STR(")(?!\\w)"));
	p->pattern = arena_copy(&p->a, buf_view(&b));
	buf_release(&b);
}

/* The pattern as typed has to be one, by itself. */
static enum err
check_typed(struct search_pcre *p, struct str typed, bool utf)
{
	pcre2_code *code;
	size_t offset = 0;
	int error = 0;

	code = compile(p, typed, options_of(p, false, utf), &error, &offset);
	if (code == NULL)
		return refuse(error, offset);
	pcre2_code_free(code);
	return ERR_NONE;
}

static void
parse_for(struct search_pcre *p, bool utf)
{
	unsigned flags = utf ? SEARCH_PARSE_UTF : 0;
	struct search_parse plain;

	if (p->flags & SEARCH_UNICODE)
		flags |= SEARCH_PARSE_UCP;
	if (p->flags & SEARCH_IGNORE_CASE)
		flags |= SEARCH_PARSE_CASELESS;
	if (!(p->flags & SEARCH_MULTI_LINE))
		flags |= SEARCH_PARSE_LINES;
	search_parse(&p->parse[utf], &p->a, p->pattern, flags);
	if (p->parse[utf].dollar) {
		search_parse(&plain, &p->a, p->pattern,
		    flags | SEARCH_PARSE_NO_CR);
		p->no_cr[utf] = plain.text;
	}
}

static enum err
prepare(struct search_pcre *p, const struct query *q)
{
	bool utf = !(q->flags & SEARCH_BYTES) && encoding_is_utf8(q->pattern);
	struct buf quoted = { 0 };
	enum err rc;

	p->flags = q->flags | (utf ? 0 : SEARCH_BYTES);
	if (q->flags & SEARCH_LITERAL)
		quote(&quoted, q->pattern);
	else
		buf_str(&quoted, q->pattern);
	p->pattern = arena_copy(&p->a, buf_view(&quoted));
	buf_release(&quoted);
	rc = check_typed(p, p->pattern, utf);
	if (rc != ERR_NONE)
		return rc;
	if (q->flags & SEARCH_WORD)
		wrap(p, p->pattern);
	rc = check_typed(p, p->pattern, utf);
	if (rc != ERR_NONE)
		return rc;
	parse_for(p, false);
	parse_for(p, true);
	return ERR_NONE;
}

enum err
search_pcre_open(struct search_pcre **out, const struct query *q)
{
	struct search_pcre *p = calloc(1, sizeof *p);
	enum err rc;

	need(p);
	p->compile = pcre2_compile_context_create(NULL);
	p->match = pcre2_match_context_create(NULL);
	p->data = pcre2_match_data_create(1, NULL);
	p->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_LAST, NULL);
	need(p->compile);
	need(p->match);
	need(p->data);
	pcre2_set_newline(p->compile, PCRE2_NEWLINE_LF);
	pcre2_set_heap_limit(p->match, HEAP_KIB);
	if (p->stack != NULL)
		pcre2_jit_stack_assign(p->match, NULL, p->stack);
	rc = prepare(p, q);
	if (rc == ERR_NONE)
		*out = p;
	else
		search_pcre_close(p);
	return rc;
}

void
search_pcre_close(struct search_pcre *p)
{
	if (p == NULL)
		return;
	for (int shape = 0; shape < SHAPES; shape++)
		for (int utf = 0; utf < 2; utf++)
			pcre2_code_free(p->forms[shape][utf].code);
	pcre2_jit_stack_free(p->stack);
	pcre2_match_data_free(p->data);
	pcre2_match_context_free(p->match);
	pcre2_compile_context_free(p->compile);
	arena_release(&p->a);
	free(p);
}

void
search_pcre_begin(struct search_pcre *p, struct str text)
{
	bool dollar = p->parse[0].dollar || p->parse[1].dollar;

	p->has_cr =
	    dollar && text.len > 0 && memchr(text.at, '\r', text.len) != NULL;
}

uint32_t
search_pcre_flags(const struct search_pcre *p)
{
	return p->flags;
}

bool
search_pcre_has_whole(struct search_pcre *p, bool utf)
{
	return form_of(p, true, utf)->code != NULL;
}

const struct search_parse *
search_pcre_parse(struct search_pcre *p, bool utf)
{
	return &p->parse[utf];
}

enum search_found
search_pcre_next(struct search_pcre *p, bool whole, bool utf, struct str text,
    size_t from, struct search_match *m)
{
	struct form *f = form_of(p, whole, utf);
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.len == 0 ? "" : text.at);
	const size_t *at;
	int rc;

	if (f->code == NULL)
		return SEARCH_FOUND_NONE;
	if (f->jit)
		rc = pcre2_jit_match(f->code, subject, text.len, from, 0,
		    p->data, p->match);
	else
		rc = pcre2_match(f->code, subject, text.len, from, 0, p->data,
		    p->match);
	if (rc == PCRE2_ERROR_NOMATCH)
		return SEARCH_FOUND_NONE;
	if (rc < 0)
		return SEARCH_FOUND_GAVE_UP;
	at = pcre2_get_ovector_pointer(p->data);
	m->at = at[0];
	/* \K in a lookahead may put the start behind the end. */
	m->end = at[1] < at[0] ? at[0] : at[1];
	return SEARCH_FOUND;
}
