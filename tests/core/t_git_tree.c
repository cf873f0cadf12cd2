#include "core/git_tree.h"

#include "core/limits.h"
#include "tests/core/repo.h"

/* Entries "MODE NAME\0ID" as a tree object of the repository r. */
static struct oid
plant(struct repo *r, const struct buf *raw)
{
	struct buf hex = { 0 };
	struct oid id;
	FILE *f = fopen(repo_path("raw"), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(raw->at, 1, raw->len, f), raw->len);
	assert_int_equal(fclose(f), 0);
	repo_ask(&hex, "git -C r hash-object --literally -t tree -w ../raw");
	assert_int_equal(oid_parse(&id, str_slice(buf_view(&hex), 0, OID_HEX)),
	    ERR_NONE);
	buf_release(&hex);
	(void)r;
	return id;
}

static void
entry(struct buf *b, const char *mode, struct str name, const struct oid *id)
{
	buf_printf(b, "%s ", mode);
	buf_str(b, name);
	buf_char(b, '\0');
	buf_add(b, id->id, OID_BYTES);
}

static enum err
print(void *arg, struct str path, const struct tree_entry *e)
{
	buf_printf(arg, "%06o %s %s\t", e->mode,
	    e->kind == TREE_MODULE ? "commit" : "blob", oid_text(&e->id).hex);
	buf_str(arg, path);
	buf_char(arg, '\0');
	return ERR_NONE;
}

static void
the_files_of_a_revision_are_those_of_git(void **state)
{
	struct buf ours = { 0 }, theirs = { 0 };
	struct tree_list list;
	struct tree_entry e;
	struct oid tree;
	struct repo r;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nmkdir -p a/b/c 'sp ace' a-\n"
	    "echo 1 >a/b/c/d; echo 2 >a/b.c; echo 3 >a.c; echo 4 >'sp ace/x'\n"
	    "echo 5 >a-/y; ln -s a.c link; echo 6 >x; chmod +x x\n"
	    "printf x >\"$(printf 'nl\\n\\033]0;t\\007')\"\n"
	    "printf x >\"$(printf '\\377\\376')\"\ngit add -A\n"
	    "git update-index --add --cacheinfo "
	    "160000,1234567890123456789012345678901234567890,mod\n"
	    "git commit -qm one\n");
	repo_open(&r, "r/.git");
	tree = repo_tree(&r, "HEAD");
	assert_int_equal(git_tree_each(r.git, &tree, print, NULL, &ours),
	    ERR_NONE);
	repo_ask(&theirs, "git -C r ls-tree -r -z HEAD");
	repo_same(&ours, &theirs);
	assert_int_equal(git_tree_list(&list, &r.a, r.git, &tree), ERR_NONE);
	assert_int_equal(list.len, 9);
	assert_false(list.unsorted);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("a/b/c/d")),
	    ERR_NONE);
	assert_true(str_eq(e.name, STR("d")));
	git_tree_size(&e, r.git);
	assert_int_equal(e.size, 2);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("mod")), ERR_NONE);
	assert_int_equal(e.kind, TREE_MODULE);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("link")),
	    ERR_NONE);
	assert_int_equal(e.kind, TREE_LINK);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("x")), ERR_NONE);
	assert_int_equal(e.kind, TREE_EXEC);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("")), ERR_NONE);
	assert_int_equal(e.kind, TREE_FOLDER);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("a/zz")),
	    ERR_ABSENT);
	err_clear();
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("link/zz")),
	    ERR_ABSENT);
	err_clear();
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("a//b")),
	    ERR_ABSENT);
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
names_are_bytes_whatever_they_say(void **state)
{
	static const char *const names[] = { "..", ".", ".git", "/etc/passwd",
		"a/../b", "\033[2J", "same", "same", "z\n" };
	struct buf raw = { 0 };
	struct tree_list list;
	struct tree_entry e;
	struct oid blob, tree;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n");
	repo_open(&r, "r/.git");
	blob = repo_id(&r, "HEAD");
	for (size_t i = sizeof names / sizeof *names; i > 0; i--)
		entry(&raw, "100644", str_of(names[i - 1]), &blob);
	tree = plant(&r, &raw);
	assert_int_equal(git_tree_list(&list, &r.a, r.git, &tree), ERR_NONE);
	assert_int_equal(list.len, 9);
	assert_true(list.unsorted);
	for (size_t i = 1; i < list.len; i++)
		assert_true(str_cmp(list.at[i - 1].name, list.at[i].name) <= 0);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("/etc/passwd")),
	    ERR_NONE);
	assert_int_equal(git_tree_find(&e, r.git, &tree, STR("a/../b")),
	    ERR_NONE);
	repo_close(&r);
	buf_release(&raw);
	repo_end();
}

