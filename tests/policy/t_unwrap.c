#include "policy/unwrap.h"

#include "tests/t.h"

#include <string.h>

#define PLAIN "static int decode(struct ring *r, size_t n)"

/* Whether one of the texts found holds PLAIN; where its first byte was. */
static bool seen;
static uint32_t seen_at;

static void
look(void *arg, const struct canon *c, bool cut)
{
	size_t n = strlen(PLAIN);

	(void)arg;
	(void)cut;
	for (size_t i = 0; i + n <= c->n && !seen; i++)
		if (memcmp(c->c + i, PLAIN, n) == 0) {
			seen = true;
			seen_at = c->at[i];
		}
}

/* The same with line ends where PLAIN has blanks. */
static void
look_lines(void *arg, const struct canon *c, bool cut)
{
	static const char lines[] = "static int\ndecode(struct\nring *r, "
				    "size_t n)";

	(void)arg;
	(void)cut;
	for (size_t i = 0; i + sizeof lines - 1 <= c->n; i++)
		seen = seen || memcmp(c->c + i, lines, sizeof lines - 1) == 0;
}

static bool
look_through(struct str text, unwrap_fn *fn)
{
	struct unwrap_text t = { text, 0, 0 };

	return unwrap_each(&t, fn, NULL);
}

static bool
finds(const char *text)
{
	seen = false;
	assert_false(look_through(str_of(text), look));
	return seen;
}

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
base64(struct buf *out, struct str s, size_t line)
{
	size_t column = 0;

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 |
			    (i + k < s.len ? (unsigned char)s.at[i + k] : 0);
		for (size_t k = 0; k < 4; k++) {
			buf_char(out,
			    i + k > s.len ? '=' :
					    alphabet[v >> (18 - 6 * k) & 63]);
			if (++column % line == 0)
				buf_char(out, '\n');
		}
	}
}

static void
a_plain_text_is_found_as_it_is(void **state)
{
	(void)state;
	assert_true(finds("see " PLAIN " there"));
	assert_int_equal(seen_at, 4);
	assert_false(finds("see static int there"));
}

static void
hex_is_decoded_with_any_gaps(void **state)
{
	static const char *const gaps[] = { "", " ", ":", ", 0x", "\\x", "\n" };

	(void)state;
	for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
		struct buf b = { 0 };

		buf_str(&b, STR("it was "));
		for (const char *p = PLAIN; *p != '\0'; p++) {
			buf_str(&b, str_of(gaps[g]));
			buf_printf(&b, g % 2 == 0 ? "%02x" : "%02X",
			    (unsigned char)*p);
		}
		assert_true(finds(b.at));
		assert_in_range(seen_at, 6, 12);
		buf_release(&b);
	}
}

static void
base64_is_decoded_on_one_line_or_many(void **state)
{
	static const size_t lines[] = { 1000, 20, 16 };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct buf b = { 0 };

		buf_str(&b, STR("it was: "));
		base64(&b, STR(PLAIN), lines[i]);
		buf_str(&b, STR(" there"));
		assert_true(finds(b.at));
		assert_int_equal(seen_at, 8);
		buf_release(&b);
	}
}

static void
letters_in_front_do_not_hide_base64(void **state)
{
	static const char *const front[] = { "Q", "QQ", "QQQ" };

	(void)state;
	for (size_t i = 0; i < sizeof front / sizeof *front; i++) {
		struct buf b = { 0 };

		buf_str(&b, str_of(front[i]));
		base64(&b, STR(PLAIN), 1000);
		assert_true(finds(b.at));
		buf_release(&b);
	}
}

static void
an_encoding_in_an_encoding_is_decoded_three_deep(void **state)
{
	struct buf b = { 0 }, next = { 0 };

	(void)state;
	buf_str(&b, STR(PLAIN));
	for (int depth = 1; depth <= UNWRAP_DEPTH + 1; depth++) {
		buf_clear(&next);
		base64(&next, buf_view(&b), 1000);
		buf_clear(&b);
		buf_str(&b, buf_view(&next));
		assert_int_equal(finds(b.at), depth <= UNWRAP_DEPTH);
	}
	buf_release(&b);
	buf_release(&next);
}

