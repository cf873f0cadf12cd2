#include "notes/report.h"

#include <string.h>

#include "core/json.h"
#include "core/text.h"
#include "tests/notes/made.h"
#include "tests/t.h"

static const char nasty[] =
    "<script>alert(1)</script> & \"quotes\" '|' \xe2\x80\xae back\033[2J";
static struct case_file one_case;
static struct made alice;

static void
add(const struct entry *items, size_t n)
{
	struct case_person p = {
		.name = STR("alice"),
		.full = STR("Alice <Example>"),
		.key = sign_public_of(alice.author),
	};
	struct case_check k = {
		.identity = alice.identity,
		.people = &p,
		.n_people = 1,
	};
	struct buf text = { 0 }, sealed = { 0 };
	bool fresh;

	made_text(&alice, items, n, &text);
	made_export(&alice, buf_view(&text), alice.author, NULL, &sealed);
	assert_int_equal(case_add(&one_case, &fresh, STR("0001-alice.age"),
			     buf_view(&sealed), &k),
	    ERR_NONE);
	buf_release(&text);
	buf_release(&sealed);
}

static int
prepare(void **state)
{
	struct entry e[3] = {
		made_finding(12, "SEC-118 is not fixed"),
		made_finding(13, "title with # and *stars*"),
		{ .type = ENTRY_QUESTION,
		    .seq = 14,
		    .title = STR("Why?"),
		    .text = STR("Why is MD5 used?") },
	};
	struct str affected[2] = { STR("v4.0"), STR("v4.1") };

	(void)state;
	assert_int_equal(text_start(), ERR_NONE);
	made_open(&alice, "alice", 7);
	e[0].affected = (struct entry_list){ affected, 2 };
	e[1].claim = str_of("<script>alert(1)</script> & \"quotes\" '|'");
	e[1].text = STR("first paragraph\n\n1. not a list\n    not code\n"
			"a line that is much longer than eighty columns, so "
			"that plain text has to break it somewhere between "
			"words, which it must do");
	e[2].text = STR("- one\n+ two\n2) three\n===\nsee http://a.example or "
			"www.b.example, e@c.example, [x](y), a_b_c, `d`");
	e[1].cvss3 = STR("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
	e[1].red = STR("who may read this");
	e[1].severity = SEVERITY_CRITICAL;
	add(e, 3);
	case_sort(&one_case);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	case_release(&one_case);
	made_close(&alice);
	return 0;
}

static struct buf
written(const char *format)
{
	const struct report *r = report_find(str_of(format));
	struct buf out = { 0 };

	assert_non_null(r);
	r->write(&one_case, &out);
	return out;
}

static bool
holds(const struct buf *b, const char *text)
{
	return str_find(buf_view(b), str_of(text), 0) != SIZE_MAX;
}

static void
every_format_holds_every_finding(void **state)
{
	(void)state;
	for (size_t i = 0; report_at(i) != NULL; i++) {
		struct buf out = written(report_at(i)->name);

		/* Who is affected is told without a place in the source. */
		bool places = strchr(report_at(i)->suffix, '.') == NULL;

		assert_true(holds(&out, "SEC"));
		assert_int_equal(holds(&out, "47"), places);
		assert_true(holds(&out, "CVSS:3.1"));
		assert_true(text_is_utf8(buf_view(&out)));
		buf_release(&out);
	}
}

static void
formats_for_people_hold_questions_and_scores(void **state)
{
	static const char *const names[] = { "html", "markdown", "text" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf out = written(names[i]);

		assert_true(holds(&out, "Why"));
		assert_true(holds(&out, "9.8 critical"));
		buf_release(&out);
	}
}

/* On the first page, and the last day of all exports. */
static void
the_day_of_publication_stands_in_the_summary(void **state)
{
	static const char line[] = "Not to be published before";
	struct buf out = written("text");
	size_t at, more;

	(void)state;
	assert_false(holds(&out, line));
	buf_release(&out);
	one_case.bundles[0]->said.embargo = STR("2026-12-24");
	out = written("text");
	at = str_find(buf_view(&out), str_of(line), 0);
	more = str_find(buf_view(&out), STR("Severities"), 0);
	assert_true(at < more || more == SIZE_MAX);
	assert_true(holds(&out, "2026-12-24"));
	one_case.bundles[0]->said.embargo = STR("");
	buf_release(&out);
}

/* Pages that left as files: which, for what and where, and never what stands
 * there; the public is not told where. */
static void
pages_are_told_with_the_finding_that_they_are_for(void **state)
{
	struct case_pages_place place = { .release = STR("v4.1"),
		.path = STR("src/secret_place.c"),
		.first = 3,
		.last = 4 };
	struct case_pages g = { .file = STR("0002-alice.age"),
		.auditor = STR("alice"),
		.author = STR("Alice"),
		.numbers = STR("FT-000007 to FT-000008"),
		.finding = 13,
		.places = &place,
		.n = 1 },
			  *all[] = { &g };
	struct buf out;

	(void)state;
	one_case.pages = all;
	one_case.n_pages = 1;
	out = written("text");
	assert_true(holds(&out, "FT-000007 to FT-000008"));
	assert_true(holds(&out, "src/secret_place.c:3-4"));
	buf_release(&out);
	one_case.audience = AUDIENCE_PUBLIC;
	out = written("text");
	assert_true(holds(&out, "FT-000007 to FT-000008"));
	assert_false(holds(&out, "secret_place"));
	buf_release(&out);
	one_case.audience = AUDIENCE_ALL;
	one_case.pages = NULL;
	one_case.n_pages = 0;
}

static void
a_format_is_found_by_name_and_suffix(void **state)
{
	(void)state;
	assert_ptr_equal(report_find(STR("markdown")), report_find(STR("md")));
	assert_non_null(report_find(STR("html")));
	assert_null(report_find(STR("docx")));
	assert_null(report_find(STR("")));
}

static void
nothing_typed_becomes_html(void **state)
{
	struct buf out = written("html");

	(void)state;
	assert_false(holds(&out, "<script"));
	assert_true(holds(&out,
	    "&lt;script&gt;alert(1)&lt;/script&gt; &amp; "
	    "&quot;quotes&quot; &#39;|&#39;"));
	assert_true(holds(&out, "Alice &lt;Example&gt;"));
	buf_release(&out);
}

static void
html_fetches_nothing_and_runs_nothing(void **state)
{
	static const char *const never[] = { "=\"http", "=http", "src=", "url(",
		"@import", "onload", "javascript:" };
	struct buf out = written("html");

	(void)state;
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		assert_false(holds(&out, never[i]));
	assert_true(holds(&out, "default-src 'none'"));
	buf_release(&out);
}

/* Each href="#X" has its id="X". */
static void
links_inside_the_page_lead_somewhere(void **state)
{
	struct buf out = written("html"), want = { 0 };
	struct str page = buf_view(&out);
	size_t at = 0, links = 0;

	(void)state;
	while ((at = str_find(page, STR("href=\"#"), at)) != SIZE_MAX) {
		size_t end = str_find(page, STR("\""), at + 7);

		assert_true(end != SIZE_MAX);
		buf_clear(&want);
		buf_str(&want, STR(" id=\""));
		buf_str(&want, str_slice(page, at + 7, end - at - 6));
		assert_true(str_find(page, buf_view(&want), 0) != SIZE_MAX);
		at = end;
		links++;
	}
	assert_true(links >= 7);
	buf_release(&want);
	buf_release(&out);
}

static void
what_is_restricted_is_marked_as_such(void **state)
{
	struct buf html = written("html"), md = written("md");

	(void)state;
	assert_true(
	    holds(&html, "<p class=\"red\">Restricted: who may read this"));
	assert_true(holds(&md, "> Restricted: who may read this"));
	buf_release(&html);
	buf_release(&md);
}

static void
nothing_typed_becomes_markdown(void **state)
{
	struct buf out = written("md");

	(void)state;
	assert_true(holds(&out, "title with \\# and \\*stars\\*"));
	assert_true(holds(&out, "&lt;script&gt;"));
	assert_true(holds(&out, "1\\. not a list"));
	assert_true(holds(&out, "\n&nbsp;&nbsp;&nbsp;&nbsp;not code"));
	assert_false(holds(&out, "<script"));
	assert_true(holds(&out,
	    "\n\\- one\\\n\\+ two\\\n2\\) three\\\n\\===\\\n"
	    "see http\\://a.example or www\\.b.example, e\\@c.example, "
	    "\\[x\\](y), a\\_b\\_c, \\`d\\`"));
	buf_release(&out);
}

static void
text_keeps_to_eighty_columns(void **state)
{
	struct buf out = written("txt");
	struct str rest = buf_view(&out), line;

	(void)state;
	assert_true(holds(&out, "much longer than eighty"));
	while (str_cut(&rest, '\n', &line))
		assert_true(text_width(line, (struct text_style){ 0 }) <= 80);
	buf_release(&out);
}

static void
the_same_case_gives_the_same_report(void **state)
{
	struct buf a = written("html"), b = written("html");

	(void)state;
	assert_true(str_eq(buf_view(&a), buf_view(&b)));
	buf_release(&a);
	buf_release(&b);
}

/* What a finding may not even hold still comes out harmless. */
static void
control_and_direction_marks_are_made_visible(void **state)
{
	struct case_file c = { 0 };
	struct release release = { .name = STR("v4.1") };
	struct case_bundle b = { .said.auditor = STR("alice"),
		.said.releases = &release,
		.said.n_releases = 1 };
	struct case_bundle *bundles = &b;
	struct entry e = made_finding(1, "x");
	struct findings_more more = { .has_code = true };
	struct case_item it = { .from = &b,
		.now = &e,
		.more = &more,
		.id = STR("alice-1") };

	(void)state;
	e.text = str_of(nasty);
	e.at.path = STR("src/\x1b]0;x\x07.c");
	memcpy(release.commit.id, e.at.commit.id, OID_BYTES);
	c.items = &it;
	c.n_items = 1;
	c.bundles = &bundles;
	c.n_bundles = 1;
	for (size_t i = 0; report_at(i) != NULL; i++) {
		struct buf out = { 0 };

		report_at(i)->write(&c, &out);
		assert_false(holds(&out, "\033"));
		assert_false(holds(&out, "\xe2\x80\xae"));
		assert_true(holds(&out, "202E"));
		buf_release(&out);
	}
	case_release(&c);
}

/* Alice 1-60, Bob 41-100, and Bob's older export with everything: 100 lines
 * reviewed, 20 by two, none counted twice. */
static void
lines_that_several_read_count_once(void **state)
{
	static uint32_t ours[] = { 1, 60 }, his[] = { 41, 100 },
			old[] = { 1, 200 };
	const struct findings_lines lines[] = {
		{ STR("v4.1"), STR("src/a.c"), { { 0x41 } }, 200, { ours, 1 },
		    { ours, 1 } },
		{ STR("v4.1"), STR("src/a.c"), { { 0x41 } }, 200, { his, 1 },
		    { his, 1 } },
		{ STR("v4.1"), STR("src/a.c"), { { 0x41 } }, 200, { old, 1 },
		    { old, 1 } },
	};
	const struct findings_cover rows[] = {
		{ STR("v4.1"), STR("src"), 1, 200, 60, 60 },
		{ STR("v4.1"), STR("doc"), 1, 50, 9, 3 },
	};
	const char *const who[] = { "Alice Example", "Bob Example",
		"Bob Example" };
	struct case_bundle b[3] = { 0 };
	struct case_bundle *bundles[3];
	struct case_file c = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		b[i].author = str_of(who[i]);
		b[i].said.record = i == 0 ? STR("a") : STR("b");
		b[i].said.exported = 9 - i;
		b[i].said.method = (struct findings_method){ .lines = &lines[i],
			.n_lines = 1,
			.cover = rows,
			.n_cover = 2 };
		bundles[i] = &b[i];
	}
	c.bundles = bundles;
	for (c.n_bundles = 3; c.n_bundles > 0; c.n_bundles--) {
		struct buf out = { 0 };

		report_find(STR("md"))->write(&c, &out);
		if (c.n_bundles > 1) {
			assert_true(holds(&out,
			    "| v4.1 | src/a.c | 200 | 100 | 100 | 20 |"));
			assert_true(
			    holds(&out, "| v4.1 | 1 | 200 | 100 | 100 | 20 |"));
			assert_true(holds(&out, "| v4.1 | Bob Example | 60 |"));
			assert_true(holds(&out, "Of 250 lines, 109 were"));
		} else {
			assert_true(holds(&out,
			    "| v4.1 | src/a.c | 200 | 60 | 60 | 0 |"));
		}
		buf_release(&out);
	}
	/* For the public the names of files are not there, the sums are. */
	c.n_bundles = 2;
	c.audience = AUDIENCE_PUBLIC;
	for (size_t i = 0; i < 3; i++) {
		static const char *const pens[] = { "md", "html", "txt" };
		struct buf out = { 0 };

		report_find(str_of(pens[i]))->write(&c, &out);
		assert_false(holds(&out, "a.c"));
		assert_true(holds(&out, "By two people"));
		buf_release(&out);
	}
}

