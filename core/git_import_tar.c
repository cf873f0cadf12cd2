#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/git_import.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/spawn.h"

/*
 * tar as it is met: ustar, pax and GNU headers in blocks of 512 bytes.
 * Formats: POSIX.1-2017 pax, "ustar Interchange Format"; tar(5) for the GNU
 * 'L' and 'K' records and base-256 numbers.
 */
enum {
	BLOCK = 512,
	PIECE = 1024 * 1024,
	HEADERS = 1024 * 1024,    /* of one extended header */
	RATIO = 1000,             /* unpacked to packed bytes, beyond ... */
	RATIO_FROM = 1024 * 1024, /* so many packed ones */
};
#define UNPACK_MEMORY ((uint64_t)1 << 30)

struct tar_stream {
	const char *path;
	int file, from; /* the archive; what is read: it, or a pipe */
	pid_t pid;      /* of what unpacks, or 0 */
	uint64_t packed, unpacked;
	struct buf room; /* read and not yet taken: from `taken` on */
	size_t taken;
	bool ended;
};

/* The byte is one of what was unpacked: behind what was taken last. */
static enum err
damaged(const struct tar_stream *t, const char *what)
{
	return fail(ERR_FORMAT,
	    "%s: %s before byte %llu of the archive: ask for another copy",
	    t->path, what,
	    (unsigned long long)(t->unpacked - t->room.len + t->taken));
}

/* The shared offset of the archive says how far the other process is. */
static uint64_t
packed_so_far(const struct tar_stream *t)
{
	off_t at = lseek(t->file, 0, SEEK_CUR);

	return at < 0 ? 0 : (uint64_t)at;
}

static enum err
fill(struct tar_stream *t)
{
	ssize_t n;

	if (t->taken > 0) {
		memmove(t->room.at, t->room.at + t->taken,
		    t->room.len - t->taken);
		t->room.len -= t->taken;
		t->taken = 0;
	}
	do
		n = read(t->from, buf_grow(&t->room, PIECE), PIECE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(ERR_IO, "%s: %s", t->path, strerror(errno));
	t->ended = n == 0;
	t->room.len += (size_t)n;
	t->unpacked += (uint64_t)n;
	if (t->pid != 0 && t->unpacked / RATIO > packed_so_far(t) + RATIO_FROM)
		return fail(ERR_LIMIT,
		    "%s: unpacks to more than %d times its size: refused",
		    t->path, RATIO);
	return ERR_NONE;
}

/* The next len bytes, until the next call; fewer only at the end. */
static enum err
take(struct str *out, struct tar_stream *t, size_t len)
{
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && !t->ended && t->room.len - t->taken < len)
		rc = fill(t);
	if (rc != ERR_NONE)
		return rc;
	*out = str_slice(buf_view(&t->room), t->taken, len);
	t->taken += out->len;
	return ERR_NONE;
}

