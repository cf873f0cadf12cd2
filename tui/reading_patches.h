/*
 * reading_patches.h - patches that the vendor put into the session.
 */
#pragma once

#include "core/str.h"

struct reading;

struct reading_patch {
	struct str name;  /* in no folder */
	struct str bytes; /* of the room, until it closes */
};

/* All of them by name, looked for once; 0: none, or no session.  What cannot
 * be read is left out, and the message row says why. */
size_t reading_patches(const struct reading_patch **out, struct reading *r);
/* NULL: none of that name. */
const struct reading_patch *reading_patches_find(struct reading *r,
    struct str name);
void reading_patches_release(struct reading *r);
