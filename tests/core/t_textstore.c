#include "core/textstore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"

#include "tests/t.h"

static char folder[64];
static int dir;
static struct buf file;
static struct hash hash;
static struct arena a;

/* A blob is told by the first byte of its id. */
static const struct {
	uint8_t id;
	const char *text;
} blobs[] = {
	{ 1, "int main;\n" },
	{ 2, "" },
	{ 3, "no end" },
	{ 4,
	    "/* \xca\xcd\xb7\xc5\xc4\xda\xb4\xe6\xa3\xac\xb1\xd8\xd0\xeb "
	    "*/\r\n" },
	{ 5, "secret" },
};

static struct oid
id_of(uint8_t n)
{
	return (struct oid){ { n } };
}

static enum err
fetch(void *arg, const struct oid *id, struct buf *bytes)
{
	unsigned *asked = arg;

	assert_int_not_equal(id->id[0], 5); /* withheld */
	(*asked)++;
	buf_str(bytes, str_of(blobs[id->id[0] - 1].text));
	return ERR_NONE;
}

static void
place(struct textstore_writer *w, uint32_t release, const char *path, uint8_t n,
    bool withheld)
{
	struct oid id = id_of(n);

	assert_int_equal(textstore_write_place(w, release, str_of(path), &id,
			     withheld, strlen(blobs[n - 1].text)),
	    ERR_NONE);
}

