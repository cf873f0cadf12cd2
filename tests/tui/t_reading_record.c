/* Worklists, coverage and anchors in the room that has the source. */
#include <poll.h>
#include <string.h>

#include "core/hitlist.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"
#include "tests/t.h"
#include "tests/tool.h"
#include "tests/tui/rig.h"
#include "tui/hatch_cover.h"
#include "tui/hatch_found.h"
#include "tui/hatch_lines.h"

static struct rig rig;
static struct arena a;

static bool
looks(const char *text, bool quiet)
{
	struct buf b = { 0 };
	bool found;

	rig_settle(&rig);
	play_show(rig.play.shell, &b, false);
	found = str_find(buf_view(&b), str_of(text), 0) != SIZE_MAX;
	if (!found && !quiet)
		print_error("%s is not in\n%s\n", text, b.at);
	buf_release(&b);
	return found;
}

static bool
shows(const char *text)
{
	return looks(text, false);
}

static bool
quietly(const char *text)
{
	return looks(text, true);
}

static void
type(const char *line)
{
	play_type(rig.play.shell, line);
	play_keys(rig.play.shell, "Enter");
	rig_settle(&rig);
}

/* One whole message in pieces, as the notes room sends it. */
static void
give(uint16_t kind, struct str bytes)
{
	struct buf b = { 0 };

	wire_put_u8(&b, 3); /* the first piece and the last */
	buf_str(&b, bytes);
	assert_int_equal(port_write(rig.notes, kind, buf_view(&b)), ERR_NONE);
	buf_release(&b);
	rig_settle(&rig);
}

/* The jobs behind the answers run side by side: what comes before the kind
 * that is wanted is kept for whoever wants it later. */
static struct {
	uint16_t kind;
	struct buf body;
} kept[32];
static size_t n_kept;

static bool
take_kept(uint16_t want, struct buf *b)
{
	for (size_t i = 0; i < n_kept; i++)
		if (kept[i].kind == want) {
			buf_clear(b);
			buf_str(b, buf_view(&kept[i].body));
			buf_release(&kept[i].body);
			memmove(&kept[i], &kept[i + 1],
			    (--n_kept - i) * sizeof kept[0]);
			return true;
		}
	return false;
}

static void
receive(uint16_t want, struct buf *b)
{
	struct pollfd fd = { .fd = rig.notes, .events = POLLIN };

	while (!take_kept(want, b)) {
		if (poll(&fd, 1, 0) != 1)
			print_error("the room sent no message %u\n", want);
		assert_int_equal(fd.revents, POLLIN);
		assert_true(n_kept < sizeof kept / sizeof kept[0]);
		kept[n_kept].body = (struct buf){ 0 };
		assert_int_equal(port_read(rig.notes, &kept[n_kept].kind,
				     &kept[n_kept].body),
		    ERR_NONE);
		n_kept++;
	}
}

/* What nobody wanted is gone with the room. */
static void
leave(void)
{
	while (n_kept > 0)
		buf_release(&kept[--n_kept].body);
	rig_close(&rig);
}

static void
receive_whole(uint16_t want, struct buf *all)
{
	struct buf b = { 0 };
	bool whole = false;

	while (!whole) {
		receive(want, &b);
		assert_int_equal(hatch_take(all, &whole, buf_view(&b)),
		    ERR_NONE);
	}
	buf_release(&b);
}

static struct oid
blob_of(const char *revision, const char *path)
{
	struct git_repo *repo = reading_repo(rig.reading);
	struct oid commit, tree;
	struct tree_entry e = { 0 };

	assert_int_equal(reading_resolve(&commit, rig.reading,
			     str_of(revision)),
	    ERR_NONE);
	assert_int_equal(git_tree_of(&tree, repo, &commit), ERR_NONE);
	assert_int_equal(git_tree_find(&e, repo, &tree, str_of(path)),
	    ERR_NONE);
	return e.id;
}

static struct hitlist
take_list(void)
{
	struct buf all = { 0 };
	struct hitlist l;

	receive_whole(MSG_LIST, &all);
	assert_int_equal(hitlist_read(&l, &a, buf_view(&all)), ERR_NONE);
	buf_release(&all);
	return l;
}

static void
show_list(struct hitlist *l, uint64_t number)
{
	struct buf b = { 0 };

	l->number = number;
	l->certificate = STR("COMPLETE\n");
	hitlist_write(l, &b);
	give(MSG_LIST, buf_view(&b));
	buf_release(&b);
}

