/*
 * tables.h - numbers and tables in the files of a session image.
 *
 * Numbers are little endian, as this program's machines are, and tables
 * begin at multiples of 8; vitrine-index(5).  Inline, as a search reads
 * some for each file.
 */
#pragma once

#include <string.h>

#include "core/str.h"

/* From any address, aligned or not; the bytes have to be there. */
static inline uint16_t
tables_u16(const char *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static inline uint32_t
tables_u32(const char *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

static inline uint64_t
tables_u64(const char *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

/*
 * Takes n records of size bytes, which is not 0, and their padding off the
 * front of *tables; false, and nothing is touched, when there are fewer.
 * Any n: what a file says of itself may be handed on.
 */
static inline bool
tables_take(struct str *tables, const char **out, uint64_t n, uint64_t size)
{
	uint64_t len;

	if (n > tables->len / size)
		return false;
	len = (n * size + 7) & ~(uint64_t)7;
	if (len > tables->len)
		return false;
	*out = tables->at;
	*tables = str_slice(*tables, len, tables->len);
	return true;
}
