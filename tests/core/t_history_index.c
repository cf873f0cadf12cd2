#include "core/history_index.h"

#include "core/history_index_format.h"
#include "tests/core/repo.h"

/* The index of what `tips` reach, made in slices of `steps`. */
static void
build(struct buf *out, struct repo *r, const struct oid *tips, size_t n,
    const struct history_index *old, unsigned steps)
{
	const struct history_index_wish wish = { .tips = tips,
		.n = n,
		.pairs = 1000,
		.old = old };
	struct history_index_build *b;
	uint64_t done, total;
	enum err rc;

	history_index_build_open(&b, r->graph, &wish);
	while ((rc = history_index_build_step(&done, &total, b, steps)) ==
	    ERR_NONE)
		assert_true(done <= total);
	assert_int_equal(rc, ERR_ABSENT);
	assert_int_equal(done, total);
	buf_clear(out);
	history_index_build_write(b, out);
	history_index_build_close(b);
}

static const char *
hex_of(const struct history_index *x, uint32_t content)
{
	static char hex[2][2 * OID_BYTES + 1];
	static int turn;
	struct oid id = { 0 };

	turn = !turn;
	if (content != HISTORY_INDEX_NONE)
		id = history_index_content(x, content);
	snprintf(hex[turn], sizeof hex[turn], "%s", oid_text(&id).hex);
	return hex[turn];
}

/* "path commit before after", in the order of the index. */
static void
list(struct buf *out, const struct history_index *x)
{
	buf_clear(out);
	for (uint32_t p = 0; p < history_index_paths(x); p++) {
		uint32_t n;
		const struct history_index_change *c =
		    history_index_changes(x, p, &n);

		for (uint32_t i = 0; i < n; i++) {
			struct oid id = history_index_commit(x, c[i].commit).id;

			assert_ptr_equal(history_index_change(x, p,
					     c[i].commit),
			    &c[i]);
			buf_printf(out, "%.*s %s ",
			    STR_ARG(history_index_path(x, p)),
			    oid_text(&id).hex);
			buf_printf(out, "%s %s\n", hex_of(x, c[i].before),
			    hex_of(x, c[i].after));
		}
	}
}

static void
every_change_is_one_that_git_names(void **state)
{
	struct buf bytes = { 0 }, ours = { 0 }, theirs = { 0 };

	(void)state;
	repo_start();
	for (unsigned seed = 1; seed <= 3; seed++) {
		struct history_index *x;
		struct oid tip;
		struct repo r;
		char dir[16];

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 200);
		repo_open(&r, dir);
		tip = repo_id(&r, "main");
		build(&bytes, &r, &tip, 1, NULL, seed);
		assert_int_equal(history_index_open_bytes(&x, buf_view(&bytes)),
		    ERR_NONE);
		list(&ours, x);
		repo_ask(&theirs,
		    "git -C %s log --diff-merges=first-parent --raw "
		    "--no-abbrev --no-renames --format=%%H main | LC_ALL=C awk "
		    "'NF == 1 { c = $1 } NF > 1 { print $6, c, $3, $4 }' | "
		    "LC_ALL=C sort",
		    dir);
		assert_true(theirs.len > 10000);
		repo_same(&ours, &theirs);
		history_index_close(x);
		repo_close(&r);
	}
	repo_end();
	buf_release(&bytes);
	buf_release(&ours);
	buf_release(&theirs);
}

static void
parents_levels_and_dates_are_those_of_the_commits(void **state)
{
	struct buf bytes = { 0 };
	struct history_index *x;
	struct oid tip;
	struct repo r;
	uint32_t n;

	(void)state;
	repo_start();
	repo_history("h", 5, 120);
	repo_open(&r, "h");
	tip = repo_id(&r, "main");
	build(&bytes, &r, &tip, 1, NULL, 1000);
	assert_int_equal(history_index_open_bytes(&x, buf_view(&bytes)),
	    ERR_NONE);
	n = history_index_commits(x);
	assert_true(n >= 100);
	for (uint32_t i = 0; i < n; i++) {
		struct history_index_commit c = history_index_commit(x, i);
		uint32_t node = git_graph_name(r.graph, &c.id), found;
		const struct graph_node *g = git_graph_node(r.graph, node);

		assert_false(c.missing || c.unknown);
		assert_int_equal(c.time, g->time);
		assert_true(oid_eq(&c.tree, &g->tree));
		assert_int_equal(c.n_parents, g->n_parents);
		assert_true(history_index_find(&found, x, &c.id));
		assert_int_equal(found, i);
		for (uint32_t k = 0; k < c.n_parents; k++) {
			struct history_index_commit p =
			    history_index_commit(x, c.parents[k]);
			uint32_t parent = git_graph_parent(r.graph, node, k);

			assert_true(p.level < c.level);
			assert_true(oid_eq(&p.id,
			    &git_graph_node(r.graph, parent)->id));
		}
	}
	history_index_close(x);
	repo_close(&r);
	repo_end();
	buf_release(&bytes);
}

