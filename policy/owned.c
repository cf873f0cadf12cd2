#include "policy/owned.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io.h"

/* Nor may anybody have been able to put another file in its place. */
static enum err
check_owner(const char *path, int fd, uid_t owner)
{
	char folder[256];
	const char *end = strrchr(path, '/');
	struct stat file, above;

	if (end == NULL || (size_t)(end - path) >= sizeof folder)
		bug("path of an administrator's file: %s", path);
	memcpy(folder, path, (size_t)(end - path));
	folder[end - path] = '\0';
	if (fstat(fd, &file) != 0 || lstat(folder, &above) != 0)
		return fail(ERR_IO, "%s: %s", path, strerror(errno));
	if (file.st_uid != owner || above.st_uid != owner ||
	    (file.st_mode & 022) != 0 || (above.st_mode & 022) != 0 ||
	    !S_ISDIR(above.st_mode))
		return fail(ERR_DENIED,
		    "%s: it and its folder must belong to "
		    "the administrator and be writable by nobody else",
		    path);
	return ERR_NONE;
}

enum err
owned_read(struct buf *out, const char *path, uid_t owner, size_t max)
{
	struct io_map map = { 0 };
	int fd;
	enum err rc = io_open(&fd, path);

	if (rc != ERR_NONE)
		return rc;
	rc = check_owner(path, fd, owner);
	if (rc == ERR_NONE)
		rc = io_map_fd(&map, fd, max);
	if (rc == ERR_NONE) {
		buf_clear(out);
		buf_str(out, map.bytes);
		io_unmap(&map);
	}
	close(fd);
	return rc;
}
