/*
 * search_index_format.h - the index of vitrine-store(5), as numbers.
 *
 * Header: magic, u32 version, u32 chunks, u32 keys, u32 encodings, u64 bytes
 * of all lists.  Then for each 4096th of all keys, and behind the last one,
 * u32 how many keys are before it.  A chunk: u64 where in the content, u32
 * line, u32 number of the blob it begins in.  A key: u32 three bytes (the
 * first one highest), u32 how many chunks, u64 where its list begins, with
 * the highest bit set when the list is a bitmap.  The last key is no three
 * bytes: it has the chunks that are always looked at.
 */
#pragma once

#include <stdint.h>

#define SEARCH_INDEX_MAGIC "VITRINDX"
#define SEARCH_INDEX_BITMAP ((uint64_t)1 << 63)

enum {
	SEARCH_INDEX_VERSION = 3,
	SEARCH_INDEX_EARLIER = 2, /* read as well: cut in another way */
	SEARCH_INDEX_HEADER = 32,
	SEARCH_INDEX_FIRSTS = 4096 + 1 + 1, /* u32, and one to fill up */
	SEARCH_INDEX_ALWAYS = 1 << 24,      /* the key of that list */
	SEARCH_INDEX_CHUNK = 16,
	SEARCH_INDEX_KEY = 16,
};
