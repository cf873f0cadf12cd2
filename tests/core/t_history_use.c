/*
 * What the log of a path, blame and the others say with an index of history
 * is what they say without it.
 */
#include "core/git_blame.h"
#include "core/git_follow.h"
#include "core/git_linelog.h"
#include "core/git_log.h"
#include "core/git_path.h"
#include "core/git_pickaxe.h"
#include "core/history_index.h"
#include "core/history_index_format.h"
#include "tests/core/repo.h"

/* One repository, read with and without. */
struct two {
	struct repo r;
	struct buf bytes;
	struct history_index *index;
	struct git_graph *with;
	size_t found; /* bytes of answers that were compared */
};

static void
make_index(struct buf *out, struct repo *r, const char *revision)
{
	struct oid tip = repo_id(r, revision);
	const struct history_index_wish wish = { .tips = &tip,
		.n = 1,
		.pairs = 1000 };
	struct history_index_build *b;
	struct git_graph *g;
	uint64_t done, total;

	git_graph_open(&g, r->git);
	history_index_build_open(&b, g, &wish);
	while (history_index_build_step(&done, &total, b, 100) == ERR_NONE)
		;
	buf_clear(out);
	history_index_build_write(b, out);
	history_index_build_close(b);
	git_graph_close(g);
	err_clear();
}

static void
open_two(struct two *t, const char *dir, const char *revision)
{
	*t = (struct two){ 0 };
	repo_open(&t->r, dir);
	make_index(&t->bytes, &t->r, revision);
	assert_int_equal(history_index_open_bytes(&t->index,
			     buf_view(&t->bytes)),
	    ERR_NONE);
	git_graph_open(&t->with, t->r.git);
	assert_int_equal(git_graph_use(t->with, t->index), ERR_NONE);
}

static void
close_two(struct two *t)
{
	git_graph_close(t->with);
	history_index_close(t->index);
	buf_release(&t->bytes);
	repo_close(&t->r);
}

static void
add_id(struct buf *b, struct git_graph *g, uint32_t node)
{
	buf_printf(b, "%s\n", oid_text(&git_graph_node(g, node)->id).hex);
}

/* Each of these appends what it finds, and how it ended. */

static void
log_of(struct buf *b, struct git_graph *g, const struct oid *from,
    struct str path)
{
	for (int k = 0; k < 3; k++) {
		const struct git_log_options o = { .from = *from,
			.path = path,
			.first_parent = k == 1,
			.topo = k == 2 };
		struct git_log *l;
		uint32_t node;
		bool got;
		enum err rc;

		assert_int_equal(git_log_open(&l, g, &o), ERR_NONE);
		while ((rc = git_log_next(&node, &got, l, 7)) == ERR_NONE)
			if (got)
				add_id(b, g, node);
		buf_printf(b, "end %s cut %u\n", err_name(rc), git_log_cut(l));
		git_log_close(l);
	}
}

static void
follow_of(struct buf *b, struct git_graph *g, const struct oid *from,
    struct str path)
{
	struct git_follow *f;
	struct str name;
	uint32_t node;
	bool got;
	enum err rc;

	assert_int_equal(git_follow_open(&f, g, from, path), ERR_NONE);
	while ((rc = git_follow_next(&node, &name, &got, f, 5, NULL, NULL)) ==
	    ERR_NONE)
		if (got) {
			buf_printf(b, "%.*s ", STR_ARG(name));
			add_id(b, g, node);
		}
	buf_printf(b, "end %s\n", err_name(rc));
	git_follow_close(f);
}

static void
blame_of(struct buf *b, struct git_graph *g, const struct oid *from,
    struct str path)
{
	for (unsigned k = 0; k < 4; k++) {
		const struct blame_options o = { .ignore_space = k & 1,
			.moves = k / 2 };
		struct blame_part part;
		struct git_blame *bl;
		bool got;
		enum err rc = git_blame_open(&bl, g, from, path, &o);

		buf_printf(b, "blame %s\n", err_name(rc));
		if (rc != ERR_NONE)
			return;
		while ((rc = git_blame_next(&part, &got, bl, 9)) == ERR_NONE)
			if (got)
				buf_printf(b, "%u %u %u %d %s %.*s\n",
				    part.first, part.len, part.old_first,
				    part.boundary, oid_text(&part.commit).hex,
				    STR_ARG(part.old_path));
		buf_printf(b, "end %s\n", err_name(rc));
		git_blame_close(bl);
	}
}

