#include "core/search_dfa_table.h"

#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>

#include "core/array.h"
#endif

enum { STREAMS = 4, BLOCK = 64, LEAST = STREAMS * BLOCK * 2 };

/* The lines found so far. */
struct found {
	size_t *at, n, room;
};

struct stream {
	const unsigned char *at, *end;
	unsigned state;
	struct found found;
};

struct search_dfa {
	struct search_dfa_table *table;
	unsigned char (*rows)[32]; /* [byte][state]; NULL: too many states */
	unsigned row;              /* bytes of one that are used; 0: table */
	struct stream streams[STREAMS];
};

static void
make_rows(struct search_dfa *d)
{
	d->rows = aligned_alloc(32, 256 * sizeof *d->rows);
	if (d->rows == NULL)
		bug("no memory for states");
	for (unsigned c = 0; c < 256; c++)
		for (unsigned s = 0; s < 32; s++)
			d->rows[c][s] = s < d->table->states ?
			    (unsigned char)(d->table->next[s][c] >> 8) :
			    0;
}

struct search_dfa *
search_dfa_table(struct search_dfa_table *t)
{
	struct search_dfa *d = calloc(1, sizeof *d);

	if (d == NULL)
		bug("no memory for states");
	d->table = t;
	if (t->states <= 32)
		make_rows(d);
	search_dfa_wide(d, 16);
	search_dfa_wide(d, t->states <= 16 ? 16 : 32);
	return d;
}

void
search_dfa_close(struct search_dfa *d)
{
	if (d == NULL)
		return;
	for (int i = 0; i < STREAMS; i++)
		free(d->streams[i].found.at);
	free(d->rows);
	free(d->table);
	free(d);
}

void
search_dfa_wide(struct search_dfa *d, unsigned bytes)
{
	d->row = 0;
#ifdef __x86_64__
	if (bytes == 16 && d->table->states <= 16 &&
	    __builtin_cpu_supports("avx"))
		d->row = 16;
	if (bytes == 32 && d->table->states <= 32 &&
	    __builtin_cpu_supports("avx512vbmi") &&
	    __builtin_cpu_supports("avx512vl"))
		d->row = 32;
#else
	(void)bytes;
#endif
}

#ifdef __x86_64__
#define WIDEST "avx512vbmi,avx512vl,avx512bw"
#define ROW16(rows, c) _mm_load_si128((const __m128i *)(const void *)(rows)[c])
#define ROW32(rows, c) \
	_mm256_load_si256((const __m256i *)(const void *)(rows)[c])
#define FIRST16(v) ((unsigned)_mm_cvtsi128_si32(v) & 0xff)
#define FIRST32(v) FIRST16(_mm256_castsi256_si128(v))
#endif

/*
 * Each of these walks one block in every stream, from the states in from[]
 * to those left in to[], again and again until something is found or blocks
 * are used up.  from[] are the states before the last block; how many blocks
 * were walked is returned.
 */
static size_t
walk_table(const struct search_dfa *d, size_t blocks, unsigned from[STREAMS],
    unsigned to[STREAMS])
{
	const uint16_t *next = &d->table->next[0][0];
	const unsigned char *at[STREAMS];
	size_t n = 0;

	for (int k = 0; k < STREAMS; k++)
		at[k] = d->streams[k].at;
	do {
		unsigned a = to[0], b = to[1], c = to[2], e = to[3];

		for (int k = 0; k < STREAMS; k++)
			from[k] = to[k];
		a <<= 8, b <<= 8, c <<= 8, e <<= 8;
		for (int i = 0; i < BLOCK; i++) {
			a = next[a | at[0][i]];
			b = next[b | at[1][i]];
			c = next[c | at[2][i]];
			e = next[e | at[3][i]];
		}
		to[0] = a >> 8, to[1] = b >> 8, to[2] = c >> 8, to[3] = e >> 8;
		for (int k = 0; k < STREAMS; k++)
			at[k] += BLOCK;
	} while (++n < blocks && to[0] != 0 && to[1] != 0 && to[2] != 0 &&
	    to[3] != 0);
	return n;
}

