#include "notes/case.h"

#include "core/tar.h"
#include "tests/notes/made.h"
#include "tests/t.h"

static struct made alice;
static struct case_person people[1];

static int
prepare(void **state)
{
	(void)state;
	made_open(&alice, "alice", 7);
	people[0] = (struct case_person){
		.name = STR("alice"),
		.full = STR("Alice Example"),
		.key = sign_public_of(alice.author),
	};
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	made_close(&alice);
	return 0;
}

static struct case_check
check(void)
{
	return (struct case_check){
		.identity = alice.identity,
		.people = people,
		.n_people = 1,
	};
}

static enum err
add(struct case_file *c, struct str sealed, const struct case_check *k)
{
	bool fresh;

	err_clear();
	return case_add(c, &fresh, STR("0001-alice.age"), sealed, k);
}

static void
one_export(const struct made *m, const struct entry *items, size_t n,
    struct buf *sealed)
{
	struct buf text = { 0 };

	made_text(m, items, n, &text);
	made_export(m, buf_view(&text), m->author, NULL, sealed);
	buf_release(&text);
}

static void
an_export_by_a_known_auditor_is_taken(void **state)
{
	struct entry e = made_finding(12, "SEC-118 is not fixed");
	struct case_check k = check();
	struct case_file c = { 0 };
	struct buf sealed = { 0 };

	(void)state;
	one_export(&alice, &e, 1, &sealed);
	assert_int_equal(add(&c, buf_view(&sealed), &k), ERR_NONE);
	case_sort(&c);
	assert_int_equal(c.n_items, 1);
	assert_true(str_eq(c.items[0].id, STR("alice-12")));
	assert_true(str_eq(c.items[0].now->title, e.title));
	assert_true(str_eq(c.items[0].from->author, STR("Alice Example")));
	assert_true(str_eq(c.items[0].from->comment, STR("export 1")));
	case_release(&c);
	buf_release(&sealed);
}

static void
the_same_export_twice_counts_once(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct case_file c = { 0 };
	struct buf sealed = { 0 };
	bool fresh = false;

	(void)state;
	one_export(&alice, &e, 1, &sealed);
	assert_int_equal(case_add(&c, &fresh, STR("a"), buf_view(&sealed), &k),
	    ERR_NONE);
	assert_true(fresh);
	assert_int_equal(case_add(&c, &fresh, STR("b"), buf_view(&sealed), &k),
	    ERR_NONE);
	assert_false(fresh);
	assert_int_equal(c.n_bundles, 1);
	case_release(&c);
	buf_release(&sealed);
}

/* Refused with this kind and these words; nothing is in the case. */
static void
refused(struct str sealed, const struct case_check *k, enum err kind,
    const char *words)
{
	struct case_file c = { 0 };

	assert_int_equal(add(&c, sealed, k), kind);
	if (str_find(str_of(err_text()), str_of(words), 0) == SIZE_MAX)
		assert_string_equal(err_text(), words);
	assert_int_equal(c.n_bundles, 0);
	case_sort(&c);
	assert_int_equal(c.n_items, 0);
	case_release(&c);
}

static void
a_signature_by_somebody_else_is_refused(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 }, text = { 0 };
	struct made mallory;

	(void)state;
	made_open(&mallory, "alice", 9);
	made_text(&alice, &e, 1, &text);
	made_export(&alice, buf_view(&text), mallory.author, NULL, &sealed);
	refused(buf_view(&sealed), &k, ERR_DENIED, "no such auditor");
	buf_clear(&sealed);
	made_export(&alice, buf_view(&text), NULL, NULL, &sealed);
	refused(buf_view(&sealed), &k, ERR_FORMAT, "lacks");
	buf_release(&sealed);
	buf_release(&text);
	made_close(&mallory);
}

static void
a_known_key_under_another_name_is_refused(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 };

	(void)state;
	alice.start.auditor = STR("bob");
	one_export(&alice, &e, 1, &sealed);
	alice.start.auditor = STR("alice");
	refused(buf_view(&sealed), &k, ERR_DENIED, "says it is by bob");
	buf_release(&sealed);
}

static void
a_text_that_was_not_signed_is_refused(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 }, text = { 0 }, other = { 0 };
	struct buf tar = { 0 }, signature = { 0 };
	struct seal_age_recipient to = seal_age_recipient_of(alice.identity);
	const uint8_t seed[SEAL_AGE_SEED_BYTES] = { 1 };

	(void)state;
	made_text(&alice, &e, 1, &text);
	e.severity = SEVERITY_LOW;
	made_text(&alice, &e, 1, &other);
	assert_int_equal(sign_bytes(&signature, alice.author, buf_view(&text),
			     STR("export 1")),
	    ERR_NONE);
	assert_int_equal(tar_add(&tar, STR("findings.json"), buf_view(&other)),
	    ERR_NONE);
	assert_int_equal(tar_add(&tar, STR("findings.json.minisig"),
			     buf_view(&signature)),
	    ERR_NONE);
	tar_end(&tar);
	assert_int_equal(seal_age_seal(&sealed, buf_view(&tar), &to, 1, seed),
	    ERR_NONE);
	refused(buf_view(&sealed), &k, ERR_DENIED, "");
	buf_release(&sealed);
	buf_release(&text);
	buf_release(&other);
	buf_release(&tar);
	buf_release(&signature);
}

static void
an_export_for_somebody_else_is_refused(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 };
	struct made other;

	(void)state;
	made_open(&other, "alice", 7);
	one_export(&other, &e, 1, &sealed);
	refused(buf_view(&sealed), &k, ERR_DENIED, "");
	buf_release(&sealed);
	made_close(&other);
}

