#include "core/text.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static const struct text_style utf8;

/* The line as seen, tokens and all. */
static void
shows_as(struct str line, struct text_style style, const char *want)
{
	struct buf b = { 0 };

	text_show(&b, line, style, 10000);
	buf_char(&b, '\0');
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static enum text_kind
kind_of(struct str line)
{
	struct text t = text_of(line, utf8);
	struct text_glyph g;

	assert_true(text_next(&t, &g));
	return g.kind;
}

static void
control_bytes_are_seen(void **state)
{
	(void)state;
	shows_as(STR("a\x1b[31m\0\r\x7f"), utf8, "a^[[31m^@^M^?");
	shows_as(STR("k\nnl.c"), utf8, "k<0A>nl.c");
	shows_as(STR("\xc2\x9b"), utf8, "<U+009B>");
	assert_int_equal(kind_of(STR("\b")), TEXT_CONTROL);
	assert_int_equal(kind_of(STR("\t")), TEXT_TAB);
}

static void
an_invalid_byte_swallows_nothing(void **state)
{
	(void)state;
	shows_as(STR("caf\xe9)x"), utf8, "caf<E9>)x");
	shows_as(STR("\x9b"
		     "31m"),
	    utf8, "<9B>31m");
	shows_as(STR("\xe6\x97"), utf8, "<E6><97>");
	shows_as(STR("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80"), utf8,
	    "<C0><AF><ED><A0><80><F4><90><80><80>");
	assert_int_equal(kind_of(STR("\xff")), TEXT_INVALID);
}

static void
what_hides_is_shown(void **state)
{
	(void)state;
	shows_as(STR("a\u202e;\u2066\u200b\u00ad\ufeff\u3164"), utf8,
	    "a<U+202E>;<U+2066><U+200B><U+00AD><U+FEFF><U+3164>");
	shows_as(STR("\U000e0041\ufe0f\u115f\uffa0\u180e\u034f"), utf8,
	    "<U+E0041><U+FE0F><U+115F><U+FFA0><U+180E><U+034F>");
	shows_as(STR("\ue000\uffff\u2028\u0378\U0010fffd"), utf8,
	    "<U+E000><U+FFFF><U+2028><U+0378><U+10FFFD>");
	assert_int_equal(kind_of(STR("\u061c")), TEXT_BIDI);
	assert_int_equal(kind_of(STR("\u2069")), TEXT_BIDI);
	assert_int_equal(kind_of(STR("\u200d")), TEXT_HIDDEN);
	assert_int_equal(kind_of(STR("\ue000")), TEXT_ODD);
	/* and what is plainly there is left alone */
	shows_as(STR("日本語 äß Ж א"), utf8, "日本語 äß Ж א");
}

static void
one_mark_sits_on_its_base_and_a_second_is_shown(void **state)
{
	struct text t = text_of(STR("e\u0301x"), utf8);
	struct text_glyph g;

	(void)state;
	assert_true(text_next(&t, &g));
	assert_int_equal(g.ch, 'e');
	assert_int_equal(g.mark, 0x301);
	assert_int_equal(g.len, 3);
	assert_int_equal(g.width, 1);
	shows_as(STR("\u0301e\u0301\u0302"), utf8, "<U+0301>e\u0301<U+0302>");
	assert_int_equal(kind_of(STR("\u0301")), TEXT_MARK);
}

static void
other_encodings_are_read_byte_by_byte(void **state)
{
	struct text_style s = { .encoding = TEXT_LATIN1 };

	(void)state;
	shows_as(STR("caf\xe9\x9b\xad"), s, "café<9B><AD>");
	s.encoding = TEXT_BYTES;
	shows_as(STR("caf\xe9 e\xcc\x81"), s, "caf<E9> e<CC><81>");
}

static void
a_small_font_gets_tokens(void **state)
{
	struct text_style s = { .ascii = true };

	(void)state;
	shows_as(STR("a日e\u0301"), s, "a<U+65E5>e<U+0301>");
	s.encoding = TEXT_LATIN1;
	shows_as(STR("\xe9"), s, "<E9>");
}

static void
tabs_go_to_their_stops(void **state)
{
	struct text_style s = { .tab = 4 };

	(void)state;
	assert_int_equal(text_width(STR("\t"), utf8), 8);
	assert_int_equal(text_width(STR("1234567\t"), utf8), 8);
	assert_int_equal(text_width(STR("12345678\t|"), utf8), 17);
	assert_int_equal(text_width(STR("日\t"), s), 4);
}

/* Everything a line can be made of, at every length. */
static const char pieces[] = "日本語のファイルe\xcc\x81日\xcc\x81本語語語"
			     "ab\tc日\xe9本e\xcc\x81\xcc\x82\x1b[\xe2\x80\xae"
			     "0123456789abcdefghijklmnop\xc3\xa4rest of it";

static void
every_byte_belongs_to_one_glyph(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof pieces; len++) {
		struct text t = text_of((struct str){ pieces, len }, utf8);
		struct text_glyph g;
		size_t at = 0;
		uint32_t column = 0;

		while (text_next(&t, &g)) {
			assert_int_equal(g.at, at);
			assert_int_equal(g.column, column);
			assert_true(g.len > 0 && g.width > 0);
			assert_true((g.ch != 0) + (g.token[0] != 0) +
				(g.kind == TEXT_TAB) ==
			    1);
			at += g.len;
			column += g.width;
		}
		assert_int_equal(at, len);
		assert_int_equal(text_width((struct str){ pieces, len }, utf8),
		    column);
	}
}

