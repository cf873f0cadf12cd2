/* Every view of the notes room has its screens. */
#include <string.h>

#include "tests/t.h"
#include "tests/tui/notes_rig.h"
#include "tests/tui/views.h"

static const char *const names[] = {
#define X(name) #name,
#include "views_notes.inc"
#undef X
	NULL,
};

#define BACK "! notes\n"

static const struct views_way ways[] = {
	{ "passphrase", BACK "Enter" },
	{ "edit",
	    "\"seven wet horses\"\nEnter\n\"seven wet horses\"\nEnter\n"
	    "! note" },
	{ "finding", "\"A note on the length\"\nC-d\n! finding" },
	{ "notes", "\"Length of TEID not checked\"\nC-d\n" BACK },
	{ "entry", "Enter" },
	{ "here", BACK "! edit" },
	{ "today", BACK "gt" },
	{ "page", "D" },
	{ "export", BACK "gx" },
	{ "parcel", "a\nEnter" },
	{ "pages", BACK "\":pages\"\nEnter" },
	{ "journal", BACK "gj" },
	{ "lists", BACK "! list\n! notes\ngw" },
	{ "said", "s" },
	{ "reason", "! reason" },
	{ "eyes", "Esc\n" BACK "\":eyes\"\nEnter" },
	{ "eyed", BACK "\":eyed\"\nEnter" },
	{ "pairs", BACK "\":pairs\"\nEnter" },
	{ "peers", BACK "\":peers\"\nEnter" },
	{ "escrow", BACK "\":escrow\"\nEnter" },
	{ "approvals", BACK "\":approvals\"\nEnter" },
	{ "leave", BACK "! leave" },
};
enum { WAYS = sizeof ways / sizeof *ways };

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
	for (size_t i = 0; i < WAYS; i++)
		views_show(&got, &notes_rig.play, &ways[i], NULL);
	play_check("views_notes", buf_view(&got));
	buf_release(&got);
}

int
main(void)
{
#define T(name)                                                \
	cmocka_unit_test_setup_teardown(name, notes_rig_setup, \
	    notes_rig_teardown)
	const struct CMUnitTest tests[] = {
		T(every_view_has_a_way),
		T(every_view_has_its_screens),
	};

	if (notes_rig_start() != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
