#include "core/sign.h"

#include "tests/tool.h"

static const uint8_t seed[SIGN_SEED_BYTES] = { 1, 2, 3 };
static const uint8_t other_seed[SIGN_SEED_BYTES] = { 9 };

static struct sign_secret *
secret_of(const uint8_t *from)
{
	struct sign_secret *s = NULL;

	assert_int_equal(sign_from_seed(&s, from), ERR_NONE);
	return s;
}

static enum err
verify(const struct sign_secret *s, struct str bytes, struct str signature)
{
	struct sign_public p = sign_public_of(s);
	enum err rc;

	err_clear();
	rc = sign_verify(NULL, &p, bytes, signature);
	return rc;
}

static void
what_was_signed_verifies_and_gives_its_comment(void **state)
{
	struct sign_secret *s = secret_of(seed);
	struct sign_public p = sign_public_of(s);
	struct buf b = { 0 };
	struct str comment;
	uint8_t id[8];

	(void)state;
	assert_int_equal(sign_bytes(&b, s, STR("text"), STR("why")), ERR_NONE);
	assert_int_equal(sign_verify(&comment, &p, STR("text"), buf_view(&b)),
	    ERR_NONE);
	assert_true(str_eq(comment, STR("why")));
	assert_int_equal(sign_key_of(id, buf_view(&b)), ERR_NONE);
	assert_memory_equal(id, p.id, sizeof id);
	buf_release(&b);
	sign_close(s);
}

static void
another_text_or_key_is_denied(void **state)
{
	struct sign_secret *s = secret_of(seed), *t = secret_of(other_seed);
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(sign_bytes(&b, s, STR("text"), STR("")), ERR_NONE);
	assert_int_equal(verify(s, STR("text"), buf_view(&b)), ERR_NONE);
	assert_int_equal(verify(s, STR("texT"), buf_view(&b)), ERR_DENIED);
	assert_int_equal(verify(s, STR("text "), buf_view(&b)), ERR_DENIED);
	assert_int_equal(verify(t, STR("text"), buf_view(&b)), ERR_DENIED);
	buf_release(&b);
	sign_close(s);
	sign_close(t);
}

