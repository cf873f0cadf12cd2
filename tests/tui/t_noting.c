/*
 * The notes room without ports: orders in, screens out.  The randomness is
 * a counter and the clock goes by seconds, so that every code on a screen
 * is the same each time.
 */
#include "tui/noting.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/io.h"
#include "core/tar.h"
#include "notes/findings.h"
#include "tests/tool.h"
#include "tests/tui/play.h"
#include "tui/screen.h"
#include "tui/logbook.h"
#include "tui/outgoing.h"

static struct {
	struct noting *noting;
	struct start start;
	struct release releases[2];
	struct play play;
	int64_t clock;
	uint64_t random;
	/* What went out. */
	enum room focus;
	struct buf news;
	struct anchor went;
	struct mark marks[16];
	size_t n_marks;
	uint32_t candidate;
	struct buf context, bytes;
	unsigned candidates;
	bool quit;
} here;

static const char *
counter_name(void)
{
	return "counter";
}

static uint32_t
counter_next(void)
{
	uint64_t x = here.random += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(x >> 32);
}

static void
counter_fill(void *const at, const size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)at)[i] = (uint8_t)counter_next();
}

static struct randombytes_implementation counter = {
	.implementation_name = counter_name,
	.random = counter_next,
	.buf = counter_fill,
};

static int64_t
now(void)
{
	return here.clock += 1000;
}

static void
out_focus(void *arg, enum room r)
{
	(void)arg;
	here.focus = r;
}

static void
out_go(void *arg, const struct anchor *an)
{
	(void)arg;
	here.went = *an;
}

static void
out_news(void *arg, struct str line)
{
	(void)arg;
	buf_clear(&here.news);
	buf_str(&here.news, line);
}

static void
out_marks(void *arg, const struct mark *marks, size_t n)
{
	(void)arg;
	assert_true(n <= 16);
	if (n > 0)
		memcpy(here.marks, marks, n * sizeof *marks);
	here.n_marks = n;
}

static void
out_candidate(void *arg, uint32_t id, struct str context, struct str bytes)
{
	(void)arg;
	here.candidate = id;
	here.candidates++;
	buf_clear(&here.context);
	buf_str(&here.context, context);
	buf_clear(&here.bytes);
	buf_str(&here.bytes, bytes);
}

static void
out_quit(void *arg)
{
	(void)arg;
	here.quit = true;
}

