#include "policy/rules.h"

#include "core/io.h"
#include "tests/policy/conf.h"
#include "tests/t.h"

#include <string.h>
#include <time.h>

static struct arena arena;

static int
clear(void **state)
{
	(void)state;
	arena_release(&arena);
	err_clear();
	return 0;
}

static enum err
read_rules(struct rules *r, const char *text)
{
	err_clear();
	return rules_read(r, &arena, "session.conf", str_of(text));
}

static void
a_whole_agreement_is_read(void **state)
{
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r, CONF), ERR_NONE);
	assert_true(str_eq(r.session, STR("demo-1")));
	assert_int_equal(r.n_auditors, 2);
	assert_true(str_eq(r.auditors[0].full, STR("Jane Doe")));
	assert_int_equal(r.export.permit[CLASS_PROSE], PERMIT_ALLOW);
	assert_int_equal(r.export.permit[CLASS_PATH], PERMIT_APPROVAL);
	assert_int_equal(r.export.bytes_one, 10000);
	assert_int_equal(r.hours.first, 20260706);
	assert_int_equal(r.hours.to, 17 * 60 + 30);
	assert_int_equal(r.hours.days, 0x1f);
	assert_int_equal(r.n_recipients, 1);
	assert_true(rules_in_scope(&r, STR("src/a.c")));
	assert_true(rules_in_scope(&r, STR("README")));
	assert_false(rules_in_scope(&r, STR("secret/a.c")));
	assert_false(rules_in_scope(&r, STR("secret/deep/a.c")));
	assert_non_null(rules_auditor(&r, STR("bob")));
	assert_null(rules_auditor(&r, STR("eve")));
	assert_false(r.personal);
}

static void
what_is_missing_is_denied_or_nothing(void **state)
{
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r, CONF_HEAD CONF_PEOPLE CONF_REST),
	    ERR_NONE);
	for (enum class c = 0; c < CLASSES; c++)
		assert_int_equal(r.export.permit[c], PERMIT_DENY);
	assert_int_equal(r.export.bytes_one, 0);
	assert_int_equal(r.export.quote_total, 0);
	assert_int_equal(r.approvals_need, 0);
	assert_int_equal(r.n_recipients, 0);
	assert_int_equal(read_rules(&r, CONF), ERR_NONE);
	assert_int_equal(r.export.permit[CLASS_EXCERPT], PERMIT_DENY);
}