static void
a_file_that_does_not_belong_is_refused(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 }, text = { 0 };

	(void)state;
	made_text(&alice, &e, 1, &text);
	made_export(&alice, buf_view(&text), alice.author, "notes.txt",
	    &sealed);
	refused(buf_view(&sealed), &k, ERR_FORMAT, "notes.txt");
	buf_release(&sealed);
	buf_release(&text);
}

static void
every_changed_byte_is_refused(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 };

	(void)state;
	one_export(&alice, &e, 1, &sealed);
	for (size_t i = 0; i < sealed.len; i += 7) {
		struct case_file c = { 0 };

		sealed.at[i] ^= 1;
		assert_int_not_equal(add(&c, buf_view(&sealed), &k), ERR_NONE);
		assert_int_equal(c.n_bundles, 0);
		sealed.at[i] ^= 1;
		case_release(&c);
	}
	buf_release(&sealed);
}

static enum err
nobody_agreed(void *arg, const struct case_bundle *b)
{
	*(uint32_t *)arg = b->n_approvals;
	return fail(ERR_DENIED, "2 approvals are wanted, %u came",
	    b->n_approvals);
}

static void
approvals_are_asked_for(void **state)
{
	struct entry e = made_finding(12, "one");
	struct case_check k = check();
	struct buf sealed = { 0 }, text = { 0 };
	uint32_t seen = 99;

	(void)state;
	k.approved = nobody_agreed;
	k.arg = &seen;
	made_text(&alice, &e, 1, &text);
	made_export(&alice, buf_view(&text), alice.author,
	    "approvals/0123456789ABCDEF.minisig", &sealed);
	refused(buf_view(&sealed), &k, ERR_DENIED, "approvals are wanted");
	assert_int_equal(seen, 1);
	buf_release(&sealed);
	buf_release(&text);
}

static void
the_newest_version_of_an_item_counts(void **state)
{
	struct entry e = made_finding(12, "first words");
	struct case_check k = check();
	struct case_file c = { 0 };
	struct buf early = { 0 }, late = { 0 };

	(void)state;
	one_export(&alice, &e, 1, &early);
	alice.exported += 1000;
	e.title = STR("better words");
	one_export(&alice, &e, 1, &late);
	assert_int_equal(add(&c, buf_view(&late), &k), ERR_NONE);
	assert_int_equal(add(&c, buf_view(&early), &k), ERR_NONE);
	case_sort(&c);
	assert_int_equal(c.n_items, 1);
	assert_int_equal(c.items[0].versions, 2);
	assert_true(str_eq(c.items[0].now->title, STR("better words")));
	case_release(&c);
	buf_release(&early);
	buf_release(&late);
}

static void
findings_come_by_severity_and_twins_are_named(void **state)
{
	struct entry e[4] = {
		made_finding(1, "low"),
		made_finding(2, "critical"),
		made_finding(3, "elsewhere"),
		{ .type = ENTRY_NOTE, .seq = 4, .text = STR("a note") },
	};
	struct case_check k = check();
	struct case_file c = { 0 };
	struct buf sealed = { 0 };

	(void)state;
	e[0].severity = SEVERITY_LOW;
	e[1].severity = SEVERITY_CRITICAL;
	e[1].at.first = e[1].at.last = 52;
	e[2].at.first = e[2].at.last = 53;
	one_export(&alice, e, 4, &sealed);
	assert_int_equal(add(&c, buf_view(&sealed), &k), ERR_NONE);
	case_sort(&c);
	assert_int_equal(c.n_items, 4);
	assert_true(str_eq(c.items[0].id, STR("alice-2")));
	assert_true(str_eq(c.items[1].id, STR("alice-3")));
	assert_true(str_eq(c.items[2].id, STR("alice-1")));
	assert_true(str_eq(c.items[3].id, STR("alice-4")));
	assert_int_equal(c.items[0].twin, 3);
	assert_int_equal(c.items[1].twin, 0);
	assert_int_equal(c.items[2].twin, 0);
	case_release(&c);
	buf_release(&sealed);
}

static void
a_finding_inside_a_wide_one_is_its_twin(void **state)
{
	static const uint32_t lines[3][2] = { { 1, 100 }, { 2, 3 },
		{ 50, 60 } };
	struct case_check k = check();
	struct case_file c = { 0 };
	struct buf sealed = { 0 };
	struct entry e[3];

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		e[i] = made_finding(i + 1, "same severity");
		e[i].at.first = lines[i][0];
		e[i].at.last = lines[i][1];
	}
	one_export(&alice, e, 3, &sealed);
	assert_int_equal(add(&c, buf_view(&sealed), &k), ERR_NONE);
	case_sort(&c);
	assert_int_equal(c.items[0].twin, 0);
	assert_int_equal(c.items[1].twin, 1);
	assert_int_equal(c.items[2].twin, 1);
	case_release(&c);
	buf_release(&sealed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_export_by_a_known_auditor_is_taken),
		cmocka_unit_test(the_same_export_twice_counts_once),
		cmocka_unit_test(a_signature_by_somebody_else_is_refused),
		cmocka_unit_test(a_known_key_under_another_name_is_refused),
		cmocka_unit_test(a_text_that_was_not_signed_is_refused),
		cmocka_unit_test(an_export_for_somebody_else_is_refused),
		cmocka_unit_test(a_file_that_does_not_belong_is_refused),
		cmocka_unit_test(every_changed_byte_is_refused),
		cmocka_unit_test(approvals_are_asked_for),
		cmocka_unit_test(the_newest_version_of_an_item_counts),
		cmocka_unit_test(findings_come_by_severity_and_twins_are_named),
		cmocka_unit_test(a_finding_inside_a_wide_one_is_its_twin),
	};

	return cmocka_run_group_tests(tests, prepare, clear);
}
