/*
 * wire.h - numbers and bytes in and out of messages and files.
 *
 * Little endian, no padding.  Writing appends to a buf.  Reading takes from
 * the front of a str and never beyond it: after the first short or oversized
 * piece, bad stays set and every later piece reads as zero or empty, so that
 * a reader checks wire_done() once at its end.
 */
#pragma once

#include "core/oid.h"

struct wire {
	struct str rest;
	bool bad;
};

void wire_put_u8(struct buf *b, uint8_t v);
void wire_put_u16(struct buf *b, uint16_t v);
void wire_put_u32(struct buf *b, uint32_t v);
void wire_put_u64(struct buf *b, uint64_t v);
void wire_put_str(struct buf *b, struct str s); /* u32 length, bytes */
void wire_put_oid(struct buf *b, const struct oid *o);

struct wire wire_of(struct str message);
uint8_t wire_u8(struct wire *w);
uint16_t wire_u16(struct wire *w);
uint32_t wire_u32(struct wire *w);
uint64_t wire_u64(struct wire *w);
struct str wire_str(struct wire *w, size_t max);   /* borrowed from w */
struct str wire_bytes(struct wire *w, size_t len); /* borrowed, no length */
struct oid wire_oid(struct wire *w);

/* ERR_FORMAT when a piece was bad or bytes are left over. */
enum err wire_done(const struct wire *w) MUST_CHECK;
