#include "notes/cover.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct cover *c;

static int
setup(void **state)
{
	(void)state;
	c = cover_open();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	cover_close(c);
	return 0;
}

static struct anchor
lines(unsigned blob, uint32_t first, uint32_t last)
{
	struct anchor an = { .path = STR("a.c"), .first = first, .last = last };

	memcpy(an.blob.id, &blob, sizeof blob);
	return an;
}

static bool
set(unsigned blob, uint32_t first, uint32_t last, bool is)
{
	struct anchor an = lines(blob, first, last);

	return cover_set(c, COVER_SEEN, &an, is);
}

static void
spans_are(const char *want)
{
	struct cover_file f = cover_file(c, 0);
	struct buf b = { 0 };

	for (uint32_t i = 0; i < f.len[COVER_SEEN]; i++)
		buf_printf(&b, "%s%u-%u", i == 0 ? "" : " ",
		    f.spans[COVER_SEEN][2 * i], f.spans[COVER_SEEN][2 * i + 1]);
	assert_string_equal(b.at == NULL ? "" : b.at, want);
	buf_release(&b);
}

static void
spans_that_touch_become_one(void **state)
{
	(void)state;
	assert_true(set(1, 10, 20, true));
	assert_true(set(1, 30, 40, true));
	spans_are("10-20 30-40");
	assert_false(set(1, 12, 20, true));
	assert_true(set(1, 21, 22, true));
	spans_are("10-22 30-40");
	assert_true(set(1, 5, 9, true));
	spans_are("5-22 30-40");
	assert_true(set(1, 23, 29, true));
	spans_are("5-40");
	assert_true(set(1, 1, 1, true));
	spans_are("1-1 5-40");
	assert_true(set(1, 0, 0, true));
	spans_are("1-4294967295");
}

static void
what_is_taken_away_may_leave_two(void **state)
{
	(void)state;
	set(1, 10, 40, true);
	assert_true(set(1, 20, 30, false));
	spans_are("10-19 31-40");
	assert_false(set(1, 20, 30, false));
	assert_true(set(1, 1, 10, false));
	spans_are("11-19 31-40");
	assert_true(set(1, 15, 35, false));
	spans_are("11-14 36-40");
	assert_true(set(1, 0, 0, false));
	spans_are("");
}

/* Against a table of lines, over many contents. */
static void
coverage_is_that_of_every_line_alone(void **state)
{
	enum { BLOBS = 70, LINES = 64 };
	static bool model[BLOBS][LINES];
	uint64_t x = 7;

	(void)state;
	memset(model, 0, sizeof model);
	for (int i = 0; i < 20000; i++) {
		unsigned blob, first, last;
		bool is, changed = false;

		x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
		blob = (unsigned)(x >> 33) % BLOBS;
		first = 1 + (unsigned)(x >> 41) % (LINES - 2);
		last = first + (unsigned)(x >> 50) % (LINES - 1 - first);
		is = (x >> 60) % 3 != 0;
		for (unsigned n = first; n <= last; n++) {
			changed = changed || model[blob][n] != is;
			model[blob][n] = is;
		}
		assert_int_equal(set(blob, first, last, is), changed);
	}
	for (unsigned blob = 0; blob < BLOBS; blob++)
		for (unsigned n = 1; n < LINES; n++) {
			struct anchor an = lines(blob, n, n);

			assert_int_equal(cover_has(c, COVER_SEEN, &an.blob, n),
			    model[blob][n]);
		}
	assert_int_equal(cover_files(c), BLOBS);
	for (size_t i = 0; i < cover_files(c); i++) {
		struct cover_file f = cover_file(c, i);

		for (uint32_t k = 0; k + 1 < f.len[COVER_SEEN]; k++)
			assert_true(f.spans[COVER_SEEN][2 * k + 1] + 1 <
			    f.spans[COVER_SEEN][2 * k + 2]);
	}
}

static void
missing(uint32_t first, uint32_t last, const char *want)
{
	struct anchor an = lines(1, 1, 1);
	struct buf pairs = { 0 }, b = { 0 };
	const uint32_t *at;

	cover_missing(c, COVER_SEEN, &an.blob, first, last, &pairs);
	at = (const uint32_t *)(const void *)pairs.at;
	for (size_t i = 0; i < pairs.len / 8; i++)
		buf_printf(&b, " %u-%u", at[2 * i], at[2 * i + 1]);
	assert_string_equal(b.at == NULL ? "" : b.at, want);
	buf_release(&pairs);
	buf_release(&b);
}

static void
what_is_missing_is_what_is_not_covered(void **state)
{
	(void)state;
	missing(1, 9, " 1-9");
	set(1, 10, 20, true);
	set(1, 30, 40, true);
	missing(1, 50, " 1-9 21-29 41-50");
	missing(10, 20, "");
	missing(15, 35, " 21-29");
	missing(20, 30, " 21-29");
	missing(1, UINT32_MAX, " 1-9 21-29 41-4294967295");
	set(1, 0, 0, true);
	missing(1, UINT32_MAX, "");
}

static void
layers_are_apart_and_become_marks(void **state)
{
	struct anchor an = lines(1, 3, 4);
	struct mark *marks = NULL;
	size_t n = 0;

	(void)state;
	cover_set(c, COVER_REVIEWED, &an, true);
	assert_false(cover_has(c, COVER_SEEN, &an.blob, 3));
	set(1, 1, 9, true);
	cover_marks(c, &marks, &n);
	assert_int_equal(n, 2);
	assert_int_equal(marks[0].glyph, '.');
	assert_int_equal(marks[0].last, 9);
	assert_int_equal(marks[1].glyph, '#');
	assert_int_equal(marks[1].first, 3);
	cover_clear(c, COVER_REVIEWED, &an.blob);
	assert_false(cover_has(c, COVER_REVIEWED, &an.blob, 3));
	assert_true(cover_has(c, COVER_SEEN, &an.blob, 3));
	free(marks);
}

/* Runs in any order, by chance: at once, and one by one. */
static void
many_runs_at_once_cover_what_they_do_one_by_one(void **state)
{
	unsigned dice = 7;

	(void)state;
	for (unsigned round = 1; round <= 500; round++) {
		struct anchor at = lines(round, 0, 0);
		uint32_t pairs[40], n = 1 + (unsigned)rand_r(&dice) % 20;

		for (uint32_t i = 0; i < n; i++) {
			pairs[2 * i] = 1 + (unsigned)rand_r(&dice) % 90;
			pairs[2 * i + 1] =
			    pairs[2 * i] + (unsigned)rand_r(&dice) % 9;
			set(1000 + round, pairs[2 * i], pairs[2 * i + 1], true);
		}
		cover_set_runs(c, COVER_SEEN, &at, pairs, n);
		for (uint32_t line = 1; line < 100; line++) {
			struct anchor one = lines(1000 + round, 0, 0);

			assert_int_equal(cover_has(c, COVER_SEEN, &at.blob,
					     line),
			    cover_has(c, COVER_SEEN, &one.blob, line));
		}
	}
	cover_set_runs(c, COVER_SEEN, &(struct anchor){ 0 }, NULL, 0);
	assert_int_equal(cover_files(c), 1000);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(spans_that_touch_become_one),
		T(what_is_taken_away_may_leave_two),
		T(coverage_is_that_of_every_line_alone),
		T(what_is_missing_is_what_is_not_covered),
		T(layers_are_apart_and_become_marks),
		T(many_runs_at_once_cover_what_they_do_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
