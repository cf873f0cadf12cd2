#include "core/delta.h"

#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 16,
	COPY_MAX = 0x10000,
	INSERT_MAX = 0x7f,
	BLOCKS_MIN = 256,
};

void
delta_release(struct delta *d)
{
	free(d->blocks);
	buf_release(&d->out);
	*d = (struct delta){ 0 };
}

/* What is being made: of text, everything before `done` is in out. */
struct making {
	struct buf *out;
	struct str base, text;
	size_t done;
	size_t most;
};

static void
put_number(struct buf *b, size_t n)
{
	for (; n >= 0x80; n >>= 7)
		buf_char(b, (char)(n | 0x80));
	buf_char(b, (char)n);
}

/* Only the bytes that are not zero stand there; a length of 64 K is none. */
static void
put_copy(struct making *m, size_t from, size_t len)
{
	m->done += len;
	while (len > 0 && m->out->len <= m->most) {
		size_t n = len < COPY_MAX ? len : COPY_MAX;
		unsigned char op[8] = { 0x80 };
		size_t used = 1;

		for (unsigned i = 0; i < 4; i++)
			if ((from >> 8 * i & 0xff) != 0) {
				op[0] |= (unsigned char)(1 << i);
				op[used++] =
				    (unsigned char)(from >> 8 * i & 0xff);
			}
		for (unsigned i = 0; i < 2 && n < COPY_MAX; i++)
			if ((n >> 8 * i & 0xff) != 0) {
				op[0] |= (unsigned char)(0x10 << i);
				op[used++] = (unsigned char)(n >> 8 * i & 0xff);
			}
		buf_add(m->out, op, used);
		from += n;
		len -= n;
	}
}

/* What is in no place of the base, up to there. */
static void
put_insert(struct making *m, size_t to)
{
	while (m->done < to && m->out->len <= m->most) {
		size_t n = to - m->done;

		n = n < INSERT_MAX ? n : INSERT_MAX;
		buf_char(m->out, (char)n);
		buf_add(m->out, m->text.at + m->done, n);
		m->done += n;
	}
	m->done = to;
}

static size_t
same_start(struct str a, struct str b)
{
	size_t most = a.len < b.len ? a.len : b.len, n = 0;

	while (n + 64 <= most && memcmp(a.at + n, b.at + n, 64) == 0)
		n += 64;
	while (n < most && a.at[n] == b.at[n])
		n++;
	return n;
}

static size_t
same_end(struct str a, struct str b)
{
	size_t most = a.len < b.len ? a.len : b.len, n = 0;

	while (n + 64 <= most &&
	    memcmp(a.at + a.len - n - 64, b.at + b.len - n - 64, 64) == 0)
		n += 64;
	while (n < most && a.at[a.len - n - 1] == b.at[b.len - n - 1])
		n++;
	return n;
}

