/*
 * symbols_format.h - text/symbols of vitrine-index(5), as numbers.
 *
 * A part of core/symbols.c and core/symbols_write.c.  All numbers are little
 * endian; tables begin at multiples of 8, in this order: contents, contents
 * by id, definitions, names, definitions by name, kinds, text.
 */
#pragma once

#define SYMBOLS_MAGIC "VITRSYMB"

enum {
	SYMBOLS_VERSION = 1,
	SYMBOLS_HEADER = 64,
	SYMBOLS_CONTENT = 28,    /* id, u32 first definition, u32 state */
	SYMBOLS_DEFINITION = 16, /* u32 name, u32 line, u16 lines that follow,
				  * u16 kind, u32 scope (a name) */
	SYMBOLS_NAME = 8,        /* u32 text, u32 first of by name; one more
				  * than there are names */
	SYMBOLS_KIND = 8,        /* u32 text, u32 length */
};

#define SYMBOLS_NONE UINT32_MAX

/* Bytes of the header at which the numbers stand. */
enum {
	SYMBOLS_AT_VERSION = 8, /* u32, and all of these */
	SYMBOLS_AT_CONTENTS = 12,
	SYMBOLS_AT_DEFINITIONS = 16,
	SYMBOLS_AT_NAMES = 20,
	SYMBOLS_AT_KINDS = 24,
	SYMBOLS_AT_METHOD = 28, /* bytes, at the front of the text */
	SYMBOLS_AT_STATES = 32, /* u32 each: how many read, unknown, failed */
	SYMBOLS_AT_TEXT = 48,   /* u64, bytes */
	SYMBOLS_AT_SIZE = 56,   /* u64, of everything */
};
