/*
 * encoding.h - which characters the bytes of a file are meant to be.
 *
 * A guess is a guess: the original bytes stay the basis of every citation,
 * and what is shown or searched as characters maps back to them.  Order of
 * the evidence: byte order mark, UTF-16 by the parity of NUL bytes, strict
 * UTF-8, then statistics and uchardet.  The one door to uchardet and iconv;
 * encoding_open() opens all converters, so that it needs no file later.
 */
#pragma once

#include "core/str.h"

enum encoding {
	ENCODING_BYTES, /* not recognised: bytes without a meaning */
	ENCODING_UTF8,  /* and ASCII; also when a part of it is damaged */
	ENCODING_UTF8_BOM,
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_UTF32LE,
	ENCODING_UTF32BE,
	ENCODING_GB18030, /* and GBK, GB2312 */
	ENCODING_BIG5,    /* as CP950 */
	ENCODING_SJIS,    /* as CP932 */
	ENCODING_EUCJP,
	ENCODING_EUCKR,  /* as CP949 */
	ENCODING_LATIN1, /* as CP1252 */
	ENCODINGS,
};

const char *encoding_name(enum encoding e); /* "utf-8", "gb18030" */
/* By name, also with aliases ("gbk", "latin-1"); ERR_ABSENT. */
enum err encoding_parse(enum encoding *out, struct str name) MUST_CHECK;

/* What can be said of the bytes without guessing. */
struct encoding_facts {
	bool utf8;  /* valid UTF-8, all of it */
	bool ascii; /* no byte over 0x7f */
	bool nul;   /* holds NUL bytes */
	bool crlf;  /* holds CR LF */
	bool open;  /* does not end with LF (and is not empty) */
	uint32_t lines;
	uint32_t longest; /* bytes of the longest line */
};
void encoding_examine(struct encoding_facts *out, struct str bytes);
bool encoding_is_utf8(struct str bytes);
bool encoding_is_ascii(struct str bytes);

/* Before the walls close; ERR_IO when libc lacks a converter. */
enum err encoding_open(void) MUST_CHECK;
/* The same for those alone whose bit is set: it takes time. */
enum err encoding_open_some(uint32_t which) MUST_CHECK;

/* Deterministic: the same bytes give the same guess. */
enum encoding encoding_guess(struct str bytes);
/* The same, and what encoding_is_utf8() says, in one go. */
enum encoding encoding_recognise(struct str bytes, bool *utf8);

/* True when text in this encoding has to be converted to be UTF-8. */
bool encoding_converts(enum encoding e);

/*
 * A text as UTF-8, and the way back.  Bytes that are no character become
 * U+FFFD each; how many is in bad.  A byte order mark is left out.
 * struct encoding_text t = { 0 }; is ready; release when done, use again
 * freely.
 */
struct encoding_mark {
	size_t from, to; /* original offset, UTF-8 offset */
};
struct encoding_text {
	struct buf utf8;
	size_t bad;
	struct encoding_mark *marks;
	size_t n_marks, room;
	enum encoding encoding;
};
void encoding_convert(struct encoding_text *t, enum encoding e,
    struct str bytes);
void encoding_text_release(struct encoding_text *t);
/* The offset in the original of an offset in t->utf8 (a character's first
 * byte, or the end).  bytes: the same as were converted. */
size_t encoding_original(const struct encoding_text *t, struct str bytes,
    size_t utf8);
/* And forth: the offset in t->utf8 of an offset in the original. */
size_t encoding_converted(const struct encoding_text *t, struct str bytes,
    size_t original);
