#include "core/search_drive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/messages.h"
#include "core/search_lines.h"
#include "core/search_scan.h"
#include "core/wire.h"

#include "tests/t.h"

/*
 * Searchers and workers without processes: what the drive asks is kept, and
 * each test says when, and how, it is done.
 */
enum { LANES = 2, FILES = 3000 };

static struct {
	struct search_start start;
	struct arena a;
	bool has;
	uint32_t job, n, cancelled, feed_cancelled;
	struct oid *blobs;
} fake[LANES];

static struct search_drive *drive;
static struct search_event last;
static unsigned events;
static struct search_file files[FILES];
static char paths[FILES][16];
static uint64_t seed;

static unsigned
pick(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static void
on_send(void *arg, unsigned i, uint16_t type, struct str body)
{
	struct wire w = wire_of(body);

	(void)arg;
	if (type == MSG_SEARCH_CANCEL) {
		fake[i].cancelled = wire_u32(&w);
		return;
	}
	assert_int_equal(type, MSG_SEARCH);
	assert_false(fake[i].has);
	arena_clear(&fake[i].a);
	assert_int_equal(search_start_read(&fake[i].start, &fake[i].a, body),
	    ERR_NONE);
	fake[i].has = true;
}

static void
on_feed(void *arg, unsigned i, uint32_t job, const struct oid *blobs,
    uint32_t n)
{
	(void)arg;
	assert_int_equal(fake[i].job, 0);
	assert_int_equal(job, fake[i].start.job);
	fake[i].job = job;
	fake[i].n = n;
	fake[i].blobs = arena_array(&fake[i].a, n, struct oid);
	memcpy(fake[i].blobs, blobs, n * sizeof *blobs);
}

static void
on_feed_cancel(void *arg, unsigned i, uint32_t job)
{
	(void)arg;
	assert_int_equal(job, fake[i].job);
	fake[i].feed_cancelled = job;
}

static void
on_event(void *arg, const struct search_event *e)
{
	(void)arg;
	assert_false(last.last);
	assert_true(e->blobs_done <= e->blobs);
	assert_true(e->hits >= last.hits);
	last = *e;
	events++;
}

static const struct search_ops ops = { on_send, on_feed, on_feed_cancel,
	on_event };

static struct buf out;

static void
take(unsigned i, uint16_t type)
{
	assert_int_equal(search_drive_take(drive, i, type, buf_view(&out)),
	    ERR_NONE);
	buf_clear(&out);
}

static void
hello(unsigned i)
{
	fake[i].has = false;
	search_hello_write(STR("test engine"), &out);
	take(i, MSG_SEARCH_HELLO);
}

/* A blob says by its id how many hits it has, and its number. */
static struct oid
blob_id(uint32_t number, uint8_t hits)
{
	struct oid o = { { 0 } };

	memcpy(o.id, &number, sizeof number);
	/* The rest only spreads ids. */
	o.id[8] = (uint8_t)(number * 37);
	o.id[19] = hits;
	return o;
}

/* The same hits where only their number is asked for, in two parts. */
static void
send_lines(unsigned i, uint32_t k, const struct oid *id)
{
	struct buf packed[2] = { { 0 } };
	uint32_t last_line = 0;

	for (uint32_t line = 1; line <= id->id[19]; line++) {
		struct search_hit h = { .line = line, .length = 1 };

		search_lines_add(&packed[line & 1 ? 0 : 1], &last_line, &h);
	}
	for (int p = 0; p < 2; p++) {
		struct search_lines l = { fake[i].start.from + k,
			buf_view(&packed[p]) };

		if (l.packed.len > 0) {
			wire_put_u32(&out, fake[i].start.job);
			search_lines_write(&out, &l);
			take(i, MSG_SEARCH_LINES);
		}
		buf_release(&packed[p]);
	}
}

static void
send_hits(unsigned i, uint32_t k, const struct oid *id)
{
	if (fake[i].start.detail == SEARCH_DETAIL_COUNT) {
		send_lines(i, k, id);
		return;
	}
	wire_put_u32(&out, fake[i].start.job);
	for (uint32_t line = 1; line <= id->id[19]; line++) {
		struct search_hit h = { .blob = fake[i].start.from + k,
			.line = line,
			.length = 1,
			.n_spans = 1,
			.excerpt = STR("x") };

		search_hit_write(&h, &out);
	}
	take(i, MSG_HITS);
}

static void
done(unsigned i, enum err rc, uint32_t blobs)
{
	struct search_done d = { .job = fake[i].start.job,
		.blobs = blobs,
		.bytes = blobs,
		.rc = (uint8_t)rc,
		.text = STR("why") };

	search_done_write(&d, &out);
	fake[i].has = false;
	take(i, MSG_SEARCH_DONE);
}

static void
fed(unsigned i, enum err rc)
{
	uint32_t job = fake[i].job;

	fake[i].job = 0;
	search_drive_fed(drive, i, job, rc);
}

/* The whole chunk, in an order of its own. */
static void
search_chunk(unsigned i)
{
	uint32_t n = fake[i].n, from = pick(n);

	for (uint32_t k = 0; k < n; k++)
		send_hits(i, (from + k) % n, &fake[i].blobs[(from + k) % n]);
	if (pick(2)) {
		fed(i, ERR_NONE);
		done(i, ERR_NONE, n);
	} else {
		done(i, ERR_NONE, n);
		fed(i, ERR_NONE);
	}
}

static int
setup(void **state)
{
	(void)state;
	seed = 7;
	memset(fake, 0, sizeof fake);
	memset(&last, 0, sizeof last);
	events = 0;
	err_clear();
	drive = search_drive_open(&ops, NULL, LANES);
	for (uint32_t i = 0; i < FILES; i++) {
		snprintf(paths[i], sizeof paths[i], "d%02u/f%04u", i / 100, i);
		/* Every tenth has the content of the one before. */
		files[i] = (struct search_file){ .path = str_of(paths[i]),
			.blob = blob_id(i % 10 == 9 ? i - 1 : i,
			    (i % 10 == 9 ? i - 1 : i) % 3) };
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	search_drive_close(drive);
	for (unsigned i = 0; i < LANES; i++)
		arena_release(&fake[i].a);
	buf_release(&out);
	return 0;
}

static void
start(size_t n)
{
	static const struct search_release release = { .name = STR("v1") };
	struct query q = { .pattern = STR("x") };

	memset(&last, 0, sizeof last);
	assert_int_equal(search_drive_start(drive, &q, &release, 1, files, n),
	    ERR_NONE);
}

static void
run_to_the_end(void)
{
	while (!last.last) {
		unsigned i = pick(LANES);

		if (fake[i].has)
			search_chunk(i);
	}
}

static uint32_t
expected_hits(size_t n)
{
	uint32_t hits = 0;

	for (size_t i = 0; i < n; i++)
		if (i % 10 != 9)
			hits += files[i].blob.id[19];
	return hits;
}

static void
hits_come_out_in_order_of_path_and_line(void **state)
{
	const struct search_certificate *c;
	const struct search_hit *before = NULL;

	(void)state;
	hello(0);
	hello(1);
	start(FILES);
	run_to_the_end();
	c = search_drive_certificate(drive);
	assert_true(c->complete);
	assert_int_equal(c->blobs, 2700);
	assert_int_equal(c->blobs_done, 2700);
	assert_int_equal(c->files, FILES);
	assert_int_equal(c->hits, expected_hits(FILES));
	assert_int_equal(search_drive_hits(drive), c->hits);
	for (size_t i = 0; i < search_drive_hits(drive); i++) {
		const struct search_hit *h = search_drive_hit(drive, i);

		if (before != NULL)
			assert_true(before->blob < h->blob ||
			    (before->blob == h->blob &&
				before->line < h->line));
		before = h;
	}
}

static void
one_content_is_searched_once_and_names_its_files(void **state)
{
	const struct search_file *f;
	uint32_t n;

	(void)state;
	hello(0);
	start(100);
	run_to_the_end();
	f = search_drive_files(drive, 8, &n);
	assert_int_equal(n, 2);
	assert_true(str_eq(f[0].path, STR("d00/f0008")));
	assert_true(str_eq(f[1].path, STR("d00/f0009")));
	assert_int_equal(search_drive_certificate(drive)->hit_files,
	    90 * 2 / 3 + 7);
}

static void
the_order_of_work_changes_nothing(void **state)
{
	struct hash first;

	(void)state;
	hello(0);
	hello(1);
	start(FILES);
	run_to_the_end();
	first = search_drive_certificate(drive)->result;
	for (int round = 0; round < 5; round++) {
		seed = 100 + (unsigned)round;
		start(FILES);
		run_to_the_end();
		assert_true(
		    hash_eq(&first, &search_drive_certificate(drive)->result));
	}
	start(FILES - 1);
	run_to_the_end();
	/* FILES - 1 only leaves out a copy: the same contents. */
	assert_true(hash_eq(&first, &search_drive_certificate(drive)->result));
	start(FILES - 50);
	run_to_the_end();
	assert_false(hash_eq(&first, &search_drive_certificate(drive)->result));
}

static void
a_count_has_the_certificate_of_the_lines(void **state)
{
	struct search_certificate lines;
	uint32_t all = 0, places = 0;

	(void)state;
	hello(0);
	hello(1);
	start(FILES);
	run_to_the_end();
	lines = *search_drive_certificate(drive);
	search_drive_detail(drive, SEARCH_DETAIL_COUNT);
	start(FILES);
	run_to_the_end();
	assert_int_equal(search_drive_hits(drive), 0);
	assert_int_equal(last.hits, lines.hits);
	assert_true(search_drive_certificate(drive)->complete);
	assert_int_equal(search_drive_certificate(drive)->hits, lines.hits);
	assert_int_equal(search_drive_certificate(drive)->hit_files,
	    lines.hit_files);
	assert_true(
	    hash_eq(&lines.result, &search_drive_certificate(drive)->result));
	for (size_t k = 0; k < search_drive_found(drive); k++) {
		uint32_t hits, files_of;

		(void)search_drive_found_at(drive, k, &hits, &files_of);
		all += hits;
		places += files_of;
	}
	assert_int_equal(all, lines.hits);
	assert_int_equal(places, lines.hit_files);
	/* Another number of them is another result. */
	start(FILES - 50);
	run_to_the_end();
	assert_false(
	    hash_eq(&lines.result, &search_drive_certificate(drive)->result));
}

static void
lines_that_nobody_asked_for_are_an_error(void **state)
{
	struct search_lines l = { 0, STR("\x01\x01\x01") };

	(void)state;
	hello(0);
	for (int round = 0; round < 3; round++) {
		search_drive_detail(drive,
		    round == 0 ? SEARCH_DETAIL_LINE : SEARCH_DETAIL_COUNT);
		start(100);
		l.blob = fake[0].start.from + (round == 1 ? fake[0].n : 0);
		wire_put_u32(&out, fake[0].start.job);
		search_lines_write(&out, &l);
		assert_int_equal(search_drive_take(drive, 0, MSG_SEARCH_LINES,
				     buf_view(&out)),
		    round < 2 ? ERR_FORMAT : ERR_NONE);
		buf_clear(&out);
		err_clear();
		run_to_the_end();
	}
}

static void
globs_choose_the_files(void **state)
{
	static const struct str globs[] = { STR("d00/*"), STR("!*7") };
	struct query q = { .pattern = STR("x"), .globs = globs, .n_globs = 2 };

	(void)state;
	hello(0);
	assert_int_equal(search_drive_start(drive, &q, NULL, 0, files, FILES),
	    ERR_NONE);
	run_to_the_end();
	assert_int_equal(search_drive_certificate(drive)->files, 90);
	assert_int_equal(search_drive_certificate(drive)->blobs, 80);
}

static void
a_cancel_keeps_what_was_found_and_says_so(void **state)
{
	const struct search_certificate *c;

	(void)state;
	hello(0);
	hello(1);
	start(FILES);
	search_chunk(0);
	search_chunk(1);
	send_hits(0, 5, &(struct oid){ .id = { [19] = 4 } });
	search_drive_cancel(drive);
	assert_true(last.last);
	c = search_drive_certificate(drive);
	assert_false(c->complete);
	assert_true(str_eq(c->why, STR("stopped")));
	assert_true(c->blobs_done < c->blobs && c->blobs_done > 0);
	assert_true(c->hits >= 4);
	assert_int_equal(fake[0].cancelled, fake[0].start.job);
	assert_int_equal(fake[0].feed_cancelled, fake[0].job);
}

/* 0 % for ever is not an answer. */
static void
searchers_that_say_nothing_end_a_search(void **state)
{
	const struct search_certificate *c;
	unsigned ticks = 0;

	(void)state;
	hello(0);
	start(FILES);
	while (ticks < 20)
		assert_int_equal(search_drive_tick(drive), ++ticks);
	/* Whatever one says begins the silence anew. */
	search_chunk(0);
	assert_int_equal(search_drive_tick(drive), 1);
	for (ticks = 1; search_drive_tick(drive) > 0; ticks++)
		assert_true(ticks < 100);
	assert_true(last.last && ticks > SEARCH_SECONDS);
	c = search_drive_certificate(drive);
	assert_false(c->complete);
	assert_true(str_eq(c->why, STR("the searchers do not answer")));
	assert_int_equal(search_drive_tick(drive), 0);
}

static void
what_is_left_of_a_cancelled_search_is_dropped(void **state)
{
	struct search_start old;
	uint32_t hits;

	(void)state;
	hello(0);
	start(FILES);
	old = fake[0].start;
	search_drive_cancel(drive);
	start(100);
	/* Not dealt before the searcher and the worker have let go. */
	assert_int_equal(fake[0].start.job, old.job);
	send_hits(0, 0, &(struct oid){ .id = { [19] = 9 } });
	done(0, ERR_STOPPED, 3);
	assert_int_equal(fake[0].start.job, old.job);
	fed(0, ERR_STOPPED);
	assert_int_not_equal(fake[0].start.job, old.job);
	hits = fake[0].start.job;
	fake[0].start.job = old.job;
	send_hits(0, 0, &(struct oid){ .id = { [19] = 9 } });
	fake[0].start.job = hits;
	run_to_the_end();
	assert_true(search_drive_certificate(drive)->complete);
	assert_int_equal(search_drive_hits(drive), expected_hits(100));
}

static void
a_file_that_takes_too_long_is_named_and_the_rest_searched(void **state)
{
	struct search_skipped s = { .why = SEARCH_SKIP_TIME };
	const struct search_certificate *c;

	(void)state;
	hello(0);
	start(60);
	send_hits(0, 1, &fake[0].blobs[1]);
	send_hits(0, 30, &(struct oid){ .id = { [19] = 1 } });
	s.job = fake[0].start.job;
	s.blob = 30;
	search_skipped_write(&s, &out);
	take(0, MSG_SEARCH_SKIP);
	hello(0);
	assert_int_equal(fake[0].feed_cancelled, fake[0].job);
	fed(0, ERR_STOPPED);
	run_to_the_end();
	c = search_drive_certificate(drive);
	assert_false(c->complete);
	assert_int_equal(c->n_missed, 1);
	assert_true(str_eq(c->missed[0].path, STR("d00/f0033")));
	assert_int_equal(c->missed[0].why, SEARCH_SKIP_TIME);
	assert_int_equal(c->blobs_done, 54);
	/* Found before it gave up: kept, and nothing twice. */
	assert_int_equal(c->hits,
	    expected_hits(60) - files[33].blob.id[19] + 1);
}

static void
a_searcher_that_dies_without_a_word_is_found_out_by_halving(void **state)
{
	const struct search_certificate *c;
	unsigned deaths = 0;

	(void)state;
	hello(0);
	start(100);
	while (!last.last) {
		bool deadly = false;

		for (uint32_t k = 0; k < fake[0].n; k++)
			deadly = deadly ||
			    oid_eq(&fake[0].blobs[k], &files[42].blob);
		if (!deadly) {
			search_chunk(0);
			continue;
		}
		send_hits(0, 0, &fake[0].blobs[0]);
		deaths++;
		hello(0);
		fed(0, ERR_STOPPED);
	}
	assert_true(deaths > 3 && deaths < 10);
	c = search_drive_certificate(drive);
	assert_int_equal(c->n_missed, 1);
	assert_true(str_eq(c->missed[0].path, STR("d00/f0042")));
	assert_int_equal(c->missed[0].why, SEARCH_SKIP_CRASH);
	assert_int_equal(c->hits, expected_hits(100) - files[42].blob.id[19]);
}

static void
searchers_that_always_die_end_the_search(void **state)
{
	(void)state;
	hello(0);
	start(FILES);
	while (!last.last) {
		hello(0);
		fed(0, ERR_STOPPED);
	}
	assert_false(search_drive_certificate(drive)->complete);
	assert_true(search_drive_certificate(drive)->why.len > 0);
}

static void
what_a_worker_cannot_send_is_named(void **state)
{
	const struct search_certificate *c;

	(void)state;
	hello(0);
	start(50);
	search_drive_unfed(drive, 0, fake[0].job, 7, SEARCH_SKIP_ABSENT);
	fed(0, ERR_NONE);
	done(0, ERR_NONE, fake[0].n - 1);
	assert_true(last.last);
	c = search_drive_certificate(drive);
	assert_int_equal(c->n_missed, 1);
	assert_int_equal(c->missed[0].why, SEARCH_SKIP_ABSENT);
	assert_int_equal(c->blobs_done, c->blobs - 1);
	assert_false(c->complete);
}

static void
a_worker_that_breaks_off_is_asked_again(void **state)
{
	(void)state;
	hello(0);
	start(50);
	fed(0, ERR_IO);
	assert_int_equal(fake[0].cancelled, fake[0].start.job);
	done(0, ERR_STOPPED, 3);
	run_to_the_end();
	assert_true(search_drive_certificate(drive)->complete);
	assert_int_equal(search_drive_hits(drive), expected_hits(50));
}

static void
a_bad_pattern_ends_it_with_its_line(void **state)
{
	(void)state;
	hello(0);
	hello(1);
	start(FILES);
	done(0, ERR_FORMAT, 0);
	assert_true(last.last);
	assert_int_equal(last.rc, ERR_FORMAT);
	assert_true(str_eq(last.text, STR("why")));
	assert_false(search_drive_certificate(drive)->complete);
	assert_int_equal(fake[1].cancelled, fake[1].start.job);
}

static void
nothing_to_search_is_complete(void **state)
{
	(void)state;
	hello(0);
	start(0);
	assert_true(last.last);
	assert_true(search_drive_certificate(drive)->complete);
}

static void
a_searcher_that_lies_is_refused(void **state)
{
	struct search_hit h = { .blob = 5000,
		.line = 1,
		.n_spans = 1,
		.excerpt = STR("x") };
	struct search_progress p = { .blobs = 5000 };

	(void)state;
	hello(0);
	start(50);
	wire_put_u32(&out, fake[0].start.job);
	search_hit_write(&h, &out);
	assert_int_equal(search_drive_take(drive, 0, MSG_HITS, buf_view(&out)),
	    ERR_FORMAT);
	buf_clear(&out);
	p.job = fake[0].start.job;
	search_progress_write(&p, &out);
	assert_int_equal(search_drive_take(drive, 0, MSG_SEARCH_PROGRESS,
			     buf_view(&out)),
	    ERR_FORMAT);
	assert_int_equal(search_drive_take(drive, 0, MSG_BLOB, buf_view(&out)),
	    ERR_FORMAT);
	buf_clear(&out);
}

static enum err
say_done(unsigned i, struct search_done d)
{
	enum err rc;

	d.job = fake[i].start.job;
	search_done_write(&d, &out);
	rc = search_drive_take(drive, i, MSG_SEARCH_DONE, buf_view(&out));
	buf_clear(&out);
	err_clear();
	return rc;
}

static void
a_searcher_that_counts_wrong_at_its_end_is_refused(void **state)
{
	struct search_progress p = { .blobs = 10, .bytes = 10 };
	uint32_t n;

	(void)state;
	hello(0);
	start(50);
	n = fake[0].n;
	p.job = fake[0].start.job;
	search_progress_write(&p, &out);
	take(0, MSG_SEARCH_PROGRESS);
	assert_int_equal(say_done(0, (struct search_done){ .blobs = n + 1 }),
	    ERR_FORMAT);
	assert_int_equal(say_done(0,
			     (struct search_done){ .blobs = UINT32_MAX,
				 .rc = ERR_IO }),
	    ERR_FORMAT);
	/* Fewer than it had before. */
	assert_int_equal(say_done(0, (struct search_done){ .blobs = 9 }),
	    ERR_FORMAT);
	assert_int_equal(say_done(0,
			     (struct search_done){ .blobs = n,
				 .converted = n + 1 }),
	    ERR_FORMAT);
	/* And the most that can be. */
	assert_int_equal(say_done(0,
			     (struct search_done){ .blobs = n,
				 .converted = n }),
	    ERR_NONE);
	fed(0, ERR_NONE);
	assert_true(search_drive_certificate(drive)->complete);
	assert_int_equal(search_drive_certificate(drive)->converted, n);
}

/* The searchers stay when a search, and its drive, are closed. */
static void
what_is_left_of_another_drive_is_dropped(void **state)
{
	uint32_t old, new;

	(void)state;
	hello(0);
	start(FILES);
	old = fake[0].start.job;
	search_drive_close(drive);
	memset(&last, 0, sizeof last);
	fake[0].job = 0;
	drive = search_drive_open(&ops, NULL, LANES);
	hello(0);
	start(50);
	new = fake[0].start.job;
	fake[0].start.job = old;
	send_hits(0, 0, &(struct oid){ .id = { [19] = 9 } });
	assert_int_equal(say_done(0, (struct search_done){ .blobs = 128 }),
	    ERR_NONE);
	assert_false(last.last);
	fake[0].start.job = new;
	run_to_the_end();
	assert_true(search_drive_certificate(drive)->complete);
	assert_int_equal(search_drive_hits(drive), expected_hits(50));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hits_come_out_in_order_of_path_and_line),
		TEST(one_content_is_searched_once_and_names_its_files),
		TEST(the_order_of_work_changes_nothing),
		TEST(a_count_has_the_certificate_of_the_lines),
		TEST(lines_that_nobody_asked_for_are_an_error),
		TEST(globs_choose_the_files),
		TEST(a_cancel_keeps_what_was_found_and_says_so),
		TEST(searchers_that_say_nothing_end_a_search),
		TEST(what_is_left_of_a_cancelled_search_is_dropped),
		TEST(a_file_that_takes_too_long_is_named_and_the_rest_searched),
		TEST(
		    a_searcher_that_dies_without_a_word_is_found_out_by_halving),
		TEST(searchers_that_always_die_end_the_search),
		TEST(what_a_worker_cannot_send_is_named),
		TEST(a_worker_that_breaks_off_is_asked_again),
		TEST(a_bad_pattern_ends_it_with_its_line),
		TEST(nothing_to_search_is_complete),
		TEST(a_searcher_that_lies_is_refused),
		TEST(a_searcher_that_counts_wrong_at_its_end_is_refused),
		TEST(what_is_left_of_another_drive_is_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
