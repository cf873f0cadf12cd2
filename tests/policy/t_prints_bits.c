#include "policy/prints_bits.h"

#include "policy/prints_inside.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

static uint64_t dice;

static uint64_t
roll(void)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (dice ^ dice >> 33) * 0xff51afd7ed558ccdu;
}

/* As prints_set.h says it. */
static void
set_plainly(uint8_t *bits, unsigned log2, unsigned hashes, uint64_t h)
{
	for (uint64_t i = 0; i < hashes; i++) {
		uint64_t bit =
		    (h + i * (h >> 32 | 1)) & (((uint64_t)1 << log2) - 1);

		bits[bit / 8] |= (uint8_t)(1 << bit % 8);
	}
}

static uint64_t
ones_of(const uint8_t *bits, size_t n)
{
	uint64_t ones = 0;

	for (size_t i = 0; i < n; i++)
		ones += (unsigned)__builtin_popcount(bits[i]);
	return ones;
}

static void
the_bits_are_those_of_each_number(void **state)
{
	static const struct {
		unsigned log2, hashes;
		size_t n;
	} cases[] = { { 13, 3, 500 }, { 20, 8, 40000 }, { 25, 5, 300000 },
		{ 26, 8, 1000 }, { 25, 1, 2100000 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct prints_bits b;
		uint8_t *plain;
		uint64_t *v = calloc(cases[i].n, sizeof *v);
		size_t bytes;

		prints_bits_open(&b, cases[i].log2, cases[i].hashes);
		bytes = prints_bits_bytes(&b);
		plain = calloc(bytes, 1);
		assert_true(v != NULL && plain != NULL);
		for (size_t k = 0; k < cases[i].n; k++) {
			v[k] = roll();
			set_plainly(plain, cases[i].log2, cases[i].hashes,
			    v[k]);
		}
		for (size_t at = 0, some; at < cases[i].n; at += some) {
			some = 1 + roll() % 90000;
			if (some > cases[i].n - at)
				some = cases[i].n - at;
			prints_bits_add(&b, v + at, some);
		}
		prints_bits_settle(&b);
		assert_memory_equal(b.at, plain, bytes);
		assert_int_equal(b.ones, ones_of(plain, bytes));
		/* And those of another. */
		for (int k = 0; k < 1000; k++)
			set_plainly(plain, cases[i].log2, cases[i].hashes,
			    roll());
		prints_bits_join(&b, plain);
		assert_memory_equal(b.at, plain, bytes);
		assert_int_equal(b.ones, ones_of(plain, bytes));
		prints_bits_close(&b);
		free(plain);
		free(v);
	}
}

/* Whenever numbers become bits, early, late, or in two builders. */
static void
when_numbers_become_bits_does_not_matter(void **state)
{
	enum { N = 5000 };
	struct prints_seen early = { 0 }, late = { 0 }, half = { 0 };
	uint64_t v[N], turned[N];
	size_t bytes;

	(void)state;
	for (size_t i = 0; i < N; i++)
		turned[N - 1 - i] = v[i] = roll();
	prints_seen_spill(&early);
	prints_seen_add(&early, v, N);
	prints_seen_settle(&early);
	prints_seen_add(&late, turned, N);
	prints_seen_add(&late, v, N);
	prints_seen_spill(&late);
	prints_seen_add(&half, v, N / 2);
	prints_seen_spill(&half);
	prints_seen_add(&half, turned, N / 2);
	prints_seen_settle(&half);
	bytes = prints_bits_bytes(&early.bits);
	assert_int_equal(early.bits.log2, PRINTS_SPILL_LOG2);
	assert_memory_equal(early.bits.at, late.bits.at, bytes);
	assert_memory_equal(early.bits.at, half.bits.at, bytes);
	assert_int_equal(early.bits.ones, late.bits.ones);
	assert_int_equal(prints_seen_entries(&early),
	    prints_seen_entries(&late));
	/* At least so many, and not much less. */
	assert_in_range(prints_seen_entries(&early), N * 9 / 10, N);
	prints_seen_release(&early);
	prints_seen_release(&late);
	prints_seen_release(&half);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bits_are_those_of_each_number),
		cmocka_unit_test(when_numbers_become_bits_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
