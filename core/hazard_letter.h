/*
 * hazard_letter.h - letters that look like those of ASCII and are not.
 *
 * The part of Unicode's confusables (UTS 39) that matters in source: Greek,
 * Cyrillic, Armenian, full-width, mathematical and a few Latin letters.
 */
#pragma once

#include "core/str.h"

/* Drawn like an ASCII letter or digit. */
bool hazard_letter_alike(uint32_t ch);
/* Of an alphabet that has such letters and is not Latin. */
bool hazard_letter_foreign(uint32_t ch);
/* May a text hold any of them?  By their first bytes: quick, not exact. */
bool hazard_letter_any(struct str text);
