#include "policy/press.h"

#include "core/messages.h"
#include "core/port.h"
#include "policy/excerpt.h"
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
	struct rules rules;
	struct rules_person people[2], approver;
	struct rules_recipient to;
	struct seal_age_identity *identity;
	struct sign_secret *author, *ann;
	struct press_house house;
	struct press_place place;
	struct pages_place asked;
	struct pages pages; /* the request */
	struct press_order order;
	struct press_answer answer;
	struct buf reply, printed;
} f;

/* Paper, and nobody has to agree. */
static void
set_rules(void)
{
	struct rules_export *e = &f.rules.export;

	assert_int_equal(sign_make(&f.author), ERR_NONE);
	assert_int_equal(sign_make(&f.ann), ERR_NONE);
	assert_int_equal(seal_age_identity_make(&f.identity), ERR_NONE);
	f.people[0] =
	    (struct rules_person){ .name = STR("alice"), .full = STR("Alice") };
	f.people[1] = (struct rules_person){ .name = STR("bob") };
	f.approver = (struct rules_person){ .name = STR("ann"),
		.has_key = true,
		.key = sign_public_of(f.ann) };
	f.to.key = seal_age_recipient_of(f.identity);
	f.rules = (struct rules){ .session = STR("demo"),
		.auditors = f.people,
		.n_auditors = 1,
		.approvers = &f.approver,
		.n_approvers = 1,
		.approvals_need = 1,
		.recipients = &f.to,
		.n_recipients = 1,
		.excerpt = { .paper = true,
		    .lines_run = 100,
		    .file_percent = 100,
		    .pages_one = 10,
		    .pages_day = 10,
		    .pages_person = 20,
		    .legend = STR("CONFIDENTIAL"),
		    .prefix = STR("VEN-") } };
	for (enum class c = 0; c < CLASSES; c++)
		e->permit[c] = PERMIT_ALLOW;
}

static int
set_up(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	err_clear();
	press_objects_make(&f.o, STR(FILE_A), STR(FILE_S));
	if (pipe(f.spool) != 0 || fcntl(f.spool[0], F_SETFL, O_NONBLOCK) != 0)
		return 1;
	f.place = (struct press_place){ .release = STR("v1.0"),
		.commit = f.o.commit,
		.blob = f.o.file,
		.path = STR("src/a.c"),
		.first = 2,
		.last = 4 };
	f.order = (struct press_order){ .id = 7, .places = &f.place, .n = 1 };
	set_rules();
	f.house = (struct press_house){ .rules = &f.rules,
		.person = STR("alice"),
		.spool = f.spool[1],
		.prints = STR("what only lab and checker have"),
		.now = 1795316400 };
	f.press = press_open(&f.house);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	press_close(f.press);
	sign_close(f.author);
	sign_close(f.ann);
	seal_age_identity_close(f.identity);
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

/* Has what is ordered measured, and writes the request for exactly that. */
static void feed_honestly(void);
static void
write_request(void)
{
	struct buf bytes = { 0 };

	f.order.make = false;
	f.order.request = STR("");
	give_order();
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_MEASURED);
	f.asked = (struct pages_place){ f.place, f.answer.costs[0] };
	f.pages = (struct pages){ .session = STR("demo"),
		.author = STR("alice"),
		.purpose = STR("the length is not checked"),
		.finding = 12,
		.paper = f.rules.excerpt.paper,
		.places = &f.asked,
		.n = 1 };
	pages_sum(&f.pages);
	pages_write(&f.pages, &bytes);
	f.order.request = arena_copy(&f.a, buf_view(&bytes));
	buf_release(&bytes);
}

static struct str
signed_by(const struct sign_secret *key, struct str bytes, struct str comment)
{
	struct buf b = { 0 };
	struct str copy;

	assert_int_equal(sign_bytes(&b, key, bytes, comment), ERR_NONE);
	copy = arena_copy(&f.a, buf_view(&b));
	buf_release(&b);
	return copy;
}

