#include "core/bech32.h"

#include <string.h>

static const char digits[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t
step(uint32_t sum, uint8_t value)
{
	static const uint32_t generator[] = { 0x3b6a57b2, 0x26508e6d,
		0x1ea119fa, 0x3d4233dd, 0x2a1462b3 };
	uint32_t top = sum >> 25;

	sum = (sum & 0x1ffffff) << 5 ^ value;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			sum ^= generator[i];
	return sum;
}

static uint32_t
start_sum(const char *prefix)
{
	uint32_t sum = 1;

	for (const char *p = prefix; *p != '\0'; p++)
		sum = step(sum, (uint8_t)*p >> 5);
	sum = step(sum, 0);
	for (const char *p = prefix; *p != '\0'; p++)
		sum = step(sum, *p & 31);
	return sum;
}

enum { DIGITS = 52, SUM = 6 };

/* prefix and digits in lower case. */
void
bech32_write(struct buf *b, const char *prefix, const uint8_t key[BECH32_KEY])
{
	uint32_t sum = start_sum(prefix), bits = 0, held = 0;
	size_t at = 0;

	buf_str(b, str_of(prefix));
	buf_char(b, '1');
	for (int i = 0; i < DIGITS; i++) {
		uint8_t digit;

		if (held < 5) {
			bits = bits << 8 | (at < BECH32_KEY ? key[at] : 0);
			at++;
			held += 8;
		}
		held -= 5;
		digit = bits >> held & 31;
		sum = step(sum, digit);
		buf_char(b, digits[digit]);
	}
	for (int i = 0; i < SUM; i++)
		sum = step(sum, 0);
	sum ^= 1;
	for (int i = SUM - 1; i >= 0; i--)
		buf_char(b, digits[sum >> (5 * i) & 31]);
}

enum err
bech32_read(uint8_t key[BECH32_KEY], const char *prefix, struct str text)
{
	uint32_t sum = start_sum(prefix), bits = 0, held = 0;
	size_t start = strlen(prefix) + 1, at = 0;

	if (text.len != start + DIGITS + SUM ||
	    !str_starts(text, str_of(prefix)) || text.at[start - 1] != '1')
		return fail(ERR_FORMAT, "not an age key");
	for (size_t i = start; i < text.len; i++) {
		const char *digit =
		    text.at[i] == '\0' ? NULL : strchr(digits, text.at[i]);

		if (digit == NULL)
			return fail(ERR_FORMAT, "not an age key");
		sum = step(sum, (uint8_t)(digit - digits));
		bits = bits << 5 | (uint32_t)(digit - digits);
		held += 5;
		if (held >= 8 && at < BECH32_KEY) {
			held -= 8;
			key[at++] = (uint8_t)(bits >> held);
		}
		if (i == start + DIGITS - 1 && (bits & ((1u << held) - 1)) != 0)
			return fail(ERR_FORMAT, "not an age key");
	}
	if (sum != 1)
		return fail(ERR_FORMAT, "an age key with a typing error");
	return ERR_NONE;
}