static void
hits_become_a_worklist_without_a_word_of_the_source(void **state)
{
	struct buf b = { 0 }, echo = { 0 };
	struct hatch_verdicts v;
	struct hitlist l;

	(void)state;
	rig_open(&rig, "small", true);
	type("g/RING_MAX");
	assert_true(shows("COMPLETE"));
	play_keys(rig.play.shell, "T");
	rig_settle(&rig);
	l = take_list();
	assert_int_equal(l.n_hits, 4);
	assert_true(str_eq(l.title, STR("RING_MAX")));
	assert_true(str_eq(l.files[l.hits[2].file].path, STR("src/ring.c")));
	assert_int_equal(l.hits[3].line, 13);
	assert_true(l.hits[3].hash ==
	    hitlist_hash(STR("return r->n < RING_MAX ? r->n : RING_MAX;")));
	hitlist_write(&l, &b);
	assert_true(str_find(buf_view(&b), STR("strncpy"), 0) == SIZE_MAX);

	show_list(&l, 5);
	assert_true(shows("LIST 5 RING_MAX in v2.0"));
	assert_true(shows("strncpy(r->names")); /* looked up here */
	assert_true(shows("todo 4 safe 0"));
	play_keys(rig.play.shell, "s");
	receive(MSG_VERDICTS, &b);
	assert_int_equal(hatch_read_verdicts(&v, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(v.list, 5);
	assert_int_equal(v.verdict, VERDICT_SAFE);
	assert_int_equal(v.spans[0], 1);
	/* Only what the record has is shown. */
	assert_true(shows("todo 4 safe 0"));
	hatch_write_verdicts(&echo, &v);
	assert_int_equal(port_write(rig.notes, MSG_VERDICTS, buf_view(&echo)),
	    ERR_NONE);
	assert_true(shows("todo 3 safe 1"));
	buf_release(&b);
	buf_release(&echo);
	leave();
}

static void
the_same_search_in_another_release_names_its_list(void **state)
{
	struct hitlist l;

	(void)state;
	rig_open(&rig, "small", true);
	type("g/strn?cpy");
	play_keys(rig.play.shell, "T");
	rig_settle(&rig);
	l = take_list();
	show_list(&l, 9);
	type(":again v1.0");
	rig_settle(&rig);
	l = take_list();
	assert_int_equal(l.from, 9);
	assert_true(str_eq(l.title, STR("-r v1.0 strn?cpy")));
	assert_int_equal(l.n_hits, 1);
	show_list(&l, 10);
	assert_true(shows("LIST 10 -r v1.0 strn?cpy  "));
	assert_true(l.hits[0].hash ==
	    hitlist_hash(STR("strcpy(r->names[r->n++ % RING_MAX], name);")));
	/* And again from that one: its release is not kept. */
	type(":again v2.0");
	rig_settle(&rig);
	l = take_list();
	assert_int_equal(l.from, 10);
	assert_true(str_eq(l.title, STR("-r v2.0 strn?cpy")));
	leave();
}

static void
reviewed_lines_count_and_follow_the_next_release(void **state)
{
	struct mark m = { .glyph = '#',
		.path = STR("src/ring.c"),
		.first = 4,
		.last = 10 };
	struct buf b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	m.blob = blob_of("v1.0", "src/ring.c");
	mark_write(&m, &b);
	give(MSG_MARKS, buf_view(&b));
	type(":revision v1.0");
	type(":map");
	type("/src");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("14  50%  50%")); /* ring.c, 7 of 14 lines */
	/* Line 7 is another one in v2.0, line 8 is as it was. */
	type(":revision v2.0");
	type(":file src/ring.c");
	assert_true(shows("#     6|{"));
	assert_true(shows("~     7|"));
	assert_true(shows("#     8|}"));
	type(":map");
	type("/src");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("~ 1 changed"));
	buf_release(&b);
	leave();
}

/* A content of a revision that was reviewed under some path. */
static void
add_mark(struct buf *b, const char *revision, const char *file,
    const char *path, uint32_t first, uint32_t last)
{
	struct mark m = { '#', blob_of(revision, file), str_of(path), first,
		last };

	mark_write(&m, b);
}