/* The order that a request leads to, when the author has signed it. */
static void
order_it(uint32_t id)
{
	f.order.id = id;
	f.order.make = true;
	f.order.number = 12;
	f.order.key = sign_public_of(f.author);
	f.order.signature = signed_by(f.author, f.order.request,
	    STR("pages of a vitrine session"));
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
	write_request();
	order_it(8);
	give_order();
	assert_int_equal(f.answer.state, PRESS_READY);
	feed_honestly();
	assert_int_equal(f.answer.state, PRESS_PRINTED);
	assert_int_equal(press_sealed(f.press).len, 0);
	page = spooled();
	hash = hash_of(page);
	assert_true(hash_eq(&hash, &f.answer.hash));
	assert_true(has(page, "VEN-000012   page 1 of 1"));
	assert_true(has(page, "CONFIDENTIAL\n"));
	assert_true(has(page, "\nfinding 12\n"));
	assert_true(has(page, "session demo, printed for Alice, 2026-11-22T"));
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

		write_request();
		for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
			order_it(100 + (uint32_t)i);
			give_order();
			feed(f.order.id, feeds[i], NULL, 4);
			assert_int_equal(f.answer.state, PRESS_FAILED);
			assert_true(f.answer.why.len > 0);
			assert_int_equal(spooled().len, 0);
		}
	}
	{
		const struct str more[] = { c, r, d, f.o.file_bytes, secret };

		order_it(200);
		give_order();
		feed(200, more, NULL, 5);
		assert_int_equal(f.answer.state, PRESS_FAILED);
		order_it(201);
		give_order();
		feed(201, more, wrong, 4);
		assert_int_equal(f.answer.state, PRESS_FAILED);
		order_it(202);
		give_order();
		feed(202, more, NULL, 3);
		assert_int_equal(f.answer.state, PRESS_FAILED);
		assert_int_equal(spooled().len, 0);
		order_it(203);
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
	write_request();
	order_it(7);
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

/* Writes the request again with what was changed in f.pages. */
static void
rewrite(void)
{
	struct buf bytes = { 0 };

	pages_sum(&f.pages);
	pages_write(&f.pages, &bytes);
	f.order.request = arena_copy(&f.a, buf_view(&bytes));
	buf_release(&bytes);
}

/* The order as it stands: what became of it; nothing is anywhere when it was
 * refused. */
static enum press_state
outcome(void)
{
	static uint32_t id = 1000;

	order_it(++id);
	give_order();
	if (f.answer.state == PRESS_READY)
		feed_honestly();
	if (f.answer.state == PRESS_FAILED) {
		assert_int_equal(spooled().len, 0);
		assert_int_equal(press_sealed(f.press).len, 0);
	}
	return f.answer.state;
}

static void
what_was_not_agreed_on_is_not_made(void **state)
{
	(void)state;
	write_request();
	f.asked.cost.pages = 2;
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "1 pages, not 2"));
	f.asked.cost.pages = 1;
	f.asked.cost.rows.at[3] ^= 1;
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "other lines than stand there"));
	f.asked.cost.rows.at[3] ^= 1;
	f.asked.cost.lines.at[3] ^= 1;
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	f.asked.cost.lines.at[3] ^= 1;
	f.pages.session = STR("other");
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	f.pages.session = STR("demo");
	f.pages.author = STR("bob");
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	f.pages.author = STR("alice");
	rewrite();
	/* One blank more: a byte that somebody chose. */
	f.order.request = arena_printf(&f.a, "%.*s ", STR_ARG(f.order.request));
	assert_int_equal(outcome(), PRESS_FAILED);
	rewrite();
	f.house.spool = -1;
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "no print spool"));
	f.house.spool = f.spool[1];
	assert_int_equal(outcome(), PRESS_PRINTED);
}

/* A notes room that was taken over orders what the rules do not have; the
 * same order is made where they do. */
static void
paper_never_becomes_a_file(void **state)
{
	struct buf plain = { 0 };

	(void)state;
	write_request();
	f.pages.paper = false;
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "on paper only"));
	f.rules.excerpt.paper = false;
	assert_int_equal(outcome(), PRESS_SEALED);
	assert_int_equal(spooled().len, 0);
	assert_int_equal(seal_age_open(&plain, f.identity,
			     press_sealed(f.press), 1 << 20),
	    ERR_NONE);
	assert_true(has(buf_view(&plain), "     3  three\n"));
	f.pages.paper = true;
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "as a file"));
	f.rules.export.permit[CLASS_EXCERPT] = PERMIT_DENY;
	f.pages.paper = false;
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	buf_release(&plain);
}

/* Approvals as the notes room sends them are looked at here once more. */
static void
without_those_who_have_to_agree_nothing_is_made(void **state)
{
	struct parcel parcel;
	struct str other, right, no, all[2];

	(void)state;
	f.rules.export.permit[CLASS_EXCERPT] = PERMIT_APPROVAL;
	write_request();
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "0 of 1 approvals"));
	parcel =
	    (struct parcel){ .author = STR("alice"), .bytes = f.order.request };
	right = signed_by(f.ann, f.order.request,
	    approval_line(&f.a, &f.rules, &parcel, APPROVAL_AGREES, f.house.now,
		STR("")));
	no = signed_by(f.ann, f.order.request,
	    approval_line(&f.a, &f.rules, &parcel, APPROVAL_OBJECTS,
		f.house.now, STR("no")));
	other = signed_by(f.author, f.order.request,
	    approval_comment(&f.a, &f.rules, &parcel));
	f.order.approvals = all;
	f.order.n_approvals = 1;
	all[0] = other;
	assert_int_equal(outcome(), PRESS_FAILED);
	all[0] = right;
	all[1] = no;
	f.order.n_approvals = 2;
	assert_int_equal(outcome(), PRESS_FAILED);
	f.order.n_approvals = 1;
	f.pages.purpose = STR("something else");
	rewrite();
	assert_int_equal(outcome(), PRESS_FAILED);
	f.pages.purpose = STR("the length is not checked");
	rewrite();
	assert_int_equal(outcome(), PRESS_PRINTED);
}

