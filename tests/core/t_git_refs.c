#include "core/git_refs.h"

#include "core/limits.h"
#include "tests/core/repo.h"

static void
says(const char *words)
{
	if (str_find(str_of(err_text()), str_of(words), 0) == SIZE_MAX)
		print_error("\"%s\" is not in: %s\n", words, err_text());
	assert_true(str_find(str_of(err_text()), str_of(words), 0) != SIZE_MAX);
	err_clear();
}

static struct ref *
ref_of(struct repo *r, struct str name)
{
	const struct ref *ref = git_refs_find(&r->refs, name);

	assert_non_null(ref);
	return &r->refs.at[ref - r->refs.at];
}

static void
names_are_those_of_git(void **state)
{
	struct buf ours = { 0 }, theirs = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n"
		    "git branch a/b/c; git branch packed; git tag light\n"
		    "git tag -m note heavy\ngit tag -m note twice heavy\n"
		    "git tag blob $(git rev-parse HEAD:f)\n"
		    "git update-ref refs/remotes/origin/main HEAD\n"
		    "git symbolic-ref refs/remotes/origin/HEAD "
		    "refs/remotes/origin/main\n"
		    "git update-ref refs/odd/thing HEAD\ngit pack-refs --all\n"
		    "git branch loose\necho 2 >f\ncommit two\n"
		    "git branch -f packed\n");
	repo_open(&r, "r/.git");
	for (size_t i = 0; i < r.refs.len; i++) {
		struct ref *ref = &r.refs.at[i];

		git_refs_peel(ref, r.git);
		buf_printf(&ours, "%s %s %s\n", ref->name.at,
		    oid_text(&ref->target).hex,
		    oid_is_zero(&ref->commit) ? "none" :
						oid_text(&ref->commit).hex);
	}
	repo_ask(&theirs,
	    "git -C r for-each-ref --format='%%(refname) "
	    "%%(objectname)' | while read n o; do echo $n $o $(git -C r "
	    "rev-parse -q --verify $n^{commit} 2>/dev/null || echo none); "
	    "done");
	repo_same(&ours, &theirs);
	assert_true(str_eq(r.refs.head, STR("refs/heads/main")));
	assert_int_equal(r.refs.skipped, 0);
	assert_true(str_eq(
	    git_refs_find(&r.refs, STR("refs/remotes/origin/main"))->brief,
	    STR("origin/main")));
	assert_int_equal(git_refs_find(&r.refs, STR("refs/tags/heavy"))->kind,
	    REF_TAG);
	assert_true(git_refs_find(&r.refs, STR("refs/tags/heavy"))->annotated);
	assert_false(git_refs_find(&r.refs, STR("refs/tags/light"))->annotated);
	assert_null(git_refs_find(&r.refs, STR("refs/tags/never")));
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

/* What packed-refs says of a tag is where to look, and not believed. */
static void
a_packed_tag_names_its_commit_and_no_other(void **state)
{
	struct oid one, two;
	struct ref *good, *lie, *loose;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\ngit tag -m x good\n"
		    "git tag -m x lie\ngit pack-refs --all\n"
		    "git tag -m x loose\necho 2 >f\ncommit two\n"
		    "two=$(git rev-parse HEAD)\n"
		    "sed -i \"/tags.lie/{n;s/.*/^$two/}\" .git/packed-refs\n");
	repo_open(&r, "r/.git");
	assert_int_equal(git_rev_commit(&one, r.git, &r.refs, STR("HEAD~1")),
	    ERR_NONE);
	assert_int_equal(git_rev_commit(&two, r.git, &r.refs, STR("HEAD")),
	    ERR_NONE);
	good = ref_of(&r, STR("refs/tags/good"));
	lie = ref_of(&r, STR("refs/tags/lie"));
	loose = ref_of(&r, STR("refs/tags/loose"));
	assert_false(git_refs_names(good, r.git, &two));
	assert_false(good->peeled);
	assert_true(git_refs_names(good, r.git, &one));
	assert_true(oid_eq(&lie->told, &two));
	assert_false(git_refs_names(lie, r.git, &two));
	assert_true(git_refs_names(lie, r.git, &one));
	assert_false(git_refs_names(loose, r.git, &one));
	git_refs_peel(loose, r.git);
	assert_true(git_refs_names(loose, r.git, &one));
	repo_close(&r);
	repo_end();
}

