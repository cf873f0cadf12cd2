#include "policy/ledger.h"

#include "core/io.h"
#include "policy/lab.h"

#include "tests/tool.h"

static const uint8_t seed[JOURNAL_SEED_BYTES] = { 5 };

static struct journal *
make(const char *name, const struct secret *keep)
{
	struct journal *j = NULL;

	assert_int_equal(journal_create(&j, tool_path(name), keep, seed,
			     STR("sealed")),
	    ERR_NONE);
	return j;
}

static struct secret
key(uint8_t first)
{
	struct secret s = { 0 };
	uint8_t raw[SEAL_KEY] = { first };

	seal_secret_init(&s, SEAL_KEY);
	assert_int_equal(seal_secret_add(&s, raw, sizeof raw), ERR_NONE);
	return s;
}

static void
add(struct journal *j, enum journal_kind kind, const char *who, uint32_t serial,
    uint64_t bytes, int64_t when)
{
	struct journal_entry e = { .kind = kind,
		.who = str_of(who),
		.what = STR("0001.age"),
		.serial = serial,
		.bytes = bytes,
		.quoted = 3,
		.when = when };

	assert_int_equal(journal_add(j, &e), ERR_NONE);
}

static enum err
count(void *arg, const struct journal_entry *e)
{
	uint64_t *n = arg;

	assert_int_equal(e->seq, ++*n);
	return ERR_NONE;
}

static void
entries_are_there_after_closing_and_opening(void **state)
{
	struct secret keep = key(1), other = key(2);
	struct journal *j = make("j.db", &keep);
	struct arena a = { 0 };
	struct str head;
	uint64_t n = 0;

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	add(j, JOURNAL_RELEASED, "jane", 1, 10, 200);
	head = journal_head(j, &a);
	journal_close(j);
	assert_int_equal(journal_open(&j, tool_path("j.db"), &other),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(journal_open(&j, tool_path("j.db"), &keep), ERR_NONE);
	assert_int_equal(journal_len(j), 2);
	assert_true(str_eq(journal_head(j, &a), head));
	assert_true(str_eq(journal_sealed(j), STR("sealed")));
	add(j, JOURNAL_CLOSED, "jane", 0, 0, 300);
	assert_int_equal(journal_each(j, count, &n), ERR_NONE);
	assert_int_equal(n, 3);
	assert_int_equal(journal_verify(j, seed), ERR_NONE);
	journal_close(j);
	seal_secret_release(&keep);
	seal_secret_release(&other);
	arena_release(&a);
}

/* What vitrine-lab journal says of it. */
static void
told(struct buf *out, const char *name)
{
	const char *path = tool_path(name), *rest[] = { path };
	bool no = false, misused = false;
	struct lab_args args = { .rest = rest,
		.n = 1,
		.no = &no,
		.misused = &misused };
	char into[128];

	snprintf(into, sizeof into, "%s.txt", path);
	args.option['o'] = into;
	assert_int_equal(lab_journal_journal.run(&args), ERR_NONE);
	assert_int_equal(io_read(out, into, 4096), ERR_NONE);
}

static bool
has(const struct buf *b, const char *words)
{
	return str_find(buf_view(b), str_of(words), 0) != SIZE_MAX;
}

static void
a_clock_that_went_back_and_a_day_without_end_are_named(void **state)
{
	struct secret keep = key(1);
	struct journal *j = make("odd.db", &keep);
	struct buf b = { 0 };

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 5000);
	add(j, JOURNAL_OPENED, "jane", 0, 0, 4000);
	add(j, JOURNAL_CLOSED, "jane", 0, 0, 4100);
	journal_close(j);
	told(&b, "odd.db");
	assert_true(has(&b,
	    "note: the clock went back by 1000 s before "
	    "entry 2\n"));
	assert_true(has(&b, "note: what entry 1 opened was never closed"));
	assert_true(has(&b, "NOT VERIFIED"));
	/* Where nothing is odd nothing is said. */
	j = make("even.db", &keep);
	add(j, JOURNAL_OPENED, "jane", 0, 0, 4000);
	add(j, JOURNAL_CLOSED, "jane", 0, 0, 4100);
	journal_close(j);
	told(&b, "even.db");
	assert_true(has(&b, " opened "));
	assert_false(has(&b, "note:"));
	buf_release(&b);
	seal_secret_release(&keep);
}

