#include "core/search_scan.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lexer.h"
#include "core/search_plan.h"

#include "tests/core/search_random.h"
#include "tests/t.h"

static struct buf said; /* "line:column+length ..." and "!line" */
static struct search_hit kept;
static char kept_excerpt[SEARCH_EXCERPT + 1];

static void
on_hit(void *arg, const struct search_hit *h)
{
	(void)arg;
	buf_printf(&said, "%s%u:%u+%u", said.len > 0 ? " " : "", h->line,
	    h->column, h->length);
	kept = *h;
	if (h->excerpt.len > 0)
		memcpy(kept_excerpt, h->excerpt.at, h->excerpt.len);
	kept_excerpt[h->excerpt.len] = '\0';
}

static void
on_skip(void *arg, uint32_t line, enum search_skip why)
{
	(void)arg;
	(void)why;
	buf_printf(&said, "%s!%u", said.len > 0 ? " " : "", line);
}

static const struct search_sink sink = { on_hit, on_skip, NULL };

static const char *
search_bytes(const char *pattern, uint32_t flags, struct str text)
{
	struct query q = { .pattern = str_of(pattern), .flags = flags };
	struct search_scan *s;

	buf_clear(&said);
	err_clear();
	if (search_scan_open(&s, &q) != ERR_NONE)
		return err_text();
	search_scan_blob(s, text, &sink);
	search_scan_close(s);
	return said.at == NULL ? "" : said.at;
}

static const char *
search(const char *pattern, uint32_t flags, const char *text)
{
	return search_bytes(pattern, flags, str_of(text));
}

#define FINDS(expected, ...) assert_string_equal(search(__VA_ARGS__), expected)

static void
a_hit_is_a_line_with_the_first_match(void **state)
{
	(void)state;
	FINDS("2:2+3", "foo", 0, "bar\n  foo foo\nbaz\n");
	FINDS("1:0+1 2:0+1 4:0+1", "a", 0, "a\naa\nb\na");
	assert_int_equal(kept.n_spans, 1);
	FINDS("1:2+3", "foo", 0, "  foo foo");
	assert_int_equal(kept.n_spans, 2);
	assert_int_equal(kept.spans[1].at, 6);
	assert_string_equal(kept_excerpt, "  foo foo");
	FINDS("", "foo", 0, "");
	FINDS("", "foo", 0, "\n\n");
}

static void
the_last_line_needs_no_newline_and_none_follows_it(void **state)
{
	(void)state;
	FINDS("1:0+0 2:0+0", "^", 0, "a\nb\n");
	FINDS("1:0+0 2:0+0", "^", 0, "a\nb");
	FINDS("1:1+0 2:1+0", "$", 0, "a\nb\n");
	FINDS("1:0+0", "$", 0, "\n");
	FINDS("1:1+0 2:0+0", "$", 0, "a\n\n");
	FINDS("2:0+0", "^$", 0, "a\n\n");
	FINDS("2:0+0", "^$", 0, "a\n\nb\n");
	FINDS("2:0+1", "b\\z", 0, "ba\nb");
	FINDS("", "^", 0, "");
}

static void
empty_matches_are_hits(void **state)
{
	(void)state;
	FINDS("1:0+0 2:0+0", "x*", 0, "abc\nd\n");
	FINDS("1:0+0", "x*", 0, "abc");
	assert_int_equal(kept.n_spans, 4);
	FINDS("2:0+2", "(?=xy)x*y", 0, "a\nxy\n");
}

