/*
 * places.h - marks a to z: what the reading room was told to remember, kept
 * with the record and handed back when the vault opens again.
 *
 * A mark that is set while the vault is locked waits for it; the last of
 * each letter counts, so that no more than 26 wait.
 */
#pragma once

#include "tui/noting.h"

struct places *places_open(struct noting *n);
void places_close(struct places *p);

void places_set(struct places *p, const struct hatch_place *at);
/* The vault was opened: records what waited, tells all there are. */
void places_opened(struct places *p);
