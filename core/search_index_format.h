/*
 * search_index_format.h - the index of vitrine-store(5), as numbers.
 *
 * Header: magic, u32 version, u32 chunks, u32 keys, u32 zero, u64 bytes of
 * all lists.  A chunk: u64 where in the content, u32 line, u32 1 when
 * it is in no list.  A key:
 * u32 three bytes (the first one highest), u32 how many chunks, u64 where
 * its list begins, with the highest bit set when the list is a bitmap.
 */
#pragma once

#include <stdint.h>

#define SEARCH_INDEX_MAGIC "VITRINDX"
#define SEARCH_INDEX_BITMAP ((uint64_t)1 << 63)

enum {
	SEARCH_INDEX_VERSION = 1,
	SEARCH_INDEX_HEADER = 32,
	SEARCH_INDEX_CHUNK = 16,
	SEARCH_INDEX_KEY = 16,
};
