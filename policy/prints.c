#include "policy/prints.h"

#include "core/limits.h"
#include "core/wire.h"
#include "policy/fresh.h"
#include "policy/prints_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * Over SPILL numbers are not remembered one by one but straight as bits of
 * the largest bitmap, so that neither the builder nor the file grows any more.
 */
enum {
	GROWN = 1 << 20,
	HUGE = 2 << 20,
	AHEAD = 32, /* memory is asked for so many numbers before it is used */
	HASHES_MAX = 8,
	FULL = 4, /* times as often wrong as a set that is made at once */
#ifdef TINY
	SPILL = 2000,
	SPILL_LOG2 = 22,
#else
	SPILL = 24 * 1000 * 1000,
	SPILL_LOG2 = PRINTS_LOG2_MAX,
#endif
};

/* Numbers seen so far, each once: open addressing, 0 is free. */
struct seen {
	uint64_t *at;
	size_t n, room;       /* room is a power of two */
	uint8_t *bits;        /* NULL: neither spilt nor taken over */
	uint8_t log2, hashes; /* of bits */
	uint64_t ones, entries;
};

struct prints_builder {
	uint8_t key[PRINTS_KEY_BYTES];
	struct seen seen[PRINTS_SETS];
	struct fresh fresh;
	struct canon canon;
	struct prints_text text;
};

const uint8_t prints_public_key[PRINTS_KEY_BYTES] = "public source 1";

struct prints_builder *
prints_builder_open(const uint8_t key[PRINTS_KEY_BYTES])
{
	struct prints_builder *b = calloc(1, sizeof *b);

	if (b == NULL)
		bug("no memory for fingerprints");
	memcpy(b->key, key, PRINTS_KEY_BYTES);
	memcpy(b->fresh.key, key, FRESH_KEY_BYTES);
	return b;
}

void
prints_builder_close(struct prints_builder *b)
{
	if (b == NULL)
		return;
	for (int i = 0; i < PRINTS_SETS; i++) {
		free(b->seen[i].at);
		free(b->seen[i].bits);
	}
	fresh_release(&b->fresh);
	canon_release(&b->canon);
	prints_set_release(&b->text);
	free(b);
}

/*
 * Zeroes, in pages as large as there are: what is read at random from small
 * ones waits for the page tables more than for the memory.
 */
static void *
zeroes(size_t n, size_t each)
{
	const uintptr_t page = HUGE - 1;
	void *p = calloc(n, each);
	uintptr_t from = ((uintptr_t)p + page) & ~page;
	uintptr_t end = ((uintptr_t)p + n * each) & ~page;

	if (p == NULL)
		bug("no memory for %zu fingerprints", n);
	if (from < end)
		/* Small ones do as well. */
		(void)madvise((void *)from, end - from, MADV_HUGEPAGE);
	return p;
}

/* Tables and bitmaps are larger than any cache: memory is asked for AHEAD. */
static inline void
fetch_bits(const uint8_t *bits, unsigned log2, unsigned hashes, uint64_t run)
{
	uint64_t mask = ((uint64_t)1 << log2) - 1, h = run;

	for (unsigned i = 0; i < hashes; i++, h += run >> 32 | 1)
		__builtin_prefetch(&bits[(h & mask) >> 3], 1);
}

static void
fetch(const struct seen *s, uint64_t v)
{
	if (s->bits != NULL)
		fetch_bits(s->bits, s->log2, s->hashes, v);
	else if (s->room > 0)
		__builtin_prefetch(&s->at[v & (s->room - 1)], 1);
}

static void
put(uint64_t *at, size_t room, uint64_t v)
{
	size_t i = v & (room - 1);

	while (at[i] != 0 && at[i] != v)
		i = (i + 1) & (room - 1);
	at[i] = v;
}

