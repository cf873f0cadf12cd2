#include "core/git_image.h"

#include "core/io.h"
#include "tests/core/repo.h"

static struct git_image_facts facts;

static bool
all(void *arg, struct str path)
{
	(void)arg;
	(void)path;
	return true;
}

static bool
no_b(void *arg, struct str path)
{
	(void)arg;
	return !str_ends(path, STR("b.c"));
}

/* The image of a revision of `from` in the new git directory `to`. */
static void
make_image(const char *from, const char *revision, const char *to,
    bool (*shown)(void *arg, struct str path))
{
	struct repo r;
	struct git_image *im;
	struct oid commit;
	struct arena a = { 0 };
	struct str folder;

	assert_int_equal(repo_run("git init -q --bare %s", to), 0);
	repo_open(&r, from);
	commit = repo_id(&r, revision);
	folder = arena_printf(&a, "%s/objects/pack", repo_path(to));
	const struct git_image_want want = { .commits = &commit,
		.n = 1,
		.shown = shown,
		.keep_names = true };
	assert_int_equal(git_image_open(&im, r.git, &want), ERR_NONE);
	assert_int_equal(git_image_write_files(im, folder), ERR_NONE);
	assert_int_equal(git_image_count(im), ERR_NONE);
	git_image_facts(&facts, im);
	assert_int_equal(git_image_write_history(im, folder), ERR_NONE);
	git_image_close(im);
	repo_close(&r);
	assert_int_equal(repo_run("git -C %s update-ref refs/heads/main %s", to,
			     oid_text(&commit).hex),
	    0);
	arena_release(&a);
}

/* As git has them, with their contents. */
static void
same_objects(const char *ours, const char *theirs)
{
	static const char list[] =
	    "cd %s && git rev-list --objects --no-object-names main |"
	    " sort | git cat-file --batch | sha1sum";
	struct buf a = { 0 }, b = { 0 };

	assert_int_equal(repo_run("git -C %s fsck --strict --full", ours), 0);
	repo_ask(&a, list, ours);
	repo_ask(&b, list, theirs);
	assert_true(a.len > 40);
	repo_same(&a, &b);
	buf_release(&a);
	buf_release(&b);
}

static void
an_image_holds_what_the_release_reaches(void **arg)
{
	(void)arg;
	repo_start();
	for (unsigned seed = 1; seed <= 4; seed++) {
		assert_int_equal(repo_run("rm -rf h i"), 0);
		repo_history("h", seed, 120);
		make_image("h", "main", "i", all);
		same_objects("i", "h");
	}
	repo_end();
}

/* However it lay there: in another pack, in no pack. */
static void
the_bytes_depend_on_the_objects_alone(void **arg)
{
	static const char *const other[] = {
		"git -C h repack -q -a -d -f --depth=2 --window=3",
		"git -C h repack -q -a -d -f --depth=90 --window=30",
		"mv h/objects/pack/*.pack p && rm -f h/objects/pack/* &&"
		" git -C h unpack-objects -q <p",
	};

	(void)arg;
	repo_start();
	repo_history("h", 9, 120);
	make_image("h", "main", "i", all);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		assert_int_equal(repo_run("rm -rf k && %s", other[i]), 0);
		make_image("h", "main", "k", all);
		assert_int_equal(repo_run(
				     "diff -r i/objects/pack k/objects/pack"),
		    0);
	}
	repo_script("git clone -q h w\ncd w\necho more >more\ncommit more\n"
		    "git push -q origin main\n");
	assert_int_equal(repo_run("rm -rf k"), 0);
	make_image("h", "main", "k", all);
	assert_int_not_equal(repo_run("diff -r i/objects/pack k/objects/pack"),
	    0);
	repo_end();
}

