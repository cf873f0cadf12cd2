#include "policy/users.h"

#include <unistd.h>

#include "policy/owned.h"

enum {
	USERS_BYTES = 4096,
	USERS_WORDS = 4,
	USERS_FOLDER = 200,
};

/* Words of a line; more than fit count as one more. */
static size_t
split(struct str out[USERS_WORDS], struct str line)
{
	size_t n = 0, at = 0;

	while (at < line.len) {
		size_t from = at;

		while (
		    at < line.len && line.at[at] != ' ' && line.at[at] != '\t')
			at++;
		if (at > from) {
			if (n == USERS_WORDS)
				return n + 1;
			out[n++] = str_slice(line, from, at - from);
		}
		at++;
	}
	return n;
}

/* Root and "nobody was given" are no users of rooms. */
static bool
take_number(uint32_t *out, struct str word)
{
	uint64_t n;

	if (str_number(word, UINT32_MAX - 1, &n) != ERR_NONE || n == 0)
		return false;
	*out = (uint32_t)n;
	return true;
}

/* Absolute, printable, no blanks and no "..". */
static bool
is_folder(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] <= ' ' || s.at[i] > '~')
			return false;
	return s.len > 1 && s.len <= USERS_FOLDER && s.at[0] == '/' &&
	    str_find(s, STR(".."), 0) == SIZE_MAX;
}

static enum err
take_line(struct users *u, struct arena *a, struct str line, unsigned number)
{
	struct str words[USERS_WORDS], *folder;
	struct spawn_user *who;
	size_t n = split(words, line);
	bool reading = n > 0 && str_eq(words[0], STR("reading"));
	uint32_t uid, gid;

	if (!reading && (n == 0 || !str_eq(words[0], STR("notes"))))
		return fail(ERR_FORMAT,
		    "line %u: begins with neither reading nor notes", number);
	who = reading ? &u->reading : &u->notes;
	folder = reading ? &u->reading_folder : &u->notes_folder;
	if (folder->len > 0)
		return fail(ERR_FORMAT, "line %u: %.*s is there twice", number,
		    STR_ARG(words[0]));
	if (n != USERS_WORDS || !take_number(&uid, words[1]) ||
	    !take_number(&gid, words[2]) || !is_folder(words[3])) {
		err_clear();
		return fail(ERR_FORMAT,
		    "line %u: %.*s takes the numbers of a user and a group, "
		    "not 0, and an absolute folder",
		    number, STR_ARG(words[0]));
	}
	*who = (struct spawn_user){ uid, gid };
	*folder = arena_copy(a, words[3]);
	return ERR_NONE;
}

enum err
users_parse(struct users *out, struct arena *a, struct str text)
{
	struct users u = { .apart = true };
	struct str line;
	unsigned number = 0;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && str_cut(&text, '\n', &line)) {
		number++;
		line = str_trim(line);
		if (line.len > 0 && line.at[0] != '#')
			rc = take_line(&u, a, line, number);
	}
	if (rc != ERR_NONE)
		return rc;
	if (u.reading_folder.len == 0 || u.notes_folder.len == 0)
		return fail(ERR_FORMAT,
		    "a line for reading or for notes is "
		    "missing");
	if (u.reading.uid == u.notes.uid || u.reading.gid == u.notes.gid)
		return fail(ERR_FORMAT,
		    "reading and notes must differ in user and in group");
	*out = u;
	return ERR_NONE;
}

/* The same, with the file's name before it. */
static enum err
fail_at(enum err rc, struct arena *a, const char *path)
{
	struct str said = arena_printf(a, "%s", err_text());

	err_clear();
	return fail(rc, "%s: %.*s", path, STR_ARG(said));
}

static void
one_user(struct users *out, const char *why)
{
	*out = (struct users){ .why = why };
}

enum err
users_find(struct users *out, struct arena *a, const char *path, uid_t owner,
    bool able)
{
	struct buf text = { 0 };
	struct users u;
	enum err rc = owned_read(&text, path, owner, USERS_BYTES);

	if (rc == ERR_ABSENT) {
		err_clear();
		one_user(out, "this machine has no list of users for rooms");
		return ERR_NONE;
	}
	if (rc == ERR_NONE) {
		rc = users_parse(&u, a, buf_view(&text));
		if (rc != ERR_NONE)
			rc = fail_at(rc, a, path);
	}
	buf_release(&text);
	if (rc != ERR_NONE)
		return rc;
	if (u.reading.uid == getuid() || u.notes.uid == getuid())
		return fail(ERR_DENIED,
		    "%s: who logs in is one of the users of rooms", path);
	if (able)
		*out = u;
	else
		one_user(out, "this login may not change users");
	return ERR_NONE;
}

const struct spawn_user *
users_of(const struct users *u, enum room r)
{
	if (!u->apart || r == ROOM_DESK)
		return NULL;
	return r == ROOM_NOTES || r == ROOM_CHECK ? &u->notes : &u->reading;
}
