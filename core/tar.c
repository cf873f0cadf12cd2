#include "core/tar.h"

#include <stdio.h>
#include <string.h>

/*
 * A header (POSIX.1-1988 ustar), all of it text, numbers in octal:
 *
 *	0 name  100 mode  108 uid  116 gid  124 size  136 mtime  148 checksum
 *	156 type  157 link  257 "ustar\0" "00"  265 user  297 group
 *	329 device  337 device  345 prefix  500 end
 */
enum {
	BLOCK = 512,
	AT_SIZE = 124,
	SIZE_DIGITS = 11,
	AT_SUM = 148,
	NAME_FIELD = 100,
};

/* Letters, digits, '.', '_' and '-' in parts that do not begin with '.'. */
static bool
is_name(struct str name)
{
	bool start = true;

	if (name.len == 0 || name.len > TAR_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.at[i];

		if (c == '/' || c == '.') {
			if (start)
				return false;
		} else if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '_' && c != '-') {
			return false;
		}
		start = c == '/';
	}
	return !start;
}

static void
make_header(char h[BLOCK], struct str name, size_t size)
{
	unsigned sum = 0;

	memset(h, 0, BLOCK);
	memcpy(h, name.at, name.len);
	memcpy(h + 100, "0000644", 7);
	memcpy(h + 108, "0000000", 7);
	memcpy(h + 116, "0000000", 7);
	snprintf(h + AT_SIZE, SIZE_DIGITS + 1, "%011zo", size);
	memcpy(h + 136, "00000000000", 11);
	memset(h + AT_SUM, ' ', 8);
	h[156] = '0';
	memcpy(h + 257, "ustar", 6);
	memcpy(h + 263, "00", 2);
	for (int i = 0; i < BLOCK; i++)
		sum += (unsigned char)h[i];
	snprintf(h + AT_SUM, 7, "%06o", sum & 0777777);
}

static void
pad(struct buf *b, size_t len)
{
	static const char zero[BLOCK];

	buf_add(b, zero, len);
}

enum err
tar_add(struct buf *tar, struct str name, struct str bytes)
{
	char header[BLOCK];

	if (!is_name(name))
		return fail(ERR_FORMAT, "not a name for a file of an export");
	if (bytes.len >= (size_t)1 << 33)
		return fail(ERR_LIMIT, "a file of %zu bytes", bytes.len);
	make_header(header, name, bytes.len);
	buf_add(tar, header, BLOCK);
	buf_str(tar, bytes);
	pad(tar, (BLOCK - bytes.len % BLOCK) % BLOCK);
	return ERR_NONE;
}

void
tar_end(struct buf *tar)
{
	pad(tar, BLOCK);
	pad(tar, BLOCK);
}

static bool
is_zero(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != '\0')
			return false;
	return true;
}

static enum err
read_size(const char *header, size_t *size)
{
	size_t n = 0;

	for (int i = 0; i < SIZE_DIGITS; i++) {
		char c = header[AT_SIZE + i];

		if (c < '0' || c > '7')
			return fail(ERR_FORMAT, "not a tar of an export");
		n = n * 8 + (size_t)(c - '0');
	}
	*size = n;
	return ERR_NONE;
}

/* One file off the front; its header must be the one we would write. */
static enum err
read_file(struct tar_file *f, struct str *rest)
{
	char want[BLOCK];
	size_t size, whole;
	enum err rc;

	f->name = (struct str){ rest->at, strnlen(rest->at, NAME_FIELD) };
	if (!is_name(f->name))
		return fail(ERR_FORMAT, "a tar with a name that is refused");
	rc = read_size(rest->at, &size);
	if (rc != ERR_NONE)
		return rc;
	make_header(want, f->name, size);
	if (memcmp(want, rest->at, BLOCK) != 0)
		return fail(ERR_FORMAT, "not a tar of an export");
	whole = (size + BLOCK - 1) / BLOCK * BLOCK;
	*rest = str_slice(*rest, BLOCK, rest->len);
	if (rest->len < whole)
		return fail(ERR_FORMAT, "the tar is cut short");
	f->bytes = str_slice(*rest, 0, size);
	if (!is_zero(str_slice(*rest, size, whole - size)))
		return fail(ERR_FORMAT, "not a tar of an export");
	*rest = str_slice(*rest, whole, rest->len);
	return ERR_NONE;
}

enum err
tar_read(struct tar *out, struct arena *a, struct str bytes, size_t max)
{
	struct tar t = { 0 };
	struct tar_file f;
	enum err rc;

	if (bytes.len > max)
		return fail(ERR_LIMIT,
		    "a tar of %zu bytes, at most %zu are "
		    "taken",
		    bytes.len, max);
	t.files = arena_array(a, TAR_FILES_MAX, struct tar_file);
	while (bytes.len >= BLOCK && !is_zero(str_slice(bytes, 0, BLOCK))) {
		if (t.n == TAR_FILES_MAX)
			return fail(ERR_LIMIT, "over %d files in a tar",
			    TAR_FILES_MAX);
		rc = read_file(&f, &bytes);
		if (rc != ERR_NONE)
			return rc;
		if (tar_find(&t, f.name) != NULL)
			return fail(ERR_FORMAT, "a tar with a name twice");
		t.files[t.n++] = f;
	}
	if (bytes.len != 2 * BLOCK || !is_zero(bytes))
		return fail(ERR_FORMAT, "the tar does not end as it should");
	*out = t;
	return ERR_NONE;
}

const struct tar_file *
tar_find(const struct tar *t, struct str name)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (str_eq(t->files[i].name, name))
			return &t->files[i];
	return NULL;
}
