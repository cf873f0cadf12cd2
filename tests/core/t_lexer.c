#include "core/lexer.h"

#include <stdlib.h>
#include <string.h>

#include "core/lexer_table.h"

#include "tests/t.h"

enum { SPANS = 256 };

/*
 * What the lexer says of a text, one letter per byte: blank plain, c comment,
 * s string, n number, k keyword, t type, m macro; line ends as they are.
 */
static const char *
paint(const char *file, const char *text)
{
	static const char letters[] = " csnktm";
	static char out[4096];
	const struct language *l = lexer_find(str_of(file), str_of(text));
	struct lexer_span span[SPANS];
	struct str rest = str_of(text), line;
	uint32_t state = 0;
	size_t len = 0, n;

	while (str_cut(&rest, '\n', &line)) {
		memset(out + len, ' ', line.len);
		state = lexer_line(l, state, line, span, SPANS, &n);
		for (size_t i = 0; i < n; i++)
			memset(out + len + span[i].from, letters[span[i].kind],
			    span[i].len);
		len += line.len;
		out[len++] = '\n';
	}
	out[len] = '\0';
	return out;
}

static void
c_is_told_apart(void **state)
{
	(void)state;
	assert_string_equal(paint("a.c", "int x = 0x1F; // y \"z\"\n"),
	    "ttt     nnnn  cccccccc\n");
	assert_string_equal(paint("a.c", "char *s = \"a\\\"b\"; /* c */ if\n"),
	    "tttt      ssssss  ccccccc kk\n");
	assert_string_equal(paint("a.c", "#include <stdio.h> // x\n"),
	    "mmmmmmmm sssssssss cccc\n");
	assert_string_equal(paint("a.c", "  # define X 1\n"),
	    "  mmmmmmmm   n\n");
}

static void
what_is_open_goes_on_in_the_next_line(void **state)
{
	(void)state;
	assert_string_equal(paint("a.c", "/* a\n\n b */ if\n"),
	    "cccc\n\nccccc kk\n");
	assert_string_equal(paint("a.c", "// a \\\nif\nif\n"),
	    "cccccc\ncc\nkk\n");
	assert_string_equal(paint("a.c", "\"a\\\nb\" if\n"), "sss\nss kk\n");
	assert_string_equal(paint("a.py", "\"\"\"a\nif \"x\"\n\"\"\" if\n"),
	    "ssss\nssssss\nsss kk\n");
	assert_string_equal(paint("a.rs", "/* /* */\nif */ if\n"),
	    "cccccccc\nccccc kk\n");
	assert_string_equal(paint("a.js", "`a\n${b}` if\n"), "ss\nsssss kk\n");
	assert_string_equal(paint("a.xml", "<a\nb=\"c\">d</a>\n"),
	    "kk\nt sssk kkkk\n");
}

static void
an_unclosed_string_ends_with_its_line(void **state)
{
	(void)state;
	assert_string_equal(paint("a.c", "x = \"a\nif\n"), "    ss\nkk\n");
}

static void
raw_strings_and_here_documents_end_at_their_own_word(void **state)
{
	(void)state;
	assert_string_equal(paint("a.cc", "R\"x(a)\"\n)y\" )x\" if\n"),
	    "sssssss\nsssssss kk\n");
	assert_string_equal(paint("a.rs", "r#\"a\"\n\"# if\n"),
	    "sssss\nss kk\n");
	assert_string_equal(paint("a.sh", "cat <<-'EOF' |x\nif\n\tEOF\nif\n"),
	    "    ssssssss   \nss\nssss\nkk\n");
	assert_string_equal(paint("a.sh", "cat <<EOF\nif\n\tEOF\nEOF\nif\n"),
	    "    sssss\nss\nssss\nsss\nkk\n");
}

static void
a_quote_is_a_character_only_round_one(void **state)
{
	(void)state;
	assert_string_equal(paint("a.rs", "&'a T 'b' '\\n' 'long\n"),
	    "      sss ssss      \n");
	assert_string_equal(paint("a.rs", "'\303\251' if\n"), "ssss kk\n");
}

static void
a_slash_divides_after_a_value(void **state)
{
	(void)state;
	assert_string_equal(paint("a.js", "x = /'[/]/g; if\n"),
	    "    sssssss  kk\n");
	assert_string_equal(paint("a.js", "x = a / 'b' / c\n"),
	    "        sss    \n");
}

