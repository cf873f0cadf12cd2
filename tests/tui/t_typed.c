#include "tui/typed.h"

#include "tests/t.h"

static uint32_t got[16];
static size_t n_got;

static void
take(void *arg, uint32_t key)
{
	(void)arg;
	got[n_got++] = key;
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	n_got = 0;
	return 0;
}

static void
without_a_handover_every_key_is_sent(void **state)
{
	struct typed t = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		assert_true(typed_key(&t, ROOM_READING, i));
	assert_int_equal(t.reading.sent, 1000);
	assert_int_equal(t.n_held, 0);
}

static void
what_a_room_did_not_take_goes_to_the_next_in_order(void **state)
{
	struct typed t = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 300; i++)
		assert_true(typed_key(&t, ROOM_READING, i));
	assert_int_equal(typed_handover(&t, ROOM_READING, 298), ERR_NONE);
	assert_false(typed_key(&t, ROOM_READING, 'x'));
	typed_settle(&t, take, NULL);
	assert_int_equal(n_got, 3);
	assert_int_equal(got[0], 298);
	assert_int_equal(got[1], 299);
	assert_int_equal(got[2], 'x');
	assert_true(typed_key(&t, ROOM_NOTES, 'y'));
	assert_int_equal(t.notes.sent, 1);
}

static void
a_room_cannot_have_taken_what_it_was_not_sent(void **state)
{
	struct typed t = { 0 };

	(void)state;
	assert_true(typed_key(&t, ROOM_NOTES, 'a'));
	assert_int_equal(typed_handover(&t, ROOM_NOTES, 2), ERR_FORMAT);
	assert_int_equal(typed_handover(&t, ROOM_NOTES, 1), ERR_NONE);
	assert_int_equal(t.n_held, 0);
}

static void
a_room_that_claims_to_have_taken_nothing_gets_nobody_older_keys(void **state)
{
	struct typed t = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		assert_true(typed_key(&t, ROOM_NOTES, i));
	assert_int_equal(typed_handover(&t, ROOM_NOTES, 0), ERR_NONE);
	assert_int_equal(t.n_held, TYPED_KEPT);
	assert_int_equal(t.held[0], 1000 - TYPED_KEPT);
}

static void
no_key_is_handed_over_twice(void **state)
{
	struct typed t = { 0 };

	(void)state;
	for (uint32_t key = 1; key <= 4; key++)
		assert_true(typed_key(&t, ROOM_READING, key));
	assert_int_equal(typed_handover(&t, ROOM_READING, 2), ERR_NONE);
	assert_int_equal(t.n_held, 2);
	assert_int_equal(typed_handover(&t, ROOM_READING, 0), ERR_NONE);
	assert_int_equal(t.n_held, 2);
	assert_int_equal(t.held[0], 3);
	assert_int_equal(t.held[1], 4);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		T(without_a_handover_every_key_is_sent),
		T(what_a_room_did_not_take_goes_to_the_next_in_order),
		T(a_room_cannot_have_taken_what_it_was_not_sent),
		T(a_room_that_claims_to_have_taken_nothing_gets_nobody_older_keys),
		T(no_key_is_handed_over_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
