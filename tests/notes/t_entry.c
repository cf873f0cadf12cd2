#include "notes/entry.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "notes/findings.h"
#include "tests/t.h"

static struct arena a;
static struct buf b;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&a);
	buf_release(&b);
	return 0;
}

static struct anchor
place(void)
{
	struct anchor an = { .path = STR("src/a\xff b.c"),
		.first = 3,
		.last = 9 };

	memset(an.commit.id, 0x11, OID_BYTES);
	memset(an.blob.id, 0x22, OID_BYTES);
	memset(an.region.at, 0x33, HASH_BYTES);
	return an;
}

static struct str words[] = { { "v1.0", 4 }, { "v1.1", 4 } };
static uint32_t lines[] = { 1, 4, 9, 9 };

static void
sample_more(struct entry *to)
{
	struct entry e = *to;

	switch (e.type) {
	case ENTRY_ASSUMPTION:
	case ENTRY_NEGATIVE:
		e.list = 12;
		e.by = STR("bert");
		e.origin = STR("00ff 7");
		break;
	case ENTRY_LIST:
		e.title = STR("strcpy");
		e.text = STR("COMPLETE");
		e.from = 3;
		e.count = 2;
		break;
	case ENTRY_HITS:
		e.of = 5;
		e.text = STR("F x\n1 2 3\n");
		break;
	case ENTRY_VERDICT:
		e.of = 5;
		e.verdict = VERDICT_NA;
		e.spans = (struct spans){ lines, 2 };
		e.text = STR("why");
		break;
	case ENTRY_HEADS:
		e.text = STR("7 babab");
		break;
	case ENTRY_PEER:
		e.title = STR("enodeb");
		e.by = STR("bert");
		e.origin = STR("00ff");
		break;
	case ENTRY_MARK:
		e.anchored = true;
		e.at = place();
		e.title = STR("a");
		e.view = STR("file");
		break;
	default:
		break;
	}
	*to = e;
}

/* Every field of the format is used by one of these. */
static struct entry
sample(enum entry_type type)
{
	struct entry e = { .type = type };

	if (entry_is_item(type)) {
		e.anchored = true;
		e.at = place();
		e.title = STR("Title");
		e.text = STR("one\ntwo \xe6\x97\xa5");
		e.of = 7;
	}
	switch (type) {
	case ENTRY_OPEN:
		e.title = STR("enodeb");
		e.by = STR("anna");
		break;
	case ENTRY_FINDING:
		e.severity = SEVERITY_HIGH;
		e.confidence = CONFIDENCE_CERTAIN;
		e.status = STATUS_DISPUTED;
		e.class = STR("stack overflow");
		e.cwe = STR("CWE-121");
		e.cvss3 = STR("CVSS:3.1/AV:N");
		e.cvss4 = STR("CVSS:4.0/AV:N");
		e.claim = STR("claim");
		e.evidence = STR("evidence");
		e.remediation = STR("remedy");
		e.red = STR("secret");
		e.affected = (struct entry_list){ words, 2 };
		e.recipients = (struct entry_list){ words, 1 };
		e.requirements = (struct entry_list){ words + 1, 1 };
		break;
	case ENTRY_QUESTION:
		e.answer = STR("yes");
		e.due = 12345;
		break;
	case ENTRY_CERTIFICATE:
		e.text = STR("COMPLETE");
		break;
	case ENTRY_SEEN:
		e.anchored = true;
		e.at = place();
		e.spans = (struct spans){ lines, 2 };
		break;
	case ENTRY_REVIEWED:
		e.anchored = true;
		e.at = place();
		e.is = true;
		break;
	case ENTRY_EXPORT:
		e.serial = 3;
		e.file = STR("0003-anna.age");
		e.text = STR("{}");
		memset(e.hash.at, 5, HASH_BYTES);
		e.items = (struct entry_list){ words, 2 };
		break;
	case ENTRY_REMOVE:
		e.of = 9;
		break;
	case ENTRY_UNDO:
	case ENTRY_REDO:
		e.target = 4;
		break;
	default:
		sample_more(&e);
		break;
	}
	return e;
}

static const enum entry_type types[] = {
	ENTRY_OPEN,
	ENTRY_CLOSE,
	ENTRY_SLOT,
	ENTRY_NOTE,
	ENTRY_FINDING,
	ENTRY_QUESTION,
	ENTRY_CERTIFICATE,
	ENTRY_SEEN,
	ENTRY_REVIEWED,
	ENTRY_EXPORT,
	ENTRY_REMOVE,
	ENTRY_UNDO,
	ENTRY_REDO,
	ENTRY_ASSUMPTION,
	ENTRY_NEGATIVE,
	ENTRY_CITATION,
	ENTRY_LIST,
	ENTRY_HITS,
	ENTRY_VERDICT,
	ENTRY_HEADS,
	ENTRY_PEER,
	ENTRY_MARK,
};
enum { TYPES = sizeof types / sizeof *types };