static void
hostile_references_are_counted_or_refused(void **state)
{
	struct git_repo *git;
	struct arena a = { 0 };
	struct refs refs;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\ncd .git/refs/heads\n"
		    "ln -s /etc/passwd link; mkfifo pipe; echo junk >junk\n"
		    "printf 'ref: refs/heads/loop2\\n' >loop\n"
		    "printf 'ref: refs/heads/loop\\n' >loop2\n"
		    "head -c 100000 /dev/zero >huge; : >empty\n"
		    "echo x >main.lock; mkdir -p d/e/f\n"
		    "cp main \"$(printf 'esc\\033[2J')\"\n"
		    "ln -s /etc etc\n");
	repo_open(&r, "r/.git");
	assert_int_equal(r.refs.len, 2);
	assert_int_equal(r.refs.skipped, 6);
	assert_true(str_eq(r.refs.at[0].name, STR("refs/heads/esc\033[2J")));
	repo_close(&r);
	assert_int_equal(git_repo_open(&git, str_of(repo_path("r/.git")), true),
	    ERR_NONE);
	repo_script("cd r/.git; echo hello >packed-refs\n");
	assert_int_equal(git_refs_read(&refs, &a, git), ERR_FORMAT);
	says("packed-refs");
	repo_script("cd r/.git; rm packed-refs; echo nothing >HEAD\n");
	assert_int_equal(git_refs_read(&refs, &a, git), ERR_FORMAT);
	says("HEAD names nothing");
	repo_script("cd r/.git; printf '%064d\\n' 0 >HEAD\n");
	assert_int_equal(git_refs_read(&refs, &a, git), ERR_FORMAT);
	says("SHA-256");
	repo_script("cd r/.git; rm HEAD; ln -s refs/heads/main HEAD\n");
	assert_int_equal(git_refs_read(&refs, &a, git), ERR_DENIED);
	says("symbolic link");
	git_repo_close(git);
	arena_release(&a);
	repo_end();
}

static void
revisions_mean_what_git_means(void **state)
{
	static const char *const good[] = {
		"HEAD",
		"@",
		"main",
		"heads/main",
		"refs/heads/main",
		"heavy",
		"heavy^{}",
		"heavy^{commit}",
		"heavy^{tree}",
		"heavy~1",
		"main~0",
		"main^0",
		"main^",
		"main^1",
		"heavy^2",
		"main~2",
		"main~1^2~1",
		"main^^",
		"main~1^2",
		"same",
		"origin/main",
		"origin",
		"HEAD^{object}",
		"HEAD^{tree}",
		"twice^{tag}",
		"main~1~1",
	};
	struct buf theirs = { 0 };
	struct repo r;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nfor i in 1 2 3 4; do echo $i >f\ncommit $i\n"
	    "done\ngit checkout -q -b side HEAD~2; echo s >g\ncommit side\n"
	    "git checkout -q main\ngit merge -q --no-ff -m merge side\n"
	    "git tag -m note heavy; git tag -m note twice heavy\n"
	    "git branch same HEAD~1; git tag same HEAD~2\n"
	    "git update-ref refs/remotes/origin/main HEAD~1\n"
	    "git symbolic-ref refs/remotes/origin/HEAD "
	    "refs/remotes/origin/main\ngit gc -q\necho 9 >f\ncommit 9\n");
	repo_open(&r, "r/.git");
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct oid id = repo_id(&r, good[i]);

		repo_ask(&theirs, "git -C r rev-parse '%s' 2>/dev/null",
		    good[i]);
		assert_memory_equal(theirs.at, oid_text(&id).hex, OID_HEX);
	}
	repo_close(&r);
	buf_release(&theirs);
	repo_end();
}

static enum err
ask(struct repo *r, const char *text)
{
	struct oid id;

	err_clear();
	return git_rev_commit(&id, r->git, &r->refs, str_of(text));
}

