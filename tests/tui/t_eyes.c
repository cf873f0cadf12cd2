/* What two auditors read, laid together in the notes room. */
#include <string.h>

#include "core/wire.h"
#include "notes/findings.h"
#include "tests/tool.h"
#include "tests/tui/notes_rig.h"
#include "tui/along.h"
#include "tui/hatch_cover.h"
#include "tui/hatch_lines.h"

static struct release releases[2] = { { .name = STR("v1.0") },
	{ .name = STR("v1.1") } };

static int
setup(void **state)
{
	(void)state;
	notes_rig_setup(state);
	tool_use(notes_rig.start.data.at);
	memset(releases[0].commit.id, 0x10, OID_BYTES);
	memset(releases[1].commit.id, 0x11, OID_BYTES);
	notes_rig.start.releases = releases;
	notes_rig.start.n_releases = 2;
	notes_rig_open_vault();
	return tool_run("mkdir inbox");
}

static int
teardown(void **state)
{
	notes_rig.start.releases = NULL;
	notes_rig.start.n_releases = 0;
	return notes_rig_teardown(state);
}

static struct oid
blob(uint8_t n)
{
	struct oid o;

	memset(o.id, n, OID_BYTES);
	return o;
}

/* Of mine: blob 1 is src/a.c and doc/b.c, blob 2 is src/c.c. */
static void
i_read(void)
{
	struct anchor an = { .blob = blob(1),
		.commit = releases[1].commit,
		.path = STR("src/a.c"),
		.first = 1,
		.last = 40 };
	struct entry e = { .type = ENTRY_SEEN, .anchored = true, .at = an };
	uint32_t seen[] = { 1, 60 };

	e.spans.at = seen;
	e.spans.len = 1;
	assert_true(noting_add(notes_rig.noting, &e));
	noting_reviewed(notes_rig.noting, &(struct hatch_reviewed){ true, an });
	an.blob = blob(2);
	an.path = STR("src/c.c");
	an.first = an.last = 0; /* all of it */
	noting_reviewed(notes_rig.noting, &(struct hatch_reviewed){ true, an });
}

static void
it_is_counted(void)
{
	const struct hatch_cover rows[] = {
		{ STR("src"), 2, 150, 110, 90 },
		{ STR("doc"), 1, 100, 60, 40 },
	};
	const struct hatch_file files[] = {
		{ 100, blob(1), STR("src/a.c") },
		{ 100, blob(1), STR("doc/b.c") },
		{ 50, blob(2), STR("src/c.c") },
		{ 9, blob(3), STR("src/none.c") },
	};
	struct buf b = { 0 };

	wire_put_oid(&b, &releases[1].commit);
	wire_put_str(&b, STR("v1.1"));
	for (size_t i = 0; i < 2; i++)
		hatch_write_cover(&b, &rows[i]);
	assert_int_equal(along_take(noting_along(notes_rig.noting),
			     buf_view(&b)),
	    ERR_NONE);
	buf_clear(&b);
	wire_put_oid(&b, &releases[1].commit);
	for (size_t i = 0; i < 4; i++)
		hatch_write_file(&b, &files[i]);
	assert_int_equal(along_take_files(noting_along(notes_rig.noting),
			     buf_view(&b)),
	    ERR_NONE);
	buf_release(&b);
}

static void
bob_read(const char *file, const char *auditor, const char *lines)
{
	struct arena a = { 0 };

	tool_write(file,
	    arena_printf(&a,
		"{\"auditor\":\"%s\",\"coverage\":[],\"exported\":5,"
		"\"format\":\"vitrine-findings\",\"items\":[],\"lines\":[{"
		"\"commit\":\"%040d\",\"files\":[%s],\"release\":\"v1.1\"}],"
		"\"record\":\"%032x\",\"releases\":[],\"title\":\"x\","
		"\"version\":1}",
		auditor, 7, lines, (unsigned)auditor[0]));
	arena_release(&a);
}

