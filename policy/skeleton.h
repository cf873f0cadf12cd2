/*
 * skeleton.h - what every export has, whatever somebody wrote: the keys that
 * our own writers put around values.
 *
 * A repository may hold exports as fixtures: then the keys of the next one
 * stand in its source.  They are nobody's copy; values are.
 */
#pragma once

#include "core/str.h"

/*
 * Blanks over the known keys, with their quotes and colons, of texts that
 * begin as JSON does; everything else, and every place, stays as it is.
 * Keys of the writers only: one that somebody chose counts as text.
 */
void skeleton_blank(struct buf *json);
/* Whether a key is one of them. */
bool skeleton_has(struct str key);
