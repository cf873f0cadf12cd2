#include "policy/parcel.h"

#include "core/limits.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

static struct buf sent[400];
static size_t n_sent;

static void
keep(void *arg, struct str body)
{
	(void)arg;
	assert_true(body.len <= LIMIT_MESSAGE);
	buf_clear(&sent[n_sent]);
	buf_str(&sent[n_sent++], body);
}

static void
fill(struct buf *b, size_t len)
{
	while (b->len < len)
		buf_char(b, (char)(b->len * 31));
}

static void
a_candidate_arrives_whole_whatever_its_length(void **state)
{
	static const size_t lengths[] = { 0, 1, PARCEL_PIECE, PARCEL_PIECE + 1,
		3 * PARCEL_PIECE + 7 };
	struct parcel_inbox in = { 0 };
	struct buf context = { 0 }, bytes = { 0 };
	uint32_t id = 1;

	(void)state;
	buf_str(&context, STR("before "));
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++, id++) {
		bool whole = false;

		buf_clear(&bytes);
		fill(&bytes, lengths[i]);
		n_sent = 0;
		parcel_send(id, buf_view(&context), buf_view(&bytes), keep,
		    NULL);
		for (size_t k = 0; k < n_sent; k++) {
			assert_false(whole);
			assert_int_equal(parcel_take(&in, &whole,
					     buf_view(&sent[k])),
			    ERR_NONE);
		}
		assert_true(whole);
		assert_int_equal(in.id, id);
		assert_int_equal(in.context, context.len);
		assert_true(str_eq(str_slice(buf_view(&in.bytes), context.len,
				       in.bytes.len),
		    buf_view(&bytes)));
	}
	parcel_release(&in);
	buf_release(&context);
	buf_release(&bytes);
}

static void
a_newer_candidate_replaces_one_that_is_coming(void **state)
{
	struct parcel_inbox in = { 0 };
	struct buf bytes = { 0 };
	bool whole = false;

	(void)state;
	fill(&bytes, 2 * PARCEL_PIECE);
	n_sent = 0;
	parcel_send(1, STR(""), buf_view(&bytes), keep, NULL);
	parcel_send(2, STR(""), STR("short"), keep, NULL);
	assert_int_equal(n_sent, 3);
	assert_int_equal(parcel_take(&in, &whole, buf_view(&sent[0])),
	    ERR_NONE);
	assert_false(whole);
	assert_int_equal(parcel_take(&in, &whole, buf_view(&sent[2])),
	    ERR_NONE);
	assert_true(whole);
	assert_true(str_eq(buf_view(&in.bytes), STR("short")));
	assert_int_equal(parcel_take(&in, &whole, buf_view(&sent[1])),
	    ERR_FORMAT);
	parcel_release(&in);
	buf_release(&bytes);
}

static enum err
try_candidate(const struct candidate *c)
{
	struct candidate got;
	struct buf b = { 0 };
	enum err rc;

	err_clear();
	parcel_candidate_write(c, &b);
	rc = parcel_candidate_read(&got, buf_view(&b));
	buf_release(&b);
	return rc;
}

static void
a_piece_outside_of_its_candidate_is_refused(void **state)
{
	const struct candidate fine = { 1, 10, 4, 5, STR("abc") };
	struct candidate c = fine;

	(void)state;
	assert_int_equal(try_candidate(&fine), ERR_NONE);
	c.at = 8;
	assert_int_equal(try_candidate(&c), ERR_FORMAT);
	c = fine;
	c.at = UINT32_MAX;
	assert_int_equal(try_candidate(&c), ERR_FORMAT);
	c = fine;
	c.context = 11;
	assert_int_equal(try_candidate(&c), ERR_FORMAT);
	c = fine;
	c.total = PARCEL_BYTES_MAX + 1;
	assert_int_equal(try_candidate(&c), ERR_FORMAT);
	c = fine;
	c.piece = STR("");
	assert_int_equal(try_candidate(&c), ERR_FORMAT);
}

static void
a_verdict_is_read_as_it_was_written(void **state)
{
	struct span spans[] = { { 3, 4, 5, SPAN_TOKENS },
		{ 3, 9, 6, SPAN_CLASSES } };
	struct verdict_source v = { .id = 7,
		.ready = true,
		.tokens = 5,
		.run = 5,
		.shapes = 6,
		.spans = spans,
		.n_spans = 2 },
			      got;
	struct arena a = { 0 };
	struct buf b = { 0 };

	(void)state;
	v.hash = hash_of(STR("x"));
	parcel_verdict_write(&v, &b);
	assert_int_equal(parcel_verdict_read(&got, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(got.id, 7);
	assert_true(got.ready);
	assert_true(hash_eq(&got.hash, &v.hash));
	assert_int_equal(got.n_spans, 2);
	assert_int_equal(got.spans[1].len, 9);
	for (size_t n = 0; n < b.len; n++) {
		err_clear();
		assert_int_equal(parcel_verdict_read(&got, &a,
				     str_slice(buf_view(&b), 0, n)),
		    ERR_FORMAT);
	}
	arena_release(&a);
	buf_release(&b);
}

static void
spans_out_of_order_or_empty_are_refused(void **state)
{
	struct span spans[] = { { 3, 4, 5, SPAN_TOKENS },
		{ 3, 9, 6, SPAN_WORDS } };
	struct verdict_source v = { .spans = spans, .n_spans = 2 }, got;
	struct arena a = { 0 };
	struct buf b = { 0 };

	(void)state;
	spans[1].at = 2;
	parcel_verdict_write(&v, &b);
	assert_int_equal(parcel_verdict_read(&got, &a, buf_view(&b)),
	    ERR_FORMAT);
	spans[1].at = 3;
	spans[1].len = 0;
	buf_clear(&b);
	parcel_verdict_write(&v, &b);
	assert_int_equal(parcel_verdict_read(&got, &a, buf_view(&b)),
	    ERR_FORMAT);
	spans[1].len = 1;
	buf_clear(&b);
	err_clear();
	parcel_verdict_write(&v, &b);
	assert_int_equal(parcel_verdict_read(&got, &a, buf_view(&b)), ERR_NONE);
	arena_release(&a);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_candidate_arrives_whole_whatever_its_length),
		cmocka_unit_test(a_newer_candidate_replaces_one_that_is_coming),
		cmocka_unit_test(a_piece_outside_of_its_candidate_is_refused),
		cmocka_unit_test(a_verdict_is_read_as_it_was_written),
		cmocka_unit_test(spans_out_of_order_or_empty_are_refused),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	for (size_t i = 0; i < sizeof sent / sizeof *sent; i++)
		buf_release(&sent[i]);
	return rc;
}
