#include "core/anchor.h"
#include "core/limits.h"
#include "core/rooms.h"
#include "core/wire.h"

#include <string.h>

#include "tests/t.h"

static void
numbers_and_strings_come_back(void **state)
{
	struct buf b = { 0 };
	struct wire w;

	(void)state;
	wire_put_u8(&b, 0xfe);
	wire_put_u16(&b, 0xfedc);
	wire_put_u32(&b, 0xfedcba98);
	wire_put_u64(&b, 0xfedcba9876543210);
	wire_put_str(&b, STR("text"));
	w = wire_of(buf_view(&b));
	assert_int_equal(wire_u8(&w), 0xfe);
	assert_int_equal(wire_u16(&w), 0xfedc);
	assert_int_equal(wire_u32(&w), 0xfedcba98);
	assert_true(wire_u64(&w) == 0xfedcba9876543210);
	assert_true(str_eq(wire_str(&w, 4), STR("text")));
	assert_int_equal(wire_done(&w), ERR_NONE);
	w = wire_of(buf_view(&b));
	(void)wire_bytes(&w, 15);
	assert_int_equal(wire_str(&w, 3).len, 0);
	assert_int_equal(wire_done(&w), ERR_FORMAT);
	buf_release(&b);
}

static void
sample_start(struct start *s, struct arena *a)
{
	*s = (struct start){ .session = true,
		.title = STR("t"),
		.git = STR("/g"),
		.cores = 2,
		.n_releases = 1 };
	s->releases = arena_array(a, 1, struct release);
	s->releases[0].name = STR("v1");
	memset(s->releases[0].commit.id, 7, OID_BYTES);
}

static void
a_start_comes_back_and_no_part_of_it_does(void **state)
{
	struct arena a = { 0 };
	struct start s, got;
	struct buf b = { 0 };

	(void)state;
	sample_start(&s, &a);
	start_write(&s, &b);
	assert_int_equal(start_read(&got, &a, buf_view(&b)), ERR_NONE);
	assert_true(got.session);
	assert_true(str_eq(got.releases[0].name, STR("v1")));
	assert_true(oid_eq(&got.releases[0].commit, &s.releases[0].commit));
	for (size_t len = 0; len < b.len; len++)
		assert_int_equal(start_read(&got, &a,
				     str_slice(buf_view(&b), 0, len)),
		    ERR_FORMAT);
	buf_char(&b, 'x');
	assert_int_equal(start_read(&got, &a, buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
	arena_release(&a);
}

static void
an_anchor_comes_back_and_no_part_of_it_does(void **state)
{
	struct anchor an = { .path = STR("a b.c"), .first = 3, .last = 4 };
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct wire w;

	(void)state;
	an.region = hash_of(STR("x\n"));
	anchor_write(&an, &b);
	w = wire_of(buf_view(&b));
	assert_true(str_eq(anchor_read(&w, &a).path, STR("a b.c")));
	assert_int_equal(wire_done(&w), ERR_NONE);
	for (size_t len = 0; len < b.len; len++) {
		w = wire_of(str_slice(buf_view(&b), 0, len));
		anchor_read(&w, &a);
		assert_int_equal(wire_done(&w), ERR_FORMAT);
	}
	buf_release(&b);
	arena_release(&a);
}

static void
a_region_is_its_lines_with_their_ends(void **state)
{
	struct str blob = STR("one\ntwo\n\nfour");

	(void)state;
	assert_true(str_eq(anchor_region(blob, 1, 1), STR("one\n")));
	assert_true(str_eq(anchor_region(blob, 2, 3), STR("two\n\n")));
	assert_true(str_eq(anchor_region(blob, 4, 9), STR("four")));
	assert_true(str_eq(anchor_region(blob, 0, 0), blob));
	assert_int_equal(anchor_region(blob, 5, 6).len, 0);
	assert_int_equal(anchor_region(STR(""), 1, 1).len, 0);
}

/* FIPS 180-4 and RFC 1321 test values. */
static void
hashes_are_those_of_the_standards(void **state)
{
	struct buf b = { 0 };
	struct hash h = hash_of(STR("abc"));
	uint8_t md5[HASH_MD5_BYTES];

	(void)state;
	buf_hex(&b, h.at, HASH_BYTES);
	assert_string_equal(b.at,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	buf_clear(&b);
	hash_md5(STR("abc"), md5);
	buf_hex(&b, md5, sizeof md5);
	assert_string_equal(b.at, "900150983cd24fb0d6963f7d28e17f72");
	buf_release(&b);
}

static void
a_citation_is_one_plain_line(void **state)
{
	struct anchor an = { .path = STR("a b\n.c"), .first = 3, .last = 4 };
	struct buf b = { 0 };

	(void)state;
	anchor_cite(&an, &b);
	assert_string_equal(b.at,
	    "V1 c=000000000000 b=000000000000 L3-4 "
	    "h=0000000000000000 p=a%20b%0a.c");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_strings_come_back),
		cmocka_unit_test(a_start_comes_back_and_no_part_of_it_does),
		cmocka_unit_test(an_anchor_comes_back_and_no_part_of_it_does),
		cmocka_unit_test(a_region_is_its_lines_with_their_ends),
		cmocka_unit_test(hashes_are_those_of_the_standards),
		cmocka_unit_test(a_citation_is_one_plain_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