/* Where SARIF can hold what the vendor wrote: domain of a leak. */
static void
sarif_has_none_of_the_places_that_hold_source(void **state)
{
	static const char *const places[] = { "snippet", "contents",
		"insertedContent", "webRequest", "webResponse", "fixes",
		"attachments", "who may read this" };
	struct buf out = written("sarif");
	struct json *j = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		assert_false(holds(&out, places[i]));
	assert_true(holds(&out, "\"uri\": \"src/s1ap/ie.c\""));
	assert_true(holds(&out, "\"startLine\": 47"));
	assert_true(holds(&out, "\"security-severity\": \"9.8\""));
	assert_int_equal(json_parse(&j, buf_view(&out)), ERR_NONE);
	json_free(j);
	buf_release(&out);
}

static void
a_cell_is_no_formula_and_no_second_cell(void **state)
{
	struct case_file c = { 0 };
	struct case_bundle b = { .said.auditor = STR("alice") };
	struct entry e = made_finding(1, "=cmd|' /C calc'!A0");
	struct findings_more more = { .has_code = false };
	struct case_item it = { .from = &b,
		.now = &e,
		.more = &more,
		.id = STR("alice-1") };
	struct buf out = { 0 };

	(void)state;
	e.text = STR("one \"quoted\", two");
	e.red = STR("restricted");
	c.items = &it;
	c.n_items = 1;
	report_find(STR("csv"))->write(&c, &out);
	assert_true(holds(&out, ",\"'=cmd|' /C calc'!A0\","));
	assert_true(holds(&out, ",\"one \"\"quoted\"\", two\","));
	assert_false(holds(&out, "restricted"));
	buf_release(&out);
	case_release(&c);
}

