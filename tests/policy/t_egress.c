#include "policy/egress.h"

#include "core/limits.h"
#include "core/tar.h"
#include "tests/tool.h"

#include <fcntl.h>

/* A session with one author, three approvers and one recipient. */
static struct fixture {
	struct arena a;
	struct rules rules;
	struct rules_person people[4]; /* jane, then the approvers */
	struct sign_secret *keys[4];
	struct sign_public author;
	struct rules_recipient to;
	struct seal_age_identity *id;
	struct parcel parcel;
	struct gate_row row;
	struct gate gate;
	struct buf signature, made[4];
	struct approval approvals[4];
	struct secret keep;
	struct journal *journal;
	struct egress_order order;
	int outbox;
} f;

static void
make_person(int i, const char *name, const char *role)
{
	uint8_t from[SIGN_SEED_BYTES] = { (uint8_t)(i + 1) };

	assert_int_equal(sign_from_seed(&f.keys[i], from), ERR_NONE);
	f.people[i] = (struct rules_person){ .name = str_of(name),
		.role = str_of(role),
		.has_key = true,
		.key = sign_public_of(f.keys[i]) };
}

static void
make_journal(void)
{
	static const uint8_t seed[JOURNAL_SEED_BYTES] = { 5 };

	assert_int_equal(seal_start(), ERR_NONE);
	seal_secret_init(&f.keep, SEAL_KEY);
	seal_secret_random(&f.keep);
	assert_int_equal(journal_create(&f.journal, tool_path("journal.db"),
			     &f.keep, seed, STR("")),
	    ERR_NONE);
}

static void
judged(enum verdict v)
{
	f.row = (struct gate_row){ .check = "x", .verdict = v };
	f.gate = (struct gate){ .verdict = v,
		.rows = &f.row,
		.n_rows = 1,
		.of = hash_of(f.parcel.bytes),
		.quoted = 4 };
}

static int
set_up(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	err_clear();
	tool_start();
	assert_int_equal(tool_run("mkdir outbox"), 0);
	f.outbox = open(tool_path("outbox"), O_RDONLY | O_DIRECTORY);
	make_person(0, "jane", "auditor");
	make_person(1, "ann", "legal");
	make_person(2, "ben", "technical");
	make_person(3, "cid", "technical");
	rules_personal(&f.rules);
	f.rules.personal = false;
	f.rules.session = STR("demo-1");
	f.rules.auditors = &f.people[0];
	f.rules.n_auditors = 1;
	f.rules.approvers = &f.people[1];
	f.rules.n_approvers = 3;
	f.rules.approvals_need = 2;
	assert_int_equal(seal_age_identity_make(&f.id), ERR_NONE);
	f.to = (struct rules_recipient){ STR("evaluator"),
		seal_age_recipient_of(f.id) };
	f.rules.recipients = &f.to;
	f.rules.n_recipients = 1;
	f.parcel = (struct parcel){ STR("jane"), STR("{\"findings\":[]}\n"),
		1u << CLASS_PROSE, 1, 0, NULL };
	f.author = f.people[0].key;
	assert_int_equal(sign_bytes(&f.signature, f.keys[0], f.parcel.bytes,
			     STR("jane")),
	    ERR_NONE);
	judged(PASS);
	make_journal();
	f.order = (struct egress_order){ .rules = &f.rules,
		.parcel = &f.parcel,
		.gate = &f.gate,
		.signature = buf_view(&f.signature),
		.author = &f.author,
		.approvals = f.approvals,
		.seed = { 1 },
		.now = 1780000000 };
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		sign_close(f.keys[i]);
		buf_release(&f.made[i]);
	}
	journal_close(f.journal);
	seal_secret_release(&f.keep);
	seal_age_identity_close(f.id);
	buf_release(&f.signature);
	arena_release(&f.a);
	close(f.outbox);
	tool_end();
	return 0;
}

static enum err
release(struct egress_receipt *r)
{
	err_clear();
	return egress_release(r, &f.a, f.journal, f.outbox, &f.order);
}

static int
files_out(void)
{
	int n = 0;

	for (int i = 1; i < 10; i++)
		n += tool_run("ls outbox/%04d-jane.age", i) == 0;
	return n;
}

/* Approval i of person i + 1 of what is in the parcel. */
static void
approve(int i)
{
	struct arena a = { 0 };

	buf_clear(&f.made[i]);
	assert_int_equal(sign_bytes(&f.made[i], f.keys[i + 1], f.parcel.bytes,
			     approval_comment(&a, &f.rules, &f.parcel)),
	    ERR_NONE);
	f.approvals[i].signature = buf_view(&f.made[i]);
	arena_release(&a);
}

