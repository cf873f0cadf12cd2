#include "notes/findings.h"
#include "notes/eyes.h"

#include <string.h>

#include "core/text.h"
#include "tests/notes/made.h"
#include "tests/t.h"

static struct made alice;
static struct arena memory;

static int
prepare(void **state)
{
	(void)state;
	assert_int_equal(text_start(), ERR_NONE);
	made_open(&alice, "alice", 7);
	return 0;
}

static int
clear(void **state)
{
	(void)state;
	made_close(&alice);
	arena_release(&memory);
	return 0;
}

static const struct findings_place places[] = {
	{ .release = { "v4.0", 4 },
	    .region = REGION_MOVED,
	    .fix = FIX_MISSING,
	    .path = { "src/old ie.c", 12 },
	    .first = 3,
	    .last = 9,
	    .note = { "in a function of its own", 24 } },
	{ .release = { "v4.2", 4 },
	    .region = REGION_ABSENT,
	    .fix = FIX_PRESENT },
};
static const struct str certificates[] = {
	{ "strcpy: 12 lines in 7 files", 27 },
};
static const struct findings_cover cover[] = {
	{ .release = { "v4.1", 4 },
	    .folder = { "src/s1ap", 8 },
	    .files = 3,
	    .lines = 1200,
	    .seen = 300,
	    .reviewed = 100 },
};

static struct findings
whole(const struct findings_item *it)
{
	return (struct findings){
		.start = &alice.start,
		.record = STR("00ff"),
		.head = STR("abcd"),
		.exported = 1700000000000,
		.region = &alice.region,
		.items = it,
		.n_items = 1,
		.method = { .proof = STR("no network\nread-only"),
		    .certificates = certificates,
		    .n_certificates = 1,
		    .cover = cover,
		    .n_cover = 1 },
	};
}

static void
assert_str(struct str got, struct str want)
{
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.at, want.at, want.len);
}

static void
what_the_room_found_in_other_releases_travels(void **state)
{
	struct entry e = made_finding(12, "SEC-118");
	struct findings_item it = { .now = &e,
		.created = 1680000000000,
		.places = places,
		.n_places = 2 };
	struct findings f = whole(&it);
	struct findings_read r;
	struct buf b = { 0 };

	(void)state;
	findings_write(&f, &b);
	assert_int_equal(findings_read(&r, &memory, buf_view(&b)), ERR_NONE);
	assert_int_equal(r.more[0].n_places, 2);
	for (int i = 0; i < 2; i++) {
		const struct findings_place *p = &r.more[0].places[i];

		assert_str(p->release, places[i].release);
		assert_str(p->path, places[i].path);
		assert_str(p->note, places[i].note);
		assert_int_equal(p->region, places[i].region);
		assert_int_equal(p->fix, places[i].fix);
		assert_int_equal(p->first, places[i].first);
		assert_int_equal(p->last, places[i].last);
	}
	buf_release(&b);
}

static void
how_it_was_made_travels(void **state)
{
	struct entry e = made_finding(12, "SEC-118");
	struct findings_item it = { .now = &e, .created = 1680000000000 };
	struct findings f = whole(&it);
	struct findings_read r;
	struct buf b = { 0 };

	(void)state;
	findings_write(&f, &b);
	assert_int_equal(findings_read(&r, &memory, buf_view(&b)), ERR_NONE);
	assert_str(r.method.proof, f.method.proof);
	assert_int_equal(r.method.n_certificates, 1);
	assert_str(r.method.certificates[0], certificates[0]);
	assert_int_equal(r.method.n_cover, 1);
	assert_str(r.method.cover[0].folder, cover[0].folder);
	assert_int_equal(r.method.cover[0].seen, 300);
	buf_release(&b);
}

/* The code needs the blob: without one there is none, and the region's own
 * hash and the blob's id never leave. */
static void
a_code_stands_for_lines_whose_file_is_known(void **state)
{
	struct entry e = made_finding(12, "SEC-118");
	struct findings_item it = { .now = &e, .created = 1680000000000 };
	struct findings f = whole(&it);
	struct buf b = { 0 }, hex = { 0 };
	uint8_t code[ANCHOR_CODE];
	struct findings_read r;

	(void)state;
	findings_write(&f, &b);
	assert_int_equal(findings_read(&r, &memory, buf_view(&b)), ERR_NONE);
	assert_false(r.more[0].has_code);

	memset(e.at.blob.id, 0xb1, OID_BYTES);
	memset(e.at.region.at, 0x5a, HASH_BYTES);
	buf_clear(&b);
	findings_write(&f, &b);
	assert_int_equal(findings_read(&r, &memory, buf_view(&b)), ERR_NONE);
	assert_true(r.more[0].has_code);
	anchor_code(code, &e.at.blob, &e.at.region);
	assert_memory_equal(r.more[0].code, code, sizeof code);
	buf_hex(&hex, e.at.blob.id, 6);
	assert_true(str_find(buf_view(&b), buf_view(&hex), 0) == SIZE_MAX);
	buf_clear(&hex);
	buf_hex(&hex, e.at.region.at, 6);
	assert_true(str_find(buf_view(&b), buf_view(&hex), 0) == SIZE_MAX);
	/* Another file with the same lines has another code. */
	e.at.blob.id[0] ^= 1;
	anchor_code(code, &e.at.blob, &e.at.region);
	assert_memory_not_equal(r.more[0].code, code, sizeof code);
	buf_release(&b);
	buf_release(&hex);
}

