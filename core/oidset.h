/*
 * oidset.h - numbers for the names of objects: 0, 1, 2... as they come.
 *
 * What belongs to an object lies in an array of the caller, by its number.
 * The numbers depend on nothing but the order in which names were added.
 * Where names are kept does depend on a secret of the process: whoever makes
 * objects whose names begin alike does not make this slow.
 */
#pragma once

#include "core/oid.h"

#define OIDSET_NONE UINT32_MAX

/* All zero is an empty set. */
struct oidset {
	struct oid *at; /* by number; moves when a name is added */
	uint32_t len;
	uint32_t *slots; /* open addressing: number + 1, 0 is free */
	size_t n_slots;  /* a power of two, over twice len */
};

void oidset_release(struct oidset *s); /* is empty then */

/* The number of a name, OIDSET_NONE when it is not in the set. */
uint32_t oidset_find(const struct oidset *s, const struct oid *id);

/* Sets *number; true: it was not in the set before.  More than 2^31 names
 * are a bug of the caller, who bounds what he takes. */
bool oidset_add(struct oidset *s, uint32_t *number, const struct oid *id);
