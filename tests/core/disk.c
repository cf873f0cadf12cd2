#include "tests/core/disk.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FILES = 16, OPS = 4096 };

struct op {
	sqlite3_int64 at; /* -1: truncate to size */
	size_t size;
	struct buf bytes;
};

struct file {
	char *path;
	bool exists, durable; /* durable: its name survives the power */
	struct buf now, synced;
	struct op ops[OPS]; /* since the last sync */
	size_t n;
};

struct handle {
	sqlite3_file base;
	struct file *file;
};

static struct file files[FILES];
static unsigned operations, fail_at;
static enum disk_fault fault;
static bool failed;
static sqlite3_vfs *real;

/* SQLITE_OK, or what this operation fails with. */
static int
operation(bool grows)
{
	operations++;
	if (fail_at == 0 || operations < fail_at || fault == DISK_SHORT ||
	    fault == DISK_SYNC)
		return SQLITE_OK;
	if (fault == DISK_ERROR && operations > fail_at)
		return SQLITE_OK;
	if (fault == DISK_FULL && !grows)
		return SQLITE_OK;
	failed = true;
	return fault == DISK_FULL ? SQLITE_FULL : SQLITE_IOERR;
}

static struct file *
find(const char *path, bool make)
{
	for (int i = 0; i < FILES; i++)
		if (files[i].path != NULL && strcmp(files[i].path, path) == 0)
			return &files[i];
	for (int i = 0; i < FILES && make; i++) {
		if (files[i].path != NULL)
			continue;
		files[i].path = strdup(path);
		return &files[i];
	}
	return NULL;
}

static void
put(struct buf *b, sqlite3_int64 at, struct str bytes)
{
	size_t end = (size_t)at + bytes.len;

	if (end > b->len) {
		memset(buf_grow(b, end - b->len), 0, end - b->len);
		b->len = end;
	}
	memcpy(b->at + at, bytes.at, bytes.len);
}

static void
cut(struct buf *b, size_t size)
{
	if (size < b->len)
		b->len = size;
}

static void
apply(struct buf *b, const struct op *op)
{
	if (op->at < 0)
		cut(b, op->size);
	else
		put(b, op->at, buf_view(&op->bytes));
}

static struct op *
remember(struct file *f)
{
	if (f->n == OPS)
		abort();
	return &f->ops[f->n++];
}

static void
forget(struct file *f)
{
	for (size_t i = 0; i < f->n; i++)
		buf_release(&f->ops[i].bytes);
	f->n = 0;
}

static struct file *
file_of(sqlite3_file *h)
{
	return ((struct handle *)(void *)h)->file;
}

static int
do_close(sqlite3_file *h)
{
	(void)h;
	return SQLITE_OK;
}

static int
do_read(sqlite3_file *h, void *out, int len, sqlite3_int64 at)
{
	struct buf *b = &file_of(h)->now;
	size_t have = (size_t)at >= b->len ? 0 : b->len - (size_t)at;

	if (fail_at != 0 && fault == DISK_POWER && failed)
		return SQLITE_IOERR_READ;
	if (have > (size_t)len)
		have = (size_t)len;
	memset(out, 0, (size_t)len);
	if (have > 0)
		memcpy(out, b->at + at, have);
	return have < (size_t)len ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

/* The first of its kind from operation fail_at on. */
static bool
is_turn(enum disk_fault kind)
{
	if (fail_at == 0 || failed || fault != kind || operations < fail_at)
		return false;
	failed = true;
	return true;
}

static int
do_write(sqlite3_file *h, const void *bytes, int len, sqlite3_int64 at)
{
	size_t end = (size_t)at + (size_t)len;
	int code = operation(end > file_of(h)->now.len);
	bool cut_short = is_turn(DISK_SHORT);
	struct op *op;

	if (code != SQLITE_OK)
		return code;
	if (cut_short)
		len /= 2;
	op = remember(file_of(h));
	op->at = at;
	buf_add(&op->bytes, bytes, (size_t)len);
	apply(&file_of(h)->now, op);
	return cut_short ? SQLITE_FULL : SQLITE_OK;
}

static int
do_truncate(sqlite3_file *h, sqlite3_int64 size)
{
	int code = operation(false);
	struct op *op;

	if (code != SQLITE_OK)
		return code;
	op = remember(file_of(h));
	op->at = -1;
	op->size = (size_t)size;
	apply(&file_of(h)->now, op);
	return SQLITE_OK;
}

static int
do_sync(sqlite3_file *h, int flags)
{
	struct file *f = file_of(h);
	int code = operation(false);

	(void)flags;
	if (code != SQLITE_OK)
		return code;
	if (is_turn(DISK_SYNC))
		return SQLITE_IOERR_FSYNC;
	for (size_t i = 0; i < f->n; i++)
		apply(&f->synced, &f->ops[i]);
	forget(f);
	f->durable = true;
	return SQLITE_OK;
}

static int
do_size(sqlite3_file *h, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)file_of(h)->now.len;
	return SQLITE_OK;
}