static void
begin(void)
{
	const struct noting_setup setup = {
		.start = &here.start,
		.cost = SEAL_COST_TEST,
		.now = now,
		.out = { NULL, out_focus, out_go, out_news, out_marks,
		    out_candidate, out_quit },
	};

	assert_int_equal(noting_open(&here.noting, &setup), ERR_NONE);
	here.play.shell = noting_shell(here.noting);
	here.focus = ROOM_READING;
	shell_size(here.play.shell, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
}

static struct anchor
place(void)
{
	struct anchor an = { .path = STR("src/gtp/decode_ie.c"),
		.first = 118,
		.last = 121 };

	memset(an.commit.id, 0x1a, OID_BYTES);
	memset(an.blob.id, 0x2b, OID_BYTES);
	memset(an.region.at, 0x3c, HASH_BYTES);
	return an;
}

static void
compose(enum hatch_what what)
{
	const struct hatch_compose c = { what, place() };

	noting_compose(here.noting, &c);
}

/* What the checker says of the last candidate. */
static void
answer(const char *copied, bool ready)
{
	struct verdict_source v = { .id = here.candidate,
		.ready = ready,
		.done = 12,
		.of = 40 };
	struct span span = { .tokens = 400 };
	struct buf all = { 0 };
	size_t at = copied == NULL ?
	    SIZE_MAX :
	    str_find(buf_view(&here.bytes), str_of(copied), 0);

	buf_str(&all, buf_view(&here.context));
	buf_str(&all, buf_view(&here.bytes));
	v.hash = hash_of(buf_view(&all));
	buf_release(&all);
	if (at != SIZE_MAX) {
		span.at = (uint32_t)at;
		span.len = (uint32_t)strlen(copied);
		v.spans = &span;
		v.n_spans = 1;
		v.tokens = v.run = 400;
	}
	assert_true((copied == NULL) == (at == SIZE_MAX));
	noting_verdict(here.noting, &v);
}

/*
 * A second room over what the first left on disk.  crash: the first does
 * nothing more; its files are copied aside first, so that what it does when
 * it is freed cannot help.
 */
static void
again(bool crash)
{
	if (crash)
		assert_int_equal(tool_run("cp -a . ../$(basename $PWD).kept"),
		    0);
	noting_close(here.noting);
	if (crash)
		assert_int_equal(tool_run(
				     "rm -rf ./* && k=../$(basename "
				     "$PWD).kept && cp -a $k/. . && rm -rf $k"),
		    0);
	begin();
}

static void
fail_step(struct str word)
{
	print_error("no step \"%.*s\"\n", STR_ARG(word));
	assert_true(false);
}

static void
step(void *arg, struct str word)
{
	(void)arg;
	if (str_eq(word, STR("note")))
		compose(HATCH_NOTE);
	else if (str_eq(word, STR("finding")))
		compose(HATCH_FINDING);
	else if (str_eq(word, STR("question")))
		compose(HATCH_QUESTION);
	else if (str_eq(word, STR("notes")))
		noting_view(here.noting,
		    &(struct hatch_open){ .view = STR("notes") });
	else if (str_eq(word, STR("undo")))
		noting_undo(here.noting, false);
	else if (str_eq(word, STR("leave")))
		noting_leave(here.noting);
	else if (str_eq(word, STR("clean")))
		answer(NULL, true);
	else if (str_eq(word, STR("copied")))
		answer("memcpy(out->teid, in + 4, len); /* 4: header */", true);
	else if (str_eq(word, STR("back")))
		assert_true(here.focus == ROOM_READING);
	else if (str_eq(word, STR("here")))
		assert_true(here.focus == ROOM_NOTES);
	else if (str_eq(word, STR("end")))
		again(false);
	else if (str_eq(word, STR("crash")))
		again(true);
	else
		fail_step(word);
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	memset(&here, 0, sizeof here);
	here.clock = INT64_C(1763733600000); /* 2025-11-21 14:00:00 UTC */
	here.releases[0] = (struct release){ .name = STR("v1.0"),
		.status = STR("production") };
	here.start = (struct start){ .title = STR("enodeb"),
		.auditor = STR("anna"),
		.releases = here.releases,
		.n_releases = 1 };
	here.start.data = str_of(tool_start());
	here.play.step = step;
	begin();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	noting_close(here.noting);
	buf_release(&here.news);
	buf_release(&here.context);
	buf_release(&here.bytes);
	tool_end();
	return 0;
}

static void
run(const char *name)
{
	play_run(&here.play, name);
}

static void
a_first_note_asks_for_a_vault_and_goes_back(void **state)
{
	(void)state;
	run("noting_first");
	assert_int_equal(here.focus, ROOM_READING);
	assert_true(str_eq(buf_view(&here.news), STR("recorded 2  u undoes")));
	assert_int_equal(here.n_marks, 1);
	assert_int_equal(here.marks[0].glyph, 'N');
	assert_int_equal(here.marks[0].first, 118);
}

static void
a_second_day_shows_the_head_and_every_version(void **state)
{
	(void)state;
	run("noting_again");
}

static void
a_finding_is_a_form(void **state)
{
	(void)state;
	run("noting_finding");
	assert_int_equal(here.n_marks, 1);
	assert_int_equal(here.marks[0].glyph, 'F');
}

static void
a_draft_survives_a_crash(void **state)
{
	(void)state;
	run("noting_draft");
}

static void
copied_source_is_refused_and_the_rest_leaves(void **state)
{
	(void)state;
	run("noting_export");
}

/* Neither what is typed nor how long it is. */
static void
a_passphrase_is_never_on_the_screen(void **state)
{
	struct buf empty = { 0 }, typed = { 0 };

	(void)state;
	compose(HATCH_NOTE);
	play_show(here.play.shell, &empty, true);
	for (const char *p = "abcdefgh \xc3\xa9"; *p != '\0'; p++) {
		shell_key(here.play.shell, (unsigned char)*p);
		buf_clear(&typed);
		play_show(here.play.shell, &typed, true);
		assert_true(str_eq(buf_view(&empty), buf_view(&typed)));
	}
	play_keys(here.play.shell, "Enter");
	buf_clear(&typed);
	play_show(here.play.shell, &typed, true);
	assert_false(str_eq(buf_view(&empty), buf_view(&typed)));
	buf_release(&empty);
	buf_release(&typed);
}

static void
open_vault(void)
{
	noting_view(here.noting, &(struct hatch_open){ .view = STR("notes") });
	play_type(here.play.shell, "seven wet horses");
	play_keys(here.play.shell, "Enter");
	if (noting_book(here.noting) == NULL) {
		play_type(here.play.shell, "seven wet horses");
		play_keys(here.play.shell, "Enter");
	}
	assert_non_null(noting_book(here.noting));
}

static const struct mark *
mark_of(uint8_t glyph)
{
	for (size_t i = 0; i < here.n_marks; i++)
		if (here.marks[i].glyph == glyph)
			return &here.marks[i];
	return NULL;
}

static void
what_was_seen_before_the_vault_is_recorded_when_it_opens(void **state)
{
	struct anchor an = place();

	(void)state;
	noting_seen(here.noting, &an);
	assert_int_equal(here.focus, ROOM_READING);
	assert_int_equal(mark_of('.')->first, 118);
	assert_int_equal(tool_run("test ! -e record.db"), 0);
	open_vault();
	an.first = 122;
	an.last = 130;
	noting_seen(here.noting, &an);
	again(false);
	open_vault();
	assert_non_null(mark_of('.'));
	assert_int_equal(mark_of('.')->first, 118);
	assert_int_equal(mark_of('.')->last, 130);
}

static void
reviewed_lines_ask_for_the_vault_and_can_be_taken_back(void **state)
{
	struct hatch_reviewed r = { .is = true, .at = place() };

	(void)state;
	noting_reviewed(here.noting, &r);
	assert_int_equal(here.focus, ROOM_NOTES);
	assert_null(mark_of('#'));
	play_type(here.play.shell, "seven wet horses");
	play_keys(here.play.shell, "Enter");
	play_type(here.play.shell, "seven wet horses");
	play_keys(here.play.shell, "Enter");
	assert_int_equal(here.focus, ROOM_READING);
	assert_non_null(mark_of('#'));
	noting_undo(here.noting, false);
	assert_null(mark_of('#'));
	noting_undo(here.noting, true);
	assert_non_null(mark_of('#'));
	r.is = false;
	noting_reviewed(here.noting, &r);
	assert_null(mark_of('#'));
}

static void
without_the_passphrase_nothing_is_recorded_and_reading_goes_on(void **state)
{
	(void)state;
	compose(HATCH_FINDING);
	assert_int_equal(here.focus, ROOM_NOTES);
	play_keys(here.play.shell, "Esc");
	assert_int_equal(here.focus, ROOM_READING);
	assert_non_null(strstr(here.news.at, "nothing was recorded"));
	assert_int_equal(tool_run("test ! -e record.db"), 0);
	noting_leave(here.noting);
	assert_true(here.quit);
}

/* A reading room that was taken over wants the keys of the passphrase. */
static void
no_message_of_the_reading_room_takes_the_keys_of_a_passphrase(void **state)
{
	struct hatch_reviewed r = { .is = true, .at = place() };

	(void)state;
	compose(HATCH_NOTE);
	assert_int_equal(here.focus, ROOM_NOTES);
	play_type(here.play.shell, "seven wet");
	noting_undo(here.noting, false);
	noting_undo(here.noting, true);
	assert_int_equal(here.focus, ROOM_NOTES);
	for (int i = 0; i < 100; i++)
		noting_reviewed(here.noting, &r);
	for (int i = 0; i < 100; i++)
		noting_certificate(here.noting, STR("pattern"));
	assert_non_null(strstr(here.news.at, "too much waits"));
	assert_int_equal(here.focus, ROOM_NOTES);
	play_keys(here.play.shell, "Esc");
	assert_int_equal(here.focus, ROOM_READING);
}

/* Letters of a text must not become commands of another view. */
static void
no_message_of_the_reading_room_covers_what_is_being_written(void **state)
{
	static const char *const names[] = { "export", "leave", "notes",
		"finding", "passphrase" };
	struct pane *writing;

	(void)state;
	open_vault();
	compose(HATCH_FINDING);
	writing = shell_top(here.play.shell);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		noting_view(here.noting,
		    &(struct hatch_open){ .view = str_of(names[i]) });
		compose(HATCH_NOTE);
		assert_ptr_equal(shell_top(here.play.shell), writing);
	}
	/* The same is taken when it is the reading room's turn. */
	play_keys(here.play.shell, "Esc");
	assert_int_equal(here.focus, ROOM_READING);
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	assert_int_equal(here.focus, ROOM_NOTES);
	assert_string_equal(shell_top(here.play.shell)->view->name, "export");
}