static void
nothing_in_a_line_runs_over_its_end(void **state)
{
	static const char text[] = "foo\n bar\n";

	(void)state;
	FINDS("", "foo\\s+bar", 0, text);
	FINDS("", "foo\\W*bar", 0, text);
	FINDS("", "foo[^x]*bar", 0, text);
	FINDS("", "foo\\D\\Dbar", 0, text);
	FINDS("", "foo[\\s]+bar", 0, text);
	FINDS("", "foo[\\s\\d]+bar", 0, text);
	FINDS("", "foo[[:space:]]+bar", 0, text);
	FINDS("", "foo[\\x00-\\x20]+bar", 0, text);
	FINDS("", "foo(?s).+bar", 0, text);
	FINDS("", "foo\\n bar", 0, text);
	FINDS("", "foo\\v bar", 0, text);
	FINDS("", "foo\\H bar", 0, text);
	FINDS("", "foo\\P{L}+bar", 0, text);
	FINDS("", "foo(?!x)\\s", 0, text);
	FINDS("", "foo[^\\w-]+bar", 0, text);
	FINDS("", "foo[^-x]+bar", 0, text);
	FINDS("", "foo[^]x]+bar", 0, text);
	FINDS("1:0+3 2:1+3", "(?<!\\W\\W)\\w+(?!\\w)(?=\\W*)", 0, text);
	/* The same classes do match where there is something. */
	FINDS("1:0+8", "foo\\s+bar", 0, "foo\t bar");
	FINDS("1:0+8", "foo[\\s\\d]+bar", 0, "foo1 bar");
	FINDS("1:0+8", "foo[^]x]+bar", 0, "foo\t bar");
	FINDS("1:0+8", "foo[\\x00-\\x20]+bar", 0, "foo\t bar");
	/* And over lines when that is asked for. */
	FINDS("1:0+8", "foo\\s+bar", SEARCH_MULTI_LINE, text);
	FINDS("1:0+7", "foo[^x]*bar", SEARCH_MULTI_LINE, "foo\nbar");
}

static void
a_dollar_stands_before_the_cr_of_a_crlf(void **state)
{
	(void)state;
	FINDS("1:0+4 2:0+4", "foo;$", 0, "foo;\r\nfoo;\nfoo; \r\n");
	FINDS("1:0+4", "foo;$", SEARCH_MULTI_LINE, "foo;\r\nfoo; \r\n");
	FINDS("1:0+5", "foo;\\r$", 0, "foo;\r\nfoo;\n");
	/* Also when the pattern cannot be rewritten. */
	FINDS("1:0+4", "(?(?=f)foo;|x)$", 0, "foo;\r\n");
	FINDS("1:3+1", ";\\z|;$", 0, "foo;\r\n");
}

static void
nul_bytes_are_text(void **state)
{
	static const char text[] = "a\0b\nmem\0cpy strcpy\n\0\0\nstrcpy";

	(void)state;
	assert_string_equal(search_bytes("strcpy", 0,
				(struct str){ text, sizeof text - 1 }),
	    "2:8+6 4:0+6");
	assert_string_equal(search_bytes("mem\\x00cpy", 0,
				(struct str){ text, sizeof text - 1 }),
	    "2:0+7");
	assert_string_equal(search_bytes("^.b", 0,
				(struct str){ text, sizeof text - 1 }),
	    "");
}

static void
types_match_characters_of_many_bytes(void **state)
{
	(void)state;
	FINDS("1:0+4", "^\\Sx", 0, "\xe5\x86\x85x\n");
	FINDS("1:0+6", "\\W\\W", 0, "\xe5\x86\x85\xe5\xad\x98");
	FINDS("1:0+7", "x\\D\\W", 0, "x\xe5\x86\x85\xe5\xad\x98");
	FINDS("1:0+3", "^.$", 0, "\xe5\x86\x85\n");
	FINDS("1:0+6", "\\w+", SEARCH_UNICODE, "\xe5\x86\x85\xe5\xad\x98");
	FINDS("", "\\w", 0, "\xe5\x86\x85\xe5\xad\x98");
}

static void
invalid_bytes_do_not_hide_a_line(void **state)
{
	(void)state;
	FINDS("1:1+7", ".needle", 0, "\xff\xffneedle\xff x\xfe\xff\xff\n");
	FINDS("2:1+6 3:0+6", "needle", 0, "\xe5\n\xffneedle\nneedle\xe5\x86");
	/* What only Unicode can say is found around the invalid bytes. */
	FINDS("1:1+3", "[\\x{5185}]", 0, "\xff内内内\xff");
	FINDS("1:1+3", "\\x{5185}", 0, "\xff内内内\xff");
}

