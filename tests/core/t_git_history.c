#include "core/git_follow.h"
#include "core/git_linelog.h"
#include "core/git_pickaxe.h"

#include "tests/core/repo.h"

static void
add_line(struct buf *b, struct repo *r, uint32_t node)
{
	buf_printf(b, "%s\n",
	    oid_text(&git_graph_node(r->graph, node)->id).hex);
}

static void
every_file_is_followed_as_git_follows_it(void **state)
{
	struct buf files = { 0 }, ours = { 0 }, theirs = { 0 };
	unsigned renamed = 0;

	(void)state;
	repo_start();
	for (unsigned seed = 51; seed <= 53; seed++) {
		struct str rest, path, name;
		struct repo r;
		char dir[16];

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 150);
		repo_open(&r, dir);
		git_repo_strict(false);
		repo_ask(&files, "git -C %s ls-tree -r --name-only main", dir);
		rest = buf_view(&files);
		while (str_cut(&rest, '\n', &path)) {
			struct oid id = repo_id(&r, "main");
			struct git_follow *f;
			uint32_t node;
			bool got;

			path = arena_copy(&r.a, path);
			buf_clear(&ours);
			assert_int_equal(git_follow_open(&f, r.graph, &id,
					     path),
			    ERR_NONE);
			while (git_follow_next(&node, &name, &got, f, 5, NULL,
				   NULL) == ERR_NONE)
				if (got) {
					add_line(&ours, &r, node);
					renamed += !str_eq(name, path);
				}
			git_follow_close(f);
			repo_ask(&theirs,
			    "git -C %s log --follow "
			    "--format=%%H main -- %s",
			    dir, path.at);
			repo_same(&ours, &theirs);
		}
		repo_close(&r);
	}
	assert_true(renamed > 20);
	buf_release(&files);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

/* Many small files that share most of their lines come and go: which of them
 * a new one was made from is for git's own likeness to say. */
static void
near_equal_files_are_told_apart_as_git_does(void **state)
{
	struct buf files = { 0 }, ours = { 0 }, theirs = { 0 };
	unsigned renamed = 0, followed = 0;
	struct str rest, path, name;
	struct repo r;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nmkdir a b c\n"
	    "make() { awk -v s=$1 'BEGIN { srand(s)\n"
	    "	for (i = 0; i < 40; i++) print \"common line\", i,\n"
	    "	    rand() < .25 ? int(rand() * 4) : 0 }' ; }\n"
	    "for i in 1 2 3 4 5 6 7 8 9; do\n"
	    "	make $i >a/f$i.h; make 2$i >b/f$i.h; make 3$i >c/f$i.h; done\n"
	    "commit first\n"
	    "for i in 1 2 3 4 5 6 7 8 9; do\n"
	    "	make 4$i >a/n$i.h; commit copy\n"
	    "	git rm -q b/f$i.h a/f$i.h; make 5$i >c/f1$i.h; commit gone\n"
	    "	make 6$i >a/f$i.h; git mv c/f$i.h b/m$i.h; make 6$i >b/m$i.h\n"
	    "	commit moved; done\n");
	repo_open(&r, "r/.git");
	repo_ask(&files, "git -C r ls-tree -r --name-only main");
	rest = buf_view(&files);
	while (str_cut(&rest, '\n', &path)) {
		struct oid id = repo_id(&r, "main");
		struct git_follow *f;
		uint32_t node;
		bool got;

		if (path.len == 0)
			continue;
		path = arena_copy(&r.a, path);
		buf_clear(&ours);
		assert_int_equal(git_follow_open(&f, r.graph, &id, path),
		    ERR_NONE);
		while (git_follow_next(&node, &name, &got, f, 5, NULL, NULL) ==
		    ERR_NONE)
			if (got) {
				add_line(&ours, &r, node);
				renamed += !str_eq(name, path);
			}
		git_follow_close(f);
		followed++;
		repo_ask(&theirs,
		    "git -C r log --follow --format=%%H main -- %s", path.at);
		repo_same(&ours, &theirs);
	}
	assert_true(followed > 30);
	assert_true(renamed > 20);
	repo_close(&r);
	buf_release(&files);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static enum err
linelog(struct buf *out, struct repo *r, const char *path, uint32_t first,
    uint32_t last)
{
	struct oid id = repo_id(r, "main");
	struct linelog_row row;
	struct git_linelog *l;
	bool got;
	enum err rc;

	buf_clear(out);
	rc = git_linelog_open(&l, r->graph, &id, str_of(path), first, last);
	if (rc != ERR_NONE)
		return rc;
	while ((rc = git_linelog_next(&row, &got, l, 3)) == ERR_NONE)
		if (got) {
			assert_true(row.first > 0 && row.first <= row.last);
			buf_printf(out, "%s\n", oid_text(&row.commit).hex);
		}
	git_linelog_close(l);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}