static void
grow(struct seen *s)
{
	size_t room = s->room == 0 ? 1024 : s->room * (s->room < GROWN ? 8 : 2);
	uint64_t *at = zeroes(room, sizeof *at);

	for (size_t i = 0; i < s->room; i++) {
		if (i + AHEAD < s->room)
			__builtin_prefetch(&at[s->at[i + AHEAD] & (room - 1)],
			    1);
		if (s->at[i] != 0)
			put(at, room, s->at[i]);
	}
	free(s->at);
	s->at = at;
	s->room = room;
}

static inline void
set_bits(uint8_t *bits, unsigned log2, unsigned hashes, uint64_t *ones,
    uint64_t run)
{
	uint64_t mask = ((uint64_t)1 << log2) - 1, h = run;

	for (unsigned i = 0; i < hashes; i++) {
		uint8_t bit = (uint8_t)(1 << (h & 7));
		uint8_t *byte = &bits[(h & mask) >> 3];

		*ones += (*byte & bit) == 0;
		*byte |= bit;
		h += run >> 32 | 1;
	}
}

/* Every number that was remembered, as bits. */
static void
set_all(uint8_t *bits, unsigned log2, unsigned hashes, uint64_t *ones,
    const struct seen *s)
{
	for (size_t i = 0; i < s->room; i++) {
		if (i + AHEAD < s->room && s->at[i + AHEAD] != 0)
			fetch_bits(bits, log2, hashes, s->at[i + AHEAD]);
		if (s->at[i] != 0)
			set_bits(bits, log2, hashes, ones, s->at[i]);
	}
}

static void
spill(struct seen *s)
{
	s->log2 = SPILL_LOG2;
	s->hashes = HASHES_MAX;
	s->bits = zeroes((size_t)1 << (s->log2 - 3), 1);
	set_all(s->bits, s->log2, s->hashes, &s->ones, s);
	s->entries = s->n;
	free(s->at);
	s->at = NULL;
	s->n = s->room = 0;
}

static void
remember(struct seen *s, uint64_t v)
{
	uint64_t ones = s->ones;
	size_t i;

	if (s->bits != NULL) {
		set_bits(s->bits, s->log2, s->hashes, &s->ones, v);
		s->entries += s->ones > ones;
		return;
	}
	if (s->n == SPILL) {
		spill(s);
		remember(s, v);
		return;
	}
	if (s->n * 3 >= s->room * 2)
		grow(s);
	i = v & (s->room - 1);
	while (s->at[i] != 0) {
		if (s->at[i] == v)
			return;
		i = (i + 1) & (s->room - 1);
	}
	s->at[i] = v;
	s->n++;
}

/* What of the runs was kept, in a row, then into the set. */
static void
remember_all(struct seen *s, struct prints_text *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->runs[i] != 0)
			t->runs[n++] = t->runs[i];
	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			fetch(s, t->runs[i + AHEAD]);
		remember(s, t->runs[i]);
	}
}

static void
add_part(void *arg, enum tokens_syntax syntax, struct str bytes)
{
	static const int order[PRINTS_SETS] = { SPAN_TOKENS, SPAN_LETTERS,
		SPAN_WORDS, SPAN_CLASSES, SPAN_REMARKS };
	struct prints_builder *b = arg;
	/* Prose is not code: only its very words are kept. */
	size_t sets = syntax == TOKENS_PLAIN ? 1 : PRINTS_SETS;

	canon_text(&b->canon, bytes, NULL);
	prints_set_read(&b->text, &b->canon, syntax, sets > 1);
	for (size_t i = 0; i < sets; i++) {
		prints_set_runs(&b->text, order[i]);
		prints_set_winnow(&b->text, order[i]);
		prints_set_key(&b->text, b->key);
		remember_all(&b->seen[order[i]], &b->text);
	}
}

void
prints_builder_add(struct prints_builder *b, struct str path, struct str bytes)
{
	fresh_text(&b->fresh, tokens_guess(path, bytes), bytes, add_part, b);
}

