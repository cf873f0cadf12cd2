#include "core/search_pick.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/search_scan.h"

#include "tests/core/search_random.h"
#include "tests/t.h"

/*
 * The same query over the same store, with the index and without: the same
 * lines, whatever the pattern, the texts, and where chunks are cut.
 */
enum { TEXTS = 24 };

static char folder[64];
static int dir;
static struct buf texts[TEXTS], store_bytes, said;
static struct arena a;
static struct textstore *store;
static uint64_t looked_at;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	strcpy(folder, "/tmp/vitrine-pick-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(io_open_folder(&dir, folder), ERR_NONE);
	return encoding_open() == ERR_NONE ? 0 : 1;
}

static int
teardown(void **state)
{
	(void)state;
	textstore_close(store);
	store = NULL;
	assert_int_equal(io_remove_at(dir, "store"), ERR_NONE);
	close(dir);
	assert_int_equal(rmdir(folder), 0);
	for (int i = 0; i < TEXTS; i++)
		buf_release(&texts[i]);
	buf_release(&store_bytes);
	buf_release(&said);
	arena_release(&a);
	return 0;
}

static enum err
fetch(void *arg, const struct oid *id, struct buf *bytes)
{
	(void)arg;
	buf_str(bytes, buf_view(&texts[id->id[0]]));
	return ERR_NONE;
}

static void
make(uint32_t chunk)
{
	struct search_release r = { STR("v1"), { { 0 } }, { { 0 } } };
	struct textstore_writer *w;

	textstore_close(store);
	store = NULL;
	assert_int_equal(textstore_write_start(&w, dir, "store"), ERR_NONE);
	textstore_write_chunk(w, chunk);
	textstore_write_release(w, &r);
	for (uint8_t i = 0; i < TEXTS; i++) {
		struct oid id = { { i } };
		char path[3] = { (char)('a' + i), '\0' };

		assert_int_equal(textstore_write_place(w, 0, str_of(path), &id,
				     i == 7, texts[i].len),
		    ERR_NONE);
	}
	assert_int_equal(textstore_write_content(w, fetch, NULL), ERR_NONE);
	assert_int_equal(textstore_write_finish(w), ERR_NONE);
	assert_int_equal(io_read_at(&store_bytes, dir, "store", 1 << 24),
	    ERR_NONE);
	assert_int_equal(textstore_open_bytes(&store, buf_view(&store_bytes)),
	    ERR_NONE);
}

static void
on_hit(void *arg, const struct search_hit *h)
{
	buf_printf(&said, "%u:%u:%u+%u ", *(const uint32_t *)arg, h->line,
	    h->column, h->length);
}

static void
on_skip(void *arg, uint32_t line, enum search_skip why)
{
	(void)why;
	buf_printf(&said, "%u:!%u ", *(const uint32_t *)arg, line);
}

/* A text is characters or bytes as a whole. */
static unsigned
proven(const struct textstore_blob *b, struct str part)
{
	return (b->facts.utf8 ? SEARCH_SCAN_UTF8 : 0) |
	    (encoding_is_ascii(part) ? SEARCH_SCAN_ASCII : 0);
}

static void
search(struct search_scan *s, const struct query *q, bool index)
{
	bool multi = q->flags & SEARCH_MULTI_LINE;
	struct search_pick pick;
	struct search_part part;
	uint32_t i;
	struct search_sink sink = { on_hit, on_skip, &i };

	arena_clear(&a);
	buf_clear(&said);
	buf_str(&said, STR(""));
	looked_at = 0;
	search_pick_start(&pick, &a, store, index ? search_scan_plan(s) : NULL,
	    multi);
	for (i = 0; i < textstore_blobs(store); i++) {
		struct textstore_blob b = textstore_blob(store, i);

		assert_int_equal(search_pick_blob(&pick, i, &b), ERR_NONE);
		while (search_pick_next(&pick, &part)) {
			struct str some =
			    str_slice(b.bytes, part.from, part.to - part.from);

			assert_true(part.to <= b.bytes.len);
			if (multi && !part.whole)
				continue;
			looked_at += some.len;
			if (part.whole)
				search_scan_known(s, b.bytes, b.encoding,
				    proven(&b, b.bytes), &sink);
			else
				search_scan_part(s, some, part.line,
				    proven(&b, some), &sink);
		}
	}
}

static void
compare(struct str pattern, uint32_t flags)
{
	struct query q = { .pattern = pattern, .flags = flags };
	struct search_scan *s;
	struct buf right = { 0 };

	err_clear();
	if (search_scan_open(&s, &q) != ERR_NONE)
		return;
	search(s, &q, false);
	buf_str(&right, buf_view(&said));
	search(s, &q, true);
	/* What PCRE2 gives up in a text may be decided in a part of it. */
	if (memchr(right.at, '!', right.len) == NULL &&
	    !str_eq(buf_view(&right), buf_view(&said))) {
		print_error("'%.*s' flags %u: %s, not %s\n", STR_ARG(pattern),
		    flags, said.at, right.at);
		search_plan_text(search_scan_plan(s), &right);
		print_error("plan %s\n", right.at);
		assert_true(false);
	}
	buf_release(&right);
	search_scan_close(s);
}

static void
make_random(void)
{
	static const uint32_t chunks[] = { 1, 5, 16, 33, 100, 8192 };

	for (int i = 0; i < TEXTS; i++) {
		buf_clear(&texts[i]);
		for (unsigned n = search_random(6); n > 0; n--)
			search_random_text(&texts[i]);
	}
	make(chunks[search_random(6)]);
}

static void
the_index_loses_no_line(void **state)
{
	static const uint32_t flags[] = { 0, 0, 0, SEARCH_IGNORE_CASE,
		SEARCH_WORD, SEARCH_BYTES, SEARCH_UNICODE, SEARCH_MULTI_LINE,
		SEARCH_MULTI_LINE | SEARCH_IGNORE_CASE };
	const char *wanted = getenv("SEARCH_CASES");
	unsigned long cases = wanted == NULL ? 1500 : strtoul(wanted, NULL, 10);
	struct buf pattern = { 0 };

	(void)state;
	if (getenv("SEARCH_SEED") != NULL)
		search_random_seed(strtoull(getenv("SEARCH_SEED"), NULL, 10));
	for (unsigned long i = 0; i < cases; i++) {
		if (i % 30 == 0)
			make_random();
		buf_clear(&pattern);
		search_random_pattern(&pattern, 0);
		compare(buf_view(&pattern), flags[search_random(9)]);
	}
	buf_release(&pattern);
}

static void
the_index_spares_what_cannot_match(void **state)
{
	struct query q = { .pattern = STR("needle\\d+x?") };
	struct search_scan *s;

	(void)state;
	for (int i = 0; i < TEXTS; i++) {
		buf_clear(&texts[i]);
		for (int k = 0; k < 1000; k++)
			buf_printf(&texts[i], "line %d of this text\n", k);
	}
	buf_str(&texts[3], STR("a NEEDLE7\na needle7\n"));
	make(8192);
	assert_int_equal(search_scan_open(&s, &q), ERR_NONE);
	search(s, &q, true);
	assert_string_equal(said.at, "3:1002:2+7 ");
	assert_true(looked_at > 0 && looked_at < 20000);
	search(s, &q, false);
	assert_string_equal(said.at, "3:1002:2+7 ");
	assert_true(looked_at > 400000);
	search_scan_close(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_index_loses_no_line),
		TEST(the_index_spares_what_cannot_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