static const char *message(void);

/* A folder that is gone stands for a disk that is full. */
static void
a_draft_that_could_not_be_kept_is_not_left_behind(void **state)
{
	(void)state;
	open_vault();
	compose(HATCH_NOTE);
	play_type(here.play.shell, "not on a disk");
	play_keys(here.play.shell, "Esc");
	assert_int_equal(here.focus, ROOM_READING);
	assert_non_null(strstr(here.news.at, "kept as a draft"));

	assert_int_equal(rename(tool_path("drafts"), tool_path("gone")), 0);
	assert_int_equal(rmdir(tool_path("gone")), -1);
	unlink(tool_path("gone/1"));
	assert_int_equal(rmdir(tool_path("gone")), 0);
	buf_clear(&here.news);
	compose(HATCH_NOTE);
	play_type(here.play.shell, "not on a disk");
	play_keys(here.play.shell, "Esc");
	assert_int_equal(here.focus, ROOM_NOTES);
	assert_non_null(strstr(message(), "no draft kept"));
	noting_leave(here.noting);
	assert_null(shell_find(here.play.shell, "leave"));
	play_keys(here.play.shell, "C-x");
	play_keys(here.play.shell, "y");
	assert_int_equal(here.focus, ROOM_READING);
	assert_non_null(strstr(here.news.at, "nothing was recorded"));
}