/* The smallest bitmap that is rarely wrong, and with how many bits a run. */
static void
choose_size(struct prints_set *s, uint32_t rare)
{
	for (s->log2 = PRINTS_LOG2_MIN; s->log2 < PRINTS_LOG2_MAX; s->log2++) {
		double bits = (double)((uint64_t)1 << s->log2);

		for (s->hashes = 1; s->hashes <= HASHES_MAX; s->hashes++) {
			double x = s->hashes * (double)s->entries / bits;
			/* of 1 - exp(-x) a little more */
			double fill = x < 1 ? x - x * x / 2 + x * x * x / 6 : 1;
			double eps = 1;

			for (int i = 0; i < s->hashes; i++)
				eps *= fill;
			if (eps * rare <= 1)
				return;
		}
	}
	s->hashes = HASHES_MAX / 2;
}

/* Everything that a set saw, as bits behind out. */
static void
write_bits(struct buf *out, struct prints_set *set, const struct seen *seen,
    uint32_t rare)
{
	size_t bytes;
	char *at;

	if (seen->bits != NULL) {
		set->log2 = seen->log2;
		set->hashes = seen->hashes;
		set->ones = seen->ones;
		set->entries = seen->entries; /* at least */
		buf_add(out, seen->bits, (size_t)1 << (seen->log2 - 3));
		return;
	}
	set->entries = seen->n;
	choose_size(set, rare);
	bytes = (size_t)1 << (set->log2 - 3);
	at = buf_grow(out, bytes);
	memset(at, 0, bytes);
	set_all((uint8_t *)at, set->log2, set->hashes, &set->ones, seen);
	out->len += bytes;
}

void
prints_builder_write(struct prints_builder *b, struct buf *out)
{
	struct prints_set sets[PRINTS_SETS] = { 0 };
	size_t start = out->len, head = PRINTS_HEAD + PRINTS_SETS * PRINTS_ROW;
	struct buf rows = { 0 };
	char *at;

	at = buf_grow(out, head);
	memset(at, 0, head);
	out->len += head;
	for (int i = 0; i < PRINTS_SETS; i++)
		write_bits(out, &sets[i], &b->seen[i],
		    prints_set_kinds[i].rare);
	buf_str(&rows, STR(PRINTS_MAGIC));
	buf_add(&rows, b->key, PRINTS_KEY_BYTES);
	wire_put_u32(&rows, PRINTS_SETS);
	wire_put_u32(&rows, 0);
	for (int i = 0; i < PRINTS_SETS; i++) {
		wire_put_u8(&rows, prints_set_kinds[i].run);
		wire_put_u8(&rows, prints_set_kinds[i].window);
		wire_put_u8(&rows, sets[i].hashes);
		wire_put_u8(&rows, sets[i].log2);
		wire_put_u32(&rows, 0);
		wire_put_u64(&rows, sets[i].entries);
		wire_put_u64(&rows, sets[i].ones);
	}
	memcpy(out->at + start, rows.at, rows.len);
	buf_release(&rows);
}

static enum err
read_row(struct prints_set *s, struct wire *w, int i)
{
	uint8_t run = wire_u8(w), window = wire_u8(w);
	uint32_t zero;

	s->hashes = wire_u8(w);
	s->log2 = wire_u8(w);
	zero = wire_u32(w);
	s->entries = wire_u64(w);
	s->ones = wire_u64(w);
	if (w->bad || run != prints_set_kinds[i].run ||
	    window != prints_set_kinds[i].window || s->hashes < 1 ||
	    s->hashes > HASHES_MAX || s->log2 < PRINTS_LOG2_MIN ||
	    s->log2 > PRINTS_LOG2_MAX || zero != 0 ||
	    s->ones > (uint64_t)1 << s->log2)
		return fail(ERR_FORMAT, "the fingerprints are damaged");
	return ERR_NONE;
}