static void
what_passes_leaves_sealed_signed_and_counted(void **state)
{
	struct egress_receipt r;
	struct ledger ledger;
	struct buf b = { 0 }, plain = { 0 };
	struct tar tar;

	(void)state;
	assert_int_equal(release(&r), ERR_NONE);
	assert_int_equal(r.serial, 1);
	assert_true(str_eq(r.file, STR("0001-jane.age")));
	tool_read(&b, "outbox/0001-jane.age");
	assert_int_equal(seal_age_open(&plain, f.id, buf_view(&b),
			     LIMIT_BUNDLE),
	    ERR_NONE);
	assert_int_equal(tar_read(&tar, &f.a, buf_view(&plain), LIMIT_BUNDLE),
	    ERR_NONE);
	assert_int_equal(tar.n, 2);
	assert_true(str_eq(tar_find(&tar, STR("findings.json"))->bytes,
	    f.parcel.bytes));
	assert_int_equal(sign_verify(NULL, &f.author, f.parcel.bytes,
			     tar_find(&tar, STR("findings.json.minisig"))
				 ->bytes),
	    ERR_NONE);
	assert_int_equal(ledger_read(&ledger, &f.a, f.journal, f.order.now),
	    ERR_NONE);
	assert_int_equal(ledger.bytes, f.parcel.bytes.len);
	assert_int_equal(ledger.quoted, 4);
	assert_int_equal(release(&r), ERR_NONE);
	assert_int_equal(r.serial, 2);
	assert_int_equal(files_out(), 2);
	buf_release(&b);
	buf_release(&plain);
}

static void
the_standard_tools_open_and_verify_it(void **state)
{
	struct egress_receipt r;
	struct buf b = { 0 };

	(void)state;
	if (!tool_has("age") || !tool_has("minisign"))
		skip_because("no age or minisign here");
	judged(ASK);
	approve(0);
	approve(1);
	f.order.n_approvals = 2;
	assert_int_equal(release(&r), ERR_NONE);
	seal_age_identity_write(f.id, &b);
	tool_write("key", buf_view(&b));
	assert_int_equal(tool_run("age -d -i key outbox/0001-jane.age | "
				  "tar x"),
	    0);
	buf_clear(&b);
	sign_public_write(&f.author, &b);
	tool_write("jane.pub", buf_view(&b));
	assert_int_equal(tool_run("minisign -VHp jane.pub -m findings.json"),
	    0);
	buf_clear(&b);
	sign_public_write(&f.people[1].key, &b);
	tool_write("ann.pub", buf_view(&b));
	assert_int_equal(tool_run("minisign -VHp ann.pub -m findings.json "
				  "-x approvals/%s.minisig",
			     sign_id_text(&f.people[1].key, &f.a).at),
	    0);
	assert_int_equal(tool_run("echo >> findings.json; minisign -VHp "
				  "jane.pub -m findings.json"),
	    1);
	buf_release(&b);
}

static void
nothing_leaves_that_the_gate_did_not_pass(void **state)
{
	struct egress_receipt r;

	(void)state;
	judged(REFUSE);
	assert_int_equal(release(&r), ERR_DENIED);
	judged((enum verdict)9);
	assert_int_equal(release(&r), ERR_DENIED);
	judged(PASS);
	f.gate.n_rows = 0;
	assert_int_equal(release(&r), ERR_DENIED);
	judged(PASS);
	f.gate.of = hash_of(STR("another text"));
	assert_int_equal(release(&r), ERR_DENIED);
	judged(PASS);
	f.order.author = &f.people[1].key;
	assert_int_equal(release(&r), ERR_DENIED);
	assert_int_equal(files_out(), 0);
	assert_int_equal(journal_len(f.journal), 0);
	f.order.author = &f.author;
	assert_int_equal(release(&r), ERR_NONE);
	assert_int_equal(files_out(), 1);
}

static void
a_full_journal_keeps_the_file_in(void **state)
{
	struct egress_receipt r;

	(void)state;
	journal_close(f.journal);
	f.journal = NULL;
	assert_int_equal(journal_open(&f.journal, tool_path("journal.db"),
			     NULL),
	    ERR_NONE);
	assert_int_equal(release(&r), ERR_DENIED); /* it takes no entry */
	assert_int_equal(files_out(), 0);
}

