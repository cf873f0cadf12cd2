/*
 * tool.h - for tests that hold our formats against the standard programs.
 *
 * Everything happens in a folder of its own, gone with tool_end().
 */
#pragma once

#include "core/str.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/t.h"

static char tool_at[64];

static inline const char *
tool_start(void)
{
	snprintf(tool_at, sizeof tool_at, "/tmp/vitrine-test-XXXXXX");
	assert_non_null(mkdtemp(tool_at));
	return tool_at;
}

/* In a folder that another file of the same test has started, and ends. */
static inline void
tool_use(const char *folder)
{
	snprintf(tool_at, sizeof tool_at, "%s", folder);
}

/* Exit status of a command line run in that folder; 127: not installed. */
PRINTF(1, 2)
static inline int
tool_run(const char *fmt, ...)
{
	char line[4096], whole[4300];
	va_list ap;
	int status;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	snprintf(whole, sizeof whole,
	    "cd '%s' && { %s; } >out 2>err </dev/null", tool_at, line);
	status = system(whole);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static inline bool
tool_has(const char *program)
{
	return tool_run("command -v %s", program) == 0;
}

static inline void
tool_write(const char *name, struct str bytes)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", tool_at, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, f), bytes.len);
	assert_int_equal(fclose(f), 0);
}

/* Replaces b. */
static inline void
tool_read(struct buf *b, const char *name)
{
	char path[256];
	FILE *f;
	size_t n;

	snprintf(path, sizeof path, "%s/%s", tool_at, name);
	f = fopen(path, "rb");
	assert_non_null(f);
	buf_clear(b);
	do {
		n = fread(buf_grow(b, 65536), 1, 65536, f);
		b->len += n;
	} while (n > 0);
	buf_str(b, STR(""));
	fclose(f);
}

static inline const char *
tool_path(const char *name)
{
	static char path[4][256];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof path[turn], "%s/%s", tool_at, name);
	return path[turn];
}

static inline void
tool_end(void)
{
	char line[128];

	snprintf(line, sizeof line, "rm -rf '%s'", tool_at);
	assert_int_equal(system(line), 0);
}
