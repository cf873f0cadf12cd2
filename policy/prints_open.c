/*
 * Reading a file of fingerprints.
 */
#include "policy/prints_set.h"

#include "core/wire.h"
#include "policy/prints_bits.h"

#include <stdlib.h>
#include <string.h>

static enum err
read_row(struct prints_set *s, struct wire *w, int i)
{
	uint8_t run = wire_u8(w), window = wire_u8(w);
	uint32_t zero;

	s->hashes = wire_u8(w);
	s->log2 = wire_u8(w);
	zero = wire_u32(w);
	s->entries = wire_u64(w);
	s->ones = wire_u64(w);
	if (w->bad || run != prints_set_kinds[i].run ||
	    window != prints_set_kinds[i].window || s->hashes < 1 ||
	    s->hashes > PRINTS_BITS_HASHES_MAX || s->log2 < PRINTS_LOG2_MIN ||
	    s->log2 > PRINTS_LOG2_MAX || zero != 0 ||
	    s->ones > (uint64_t)1 << s->log2)
		return fail(ERR_FORMAT, "the fingerprints are damaged");
	return ERR_NONE;
}

enum err
prints_open(struct prints **out, struct str bytes)
{
	struct wire w = wire_of(bytes);
	struct str magic = wire_bytes(&w, strlen(PRINTS_MAGIC));
	struct str key = wire_bytes(&w, PRINTS_KEY_BYTES);
	uint32_t sets = wire_u32(&w), zero = wire_u32(&w);
	struct prints p = { 0 };
	enum err rc = ERR_NONE;

	if (str_eq(magic, STR(PRINTS_MAGIC_OLD)))
		return fail(ERR_FORMAT,
		    "the fingerprints are of an older version: make them "
		    "again with vitrine-lab provision, or pack");
	if (w.bad || !str_eq(magic, STR(PRINTS_MAGIC)) || sets != PRINTS_SETS ||
	    zero != 0)
		return fail(ERR_FORMAT, "not a file of fingerprints");
	memcpy(p.key, key.at, PRINTS_KEY_BYTES);
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		rc = read_row(&p.sets[i], &w, i);
	for (int i = 0; i < PRINTS_SETS && rc == ERR_NONE; i++)
		p.sets[i].bits = (const uint8_t *)wire_bytes(&w,
		    (size_t)1 << (p.sets[i].log2 - 3))
				     .at;
	if (rc == ERR_NONE && wire_done(&w) != ERR_NONE) {
		err_clear();
		rc = fail(ERR_FORMAT, "the fingerprints are cut short");
	}
	if (rc != ERR_NONE)
		return rc;
	*out = malloc(sizeof **out);
	if (*out == NULL)
		bug("no memory for fingerprints");
	**out = p;
	return ERR_NONE;
}

void
prints_close(struct prints *p)
{
	free(p);
}

/* Where the first set of fingerprints ends; bytes.len when it says nothing
 * that can be. */
static size_t
first_length(struct str bytes)
{
	size_t at = PRINTS_HEAD, len = PRINTS_HEAD + PRINTS_SETS * PRINTS_ROW;

	if (bytes.len < len)
		return bytes.len;
	for (int i = 0; i < PRINTS_SETS; i++, at += PRINTS_ROW) {
		unsigned log2 = (unsigned char)bytes.at[at + 3];

		if (log2 < PRINTS_LOG2_MIN || log2 > PRINTS_LOG2_MAX)
			return bytes.len;
		len += (size_t)1 << (log2 - 3);
	}
	return len < bytes.len ? len : bytes.len;
}

enum err
prints_open_both(struct prints **out, struct prints **open, struct str bytes)
{
	size_t first = first_length(bytes);
	struct prints *own = NULL;
	enum err rc = prints_open(&own, str_slice(bytes, 0, first));

	*open = NULL;
	if (rc == ERR_NONE && first < bytes.len)
		rc = prints_open(open, str_slice(bytes, first, bytes.len));
	if (rc == ERR_NONE)
		*out = own;
	else
		prints_close(own);
	return rc;
}
