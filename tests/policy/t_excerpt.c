/* Pages that leave as a file: what is sealed, and who can read what in it. */
#include "policy/excerpt.h"

#include <string.h>

#include "policy/press_page.h"
#include "policy/sheet.h"
#include "tests/t.h"
#include "tests/tool.h"

static struct fixture {
	struct arena a;
	struct rules rules;
	struct rules_person person, approver;
	struct rules_recipient to;
	struct seal_age_identity *identity;
	struct sign_secret *author, *ann;
	struct pages_place place;
	struct approval approvals[2];
	struct excerpt x;
	struct buf tar, text;
} f;

static void
set_rules(void)
{
	assert_int_equal(sign_make(&f.author), ERR_NONE);
	assert_int_equal(sign_make(&f.ann), ERR_NONE);
	assert_int_equal(seal_age_identity_make(&f.identity), ERR_NONE);
	f.person = (struct rules_person){ .name = STR("alice") };
	f.approver = (struct rules_person){ .name = STR("ann"),
		.has_key = true,
		.key = sign_public_of(f.ann) };
	f.to.key = seal_age_recipient_of(f.identity);
	f.rules = (struct rules){ .session = STR("demo"),
		.auditors = &f.person,
		.n_auditors = 1,
		.approvers = &f.approver,
		.n_approvers = 1,
		.approvals_need = 1,
		.recipients = &f.to,
		.n_recipients = 1,
		.excerpt = { .pages_one = 10,
		    .legend = STR("CONFIDENTIAL"),
		    .prefix = STR("VEN-") } };
	f.rules.export.permit[CLASS_EXCERPT] = PERMIT_APPROVAL;
}

