#include "policy/press.h"

#include "core/messages.h"
#include "core/port.h"
#include "policy/press_page.h"
#include "tests/policy/press_objects.h"
#include "tests/t.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILE_A "one\n\ttwo\nthree\n\xc3\xa4 four\nfive"
#define FILE_S "the secret\nof the house\nin three lines\n"

static struct fixture {
	struct arena a;
	struct press_objects o;
	struct press *press;
	int spool[2];
	struct press_place place;
	struct press_order order;
	struct press_answer answer;
	struct buf reply, printed;
} f;

static int
set_up(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	err_clear();
	press_objects_make(&f.o, STR(FILE_A), STR(FILE_S));
	if (pipe(f.spool) != 0 || fcntl(f.spool[0], F_SETFL, O_NONBLOCK) != 0)
		return 1;
	f.press = press_open(f.spool[1]);
	f.place = (struct press_place){ .release = STR("v1.0"),
		.commit = f.o.commit,
		.blob = f.o.file,
		.path = STR("src/a.c"),
		.first = 2,
		.last = 4 };
	f.order = (struct press_order){ .id = 7,
		.number = 12,
		.prefix = STR("VEN-"),
		.legend = STR("CONFIDENTIAL"),
		.session = STR("demo"),
		.person = STR("Ann"),
		.when = STR("2026-11-22 03:00"),
		.places = &f.place,
		.n = 1 };
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	press_close(f.press);
	close(f.spool[0]);
	close(f.spool[1]);
	press_objects_release(&f.o);
	buf_release(&f.reply);
	buf_release(&f.printed);
	arena_release(&f.a);
	return 0;
}

static void
read_answer(void)
{
	assert_int_equal(press_answer_read(&f.answer, &f.a, buf_view(&f.reply)),
	    ERR_NONE);
}

static void
give_order(void)
{
	struct buf body = { 0 };

	press_order_write(&f.order, &body);
	assert_int_equal(press_take(f.press, &f.reply, buf_view(&body)),
	    ERR_NONE);
	read_answer();
	buf_release(&body);
}

/* What a worker would send: n objects, then the end, through a real port. */
static void
feed(uint32_t job, const struct str *objects, const uint32_t *index, size_t n)
{
	const struct oid none = { { 0 } };
	struct feed_out out;
	struct buf body = { 0 };
	bool answered = false;
	uint16_t type = 0;
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	feed_start(&out, fd[0], job);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(feed_blob(&out, index == NULL ? 0 : index[i],
				     &none, objects[i]),
		    ERR_NONE);
	assert_int_equal(feed_end(&out, ERR_NONE), ERR_NONE);
	while (type != MSG_FEED_END) {
		assert_int_equal(port_read(fd[1], &type, &body), ERR_NONE);
		if (type == MSG_BLOB)
			assert_int_equal(press_blob(f.press, buf_view(&body)),
			    ERR_NONE);
	}
	assert_int_equal(press_feed_end(f.press, &f.reply, &answered,
			     buf_view(&body)),
	    ERR_NONE);
	if (answered)
		read_answer();
	feed_release(&out);
	buf_release(&body);
	close(fd[0]);
	close(fd[1]);
}

static void
feed_honestly(void)
{
	const struct str all[] = { buf_view(&f.o.commit_bytes),
		buf_view(&f.o.root_bytes), buf_view(&f.o.folder_bytes),
		f.o.file_bytes };

	feed(f.order.id, all, NULL, 4);
}

/* All that is in the spool now. */
static struct str
spooled(void)
{
	char part[4096];
	ssize_t n;

	buf_clear(&f.printed);
	while ((n = read(f.spool[0], part, sizeof part)) > 0)
		buf_add(&f.printed, part, (size_t)n);
	return buf_view(&f.printed);
}

static bool
has(struct str text, const char *what)
{
	return str_find(text, str_of(what), 0) != SIZE_MAX;
}

/* Measured first, then printed with the same outcome, and nothing else. */
static void
pages_hold_the_lines_that_were_asked_and_say_which(void **state)
{
	struct hash hash;
	struct str page;

	(void)state;
	give_order();
	assert_int_equal(f.answer.state, PRESS_READY);
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_MEASURED);
	assert_int_equal(f.answer.pages, 1);
	assert_int_equal(f.answer.n, 1);
	assert_int_equal(f.answer.costs[0].of, 5);
	assert_int_equal(spooled().len, 0);
	f.order.id = 8;
	f.order.print = true;
	f.order.expect = 1;
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_PRINTED);
	page = spooled();
	hash = hash_of(page);
	assert_true(hash_eq(&hash, &f.answer.hash));
	assert_true(has(page, "VEN-000012   page 1 of 1"));
	assert_true(has(page, "CONFIDENTIAL\n"));
	assert_true(has(page, "session demo, printed for Ann, 2026-11-22"));
	assert_true(has(page, "release v1.0, commit "));
	assert_true(has(page, "file src/a.c\nlines 2 to 4 of 5\nSHA-256 "));
	assert_true(has(page, "     2          two\n     3  three\n"));
	assert_true(has(page, "     4* <U+00E4> four\n"));
	assert_false(has(page, "one"));
	assert_false(has(page, "five"));
	assert_int_equal(page.at[page.len - 1], '\f');
}