static void
a_damaged_tree_is_refused_and_no_other(void **state)
{
	static const struct {
		const char *mode, *name;
		enum err rc;
	} rows[] = {
		{ "100644", "f", ERR_NONE },
		{ "40000", "d", ERR_NONE },
		{ "040000", "d", ERR_NONE },
		{ "100664", "old", ERR_NONE },
		{ "100644", "", ERR_FORMAT },
		{ "777777", "f", ERR_FORMAT },
		{ "0", "f", ERR_FORMAT },
		{ "", "f", ERR_FORMAT },
		{ "10064x", "f", ERR_FORMAT },
		{ "020000", "dev", ERR_FORMAT },
		{ "40000000000000100644", "f", ERR_FORMAT },
	};
	struct tree_list list;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n");
	repo_open(&r, "r/.git");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf raw = { 0 };
		struct oid some = repo_id(&r, "HEAD"), tree;

		entry(&raw, rows[i].mode, str_of(rows[i].name), &some);
		tree = plant(&r, &raw);
		assert_int_equal(git_tree_list(&list, &r.a, r.git, &tree),
		    rows[i].rc);
		err_clear();
		raw.len--; /* every cut is damage */
		tree = plant(&r, &raw);
		assert_int_equal(git_tree_list(&list, &r.a, r.git, &tree),
		    ERR_FORMAT);
		assert_true(str_find(str_of(err_text()),
				str_of(oid_text(&tree).hex), 0) != SIZE_MAX);
		err_clear();
		buf_release(&raw);
	}
	repo_close(&r);
	repo_end();
}

struct meeting {
	unsigned files, troubles;
	enum err rc;
};

static enum err
count(void *arg, struct str path, const struct tree_entry *e)
{
	struct meeting *m = arg;

	(void)path;
	(void)e;
	m->files++;
	return ERR_NONE;
}

static enum err
trouble(void *arg, struct str path, const struct oid *tree, enum err rc)
{
	struct meeting *m = arg;

	(void)tree;
	assert_true(path.len > 0);
	m->troubles++;
	m->rc = rc;
	return ERR_NONE;
}

static void
a_tree_without_end_ends(void **state)
{
	struct meeting m = { 0 };
	struct buf raw = { 0 };
	struct oid id, some;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n");
	repo_open(&r, "r/.git");
	some = repo_id(&r, "HEAD");
	/* Ten folders in each of ten folders, and so on: 10^10 files. */
	entry(&raw, "100644", STR("f"), &some);
	id = plant(&r, &raw);
	for (int depth = 0; depth < 10; depth++) {
		buf_clear(&raw);
		for (char c = '0'; c <= '9'; c++)
			entry(&raw, "40000", (struct str){ &c, 1 }, &id);
		id = plant(&r, &raw);
	}
	assert_int_equal(git_tree_each(r.git, &id, count, trouble, &m),
	    ERR_LIMIT);
	assert_true(m.files <= LIMIT_TREE_ENTRIES && m.files > 1000000);
	repo_close(&r);
	buf_release(&raw);
	repo_end();
}

static void
depth_and_missing_folders_are_reported_and_passed_over(void **state)
{
	struct meeting m = { 0 };
	struct buf raw = { 0 };
	struct oid id, some, absent = { .id = { 1, 2, 3 } };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n");
	repo_open(&r, "r/.git");
	some = repo_id(&r, "HEAD");
	entry(&raw, "100644", STR("f"), &some);
	id = plant(&r, &raw);
	for (int depth = 0; depth < LIMIT_TREE_DEPTH + 4; depth++) {
		buf_clear(&raw);
		entry(&raw, "40000", STR("d"), &id);
		entry(&raw, "100644", STR("f"), &some);
		id = plant(&r, &raw);
	}
	assert_int_equal(git_tree_each(r.git, &id, count, trouble, &m),
	    ERR_NONE);
	assert_int_equal(m.troubles, 1);
	assert_int_equal(m.rc, ERR_LIMIT);
	assert_int_equal(m.files, LIMIT_TREE_DEPTH + 1);
	m = (struct meeting){ 0 };
	buf_clear(&raw);
	entry(&raw, "40000", STR("gone"), &absent);
	entry(&raw, "100644", STR("here"), &some);
	id = plant(&r, &raw);
	assert_int_equal(git_tree_each(r.git, &id, count, trouble, &m),
	    ERR_NONE);
	assert_int_equal(m.troubles, 1);
	assert_int_equal(m.rc, ERR_ABSENT);
	assert_int_equal(m.files, 1);
	assert_int_equal(git_tree_each(r.git, &id, count, NULL, &m),
	    ERR_ABSENT);
	err_clear();
	repo_close(&r);
	buf_release(&raw);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_files_of_a_revision_are_those_of_git),
		cmocka_unit_test(names_are_bytes_whatever_they_say),
		cmocka_unit_test(a_damaged_tree_is_refused_and_no_other),
		cmocka_unit_test(a_tree_without_end_ends),
		cmocka_unit_test(
		    depth_and_missing_folders_are_reported_and_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
