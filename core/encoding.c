#include "core/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "core/array.h"
#include "core/encoding_inside.h"
#include "core/wide.h"

#ifdef TINY
enum { CONVERT_STEP = 16 };
#else
enum { CONVERT_STEP = 4096 };
#endif

static const struct {
	const char *name, *iconv, *alias;
} table[ENCODINGS] = {
	[ENCODING_BYTES] = { "bytes", NULL, "binary" },
	[ENCODING_UTF8] = { "utf-8", NULL, "utf8" },
	[ENCODING_UTF8_BOM] = { "utf-8-bom", NULL, "utf8bom" },
	[ENCODING_UTF16LE] = { "utf-16le", "UTF-16LE", "utf16le" },
	[ENCODING_UTF16BE] = { "utf-16be", "UTF-16BE", "utf16be" },
	[ENCODING_UTF32LE] = { "utf-32le", "UTF-32LE", "utf32le" },
	[ENCODING_UTF32BE] = { "utf-32be", "UTF-32BE", "utf32be" },
	[ENCODING_GB18030] = { "gb18030", "GB18030", "gbk" },
	[ENCODING_BIG5] = { "big5", "CP950", "cp950" },
	[ENCODING_SJIS] = { "shift-jis", "CP932", "cp932" },
	[ENCODING_EUCJP] = { "euc-jp", "EUC-JP", "eucjp" },
	[ENCODING_EUCKR] = { "euc-kr", "CP949", "cp949" },
	[ENCODING_LATIN1] = { "latin-1", "CP1252", "cp1252" },
};

static iconv_t converters[ENCODINGS];
static bool is_open;

const char *
encoding_name(enum encoding e)
{
	return table[e].name;
}

enum err
encoding_parse(enum encoding *out, struct str name)
{
	for (int e = 0; e < ENCODINGS; e++) {
		const char *both[] = { table[e].name, table[e].alias };

		for (int i = 0; i < 2; i++) {
			if (strlen(both[i]) != name.len ||
			    strncasecmp(both[i], name.at, name.len) != 0)
				continue;
			*out = (enum encoding)e;
			return ERR_NONE;
		}
	}
	return fail(ERR_ABSENT, "no such encoding");
}

bool
encoding_converts(enum encoding e)
{
	return table[e].iconv != NULL;
}

enum err
encoding_open(void)
{
	return encoding_open_some(UINT32_MAX);
}

enum err
encoding_open_some(uint32_t which)
{
	if (is_open)
		return ERR_NONE;
	for (int e = 0; e < ENCODINGS; e++) {
		if (table[e].iconv == NULL || !(which >> e & 1))
			continue;
		converters[e] = iconv_open("UTF-8", table[e].iconv);
		if (converters[e] == (iconv_t)-1)
			return fail(ERR_IO, "no converter for %s: %s",
			    table[e].name, strerror(errno));
	}
	is_open = true;
	return ERR_NONE;
}

/* Whether any of them is over 0x7f: all are looked at, so that the compiler
 * can take many at once. */
WIDE static bool
is_any_high(const unsigned char *p, size_t n)
{
	unsigned char all = 0;

	for (size_t i = 0; i < n; i++)
		all |= p[i];
	return all > 0x7f;
}

enum { LARGE = 1024, SMALL = 64, AHEAD = 2048 };

#ifdef __x86_64__
/* How many of the first bytes, in large blocks, are none of those.  The
 * processor's own look ahead ends with each page. */
__attribute__((target("avx2"))) static size_t
low_blocks(const unsigned char *p, size_t n)
{
	size_t i = 0;

	for (; i + LARGE <= n; i += LARGE) {
		__m256i a = _mm256_setzero_si256(), b = a;

		for (size_t k = i; k < i + LARGE; k += 64) {
			const void *at = p + k, *next = p + k + 32;

			_mm_prefetch(p + k + AHEAD, _MM_HINT_T0);
			a = _mm256_or_si256(a, _mm256_loadu_si256(at));
			b = _mm256_or_si256(b, _mm256_loadu_si256(next));
		}
		if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) != 0)
			break;
	}
	return i;
}
#endif

