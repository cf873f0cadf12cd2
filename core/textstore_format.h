/*
 * textstore_format.h - vitrine-store(5), as numbers.
 *
 * A part of core/textstore.c and core/textstore_write.c.  All numbers are
 * little endian; tables begin at multiples of 8.
 */
#pragma once

#define TEXTSTORE_MAGIC "VITRSTOR"

enum {
	TEXTSTORE_VERSION = 2,
	TEXTSTORE_HEADER = 128,
	TEXTSTORE_CONTENT = 4096, /* where the content begins */
	TEXTSTORE_TAIL = 64,      /* zero bytes behind the content */
	TEXTSTORE_RELEASE = 48,
	TEXTSTORE_BLOB = 64,
	TEXTSTORE_PLACE = 16,
};

/* Bytes of the header at which the numbers stand. */
enum {
	TEXTSTORE_AT_VERSION = 8,   /* u32 */
	TEXTSTORE_AT_RELEASES = 12, /* u32, how many */
	TEXTSTORE_AT_BLOBS = 16,
	TEXTSTORE_AT_PLACES = 20,
	TEXTSTORE_AT_CONTENT_LEN = 24, /* u64 */
	TEXTSTORE_AT_TABLES = 32,      /* u64, offset of the first table */
	TEXTSTORE_AT_NAMES_LEN = 40,   /* u64 */
	TEXTSTORE_AT_SIZE = 48,        /* u64, of all but the index */
	TEXTSTORE_AT_WITHHELD = 56,    /* u32, contents */
};

enum {
	TEXTSTORE_UTF8 = 1,
	TEXTSTORE_ASCII = 2,
	TEXTSTORE_NUL = 4,
	TEXTSTORE_CRLF = 8,
	TEXTSTORE_OPEN = 16,
	TEXTSTORE_WITHHELD = 32,
	TEXTSTORE_FLAGS = 63,
};