static void
names_and_first_lines_tell_the_language(void **state)
{
	const struct {
		const char *path, *head, *name;
	} want[] = {
		{ "src/a.c", "", "C" },
		{ "a.hpp", "", "C++" },
		{ "x/Makefile", "", "make" },
		{ "Makefile.am", "", "make" },
		{ "config.h.in", "", "C" },
		{ "run", "#!/usr/bin/env python3\n", "Python" },
		{ "run", "#!/bin/sh -e\n", "shell" },
		{ "run", "#! /bin/bash\n", "shell" },
		{ "a.unknown", "#!\n", "text" },
		{ "", "", "text" },
		{ "a.c/readme", "", "text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
		assert_string_equal(lexer_name(lexer_find(str_of(want[i].path),
					str_of(want[i].head))),
		    want[i].name);
}

static void
word_lists_have_a_blank_round_every_word(void **state)
{
	(void)state;
	for (size_t i = 0; lexer_table[i] != NULL; i++) {
		const char *lists[] = { lexer_table[i]->keywords,
			lexer_table[i]->types };

		for (size_t k = 0; k < 2; k++) {
			if (lists[k] == NULL)
				continue;
			assert_int_equal(lists[k][0], ' ');
			assert_int_equal(lists[k][strlen(lists[k]) - 1], ' ');
			assert_null(strstr(lists[k], "  "));
		}
		for (size_t k = 0; k < LEXER_PAIRS; k++) {
			const struct lexer_pair *p = &lexer_table[i]->pairs[k];

			if (p->open == NULL)
				break;
			assert_true(p->open[0] != '\0');
			assert_true(
			    p->close[0] != '\0' || p->flags & PAIR_TO_END);
		}
	}
}

/* Spans are in order, apart, in the line, and do not change the state. */
static void
check_line(const struct language *l, uint32_t from, struct str line)
{
	struct lexer_span span[SPANS];
	size_t n, end = 0;
	uint32_t next = lexer_line(l, from, line, span, SPANS, &n);

	assert_int_equal(next, lexer_line(l, from, line, NULL, 0, NULL));
	for (size_t i = 0; i < n; i++) {
		assert_true(span[i].from >= end && span[i].len > 0);
		end = span[i].from + span[i].len;
		assert_true(end <= line.len && end <= LEXER_LINE_MAX);
		assert_true(span[i].kind != LEXER_PLAIN);
	}
}

static void
any_bytes_from_any_state_stay_in_bounds(void **state)
{
	static const char likely[] =
	    "\"'`/*#<>({[]})\\$@-_=; \nifrRx0.\200\377";
	uint32_t seed = 20240101;
	char text[64];

	(void)state;
	for (size_t round = 0; round < 60000; round++) {
		size_t len = round % sizeof text, l = round % 32;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			text[i] = likely[(seed >> 16) % (sizeof likely - 1)];
		}
		check_line(lexer_table[l], round % 3 == 0 ? seed : 0,
		    (struct str){ text, len });
	}
}

static void
every_state_of_one_byte_is_safe_on_every_language(void **state)
{
	(void)state;
	for (size_t l = 0; lexer_table[l] != NULL; l++)
		for (uint32_t s = 0; s < 256; s++) {
			check_line(lexer_table[l], s, STR("x */ \" ' ) > #"));
			check_line(lexer_table[l], s | 0xffff00, STR(""));
		}
}

static void
bytes_beyond_the_cap_are_plain_and_what_is_open_stays(void **state)
{
	size_t len = LEXER_LINE_MAX + 100;
	char *line = malloc(len);
	struct lexer_span span[4];
	size_t n;
	uint32_t next;

	(void)state;
	memset(line, ' ', len);
	memcpy(line, "/*", 2);
	memcpy(line + len - 2, "*/", 2);
	next = lexer_line(lexer_find(STR("a.c"), STR("")), 0,
	    (struct str){ line, len }, span, 4, &n);
	assert_int_equal(n, 1);
	assert_int_equal(span[0].len, LEXER_LINE_MAX);
	assert_int_not_equal(next, 0);
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(c_is_told_apart),
		cmocka_unit_test(what_is_open_goes_on_in_the_next_line),
		cmocka_unit_test(an_unclosed_string_ends_with_its_line),
		cmocka_unit_test(
		    raw_strings_and_here_documents_end_at_their_own_word),
		cmocka_unit_test(a_quote_is_a_character_only_round_one),
		cmocka_unit_test(a_slash_divides_after_a_value),
		cmocka_unit_test(names_and_first_lines_tell_the_language),
		cmocka_unit_test(word_lists_have_a_blank_round_every_word),
		cmocka_unit_test(any_bytes_from_any_state_stay_in_bounds),
		cmocka_unit_test(
		    every_state_of_one_byte_is_safe_on_every_language),
		cmocka_unit_test(
		    bytes_beyond_the_cap_are_plain_and_what_is_open_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
