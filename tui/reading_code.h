/*
 * reading_code.h - a file to be shown, from where it costs least.
 *
 * A session has the content of its releases unpacked, in its text store;
 * everything else is unpacked out of git.
 */
#pragma once

#include "tui/code.h"

struct reading;

/* As code_open(); r must outlive c.  path: for the language, and where the
 * store is asked first. */
enum err reading_code(struct code *c, struct reading *r, const struct oid *blob,
    struct str path) MUST_CHECK;