/* The format, word for word: a change of it fails here. */
static const char *const bodies[TYPES] = {
	"{\"by\":\"anna\",\"title\":\"enodeb\",\"v\":1}",
	"{\"v\":1}",
	"{\"v\":1}",
	"{\"at\":{\"blob\":\"2222222222222222222222222222222222222222\","
	"\"commit\":\"1111111111111111111111111111111111111111\","
	"\"first\":3,\"last\":9,\"path\":\"src/a%FF b.c\",\"region\":"
	"\"3333333333333333333333333333333333333333333333333333333333333333\"}"
	",\"of\":7,\"text\":\"one\\ntwo \xe6\x97\xa5\",\"title\":\"Title\","
	"\"v\":1}",
};

static void
every_type_goes_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		struct entry e = sample(types[i]), back;
		struct buf again = { 0 };

		buf_clear(&b);
		entry_write(&e, &b);
		if (bodies[i] != NULL)
			assert_string_equal(b.at, bodies[i]);
		assert_int_equal(entry_read(&back, &a, (uint16_t)types[i],
				     buf_view(&b)),
		    ERR_NONE);
		entry_write(&back, &again);
		assert_true(str_eq(buf_view(&b), buf_view(&again)));
		back = entry_copy(&a, &back);
		buf_clear(&again);
		entry_write(&back, &again);
		assert_true(str_eq(buf_view(&b), buf_view(&again)));
		buf_release(&again);
	}
}

static void
every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		struct entry e = sample(types[i]), back;

		buf_clear(&b);
		entry_write(&e, &b);
		for (size_t n = 0; n < b.len; n++)
			assert_int_equal(entry_read(&back, &a,
					     (uint16_t)types[i],
					     str_slice(buf_view(&b), 0, n)),
			    ERR_FORMAT);
	}
}

static void
what_is_not_known_is_refused(void **state)
{
	const struct {
		uint16_t type;
		const char *body;
	} bad[] = {
		{ 16, "{\"v\":2,\"text\":\"x\"}" },
		{ 16, "{\"text\":\"x\"}" },
		{ 16, "{\"v\":1,\"text\":\"x\",\"more\":1}" },
		{ 16, "{\"v\":1,\"severity\":\"high\"}" },
		{ 16, "{\"v\":1,\"text\":5}" },
		{ 16, "{\"v\":1,\"text\":\"\"}" },
		{ 16, "{\"v\":1,\"title\":\"a\\nb\"}" },
		{ 16, "{\"v\":1,\"of\":0}" },
		{ 16, "{\"v\":1,\"of\":-1}" },
		{ 16, "{\"v\":1,\"of\":1.5}" },
		{ 16, "{\"v\":1,\"at\":{}}" },
		{ 16, "{\"v\":1,\"at\":5}" },
		{ 16, "[1]" },
		{ 16, "\"v\"" },
		{ 17, "{\"v\":1,\"severity\":\"worst\"}" },
		{ 17, "{\"v\":1,\"affected\":[]}" },
		{ 17, "{\"v\":1,\"affected\":[\"\"]}" },
		{ 17, "{\"v\":1,\"affected\":\"v1\"}" },
		{ 20, "{\"v\":1,\"spans\":\"\"}" },
		{ 20, "{\"v\":1,\"spans\":\"1-\"}" },
		{ 20, "{\"v\":1,\"spans\":\"0-1\"}" },
		{ 20, "{\"v\":1,\"spans\":\"5-4\"}" },
		{ 20, "{\"v\":1,\"spans\":\"4-4\"}" },
		{ 20, "{\"v\":1,\"spans\":\"1-4 4-6\"}" },
		{ 20, "{\"v\":1,\"spans\":\"1 1\"}" },
		{ 20, "{\"v\":1,\"spans\":\"1-4294967296\"}" },
		{ 20, "{\"v\":1,\"spans\":\"01\"}" },
		{ 20, "{\"v\":1,\"spans\":\"1  2\"}" },
		{ 20, "{\"v\":1,\"spans\":\" 1\"}" },
		{ 20, "{\"v\":1,\"spans\":\"1 \"}" },
		{ 20, "{\"v\":1,\"spans\":\"1,2\"}" },
		{ 20, "{\"v\":1,\"spans\":\"99999999999\"}" },
		{ 20, "{\"v\":1,\"spans\":[1,2]}" },
		{ 20, "{\"v\":1,\"spans\":1}" },
		{ 20, "{\"v\":1,\"steps\":\"\"}" },
		{ 20, "{\"v\":1,\"steps\":\"A\"}" },
		{ 20, "{\"v\":1,\"steps\":\"1-4\"}" },
		{ 20, "{\"v\":1,\"steps\":[\"AA\"]}" },
		{ 20, "{\"v\":1,\"spans\":\"1\",\"steps\":\"AA\"}" },
		{ 31, "{\"v\":1,\"verdict\":\"safe\",\"steps\":\"AA\"}" },
		{ 0, "{\"v\":1}" },
		{ 4, "{\"v\":1}" },
		{ 35, "{\"v\":1}" },
		{ 63, "{\"v\":1}" },
		{ 48, "{\"v\":1}" },
		{ 65535, "{\"v\":1}" },
	};
	struct entry e;

	(void)state;
	assert_int_equal(entry_read(&e, &a, 20,
			     STR("{\"v\":1,\"spans\":\"1 3-4 9-4294967295\"}")),
	    ERR_NONE);
	assert_int_equal(e.spans.len, 3);
	assert_int_equal(e.spans.at[1], 1);
	assert_int_equal(e.spans.at[5], UINT32_MAX);
	assert_int_equal(entry_read(&e, &a, 20,
			     STR("{\"v\":1,\"steps\":\"ADDABB\"}")),
	    ERR_NONE);
	assert_int_equal(e.spans.len, 3);
	assert_int_equal(e.spans.at[5], 13);
	assert_int_equal(entry_read(&e, &a, 16,
			     STR("{\"v\":1,\"text\":\"x\"}")),
	    ERR_NONE);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		err_clear();
		assert_int_equal(entry_read(&e, &a, bad[i].type,
				     str_of(bad[i].body)),
		    ERR_FORMAT);
		assert_true(err_text()[0] != '\0');
	}
}