static void
seeking_finds_what_walking_finds(void **state)
{
	struct str line = { pieces, sizeof pieces - 1 };
	uint32_t width = text_width(line, utf8);

	(void)state;
	for (uint32_t c = 0; c <= width + 3; c++) {
		struct text a = text_of(line, utf8), b = a;
		struct text_glyph g;

		text_seek(&a, c);
		while (b.spot.column < c) {
			struct text_spot before = b.spot;

			if (!text_next(&b, &g))
				break;
			if (b.spot.column > c) {
				b.spot = before;
				break;
			}
		}
		assert_int_equal(a.spot.at, b.spot.at);
		assert_int_equal(a.spot.column, b.spot.column);
	}
	for (size_t at = 0; at <= line.len; at++) {
		struct text t = text_of(line, utf8);
		struct text_glyph g;

		text_seek_byte(&t, at);
		assert_true(t.spot.at <= at);
		if (text_next(&t, &g))
			assert_true(g.at + g.len > at || at == 0);
	}
}

static void
a_line_wraps_between_glyphs_and_gets_on(void **state)
{
	(void)state;
	assert_int_equal(text_fit(STR("abcdef"), utf8, 4), 4);
	assert_int_equal(text_fit(STR("abc日"), utf8, 4), 3);
	assert_int_equal(text_fit(STR("日"), utf8, 1), 3);
	assert_int_equal(text_fit(STR(""), utf8, 4), 0);
	assert_int_equal(text_fit(STR("e\u0301f"), utf8, 1), 3);
}

static void
hazards_are_counted_by_kind(void **state)
{
	struct text_counts n;

	(void)state;
	text_count(STR("one\r\ntwo\r\nthree\rfour\n\u202e\xff\u200b\tx\n"),
	    utf8, &n);
	assert_int_equal(n.lf, 4);
	assert_int_equal(n.crlf, 2);
	assert_int_equal(n.kinds[TEXT_CONTROL], 1);
	assert_int_equal(n.kinds[TEXT_BIDI], 1);
	assert_int_equal(n.kinds[TEXT_INVALID], 1);
	assert_int_equal(n.kinds[TEXT_HIDDEN], 1);
	assert_int_equal(n.kinds[TEXT_TAB], 1);
	assert_int_equal(n.first, 15);
	text_count(STR("quite harmless\n"), utf8, &n);
	assert_int_equal(n.first, SIZE_MAX);
	assert_int_equal(n.kinds[TEXT_PLAIN], 14);
}

static void
hazards_are_found_both_ways_from_anywhere(void **state)
{
	struct str s = STR("e\xcc\x81\xe2\x80\xae\r\n日\xff"
			   "012345678901\x1b\n");
	const size_t want[] = { 3, 11, 24 };

	(void)state;
	for (size_t at = 0; at <= s.len; at++) {
		size_t next = SIZE_MAX, prev = SIZE_MAX;

		for (size_t i = 0; i < 3; i++) {
			if (want[i] >= at && next == SIZE_MAX)
				next = want[i];
			if (want[i] < at)
				prev = want[i];
		}
		assert_int_equal(text_next_hazard(s, utf8, at), next);
		assert_int_equal(text_prev_hazard(s, utf8, at), prev);
	}
}