static void
what_is_not_shown_is_not_there(void **arg)
{
	struct buf b = { 0 };

	(void)arg;
	repo_start();
	repo_script("git init -q -b main w\ncd w\n"
		    "for i in $(seq 1 40); do echo $i a >>a.c\n"
		    "echo secret $i >>b.c\ncommit $i\ndone\n");
	make_image("w/.git", "main", "i", no_b);
	assert_int_equal(facts.withheld, 40);
	assert_int_equal(facts.blobs, 40);
	repo_ask(&b,
	    "git -C w log --format= --raw --no-abbrev -- b.c |"
	    " cut -d' ' -f4 | git -C i cat-file --batch-check |"
	    " grep -c missing");
	assert_string_equal(b.at, "40\n");
	repo_ask(&b,
	    "git -C w log --format= --raw --no-abbrev -- a.c |"
	    " cut -d' ' -f4 | git -C i cat-file --batch-check |"
	    " grep -c blob");
	assert_string_equal(b.at, "40\n");
	assert_int_not_equal(repo_run("grep -r 'secret 39' i"), 0);
	buf_release(&b);
	repo_end();
}

/* The newest is read at once, and none by way of more than fifty others. */
static void
versions_are_deltas_in_short_chains(void **arg)
{
	struct buf b = { 0 };

	(void)arg;
	repo_start();
	repo_script("git init -q -b main w\ncd w\nseq 1 400 >f\n"
		    "for i in $(seq 1 130); do sed -i \"s/^${i}$/new/\" f\n"
		    "commit $i\ndone\n");
	make_image("w/.git", "main", "i", all);
	same_objects("i", "w/.git");
	repo_ask(&b,
	    "for p in i/objects/pack/*.idx; do git verify-pack -v $p; done |"
	    " awk 'NF == 7 { n += $2 == \"blob\" }"
	    " NF == 7 && $6 > most { most = $6 }"
	    " END { print (n > 120), most }'");
	assert_string_equal(b.at, "1 50\n");
	buf_release(&b);
	repo_end();
}

/* A medium need not say the same twice: what was counted and what is packed
 * are the same, or nothing is. */
static void
what_changes_behind_the_walk_is_refused(void **arg)
{
	static const char *const kinds[] = { "HEAD", "HEAD^{tree}", "HEAD:a",
		NULL };

	(void)arg;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct repo r;
		struct git_image *im;
		struct arena a = { 0 };
		struct str folder;
		struct oid commit;
		enum err rc;

		repo_start();
		repo_script("git init -q -b main w\ncd w\necho one >a\n"
			    "echo two >b\ncommit one\necho three >b\n"
			    "commit two\n");
		assert_int_equal(repo_run("git init -q --bare i"), 0);
		folder = arena_printf(&a, "%s/objects/pack", repo_path("i"));
		repo_open(&r, "w/.git");
		commit = repo_id(&r, "main");
		const struct git_image_want want = { .commits = &commit,
			.n = 1,
			.shown = all,
			.keep_names = true };
		assert_int_equal(git_image_open(&im, r.git, &want), ERR_NONE);
		assert_int_equal(git_image_count(im), ERR_NONE);
		if (kinds[i] != NULL)
			assert_int_equal(
			    repo_run(
				"cd w && file() { git rev-parse \"$1\" |"
				" sed 's,^..,.git/objects/&/,'; } &&"
				" chmod -R u+w .git/objects &&"
				" cp \"$(file 'HEAD~1%s')\" x &&"
				" cp \"$(file HEAD:b)\" y &&"
				" if cmp -s x \"$(file '%s')\"; then mv y x; fi"
				" && cp x \"$(file '%s')\"",
				kinds[i] + 4, kinds[i], kinds[i]),
			    0);
		rc = git_image_write_files(im, folder);
		if (rc == ERR_NONE)
			rc = git_image_write_history(im, folder);
		/* What was kept from the walk is what it was. */
		if (rc == ERR_NONE) {
			assert_int_not_equal(i, 2);
			assert_int_equal(
			    repo_run("git -C i fsck --strict --full &&"
				     " git -C i rev-list --objects %s",
				oid_text(&commit).hex),
			    0);
		} else {
			assert_int_not_equal(i, 3);
			assert_int_equal(rc, ERR_FORMAT);
			assert_string_not_equal(err_text(), "");
		}
		git_image_close(im);
		repo_close(&r);
		arena_release(&a);
		err_clear();
		repo_end();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_holds_what_the_release_reaches),
		cmocka_unit_test(the_bytes_depend_on_the_objects_alone),
		cmocka_unit_test(what_is_not_shown_is_not_there),
		cmocka_unit_test(versions_are_deltas_in_short_chains),
		cmocka_unit_test(what_changes_behind_the_walk_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
