#include "core/git_commit.h"

#include "tests/core/repo.h"

#define TREE "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n"
#define A_LINE "author A U Thor <a@example.org> 1700000000 +0530\n"
#define C_LINE "committer C <c@x> 1700000001 -0330\n"

static enum err
parse(struct commit *c, struct arena *a, struct str raw)
{
	err_clear();
	return git_commit_parse(c, a, raw);
}

static void
every_part_of_a_commit_is_taken(void **state)
{
	struct arena a = { 0 };
	struct commit c;

	(void)state;
	assert_int_equal(
	    parse(&c, &a,
		STR(TREE
		    "parent 1234567890123456789012345678901234567890\n"
		    "parent 2234567890123456789012345678901234567890\n" A_LINE
			C_LINE "encoding GB18030\n"
		    "gpgsig -----BEGIN\n parent 3\n author x\n"
		    "\n\n  subject here \r\n\nbody\0more\n")),
	    ERR_NONE);
	assert_false(c.bad);
	assert_int_equal(c.n_parents, 2);
	assert_int_equal(c.parents[1].id[0], 0x22);
	assert_true(str_eq(c.author.name, STR("A U Thor")));
	assert_true(str_eq(c.author.mail, STR("a@example.org")));
	assert_int_equal(c.author.time, 1700000000);
	assert_int_equal(c.author.zone, 330);
	assert_int_equal(c.committer.zone, -210);
	assert_true(str_eq(c.encoding, STR("GB18030")));
	assert_true(c.is_signed);
	assert_true(str_eq(c.subject, STR("subject here")));
	assert_int_equal(c.message.len,
	    strlen("\n  subject here \r\n\nbody") + 6);
	arena_release(&a);
}

static void
what_is_odd_is_shown_and_marked(void **state)
{
	static const struct {
		struct str raw;
		const char *name, *mail, *subject;
		int64_t time;
	} rows[] = {
		{ STR(TREE), "", "", "", 0 },
		{ STR(TREE "\nonly a message"), "", "", "only a message", 0 },
		{ STR(TREE "author A <a> 99999999999999999999999 +0000\n" C_LINE
			   "\nx"),
		    "A", "a", "x", 0 },
		{ STR(TREE "author A 1700000000 +0000\n" C_LINE "\nx"),
		    "A 1700000000 +0000", "", "x", 0 },
		{ STR(TREE "author <> -5 +0000\n" C_LINE "\nx"), "", "", "x",
		    -5 },
		{ STR(TREE "author A> <a<b>c> 7 +99999\n" C_LINE "\nx"), "A>",
		    "a<b>c", "x", 7 },
		{ STR(TREE "author\n" C_LINE "parent nothex\n\nx"), "", "", "x",
		    0 },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct commit c;

		assert_int_equal(parse(&c, &a, rows[i].raw), ERR_NONE);
		assert_true(str_eq(c.author.name, str_of(rows[i].name)));
		assert_true(str_eq(c.author.mail, str_of(rows[i].mail)));
		assert_true(str_eq(c.subject, str_of(rows[i].subject)));
		assert_int_equal(c.author.time, rows[i].time);
		assert_int_equal(c.bad, i != 4);
		assert_string_equal(err_text(), "");
	}
	arena_release(&a);
}

static void
without_a_tree_it_is_no_commit(void **state)
{
	struct arena a = { 0 };
	struct commit c;

	(void)state;
	assert_int_equal(parse(&c, &a, STR("")), ERR_FORMAT);
	assert_int_equal(parse(&c, &a, STR(A_LINE C_LINE "\nx")), ERR_FORMAT);
	assert_int_equal(parse(&c, &a, STR("tree 12\n\nx")), ERR_FORMAT);
	assert_int_equal(parse(&c, &a, STR("\n" TREE)), ERR_FORMAT);
	assert_int_equal(parse(&c, &a, STR(TREE)), ERR_NONE);
	arena_release(&a);
}

static void
commits_and_tags_are_read_from_a_repository(void **state)
{
	struct commit c;
	struct repo r;
	struct oid id;
	struct tag t;

	(void)state;
	repo_start();
	repo_script(
	    "init r\necho 1 >f\ncommit one\n"
	    "git tag -m 'about it' heavy\ngit tag -m file of-file HEAD:f\n");
	repo_open(&r, "r/.git");
	id = repo_id(&r, "HEAD");
	assert_int_equal(git_commit_read(&c, &r.a, r.git, &id), ERR_NONE);
	assert_true(oid_eq(&c.id, &id));
	assert_true(str_eq(c.subject, STR("one")));
	assert_int_equal(c.author.zone, 120);
	id = repo_id(&r, "heavy");
	assert_int_equal(git_commit_tag(&t, &r.a, r.git, &id), ERR_NONE);
	assert_true(oid_eq(&t.target, &c.id));
	assert_int_equal(t.kind, GIT_COMMIT);
	assert_true(str_eq(t.name, STR("heavy")));
	assert_true(str_eq(t.message, STR("about it\n")));
	assert_int_equal(git_commit_read(&c, &r.a, r.git, &id), ERR_FORMAT);
	err_clear();
	id = repo_id(&r, "of-file");
	assert_int_equal(git_commit_tag(&t, &r.a, r.git, &id), ERR_NONE);
	assert_int_equal(t.kind, GIT_BLOB);
	repo_close(&r);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_of_a_commit_is_taken),
		cmocka_unit_test(what_is_odd_is_shown_and_marked),
		cmocka_unit_test(without_a_tree_it_is_no_commit),
		cmocka_unit_test(commits_and_tags_are_read_from_a_repository),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