static void
the_host_reads_it_without_a_key_but_cannot_add(void **state)
{
	static const uint8_t wrong[JOURNAL_SEED_BYTES] = { 6 };
	struct secret keep = key(1);
	struct journal *j = make("r.db", &keep);
	struct journal_entry e = { .kind = JOURNAL_CLOSED };

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	journal_close(j);
	assert_int_equal(journal_open(&j, tool_path("r.db"), NULL), ERR_NONE);
	assert_int_equal(journal_len(j), 1);
	assert_int_equal(journal_add(j, &e), ERR_DENIED);
	err_clear();
	assert_int_equal(journal_verify(j, wrong), ERR_DENIED);
	assert_non_null(strstr(err_text(), "entry 1"));
	assert_int_equal(journal_verify(j, seed), ERR_NONE);
	journal_close(j);
	seal_secret_release(&keep);
}

static void
an_entry_is_one_line(void **state)
{
	struct secret keep = key(1);
	struct journal *j = make("l.db", &keep);
	struct journal_entry e = { .kind = JOURNAL_ASKED,
		.what = STR("two\nlines") };

	(void)state;
	assert_int_equal(journal_add(j, &e), ERR_FORMAT);
	e.what = STR("one line");
	e.kind = JOURNAL_KINDS;
	assert_int_equal(journal_add(j, &e), ERR_FORMAT);
	e.kind = JOURNAL_ASKED;
	assert_int_equal(journal_add(j, &e), ERR_NONE);
	journal_close(j);
	seal_secret_release(&keep);
}

/* Whoever has today's key and the file rewrites an old entry, chain and
 * all: the verification key tells. */
static void
an_entry_rewritten_with_a_later_key_is_found(void **state)
{
	struct secret keep = key(1), seal = { 0 };
	struct journal *j = make("a.db", &keep), *k;
	uint8_t later[JOURNAL_SEED_BYTES];

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	journal_close(j);
	seal_secret_init(&seal, SEAL_KEY);
	assert_int_equal(seal_secret_add(&seal, seed, sizeof seed), ERR_NONE);
	seal_evolve(&seal);
	memcpy(later, seal.at, sizeof later);
	assert_int_equal(journal_create(&k, tool_path("b.db"), &keep, later,
			     STR("")),
	    ERR_NONE);
	add(k, JOURNAL_OPENED, "eve", 0, 0, 100);
	assert_int_equal(journal_verify(k, later), ERR_NONE);
	assert_int_equal(journal_verify(k, seed), ERR_DENIED);
	journal_close(k);
	seal_secret_release(&seal);
	seal_secret_release(&keep);
}

/* The first byte of every place that holds word. */
static int
replace(struct buf *b, struct str word, char first)
{
	int n = 0;

	for (size_t at = 0; (at = str_find(buf_view(b), word, at)) != SIZE_MAX;
	     n++)
		b->at[at++] = first;
	return n;
}

static void
a_damaged_journal_is_refused(void **state)
{
	struct secret keep = key(1);
	struct journal *j = make("d.db", &keep);
	struct buf b = { 0 };

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	add(j, JOURNAL_ASKED, "janet", 0, 0, 100);
	journal_close(j);
	tool_read(&b, "d.db");
	assert_true(replace(&b, STR("janet"), 'J') > 0);
	tool_write("d.db", buf_view(&b));
	err_clear();
	assert_int_equal(journal_open(&j, tool_path("d.db"), &keep),
	    ERR_FORMAT);
	assert_true(replace(&b, STR("Janet"), 'j') > 0);
	tool_write("d.db", buf_view(&b));
	err_clear();
	assert_int_equal(journal_open(&j, tool_path("d.db"), &keep), ERR_NONE);
	journal_close(j);
	buf_release(&b);
	seal_secret_release(&keep);
}

/* The key with which a journal is verified cannot be exchanged for one that
 * somebody else knows. */
static void
another_sealed_key_is_another_journal(void **state)
{
	struct secret keep = key(1);
	struct journal *j = make("k.db", &keep);
	struct buf b = { 0 };

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	journal_close(j);
	tool_read(&b, "k.db");
	assert_true(replace(&b, STR("sealed"), 'S') > 0);
	tool_write("k.db", buf_view(&b));
	err_clear();
	assert_int_equal(journal_open(&j, tool_path("k.db"), NULL), ERR_FORMAT);
	assert_true(replace(&b, STR("Sealed"), 's') > 0);
	tool_write("k.db", buf_view(&b));
	err_clear();
	assert_int_equal(journal_open(&j, tool_path("k.db"), NULL), ERR_NONE);
	journal_close(j);
	buf_release(&b);
	seal_secret_release(&keep);
}

