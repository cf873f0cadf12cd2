#include "notes/spans.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct arena a;
static struct buf b;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&a);
	buf_release(&b);
	return 0;
}

static const char *
words(const struct spans *s)
{
	buf_clear(&b);
	spans_words(s, &b);
	buf_str(&b, STR(""));
	return b.at;
}

static const char *
steps(const struct spans *s)
{
	buf_clear(&b);
	spans_steps(s, &b);
	buf_str(&b, STR(""));
	return b.at;
}

/* By hand, from the manual. */
static void
both_forms_are_those_of_the_manual(void **state)
{
	static const struct {
		const char *words, *steps;
	} rows[] = {
		{ "1", "AA" },
		{ "2", "BA" },
		{ "1-4 9 12-13", "ADDABB" },
		{ "32 34", "fAAA" },
		{ "33", "hAA" },
		{ "1-33", "AhA" },
		{ "65-1089", "iAhgA" },
		{ "4294967295", "j_____eA" },
		{ "1-4294967295", "Aj_____e" },
		{ "1 4294967295", "AAj_____cA" },
	};
	struct spans s, t;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(spans_from_words(&s, &a, str_of(rows[i].words)));
		assert_string_equal(words(&s), rows[i].words);
		assert_string_equal(steps(&s), rows[i].steps);
		assert_true(spans_from_steps(&t, &a, str_of(steps(&s))));
		assert_string_equal(words(&t), rows[i].words);
	}
}

static void
what_is_not_such_a_text_is_refused(void **state)
{
	static const char *const bad_words[] = { "", "1-", "0-1", "5-4", "4-4",
		"1-4 4-6", "1 1", "1-4294967296", "01", "1  2", " 1", "1 ",
		"1,2", "99999999999", "1-02", "-1", "+1", "ADEABB" };
	static const char *const bad_steps[] = {
		"",
		"A",   /* a first line and no length */
		"AAA", /* and again */
		"g",   /* a number that does not end */
		"Ah",  /* so, too */
		"gAA", /* a zero before a number */
		"AgA", /* and of a length */
		"A A", /* no digits */
		"AA\n",
		"AA=",
		"A+",
		"A/",
		"1-4",
		"j_____fA",   /* line 2^32 */
		"Aj_____f",   /* to line 2^32 */
		"Aj_____eAA", /* a run behind the last line */
		"hggggggAA",  /* 8 digits */
		"_______A",   /* does not end */
		"\xff\xff",
	};
	struct spans s = { NULL, 77 };

	(void)state;
	for (size_t i = 0; i < sizeof bad_words / sizeof *bad_words; i++)
		assert_false(spans_from_words(&s, &a, str_of(bad_words[i])));
	for (size_t i = 0; i < sizeof bad_steps / sizeof *bad_steps; i++)
		assert_false(spans_from_steps(&s, &a, str_of(bad_steps[i])));
	assert_false(spans_from_steps(&s, &a, (struct str){ "A\0", 2 }));
	assert_true(s.at == NULL && s.len == 77);
}

static void
as_many_runs_as_an_entry_takes_and_no_more(void **state)
{
	struct buf w = { 0 }, t = { 0 };
	struct spans s;

	(void)state;
	for (unsigned i = 0; i < SPANS_MAX; i++) {
		buf_printf(&w, "%s%u", i == 0 ? "" : " ", 2 * i + 1);
		buf_str(&t, STR("AA"));
	}
	assert_true(spans_from_words(&s, &a, buf_view(&w)));
	assert_int_equal(s.len, SPANS_MAX);
	assert_true(str_eq(str_of(steps(&s)), buf_view(&t)));
	assert_true(spans_from_steps(&s, &a, buf_view(&t)));
	assert_int_equal(s.len, SPANS_MAX);
	assert_true(str_eq(str_of(words(&s)), buf_view(&w)));
	buf_printf(&w, " %u", 2 * SPANS_MAX + 1);
	buf_str(&t, STR("AA"));
	assert_false(spans_from_words(&s, &a, buf_view(&w)));
	assert_false(spans_from_steps(&s, &a, buf_view(&t)));
	buf_release(&w);
	buf_release(&t);
}

/* Runs made by chance, some of which touch. */
static void
deal(struct spans *s, unsigned *dice)
{
	uint64_t line = 1;
	uint32_t n = 1 + (unsigned)rand_r(dice) % 60;

	*s = (struct spans){ .at = arena_array(&a, 2 * n, uint32_t) };
	for (uint32_t i = 0; i < n; i++) {
		unsigned far = (unsigned)rand_r(dice) % 30;
		uint64_t gap = (unsigned)rand_r(dice) % (1u << far);
		uint64_t more = (unsigned)rand_r(dice) %
		    (1u << ((unsigned)rand_r(dice) % 30));

		if (line + gap + more > UINT32_MAX)
			return;
		s->at[2 * s->len] = (uint32_t)(line + gap);
		s->at[2 * s->len++ + 1] = (uint32_t)(line + gap + more);
		line += gap + more + 1;
	}
}

/* One after the other, what touches joined: what either form must mean. */
static void
join(struct spans *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->len; i++)
		if (n > 0 && s->at[2 * n - 1] + 1 == s->at[2 * i]) {
			s->at[2 * n - 1] = s->at[2 * i + 1];
		} else {
			s->at[2 * n] = s->at[2 * i];
			s->at[2 * n++ + 1] = s->at[2 * i + 1];
		}
	s->len = n;
}

static void
both_forms_mean_the_same_lines(void **state)
{
	unsigned dice = 4, joined = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct spans s, from_words, from_steps;

		arena_clear(&a);
		deal(&s, &dice);
		assert_true(
		    spans_from_words(&from_words, &a, str_of(words(&s))));
		assert_true(
		    spans_from_steps(&from_steps, &a, str_of(steps(&s))));
		joined += from_steps.len < from_words.len;
		join(&from_words);
		assert_int_equal(from_steps.len, from_words.len);
		assert_memory_equal(from_steps.at, from_words.at,
		    8 * from_words.len);
	}
	assert_true(joined > 100 && joined < 2900);
}

/* A bit of a text turned: another meaning or none, never two texts of one. */
static void
no_meaning_has_two_texts(void **state)
{
	static const char text[] = "ADDABB-Z_Im6WDj55uTA";
	unsigned read = 0;

	(void)state;
	for (size_t bit = 0; bit < 8 * (sizeof text - 1); bit++) {
		char turned[sizeof text];
		struct str t = { turned, sizeof text - 1 };
		struct spans s;

		memcpy(turned, text, sizeof text);
		turned[bit / 8] = (char)(turned[bit / 8] ^ 1 << bit % 8);
		if (!spans_from_steps(&s, &a, t))
			continue;
		read++;
		assert_true(str_eq(str_of(steps(&s)), t));
	}
	assert_true(read > 10);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(both_forms_are_those_of_the_manual),
		T(what_is_not_such_a_text_is_refused),
		T(as_many_runs_as_an_entry_takes_and_no_more),
		T(both_forms_mean_the_same_lines),
		T(no_meaning_has_two_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