static void
an_unknown_revision_gets_one_clear_line(void **state)
{
	struct repo r;
	char far[LIMIT_REF_NAME + 9];

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n");
	repo_open(&r, "r/.git");
	assert_int_equal(ask(&r, "HEAD"), ERR_NONE);
	assert_int_equal(ask(&r, "nowhere"), ERR_ABSENT);
	says("nowhere: no such branch, tag or commit here");
	assert_int_equal(ask(&r, "HEAD~1"), ERR_ABSENT);
	says("has no parent 1");
	assert_int_equal(ask(&r, "HEAD^2"), ERR_ABSENT);
	says("has no parent 2");
	assert_int_equal(ask(&r, "HEAD^{blob}"), ERR_ABSENT);
	says("{commit}");
	assert_int_equal(ask(&r, "HEAD^{tree}"), ERR_ABSENT);
	says("is a tree, not a commit");
	assert_int_equal(ask(&r, "HEAD@{1}"), ERR_ABSENT);
	says("no such branch");
	assert_int_equal(ask(&r, "\033[2Jx"), ERR_ABSENT);
	says("<1b>[2Jx");
	assert_int_equal(ask(&r, "../../../../etc/passwd"), ERR_ABSENT);
	says("no such branch");
	assert_int_equal(ask(&r, "0000000000000000000000000000000000000001"),
	    ERR_ABSENT);
	says("was not delivered");
	memset(far, 'a', sizeof far - 1);
	far[sizeof far - 1] = '\0';
	assert_int_equal(ask(&r, far), ERR_LIMIT);
	assert_int_equal(ask(&r, "HEAD~999999999999999999999"), ERR_ABSENT);
	repo_close(&r);
	repo_script("init fresh\n");
	repo_open(&r, "fresh/.git");
	assert_int_equal(ask(&r, "HEAD"), ERR_ABSENT);
	says("has no commit yet");
	repo_close(&r);
	repo_end();
}

/* Blobs "0", "1" ... until two ids begin with the same four digits. */
static void
an_ambiguous_id_names_its_candidates(void **state)
{
	struct buf b = { 0 };
	struct arena a = { 0 };
	struct repo r;
	struct oid id;
	struct str brief;

	(void)state;
	repo_start();
	repo_script("init r\nmkdir d; i=0; while [ $i -lt 600 ]; do echo $i "
		    ">d/$i; i=$((i + 1)); done\ncommit one\n");
	repo_ask(&b,
	    "git -C r rev-list --objects --all --no-object-names | "
	    "cut -c1-4 | sort | uniq -d | head -1");
	assert_int_equal(b.len, 5);
	b.at[4] = '\0';
	for (int packed = 0; packed < 2; packed++) {
		repo_open(&r, "r/.git");
		assert_int_equal(ask(&r, b.at), ERR_ABSENT);
		assert_true(str_starts(str_of(err_text()), str_of(b.at)));
		says("is the beginning of 2 ids: ");
		id = repo_id(&r, "HEAD");
		brief = git_rev_short(r.git, &a, &id, 4);
		assert_true(brief.len >= 4 && brief.len < 12);
		assert_int_equal(ask(&r, brief.at), ERR_NONE);
		repo_close(&r);
		assert_int_equal(repo_run("git -C r gc -q"), 0);
	}
	buf_release(&b);
	arena_release(&a);
	repo_end();
}

static void
a_session_has_its_releases_and_nothing_else(void **state)
{
	struct release given[] = {
		{ .name = STR("v1"), .status = STR("production") },
		{ .name = STR("v0 odd"), .status = STR("custom") },
	};
	struct arena a = { 0 };
	struct refs refs;

	(void)state;
	given[0].commit.id[0] = 1;
	given[1].commit.id[0] = 2;
	git_refs_releases(&refs, &a, given, 2);
	assert_int_equal(refs.len, 2);
	assert_true(oid_eq(&refs.head_id, &given[1].commit));
	assert_true(
	    oid_eq(&git_refs_find(&refs, STR("v1"))->commit, &given[0].commit));
	assert_null(git_refs_find(&refs, STR("refs/heads/main")));
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_git),
		cmocka_unit_test(a_packed_tag_names_its_commit_and_no_other),
		cmocka_unit_test(hostile_references_are_counted_or_refused),
		cmocka_unit_test(revisions_mean_what_git_means),
		cmocka_unit_test(an_unknown_revision_gets_one_clear_line),
		cmocka_unit_test(an_ambiguous_id_names_its_candidates),
		cmocka_unit_test(a_session_has_its_releases_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
