#include "core/git_stream.h"

#include "core/hash.h"
#include "tests/core/repo.h"

/* Two large files, one of them a delta of the other, and a damaged copy of
 * the pack: both end as what is not what its name says. */
static void
make(void)
{
	repo_script(
	    "git init -q -b main work\n"
	    "cd work\n"
	    "awk 'BEGIN { for (i = 0; i < 150000; i++) print i, i * 7919 % "
	    "104729 }' >one\n"
	    "{ cat one; echo more; } >two\n"
	    "commit large\n"
	    "cd ..\n"
	    "git clone -q --bare --no-hardlinks work packed\n"
	    "git -C packed repack -adqf --depth=5\n"
	    "cp -r packed broken\n"
	    "cd broken/objects/pack\n"
	    "chmod u+w *.pack\n"
	    "size=$(wc -c <$(ls *.pack))\n"
	    "printf '\\252\\125\\252' | dd of=$(ls *.pack) bs=1 "
	    "seek=$((size / 2)) conv=notrunc status=none\n");
}

static struct oid
id_of(struct repo *r, const char *name)
{
	struct oid tree = repo_tree(r, "HEAD");
	struct tree_entry e;

	assert_int_equal(git_tree_find(&e, r->git, &tree, str_of(name)),
	    ERR_NONE);
	return e.id;
}

static void
stream(struct repo *r, const char *name, size_t step)
{
	struct oid id = id_of(r, name);
	struct buf want = { 0 };
	struct git_stream *s;
	bool more = true;
	size_t before = 0;

	repo_ask(&want, "git -C packed cat-file blob HEAD:%s", name);
	assert_int_equal(git_stream_open(&s, r->git, &id), ERR_NONE);
	assert_int_equal(git_stream_size(s), want.len);
	while (more) {
		enum err rc = git_stream_step(&more, s, step);
		struct str now = git_stream_bytes(s);

		assert_int_equal(rc, ERR_NONE);
		assert_true(now.len >= before && now.len <= want.len);
		assert_memory_equal(now.at, want.at, now.len);
		before = now.len;
	}
	assert_int_equal(before, want.len);
	git_stream_close(s);
	buf_release(&want);
}

static void
the_bytes_come_from_the_beginning_on(void **state)
{
	struct repo r;

	(void)state;
	repo_open(&r, "packed");
	stream(&r, "one", 70001);
	stream(&r, "two", 70001);
	stream(&r, "one", 1 << 30);
	repo_close(&r);
}

static void
damage_is_found_before_the_end(void **state)
{
	static const char *const names[] = { "one", "two" };
	struct repo r, whole;
	int bad = 0;

	(void)state;
	repo_open(&whole, "packed");
	repo_open(&r, "broken");
	for (size_t i = 0; i < 2; i++) {
		struct oid id = id_of(&whole, names[i]);
		enum err rc;
		struct git_stream *s;
		bool more = true;

		rc = git_stream_open(&s, r.git, &id);
		if (rc != ERR_NONE) {
			bad++; /* a delta is unpacked at once */
			err_clear();
			continue;
		}
		while (more && rc == ERR_NONE)
			rc = git_stream_step(&more, s, 1 << 16);
		bad += rc == ERR_FORMAT;
		assert_false(more && rc == ERR_NONE);
		err_clear();
		git_stream_close(s);
	}
	assert_int_equal(bad, 2);
	repo_close(&r);
	repo_close(&whole);
}

/* git hash-object of "hello" and LF. */
static void
a_hash_is_the_name_git_gives(void **state)
{
	struct hash_git h;
	struct oid is, want;

	(void)state;
	hash_git_start(&h, "blob", 6);
	hash_git_add(&h, STR("hel"));
	hash_git_add(&h, STR("lo\n"));
	hash_git_finish(&h, is.id);
	assert_int_equal(oid_parse(&want,
			     STR("ce013625030ba8dba906f756967f9e9ca394464a")),
	    ERR_NONE);
	assert_true(oid_eq(&is, &want));
	is = oid_of("blob", STR("hello\n"));
	assert_true(oid_eq(&is, &want));
}

static int
start(void **state)
{
	(void)state;
	repo_start();
	make();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	repo_end();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_bytes_come_from_the_beginning_on),
		cmocka_unit_test(damage_is_found_before_the_end),
		cmocka_unit_test(a_hash_is_the_name_git_gives),
	};

	return cmocka_run_group_tests(tests, start, end);
}