/* PLAIN with some or all characters written as something else. */
static void
characters_written_one_by_one_are_put_together(void **state)
{
	static const char *const texts[] = {
		"static%20int%20decode(struct%20ring%20*r%2C%20size_t%20n%29",
		"static=20int=20decode(struct=20rin=\ng *r, size_t=20n=29",
		"static&#32;int&#x20;decode&lpar;struct&nbsp;ring *r, size_t "
		"n&rpar;",
		"static int\\040decode\\50struct ring *r\\x2c size_t n)",
	};
	static const char uu[] = "Begun with these words.\n"
				 "K<W1A=&EC(&EN=\"!D96-O9&4H<W1R=6-T(')I;F<@*G("
				 "L('-I>F5?=\"!N*0``\n`\nend\n";
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_true(finds(texts[i]));
	assert_true(finds(uu));
	buf_str(&b, STR("In all: "));
	for (size_t i = 0; i < strlen(PLAIN); i++)
		buf_printf(&b, "%s%u", i == 0 ? "" : ", ", PLAIN[i]);
	assert_true(finds(b.at));
	assert_int_equal(seen_at, 8);
	buf_clear(&b);
	for (size_t i = 0; i < strlen(PLAIN); i++)
		for (int k = 7; k >= -1; k--)
			buf_char(&b,
			    k < 0 ? ' ' : (char)('0' + (PLAIN[i] >> k & 1)));
	buf_char(&b, '.');
	buf_char(&b, 0);
	assert_true(finds(b.at));
	/* Other numbers, and too few escapes, are what they are. */
	assert_false(finds("static%20int decode(struct ring *r, size_t%20n)"));
	assert_false(finds("115 116 97 300 116 105 99 32 105 110 116 32 100"));
	buf_release(&b);
}

static void
base32_is_decoded_wherever_it_begins(void **state)
{
	static const char text[] =
	    "ON2GC5DJMMQGS3TUEBSGKY3PMRSSQ43UOJ2WG5BAOJUW4ZZAFJZCYIDTNF5GKX3U"
	    "EBXCS===";
	struct buf b = { 0 };

	(void)state;
	assert_true(finds(text));
	buf_printf(&b, "abc%s", text);
	assert_true(finds(b.at));
	buf_release(&b);
}

/* First put right, then decoded. */
static void
what_was_turned_after_it_was_encoded_is_decoded(void **state)
{
	(void)state;
	/* base64, its letters moved on by 13 */
	assert_true(finds("p3EuqTywVTyhqPOxMJAiMTHbp3ElqJA0VUWcozptXaVfVUAcrz"
			  "IsqPOhXD=="));
	/* hex, from its end */
	assert_true(finds("92e60247f556a7963702c227a20276e6962702473657274737"
			  "825646f63656460247e69602369647164737"));
}

static void
texts_of_json_are_read_as_they_mean(void **state)
{
	(void)state;
	assert_true(finds("{\"a\":\"static int\\u0020decode(struct ring *r, "
			  "size_t n)\"}"));
	assert_int_equal(seen_at, 6);
	assert_true(finds("{\"a\":\"\\u0073tatic int decode(struct ring *r, "
			  "size_t n)\"}"));
	assert_false(finds("{\"a\":\"static int\\u00"));
}

static void
what_was_split_over_many_notes_is_joined(void **state)
{
	(void)state;
	seen = false;
	assert_false(look_through(
	    STR("{\"a\":[{\"text\":\"static int\","
		"\"b\":\"x\"},{\"text\":\"decode(struct\",\"b\":\"y\"},"
		"{\"text\":\"ring *r, size_t n)\"}]}"),
	    look_lines));
	assert_true(seen);
}

static void
too_much_to_decode_is_said(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < UNWRAP_BYTES + 100; i++)
		buf_str(&b, STR("61"));
	assert_true(look_through(buf_view(&b), look));
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_text_is_found_as_it_is),
		cmocka_unit_test(hex_is_decoded_with_any_gaps),
		cmocka_unit_test(base64_is_decoded_on_one_line_or_many),
		cmocka_unit_test(letters_in_front_do_not_hide_base64),
		cmocka_unit_test(
		    an_encoding_in_an_encoding_is_decoded_three_deep),
		cmocka_unit_test(
		    characters_written_one_by_one_are_put_together),
		cmocka_unit_test(base32_is_decoded_wherever_it_begins),
		cmocka_unit_test(
		    what_was_turned_after_it_was_encoded_is_decoded),
		cmocka_unit_test(texts_of_json_are_read_as_they_mean),
		cmocka_unit_test(what_was_split_over_many_notes_is_joined),
		cmocka_unit_test(too_much_to_decode_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
