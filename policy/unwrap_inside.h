/*
 * unwrap_inside.h - decoders, and who hands on what they find.  For
 * policy/unwrap*.c alone.
 */
#pragma once

#include "policy/unwrap.h"

struct unwrap {
	unwrap_fn *fn;
	void *arg;
	size_t budget; /* bytes that may yet be decoded */
	bool more;
	bool cut; /* of the text at hand, see unwrap_fn */
};

/* Decoded bytes and where each came from. */
struct unwrap_found {
	struct buf bytes;
	struct buf at; /* of uint32_t */
};
void unwrap_put(struct unwrap_found *f, uint8_t byte, uint32_t at);
void unwrap_join(struct unwrap_found *f, const struct unwrap_found *more);
void unwrap_clear(struct unwrap_found *f);
void unwrap_release(struct unwrap_found *f);

/* Three in four bytes are plain. */
bool unwrap_is_text(struct str s);
/* Where in the whole that begins which is read of it. */
size_t unwrap_from(const struct unwrap_text *t);

/* Hands a text on as it is, and everything that is encoded in it. */
void unwrap_look(struct unwrap *u, const struct unwrap_found *f);
/* Hands a decoded text on when it is one of min bytes, and looks for more in
 * it. */
void unwrap_offer(struct unwrap *u, struct unwrap_found *f, size_t min,
    int depth);

/* Everything that is encoded in c, which was decoded depth times. */
void unwrap_decode(struct unwrap *u, const struct canon *c, int depth);

/* The texts of an export: what its strings mean. */
void unwrap_json(struct unwrap *u, const struct unwrap_text *t);
