#include "core/git_import.h"

#include "core/git_blob.h"
#include "core/io.h"
#include "tests/core/repo.h"

static struct git_import_facts facts;
static struct arena arena;

/* Imports repo_path(from) into the folder `to`, made here. */
static enum err
import(const char *from, const char *to)
{
	struct git_import_wish wish = { .name = "the vendor's file" };
	struct str path;
	int dir;
	enum err rc;

	wish.from = arena_copy(&arena, str_of(repo_path(from))).at;
	assert_int_equal(repo_run("rm -rf %s", to), 0);
	assert_int_equal(io_make_folder(&dir, repo_path(to)), ERR_NONE);
	assert_int_equal(io_real_path(&path, &arena, repo_path(to)), ERR_NONE);
	err_clear();
	rc = git_import(&facts, &arena, &wish, dir, path);
	close(dir);
	return rc;
}

/* What git itself says of the files of a revision there. */
static void
same_files(const char *to, const char *revision, const char *want,
    const char *want_revision)
{
	struct buf ours = { 0 }, theirs = { 0 };

	assert_int_equal(repo_run("git -C %s fsck --strict --no-dangling", to),
	    0);
	repo_ask(&ours, "git -C %s ls-tree -r %s", to, revision);
	repo_ask(&theirs, "git -C %s ls-tree -r %s", want, want_revision);
	assert_true(ours.len > 0);
	repo_same(&ours, &theirs);
	buf_release(&ours);
	buf_release(&theirs);
}

/* What is hard about names, kinds, and the order of folders. */
static void
make_work(void)
{
	repo_script(
	    "git init -q -b main w\ncd w\nmkdir -p a/deep a-b 'odd \"name'\n"
	    "echo 1 >a/deep/one\necho 2 >a.c\necho 3 >a-b/x\necho 1 >same\n"
	    "printf x >'odd \"name/new\nline'\nln -s ../../etc/passwd out\n"
	    "printf '#!/bin/sh\\n' >run\nchmod +x run\n: >empty\n"
	    "long=$(printf '%0150d' 0)\nmkdir $long\necho 5 >$long/$long\n"
	    "commit all\ngit tag v1\n"
	    "mkdir ../t\ngit archive --format=tar HEAD | tar -xf - -C ../t\n");
}

static void
an_archive_becomes_the_tree_that_was_packed(void **state)
{
	static const struct {
		const char *make, *name;
	} ways[] = {
		{ "git -C w archive -o ../x.tar HEAD", "x.tar" },
		{ "git -C w archive --prefix=w-1.0/ -o ../p.tar HEAD",
		    "p.tar" },
		{ "tar -cf g.tar --format=gnu -C t .", "g.tar" },
		{ "tar -cf u.tar --format=pax --owner=0 -C t .", "u.tar" },
		{ "tar -czf z.tgz -C t .", "z.tgz" },
		{ "tar -cJf z.txz -C t .", "z.txz" },
		{ "tar -cjf z.tbz -C t .", "z.tbz" },
	};

	(void)state;
	repo_start();
	make_work();
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		assert_int_equal(repo_run("%s", ways[i].make), 0);
		if (import(ways[i].name, "to") != ERR_NONE) {
			print_error("%s: %s\n", ways[i].make, err_text());
			assert_true(false);
		}
		same_files("to", "HEAD", "w", "HEAD");
		assert_int_equal(facts.links, 1);
		assert_int_equal(facts.left_out, 0);
		assert_true(str_eq(facts.below,
		    ways[i].name[0] == 'p' ? STR("w-1.0") : STR("")));
	}
	repo_end();
}