static void
a_line_says_why_it_counts_no_more(void **state)
{
	struct buf b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	add_mark(&b, "v1.0", "src/ring.c", "src/ring.c", 4, 10);
	add_mark(&b, "v2.0", "doc/COPY.md", "doc/OLD.md", 1, 3);
	add_mark(&b, "v2.0", "src/main.c", "src/main.c", 2, 2);
	give(MSG_MARKS, buf_view(&b));
	type(":revision v2.0");
	type(":file src/ring.c");
	type(":7");
	assert_true(shows("| ~ reviewed in v1.0, changed in v2.0"));
	play_keys(rig.play.shell, "j"); /* carried as it was */
	assert_false(quietly("reviewed in v1.0"));
	assert_true(shows("| seen 4"));
	/* Between the two it was changed already: no tag stands there. */
	type(":revision v2.0~1");
	type(":file src/ring.c");
	type(":7");
	assert_true(shows("| ~ reviewed in v1.0, changed in "));
	assert_false(quietly("changed in v2.0"));
	/* Back in the older release. */
	type(":revision v1.0");
	type(":file src/main.c");
	type(":2");
	assert_true(shows("| ~ reviewed in v2.0, not the same here"));
	type(":revision v2.0");
	type(":file doc/COPY.md");
	assert_true(shows("| # moved from doc/OLD.md, still counts"));
	type(":file src/main.c");
	assert_false(quietly("reviewed as"));
	buf_release(&b);
	leave();
}

static void
reasons_name_the_releases_of_a_session(void **state)
{
	struct release releases[3] = { { .name = STR("A") },
		{ .name = STR("B") }, { .name = STR("C") } };
	const char *const at[] = { "v1.0", "v2.0~1", "v2.0" };
	struct buf b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(reading_resolve(&releases[i].commit,
				     rig.reading, str_of(at[i])),
		    ERR_NONE);
	rig.start.releases = releases;
	rig.start.n_releases = 3;
	add_mark(&b, "v1.0", "src/ring.c", "src/ring.c", 1, 10);
	give(MSG_MARKS, buf_view(&b));
	type(":revision v2.0");
	type(":file src/ring.c");
	/* Two lines of one file went in two releases. */
	type(":2");
	assert_true(shows("| ~ reviewed in A, changed in C"));
	type(":7");
	assert_true(shows("| ~ reviewed in A, changed in B"));
	buf_release(&b);
	leave();
}

/* What was not looked at is not denied. */
static void
a_reason_says_how_far_it_looked(void **state)
{
	struct buf b = { 0 };

	(void)state;
	rig_needs_git();
	tool_use(rig_folder());
	assert_int_equal(tool_run(
			     "rm -rf tags && cp -r small tags && cd tags && "
			     "for i in $(seq 140); do "
			     "git tag t$i v2.0~1 || exit 1; done"),
	    0);
	rig_open(&rig, "tags", true);
	add_mark(&b, "v1.0", "src/ring.c", "src/ring.c", 1, 10);
	give(MSG_MARKS, buf_view(&b));
	type(":revision v2.0");
	type(":file src/ring.c");
	type(":7");
	assert_true(
	    shows("~ reviewed otherwise, in none of 64 tags to either"));
	type(":revision v2.0~1");
	type(":file src/ring.c");
	type(":7");
	assert_true(shows("~ reviewed in v1.0, changed in t1"));
	buf_release(&b);
	leave();
}

static void
coverage_says_why_a_file_counts_no_more(void **state)
{
	struct buf b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	add_mark(&b, "v1.0", "src/ring.c", "src/ring.c", 4, 10);
	add_mark(&b, "v1.0", "long.txt", "long.txt", 1, 1);
	add_mark(&b, "v1.0", "src/ring.h", "src/ring.h", 1, 2);
	add_mark(&b, "v2.0", "doc/COPY.md", "doc/README.md", 1, 3);
	add_mark(&b, "v2.0", "doc/COPY.md", "old/doc/COPY.md", 1, 3);
	give(MSG_MARKS, buf_view(&b));
	type(":revision v2.0");
	type(":map");
	assert_true(shows("- 2 gone"));
	play_keys(rig.play.shell, "G");
	assert_true(shows("moved to doc/COPY.md, still counts"));
	play_keys(rig.play.shell, "k");
	assert_true(shows("reviewed in v1.0, file gone in v2.0"));
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("no file of this revision"));
	type("/src");
	play_keys(rig.play.shell, "Enter");
	assert_true(shows("- 1 gone"));
	type("/ring.c");
	assert_true(shows("reviewed in v1.0, changed in v2.0"));
	play_keys(rig.play.shell, "Enter"); /* its functions */
	assert_true(shows("reviewed in v1.0, changed in v2.0"));
	/* Where it was reviewed there is nothing to explain. */
	type(":revision v1.0");
	type(":map");
	assert_true(shows("- 1 gone")); /* was under old/ in none */
	buf_release(&b);
	leave();
}

