#include "core/git_repo.h"

#include "core/git_blob.h"
#include "core/git_commit.h"
#include "core/git_place.h"
#include "core/limits.h"
#include "tests/core/repo.h"

static enum err
try_open(const char *dir)
{
	struct git_repo *r = NULL;
	enum err rc;

	err_clear();
	rc = git_repo_open(&r, str_of(repo_path(dir)), true);
	if (rc == ERR_NONE)
		git_repo_close(r);
	else
		assert_null(r);
	return rc;
}

static void
says(const char *words)
{
	if (str_find(str_of(err_text()), str_of(words), 0) == SIZE_MAX)
		print_error("\"%s\" is not in: %s\n", words, err_text());
	assert_true(str_find(str_of(err_text()), str_of(words), 0) != SIZE_MAX);
	assert_null(strchr(err_text(), '\n'));
	err_clear();
}

static void
read_file(struct repo *r, const char *revision, const char *path,
    const char *want)
{
	struct oid tree = repo_tree(r, revision);
	struct git_bytes b = { 0 };
	struct tree_entry e;

	assert_int_equal(git_tree_find(&e, r->git, &tree, str_of(path)),
	    ERR_NONE);
	assert_int_equal(git_blob_read(&b, r->git, &e.id), ERR_NONE);
	assert_true(str_eq(b.bytes, str_of(want)));
	git_repo_drop(&b);
}

static void
every_kind_of_repository_opens(void **state)
{
	static const char *const dirs[] = { "r/.git", "bare", "packed/.git",
		"many" };

	(void)state;
	repo_start();
	repo_script(
	    "init r\necho one >f\ncommit one\ncd ..\n"
	    "git clone -q --bare r bare\ncp -r r packed\n"
	    "git -C packed gc -q\ncp -r bare many\n"
	    "for i in 1 2 3; do git -C r commit -q --allow-empty -m $i\n"
	    "git -C many fetch -q ../r main:b$i; git -C many repack -q\n"
	    "done\n");
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		struct repo r;

		repo_open(&r, dirs[i]);
		read_file(&r, "main", "f", "one\n");
		repo_close(&r);
	}
	repo_end();
}

static void
nothing_is_written_and_any_owner_will_do(void **state)
{
	struct buf before = { 0 }, after = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho one >f\ncommit one\ngit gc -q\n"
		    "chmod -R a-w .git\n");
	if (geteuid() == 0)
		assert_int_equal(repo_run("chown -R 12345:12345 r"), 0);
	repo_ask(&before, "find r -printf '%%p %%T@ %%C@ %%m\\n' | sort");
	repo_open(&r, "r/.git");
	read_file(&r, "main", "f", "one\n");
	repo_close(&r);
	repo_ask(&after, "find r -printf '%%p %%T@ %%C@ %%m\\n' | sort");
	repo_same(&before, &after);
	assert_int_equal(repo_run("chmod -R u+w r"), 0);
	buf_release(&before);
	buf_release(&after);
	repo_end();
}

/* git runs or reads each of these: the file "ran" says so. */
static const char hostile[] =
    "cat >../evil <<END\n#!/bin/sh\necho \"\\$0\" >>$PWD/../ran\n"
    "cat \"\\$1\" 2>/dev/null\nEND\nchmod +x ../evil\n"
    "git config core.fsmonitor $PWD/../evil\n"
    "git config core.sshCommand $PWD/../evil\n"
    "git config diff.x.textconv $PWD/../evil\n"
    "git config filter.x.smudge $PWD/../evil\n"
    "git config core.worktree /etc\n"
    "git config include.path $PWD/../included\n"
    "git config extensions.worktreeConfig true\n"
    "git config core.repositoryFormatVersion 1\n"
    "git config extensions.unheardOf true\n"
    "echo '* diff=x filter=x' >.git/info/attributes\n"
    "for h in post-checkout pre-commit reference-transaction; do\n"
    "cp ../evil .git/hooks/$h; done\n";

static void
what_the_repository_says_is_never_obeyed(void **state)
{
	struct buf script = { 0 };
	struct repo r;
	struct oid id;

	(void)state;
	repo_start();
	buf_printf(&script,
	    "init r\necho one >f\ncommit one\n"
	    "echo two >f\ncommit two\n%s",
	    hostile);
	repo_script(script.at);
	repo_open(&r, "r/.git");
	read_file(&r, "HEAD", "f", "two\n");
	id = repo_id(&r, "HEAD~1");
	assert_false(oid_is_zero(&id));
	repo_close(&r);
	assert_int_not_equal(access(repo_path("ran"), F_OK), 0);
	/* git refuses this one; without the extension it runs the program. */
	assert_int_not_equal(repo_run("git -C r log -p"), 0);
	assert_int_equal(
	    repo_run("git config -f r/.git/config --unset "
		     "extensions.unheardOf && git config -f r/.git/config "
		     "--unset core.worktree && git -C r log -p"),
	    0);
	assert_int_equal(access(repo_path("ran"), F_OK), 0);
	buf_release(&script);
	repo_end();
}

