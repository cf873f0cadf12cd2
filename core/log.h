/*
 * log.h - what a developer wants to see: to standard error, off by default.
 *
 * Identifiers and sizes, never contents: no source, note, pattern or key.
 * Bytes that are not printable ASCII come out as <xx>.
 */
#pragma once

#include "core/err.h"

void log_on(const char *program); /* name in front of each line */
void log_debug(const char *fmt, ...) PRINTF(1, 2);