static struct oid
commit_named(const char *revision)
{
	struct oid commit;

	assert_int_equal(reading_resolve(&commit, rig.reading,
			     str_of(revision)),
	    ERR_NONE);
	return commit;
}

static void
add_other(struct buf *b, uint8_t who, bool reviewed, const char *revision,
    const char *path, uint32_t first, uint32_t last)
{
	uint32_t span[] = { first, last };
	struct hatch_other o = { who, reviewed, commit_named(revision),
		str_of(path), span, 1 };

	hatch_write_other(b, &o);
}

/* Mine, another's, both; and who, in words. */
static void
lines_that_others_read_stand_in_the_gutter(void **state)
{
	const struct str names[] = { STR("bob"), STR("eve") };
	struct buf mine = { 0 }, b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	add_mark(&mine, "v1.0", "src/ring.c", "src/ring.c", 1, 4);
	give(MSG_MARKS, buf_view(&mine));
	hatch_write_names(&b, names, 2);
	add_other(&b, 1, true, "v1.0", "src/ring.c", 3, 7);
	add_other(&b, 1, false, "v1.0", "src/ring.c", 1, 9);
	add_other(&b, 2, true, "v1.0", "src/ring.c", 6, 6);
	add_other(&b, 2, true, "v1.0", "no/such.c", 1, 1);
	give(MSG_OTHERS, buf_view(&b));
	type(":revision v1.0");
	type(":file src/ring.c");
	play_run(&rig.play, "record_others");
	/* Changed lines are lost for everybody, and the reason says whose. */
	type(":revision v2.0");
	type(":file src/ring.c");
	type(":7");
	assert_true(shows("| ~ reviewed by bob in v1.0, changed in v2.0"));
	/* Nothing of them stays when the vault is locked. */
	buf_clear(&b);
	hatch_write_names(&b, names, 0);
	give(MSG_OTHERS, buf_view(&b));
	type(":revision v1.0");
	type(":file src/ring.c");
	type(":5");
	assert_false(quietly("="));
	buf_release(&mine);
	buf_release(&b);
	leave();
}

static void
reasons_stand_in_the_status_row(void **state)
{
	struct buf b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	add_mark(&b, "v1.0", "src/ring.c", "src/ring.c", 4, 10);
	add_mark(&b, "v1.0", "long.txt", "long.txt", 1, 1);
	give(MSG_MARKS, buf_view(&b));
	play_run(&rig.play, "record_reason");
	buf_release(&b);
	leave();
}

/* Two sessions with two rules: each says which one counted. */
static void
coverage_says_which_rule_counted(void **state)
{
	(void)state;
	rig_open_session(&rig);
	assert_int_equal(rig.start.seen_line, 100);
	assert_int_equal(rig.start.seen_least, 2000);
	type(":coverage");
	assert_true(shows("(everything)"));
	assert_true(shows("\nseen: 0.1 s a line, at least 2 s  "));
	rig_close(&rig);
	rig_open(&rig, "small", true);
	rig.start.seen_line = 1500;
	rig.start.seen_least = 30000;
	type(":coverage");
	assert_true(shows("\nseen: 1.5 s a line, at least 30 s  "));
	leave();
}