/* Each is CONF with one thing wrong; the error names line and cure. */
static const struct {
	const char *text, *error;
} wrong[] = {
	{ CONF "nonsense = 1\n", "unknown key nonsense; known here: format," },
	{ CONF "export { prose = \"allow\" }\n", "export stands on line" },
	{ CONF "title = \"again\"\n", ":24: title stands on line 3 already" },
	{ CONF "auditor \"jane\" { }\n", "auditor jane stands on line 4" },
	{ CONF "keep { day = 1 }\n", "unknown key day; known here: days" },
	{ CONF "keep { days = 99999 }\n", "keep.days is 0 to 36500" },
	{ CONF "keep { days = 99999999999999999999 }\n",
	    "session.conf:24: a number that is too large" },
	{ CONF "keep {\n days = \"7\" }\n", "conf:25: a number belongs here" },
	{ CONF "title = 7\n", ":24: " },
	{ CONF "purpose = 7\n", ":24: a \"text\" in quotes belongs here" },
	{ CONF "walls { require = \"x\" }\n", ":24: a list belongs here" },
	{ CONF "walls { require = { 1 } }\n", ":24: a \"text\" in quotes" },
	{ CONF "approval { every_export = \"true\" }\n",
	    ":24: true or false belongs here" },
	{ CONF "patches = { \"a/b.patch\" }\n", "names of files beside" },
	{ CONF "patches = { \".p\" }\n", "names of files beside" },
	{ CONF "patches = { \"a.p\", \"a.p\" }\n", "each name once" },
	{ CONF "checklists = { \"a/b\" }\n", "names of files beside" },
	{ CONF "checklists = { \"a\", \"a\" }\n", "each name once" },
	{ CONF "checklists = { \"a\", \"b\", \"c\", \"d\", \"e\", \"f\", "
	       "\"g\", \"h\", \"i\" }\n",
	    ":24: checklists is a list of at most 8" },
	{ CONF "seen { line_ms = 0 }\n",
	    ":24: seen.line_ms is 1 to 10000 milliseconds" },
	{ CONF "seen { line_ms = 10001 }\n",
	    ":24: seen.line_ms is 1 to 10000 milliseconds" },
	{ CONF "seen {\n least_ms = 99 }\n",
	    ":25: seen.least_ms is 100 to 60000 milliseconds" },
	{ CONF "seen { least_ms = 60001 }\n",
	    ":24: seen.least_ms is 100 to 60000 milliseconds" },
	{ CONF "seen { line = 1 }\n", "unknown key line; known here: line_ms" },
	{ CONF "seen \"x\" { line_ms = 1 }\n", "it is seen {" },
	{ CONF "purpose", "session.conf:24: expected = after purpose" },
	{ CONF "keep { days = 1.5 }\n", "session.conf:24:" },
	{ CONF "keep { days = -1 }\n", "session.conf:24: expected a key" },
	{ CONF "keep { days = 010 }\n", "does not begin with 0" },
	{ CONF "keep \"x\" { days = 1 }\n", "it is keep {" },
	{ CONF "release { status = \"custom\" }\n",
	    "it is release \"name\" {" },
	{ CONF "purpose = \"${HOME}\"\n", ":24: ${ is not expanded" },
	{ CONF "include(\"/etc/passwd\")\n",
	    "session.conf:24: expected a key" },
	{ CONF "purpose = \"a\\x41\"\n", "no backslash" },
	{ CONF "purpose = \"a\nb\"\n", "ends on the line it begins" },
	{ CONF "purpose = \"a", "without its closing quote" },
	{ CONF "purpose = 'a'\n", "session.conf:24: expected a key" },
	{ CONF "purpose = \"a\"\r\n", "end with LF" },
	{ CONF "keep { days = 7\n", "without its closing }" },
	{ CONF "/* hidden */\n", "session.conf:24: expected a key" },
	{ CONF_HEAD CONF_PEOPLE CONF_REST "export { prose = \"yes\" }\n",
	    ":13: export.prose is \"allow\", \"approval\" or \"deny\"" },
	{ CONF_HEAD CONF_PEOPLE CONF_REST "export { coverage = \"all\" }\n",
	    ":13: export.coverage is \"counts\" or \"lines\"" },
	{ CONF_HEAD CONF_PEOPLE CONF_REST "export {\n\n bytes_one = "
					  "99999999999 }\n",
	    ":15: export.bytes_one is 0 to 262144" },
	{ "session = \"x\"\n", "session.conf:1: format is 1" },
	{ CONF_HEAD CONF_REST, "auditor is missing" },
	{ CONF_HEAD CONF_PEOPLE, "release is missing" },
	{ CONF "recipient \"x\" { key = \"age1qqqq\" }\n",
	    ":24: recipient.key is an age recipient" },
	{ CONF "recipient \"X\" { key = \"" CONF_AGE "\" }\n",
	    "recipient.name is 1 to 64" },
	{ CONF "approver \"ann\" { }\n",
	    ":24: approver.key is a minisign public key" },
	{ CONF "approver \"ann\" { key = \"" CONF_KEY "\" }\n"
	       "approver \"ben\" {\nkey = \"" CONF_KEY "\" }\n",
	    ":26: approver.key is another person's already" },
	{ CONF "approver \"ann\" { key = \"" CONF_KEY "\" }\n"
	       "approval { need = 2 }\n",
	    ":25: approval.need is at most" },
	{ CONF "approver \"ann\" { key = \"" CONF_KEY "\" }\n"
	       "approval { need = 1 roles = { \"legal\" } }\n",
	    ":25: approval.roles is a list of roles" },
	{ CONF_HEAD CONF_PEOPLE "release \"v1\" { revision = \"v1\" "
				"status = \"final\" }\n",
	    ":6: release.status is \"production\"" },
	{ CONF_HEAD CONF_PEOPLE "release \"v1\" { revision = \"v1\" "
				"status = \"custom\" binary = \"12\" }\n",
	    "release.binary is a " },
	{ CONF "controlled \"crypto\" { }\n",
	    ":24: controlled.paths is a list of patterns" },
	{ CONF "controlled \"crypto\" { paths = { \"a/\" }\n auditors = { "
	       "\"eve\" } }\n",
	    ":25: controlled.auditors is a list of auditors" },
	{ CONF "excerpt { media = \"disk\" }\n",
	    ":24: excerpt.media is \"paper\" or \"file\"" },
	{ CONF "excerpt { file_percent = 101 }\n",
	    ":24: excerpt.file_percent is 0 to 100" },
	{ CONF "approval { valid_days = 400 }\n",
	    ":24: approval.valid_days is 0 to 365" },
	{ CONF_HEAD "auditor \"jane\" { share = 60 }\nauditor \"bob\" { "
		    "share = 41 }\n" CONF_REST,
	    ":5: auditor.share is 0 to 100 percent, all shares together" },
	{ CONF_HEAD CONF_PEOPLE CONF_REST
	    "export {\n bytes_person = 9000000 }\n",
	    ":14: export.bytes_person is 0 to 8126464" },
	{ CONF_HEAD CONF_PEOPLE "release \"a b\" { revision = \"v1\" "
				"status = \"custom\" }\n",
	    "release.name is 1 to 64" },
};

