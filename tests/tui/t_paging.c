/* Pages of source: what the notes room asks for, counts and records. */
#include "tui/paging.h"

#include <string.h>

#include "core/press_files.h"
#include "tests/tool.h"
#include "tests/tui/notes_rig.h"
#include "tui/logbook.h"
#include "tui/outgoing.h"

static struct arena arena;

static struct str
rules_text(const char *excerpt, const char *media)
{
	struct seal_age_identity *id;
	struct seal_age_recipient to;
	struct buf age = { 0 };
	struct str text;

	assert_int_equal(seal_age_identity_make(&id), ERR_NONE);
	to = seal_age_recipient_of(id);
	seal_age_recipient_write(&to, &age);
	seal_age_identity_close(id);
	text = arena_printf(&arena,
	    "format = 1\nsession = \"demo-1\"\ntitle = \"Demo\"\n"
	    "auditor \"anna\" { }\n"
	    "recipient \"out\" { key = \"%s\" }\n"
	    "release \"v1.0\" { revision = \"v1.0\" status = "
	    "\"production\" }\n"
	    "scope { include = { \"**\" } }\n"
	    "hours { first = \"2025-01-01\" last = \"2026-12-31\" "
	    "from = \"00:00\" to = \"23:59\" days = { \"mon\" } total = 40 }\n"
	    "export { prose = \"allow\" path = \"allow\" symbol = \"allow\" "
	    "excerpt = \"%s\" "
	    "bytes_one = 20000 bytes_day = 40000 bytes_person = 80000 "
	    "bytes_total = 100000 exports_day = 5 quote_run = 20 "
	    "quote_one = 40 quote_person = 60 quote_total = 80 "
	    "encoded_run = 60 }\n"
	    "excerpt { media = \"%s\" lines_run = 30 file_percent = 40 "
	    "pages_one = 5 "
	    "pages_day = 6 pages_person = 8 legend = \"SECRET\" "
	    "prefix = \"VEN-\" }\n",
	    age.at, excerpt, media);
	buf_release(&age);
	return text;
}

static void
begin_media(const char *excerpt, const char *media)
{
	noting_close(notes_rig.noting);
	notes_rig.start.session = true;
	notes_rig.start.spool = true;
	notes_rig.start.rules = rules_text(excerpt, media);
	notes_rig_begin();
	notes_rig_open_vault();
}

static void
begin(const char *excerpt)
{
	begin_media(excerpt, "paper");
}

static int
setup(void **state)
{
	int rc = notes_rig_setup(state);

	tool_use(notes_rig.start.data.at);
	return rc;
}

static int
teardown(void **state)
{
	arena_clear(&arena);
	buf_release(&notes_rig.pages);
	buf_release(&notes_rig.press);
	return notes_rig_teardown(state);
}

/* The reading room asks for lines first to last of the rig's file. */
static void
choose(uint32_t first, uint32_t last)
{
	struct hatch_open o = { .view = STR("pages"), .at = notes_rig_place() };

	o.at.commit = notes_rig.start.releases[0].commit;
	o.at.first = first;
	o.at.last = last;
	noting_view(notes_rig.noting, &o);
}

static struct press_order
ordered(void)
{
	struct press_order o;

	assert_int_equal(press_order_read(&o, &arena,
			     buf_view(&notes_rig.pages)),
	    ERR_NONE);
	return o;
}

/* As the checker would: pages for each place, in a file of 200 lines. */
static void
answer(enum press_state state, uint32_t pages)
{
	struct press_order o = ordered();
	struct press_cost costs[PRESS_PLACES_MAX];
	struct press_answer a = { .id = o.id,
		.state = PRESS_READY,
		.why = STR("no such thing") };
	struct pages request = { .n = o.n };

	if (o.make)
		assert_int_equal(pages_read(&request, &arena, o.request),
		    ERR_NONE);

	paging_answer(paging_of(notes_rig.noting), &a);
	a.state = state;
	a.hash = hash_of(STR("the pages"));
	a.costs = costs;
	a.n = state == PRESS_FAILED ? 0 : request.n;
	for (uint32_t i = 0; i < request.n; i++)
		costs[i] = (struct press_cost){ .pages = pages, .of = 200 };
	a.pages = pages * request.n;
	paging_answer(paging_of(notes_rig.noting), &a);
}