static void
anchors_are_found_again_in_the_revision_that_is_read(void **state)
{
	struct hatch_found rows[3] = {
		{ 7, 'F', REFIND_UNKNOWN,
		    { .path = STR("src/ring.h"), .first = 3, .last = 6 } },
		{ 8, 'N', REFIND_UNKNOWN,
		    { .path = STR("src/ring.c"), .first = 7, .last = 7 } },
		{ 9, 'N', REFIND_UNKNOWN,
		    { .path = STR("long.txt"), .first = 1, .last = 1 } },
	};
	struct hatch_founds got;
	struct buf b = { 0 }, all = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(reading_resolve(&rows[i].at.commit,
				     rig.reading, STR("v1.0")),
		    ERR_NONE);
		rows[i].at.blob = blob_of("v1.0", rows[i].at.path.at);
		hatch_write_found(&b, &rows[i]);
	}
	give(MSG_ANCHORS, buf_view(&b));
	receive_whole(MSG_REFOUND, &all);
	assert_int_equal(hatch_read_founds(&got, &a, buf_view(&all), true),
	    ERR_NONE);
	assert_int_equal(got.len, 3);
	assert_int_equal(got.at[0].state, REFIND_MOVED);
	assert_true(str_eq(got.at[0].at.path, STR("src/names.h")));
	assert_int_equal(got.at[0].at.first, 3);
	assert_int_equal(got.at[1].state, REFIND_CHANGED);
	assert_int_equal(got.at[1].at.first, 7);
	assert_int_equal(got.at[2].state, REFIND_ABSENT);
	/* The finding shows in the file that it came to. */
	type(":file src/names.h");
	assert_true(shows(" F    3|struct ring {"));
	buf_release(&b);
	buf_release(&all);
	leave();
}

/* A second message that comes when somebody is about to let things out. */
static void
the_notes_room_asks_how_it_stands_in_every_release(void **state)
{
	struct hatch_found row = { 7, 'F', REFIND_UNKNOWN,
		{ .path = STR("src/ring.h"), .first = 3, .last = 6 } };
	struct release releases[2] = { { .name = STR("v1.0") },
		{ .name = STR("v2.0") } };
	struct hatch_founds got;
	struct hatch_covers covers;
	struct buf b = { 0 }, all = { 0 };
	uint64_t lines = 0, seen = 0;
	uint32_t files = 0;
	struct mark m = { .glyph = '.' };

	(void)state;
	rig_open(&rig, "small", true);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(reading_resolve(&releases[i].commit,
				     rig.reading, releases[i].name),
		    ERR_NONE);
	rig.start.releases = releases;
	rig.start.n_releases = 2;
	/* Read: v2.0.  Found in: v2.0.  So it is looked for in v1.0 only
	 * when that is asked for. */
	type(":revision v2.0");
	row.at.commit = releases[1].commit;
	row.at.path = STR("src/names.h");
	row.at.blob = blob_of("v2.0", "src/names.h");
	hatch_write_found(&b, &row);
	m.blob = row.at.blob;
	m.path = row.at.path;
	m.first = 1;
	m.last = 4;
	give(MSG_ANCHORS, buf_view(&b));
	receive_whole(MSG_REFOUND, &all);
	assert_int_equal(hatch_read_founds(&got, &a, buf_view(&all), true),
	    ERR_NONE);
	assert_int_equal(got.len, 0);
	assert_int_not_equal(got.name.len, 0);
	buf_clear(&b);
	mark_write(&m, &b);
	give(MSG_MARKS, buf_view(&b));
	assert_int_equal(port_write(rig.notes, MSG_SURVEY, STR("")), ERR_NONE);
	rig_settle(&rig);
	buf_clear(&all);
	receive_whole(MSG_REFOUND, &all);
	assert_int_equal(hatch_read_founds(&got, &a, buf_view(&all), true),
	    ERR_NONE);
	assert_true(oid_eq(&got.commit, &releases[0].commit));
	assert_int_equal(got.name.len, 0);
	assert_int_equal(got.len, 1);
	assert_int_equal(got.at[0].state, REFIND_MOVED);
	assert_true(str_eq(got.at[0].at.path, STR("src/ring.h")));
	buf_clear(&all);
	receive_whole(MSG_COVERAGE, &all);
	assert_int_equal(hatch_read_covers(&covers, &a, buf_view(&all)),
	    ERR_NONE);
	assert_true(oid_eq(&covers.commit, &releases[1].commit));
	for (uint32_t i = 0; i < covers.len; i++) {
		files += covers.at[i].files;
		lines += covers.at[i].lines;
		seen += covers.at[i].seen;
		if (covers.at[i].seen > 0)
			assert_true(str_eq(covers.at[i].folder, STR("src")));
	}
	assert_int_equal(seen, 4);
	assert_true(files > 2 && lines > seen);
	/* Less than a row is no message. */
	assert_int_equal(hatch_read_covers(&covers, &a,
			     str_slice(buf_view(&all), 0, all.len - 1)),
	    ERR_FORMAT);
	err_clear();
	buf_release(&b);
	buf_release(&all);
	leave();
}