static void
a_folder_becomes_the_tree_it_holds(void **state)
{
	(void)state;
	repo_start();
	make_work();
	assert_int_equal(import("t", "to"), ERR_NONE);
	same_files("to", "delivery", "w", "HEAD");
	assert_int_equal(repo_run("mkfifo t/pipe && mkdir -p t/x/.git && "
				  "echo 1 >t/x/.git/config"),
	    0);
	assert_int_equal(import("t", "to"), ERR_NONE);
	assert_int_equal(facts.left_out, 2);
	assert_true(str_eq(facts.first_left, STR("pipe")));
	same_files("to", "delivery", "w", "HEAD");
	repo_end();
}

static void
what_is_odd_about_names_is_counted(void **state)
{
	(void)state;
	repo_start();
	make_work();
	assert_int_equal(repo_run("tar -cf x -C t a.c && tar -rf x -C t a.c && "
				  "tar -rPf x -C t --transform='s,^,/q/,' "
				  "a.c"),
	    0);
	assert_int_equal(import("x", "to"), ERR_NONE);
	assert_int_equal(facts.files, 2);
	assert_int_equal(facts.twice, 1);
	assert_true(str_eq(facts.first_twice, STR("a.c")));
	assert_int_equal(facts.absolute, 1);
	assert_true(str_eq(facts.first_absolute, STR("q/a.c")));
	assert_int_equal(repo_run("tar -cf x -C t a.c"), 0);
	assert_int_equal(import("x", "to"), ERR_NONE);
	assert_int_equal(facts.twice, 0);
	assert_int_equal(facts.absolute, 0);
	repo_end();
}

static void
the_same_archive_gives_the_same_bytes(void **state)
{
	(void)state;
	repo_start();
	make_work();
	assert_int_equal(repo_run("tar -czf a.tgz -C t ."), 0);
	assert_int_equal(import("a.tgz", "one"), ERR_NONE);
	assert_int_equal(import("a.tgz", "two"), ERR_NONE);
	assert_int_equal(repo_run("diff -r one two"), 0);
	repo_end();
}

static void
a_bundle_becomes_the_repository_it_was_made_of(void **state)
{
	(void)state;
	repo_start();
	make_work();
	assert_int_equal(repo_run("git -C w bundle create ../b --all HEAD"), 0);
	assert_int_equal(import("b", "to"), ERR_NONE);
	same_files("to", "v1", "w", "HEAD");
	same_files("to", "HEAD", "w", "HEAD");
	assert_int_equal(repo_run(
			     "git -C w bundle create --version=3 ../b3 --all"),
	    0);
	assert_int_equal(import("b3", "to"), ERR_NONE);
	same_files("to", "main", "w", "HEAD");
	assert_int_equal(repo_run("cd w && echo more >>a.c && git add -A && "
				  "git -c user.name=n -c user.email=e commit "
				  "-qm more && git bundle create ../thin "
				  "v1..main"),
	    0);
	assert_int_equal(import("thin", "to"), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "which is not in it"));
	repo_end();
}

/* Many versions of one file are stored as what changed. */
static void
a_bundle_of_differences_is_taken_in(void **state)
{
	(void)state;
	repo_start();
	make_work();
	assert_int_equal(
	    repo_run("cd w && for v in 1 2 3 4 5; do seq 3000 >long && "
		     "echo $v >>long && git add -A && git -c user.name=n "
		     "-c user.email=e commit -qm $v || exit 1; done && git "
		     "bundle create -q ../b --all && git clone -q --bare ../b "
		     "../c && git verify-pack -v ../c/objects/pack/*.idx | "
		     "grep -q 'chain length = 1: [1-9]'"),
	    0);
	assert_int_equal(import("b", "to"), ERR_NONE);
	assert_true(facts.objects > 15);
	same_files("to", "main", "w", "HEAD");
	same_files("to", "main~3", "w", "HEAD~3");
	repo_end();
}

