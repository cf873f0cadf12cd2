#include "policy/prints.h"

#include "core/limits.h"
#include "core/wire.h"
#include "policy/prints_set.h"

#include <stdlib.h>
#include <string.h>

/*
 * How often a set may say yes to what is not in it: 1 in so many.  Over
 * SPILL numbers are not remembered one by one but straight as bits of the
 * largest bitmap, so that neither the builder nor the file grows any more.
 */
enum {
	RARE = 64000,
	HASHES_MAX = 8,
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
	size_t n, room; /* room is a power of two */
	uint8_t *bits;  /* NULL: not spilt */
	uint64_t ones;
};

struct prints_builder {
	uint8_t key[PRINTS_KEY_BYTES];
	struct seen seen[PRINTS_SETS];
	struct canon canon;
	struct tokens tokens;
	uint64_t *runs;
	size_t room;
};

const uint8_t prints_public_key[PRINTS_KEY_BYTES] = "public source 1";

struct prints_builder *
prints_builder_open(const uint8_t key[PRINTS_KEY_BYTES])
{
	struct prints_builder *b = calloc(1, sizeof *b);

	if (b == NULL)
		bug("no memory for fingerprints");
	memcpy(b->key, key, PRINTS_KEY_BYTES);
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
	canon_release(&b->canon);
	tokens_release(&b->tokens);
	free(b->runs);
	free(b);
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
	size_t room = s->room == 0 ? 1024 : 2 * s->room;
	uint64_t *at = calloc(room, sizeof *at);

	if (at == NULL)
		bug("no memory for %zu fingerprints", room);
	for (size_t i = 0; i < s->room; i++)
		if (s->at[i] != 0)
			put(at, room, s->at[i]);
	free(s->at);
	s->at = at;
	s->room = room;
}

static void
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

static void
spill(struct seen *s)
{
	s->bits = calloc((size_t)1 << (SPILL_LOG2 - 3), 1);
	if (s->bits == NULL)
		bug("no memory for a bitmap of fingerprints");
	for (size_t i = 0; i < s->room; i++)
		if (s->at[i] != 0)
			set_bits(s->bits, SPILL_LOG2, HASHES_MAX, &s->ones,
			    s->at[i]);
	free(s->at);
	s->at = NULL;
	s->n = s->room = 0;
}

static void
remember(struct seen *s, uint64_t v)
{
	size_t i;

	if (s->bits != NULL) {
		set_bits(s->bits, SPILL_LOG2, HASHES_MAX, &s->ones, v);
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

/* Winnowing: of every window of neighbours the smallest, the last of equal
 * ones.  A run that says too little (0) is never kept. */
static void
keep_some(struct seen *s, const uint64_t *runs, size_t n)
{
	size_t kept = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		size_t from = i + 1 < PRINTS_WINDOW ? 0 : i + 1 - PRINTS_WINDOW,
		       least = SIZE_MAX;

		if (i + 1 < PRINTS_WINDOW && i + 1 < n)
			continue;
		for (size_t k = from; k <= i; k++)
			if (runs[k] != 0 &&
			    (least == SIZE_MAX || runs[k] <= runs[least]))
				least = k;
		if (least == SIZE_MAX || least == kept)
			continue;
		kept = least;
		remember(s, runs[least]);
	}
}

void
prints_builder_add(struct prints_builder *b, struct str path, struct str bytes)
{
	enum tokens_syntax syntax = tokens_guess(path, bytes);

	canon_text(&b->canon, bytes, NULL);
	for (size_t o = 0; o < PRINTS_SETS; o++) {
		int i = prints_set_order[o];
		const struct prints_kind *kind = &prints_set_kinds[i];
		size_t n;

		/* Prose is not code: only its very words are kept. */
		if (syntax == TOKENS_PLAIN && kind->stream != TOKENS_EXACT)
			continue;
		prints_set_read(&b->tokens, &b->canon, syntax, i);
		if (b->tokens.n > b->room) {
			b->room = b->tokens.n + b->tokens.n / 2;
			b->runs =
			    reallocarray(b->runs, b->room, sizeof *b->runs);
			if (b->runs == NULL)
				bug("no memory for %zu runs", b->room);
		}
		n = prints_set_runs(b->runs, &b->tokens, kind, b->key);
		keep_some(&b->seen[i], b->runs, n);
	}
}

/* The smallest bitmap that is rarely wrong, and with how many bits a run. */
static void
choose_size(struct prints_set *s)
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
			if (eps * RARE <= 1)
				return;
		}
	}
	s->hashes = HASHES_MAX / 2;
}

/* Everything that a set saw, as bits behind out. */
static void
write_bits(struct buf *out, struct prints_set *set, const struct seen *seen)
{
	size_t bytes;
	char *at;

	if (seen->bits != NULL) {
		set->log2 = SPILL_LOG2;
		set->hashes = HASHES_MAX;
		set->ones = seen->ones;
		set->entries = seen->ones / HASHES_MAX; /* at least */
		buf_add(out, seen->bits, (size_t)1 << (SPILL_LOG2 - 3));
		return;
	}
	set->entries = seen->n;
	choose_size(set);
	bytes = (size_t)1 << (set->log2 - 3);
	at = buf_grow(out, bytes);
	memset(at, 0, bytes);
	for (size_t k = 0; k < seen->room; k++)
		if (seen->at[k] != 0)
			set_bits((uint8_t *)at, set->log2, set->hashes,
			    &set->ones, seen->at[k]);
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
		write_bits(out, &sets[i], &b->seen[i]);
	buf_str(&rows, STR(PRINTS_MAGIC));
	buf_add(&rows, b->key, PRINTS_KEY_BYTES);
	wire_put_u32(&rows, PRINTS_SETS);
	wire_put_u32(&rows, 0);
	for (int i = 0; i < PRINTS_SETS; i++) {
		wire_put_u8(&rows, prints_set_kinds[i].run);
		wire_put_u8(&rows, PRINTS_WINDOW);
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
	    window != PRINTS_WINDOW || s->hashes < 1 ||
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