static void
a_mark_goes_to_the_record_and_comes_back_from_it(void **state)
{
	struct hatch_place p;
	struct buf b = { 0 };

	(void)state;
	rig_open(&rig, "small", true);
	type(":file src/ring.c");
	type(":7");
	play_keys(rig.play.shell, "m k");
	rig_settle(&rig);
	receive(MSG_PLACE, &b);
	assert_int_equal(hatch_read_place(&p, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(p.letter, 'k');
	assert_true(str_eq(p.view, STR("file")));
	assert_true(str_eq(p.at.path, STR("src/ring.c")));
	assert_int_equal(p.at.first, 7);
	leave();

	rig_open(&rig, "small", true);
	play_keys(rig.play.shell, "' k");
	assert_true(
	    shows("mark k is not set, mk sets it; those of the record"));
	assert_int_equal(port_write(rig.notes, MSG_PLACE, buf_view(&b)),
	    ERR_NONE);
	rig_settle(&rig);
	play_keys(rig.play.shell, "' k");
	assert_true(shows("src/ring.c"));
	assert_true(shows("L7/14"));
	/* What was set since stays. */
	type(":2");
	play_keys(rig.play.shell, "m k");
	rig_settle(&rig);
	assert_int_equal(port_write(rig.notes, MSG_PLACE, buf_view(&b)),
	    ERR_NONE);
	rig_settle(&rig);
	type(":9");
	play_keys(rig.play.shell, "' k");
	assert_true(shows("L2/14"));
	/* A search has a text: it does not go over. */
	type("g/RING_MAX");
	play_keys(rig.play.shell, "m s");
	assert_true(shows("until you leave: the record keeps places in"));
	buf_release(&b);
	leave();
	rig_open(&rig, "small", false);
	play_keys(rig.play.shell, "m a");
	assert_true(shows("until you leave: there is no record here"));
	leave();
}

static int
end(void **state)
{
	arena_release(&a);
	return rig_teardown(state);
}

/* gA in a function: its callers, and when the record has their list an
 * assumption that rests on it. */
static void
an_assumption_rests_on_the_callers_of_its_function(void **state)
{
	struct hatch_compose c = { 0 };
	struct buf b = { 0 };
	struct hitlist l;

	(void)state;
	rig_open(&rig, "small", true);
	type(":file src/ring.c");
	type(":7");
	play_keys(rig.play.shell, "g A");
	rig_settle(&rig);
	l = take_list();
	assert_true(str_ends(l.title, STR("ring_put")));
	assert_int_equal(l.n_hits, 1);
	assert_true(str_eq(l.files[0].path, STR("src/main.c")));
	show_list(&l, 9);
	receive(MSG_COMPOSE, &b);
	assert_int_equal(hatch_read_compose(&c, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(c.what, HATCH_ASSUMPTION);
	assert_int_equal(c.list, 9);
	assert_int_equal(c.at.first, 7);
	/* The list after that is one like any other. */
	show_list(&l, 10);
	play_keys(rig.play.shell, "Escape");
	buf_release(&b);
	rig_close(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    hits_become_a_worklist_without_a_word_of_the_source),
		cmocka_unit_test(
		    an_assumption_rests_on_the_callers_of_its_function),
		cmocka_unit_test(
		    the_same_search_in_another_release_names_its_list),
		cmocka_unit_test(
		    reviewed_lines_count_and_follow_the_next_release),
		cmocka_unit_test(a_line_says_why_it_counts_no_more),
		cmocka_unit_test(reasons_name_the_releases_of_a_session),
		cmocka_unit_test(a_reason_says_how_far_it_looked),
		cmocka_unit_test(coverage_says_why_a_file_counts_no_more),
		cmocka_unit_test(coverage_says_which_rule_counted),
		cmocka_unit_test(reasons_stand_in_the_status_row),
		cmocka_unit_test(lines_that_others_read_stand_in_the_gutter),
		cmocka_unit_test(
		    anchors_are_found_again_in_the_revision_that_is_read),
		cmocka_unit_test(
		    the_notes_room_asks_how_it_stands_in_every_release),
		cmocka_unit_test(
		    a_mark_goes_to_the_record_and_comes_back_from_it),
	};

	return cmocka_run_group_tests(tests, rig_setup, end);
}