/* Each of these is what a reading room or worker that was taken over could
 * send; the honest feed above is what they are held against. */
static void
a_hostile_reading_room_makes_no_page_of_other_lines(void **state)
{
	struct buf root = { 0 }, folder = { 0 }, commit = { 0 };
	struct oid id;
	const struct str c = buf_view(&f.o.commit_bytes),
			 r = buf_view(&f.o.root_bytes),
			 d = buf_view(&f.o.folder_bytes);
	const struct str secret = f.o.secret_bytes;
	static const uint32_t wrong[] = { 0, 0, 0, 1 };

	(void)state;
	press_objects_entry(&folder, "100644", "a.c", &f.o.secret);
	id = oid_of("tree", buf_view(&folder));
	press_objects_entry(&root, "40000", "src", &id);
	id = oid_of("tree", buf_view(&root));
	buf_printf(&commit, "tree %s\n\n", oid_text(&id).hex);
	{
		const struct str feeds[][5] = {
			{ c, r, d, secret },
			{ c, r, buf_view(&folder), secret },
			{ c, buf_view(&root), buf_view(&folder), secret },
			{ buf_view(&commit), buf_view(&root), buf_view(&folder),
			    secret },
			{ secret, r, d, f.o.file_bytes },
			{ c, d, r, f.o.file_bytes },
			{ c, r, f.o.file_bytes, d },
		};

		f.order.print = true;
		f.order.expect = 1;
		for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
			f.order.id = 100 + (uint32_t)i;
			give_order();
			feed(f.order.id, feeds[i], NULL, 4);
			assert_int_equal(f.answer.state, PRESS_FAILED);
			assert_true(f.answer.why.len > 0);
			assert_int_equal(spooled().len, 0);
		}
	}
	{
		const struct str more[] = { c, r, d, f.o.file_bytes, secret };

		f.order.id = 200;
		give_order();
		feed(200, more, NULL, 5);
		assert_int_equal(f.answer.state, PRESS_FAILED);
		f.order.id = 201;
		give_order();
		feed(201, more, wrong, 4);
		assert_int_equal(f.answer.state, PRESS_FAILED);
		f.order.id = 202;
		give_order();
		feed(202, more, NULL, 3);
		assert_int_equal(f.answer.state, PRESS_FAILED);
		assert_int_equal(spooled().len, 0);
		f.order.id = 203;
		give_order();
		feed(203, more, NULL, 4);
		assert_int_equal(f.answer.state, PRESS_PRINTED);
	}
	buf_release(&root);
	buf_release(&folder);
	buf_release(&commit);
}

/* The anchor was made at another content, or beyond the end. */
static void
lines_that_the_file_does_not_have_are_refused(void **state)
{
	(void)state;
	f.place.blob = f.o.secret;
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_FAILED);
	assert_true(has(f.answer.why, "another content"));
	f.place.blob = f.o.file;
	f.place.last = 6;
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_FAILED);
	assert_true(has(f.answer.why, "5 lines only"));
	f.place.path = STR("src/b.c");
	f.place.last = 4;
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_FAILED);
	assert_true(has(f.answer.why, "no such file"));
	f.place.path = STR("src/a.c");
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_MEASURED);
}

/* Files without an order, or for another one. */
static void
without_an_order_nothing_is_printed(void **state)
{
	(void)state;
	f.answer.state = PRESS_STATES;
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_STATES);
	f.order.print = true;
	f.order.expect = 1;
	give_order();
	f.order.id = 99;
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_READY);
	assert_int_equal(spooled().len, 0);
	f.order.id = 7;
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_PRINTED);
	/* Once. */
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_PRINTED);
	(void)spooled();
	feed_honestly();
	assert_int_equal(spooled().len, 0);
}

