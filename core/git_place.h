/*
 * git_place.h - from what a person typed to the git directory meant.
 *
 * Takes a bare repository, a working tree or a folder inside one, and a
 * linked working tree (".git" is a file "gitdir: ...").  Reads nothing but
 * that file and "commondir"; needs no libgit2, so that the launcher can.
 */
#pragma once

#include "core/arena.h"

struct git_place {
	struct str git;  /* absolute: holds objects/ and refs/ */
	struct str head; /* a linked tree's own HEAD as a revision, or "" */
};

/* ERR_ABSENT: no such path, or no repository there or above: one line says
 * which.  Everything in a. */
enum err git_place_find(struct git_place *out, struct arena *a,
    const char *path) MUST_CHECK;
