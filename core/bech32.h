/*
 * bech32.h - keys as text: Bech32 (BIP 173) of 32 bytes without its limit on
 * length, as age uses it.
 */
#pragma once

#include "core/str.h"

enum { BECH32_KEY = 32 };

/* Appends; prefix and digits in lower case. */
void bech32_write(struct buf *b, const char *prefix,
    const uint8_t key[BECH32_KEY]);
/* Lower case.  ERR_FORMAT: another prefix, or a typing error. */
enum err bech32_read(uint8_t key[BECH32_KEY], const char *prefix,
    struct str text) MUST_CHECK;
