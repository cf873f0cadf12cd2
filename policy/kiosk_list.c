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

/* Numbers of users with commas between, as many as fit a line. */
static bool
is_who(struct str s)
{
	struct str one;
	uint64_t id;
	size_t n = 0;

	if (s.len == 0 || s.at[s.len - 1] == ',')
		return false;
	for (; str_cut(&s, ',', &one); n++)
		if (str_number(one, UINT32_MAX - 1, &id) != ERR_NONE)
			return false;
	return n > 0;
}

/* YYYY-MM-DD as a number that grows with the days. */
static bool
read_day(uint32_t *out, struct str s)
{
	static const uint8_t lengths[] = { 4, 2, 2 };
	uint64_t part[3] = { 0 };
	struct str one;
	size_t n = 0;

	for (; n < 3 && str_cut(&s, '-', &one); n++)
		if (one.len != lengths[n] ||
		    str_number(one, 9999, &part[n]) != ERR_NONE)
			return false;
	if (n < 3 || s.len > 0 || part[0] < 2000 || part[1] < 1 ||
	    part[1] > 12 || part[2] < 1 || part[2] > 31)
		return false;
	*out = (uint32_t)(part[0] * 10000 + part[1] * 100 + part[2]);
	return true;
}

/* Each at most once: for=UID,... from=DAY to=DAY. */
static enum err
take_option(struct kiosk_session *s, struct arena *a, struct str option,
    unsigned number)
{
	struct str value = option, key;
	bool good = str_cut(&value, '=', &key);

	if (good && str_eq(key, STR("for")) && s->who.len == 0) {
		good = is_who(value);
		s->who = arena_copy(a, value);
	} else if (good && str_eq(key, STR("from")) && s->first == 0) {
		good = read_day(&s->first, value);
	} else if (good && str_eq(key, STR("to")) && s->last == 0) {
		good = read_day(&s->last, value);
	} else {
		good = false;
	}
	err_clear();
	if (good)
		return ERR_NONE;
	return fail(ERR_FORMAT,
	    "line %u: after the path of a session come for=UID,... "
	    "from=YYYY-MM-DD to=YYYY-MM-DD, each once",
	    number);
}

static enum err
take_options(struct kiosk_session *s, struct arena *a, struct str line,
    unsigned number)
{
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE) {
		struct str option = word(&line);

		if (option.len == 0)
			break;
		rc = take_option(s, a, option, number);
	}
	return rc;
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
	rc = take_path(&s.path, a, word(&line), "session", number);
	if (rc == ERR_NONE)
		rc = take_options(&s, a, line, number);
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

static bool
is_for(struct str who, uid_t id)
{
	struct str one;
	uint64_t n;

	if (who.len == 0)
		return true;
	while (str_cut(&who, ',', &one))
		if (str_number(one, UINT32_MAX - 1, &n) == ERR_NONE && n == id)
			return true;
	err_clear();
	return false;
}

enum err
kiosk_list_open(struct kiosk_list *l, uid_t who, uint32_t day)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < l->n_sessions; i++) {
		const struct kiosk_session s = l->sessions[i];

		if (is_for(s.who, who) && (s.first == 0 || day >= s.first) &&
		    (s.last == 0 || day <= s.last))
			l->sessions[kept++] = s;
	}
	l->n_sessions = kept;
	if (kept == 0)
		return fail(ERR_DENIED,
		    "no session is open to you today: ask the laboratory");
	return ERR_NONE;
}
