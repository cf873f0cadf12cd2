#include "core/history_keep.h"

#include "core/git_log.h"
#include "core/history_index.h"
#include "tests/core/repo.h"

struct turns {
	unsigned asked, stopped, told;
	uint64_t done, total;
};

static bool
stop_often(void *arg)
{
	struct turns *t = arg;
	bool stop = ++t->asked % 3 == 0;

	t->stopped += stop;
	return stop;
}

static bool
never(void *arg)
{
	(void)arg;
	return false;
}

static void
tell(void *arg, uint64_t done, uint64_t total)
{
	struct turns *t = arg;

	assert_true(done <= total);
	assert_true(t->done <= done);
	t->done = done;
	t->total = total;
	t->told++;
}

static size_t
log_length(struct git_graph *g, const struct oid *from, struct str path)
{
	const struct git_log_options o = { .from = *from, .path = path };
	struct git_log *l;
	uint32_t node;
	size_t n = 0;
	bool got;

	assert_int_equal(git_log_open(&l, g, &o), ERR_NONE);
	while (git_log_next(&node, &got, l, 0) == ERR_NONE)
		n += got;
	git_log_close(l);
	err_clear();
	return n;
}

/* Between two turns others read history over the same graph. */
static void
one_that_was_stopped_goes_on(void **state)
{
	struct turns t = { 0 };
	struct history_keep_turn turn = { .stop = stop_often,
		.tell = tell,
		.arg = &t };
	struct history_keep *k;
	struct oid tip;
	struct repo r;
	size_t before;
	enum err rc;

	(void)state;
	repo_start();
	repo_history("h", 91, 400);
	repo_open(&r, "h");
	tip = repo_id(&r, "main");
	turn.tips = &tip;
	turn.n = 1;
	history_keep_open(&k, r.graph, NULL);
	assert_int_equal(history_keep_remark(k).len, 0);
	before = log_length(r.graph, &tip, STR("lib"));
	assert_true(before > 20);
	while ((rc = history_keep_build(k, &turn)) == ERR_STOPPED) {
		err_clear();
		assert_null(git_graph_index(r.graph));
		assert_int_equal(log_length(r.graph, &tip, STR("lib")), before);
	}
	assert_int_equal(rc, ERR_NONE);
	assert_true(t.stopped > 3);
	assert_true(t.told > 3);
	assert_true(t.done == t.total && t.total > 300);
	assert_non_null(git_graph_index(r.graph));
	assert_int_equal(history_index_commits(git_graph_index(r.graph)),
	    t.total);
	assert_int_equal(log_length(r.graph, &tip, STR("lib")), before);
	assert_int_equal(history_keep_build(k, &turn), ERR_NONE);
	git_graph_close(r.graph);
	history_keep_close(k);
	git_graph_open(&r.graph, r.git);
	repo_close(&r);
	repo_end();
}

static void
write_file(const char *name, struct str bytes)
{
	FILE *f = fopen(repo_path(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, f), bytes.len);
	assert_int_equal(fclose(f), 0);
}

static void
make_index(struct buf *bytes, struct repo *r)
{
	struct oid tip = repo_id(r, "main");
	const struct history_index_wish wish = { .tips = &tip, .n = 1 };
	struct history_index_build *b;
	struct git_graph *g;
	uint64_t done, total;

	git_graph_open(&g, r->git);
	history_index_build_open(&b, g, &wish);
	while (history_index_build_step(&done, &total, b, 100) == ERR_NONE)
		;
	history_index_build_write(b, bytes);
	history_index_build_close(b);
	git_graph_close(g);
}

/* What is said of the index in that file; "" when it is used. */
static void
expect(struct repo *r, const char *name, const char *words)
{
	struct history_keep *k;
	struct git_graph *g;
	struct str said;

	git_graph_open(&g, r->git);
	history_keep_open(&k, g, repo_path(name));
	said = history_keep_remark(k);
	if (str_find(said, str_of(words), 0) == SIZE_MAX ||
	    (words[0] == '\0' && said.len > 0))
		print_error("said: %s\n", said.at);
	assert_true(str_find(said, str_of(words), 0) != SIZE_MAX);
	assert_int_equal(said.len > 0, words[0] != '\0');
	assert_int_equal(git_graph_index(g) != NULL, words[0] == '\0');
	assert_int_equal(history_keep_remark(k).len, 0);
	git_graph_close(g);
	history_keep_close(k);
	err_clear();
}

static void
the_file_of_a_session_is_used_or_its_fault_is_said(void **state)
{
	struct buf bytes = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_history("h", 92, 30);
	repo_open(&r, "h");
	make_index(&bytes, &r);
	write_file("history", buf_view(&bytes));
	expect(&r, "history", "");
	bytes.at[bytes.len / 2] = (char)(bytes.at[bytes.len / 2] ^ 4);
	write_file("damaged", buf_view(&bytes));
	expect(&r, "damaged", "damaged: its sum; it is not used");
	write_file("short", str_slice(buf_view(&bytes), 0, bytes.len - 8));
	expect(&r, "short", "damaged: its size; it is not used");
	write_file("other",
	    STR("nothing of the kind, but long enough to be "
		"read as a header of an index"));
	expect(&r, "other", "not an index of history; it is not used");
	expect(&r, "absent", "has no index of history");
	buf_release(&bytes);
	repo_close(&r);
	repo_end();
}

/* A bound that is passed ends the making; without it there is an index. */
static void
one_that_grows_too_large_is_given_up(void **state)
{
	struct history_index_wish wish = { .n = 1, .stop = never, .most = 1 };
	struct history_index_build *b;
	uint64_t done, total;
	struct oid tip;
	struct repo r;
	enum err rc;

	(void)state;
	repo_start();
	repo_history("h", 93, 30);
	repo_open(&r, "h");
	tip = repo_id(&r, "main");
	wish.tips = &tip;
	for (int k = 0; k < 2; k++) {
		history_index_build_open(&b, r.graph, &wish);
		while ((rc = history_index_build_step(&done, &total, b, 9)) ==
		    ERR_NONE)
			;
		assert_int_equal(rc, k == 0 ? ERR_LIMIT : ERR_ABSENT);
		err_clear();
		history_index_build_close(b);
		wish.most = 64 * 1024 * 1024;
	}
	repo_close(&r);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_was_stopped_goes_on),
		cmocka_unit_test(
		    the_file_of_a_session_is_used_or_its_fault_is_said),
		cmocka_unit_test(one_that_grows_too_large_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