/* What was seen in words is recorded again in steps: the same lines. */
static void
an_old_entry_means_what_a_new_one_does(void **state)
{
	static const char rest[] =
	    "\"v\":1,\"at\":{\"path\":\"a\",\"region\":\""
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    "\"}}";
	struct entry was, is;
	struct buf text = { 0 };

	(void)state;
	buf_printf(&text, "{\"spans\":\"1-4 9 12-13\",%s", rest);
	assert_int_equal(entry_read(&was, &a, 20, buf_view(&text)), ERR_NONE);
	buf_clear(&text);
	entry_write(&was, &text);
	assert_true(str_find(buf_view(&text), STR("\"steps\":\"ADDABB\""), 0) !=
	    SIZE_MAX);
	assert_true(str_find(buf_view(&text), STR("spans"), 0) == SIZE_MAX);
	assert_int_equal(entry_read(&is, &a, 20, buf_view(&text)), ERR_NONE);
	assert_int_equal(is.spans.len, was.spans.len);
	assert_memory_equal(is.spans.at, was.spans.at, 24);
	buf_release(&text);
}

static void
what_a_person_typed_is_checked_before_it_is_recorded(void **state)
{
	static char big[LIMIT_NOTE + 1];
	struct entry e = { .type = ENTRY_NOTE, .text = STR("ok") };

	(void)state;
	memset(big, 'x', sizeof big);
	assert_int_equal(entry_check(&e), ERR_NONE);
	e.text = STR("");
	assert_int_equal(entry_check(&e), ERR_FORMAT);
	e.text = (struct str){ big, LIMIT_NOTE };
	assert_int_equal(entry_check(&e), ERR_NONE);
	e.text = (struct str){ big, LIMIT_NOTE + 1 };
	assert_int_equal(entry_check(&e), ERR_LIMIT);
	e.text = STR("bad \xff");
	assert_int_equal(entry_check(&e), ERR_FORMAT);
	e = (struct entry){ .type = ENTRY_FINDING };
	assert_int_equal(entry_check(&e), ERR_FORMAT);
	e.title = STR("t");
	assert_int_equal(entry_check(&e), ERR_NONE);
	e.title = STR("t\nu");
	assert_int_equal(entry_check(&e), ERR_FORMAT);
	e.title = STR("t");
	e.cwe = STR("121");
	assert_int_equal(entry_check(&e), ERR_FORMAT);
	e.cwe = STR("CWE-x");
	assert_int_equal(entry_check(&e), ERR_FORMAT);
	e.cwe = STR("CWE-121");
	assert_int_equal(entry_check(&e), ERR_NONE);
}

/* findings.json */

