#include "core/delta.h"

#include <stdlib.h>
#include <string.h>

#include "core/wire.h"
#include "tests/t.h"

static uint64_t state;

static uint32_t
random_below(uint32_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % n;
}

/* Lines, some of which come often. */
static void
write_text(struct buf *b, uint32_t lines)
{
	for (uint32_t i = 0; i < lines; i++)
		buf_printf(b, "line %u of %u\n", random_below(lines / 2 + 1),
		    random_below(1000000));
}

/* Pieces of the old text, in order or not, and new ones between them. */
static void
edit(struct buf *out, struct str old)
{
	uint32_t pieces = 1 + random_below(6);

	for (uint32_t i = 0; i < pieces; i++) {
		size_t from = random_below((uint32_t)old.len + 1);

		if (random_below(3) == 0)
			write_text(out, random_below(20));
		if (random_below(8) == 0)
			from = 0;
		buf_str(out,
		    str_slice(old, from,
			random_below((uint32_t)(old.len - from) + 1)));
	}
}

static void
what_is_made_makes_the_text(void **arg)
{
	struct delta d = { 0 };
	size_t short_ones = 0;

	(void)arg;
	state = 7;
	for (int i = 0; i < 400; i++) {
		struct buf base = { 0 }, text = { 0 };
		struct str delta;

		write_text(&base, random_below(2000));
		edit(&text, buf_view(&base));
		assert_true(delta_make(&delta, &d, buf_view(&base),
		    buf_view(&text), SIZE_MAX));
		assert_true(
		    delta_makes(delta, buf_view(&base), buf_view(&text)));
		short_ones += delta.len < text.len / 4;
		buf_release(&base);
		buf_release(&text);
	}
	assert_true(short_ones > 200);
	delta_release(&d);
}

/* Lengths of copies and inserts at which the next instruction begins. */
static void
the_ends_of_instructions_are_met(void **arg)
{
	static const size_t lengths[] = { 0, 1, 15, 16, 17, 127, 128, 254, 255,
		256, 0xffff, 0x10000, 0x10001, 0x20000, 0x1000000, 0x1000001 };
	size_t most = 0x1000001;
	char *zeroes = calloc(most, 1), *other = malloc(most);
	struct delta d = { 0 };

	(void)arg;
	assert_non_null(zeroes);
	assert_non_null(other);
	state = 11;
	for (size_t i = 0; i < most; i++)
		other[i] = (char)random_below(256);
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		for (int k = 0; k < 4; k++) {
			struct str base = { k < 2 ? other : zeroes, most };
			struct str text = { k % 2 == 0 ? other : zeroes,
				lengths[i] };
			struct str delta;

			assert_true(
			    delta_make(&delta, &d, base, text, SIZE_MAX));
			assert_true(delta_makes(delta, base, text));
			assert_true(
			    delta_make(&delta, &d, text, base, SIZE_MAX));
			assert_true(delta_makes(delta, text, base));
		}
	free(zeroes);
	free(other);
	delta_release(&d);
}

static void
a_delta_is_no_longer_than_it_may_be(void **arg)
{
	struct delta d = { 0 };
	struct buf base = { 0 }, text = { 0 };
	struct str delta;
	size_t len;

	(void)arg;
	state = 5;
	write_text(&base, 300);
	edit(&text, buf_view(&base));
	write_text(&text, 30);
	assert_true(
	    delta_make(&delta, &d, buf_view(&base), buf_view(&text), SIZE_MAX));
	len = delta.len;
	assert_true(len > 400);
	assert_true(
	    delta_make(&delta, &d, buf_view(&base), buf_view(&text), len));
	assert_int_equal(delta.len, len);
	for (size_t most = 0; most < len; most++)
		assert_false(delta_make(&delta, &d, buf_view(&base),
		    buf_view(&text), most));
	buf_release(&base);
	buf_release(&text);
	delta_release(&d);
}

/* Cut off anywhere, or with another byte, it does not make the text, or it
 * is another way to say the same. */
static void
damage_is_seen(void **arg)
{
	struct delta d = { 0 };
	struct buf base = { 0 }, text = { 0 }, bytes = { 0 };
	struct str delta;
	size_t taken = 0;

	(void)arg;
	state = 3;
	write_text(&base, 200);
	edit(&text, buf_view(&base));
	assert_true(
	    delta_make(&delta, &d, buf_view(&base), buf_view(&text), SIZE_MAX));
	buf_str(&bytes, delta);
	assert_true(
	    delta_makes(buf_view(&bytes), buf_view(&base), buf_view(&text)));
	for (size_t i = 0; i < bytes.len; i++) {
		assert_false(delta_makes(str_slice(buf_view(&bytes), 0, i),
		    buf_view(&base), buf_view(&text)));
		for (unsigned bit = 0; bit < 8; bit++) {
			bytes.at[i] ^= (char)(1 << bit);
			taken += delta_makes(buf_view(&bytes), buf_view(&base),
			    buf_view(&text));
			bytes.at[i] ^= (char)(1 << bit);
		}
	}
	/* A copy of the same line from another place. */
	assert_true(taken < bytes.len / 4);
	buf_release(&base);
	buf_release(&text);
	buf_release(&bytes);
	delta_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_made_makes_the_text),
		cmocka_unit_test(the_ends_of_instructions_are_met),
		cmocka_unit_test(a_delta_is_no_longer_than_it_may_be),
		cmocka_unit_test(damage_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
