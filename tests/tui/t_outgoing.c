/* What leaves the notes room, and what does not. */
#include "tui/noting.h"

#include <string.h>

#include "core/io.h"
#include "core/tar.h"
#include "core/wire.h"
#include "notes/findings.h"
#include "policy/skeleton.h"
#include "tests/tool.h"
#include "tests/tui/notes_rig.h"
#include "tui/along.h"
#include "tui/hatch_cover.h"
#include "tui/logbook.h"
#include "tui/outgoing.h"
#include "tui/refound.h"

static int
setup(void **state)
{
	int rc = notes_rig_setup(state);

	tool_use(notes_rig.start.data.at);
	return rc;
}

/* Or it would count as source where a repository holds exports. */
static void
every_key_is_known_to_the_checker(struct str json)
{
	struct buf b = { 0 };
	bool inside = false;

	buf_str(&b, json);
	skeleton_blank(&b);
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] == '\\')
			i++;
		else if (b.at[i] == '"')
			inside = !inside;
		else if (!inside)
			assert_int_not_equal(b.at[i], ':');
	}
	buf_release(&b);
}

/* In a vault that is made, or opened. */
static void
write_finding(void)
{
	notes_rig_open_vault();
	notes_rig_compose(HATCH_FINDING);
	play_type(notes_rig.play.shell, "Length not checked");
	play_keys(notes_rig.play.shell, "C-d");
}

/* The view of an export, and keys in it. */
static void
begin_with(const char *keys)
{
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("export") });
	play_keys(notes_rig.play.shell, keys);
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
	write_finding();
	begin_with("a Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	tool_read(&file, "identity.txt");
	assert_int_equal(seal_age_identity_read(&id, buf_view(&file)),
	    ERR_NONE);
	tool_read(&file, "outbox/0001-anna.age");
	assert_int_equal(seal_age_open(&tar, id, buf_view(&file), 1 << 20),
	    ERR_NONE);
	assert_int_equal(tar_read(&t, &a, buf_view(&tar), 1 << 20), ERR_NONE);
	assert_true(str_eq(t.files[0].name, STR("findings.json")));
	assert_true(str_eq(t.files[0].bytes, buf_view(&notes_rig.bytes)));
	assert_int_equal(findings_read(&f, &a, t.files[0].bytes), ERR_NONE);
	assert_int_equal(f.n_items, 1);
	every_key_is_known_to_the_checker(t.files[0].bytes);
	/* The next one is judged together with what has left. */
	begin_with("a Enter");
	assert_true(str_eq(buf_view(&notes_rig.context), t.files[0].bytes));
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
	write_finding();
	begin_with("a Enter");
	v.id = notes_rig.candidate - 1;
	noting_verdict(notes_rig.noting, &v);
	assert_null(outgoing_gate(noting_outgoing(notes_rig.noting)));
	v.id = notes_rig.candidate;
	v.hash = hash_of(STR("another text"));
	noting_verdict(notes_rig.noting, &v);
	assert_int_equal(
	    outgoing_gate(noting_outgoing(notes_rig.noting))->verdict, REFUSE);
	play_keys(notes_rig.play.shell, "s y");
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
	    "embargo = \"2026-12-24\" "
	    "quote_one = 40 quote_person = 60 quote_total = 80 "
	    "encoded_run = 60 }\n",
	    sign_public_text(&key, a).at, age.at);
	buf_release(&age);
	return text;
}

/* The room of a session with these rules, in place of the first. */
static void
begin_session(struct arena *a, const struct sign_secret *tech)
{
	noting_close(notes_rig.noting);
	notes_rig.start.session = true;
	notes_rig.start.rules = session_rules(a, tech);
	notes_rig_begin();
}

/* What somebody says at a moment, as vitrine-lab signs it. */
static void
say(const struct sign_secret *approver, struct str text,
    enum approval_kind kind, int64_t when)
{
	struct parcel p = { .author = STR("anna"), .bytes = text };
	struct arena a = { 0 };
	struct buf signature = { 0 };
	struct str line = approval_line(&a, noting_rules(notes_rig.noting), &p,
	    kind, when, kind == APPROVAL_AGREES ? STR("") : STR("too long"));

	assert_int_equal(sign_bytes(&signature, approver, text, line),
	    ERR_NONE);
	/* Named the other way round: what counts is what was said when. */
	tool_write(arena_printf(&a, "approvals/%d.minisig", 1000 - (int)when)
		       .at,
	    buf_view(&signature));
	buf_release(&signature);
	arena_release(&a);
}