/* What packed it, by its first bytes; NULL: nothing did. */
static const char *
unpacker(struct str head)
{
	static const struct {
		struct str magic;
		const char *program;
	} rows[] = {
		{ STR("\x1f\x8b"), "/usr/bin/gzip" },
		{ STR("\xfd"
		      "7zXZ"),
		    "/usr/bin/xz" },
		{ STR("BZh"), "/usr/bin/bzip2" },
		{ STR("\x28\xb5\x2f\xfd"), "/usr/bin/zstd" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (str_starts(head, rows[i].magic))
			return rows[i].program;
	return NULL;
}

static enum err
start_unpacker(struct tar_stream *t, const char *program)
{
	static char word[][8] = { "unpack", "-dc" };
	char *const argv[] = { word[0], word[1], NULL };
	int out[2];
	enum err rc = spawn_pipe(out);

	if (rc != ERR_NONE)
		return rc;
	const struct spawn_fd fds[] = { { t->file, 0 }, { out[1], 1 } };
	const struct spawn s = { .path = program,
		.argv = argv,
		.fds = fds,
		.n_fds = 2,
		.session = true,
		.memory = UNPACK_MEMORY };

	rc = spawn_start(&t->pid, &s);
	close(out[1]);
	if (rc != ERR_NONE) {
		close(out[0]);
		t->pid = 0;
		err_clear();
		return fail(rc, "%s: unpacking it needs %s", t->path, program);
	}
	t->from = out[0];
	return ERR_NONE;
}

static enum err
tar_open(struct tar_stream *t, const char *path)
{
	char head[8] = "";
	const char *program;
	struct stat st;
	enum err rc;

	*t = (struct tar_stream){ .path = path, .file = -1, .from = -1 };
	rc = io_open(&t->file, path);
	if (rc != ERR_NONE)
		return rc;
	if (fstat(t->file, &st) != 0 || read(t->file, head, 6) < 0 ||
	    lseek(t->file, 0, SEEK_SET) != 0)
		return fail(ERR_IO, "%s: %s", path, strerror(errno));
	t->packed = (uint64_t)st.st_size;
	if (st.st_size == 0)
		return fail(ERR_FORMAT, "%s: is empty", path);
	program = unpacker((struct str){ head, 6 });
	t->from = t->file;
	return program == NULL ? ERR_NONE : start_unpacker(t, program);
}

/* What unpacks must have come to its end by itself. */
static enum err
tar_close(struct tar_stream *t, enum err rc)
{
	struct spawn_end end;

	buf_release(&t->room);
	if (t->from >= 0 && t->from != t->file)
		close(t->from);
	if (t->file >= 0)
		close(t->file);
	if (t->pid == 0)
		return rc;
	if (rc != ERR_NONE)
		spawn_kill(t->pid, SIGKILL);
	spawn_wait(&end, t->pid);
	if (rc == ERR_NONE && (end.signal != 0 || end.status != 0))
		return fail(ERR_FORMAT, "%s: damaged: it cannot be unpacked",
		    t->path);
	return rc;
}

/* One header, and what pax and GNU records said before it. */

struct member {
	struct buf path, link;
	uint64_t size;
	bool has_path, has_link, has_size;
	int64_t time;
	char type;
	uint32_t mode;
};

static void
member_clear(struct member *m)
{
	buf_clear(&m->path);
	buf_clear(&m->link);
	m->has_path = m->has_link = m->has_size = false;
}

static struct str
text_field(const char *at, size_t len)
{
	const char *end = memchr(at, '\0', len);

	return (struct str){ at, end == NULL ? len : (size_t)(end - at) };
}

/* Octal digits, or base 256 with the first bit set; false: neither. */
static bool
number_field(uint64_t *out, const char *at, size_t len)
{
	uint64_t v = 0;
	size_t i = 0;

	if ((at[0] & 0x80) != 0) {
		v = (unsigned char)at[0] & 0x3f;
		for (i = 1; i < len; i++) {
			if (v >> 55 != 0)
				return false;
			v = v << 8 | (unsigned char)at[i];
		}
		*out = v;
		return true;
	}
	while (i < len && at[i] == ' ')
		i++;
	for (; i < len && at[i] >= '0' && at[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(at[i] - '0');
	if (i < len && at[i] != '\0' && at[i] != ' ')
		return false;
	*out = v;
	return true;
}

static bool
sum_is_right(const char *h)
{
	uint64_t want, sum = 0;

	for (int i = 0; i < BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)h[i];
	return number_field(&want, h + 148, 8) && want == sum;
}

/* "LENGTH KEY=VALUE\n" again and again. */
static bool
take_pax(struct member *m, struct str rest)
{
	while (rest.len > 0) {
		size_t space = str_find(rest, STR(" "), 0), equals;
		uint64_t len;
		struct str line, key, value;

		if (space == SIZE_MAX ||
		    str_number(str_slice(rest, 0, space), rest.len, &len) !=
			ERR_NONE ||
		    len < space + 3 || rest.at[len - 1] != '\n')
			return false;
		line = str_slice(rest, space + 1, len - space - 2);
		rest = str_slice(rest, len, rest.len);
		equals = str_find(line, STR("="), 0);
		if (equals == SIZE_MAX)
			return false;
		key = str_slice(line, 0, equals);
		value = str_slice(line, equals + 1, line.len);
		if (str_eq(key, STR("path"))) {
			buf_clear(&m->path);
			buf_str(&m->path, value);
			m->has_path = true;
		} else if (str_eq(key, STR("linkpath"))) {
			buf_clear(&m->link);
			buf_str(&m->link, value);
			m->has_link = true;
		} else if (str_eq(key, STR("size"))) {
			if (str_number(value, UINT64_MAX, &m->size) != ERR_NONE)
				return false;
			m->has_size = true;
		} else if (str_starts(key, STR("GNU.sparse."))) {
			return false;
		}
	}
	return true;
}

static bool
take_header(struct member *m, const char *h)
{
	struct str name = text_field(h, 100), prefix = STR("");
	uint64_t mode, size, time;

	if (!number_field(&mode, h + 100, 8) ||
	    !number_field(&size, h + 124, 12) ||
	    !number_field(&time, h + 136, 12))
		return false;
	if (memcmp(h + 257, "ustar\0", 6) == 0)
		prefix = text_field(h + 345, 155);
	if (!m->has_path) {
		buf_str(&m->path, prefix);
		if (prefix.len > 0)
			buf_char(&m->path, '/');
		buf_str(&m->path, name);
	}
	if (!m->has_link)
		buf_str(&m->link, text_field(h + 157, 100));
	if (!m->has_size)
		m->size = size;
	m->mode = (mode & 0100) != 0 ? 0100755 : 0100644;
	m->time = time > INT64_MAX ? 0 : (int64_t)time;
	m->type = h[156];
	return true;
}

/* Plain parts with '/' between; "" when nothing is left.  ERR_FORMAT: it
 * would lead out of the archive. */
static enum err
plain_path(struct str *out, struct arena *a, struct str path,
    const struct tar_stream *t)
{
	struct buf b = { 0 };
	struct str part, whole = str_slice(path, 0, 200);

	while (str_cut(&path, '/', &part)) {
		if (part.len == 0 || str_eq(part, STR(".")))
			continue;
		if (str_eq(part, STR(".."))) {
			buf_release(&b);
			return fail(ERR_FORMAT,
			    "%s: names a file outside of itself, %.*s: ask "
			    "for an archive of one folder",
			    t->path, STR_ARG(whole));
		}
		if (b.len > 0)
			buf_char(&b, '/');
		buf_str(&b, part);
	}
	*out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out->len > LIMIT_PATH ?
	    fail(ERR_LIMIT, "%s: a path over %d bytes, %.*s...", t->path,
		LIMIT_PATH, STR_ARG(whole)) :
	    ERR_NONE;
}

static bool
in_git(struct str path)
{
	struct str part;

	while (str_cut(&path, '/', &part))
		if (str_eq(part, STR(".git")))
			return true;
	return false;
}

static enum err
give(struct tar_stream *t, struct member *m, git_import_fn *fn, void *arg,
    struct arena *a)
{
	struct git_import_file f = { .time = m->time };
	bool plain = m->type == '0' || m->type == '\0' || m->type == '7';
	struct str body = STR("");
	enum err rc = plain_path(&f.path, a, buf_view(&m->path), t);

	f.absolute = str_starts(buf_view(&m->path), STR("/"));

	if (rc == ERR_NONE && m->size > LIMIT_BLOB)
		rc = fail(ERR_LIMIT, "%s: a file of %llu bytes, at most %d",
		    t->path, (unsigned long long)m->size, LIMIT_BLOB);
	if (rc == ERR_NONE && m->type != '5')
		rc = take(&body, t, (size_t)m->size);
	if (rc == ERR_NONE && body.len < m->size && m->type != '5')
		rc = damaged(t, "cut off");
	if (rc != ERR_NONE || m->type == '5' || f.path.len == 0)
		return rc;
	if (plain || m->type == '2' || m->type == '1')
		f.mode = m->type == '2' ? 0120000 : m->mode;
	f.bytes = m->type == '2' ? buf_view(&m->link) : body;
	if (m->type == '1')
		rc = plain_path(&f.same_as, a, buf_view(&m->link), t);
	if (in_git(f.path))
		f.mode = 0;
	return rc == ERR_NONE ? fn(arg, &f) : rc;
}

/* Extended headers speak of the member that follows. */
static enum err
take_extension(struct tar_stream *t, struct member *m, char type, uint64_t size)
{
	struct str body;
	enum err rc;

	if (size > HEADERS)
		return damaged(t, "a header of over a megabyte");
	rc = take(&body, t, (size_t)size);
	if (rc != ERR_NONE)
		return rc;
	if (body.len < size)
		return damaged(t, "cut off");
	if (type == 'x' && !take_pax(m, body))
		return damaged(t, "an extended header that is none");
	if (type == 'L') {
		buf_clear(&m->path);
		buf_str(&m->path, text_field(body.at, body.len));
		m->has_path = true;
	} else if (type == 'K') {
		buf_clear(&m->link);
		buf_str(&m->link, text_field(body.at, body.len));
		m->has_link = true;
	}
	return ERR_NONE;
}

static enum err
skip_padding(struct tar_stream *t, uint64_t size)
{
	struct str rest;

	return take(&rest, t, (size_t)((BLOCK - size % BLOCK) % BLOCK));
}

static enum err
next_member(bool *end, struct tar_stream *t, struct member *m,
    git_import_fn *fn, void *arg)
{
	struct arena a = { 0 };
	struct str block;
	uint64_t size;
	char type, h[BLOCK];
	enum err rc = take(&block, t, BLOCK);

	if (rc != ERR_NONE)
		return rc;
	if (block.len < BLOCK)
		return damaged(t, "cut off");
	*end = block.at[0] == '\0';
	if (*end)
		return ERR_NONE;
	memcpy(h, block.at, BLOCK);
	if (!sum_is_right(h) || !number_field(&size, h + 124, 12))
		return damaged(t, "no header of a tar archive");
	type = h[156];
	if (memchr("xgLK", type, 4) != NULL) {
		rc = take_extension(t, m, type, size);
	} else if (type == 'S' || !take_header(m, h)) {
		rc = damaged(t, "a header that is not understood");
	} else {
		size = type == '5' ? 0 : m->size;
		rc = give(t, m, fn, arg, &a);
		member_clear(m);
	}
	arena_release(&a);
	return rc == ERR_NONE ? skip_padding(t, size) : rc;
}

enum err
git_import_tar(const char *path, git_import_fn *fn, git_import_at *at,
    void *arg)
{
	struct tar_stream t;
	struct member m = { 0 };
	uint64_t members = 0;
	bool end = false;
	enum err rc = tar_open(&t, path);

	while (rc == ERR_NONE && !end) {
		rc = next_member(&end, &t, &m, fn, arg);
		members++;
		if (at != NULL && members % 256 == 0)
			at(arg, packed_so_far(&t), t.packed);
	}
	if (rc == ERR_NONE && members == 1)
		rc = fail(ERR_FORMAT, "%s: holds no file", path);
	while (rc == ERR_NONE && !t.ended) { /* to its end: what unpacks says
					      * there whether all was well */
		t.taken = t.room.len;
		rc = fill(&t);
	}
	buf_release(&m.path);
	buf_release(&m.link);
	return tar_close(&t, rc);
}
