#include "core/tables.h"
#include "tests/t.h"

static void
numbers_are_read_from_any_address(void **state)
{
	static const char bytes[] = "\x00\x01\x02\x03\x04\x05\x06\x07\x08";

	(void)state;
	assert_int_equal(tables_u16(bytes + 1), 0x0201);
	assert_int_equal(tables_u32(bytes + 1), 0x04030201);
	assert_true(tables_u64(bytes + 1) == UINT64_C(0x0807060504030201));
}

static void
records_come_off_the_front_with_their_padding(void **state)
{
	static const char bytes[24];
	struct str rest = { bytes, sizeof bytes };
	const char *at = NULL;

	(void)state;
	assert_true(tables_take(&rest, &at, 3, 4));
	assert_ptr_equal(at, bytes);
	assert_ptr_equal(rest.at, bytes + 16);
	assert_int_equal(rest.len, 8);
	assert_true(tables_take(&rest, &at, 0, 4));
	assert_int_equal(rest.len, 8);
	assert_true(tables_take(&rest, &at, 8, 1));
	assert_int_equal(rest.len, 0);
}

static void
more_than_there_is_is_not_given(void **state)
{
	static const char bytes[17];
	static const uint64_t many[] = { 18, 17, UINT64_MAX, UINT64_MAX - 6,
		UINT64_C(1) << 63, (UINT64_C(1) << 32) + 1 };
	struct str rest = { bytes, sizeof bytes };
	const char *at = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof many / sizeof *many; i++)
		for (uint64_t size = 1; size <= 64; size *= 2) {
			assert_false(tables_take(&rest, &at, many[i], size));
			assert_null(at);
			assert_ptr_equal(rest.at, bytes);
			assert_int_equal(rest.len, sizeof bytes);
		}
	assert_true(tables_take(&rest, &at, 16, 1)); /* as much as there is */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_from_any_address),
		cmocka_unit_test(records_come_off_the_front_with_their_padding),
		cmocka_unit_test(more_than_there_is_is_not_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
