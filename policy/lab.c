#include "policy/lab.h"

#include "core/io.h"
#include "core/io_place.h"
#include "core/limits.h"
#include "policy/station.h"

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

/* One line of a terminal, however much is being done. */
void
lab_working(void *arg, unsigned thousandths, const char *what)
{
	enum { WIDTH = 79 };
	char line[WIDTH + 1], out[WIDTH + 8];
	int n = thousandths > 1000 ?
	    snprintf(line, sizeof line, "%s", what) :
	    snprintf(line, sizeof line, "%u.%u %% done: %s", thousandths / 10,
		thousandths % 10, what);

	(void)arg;
	if (!isatty(STDERR_FILENO))
		return;
	if (n > WIDTH)
		memcpy(&line[WIDTH - 3], "...", 3);
	n = snprintf(out, sizeof out, "\r\033[K%s", line);
	say_progress(out, n);
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

enum err
lab_rules_read(struct rules *out, struct arena *a, const char *path)
{
	struct buf conf = { 0 };
	struct rules r;
	enum err rc = io_read(&conf, path, LIMIT_CONF);

	if (rc == ERR_NONE)
		rc = rules_read(&r, a, path, arena_copy(a, buf_view(&conf)));
	for (uint32_t i = 0; rc == ERR_NONE && i < r.n_station; i++)
		if (!station_known(r.station[i]))
			rc = fail(ERR_FORMAT,
			    "%s: station.require wants \"%.*s\"; \"vitrine-lab "
			    "station check -a\" lists the rows there are",
			    path, STR_ARG(r.station[i]));
	buf_release(&conf);
	if (rc == ERR_NONE)
		*out = r;
	return rc;
}

enum err
lab_replace(const char *path, struct str bytes)
{
	struct arena a = { 0 };
	struct io_place as;
	const char *name;
	int dir;
	enum err rc = lab_split(&dir, &name, &a, path);

	if (rc == ERR_NONE) {
		rc = io_replace_at(dir, name, bytes);
		if (rc == ERR_NONE)
			rc = io_place_look_at(&as, dir, name);
		as.mode = 0644;
		if (rc == ERR_NONE)
			rc = io_place_own(dir, name, &as);
		close(dir);
	}
	arena_release(&a);
	return rc;
}

enum err
lab_agreed(const struct lab_args *args, const char *question, bool *yes)
{
	char answer[16];
	ssize_t n;
	enum err rc;

	*yes = args->option['y'] != NULL;
	if (*yes)
		return ERR_NONE;
	if (args->option['n'] != NULL || !isatty(STDIN_FILENO))
		return lab_say("Nothing was changed; -y does it.\n");
	rc = lab_say("%s [y/N] ", question);
	if (rc != ERR_NONE)
		return rc;
	n = read(STDIN_FILENO, answer, sizeof answer);
	*yes = n > 0 && (answer[0] == 'y' || answer[0] == 'Y');
	return *yes ? ERR_NONE : lab_say("Nothing was changed.\n");
}
