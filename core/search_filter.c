#include "core/search_filter.h"

#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum {
	PRINT = 3,
	GROUPS = 8,
	AHEAD = 1024, /* bytes that are asked for early */
};

struct member {
	struct search_word word;
	unsigned at; /* of its print in the word */
};

struct search_filter {
	/* [place in the print][half of a byte]: the groups that take it */
	uint8_t low[PRINT][16], high[PRINT][16];
	unsigned print; /* bytes of a print: 1 to PRINT */
	bool wide;
	/* One word as it is: two of its bytes, far from common, first. */
	bool pair;
	unsigned near, far;
	size_t n;
	struct member *members; /* number i is in group i % GROUPS */
};

static double
rate_of(const struct search_word *w, unsigned at, unsigned len)
{
	struct search_word part = { .len = (uint8_t)len,
		.fold = w->fold >> at };

	memcpy(part.at, w->at + at, len);
	return search_formula_rate(&part);
}

static void
add(struct search_filter *f, size_t i, const struct search_word *w)
{
	struct member *m = &f->members[i];
	uint8_t bit = (uint8_t)(1u << i % GROUPS);
	double least = rate_of(w, 0, f->print);

	m->word = *w;
	for (unsigned at = 1; at + f->print <= w->len; at++) {
		double rate = rate_of(w, at, f->print);

		if (rate < least) {
			least = rate;
			m->at = at;
		}
	}
	for (unsigned k = 0; k < f->print; k++) {
		uint8_t c = w->at[m->at + k];

		f->low[k][c & 15] |= bit;
		f->high[k][c >> 4] |= bit;
		if (w->fold >> (m->at + k) & 1)
			f->high[k][(c ^ 0x20) >> 4] |= bit;
	}
}

/* The rarest byte, and the rarest of the others. */
static void
choose_pair(struct search_filter *f)
{
	const struct search_word *w = &f->members[0].word;
	unsigned best[2] = { 0, 1 };

	f->pair = f->n == 1 && w->fold == 0 && w->len >= 2;
	if (!f->pair)
		return;
	if (rate_of(w, 1, 1) < rate_of(w, 0, 1)) {
		best[0] = 1;
		best[1] = 0;
	}
	for (unsigned i = 2; i < w->len; i++) {
		double rate = rate_of(w, i, 1);

		if (rate < rate_of(w, best[0], 1)) {
			best[1] = best[0];
			best[0] = i;
		} else if (rate < rate_of(w, best[1], 1) &&
		    w->at[i] != w->at[best[0]]) {
			best[1] = i;
		}
	}
	f->near = best[0] < best[1] ? best[0] : best[1];
	f->far = best[0] < best[1] ? best[1] : best[0];
	/* What is found is a byte of the word: that one. */
	f->members[0].at = f->near;
}

struct search_filter *
search_filter_open(const struct search_word *words, size_t n)
{
	struct search_filter *f = calloc(1, sizeof *f);

	if (n == 0 || f == NULL)
		bug("a filter for %zu words", n);
	f->members = calloc(n, sizeof *f->members);
	if (f->members == NULL)
		bug("no memory for %zu words", n);
	f->n = n;
	f->print = PRINT;
	for (size_t i = 0; i < n; i++)
		if (words[i].len < f->print)
			f->print = words[i].len;
	if (f->print == 0)
		bug("a filter for an empty word");
	for (size_t i = 0; i < n; i++)
		add(f, i, &words[i]);
	choose_pair(f);
#ifdef __x86_64__
	f->wide = __builtin_cpu_supports("avx2");
#endif
	return f;
}

void
search_filter_close(struct search_filter *f)
{
	if (f == NULL)
		return;
	free(f->members);
	free(f);
}

void
search_filter_wide(struct search_filter *f, bool wide)
{
#ifdef __x86_64__
	f->wide = wide && __builtin_cpu_supports("avx2");
#else
	(void)f;
	(void)wide;
#endif
}

unsigned
search_filter_print(const struct search_filter *f)
{
	if (f->n != 1)
		bug("one of %zu words", f->n);
	return f->members[0].at;
}

static bool
is_word(const struct member *m, struct str text, size_t at)
{
	const struct search_word *w = &m->word;
	const unsigned char *p;

	if (at < m->at || text.len - (at - m->at) < w->len)
		return false;
	p = (const unsigned char *)text.at + (at - m->at);
	for (unsigned i = 0; i < w->len; i++) {
		unsigned char c = p[i];

		if (w->fold >> i & 1)
			c |= 0x20;
		if (c != w->at[i])
			return false;
	}
	return true;
}

/* Whether a word of one of these groups has its print at that place. */
static bool
is_any(const struct search_filter *f, struct str text, size_t at,
    unsigned groups)
{
	for (; groups != 0; groups &= groups - 1) {
		size_t g = (size_t)__builtin_ctz(groups);

		for (size_t i = g; i < f->n; i += GROUPS)
			if (is_word(&f->members[i], text, at))
				return true;
	}
	return false;
}

static size_t
next_pair_plain(const struct search_filter *f, struct str text, size_t from)
{
	const struct member *m = &f->members[0];

	while (from < text.len) {
		const char *p = memchr(text.at + from, m->word.at[f->near],
		    text.len - from);

		if (p == NULL)
			return SIZE_MAX;
		from = (size_t)(p - text.at);
		if (is_word(m, text, from))
			return from;
		from++;
	}
	return SIZE_MAX;
}