static void
an_empty_case_is_a_report_too(void **state)
{
	struct case_file c = { 0 };

	(void)state;
	case_sort(&c);
	for (size_t i = 0; report_at(i) != NULL; i++) {
		struct buf out = { 0 };

		report_at(i)->write(&c, &out);
		assert_true(out.len > 0);
		buf_release(&out);
	}
	case_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_holds_every_finding),
		cmocka_unit_test(formats_for_people_hold_questions_and_scores),
		cmocka_unit_test(the_day_of_publication_stands_in_the_summary),
		cmocka_unit_test(
		    pages_are_told_with_the_finding_that_they_are_for),
		cmocka_unit_test(a_format_is_found_by_name_and_suffix),
		cmocka_unit_test(nothing_typed_becomes_html),
		cmocka_unit_test(html_fetches_nothing_and_runs_nothing),
		cmocka_unit_test(links_inside_the_page_lead_somewhere),
		cmocka_unit_test(what_is_restricted_is_marked_as_such),
		cmocka_unit_test(nothing_typed_becomes_markdown),
		cmocka_unit_test(text_keeps_to_eighty_columns),
		cmocka_unit_test(the_same_case_gives_the_same_report),
		cmocka_unit_test(control_and_direction_marks_are_made_visible),
		cmocka_unit_test(lines_that_several_read_count_once),
		cmocka_unit_test(sarif_has_none_of_the_places_that_hold_source),
		cmocka_unit_test(a_cell_is_no_formula_and_no_second_cell),
		cmocka_unit_test(an_empty_case_is_a_report_too),
	};

	return cmocka_run_group_tests(tests, prepare, clear);
}
