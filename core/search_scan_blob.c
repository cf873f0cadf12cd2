#include "core/search_scan.h"

/* By itself, as nothing of a store needs a guess: core/encoding_guess.c. */
void
search_scan_blob(struct search_scan *s, struct str bytes,
    const struct search_sink *sink)
{
	enum encoding e = ENCODING_BYTES;
	unsigned proven = 0;
	bool utf8;

	if (!search_scan_wants_bytes(s)) {
		e = encoding_recognise(bytes, &utf8);
		proven = utf8 ? SEARCH_SCAN_UTF8 : 0;
	}
	if (encoding_is_ascii(bytes))
		proven |= SEARCH_SCAN_ASCII;
	search_scan_known(s, bytes, e, proven, sink);
}