static void
a_file_is_sealed_to_its_recipients_and_always_the_same(void **state)
{
	struct seal_age_identity *stranger;
	struct buf first = { 0 }, plain = { 0 };
	struct excerpt x;

	(void)state;
	assert_int_equal(seal_age_identity_make(&stranger), ERR_NONE);
	f.rules.excerpt.paper = false;
	write_request();
	assert_int_equal(outcome(), PRESS_SEALED);
	buf_str(&first, press_sealed(f.press));
	assert_int_equal(seal_age_open(&plain, stranger, buf_view(&first),
			     1 << 20),
	    ERR_DENIED);
	assert_int_equal(seal_age_open(&plain, f.identity, buf_view(&first),
			     1 << 20),
	    ERR_NONE);
	assert_int_equal(excerpt_read(&x, &f.a, &f.rules, buf_view(&plain)),
	    ERR_NONE);
	assert_int_equal(x.number, 12);
	assert_int_equal(x.pages.finding, 12);
	/* Minisign's signatures are the same each time, too. */
	assert_int_equal(outcome(), PRESS_SEALED);
	assert_true(str_eq(press_sealed(f.press), buf_view(&first)));
	f.house.prints = STR("of another session");
	assert_int_equal(outcome(), PRESS_SEALED);
	assert_false(str_eq(press_sealed(f.press), buf_view(&first)));
	/* Gone with the next order. */
	f.order.make = false;
	f.order.request = STR("");
	give_order();
	assert_int_equal(press_sealed(f.press).len, 0);
	seal_age_identity_close(stranger);
	buf_release(&first);
	buf_release(&plain);
}

/* As long as it runs, the press counts for itself. */
static void
what_was_made_before_counts_in_the_press(void **state)
{
	(void)state;
	f.rules.excerpt.pages_person = 2;
	write_request();
	assert_int_equal(outcome(), PRESS_PRINTED);
	(void)spooled();
	assert_int_equal(outcome(), PRESS_PRINTED);
	(void)spooled();
	assert_int_equal(outcome(), PRESS_FAILED);
	assert_true(has(f.answer.why, "with what was made before"));
	f.rules.excerpt.pages_person = 20;
	f.rules.excerpt.lines_run = 3;
	assert_int_equal(outcome(), PRESS_PRINTED);
	(void)spooled();
	f.place.first = f.place.last = 5;
	write_request();
	assert_int_equal(outcome(), PRESS_FAILED);
	f.rules.excerpt.lines_run = 4;
	assert_int_equal(outcome(), PRESS_PRINTED);
}

/* Pages of f.place as if these were its lines, from number 12 on. */
static void
put_page(struct buf *out, uint32_t *pages, struct str lines, uint32_t of)
{
	struct press_stamp stamp =
	    press_page_stamp(&f.a, &f.rules, STR("alice"), 0, 0);
	const struct press_cost cost = { .of = of };
	struct buf rows = { 0 };

	press_page_rows(&rows, lines, f.place.first, 100);
	assert_int_equal(press_page_put(out, pages, &stamp, &f.place, &cost,
			     buf_view(&rows), 12, 100),
	    ERR_NONE);
	buf_release(&rows);
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
	put_page(&out, &pages, buf_view(&lines), 100);
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
	put_page(&out, &pages,
	    STR("a\xe2\x80\xae"
		"b\f\x1b[2J\xff\r\n"),
	    1);
	assert_true(
	    has(buf_view(&out), "     1* a<U+202E>b<0C><1B>[2J<FF><0D>\n"));
	buf_clear(&out);
	put_page(&out, &pages, STR("<U+202E>\n"), 1);
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
		TEST(what_was_not_agreed_on_is_not_made),
		TEST(paper_never_becomes_a_file),
		TEST(without_those_who_have_to_agree_nothing_is_made),
		TEST(a_file_is_sealed_to_its_recipients_and_always_the_same),
		TEST(what_was_made_before_counts_in_the_press),
		TEST(nothing_is_cut_however_long_it_is),
		TEST(what_deceives_on_paper_is_spelt_out),
		TEST(every_truncation_of_an_order_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
