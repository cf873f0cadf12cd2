#include "policy/pages.h"

#include "policy/ledger.h"
#include "tests/t.h"
#include "tests/tool.h"

static struct arena arena;

static int
tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	err_clear();
	return 0;
}

static struct pages_place
place(uint8_t blob, const char *path, uint32_t first, uint32_t last)
{
	struct pages_place p = { .at = { .release = STR("v1.0"),
				     .path = str_of(path),
				     .first = first,
				     .last = last },
		.cost = { .pages = 1, .of = 200 } };

	p.at.blob.id[0] = blob;
	return p;
}

static struct pages
request(struct pages_place *places, uint32_t n)
{
	struct pages p = { .session = STR("demo"),
		.author = STR("ann"),
		.purpose = STR("finding 3"),
		.places = places,
		.n = n };

	pages_sum(&p);
	return p;
}

static void
a_request_comes_back_as_it_was_written(void **state)
{
	struct pages_place places[] = { place(1, "a b/\xff.c", 1, 30),
		place(2, "b.c", 7, 7) };
	struct pages p = request(places, 2), back;
	struct buf b = { 0 }, again = { 0 };

	(void)state;
	pages_write(&p, &b);
	assert_true(pages_is(buf_view(&b)));
	assert_int_equal(pages_read(&back, &arena, buf_view(&b)), ERR_NONE);
	assert_int_equal(back.lines, 31);
	assert_true(str_eq(back.places[0].at.path, places[0].at.path));
	pages_write(&back, &again);
	assert_true(str_eq(buf_view(&b), buf_view(&again)));
	for (size_t len = 0; len + 1 < b.len; len++)
		assert_int_not_equal(pages_read(&back, &arena,
					 str_slice(buf_view(&b), 0, len)),
		    ERR_NONE);
	assert_int_equal(pages_read(&back, &arena,
			     STR("{\"format\":\"vitrine-findings\"}")),
	    ERR_ABSENT);
	buf_release(&b);
	buf_release(&again);
}

static void
a_request_that_adds_up_wrongly_is_damaged(void **state)
{
	struct pages_place places[] = { place(1, "a.c", 1, 30) };
	struct pages p = request(places, 1), back;
	struct buf b = { 0 };

	(void)state;
	p.pages = 9;
	pages_write(&p, &b);
	assert_int_equal(pages_read(&back, &arena, buf_view(&b)), ERR_FORMAT);
	buf_clear(&b);
	places[0].at.last = 201;
	p = request(places, 1);
	pages_write(&p, &b);
	assert_int_equal(pages_read(&back, &arena, buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
}

/* The same lines in one request or in many, next to each other or over each
 * other: the facts are the same. */
static void
splitting_over_requests_changes_nothing(void **state)
{
	struct pages_place whole[] = { place(1, "a.c", 1, 60) };
	struct pages_place first[] = { place(1, "a.c", 1, 20) };
	struct pages_place second[] = { place(1, "a.c", 15, 40) };
	struct pages_place third[] = { place(1, "a.c", 41, 60) };
	struct pages one = request(whole, 1), now = request(third, 1);
	struct pages before[] = { request(first, 1), request(second, 1) };
	struct pages_facts a = { 0 }, b = { 0 };

	(void)state;
	pages_facts(&a, &one, NULL, 0);
	pages_facts(&b, &now, before, 2);
	assert_int_equal(a.run, 60);
	assert_int_equal(b.run, 60);
	assert_int_equal(a.percent, 30);
	assert_int_equal(b.percent, 30);
	pages_facts(&b, &now, NULL, 0);
	assert_int_equal(b.run, 20);
	assert_int_equal(b.percent, 10);
}

/* Another content of a path counts again, the same one in another release
 * does not; other files do not count at all. */
static void
a_file_counts_by_its_content(void **state)
{
	struct pages_place old[] = { place(1, "a.c", 1, 20),
		place(1, "other.c", 1, 200) };
	struct pages_place changed[] = { place(2, "a.c", 21, 40) };
	struct pages_place same[] = { place(1, "a.c", 1, 20) };
	struct pages before[] = { request(old, 2) };
	struct pages now = request(changed, 1);
	struct pages_facts f = { 0 };

	(void)state;
	pages_facts(&f, &now, before, 1);
	assert_int_equal(f.percent, 20);
	assert_int_equal(f.run, 20);
	now = request(same, 1);
	pages_facts(&f, &now, before, 1);
	assert_int_equal(f.percent, 10);
}

static struct journal *
new_journal(struct secret *keep)
{
	static const uint8_t seed[JOURNAL_SEED_BYTES] = { 1 };
	struct journal *j;
	char path[100];

	snprintf(path, sizeof path, "%s/journal.db", tool_at);
	*keep = (struct secret){ 0 };
	seal_secret_init(keep, SEAL_KEY);
	assert_int_equal(seal_secret_add(keep,
			     "0123456789abcdef0123456789abcdef", SEAL_KEY),
	    ERR_NONE);
	assert_int_equal(journal_create(&j, path, keep, seed, STR("")),
	    ERR_NONE);
	return j;
}

static void
add(struct journal *j, uint32_t number, uint64_t pages, int64_t when)
{
	struct journal_entry e = { .kind = JOURNAL_PAGES,
		.when = when,
		.who = STR("ann"),
		.what = STR("VEN-1"),
		.serial = number,
		.bytes = pages,
		.quoted = 10 };

	assert_int_equal(journal_add(j, &e), ERR_NONE);
}

static void
the_ledger_counts_pages_and_their_numbers_have_no_gaps(void **state)
{
	const int64_t now = 1795000000;
	struct secret keep;
	struct journal *j;
	struct ledger l;

	(void)state;
	tool_start();
	assert_int_equal(seal_start(), ERR_NONE);
	j = new_journal(&keep);
	add(j, 1, 3, now - 86400 * 3);
	add(j, 4, 2, now);
	assert_int_equal(ledger_read(&l, &arena, j, now), ERR_NONE);
	assert_int_equal(l.pages, 5);
	assert_int_equal(ledger_of(&l, STR("ann")).pages, 5);
	assert_int_equal(ledger_of(&l, STR("ann")).pages_today, 2);
	assert_int_equal(ledger_of(&l, STR("ann")).lines, 20);
	assert_int_equal(l.exports, 0);
	add(j, 7, 1, now);
	assert_int_equal(ledger_read(&l, &arena, j, now), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "page 7 follows 5"));
	journal_close(j);
	seal_secret_release(&keep);
	tool_end();
}

#define TEST(fn) cmocka_unit_test_teardown(fn, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_request_comes_back_as_it_was_written),
		TEST(a_request_that_adds_up_wrongly_is_damaged),
		TEST(splitting_over_requests_changes_nothing),
		TEST(a_file_counts_by_its_content),
		TEST(the_ledger_counts_pages_and_their_numbers_have_no_gaps),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
