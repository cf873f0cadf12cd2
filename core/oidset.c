#include "core/oidset.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#ifdef TINY
enum { OIDSET_FIRST = 4 };
#else
enum { OIDSET_FIRST = 512 };
#endif

void
oidset_release(struct oidset *s)
{
	free(s->at);
	free(s->slots);
	*s = (struct oidset){ 0 };
}

/* Bytes that the kernel gave this program when it was started. */
static uint64_t
secret(void)
{
	static uint64_t once;
	const void *random;

	if (once == 0) {
		random = (const void *)getauxval(AT_RANDOM);
		if (random != NULL)
			memcpy(&once, random, sizeof once);
		once |= 1;
	}
	return once;
}

/* Names are hashes already, but somebody may have chosen them. */
static size_t
slot_of(const struct oidset *s, const struct oid *id)
{
	uint64_t h[2];
	size_t at;

	memcpy(h, id->id, sizeof h);
	h[0] = (h[0] ^ secret()) * 0x9e3779b97f4a7c15 ^ h[1];
	h[0] = (h[0] ^ h[0] >> 32) * secret();
	for (at = (h[0] >> 24) & (s->n_slots - 1); s->slots[at] != 0;
	     at = (at + 1) & (s->n_slots - 1))
		if (oid_eq(&s->at[s->slots[at] - 1], id))
			break;
	return at;
}

static void
grow(struct oidset *s)
{
	if (s->n_slots > 2 * (size_t)s->len)
		return;
	s->n_slots = s->n_slots == 0 ? OIDSET_FIRST : 2 * s->n_slots;
	if (s->n_slots > (size_t)UINT32_MAX + 1)
		bug("%u names of objects", s->len);
	free(s->slots);
	s->slots = calloc(s->n_slots, sizeof *s->slots);
	s->at = reallocarray(s->at, s->n_slots / 2 + 1, sizeof *s->at);
	if (s->slots == NULL || s->at == NULL)
		bug("no memory for %zu names of objects", s->n_slots);
	for (uint32_t i = 0; i < s->len; i++)
		s->slots[slot_of(s, &s->at[i])] = i + 1;
}

uint32_t
oidset_find(const struct oidset *s, const struct oid *id)
{
	return s->len == 0 ? OIDSET_NONE : s->slots[slot_of(s, id)] - 1;
}

bool
oidset_add(struct oidset *s, uint32_t *number, const struct oid *id)
{
	size_t slot;

	grow(s);
	slot = slot_of(s, id);
	if (s->slots[slot] != 0) {
		*number = s->slots[slot] - 1;
		return false;
	}
	s->at[s->len] = *id;
	*number = s->len;
	s->slots[slot] = ++s->len;
	return true;
}