static void
write(bool red)
{
	static struct release release = { .name = { "v1.0", 4 } };
	struct start s = { .title = STR("enodeb"),
		.auditor = STR("anna"),
		.releases = &release,
		.n_releases = 1 };
	struct entry finding = sample(ENTRY_FINDING);
	struct entry question = sample(ENTRY_QUESTION);
	struct findings_item items[] = {
		{ .now = &finding, .created = 100, .red = red },
		{ .now = &question, .created = 200, .red = red },
	};
	struct secret key;
	struct findings f = { .start = &s,
		.record = STR("00"),
		.head = STR("7 lusab"),
		.exported = 300,
		.region = &key,
		.items = items,
		.n_items = 2 };

	seal_secret_random(&key);
	finding.time = 150;
	buf_clear(&b);
	findings_write(&f, &b);
	seal_secret_release(&key);
}

static void
findings_go_both_ways(void **state)
{
	struct findings_read f;

	(void)state;
	write(true);
	assert_int_equal(findings_read(&f, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(f.n_items, 2);
	assert_true(str_eq(f.title, STR("enodeb")));
	assert_true(str_eq(f.auditor, STR("anna")));
	assert_int_equal(f.exported, 300);
	assert_int_equal(f.n_releases, 1);
	assert_int_equal(f.items[0].type, ENTRY_FINDING);
	assert_int_equal(f.items[0].seq, 7);
	assert_int_equal(f.items[0].time, 150);
	assert_int_equal(f.created[1], 200);
	assert_int_equal(f.items[0].severity, SEVERITY_HIGH);
	assert_true(str_eq(f.items[0].red, STR("secret")));
	assert_true(str_eq(f.items[0].at.path, place().path));
	assert_true(str_eq(f.items[1].answer, STR("yes")));
	assert_int_equal(f.items[0].affected.len, 2);
}

static void
a_red_part_leaves_only_when_it_is_wanted(void **state)
{
	(void)state;
	write(true);
	assert_true(str_find(buf_view(&b), STR("secret"), 0) != SIZE_MAX);
	write(false);
	assert_true(str_find(buf_view(&b), STR("secret"), 0) == SIZE_MAX);
	assert_true(str_find(buf_view(&b), STR("claim"), 0) != SIZE_MAX);
}

/* Both could be confirmed by guessing what stands there. */
static void
neither_the_hash_of_a_region_nor_a_blob_leaves(void **state)
{
	(void)state;
	write(true);
	assert_true(str_find(buf_view(&b), STR("1111111111"), 0) != SIZE_MAX);
	assert_true(str_find(buf_view(&b), STR("2222222222"), 0) == SIZE_MAX);
	assert_true(str_find(buf_view(&b), STR("3333333333"), 0) == SIZE_MAX);
}

static void
findings_that_are_cut_or_changed_are_refused(void **state)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{ "vitrine-findings", "vitrine-findingz" },
		{ "\"version\": 1", "\"version\": 2" },
		{ "\"number\": 7", "\"number\": 0" },
		{ "\"type\": \"finding\"", "\"type\": \"findung\"" },
		{ "\"severity\": \"high\"", "\"severity\": \"hihg\"" },
		{ "\"claim\"", "\"climb\"" },
		{ "\"first\": 3", "\"first\": 0" },
		{ "CWE-121", "cwe-121" },
		{ "\"answer\"", "\"reply1\"" },
	};
	struct findings_read f;
	struct buf changed = { 0 };

	(void)state;
	write(true);
	assert_int_equal(findings_read(&f, &a, buf_view(&b)), ERR_NONE);
	for (size_t n = 0; n + 2 < b.len; n++)
		assert_int_equal(findings_read(&f, &a,
				     str_slice(buf_view(&b), 0, n)),
		    ERR_FORMAT);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		size_t at = str_find(buf_view(&b), str_of(changes[i].from), 0);

		assert_true(at != SIZE_MAX);
		buf_clear(&changed);
		buf_str(&changed, buf_view(&b));
		memcpy(changed.at + at, changes[i].to, strlen(changes[i].to));
		assert_int_equal(findings_read(&f, &a, buf_view(&changed)),
		    ERR_FORMAT);
	}
	buf_release(&changed);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(every_type_goes_both_ways),
		T(every_truncation_is_refused),
		T(what_is_not_known_is_refused),
		T(an_old_entry_means_what_a_new_one_does),
		T(what_a_person_typed_is_checked_before_it_is_recorded),
		T(findings_go_both_ways),
		T(a_red_part_leaves_only_when_it_is_wanted),
		T(neither_the_hash_of_a_region_nor_a_blob_leaves),
		T(findings_that_are_cut_or_changed_are_refused),
	};

	if (seal_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