static void
make(bool other_order)
{
	struct search_release r[] = { { STR("v1"), id_of(100), id_of(101) },
		{ STR("v2"), id_of(102), id_of(103) } };
	struct textstore_writer *w;
	unsigned asked = 0;

	assert_int_equal(textstore_write_start(&w, dir, "store"), ERR_NONE);
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(textstore_write_release(w, &r[i]), i);
	if (other_order)
		place(w, 1, "z/copy.c", 1, false);
	place(w, 0, "b/gbk.c", 4, false);
	place(w, 1, "a/main.c", 1, false);
	place(w, 0, "a/main.c", 1, false);
	if (!other_order)
		place(w, 1, "z/copy.c", 1, false);
	place(w, 1, "empty", 2, false);
	place(w, 1, "a/x", 3, false);
	place(w, 1, "secret.c", 5, true);
	assert_int_equal(textstore_write_content(w, fetch, &asked), ERR_NONE);
	assert_int_equal(asked, 4);
	assert_int_equal(textstore_write_finish(w), ERR_NONE);
	assert_int_equal(io_read_at(&file, dir, "store", 1 << 20), ERR_NONE);
	hash = hash_of(buf_view(&file));
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	strcpy(folder, "/tmp/vitrine-textstore-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(io_open_folder(&dir, folder), ERR_NONE);
	make(false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	assert_int_equal(io_remove_at(dir, "store"), ERR_NONE);
	close(dir);
	assert_int_equal(rmdir(folder), 0);
	buf_release(&file);
	arena_release(&a);
	return 0;
}

static void
what_was_written_is_read(void **state)
{
	struct textstore *t;
	struct textstore_blob b;
	const uint32_t *of;
	uint32_t n;

	(void)state;
	assert_int_equal(textstore_open_bytes(&t, buf_view(&file)), ERR_NONE);
	assert_int_equal(textstore_releases(t), 2);
	assert_true(str_eq(textstore_release(t, 1).name, STR("v2")));
	assert_int_equal(textstore_release(t, 1).commit.id[0], 102);
	assert_int_equal(textstore_release(t, 1).tree.id[0], 103);
	assert_int_equal(textstore_blobs(t), 5);
	assert_int_equal(textstore_places(t), 7);
	b = textstore_blob(t, 0);
	assert_int_equal(b.oid.id[0], 1);
	assert_true(str_eq(b.bytes, STR("int main;\n")));
	assert_true(b.facts.utf8 && b.facts.ascii && !b.facts.crlf);
	of = textstore_places_of(t, 0, &n);
	assert_int_equal(n, 3);
	assert_true(str_eq(textstore_place(t, of[0]).path, STR("a/main.c")));
	assert_int_equal(textstore_place(t, of[0]).release, 0);
	assert_int_equal(textstore_place(t, of[1]).release, 1);
	assert_true(str_eq(textstore_place(t, of[2]).path, STR("z/copy.c")));
	b = textstore_blob(t, 1);
	assert_true(str_eq(b.bytes, STR("no end")));
	assert_true(b.facts.open);
	b = textstore_blob(t, 2);
	assert_int_equal(b.encoding, ENCODING_GB18030);
	assert_true(b.facts.crlf && !b.facts.utf8);
	assert_int_equal(textstore_blob(t, 3).bytes.len, 0);
	b = textstore_blob(t, 4);
	assert_true(b.withheld && b.bytes.len == 0 && b.size == 6);
	textstore_close(t);
}

static void
the_same_input_gives_the_same_bytes(void **state)
{
	struct hash first = hash;

	(void)state;
	make(true);
	assert_true(hash_eq(&first, &hash));
	/* Nothing of what is withheld is in the file. */
	assert_int_equal(str_find(buf_view(&file), STR("secret\n"), 0),
	    SIZE_MAX);
	assert_int_not_equal(str_find(buf_view(&file), STR("no end\n"), 0),
	    SIZE_MAX);
}

static void
a_query_selects_by_release_and_glob(void **state)
{
	static const struct str v1[] = { STR("v1") }, no[] = { STR("v3") };
	static const struct str c[] = { STR("*.c") };
	struct query q = { 0 };
	struct textstore_selection s;
	struct textstore *t;

	(void)state;
	assert_int_equal(textstore_open_bytes(&t, buf_view(&file)), ERR_NONE);
	assert_int_equal(textstore_select(&s, &a, t, &q), ERR_NONE);
	assert_int_equal(s.n_blobs, 4);
	assert_int_equal(s.places, 7);
	assert_int_equal(s.withheld, 1);
	q = (struct query){ .releases = v1, .n_releases = 1 };
	assert_int_equal(textstore_select(&s, &a, t, &q), ERR_NONE);
	assert_int_equal(s.n_blobs, 2);
	assert_int_equal(s.blobs[1], 2);
	assert_int_equal(s.places, 2);
	q = (struct query){ .globs = c, .n_globs = 1 };
	assert_int_equal(textstore_select(&s, &a, t, &q), ERR_NONE);
	assert_int_equal(s.n_blobs, 2);
	assert_int_equal(s.withheld, 1);
	q = (struct query){ .releases = no, .n_releases = 1 };
	assert_int_equal(textstore_select(&s, &a, t, &q), ERR_ABSENT);
	assert_non_null(strstr(err_text(), "v3"));
	textstore_close(t);
}

static void
touch(struct textstore *t)
{
	struct query q = { 0 };
	struct textstore_selection s;
	volatile unsigned sum = 0;
	struct arena mine = { 0 };

	for (uint32_t i = 0; i < textstore_releases(t); i++) {
		struct str name = textstore_release(t, i).name;

		for (size_t k = 0; k < name.len; k++)
			sum += (unsigned char)name.at[k];
	}
	for (uint32_t i = 0; i < textstore_blobs(t); i++) {
		struct textstore_blob b = textstore_blob(t, i);
		const uint32_t *of;
		uint32_t n;

		for (size_t k = 0; k < b.bytes.len; k++)
			sum += (unsigned char)b.bytes.at[k];
		of = textstore_places_of(t, i, &n);
		for (uint32_t k = 0; k < n; k++) {
			struct textstore_place p = textstore_place(t, of[k]);

			assert_true(
			    p.blob == i || textstore_damage(t) != ERR_NONE);
			for (size_t c = 0; c < p.path.len; c++)
				sum += (unsigned char)p.path.at[c];
		}
	}
	assert_int_equal(textstore_select(&s, &mine, t, &q), ERR_NONE);
	arena_release(&mine);
}

static void
no_truncation_is_taken(void **state)
{
	struct textstore *t;

	(void)state;
	for (size_t len = 0; len < file.len; len += len < 4096 ? 61 : 1) {
		char *copy = malloc(len + 1);

		memcpy(copy, file.at, len);
		assert_int_equal(textstore_open_bytes(&t,
				     (struct str){ copy, len }),
		    ERR_FORMAT);
		free(copy);
	}
}

/* Each byte of header and tables, changed: refused, or read inside of the
 * copy's bounds (which a sanitizer checks). */
static void
no_changed_byte_is_believed(void **state)
{
	unsigned refused = 0, tried = 0;

	(void)state;
	for (size_t at = 0; at < file.len; at++) {
		static const unsigned char flips[] = { 1, 0x80, 0xff };

		if (at >= 128 && at < 4096)
			continue;
		for (size_t k = 0; k < sizeof flips; k++) {
			char *copy = malloc(file.len);
			struct textstore *t;

			memcpy(copy, file.at, file.len);
			copy[at] = (char)(copy[at] ^ flips[k]);
			err_clear();
			tried++;
			if (textstore_open_bytes(&t,
				(struct str){ copy, file.len }) == ERR_NONE) {
				bool sound = textstore_check(t) == ERR_NONE;

				touch(t);
				refused += !sound;
				assert_true(
				    !sound || textstore_damage(t) == ERR_NONE);
				textstore_close(t);
			} else {
				refused++;
				assert_true(err_text()[0] != '\0');
			}
			free(copy);
		}
	}
	assert_true(refused > 100 && refused < tried);
}

static void
a_size_that_lies_is_refused(void **state)
{
	struct search_release r = { STR("v1"), id_of(1), id_of(2) };
	struct oid id = id_of(1);
	struct textstore_writer *w;
	unsigned asked = 0;

	(void)state;
	assert_int_equal(textstore_write_start(&w, dir, "store"), ERR_NONE);
	textstore_write_release(w, &r);
	assert_int_equal(textstore_write_place(w, 0, STR("a"), &id, false, 99),
	    ERR_NONE);
	assert_int_equal(textstore_write_content(w, fetch, &asked), ERR_FORMAT);
	textstore_write_drop(w);
	/* What was there before still is. */
	assert_int_equal(io_read_at(&file, dir, "store", 1 << 20), ERR_NONE);
}

static void
the_same_path_twice_in_a_release_is_refused(void **state)
{
	struct search_release r = { STR("v1"), id_of(1), id_of(2) };
	struct textstore_writer *w;
	unsigned asked = 0;

	(void)state;
	assert_int_equal(textstore_write_start(&w, dir, "store"), ERR_NONE);
	textstore_write_release(w, &r);
	place(w, 0, "a", 1, false);
	place(w, 0, "a", 2, false);
	assert_int_equal(textstore_write_content(w, fetch, &asked), ERR_FORMAT);
	textstore_write_drop(w);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_is_read),
		TEST(the_same_input_gives_the_same_bytes),
		TEST(a_query_selects_by_release_and_glob),
		TEST(no_truncation_is_taken),
		TEST(no_changed_byte_is_believed),
		TEST(a_size_that_lies_is_refused),
		TEST(the_same_path_twice_in_a_release_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
