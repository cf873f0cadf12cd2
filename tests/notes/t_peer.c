#include "notes/peer.h"

#include <string.h>

#include "notes/findings.h"
#include "tests/tool.h"

static struct secret pass;
static struct vault *vault;
static struct start start;
static struct buf b;
static int64_t clock_ms = 1000;

static int64_t
now(void)
{
	return clock_ms += 1000;
}

static int
setup(void **state)
{
	const struct vault_setup s = { .folder = tool_start(),
		.auditor = STR("anna"),
		.title = STR("tig"),
		.cost = SEAL_COST_TEST,
		.now = now };

	(void)state;
	err_clear();
	start = (struct start){ .title = STR("tig"), .auditor = STR("bert") };
	buf_clear(&b);
	seal_secret_init(&pass, 64);
	return seal_secret_add(&pass, "seven wet horses", 16) != ERR_NONE ||
	    vault_open(&vault, &s) != ERR_NONE ||
	    vault_create(vault, &pass, &pass) != ERR_NONE;
}

static int
teardown(void **state)
{
	(void)state;
	vault_close(vault);
	seal_secret_release(&pass);
	tool_end();
	return 0;
}

static struct entry
finding(const char *title, enum entry_severity severity)
{
	struct entry e = { .type = ENTRY_FINDING,
		.title = str_of(title),
		.severity = severity,
		.anchored = true,
		.at = { .path = STR("a.c"), .first = 3, .last = 9 } };

	return e;
}

/* An export of bert's with one finding. */
static void
theirs(const char *title, enum entry_severity severity, int64_t changed,
    const char *record)
{
	struct entry e = finding(title, severity);
	struct findings_item item = { .now = &e, .created = 5 };
	struct secret region;
	struct findings f = { .start = &start,
		.record = str_of(record),
		.head = STR("1 x"),
		.exported = 9,
		.region = &region,
		.items = &item,
		.n_items = 1 };

	seal_secret_random(&region);
	e.seq = 4;
	e.time = changed;
	buf_clear(&b);
	findings_write(&f, &b);
	seal_secret_release(&region);
}

static const char other[] = "00112233445566778899aabbccddeeff";

static void
it_is_taken_once_and_again_when_it_changed(void **state)
{
	struct peer_taken t;
	const struct book_item *it;

	(void)state;
	theirs("overflow", SEVERITY_HIGH, 7, other);
	assert_int_equal(peer_take(&t, vault, buf_view(&b), STR("")), ERR_NONE);
	assert_int_equal(t.fresh, 1);
	it = book_at(vault_book(vault), 0);
	assert_true(str_eq(it->now->by, STR("bert")));
	assert_int_equal(peer_take(&t, vault, buf_view(&b), STR("")), ERR_NONE);
	assert_int_equal(t.fresh, 0);
	assert_int_equal(t.known, 1);
	theirs("overflow!", SEVERITY_LOW, 8, other);
	assert_int_equal(peer_take(&t, vault, buf_view(&b), STR("")), ERR_NONE);
	assert_int_equal(t.changed, 1);
	assert_int_equal(book_len(vault_book(vault)), 1);
	assert_int_equal(it->now->severity, SEVERITY_LOW);
}

static void
two_opinions_on_the_same_lines_stay_two(void **state)
{
	struct entry mine = finding("mine", SEVERITY_LOW);
	struct peer_taken t;
	struct buf said = { 0 };

	(void)state;
	assert_int_equal(vault_add(vault, &mine), ERR_NONE);
	peer_dissent(vault_book(vault), book_at(vault_book(vault), 0), &said);
	assert_int_equal(said.len, 0);
	theirs("theirs", SEVERITY_HIGH, 7, other);
	assert_int_equal(peer_take(&t, vault, buf_view(&b), STR("")), ERR_NONE);
	assert_int_equal(book_len(vault_book(vault)), 2);
	peer_dissent(vault_book(vault), book_at(vault_book(vault), 0), &said);
	assert_non_null(strstr(said.at, "by bert: high"));
	buf_clear(&said);
	peer_dissent(vault_book(vault), book_at(vault_book(vault), 1), &said);
	assert_non_null(strstr(said.at, "by me: low"));
	buf_release(&said);
}

static void
another_session_ones_own_record_and_no_json_are_refused(void **state)
{
	struct peer_taken t;
	uint8_t id[CHAIN_ID];
	struct buf hex = { 0 };

	(void)state;
	theirs("x", SEVERITY_LOW, 7, other);
	assert_int_equal(peer_take(&t, vault, buf_view(&b), STR("aa11")),
	    ERR_DENIED);
	err_clear();
	vault_id(vault, id);
	buf_hex(&hex, id, CHAIN_ID);
	theirs("x", SEVERITY_LOW, 7, hex.at);
	assert_int_equal(peer_take(&t, vault, buf_view(&b), STR("")),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(peer_take(&t, vault, STR("{}"), STR("")), ERR_FORMAT);
	assert_int_equal(book_len(vault_book(vault)), 0);
	buf_release(&hex);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(it_is_taken_once_and_again_when_it_changed),
		T(two_opinions_on_the_same_lines_stay_two),
		T(another_session_ones_own_record_and_no_json_are_refused),
	};

	return seal_start() != ERR_NONE ?
	    1 :
	    cmocka_run_group_tests(tests, NULL, NULL);
}