static int
do_lock(sqlite3_file *h, int kind)
{
	(void)h;
	(void)kind;
	return SQLITE_OK;
}

static int
do_locked(sqlite3_file *h, int *out)
{
	(void)h;
	*out = 0;
	return SQLITE_OK;
}

static int
do_control(sqlite3_file *h, int op, void *arg)
{
	(void)h;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int
do_sector(sqlite3_file *h)
{
	(void)h;
	return 512;
}

static int
do_device(sqlite3_file *h)
{
	(void)h;
	return 0;
}

static const sqlite3_io_methods methods = {
	1,
	do_close,
	do_read,
	do_write,
	do_truncate,
	do_sync,
	do_size,
	do_lock,
	do_lock,
	do_locked,
	do_control,
	do_sector,
	do_device,
	NULL,
	NULL,
	NULL,
	NULL,
	NULL,
	NULL,
};

static int
do_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *h, int flags,
    int *out)
{
	struct handle *handle = (void *)h;

	(void)vfs;
	handle->file = find(path, true);
	if (handle->file == NULL)
		return SQLITE_CANTOPEN;
	handle->file->exists = true;
	handle->base.pMethods = &methods;
	if (out != NULL)
		*out = flags;
	return SQLITE_OK;
}

static int
do_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	struct file *f = find(path, false);
	int code = operation(false);

	(void)vfs;
	if (code != SQLITE_OK || f == NULL)
		return code;
	f->exists = false;
	f->now.len = 0;
	forget(f);
	if (sync) {
		f->durable = false;
		f->synced.len = 0;
	}
	return SQLITE_OK;
}

static int
do_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
	const struct file *f = find(path, false);

	(void)vfs;
	(void)flags;
	*out = f != NULL && f->exists;
	return SQLITE_OK;
}

static int
do_full(sqlite3_vfs *vfs, const char *path, int len, char *out)
{
	(void)vfs;
	sqlite3_snprintf(len, out, "%s", path);
	return SQLITE_OK;
}

static sqlite3_vfs disk = {
	.iVersion = 1,
	.szOsFile = sizeof(struct handle),
	.mxPathname = 512,
	.zName = "disk",
	.xOpen = do_open,
	.xDelete = do_delete,
	.xAccess = do_access,
	.xFullPathname = do_full,
};

static void
clear(void)
{
	for (int i = 0; i < FILES; i++) {
		forget(&files[i]);
		free(files[i].path);
		buf_release(&files[i].now);
		buf_release(&files[i].synced);
		files[i].path = NULL;
		files[i].exists = files[i].durable = false;
	}
}

void
disk_start(void)
{
	if (real == NULL) {
		real = sqlite3_vfs_find(NULL);
		disk.xRandomness = real->xRandomness;
		disk.xSleep = real->xSleep;
		disk.xCurrentTime = real->xCurrentTime;
	}
	clear();
	disk_fail(0, DISK_ERROR);
	sqlite3_vfs_register(&disk, 1);
}

void
disk_stop(void)
{
	sqlite3_vfs_unregister(&disk);
	clear();
}

void
disk_fail(unsigned n, enum disk_fault how)
{
	operations = 0;
	fail_at = n;
	fault = how;
	failed = false;
}

unsigned
disk_operations(void)
{
	return operations;
}

bool
disk_failed(void)
{
	return failed;
}

static void
restore(struct file *f, enum disk_left left)
{
	for (size_t i = 0; i < f->n; i++) {
		struct op *op = &f->ops[i];

		if (left == DISK_NONE || (left == DISK_ODD && i % 2 == 0))
			continue;
		if (left == DISK_TORN && i + 1 == f->n && op->at >= 0)
			op->bytes.len /= 2;
		apply(&f->synced, op);
	}
	if (!f->durable && left != DISK_ALL) {
		f->exists = false;
		f->synced.len = 0;
	}
	forget(f);
	buf_clear(&f->now);
	buf_str(&f->now, buf_view(&f->synced));
}

void
disk_power_on(enum disk_left left)
{
	disk_fail(0, DISK_ERROR);
	for (int i = 0; i < FILES; i++)
		if (files[i].path != NULL)
			restore(&files[i], left);
}

struct buf *
disk_file(const char *path)
{
	struct file *f = find(path, false);

	return f == NULL || !f->exists ? NULL : &f->now;
}