static void
a_vector_that_cannot_be_scored_is_not_recorded(void **state)
{
	(void)state;
	open_vault();
	compose(HATCH_FINDING);
	play_type(here.play.shell, "a title");
	for (int i = 0; i < 7; i++)
		play_keys(here.play.shell, "Down");
	play_type(here.play.shell,
	    "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:");
	play_type(here.play.shell, "X");
	play_keys(here.play.shell, "C-d");
	assert_int_equal(here.focus, ROOM_NOTES);
	assert_non_null(strstr(message(), "CVSS 3.1: "));
	play_keys(here.play.shell, "Backspace");
	play_type(here.play.shell, "N");
	play_keys(here.play.shell, "C-d");
	assert_int_equal(here.focus, ROOM_READING);
	assert_non_null(strstr(here.news.at, "recorded"));
}

static const char *
message(void)
{
	size_t n = shell_messages(here.play.shell);

	return n == 0 ? "" : shell_message_at(here.play.shell, n - 1).at;
}

static void
a_damaged_record_is_one_clear_line(void **state)
{
	sqlite3 *db;

	(void)state;
	open_vault();
	noting_leave(here.noting);
	noting_close(here.noting);
	assert_int_equal(sqlite3_open(tool_path("record.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "UPDATE entry SET body = "
			     "zeroblob(296) WHERE seq = 1",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	begin();
	compose(HATCH_NOTE);
	assert_null(noting_vault(here.noting));
	assert_non_null(strstr(message(), "entry 2 does not follow entry 1"));
	/* And again, when it is tried again. */
	play_keys(here.play.shell, "Enter");
	assert_null(noting_vault(here.noting));
	assert_non_null(strstr(message(), "entry 2 does not follow entry 1"));
	play_keys(here.play.shell, "q");
	assert_int_equal(here.focus, ROOM_READING);
}

/* Somebody puts back yesterday's record, and not the journal. */
static void
a_record_that_was_put_back_is_told_from_the_journal(void **state)
{
	(void)state;
	open_vault();
	noting_leave(here.noting);
	again(false);
	assert_int_equal(tool_run("cp record.db old.db"), 0);
	open_vault();
	noting_leave(here.noting);
	again(false);
	open_vault();
	assert_null(strstr(message(), "not the one that was closed"));
	noting_leave(here.noting);
	again(false);
	noting_close(here.noting);
	assert_int_equal(tool_run("cp old.db record.db"), 0);
	begin();
	open_vault();
	assert_non_null(strstr(message(), "not the one that was closed"));
}

/* A paste holds every control character there is. */
static void
what_is_pasted_into_a_note_is_text(void **state)
{
	const struct entry *e;

	(void)state;
	open_vault();
	compose(HATCH_NOTE);
	shell_key(here.play.shell, KEYS_PASTE);
	for (uint32_t key = 1; key < 0x80; key++)
		shell_key(here.play.shell, key);
	shell_key(here.play.shell, KEYS_PASTE_END);
	assert_int_equal(book_len(noting_book(here.noting)), 0);
	play_keys(here.play.shell, "C-d");
	assert_int_equal(book_len(noting_book(here.noting)), 1);
	e = book_at(noting_book(here.noting), 0)->now;
	assert_non_null(strstr(e->text.at, "abcxyz") == NULL ?
		strstr(e->text.at, "xyz{|}~") :
		e->text.at);
}

/* What leaves opens with the identity that lies beside the record, and is
 * what was shown. */
static void
what_leaves_is_what_was_shown(void **state)
{
	struct seal_age_identity *id;
	struct buf file = { 0 }, tar = { 0 };
	struct arena a = { 0 };
	struct findings_read f;
	struct tar t;

	(void)state;
	open_vault();
	compose(HATCH_FINDING);
	play_type(here.play.shell, "Length not checked");
	play_keys(here.play.shell, "C-d");
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "a Enter");
	answer(NULL, true);
	play_keys(here.play.shell, "s y");
	tool_read(&file, "identity.txt");
	assert_int_equal(seal_age_identity_read(&id, buf_view(&file)),
	    ERR_NONE);
	tool_read(&file, "outbox/0001-anna.age");
	assert_int_equal(seal_age_open(&tar, id, buf_view(&file), 1 << 20),
	    ERR_NONE);
	assert_int_equal(tar_read(&t, &a, buf_view(&tar), 1 << 20), ERR_NONE);
	assert_true(str_eq(t.files[0].name, STR("findings.json")));
	assert_true(str_eq(t.files[0].bytes, buf_view(&here.bytes)));
	assert_int_equal(findings_read(&f, &a, t.files[0].bytes), ERR_NONE);
	assert_int_equal(f.n_items, 1);
	/* The next one is judged together with what has left. */
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "a Enter");
	assert_true(str_eq(buf_view(&here.context), t.files[0].bytes));
	seal_age_identity_close(id);
	buf_release(&file);
	buf_release(&tar);
	arena_release(&a);
}

/* A verdict about other bytes, or from before, lets nothing out. */
static void
a_verdict_about_another_text_refuses(void **state)
{
	struct verdict_source v = { .ready = true };

	(void)state;
	open_vault();
	compose(HATCH_FINDING);
	play_type(here.play.shell, "Length not checked");
	play_keys(here.play.shell, "C-d");
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "a Enter");
	v.id = here.candidate - 1;
	noting_verdict(here.noting, &v);
	assert_null(outgoing_gate(noting_outgoing(here.noting)));
	v.id = here.candidate;
	v.hash = hash_of(STR("another text"));
	noting_verdict(here.noting, &v);
	assert_int_equal(outgoing_gate(noting_outgoing(here.noting))->verdict,
	    REFUSE);
	play_keys(here.play.shell, "s y");
	assert_int_equal(tool_run("test -z \"$(ls outbox 2>/dev/null)\""), 0);
}

