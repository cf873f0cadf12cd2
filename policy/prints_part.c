/*
 * Pieces of fingerprints, to be joined.
 *
 * Little endian:
 *
 *	"VITPART1" key(16) u32 sets(5) u32 0
 *	5 x { u8 hashes, u8 log2 bits, u16 0, u32 0, u64 n }
 *	5 x n numbers of u64, ascending, each once; or where hashes is not 0,
 *	    a bitmap, and n its bytes
 */
#include "policy/prints_inside.h"

#include <endian.h>
#include <string.h>

#include "core/io.h"
#include "core/wire.h"

#define MAGIC "VITPART1"

enum { SOME = 4096 };

static void
put_row(struct prints_seen *s, struct buf *out)
{
	bool bits;

	prints_seen_settle(s);
	bits = s->bits.at != NULL;
	if (s->taken)
		bug("fingerprints that were taken over are no piece");
	wire_put_u8(out, s->bits.hashes);
	wire_put_u8(out, s->bits.log2);
	wire_put_u16(out, 0);
	wire_put_u32(out, 0);
	wire_put_u64(out,
	    bits ? prints_bits_bytes(&s->bits) : numbers_count(&s->numbers));
}

static enum err
put_numbers(struct prints_seen *s, struct io_file *f)
{
	struct numbers_run run;
	enum err rc = ERR_NONE;
	size_t at = 0;

	while (rc == ERR_NONE && (run = numbers_next(&s->numbers, &at)).n > 0) {
		struct buf out = { 0 };

		for (size_t i = 0; i < run.n; i++)
			wire_put_u64(&out, run.at[i]);
		rc = io_write(f, buf_view(&out));
		buf_release(&out);
	}
	return rc;
}

enum err
prints_builder_save(struct prints_builder *b, struct io_file *f)
{
	struct buf head = { 0 };
	enum err rc;

	buf_str(&head, STR(MAGIC));
	buf_add(&head, b->key, PRINTS_KEY_BYTES);
	wire_put_u32(&head, PRINTS_SETS);
	wire_put_u32(&head, 0);
	for (int i = 0; i < PRINTS_SETS; i++)
		put_row(&b->seen[i], &head);
	rc = io_write(f, buf_view(&head));
	buf_release(&head);
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++) {
		struct prints_bits *bits = &b->seen[i].bits;

		if (bits->at == NULL)
			rc = put_numbers(&b->seen[i], f);
		else
			rc = io_write(f,
			    (struct str){ (const char *)bits->at,
				prints_bits_bytes(bits) });
	}
	return rc;
}

struct row {
	uint8_t hashes, log2;
	uint64_t n;
};

static enum err
damaged(void)
{
	return fail(ERR_FORMAT,
	    "a piece of the fingerprints is damaged: make them again");
}

/* Larger bitmaps than ours, or numbers that became none, are not ours. */
static enum err
read_row(struct row *r, struct wire *w)
{
	uint16_t zero;
	bool bits;

	r->hashes = wire_u8(w);
	r->log2 = wire_u8(w);
	zero = wire_u16(w);
	bits =
	    r->hashes == PRINTS_BITS_HASHES_MAX && r->log2 == PRINTS_SPILL_LOG2;
	if (wire_u32(w) != 0 || zero != 0)
		return damaged();
	r->n = wire_u64(w);
	if (bits ? r->n != (uint64_t)1 << (PRINTS_SPILL_LOG2 - 3) :
		   r->hashes != 0 || r->log2 != 0 || r->n > PRINTS_SPILL)
		return damaged();
	return ERR_NONE;
}

static bool
is_ascending(struct numbers_run run)
{
	bool good = true;

	for (size_t i = 1; i < run.n; i++)
		good &= le64toh(run.at[i - 1]) < le64toh(run.at[i]);
	return good;
}

static void
join_numbers(struct prints_seen *s, struct numbers_run run)
{
	uint64_t some[SOME];

	if (s->bits.at == NULL) {
		numbers_join(&s->numbers, run);
		return;
	}
	for (size_t at = 0; at < run.n; at += SOME) {
		size_t n = run.n - at < SOME ? run.n - at : SOME;

		for (size_t i = 0; i < n; i++)
			some[i] = le64toh(run.at[at + i]);
		prints_bits_add(&s->bits, some, n);
	}
}

/* A bitmap that was taken over may be too small for one of a piece. */
static void
join_bits(struct prints_seen *s, struct str bits)
{
	prints_seen_spill(s);
	if (s->bits.log2 == PRINTS_SPILL_LOG2 &&
	    s->bits.hashes == PRINTS_BITS_HASHES_MAX)
		prints_bits_join(&s->bits, (const uint8_t *)bits.at);
	else
		s->full = true;
}

static enum err
join_set(struct prints_seen *s, const struct row *r, struct wire *w)
{
	struct str bytes =
	    wire_bytes(w, r->hashes > 0 ? r->n : r->n * sizeof(uint64_t));
	struct numbers_run run = { (const void *)bytes.at, r->n };

	if (w->bad)
		return damaged();
	if (r->hashes > 0)
		join_bits(s, bytes);
	else if (!is_ascending(run))
		return damaged();
	else if (run.n > 0)
		join_numbers(s, run);
	return ERR_NONE;
}

enum err
prints_builder_join(struct prints_builder *b, struct str piece)
{
	struct wire w = wire_of(piece);
	struct str magic = wire_bytes(&w, strlen(MAGIC));
	struct str key = wire_bytes(&w, PRINTS_KEY_BYTES);
	uint32_t sets = wire_u32(&w), zero = wire_u32(&w);
	struct row rows[PRINTS_SETS];
	enum err rc = ERR_NONE;

	if (w.bad || !str_eq(magic, STR(MAGIC)) || sets != PRINTS_SETS ||
	    zero != 0)
		return damaged();
	if (memcmp(key.at, b->key, PRINTS_KEY_BYTES) != 0)
		return fail(ERR_FORMAT,
		    "a piece of the fingerprints of another session");
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		rc = read_row(&rows[i], &w);
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		rc = join_set(&b->seen[i], &rows[i], &w);
	if (rc == ERR_NONE && wire_done(&w) != ERR_NONE) {
		err_clear();
		rc = damaged();
	}
	return rc;
}