/* git has them by descent, we by date: the same commits. */
static void
sorted(struct buf *b)
{
	FILE *f = fopen(repo_path("unsorted"), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(b->at, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
	repo_ask(b, "sort -u unsorted");
}

static void
lines_have_the_history_that_git_gives_them(void **state)
{
	struct buf files = { 0 }, ours = { 0 }, theirs = { 0 };
	unsigned commits = 0;

	(void)state;
	repo_start();
	for (unsigned seed = 61; seed <= 63; seed++) {
		struct str rest, path;
		struct repo r;
		char dir[16];

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 150);
		repo_open(&r, dir);
		repo_ask(&files, "git -C %s ls-tree -r --name-only main", dir);
		rest = buf_view(&files);
		while (str_cut(&rest, '\n', &path)) {
			struct str one = arena_copy(&r.a, path);

			if (linelog(&ours, &r, one.at, 3, 7) != ERR_NONE)
				continue; /* fewer lines */
			sorted(&ours);
			repo_ask(&theirs,
			    "git -C %s log -L3,7:%s -s "
			    "--format=%%H main | sort",
			    dir, one.at);
			repo_same(&ours, &theirs);
			commits += (unsigned)(ours.len / 41);
		}
		repo_close(&r);
	}
	assert_true(commits > 60);
	buf_release(&files);
	buf_release(&ours);
	buf_release(&theirs);
	err_clear();
	repo_end();
}

static void
lines_that_are_not_there_have_none(void **state)
{
	struct buf out = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\nprintf 'a\\nb\\n' >f\n: >empty\ncommit one\n");
	repo_open(&r, "r/.git");
	assert_int_equal(linelog(&out, &r, "f", 1, 2), ERR_NONE);
	assert_int_equal(out.len, 41);
	assert_int_equal(linelog(&out, &r, "f", 2, 900), ERR_NONE);
	assert_int_equal(linelog(&out, &r, "f", 3, 3), ERR_ABSENT);
	assert_string_equal(err_text(), "no lines 3 to 3: the file has 2");
	err_clear();
	assert_int_equal(linelog(&out, &r, "f", 0, 1), ERR_ABSENT);
	assert_int_equal(linelog(&out, &r, "f", 2, 1), ERR_ABSENT);
	assert_int_equal(linelog(&out, &r, "empty", 1, 1), ERR_ABSENT);
	assert_int_equal(linelog(&out, &r, "gone", 1, 1), ERR_ABSENT);
	repo_close(&r);
	buf_release(&out);
	repo_end();
}

static void
pickaxe(struct buf *out, struct repo *r, const char *text, const char *path)
{
	struct oid id = repo_id(r, "main");
	uint32_t last = UINT32_MAX;
	struct pickaxe_row row;
	struct git_pickaxe *p;
	bool got;

	buf_clear(out);
	assert_int_equal(git_pickaxe_open(&p, r->graph, &id, str_of(text),
			     str_of(path)),
	    ERR_NONE);
	while (git_pickaxe_next(&row, &got, p, 3, NULL, NULL) == ERR_NONE) {
		if (!got)
			continue;
		assert_true(row.old != row.new);
		if (row.node != last)
			add_line(out, r, row.node);
		last = row.node;
	}
	assert_int_equal(git_pickaxe_missing(p), 0);
	git_pickaxe_close(p);
}

static void
a_text_comes_and_goes_where_git_says(void **state)
{
	static const char *const texts[] = { "number 7;", "number 39;",
		"number 123;", "number 3", "line", "never there" };
	struct buf ours = { 0 }, theirs = { 0 };
	size_t found = 0;

	(void)state;
	repo_start();
	for (unsigned seed = 71; seed <= 72; seed++) {
		struct repo r;
		char dir[16];

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 150);
		repo_open(&r, dir);
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			pickaxe(&ours, &r, texts[i], "");
			repo_ask(&theirs,
			    "git -C %s log -S'%s' --format=%%H "
			    "main",
			    dir, texts[i]);
			repo_same(&ours, &theirs);
			found += ours.len;
			pickaxe(&ours, &r, texts[i], "lib");
			repo_ask(&theirs,
			    "git -C %s log -S'%s' "
			    "--full-history --format=%%H main -- lib",
			    dir, texts[i]);
			repo_same(&ours, &theirs);
		}
		repo_close(&r);
	}
	assert_true(found > 1000);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
no_text_is_refused_and_a_missing_file_is_counted(void **state)
{
	struct pickaxe_row row;
	struct git_pickaxe *p;
	unsigned rows = 0;
	struct repo r;
	struct oid id;
	bool got;

	(void)state;
	repo_start();
	repo_script("init r\necho text >f\ncommit one\necho other >f\n"
		    "commit two\necho text >f\necho more >>f\ncommit three\n"
		    "blob=$(git rev-parse HEAD~1:f)\n"
		    "rm -f .git/objects/$(echo $blob | cut -c1-2)/"
		    "$(echo $blob | cut -c3-)\n");
	repo_open(&r, "r/.git");
	id = repo_id(&r, "HEAD");
	assert_int_equal(git_pickaxe_open(&p, r.graph, &id, STR(""), STR("")),
	    ERR_FORMAT);
	err_clear();
	assert_int_equal(git_pickaxe_open(&p, r.graph, &id, STR("text"),
			     STR("")),
	    ERR_NONE);
	while (git_pickaxe_next(&row, &got, p, 0, NULL, NULL) == ERR_NONE)
		rows += got;
	assert_int_equal(rows, 3);
	assert_int_equal(git_pickaxe_missing(p), 1);
	git_pickaxe_close(p);
	repo_close(&r);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_file_is_followed_as_git_follows_it),
		cmocka_unit_test(near_equal_files_are_told_apart_as_git_does),
		cmocka_unit_test(lines_have_the_history_that_git_gives_them),
		cmocka_unit_test(lines_that_are_not_there_have_none),
		cmocka_unit_test(a_text_comes_and_goes_where_git_says),
		cmocka_unit_test(
		    no_text_is_refused_and_a_missing_file_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
