#include <git2/errors.h>
#include <git2/odb.h>

#include "core/git_image.h"

#include "core/hash.h"
#include "core/oidset.h"
#include "tests/core/repo.h"

/*
 * libgit2's SHA-1 refuses what was made to collide.  Nobody has shown two
 * objects of git with one name, so its part is played here: what it says of
 * one of them is said of whatever holds `mark`; all else is named as ever,
 * and noted.  libgit2 itself comes by here, too, as for a name of ours.
 */
static const char *mark = "";
static struct oidset named;

int
git_odb_hash(git_oid *out, const void *data, size_t len, git_object_t type)
{
	static const char *const kinds[] = { [GIT_OBJECT_COMMIT] = "commit",
		[GIT_OBJECT_TREE] = "tree",
		[GIT_OBJECT_BLOB] = "blob",
		[GIT_OBJECT_TAG] = "tag" };
	struct hash_git run;
	struct oid id;
	uint32_t number;

	if (*mark != '\0' && memmem(data, len, mark, strlen(mark)) != NULL) {
		git_error_set_str(GIT_ERROR_SHA,
		    "SHA1 collision attack detected");
		return -1;
	}
	hash_git_start(&run, kinds[type], len);
	hash_git_add(&run, (struct str){ data, len });
	hash_git_finish(&run, id.id);
	memcpy(out->id, id.id, OID_BYTES);
	(void)oidset_add(&named, &number, &id);
	return 0;
}

static char why[400]; /* it was refused */

static bool
not_hidden(void *arg, struct str path)
{
	(void)arg;
	return !str_starts(path, STR("hidden"));
}

/* The image of main in the new directory i. */
static enum err
make(bool keep_names)
{
	const struct git_image_want want = { .n = 1,
		.shown = not_hidden,
		.keep_names = keep_names };
	struct git_image_want wish = want;
	struct git_image *im = NULL;
	struct arena a = { 0 };
	struct repo r;
	struct str folder;
	struct oid commit;
	enum err rc;

	assert_int_equal(repo_run("rm -rf i && git init -q --bare i"), 0);
	folder = arena_printf(&a, "%s/objects/pack", repo_path("i"));
	repo_open(&r, "w/.git");
	git_repo_strict(true);
	commit = repo_id(&r, "main");
	wish.commits = &commit;
	rc = git_image_open(&im, r.git, &wish);
	if (rc == ERR_NONE)
		rc = git_image_count(im);
	if (rc == ERR_NONE)
		rc = git_image_write_files(im, folder);
	if (rc == ERR_NONE)
		rc = git_image_write_history(im, folder);
	snprintf(why, sizeof why, "%s", err_text());
	git_image_close(im);
	repo_close(&r);
	arena_release(&a);
	return rc;
}

/* A word that is in one object, of this release or of what came before. */
static void
make_repository(void)
{
	repo_start();
	repo_script("init w\nmkdir a hidden\n"
		    "echo blob-old >a/x; echo 1 >a/tree-old\n"
		    "echo 1 >hidden/tree-hidden; echo blob-hidden >hidden/y\n"
		    "git add -A; commit commit-old\n"
		    "seq 1 90 >a/x; git mv a/tree-old a/z\n"
		    "git rm -q -r hidden\n"
		    "git add -A; commit middle\n"
		    "echo blob-new >>a/x; git mv a/z a/tree-new\n"
		    "git add -A; commit commit-new\n");
}

static void
refuse_each(void)
{
	static const char *const words[] = { "commit-new", "commit-old",
		"tree-new", "tree-old", "blob-new", "blob-old" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		mark = words[i];
		assert_int_equal(make(false), ERR_FORMAT);
		assert_non_null(strstr(why, "collision attack"));
		err_clear();
		assert_int_equal(make(true), ERR_FORMAT);
		assert_non_null(strstr(why, "collision attack"));
		err_clear();
	}
	/* No file of the image begins so. */
	mark = "no such word";
	assert_int_equal(make(false), ERR_NONE);
	assert_int_equal(make(true), ERR_NONE);
	mark = "";
}

static void
what_was_made_to_collide_is_refused(void **arg)
{
	(void)arg;
	make_repository();
	refuse_each(); /* each in a file of its own */
	assert_int_equal(repo_run("git -C w repack -q -a -d -f"), 0);
	refuse_each(); /* in a pack, old ones as deltas */
	repo_end();
}

/* What is left out says something, too: that nothing of it is shown. */
static void
a_folder_that_is_left_out_was_looked_at_strictly(void **arg)
{
	(void)arg;
	make_repository();
	mark = "tree-hidden";
	assert_int_equal(make(false), ERR_FORMAT);
	assert_non_null(strstr(why, "collision attack"));
	err_clear();
	/* A file that is left out is not read. */
	mark = "blob-hidden";
	assert_int_equal(make(false), ERR_NONE);
	mark = "";
	repo_end();
}

static void
all_that_is_packed_was_named_strictly(void **arg)
{
	struct buf b = { 0 };
	struct str line, rest;
	unsigned n = 0;

	(void)arg;
	repo_start();
	repo_history("h", 3, 80);
	assert_int_equal(repo_run("mkdir w && mv h w/.git"), 0);
	oidset_release(&named);
	assert_int_equal(make(true), ERR_NONE);
	repo_ask(&b,
	    "for p in i/objects/pack/*.idx; do git show-index <$p; done |"
	    " cut -d' ' -f2");
	rest = buf_view(&b);
	while (str_cut(&rest, '\n', &line)) {
		struct oid id;

		assert_int_equal(oid_parse(&id, line), ERR_NONE);
		assert_int_not_equal(oidset_find(&named, &id), OIDSET_NONE);
		n++;
	}
	assert_true(n > 200);
	oidset_release(&named);
	buf_release(&b);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_made_to_collide_is_refused),
		cmocka_unit_test(
		    a_folder_that_is_left_out_was_looked_at_strictly),
		cmocka_unit_test(all_that_is_packed_was_named_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