static void
alternates_are_named_and_not_followed(void **state)
{
	struct repo r;
	struct oid id;
	struct git_bytes b = { 0 };

	(void)state;
	repo_start();
	repo_script("init a\necho secret >f\ncommit one\ncd ..\n"
		    "git clone -q --bare --shared a b\n");
	/* git follows them. */
	assert_int_equal(repo_run("git -C b cat-file -e HEAD"), 0);
	repo_open(&r, "b");
	id = r.refs.head_id;
	assert_false(oid_is_zero(&id));
	assert_int_equal(git_repo_read(&b, r.git, &id, GIT_COMMIT,
			     LIMIT_COMMIT),
	    ERR_ABSENT);
	says("was not delivered with this repository");
	assert_true(str_find(git_repo_notice(r.git, &r.a),
			STR("objects/info/alternates"), 0) != SIZE_MAX);
	repo_close(&r);
	repo_open(&r, "a/.git");
	assert_int_equal(git_repo_notice(r.git, &r.a).len, 0);
	repo_close(&r);
	repo_end();
}

static void
what_cannot_be_read_is_said_in_one_line(void **state)
{
	struct git_repo *r;
	struct refs refs;
	struct arena a = { 0 };

	(void)state;
	repo_start();
	repo_script(
	    "mkdir empty\necho x >file\n"
	    "git init -q --object-format=sha256 s1\n"
	    "git init -q --object-format=sha256 s2\n"
	    "for s in s1 s2; do cd $s; echo 1 >f\ncommit one\ncd ..\ndone\n"
	    "git -C s2 gc -q\n"
	    "git init -q t; mkdir t/.git/reftable\n"
	    "echo 'ref: refs/heads/.invalid' >t/.git/HEAD\n");
	assert_int_equal(try_open("nowhere"), ERR_ABSENT);
	says("not a git directory");
	assert_int_equal(try_open("empty"), ERR_ABSENT);
	says("it has no folder \"objects\"");
	assert_int_equal(try_open("file"), ERR_ABSENT);
	says("not a git directory");
	assert_int_equal(try_open("s1/.git"), ERR_FORMAT);
	says("a SHA-256 repository");
	assert_int_equal(try_open("s2/.git"), ERR_FORMAT);
	says("a SHA-256 repository");
	assert_int_equal(git_repo_open(&r, str_of(repo_path("t/.git")), true),
	    ERR_NONE);
	assert_int_equal(git_refs_read(&refs, &a, r), ERR_FORMAT);
	says("reftable");
	git_repo_close(r);
	arena_release(&a);
	repo_end();
}

static void
a_damaged_pack_is_named(void **state)
{
	static const struct {
		const char *damage, *words;
	} rows[] = {
		{ "truncate -s -1 $p.pack", "is cut off" },
		{ "truncate -s 25 $p.pack", "too short" },
		{ "printf JUNK | dd of=$p.pack conv=notrunc", "begin like" },
		{ "printf x | dd of=$p.pack bs=1 seek=11 conv=notrunc",
		    "another number of objects" },
		{ "truncate -s -7 $p.idx", "cut off" },
		{ "truncate -s 100 $p.idx", "index" },
		{ "printf '\\377' | dd of=$p.idx bs=1 seek=20 conv=notrunc",
		    "out of order" },
		{ "rm $p.pack", "no such file" },
		{ "rm $p.pack; mkdir $p.pack", "not a regular file" },
		{ "rm $p.pack; ln -s $p.idx $p.pack", "symbolic link" },
		{ "printf x | dd of=$p.idx conv=notrunc", "not an index" },
	};

	(void)state;
	repo_start();
	repo_script("init r\nfor i in 1 2 3 4 5 6 7 8 9; do echo $i >$i\n"
		    "done\ncommit one\ngit gc -q\n");
	assert_int_equal(try_open("r/.git"), ERR_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char line[512];

		snprintf(line, sizeof line,
		    "rm -rf d; cp -r r d; "
		    "chmod -R u+w d; p=$(echo $PWD/d/.git/objects/pack/*.idx);"
		    " p=${p%%.idx}; %s",
		    rows[i].damage);
		assert_int_equal(repo_run("%s", line), 0);
		if (try_open("d/.git") == ERR_NONE)
			print_error("%s was not seen\n", rows[i].damage);
		assert_true(
		    str_find(str_of(err_text()), STR("pack-"), 0) != SIZE_MAX);
		says(rows[i].words);
	}
	repo_end();
}

