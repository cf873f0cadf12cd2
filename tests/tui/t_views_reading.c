/* Every view of the reading room has its screens. */
#include <string.h>

#include "core/hitlist.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"
#include "tests/t.h"
#include "tests/tui/rig.h"
#include "tests/tui/views.h"

static struct rig rig;
static const char *const names[] = {
#define X(name) #name,
#include "views_reading.inc"
#undef X
	"help",
	"messages",
	NULL,
};

static const struct views_way ways[] = {
	{ "start", "gH" }, { "tree", "\":tree src\"\nEnter" },
	{ "file", "\":file src/ring.c\"\nEnter" }, { "outline", "gO" },
	{ "blame", "\":blame src/ring.c\"\nEnter" }, { "find", "f\n\"ring\"" },
	{ "refs", "Esc Esc\n@" }, { "log", "\":log src/ring.c\"\nEnter" },
	{ "commit", "\":commit v2.0\"\nEnter" }, { "patch", "p" },
	{ "compare", "\":compare v1.0 v2.0\"\nEnter" },
	{ "diff", "! wait\nEnter" }, { "hazards", "gh" },
	{ "search", "\":grep ring\"\nEnter" }, { "certificate", "x" },
	{ "symbol", "\":symbol ring_put\"\nEnter" },
	{ "peek", "\":file src/main.c\"\nEnter\n\"/ring_put\"\nEnter\ngp" },
	{ "tray", "q\nY\ngy" }, { "patches", "gP" }, { "vendor", "j\nEnter" },
	{ "placed", "gf" }, { "coverage", "gv" },
	{ "jobs", "\":jobs\"\nEnter" }, { "proof", "\":proof\"\nEnter" },
	{ "messages", "\":messages\"\nEnter" }, { "help", "gH\n?" },
	{ "worklist", "" }, /* below */
};
enum { WAYS = sizeof ways / sizeof *ways };

/* What other programs and their versions have a say in. */
static const char *const versions[] = { "engine", "manifest ", NULL };

static void
every_view_has_a_way(void **state)
{
	(void)state;
	views_all(names, ways, WAYS);
}

static void
every_view_has_its_screens(void **state)
{
	struct buf got = { 0 };

	(void)state;
	rig_open_session(&rig);
	for (size_t i = 0; i < WAYS; i++)
		if (strcmp(ways[i].view, "worklist") != 0)
			views_show(&got, &rig.play, &ways[i], versions);
	rig_close(&rig);
	play_check("views_reading", buf_view(&got));
	buf_release(&got);
}

static struct oid
blob_of(const char *path)
{
	struct oid commit = reading_commit(rig.reading);
	const struct reading_files *f = reading_files_of(rig.reading, &commit);

	rig_settle(&rig);
	for (size_t i = 0; i < f->len; i++)
		if (str_eq(f->at[i].path, str_of(path)))
			return f->at[i].blob;
	return (struct oid){ 0 };
}

/* As the notes room shows one. */
static void
give_list(void)
{
	struct hitlist_hit hits[2] = { { .line = 7 }, { .line = 13 } };
	struct hitlist_file file = { .path = STR("src/ring.c"),
		.blob = blob_of("src/ring.c") };
	struct hitlist l = { .number = 5,
		.title = STR("RING_MAX"),
		.certificate = STR("COMPLETE\n"),
		.files = &file,
		.n_files = 1,
		.hits = hits,
		.n_hits = 2 };
	struct buf b = { 0 };

	hits[0].hash = hitlist_hash(
	    STR("strncpy(r->names[r->n++ % RING_MAX], name, 32);"));
	hits[1].hash =
	    hitlist_hash(STR("return r->n < RING_MAX ? r->n : RING_MAX;"));
	wire_put_u8(&b, 3);
	hitlist_write(&l, &b);
	assert_int_equal(port_write(rig.notes, MSG_LIST, buf_view(&b)),
	    ERR_NONE);
	buf_release(&b);
	rig_settle(&rig);
}

static void
a_worklist_has_its_screens(void **state)
{
	struct buf got = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	give_list();
	views_show(&got, &rig.play, &ways[WAYS - 1], versions);
	rig_close(&rig);
	play_check("views_worklist", buf_view(&got));
	buf_release(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_has_a_way),
		cmocka_unit_test(every_view_has_its_screens),
		cmocka_unit_test(a_worklist_has_its_screens),
	};

	return cmocka_run_group_tests(tests, rig_setup, rig_teardown);
}