static void
ask_for_it(void)
{
	play_keys(notes_rig.play.shell, "Enter");
	play_type(notes_rig.play.shell, "its length");
	play_keys(notes_rig.play.shell, "Enter");
	notes_rig_answer(NULL, true);
}

/* Chosen lines as far as the gate's verdict. */
static void
ask(uint32_t first, uint32_t last, uint32_t pages)
{
	choose(first, last);
	answer(PRESS_MEASURED, pages);
	ask_for_it();
}

static struct ledger_row
counted(void)
{
	struct ledger l;

	assert_int_equal(outgoing_look(noting_outgoing(notes_rig.noting),
			     &arena, &l),
	    ERR_NONE);
	return ledger_of(&l, STR("anna"));
}

struct told {
	uint64_t pages, printed;
	uint32_t first;
	struct str what;
	struct hash hash;
};

static enum err
look_at(void *arg, const struct journal_entry *e)
{
	struct told *t = arg;

	if (e->kind == JOURNAL_PAGES) {
		t->pages += e->bytes;
		t->first = e->serial;
		t->what = arena_copy(&arena, e->what);
	}
	if (e->kind == JOURNAL_PRINTED) {
		t->printed++;
		t->hash = e->hash;
	}
	return ERR_NONE;
}

static struct told
journal(void)
{
	struct told t = { 0 };

	assert_int_equal(journal_each(logbook_journal(
					  noting_logbook(notes_rig.noting)),
			     look_at, &t),
	    ERR_NONE);
	return t;
}

/* Cost first, then the request, then paper; each step on record, and the
 * notes room holds places and never a line. */
static void
pages_are_counted_numbered_and_told_to_the_journal(void **state)
{
	struct hash hash = hash_of(STR("the pages"));
	struct press_order o;
	struct press_files files;
	struct told t;

	(void)state;
	begin("allow");
	choose(10, 39);
	assert_true(notes_rig_shows("what it costs is being counted"));
	o = ordered();
	assert_false(o.make);
	answer(PRESS_MEASURED, 2);
	assert_int_equal(press_files_read(&files, &arena,
			     buf_view(&notes_rig.press)),
	    ERR_NONE);
	assert_int_equal(files.job, o.id);
	assert_true(str_eq(files.files[0].path, o.places[0].path));
	assert_true(
	    notes_rig_shows("this request: 2 of 5 pages, 30 lines; 30 of 30 in "
			    "a row, 15 of 40 %"));
	play_keys(notes_rig.play.shell, "Enter");
	play_type(notes_rig.play.shell, "its length");
	play_keys(notes_rig.play.shell, "Enter");
	notes_rig_answer(NULL, true);
	assert_true(notes_rig_shows("verdict: passes"));
	assert_int_equal(journal().pages, 0);
	play_keys(notes_rig.play.shell, "s y");
	t = journal();
	assert_int_equal(t.pages, 2);
	assert_int_equal(t.printed, 0);
	o = ordered();
	assert_true(o.make);
	assert_int_equal(o.number, 1);
	assert_true(pages_is(o.request));
	assert_true(o.signature.len > 0);
	answer(PRESS_PRINTED, 2);
	t = journal();
	assert_int_equal(t.printed, 1);
	assert_true(hash_eq(&t.hash, &hash));
	assert_non_null(strstr(notes_rig_message(),
	    "VEN-000001 to VEN-000002: in the print spool"));
	assert_int_equal(counted().pages, 2);
	assert_int_equal(counted().lines, 30);
	assert_int_equal(counted().exports, 0);
	assert_int_equal(tool_run("test -z \"$(ls outbox/*.age)\" && grep -q "
				  "'VEN-000001 to VEN-000002' "
				  "outbox/pages-000001.txt && test $(wc -l "
				  "<outbox/pages-000001.txt) -le 60"),
	    0);
	play_keys(notes_rig.play.shell, "q q");
	ask(100, 110, 1);
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(ordered().number, 3);
}