static void
a_place_that_is_none_is_refused(void **state)
{
	static const char *const bad[] = {
		"{\"region\": \"moved\"}",
		"{\"release\": \"v4.0\", \"region\": \"gone\"}",
		"{\"release\": \"v4.0\", \"fix\": \"maybe\"}",
		"{\"release\": \"v4.0\", \"first\": 9, \"last\": 3}",
		"{\"release\": \"v4.0\", \"path\": \"%zz\"}",
		"{\"release\": 4}",
	};
	static const char *const good =
	    "{\"release\": \"v4.0\", \"region\": \"moved\"}";
	static const char *const head =
	    "{\"format\": \"vitrine-findings\", \"version\": 1, \"items\": "
	    "[{\"type\": \"note\", \"number\": 1, \"created\": 1, \"changed\": "
	    "1, \"text\": \"t\", \"places\": [";
	struct findings_read r;

	(void)state;
	for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
		bool is_good = i == sizeof bad / sizeof bad[0];
		struct str text = arena_printf(&memory, "%s%s]}]}", head,
		    is_good ? good : bad[i]);

		err_clear();
		assert_int_equal(findings_read(&r, &memory, text),
		    is_good ? ERR_NONE : ERR_FORMAT);
	}
}

/* Numbers that people read; no blob, no hash; and the same again. */
static void
lines_that_were_read_travel_as_numbers(void **state)
{
	uint32_t seen[] = { 1, 40, 57, 57 }, reviewed[] = { 12, 40 };
	uint32_t many[2 * (SPANS_MAX + 9)];
	const struct findings_lines lines[] = {
		{ STR("v1"), STR("a\xff.c"), { { 1 } }, 90, { seen, 2 },
		    { reviewed, 1 } },
		{ STR("v1"), STR("b.c"), { { 1 } }, 40, { NULL, 0 },
		    { reviewed, 1 } },
		{ STR("v2"), STR("many.c"), { { 2 } }, 40000,
		    { many, SPANS_MAX + 9 }, { NULL, 0 } },
	};
	struct start s = { .title = STR("t") };
	struct findings f = { .start = &s,
		.method = { .lines = lines, .n_lines = 3 } };
	struct findings_read r;
	struct eyes_said said;
	struct eyes e;
	struct buf b = { 0 };

	(void)state;
	for (uint32_t i = 0; i < SPANS_MAX + 9; i++)
		many[2 * i] = many[2 * i + 1] = 2 * i + 1;
	findings_write(&f, &b);
	assert_true(str_find(buf_view(&b), STR("\"seen\": \"1-40 57\""), 0) !=
	    SIZE_MAX);
	assert_int_equal(findings_read(&r, &memory, buf_view(&b)), ERR_NONE);
	assert_int_equal(r.method.n_lines, 4); /* the last in two pieces */
	assert_true(str_eq(r.method.lines[0].path, STR("a\xff.c")));
	assert_int_equal(r.method.lines[0].lines, 90);
	assert_int_equal(r.method.lines[0].seen.len, 2);
	assert_memory_equal(r.method.lines[0].seen.at, seen, sizeof seen);
	assert_int_equal(r.method.lines[1].seen.len, 0);
	assert_true(str_eq(r.method.lines[2].release, STR("v2")));
	/* Laid together the pieces are one file again. */
	said = (struct eyes_said){ STR("bob"), r.method.lines, 4 };
	eyes_lay(&e, &memory, &said, 1, NULL);
	assert_int_equal(e.n, 3);
	assert_int_equal(e.files[2].n, SPANS_MAX + 9);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_room_found_in_other_releases_travels),
		cmocka_unit_test(how_it_was_made_travels),
		cmocka_unit_test(a_code_stands_for_lines_whose_file_is_known),
		cmocka_unit_test(a_place_that_is_none_is_refused),
		cmocka_unit_test(lines_that_were_read_travel_as_numbers),
	};

	return cmocka_run_group_tests(tests, prepare, clear);
}