/* A session whose rules want one approval for whatever names a path. */
static struct str
session_rules(struct arena *a, const struct sign_secret *approver)
{
	struct sign_public key = sign_public_of(approver);
	struct seal_age_identity *id;
	struct seal_age_recipient to;
	struct buf age = { 0 };
	struct str text;

	assert_int_equal(seal_age_identity_make(&id), ERR_NONE);
	to = seal_age_recipient_of(id);
	seal_age_recipient_write(&to, &age);
	seal_age_identity_close(id);
	text = arena_printf(a,
	    "format = 1\nsession = \"demo-1\"\ntitle = \"Demo\"\n"
	    "auditor \"anna\" { }\n"
	    "approver \"tech\" { role = \"technical\" key = \"%s\" }\n"
	    "approval { need = 1 roles = { \"technical\" } }\n"
	    "recipient \"out\" { key = \"%s\" }\n"
	    "release \"v1.0\" { revision = \"v1.0\" status = "
	    "\"production\" }\n"
	    "scope { include = { \"**\" } }\n"
	    "hours { first = \"2025-01-01\" last = \"2026-12-31\" "
	    "from = \"00:00\" to = \"23:59\" days = { \"mon\", \"tue\", "
	    "\"wed\", \"thu\", \"fri\", \"sat\", \"sun\" } total = 40 "
	    "}\n"
	    "export { prose = \"allow\" path = \"approval\" "
	    "bytes_one = 20000 bytes_day = 40000 bytes_person = 80000 "
	    "bytes_total = 100000 exports_day = 5 quote_run = 20 "
	    "quote_one = 40 quote_person = 60 quote_total = 80 "
	    "encoded_run = 60 }\n",
	    sign_public_text(&key, a).at, age.at);
	buf_release(&age);
	return text;
}