static void
what_is_wrong_is_named_with_line_and_allowed_values(void **state)
{
	struct rules r;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		enum err rc = read_rules(&r, wrong[i].text);

		if (rc != ERR_FORMAT ||
		    strstr(err_text(), wrong[i].error) == NULL)
			print_message("%zu: %s: %s\n", i, err_name(rc),
			    err_text());
		assert_int_equal(rc, ERR_FORMAT);
		assert_non_null(strstr(err_text(), wrong[i].error));
	}
}

static void
a_nul_byte_is_refused_not_the_end(void **state)
{
	static const char text[] = CONF "\0keep { days = 1 }\n";
	struct rules r;

	(void)state;
	assert_int_equal(rules_read(&r, &arena, "x",
			     (struct str){ text, sizeof text - 1 }),
	    ERR_FORMAT);
	assert_non_null(strstr(err_text(), "control character"));
}

static void
impossible_dates_and_times_are_refused(void **state)
{
	static const char *const bad[] = {
		"first = \"2026-13-01\" last = \"2026-07-10\" from = \"09:00\" "
		"to = \"10:00\" days = { \"mon\" }",
		"first = \"2026-7-1\" last = \"2026-07-10\" from = \"09:00\" "
		"to = \"10:00\" days = { \"mon\" }",
		"first = \"2026-07-11\" last = \"2026-07-10\" from = \"09:00\" "
		"to = \"10:00\" days = { \"mon\" }",
		"first = \"2026-07-10\" last = \"2026-07-10\" from = \"10:00\" "
		"to = \"10:00\" days = { \"mon\" }",
		"first = \"2026-07-10\" last = \"2026-07-10\" from = \"10:00\" "
		"to = \"24:01\" days = { \"mon\" }",
		"first = \"2026-07-10\" last = \"2026-07-10\" from = \"10:00\" "
		"to = \"24:00\" days = { \"Mon\" }",
		"first = \"2026-07-10\" last = \"2026-07-10\" from = \"10:00\" "
		"to = \"24:00\"",
		"",
	};
	static const char fine[] =
	    "first = \"2024-02-29\" last = "
	    "\"2024-02-29\" from = \"10:00\" to = \"24:00\" days = { \"sun\" }";
	struct rules r;

	(void)state;
	for (size_t i = 0; i <= sizeof bad / sizeof *bad; i++) {
		bool last = i == sizeof bad / sizeof *bad;
		struct str text = arena_printf(&arena,
		    CONF_HEAD CONF_PEOPLE
		    "release \"v1\" { revision = \"v1\" status = \"custom\" }\n"
		    "scope { include = { \"*\" } }\nhours { %s }\n",
		    last ? fine : bad[i]);

		assert_int_equal(read_rules(&r, text.at),
		    last ? ERR_NONE : ERR_FORMAT);
	}
}