static void
damaged_bytes_are_found_when_they_are_read(void **state)
{
	struct git_bytes b = { 0 };
	struct repo r;
	struct oid id;

	(void)state;
	repo_start();
	repo_script(
	    "init r\necho original >f\ncommit one\n"
	    "o=.git/objects/$(git rev-parse HEAD:f | sed 's/../&\\//')\n"
	    "chmod u+w $o\n"
	    "printf 'blob 9\\000tampered\\n' | perl -MCompress::Zlib -e "
	    "'local $/; print compress(<STDIN>)' >$o\n");
	repo_open(&r, "r/.git");
	assert_int_equal(oid_parse(&id,
			     STR("4b48deed3a433909bfd6b6ab3d4b91348b6af464")),
	    ERR_NONE);
	assert_int_equal(git_blob_read(&b, r.git, &id), ERR_FORMAT);
	says("file 4b48deed3a433909bfd6b6ab3d4b91348b6af464 is damaged");
	/* what is in no pack is held against its name in any case */
	git_repo_strict(false);
	assert_int_equal(git_blob_read(&b, r.git, &id), ERR_FORMAT);
	says("file 4b48deed3a433909bfd6b6ab3d4b91348b6af464 is damaged");
	repo_close(&r);
	repo_end();
}

static void
an_object_of_another_kind_or_size_is_refused(void **state)
{
	struct git_bytes b = { 0 };
	struct repo r;
	struct oid id;
	uint64_t size;

	(void)state;
	repo_start();
	repo_script("init r\nhead -c 5000 /dev/zero >f\ncommit one\n"
		    "git gc -q\nhead -c 7000 /dev/zero >f\ncommit two\n");
	repo_open(&r, "r/.git");
	id = repo_id(&r, "HEAD");
	assert_int_equal(git_blob_read(&b, r.git, &id), ERR_FORMAT);
	says("is a commit, not a file");
	assert_int_equal(git_blob_size(&size, r.git, &id), ERR_FORMAT);
	says("is a commit, not a file");
	for (int i = 0; i < 2; i++) {
		struct tree_entry e;
		struct oid tree = repo_tree(&r, i == 0 ? "HEAD" : "HEAD~1");
		size_t len = i == 0 ? 7000 : 5000;

		assert_int_equal(git_tree_find(&e, r.git, &tree, STR("f")),
		    ERR_NONE);
		assert_int_equal(git_blob_size(&size, r.git, &e.id), ERR_NONE);
		assert_int_equal(size, len);
		assert_int_equal(git_repo_read(&b, r.git, &e.id, GIT_BLOB,
				     len - 1),
		    ERR_LIMIT);
		says("are read");
		assert_int_equal(git_repo_read(&b, r.git, &e.id, GIT_BLOB, len),
		    ERR_NONE);
		assert_int_equal(b.bytes.len, len);
		git_repo_drop(&b);
	}
	repo_close(&r);
	repo_end();
}

static void
find(const char *path, const char *git, const char *head)
{
	struct arena a = { 0 };
	struct git_place place;

	err_clear();
	if (git_place_find(&place, &a, repo_path(path)) != ERR_NONE)
		print_error("%s: %s\n", path, err_text());
	assert_string_equal(place.git.at, repo_path(git));
	assert_true(str_eq(place.head, str_of(head)));
	arena_release(&a);
}

static void
a_typed_path_leads_to_its_git_directory(void **state)
{
	struct arena a = { 0 };
	struct git_place place;

	(void)state;
	repo_start();
	repo_script("init r\nmkdir -p sub/deep\necho 1 >sub/deep/f\n"
		    "commit one\ngit worktree add -q -b side ../w\ncd ..\n"
		    "git clone -q --bare r bare\nmkdir none\n"
		    "mkdir link\necho \"gitdir: ../bare\" >link/.git\n"
		    "mkdir broken\necho \"gitdir: ../nowhere\" >broken/.git\n"
		    "mkdir junk\necho hello >junk/.git\n");
	find("r", "r/.git", "");
	find("r/.git", "r/.git", "");
	find("r/sub/deep", "r/.git", "");
	find("bare", "bare", "");
	find("w", "r/.git", "refs/heads/side");
	find("link", "bare", "");
	assert_int_equal(git_place_find(&place, &a, repo_path("none")),
	    ERR_ABSENT);
	says("none: no git repository here or above");
	assert_int_equal(git_place_find(&place, &a, repo_path("gone")),
	    ERR_ABSENT);
	says("gone: no such file or folder");
	assert_int_equal(git_place_find(&place, &a, repo_path("r/sub/deep/f")),
	    ERR_ABSENT);
	says("not a folder");
	assert_int_equal(git_place_find(&place, &a, repo_path("broken")),
	    ERR_ABSENT);
	says("nowhere");
	assert_int_equal(git_place_find(&place, &a, repo_path("junk")),
	    ERR_FORMAT);
	says("gitdir: PATH");
	arena_release(&a);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_repository_opens),
		cmocka_unit_test(nothing_is_written_and_any_owner_will_do),
		cmocka_unit_test(what_the_repository_says_is_never_obeyed),
		cmocka_unit_test(alternates_are_named_and_not_followed),
		cmocka_unit_test(what_cannot_be_read_is_said_in_one_line),
		cmocka_unit_test(a_damaged_pack_is_named),
		cmocka_unit_test(damaged_bytes_are_found_when_they_are_read),
		cmocka_unit_test(an_object_of_another_kind_or_size_is_refused),
		cmocka_unit_test(a_typed_path_leads_to_its_git_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
