/*
 * Which encoding a text is in, when nothing says so.  Apart from what else is
 * known of encodings, so that a room that never guesses links no uchardet:
 * it brings the library of another language with it.
 */
#include <stdlib.h>
#include <strings.h>
#include <uchardet/uchardet.h>

#include "core/encoding_inside.h"
#include "core/wide.h"

enum {
	GUESS_BYTES = 4 * 1024 * 1024, /* that are looked at */
	UCHARDET_BYTES = 64 * 1024,    /* of them by uchardet */
	SAMPLE_MIN = 4,
};

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
	const char *uchardet; /* its name there */
} multibytes[] = {
	{ ENCODING_GB18030, multibyte_gb, "GB18030" },
	{ ENCODING_BIG5, multibyte_big5, "BIG5" },
	{ ENCODING_SJIS, multibyte_sjis, "SHIFT_JIS" },
	{ ENCODING_EUCJP, multibyte_eucjp, "EUC-JP" },
	{ ENCODING_EUCKR, multibyte_euckr, "UHC" },
};
enum { MULTIBYTES = sizeof multibytes / sizeof *multibytes };

static struct multibyte
multibyte_tally(multibyte_fn *take, struct str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.at;
	struct multibyte m = { 0 };
	size_t n = bytes.len, i = 0;

	while ((i += encoding_ascii_run(p + i, n - i)) < n)
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
		bool named = strcasecmp(name, multibytes[i].uchardet) == 0;
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

	while ((i += encoding_ascii_run(p + i, bytes.len - i)) < bytes.len) {
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