static void
an_older_index_gives_the_same_bytes(void **state)
{
	struct buf whole = { 0 }, half = { 0 }, grown = { 0 };
	struct history_index *old;
	struct oid tip, before;
	struct repo r;

	(void)state;
	repo_start();
	repo_history("h", 7, 200);
	repo_open(&r, "h");
	tip = repo_id(&r, "main");
	before = repo_id(&r, "main~20");
	build(&whole, &r, &tip, 1, NULL, 7);
	build(&half, &r, &before, 1, NULL, 1000);
	assert_true(half.len < whole.len);
	assert_int_equal(history_index_open_bytes(&old, buf_view(&half)),
	    ERR_NONE);
	build(&grown, &r, &tip, 1, old, 1000);
	repo_same(&grown, &whole);
	history_index_close(old);
	repo_close(&r);
	repo_end();
	buf_release(&whole);
	buf_release(&half);
	buf_release(&grown);
}

static void
renames_and_folders_are_found(void **state)
{
	struct buf bytes = { 0 };
	const struct history_index_rename *rename;
	struct history_index *x;
	struct oid tip;
	struct repo r;
	uint32_t commit, path, first, n;

	(void)state;
	repo_start();
	repo_script("git init -q -b main h\ncd h\nmkdir a a-b\n"
		    "seq 100 >a/one\necho 1 >a-b/x\necho 1 >a.c\n"
		    "commit first\n"
		    "git mv a/one a/two\necho more >>a/two\ncommit moved\n");
	repo_open(&r, "h/.git");
	tip = repo_id(&r, "main");
	build(&bytes, &r, &tip, 1, NULL, 1);
	assert_int_equal(history_index_open_bytes(&x, buf_view(&bytes)),
	    ERR_NONE);
	assert_true(history_index_has_renames(x));
	assert_true(history_index_find(&commit, x, &tip));
	rename = history_index_renames(x, commit, &n);
	assert_int_equal(n, 1);
	assert_true(str_eq(history_index_path(x, rename->from), STR("a/one")));
	assert_true(str_eq(history_index_path(x, rename->to), STR("a/two")));
	assert_in_range(rename->similarity, 50, 99);
	history_index_below(&first, &n, x, STR("a"));
	assert_int_equal(n, 2);
	assert_true(str_eq(history_index_path(x, first), STR("a/one")));
	history_index_below(&first, &n, x, STR(""));
	assert_int_equal(n, 4);
	history_index_below(&first, &n, x, STR("none"));
	assert_int_equal(n, 0);
	assert_true(history_index_find_path(&path, x, STR("a.c")));
	assert_false(history_index_find_path(&path, x, STR("a")));
	assert_false(history_index_find(&commit, x, &(struct oid){ { 1 } }));
	history_index_close(x);
	repo_close(&r);
	repo_end();
	buf_release(&bytes);
}

static void
history_that_was_cut_off_is_named_as_missing(void **state)
{
	struct buf bytes = { 0 };
	struct history_index *x;
	uint32_t missing = 0, unknown = 0;
	struct oid tip;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("git init -q -b main h\ncd h\n"
		    "for i in 1 2 3 4; do echo $i >f; commit $i; done\ncd ..\n"
		    "git clone -q --bare --depth 2 file://$PWD/h s\n");
	repo_open(&r, "s");
	tip = repo_id(&r, "main");
	build(&bytes, &r, &tip, 1, NULL, 1);
	assert_int_equal(history_index_open_bytes(&x, buf_view(&bytes)),
	    ERR_NONE);
	assert_int_equal(history_index_commits(x), 3);
	for (uint32_t i = 0; i < 3; i++) {
		struct history_index_commit c = history_index_commit(x, i);

		missing += c.missing && c.level == 0;
		unknown += c.unknown && c.n_parents == 1;
	}
	assert_int_equal(missing, 1);
	assert_int_equal(unknown, 1);
	history_index_close(x);
	repo_close(&r);
	repo_end();
	buf_release(&bytes);
}