static void
lines_of(struct buf *b, struct git_graph *g, const struct oid *from,
    struct str path)
{
	struct linelog_row row;
	struct git_linelog *l;
	bool got;
	enum err rc = git_linelog_open(&l, g, from, path, 2, 6);

	buf_printf(b, "lines %s\n", err_name(rc));
	if (rc != ERR_NONE)
		return;
	while ((rc = git_linelog_next(&row, &got, l, 3)) == ERR_NONE)
		if (got)
			buf_printf(b, "%s %.*s %u %u\n",
			    oid_text(&row.commit).hex, STR_ARG(row.path),
			    row.first, row.last);
	git_linelog_close(l);
}

static void
texts_of(struct buf *b, struct git_graph *g, const struct oid *from,
    struct str path)
{
	struct pickaxe_row row;
	struct git_pickaxe *p;
	bool got;

	assert_int_equal(git_pickaxe_open(&p, g, from, STR("number 3"), path),
	    ERR_NONE);
	while (git_pickaxe_next(&row, &got, p, 3, NULL, NULL) == ERR_NONE)
		if (got) {
			buf_printf(b, "%.*s %u %u ", STR_ARG(row.path), row.old,
			    row.new);
			add_id(b, g, row.node);
		}
	buf_printf(b, "missing %u\n", git_pickaxe_missing(p));
	git_pickaxe_close(p);
}

static void
ask_all(struct two *t, const struct oid *from, struct str path, bool file)
{
	static void (*const ask[])(struct buf *, struct git_graph *,
	    const struct oid *,
	    struct str) = { log_of, follow_of, texts_of, blame_of, lines_of };
	struct buf plain = { 0 }, with = { 0 };

	for (size_t i = 0; i < (file ? 5 : 3); i++) {
		buf_clear(&plain);
		buf_clear(&with);
		ask[i](&plain, t->r.graph, from, path);
		err_clear();
		ask[i](&with, t->with, from, path);
		err_clear();
		repo_same(&with, &plain);
		t->found += plain.len;
	}
	buf_release(&plain);
	buf_release(&with);
}

static void
ask_about(struct two *t, const char *dir, const char *revision)
{
	struct oid from = repo_id(&t->r, revision);
	struct buf files = { 0 };
	struct str rest, path;

	repo_ask(&files, "git -C %s ls-tree -r --name-only %s", dir, revision);
	rest = buf_view(&files);
	while (str_cut(&rest, '\n', &path))
		if (path.len > 0)
			ask_all(t, &from, path, true);
	repo_ask(&files, "git -C %s ls-tree -r -d --name-only %s", dir,
	    revision);
	rest = buf_view(&files);
	while (str_cut(&rest, '\n', &path))
		if (path.len > 0)
			ask_all(t, &from, path, false);
	ask_all(t, &from, STR("never/there"), true);
	buf_release(&files);
}

/* From the tip, from inside, and from a commit that the index has not. */
static void
answers_are_the_same_with_and_without(void **state)
{
	(void)state;
	repo_start();
	for (unsigned seed = 81; seed <= 84; seed++) {
		struct two t;
		char dir[16];

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 120);
		repo_open(&t.r, dir);
		repo_close(&t.r);
		open_two(&t, dir, "main~3");
		ask_about(&t, dir, "main");
		ask_about(&t, dir, "main~9");
		assert_true(t.found > 50000);
		close_two(&t);
	}
	repo_end();
}

/* Folders and commits that are not there: what is not known is compared. */
static void
answers_are_the_same_where_parts_are_missing(void **state)
{
	struct two t;

	(void)state;
	repo_start();
	repo_script("init full\nmkdir -p a/in b\n"
		    "for i in 1 2 3 4 5 6 7 8; do\n"
		    "	seq $i 30 >a/in/f; echo $i >b/g; commit $i; done\n"
		    "git mv b/g b/h; commit moved\n"
		    "for i in 3 6; do\n"
		    "	t=$(git rev-parse HEAD~$i:a/in)\n"
		    "	rm -f .git/objects/$(echo $t | cut -c1-2)/"
		    "$(echo $t | cut -c3-)\n"
		    "done\n"
		    "cd ..\ninit src\n"
		    "for i in 1 2 3 4 5; do echo $i >f; commit $i; done\n"
		    "cd ..\n"
		    "git clone -q --bare --depth 3 file://$PWD/src cut\n");
	open_two(&t, "full/.git", "main");
	ask_about(&t, "full/.git", "main");
	close_two(&t);
	open_two(&t, "cut", "main");
	ask_about(&t, "cut", "main");
	close_two(&t);
	repo_end();
}