static int64_t
moment(int day, int hour, int minute)
{
	struct tm tm = { .tm_year = 126,
		.tm_mon = 6,
		.tm_mday = day,
		.tm_hour = hour,
		.tm_min = minute,
		.tm_isdst = -1 };

	return mktime(&tm);
}

static void
the_room_is_open_within_the_hours_only(void **state)
{
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r, CONF), ERR_NONE);
	assert_int_equal(rules_open_at(&r, moment(6, 9, 0)), ERR_NONE);
	assert_int_equal(rules_open_at(&r, moment(10, 17, 29)), ERR_NONE);
	assert_int_equal(rules_open_at(&r, moment(6, 8, 59)), ERR_DENIED);
	assert_int_equal(rules_open_at(&r, moment(10, 17, 30)), ERR_DENIED);
	assert_int_equal(rules_open_at(&r, moment(11, 12, 0)), ERR_DENIED);
	assert_int_equal(rules_open_at(&r, moment(5, 12, 0)), ERR_DENIED);
	rules_personal(&r);
	assert_int_equal(rules_open_at(&r, moment(5, 12, 0)), ERR_NONE);
}

static uint64_t
share(const char *people, const char *who)
{
	struct rules r;

	assert_int_equal(
	    read_rules(&r,
		arena_printf(&arena, CONF_HEAD "%s" CONF_REST, people).at),
	    ERR_NONE);
	return rules_share(&r, str_of(who), 1001);
}

/* Nobody sees another's journal: together they cannot pass the total. */
static void
a_total_of_the_session_is_divided_beforehand(void **state)
{
	static const char *const people =
	    "auditor \"jane\" { share = 50 }\n"
	    "auditor \"bob\" { }\nauditor \"eva\" { }\n";
	struct rules r;

	(void)state;
	assert_int_equal(share("auditor \"jane\" { }\n", "jane"), 1001);
	assert_int_equal(share(CONF_PEOPLE, "jane"), 500);
	assert_int_equal(share(CONF_PEOPLE, "bob"), 500);
	assert_int_equal(share(CONF_PEOPLE, "eve"), 0);
	assert_int_equal(share(people, "jane"), 500);
	assert_int_equal(share(people, "bob"), 250);
	assert_int_equal(share(people, "eva"), 250);
	assert_int_equal(share("auditor \"jane\" { share = 0 }\n", "jane"), 0);
	rules_personal(&r);
	assert_int_equal(rules_share(&r, STR("anybody"), 1001), 1001);
}

static void
controlled_paths_are_for_those_who_are_named(void **state)
{
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r,
			     CONF "controlled \"crypto\" { paths = { "
				  "\"lib/aes/\", \"*.key\" } auditors = { "
				  "\"bob\" } }\n"),
	    ERR_NONE);
	assert_null(rules_bars(&r, STR("bob"), STR("lib/aes/x.c")));
	assert_null(rules_bars(&r, STR("jane"), STR("lib/des.c")));
	assert_true(
	    str_eq(rules_bars(&r, STR("jane"), STR("lib/aes/x.c"))->name,
		STR("crypto")));
	assert_non_null(rules_bars(&r, STR("jane"), STR("a/b.key")));
}

