/* The digests, against the vectors of their standards and against themselves
 * in pieces. */
#include <string.h>

#include "core/hash.h"
#include "tests/t.h"

struct vector {
	const char *text;
	unsigned repeat;
	const char *hex;
};

/* FIPS 180-4, by way of NIST's examples. */
static const struct vector sha256_vectors[] = {
	{ "", 1,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"
	    "5" },
	{ "abc", 1,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a"
	    "d" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c"
	    "1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	    1,
	    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d"
	    "1" },
	{ "a", 1000000,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd"
	    "0" },
};
static const struct vector sha1_vectors[] = {
	{ "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
	{ "0123456701234567012345670123456701234567012345670123456701234567",
	    10, "dea356a2cddd90c7a7ecedc5ebb563934f460452" },
};
/* RFC 1321, A.5: the whole suite. */
static const struct vector md5_vectors[] = {
	{ "", 1, "d41d8cd98f00b204e9800998ecf8427e" },
	{ "a", 1, "0cc175b9c0f1b6a831c399e269772661" },
	{ "abc", 1, "900150983cd24fb0d6963f7d28e17f72" },
	{ "message digest", 1, "f96b697d7cb7938d525a2f31aaf161d0" },
	{ "abcdefghijklmnopqrstuvwxyz", 1, "c3fcd3d76192e4007dfb496cca67e13b" },
	{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 1,
	    "d174ab98d277d9f5a5611c2c9f419d9f" },
	{ "1234567890", 8, "57edf4a22be3c955ac49da2e2107b67a" },
};

static void
sha256_run(struct str bytes, size_t piece, uint8_t *out)
{
	struct hash_run r;
	struct hash h;

	hash_start(&r);
	for (size_t i = 0; i < bytes.len; i += piece)
		hash_add(&r, str_slice(bytes, i, piece));
	h = hash_finish(&r);
	memcpy(out, h.at, sizeof h.at);
}

static void
sha1_run(struct str bytes, size_t piece, uint8_t *out)
{
	struct hash_git r;

	hash_git_start(&r, NULL, 0);
	for (size_t i = 0; i < bytes.len; i += piece)
		hash_git_add(&r, str_slice(bytes, i, piece));
	hash_git_finish(&r, out);
}

static void
md5_run(struct str bytes, size_t piece, uint8_t *out)
{
	(void)piece;
	hash_md5(bytes, out);
}

static void
expect(const struct vector *v, size_t n, size_t len,
    void (*run)(struct str, size_t, uint8_t *))
{
	static const size_t pieces[] = { SIZE_MAX / 2, 1, 3, 55, 56, 63, 64, 65,
		127, 4097 };
	uint8_t want[32], got[32];
	struct buf text = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_clear(&text);
		for (unsigned k = 0; k < v[i].repeat; k++)
			buf_str(&text, str_of(v[i].text));
		assert_int_equal(str_unhex(str_of(v[i].hex), want, len),
		    ERR_NONE);
		for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
			run(buf_view(&text), pieces[p], got);
			assert_memory_equal(got, want, len);
		}
	}
	buf_release(&text);
}

static void
sha256_is_that_of_fips_180_4(void **state)
{
	(void)state;
	expect(sha256_vectors, sizeof sha256_vectors / sizeof *sha256_vectors,
	    HASH_BYTES, sha256_run);
}

static void
sha1_is_that_of_fips_180_4(void **state)
{
	(void)state;
	expect(sha1_vectors, sizeof sha1_vectors / sizeof *sha1_vectors,
	    HASH_GIT_BYTES, sha1_run);
}

static void
md5_is_that_of_rfc_1321(void **state)
{
	(void)state;
	expect(md5_vectors, sizeof md5_vectors / sizeof *md5_vectors,
	    HASH_MD5_BYTES, md5_run);
}

/* Every length around three blocks, cut in two at every place, from every
 * address of a word. */
static void
a_text_in_two_pieces_is_the_same_text(void **state)
{
	char room[200 + 8];
	uint8_t whole[HASH_GIT_BYTES], parts[HASH_GIT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof room; i++)
		room[i] = (char)(i * 31 + i / 7);
	for (size_t len = 0; len <= 200; len++) {
		struct str s = { room + len % 8, len };
		struct hash h = hash_of(s);

		sha1_run(s, 1, whole);
		for (size_t cut = 0; cut <= len; cut++) {
			struct hash_run r;
			struct hash_git g;
			struct hash other;

			hash_start(&r);
			hash_add(&r, str_slice(s, 0, cut));
			hash_add(&r, str_slice(s, cut, len));
			other = hash_finish(&r);
			assert_true(hash_eq(&h, &other));
			hash_git_start(&g, NULL, 0);
			hash_git_add(&g, str_slice(s, 0, cut));
			hash_git_add(&g, str_slice(s, cut, len));
			hash_git_finish(&g, parts);
			assert_memory_equal(whole, parts, sizeof whole);
		}
	}
}

/* The list of hits asks what it is so far, again and again. */
static void
a_copy_of_a_state_goes_its_own_way(void **state)
{
	struct hash abc = hash_of(STR("abc")), abcd = hash_of(STR("abcd"));
	struct hash_run r, copy;
	struct hash h;

	(void)state;
	hash_start(&r);
	hash_add(&r, STR("abc"));
	copy = r;
	h = hash_finish(&copy);
	assert_true(hash_eq(&h, &abc));
	hash_add(&r, STR("d"));
	h = hash_finish(&r);
	assert_true(hash_eq(&h, &abcd));
}

static void
every_changed_bit_makes_another_digest(void **state)
{
	char text[150] = { 0 };
	struct str s = { text, sizeof text };
	struct hash zero = hash_of(s), back;
	uint8_t md5[HASH_MD5_BYTES], other[HASH_MD5_BYTES];

	(void)state;
	hash_md5(s, md5);
	for (size_t bit = 0; bit < sizeof text * 8; bit++) {
		text[bit / 8] = (char)(1 << bit % 8);
		back = hash_of(s);
		assert_false(hash_eq(&zero, &back));
		hash_md5(s, other);
		assert_memory_not_equal(md5, other, sizeof md5);
		text[bit / 8] = 0;
	}
	back = hash_of(s);
	assert_true(hash_eq(&zero, &back));
}

/* As "git hash-object --stdin" says. */
static void
a_blob_has_the_name_that_git_gives_it(void **state)
{
	static const struct vector blobs[] = {
		{ "", 1, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391" },
		{ "what is up, doc?", 1,
		    "bd9dbf5aae1a3862dd1526723246b20206e5fc37" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof blobs / sizeof *blobs; i++) {
		struct str s = str_of(blobs[i].text);
		uint8_t want[HASH_GIT_BYTES], got[HASH_GIT_BYTES];
		struct hash_git g;

		hash_git_start(&g, "blob", s.len);
		hash_git_add(&g, s);
		hash_git_finish(&g, got);
		assert_int_equal(str_unhex(str_of(blobs[i].hex), want,
				     sizeof want),
		    ERR_NONE);
		assert_memory_equal(got, want, sizeof got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_is_that_of_fips_180_4),
		cmocka_unit_test(sha1_is_that_of_fips_180_4),
		cmocka_unit_test(md5_is_that_of_rfc_1321),
		cmocka_unit_test(a_text_in_two_pieces_is_the_same_text),
		cmocka_unit_test(a_copy_of_a_state_goes_its_own_way),
		cmocka_unit_test(every_changed_bit_makes_another_digest),
		cmocka_unit_test(a_blob_has_the_name_that_git_gives_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
