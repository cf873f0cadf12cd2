#include "core/seal_age.h"

#include "core/limits.h"
#include "tests/tool.h"

static const uint8_t seed[SEAL_AGE_SEED_BYTES] = { 7 };

static struct seal_age_identity *
identity(void)
{
	struct seal_age_identity *id = NULL;

	assert_int_equal(seal_age_identity_make(&id), ERR_NONE);
	return id;
}

static void
seal(struct buf *out, const struct seal_age_identity *id, struct str plain)
{
	struct seal_age_recipient r = seal_age_recipient_of(id);

	assert_int_equal(seal_age_seal(out, plain, &r, 1, seed), ERR_NONE);
}

static void
sealed_text_of_every_length_around_a_chunk_opens(void **state)
{
	static const size_t lengths[] = { 0, 1, 15, 65535, 65536, 65537, 131072,
		131073, 200000 };
	struct seal_age_identity *id = identity();
	struct buf plain = { 0 }, sealed = { 0 }, out = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		buf_clear(&plain);
		buf_clear(&sealed);
		while (plain.len < lengths[i])
			buf_char(&plain, (char)(plain.len * 7 + i));
		seal(&sealed, id, buf_view(&plain));
		assert_int_equal(seal_age_open(&out, id, buf_view(&sealed),
				     LIMIT_BUNDLE),
		    ERR_NONE);
		assert_true(str_eq(buf_view(&out), buf_view(&plain)));
	}
	buf_release(&plain);
	buf_release(&sealed);
	buf_release(&out);
	seal_age_identity_close(id);
}

static void
every_recipient_opens_it_and_nobody_else(void **state)
{
	struct seal_age_identity *a = identity(), *b = identity(),
				 *c = identity();
	struct seal_age_recipient to[2];
	struct buf sealed = { 0 }, out = { 0 };

	(void)state;
	to[0] = seal_age_recipient_of(a);
	to[1] = seal_age_recipient_of(b);
	assert_int_equal(seal_age_seal(&sealed, STR("text"), to, 2, seed),
	    ERR_NONE);
	assert_int_equal(seal_age_open(&out, a, buf_view(&sealed), 100),
	    ERR_NONE);
	assert_int_equal(seal_age_open(&out, b, buf_view(&sealed), 100),
	    ERR_NONE);
	assert_true(str_eq(buf_view(&out), STR("text")));
	assert_int_equal(seal_age_open(&out, c, buf_view(&sealed), 100),
	    ERR_DENIED);
	assert_int_equal(out.len, 0);
	err_clear();
	assert_int_equal(seal_age_open(&out, a, buf_view(&sealed), 3),
	    ERR_LIMIT);
	assert_int_equal(seal_age_seal(&sealed, STR("text"), to, 0, seed),
	    ERR_LIMIT);
	buf_release(&sealed);
	buf_release(&out);
	seal_age_identity_close(a);
	seal_age_identity_close(b);
	seal_age_identity_close(c);
}

static void
the_same_seed_and_text_give_the_same_file(void **state)
{
	static const uint8_t other[SEAL_AGE_SEED_BYTES] = { 8 };
	struct seal_age_identity *id = identity();
	struct seal_age_recipient r = seal_age_recipient_of(id);
	struct buf a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

	(void)state;
	seal(&a, id, STR("text"));
	seal(&b, id, STR("text"));
	seal(&c, id, STR("texT"));
	assert_int_equal(seal_age_seal(&d, STR("text"), &r, 1, other),
	    ERR_NONE);
	assert_true(str_eq(buf_view(&a), buf_view(&b)));
	assert_false(str_eq(str_slice(buf_view(&a), 0, 100),
	    str_slice(buf_view(&c), 0, 100)));
	assert_false(str_eq(str_slice(buf_view(&a), 0, 100),
	    str_slice(buf_view(&d), 0, 100)));
	buf_release(&a);
	buf_release(&b);
	buf_release(&c);
	buf_release(&d);
	seal_age_identity_close(id);
}

static void
every_truncation_and_every_changed_byte_is_refused(void **state)
{
	struct seal_age_identity *id = identity();
	struct buf b = { 0 }, out = { 0 };
	struct str whole;

	(void)state;
	seal(&b, id, STR("forty two"));
	whole = buf_view(&b);
	for (size_t n = 0; n < whole.len; n++) {
		err_clear();
		assert_int_not_equal(seal_age_open(&out, id,
					 str_slice(whole, 0, n), 100),
		    ERR_NONE);
		assert_int_equal(out.len, 0);
	}
	for (size_t i = 0; i < whole.len; i++) {
		b.at[i] ^= 1;
		err_clear();
		assert_int_not_equal(seal_age_open(&out, id, whole, 100),
		    ERR_NONE);
		b.at[i] ^= 1;
	}
	assert_int_equal(seal_age_open(&out, id, whole, 100), ERR_NONE);
	buf_char(&b, 'x');
	assert_int_equal(seal_age_open(&out, id, buf_view(&b), 100),
	    ERR_DENIED);
	buf_release(&b);
	buf_release(&out);
	seal_age_identity_close(id);
}