static void
finding_is_smart_about_case(void **state)
{
	(void)state;
	assert_int_equal(text_find(STR("a Foo foo"), STR("foo"), 0), 2);
	assert_int_equal(text_find(STR("a foo Foo"), STR("Foo"), 0), 6);
	assert_int_equal(text_find(STR("xFOOx"), STR("foo"), 2), SIZE_MAX);
	assert_int_equal(text_find(STR("ffo fOo"), STR("foo"), 0), 4);
	assert_int_equal(text_find(STR("ab"), STR("abc"), 0), SIZE_MAX);
	assert_int_equal(text_find(STR("x_y"), STR("_Y"), 0), SIZE_MAX);
	assert_int_equal(text_find(STR("x_Y"), STR("_y"), 0), 1);
}

static void
finding_all_in_a_large_text_is_one_pass(void **state)
{
	enum { LINES = 300 * 1000 };
	struct buf b = { 0 };
	size_t n = 0, at = 0;

	(void)state;
	for (int i = 0; i < LINES; i++)
		buf_str(&b, STR("int variable = 0;  /* lower case only */\n"));
	while ((at = text_find(buf_view(&b), STR("int"), at)) != SIZE_MAX) {
		n++;
		at++;
	}
	assert_int_equal(n, LINES);
	buf_release(&b);
}

static void
utf8_goes_both_ways(void **state)
{
	const uint32_t some[] = { 0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000,
		0x10ffff };
	struct buf b = { 0 };
	struct str s;
	uint32_t ch;

	(void)state;
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		text_put_utf8(&b, some[i]);
	s = buf_view(&b);
	assert_true(text_is_utf8(s));
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		assert_true(text_take_utf8(&s, &ch));
		assert_int_equal(ch, some[i]);
	}
	assert_false(text_take_utf8(&s, &ch));
	assert_false(text_is_utf8(STR("a\xc3")));
	buf_release(&b);
}

static void
nothing_a_terminal_obeys_may_be_drawn(void **state)
{
	(void)state;
	for (uint32_t ch = 0; ch < 0x20; ch++)
		assert_int_equal(text_columns(ch), -1);
	for (uint32_t ch = 0x7f; ch < 0xa0; ch++)
		assert_int_equal(text_columns(ch), -1);
	assert_int_equal(text_columns(0x202e), -1);
	assert_int_equal(text_columns('a'), 1);
	assert_int_equal(text_columns(0x65e5), 2);
	assert_int_equal(text_columns(0x301), 0);
}

static void
a_line_of_five_million_columns_has_an_end(void **state)
{
	size_t len = 5 * 1000 * 1000;
	char *at = malloc(len + 2);
	struct str line = { at, len + 2 };
	struct text t;

	(void)state;
	memset(at, 'x', len);
	memcpy(at + len, "\xc3\xa4", 2);
	assert_int_equal(text_width(line, utf8), len + 1);
	t = text_of(line, utf8);
	text_seek(&t, (uint32_t)len);
	assert_int_equal(t.spot.at, len);
	free(at);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_bytes_are_seen),
		cmocka_unit_test(an_invalid_byte_swallows_nothing),
		cmocka_unit_test(what_hides_is_shown),
		cmocka_unit_test(
		    one_mark_sits_on_its_base_and_a_second_is_shown),
		cmocka_unit_test(other_encodings_are_read_byte_by_byte),
		cmocka_unit_test(a_small_font_gets_tokens),
		cmocka_unit_test(tabs_go_to_their_stops),
		cmocka_unit_test(every_byte_belongs_to_one_glyph),
		cmocka_unit_test(seeking_finds_what_walking_finds),
		cmocka_unit_test(a_line_wraps_between_glyphs_and_gets_on),
		cmocka_unit_test(hazards_are_counted_by_kind),
		cmocka_unit_test(hazards_are_found_both_ways_from_anywhere),
		cmocka_unit_test(finding_is_smart_about_case),
		cmocka_unit_test(finding_all_in_a_large_text_is_one_pass),
		cmocka_unit_test(utf8_goes_both_ways),
		cmocka_unit_test(nothing_a_terminal_obeys_may_be_drawn),
		cmocka_unit_test(a_line_of_five_million_columns_has_an_end),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
