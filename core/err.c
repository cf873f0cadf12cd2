#include "core/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERR_TEXT_MAX = 512 };

static char err_kept[ERR_TEXT_MAX];

/* Printable ASCII stays; every other byte becomes <xx>. */
static void
keep(const char *raw)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (const char *p = raw; *p != '\0' && n + 5 < sizeof err_kept; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f) {
			err_kept[n++] = (char)c;
			continue;
		}
		err_kept[n++] = '<';
		err_kept[n++] = hex[c >> 4];
		err_kept[n++] = hex[c & 15];
		err_kept[n++] = '>';
	}
	err_kept[n] = '\0';
}

enum err
fail(enum err kind, const char *fmt, ...)
{
	char raw[ERR_TEXT_MAX];
	va_list ap;

	if (err_kept[0] != '\0')
		return kind;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	keep(raw);
	return kind;
}

const char *
err_text(void)
{
	return err_kept;
}

void
err_clear(void)
{
	err_kept[0] = '\0';
}

const char *
err_name(enum err kind)
{
	static const char *const names[] = {
		[ERR_NONE] = "done",
		[ERR_IO] = "system error",
		[ERR_FORMAT] = "damaged",
		[ERR_ABSENT] = "absent",
		[ERR_DENIED] = "denied",
		[ERR_LIMIT] = "over a limit",
		[ERR_STOPPED] = "stopped",
	};

	return names[kind];
}

int
err_status(enum err kind)
{
	static const int status[] = {
		[ERR_NONE] = 0,
		[ERR_IO] = 5,
		[ERR_FORMAT] = 3,
		[ERR_ABSENT] = 3,
		[ERR_DENIED] = 4,
		[ERR_LIMIT] = 3,
		[ERR_STOPPED] = 1,
	};

	return status[kind];
}

void
bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "vitrine: %s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}
