#include "core/seal.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/t.h"

static struct secret key;
static struct buf box, plain;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	seal_secret_random(&key);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	seal_secret_release(&key);
	buf_release(&box);
	buf_release(&plain);
	return 0;
}

static void
a_box_opens_for_its_key_and_frame_only(void **state)
{
	struct secret other;

	(void)state;
	seal_box(&box, &key, STR("frame"), STR("what I saw"));
	assert_int_equal(seal_open(&plain, &key, STR("frame"), buf_view(&box)),
	    ERR_NONE);
	assert_true(str_eq(buf_view(&plain), STR("what I saw")));
	assert_int_equal(seal_open(&plain, &key, STR("Frame"), buf_view(&box)),
	    ERR_DENIED);
	seal_secret_random(&other);
	assert_int_equal(seal_open(&plain, &other, STR("frame"),
			     buf_view(&box)),
	    ERR_DENIED);
	seal_secret_release(&other);
}

static void
every_flipped_bit_and_every_truncation_of_a_box_is_refused(void **state)
{
	(void)state;
	seal_box(&box, &key, STR("f"), STR("text"));
	for (size_t i = 0; i < 8 * box.len; i++) {
		box.at[i / 8] ^= (char)(1 << i % 8);
		assert_int_equal(seal_open(&plain, &key, STR("f"),
				     buf_view(&box)),
		    ERR_DENIED);
		box.at[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t n = 0; n < box.len; n++)
		assert_int_equal(seal_open(&plain, &key, STR("f"),
				     str_slice(buf_view(&box), 0, n)),
		    ERR_DENIED);
	assert_int_equal(seal_open(&plain, &key, STR("f"), buf_view(&box)),
	    ERR_NONE);
}

static void
a_box_tells_its_size_to_a_power_of_two_only(void **state)
{
	static char text[70000];
	enum { HEAD = SEAL_NONCE + SEAL_TAG };
	const struct {
		size_t len, size;
	} want[] = { { 0, 256 }, { 1, 256 }, { 252, 256 }, { 253, 512 },
		{ 508, 512 }, { 509, 1024 }, { 70000, 131072 } };

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		buf_clear(&box);
		seal_box(&box, &key, STR(""),
		    (struct str){ text, want[i].len });
		assert_int_equal(box.len, want[i].size + HEAD);
		assert_int_equal(seal_open(&plain, &key, STR(""),
				     buf_view(&box)),
		    ERR_NONE);
		assert_int_equal(plain.len, want[i].len);
	}
}

static void
the_same_text_is_never_the_same_box(void **state)
{
	struct buf again = { 0 };

	(void)state;
	seal_box(&box, &key, STR("f"), STR("text"));
	seal_box(&again, &key, STR("f"), STR("text"));
	assert_int_equal(box.len, again.len);
	assert_memory_not_equal(box.at, again.at, SEAL_NONCE);
	buf_release(&again);
}

static void
subkeys_differ_by_domain_and_are_stable(void **state)
{
	struct secret a, b, c;

	(void)state;
	seal_subkey(&a, &key, "one");
	seal_subkey(&b, &key, "two");
	seal_subkey(&c, &key, "one");
	assert_true(seal_secret_eq(&a, &c));
	assert_false(seal_secret_eq(&a, &b));
	assert_false(seal_secret_eq(&a, &key));
	seal_evolve(&c);
	assert_false(seal_secret_eq(&a, &c));
	seal_evolve(&a);
	assert_true(seal_secret_eq(&a, &c));
	seal_secret_release(&a);
	seal_secret_release(&b);
	seal_secret_release(&c);
}

static void
stretching_gives_the_known_key(void **state)
{
	/* Computed with another implementation: argon2id, 2 passes, 64
	 * KiB, one lane, "passphrase" and "saltsaltsaltsalt". */
	struct secret pass = { 0 }, out = { 0 };
	struct buf hex = { 0 };

	(void)state;
	seal_secret_init(&pass, 64);
	assert_int_equal(seal_secret_add(&pass, "passphrase", 10), ERR_NONE);
	assert_int_equal(seal_stretch(&out, &pass,
			     (const uint8_t *)"saltsaltsaltsalt",
			     (struct seal_cost){ 2, 64 }),
	    ERR_NONE);
	buf_hex(&hex, out.at, out.len);
	assert_string_equal(hex.at,
	    "a3bc4ea3bd46d6cd114cdcbed25edb61"
	    "8372d567f1d4b06eb156e5c9553a83a9");
	buf_release(&hex);
	seal_secret_release(&pass);
	seal_secret_release(&out);
}

