#include "core/text_fold.h"

#include <stdlib.h>

#include <utf8proc.h>

enum { FOLD_MAX = 1 << 20 }; /* bytes; nobody has longer names */

static void
fold_ascii(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		buf_char(out, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
	}
}

void
text_fold(struct buf *out, struct str text)
{
	utf8proc_uint8_t *got = NULL;
	utf8proc_ssize_t n = -1;

	if (text.len > 0 && text.len <= FOLD_MAX)
		n = utf8proc_map((const utf8proc_uint8_t *)text.at,
		    (utf8proc_ssize_t)text.len, &got,
		    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
			UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
	if (n >= 0)
		buf_str(out, (struct str){ (const char *)got, (size_t)n });
	else
		fold_ascii(out, text);
	free(got);
}
