#include "core/search_lf.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "core/wide.h"

/* In pieces that fit a byte counter each, so that it runs 16 at a time. */
WIDE uint32_t
search_lf_count_plain(const char *at, size_t len)
{
	uint32_t n = 0;

	while (len > 0) {
		size_t part = len < 255 * 16 ? len : 255 * 16;
		uint32_t some = 0;

		for (size_t i = 0; i < part; i++)
			some += at[i] == '\n';
		n += some;
		at += part;
		len -= part;
	}
	return n;
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static inline __m256i
equal(const char *at, __m256i lf)
{
	return _mm256_cmpeq_epi8(_mm256_loadu_si256(
				     (const __m256i *)(const void *)at),
	    lf);
}

/* The sum of all bytes of both halves joins n. */
__attribute__((target("avx2"))) static inline uint64_t
sum(__m256i a, __m256i b)
{
	__m256i zero = _mm256_setzero_si256();
	__m256i s = _mm256_add_epi64(_mm256_sad_epu8(a, zero),
	    _mm256_sad_epu8(b, zero));

	return (uint64_t)_mm256_extract_epi64(s, 0) +
	    (uint64_t)_mm256_extract_epi64(s, 1) +
	    (uint64_t)_mm256_extract_epi64(s, 2) +
	    (uint64_t)_mm256_extract_epi64(s, 3);
}

__attribute__((target("avx2"))) static uint32_t
count_wide(const char *at, size_t len)
{
	enum { STEP = 64, STEPS_MOST = 255 };
	__m256i lf = _mm256_set1_epi8('\n');
	uint64_t n = 0;

	while (len >= STEP) {
		__m256i a = _mm256_setzero_si256(), b = a;

		for (int k = 0; k < STEPS_MOST && len >= STEP; k++) {
			a = _mm256_sub_epi8(a, equal(at, lf));
			b = _mm256_sub_epi8(b, equal(at + 32, lf));
			at += STEP;
			len -= STEP;
		}
		n += sum(a, b);
	}
	for (; len > 0; len--)
		n += *at++ == '\n';
	return (uint32_t)n;
}
#endif

uint32_t
search_lf_count(const char *at, size_t len)
{
#ifdef __x86_64__
	if (len >= 64 && __builtin_cpu_supports("avx2"))
		return count_wide(at, len);
#endif
	return search_lf_count_plain(at, len);
}
