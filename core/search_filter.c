#include "core/search_filter.h"

#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { PRINT = 3, GROUPS = 8 };

struct member {
	struct search_word word;
	unsigned at; /* of its print in the word */
};

struct search_filter {
	/* [place in the print][half of a byte]: the groups that take it */
	uint8_t low[PRINT][16], high[PRINT][16];
	unsigned print; /* bytes of a print: 1 to PRINT */
	bool wide;
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

/* As next_plain(), as far as whole blocks go; then *from is where not. */
__attribute__((target("avx2"))) static bool
next_wide(const struct search_filter *f, struct str text, size_t *from)
{
	__m256i low[PRINT], high[PRINT], none = _mm256_setzero_si256();
	size_t at = *from;

	for (unsigned k = 0; k < PRINT; k++) {
		low[k] = table(f->low[k < f->print ? k : 0]);
		high[k] = table(f->high[k < f->print ? k : 0]);
	}
	for (; at + 32 + PRINT <= text.len; at += 32) {
		const char *p = text.at + at;
		__m256i r;
		unsigned hits;

		r = groups_of(_mm256_loadu_si256(
				  (const __m256i *)(const void *)p),
		    low[0], high[0]);
		for (unsigned k = 1; k < f->print; k++)
			r = _mm256_and_si256(r,
			    groups_of(_mm256_loadu_si256(
					  (const __m256i *)(const void *)(p +
					      k)),
				low[k], high[k]));
		hits =
		    ~(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(r, none));
		if (__builtin_expect(hits != 0, 0)) {
			uint8_t groups[32];

			_mm256_storeu_si256((__m256i *)(void *)groups, r);
			for (; hits != 0; hits &= hits - 1) {
				unsigned i = (unsigned)__builtin_ctz(hits);

				if (is_any(f, text, at + i, groups[i])) {
					*from = at + i;
					return true;
				}
			}
		}
	}
	*from = at;
	return false;
}
#endif

size_t
search_filter_next(const struct search_filter *f, struct str text, size_t from)
{
#ifdef __x86_64__
	if (f->wide && from < text.len && next_wide(f, text, &from))
		return from;
#endif
	return next_plain(f, text, from);
}
