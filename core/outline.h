/*
 * outline.h - which lines of a file begin a function, a type, a section.
 *
 * By the look of the line alone (as git's hunk heads do), so it works on any
 * revision and on code that does not compile; and it can be wrong, so what
 * shows it calls it a text method.
 */
#pragma once

#include "core/lexer.h"

/* The line begins something that has a name; *name is a piece of line.
 * head: no "(" is needed, the line only looks like a definition. */
bool outline_line(const struct language *l, struct str line, struct str *name);
