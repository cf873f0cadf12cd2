#include "core/git_diff.h"

#include "core/git_rename.h"
#include "tests/core/repo.h"

static enum err
print_raw(void *arg, const struct change *c)
{
	struct buf *b = arg;

	buf_printf(b, ":%06o %06o %s %s %c\t", c->old_mode, c->new_mode,
	    oid_text(&c->old_id).hex, oid_text(&c->new_id).hex, c->kind);
	buf_str(b, c->new_path);
	buf_char(b, '\0');
	return ERR_NONE;
}

static void
raw(struct buf *out, struct repo *r, const char *old, const char *new)
{
	struct oid a = repo_tree(r, old), b = repo_tree(r, new);

	buf_clear(out);
	assert_int_equal(git_diff_trees(r->git, &a, &b, print_raw, out),
	    ERR_NONE);
}

/* git separates by NUL what is to be split, and the name from the rest. */
static void
raw_of_git(struct buf *out, const char *dir, const char *old, const char *new)
{
	repo_ask(out, "git -C %s diff --raw --no-abbrev --no-renames -z %s %s",
	    dir, old, new);
	for (size_t i = 0; i < out->len; i++)
		if (out->at[i] == '\0' && i >= 2 && out->at[i - 2] == ' ')
			out->at[i] = '\t';
}

static const char awkward[] =
    "init r\n"
    "git config core.filemode true\n"
    "echo 1 >file; echo 2 >exec; chmod +x exec; ln -s file link\n"
    "mkdir d 'with space'; echo 3 >d/inner; echo 4 >'with space/x'\n"
    "echo 5 >d.c; echo 6 >d-e; printf 'tab' >'t\tab'\n"
    "printf x >\"$(printf 'esc\\033[31m')\"\n"
    "printf x >\"$(printf 'bad\\377utf8')\"\n"
    "printf x >\"$(printf 'line\\nfeed')\"\n"
    "commit one\n"
    "git update-index --add --cacheinfo "
    "160000,1234567890123456789012345678901234567890,sub\n"
    "git commit -qm sub\n"
    "git tag one\n"
    "rm -r d; echo now a file >d; rm file; ln -s exec file\n"
    "chmod -x exec; rm link; mkdir link; echo deep >link/deep\n"
    "echo more >>'with space/x'; rm d.c\n"
    "git add -A; git update-index --add --cacheinfo "
    "160000,2234567890123456789012345678901234567890,sub\n"
    "git commit -qm two; git tag two\n";

