/*
 * press_objects.h - a commit with two files, as git writes it: made here, so
 * that a test can also make one that lies.
 */
#pragma once

#include "core/oid.h"

struct press_objects {
	struct oid commit, root, folder, file, secret;
	struct buf commit_bytes, root_bytes, folder_bytes;
	struct str file_bytes, secret_bytes;
};

void press_objects_entry(struct buf *tree, const char *mode, const char *name,
    const struct oid *id);
/* src/a.c and src/secret.c */
void press_objects_make(struct press_objects *o, struct str file,
    struct str secret);
void press_objects_release(struct press_objects *o);
