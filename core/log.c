#include "core/log.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

static const char *log_program; /* NULL: off */

void
log_on(const char *program)
{
	log_program = program;
}

void
log_debug(const char *fmt, ...)
{
	char raw[512], line[1200];
	size_t n;
	va_list ap;
	int head;

	if (log_program == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	head = snprintf(line, 64, "%s: ", log_program);
	n = (size_t)(head < 64 ? head : 63);
	for (const char *p = raw; *p != '\0' && n + 6 < sizeof line; p++) {
		unsigned char c = (unsigned char)*p;

		if (c >= 0x20 && c < 0x7f)
			line[n++] = (char)c;
		else
			n += (size_t)snprintf(line + n, 5, "<%02x>", c);
	}
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		log_program = NULL;
}
