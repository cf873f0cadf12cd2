#include "policy/lab.h"

#include "core/io.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum err
lab_put(struct str text)
{
	return io_put(STDOUT_FILENO, text);
}

enum err
lab_say(const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof line)
		bug("a line of %d bytes", n);
	return lab_put((struct str){ line, (size_t)n });
}

static void
say_progress(const char *line, int n)
{
	/* Nobody is told when nobody can be told. */
	if (io_put(STDERR_FILENO, (struct str){ line, (size_t)n }) != ERR_NONE)
		err_clear();
}

void
lab_progress(void *arg, const char *what, uint64_t done, uint64_t of)
{
	static const char *last;
	char line[96];
	int n;

	(void)arg;
	if (!isatty(STDERR_FILENO))
		return;
	if (what == NULL && last != NULL)
		say_progress("\r\033[K", 4);
	last = what;
	if (what == NULL)
		return;
	if (of > 0)
		n = snprintf(line, sizeof line, "\r\033[K%s %llu of %llu", what,
		    (unsigned long long)done, (unsigned long long)of);
	else
		n = snprintf(line, sizeof line, "\r\033[K%s %llu", what,
		    (unsigned long long)done);
	say_progress(line, n);
}

enum err
lab_split(int *dir, const char **name, struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str folder = slash == NULL ? STR(".") :
	    slash == path                 ? STR("/") :
			    (struct str){ path, (size_t)(slash - path) };

	*name = slash == NULL ? path : slash + 1;
	return io_open_folder(dir, arena_copy(a, folder).at);
}
