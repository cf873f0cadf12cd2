/*
 * hostile.h - repositories that mean harm, always the same ones.
 *
 * hostile.c writes contents, names and configuration, hostile_pack.c packs
 * and objects that are not what they say.  Everything is made by hand or
 * through libgit2's object database, which checks nothing: no git command
 * would write most of it.
 */
#pragma once

#include <git2.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	char *at;
	size_t len, room;
};

void bytes_put(struct bytes *b, const void *at, size_t len);
void bytes_text(struct bytes *b, const char *text);
void bytes_fill(struct bytes *b, char c, size_t n);
__attribute__((format(printf, 2, 3))) void bytes_printf(struct bytes *b,
    const char *fmt, ...);
void bytes_free(struct bytes *b);

_Noreturn __attribute__((format(printf, 1, 2))) void die(const char *fmt, ...);

/* FOLDER/NAME, with the folders in between; mode 0644 unless executable. */
void file_write(const char *folder, const char *name, const void *at,
    size_t len, int executable);
void file_text(const char *folder, const char *name, const char *text);

/* A bare repository at path, and its object database. */
git_odb *repo_make(const char *path);
git_oid object_put(git_odb *odb, git_object_t type, const void *at, size_t len);
git_oid blob_text(git_odb *odb, const char *text);
void tree_entry(struct bytes *tree, unsigned mode, const char *name,
    size_t name_len, const git_oid *id);
git_oid tree_put(git_odb *odb, struct bytes *tree); /* empties it */
/* parents may be NULL; message is everything after the header. */
git_oid commit_put(git_odb *odb, const git_oid *tree, const git_oid *parents,
    size_t n_parents, const char *author, const char *message);
void ref_put(const char *repo, const char *name, const git_oid *id);

/* One small repository for each thing that can be wrong with an object. */
void pack_write_all(const char *folder, size_t bomb);
