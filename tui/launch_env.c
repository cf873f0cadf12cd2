#include "tui/launch_env.h"

#include <stdlib.h>
#include <string.h>

enum { ENV_VALUE = 64 };

struct env {
	struct arena *a;
	char **at;
	size_t n;
};

/* Letters, digits and a few signs; no path that leaves its folder. */
static bool
is_plain(const char *value)
{
	static const char signs[] = "_-+.@/,";
	size_t len = strlen(value);

	for (size_t i = 0; i < len; i++) {
		char c = value[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && strchr(signs, c) == NULL)
			return false;
	}
	return len > 0 && len <= ENV_VALUE && value[0] != '/' &&
	    strstr(value, "..") == NULL;
}

char *
launch_env_word(struct arena *a, struct str s)
{
	char *word = arena_array(a, s.len + 1, char);

	if (s.len > 0)
		memcpy(word, s.at, s.len);
	return word;
}

static void
put(struct env *e, const char *name, const char *value)
{
	struct str s = arena_printf(e->a, "%s=%s", name, value);

	e->at = realloc(e->at, (e->n + 2) * sizeof *e->at);
	if (e->at == NULL)
		bug("no memory for an environment");
	e->at[e->n++] = launch_env_word(e->a, s);
	e->at[e->n] = NULL;
}

static void
inherit(struct env *e, const char *name)
{
	const char *value = getenv(name);

	if (value != NULL && is_plain(value))
		put(e, name, value);
}

/* The locale says how the terminal wants its bytes.  "C" says nothing. */
static const char *
desk_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *value = NULL;

	for (size_t i = 0; i < 3 && (value == NULL || *value == '\0'); i++)
		value = getenv(names[i]);
	if (value == NULL || !is_plain(value) || strcmp(value, "C") == 0 ||
	    strcmp(value, "POSIX") == 0 || strchr(value, '/') != NULL)
		return "C.UTF-8";
	return value;
}

char *const *
launch_env(struct arena *a, enum room r, const char *term, bool log)
{
	struct env e = { .a = a };
	char **kept;

	inherit(&e, "TZ");
	if (log)
		put(&e, "VITRINE_LOG", "1");
	if (r == ROOM_DESK) {
		put(&e, "TERM", term);
		put(&e, "LC_ALL", desk_locale());
		inherit(&e, "NO_COLOR");
	} else {
		put(&e, "LC_ALL", "C.UTF-8");
	}
#ifdef SANITIZED /* the leak checker wants to trace itself */
	put(&e, "ASAN_OPTIONS", "detect_leaks=0");
#endif
	kept = arena_array(a, e.n + 1, char *);
	memcpy(kept, e.at, (e.n + 1) * sizeof *kept);
	free(e.at);
	return kept;
}