static void
case_and_words_and_literals(void **state)
{
	(void)state;
	FINDS("1:0+3", "FOO", SEARCH_IGNORE_CASE, "foo\n");
	FINDS("1:0+3", "k", SEARCH_IGNORE_CASE, "\xe2\x84\xaa\n");
	FINDS("1:0+2", "\xc3\x84", SEARCH_IGNORE_CASE, "\xc3\xa4\n");
	FINDS("2:0+3", "foo", SEARCH_WORD, "foobar\nfoo bar\n_foo\n");
	FINDS("1:1+2", "=>", SEARCH_WORD, "(=>)\na=>b\n");
	FINDS("1:0+3", "foo|foobar", SEARCH_WORD, "foo\n");
	FINDS("1:0+6", "foo|foobar", SEARCH_WORD, "foobar\n");
	/* What a group took comes again where its \\b need not hold. */
	FINDS("1:1+1", "(\\b)[^A-Z]\\1", 0, "-bsA\n");
	FINDS("1:0+6", "(\\bfoo)\\1", 0, "foofoo\n");
	FINDS("1:0+3", "(?x) foo # comment", SEARCH_WORD, "foo\n");
	FINDS("2:0+4", "a.*b", SEARCH_LITERAL, "axxb\na.*b\n");
	FINDS("1:0+3", "a\\b", SEARCH_LITERAL, "a\\b\n");
	FINDS("1:0+4", "\\E[(", SEARCH_LITERAL, "\\E[(\n");
}

static void
a_pattern_that_is_none_gets_one_line(void **state)
{
	(void)state;
	FINDS("no pattern: missing closing parenthesis at offset 4", "(foo", 0,
	    "");
	FINDS("no pattern: missing terminating ] for character class at "
	      "offset 4",
	    "a[bc", 0, "");
	FINDS("no pattern: missing closing parenthesis at offset 4", "(foo",
	    SEARCH_WORD, "");
	assert_true(strlen(search("\\C", 0, "x")) > 0);
	assert_true(strlen(search("(*UTF)x", SEARCH_BYTES, "\xff")) > 0);
	FINDS("1:0+4", "(foo", SEARCH_LITERAL, "(foo");
}

static void
limits_are_announced_with_their_line(void **state)
{
	char text[256] = "ok b\n";

	(void)state;
	memset(text + 5, 'a', 40);
	strcpy(text + 45, "!\nab b\n");
	FINDS("!2 3:0+4", "^(a+)+ b$|^(a|b)+ b$|^(a+)+$", 0, text);
}

static char *
converted(const char *to, const char *utf8, size_t *len)
{
	static char out[4096];
	iconv_t cd = iconv_open(to, "UTF-8");
	char *in = (char *)(uintptr_t)utf8, *at = out;
	size_t left = strlen(utf8), room = sizeof out;

	assert_true(cd != (iconv_t)-1);
	assert_int_equal(iconv(cd, &in, &left, &at, &room), 0);
	iconv_close(cd);
	*len = sizeof out - room;
	return out;
}