static void
a_slot_that_is_too_cheap_or_too_dear_is_refused(void **state)
{
	const struct seal_cost most = { 10, 1024 * 1024 };

	(void)state;
	assert_int_equal(seal_cost_check(SEAL_COST_MODERATE,
			     SEAL_COST_MODERATE),
	    ERR_NONE);
	assert_int_equal(seal_cost_check(most, SEAL_COST_MODERATE), ERR_NONE);
	assert_int_equal(SEAL_COST_MODERATE.passes, 3);
	assert_int_equal(SEAL_COST_MODERATE.kib, 256 * 1024);
	assert_int_equal(seal_cost_check(SEAL_COST_TEST, SEAL_COST_MODERATE),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(seal_cost_check((struct seal_cost){ 2, 256 * 1024 },
			     SEAL_COST_MODERATE),
	    ERR_DENIED);
	assert_int_equal(seal_cost_check((struct seal_cost){ 11, 1024 },
			     SEAL_COST_TEST),
	    ERR_LIMIT);
	assert_int_equal(seal_cost_check((struct seal_cost){ 3,
					     1024 * 1024 + 1 },
			     SEAL_COST_TEST),
	    ERR_LIMIT);
}

static void
a_wrapped_key_comes_back_for_its_frame_only(void **state)
{
	struct secret inner, out = { 0 };
	uint8_t wrapped[SEAL_WRAPPED];

	(void)state;
	seal_secret_random(&inner);
	seal_wrap(wrapped, &key, STR("slot"), &inner);
	assert_int_equal(seal_unwrap(&out, &key, STR("slot"), wrapped),
	    ERR_NONE);
	assert_true(seal_secret_eq(&inner, &out));
	seal_secret_release(&out);
	assert_int_equal(seal_unwrap(&out, &key, STR("slop"), wrapped),
	    ERR_DENIED);
	for (size_t i = 0; i < sizeof wrapped; i++) {
		wrapped[i] ^= 1;
		assert_int_equal(seal_unwrap(&out, &key, STR("slot"), wrapped),
		    ERR_DENIED);
		wrapped[i] ^= 1;
	}
	seal_secret_release(&inner);
}

static void
a_secret_takes_what_it_has_place_for(void **state)
{
	struct secret s = { 0 };

	(void)state;
	seal_secret_init(&s, 4);
	assert_int_equal(seal_secret_add(&s, "abc", 3), ERR_NONE);
	assert_int_equal(seal_secret_add(&s, "de", 2), ERR_LIMIT);
	assert_int_equal(s.len, 3);
	assert_int_equal(seal_secret_add(&s, "d", 1), ERR_NONE);
	seal_secret_clear(&s);
	assert_int_equal(s.len, 0);
	assert_memory_equal(s.at, "\0\0\0\0", 4);
	seal_secret_release(&s);
	assert_null(s.at);
}

static void
reading_beyond_a_secret_ends_the_process(void **state)
{
#ifdef SANITIZED
	(void)state;
	skip_because("a sanitizer reports it first");
#else
	pid_t child;
	int status;

	(void)state;
	for (int beyond = 0; beyond < 2; beyond++) {
		child = fork();
		if (child == 0) {
			struct secret s = { 0 };
			volatile uint8_t *p;

			signal(SIGSEGV, SIG_DFL);
			seal_secret_init(&s, 32);
			p = s.at + 31 + beyond;
			_exit(*p == 0xff ? 1 : 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(WIFSIGNALED(status), beyond);
	}
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_box_opens_for_its_key_and_frame_only, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    every_flipped_bit_and_every_truncation_of_a_box_is_refused,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_box_tells_its_size_to_a_power_of_two_only, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    the_same_text_is_never_the_same_box, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    subkeys_differ_by_domain_and_are_stable, setup, teardown),
		cmocka_unit_test_setup_teardown(stretching_gives_the_known_key,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    a_slot_that_is_too_cheap_or_too_dear_is_refused, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_wrapped_key_comes_back_for_its_frame_only, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_secret_takes_what_it_has_place_for, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    reading_beyond_a_secret_ends_the_process, setup, teardown),
	};

	if (seal_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