static void
approve(const struct sign_secret *approver, struct str text)
{
	struct parcel p = { .author = STR("anna"), .bytes = text };
	struct arena a = { 0 };
	struct buf signature = { 0 };

	assert_int_equal(sign_bytes(&signature, approver, text,
			     approval_comment(&a,
				 noting_rules(notes_rig.noting), &p)),
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
	begin_session(&a, tech);
	write_finding();
	notes_rig_again(false);
	notes_rig_open_vault();
	assert_null(strstr(notes_rig_message(), "journal.db"));
	assert_non_null(logbook_journal(noting_logbook(notes_rig.noting)));
	notes_rig_again(false);
	assert_int_equal(tool_run("rm journal.db"), 0);
	notes_rig_open_vault();
	assert_non_null(strstr(notes_rig_message(), "journal.db is missing"));
	assert_int_equal(book_len(noting_book(notes_rig.noting)), 1);
	assert_null(logbook_journal(noting_logbook(notes_rig.noting)));
	begin_with("a Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	assert_int_equal(tool_run("test -z \"$(ls outbox requests)\""), 0);
	arena_release(&a);
	sign_close(tech);
}

/* After an export: the ledger must not be one of before it. */
static void
an_older_journal_is_refused(const char *old)
{
	notes_rig_again(false);
	notes_rig_open_vault();
	assert_non_null(logbook_journal(noting_logbook(notes_rig.noting)));
	notes_rig_again(false);
	assert_int_equal(tool_run("cp %s journal.db", old), 0);
	notes_rig_open_vault();
	assert_non_null(strstr(notes_rig_message(), "journal.db was put back"));
	assert_null(logbook_journal(noting_logbook(notes_rig.noting)));
}

/* Under the author's signature, where a report takes it from. */
static void
the_day_of_publication_stands_in(struct str bytes)
{
	struct arena a = { 0 };
	struct findings_read f;
	struct buf bad = { 0 };
	size_t at = str_find(bytes, STR("2026-12-24"), 0);

	assert_int_equal(findings_read(&f, &a, bytes), ERR_NONE);
	assert_true(str_eq(f.embargo, STR("2026-12-24")));
	buf_str(&bad, bytes);
	bad.at[at] = 'x';
	assert_int_equal(findings_read(&f, &a, buf_view(&bad)), ERR_FORMAT);
	err_clear();
	buf_release(&bad);
	arena_release(&a);
}

/* With the request selected: an objection stands, whoever agrees, until it is
 * taken back. */
