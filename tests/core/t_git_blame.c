#include "core/git_blame.h"

#include "tests/core/repo.h"

static const struct blame_options plain = { 0 };

/* "ID LINE-THERE LINE-HERE" for each line, as --porcelain has it. */
static uint32_t
blame(struct buf *out, struct repo *r, const char *revision, const char *path,
    const struct blame_options *o)
{
	struct oid id = repo_id(r, revision);
	struct blame_part part, *at;
	struct git_blame *b;
	uint32_t n;
	bool got;
	enum err rc;

	buf_clear(out);
	assert_int_equal(git_blame_open(&b, r->graph, &id, str_of(path), o),
	    ERR_NONE);
	n = git_blame_lines(b);
	at = calloc(n + 1, sizeof *at);
	while ((rc = git_blame_next(&part, &got, b, 3)) == ERR_NONE)
		for (uint32_t i = 0; got && i < part.len; i++) {
			assert_int_equal(at[part.first - 1 + i].len, 0);
			at[part.first - 1 + i] = part;
			at[part.first - 1 + i].old_first += i;
		}
	assert_int_equal(rc, ERR_ABSENT);
	for (uint32_t i = 0; i < n; i++)
		buf_printf(out, "%s %u %u\n", oid_text(&at[i].commit).hex,
		    at[i].old_first, i + 1);
	free(at);
	git_blame_close(b);
	return n;
}

static uint32_t
against_git(struct repo *r, const char *dir, const char *path,
    const struct blame_options *o, const char *flags)
{
	struct buf ours = { 0 }, theirs = { 0 };
	uint32_t n = blame(&ours, r, "main", path, o);

	repo_ask(&theirs,
	    "git -C %s blame %s --porcelain main -- %s | "
	    "sed -nE 's/^([0-9a-f]{40} [0-9]+ [0-9]+).*/\\1/p'",
	    dir, flags, path);
	repo_same(&ours, &theirs);
	buf_release(&ours);
	buf_release(&theirs);
	return n;
}

static void
every_line_is_blamed_as_git_blames_it(void **state)
{
	const struct blame_options space = { .ignore_space = true };
	struct buf files = { 0 };
	uint32_t lines = 0;

	(void)state;
	repo_start();
	for (unsigned seed = 11; seed <= 14; seed++) {
		struct str rest, path;
		struct repo r;
		char dir[16];

		snprintf(dir, sizeof dir, "h%u", seed);
		repo_history(dir, seed, 200);
		repo_open(&r, dir);
		repo_ask(&files, "git -C %s ls-tree -r --name-only main", dir);
		rest = buf_view(&files);
		while (str_cut(&rest, '\n', &path)) {
			struct str one = arena_copy(&r.a, path);

			lines += against_git(&r, dir, one.at, &plain, "");
			against_git(&r, dir, one.at, &space, "-w");
		}
		repo_close(&r);
	}
	assert_true(lines > 500);
	buf_release(&files);
	repo_end();
}

static void
white_space_is_passed_over_on_request(void **state)
{
	const struct blame_options space = { .ignore_space = true };
	struct buf strict = { 0 }, loose = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\nprintf 'if (a)\\n\\tb();\\nc();\\n' >f\n"
		    "commit one\nprintf 'if (a)\\n        b();\\nc();\\n' >f\n"
		    "commit two\n");
	repo_open(&r, "r/.git");
	against_git(&r, "r", "f", &plain, "");
	against_git(&r, "r", "f", &space, "-w");
	blame(&strict, &r, "main", "f", &plain);
	blame(&loose, &r, "main", "f", &space);
	assert_false(str_eq(buf_view(&strict), buf_view(&loose)));
	repo_close(&r);
	buf_release(&strict);
	buf_release(&loose);
	repo_end();
}

