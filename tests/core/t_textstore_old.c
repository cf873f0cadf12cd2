#include "core/textstore.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/search_index.h"
#include "core/search_index_format.h"
#include "core/textstore_format.h"
#include "core/wire.h"

#include "tests/core/search_random.h"
#include "tests/t.h"

/*
 * A product of which releases are made by chance: files come, go, change, move
 * and are withheld.  Of each release one text, a blob is told by the number
 * in its id.
 */
enum { TEXTS = 200, FILES = 40, RELEASES = 4 };

static struct buf texts[TEXTS];
static uint32_t n_texts;
/* Of each release the text of each file, + 1; 0: it has none. */
static uint32_t files[RELEASES][FILES];
static bool withheld[FILES];
static char folder[64];
static int dir;
static struct buf bytes[3];
static unsigned fetched, taken;
static uint32_t chunk;
static const uint32_t chunks[] = { 1, 5, 16, 33, 100, 700, 8192 };

static struct oid
id_of(uint32_t text)
{
	return (struct oid){ { (uint8_t)text, 1, 2, 3 } };
}

static enum err
fetch(void *arg, const struct oid *id, struct buf *b)
{
	(void)arg;
	fetched++;
	buf_str(b, buf_view(&texts[id->id[0]]));
	return ERR_NONE;
}

static enum err
take(void *arg, const struct oid *id, struct str was)
{
	(void)arg;
	taken++;
	return str_eq(was, buf_view(&texts[id->id[0]])) ?
	    ERR_NONE :
	    fail(ERR_FORMAT, "another text");
}

static uint32_t
new_text(void)
{
	static const unsigned lines[] = { 0, 1, 3, 10, 40, 400 };
	uint32_t i = n_texts++ % TEXTS;

	buf_clear(&texts[i]);
	/* Some are found by no key: they convert, or are hardly text. */
	if (search_random(20) == 0)
		buf_str(&texts[i], STR("\xff\xfe"));
	buf_printf(&texts[i], "%u\n", n_texts);
	if (search_random(30) == 0)
		for (int k = 0; k < 20000; k++)
			buf_char(&texts[i], (char)search_random(256));
	for (unsigned n = search_random(1 + lines[search_random(6)]); n > 0;
	     n--) {
		for (unsigned k = search_random(50); k > 0; k--)
			buf_char(&texts[i],
			    search_random(900) == 0 ?
				(char)search_random(256) :
				(char)("etaoinE ({;"[search_random(11)]));
		if (search_random(20) != 0)
			buf_char(&texts[i], '\n');
	}
	return i + 1;
}

/* Most of it is as in the release before. */
static void
make_release(uint32_t r)
{
	for (int f = 0; f < FILES; f++) {
		unsigned what = search_random(r == 0 ? 3 : 16);
		uint32_t *to = &files[r][f];

		*to = r == 0 ? 0 : files[r - 1][f];
		if (what == 0 && n_texts < TEXTS)
			*to = new_text();
		else if (what == 1)
			*to = 0;
		else if (what == 2)
			*to = files[r][search_random(f + 1)]; /* a copy */
	}
	for (int f = 0; f < FILES; f++)
		withheld[f] = search_random(12) == 0;
}

