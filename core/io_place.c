#include "core/io_place.h"

#include "core/io.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
failed(const char *what, const char *name)
{
	int e = errno;

	return fail(e == EACCES || e == EPERM ? ERR_DENIED : ERR_IO,
	    "%s: %s: %s", name, what, strerror(e));
}

static enum err
look(struct io_place *out, int dir, const char *name)
{
	struct stat st;

	*out = (struct io_place){ 0 };
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			return ERR_NONE;
		return failed("looking", name);
	}
	*out = (struct io_place){
		.kind = S_ISREG(st.st_mode) ? IO_FILE :
		    S_ISDIR(st.st_mode)     ? IO_FOLDER :
		    S_ISLNK(st.st_mode)     ? IO_LINK :
					      IO_OTHER,
		.mode = st.st_mode & 07777,
		.uid = st.st_uid,
		.gid = st.st_gid,
		.bytes = (uint64_t)st.st_size,
		.changed = st.st_mtime,
		.device = st.st_dev,
	};
	return ERR_NONE;
}

enum err
io_place_look(struct io_place *out, const char *path)
{
	return look(out, AT_FDCWD, path);
}

enum err
io_place_look_at(struct io_place *out, int dir, const char *name)
{
	const char *leaf;
	int at;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc == ERR_ABSENT) {
		err_clear();
		*out = (struct io_place){ 0 };
		return ERR_NONE;
	}
	if (rc != ERR_NONE)
		return rc;
	rc = look(out, at, leaf);
	close(at);
	return rc;
}

enum err
io_place_target(struct str *out, struct arena *a, const char *path)
{
	char to[4096];
	ssize_t n = readlink(path, to, sizeof to);

	if (n < 0 && (errno == ENOENT || errno == EINVAL || errno == ENOTDIR))
		return fail(ERR_ABSENT, "%s: no link", path);
	if (n < 0)
		return failed("reading a link", path);
	if ((size_t)n == sizeof to)
		return fail(ERR_LIMIT, "%s: a link of over 4095 bytes", path);
	*out = arena_copy(a, (struct str){ to, (size_t)n });
	return ERR_NONE;
}

enum err
io_place_link(int dir, const char *name, const char *to)
{
	const char *leaf;
	int at;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	if (symlinkat(to, at, leaf) != 0)
		rc = errno == EEXIST ?
		    fail(ERR_DENIED, "%s: exists already", name) :
		    failed("making a link", name);
	if (rc == ERR_NONE && fsync(at) != 0)
		rc = failed("syncing the folder of", name);
	close(at);
	return rc;
}

enum err
io_place_own(int dir, const char *name, const struct io_place *p)
{
	const char *leaf;
	int at, fd;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	fd = openat(at, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close(at);
	if (fd < 0)
		return failed("opening", name);
	/* The mode last: a change of owner takes setuid bits away. */
	if (fchown(fd, p->uid, p->gid) != 0 || fchmod(fd, p->mode) != 0)
		rc = failed("setting owner and mode", name);
	close(fd);
	return rc;
}

enum err
io_place_remove_folder(int dir, const char *name)
{
	const char *leaf;
	int at;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	if (rc != ERR_NONE)
		return rc;
	if (unlinkat(at, leaf, AT_REMOVEDIR) != 0 && errno != ENOENT)
		rc = errno == ENOTEMPTY || errno == EEXIST ?
		    fail(ERR_DENIED, "%s: not empty", name) :
		    failed("removing", name);
	if (rc == ERR_NONE && fsync(at) != 0)
		rc = failed("syncing the folder of", name);
	close(at);
	return rc;
}

static enum err
overwrite(int fd, const char *name)
{
	static const char zeros[64 * 1024];
	struct stat st;
	uint64_t left;
	enum err rc = ERR_NONE;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail(ERR_DENIED, "%s: not a regular file", name);
	left = (uint64_t)st.st_size;
	while (left > 0 && rc == ERR_NONE) {
		size_t n = left < sizeof zeros ? (size_t)left : sizeof zeros;

		rc = io_put(fd, (struct str){ zeros, n });
		left -= n;
	}
	/* On the disk before the name goes: else nothing would be written. */
	if (rc == ERR_NONE && fsync(fd) != 0)
		rc = failed("syncing", name);
	if (rc == ERR_NONE && ftruncate(fd, 0) != 0)
		rc = failed("cutting", name);
	return rc;
}

enum err
io_place_wipe(int dir, const char *name)
{
	const char *leaf;
	int at, fd;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	fd = openat(at, leaf, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		rc = failed("opening", name);
	} else {
		rc = overwrite(fd, name);
		close(fd);
	}
	close(at);
	return rc == ERR_NONE ? io_remove_at(dir, name) : rc;
}