static void
tree_diffs_are_those_of_git(void **state)
{
	struct buf ours = { 0 }, theirs = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script(awkward);
	repo_open(&r, "r/.git");
	raw(&ours, &r, "one", "two");
	raw_of_git(&theirs, "r", "one", "two");
	repo_same(&ours, &theirs);
	assert_true(ours.len > 500);
	raw(&ours, &r, "two", "one");
	raw_of_git(&theirs, "r", "two", "one");
	repo_same(&ours, &theirs);
	repo_close(&r);
	repo_history("h", 21, 120);
	repo_open(&r, "h");
	for (unsigned back = 1; back < 28; back += 3) {
		char old[32];

		snprintf(old, sizeof old, "main~%u", back);
		raw(&ours, &r, old, "main");
		raw_of_git(&theirs, "h", old, "main");
		repo_same(&ours, &theirs);
	}
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
line_counts_are_those_of_git(void **state)
{
	struct buf ours = { 0 }, theirs = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_history("h", 22, 150);
	repo_open(&r, "h");
	for (unsigned back = 1; back < 30; back += 4) {
		struct changes list;
		struct oid a, b;
		char old[32];

		snprintf(old, sizeof old, "main~%u", back);
		a = repo_tree(&r, old);
		b = repo_tree(&r, "main");
		assert_int_equal(git_diff_changes(&list, &r.a, r.git, &a, &b,
				     0),
		    ERR_NONE);
		buf_clear(&ours);
		for (size_t i = 0; i < list.len; i++) {
			struct change *c = &list.at[i];

			if (c->kind == CHANGE_RENAMED)
				continue;
			assert_int_equal(git_diff_count(c, r.git), ERR_NONE);
			assert_true(c->counted);
			buf_printf(&ours, "%u\t%u\t%.*s\n", c->added,
			    c->deleted, STR_ARG(c->new_path));
		}
		repo_ask(&theirs,
		    "git -C h diff --numstat -M100%% "
		    "--diff-filter=r %s main",
		    old);
		repo_same(&ours, &theirs);
		assert_true(ours.len > 0);
	}
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
an_attribute_cannot_hide_a_change(void **state)
{
	struct buf theirs = { 0 };
	struct changes list;
	struct repo r;
	struct oid a, b;

	(void)state;
	repo_start();
	repo_script("init r\necho '*.c -diff' >.gitattributes\n"
		    "echo '*.c binary' >.git/info/attributes\n"
		    "echo 'int a;' >x.c\ncommit one\necho 'int evil;' >>x.c\n"
		    "commit two\n");
	/* git is told that this is binary, and says so. */
	repo_ask(&theirs, "git -C r diff --numstat HEAD~1 HEAD");
	assert_string_equal(theirs.at, "-\t-\tx.c\n");
	repo_open(&r, "r/.git");
	a = repo_tree(&r, "HEAD~1");
	b = repo_tree(&r, "HEAD");
	assert_int_equal(git_diff_changes(&list, &r.a, r.git, &a, &b, 100),
	    ERR_NONE);
	assert_int_equal(list.len, 1);
	assert_int_equal(git_diff_count(&list.at[0], r.git), ERR_NONE);
	assert_int_equal(list.at[0].added, 1);
	assert_false(list.at[0].binary);
	repo_close(&r);
	buf_release(&theirs);
	repo_end();
}

static void
renames_are_those_of_git(void **state)
{
	struct buf ours = { 0 }, theirs = { 0 };
	struct changes list;
	struct repo r;
	struct oid a, b;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nmkdir a b\n"
	    "for f in 1 2 3 4 5 6; do for i in 1 2 3 4 5 6 7 8 9; do\n"
	    "echo \"file $f has a line number $i here\"; done >a/$f.c; done\n"
	    "cp a/1.c a/same.c; printf 'x' >a/tiny\ncommit one\n"
	    "mv a/1.c b/1.c; mv a/same.c b/other.c; mv a/2.c b/2.c\n"
	    "echo one more line >>b/2.c; mv a/3.c b/three.c\n"
	    "echo and another >>b/three.c; mv a/tiny b/tiny\n"
	    "rm a/4.c; echo nothing in common >b/4.c\n"
	    "head -3 a/5.c >b/5.c; rm a/5.c\ncommit two\n");
	repo_open(&r, "r/.git");
	a = repo_tree(&r, "HEAD~1");
	b = repo_tree(&r, "HEAD");
	assert_int_equal(git_diff_changes(&list, &r.a, r.git, &a, &b,
			     DIFF_RENAME_PAIRS),
	    ERR_NONE);
	for (size_t i = 0; i < list.len; i++)
		if (list.at[i].kind == CHANGE_RENAMED)
			buf_printf(&ours, "R%03u\t%.*s\t%.*s\n",
			    list.at[i].similarity, STR_ARG(list.at[i].old_path),
			    STR_ARG(list.at[i].new_path));
	repo_ask(&theirs,
	    "git -C r diff --name-status -M --diff-filter=R "
	    "HEAD~1 HEAD");
	repo_same(&ours, &theirs);
	assert_true(str_find(buf_view(&ours), STR("R100\ta/tiny\tb/tiny"), 0) !=
	    SIZE_MAX);
	assert_false(list.renames_capped);
	assert_int_equal(git_diff_changes(&list, &r.a, r.git, &a, &b, 1),
	    ERR_NONE);
	assert_true(list.renames_capped);
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
print_hunks(struct buf *out, const struct file_diff *d)
{
	buf_clear(out);
	for (size_t i = 0; i < d->n_hunks; i++) {
		const struct diff_hunk *h = &d->hunks[i];

		buf_printf(out, "@%u %u %u %u\n", h->old_first, h->old_len,
		    h->new_first, h->new_len);
		for (uint32_t k = h->first; k < h->first + h->len; k++) {
			const struct diff_line *l = &d->lines[k];

			buf_printf(out, "%c%u,%u%s|%.*s\n", l->kind,
			    l->old_line, l->new_line, l->no_lf ? "!" : "",
			    STR_ARG(l->text));
		}
	}
}

static void
hunks_carry_numbers_kinds_and_ends(void **state)
{
	const struct diff_options one = { .context = 1 };
	struct arena a = { 0 };
	struct buf out = { 0 };
	struct file_diff d;

	(void)state;
	err_clear();
	assert_int_equal(git_repo_prepare(), ERR_NONE);
	assert_int_equal(git_diff_bytes(&d, &a, STR("a\nb\nc\nd\ne\nf\n"),
			     STR("a\nB\nc\nd\ne\nf\ng"), &one),
	    ERR_NONE);
	print_hunks(&out, &d);
	assert_string_equal(out.at,
	    "@1 3 1 3\n 1,1|a\n-2,0|b\n+0,2|B\n 3,3|c\n"
	    "@6 1 6 2\n 6,6|f\n+0,7!|g\n");
	assert_int_equal(d.added, 2);
	assert_int_equal(d.deleted, 1);
	assert_int_equal(git_diff_bytes(&d, &a, STR("x"), STR("x\n"), &one),
	    ERR_NONE);
	print_hunks(&out, &d);
	assert_string_equal(out.at, "@1 1 1 1\n-1,0!|x\n+0,1|x\n");
	assert_int_equal(git_diff_bytes(&d, &a, STR("same\n"), STR("same\n"),
			     &one),
	    ERR_NONE);
	assert_int_equal(d.n_hunks, 0);
	assert_int_equal(git_diff_bytes(&d, &a, STR(""), STR("n\n"), &one),
	    ERR_NONE);
	print_hunks(&out, &d);
	assert_string_equal(out.at, "@0 0 1 1\n+0,1|n\n");
	buf_release(&out);
	arena_release(&a);
}

static void
white_space_counts_as_asked_and_nul_is_a_byte(void **state)
{
	struct str old = STR("a  b\nc\0d\n"), new = STR("a b \nc\0e\n");
	struct diff_options o = { .context = 0 };
	struct arena a = { 0 };
	struct file_diff d;

	(void)state;
	err_clear();
	assert_int_equal(git_repo_prepare(), ERR_NONE);
	assert_int_equal(git_diff_bytes(&d, &a, old, new, &o), ERR_NONE);
	assert_int_equal(d.added, 2);
	o.space = DIFF_SPACE_EOL;
	assert_int_equal(git_diff_bytes(&d, &a, old, new, &o), ERR_NONE);
	assert_int_equal(d.added, 2);
	o.space = DIFF_SPACE_AMOUNT;
	assert_int_equal(git_diff_bytes(&d, &a, old, new, &o), ERR_NONE);
	assert_int_equal(d.added, 1);
	assert_int_equal(d.lines[1].text.len, 3);
	assert_memory_equal(d.lines[1].text.at, "c\0e", 3);
	o.space = DIFF_SPACE_NONE;
	assert_int_equal(git_diff_bytes(&d, &a, STR("ab\n"), STR("a b\n"), &o),
	    ERR_NONE);
	assert_int_equal(d.n_hunks, 0);
	o.space = DIFF_SPACE_ALL;
	o.context = UINT32_MAX;
	assert_int_equal(git_diff_bytes(&d, &a, STR("1\n2\n3\n4\n5\n6\n7\n8\n"),
			     STR("1\n2\n3\n4\n5\n6\n7\nx\n"), &o),
	    ERR_NONE);
	assert_int_equal(d.n_lines, 9);
	arena_release(&a);
}

static void
a_missing_side_is_said(void **state)
{
	struct changes list;
	struct repo r;
	struct oid a, b;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f; echo 1 >g\ncommit one\necho 2 >f\n"
		    "echo 2 >g\ncommit two\n"
		    "blob=$(git rev-parse HEAD~1:f)\n"
		    "rm -f .git/objects/$(echo $blob | cut -c1-2)/"
		    "$(echo $blob | cut -c3-)\n");
	repo_open(&r, "r/.git");
	a = repo_tree(&r, "HEAD~1");
	b = repo_tree(&r, "HEAD");
	assert_int_equal(git_diff_changes(&list, &r.a, r.git, &a, &b, 100),
	    ERR_NONE);
	assert_int_equal(list.len, 2);
	assert_int_equal(git_diff_count(&list.at[0], r.git), ERR_ABSENT);
	assert_true(str_find(str_of(err_text()), STR("was not delivered"), 0) !=
	    SIZE_MAX);
	err_clear();
	assert_int_equal(git_diff_count(&list.at[1], r.git), ERR_ABSENT);
	repo_close(&r);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_diffs_are_those_of_git),
		cmocka_unit_test(line_counts_are_those_of_git),
		cmocka_unit_test(an_attribute_cannot_hide_a_change),
		cmocka_unit_test(renames_are_those_of_git),
		cmocka_unit_test(hunks_carry_numbers_kinds_and_ends),
		cmocka_unit_test(white_space_counts_as_asked_and_nul_is_a_byte),
		cmocka_unit_test(a_missing_side_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