static void
each_person_is_told_what_they_may_do(void **state)
{
	struct buf b = { 0 };
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r,
			     CONF "approver \"ann\" { role = \"legal\" key = "
				  "\"" CONF_KEY "\" }\n"
				  "approval { need = 1 roles = { \"legal\" } "
				  "valid_days = 3 answer_days = 5 }\n"
				  "controlled \"crypto\" { paths = { "
				  "\"lib/\" } }\n"),
	    ERR_NONE);
	assert_int_equal(rules_explain_person(&r, STR("jane"), &b), ERR_NONE);
	assert_non_null(strstr(b.at, "when others approve: path"));
	assert_non_null(strstr(b.at, "never let out: listing, excerpt"));
	assert_null(strstr(b.at, "pages of source"));
	assert_non_null(strstr(b.at, "at most 20000 bytes, 40 tokens"));
	assert_non_null(strstr(b.at, "nothing about crypto"));
	buf_clear(&b);
	assert_int_equal(rules_explain_person(&r, STR("ann"), &b), ERR_NONE);
	assert_non_null(strstr(b.at, "as one of 1 that are needed"));
	assert_non_null(strstr(b.at, "without somebody of role legal"));
	buf_clear(&b);
	assert_int_equal(rules_explain_person(&r, STR("evaluator"), &b),
	    ERR_NONE);
	assert_non_null(strstr(b.at, "opens what leaves"));
	assert_int_equal(rules_explain_person(&r, STR("eve"), &b), ERR_ABSENT);
	buf_clear(&b);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "An approval holds for 3 days."));
	assert_non_null(strstr(b.at, "due within 5 days"));
	assert_non_null(strstr(b.at, "jane at most 20000 bytes and 40 tokens"));
	buf_clear(&b);
	r.export.permit[CLASS_EXCERPT] = PERMIT_ALLOW;
	r.excerpt.pages_person = 12;
	assert_int_equal(rules_explain_person(&r, STR("jane"), &b), ERR_NONE);
	assert_non_null(strstr(b.at, "at most 12 pages of source"));
	buf_release(&b);
}

/* What nobody agreed on is counts; which lines takes a word. */
static void
coverage_is_told_as_counts_unless_lines_were_agreed_on(void **state)
{
	static const char lines[] = CONF_HEAD CONF_PEOPLE CONF_REST
	    "export { coverage = \"lines\" metric = \"allow\" path = "
	    "\"approval\" }\n" CONF_RECIPIENT;
	struct buf b = { 0 };
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r, CONF), ERR_NONE);
	assert_int_equal(r.export.coverage, COVERAGE_COUNTS);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "told by folder, as counts of lines."));
	assert_null(strstr(b.at, "line by line"));
	buf_clear(&b);
	assert_int_equal(read_rules(&r, lines), ERR_NONE);
	assert_int_equal(r.export.coverage, COVERAGE_LINES);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "told line by line"));
	assert_null(strstr(b.at, "counts of lines"));
	buf_clear(&b);
	assert_int_equal(read_rules(&r, CONF_HEAD CONF_PEOPLE CONF_REST),
	    ERR_NONE);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "reviewed is not told"));
	buf_release(&b);
}

/* What is not said is what a repository without rules has. */
static void
how_long_a_line_is_read_is_negotiated(void **state)
{
	struct buf b = { 0 };
	struct rules r, personal;

	(void)state;
	rules_personal(&personal);
	assert_int_equal(read_rules(&r, CONF), ERR_NONE);
	assert_int_equal(r.seen.line_ms, 100);
	assert_int_equal(r.seen.least_ms, 2000);
	assert_memory_equal(&r.seen, &personal.seen, sizeof r.seen);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at,
	    "A line counts as seen when it was on the screen for 0.1 s for "
	    "each line in view with it, and at least for 2 s."));
	buf_clear(&b);
	assert_int_equal(read_rules(&r,
			     CONF "seen { line_ms = 1500 least_ms = 30000 }\n"
				  "checklists = { \"acme.list\", \"b\" }\n"),
	    ERR_NONE);
	assert_int_equal(r.seen.line_ms, 1500);
	assert_int_equal(r.n_checklists, 2);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "for 1.5 s for each"));
	assert_non_null(strstr(b.at, "at least for 30 s."));
	assert_non_null(strstr(b.at, "Checklists of its own: acme.list, b.\n"));
	assert_int_equal(read_rules(&r, CONF "seen { least_ms = 100 }\n"),
	    ERR_NONE);
	assert_int_equal(r.seen.line_ms, 100);
	assert_int_equal(r.seen.least_ms, 100);
	buf_release(&b);
}

