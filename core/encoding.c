#include "core/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "core/wide.h"

#ifdef TINY
enum { CONVERT_STEP = 16 };
#else
enum { CONVERT_STEP = 4096 };
#endif

enum {
	GUESS_BYTES = 4 * 1024 * 1024, /* that are looked at */
	UCHARDET_BYTES = 64 * 1024,    /* of them by uchardet */
	SAMPLE_MIN = 4,
};

static const struct {
	const char *name, *iconv, *uchardet, *alias;
} table[ENCODINGS] = {
	[ENCODING_BYTES] = { "bytes", NULL, NULL, "binary" },
	[ENCODING_UTF8] = { "utf-8", NULL, "UTF-8", "utf8" },
	[ENCODING_UTF8_BOM] = { "utf-8-bom", NULL, NULL, "utf8bom" },
	[ENCODING_UTF16LE] = { "utf-16le", "UTF-16LE", NULL, "utf16le" },
	[ENCODING_UTF16BE] = { "utf-16be", "UTF-16BE", NULL, "utf16be" },
	[ENCODING_UTF32LE] = { "utf-32le", "UTF-32LE", NULL, "utf32le" },
	[ENCODING_UTF32BE] = { "utf-32be", "UTF-32BE", NULL, "utf32be" },
	[ENCODING_GB18030] = { "gb18030", "GB18030", "GB18030", "gbk" },
	[ENCODING_BIG5] = { "big5", "CP950", "BIG5", "cp950" },
	[ENCODING_SJIS] = { "shift-jis", "CP932", "SHIFT_JIS", "cp932" },
	[ENCODING_EUCJP] = { "euc-jp", "EUC-JP", "EUC-JP", "eucjp" },
	[ENCODING_EUCKR] = { "euc-kr", "CP949", "UHC", "cp949" },
	[ENCODING_LATIN1] = { "latin-1", "CP1252", "ISO-8859-1", "cp1252" },
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

/* Length of the UTF-8 character at p, 0: none.  RFC 3629. */
static size_t
utf8_length(const unsigned char *p, size_t n)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t len;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		lo = 0xa0;
	if (p[0] == 0xed)
		hi = 0x9f;
	if (p[0] == 0xf0)
		lo = 0x90;
	if (p[0] == 0xf4)
		hi = 0x8f;
	if (n < len || p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

/* Index of the first byte over 0x7f, n: none.  In blocks, as most is ASCII. */
static size_t
ascii_run(const unsigned char *p, size_t n)
{
	const uint64_t high = 0x8080808080808080u;
	size_t i = 0;

	for (; i + 64 <= n; i += 64) {
		uint64_t w[8];

		memcpy(w, p + i, sizeof w);
		if ((w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7]) &
		    high)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

bool
encoding_is_utf8(struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	size_t i = 0;

	while ((i += ascii_run(p + i, bytes.len - i)) < bytes.len) {
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
	return ascii_run((const unsigned char *)bytes.at, bytes.len) ==
	    bytes.len;
}

void
encoding_examine(struct encoding_facts *out, struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	size_t at = 0;

	*out = (struct encoding_facts){ 0 };
	out->ascii = ascii_run(p, bytes.len) == bytes.len;
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

static enum encoding
guess_mark(struct str bytes)
{
	static const struct {
		const char *mark;
		size_t len;
		enum encoding encoding;
	} marks[] = {
		{ "\xef\xbb\xbf", 3, ENCODING_UTF8_BOM },
		{ "\xff\xfe\0\0", 4, ENCODING_UTF32LE },
		{ "\0\0\xfe\xff", 4, ENCODING_UTF32BE },
		{ "\xff\xfe", 2, ENCODING_UTF16LE },
		{ "\xfe\xff", 2, ENCODING_UTF16BE },
		{ "\x84\x31\x95\x33", 4, ENCODING_GB18030 },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct str mark = { marks[i].mark, marks[i].len };

		if (!str_starts(bytes, mark))
			continue;
		/* A text that is not what its mark says is bytes. */
		if (marks[i].encoding == ENCODING_UTF8_BOM &&
		    !encoding_is_utf8(bytes))
			continue;
		return marks[i].encoding;
	}
	return ENCODING_BYTES;
}

/* Code units of a text read as UTF-16: how many cannot stand in one. */
struct utf16_tally {
	size_t units, odd, likely;
};

static bool
utf16_is_odd(unsigned u)
{
	return u == 0 || u >= 0xfffe ||
	    (u < 0x20 && u != '\n' && u != '\r' && u != '\t');
}

static bool
utf16_is_likely(unsigned u)
{
	return u < 0x250 || (u >= 0x3000 && u <= 0x30ff) ||
	    (u >= 0x4e00 && u <= 0x9fff) || (u >= 0xac00 && u <= 0xd7a3) ||
	    (u >= 0xff00 && u <= 0xffef);
}

static void
utf16_tally(struct utf16_tally *t, struct str bytes, bool big)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	bool lead = false;

	*t = (struct utf16_tally){ 0 };
	for (size_t i = 0; i + 1 < bytes.len; i += 2) {
		unsigned u = big ? (unsigned)p[i] << 8 | p[i + 1] :
				   (unsigned)p[i + 1] << 8 | p[i];
		bool trail = u >= 0xdc00 && u <= 0xdfff;

		t->units++;
		t->odd += lead != trail || utf16_is_odd(u);
		t->likely += utf16_is_likely(u);
		lead = u >= 0xd800 && u <= 0xdbff;
	}
}

/*
 * UTF-16 without a mark: NUL bytes stand nearly all on one side, as the
 * other half of ASCII, and the units make a text.
 */
static enum encoding
guess_utf16(struct str bytes)
{
	struct utf16_tally t;
	size_t nul[2] = { 0, 0 };

	if (bytes.len < SAMPLE_MIN)
		return ENCODING_BYTES;
	for (size_t i = 0; i < bytes.len; i++)
		nul[i & 1] += bytes.at[i] == '\0';
	for (int big = 0; big < 2; big++) {
		/* In big endian text the even byte of ASCII is NUL. */
		size_t here = nul[big ? 0 : 1], there = nul[big ? 1 : 0];

		/* A few NULs in other text are not enough. */
		if (there * 20 > here || here * 40 < bytes.len ||
		    (here < 4 && here * 6 < bytes.len))
			continue;
		utf16_tally(&t, bytes, big);
		if (t.odd * 50 <= t.units && t.likely * 10 >= t.units * 7)
			return big ? ENCODING_UTF16BE : ENCODING_UTF16LE;
	}
	return ENCODING_BYTES;
}

/*
 * How a text reads in one of the multibyte encodings: characters in common
 * use, ones that are merely possible, and bytes that are no character.  Each
 * function below takes the character at p (p[0] over 0x7f), counts it and
 * says how long it is.
 */
struct multibyte {
	size_t common, rare, bad;
};
typedef size_t multibyte_fn(struct multibyte *m, const unsigned char *p,
    size_t n);

static size_t
count(size_t *what, size_t len)
{
	(*what)++;
	return len;
}

static size_t
multibyte_gb(struct multibyte *m, const unsigned char *p, size_t n)
{
	if (p[0] == 0x80 || p[0] == 0xff || n < 2)
		return count(&m->bad, 1);
	if (p[1] >= 0x30 && p[1] <= 0x39) {
		bool four = n >= 4 && p[2] >= 0x81 && p[2] <= 0xfe &&
		    p[3] >= 0x30 && p[3] <= 0x39;

		return four ? count(&m->rare, 4) : count(&m->bad, 1);
	}
	if (p[1] < 0x40 || p[1] == 0x7f || p[1] == 0xff)
		return count(&m->bad, 1);
	/* Level 1 of GB 2312, its punctuation and full width forms. */
	if (p[1] >= 0xa1 &&
	    ((p[0] >= 0xb0 && p[0] <= 0xd7) || p[0] == 0xa1 || p[0] == 0xa3))
		return count(&m->common, 2);
	return count(&m->rare, 2);
}

static size_t
multibyte_big5(struct multibyte *m, const unsigned char *p, size_t n)
{
	bool trail = n >= 2 &&
	    ((p[1] >= 0x40 && p[1] <= 0x7e) || (p[1] >= 0xa1 && p[1] <= 0xfe));

	if (p[0] < 0x81 || p[0] == 0xff || !trail)
		return count(&m->bad, 1);
	/* Frequently used characters, and punctuation. */
	if ((p[0] >= 0xa4 && p[0] <= 0xc6) || p[0] == 0xa1)
		return count(&m->common, 2);
	return count(&m->rare, 2);
}

static size_t
multibyte_sjis(struct multibyte *m, const unsigned char *p, size_t n)
{
	bool lead =
	    (p[0] >= 0x81 && p[0] <= 0x9f) || (p[0] >= 0xe0 && p[0] <= 0xfc);
	bool trail = n >= 2 && p[1] >= 0x40 && p[1] <= 0xfc && p[1] != 0x7f;

	if (p[0] >= 0xa1 && p[0] <= 0xdf)
		return count(&m->rare, 1); /* half width katakana */
	if (!lead || !trail)
		return count(&m->bad, 1);
	/* Punctuation, kana, and level 1 kanji. */
	if ((p[0] >= 0x81 && p[0] <= 0x83) || (p[0] >= 0x88 && p[0] <= 0x97))
		return count(&m->common, 2);
	return count(&m->rare, 2);
}

static bool
is_euc_pair(const unsigned char *p, size_t n)
{
	return n >= 2 && p[0] >= 0xa1 && p[0] != 0xff && p[1] >= 0xa1 &&
	    p[1] != 0xff;
}

static size_t
multibyte_eucjp(struct multibyte *m, const unsigned char *p, size_t n)
{
	if (p[0] == 0x8e && n >= 2 && p[1] >= 0xa1 && p[1] <= 0xdf)
		return count(&m->rare, 2);
	if (p[0] == 0x8f && n >= 3 && is_euc_pair(p + 1, n - 1))
		return count(&m->rare, 3);
	if (!is_euc_pair(p, n))
		return count(&m->bad, 1);
	/* Punctuation, kana, level 1 kanji. */
	if (p[0] == 0xa1 || p[0] == 0xa4 || p[0] == 0xa5 ||
	    (p[0] >= 0xb0 && p[0] <= 0xcf))
		return count(&m->common, 2);
	return count(&m->rare, 2);
}

static size_t
multibyte_euckr(struct multibyte *m, const unsigned char *p, size_t n)
{
	bool trail = n >= 2 &&
	    ((p[1] >= 0x41 && p[1] <= 0x5a) || (p[1] >= 0x61 && p[1] <= 0x7a) ||
		(p[1] >= 0x81 && p[1] <= 0xfe));

	if (p[0] < 0x81 || p[0] == 0xff || !trail)
		return count(&m->bad, 1);
	if (is_euc_pair(p, n) &&
	    ((p[0] >= 0xb0 && p[0] <= 0xc8) || p[0] == 0xa1))
		return count(&m->common, 2);
	return count(&m->rare, 2);
}

/* In the order in which a tie is decided. */
static const struct {
	enum encoding encoding;
	multibyte_fn *take;
} multibytes[] = {
	{ ENCODING_GB18030, multibyte_gb },
	{ ENCODING_BIG5, multibyte_big5 },
	{ ENCODING_SJIS, multibyte_sjis },
	{ ENCODING_EUCJP, multibyte_eucjp },
	{ ENCODING_EUCKR, multibyte_euckr },
};
enum { MULTIBYTES = sizeof multibytes / sizeof *multibytes };

static struct multibyte
multibyte_tally(multibyte_fn *take, struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	struct multibyte m = { 0 };
	size_t n = bytes.len, i = 0;

	while ((i += ascii_run(p + i, n - i)) < n)
		i += take(&m, p + i, n - i);
	return m;
}

static const char *
ask_uchardet(struct str bytes, char name[32])
{
	uchardet_t u = uchardet_new();
	const char *said;

	if (u == NULL)
		bug("no memory for uchardet");
	name[0] = '\0';
	if (uchardet_handle_data(u, bytes.at, bytes.len) == 0) {
		uchardet_data_end(u);
		said = uchardet_get_charset(u);
		if (strlen(said) < 32)
			memcpy(name, said, strlen(said) + 1);
	}
	uchardet_delete(u);
	return name;
}

/*
 * Per mille of the characters that are in common use, 0 when too many bytes
 * are none.  What uchardet names counts a little more, so that it decides
 * between readings that are about equally good.
 */
static unsigned
multibyte_score(struct multibyte m, bool named)
{
	size_t all = m.common + m.rare + m.bad;

	if (all == 0 || m.bad * 50 > all)
		return 0;
	return (unsigned)(m.common * 1000 / all) + (named ? 60 : 0);
}

static enum encoding
guess_multibyte(struct str bytes)
{
	enum encoding best = ENCODING_BYTES;
	unsigned most = 500; /* less than half in common use is chance */
	char name[32];

	ask_uchardet(str_slice(bytes, 0, UCHARDET_BYTES), name);
	for (size_t i = 0; i < MULTIBYTES; i++) {
		enum encoding e = multibytes[i].encoding;
		bool named = strcasecmp(name, table[e].uchardet) == 0;
		unsigned score =
		    multibyte_score(multibyte_tally(multibytes[i].take, bytes),
			named);

		if (score > most) {
			most = score;
			best = e;
		}
	}
	return best;
}

/* Latin letters stand alone among ASCII; multibyte characters crowd. */
struct high_bytes {
	size_t all, lonely;
	size_t first; /* where the first line with one begins */
};

/* More control characters than a text has: some pictures are large, so this
 * is counted 32 at a time before anything else is. */
WIDE static bool
is_binary(struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	size_t all = 0, at = 0;

	while (at < bytes.len) {
		size_t part = bytes.len - at < 8192 ? bytes.len - at : 8192;
		uint16_t some = 0;

		for (size_t i = 0; i < part; i++)
			some += (p[at + i] < 0x20) & (p[at + i] != 0x1b) &
			    ((p[at + i] < 7) | (p[at + i] > 13));
		all += some;
		at += part;
	}
	return all * 20 > bytes.len;
}

static struct high_bytes
count_high(struct str bytes)
{
	struct high_bytes h = { 0 };
	size_t line = 0;
	size_t last = SIZE_MAX / 2, run = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.at[i];

		if (c == '\n' && h.all == 0)
			line = i + 1;
		if (c < 0x80)
			continue;
		/* A run ends when the next high byte is far. */
		if (h.all > 0 && i - last > 2) {
			h.lonely += run == 1;
			run = 0;
		}
		run++;
		h.all++;
		last = i;
	}
	h.lonely += run == 1;
	h.first = line;
	return h;
}

/*
 * UTF-8 with some damage: whole characters outweigh the bytes that are none
 * by far.  By chance, a third of the bytes of GBK reads as UTF-8.
 */
static bool
is_mostly_utf8(struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	size_t good = 0, bad = 0, i = 0;

	while ((i += ascii_run(p + i, bytes.len - i)) < bytes.len) {
		size_t len = utf8_length(p + i, bytes.len - i);

		good += len > 0 ? len : 0;
		bad += len == 0;
		i += len > 0 ? len : 1;
	}
	return good > 0 && good / 4 >= bad;
}

enum encoding
encoding_recognise(struct str bytes, bool *utf8)
{
	enum encoding e = guess_mark(bytes);
	bool nul = bytes.len > 0 && memchr(bytes.at, 0, bytes.len) != NULL;
	struct high_bytes high;
	struct str some;

	*utf8 = encoding_is_utf8(bytes);
	if (e == ENCODING_BYTES && nul)
		e = guess_utf16(str_slice(bytes, 0, GUESS_BYTES));
	if (e != ENCODING_BYTES)
		return e;
	if (*utf8)
		return ENCODING_UTF8;
	bytes = str_slice(bytes, 0, GUESS_BYTES);
	if (is_binary(bytes))
		return ENCODING_BYTES;
	high = count_high(bytes);
	if (is_mostly_utf8(bytes))
		return ENCODING_UTF8;
	some = str_slice(bytes, high.first, bytes.len);
	if (high.lonely * 2 <= high.all)
		e = guess_multibyte(some);
	return e == ENCODING_BYTES && high.all > 0 ? ENCODING_LATIN1 : e;
}

enum encoding
encoding_guess(struct str bytes)
{
	bool utf8;

	return encoding_recognise(bytes, &utf8);
}

static void
add_mark(struct encoding_text *t, size_t from)
{
	if (t->n_marks == t->room) {
		t->room = t->room == 0 ? 16 : 2 * t->room;
		t->marks = reallocarray(t->marks, t->room, sizeof *t->marks);
		if (t->marks == NULL)
			bug("no memory for %zu marks", t->room);
	}
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
