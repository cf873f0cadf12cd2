/*
 * io.h - files: the one place that opens any.
 *
 * Reading never follows a symbolic link in the last part of a name and takes
 * regular files only.  Writing happens below a directory that was opened
 * once (the data directory, the folder a session is made in); names below it
 * are relative, and no part of them may be "..", empty or a symbolic link.
 * Failures name the path and what the system said.
 */
#pragma once

#include "core/arena.h"

struct io_map {
	struct str bytes; /* read-only mapping; "" for an empty file */
};

/* Whole file into b, which is replaced.  ERR_ABSENT, ERR_LIMIT over max. */
enum err io_read(struct buf *b, const char *path, size_t max) MUST_CHECK;
/* The same below a directory; fd stays the caller's. */
enum err io_read_at(struct buf *b, int dir, const char *name,
    size_t max) MUST_CHECK;

enum err io_map(struct io_map *out, const char *path, size_t max) MUST_CHECK;
enum err io_map_fd(struct io_map *out, int fd, size_t max) MUST_CHECK;
void io_unmap(struct io_map *m);

/* A descriptor for reading a file (or a folder); the caller closes it. */
enum err io_open(int *fd, const char *path) MUST_CHECK;
enum err io_open_folder(int *fd, const char *path) MUST_CHECK;
/* Only says which it is: what may be done with it has to be asked elsewhere.
 * Needs no right to it, as for a wall around what is somebody else's. */
enum err io_point_at(int *fd, const char *path) MUST_CHECK;
/* Makes what is missing of the path, mode 0700, then opens it. */
enum err io_make_folder(int *fd, const char *path) MUST_CHECK;
enum err io_make_folder_at(int dir, const char *name) MUST_CHECK;

/*
 * The file holds all of bytes or is as it was: written beside it, synced,
 * renamed, folder synced.  mode 0600.
 */
enum err io_replace_at(int dir, const char *name, struct str bytes) MUST_CHECK;
/* Only when there is no such file; ERR_DENIED when there is. */
enum err io_create_at(int dir, const char *name, struct str bytes) MUST_CHECK;
enum err io_append_at(int dir, const char *name, struct str bytes) MUST_CHECK;
/*
 * For this process and those it starts by spawn_part(), until all of them
 * have closed fd or ended.  Waits a moment for one that is just ending.
 * ERR_DENIED: another has it; path is for the text.  Where the file system knows no locks there is
 * none.
 */
enum err io_lock(int fd, const char *path) MUST_CHECK;
/* Gone and the folder synced; a file that is not there is fine. */
enum err io_remove_at(int dir, const char *name) MUST_CHECK;

/* Large output in pieces; synced and made visible by io_write_finish(),
 * forgotten by io_write_drop(). */
struct io_file;
enum err io_write_start(struct io_file **out, int dir,
    const char *name) MUST_CHECK;
enum err io_write(struct io_file *f, struct str bytes) MUST_CHECK;
enum err io_write_finish(struct io_file *f) MUST_CHECK; /* closes f */
void io_write_drop(struct io_file *f);

/* Names in a folder, sorted by bytes, without "." and ".."; in a. */
struct io_names {
	struct str *at;
	size_t len;
};
enum err io_list(struct io_names *out, struct arena *a,
    const char *path) MUST_CHECK;

/* The same with what each is, of the folder name below dir ("." is dir
 * itself); no part of name is followed when it is a link.  ERR_LIMIT over
 * max of them. */
struct io_entry {
	struct str name;
	bool folder, file; /* neither: a link, a device ... */
	bool link, exec;   /* exec: a file its owner may run */
};
struct io_entries {
	struct io_entry *at;
	size_t len;
};
enum err io_list_at(struct io_entries *out, struct arena *a, int dir,
    const char *name, size_t max) MUST_CHECK;

/* What a file or folder is, as far as the system tells without reading it;
 * times in nanoseconds since 1970.  ERR_FORMAT: a link, a device ... */
struct io_identity {
	uint64_t device, number, bytes;
	int64_t modified, changed;
	bool folder;
};
enum err io_identify(struct io_identity *out, const char *path) MUST_CHECK;

/* Where a link points, as it is written; in a. */
enum err io_read_link_at(struct str *out, struct arena *a, int dir,
    const char *name) MUST_CHECK;

bool io_is_folder(const char *path);
bool io_is_file(const char *path);
/* Absolute, without links or dots; in a.  ERR_ABSENT. */
enum err io_real_path(struct str *out, struct arena *a,
    const char *path) MUST_CHECK;

/* The folder of a name below dir, opened without following links; *leaf is
 * the name's last part.  The caller closes *fd. */
enum err io_walk(int *fd, const char **leaf, int dir,
    const char *name) MUST_CHECK;

/* A log: made when missing (mode 0600), written at its end.  The caller
 * closes it.  No room ever gets it: the launcher writes for them. */
enum err io_open_log(int *fd, const char *path) MUST_CHECK;

/* All of bytes to a descriptor that is open already (standard output). */
enum err io_put(int fd, struct str bytes) MUST_CHECK;
