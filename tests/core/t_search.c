#include "core/search.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/wire.h"

#include "tests/t.h"

static struct arena a;
static struct buf b;

static int
teardown(void **state)
{
	(void)state;
	arena_release(&a);
	buf_release(&b);
	return 0;
}

static const struct str globs[] = { STR("*.c"), STR("!tests/**") };
static const struct str names[] = { STR("v1.0") };
static const struct query query = {
	.pattern = STR("a\0b\xff"),
	.flags = SEARCH_WORD | SEARCH_UNICODE,
	.globs = globs,
	.n_globs = 2,
	.releases = names,
	.n_releases = 1,
	.seconds = 3,
};

static struct search_start
a_start(void)
{
	return (struct search_start){ .job = 9,
		.part = 1,
		.parts = 2,
		.from = 32,
		.to = 64,
		.query = query };
}

static void
a_start_comes_back_and_no_part_of_it_does(void **state)
{
	struct search_start s = a_start(), back;

	(void)state;
	search_start_write(&s, &b);
	assert_int_equal(search_start_read(&back, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(back.job, 9);
	assert_int_equal(back.from, 32);
	assert_int_equal(back.to, 64);
	assert_true(str_eq(back.query.pattern, query.pattern));
	assert_int_equal(back.query.flags, query.flags);
	assert_int_equal(back.query.n_globs, 2);
	assert_true(str_eq(back.query.globs[1], globs[1]));
	assert_true(str_eq(back.query.releases[0], names[0]));
	for (size_t len = 0; len < b.len; len++) {
		err_clear();
		assert_int_equal(search_start_read(&back, &a,
				     (struct str){ b.at, len }),
		    ERR_FORMAT);
	}
}

static void
a_start_that_makes_no_sense_is_refused(void **state)
{
	struct search_start s[4], back;

	(void)state;
	for (int i = 0; i < 4; i++)
		s[i] = a_start();
	s[0].part = 2;
	s[1].to = s[1].from;
	s[2].job = 0;
	s[3].query.flags = SEARCH_FLAGS + 1;
	for (int i = 0; i < 4; i++) {
		buf_clear(&b);
		search_start_write(&s[i], &b);
		assert_int_equal(search_start_read(&back, &a, buf_view(&b)),
		    ERR_FORMAT);
	}
}

static void
hits_come_back_and_lying_ones_do_not(void **state)
{
	struct search_hit h = { .blob = 1,
		.line = 2,
		.column = 3,
		.length = 4,
		.line_len = 5,
		.cut = 0,
		.encoding = 1,
		.n_spans = 2,
		.spans = { { 0, 1 }, { 2, 1 } },
		.excerpt = STR("abc") },
			  bad, back;
	struct wire w;

	(void)state;
	search_hit_write(&h, &b);
	w = wire_of(buf_view(&b));
	back = search_hit_read(&w, &a);
	assert_int_equal(wire_done(&w), ERR_NONE);
	assert_int_equal(back.column, 3);
	assert_int_equal(back.spans[1].at, 2);
	assert_true(str_eq(back.excerpt, h.excerpt));
	for (int i = 0; i < 5; i++) {
		bad = h;
		if (i == 0)
			bad.spans[1].len = 2; /* behind the excerpt */
		if (i == 1)
			bad.spans[1].at = 0; /* over the one before */
		if (i == 2)
			bad.n_spans = 0;
		if (i == 3)
			bad.line = 0;
		if (i == 4)
			bad.encoding = ENCODINGS;
		buf_clear(&b);
		search_hit_write(&bad, &b);
		w = wire_of(buf_view(&b));
		search_hit_read(&w, &a);
		assert_true(w.bad);
	}
}

static void
shares_cover_every_blob_once(void **state)
{
	static const uint32_t totals[] = { 0, 1, 31, 32, 33, 64, 65, 1000, 4096,
		12345 };

	(void)state;
	for (unsigned parts = 1; parts <= 5; parts++)
		for (size_t t = 0; t < 10; t++) {
			uint32_t n = totals[t];
			char *seen = calloc(n + 1, 1);

			for (unsigned p = 0; p < parts; p++) {
				uint32_t mine = search_share_size(p, parts, n);

				for (uint32_t k = 0; k < mine; k++) {
					uint32_t at =
					    search_share_blob(p, parts, k);

					assert_true(at < n);
					assert_int_equal(seen[at]++, 0);
				}
			}
			for (uint32_t i = 0; i < n; i++)
				assert_int_equal(seen[i], 1);
			free(seen);
		}
}

static void
globs_mean_what_they_say(void **state)
{
	static const struct {
		const char *glob, *path;
		bool in;
	} rows[] = {
		{ "*.c", "a.c", true },
		{ "*.c", "d/e/a.c", true },
		{ "*.c", "a.cc", false },
		{ "src/*.c", "src/a.c", true },
		{ "src/*.c", "src/d/a.c", false },
		{ "src/*.c", "x/src/a.c", false },
		{ "src/**/*.c", "src/d/e/a.c", true },
		{ "src/**/*.c", "src/a.c", true },
		{ "**/a.c", "a.c", true },
		{ "**/a.c", "x/y/a.c", true },
		{ "**/a.c", "x/ya.c", false },
		{ "src", "src/a.c", true },
		{ "src/", "src/d/a.c", true },
		{ "src", "srcs/a.c", false },
		{ "/a.c", "a.c", true },
		{ "/a.c", "d/a.c", false },
		{ "[a-c]?.h", "b1.h", true },
		{ "[!a-c]?.h", "b1.h", false },
		{ "[", "[", true },
		{ "\\*", "*", true },
		{ "\\*", "x", false },
		{ "a**b", "a/x/b", false },
		{ "d/a**b", "d/a/x/b", true },
		{ "", "a", false },
		{ "*", "x/y", true },
		{ "./src/*.c", "src/a.c", true },
		{ "[]]", "]", true },
		{ "**", "a/b", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (search_glob(str_of(rows[i].glob), str_of(rows[i].path)) !=
		    rows[i].in) {
			print_error("%s on %s\n", rows[i].glob, rows[i].path);
			assert_true(false);
		}
	assert_true(search_wants_path(&query, STR("a.c")));
	assert_false(search_wants_path(&query, STR("tests/d/a.c")));
	assert_false(search_wants_path(&query, STR("a.h")));
}

static struct search_certificate
a_certificate(void)
{
	static const struct search_release release = { STR("v1.0"), { { 1 } },
		{ { 2 } } };
	static const struct search_missed missed = { STR("d/\x1b[0m.c"),
		{ { 3 } }, 17, SEARCH_SKIP_LIMIT };

	return (struct search_certificate){ .query = query,
		.releases = &release,
		.n_releases = 1,
		.files = 5000,
		.blobs = 4847,
		.blobs_done = 4847,
		.bytes = 41200000,
		.converted = 16,
		.hits = 12,
		.hit_files = 3,
		.missed = &missed,
		.n_missed = 1,
		.engine = STR("PCRE2 10.42"),
		.why = STR("not everything could be searched") };
}

static void
a_certificate_comes_back_and_no_part_of_it_does(void **state)
{
	struct search_certificate c = a_certificate(), back;
	struct wire w;

	(void)state;
	search_certificate_write(&c, &b);
	w = wire_of(buf_view(&b));
	back = search_certificate_read(&w, &a);
	assert_int_equal(wire_done(&w), ERR_NONE);
	assert_int_equal(back.n_missed, 1);
	assert_int_equal(back.missed[0].line, 17);
	assert_int_equal(back.bytes, 41200000);
	assert_true(str_eq(back.why, c.why));
	for (size_t len = 0; len < b.len; len++) {
		w = wire_of((struct str){ b.at, len });
		back = search_certificate_read(&w, &a);
		assert_true(w.bad && !back.complete && back.n_missed == 0);
	}
}

static void
a_certificate_that_contradicts_itself_is_refused(void **state)
{
	struct search_certificate c = a_certificate();
	struct wire w;

	(void)state;
	for (int i = 0; i < 4; i++) {
		c = a_certificate();
		c.complete = true;
		if (i != 0)
			c.n_missed = 0;
		if (i != 1)
			c.why.len = 0;
		if (i == 2)
			c.blobs_done--;
		buf_clear(&b);
		search_certificate_write(&c, &b);
		w = wire_of(buf_view(&b));
		search_certificate_read(&w, &a);
		assert_int_equal(w.bad, i != 3); /* the last one is sound */
	}
}

static void
a_certificate_reads_well_and_safely(void **state)
{
	struct search_certificate c = a_certificate();

	(void)state;
	search_certificate_line(&c, &b);
	assert_string_equal(b.at,
	    "PARTIAL 4847/4847 blobs 41.2MB; "
	    "1 skipped; 16 converted; not everything could be searched");
	buf_clear(&b);
	search_certificate_text(&c, &b);
	assert_null(memchr(b.at, 27, b.len));
	assert_non_null(strstr(b.at, "\"a\\x00b\\xff\""));
	assert_non_null(strstr(b.at, "word unicode; 3 s of"));
	assert_non_null(strstr(b.at,
	    "d/\\x1b[0m.c:17 (blob 030000000000): "
	    "the pattern gave up on this line"));
	assert_non_null(strstr(b.at, "\nPARTIAL: not everything"));
	c.n_missed = 0;
	c.why.len = 0;
	c.complete = true;
	buf_clear(&b);
	search_certificate_line(&c, &b);
	assert_string_equal(b.at,
	    "COMPLETE 4847/4847 blobs 41.2MB; "
	    "0 skipped; 16 converted");
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_start_comes_back_and_no_part_of_it_does),
		TEST(a_start_that_makes_no_sense_is_refused),
		TEST(hits_come_back_and_lying_ones_do_not),
		TEST(shares_cover_every_blob_once),
		TEST(globs_mean_what_they_say),
		TEST(a_certificate_comes_back_and_no_part_of_it_does),
		TEST(a_certificate_that_contradicts_itself_is_refused),
		TEST(a_certificate_reads_well_and_safely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