static void
the_explanation_says_what_refuses(void **state)
{
	struct buf b = { 0 };
	struct rules r;

	(void)state;
	assert_int_equal(read_rules(&r, CONF_HEAD CONF_PEOPLE CONF_REST),
	    ERR_NONE);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "bytes_one     not set: nothing leaves"));
	assert_non_null(strstr(b.at, "There is no recipient: nothing leaves"));
	assert_non_null(strstr(b.at,
	    "May never leave: prose, metric, path, "
	    "symbol, listing, excerpt."));
	assert_null(strstr(b.at, "May leave:"));
	buf_clear(&b);
	assert_int_equal(read_rules(&r, CONF), ERR_NONE);
	rules_explain(&r, &b);
	assert_non_null(strstr(b.at, "May leave: prose, metric, symbol."));
	assert_non_null(strstr(b.at, "May leave with approvals: path."));
	assert_non_null(strstr(b.at,
	    "2026-07-06 to 2026-07-10, 09:00 to "
	    "17:30, Mon Tue Wed Thu Fri."));
	buf_release(&b);
}

/* What people copy must work. */
static void
the_example_of_the_manual_is_right(void **state)
{
	struct buf page = { 0 };
	struct rules r;
	size_t from, to;

	(void)state;
	assert_int_equal(io_read(&page, "man/vitrine-session.5", 1 << 20),
	    ERR_NONE);
	from = str_find(buf_view(&page), STR("format = 1\n"), 0);
	to = str_find(buf_view(&page), STR(".Ed\n"), from);
	assert_true(from != SIZE_MAX && to != SIZE_MAX);
	err_clear();
	assert_int_equal(rules_read(&r, &arena, "example",
			     str_slice(buf_view(&page), from, to - from)),
	    ERR_NONE);
	assert_int_equal(r.approvals_need, 1);
	assert_true(r.export.encoded_run > 0);
	buf_release(&page);
}

static void
every_truncation_is_refused_or_means_less(void **state)
{
	struct str whole = STR(CONF);
	struct rules r;

	(void)state;
	for (size_t n = 0; n + 1 < whole.len; n++) {
		err_clear();
		if (rules_read(&r, &arena, "x", str_slice(whole, 0, n)) ==
		    ERR_NONE)
			assert_true(r.n_recipients == 0);
		arena_clear(&arena);
	}
}

static void
lines_of_welcome_are_joined_and_bounded(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct rules r;

	(void)state;
	buf_str(&b, STR(CONF "welcome = { \"one\", \"two\" }\n"));
	assert_int_equal(rules_read(&r, &a, "session.conf", buf_view(&b)),
	    ERR_NONE);
	assert_true(str_eq(r.welcome, STR("one\ntwo")));
	buf_clear(&b);
	buf_str(&b, STR(CONF "welcome = { \""));
	for (int i = 0; i < 4097; i++)
		buf_char(&b, 'x');
	buf_str(&b, STR("\" }\n"));
	err_clear();
	assert_int_equal(rules_read(&r, &a, "session.conf", buf_view(&b)),
	    ERR_FORMAT);
	assert_non_null(strstr(err_text(), "welcome"));
	buf_release(&b);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_whole_agreement_is_read, clear),
		cmocka_unit_test_teardown(what_is_missing_is_denied_or_nothing,
		    clear),
		cmocka_unit_test_teardown(
		    what_is_wrong_is_named_with_line_and_allowed_values, clear),
		cmocka_unit_test_teardown(a_nul_byte_is_refused_not_the_end,
		    clear),
		cmocka_unit_test_teardown(
		    impossible_dates_and_times_are_refused, clear),
		cmocka_unit_test_teardown(
		    the_room_is_open_within_the_hours_only, clear),
		cmocka_unit_test_teardown(
		    a_total_of_the_session_is_divided_beforehand, clear),
		cmocka_unit_test_teardown(
		    controlled_paths_are_for_those_who_are_named, clear),
		cmocka_unit_test_teardown(each_person_is_told_what_they_may_do,
		    clear),
		cmocka_unit_test_teardown(how_long_a_line_is_read_is_negotiated,
		    clear),
		cmocka_unit_test_teardown(the_explanation_says_what_refuses,
		    clear),
		cmocka_unit_test_teardown(
		    coverage_is_told_as_counts_unless_lines_were_agreed_on,
		    clear),
		cmocka_unit_test_teardown(the_example_of_the_manual_is_right,
		    clear),
		cmocka_unit_test_teardown(
		    every_truncation_is_refused_or_means_less, clear),
		cmocka_unit_test(lines_of_welcome_are_joined_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
