#include "policy/siphash.h"

#include "tests/t.h"

/* The paper's example, and what OpenSSL's SipHash says of other lengths. */
static void
it_gives_the_published_numbers(void **state)
{
	static const struct {
		size_t len;
		uint64_t hash;
	} rows[] = {
		{ 0, 0x726fdb47dd0e0e31 },
		{ 1, 0x74f839c593dc67fd },
		{ 7, 0xab0200f58b01d137 },
		{ 8, 0x93f5f5799a932462 },
		{ 15, 0xa129ca6149be45e5 },
		{ 63, 0x958a324ceb064572 },
	};
	uint8_t key[SIPHASH_KEY_BYTES], bytes[64];

	(void)state;
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(siphash(key, bytes, rows[i].len) == rows[i].hash);
}

static void
another_key_gives_another_number(void **state)
{
	uint8_t key[SIPHASH_KEY_BYTES] = { 0 },
		other[SIPHASH_KEY_BYTES] = { [15] = 1 };

	(void)state;
	assert_true(siphash(key, "abc", 3) != siphash(other, "abc", 3));
	assert_true(siphash(key, "abc", 3) == siphash(key, "abc", 3));
}

static void
of_many_numbers_each_has_its_own(void **state)
{
	uint8_t key[SIPHASH_KEY_BYTES] = "many";
	uint64_t v[9];

	(void)state;
	for (size_t n = 0; n <= 8; n++) {
		for (size_t i = 0; i < 9; i++)
			v[i] = 0x0123456789abcdef * (i + n);
		siphash_numbers(key, v, n);
		for (size_t i = 0; i < 9; i++) {
			uint64_t was = 0x0123456789abcdef * (i + n);
			uint8_t raw[8];

			for (int k = 0; k < 8; k++)
				raw[k] = (uint8_t)(was >> 8 * k);
			assert_true(
			    v[i] == (i < n ? siphash(key, raw, 8) : was));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_gives_the_published_numbers),
		cmocka_unit_test(another_key_gives_another_number),
		cmocka_unit_test(of_many_numbers_each_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