static void
object_and_confer(const struct sign_secret *tech, struct str asked)
{
	say(tech, asked, APPROVAL_OBJECTS, 100);
	play_keys(notes_rig.play.shell, "Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	assert_non_null(strstr(notes_rig_message(), "tech objects: too long"));
	assert_int_equal(tool_run("test -z \"$(ls outbox)\""), 0);
	play_keys(notes_rig.play.shell, "q");
	say(tech, asked, APPROVAL_CONFERRED, 200);
	play_keys(notes_rig.play.shell, "Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	assert_non_null(
	    strstr(notes_rig_message(), "it waits: 0 of 1 approvals"));
	play_keys(notes_rig.play.shell, "q");
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
	begin_session(&a, tech);
	write_finding();
	begin_with("a Enter");
	notes_rig_answer(NULL, true);
	buf_str(&asked, buf_view(&notes_rig.bytes));
	the_day_of_publication_stands_in(buf_view(&asked));
	play_keys(notes_rig.play.shell, "s y");
	assert_non_null(
	    strstr(notes_rig_message(), "it waits: 0 of 1 approvals"));
	assert_int_equal(tool_run("cp requests/*.json kept"), 0);
	tool_read(&kept, "kept");
	assert_true(str_eq(buf_view(&kept), buf_view(&asked)));
	notes_rig_again(false);
	assert_int_equal(tool_run("cp journal.db old.db"), 0);
	notes_rig_open_vault();
	approve(other, buf_view(&asked));
	begin_with("Enter");
	assert_true(str_eq(buf_view(&notes_rig.bytes), buf_view(&asked)));
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	assert_non_null(
	    strstr(notes_rig_message(), "it waits: 0 of 1 approvals"));
	play_keys(notes_rig.play.shell, "q");
	object_and_confer(tech, buf_view(&asked));
	say(tech, buf_view(&asked), APPROVAL_AGREES, 300);
	play_keys(notes_rig.play.shell, "Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	assert_non_null(
	    strstr(notes_rig_message(), "0001-anna.age is in the outbox"));
	assert_int_equal(tool_run("test -s outbox/0001-anna.age && test -z "
				  "\"$(ls requests)\""),
	    0);
	/* For the door: what leaves, and who agreed, on one page. */
	assert_int_equal(tool_run(
			     "grep -q '^Approvers .*tech objects, 1970' "
			     "outbox/0001-anna.txt && grep -q 'tech agrees' "
			     "outbox/0001-anna.txt && grep -q $(sha256sum "
			     "outbox/0001-anna.age | cut -c1-32) "
			     "outbox/0001-anna.txt && test $(wc -l <"
			     "outbox/0001-anna.txt) -le 60 && ! grep -q TEID "
			     "outbox/0001-anna.txt"),
	    0);
	an_older_journal_is_refused("old.db");
	sign_close(tech);
	sign_close(other);
	buf_release(&asked);
	buf_release(&kept);
	arena_release(&a);
}

/* At the station, the vault locked: every byte, the checks, the ledger; and a
 * passphrase of which nothing is shown. */
static void
an_approver_sees_the_request_and_signs_without_the_vault(void **state)
{
	struct sign_secret *tech;
	struct arena a = { 0 };
	struct buf key = { 0 };

	(void)state;
	assert_int_equal(sign_make(&tech), ERR_NONE);
	begin_session(&a, tech);
	write_finding();
	begin_with("a Enter");
	notes_rig_answer(NULL, true);
	play_keys(notes_rig.play.shell, "s y");
	notes_rig_again(false);
	assert_int_equal(tool_run("mkdir keys"), 0);
	assert_int_equal(sign_secret_write(tech, &key, STR("open sesame")),
	    ERR_NONE);
	tool_write("keys/tech.key", buf_view(&key));
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("approvals") });
	assert_null(noting_book(notes_rig.noting));
	assert_true(notes_rig_shows("0 of 1 approvals"));
	assert_true(notes_rig_shows("verdict: needs approval"));
	assert_true(notes_rig_shows("anna let out before: 0 exports"));
	play_keys(notes_rig.play.shell, "a");
	play_type(notes_rig.play.shell, "tech");
	play_keys(notes_rig.play.shell, "Enter");
	play_type(notes_rig.play.shell, "wrong");
	assert_true(notes_rig_shows("nothing of it is shown"));
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(tool_run("test -z \"$(ls approvals)\""), 0);
	play_keys(notes_rig.play.shell, "a");
	play_type(notes_rig.play.shell, "tech");
	play_keys(notes_rig.play.shell, "Enter");
	play_type(notes_rig.play.shell, "open sesame");
	play_keys(notes_rig.play.shell, "Enter");
	assert_non_null(strstr(notes_rig_message(), "tech agrees: signed"));
	assert_true(notes_rig_shows("may leave"));
	assert_null(noting_book(notes_rig.noting));
	sign_close(tech);
	buf_release(&key);
	arena_release(&a);
}

static void
trusted_is(const char *hour, const char *want)
{
	struct buf b = { 0 };
	int h = atoi(hour), m = atoi(hour + 3);

	notes_rig.clock = INT64_C(1763683200000) + (h * 60 + m) * 60000;
	noting_trusted(notes_rig.noting, &b);
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
	trusted_is("14:00", "anna | vault closed | 14:00 | enodeb");
	assert_int_equal(sign_make(&tech), ERR_NONE);
	buf_str(&rules, session_rules(&a, tech));
	at = str_find(buf_view(&rules), STR("23:59"), 0);
	memcpy(rules.at + at, "17:30", 5);
	noting_close(notes_rig.noting);
	notes_rig.start.session = true;
	notes_rig.start.until = 1763683200 + (17 * 60 + 30) * 60;
	notes_rig.start.rules = buf_view(&rules);
	notes_rig_begin();
	trusted_is("14:00",
	    "anna | vault closed | 14:00 | until 17:30 | enodeb");
	trusted_is("17:05",
	    "anna | vault closed | 17:05 | 25 min left | enodeb");
	trusted_is("17:31",
	    "anna | vault closed | 17:31 | the hours are over | enodeb");
	notes_rig_open_vault();
	trusted_is("14:00", "anna | vault open | 14:00 | until 17:30 | enodeb");
	sign_close(tech);
	buf_release(&rules);
	arena_release(&a);
}