static void
approve(const struct sign_secret *approver, struct str text)
{
	struct parcel p = { .author = STR("anna"), .bytes = text };
	struct arena a = { 0 };
	struct buf signature = { 0 };

	assert_int_equal(sign_bytes(&signature, approver, text,
			     approval_comment(&a, noting_rules(here.noting),
				 &p)),
	    ERR_NONE);
	assert_int_equal(tool_run("mkdir -p approvals"), 0);
	tool_write("approvals/one.minisig", buf_view(&signature));
	buf_release(&signature);
	arena_release(&a);
}

/* It waits over night, and leaves as the very bytes that were approved. */
/* Whoever removes the ledger must not start at nothing again. */
static void
without_the_journal_of_a_session_nothing_leaves(void **state)
{
	struct sign_secret *tech;
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(sign_make(&tech), ERR_NONE);
	noting_close(here.noting);
	here.start.session = true;
	here.start.rules = session_rules(&a, tech);
	begin();
	open_vault();
	compose(HATCH_FINDING);
	play_type(here.play.shell, "Length not checked");
	play_keys(here.play.shell, "C-d");
	again(false);
	open_vault();
	assert_null(strstr(message(), "journal.db"));
	assert_non_null(logbook_journal(noting_logbook(here.noting)));
	again(false);
	assert_int_equal(tool_run("rm journal.db"), 0);
	open_vault();
	assert_non_null(strstr(message(), "journal.db is missing"));
	assert_int_equal(book_len(noting_book(here.noting)), 1);
	assert_null(logbook_journal(noting_logbook(here.noting)));
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "a Enter");
	answer(NULL, true);
	play_keys(here.play.shell, "s y");
	assert_int_equal(tool_run("test -z \"$(ls outbox requests)\""), 0);
	arena_release(&a);
	sign_close(tech);
}

static void
what_wants_approval_waits_for_it_and_leaves_unchanged(void **state)
{
	struct sign_secret *tech, *other;
	struct arena a = { 0 };
	struct buf asked = { 0 }, kept = { 0 };

	(void)state;
	assert_int_equal(sign_make(&tech), ERR_NONE);
	assert_int_equal(sign_make(&other), ERR_NONE);
	noting_close(here.noting);
	here.start.session = true;
	here.start.rules = session_rules(&a, tech);
	begin();
	open_vault();
	compose(HATCH_FINDING);
	play_type(here.play.shell, "Length not checked");
	play_keys(here.play.shell, "C-d");
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "a Enter");
	answer(NULL, true);
	buf_str(&asked, buf_view(&here.bytes));
	play_keys(here.play.shell, "s y");
	assert_non_null(strstr(message(), "waits for approvals (0 of 1)"));
	assert_int_equal(tool_run("cp requests/*.json kept"), 0);
	tool_read(&kept, "kept");
	assert_true(str_eq(buf_view(&kept), buf_view(&asked)));
	again(false);
	open_vault();
	approve(other, buf_view(&asked));
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "Enter");
	assert_true(str_eq(buf_view(&here.bytes), buf_view(&asked)));
	answer(NULL, true);
	play_keys(here.play.shell, "s y");
	assert_non_null(strstr(message(), "waits for approvals (0 of 1)"));
	play_keys(here.play.shell, "q");
	approve(tech, buf_view(&asked));
	play_keys(here.play.shell, "Enter");
	answer(NULL, true);
	play_keys(here.play.shell, "s y");
	assert_non_null(strstr(message(), "0001-anna.age is in the outbox"));
	assert_int_equal(tool_run("test -s outbox/0001-anna.age && test -z "
				  "\"$(ls requests)\""),
	    0);
	sign_close(tech);
	sign_close(other);
	buf_release(&asked);
	buf_release(&kept);
	arena_release(&a);
}