/* Next to what was printed before, a run is one run; a day is a day. */
static void
what_was_printed_before_counts(void **state)
{
	(void)state;
	begin("allow");
	ask(10, 29, 1);
	play_keys(notes_rig.play.shell, "s y");
	answer(PRESS_PRINTED, 1);
	play_keys(notes_rig.play.shell, "q q");
	ask(30, 45, 1);
	assert_true(
	    notes_rig_shows("36 lines in a row with what was printed before"));
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(counted().pages, 1);
	play_keys(notes_rig.play.shell, "q d");
	/* After a night, from what lies on the disk. */
	notes_rig_again(false);
	notes_rig_open_vault();
	ask(60, 70, 5);
	assert_true(notes_rig_shows("verdict: passes"));
	play_keys(notes_rig.play.shell, "q d");
	ask(30, 45, 1);
	assert_true(
	    notes_rig_shows("36 lines in a row with what was printed before"));
}

static void
put_piece(void *arg, struct str body)
{
	struct paging *g = arg;

	assert_int_equal(paging_piece(g, body), ERR_NONE);
}

/* What the checker sealed goes into the outbox as it came, as an export with
 * its number, its sheet and its line in the journal; nothing is printed. */
static void
pages_in_a_file_leave_as_an_export(void **state)
{
	static char sealed[100 * 1000];
	struct press_order o;

	(void)state;
	memset(sealed, 's', sizeof sealed);
	begin_media("allow", "file");
	notes_rig.start.spool = false;
	choose(10, 39);
	assert_true(notes_rig_shows("Pages in a sealed file: 1 place"));
	answer(PRESS_MEASURED, 2);
	ask_for_it();
	assert_true(notes_rig_shows("verdict: passes"));
	assert_true(notes_rig_shows("as pages in a sealed file"));
	play_keys(notes_rig.play.shell, "s y");
	o = ordered();
	assert_true(o.make);
	assert_int_equal(counted().exports, 0);
	parcel_send(1, STR(""), (struct str){ sealed, sizeof sealed },
	    put_piece, paging_of(notes_rig.noting));
	answer(PRESS_SEALED, 2);
	assert_non_null(strstr(notes_rig_message(),
	    "VEN-000001 to VEN-000002: in 0001-anna.age"));
	assert_int_equal(counted().pages, 2);
	assert_int_equal(counted().exports, 1);
	assert_int_equal(journal().printed, 1);
	assert_int_equal(tool_run("test $(cat outbox/0001-anna.age | wc -c) "
				  "= 100000 && grep -q $(sha256sum "
				  "<outbox/0001-anna.age | cut -c1-32) "
				  "outbox/0001-anna.txt && grep -q 'VEN-000001 "
				  "to VEN-000002' outbox/0001-anna.txt && test "
				  "$(wc -l <outbox/0001-anna.txt) -le 60 && "
				  "test $(awk 'length > 72' "
				  "outbox/0001-anna.txt | wc -l) = 0"),
	    0);
	/* Nothing is left of it for the next one. */
	play_keys(notes_rig.play.shell, "q q");
	ask(100, 110, 1);
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(ordered().number, 3);
	answer(PRESS_SEALED, 1);
	assert_non_null(strstr(notes_rig_message(), "were not sealed"));
	assert_int_equal(counted().exports, 1);
}

/* A number that somebody typed is the number of a finding, or is refused. */
static void
pages_are_for_a_finding_of_the_record(void **state)
{
	struct pages p;

	(void)state;
	begin("allow");
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "Length");
	play_keys(notes_rig.play.shell, "C-d");
	choose(10, 20);
	answer(PRESS_MEASURED, 1);
	play_keys(notes_rig.play.shell, "Enter");
	play_type(notes_rig.play.shell, "finding 77");
	play_keys(notes_rig.play.shell, "Enter");
	assert_non_null(strstr(notes_rig_message(), "no finding 77"));
	play_keys(notes_rig.play.shell, "Enter Tab");
	assert_true(notes_rig_shows("finding 2: "));
	play_keys(notes_rig.play.shell, "Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(pages_read(&p, &arena, ordered().request), ERR_NONE);
	assert_int_equal(p.finding, 2);
	assert_true(p.purpose.len > 0);
	answer(PRESS_PRINTED, 1);
	assert_int_equal(tool_run("grep -q '^For *finding 2$' "
				  "outbox/pages-000001.txt"),
	    0);
	assert_true(str_eq(journal().what, STR("VEN-000001 for finding 2")));
}