static void
a_name_cannot_leave_the_outbox(void **state)
{
	struct egress_receipt r;

	(void)state;
	f.parcel.author = STR("../jane");
	assert_int_equal(release(&r), ERR_NONE);
	assert_true(str_eq(r.file, STR("0001----jane.age")));
}

static enum err
approved(size_t n)
{
	f.order.n_approvals = n;
	err_clear();
	return approval_check(&f.rules, &f.parcel, f.approvals, n, 0);
}

static void
k_of_n_people_must_approve(void **state)
{
	struct egress_receipt r;

	(void)state;
	approve(0);
	approve(1);
	approve(2);
	assert_int_equal(approved(0), ERR_DENIED);
	assert_int_equal(approved(1), ERR_DENIED);
	assert_non_null(strstr(err_text(), "1 of 2 approvals"));
	assert_int_equal(approved(2), ERR_NONE);
	assert_int_equal(approved(3), ERR_NONE);
	judged(ASK);
	f.order.n_approvals = 1;
	assert_int_equal(release(&r), ERR_DENIED);
	f.order.n_approvals = 2;
	assert_int_equal(release(&r), ERR_NONE);
	f.rules.approvals_need = 0;
	assert_int_equal(approved(3), ERR_DENIED);
}

static void
nobody_approves_twice_or_what_is_their_own(void **state)
{
	(void)state;
	approve(0);
	approve(1);
	f.approvals[1] = f.approvals[0];
	assert_int_equal(approved(2), ERR_DENIED);
	assert_non_null(strstr(err_text(), "twice"));
	approve(1);
	assert_int_equal(approved(2), ERR_NONE);
	f.parcel.author = STR("ann");
	approve(0);
	approve(1);
	assert_int_equal(approved(2), ERR_DENIED);
	assert_non_null(strstr(err_text(), "their own"));
}

/* What person i says at a moment. */
static void
say(int i, enum approval_kind kind, int64_t when, const char *reason)
{
	struct str line = approval_line(&f.a, &f.rules, &f.parcel, kind, when,
	    str_of(reason));

	buf_clear(&f.made[i]);
	assert_int_equal(sign_bytes(&f.made[i], f.keys[i + 1], f.parcel.bytes,
			     line),
	    ERR_NONE);
	f.approvals[i].signature = arena_copy(&f.a, buf_view(&f.made[i]));
}

static enum err
approved_at(size_t n, int64_t now)
{
	err_clear();
	return approval_check(&f.rules, &f.parcel, f.approvals, n, now);
}

static void
an_approval_holds_as_long_as_the_rules_say(void **state)
{
	enum { DAY = 24 * 60 * 60, THEN = 1780000000 };

	(void)state;
	f.rules.approvals_need = 1;
	f.rules.valid_days = 3;
	say(0, APPROVAL_AGREES, THEN, "");
	assert_int_equal(approved_at(1, THEN + 3 * DAY), ERR_NONE);
	assert_int_equal(approved_at(1, THEN + 3 * DAY + 1), ERR_DENIED);
	assert_non_null(strstr(err_text(),
	    "0 of 1 approvals; the approval of "
	    "ann is of 2026-05-28T20:26:40Z"));
	assert_int_equal(approved_at(1, THEN - 2 * DAY), ERR_DENIED);
	assert_non_null(strstr(err_text(), "still to come"));
	assert_int_equal(approved_at(1, 0), ERR_NONE); /* long after */
	approve(0);
	assert_int_equal(approved_at(1, THEN), ERR_DENIED);
	assert_non_null(strstr(err_text(), "does not say when"));
	f.rules.valid_days = 0;
	assert_int_equal(approved_at(1, THEN), ERR_NONE);
}

static void
the_last_word_of_each_person_counts(void **state)
{
	(void)state;
	f.rules.approvals_need = 1;
	say(0, APPROVAL_AGREES, 100, "");
	assert_int_equal(approved_at(1, 1000), ERR_NONE);
	say(1, APPROVAL_OBJECTS, 200, "too much of it");
	assert_int_equal(approved_at(2, 1000), ERR_DENIED);
	assert_non_null(strstr(err_text(), "ben objects: too much of it"));
	f.approvals[2] = f.approvals[1];
	say(1, APPROVAL_CONFERRED, 300, "shortened");
	assert_int_equal(approved_at(3, 1000), ERR_NONE);
	say(1, APPROVAL_AGREES, 150, ""); /* before the objection */
	assert_int_equal(approved_at(3, 1000), ERR_DENIED);
	say(1, APPROVAL_AGREES, 200, ""); /* at the same moment */
	assert_int_equal(approved_at(3, 1000), ERR_DENIED);
	say(1, APPROVAL_AGREES, 201, "");
	assert_int_equal(approved_at(3, 1000), ERR_NONE);
}