static void
text_is_found_in_every_encoding(void **state)
{
	static const struct {
		const char *encoding, *text, *pattern, *found;
	} rows[] = {
		{ "GBK", "int x; /* 释放内存 */\n// 内存\n", "内存",
		    "1:14+4 2:3+4" },
		{ "GB18030", "/* 这里分配内存，必须检查返回值 */\n", "内存",
		    "1:11+4" },
		{ "BIG5", "int x; /* 釋放記憶體，內存 */\n// 內存\n", "內存",
		    "1:22+4 2:3+4" },
		{ "UTF-16LE", "int x;\n// 内存\nint y;\n", "内存", "2:6+4" },
		{ "UTF-16BE", "int x;\n// 内存\nint y;\n", "内存", "2:6+4" },
		{ "UTF-16", "int x;\n// 内存\nint y;\n", "内存", "2:6+4" },
		{ "UTF-16", "int x;\n// 内存\nint y;\n", "^int",
		    "1:2+6 3:0+6" },
		{ "CP932", "/* メモリを解放する処理 */\n", "解放", "1:11+4" },
		{ "ISO-8859-1", "/* Jürgen */ strcpy(a, \"Größe\");\n",
		    "Jürgen.*Größe", "1:3+26" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len;
		char *text = converted(rows[i].encoding, rows[i].text, &len);

		assert_string_equal(search_bytes(rows[i].pattern, 0,
					(struct str){ text, len }),
		    rows[i].found);
	}
	/* The same bytes are not found when nothing is converted. */
	assert_string_equal(search("内存", SEARCH_BYTES, "\xc4\xda\xb4\xe6"),
	    "");
}

static void
a_wrong_guess_loses_no_ascii(void **state)
{
	/* "\xc4s" would be one character of Big5 or GBK. */
	static const char text[] =
	    "\xc4\xda\xb4\xe6\xc4\xda\xb4\xe6\xc4\xda\xb4\xe6\xc4strcpy\n";

	(void)state;
	FINDS("1:13+6", "strcpy", 0, text);
	/* Nor does a byte order mark that lies. */
	FINDS("1:5+6", "strcpy", 0,
	    "\xff\xfe"
	    "x; strcpy(a, b);\n");
}

static void
a_byte_order_mark_is_not_part_of_the_line(void **state)
{
	(void)state;
	FINDS("1:3+3 2:0+3", "^foo", 0,
	    "\xef\xbb\xbf"
	    "foo\nfoo\n");
	FINDS("1:3+0", "^", 0,
	    "\xef\xbb\xbf"
	    "foo");
}

static void
long_lines_come_with_an_excerpt(void **state)
{
	size_t len = 5 * 1000 * 1000;
	char *text = malloc(len + 1);

	(void)state;
	memset(text, 'x', len);
	memcpy(text + 4000000, "needle", 6);
	text[len] = '\0';
	FINDS("1:4000000+6", "needle", 0, text);
	assert_int_equal(kept.line_len, len);
	assert_int_equal(kept.cut, 4000000 - 80);
	assert_int_equal(kept.excerpt.len, SEARCH_EXCERPT);
	assert_int_equal(kept.spans[0].at, 80);
	FINDS("1:4000000+1000000", "needle.*", 0, text);
	assert_int_equal(kept.spans[0].len, SEARCH_EXCERPT - 80);
	FINDS("1:0+1", "x", 0, text);
	assert_int_equal(kept.n_spans, SEARCH_SPANS);
	free(text);
}

static void
multi_line_matches_begin_on_their_line(void **state)
{
	(void)state;
	FINDS("1:0+3 3:0+3", "a\\nb", SEARCH_MULTI_LINE, "a\nb\na\nb\n");
	FINDS("2:0+5", "^b\\n+c$", SEARCH_MULTI_LINE, "a\nb\n\n\nc\nd");
	FINDS("", "^\\z", SEARCH_MULTI_LINE, "a\n");
	FINDS("1:1+1", "\\n", SEARCH_MULTI_LINE, "a\n");
}

/* As C. */
static const char *
search_c(const char *pattern, uint32_t flags, const char *text)
{
	struct query q = { .pattern = str_of(pattern), .flags = flags };
	struct search_scan *s;

	buf_clear(&said);
	assert_int_equal(search_scan_open(&s, &q), ERR_NONE);
	search_scan_language(s, lexer_find(STR("a.c"), STR("")));
	search_scan_blob(s, str_of(text), &sink);
	search_scan_close(s);
	return said.at == NULL ? "" : said.at;
}

static void
comments_strings_and_code_are_told_apart(void **state)
{
	static const char text[] = "int foo; /* foo */\n"
				   "x = \"foo\"; // foo\n"
				   "/* begins\n"
				   "   foo */ foo();\n"
				   "foo\n";

	(void)state;
	assert_string_equal(search_c("foo", 0, text),
	    "1:4+3 2:5+3 4:3+3 5:0+3");
	assert_string_equal(search_c("foo", SEARCH_COMMENTS, text),
	    "1:12+3 2:14+3 4:3+3");
	assert_string_equal(search_c("foo", SEARCH_STRINGS, text), "2:5+3");
	assert_string_equal(search_c("foo", SEARCH_CODE, text),
	    "1:4+3 4:10+3 5:0+3");
	assert_string_equal(search_c("foo", SEARCH_CODE | SEARCH_STRINGS, text),
	    "1:4+3 2:5+3 4:10+3 5:0+3");
	/* Of no language all is code. */
	FINDS("1:0+3", "foo", SEARCH_CODE, "foo /* foo */\n");
	FINDS("", "foo", SEARCH_COMMENTS, "/* foo */\n");
}

static void
lines_that_a_backslash_joins_are_one(void **state)
{
	(void)state;
	FINDS("", "memcpy", 0, "x mem\\\ncpy(a)\n");
	FINDS("1:2+8", "memcpy", SEARCH_JOINED, "x mem\\\ncpy(a)\n");
	assert_string_equal(kept_excerpt, "x memcpy(a)");
	FINDS("2:0+9", "memcpy", SEARCH_JOINED, "\nmem\\\r\ncpy(a)\n");
	/* Once each: what is on one line, then what runs over its end. */
	FINDS("1:0+1 2:1+4", "a|bc", SEARCH_JOINED, "a\nxb\\\nc\n");
	FINDS("1:0+1", "a|bc", SEARCH_JOINED, "ab\\\nc\n");
	FINDS("1:2+12", "d\\(.*\\)", SEARCH_JOINED, "# d(a,\\\nb,\\\nc)\n");
	/* A backslash that is not the last, and one at the end of all. */
	FINDS("", "ab", SEARCH_JOINED, "a\\ \nb\na\\");
	FINDS("1:0+2", "ab", SEARCH_JOINED, "ab\\");
}

/* ---- against plain PCRE2, line by line ---- */

/* The definition, with nothing in between. */
static void
plain(struct search_pcre *p, struct str text, bool utf)
{
	struct str rest = text, line;

	for (uint32_t n = 1; str_cut(&rest, '\n', &line); n++) {
		struct search_match m;
		enum search_found f =
		    search_pcre_next(p, false, utf, line, 0, &m);

		if (f == SEARCH_FOUND)
			buf_printf(&said, "%s%u:%zu+%zu",
			    said.len > 0 ? " " : "", n, m.at, m.end - m.at);
		else if (f == SEARCH_FOUND_GAVE_UP)
			buf_printf(&said, "%s!%u", said.len > 0 ? " " : "", n);
	}
}

static unsigned long tables; /* that were walked */
static unsigned long exacts; /* patterns that are a text */

static const struct {
	const char *name;
	enum search_way way;
	bool plain;
	unsigned row; /* bytes of a row of the table */
	bool free;    /* as the plan has it: also what is its own text */
} ways[] = {
	{ "as planned", SEARCH_WAYS, false, 0, true },
	{ "plainly as planned", SEARCH_WAYS, true, 0, true },
	{ "whole", SEARCH_WAY_WHOLE, false, 0, false },
	{ "words", SEARCH_WAY_WORDS, false, 0, false },
	{ "plain words", SEARCH_WAY_WORDS, true, 0, false },
	{ "plain table", SEARCH_WAY_TABLE, false, 0, false },
	{ "table of 16", SEARCH_WAY_TABLE, false, 16, false },
	{ "table of 32", SEARCH_WAY_TABLE, false, 32, false },
};

static void
compare(struct search_scan *s, struct str text, bool utf, unsigned way)
{
	struct search_plan *plan = search_scan_plan(s);
	struct search_dfa *table = NULL;
	unsigned proven = (utf ? SEARCH_SCAN_UTF8 : 0) |
	    (encoding_is_ascii(text) ? SEARCH_SCAN_ASCII : 0);

	if (ways[way].free)
		search_plan_release(plan);
	else
		search_plan_force(plan, ways[way].way);
	search_scan_plain(s, ways[way].plain);
	exacts += ways[way].free && search_scan_is_exact(s);
	if (ways[way].way == SEARCH_WAY_TABLE)
		table = search_plan_table(plan, utf);
	if (table != NULL)
		search_dfa_wide(table, ways[way].row);
	tables += table != NULL;
	buf_clear(&said);
	search_scan_known(s, text, utf ? ENCODING_UTF8 : ENCODING_BYTES, proven,
	    &sink);
}

/* One more line, with a CR, brings in the form that knows of CR; what is in
 * front of it stays as it was. */
static void
compare_with_cr(struct search_scan *s, struct str text, bool utf,
    struct str right)
{
	struct buf more = { 0 };

	if (text.len == 0 || str_find(right, STR("!"), 0) != SIZE_MAX)
		return;
	buf_str(&more, text);
	buf_str(&more, str_ends(text, STR("\n")) ? STR("\r") : STR("\n\r"));
	compare(s, buf_view(&more), utf, 0);
	if (!str_starts(buf_view(&said), right)) {
		print_error("with CR: %s, not %s\n", said.at, right.at);
		search_plan_text(search_scan_plan(s), &said);
		print_error("plan %s\n", said.at);
		assert_true(false);
	}
	buf_release(&more);
}

static void
one_comparison(struct str pattern, uint32_t flags, struct str text)
{
	struct query q = { .pattern = pattern, .flags = flags };
	struct buf right = { 0 };
	struct search_scan *s;
	struct search_pcre *p;
	bool utf;

	err_clear();
	if (search_scan_open(&s, &q) != ERR_NONE)
		return;
	assert_int_equal(search_pcre_open(&p, &q), ERR_NONE);
	utf = encoding_is_utf8(text) && !(search_pcre_flags(p) & SEARCH_BYTES);
	buf_clear(&said);
	plain(p, text, utf);
	buf_str(&right, buf_view(&said));
	buf_str(&right, STR(""));
	/* A line that PCRE2 gives up may be decided without it. */
	for (unsigned way = 0; way < sizeof ways / sizeof *ways &&
	     memchr(right.at, '!', right.len) == NULL;
	     way++) {
		compare(s, text, utf, way);
		if (str_eq(buf_view(&right), buf_view(&said)))
			continue;
		print_error("pattern '%.*s' flags %u utf %d way %s\ntext '",
		    STR_ARG(pattern), flags, utf, ways[way].name);
		for (size_t i = 0; i < text.len; i++)
			print_error(text.at[i] >= ' ' && text.at[i] < 127 ?
				"%c" :
				"\\x%02x",
			    (unsigned char)text.at[i]);
		print_error("'\nfound %s\nplain %s\n", said.at, right.at);
		search_plan_text(search_scan_plan(s), &right);
		print_error("plan %s\n", right.at);
		assert_true(false);
	}
	compare_with_cr(s, text, utf, buf_view(&right));
	buf_release(&right);
	search_scan_close(s);
	search_pcre_close(p);
}

/* PCRE2 10.42 takes what a group has in itself, before it is closed, from
 * another place of a text of many lines: such a pattern is matched line by
 * line, as it is typed. */
static void
a_group_that_refers_to_itself_is_matched_line_by_line(void **state)
{
	static const char text[] =
	    "barsbarKkKfoo\x09"
	    "0x1\x00  abc.abcfooa.bk=>fooabc\n"
	    "\x09\n"
	    "x\xc3\xa9"
	    "foobarfoofoofoo.\n"
	    "-A\xc5\xbf"
	    "0x1a.b\n"
	    "\n"
	    "Kfooa.baaaaaaaa.\x00\xc5\xbf.A- foobar-\n"
	    "foobar-bcab].a.bA\xe5\x86\x85\xe5\xad\x98"
	    "b-\xe2\x84\xaa\xc3\xa9\n"
	    "\n"
	    "^aabc\x00"
	    "akxs\n"
	    "-\x85"
	    "barab\n"
	    "aaaaaaaa-"
	    "\xff\xc5\xbf\xe2\x84\xaa\x00\xe5\x86\x85\xe5\xad\x98\xc3\xa9\xff"
	    "\xe5\x86\x85\xe5\xad\x98\x85"
	    "c\xe2\x84\xaa"
	    "a=>Kcabc0x1\n";

	(void)state;
	one_comparison(STR("(?i:(?<!\\n){1,3}([^k\\s]?\?(?>\\D\\1)|\\v+?)*+"
			   "bar.*)c*+\\v{0,1}"),
	    SEARCH_WORD, (struct str){ text, sizeof text - 1 });
}

/* The same of a group that is repeated and gives nothing back, whose last
 * turn took nothing. */
static void
so_is_one_that_refers_to_a_possessive_group(void **state)
{
	static const char pattern[] =
	    "(?<n>foobar?ab?|(?=(?i)foobar)+)*+[\\x00-\\x1f\xc3\xa9"
	    "[:space:]]\\1a";
	struct buf text = { 0 };

	(void)state;
	search_random_seed(8);
	for (int i = 0; i < 3000; i++) {
		buf_clear(&text);
		while (text.len < 200)
			search_random_text(&text);
		one_comparison(str_of(pattern), SEARCH_BYTES, buf_view(&text));
	}
	buf_release(&text);
}

/* A text as a pattern: letters, what has a meaning behind a backslash, and an
 * edge on either side now and then. */
static void
random_exact(struct buf *b, bool literal)
{
	static const char *const pieces[] = { "a", "b", "ab", "foo", "bar", "k",
		"=>", "0x", " ", "-", "é", "内存", "x", "\t", "a b", "K" };
	static const char *const quoted[] = { "\\.", "\\^", "\\]", "\\-",
		"\\\\" };

	if (!literal && search_random(4) == 0)
		buf_str(b, STR("\\b"));
	for (unsigned n = 1 + search_random(3); n > 0; n--)
		if (!literal && search_random(6) == 0)
			buf_str(b, str_of(quoted[search_random(5)]));
		else
			buf_str(b, str_of(pieces[search_random(16)]));
	if (!literal && search_random(4) == 0)
		buf_str(b, STR("\\b"));
}

static void
what_is_its_own_text_is_found_without_pcre2_as_with_it(void **state)
{
	static const uint32_t some[] = { 0, 0, SEARCH_WORD, SEARCH_BYTES,
		SEARCH_UNICODE, SEARCH_LITERAL, SEARCH_LITERAL | SEARCH_WORD,
		SEARCH_IGNORE_CASE };
	const char *wanted = getenv("SEARCH_CASES");
	unsigned long cases = wanted == NULL ? 3000 : strtoul(wanted, NULL, 10);
	struct buf pattern = { 0 }, text = { 0 };

	(void)state;
	exacts = 0;
	for (unsigned long i = 0; i < cases; i++) {
		uint32_t flags = some[search_random(8)];

		buf_clear(&pattern);
		random_exact(&pattern, flags & SEARCH_LITERAL);
		for (int k = 0; k < 2; k++) {
			buf_clear(&text);
			while (text.len < (k == 0 ? 20 : 200))
				search_random_text(&text);
			one_comparison(buf_view(&pattern), flags,
			    buf_view(&text));
		}
	}
	/* Twice for each text, and most of them are. */
	assert_true(exacts > 2 * cases);
	buf_release(&pattern);
	buf_release(&text);
}

static void
a_count_says_where_and_nothing_more(void **state)
{
	static const char text[] = "a foo foo\nfoo\nno\n";
	struct query q = { .pattern = STR("fo+") };
	struct search_scan *s;

	(void)state;
	assert_int_equal(search_scan_open(&s, &q), ERR_NONE);
	for (uint8_t detail = 0; detail < SEARCH_DETAILS; detail++) {
		buf_clear(&said);
		search_scan_detail(s, detail);
		search_scan_blob(s, str_of(text), &sink);
		assert_string_equal(said.at, "1:2+3 2:0+3");
	}
	assert_int_equal(kept.excerpt.len, 0);
	assert_int_equal(kept.n_spans, 0);
	search_scan_detail(s, SEARCH_DETAIL_LINE);
	search_scan_blob(s, STR("a foo foo\n"), &sink);
	assert_int_equal(kept.n_spans, 1);
	assert_string_equal(kept_excerpt, "a foo foo");
	search_scan_close(s);
}

static void
what_is_found_is_what_pcre2_finds_line_by_line(void **state)
{
	const char *wanted = getenv("SEARCH_CASES");
	unsigned long cases = wanted == NULL ? 3000 : strtoul(wanted, NULL, 10);
	struct buf pattern = { 0 }, text = { 0 };

	(void)state;
	if (getenv("SEARCH_SEED") != NULL)
		search_random_seed(strtoull(getenv("SEARCH_SEED"), NULL, 10));
	for (unsigned long i = 0; i < cases; i++) {
		static const uint32_t some[] = { 0, 0, 0, SEARCH_IGNORE_CASE,
			SEARCH_WORD, SEARCH_BYTES, SEARCH_UNICODE,
			SEARCH_IGNORE_CASE | SEARCH_UNICODE };

		buf_clear(&pattern);
		search_random_pattern(&pattern, 0);
		for (int k = 0; k < 4; k++) {
			buf_clear(&text);
			search_random_text(&text);
			/* Long enough to be walked in several places. */
			while (search_random(3) == 0 || text.len % 4 == 3)
				search_random_text(&text);
			while (k == 3 && text.len > 0 && text.len < 1500)
				search_random_text(&text);
			one_comparison(buf_view(&pattern),
			    some[search_random(8)], buf_view(&text));
		}
	}
	assert_true(cases < 1000 || tables > cases);
	buf_release(&pattern);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hit_is_a_line_with_the_first_match),
		cmocka_unit_test(
		    the_last_line_needs_no_newline_and_none_follows_it),
		cmocka_unit_test(empty_matches_are_hits),
		cmocka_unit_test(nothing_in_a_line_runs_over_its_end),
		cmocka_unit_test(a_dollar_stands_before_the_cr_of_a_crlf),
		cmocka_unit_test(nul_bytes_are_text),
		cmocka_unit_test(types_match_characters_of_many_bytes),
		cmocka_unit_test(invalid_bytes_do_not_hide_a_line),
		cmocka_unit_test(case_and_words_and_literals),
		cmocka_unit_test(a_pattern_that_is_none_gets_one_line),
		cmocka_unit_test(limits_are_announced_with_their_line),
		cmocka_unit_test(text_is_found_in_every_encoding),
		cmocka_unit_test(a_wrong_guess_loses_no_ascii),
		cmocka_unit_test(a_byte_order_mark_is_not_part_of_the_line),
		cmocka_unit_test(long_lines_come_with_an_excerpt),
		cmocka_unit_test(multi_line_matches_begin_on_their_line),
		cmocka_unit_test(comments_strings_and_code_are_told_apart),
		cmocka_unit_test(lines_that_a_backslash_joins_are_one),
		cmocka_unit_test(
		    a_group_that_refers_to_itself_is_matched_line_by_line),
		cmocka_unit_test(so_is_one_that_refers_to_a_possessive_group),
		cmocka_unit_test(a_count_says_where_and_nothing_more),
		cmocka_unit_test(
		    what_is_its_own_text_is_found_without_pcre2_as_with_it),
		cmocka_unit_test(
		    what_is_found_is_what_pcre2_finds_line_by_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