/* An approver has the places as sentences, and each of them in the source. */
static void
an_approver_is_shown_the_lines_in_the_source(void **state)
{
	(void)state;
	begin_media("approval", "file");
	choose(10, 20);
	answer(PRESS_MEASURED, 1);
	choose(30, 31);
	answer(PRESS_MEASURED, 1);
	ask_for_it();
	play_keys(notes_rig.play.shell, "s y");
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("approvals") });
	assert_true(
	    notes_rig_shows("2 pages of source would leave in a sealed file, "
			    "13 lines, for its length:"));
	assert_true(notes_rig_shows("lines 10 to 20 of 200 in v1.0"));
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(notes_rig.went.first, 10);
	assert_int_equal(notes_rig.went.last, 20);
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(notes_rig.went.first, 30);
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(notes_rig.went.first, 10);
}

/* A page that was not printed is counted, and its number is not used again;
 * the journal says that it is missing. */
static void
numbers_of_pages_that_failed_stay_used(void **state)
{
	(void)state;
	begin("allow");
	ask(10, 20, 2);
	play_keys(notes_rig.play.shell, "s y");
	answer(PRESS_FAILED, 0);
	assert_non_null(strstr(notes_rig_message(), "their numbers stay used"));
	assert_int_equal(journal().printed, 0);
	assert_int_equal(counted().pages, 2);
	play_keys(notes_rig.play.shell, "q");
	ask_for_it();
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(ordered().number, 3);
	/* Nobody answers this one: another request may be made. */
	play_keys(notes_rig.play.shell, "q");
	ask_for_it();
	assert_int_equal(counted().pages, 4);
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(ordered().number, 5);
	answer(PRESS_PRINTED, 2);
	assert_int_equal(journal().printed, 1);
}

static void
where_the_rules_let_no_page_out_nothing_is_collected(void **state)
{
	(void)state;
	begin("deny");
	choose(10, 20);
	assert_int_equal(notes_rig.pages.len, 0);
	assert_non_null(strstr(notes_rig.news.at, "no page of source out"));
	begin("allow");
	choose(10, 20);
	assert_true(notes_rig.pages.len > 0);
}

/* Of a revision that is no release, or of no lines. */
static void
only_lines_of_a_release_are_collected(void **state)
{
	struct hatch_open o = { .view = STR("pages"), .at = notes_rig_place() };

	(void)state;
	begin("allow");
	memset(o.at.commit.id, 0x77, OID_BYTES);
	noting_view(notes_rig.noting, &o);
	assert_int_equal(notes_rig.pages.len, 0);
	assert_non_null(strstr(notes_rig.news.at, "releases of the session"));
	choose(0, 0);
	assert_int_equal(notes_rig.pages.len, 0);
	choose(1, 5);
	assert_true(notes_rig.pages.len > 0);
	choose(1, 5);
	assert_non_null(strstr(notes_rig.news.at, "chosen already"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(pages_are_counted_numbered_and_told_to_the_journal),
		T(what_was_printed_before_counts),
		T(pages_in_a_file_leave_as_an_export),
		T(pages_are_for_a_finding_of_the_record),
		T(an_approver_is_shown_the_lines_in_the_source),
		T(numbers_of_pages_that_failed_stay_used),
		T(where_the_rules_let_no_page_out_nothing_is_collected),
		T(only_lines_of_a_release_are_collected),
	};
	int failed;

	if (notes_rig_start() != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	buf_release(&notes_rig.pages);
	buf_release(&notes_rig.press);
	return failed;
}
