/*
 * unwrap_escapes.h - texts whose characters are written one by one: %28, =28,
 * &lt;, \050, as numbers; and lines of uuencode.
 */
#pragma once

#include "policy/unwrap_inside.h"

void unwrap_escapes(struct unwrap *u, const struct canon *c, int depth);