static void
every_truncation_and_every_changed_byte_is_refused(void **state)
{
	struct sign_secret *s = secret_of(seed);
	struct buf b = { 0 };
	struct str whole;
	size_t untrusted = strlen("untrusted comment: signature from vitrine");

	(void)state;
	assert_int_equal(sign_bytes(&b, s, STR("text"), STR("a comment")),
	    ERR_NONE);
	whole = buf_view(&b);
	for (size_t n = 0; n < whole.len; n++)
		assert_int_not_equal(verify(s, STR("text"),
					 str_slice(whole, 0, n)),
		    ERR_NONE);
	for (size_t i = 0; i < whole.len; i++) {
		if (i >= strlen("untrusted comment: ") && i < untrusted)
			continue; /* that comment is anybody's */
		b.at[i] ^= 1;
		assert_int_not_equal(verify(s, STR("text"), whole), ERR_NONE);
		b.at[i] ^= 1;
	}
	assert_int_equal(verify(s, STR("text"), whole), ERR_NONE);
	buf_char(&b, '\n');
	assert_int_equal(verify(s, STR("text"), buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
	sign_close(s);
}

static void
a_comment_of_two_lines_cannot_be_signed(void **state)
{
	struct sign_secret *s = secret_of(seed);
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(sign_bytes(&b, s, STR("x"), STR("a\nb")), ERR_FORMAT);
	assert_int_equal(b.len, 0);
	sign_close(s);
}

static void
keys_are_the_same_after_writing_and_reading(void **state)
{
	struct sign_secret *s = secret_of(seed), *t = NULL;
	struct sign_public p = sign_public_of(s), q;
	struct arena a = { 0 };
	struct buf b = { 0 };

	(void)state;
	sign_public_write(&p, &b);
	assert_int_equal(sign_public_read(&q, buf_view(&b)), ERR_NONE);
	assert_true(sign_public_eq(&p, &q));
	assert_int_equal(sign_public_read(&q, sign_public_text(&p, &a)),
	    ERR_NONE);
	assert_true(sign_public_eq(&p, &q));
	assert_int_equal(sign_public_read(&q, STR("RW")), ERR_FORMAT);
	buf_clear(&b);
	assert_int_equal(sign_secret_write(s, &b, STR("")), ERR_NONE);
	assert_false(sign_secret_locked(buf_view(&b)));
	assert_int_equal(sign_secret_read(&t, buf_view(&b), STR("")), ERR_NONE);
	q = sign_public_of(t);
	assert_true(sign_public_eq(&p, &q));
	sign_close(t);
	b.at[b.len - 60] ^= 1; /* in the key's public half */
	err_clear();
	assert_int_equal(sign_secret_read(&t, buf_view(&b), STR("")),
	    ERR_FORMAT);
	buf_release(&b);
	arena_release(&a);
	sign_close(s);
}

static void
a_passphrase_locks_a_secret_key(void **state)
{
	struct sign_secret *s = secret_of(seed), *t = NULL;
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(sign_secret_write(s, &b, STR("open")), ERR_NONE);
	assert_true(sign_secret_locked(buf_view(&b)));
	err_clear();
	assert_int_equal(sign_secret_read(&t, buf_view(&b), STR("")),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(sign_secret_read(&t, buf_view(&b), STR("Open")),
	    ERR_DENIED);
	assert_int_equal(sign_secret_read(&t, buf_view(&b), STR("open")),
	    ERR_NONE);
	sign_close(t);
	sign_close(s);
	buf_release(&b);
}

static void
minisign_reads_our_keys_and_signatures(void **state)
{
	struct sign_secret *s = secret_of(seed);
	struct sign_public p = sign_public_of(s);
	struct buf b = { 0 };

	(void)state;
	tool_start();
	if (!tool_has("minisign")) {
		tool_end();
		skip_because("no minisign here");
	}
	sign_public_write(&p, &b);
	tool_write("k.pub", buf_view(&b));
	buf_clear(&b);
	assert_int_equal(sign_bytes(&b, s, STR("hello\n"), STR("c")), ERR_NONE);
	tool_write("f.minisig", buf_view(&b));
	tool_write("f", STR("hello\n"));
	assert_int_equal(tool_run("minisign -V -H -p k.pub -m f"), 0);
	tool_write("f", STR("hellO\n"));
	assert_int_not_equal(tool_run("minisign -V -H -p k.pub -m f"), 0);
	buf_clear(&b);
	assert_int_equal(sign_secret_write(s, &b, STR("")), ERR_NONE);
	tool_write("k.key", buf_view(&b));
	assert_int_equal(tool_run("minisign -S -W -s k.key -m f -t ours"), 0);
	assert_int_equal(tool_run("minisign -V -H -p k.pub -m f"), 0);
	buf_clear(&b);
	assert_int_equal(sign_secret_write(s, &b, STR("pass")), ERR_NONE);
	tool_write("l.key", buf_view(&b));
	assert_int_equal(tool_run("echo pass | minisign -S -s l.key -m f"), 0);
	assert_int_equal(tool_run("minisign -V -H -p k.pub -m f"), 0);
	assert_int_not_equal(tool_run("echo no | minisign -S -s l.key -m f"),
	    0);
	tool_end();
	buf_release(&b);
	sign_close(s);
}

static void
we_read_what_minisign_makes_but_not_its_legacy_kind(void **state)
{
	struct sign_secret *s = NULL;
	struct sign_public p, q;
	struct buf b = { 0 };
	struct str comment;

	(void)state;
	tool_start();
	if (!tool_has("minisign")) {
		tool_end();
		skip_because("no minisign here");
	}
	tool_write("f", STR("hello\n"));
	assert_int_equal(tool_run("minisign -G -W -p k.pub -s k.key"), 0);
	assert_int_equal(tool_run("minisign -S -s k.key -m f -t 'a b'"), 0);
	tool_read(&b, "k.pub");
	assert_int_equal(sign_public_read(&p, buf_view(&b)), ERR_NONE);
	tool_read(&b, "f.minisig");
	assert_int_equal(sign_verify(&comment, &p, STR("hello\n"),
			     buf_view(&b)),
	    ERR_NONE);
	assert_true(str_eq(comment, STR("a b")));
	tool_read(&b, "k.key");
	assert_int_equal(sign_secret_read(&s, buf_view(&b), STR("")), ERR_NONE);
	q = sign_public_of(s);
	assert_true(sign_public_eq(&p, &q));
	sign_close(s);
	assert_int_equal(tool_run("minisign -S -s k.key -m f"), 0);
	tool_read(&b, "f.minisig");
	assert_int_equal(sign_verify(&comment, &p, STR("hello\n"),
			     buf_view(&b)),
	    ERR_NONE);
	assert_true(str_starts(comment, STR("timestamp:")));
	assert_int_equal(tool_run("minisign -S -l -s k.key -m f"), 0);
	assert_int_equal(tool_run("minisign -V -p k.pub -m f"), 0);
	tool_read(&b, "f.minisig");
	err_clear();
	assert_int_equal(sign_verify(NULL, &p, STR("hello\n"), buf_view(&b)),
	    ERR_FORMAT);
	assert_non_null(strstr(err_text(), "legacy"));
	tool_end();
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_was_signed_verifies_and_gives_its_comment),
		cmocka_unit_test(another_text_or_key_is_denied),
		cmocka_unit_test(
		    every_truncation_and_every_changed_byte_is_refused),
		cmocka_unit_test(a_comment_of_two_lines_cannot_be_signed),
		cmocka_unit_test(keys_are_the_same_after_writing_and_reading),
		cmocka_unit_test(a_passphrase_locks_a_secret_key),
		cmocka_unit_test(minisign_reads_our_keys_and_signatures),
		cmocka_unit_test(
		    we_read_what_minisign_makes_but_not_its_legacy_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