static enum err
make(struct buf *out, uint32_t from, uint32_t to, struct str old)
{
	struct textstore_writer *w;
	struct textstore *t = NULL;
	enum err rc = ERR_NONE;

	fetched = taken = 0;
	assert_int_equal(textstore_write_start(&w, dir, "store"), ERR_NONE);
	textstore_write_chunk(w, chunk);
	for (uint32_t r = from; r < to; r++) {
		struct search_release release = { STR("r"), id_of(r),
			id_of(r) };

		(void)textstore_write_release(w, &release);
		for (int f = 0; f < FILES; f++) {
			char path[3] = { (char)('a' + f / 7), (char)('a' + f),
				'\0' };
			uint32_t text = files[r][f];
			struct oid id = id_of(text - 1);

			if (text > 0)
				assert_int_equal(textstore_write_place(w,
						     r - from, str_of(path),
						     &id, withheld[f],
						     texts[text - 1].len),
				    ERR_NONE);
		}
	}
	if (old.len > 0)
		rc = textstore_open_bytes(&t, old);
	if (rc == ERR_NONE && t != NULL)
		rc = textstore_write_from(w, t, take);
	if (rc == ERR_NONE)
		rc = textstore_write_content(w, fetch, NULL);
	if (rc == ERR_NONE)
		rc = textstore_write_finish(w);
	else
		textstore_write_drop(w);
	textstore_close(t);
	if (rc == ERR_NONE)
		rc = io_read_at(out, dir, "store", 1 << 26);
	return rc;
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	n_texts = 0;
	strcpy(folder, "/tmp/store-old-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(io_open_folder(&dir, folder), ERR_NONE);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	assert_int_equal(io_remove_at(dir, "store"), ERR_NONE);
	close(dir);
	assert_int_equal(rmdir(folder), 0);
	for (int i = 0; i < TEXTS; i++)
		buf_release(&texts[i]);
	for (int i = 0; i < 3; i++)
		buf_release(&bytes[i]);
	return 0;
}

/* Releases come behind, in front, or go. */
static void
the_bytes_are_those_without_it(void **state)
{
	const char *wanted = getenv("STORE_CASES");
	unsigned long cases = wanted == NULL ? 40 : strtoul(wanted, NULL, 10);
	unsigned long all_fetched = 0, all_taken = 0;

	(void)state;
	if (getenv("SEARCH_SEED") != NULL)
		search_random_seed(strtoull(getenv("SEARCH_SEED"), NULL, 10));
	for (unsigned long i = 0; i < cases; i++) {
		uint32_t from, to;

		n_texts = 0;
		for (uint32_t r = 0; r < RELEASES; r++)
			make_release(r);
		chunk = chunks[search_random(7)];
		from = search_random(RELEASES);
		to = from + 1 + search_random(RELEASES - from);
		assert_int_equal(make(&bytes[0], from, to, STR("")), ERR_NONE);
		for (int f = 0; f < FILES; f++)
			withheld[f] = withheld[f] && search_random(2) == 0;
		from = search_random(RELEASES);
		to = from + 1 + search_random(RELEASES - from);
		assert_int_equal(make(&bytes[1], from, to, STR("")), ERR_NONE);
		assert_int_equal(make(&bytes[2], from, to, buf_view(&bytes[0])),
		    ERR_NONE);
		assert_int_equal(bytes[1].len, bytes[2].len);
		assert_memory_equal(bytes[1].at, bytes[2].at, bytes[1].len);
		all_fetched += fetched;
		all_taken += taken;
	}
	assert_true(all_taken > all_fetched && all_fetched > 0);
}

static bool
is_blob(const struct textstore *t, uint32_t i, const struct oid *id)
{
	struct textstore_blob b = textstore_blob(t, i);

	return oid_eq(&b.oid, id);
}

/* Two releases of which the second changes one file: nearly all chunks begin
 * in the same lines of the same blobs. */
static void
a_file_moves_few_chunks(void **state)
{
	struct textstore *t[2];
	uint32_t same = 0, n, m = 0;

	(void)state;
	search_random_seed(3);
	chunk = 700;
	for (int f = 0; f < FILES; f++) {
		files[0][f] = new_text();
		files[1][f] = files[0][f];
		withheld[f] = false;
	}
	files[1][1] = new_text();
	for (uint32_t r = 0; r < 2; r++) {
		assert_int_equal(make(&bytes[r], 0, r + 1, STR("")), ERR_NONE);
		assert_int_equal(textstore_open_bytes(&t[r],
				     buf_view(&bytes[r])),
		    ERR_NONE);
	}
	n = search_index_chunks(textstore_index(t[0]));
	for (uint32_t i = 0; i < n; i++) {
		struct search_index_chunk
		    x = search_index_chunk(textstore_index(t[0]), i),
		    y;
		struct textstore_blob of = textstore_blob(t[0], x.blob);

		for (uint32_t k = m;
		     k < search_index_chunks(textstore_index(t[1])); k++) {
			y = search_index_chunk(textstore_index(t[1]), k);
			if (y.line == x.line &&
			    y.to - y.from == x.to - x.from &&
			    is_blob(t[1], y.blob, &of.oid)) {
				same++;
				m = k + 1;
				break;
			}
		}
	}
	assert_true(n > 50 && same + 12 > n);
	textstore_close(t[0]);
	textstore_close(t[1]);
}

static void
set_u32(struct buf *b, uint64_t at, uint32_t v)
{
	struct buf n = { 0 };

	wire_put_u32(&n, v);
	memcpy(b->at + at, n.at, 4);
	buf_release(&n);
}

static uint64_t
get_u64(const struct buf *b, uint64_t at)
{
	uint64_t v;

	memcpy(&v, b->at + at, 8);
	return v;
}

static void
make_two(void)
{
	chunk = 33;
	search_random_seed(4);
	for (int f = 0; f < FILES; f++) {
		files[0][f] = new_text();
		withheld[f] = false;
	}
	make_release(1);
	assert_int_equal(make(&bytes[0], 0, 1, STR("")), ERR_NONE);
	assert_int_equal(make(&bytes[1], 0, 2, STR("")), ERR_NONE);
}

/* Older sessions have an index of the same form whose chunks ended
 * elsewhere. */
static void
an_older_index_is_made_anew(void **state)
{
	uint64_t index;

	(void)state;
	make_two();
	index = get_u64(&bytes[0], TEXTSTORE_AT_SIZE);
	set_u32(&bytes[0], index + 8, SEARCH_INDEX_EARLIER);
	assert_int_equal(make(&bytes[2], 0, 2, buf_view(&bytes[0])), ERR_NONE);
	assert_true(taken > 0);
	assert_true(str_eq(buf_view(&bytes[1]), buf_view(&bytes[2])));
	/* That of no version that was. */
	set_u32(&bytes[0], index + 8, SEARCH_INDEX_EARLIER - 1);
	assert_int_equal(make(&bytes[2], 0, 2, buf_view(&bytes[0])),
	    ERR_FORMAT);
}

/* Refused, or of no consequence: each byte behind the content, changed. */
static void
no_changed_byte_of_it_is_believed(void **state)
{
	unsigned refused = 0, tried = 0, other = 0;
	uint64_t from;

	(void)state;
	make_two();
	from = get_u64(&bytes[0], TEXTSTORE_AT_TABLES);
	for (uint64_t at = from; at < bytes[0].len;
	     at += 1 + search_random((unsigned)(bytes[0].len - from) / 40)) {
		char was = bytes[0].at[at];

		bytes[0].at[at] ^= (char)(1 + search_random(255));
		err_clear();
		tried++;
		if (make(&bytes[2], 0, 2, buf_view(&bytes[0])) != ERR_NONE)
			refused += err_text()[0] != '\0';
		else
			other +=
			    !str_eq(buf_view(&bytes[1]), buf_view(&bytes[2]));
		bytes[0].at[at] = was;
	}
	/* What it says of a content, and which chunks a key is in, is taken as
	 * it is: the store has the hash that was signed. */
	assert_true(refused > 0 && other < tried);
	assert_int_equal(make(&bytes[2], 0, 2, buf_view(&bytes[0])), ERR_NONE);
	assert_true(str_eq(buf_view(&bytes[1]), buf_view(&bytes[2])));
}

static void
a_content_that_is_not_what_it_was_is_told(void **state)
{
	(void)state;
	make_two();
	bytes[0].at[TEXTSTORE_CONTENT]++;
	assert_int_equal(make(&bytes[2], 0, 2, buf_view(&bytes[0])),
	    ERR_FORMAT);
	assert_non_null(strstr(err_text(), "another text"));
	bytes[0].at[TEXTSTORE_CONTENT]--;
	assert_int_equal(make(&bytes[2], 0, 2, buf_view(&bytes[0])), ERR_NONE);
}

/* The chunk behind the first one begins a byte later than it did. */
static void
a_chunk_that_is_not_as_it_was_is_told(void **state)
{
	uint64_t at;

	(void)state;
	make_two();
	at = get_u64(&bytes[0], TEXTSTORE_AT_SIZE) + SEARCH_INDEX_HEADER +
	    SEARCH_INDEX_FIRSTS * 4 + SEARCH_INDEX_CHUNK;
	bytes[0].at[at]++;
	assert_int_equal(make(&bytes[2], 0, 2, buf_view(&bytes[0])),
	    ERR_FORMAT);
	assert_non_null(strstr(err_text(), "not as it was"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_bytes_are_those_without_it),
		TEST(a_file_moves_few_chunks),
		TEST(an_older_index_is_made_anew),
		TEST(no_changed_byte_of_it_is_believed),
		TEST(a_content_that_is_not_what_it_was_is_told),
		TEST(a_chunk_that_is_not_as_it_was_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
