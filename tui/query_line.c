#include "tui/query_line.h"

#include "core/lexer.h"
#include "core/limits.h"

static const struct {
	char letter;
	uint32_t flag;
} options[] = {
	{ 'F', SEARCH_LITERAL },
	{ 'w', SEARCH_WORD },
	{ 'i', SEARCH_IGNORE_CASE },
	{ 'm', SEARCH_MULTI_LINE },
	{ 'b', SEARCH_BYTES },
	{ 'u', SEARCH_UNICODE },
	{ 'c', SEARCH_COMMENTS },
	{ 's', SEARCH_STRINGS },
	{ 'o', SEARCH_CODE },
	{ 'j', SEARCH_JOINED },
};

static uint32_t
flag_of(char letter)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (options[i].letter == letter)
			return options[i].flag;
	return 0;
}

/* The word at the front of *rest, and *rest after it and one blank. */
static struct str
take_word(struct str *rest)
{
	size_t n = 0;
	struct str word;

	while (n < rest->len && rest->at[n] != ' ')
		n++;
	word = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n < rest->len ? n + 1 : n, rest->len);
	return word;
}

/* What stands after -g or -r, into a list. */
static enum err
take_name(struct str *list, uint32_t *n, struct arena *a, struct str *rest,
    const char *what)
{
	struct str word = take_word(rest);

	if (*n == SEARCH_GLOBS)
		return fail(ERR_LIMIT, "more than %d times %s", SEARCH_GLOBS,
		    what);
	if (word.len == 0)
		return fail(ERR_FORMAT, "%s wants a name and then the pattern",
		    what);
	list[(*n)++] = arena_copy(a, word);
	return ERR_NONE;
}

/* The files of a language, as globs. */
static enum err
take_language(struct query *q, struct str *globs, struct arena *a,
    struct str *rest)
{
	struct str name = take_word(rest), files = lexer_files(name), glob;

	if (files.len == 0)
		return fail(ERR_FORMAT,
		    "-l %.*s: no language of that name is known",
		    STR_ARG(str_slice(name, 0, 40)));
	while (str_cut(&files, ' ', &glob)) {
		if (glob.len == 0)
			continue;
		if (q->n_globs == SEARCH_GLOBS)
			return fail(ERR_LIMIT, "more than %d times -g",
			    SEARCH_GLOBS);
		globs[q->n_globs++] = arena_copy(a, glob);
	}
	return ERR_NONE;
}

static enum err
take_flags(struct query *q, struct str word)
{
	for (size_t i = 1; i < word.len; i++) {
		uint32_t flag = flag_of(word.at[i]);

		if (flag == 0)
			return fail(ERR_FORMAT,
			    "-%c is no option: -F -w -i -m -b -u -c -s -o -j "
			    "-g GLOB -l LANGUAGE -r REVISION, then -- and "
			    "the pattern",
			    word.at[i]);
		q->flags |= flag;
	}
	return ERR_NONE;
}

enum err
query_line_read(struct query *out, struct arena *a, struct str line)
{
	struct str *globs = arena_array(a, SEARCH_GLOBS, struct str);
	struct str *names = arena_array(a, SEARCH_GLOBS, struct str);
	struct query q = { .globs = globs, .releases = names };
	struct str rest = line;

	while (rest.len > 1 && rest.at[0] == '-') {
		struct str before = rest, word = take_word(&rest);
		enum err rc = ERR_NONE;

		if (str_eq(word, STR("--")))
			break;
		if (str_eq(word, STR("-l"))) {
			rc = take_language(&q, globs, a, &rest);
			if (rc != ERR_NONE)
				return rc;
			continue;
		}
		if (str_eq(word, STR("-g")) || str_eq(word, STR("-r"))) {
			rc = word.at[1] == 'g' ?
			    take_name(globs, &q.n_globs, a, &rest, "-g") :
			    take_name(names, &q.n_releases, a, &rest, "-r");
			if (rc != ERR_NONE)
				return rc;
			continue;
		}
		/* "->next" and "-1" are patterns, not options. */
		if (word.len < 2 || flag_of(word.at[1]) == 0) {
			rest = before;
			break;
		}
		rc = take_flags(&q, word);
		if (rc != ERR_NONE)
			return rc;
	}
	if (rest.len == 0)
		return fail(ERR_FORMAT, "there is no pattern to search for");
	if (rest.len > LIMIT_PATTERN)
		return fail(ERR_LIMIT, "a pattern has at most %d bytes",
		    LIMIT_PATTERN);
	q.pattern = arena_copy(a, rest);
	*out = q;
	return ERR_NONE;
}

/* Whether a language's files stand there, all of them; how many. */
static uint32_t
is_language(const struct query *q, uint32_t from, struct str files)
{
	uint32_t k = from;
	struct str glob;

	while (str_cut(&files, ' ', &glob)) {
		if (glob.len == 0)
			continue;
		if (k == q->n_globs || !str_eq(q->globs[k], glob))
			return 0;
		k++;
	}
	return k - from;
}

/* What -l had written out is a language again; one glob is a glob. */
static uint32_t
write_language(const struct query *q, uint32_t from, struct buf *b)
{
	const struct language *l;

	for (uint8_t i = 1; (l = lexer_numbered(i)) != NULL; i++) {
		struct str name = str_of(lexer_name(l));
		uint32_t n = is_language(q, from, lexer_files(name));

		if (n < 2 || str_find(name, STR(" "), 0) != SIZE_MAX)
			continue;
		buf_printf(b, "-l %.*s ", STR_ARG(name));
		return n;
	}
	return 0;
}

void
query_line_write(const struct query *q, struct buf *b)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (q->flags & options[i].flag)
			buf_printf(b, "-%c ", options[i].letter);
	for (uint32_t i = 0; i < q->n_releases; i++) {
		buf_str(b, STR("-r "));
		buf_str(b, q->releases[i]);
		buf_char(b, ' ');
	}
	for (uint32_t i = 0, n; i < q->n_globs; i += n) {
		n = write_language(q, i, b);
		if (n > 0)
			continue;
		buf_str(b, STR("-g "));
		buf_str(b, q->globs[i]);
		buf_char(b, ' ');
		n = 1;
	}
	if (q->pattern.len > 0 && q->pattern.at[0] == '-')
		buf_str(b, STR("-- "));
	buf_str(b, q->pattern);
}