/* C2 9B is what an UTF-8 terminal takes for ESC [. */
static void
what_an_entry_says_is_nothing_that_a_terminal_obeys(void **state)
{
	struct secret keep = key(1);
	struct journal *j = make("bytes.db", &keep);
	struct journal_entry e = { .kind = JOURNAL_OPENED,
		.who = STR("jane\xc2\x9b"),
		.what = STR("a-volume \xc2\x9b"
			    "2J"),
		.when = 1000 };
	const char *path[1] = { strdup(tool_path("bytes.db")) };
	struct lab_args args = { .rest = path, .n = 1 };
	char *out = strdup(tool_path("bytes.txt"));
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(journal_add(j, &e), ERR_NONE);
	journal_close(j);
	args.option['o'] = out;
	assert_int_equal(lab_journal_journal.run(&args), ERR_NONE);
	assert_int_equal(io_read(&b, out, 1 << 20), ERR_NONE);
	assert_true(
	    str_find(buf_view(&b), STR(" jane<C2><9B> a-volume <C2><9B>2J\n"),
		0) != SIZE_MAX);
	for (size_t i = 0; i < b.len; i++)
		assert_true(
		    b.at[i] == '\n' || (b.at[i] >= 0x20 && b.at[i] < 0x7f));
	free((void *)(uintptr_t)path[0]);
	free(out);
	buf_release(&b);
	seal_secret_release(&keep);
}

/* tests/policy/journal-1.db was written by the last program that made journals
 * of version 1: key(1), the seed above, three entries. */