/* Whatever is not the one way to write it is another comment. */
static void
a_line_with_anything_more_is_no_approval(void **state)
{
	static const char *const tails[] = { " ", " when=", " when=2026",
		" when=2026-02-30T00:00:00Z", " when=2026-01-01T00:00:00Z ",
		" when=2026-01-01T00:00:00Z reason=", " reason=x",
		" when=2026-01-01T00:00:00Z reason=x" };

	(void)state;
	f.rules.approvals_need = 1;
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		struct str line = arena_printf(&f.a, "%.*s%s",
		    STR_ARG(approval_comment(&f.a, &f.rules, &f.parcel)),
		    tails[i]);
		bool last = i + 1 == sizeof tails / sizeof *tails;

		buf_clear(&f.made[0]);
		assert_int_equal(sign_bytes(&f.made[0], f.keys[1],
				     f.parcel.bytes, line),
		    ERR_NONE);
		f.approvals[0].signature = buf_view(&f.made[0]);
		assert_int_equal(approved_at(1, 0),
		    last ? ERR_NONE : ERR_DENIED);
	}
}

static void
an_approval_is_for_one_text_session_and_recipient(void **state)
{
	struct seal_age_identity *other = NULL;

	(void)state;
	f.rules.approvals_need = 1;
	approve(0);
	assert_int_equal(approved(1), ERR_NONE);
	f.parcel.bytes = STR("{\"findings\":[1]}\n");
	assert_int_equal(approved(1), ERR_DENIED);
	f.parcel.bytes = STR("{\"findings\":[]}\n");
	f.rules.session = STR("demo-2");
	assert_int_equal(approved(1), ERR_DENIED);
	f.rules.session = STR("demo-1");
	f.parcel.author = STR("bob");
	assert_int_equal(approved(1), ERR_DENIED);
	f.parcel.author = STR("jane");
	assert_int_equal(seal_age_identity_make(&other), ERR_NONE);
	f.to.key = seal_age_recipient_of(other);
	assert_int_equal(approved(1), ERR_DENIED);
	f.to.key = seal_age_recipient_of(f.id);
	assert_int_equal(approved(1), ERR_NONE);
	seal_age_identity_close(other);
}

static void
every_role_that_the_rules_want_must_approve(void **state)
{
	struct str roles[] = { STR("legal"), STR("technical") };

	(void)state;
	f.rules.approvals_roles = roles;
	f.rules.n_approvals_roles = 2;
	approve(0);
	approve(1);
	approve(2);
	assert_int_equal(approved(2), ERR_NONE);
	f.approvals[0] = f.approvals[2];
	assert_int_equal(approved(2), ERR_DENIED);
	assert_non_null(strstr(err_text(), "legal"));
}

static void
a_stranger_approves_nothing(void **state)
{
	(void)state;
	f.rules.approvals_need = 1;
	approve(0);
	assert_int_equal(approved(1), ERR_NONE);
	f.rules.approvers = &f.people[2];
	f.rules.n_approvers = 2;
	assert_int_equal(approved(1), ERR_DENIED);
}

static void
many_recipients_still_fit_a_comment(void **state)
{
	struct rules_recipient to[SEAL_AGE_RECIPIENTS_MAX];

	(void)state;
	for (int i = 0; i < SEAL_AGE_RECIPIENTS_MAX; i++)
		to[i] = f.to;
	f.rules.recipients = to;
	f.rules.n_recipients = SEAL_AGE_RECIPIENTS_MAX;
	f.rules.approvals_need = 1;
	approve(0);
	assert_int_equal(approved(1), ERR_NONE);
	f.rules.n_recipients--;
	assert_int_equal(approved(1), ERR_DENIED);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_passes_leaves_sealed_signed_and_counted),
		T(the_standard_tools_open_and_verify_it),
		T(nothing_leaves_that_the_gate_did_not_pass),
		T(a_full_journal_keeps_the_file_in),
		T(a_name_cannot_leave_the_outbox),
		T(k_of_n_people_must_approve),
		T(nobody_approves_twice_or_what_is_their_own),
		T(an_approval_holds_as_long_as_the_rules_say),
		T(the_last_word_of_each_person_counts),
		T(a_line_with_anything_more_is_no_approval),
		T(an_approval_is_for_one_text_session_and_recipient),
		T(every_role_that_the_rules_want_must_approve),
		T(a_stranger_approves_nothing),
		T(many_recipients_still_fit_a_comment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