static void
what_is_damaged_or_leads_outside_is_refused(void **state)
{
	static const struct {
		const char *make, *says;
	} rows[] = {
		{ "tar -cf x -C t --transform='s,^,../,' a.c",
		    "x: names a file outside of itself, ../a.c: ask" },
		{ "tar -cf x -C t . && truncate -s 1300 x",
		    "before byte 1300" },
		{ "tar -cf x -T /dev/null", "x: holds no file" },
		{ "printf '# v3 git bundle\\n@object-format=sha256\\n\\n' >x",
		    "x: a SHA-256 repository" },
		{ "printf '# v3 git bundle\\n@filter=blob:none\\n\\n' >x",
		    "x: a part of a repository (filter=blob:none)" },
		{ "tar -czf x -C t . && truncate -s -20 x", "" },
		{ "git -C w bundle create ../x --all && truncate -s -30 x",
		    "damaged" },
		{ "git -C w bundle create ../x --all && printf zzzz | dd of=x "
		  "bs=1 seek=400 conv=notrunc",
		    "damaged" },
		{ "echo 'this is not an archive at all' >x", "" },
		{ ": >x", "x: is empty" },
		{ "head -c 100000 /dev/zero >x", "" },
		{ "echo 1 >d && tar -cf x d && rm d && mkdir d && echo 2 >d/e "
		  "&& tar -rf x d/e",
		    "a file and a folder" },
		{ "echo 1 >h && tar -cf x h && printf 'nowhere\\0' | dd of=x "
		  "bs=1 seek=157 conv=notrunc && printf 1 | dd of=x bs=1 "
		  "seek=156 conv=notrunc",
		    "" },
		{ "truncate -s 600M h; tar -cf - h | head -c 2000 >x",
		    "a file of 629145600 bytes" },
	};

	(void)state;
	repo_start();
	make_work();
	assert_int_equal(repo_run("tar -cf good -C t ."), 0);
	assert_int_equal(import("good", "to"), ERR_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum err rc;

		(void)repo_run("rm -rf x h d; %s", rows[i].make);
		rc = import("x", "to");
		if (rc != ERR_FORMAT && rc != ERR_LIMIT)
			print_error("%s: %s\n", rows[i].make, err_text());
		assert_true(rc == ERR_FORMAT || rc == ERR_LIMIT);
		assert_true(*err_text() != '\0');
		assert_non_null(strstr(err_text(), rows[i].says));
	}
	repo_end();
}

static void
a_git_file_that_leads_elsewhere_is_noticed(void **state)
{
	bool wanted;

	(void)state;
	repo_start();
	make_work();
	assert_int_equal(repo_run("mkdir trap && echo 'gitdir: ../w/.git' "
				  ">trap/.git && mkdir link && ln -s "
				  "../w/.git link/.git"),
	    0);
	assert_int_equal(git_import_wanted(&wanted, repo_path("w")), ERR_NONE);
	assert_false(wanted);
	assert_int_equal(git_import_wanted(&wanted, repo_path("w/.git")),
	    ERR_NONE);
	assert_false(wanted);
	assert_int_equal(git_import_wanted(&wanted, repo_path("t")), ERR_NONE);
	assert_true(wanted);
	assert_int_equal(git_import_wanted(&wanted, repo_path("trap")),
	    ERR_DENIED);
	assert_non_null(strstr(err_text(), "was not delivered"));
	err_clear();
	assert_int_equal(git_import_wanted(&wanted, repo_path("link")),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(git_import_wanted(&wanted, repo_path("none")),
	    ERR_ABSENT);
	err_clear();
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_archive_becomes_the_tree_that_was_packed),
		cmocka_unit_test(a_folder_becomes_the_tree_it_holds),
		cmocka_unit_test(what_is_odd_about_names_is_counted),
		cmocka_unit_test(the_same_archive_gives_the_same_bytes),
		cmocka_unit_test(
		    a_bundle_becomes_the_repository_it_was_made_of),
		cmocka_unit_test(a_bundle_of_differences_is_taken_in),
		cmocka_unit_test(what_is_damaged_or_leads_outside_is_refused),
		cmocka_unit_test(a_git_file_that_leads_elsewhere_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