static struct oid
commit_of(uint8_t n)
{
	struct oid id = { { n } };

	return id;
}

/* As the reading room answers: where the item is in a release, and how much
 * of one was read. */
static void
the_reading_room_says_how_it_stands(uint64_t number)
{
	struct hatch_found row = { number, 'F', REFIND_MOVED,
		notes_rig_place() };
	const struct hatch_cover src = { STR("src"), 12, 900, 300, 120 };
	struct oid other = commit_of(0x99);
	struct buf b = { 0 };

	row.at.commit = other;
	row.at.path = STR("lib/moved.c");
	row.at.first = 40;
	row.at.last = 43;
	hatch_write_revision(&b, &other, STR(""));
	hatch_write_found(&b, &row);
	assert_int_equal(refound_take(noting_refound(notes_rig.noting),
			     buf_view(&b)),
	    ERR_NONE);
	buf_clear(&b);
	wire_put_oid(&b, &other);
	wire_put_str(&b, STR("v1.1"));
	hatch_write_cover(&b, &src);
	assert_int_equal(along_take(noting_along(notes_rig.noting),
			     buf_view(&b)),
	    ERR_NONE);
	buf_release(&b);
}

/* Fate, coverage, searches and proof leave as they are shown, judged as paths
 * and numbers; each stays here with one key. */
static void
how_it_was_read_goes_along_or_stays(void **state)
{
	struct release releases[2] = { { .name = STR("v1.0") },
		{ .name = STR("v1.1"), .commit = commit_of(0x99) } };
	struct arena a = { 0 };
	struct findings_read f;

	(void)state;
	releases[0].commit = notes_rig_place().commit;
	notes_rig.start.releases = releases;
	notes_rig.start.n_releases = 2;
	write_finding();
	noting_certificate(notes_rig.noting, STR("pattern teid\n3 hits"));
	noting_certificate(notes_rig.noting, STR("pattern teid\n3 hits"));
	noting_proof(notes_rig.noting, STR("all walls held\n"));
	the_reading_room_says_how_it_stands(
	    book_at(noting_book(notes_rig.noting), 0)->number);
	begin_with("a");
	assert_true(notes_rig.surveys > 0);
	assert_true(notes_rig_shows("c [x] coverage, "));
	assert_true(notes_rig_shows("t [x] 1 search, "));
	assert_true(notes_rig_shows("w [x] proof, "));
	assert_true(notes_rig_shows("f [x] fate of lines in 1 of 2 releases"));
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(findings_read(&f, &a, buf_view(&notes_rig.bytes)),
	    ERR_NONE);
	assert_int_equal(f.n_items, 1);
	assert_int_equal(f.more[0].n_places, 1);
	assert_true(str_eq(f.more[0].places[0].release, STR("v1.1")));
	assert_int_equal(f.more[0].places[0].region, REGION_MOVED);
	assert_int_equal(f.more[0].places[0].fix, FIX_UNKNOWN);
	assert_true(str_eq(f.more[0].places[0].path, STR("lib/moved.c")));
	assert_int_equal(f.more[0].places[0].first, 40);
	assert_int_equal(f.method.n_cover, 1);
	assert_true(str_eq(f.method.cover[0].release, STR("v1.1")));
	assert_true(str_eq(f.method.cover[0].folder, STR("src")));
	assert_int_equal(f.method.cover[0].reviewed, 120);
	assert_int_equal(f.method.n_certificates, 1);
	assert_true(
	    str_eq(f.method.certificates[0], STR("pattern teid\n3 hits")));
	assert_true(str_eq(f.method.proof, STR("all walls held\n")));
	play_keys(notes_rig.play.shell, "q");
	play_keys(notes_rig.play.shell, "c t w f");
	assert_true(notes_rig_shows("c [ ] coverage, "));
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(findings_read(&f, &a, buf_view(&notes_rig.bytes)),
	    ERR_NONE);
	assert_int_equal(f.n_items, 1);
	assert_int_equal(f.more[0].n_places, 0);
	assert_int_equal(f.method.n_cover, 0);
	assert_int_equal(f.method.n_certificates, 0);
	assert_int_equal(f.method.proof.len, 0);
	notes_rig.start.releases = NULL;
	notes_rig.start.n_releases = 0;
	arena_release(&a);
}