static void
moved_lines_are_followed_on_request(void **state)
{
	const struct blame_options moves = { .moves = true };
	struct buf strict = { 0 }, loose = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script(
	    "init r\n"
	    "for i in 1 2 3 4 5 6; do echo \"first part line $i of it\"; done "
	    ">a\nfor i in 1 2 3 4 5 6 7 8; do echo \"second $i and more\"; "
	    "done >b\ncat a b >f\ncommit one\ncat b a >f\ncommit two\n"
	    "echo tail >>f\ncommit three\n");
	repo_open(&r, "r/.git");
	against_git(&r, "r", "f", &plain, "");
	against_git(&r, "r", "f", &moves, "-M");
	blame(&strict, &r, "main", "f", &plain);
	blame(&loose, &r, "main", "f", &moves);
	assert_false(str_eq(buf_view(&strict), buf_view(&loose)));
	repo_close(&r);
	buf_release(&strict);
	buf_release(&loose);
	repo_end();
}

static void
odd_files_are_blamed_too(void **state)
{
	struct repo r;

	(void)state;
	repo_start();
	repo_script(
	    "init r\n"
	    "printf 'a\\nb' >noeol\nprintf '\\000\\001\\nx\\n' >bin\n: >empty\n"
	    "ln -s target link\ncommit one\n"
	    "printf 'a\\nb\\nc' >noeol\nprintf '\\000\\001\\ny\\n' >bin\n"
	    "ln -sf other link\ncommit two\n");
	repo_open(&r, "r/.git");
	assert_int_equal(against_git(&r, "r", "noeol", &plain, ""), 3);
	assert_int_equal(against_git(&r, "r", "bin", &plain, ""), 2);
	assert_int_equal(against_git(&r, "r", "empty", &plain, ""), 0);
	assert_int_equal(against_git(&r, "r", "link", &plain, ""), 1);
	repo_close(&r);
	repo_end();
}

static void
what_is_no_file_cannot_be_blamed(void **state)
{
	struct git_blame *b = NULL;
	struct repo r;
	struct oid id;

	(void)state;
	repo_start();
	repo_script("init r\nmkdir d\necho 1 >d/f\ncommit one\n");
	repo_open(&r, "r/.git");
	id = repo_id(&r, "HEAD");
	assert_int_equal(git_blame_open(&b, r.graph, &id, STR("d"), &plain),
	    ERR_ABSENT);
	assert_string_equal(err_text(), "d: no such file in this revision");
	err_clear();
	assert_int_equal(git_blame_open(&b, r.graph, &id, STR("d/f/g"), &plain),
	    ERR_ABSENT);
	err_clear();
	assert_null(b);
	assert_int_equal(git_blame_open(&b, r.graph, &id, STR("d/f"), &plain),
	    ERR_NONE);
	git_blame_close(b);
	repo_close(&r);
	repo_end();
}

static void
where_history_was_cut_off_is_said(void **state)
{
	struct blame_part part;
	struct git_blame *b;
	unsigned edge = 0, whole = 0;
	struct repo r;
	struct oid id;
	bool got;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nfor i in 1 2 3 4 5; do echo $i >>f; commit $i\n"
	    "done\ncd ..\n"
	    "git clone -q --bare --depth 2 \"file://$PWD/r\" shallow\n");
	repo_open(&r, "shallow");
	id = repo_id(&r, "HEAD");
	assert_int_equal(git_blame_open(&b, r.graph, &id, STR("f"), &plain),
	    ERR_NONE);
	while (git_blame_next(&part, &got, b, 9) == ERR_NONE) {
		edge += part.boundary ? part.len : 0;
		whole += part.boundary ? 0 : part.len;
	}
	assert_int_equal(edge, 4);
	assert_int_equal(whole, 1);
	git_blame_close(b);
	repo_close(&r);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_blamed_as_git_blames_it),
		cmocka_unit_test(white_space_is_passed_over_on_request),
		cmocka_unit_test(moved_lines_are_followed_on_request),
		cmocka_unit_test(odd_files_are_blamed_too),
		cmocka_unit_test(what_is_no_file_cannot_be_blamed),
		cmocka_unit_test(where_history_was_cut_off_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