enum err
prints_open(struct prints **out, struct str bytes)
{
	struct wire w = wire_of(bytes);
	struct str magic = wire_bytes(&w, strlen(PRINTS_MAGIC));
	struct str key = wire_bytes(&w, PRINTS_KEY_BYTES);
	uint32_t sets = wire_u32(&w), zero = wire_u32(&w);
	struct prints p = { 0 };
	enum err rc = ERR_NONE;

	if (str_eq(magic, STR(PRINTS_MAGIC_OLD)))
		return fail(ERR_FORMAT,
		    "the fingerprints are of an older version: make them "
		    "again with vitrine-lab provision, or pack");
	if (w.bad || !str_eq(magic, STR(PRINTS_MAGIC)) || sets != PRINTS_SETS ||
	    zero != 0)
		return fail(ERR_FORMAT, "not a file of fingerprints");
	memcpy(p.key, key.at, PRINTS_KEY_BYTES);
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		rc = read_row(&p.sets[i], &w, i);
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		p.sets[i].bits = (const uint8_t *)wire_bytes(&w,
		    (size_t)1 << (p.sets[i].log2 - 3))
				     .at;
	if (rc == ERR_NONE && wire_done(&w) != ERR_NONE) {
		err_clear();
		rc = fail(ERR_FORMAT, "the fingerprints are cut short");
	}
	if (rc != ERR_NONE)
		return rc;
	*out = malloc(sizeof **out);
	if (*out == NULL)
		bug("no memory for fingerprints");
	**out = p;
	return ERR_NONE;
}

void
prints_close(struct prints *p)
{
	free(p);
}

/* Where the first set of fingerprints ends; bytes.len when it says nothing
 * that can be. */
static size_t
first_length(struct str bytes)
{
	size_t at = PRINTS_HEAD, len = PRINTS_HEAD + PRINTS_SETS * PRINTS_ROW;

	if (bytes.len < len)
		return bytes.len;
	for (int i = 0; i < PRINTS_SETS; i++, at += PRINTS_ROW) {
		unsigned log2 = (unsigned char)bytes.at[at + 3];

		if (log2 < PRINTS_LOG2_MIN || log2 > PRINTS_LOG2_MAX)
			return bytes.len;
		len += (size_t)1 << (log2 - 3);
	}
	return len < bytes.len ? len : bytes.len;
}

enum err
prints_open_both(struct prints **out, struct prints **open, struct str bytes)
{
	size_t first = first_length(bytes);
	struct prints *own = NULL;
	enum err rc = prints_open(&own, str_slice(bytes, 0, first));

	*open = NULL;
	if (rc == ERR_NONE && first < bytes.len)
		rc = prints_open(open, str_slice(bytes, first, bytes.len));
	if (rc == ERR_NONE)
		*out = own;
	else
		prints_close(own);
	return rc;
}

static void
take_set(struct seen *s, const struct prints_set *set)
{
	s->log2 = set->log2;
	s->hashes = set->hashes;
	s->ones = set->ones;
	s->entries = set->entries;
	s->bits = zeroes((size_t)1 << (s->log2 - 3), 1);
	memcpy(s->bits, set->bits, (size_t)1 << (s->log2 - 3));
}

enum err
prints_builder_take(struct prints_builder *b, struct str file)
{
	struct prints *own = NULL, *open = NULL;
	enum err rc = prints_open_both(&own, &open, file);

	if (rc == ERR_NONE && memcmp(own->key, b->key, PRINTS_KEY_BYTES) != 0)
		rc = fail(ERR_FORMAT,
		    "fingerprints of another session: they cannot be added to");
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++) {
		free(b->seen[i].at);
		free(b->seen[i].bits);
		b->seen[i] = (struct seen){ 0 };
		take_set(&b->seen[i], &own->sets[i]);
	}
	prints_close(own);
	prints_close(open);
	return rc;
}

/* As choose_size(), by the bits that there are.  Up to there the checker
 * reckons with it: prints_set_weigh(). */
bool
prints_builder_is_full(const struct prints_builder *b)
{
	for (int i = 0; i < PRINTS_SETS; i++) {
		const struct seen *s = &b->seen[i];
		double eps = prints_set_kinds[i].rare;

		if (s->bits == NULL || s->log2 >= SPILL_LOG2)
			continue;
		for (unsigned k = 0; k < s->hashes; k++)
			eps *=
			    (double)s->ones / (double)((uint64_t)1 << s->log2);
		if (eps > FULL)
			return true;
	}
	return false;
}
