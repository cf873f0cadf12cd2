/* Arrays that grow: what is in them stays, wherever they move to. */
#include "tests/t.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/array.h"

enum { MANY = 10000 };

static void
what_is_in_an_array_stays_while_it_grows(void **state)
{
	uint32_t *at = NULL;
	size_t room = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		at = array_more(at, i, &room, sizeof *at);
		assert_true(room > i);
		at[i] = (uint32_t)(i * 7);
	}
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(at[i], i * 7);
	assert_true(room < 4 * MANY);
	free(at);
}

static void
an_array_with_room_stays_where_it_is(void **state)
{
	uint64_t *at = NULL, *before;
	size_t room = 0, first;

	(void)state;
	before = at = array_more(at, 0, &room, sizeof *at);
	assert_non_null(at);
	first = room;
	at = array_more(at, first - 1, &room, sizeof *at);
	assert_ptr_equal(at, before);
	assert_int_equal(room, first);
	at = array_more(at, first, &room, sizeof *at);
	assert_true(room > first);
	free(at);
}

static void
an_array_in_an_arena_grows_alike(void **state)
{
	struct arena a = { 0 };
	uint32_t *at = NULL;
	size_t room = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		at = arena_more(&a, at, i, &room, sizeof *at);
		assert_true(room > i);
		assert_int_equal(at[i], 0); /* as all of an arena */
		at[i] = (uint32_t)(i + 1);
	}
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(at[i], i + 1);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_an_array_stays_while_it_grows),
		cmocka_unit_test(an_array_with_room_stays_where_it_is),
		cmocka_unit_test(an_array_in_an_arena_grows_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
