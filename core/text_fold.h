/*
 * text_fold.h - what stays of a text when case, width and form are ignored.
 *
 * For telling which names somebody, or some file system, takes for one:
 * Unicode's compatible composition with case folded and what has no ink left
 * out.  Bytes that are no UTF-8 stay as they are.
 */
#pragma once

#include "core/str.h"

/* Appends it to out. */
void text_fold(struct buf *out, struct str text);