/* One place of 70 lines: two pages. */
static void
make_pages(void)
{
	struct press_stamp stamp =
	    press_page_stamp(&f.a, &f.rules, STR("alice"), 12, 1795316400);
	struct buf lines = { 0 }, rows = { 0 };

	for (int i = 11; i <= 80; i++)
		buf_printf(&lines, "\tline %d of it;\n", i);
	f.place = (struct pages_place){ .at = { .release = STR("v1.0"),
					    .path = STR("src/a.c"),
					    .first = 11,
					    .last = 80 },
		.cost = { .of = 99, .lines = hash_of(buf_view(&lines)) } };
	press_page_rows(&rows, buf_view(&lines), 11, 10);
	f.place.cost.rows = hash_of(buf_view(&rows));
	buf_clear(&f.text);
	assert_int_equal(press_page_put(&f.text, &f.place.cost.pages, &stamp,
			     &f.place.at, &f.place.cost, buf_view(&rows), 41,
			     10),
	    ERR_NONE);
	buf_release(&lines);
	buf_release(&rows);
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

/* Request, signatures and tar, of whatever stands in f. */
static void
pack(void)
{
	struct excerpt *x = &f.x;
	struct buf json = { 0 };
	struct parcel p;

	*x = (struct excerpt){ .number = 41,
		.when = 1795316400,
		.text = buf_view(&f.text),
		.approvals = f.approvals,
		.n_approvals = 1,
		.pages = { .session = STR("demo"),
		    .author = STR("alice"),
		    .purpose = STR("what for"),
		    .finding = 12,
		    .places = &f.place,
		    .n = 1 } };
	pages_sum(&x->pages);
	pages_write(&x->pages, &json);
	x->request = arena_copy(&f.a, buf_view(&json));
	x->signature = signed_by(f.author, x->request, STR("pages"));
	p = (struct parcel){ .author = STR("alice"), .bytes = x->request };
	f.approvals[0].signature = signed_by(f.ann, x->request,
	    approval_line(&f.a, &f.rules, &p, APPROVAL_AGREES, 1795316000,
		STR("")));
	buf_clear(&f.tar);
	assert_int_equal(excerpt_pack(&f.tar, &f.rules, x), ERR_NONE);
	buf_release(&json);
}

static int
set_up(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	err_clear();
	set_rules();
	make_pages();
	pack();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sign_close(f.author);
	sign_close(f.ann);
	seal_age_identity_close(f.identity);
	buf_release(&f.tar);
	buf_release(&f.text);
	arena_release(&f.a);
	return 0;
}

static enum err
read_back(struct excerpt *out)
{
	return excerpt_read(out, &f.a, &f.rules, buf_view(&f.tar));
}

static void
what_was_packed_comes_back_whole(void **state)
{
	struct sign_public author;
	struct excerpt x;

	(void)state;
	assert_true(excerpt_is(buf_view(&f.tar)));
	assert_false(excerpt_is(STR("findings.json")));
	assert_int_equal(read_back(&x), ERR_NONE);
	assert_int_equal(x.number, 41);
	assert_int_equal(x.when, f.x.when);
	assert_int_equal(x.pages.finding, 12);
	assert_int_equal(x.pages.pages, 2);
	assert_true(str_eq(x.text, buf_view(&f.text)));
	author = sign_public_of(f.author);
	assert_int_equal(sign_verify(NULL, &author, x.request, x.signature),
	    ERR_NONE);
}

/* Whatever byte of it is another one. */
static void
every_changed_byte_and_every_length_is_refused(void **state)
{
	struct excerpt x;
	size_t len = f.tar.len;

	(void)state;
	for (size_t i = 0; i < len; i++) {
		f.tar.at[i] ^= 1;
		assert_int_not_equal(read_back(&x), ERR_NONE);
		f.tar.at[i] ^= 1;
	}
	for (f.tar.len = 0; f.tar.len < len; f.tar.len += 7)
		assert_int_not_equal(read_back(&x), ERR_NONE);
	f.tar.len = len;
	assert_int_equal(read_back(&x), ERR_NONE);
}

/* Well packed by somebody who has the house's program, and yet not what was
 * agreed to. */
static void
pages_that_were_not_agreed_to_are_refused(void **state)
{
	struct excerpt x;
	size_t at;

	(void)state;
	at = str_find(buf_view(&f.text), STR("line 42"), 0);
	assert_int_not_equal(at, SIZE_MAX);
	f.text.at[at + 5] = '7';
	pack();
	assert_int_equal(read_back(&x), ERR_DENIED);
	f.text.at[at + 5] = '4';
	/* Words in the head of a page, where nobody would look. */
	at = str_find(buf_view(&f.text), STR("alice"), 0);
	f.text.at[at] = 'b';
	pack();
	assert_int_equal(read_back(&x), ERR_DENIED);
	f.text.at[at] = 'a';
	buf_str(&f.text, STR("more\f"));
	pack();
	assert_int_equal(read_back(&x), ERR_DENIED);
	f.text.len -= 5;
	f.rules.excerpt.paper = true;
	pack();
	assert_int_equal(read_back(&x), ERR_DENIED);
	f.rules.excerpt.paper = false;
	f.rules.approvals_need = 2;
	pack();
	assert_int_equal(read_back(&x), ERR_DENIED);
	f.rules.approvals_need = 1;
	pack();
	assert_int_equal(read_back(&x), ERR_NONE);
}

/* The same seed, tar and recipients, and nothing else, make the file. */
static void
the_sealed_file_is_made_again_by_who_has_the_session(void **state)
{
	struct buf one = { 0 }, again = { 0 }, other = { 0 }, seed = { 0 };
	struct hash of;

	(void)state;
	assert_int_equal(excerpt_seal(&one, &f.rules, buf_view(&f.tar),
			     STR("prints")),
	    ERR_NONE);
	assert_int_equal(excerpt_seal(&other, &f.rules, buf_view(&f.tar),
			     STR("Prints")),
	    ERR_NONE);
	assert_false(str_eq(buf_view(&one), buf_view(&other)));
	/* As man vitrine-hacking says it is derived. */
	buf_str(&seed, STR("vitrine/pages/1prints"));
	of = hash_of(buf_view(&seed));
	assert_int_equal(seal_age_seal(&again, buf_view(&f.tar), &f.to.key, 1,
			     of.at),
	    ERR_NONE);
	assert_true(str_eq(buf_view(&one), buf_view(&again)));
	f.rules.n_recipients = 0;
	assert_int_not_equal(excerpt_seal(&other, &f.rules, buf_view(&f.tar),
				 STR("prints")),
	    ERR_NONE);
	buf_release(&one);
	buf_release(&again);
	buf_release(&other);
	buf_release(&seed);
}

static void
the_standard_tools_open_it_and_sum_up_its_manifest(void **state)
{
	struct buf sealed = { 0 }, key = { 0 };

	(void)state;
	tool_start();
	if (!tool_has("age")) {
		tool_end();
		skip();
	}
	assert_int_equal(excerpt_seal(&sealed, &f.rules, buf_view(&f.tar),
			     STR("prints")),
	    ERR_NONE);
	seal_age_identity_write(f.identity, &key);
	tool_write("x.age", buf_view(&sealed));
	tool_write("key", buf_view(&key));
	assert_int_equal(tool_run("age -d -i key x.age | tar x && "
				  "sed -n 's/^file \\([0-9a-f]*\\) [0-9]* /"
				  "\\1  /p' manifest | sha256sum -c --quiet && "
				  "test $(sed -n '/^file/p' manifest | wc -l) "
				  "= 4 && grep -q '^pages 2 VEN-000041 to "
				  "VEN-000042$' manifest && grep -q 'line 80 "
				  "of it' pages.txt"),
	    0);
	tool_end();
	buf_release(&sealed);
	buf_release(&key);
}

/* For a guard: 72 columns, whatever the auditor and the rules are called. */
static void
a_sheet_stays_within_its_columns(void **state)
{
	struct parcel parcel = { .author = STR("alice"), .bytes = f.x.request };
	struct gate gate = { .n_rows = 0 };
	struct egress_order o = { .rules = &f.rules,
		.parcel = &parcel,
		.gate = &gate,
		.pages = &f.x.pages,
		.now = 1795316400 };
	struct egress_receipt r = { .serial = 1, .file = STR("0001-a.age") };
	struct hash hash = { { 0 } };
	struct buf numbers = { 0 }, out = { 0 };
	struct str rest, line;
	bool to = false;

	(void)state;
	press_page_numbers(&numbers,
	    STR("CONFIDENTIAL-ID-a-name-that-is-as-long-as-names-get-"), 41, 2);
	o.numbers = buf_view(&numbers);
	sheet_exit(&out, &o, &r);
	sheet_pages(&out, &o, &f.x.pages, o.numbers, &hash);
	rest = buf_view(&out);
	while (str_cut(&rest, '\n', &line)) {
		assert_true(line.len <= 72);
		to = to || str_starts(line, STR("           to CONFIDENTIAL"));
	}
	assert_true(to);
	buf_release(&numbers);
	buf_release(&out);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_was_packed_comes_back_whole),
		T(every_changed_byte_and_every_length_is_refused),
		T(pages_that_were_not_agreed_to_are_refused),
		T(the_sealed_file_is_made_again_by_who_has_the_session),
		T(the_standard_tools_open_it_and_sum_up_its_manifest),
		T(a_sheet_stays_within_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
