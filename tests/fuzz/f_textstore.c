#include "core/search_pick.h"
#include "core/textstore_old.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sum;

static void
touch(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.at[i];
}

/* "int", and a word of two bytes of which nothing is known. */
static void
find_words(const struct textstore *t, struct arena *a)
{
	static const struct search_formula word = {
		.kind = SEARCH_FORMULA_WORD,
		.word = { .len = 4, .at = "int " },
	};
	const struct search_index *x = textstore_index(t);
	const uint64_t *bits;

	for (uint32_t i = 0;
	     i < search_index_chunks(x) && search_index_check(x) == ERR_NONE;
	     i++)
		if (search_index_at(x, search_index_chunk(x, i).from) != i)
			bug("chunk %u is elsewhere", i);
	if (search_index_find(&bits, a, x, &word, NULL) == ERR_NONE)
		for (uint32_t i = search_index_chunks(x); i % 64 != 0; i++)
			if (bits[i >> 6] >> (i & 63) & 1)
				bug("a chunk that is not there");
	err_clear();
}

static void
touch_all(const struct textstore *t)
{
	static const struct str globs[] = { STR("*.c") };
	struct query q = { .globs = globs, .n_globs = 1 };
	struct textstore_selection some;
	struct arena a = { 0 };
	uint32_t n;

	for (uint32_t i = 0; i < textstore_releases(t); i++)
		touch(textstore_release(t, i).name);
	for (uint32_t i = 0; i < textstore_blobs(t); i++) {
		const uint32_t *of = textstore_places_of(t, i, &n);

		touch(textstore_blob(t, i).bytes);
		for (uint32_t k = 0; k < n; k++)
			if (textstore_place(t, of[k]).blob != i &&
			    textstore_damage(t) == ERR_NONE)
				bug("a place of another blob");
	}
	for (uint32_t i = 0; i < textstore_places(t); i++)
		touch(textstore_place(t, i).path);
	find_words(t, &a);
	if (textstore_select(&some, &a, t, &q) != ERR_NONE)
		bug("a store that cannot be selected from");
	arena_release(&a);
}

/* Another index of the same contents, made of this one. */
static void
make_again(const struct textstore *t)
{
	struct textstore_old o = { 0 };
	struct search_index_old x = { 0 };
	struct search_index_writer *w;
	struct buf b = { 0 };
	uint32_t *same;
	bool from;

	if (textstore_old_open(&o, t) != ERR_NONE)
		return;
	x = (struct search_index_old){ .index = textstore_index(t),
		.from = o.from,
		.n = o.ids.len,
		.added = o.ids.len };
	x.same = same = calloc((size_t)x.n + 1, sizeof *same);
	if (same == NULL)
		bug("no memory");
	for (uint32_t i = 0; i < x.n; i++)
		same[i] = i;
	w = search_index_write_start(16);
	from = search_index_write_from(w, &x) == ERR_NONE;
	for (uint32_t i = 0; from && i < x.n; i++) {
		struct textstore_blob blob = textstore_old_blob(&o, i);

		search_index_write_add(w, i, blob.bytes, blob.encoding);
	}
	if (!from)
		search_index_write_drop(w);
	else if (search_index_write_finish(w, &b) != ERR_NONE)
		err_clear();
	err_clear();
	free(same);
	buf_release(&b);
	textstore_old_release(&o);
}

/* The tables are what is interesting: input shorter than the header's page
 * is taken as header and tables, with zeros between. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t header = size < 64 ? size : 64;
	size_t len = 4096 + (size - header);
	char *bytes = calloc(len, 1);
	struct textstore *t;

	if (bytes == NULL)
		return 0;
	memcpy(bytes, data, header);
	memcpy(bytes + 4096, data + header, size - header);
	err_clear();
	if (textstore_open_bytes(&t, (struct str){ bytes, len }) == ERR_NONE) {
		bool sound = textstore_check(t) == ERR_NONE;

		touch_all(t);
		make_again(t);
		if (sound && textstore_damage(t) != ERR_NONE)
			bug("what was checked is damaged");
		textstore_close(t);
	}
	free(bytes);
	return 0;
}