static size_t
hash_block(const char *at)
{
	uint64_t a, b;

	memcpy(&a, at, 8);
	memcpy(&b, at + 8, 8);
	a = (a ^ 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
	b = (b + a) * 0x94d049bb133111ebu;
	return (size_t)(b >> 32 ^ b >> 11);
}

/* Of equal blocks the first: it is the one that goes on the longest. */
static size_t
list_blocks(struct delta *d, struct str base, size_t from, size_t to)
{
	size_t n = BLOCKS_MIN, last = from + (to - from) / BLOCK * BLOCK;

	while (n < 2 * ((to - from) / BLOCK))
		n *= 2;
	if (n > d->room) {
		free(d->blocks);
		d->blocks = reallocarray(NULL, n, sizeof *d->blocks);
		if (d->blocks == NULL)
			bug("no memory for %zu blocks", n);
		d->room = n;
	}
	memset(d->blocks, 0, n * sizeof *d->blocks);
	for (size_t i = last; i > from; i -= BLOCK)
		d->blocks[hash_block(base.at + i - BLOCK) & (n - 1)] =
		    (uint32_t)(i - BLOCK) + 1;
	return n;
}

/* Of the text up to `end`; a copy may take what lies around its block. */
static void
put_middle(struct making *m, const struct delta *d, size_t n, size_t end)
{
	size_t i = m->done;

	while (i + BLOCK <= end && m->out->len <= m->most) {
		uint32_t slot = d->blocks[hash_block(m->text.at + i) & (n - 1)];
		size_t from = slot - 1, len, back = 0;

		if (slot == 0 ||
		    memcmp(m->base.at + from, m->text.at + i, BLOCK) != 0) {
			i++;
			continue;
		}
		len = same_start(str_slice(m->base, from, m->base.len),
		    str_slice(m->text, i, end - i));
		while (i - back > m->done && from > back &&
		    m->base.at[from - back - 1] == m->text.at[i - back - 1])
			back++;
		put_insert(m, i - back);
		put_copy(m, from - back, len + back);
		i = m->done;
	}
	put_insert(m, end);
}

bool
delta_make(struct str *out, struct delta *d, struct str base, struct str text,
    size_t most)
{
	struct making m = { &d->out, base, text, 0, most };
	size_t start, end, n;

	if (base.len > UINT32_MAX || text.len > UINT32_MAX)
		return false;
	buf_clear(&d->out);
	put_number(&d->out, base.len);
	put_number(&d->out, text.len);
	start = same_start(base, text);
	end = same_end(str_slice(base, start, base.len),
	    str_slice(text, start, text.len));
	put_copy(&m, 0, start);
	if (start + end < text.len) {
		n = list_blocks(d, base, start, base.len - end);
		put_middle(&m, d, n, text.len - end);
	}
	put_copy(&m, base.len - end, end);
	if (d->out.len > most)
		return false;
	*out = buf_view(&d->out);
	return true;
}

static bool
take_number(struct str *rest, uint64_t *n)
{
	unsigned shift = 0;
	uint8_t c;

	*n = 0;
	do {
		if (rest->len == 0 || shift > 56)
			return false;
		c = (uint8_t)rest->at[0];
		*rest = str_slice(*rest, 1, rest->len);
		*n |= (uint64_t)(c & 0x7f) << shift;
		shift += 7;
	} while ((c & 0x80) != 0);
	return true;
}

/* The bytes that one instruction stands for; its own are cut off rest. */
static bool
take_step(struct str *piece, struct str *rest, struct str base)
{
	uint8_t op = (uint8_t)rest->at[0];
	size_t at = 1, from = 0, len = 0;

	if (op == 0)
		return false;
	if ((op & 0x80) == 0) {
		*piece = str_slice(*rest, 1, op);
		*rest = str_slice(*rest, 1 + piece->len, rest->len);
		return piece->len == op;
	}
	for (unsigned i = 0; i < 7; i++) {
		if ((op >> i & 1) == 0)
			continue;
		if (at >= rest->len)
			return false;
		if (i < 4)
			from |= (size_t)(uint8_t)rest->at[at++] << 8 * i;
		else
			len |= (size_t)(uint8_t)rest->at[at++] << 8 * (i - 4);
	}
	len = len == 0 ? COPY_MAX : len;
	*rest = str_slice(*rest, at, rest->len);
	*piece = str_slice(base, from, len);
	return from <= base.len && piece->len == len;
}

bool
delta_makes(struct str delta, struct str base, struct str text)
{
	uint64_t before, after;
	struct str piece;
	size_t done = 0;

	if (!take_number(&delta, &before) || !take_number(&delta, &after) ||
	    before != base.len || after != text.len)
		return false;
	while (delta.len > 0) {
		if (!take_step(&piece, &delta, base) ||
		    !str_eq(piece, str_slice(text, done, piece.len)))
			return false;
		done += piece.len;
	}
	return done == text.len;
}