static void
put_peer(const char *name, const char *record, int64_t exported, int reviewed)
{
	struct arena a = { 0 };

	tool_write(name,
	    arena_printf(&a,
		"{\"format\":\"vitrine-findings\",\"version\":1,"
		"\"title\":\"x\",\"auditor\":\"bob\",\"record\":\"%s\","
		"\"head\":\"a\",\"exported\":%lld,\"coverage\":["
		"{\"release\":\"v1.1\",\"folder\":\"src\",\"files\":12,"
		"\"lines\":900,\"seen\":%d,\"reviewed\":%d},"
		"{\"release\":\"v1.1\",\"folder\":\"lib\",\"files\":1,"
		"\"lines\":50,\"seen\":50,\"reviewed\":50},"
		"{\"release\":\"v1.1\",\"folder\":\"doc\",\"files\":1,"
		"\"lines\":10,\"seen\":5,\"reviewed\":0}],"
		"\"releases\":[],\"items\":[]}",
		record, (long long)exported, reviewed, reviewed));
	arena_release(&a);
}

/* By folder: mine, theirs, both, nobody; the newest export of a record. */
static void
four_eyes_show_who_reviewed_which_folder(void **state)
{
	struct release release = { .name = STR("v1.1"),
		.commit = commit_of(0x99) };
	const char *bob = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";

	(void)state;
	notes_rig.start.releases = &release;
	notes_rig.start.n_releases = 1;
	notes_rig_open_vault();
	assert_int_equal(tool_run("mkdir inbox"), 0);
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("eyes") });
	assert_true(notes_rig_shows("not counted yet"));
	play_keys(notes_rig.play.shell, "q");
	the_reading_room_says_how_it_stands(1);
	put_peer("inbox/new.json", bob, 2000, 450);
	put_peer("inbox/old.json", bob, 1000, 900);
	tool_write("inbox/other", STR("{}"));
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("eyes") });
	assert_true(notes_rig_shows("1 export in inbox/"));
	assert_true(notes_rig_shows("900  33%  13%    50%  50%   both"));
	assert_true(notes_rig_shows("50   0%   0%   100% 100%   theirs"));
	assert_true(notes_rig_shows("10   0%   0%    50%   0%   nobody"));
	assert_true(
	    notes_rig_shows("3 folders: 1 by both, 1 by one, 1 by nobody"));
	assert_true(notes_rig_shows(
	    "1 of inbox/ left out: inbox/other: not a findings"));
	notes_rig.start.releases = NULL;
	notes_rig.start.n_releases = 0;
}

/* A note of no place with a certificate names paths all the same. */
static void
what_goes_along_counts_as_paths_and_numbers(void **state)
{
	const struct findings_cover cover = { .release = STR("v1.0"),
		.folder = STR("src") };
	const struct str search = STR("pattern x");

	(void)state;
	assert_int_equal(along_classes(&(struct findings_method){ 0 }), 0);
	assert_int_equal(along_classes(
			     &(struct findings_method){ .certificates = &search,
				 .n_certificates = 1 }),
	    1u << CLASS_PATH);
	assert_int_equal(along_classes(
			     &(struct findings_method){ .cover = &cover,
				 .n_cover = 1 }),
	    1u << CLASS_PATH | 1u << CLASS_METRIC);
}

/* Only what was judged here before is taken up again. */
static void
a_request_that_somebody_else_put_there_is_refused(void **state)
{
	(void)state;
	notes_rig_open_vault();
	assert_int_equal(tool_run("mkdir -p requests"), 0);
	tool_write("requests/0011223344556677.json", STR("{}"));
	begin_with("Enter");
	assert_non_null(strstr(notes_rig_message(), "none that was asked"));
	assert_int_equal(outgoing_state(noting_outgoing(notes_rig.noting)),
	    OUTGOING_NONE);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, notes_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(what_leaves_is_what_was_shown),
		T(a_verdict_about_another_text_refuses),
		T(without_the_journal_of_a_session_nothing_leaves),
		T(what_wants_approval_waits_for_it_and_leaves_unchanged),
		T(an_approver_sees_the_request_and_signs_without_the_vault),
		T(the_trusted_line_tells_how_much_time_is_left),
		T(how_it_was_read_goes_along_or_stays),
		T(four_eyes_show_who_reviewed_which_folder),
		T(what_goes_along_counts_as_paths_and_numbers),
		T(a_request_that_somebody_else_put_there_is_refused),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