static size_t
next_plain(const struct search_filter *f, struct str text, size_t from)
{
	const unsigned char *p = (const unsigned char *)text.at;

	for (; from + f->print <= text.len; from++) {
		unsigned groups = 0xff;

		for (unsigned k = 0; k < f->print; k++)
			groups &= f->low[k][p[from + k] & 15] &
			    f->high[k][p[from + k] >> 4];
		if (groups != 0 && is_any(f, text, from, groups))
			return from;
	}
	return SIZE_MAX;
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static inline __m256i
table(const uint8_t half[16])
{
	return _mm256_broadcastsi128_si256(
	    _mm_loadu_si128((const __m128i *)(const void *)half));
}

__attribute__((target("avx2"))) static inline __m256i
groups_of(__m256i bytes, __m256i low, __m256i high)
{
	__m256i half = _mm256_set1_epi8(15);
	__m256i lo = _mm256_and_si256(bytes, half);
	__m256i hi = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);

	return _mm256_and_si256(_mm256_shuffle_epi8(low, lo),
	    _mm256_shuffle_epi8(high, hi));
}

/* Where both bytes stand, a bit each, of 32 places. */
__attribute__((target("avx2"))) static inline __m256i
both(const char *p, size_t gap, __m256i near, __m256i far)
{
	return _mm256_and_si256(
	    _mm256_cmpeq_epi8(_mm256_loadu_si256(
				  (const __m256i *)(const void *)p),
		near),
	    _mm256_cmpeq_epi8(_mm256_loadu_si256(
				  (const __m256i *)(const void *)(p + gap)),
		far));
}

/* As next_pair_plain(), as far as whole blocks go; then *from is where not. */
__attribute__((target("avx2"))) static bool
next_pair_wide(const struct search_filter *f, struct str text, size_t *from)
{
	enum { STEP = 64 };
	const struct member *m = &f->members[0];
	__m256i near = _mm256_set1_epi8((char)m->word.at[f->near]);
	__m256i far = _mm256_set1_epi8((char)m->word.at[f->far]);
	size_t gap = f->far - f->near, at = *from;

	for (; at + STEP + gap <= text.len; at += STEP) {
		__m256i a = both(text.at + at, gap, near, far);
		__m256i b = both(text.at + at + 32, gap, near, far);
		uint64_t hits;

		/* The processor's own look ahead ends with each page. */
		_mm_prefetch(text.at + at + AHEAD, _MM_HINT_T0);
		if (_mm256_testz_si256(_mm256_or_si256(a, b),
			_mm256_or_si256(a, b)))
			continue;
		hits = (uint32_t)_mm256_movemask_epi8(a) |
		    (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
		for (; hits != 0; hits &= hits - 1) {
			size_t place = at + (size_t)__builtin_ctzll(hits);

			if (is_word(m, text, place)) {
				*from = place;
				_mm256_zeroupper();
				return true;
			}
		}
	}
	*from = at;
	return false;
}

/* The groups that may have their print at each of 32 places. */
#define ALWAYS __attribute__((always_inline, target("avx2")))
ALWAYS static inline __m256i
prints_at(const char *p, const __m256i low[PRINT], const __m256i high[PRINT],
    unsigned print)
{
	__m256i r =
	    groups_of(_mm256_loadu_si256((const __m256i *)(const void *)p),
		low[0], high[0]);

#pragma GCC unroll 3
	for (unsigned k = 1; k < print; k++)
		r = _mm256_and_si256(r,
		    groups_of(_mm256_loadu_si256(
				  (const __m256i *)(const void *)(p + k)),
			low[k], high[k]));
	return r;
}

/* As next_plain(), as far as whole blocks go; then *from is where not.  print
 * is known where this is called, so that the tables stay in registers. */
ALWAYS static inline bool
next_prints(const struct search_filter *f, struct str text, size_t *from,
    unsigned print)
{
	__m256i low[PRINT], high[PRINT], none = _mm256_setzero_si256();
	size_t at = *from;

#pragma GCC unroll 3
	for (unsigned k = 0; k < print; k++) {
		low[k] = table(f->low[k]);
		high[k] = table(f->high[k]);
	}
	for (; at + 32 + PRINT <= text.len; at += 32) {
		__m256i r = prints_at(text.at + at, low, high, print);
		unsigned hits;

		_mm_prefetch(text.at + at + AHEAD, _MM_HINT_T0);
		hits =
		    ~(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(r, none));
		if (__builtin_expect(hits != 0, 0)) {
			uint8_t groups[32];

			_mm256_storeu_si256((__m256i *)(void *)groups, r);
			for (; hits != 0; hits &= hits - 1) {
				unsigned i = (unsigned)__builtin_ctz(hits);

				if (!is_any(f, text, at + i, groups[i]))
					continue;
				*from = at + i;
				_mm256_zeroupper();
				return true;
			}
		}
	}
	*from = at;
	return false;
}

__attribute__((target("avx2"))) static bool
next_wide(const struct search_filter *f, struct str text, size_t *from)
{
	switch (f->print) {
	case 1:
		return next_prints(f, text, from, 1);
	case 2:
		return next_prints(f, text, from, 2);
	default:
		return next_prints(f, text, from, PRINT);
	}
}
#endif

size_t
search_filter_next(const struct search_filter *f, struct str text, size_t from)
{
#ifdef __x86_64__
	if (f->wide && from < text.len &&
	    (f->pair ? next_pair_wide(f, text, &from) :
		       next_wide(f, text, &from)))
		return from;
#endif
	return f->pair ? next_pair_plain(f, text, from) :
			 next_plain(f, text, from);
}