static void
trusted_is(const char *hour, const char *want)
{
	struct buf b = { 0 };
	int h = atoi(hour), m = atoi(hour + 3);

	here.clock = INT64_C(1763683200000) + (h * 60 + m) * 60000;
	noting_trusted(here.noting, &b);
	assert_string_equal(b.at, want);
	buf_release(&b);
}

static void
the_trusted_line_tells_how_much_time_is_left(void **state)
{
	struct sign_secret *tech;
	struct arena a = { 0 };
	struct buf rules = { 0 };
	size_t at;

	(void)state;
	trusted_is("14:00", "enodeb | anna | vault closed | 14:00");
	assert_int_equal(sign_make(&tech), ERR_NONE);
	buf_str(&rules, session_rules(&a, tech));
	at = str_find(buf_view(&rules), STR("23:59"), 0);
	memcpy(rules.at + at, "17:30", 5);
	noting_close(here.noting);
	here.start.session = true;
	here.start.rules = buf_view(&rules);
	begin();
	trusted_is("14:00",
	    "enodeb | anna | vault closed | 14:00 | until 17:30");
	trusted_is("17:05",
	    "enodeb | anna | vault closed | 17:05 | 25 min "
	    "left");
	trusted_is("17:31",
	    "enodeb | anna | vault closed | 17:31 | the hours "
	    "are over");
	open_vault();
	trusted_is("14:00", "enodeb | anna | vault open | 14:00 | until 17:30");
	sign_close(tech);
	buf_release(&rules);
	arena_release(&a);
}

/* Only what was judged here before is taken up again. */
static void
a_request_that_somebody_else_put_there_is_refused(void **state)
{
	(void)state;
	open_vault();
	assert_int_equal(tool_run("mkdir -p requests"), 0);
	tool_write("requests/0011223344556677.json", STR("{}"));
	noting_view(here.noting, &(struct hatch_open){ .view = STR("export") });
	play_keys(here.play.shell, "Enter");
	assert_non_null(strstr(message(), "none that was asked"));
	assert_int_equal(outgoing_state(noting_outgoing(here.noting)),
	    OUTGOING_NONE);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_first_note_asks_for_a_vault_and_goes_back),
		T(a_second_day_shows_the_head_and_every_version),
		T(a_finding_is_a_form),
		T(a_draft_survives_a_crash),
		T(a_draft_that_could_not_be_kept_is_not_left_behind),
		T(a_vector_that_cannot_be_scored_is_not_recorded),
		T(copied_source_is_refused_and_the_rest_leaves),
		T(a_passphrase_is_never_on_the_screen),
		T(what_was_seen_before_the_vault_is_recorded_when_it_opens),
		T(reviewed_lines_ask_for_the_vault_and_can_be_taken_back),
		T(without_the_passphrase_nothing_is_recorded_and_reading_goes_on),
		T(no_message_of_the_reading_room_takes_the_keys_of_a_passphrase),
		T(no_message_of_the_reading_room_covers_what_is_being_written),
		T(a_damaged_record_is_one_clear_line),
		T(a_record_that_was_put_back_is_told_from_the_journal),
		T(what_is_pasted_into_a_note_is_text),
		T(what_leaves_is_what_was_shown),
		T(a_verdict_about_another_text_refuses),
		T(without_the_journal_of_a_session_nothing_leaves),
		T(what_wants_approval_waits_for_it_and_leaves_unchanged),
		T(the_trusted_line_tells_how_much_time_is_left),
		T(a_request_that_somebody_else_put_there_is_refused),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (randombytes_set_implementation(&counter) != 0 ||
	    text_start() != ERR_NONE || seal_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