static void
what_was_not_agreed_on_is_not_printed(void **state)
{
	(void)state;
	f.order.print = true;
	f.order.expect = 2;
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_FAILED);
	assert_true(has(f.answer.why, "1 pages, not 2"));
	press_close(f.press);
	f.press = press_open(-1);
	f.order.expect = 1;
	give_order();
	assert_int_equal(f.answer.state, PRESS_FAILED);
	assert_true(has(f.answer.why, "no print spool"));
	f.order.print = false;
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_MEASURED);
}

/* Every row fits, every page ends, and what was long is all there. */
static void
nothing_is_cut_however_long_it_is(void **state)
{
	struct buf lines = { 0 }, out = { 0 }, joined = { 0 };
	struct str rest, row, path;
	char name[1200];
	uint32_t pages = 0, rows = 0, feeds = 0;

	(void)state;
	memset(name, 'p', sizeof name);
	path = (struct str){ name, sizeof name };
	for (int i = 0; i < 100; i++) {
		for (int k = 0; k < 30; k++)
			buf_printf(&lines, "w%d.%d ", i, k);
		buf_char(&lines, '\n');
	}
	f.place.path = path;
	f.place.first = 1;
	f.place.last = 100;
	assert_int_equal(press_page_put(&out, &pages, &f.order, 0,
			     buf_view(&lines), 100, 12, 100),
	    ERR_NONE);
	assert_true(pages > 2);
	rest = buf_view(&out);
	while (str_cut(&rest, '\n', &row)) {
		if (row.len > 0 && row.at[0] == '\f') {
			feeds++;
			assert_true(rows <= PRESS_ROWS);
			rows = 0;
			row = str_slice(row, 1, row.len);
		}
		rows++;
		assert_true(row.len <= PRESS_COLUMNS);
		for (size_t i = 0; i < row.len; i++)
			assert_true(row.at[i] >= 0x20 && row.at[i] < 0x7f);
		if (feeds == 0 && str_starts(row, STR("file ")))
			buf_str(&joined, str_slice(row, 5, row.len));
		else if (feeds == 0 && str_starts(row, STR("      ppp")))
			buf_str(&joined, str_slice(row, 6, row.len));
		else if (str_starts(row, STR("     >  ")) ||
		    (row.len > 8 && row.at[0] == ' ' && row.at[5] >= '0' &&
			row.at[5] <= '9'))
			buf_str(&joined, str_slice(row, 8, row.len));
	}
	assert_int_equal(feeds, pages);
	assert_true(str_starts(buf_view(&joined), path));
	for (int i = 0; i < 100; i++) {
		char word[32];

		snprintf(word, sizeof word, "w%d.29 ", i);
		assert_true(has(buf_view(&joined), word));
	}
	assert_true(has(buf_view(&out), "VEN-000012   page 1 of"));
	assert_true(has(buf_view(&out), "VEN-000013   page 2 of"));
	buf_release(&lines);
	buf_release(&out);
	buf_release(&joined);
}

static void
what_deceives_on_paper_is_spelt_out(void **state)
{
	struct buf out = { 0 };
	uint32_t pages;

	(void)state;
	f.place.first = f.place.last = 1;
	assert_int_equal(press_page_put(&out, &pages, &f.order, 0,
			     STR("a\xe2\x80\xae"
				 "b\f\x1b[2J\xff\r\n"),
			     1, 1, 9),
	    ERR_NONE);
	assert_true(
	    has(buf_view(&out), "     1* a<U+202E>b<0C><1B>[2J<FF><0D>\n"));
	buf_clear(&out);
	assert_int_equal(press_page_put(&out, &pages, &f.order, 0,
			     STR("<U+202E>\n"), 1, 1, 9),
	    ERR_NONE);
	assert_true(has(buf_view(&out), "     1  <U+202E>\n"));
	buf_release(&out);
}

static void
every_truncation_of_an_order_is_refused(void **state)
{
	struct buf body = { 0 };
	struct press_order o;

	(void)state;
	press_order_write(&f.order, &body);
	assert_int_equal(press_order_read(&o, &f.a, buf_view(&body)), ERR_NONE);
	for (size_t len = 0; len < body.len; len++)
		assert_int_equal(press_order_read(&o, &f.a,
				     str_slice(buf_view(&body), 0, len)),
		    ERR_FORMAT);
	buf_release(&body);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pages_hold_the_lines_that_were_asked_and_say_which),
		TEST(a_hostile_reading_room_makes_no_page_of_other_lines),
		TEST(lines_that_the_file_does_not_have_are_refused),
		TEST(without_an_order_nothing_is_printed),
		TEST(what_was_not_agreed_on_is_not_printed),
		TEST(nothing_is_cut_however_long_it_is),
		TEST(what_deceives_on_paper_is_spelt_out),
		TEST(every_truncation_of_an_order_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
