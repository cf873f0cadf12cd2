/* Numbers for the names of objects. */
#include <string.h>

#include "core/oidset.h"
#include "tests/t.h"

static struct oid
name(uint32_t i)
{
	struct oid o = { { 0 } };

	memcpy(o.id + OID_BYTES - sizeof i, &i, sizeof i);
	return o;
}

static void
names_get_numbers_in_the_order_they_come(void **state)
{
	struct oidset s = { 0 };
	uint32_t number;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		struct oid o = name(i * 7), other = name(i * 7 + 1);

		assert_int_equal(oidset_find(&s, &o), OIDSET_NONE);
		assert_true(oidset_add(&s, &number, &o));
		assert_int_equal(number, i);
		assert_int_equal(oidset_find(&s, &other), OIDSET_NONE);
	}
	for (uint32_t i = 0; i < 20000; i++) {
		struct oid o = name(i * 7);

		assert_int_equal(oidset_find(&s, &o), i);
		assert_false(oidset_add(&s, &number, &o));
		assert_int_equal(number, i);
		assert_true(oid_eq(&s.at[i], &o));
	}
	assert_int_equal(s.len, 20000);
	oidset_release(&s);
}

static void
an_empty_set_holds_nothing(void **state)
{
	struct oidset s = { 0 };
	struct oid o = name(0);
	uint32_t number;

	(void)state;
	assert_int_equal(oidset_find(&s, &o), OIDSET_NONE);
	assert_true(oidset_add(&s, &number, &o));
	oidset_release(&s);
	assert_int_equal(s.len, 0);
	assert_int_equal(oidset_find(&s, &o), OIDSET_NONE);
	oidset_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_get_numbers_in_the_order_they_come),
		cmocka_unit_test(an_empty_set_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
