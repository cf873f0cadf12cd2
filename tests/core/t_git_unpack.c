#include "core/git_unpack.h"

#include "core/git_inside.h"
#include "core/limits.h"
#include "tests/core/repo.h"

/* Every object as libgit2 reads it, strictly, and as we do. */
static unsigned
against_libgit2(struct repo *r, struct git_unpack *u, const char *dir)
{
	struct buf names = { 0 };
	struct str rest, line;
	unsigned n = 0;

	repo_ask(&names,
	    "git -C %s cat-file --batch-all-objects "
	    "--batch-check='%%(objectname)' --unordered",
	    dir);
	rest = buf_view(&names);
	while (str_cut(&rest, '\n', &line)) {
		struct git_bytes want = { 0 };
		struct unpack_block *block;
		enum git_kind kind;
		struct str bytes;
		struct oid id;

		assert_int_equal(oid_parse(&id, line), ERR_NONE);
		assert_int_equal(git_repo_read(&want, r->git, &id, GIT_NOTHING,
				     LIMIT_BLOB),
		    ERR_NONE);
		assert_true(
		    git_unpack_read(&block, &bytes, &kind, u, &id, LIMIT_BLOB));
		assert_int_equal(kind, want.kind);
		assert_true(str_eq(bytes, want.bytes));
		assert_false(bytes.len > 0 &&
		    git_unpack_read(&block, &bytes, &kind, u, &id,
			bytes.len - 1));
		git_unpack_drop(block);
		git_repo_drop(&want);
		n++;
	}
	buf_release(&names);
	return n;
}

static void
every_object_is_what_libgit2_says(void **state)
{
	static const char *const packing[] = {
		"git -C h repack -q -a -d -f --depth=50 --window=50",
		"git -C h -c pack.depth=4095 repack -q -a -d -f --depth=4095 "
		"--window=20",
		"git -C h -c repack.useDeltaBaseOffset=false repack -q -a -d "
		"-f --depth=30 --window=30",
		"git -C h repack -q -a -d -f --depth=0",
	};
	(void)state;
	repo_start();
	repo_history("h", 41, 150);
	for (size_t i = 0; i < sizeof packing / sizeof *packing; i++) {
		struct git_unpack *u;
		struct arena a = { 0 };
		struct repo r;

		assert_int_equal(repo_run("%s", packing[i]), 0);
		repo_open(&r, "h");
		assert_int_equal(r.git->n_packs, 1);
		git_unpack_open(&u, &a, r.git->packs, 1);
		assert_true(against_libgit2(&r, u, "h") > 300);
		git_unpack_close(u);
		arena_release(&a);
		repo_close(&r);
	}
	repo_end();
}

static void
what_lies_in_a_file_of_its_own_has_that_name(void **state)
{
	struct git_bytes b = { 0 };
	struct oid id, older, renamed = { { 0 } };
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\ngit gc -q\n"
		    "echo 2 >f\ncommit two\nid=$(git rev-parse HEAD)\n"
		    "mkdir -p .git/objects/00\n"
		    "cp .git/objects/$(echo $id | cut -c1-2)/"
		    "$(echo $id | cut -c3-) .git/objects/00/"
		    "00000000000000000000000000000000000001\n");
	repo_open(&r, "r/.git");
	id = repo_id(&r, "HEAD");
	older = repo_id(&r, "HEAD~1");
	renamed.id[OID_BYTES - 1] = 1;
	for (int strict = 0; strict < 2; strict++) {
		git_repo_strict(strict != 0);
		/* Twice: it is kept. */
		for (int i = 0; i < 2; i++) {
			assert_int_equal(git_repo_read(&b, r.git, &id,
					     GIT_COMMIT, LIMIT_COMMIT),
			    ERR_NONE);
			assert_non_null(b.block);
			git_repo_drop(&b);
		}
		assert_int_equal(git_repo_read(&b, r.git, &id, GIT_BLOB,
				     LIMIT_BLOB),
		    ERR_FORMAT);
		assert_int_equal(git_repo_read(&b, r.git, &id, GIT_COMMIT, 10),
		    ERR_LIMIT);
		assert_int_equal(git_repo_read(&b, r.git, &renamed, GIT_COMMIT,
				     LIMIT_COMMIT),
		    ERR_FORMAT);
		err_clear();
		assert_int_equal(git_repo_read(&b, r.git, &older, GIT_COMMIT,
				     LIMIT_COMMIT),
		    ERR_NONE);
		assert_non_null(b.block);
		git_repo_drop(&b);
	}
	repo_close(&r);
	repo_end();
}

/* Every byte of a small pack changed: an answer or a no, never a crash. */
static void
damage_is_a_no(void **state)
{
	struct git_unpack *u;
	struct buf bytes = { 0 };
	struct arena a = { 0 };
	unsigned no = 0, yes = 0;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\nfor i in 1 2 3 4 5 6 7 8; do echo line $i >>f\n"
		    "commit $i\ndone\ngit repack -q -a -d -f --depth=20\n"
		    "cp .git/objects/pack/*.pack pack\n");
	assert_int_equal(io_read(&bytes, repo_path("r/pack"), 100000),
	    ERR_NONE);
	repo_open(&r, "r/.git");
	git_unpack_open(&u, &a, r.git->packs, 1);
	against_libgit2(&r, u, "r");
	for (size_t i = 0; i < bytes.len; i++) {
		bytes.at[i] ^= 0x55;
		for (uint32_t k = 0; k < r.git->packs[0].count; k++) {
			struct oid id = git_pack_name(&r.git->packs[0], k);
			struct unpack_block *block;
			enum git_kind kind;
			struct str out;
			uint64_t at;

			assert_true(git_pack_find(&r.git->packs[0], &id, &at));
			if (!git_unpack_at(&block, &out, &kind,
				buf_view(&bytes), at, 100000)) {
				no++;
				continue;
			}
			yes++;
			git_unpack_drop(block);
		}
		bytes.at[i] ^= 0x55;
	}
	assert_true(no > 100 && yes > 100);
	git_unpack_close(u);
	repo_close(&r);
	buf_release(&bytes);
	arena_release(&a);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_is_what_libgit2_says),
		cmocka_unit_test(what_lies_in_a_file_of_its_own_has_that_name),
		cmocka_unit_test(damage_is_a_no),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
