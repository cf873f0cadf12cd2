/*
 * looks.h - what a line looks like, told by its text alone.
 */
#pragma once

#include "core/str.h"

/* "#define word", or a line that begins something of that name.  cut: the
 * text is not from the start of the line. */
bool looks_definition(struct str path, struct str line, bool cut,
    struct str word);
/* Hardly a line of text. */
bool looks_binary(struct str line);
