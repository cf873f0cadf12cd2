#include "core/search_plan.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct buf b;

static const char *
plan(const char *pattern, uint32_t flags)
{
	struct query q = { .pattern = str_of(pattern), .flags = flags };
	struct search_pcre *p;
	struct search_plan *made;

	buf_clear(&b);
	err_clear();
	assert_int_equal(search_pcre_open(&p, &q), ERR_NONE);
	made = search_plan_open(p);
	search_plan_text(made, &b);
	search_plan_close(made);
	search_pcre_close(p);
	return b.at;
}

/* What the planner finds by itself in the queries of the bench. */
static void
words_are_found_in_patterns(void **state)
{
	static const struct {
		const char *pattern;
		uint32_t flags;
		const char *plan;
	} rows[] = {
		{ "hv_kexec_handler", 0, "words hv_kexec_handler" },
		{ "=>", 0, "words =>" },
		{ "\\bkmalloc\\b", 0, "words kmalloc" },
		{ "buffer", SEARCH_IGNORE_CASE, "words /buffer/" },
		{ "\\b(strcpy|strcat|gets)\\s*\\(", 0,
		    "words ((strcpy | strcat | gets) & ()" },
		{ "\\w+->\\w*refcount\\w*\\s*=\\s*[0-9]+", 0,
		    "words (-> & refcount & =)" },
		{ "strcpy\\(.*,.*->.*\\)", 0, "words (strcpy( & , & -> & ))" },
		{ "\\w{5}\\s+\\w{5}\\s+\\w{5}", 0, "table *" },
		{ "^#\\s*include\\s+<crypto/\\w+\\.h>", 0,
		    "words (# & (include\\x09 | include\\x0b" },
		{ "(?<!\\w)copy_from_user[^\\S\\n]*\\((?!.*sizeof)", 0,
		    "words (copy_from_user & ()" },
		{ "https?://[^\\s\"'<>]+", 0, "words (https:// | http://)" },
		{ "x{3}", 0, "words xxx" },
		{ "(ab){2,}c", 0, "words (abab & abc)" },
		{ "(foo|bar)?baz", 0, "words baz" },
		{ "(foo|.)bar", 0, "words bar" },
		{ "(foo|b*)", 0, "whole *" },
		{ "\\Qa.b\\Ec", 0, "words a.bc" },
		{ "a.b", SEARCH_LITERAL, "words a.b" },
		{ "foo", SEARCH_WORD, "words foo" },
		{ "a\\nb", 0, "never ()" },
		{ "a\\nb", SEARCH_MULTI_LINE, "words a\\x0ab" },
		{ "\xe5\x86\x85", 0, "never \\xe5\\x86\\x85" },
		{ "(?R)?foo", 0, "whole *" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = plan(rows[i].pattern, rows[i].flags);

		if (strncmp(got, rows[i].plan, strlen(rows[i].plan)) == 0)
			continue;
		print_error("%s: %s, not %s\n", rows[i].pattern, got,
		    rows[i].plan);
		assert_true(false);
	}
}

static void
k_and_s_have_partners_outside_ascii(void **state)
{
	(void)state;
	assert_string_equal(plan("ask", SEARCH_IGNORE_CASE),
	    "words (/ask/ | /as\\xe2\\x84\\xaa/ | /a\\xc5\\xbfk/ | "
	    "/a\\xc5\\xbf\\xe2\\x84\\xaa/)");
}

/* ---- the filter, against a plain search ---- */

static uint64_t seed = 3;

static unsigned
pick(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static bool
stands_at(const struct search_word *w, const char *text, size_t len)
{
	if (w->len > len)
		return false;
	for (unsigned i = 0; i < w->len; i++) {
		char c = text[i];

		if (w->fold >> i & 1)
			c |= 0x20;
		if ((uint8_t)c != w->at[i])
			return false;
	}
	return true;
}

/* Whether some word lies over that byte. */
static bool
is_in_word(const struct search_word *w, size_t n, struct str text, size_t at)
{
	for (size_t i = 0; i < n; i++)
		for (size_t from = at < w[i].len ? 0 : at - w[i].len + 1;
		     from <= at; from++)
			if (stands_at(&w[i], text.at + from, text.len - from))
				return true;
	return false;
}

static size_t
count_words(const struct search_word *w, size_t n, struct str text)
{
	size_t found = 0;

	for (size_t at = 0; at < text.len; at++)
		for (size_t i = 0; i < n; i++)
			found += stands_at(&w[i], text.at + at, text.len - at);
	return found;
}

static void
the_filter_finds_every_word_at_every_place(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct search_word words[12] = { 0 };
		size_t n = 1 + pick(12), len = pick(200), at = 0, places = 0;
		struct search_filter *f;
		char *text = malloc(len + 1);
		struct str whole = { text, len };

		for (size_t i = 0; i < n; i++) {
			words[i].len = (uint8_t)(1 + pick(6));
			for (unsigned k = 0; k < words[i].len; k++) {
				words[i].at[k] = (uint8_t)("abcx("[pick(5)]);
				if (words[i].at[k] != '(' && pick(3) == 0)
					words[i].fold |= 1u << k;
			}
		}
		for (size_t i = 0; i < len; i++)
			text[i] = "abcxABCX( yzyzyzyzyzyzyz"[pick(24)];
		f = search_filter_open(words, n);
		search_filter_wide(f, round % 2 == 0);
		while ((at = search_filter_next(f, whole, at)) != SIZE_MAX) {
			assert_true(is_in_word(words, n, whole, at));
			places++;
			at++;
		}
		/* Prints of two words may share a place, never the other way
		 * round: each word that stands has its own. */
		assert_int_equal(places == 0,
		    count_words(words, n, whole) == 0);
		assert_true(places <= count_words(words, n, whole));
		search_filter_close(f);
		free(text);
	}
}

static void
the_way_is_measured_and_looked_at_again(void **state)
{
	struct query q = { .pattern = STR("= 0") };
	struct search_pcre *p;
	struct search_plan *made;
	bool whole = false, words = false;

	(void)state;
	assert_int_equal(search_pcre_open(&p, &q), ERR_NONE);
	made = search_plan_open(p);
	for (int i = 0; i < 2000; i++) {
		enum search_way way = search_plan_begin(made, true, true);

		whole = whole || way == SEARCH_WAY_WHOLE;
		words = words || way == SEARCH_WAY_WORDS;
		search_plan_end(made, 65536);
	}
	assert_true(whole && words);
	search_plan_close(made);
	search_pcre_close(p);
}

static int
teardown(void **state)
{
	(void)state;
	buf_release(&b);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_found_in_patterns),
		cmocka_unit_test(k_and_s_have_partners_outside_ascii),
		cmocka_unit_test(the_filter_finds_every_word_at_every_place),
		cmocka_unit_test(the_way_is_measured_and_looked_at_again),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