static const char his[] =
    "{\"lines\":100,\"path\":\"src/a.c\",\"reviewed\":\"31-50\","
    "\"seen\":\"1-10 31-70\"},"
    "{\"lines\":20,\"path\":\"src/only.c\",\"seen\":\"1-20\"}";

static void
view(const char *name)
{
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = str_of(name) });
}

static void
lines_of_two_people_are_laid_together(void **state)
{
	(void)state;
	i_read();
	it_is_counted();
	bob_read("inbox/bob.json", "bob", his);
	play_run(&notes_rig.play, "noting_eyes");
}

/* Enter on lines shows them in the source, of the release as the session has
 * it, whatever commit the export says. */
static void
a_run_of_lines_leads_into_the_source(void **state)
{
	(void)state;
	bob_read("inbox/bob.json", "bob", his);
	view("eyed");
	play_keys(notes_rig.play.shell, "Enter");
	play_keys(notes_rig.play.shell, "]e");
	play_keys(notes_rig.play.shell, "Enter");
	assert_int_equal(notes_rig.went.first, 31);
	assert_int_equal(notes_rig.went.last, 50);
	assert_true(oid_eq(&notes_rig.went.commit, &releases[1].commit));
	assert_true(str_eq(notes_rig.went.path, STR("src/a.c")));
}

static void
sent(struct hatch_others *out, struct arena *a)
{
	noting_items_changed(notes_rig.noting);
	assert_int_equal(hatch_read_others(out, a, buf_view(&notes_rig.others)),
	    ERR_NONE);
}

static void
the_reading_room_is_told_what_others_read(void **state)
{
	struct hatch_others o;
	struct arena a = { 0 };

	(void)state;
	sent(&o, &a);
	assert_int_equal(o.n_names, 0);
	bob_read("inbox/bob.json", "bob", his);
	sent(&o, &a);
	assert_int_equal(o.n_names, 1);
	assert_true(str_eq(o.names[0], STR("bob")));
	assert_int_equal(o.len, 3);
	assert_false(o.at[0].reviewed);
	assert_int_equal(o.at[0].n, 2);
	assert_true(o.at[1].reviewed);
	assert_int_equal(o.at[1].spans[1], 50);
	assert_true(oid_eq(&o.at[1].commit, &releases[1].commit));
	/* The same person with another record is no second pair of eyes. */
	bob_read("inbox/bob.json", "anna", his);
	sent(&o, &a);
	assert_int_equal(o.n_names, 0);
	arena_release(&a);
}

/* One clear line; what is right beside it counts. */
static void
a_bad_export_is_named_and_the_rest_counts(void **state)
{
	static const char *const bad[] = {
		"{\"lines\":100,\"path\":\"a\",\"seen\":\"1-101\"}",
		"{\"lines\":100,\"path\":\"a\",\"seen\":\"9 4\"}",
		"{\"lines\":0,\"path\":\"a\",\"seen\":\"1\"}",
		"{\"lines\":100,\"path\":\"a\"}",
		"{\"lines\":100,\"path\":\"\",\"seen\":\"1\"}",
		"{\"lines\":100,\"path\":\"a\",\"seen\":\"see below\"}",
		"{\"lines\":100,\"path\":\"a\",\"seen\":[1]}",
		"7",
	};

	(void)state;
	bob_read("inbox/bob.json", "bob", his);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		bob_read("inbox/eve.json", "eve", bad[i]);
		view("eyes");
		assert_true(
		    notes_rig_shows("1 of inbox/ left out: inbox/eve.json: "
				    "findings: lines of release 1, file 1"));
		assert_true(notes_rig_shows("1 export in inbox/"));
		play_keys(notes_rig.play.shell, "q");
	}
	bob_read("inbox/eve.json", "eve", his);
	view("eyes");
	assert_true(notes_rig_shows("2 exports in inbox/"));
	assert_false(notes_rig_shows("left out"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(lines_of_two_people_are_laid_together),
		T(a_run_of_lines_leads_into_the_source),
		T(the_reading_room_is_told_what_others_read),
		T(a_bad_export_is_named_and_the_rest_counts),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
