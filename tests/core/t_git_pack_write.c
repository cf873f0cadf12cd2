#include "core/git_pack_write.h"

#include "core/hash.h"
#include "core/io.h"
#include "tests/core/repo.h"

enum { SIZES = 700 };

/* Words, or bytes that nothing makes smaller. */
static struct str
content(struct buf *b, unsigned size, bool words)
{
	uint64_t state = 88172645463325252u + size;

	buf_clear(b);
	buf_grow(b, size + 16);
	while (b->len < size) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		if (words)
			buf_printf(b, "word %u, ", (unsigned)(state % 50));
		else
			buf_char(b, (char)state);
	}
	return str_slice(buf_view(b), 0, size);
}

static struct oid
name_of(struct str bytes)
{
	struct hash_git run;
	struct oid id;

	hash_git_start(&run, "blob", bytes.len);
	hash_git_add(&run, bytes);
	hash_git_finish(&run, id.id);
	return id;
}

static void
write_all(int dir, const struct oid *name)
{
	struct git_pack_writer *w;
	struct buf b = { 0 };
	uint64_t offset;

	assert_int_equal(git_pack_write_start(&w, dir, name, 2 * SIZES - 1, 6),
	    ERR_NONE);
	for (unsigned size = 0; size < SIZES; size++)
		for (unsigned words = size == 0; words < 2; words++) {
			struct str s = content(&b, size, words);
			struct oid id = name_of(s);

			assert_int_equal(git_pack_write_whole(&offset, w, &id,
					     GIT_BLOB, s),
			    ERR_NONE);
		}
	assert_int_equal(git_pack_write_finish(w), ERR_NONE);
	buf_release(&b);
}

/* Small ones are compressed in another way than large ones. */
static void
every_size_comes_back_as_it_was(void **state)
{
	const struct oid name = { { 1 } };
	struct buf b = { 0 }, out = { 0 };
	struct git_repo *r;
	int dir;

	(void)state;
	repo_start();
	assert_int_equal(repo_run("git init -q --bare i"), 0);
	assert_int_equal(io_open_folder(&dir, repo_path("i/objects/pack")),
	    ERR_NONE);
	write_all(dir, &name);
	close(dir);
	assert_int_equal(repo_run("git -C i fsck --strict --full"), 0);
	assert_int_equal(git_repo_open(&r, str_of(repo_path("i")), true),
	    ERR_NONE);
	for (unsigned size = 0; size < SIZES; size++)
		for (unsigned words = size == 0; words < 2; words++) {
			struct str s = content(&b, size, words);
			struct oid id = name_of(s);
			struct git_bytes bytes;

			assert_int_equal(git_repo_read(&bytes, r, &id, GIT_BLOB,
					     SIZES),
			    ERR_NONE);
			assert_true(str_eq(bytes.bytes, s));
			git_repo_drop(&bytes);
		}
	git_repo_close(r);
	repo_ask(&out, "git -C i count-objects -v | grep in-pack");
	assert_string_equal(out.at, "in-pack: 1399\n");
	buf_release(&out);
	buf_release(&b);
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_comes_back_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