#ifdef __x86_64__
/* The four of them written out, as they must stay in registers. */
__attribute__((target("avx"))) static size_t
walk_16(const struct search_dfa *d, size_t blocks, unsigned from[STREAMS],
    unsigned to[STREAMS])
{
	const unsigned char(*rows)[32] = (const unsigned char(*)[32])d->rows;
	const unsigned char *pa = d->streams[0].at, *pb = d->streams[1].at;
	const unsigned char *pc = d->streams[2].at, *pe = d->streams[3].at;
	__m128i a = _mm_set1_epi8((char)to[0]), b = _mm_set1_epi8((char)to[1]);
	__m128i c = _mm_set1_epi8((char)to[2]), e = _mm_set1_epi8((char)to[3]);
	__m128i wa, wb, wc, we, least;
	size_t n = 0;

	do {
		wa = a, wb = b, wc = c, we = e;
#pragma GCC unroll 8
		for (int i = 0; i < BLOCK; i++) {
			a = _mm_shuffle_epi8(ROW16(rows, pa[i]), a);
			b = _mm_shuffle_epi8(ROW16(rows, pb[i]), b);
			c = _mm_shuffle_epi8(ROW16(rows, pc[i]), c);
			e = _mm_shuffle_epi8(ROW16(rows, pe[i]), e);
		}
		pa += BLOCK, pb += BLOCK, pc += BLOCK, pe += BLOCK;
		least = _mm_min_epu8(_mm_min_epu8(a, b), _mm_min_epu8(c, e));
	} while (++n < blocks && FIRST16(least) != 0);
	from[0] = FIRST16(wa), from[1] = FIRST16(wb);
	from[2] = FIRST16(wc), from[3] = FIRST16(we);
	to[0] = FIRST16(a), to[1] = FIRST16(b);
	to[2] = FIRST16(c), to[3] = FIRST16(e);
	return n;
}

__attribute__((target(WIDEST))) static size_t
walk_32(const struct search_dfa *d, size_t blocks, unsigned from[STREAMS],
    unsigned to[STREAMS])
{
	const unsigned char(*rows)[32] = (const unsigned char(*)[32])d->rows;
	const unsigned char *pa = d->streams[0].at, *pb = d->streams[1].at;
	const unsigned char *pc = d->streams[2].at, *pe = d->streams[3].at;
	__m256i a = _mm256_set1_epi8((char)to[0]);
	__m256i b = _mm256_set1_epi8((char)to[1]);
	__m256i c = _mm256_set1_epi8((char)to[2]);
	__m256i e = _mm256_set1_epi8((char)to[3]);
	__m256i wa, wb, wc, we, least;
	size_t n = 0;

	do {
		wa = a, wb = b, wc = c, we = e;
#pragma GCC unroll 8
		for (int i = 0; i < BLOCK; i++) {
			a = _mm256_permutexvar_epi8(a, ROW32(rows, pa[i]));
			b = _mm256_permutexvar_epi8(b, ROW32(rows, pb[i]));
			c = _mm256_permutexvar_epi8(c, ROW32(rows, pc[i]));
			e = _mm256_permutexvar_epi8(e, ROW32(rows, pe[i]));
		}
		pa += BLOCK, pb += BLOCK, pc += BLOCK, pe += BLOCK;
		least = _mm256_min_epu8(_mm256_min_epu8(a, b),
		    _mm256_min_epu8(c, e));
	} while (++n < blocks && FIRST32(least) != 0);
	from[0] = FIRST32(wa), from[1] = FIRST32(wb);
	from[2] = FIRST32(wc), from[3] = FIRST32(we);
	to[0] = FIRST32(a), to[1] = FIRST32(b);
	to[2] = FIRST32(c), to[3] = FIRST32(e);
	return n;
}
#endif

static size_t
walk(const struct search_dfa *d, size_t blocks, unsigned from[STREAMS],
    unsigned to[STREAMS])
{
#ifdef __x86_64__
	if (d->row == 16)
		return walk_16(d, blocks, from, to);
	if (d->row == 32)
		return walk_32(d, blocks, from, to);
#endif
	return walk_table(d, blocks, from, to);
}

