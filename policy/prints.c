#include "policy/prints.h"

#include "policy/prints_inside.h"

#include <stdlib.h>
#include <string.h>

#include "core/io.h"
#include "core/wire.h"
#include "policy/siphash.h"

enum { FULL = 4 /* times as often wrong as a set that is made at once */ };

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
	for (int i = 0; i < PRINTS_SETS; i++)
		prints_seen_release(&b->seen[i]);
	fresh_release(&b->fresh);
	canon_release(&b->canon);
	prints_set_release(&b->text);
	free(b);
}

/*
 * What of the runs is kept, with the key, into the set.  Much of it was seen
 * a moment ago: that is passed over while it costs nothing.
 */
static void
remember(struct prints_builder *b, int set)
{
	uint64_t *recent = b->recent[set], *runs = b->text.runs;
	size_t kept = prints_set_keep(&b->text, set), n = 0;

	for (size_t i = 0; i < kept; i++) {
		uint64_t run = runs[i];
		uint64_t *place = &recent[run % PRINTS_RECENT];

		runs[n] = run;
		n += *place != run;
		*place = run;
	}
	siphash_numbers(b->key, runs, n);
	for (size_t i = 0; i < n; i++)
		runs[i] += runs[i] == 0;
	prints_seen_add(&b->seen[set], runs, n);
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
		remember(b, order[i]);
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

		for (s->hashes = 1; s->hashes <= PRINTS_BITS_HASHES_MAX;
		     s->hashes++) {
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
	s->hashes = PRINTS_BITS_HASHES_MAX / 2;
}

/* Everything that a set saw, as bits: its own, or made. */
static void
make_bits(struct prints_bits *bits, struct prints_set *set,
    struct prints_seen *seen, uint32_t rare)
{
	prints_seen_settle(seen);
	set->entries = prints_seen_entries(seen);
	if (seen->bits.at == NULL) {
		choose_size(set, rare);
		prints_bits_open(bits, set->log2, set->hashes);
		prints_seen_bits(seen, bits);
	} else {
		*bits = seen->bits;
	}
	set->log2 = bits->log2;
	set->hashes = bits->hashes;
	set->ones = bits->ones;
}

static void
write_head(const struct prints_builder *b, const struct prints_set *sets,
    struct buf *out)
{
	buf_str(out, STR(PRINTS_MAGIC));
	buf_add(out, b->key, PRINTS_KEY_BYTES);
	wire_put_u32(out, PRINTS_SETS);
	wire_put_u32(out, 0);
	for (int i = 0; i < PRINTS_SETS; i++) {
		wire_put_u8(out, prints_set_kinds[i].run);
		wire_put_u8(out, prints_set_kinds[i].window);
		wire_put_u8(out, sets[i].hashes);
		wire_put_u8(out, sets[i].log2);
		wire_put_u32(out, 0);
		wire_put_u64(out, sets[i].entries);
		wire_put_u64(out, sets[i].ones);
	}
}

static struct str
bits_view(const struct prints_bits *b)
{
	return (struct str){ (const char *)b->at, prints_bits_bytes(b) };
}

void
prints_builder_write(struct prints_builder *b, struct buf *out)
{
	struct prints_set sets[PRINTS_SETS] = { 0 };
	struct prints_bits bits[PRINTS_SETS] = { 0 };
	size_t bytes = 0;

	for (int i = 0; i < PRINTS_SETS; i++) {
		make_bits(&bits[i], &sets[i], &b->seen[i],
		    prints_set_kinds[i].rare);
		bytes += prints_bits_bytes(&bits[i]);
	}
	(void)buf_grow(out, PRINTS_HEAD + PRINTS_SETS * PRINTS_ROW + bytes);
	write_head(b, sets, out);
	for (int i = 0; i < PRINTS_SETS; i++) {
		buf_str(out, bits_view(&bits[i]));
		if (bits[i].at != b->seen[i].bits.at)
			prints_bits_close(&bits[i]);
	}
}

enum err
prints_builder_finish(struct prints_builder *b, struct io_file *f)
{
	struct prints_set sets[PRINTS_SETS] = { 0 };
	struct prints_bits bits[PRINTS_SETS] = { 0 };
	struct buf head = { 0 };
	enum err rc;

	for (int i = 0; i < PRINTS_SETS; i++) {
		make_bits(&bits[i], &sets[i], &b->seen[i],
		    prints_set_kinds[i].rare);
		b->seen[i].bits = (struct prints_bits){ 0 };
		prints_seen_release(&b->seen[i]);
	}
	write_head(b, sets, &head);
	rc = io_write(f, buf_view(&head));
	for (int i = 0; i < PRINTS_SETS; i++) {
		if (rc == ERR_NONE)
			rc = io_write(f, bits_view(&bits[i]));
		prints_bits_close(&bits[i]);
	}
	buf_release(&head);
	return rc;
}

static void
take_set(struct prints_seen *s, const struct prints_set *set)
{
	prints_seen_release(s);
	prints_bits_open(&s->bits, set->log2, set->hashes);
	memcpy(s->bits.at, set->bits, prints_bits_bytes(&s->bits));
	s->bits.ones = s->ones = set->ones;
	s->was = set->entries;
	s->taken = true;
}

enum err
prints_builder_take(struct prints_builder *b, struct str file)
{
	struct prints *own = NULL, *open = NULL;
	enum err rc = prints_open_both(&own, &open, file);

	if (rc == ERR_NONE && memcmp(own->key, b->key, PRINTS_KEY_BYTES) != 0)
		rc = fail(ERR_FORMAT,
		    "fingerprints of another session: they cannot be added to");
	if (rc == ERR_NONE) {
		fresh_release(&b->fresh);
		memcpy(b->fresh.key, b->key, FRESH_KEY_BYTES);
		memset(b->recent, 0, sizeof b->recent);
	}
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		take_set(&b->seen[i], &own->sets[i]);
	prints_close(own);
	prints_close(open);
	return rc;
}

/* As choose_size(), by the bits that there are.  Up to there the checker
 * reckons with it: prints_set_weigh(). */
bool
prints_builder_is_full(struct prints_builder *b)
{
	for (int i = 0; i < PRINTS_SETS; i++) {
		struct prints_seen *s = &b->seen[i];
		double eps = prints_set_kinds[i].rare;

		if (s->bits.at == NULL)
			continue;
		prints_bits_settle(&s->bits);
		for (unsigned k = 0; k < s->bits.hashes; k++)
			eps *= (double)s->bits.ones /
			    (double)((uint64_t)1 << s->bits.log2);
		if (s->full || (s->bits.log2 < PRINTS_SPILL_LOG2 && eps > FULL))
			return true;
	}
	return false;
}
