/*
 * fleet.h - what runs where: a customers' list.
 *
 * A CSV whose head names customer, product, release and component, in any
 * order; other columns are not looked at.  An empty component is the whole
 * product.
 */
#pragma once

#include "core/arena.h"

struct fleet_row {
	struct str customer, product, release, component;
};

struct fleet {
	struct fleet_row *rows; /* by product, release, component, customer */
	uint32_t n;
};

/* Rows borrowed from text or in a.  ERR_FORMAT: "name:line: what". */
enum err fleet_read(struct fleet *out, struct arena *a, const char *name,
    struct str text) MUST_CHECK;

/* Rows that differ in the customer only. */
struct fleet_group {
	struct str product, release, component;
	const struct fleet_row *rows; /* n of them */
	uint32_t n;
	uint32_t customers; /* different ones */
};
uint32_t fleet_groups(const struct fleet *f, struct arena *a,
    struct fleet_group **out);
