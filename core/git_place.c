#include "core/git_place.h"

#include <string.h>

#include "core/io.h"
#include "core/limits.h"

static bool
is_git_directory(struct arena *a, struct str path)
{
	return io_is_folder(arena_printf(a, "%s/objects", path.at).at) &&
	    io_is_folder(arena_printf(a, "%s/refs", path.at).at) &&
	    io_is_file(arena_printf(a, "%s/HEAD", path.at).at);
}

/* One line of a small file, without what surrounds it. */
static enum err
read_line(struct str *out, struct arena *a, struct str path)
{
	struct buf b = { 0 };
	enum err rc = io_read(&b, path.at, LIMIT_PATH);

	if (rc == ERR_NONE)
		*out = arena_copy(a, str_trim(buf_view(&b)));
	buf_release(&b);
	return rc;
}

/* A path written in a file of folder. */
static enum err
follow(struct str *out, struct arena *a, struct str folder, struct str path)
{
	if (!str_starts(path, STR("/")))
		path = arena_printf(a, "%s/%s", folder.at, path.at);
	return io_real_path(out, a, path.at);
}

/* git is the private directory of a linked working tree: objects and refs
 * lie in the common one, HEAD does not. */
static enum err
linked(struct git_place *out, struct arena *a, struct str git)
{
	struct str common, head;
	enum err rc;

	rc = read_line(&common, a, arena_printf(a, "%s/commondir", git.at));
	if (rc == ERR_NONE)
		rc = follow(&common, a, git, common);
	if (rc == ERR_NONE)
		rc = read_line(&head, a, arena_printf(a, "%s/HEAD", git.at));
	if (rc != ERR_NONE)
		return rc;
	if (!is_git_directory(a, common))
		return fail(ERR_ABSENT,
		    "%s: not a git directory, though %s "
		    "says so",
		    common.at, git.at);
	if (str_starts(head, STR("ref:")))
		head = str_trim(str_slice(head, 4, head.len));
	out->git = common;
	out->head = arena_copy(a, head);
	return ERR_NONE;
}

static enum err
from_git_file(struct git_place *out, struct arena *a, struct str folder)
{
	struct str file = arena_printf(a, "%s/.git", folder.at), line, git;
	enum err rc = read_line(&line, a, file);

	if (rc != ERR_NONE)
		return rc;
	if (!str_starts(line, STR("gitdir:")))
		return fail(ERR_FORMAT,
		    "%s: neither a folder nor a line "
		    "\"gitdir: PATH\"",
		    file.at);
	line = str_trim(str_slice(line, 7, line.len));
	rc = follow(&git, a, folder, arena_copy(a, line));
	if (rc != ERR_NONE)
		return rc;
	if (io_is_file(arena_printf(a, "%s/commondir", git.at).at))
		return linked(out, a, git);
	if (!is_git_directory(a, git))
		return fail(ERR_ABSENT,
		    "%s: not a git directory, though %s "
		    "says so",
		    git.at, file.at);
	out->git = git;
	return ERR_NONE;
}

static enum err
look_here(struct git_place *out, bool *found, struct arena *a,
    struct str folder)
{
	struct str inner = arena_printf(a, "%s/.git", folder.at);

	*found = true;
	if (is_git_directory(a, folder)) {
		out->git = folder;
		return ERR_NONE;
	}
	if (io_is_file(inner.at))
		return from_git_file(out, a, folder);
	if (io_is_folder(inner.at) && is_git_directory(a, inner))
		return io_real_path(&out->git, a, inner.at);
	*found = false;
	return ERR_NONE;
}

enum err
git_place_find(struct git_place *out, struct arena *a, const char *path)
{
	struct git_place place = { { "", 0 }, { "", 0 } };
	struct str at;
	bool found = false;
	enum err rc = io_real_path(&at, a, path);

	if (rc != ERR_NONE)
		return rc;
	if (!io_is_folder(at.at))
		return fail(ERR_ABSENT, "%s: not a folder, so no repository",
		    path);
	for (;;) {
		const char *slash = memrchr(at.at, '/', at.len);

		rc = look_here(&place, &found, a, at);
		if (rc != ERR_NONE || found || at.len <= 1 || slash == NULL)
			break;
		at = arena_copy(a,
		    str_slice(at, 0,
			slash == at.at ? 1 : (size_t)(slash - at.at)));
	}
	if (rc == ERR_NONE && !found)
		rc = fail(ERR_ABSENT, "%s: no git repository here or above",
		    path);
	if (rc == ERR_NONE)
		*out = place;
	return rc;
}
