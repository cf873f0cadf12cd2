/*
 * station_plan.h - making a fresh Debian 12 a review station, and back.
 *
 * What a station has is a list of things: folders, files, links, lines of
 * files that are shared with others.  The plan is what of it is not so yet;
 * carrying it out twice changes nothing the second time.  Each change is
 * written down before it is made (UNDO below the root), with what was there
 * before, so that undoing gives the tree as it was, also after a crash in
 * the middle.  Nothing is started and no program is run: it takes effect at
 * the next start.
 *
 * UNDO, one change a line, the last one first undone:
 *
 *	vitrine-station-undo 1
 *	folder PATH
 *	file PATH
 *	link PATH
 *	line PATH KEY                     "KEY:..." in PATH
 *	text PATH LINE                    this whole line in PATH
 *	off PATH LINE                     "#vitrine# LINE" was LINE
 *	was N MODE UID GID PATH           before/N has what PATH held
 *	waslink TARGET PATH
 *	wasmode MODE UID GID PATH         of a folder
 *	made PATH                         empty, for a line
 */
#pragma once

#include "core/arena.h"

#define STATION_UNDO "var/lib/vitrine-station"

enum station_kind {
	STATION_FOLDER,
	STATION_FILE,
	STATION_LINK, /* text is its target */
	STATION_LINE, /* text is "KEY:rest": there is one with this KEY */
	STATION_TEXT, /* text is a whole line */
	STATION_OFF,  /* text is a whole line that must not be there */
};

struct station_thing {
	enum station_kind kind;
	struct str path, text;   /* path below the root, without a slash */
	uint32_t mode, uid, gid; /* of folders and files */
	const char *why;
};

struct station_things {
	struct station_thing *at;
	size_t n, room;
};

/* What is not so yet, in the order in which it is done. */
struct station_change {
	const struct station_thing *thing; /* NULL: of an earlier install, and
					      no longer wanted */
	struct str line;                   /* of UNDO, when thing is NULL */
	bool replaces;                     /* something else is there now */
};
struct station_plan {
	struct station_change *at;
	size_t n;
};

/* root is opened as a folder.  ERR_FORMAT: UNDO cannot be read. */
enum err station_plan_make(struct station_plan *out, struct arena *a,
    const char *root, const struct station_things *want) MUST_CHECK;
/* One line for people. */
struct str station_plan_say(const struct station_change *c, struct arena *a);

/* ERR_DENIED: not allowed to (not root). */
enum err station_plan_do(const struct station_plan *p, struct arena *a,
    const char *root) MUST_CHECK;

/*
 * Takes back all that UNDO has.  said() is told of each thing that stays,
 * because somebody else has put something into it since.  ERR_ABSENT:
 * nothing was installed.
 */
enum err station_plan_undo(struct arena *a, const char *root, size_t *undone,
    void (*said)(void *arg, struct str line), void *arg) MUST_CHECK;
