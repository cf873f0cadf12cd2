/*
 * What a builder of fingerprints has seen, of one kind.
 */
#include "policy/prints_inside.h"

void
prints_seen_release(struct prints_seen *s)
{
	numbers_release(&s->numbers);
	prints_bits_close(&s->bits);
	*s = (struct prints_seen){ 0 };
}

void
prints_seen_spill(struct prints_seen *s)
{
	if (s->bits.at != NULL)
		return;
	prints_bits_open(&s->bits, PRINTS_SPILL_LOG2, PRINTS_BITS_HASHES_MAX);
	prints_seen_bits(s, &s->bits);
	numbers_release(&s->numbers);
}

void
prints_seen_settle(struct prints_seen *s)
{
	uint64_t n;

	if (s->bits.at != NULL) {
		prints_bits_settle(&s->bits);
		return;
	}
	if (s->numbers.n <= PRINTS_SPILL)
		return;
	n = numbers_count(&s->numbers);
	s->check = n + n / 4;
	if (n > PRINTS_SPILL)
		prints_seen_spill(s);
}

void
prints_seen_add(struct prints_seen *s, const uint64_t *v, size_t n)
{
	if (s->bits.at != NULL) {
		prints_bits_add(&s->bits, v, n);
		return;
	}
	numbers_add(&s->numbers, v, n);
	if (s->numbers.n > PRINTS_SPILL && s->numbers.n > s->check)
		prints_seen_settle(s);
}

void
prints_seen_bits(struct prints_seen *s, struct prints_bits *bits)
{
	struct numbers_run run;
	size_t at = 0;

	while ((run = numbers_next(&s->numbers, &at)).n > 0)
		prints_bits_add(bits, run.at, run.n);
	prints_bits_settle(bits);
}

/* Of bits nobody knows how many numbers they are: at least so many. */
uint64_t
prints_seen_entries(struct prints_seen *s)
{
	uint64_t more;

	if (s->bits.at == NULL)
		return numbers_count(&s->numbers);
	more = s->bits.ones - s->ones;
	return s->was + (more + s->bits.hashes - 1) / s->bits.hashes;
}