static void
sum_again(struct buf *bytes)
{
	uint64_t sum = history_index_sum(buf_view(bytes));

	memcpy(bytes->at + HISTORY_INDEX_AT_SUM, &sum, sizeof sum);
}

/* Where the changes of a path stand in the bytes; some commit between two of
 * them takes the place of one. */
static void
shift_a_change(struct two *t, struct str path)
{
	const struct history_index_change *c;
	uint32_t number, n, k = 0, moved;
	const char *at;

	assert_true(history_index_find_path(&number, t->index, path));
	c = history_index_changes(t->index, number, &n);
	while (k < n &&
	    (c[k].commit == 0 || (k > 0 && c[k - 1].commit == c[k].commit - 1)))
		k++;
	assert_true(k < n);
	moved = c[k].commit - 1;
	at = (const char *)&c[k];
	memcpy(t->bytes.at + (at - t->bytes.at), &moved, sizeof moved);
}

/* The answers above come from the index: another one gives others.  Without
 * its sum set right it is not read at all. */
static void
an_index_that_lies_is_believed_only_with_its_sum(void **state)
{
	struct buf plain = { 0 }, with = { 0 };
	struct history_index *x;
	struct git_graph *g;
	struct oid from;
	struct two t;

	(void)state;
	repo_start();
	repo_script("init h\nfor i in 1 2 3 4 5 6 7 8 9; do\n"
		    "	echo $i >f; commit $i\n"
		    "	echo $i >g; commit $i; done\n");
	open_two(&t, "h/.git", "main");
	from = repo_id(&t.r, "main");
	log_of(&plain, t.r.graph, &from, STR("f"));
	log_of(&with, t.with, &from, STR("f"));
	repo_same(&with, &plain);
	shift_a_change(&t, STR("f"));
	assert_int_equal(history_index_open_bytes(&x, buf_view(&t.bytes)),
	    ERR_FORMAT);
	assert_string_equal(err_text(),
	    "the index of history is damaged: its sum");
	err_clear();
	sum_again(&t.bytes);
	assert_int_equal(history_index_open_bytes(&x, buf_view(&t.bytes)),
	    ERR_NONE);
	git_graph_open(&g, t.r.git);
	assert_int_equal(git_graph_use(g, x), ERR_NONE);
	buf_clear(&with);
	log_of(&with, g, &from, STR("f"));
	assert_false(str_eq(buf_view(&with), buf_view(&plain)));
	git_graph_close(g);
	history_index_close(x);
	close_two(&t);
	buf_release(&plain);
	buf_release(&with);
	repo_end();
}

/* What was read before the index came is held against it. */
static void
an_index_of_other_commits_is_not_used(void **state)
{
	struct history_index *x;
	struct oid from;
	struct two t;
	uint32_t node, place;
	char *tree;

	(void)state;
	repo_start();
	repo_script("init h\nfor i in 1 2 3; do echo $i >f; commit $i; done\n");
	open_two(&t, "h/.git", "main");
	from = repo_id(&t.r, "main");
	node = git_graph_name(t.r.graph, &from);
	assert_int_equal(git_graph_load(t.r.graph, node), ERR_NONE);
	assert_true(history_index_find(&place, t.index, &from));
	tree = t.bytes.at + HISTORY_INDEX_HEADER +
	    (size_t)place * HISTORY_INDEX_COMMIT + OID_BYTES;
	tree[3] = (char)(tree[3] ^ 1);
	sum_again(&t.bytes);
	assert_int_equal(history_index_open_bytes(&x, buf_view(&t.bytes)),
	    ERR_NONE);
	assert_int_equal(git_graph_use(t.r.graph, x), ERR_FORMAT);
	assert_null(git_graph_index(t.r.graph));
	err_clear();
	tree[3] = (char)(tree[3] ^ 1);
	assert_int_equal(git_graph_use(t.r.graph, x), ERR_NONE);
	assert_true(git_graph_listed(&place, t.r.graph, node));
	git_graph_close(t.r.graph);
	history_index_close(x);
	git_graph_open(&t.r.graph, t.r.git);
	close_two(&t);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_the_same_with_and_without),
		cmocka_unit_test(answers_are_the_same_where_parts_are_missing),
		cmocka_unit_test(
		    an_index_that_lies_is_believed_only_with_its_sum),
		cmocka_unit_test(an_index_of_other_commits_is_not_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