static void
cutting_at_a_chunk_is_not_the_end_of_the_file(void **state)
{
	struct seal_age_identity *id = identity();
	struct buf plain = { 0 }, b = { 0 }, out = { 0 };
	size_t header;

	(void)state;
	seal(&b, id, STR(""));
	header = b.len - 16;
	buf_clear(&b);
	while (plain.len < 3 * 65536)
		buf_char(&plain, 'x');
	seal(&b, id, buf_view(&plain));
	assert_int_equal(b.len, header + 3 * (65536 + 16));
	assert_int_not_equal(seal_age_open(&out, id,
				 str_slice(buf_view(&b), 0,
				     header + 2 * (65536 + 16)),
				 LIMIT_BUNDLE),
	    ERR_NONE);
	assert_int_equal(out.len, 0);
	buf_release(&plain);
	buf_release(&b);
	buf_release(&out);
	seal_age_identity_close(id);
}

static void
a_key_with_one_wrong_letter_is_refused(void **state)
{
	struct seal_age_identity *id = identity(), *again = NULL;
	struct seal_age_recipient r = seal_age_recipient_of(id), s;
	struct buf b = { 0 };

	(void)state;
	seal_age_recipient_write(&r, &b);
	assert_int_equal(b.len, 62);
	assert_int_equal(seal_age_recipient_read(&s, buf_view(&b)), ERR_NONE);
	assert_memory_equal(r.key, s.key, sizeof s.key);
	for (size_t i = 0; i < b.len; i++) {
		char was = b.at[i];

		b.at[i] = was == 'q' ? 'p' : 'q';
		err_clear();
		assert_int_equal(seal_age_recipient_read(&s, buf_view(&b)),
		    ERR_FORMAT);
		b.at[i] = was;
	}
	buf_clear(&b);
	buf_str(&b, STR("# made today\n\n"));
	seal_age_identity_write(id, &b);
	assert_int_equal(seal_age_identity_read(&again, buf_view(&b)),
	    ERR_NONE);
	s = seal_age_recipient_of(again);
	assert_memory_equal(r.key, s.key, sizeof s.key);
	seal_age_identity_close(again);
	seal_age_identity_write(id, &b);
	assert_int_equal(seal_age_identity_read(&again, buf_view(&b)),
	    ERR_FORMAT);
	buf_release(&b);
	seal_age_identity_close(id);
}

static void
age_opens_what_we_seal(void **state)
{
	struct seal_age_identity *id = identity();
	struct buf b = { 0 }, plain = { 0 };

	(void)state;
	tool_start();
	if (!tool_has("age")) {
		tool_end();
		seal_age_identity_close(id);
		skip_because("no age here");
	}
	seal_age_identity_write(id, &b);
	tool_write("key", buf_view(&b));
	while (plain.len < 150000)
		buf_printf(&plain, "line %zu\n", plain.len);
	buf_clear(&b);
	seal(&b, id, buf_view(&plain));
	tool_write("f.age", buf_view(&b));
	assert_int_equal(tool_run("age -d -i key -o f f.age"), 0);
	tool_read(&b, "f");
	assert_true(str_eq(buf_view(&b), buf_view(&plain)));
	tool_end();
	buf_release(&b);
	buf_release(&plain);
	seal_age_identity_close(id);
}

static void
we_open_what_age_seals(void **state)
{
	struct seal_age_identity *id = NULL;
	struct buf b = { 0 }, out = { 0 }, plain = { 0 };

	(void)state;
	tool_start();
	if (!tool_has("age")) {
		tool_end();
		skip_because("no age here");
	}
	assert_int_equal(tool_run("age-keygen -o key && age-keygen -o key2"),
	    0);
	tool_read(&b, "key");
	assert_int_equal(seal_age_identity_read(&id, buf_view(&b)), ERR_NONE);
	while (plain.len < 65536)
		buf_printf(&plain, "line %zu\n", plain.len);
	tool_write("f", buf_view(&plain));
	assert_int_equal(tool_run("age -r $(age-keygen -y key2) "
				  "-r $(age-keygen -y key) -o f.age f"),
	    0);
	tool_read(&b, "f.age");
	assert_int_equal(seal_age_open(&out, id, buf_view(&b), LIMIT_BUNDLE),
	    ERR_NONE);
	assert_true(str_eq(buf_view(&out), buf_view(&plain)));
	assert_int_equal(tool_run("age -a -r $(age-keygen -y key) -o a.age f"),
	    0);
	tool_read(&b, "a.age");
	assert_int_equal(seal_age_open(&out, id, buf_view(&b), LIMIT_BUNDLE),
	    ERR_NONE);
	assert_true(str_eq(buf_view(&out), buf_view(&plain)));
	b.at[b.len / 2] ^= 1;
	assert_int_not_equal(seal_age_open(&out, id, buf_view(&b),
				 LIMIT_BUNDLE),
	    ERR_NONE);
	tool_end();
	buf_release(&b);
	buf_release(&out);
	buf_release(&plain);
	seal_age_identity_close(id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    sealed_text_of_every_length_around_a_chunk_opens),
		cmocka_unit_test(every_recipient_opens_it_and_nobody_else),
		cmocka_unit_test(the_same_seed_and_text_give_the_same_file),
		cmocka_unit_test(
		    every_truncation_and_every_changed_byte_is_refused),
		cmocka_unit_test(cutting_at_a_chunk_is_not_the_end_of_the_file),
		cmocka_unit_test(a_key_with_one_wrong_letter_is_refused),
		cmocka_unit_test(age_opens_what_we_seal),
		cmocka_unit_test(we_open_what_age_seals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