/* In blocks, as most is ASCII. */
size_t
encoding_ascii_run(const unsigned char *p, size_t n)
{
	size_t i = 0;

#ifdef __x86_64__
	if (n >= LARGE && __builtin_cpu_supports("avx2"))
		i = low_blocks(p, n);
#endif
	while (i + LARGE <= n && !is_any_high(p + i, LARGE))
		i += LARGE;
	while (i + SMALL <= n && !is_any_high(p + i, SMALL))
		i += SMALL;
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

bool
encoding_is_utf8(struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	size_t i = 0;

	while ((i += encoding_ascii_run(p + i, bytes.len - i)) < bytes.len) {
		size_t len = utf8_length(p + i, bytes.len - i);

		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

bool
encoding_is_ascii(struct str bytes)
{
	return encoding_ascii_run((const unsigned char *)bytes.at, bytes.len) ==
	    bytes.len;
}

void
encoding_examine(struct encoding_facts *out, struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	size_t at = 0;

	*out = (struct encoding_facts){ 0 };
	out->ascii = encoding_ascii_run(p, bytes.len) == bytes.len;
	out->utf8 = out->ascii || encoding_is_utf8(bytes);
	out->nul = bytes.len > 0 && memchr(bytes.at, 0, bytes.len) != NULL;
	out->open = bytes.len > 0 && bytes.at[bytes.len - 1] != '\n';
	while (at < bytes.len) {
		const char *lf = memchr(bytes.at + at, '\n', bytes.len - at);
		size_t end = lf == NULL ? bytes.len : (size_t)(lf - bytes.at);

		if (end - at > out->longest)
			out->longest = (uint32_t)(end - at);
		if (lf != NULL && end > at && bytes.at[end - 1] == '\r')
			out->crlf = true;
		out->lines++;
		at = end + 1;
	}
}

static void
add_mark(struct encoding_text *t, size_t from)
{
	t->marks = array_more(t->marks, t->n_marks, &t->room, sizeof *t->marks);
	t->marks[t->n_marks++] = (struct encoding_mark){ from, t->utf8.len };
}

/* Bytes that make a code unit: as many are passed over when one is bad. */
static size_t
unit_of(enum encoding e)
{
	if (e == ENCODING_UTF16LE || e == ENCODING_UTF16BE)
		return 2;
	return e == ENCODING_UTF32LE || e == ENCODING_UTF32BE ? 4 : 1;
}

/*
 * Converts from the front of *in until it is used up or `room` bytes of out
 * are; what is no character becomes U+FFFD.  The tail of a character cut off
 * at the end of *in is left there unless `whole`.
 */
static void
convert(enum encoding e, struct str *in, struct buf *out, size_t room,
    bool whole, size_t *bad)
{
	size_t end = out->len + room;

	for (;;) {
		char *from = (char *)(uintptr_t)in->at, *to;
		size_t left = in->len, space = end - out->len, n;
		int why;

		to = buf_grow(out, space);
		n = iconv(converters[e], &from, &left, &to, &space);
		why = n == (size_t)-1 ? errno : 0;
		*in = (struct str){ from, left };
		out->len = end - space;
		if (why == 0 || why == E2BIG || (why == EINVAL && !whole))
			return;
		if (end - out->len < 3)
			return;
		buf_str(out, STR("\xef\xbf\xbd"));
		n = unit_of(e) < in->len ? unit_of(e) : in->len;
		*in = str_slice(*in, n, in->len);
		(*bad)++;
	}
}

static size_t
mark_length(enum encoding e, struct str bytes)
{
	static const struct {
		enum encoding encoding;
		struct str mark;
	} marks[] = {
		{ ENCODING_UTF8_BOM, { "\xef\xbb\xbf", 3 } },
		{ ENCODING_UTF16LE, { "\xff\xfe", 2 } },
		{ ENCODING_UTF16BE, { "\xfe\xff", 2 } },
		{ ENCODING_UTF32LE, { "\xff\xfe\0\0", 4 } },
		{ ENCODING_UTF32BE, { "\0\0\xfe\xff", 4 } },
		{ ENCODING_GB18030, { "\x84\x31\x95\x33", 4 } },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].encoding == e && str_starts(bytes, marks[i].mark))
			return marks[i].mark.len;
	return 0;
}

void
encoding_convert(struct encoding_text *t, enum encoding e, struct str bytes)
{
	size_t at = mark_length(e, bytes);

	if (!is_open)
		bug("encoding_open() was not called");
	buf_clear(&t->utf8);
	t->n_marks = 0;
	t->bad = 0;
	t->encoding = e;
	if (!encoding_converts(e)) {
		add_mark(t, at);
		buf_str(&t->utf8, str_slice(bytes, at, bytes.len));
		return;
	}
	iconv(converters[e], NULL, NULL, NULL, NULL);
	while (at < bytes.len) {
		struct str piece = str_slice(bytes, at, CONVERT_STEP);
		bool whole = at + piece.len == bytes.len;
		size_t before = piece.len;

		add_mark(t, at);
		convert(e, &piece, &t->utf8, 4 * before + 4, whole, &t->bad);
		if (piece.len == before)
			bug("a text that does not convert");
		at += before - piece.len;
	}
	add_mark(t, bytes.len);
}

void
encoding_text_release(struct encoding_text *t)
{
	buf_release(&t->utf8);
	free(t->marks);
	*t = (struct encoding_text){ 0 };
}

/* The last mark at or before the offset, by one of its two sides. */
static struct encoding_mark
find_mark(const struct encoding_text *t, size_t offset, bool original)
{
	size_t lo = 0, hi = t->n_marks;

	if (hi == 0)
		return (struct encoding_mark){ 0, 0 };
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		const struct encoding_mark *m = &t->marks[mid];

		if ((original ? m->from : m->to) <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return t->marks[lo];
}

size_t
encoding_original(const struct encoding_text *t, struct str bytes, size_t utf8)
{
	struct encoding_mark m = find_mark(t, utf8, false);
	struct str rest = str_slice(bytes, m.from, CONVERT_STEP);
	struct buf out = { 0 };
	size_t bad = 0, before = rest.len;

	if (utf8 <= m.to)
		return m.from;
	if (!encoding_converts(t->encoding))
		return m.from + (utf8 - m.to);
	iconv(converters[t->encoding], NULL, NULL, NULL, NULL);
	convert(t->encoding, &rest, &out, utf8 - m.to, true, &bad);
	buf_release(&out);
	return m.from + (before - rest.len);
}

size_t
encoding_converted(const struct encoding_text *t, struct str bytes,
    size_t original)
{
	struct encoding_mark m = find_mark(t, original, true);
	struct str rest;
	struct buf out = { 0 };
	size_t bad = 0, len;

	if (original <= m.from)
		return m.to;
	if (!encoding_converts(t->encoding))
		return m.to + (original - m.from);
	rest = str_slice(bytes, m.from, original - m.from);
	iconv(converters[t->encoding], NULL, NULL, NULL, NULL);
	convert(t->encoding, &rest, &out, 4 * rest.len + 4, false, &bad);
	len = out.len;
	buf_release(&out);
	return m.to + len;
}