/* A name twice in a folder, and one that is no name. */
static void
hostile_folders_give_an_index_that_opens(void **state)
{
	static const char *const names[] = { "dup", "dup", "../up", "a/b" };
	FILE *f;
	struct buf bytes = { 0 };
	struct history_index *x;
	struct oid tip;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("git init -q --bare -b main h\n");
	f = fopen(repo_path("raw"), "wb");
	assert_non_null(f);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		fprintf(f, "100644 %s%c", names[i], 0);
		fwrite("12345678901234567890", 1, OID_BYTES, f);
	}
	assert_int_equal(fclose(f), 0);
	repo_script("cd h\nt=$(git hash-object -w --literally -t tree "
		    "../raw)\n"
		    "git update-ref refs/heads/main "
		    "$(git commit-tree -m x $t)\n");
	repo_open(&r, "h");
	tip = repo_id(&r, "main");
	build(&bytes, &r, &tip, 1, NULL, 1);
	assert_int_equal(history_index_open_bytes(&x, buf_view(&bytes)),
	    ERR_NONE);
	assert_int_equal(history_index_paths(x), 3);
	history_index_close(x);
	repo_close(&r);
	repo_end();
	buf_release(&bytes);
}

/* As one would who damages it on purpose. */
static void
sum_again(char *bytes, size_t len)
{
	uint64_t sum = history_index_sum((struct str){ bytes, len });

	if (len >= HISTORY_INDEX_HEADER)
		memcpy(bytes + HISTORY_INDEX_AT_SUM, &sum, sizeof sum);
}

/* Whatever is believed, everything that can be asked is answered. */
static void
ask_all(const struct history_index *x)
{
	struct buf out = { 0 };
	uint32_t n;

	list(&out, x);
	for (uint32_t i = 0; i < history_index_commits(x); i++) {
		struct history_index_commit c = history_index_commit(x, i);

		for (uint32_t k = 0; k < c.n_parents; k++)
			assert_true(c.parents[k] < history_index_commits(x));
		(void)history_index_renames(x, i, &n);
	}
	buf_release(&out);
}

static void
damage_is_refused_or_harmless(void **state)
{
	struct buf bytes = { 0 };
	struct history_index *x;
	unsigned refused = 0;
	struct oid tip;
	struct repo r;
	char *copy;

	(void)state;
	repo_start();
	repo_history("h", 3, 12);
	repo_open(&r, "h");
	tip = repo_id(&r, "main");
	build(&bytes, &r, &tip, 1, NULL, 100);
	repo_close(&r);
	repo_end();
	copy = malloc(bytes.len);
	for (size_t len = 0; len < bytes.len; len++) {
		memcpy(copy, bytes.at, len);
		sum_again(copy, len);
		assert_int_equal(history_index_open_bytes(&x,
				     (struct str){ copy, len }),
		    ERR_FORMAT);
		err_clear();
	}
	for (size_t at = 0; at < bytes.len * 8; at += 3) {
		memcpy(copy, bytes.at, bytes.len);
		copy[at / 8] = (char)(copy[at / 8] ^ (1 << at % 8));
		assert_int_equal(history_index_open_bytes(&x,
				     (struct str){ copy, bytes.len }),
		    ERR_FORMAT);
		err_clear();
		sum_again(copy, bytes.len);
		if (history_index_open_bytes(&x,
			(struct str){ copy, bytes.len }) != ERR_NONE) {
			err_clear();
			refused++;
			continue;
		}
		ask_all(x);
		history_index_close(x);
	}
	assert_true(refused > 100);
	free(copy);
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_is_one_that_git_names),
		cmocka_unit_test(
		    parents_levels_and_dates_are_those_of_the_commits),
		cmocka_unit_test(an_older_index_gives_the_same_bytes),
		cmocka_unit_test(renames_and_folders_are_found),
		cmocka_unit_test(history_that_was_cut_off_is_named_as_missing),
		cmocka_unit_test(hostile_folders_give_an_index_that_opens),
		cmocka_unit_test(damage_is_refused_or_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
