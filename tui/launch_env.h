/*
 * launch_env.h - the environment that a room gets: made, not inherited.
 */
#pragma once

#include "core/arena.h"
#include "core/rooms.h"

/*
 * Ends with NULL; everything in a.  term: for the desk.  Of the launcher's
 * own environment only what is harmless by its form is taken over: the
 * locale and NO_COLOR (desk), TZ.
 */
char *const *launch_env(struct arena *a, enum room r, const char *term,
    bool log);

/* A word as exec wants it: a C string in a. */
char *launch_env_word(struct arena *a, struct str s);