static void
grow(struct found *f)
{
	f->at = array_grow(f->at, &f->room, sizeof *f->at);
}

static void
find(struct stream *s, const unsigned char *at, const char *text)
{
	struct found *f = &s->found;
	const unsigned char *lf = at;

	if (f->n == f->room)
		grow(f);
	f->at[f->n++] = (size_t)((const char *)at - text);
	if (*at != '\n')
		lf = memchr(at, '\n', (size_t)(s->end - at));
	s->at = lf == NULL ? s->end : lf + 1;
	s->state = SEARCH_DFA_START;
}

/* One stream, a byte at a time, to `to` or behind the first line found. */
static void
walk_one(const struct search_dfa *d, struct stream *s, const unsigned char *to,
    const char *text)
{
	const uint16_t *next = &d->table->next[0][0];
	unsigned state = s->state << 8;

	for (; s->at < to; s->at++) {
		state = next[state | *s->at];
		if (state == SEARCH_DFA_FOUND << 8) {
			find(s, s->at, text);
			return;
		}
	}
	s->state = state >> 8;
}

/* To its end, where a line ends even without an LF. */
static void
finish(const struct search_dfa *d, struct stream *s, const char *text)
{
	while (s->at < s->end)
		walk_one(d, s, s->end, text);
	/* At the start of a line that is not there: nothing was read of it. */
	if (s->state != SEARCH_DFA_START &&
	    d->table->next[s->state]['\n'] == SEARCH_DFA_FOUND << 8)
		find(s, s->end - 1, text);
}

static void
walk_all(struct search_dfa *d, const char *text)
{
	for (;;) {
		unsigned from[STREAMS], to[STREAMS];
		size_t blocks = SIZE_MAX, n;

		for (int k = 0; k < STREAMS; k++) {
			const struct stream *s = &d->streams[k];
			size_t left = (size_t)(s->end - s->at) / BLOCK;

			blocks = left < blocks ? left : blocks;
			to[k] = s->state;
		}
		if (blocks == 0)
			return;
		n = walk(d, blocks, from, to);
		for (int k = 0; k < STREAMS; k++) {
			struct stream *s = &d->streams[k];

			s->at += (n - 1) * BLOCK;
			s->state = from[k];
			if (to[k] == SEARCH_DFA_FOUND) {
				walk_one(d, s, s->at + BLOCK, text);
			} else {
				s->at += BLOCK;
				s->state = to[k];
			}
		}
	}
}

/* Each stream begins where a line does. */
static void
cut(struct search_dfa *d, struct str text)
{
	const unsigned char *p = (const unsigned char *)text.at;
	const unsigned char *end = p + text.len, *lf;

	for (int k = 0; k < STREAMS; k++) {
		struct stream *s = &d->streams[k];
		size_t left = (size_t)(end - p), part;

		part = left / (size_t)(STREAMS - k);
		lf = k == STREAMS - 1 || left < LEAST || part == 0 ?
		    NULL :
		    memchr(p + part - 1, '\n', left - part + 1);
		s->at = p;
		s->end = p = lf == NULL ? end : lf + 1;
		s->state = SEARCH_DFA_START;
		s->found.n = 0;
	}
}

const size_t *
search_dfa_lines(struct search_dfa *d, struct str text, size_t *n)
{
	struct found *first = &d->streams[0].found;

	cut(d, text);
	if (text.len >= LEAST)
		walk_all(d, text.at);
	for (int k = 0; k < STREAMS; k++)
		finish(d, &d->streams[k], text.at);
	for (int k = 1; k < STREAMS; k++) {
		const struct found *f = &d->streams[k].found;

		while (first->room < first->n + f->n)
			grow(first);
		if (f->n > 0)
			memcpy(first->at + first->n, f->at,
			    f->n * sizeof *f->at);
		first->n += f->n;
	}
	*n = first->n;
	return first->at;
}
