#include "policy/kiosk.h"

#include <string.h>

enum { LIST_NAME = 64 };

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			   "YZ0123456789._-",
			s.at[i]) == NULL ||
		    s.at[i] == '\0')
			return false;
	return s.len > 0 && s.len <= LIST_NAME;
}

/* Absolute, printable, no blanks and no "..". */
static bool
is_path(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return false;
	return s.len > 1 && s.len < 1024 && s.at[0] == '/' &&
	    str_find(s, STR(".."), 0) == SIZE_MAX;
}

/* The next word of a line; empty at its end. */
static struct str
word(struct str *line)
{
	struct str w = { "", 0 };

	*line = str_trim(*line);
	for (w.at = line->at; w.len < line->len; w.len++)
		if (line->at[w.len] == ' ' || line->at[w.len] == '\t')
			break;
	*line = str_slice(*line, w.len, line->len);
	return w;
}

static enum err
take_path(struct str *out, struct arena *a, struct str line, const char *key,
    unsigned number)
{
	struct str path = word(&line);

	if (!is_path(path) || str_trim(line).len > 0)
		return fail(ERR_FORMAT, "line %u: %s takes one absolute path",
		    number, key);
	if (out->len > 0)
		return fail(ERR_FORMAT, "line %u: %s is there twice", number,
		    key);
	*out = arena_copy(a, path);
	return ERR_NONE;
}

static enum err
take_session(struct kiosk_list *l, struct arena *a, struct str line,
    unsigned number)
{
	struct kiosk_session s = { .name = word(&line) };
	enum err rc;

	if (!is_name(s.name))
		return fail(ERR_FORMAT,
		    "line %u: session takes a name of "
		    "letters, digits, \".\", \"_\", \"-\" and a path",
		    number);
	for (uint32_t i = 0; i < l->n_sessions; i++)
		if (str_eq(l->sessions[i].name, s.name))
			return fail(ERR_FORMAT,
			    "line %u: session %.*s is "
			    "there twice",
			    number, STR_ARG(s.name));
	if (l->n_sessions == KIOSK_SESSIONS)
		return fail(ERR_LIMIT, "line %u: more than %d sessions", number,
		    KIOSK_SESSIONS);
	s.name = arena_copy(a, s.name);
	rc = take_path(&s.path, a, line, "session", number);
	if (rc == ERR_NONE)
		l->sessions[l->n_sessions++] = s;
	return rc;
}

static enum err
take_line(struct kiosk_list *l, struct arena *a, struct str line,
    unsigned number)
{
	struct str key = word(&line);

	if (key.len == 0 || key.at[0] == '#')
		return ERR_NONE;
	if (str_eq(key, STR("vitrine")))
		return take_path(&l->vitrine, a, line, "vitrine", number);
	if (str_eq(key, STR("data")))
		return take_path(&l->data, a, line, "data", number);
	if (str_eq(key, STR("session")))
		return take_session(l, a, line, number);
	return fail(ERR_FORMAT,
	    "line %u: begins with vitrine, data, session "
	    "or #",
	    number);
}

enum err
kiosk_list_read(struct kiosk_list *out, struct arena *a, struct str text)
{
	struct kiosk_list l = { 0 };
	struct str line;
	enum err rc = ERR_NONE;

	for (unsigned n = 1; rc == ERR_NONE && str_cut(&text, '\n', &line); n++)
		rc = take_line(&l, a, line, n);
	if (rc != ERR_NONE)
		return rc;
	if (l.vitrine.len == 0 || l.data.len == 0 || l.n_sessions == 0)
		return fail(ERR_FORMAT,
		    "needs one line vitrine, one line "
		    "data and at least one session");
	*out = l;
	return ERR_NONE;
}
