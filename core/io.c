#include "core/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef TINY
enum { IO_CHUNK = 16 };
#else
enum { IO_CHUNK = 256 * 1024 };
#endif

static enum err
failed(const char *what, const char *path)
{
	int e = errno;

	if (e == ENOENT || e == ENOTDIR)
		return fail(ERR_ABSENT, "%s: no such file or folder", path);
	if (e == ELOOP)
		return fail(ERR_DENIED, "%s: a symbolic link is not followed",
		    path);
	if (e == EACCES || e == EPERM)
		return fail(ERR_DENIED, "%s: %s: %s", path, what, strerror(e));
	return fail(ERR_IO, "%s: %s: %s", path, what, strerror(e));
}

static enum err
size_of(int fd, const char *path, size_t max, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return failed("reading", path);
	if (!S_ISREG(st.st_mode))
		return fail(ERR_FORMAT, "%s: not a regular file", path);
	if ((uintmax_t)st.st_size > max)
		return fail(ERR_LIMIT, "%s: %ju bytes, at most %zu are taken",
		    path, (uintmax_t)st.st_size, max);
	*size = (size_t)st.st_size;
	return ERR_NONE;
}

static enum err
read_all(struct buf *b, int fd, const char *path, size_t max)
{
	buf_clear(b);
	for (;;) {
		char *at = buf_grow(b, IO_CHUNK);
		ssize_t n = read(fd, at, IO_CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed("reading", path);
		b->len += (size_t)n;
		b->at[b->len] = '\0';
		if (n == 0)
			return ERR_NONE;
		if (b->len > max)
			return fail(ERR_LIMIT, "%s: over %zu bytes", path, max);
	}
}

enum err
io_read_at(struct buf *b, int dir, const char *name, size_t max)
{
	int fd = openat(dir, name,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t size;
	enum err rc;

	if (fd < 0)
		return failed("opening", name);
	rc = size_of(fd, name, max, &size);
	if (rc == ERR_NONE)
		rc = read_all(b, fd, name, max);
	close(fd);
	return rc;
}

enum err
io_read(struct buf *b, const char *path, size_t max)
{
	return io_read_at(b, AT_FDCWD, path, max);
}

enum err
io_map_fd(struct io_map *out, int fd, size_t max)
{
	size_t size;
	void *at;
	enum err rc = size_of(fd, "a mapped file", max, &size);

	if (rc != ERR_NONE)
		return rc;
	if (size == 0) {
		out->bytes = (struct str){ "", 0 };
		return ERR_NONE;
	}
	at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return failed("mapping", "a file");
	out->bytes = (struct str){ at, size };
	return ERR_NONE;
}

enum err
io_map(struct io_map *out, const char *path, size_t max)
{
	int fd;
	enum err rc = io_open(&fd, path);

	if (rc != ERR_NONE)
		return rc;
	rc = io_map_fd(out, fd, max);
	close(fd);
	return rc;
}

void
io_unmap(struct io_map *m)
{
	if (m->bytes.len > 0)
		munmap((void *)(uintptr_t)m->bytes.at, m->bytes.len);
	*m = (struct io_map){ 0 };
}

enum err
io_open(int *fd, const char *path)
{
	*fd = open(path,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return *fd < 0 ? failed("opening", path) : ERR_NONE;
}

enum err
io_point_at(int *fd, const char *path)
{
	*fd = open(path, O_PATH | O_CLOEXEC);
	return *fd < 0 ? failed("opening", path) : ERR_NONE;
}

enum err
io_open_folder(int *fd, const char *path)
{
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *fd < 0 ? failed("opening", path) : ERR_NONE;
}

enum err
io_make_folder(int *fd, const char *path)
{
	char *copy = strdup(path);
	enum err rc = ERR_NONE;

	if (copy == NULL)
		bug("no memory for a path");
	for (char *p = copy + 1; *copy != '\0' && rc == ERR_NONE; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			rc = failed("making a folder", path);
		*p = c;
		if (c == '\0')
			break;
	}
	free(copy);
	return rc == ERR_NONE ? io_open_folder(fd, path) : rc;
}

/* Relative, and no part empty, "." or "..". */
static enum err
check_name(const char *name)
{
	struct str rest = str_of(name), part;

	if (rest.len == 0 || str_ends(rest, STR("/")))
		return fail(ERR_DENIED, "%s: not a name for a file", name);
	while (str_cut(&rest, '/', &part))
		if (part.len == 0 || str_eq(part, STR(".")) ||
		    str_eq(part, STR("..")))
			return fail(ERR_DENIED, "%s: not a name for a file",
			    name);
	return ERR_NONE;
}

enum err
io_walk(int *fd, const char **leaf, int dir, const char *name)
{
	const char *slash;
	enum err rc = check_name(name);
	int at;

	if (rc != ERR_NONE)
		return rc;
	at = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (at >= 0 && (slash = strchr(name, '/')) != NULL) {
		char part[256];
		int next = -1;

		if ((size_t)(slash - name) < sizeof part) {
			memcpy(part, name, (size_t)(slash - name));
			part[slash - name] = '\0';
			next = openat(at, part,
			    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		} else {
			errno = ENAMETOOLONG;
		}
		close(at);
		at = next;
		name = slash + 1;
	}
	if (at < 0)
		return failed("opening the folder", name);
	*fd = at;
	*leaf = name;
	return ERR_NONE;
}

enum err
io_make_folder_at(int dir, const char *name)
{
	const char *leaf;
	int at;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	if (mkdirat(at, leaf, 0700) != 0 && errno != EEXIST)
		rc = failed("making a folder", name);
	close(at);
	return rc;
}

enum err
io_open_log(int *fd, const char *path)
{
	int got = open(path,
	    O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK |
		O_CLOEXEC,
	    0600);
	struct stat st;

	if (got < 0)
		return fail(ERR_IO, "%s: %s", path, strerror(errno));
	if (fstat(got, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(got);
		return fail(ERR_DENIED, "%s: not a regular file", path);
	}
	*fd = got;
	return ERR_NONE;
}

enum err
io_put(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		size_t part = bytes.len < IO_CHUNK ? bytes.len : IO_CHUNK;
		ssize_t n = write(fd, bytes.at, part);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(ERR_IO, "writing: %s", strerror(errno));
		bytes = str_slice(bytes, (size_t)n, bytes.len - (size_t)n);
	}
	return ERR_NONE;
}

/* A file being written beside its place. */
struct io_file {
	int dir, fd;
	struct buf leaf, beside;
	struct str name;
	bool exclusive;
};

static void
free_file(struct io_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->dir >= 0)
		close(f->dir);
	buf_release(&f->leaf);
	buf_release(&f->beside);
	free(f);
}

enum err
io_lock(int fd, const char *path)
{
	enum { TRIES = 30, BETWEEN = 100 }; /* milliseconds */

	for (int i = 0; i < TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
			return ERR_NONE;
		(void)poll(NULL, 0, BETWEEN);
	}
	return fail(ERR_DENIED, "%s: another process is at work there", path);
}

enum err
io_write_start(struct io_file **out, int dir, const char *name)
{
	struct io_file *f = calloc(1, sizeof *f);
	const char *leaf;
	enum err rc;

	if (f == NULL)
		bug("no memory for a file");
	f->dir = f->fd = -1;
	rc = io_walk(&f->dir, &leaf, dir, name);
	if (rc == ERR_NONE) {
		buf_str(&f->leaf, str_of(leaf));
		buf_printf(&f->beside, ".%s.new", leaf);
		unlinkat(f->dir, f->beside.at, 0);
		f->fd = openat(f->dir, f->beside.at,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (f->fd < 0)
			rc = failed("writing", name);
	}
	if (rc == ERR_NONE)
		*out = f;
	else
		free_file(f);
	return rc;
}

enum err
io_write(struct io_file *f, struct str bytes)
{
	return io_put(f->fd, bytes);
}

enum err
io_write_finish(struct io_file *f)
{
	enum err rc = ERR_NONE;

	if (fsync(f->fd) != 0)
		rc = failed("syncing", f->leaf.at);
	if (rc == ERR_NONE && f->exclusive) {
		if (linkat(f->dir, f->beside.at, f->dir, f->leaf.at, 0) != 0)
			rc = errno == EEXIST ?
			    fail(ERR_DENIED, "%s: exists already", f->leaf.at) :
			    failed("writing", f->leaf.at);
		unlinkat(f->dir, f->beside.at, 0);
	} else if (rc == ERR_NONE &&
	    renameat(f->dir, f->beside.at, f->dir, f->leaf.at) != 0) {
		rc = failed("writing", f->leaf.at);
	}
	if (rc == ERR_NONE && fsync(f->dir) != 0)
		rc = failed("syncing the folder of", f->leaf.at);
	if (rc != ERR_NONE)
		unlinkat(f->dir, f->beside.at, 0);
	free_file(f);
	return rc;
}

void
io_write_drop(struct io_file *f)
{
	if (f == NULL)
		return;
	unlinkat(f->dir, f->beside.at, 0);
	free_file(f);
}

static enum err
write_whole(int dir, const char *name, struct str bytes, bool exclusive)
{
	struct io_file *f;
	enum err rc = io_write_start(&f, dir, name);

	if (rc != ERR_NONE)
		return rc;
	f->exclusive = exclusive;
	rc = io_write(f, bytes);
	if (rc == ERR_NONE)
		return io_write_finish(f);
	io_write_drop(f);
	return rc;
}

enum err
io_replace_at(int dir, const char *name, struct str bytes)
{
	return write_whole(dir, name, bytes, false);
}

enum err
io_create_at(int dir, const char *name, struct str bytes)
{
	return write_whole(dir, name, bytes, true);
}

enum err
io_append_at(int dir, const char *name, struct str bytes)
{
	const char *leaf;
	int at, fd;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	fd = openat(at, leaf,
	    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	close(at);
	if (fd < 0)
		return failed("writing", name);
	rc = io_put(fd, bytes);
	if (rc == ERR_NONE && fsync(fd) != 0)
		rc = failed("syncing", name);
	close(fd);
	return rc;
}

enum err
io_remove_at(int dir, const char *name)
{
	const char *leaf;
	int at;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	if (unlinkat(at, leaf, 0) != 0 && errno != ENOENT)
		rc = failed("removing", name);
	if (rc == ERR_NONE && fsync(at) != 0)
		rc = failed("syncing the folder of", name);
	close(at);
	return rc;
}

static int
compare_names(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum err
io_list(struct io_names *out, struct arena *a, const char *path)
{
	DIR *dir = opendir(path);
	struct buf names = { 0 };
	struct dirent *entry;
	struct str rest, name;
	size_t n = 0;

	if (dir == NULL)
		return failed("listing", path);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		buf_add(&names, entry->d_name, strlen(entry->d_name) + 1);
		n++;
	}
	closedir(dir);
	out->at = arena_array(a, n, struct str);
	out->len = 0;
	rest = buf_view(&names);
	while (str_cut(&rest, '\0', &name) && out->len < n)
		out->at[out->len++] = arena_copy(a, name);
	qsort(out->at, out->len, sizeof *out->at, compare_names);
	buf_release(&names);
	return ERR_NONE;
}

static int
compare_entries(const void *a, const void *b)
{
	return str_cmp(((const struct io_entry *)a)->name,
	    ((const struct io_entry *)b)->name);
}

static enum err
list_folder(struct buf *names, size_t *n, DIR *dir, const char *path,
    size_t max)
{
	struct dirent *entry;

	*n = 0;
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (++*n > max)
			return fail(ERR_LIMIT, "%s: over %zu names", path, max);
		buf_add(names, entry->d_name, strlen(entry->d_name) + 1);
	}
	return ERR_NONE;
}

static void
take_entries(struct io_entries *out, struct arena *a, struct str rest, size_t n,
    int fd)
{
	struct io_entries list = { arena_array(a, n, struct io_entry), 0 };
	struct str name;

	while (str_cut(&rest, '\0', &name) && list.len < n) {
		struct io_entry *e = &list.at[list.len++];
		struct stat st;

		e->name = arena_copy(a, name);
		if (fstatat(fd, e->name.at, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		e->folder = S_ISDIR(st.st_mode);
		e->file = S_ISREG(st.st_mode);
		e->link = S_ISLNK(st.st_mode);
		e->exec = e->file && (st.st_mode & S_IXUSR) != 0;
	}
	if (list.len > 0)
		qsort(list.at, list.len, sizeof *list.at, compare_entries);
	*out = list;
}

enum err
io_list_at(struct io_entries *out, struct arena *a, int dir, const char *name,
    size_t max)
{
	struct buf names = { 0 };
	const char *leaf = ".";
	size_t n;
	DIR *d;
	enum err rc = ERR_NONE;
	int fd, at = -1;

	if (strcmp(name, ".") != 0) {
		rc = io_walk(&at, &leaf, dir, name);
		if (rc != ERR_NONE)
			return rc;
		dir = at;
	}
	fd = openat(dir, leaf, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (at >= 0)
		close(at);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (d == NULL)
		return failed("listing", name);
	rc = list_folder(&names, &n, d, name, max);
	if (rc == ERR_NONE)
		take_entries(out, a, buf_view(&names), n, fd);
	closedir(d);
	buf_release(&names);
	return rc;
}

enum err
io_read_link_at(struct str *out, struct arena *a, int dir, const char *name)
{
	char target[4097];
	const char *leaf;
	ssize_t n;
	int at;
	enum err rc = io_walk(&at, &leaf, dir, name);

	if (rc != ERR_NONE)
		return rc;
	n = readlinkat(at, leaf, target, sizeof target);
	close(at);
	if (n < 0)
		return failed("reading", name);
	if ((size_t)n == sizeof target)
		return fail(ERR_LIMIT, "%s: a link of over 4096 bytes", name);
	*out = arena_copy(a, (struct str){ target, (size_t)n });
	return ERR_NONE;
}

static bool
is_kind(const char *path, mode_t kind)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

bool
io_is_folder(const char *path)
{
	return is_kind(path, S_IFDIR);
}

bool
io_is_file(const char *path)
{
	return is_kind(path, S_IFREG);
}

static int64_t
nanoseconds(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

enum err
io_identify(struct io_identity *out, const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return failed("looking at", path);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return fail(ERR_FORMAT, "%s is no file", path);
	*out = (struct io_identity){ .device = st.st_dev,
		.number = st.st_ino,
		.bytes = (uint64_t)st.st_size,
		.modified = nanoseconds(st.st_mtim),
		.changed = nanoseconds(st.st_ctim),
		.folder = S_ISDIR(st.st_mode) };
	return ERR_NONE;
}

enum err
io_real_path(struct str *out, struct arena *a, const char *path)
{
	char *real = realpath(path, NULL);

	if (real == NULL)
		return failed("looking for", path);
	*out = arena_copy(a, str_of(real));
	free(real);
	return ERR_NONE;
}