static void
a_journal_of_version_1_is_read_and_goes_on(void **state)
{
	static const uint8_t wrong[JOURNAL_SEED_BYTES] = { 6 };
	struct secret keep = key(1), other = key(2);
	struct journal *j;
	struct arena a = { 0 };
	struct buf b = { 0 };
	uint64_t n = 0;

	(void)state;
	assert_int_equal(io_read(&b, "tests/policy/journal-1.db", 1 << 20),
	    ERR_NONE);
	tool_write("1.db", buf_view(&b));
	assert_int_equal(journal_open(&j, tool_path("1.db"), &other),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(journal_open(&j, tool_path("1.db"), &keep), ERR_NONE);
	assert_true(str_eq(journal_head(j, &a),
	    STR("3 tupar-dadap-bitok-tisah-sozot-kobit")));
	assert_true(str_eq(journal_sealed(j), STR("sealed")));
	assert_int_equal(journal_verify(j, wrong), ERR_DENIED);
	err_clear();
	assert_int_equal(journal_verify(j, seed), ERR_NONE);
	add(j, JOURNAL_OPENED, "jane", 0, 0, 2000);
	assert_int_equal(journal_each(j, count, &n), ERR_NONE);
	assert_int_equal(n, 4);
	assert_int_equal(journal_verify(j, seed), ERR_NONE);
	assert_int_equal(journal_compare(j,
			     STR("3 tupar-dadap-bitok-tisah-sozot-kobit")),
	    ERR_NONE);
	journal_close(j);
	buf_release(&b);
	arena_release(&a);
	seal_secret_release(&keep);
	seal_secret_release(&other);
}

/* What both sides have on paper: cut off, written anew, or as it was. */
static void
a_head_on_paper_is_compared(void **state)
{
	struct secret keep = key(1);
	struct journal *j = make("h.db", &keep), *other = make("o.db", &keep);
	struct arena a = { 0 };
	struct str one, two;

	(void)state;
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	add(other, JOURNAL_OPENED, "jane", 0, 0, 100);
	one = journal_head(j, &a);
	assert_int_equal(journal_compare(j, one), ERR_NONE);
	assert_int_equal(journal_compare(other, one), ERR_DENIED);
	assert_non_null(strstr(err_text(), "a fork"));
	err_clear();
	add(j, JOURNAL_ASKED, "jane", 0, 0, 200);
	two = journal_head(j, &a);
	assert_int_equal(journal_compare(j, one), ERR_NONE);
	assert_int_equal(journal_compare(j, two), ERR_NONE);
	assert_int_equal(journal_compare(other, two), ERR_DENIED);
	assert_non_null(strstr(err_text(), "cut off"));
	err_clear();
	assert_int_equal(journal_compare(j, STR("babab")), ERR_FORMAT);
	err_clear();
	assert_int_equal(journal_compare(j, STR("0 babab")), ERR_FORMAT);
	err_clear();
	journal_close(j);
	journal_close(other);
	arena_release(&a);
	seal_secret_release(&keep);
}

static void
closing_signs_the_head_before_it(void **state)
{
	static const uint8_t from[SIGN_SEED_BYTES] = { 3 };
	struct secret keep = key(1);
	struct journal *j = make("s.db", &keep);
	struct journal_entry e = { .kind = JOURNAL_CLOSED };
	struct sign_secret *s = NULL;
	struct sign_public p;
	struct arena a = { 0 };
	struct str head;
	uint64_t n;

	(void)state;
	assert_int_equal(sign_from_seed(&s, from), ERR_NONE);
	p = sign_public_of(s);
	journal_sign_with(j, s);
	add(j, JOURNAL_OPENED, "jane", 0, 0, 100);
	head = journal_head(j, &a);
	assert_int_equal(journal_add(j, &e), ERR_NONE);
	assert_int_equal(sign_verify(NULL, &p,
			     arena_printf(&a, "%.*s\n", STR_ARG(head)),
			     e.signature),
	    ERR_NONE);
	assert_int_equal(journal_signed(j, &p, &n), ERR_NONE);
	assert_int_equal(n, 1);
	p.key[0] ^= 1;
	assert_int_equal(journal_signed(j, &p, &n), ERR_DENIED);
	err_clear();
	journal_close(j);
	sign_close(s);
	seal_secret_release(&keep);
	arena_release(&a);
}

static void
the_ledger_counts_releases_by_person_and_day(void **state)
{
	enum { DAY = 86400 };
	const int64_t now = 1780000000;
	struct secret keep = key(1);
	struct journal *j = make("c.db", &keep);
	struct arena a = { 0 };
	struct ledger l;

	(void)state;
	add(j, JOURNAL_RELEASED, "jane", 1, 10, now - 2 * DAY);
	add(j, JOURNAL_REFUSED, "jane", 0, 1000, now);
	add(j, JOURNAL_RELEASED, "jane", 2, 20, now);
	add(j, JOURNAL_RELEASED, "bob", 3, 40, now);
	assert_int_equal(ledger_read(&l, &a, j, now), ERR_NONE);
	assert_int_equal(l.serial, 3);
	assert_int_equal(l.bytes, 70);
	assert_int_equal(l.quoted, 9);
	assert_int_equal(ledger_of(&l, STR("jane")).bytes, 30);
	assert_int_equal(ledger_of(&l, STR("jane")).bytes_today, 20);
	assert_int_equal(ledger_of(&l, STR("jane")).exports_today, 1);
	assert_int_equal(ledger_of(&l, STR("bob")).bytes, 40);
	assert_int_equal(ledger_of(&l, STR("eve")).bytes, 0);
	add(j, JOURNAL_RELEASED, "bob", 5, 1, now);
	assert_int_equal(ledger_read(&l, &a, j, now), ERR_FORMAT);
	journal_close(j);
	seal_secret_release(&keep);
	arena_release(&a);
}

static int
start(void **state)
{
	(void)state;
	tool_start();
	err_clear();
	return seal_start() == ERR_NONE ? 0 : 1;
}

static int
end(void **state)
{
	(void)state;
	tool_end();
	return 0;
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, start, end)
	const struct CMUnitTest tests[] = {
		T(entries_are_there_after_closing_and_opening),
		T(a_clock_that_went_back_and_a_day_without_end_are_named),
		T(the_host_reads_it_without_a_key_but_cannot_add),
		T(an_entry_is_one_line),
		T(an_entry_rewritten_with_a_later_key_is_found),
		T(a_damaged_journal_is_refused),
		T(another_sealed_key_is_another_journal),
		T(what_an_entry_says_is_nothing_that_a_terminal_obeys),
		T(a_journal_of_version_1_is_read_and_goes_on),
		T(a_head_on_paper_is_compared),
		T(closing_signs_the_head_before_it),
		T(the_ledger_counts_releases_by_person_and_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
