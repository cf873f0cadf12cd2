#include "core/git_log.h"

#include "tests/core/repo.h"

static void
list(struct buf *out, struct repo *r, const struct git_log_options *o,
    unsigned steps)
{
	struct git_log *l;
	uint32_t node;
	bool got;
	enum err rc;

	buf_clear(out);
	assert_int_equal(git_log_open(&l, r->graph, o), ERR_NONE);
	while ((rc = git_log_next(&node, &got, l, steps)) == ERR_NONE)
		if (got)
			buf_printf(out, "%s\n",
			    oid_text(&git_graph_node(r->graph, node)->id).hex);
	assert_int_equal(rc, ERR_ABSENT);
	assert_int_equal(git_log_cut(l), 0);
	git_log_close(l);
}

static const char *const paths[] = {
	"",
	"lib",
	"lib/deep",
	"src",
	"f1.c",
	"f7.c",
	"lib/f3.c",
	"src/f12.c",
	"lib/deep/f5.c",
	"src/f30.c",
	"never/was",
	"f39.c",
	"lib/f20.c",
};

static void
against_git(struct repo *r, const char *dir, struct git_log_options o,
    const char *flags, const char *range)
{
	struct buf ours = { 0 }, theirs = { 0 };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		o.path = str_of(paths[i]);
		list(&ours, r, &o, 1 + (unsigned)i * 7);
		repo_ask(&theirs, "git -C %s log --format=%%H %s %s %s %s", dir,
		    flags, range, paths[i][0] == '\0' ? "" : "--", paths[i]);
		repo_same(&ours, &theirs);
	}
	buf_release(&ours);
	buf_release(&theirs);
}

static void
every_log_is_the_log_of_git(void **state)
{
	struct buf count = { 0 };

	(void)state;
	repo_start();
	for (unsigned seed = 1; seed <= 4; seed++) {
		char dir[16];
		struct repo r;
		struct git_log_options o = { 0 };

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 250);
		repo_ask(&count, "git -C %s rev-list --merges --count main",
		    dir);
		assert_true(atoi(count.at) > 10);
		repo_open(&r, dir);
		o.from = repo_id(&r, "main");
		against_git(&r, dir, o, "", "main");
		o.first_parent = true;
		against_git(&r, dir, o, "--first-parent", "main");
		o.first_parent = false;
		o.without = repo_id(&r, "main~9");
		against_git(&r, dir, o, "", "main~9..main");
		repo_close(&r);
	}
	buf_release(&count);
	repo_end();
}

static void
children_come_before_parents_on_request(void **state)
{
	struct git_log_options o = { .topo = true };
	struct buf ours = { 0 }, theirs = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_history("h", 7, 200);
	repo_open(&r, "h");
	o.from = repo_id(&r, "main");
	list(&ours, &r, &o, 3);
	repo_ask(&theirs, "git -C h log --format=%%H --topo-order main");
	repo_same(&ours, &theirs);
	/* The dates of this history lie: by date is another order. */
	repo_ask(&theirs, "git -C h log --format=%%H main");
	assert_false(str_eq(buf_view(&ours), buf_view(&theirs)));
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
a_slice_looks_at_no_more_than_it_may(void **state)
{
	struct git_log_options o = { .path = STR("first") };
	struct git_log *l;
	struct repo r;
	uint32_t node;
	unsigned slices = 0;
	bool got = false;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >first\ncommit first\n"
		    "for i in 1 2 3 4 5 6 7 8 9; do echo $i >other\ncommit $i\n"
		    "done\n");
	repo_open(&r, "r/.git");
	o.from = repo_id(&r, "HEAD");
	assert_int_equal(git_log_open(&l, r.graph, &o), ERR_NONE);
	while (!got && slices < 100) {
		assert_int_equal(git_log_next(&node, &got, l, 2), ERR_NONE);
		slices++;
		assert_true(git_log_seen(l) <= 2 * slices);
	}
	assert_int_equal(slices, 5);
	assert_int_equal(git_log_next(&node, &got, l, 2), ERR_ABSENT);
	git_log_close(l);
	repo_close(&r);
	repo_end();
}

static void
history_that_was_cut_off_ends_and_is_counted(void **state)
{
	struct git_log_options o = { 0 };
	struct git_log *l;
	struct repo r;
	uint32_t node;
	unsigned n = 0;
	bool got;
	enum err rc;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nfor i in 1 2 3 4 5; do echo $i >f; commit $i\n"
	    "done\ncd ..\n"
	    "git clone -q --bare --depth 2 \"file://$PWD/r\" shallow\n");
	repo_open(&r, "shallow");
	o.from = repo_id(&r, "HEAD");
	assert_int_equal(git_log_open(&l, r.graph, &o), ERR_NONE);
	while ((rc = git_log_next(&node, &got, l, 0)) == ERR_NONE)
		n += got;
	assert_int_equal(rc, ERR_ABSENT);
	assert_int_equal(n, 2);
	assert_int_equal(git_log_cut(l), 1);
	git_log_close(l);
	assert_true(str_find(git_repo_notice(r.git, &r.a), STR("shallow"), 0) !=
	    SIZE_MAX);
	repo_close(&r);
	repo_end();
}

static void
replacements_and_grafts_change_nothing(void **state)
{
	struct git_log_options o = { 0 };
	struct buf ours = { 0 }, theirs = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\nfor i in 1 2 3 4; do echo $i >f; commit $i\n"
		    "done\ngit replace --graft HEAD HEAD~2\n");
	repo_open(&r, "r/.git");
	o.from = repo_id(&r, "HEAD");
	list(&ours, &r, &o, 0);
	repo_ask(&theirs, "git -C r --no-replace-objects log --format=%%H");
	repo_same(&ours, &theirs);
	/* git itself is taken in: that is what is not wanted. */
	repo_ask(&theirs, "git -C r log --format=%%H");
	assert_false(str_eq(buf_view(&ours), buf_view(&theirs)));
	assert_true(str_find(git_repo_notice(r.git, &r.a),
			STR("refs/replace is ignored"), 0) != SIZE_MAX);
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_log_is_the_log_of_git),
		cmocka_unit_test(children_come_before_parents_on_request),
		cmocka_unit_test(a_slice_looks_at_no_more_than_it_may),
		cmocka_unit_test(history_that_was_cut_off_ends_and_is_counted),
		cmocka_unit_test(replacements_and_grafts_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
