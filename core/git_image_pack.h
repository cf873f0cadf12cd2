/*
 * git_image_pack.h - a list of objects into one pack, versions of the same
 * path as deltas of each other.
 *
 * The walk that made the list knows what is a version of what, so nothing is
 * searched for: each object is tried against the one before of its place,
 * and what of it is long in a row is given whole again.  The order and every
 * byte depend on the list alone, not on how the objects were packed before.
 */
#pragma once

#include "core/git_image.h"

struct git_image_object {
	struct oid id;
	enum git_kind kind;
	uint32_t place; /* the same number: versions of one file or folder */
	uint32_t order; /* within its place: the newest first */
};

struct git_image_list {
	struct git_image_object *at; /* put in order by writing */
	size_t n, room;
};
void git_image_pack_add(struct git_image_list *l, const struct oid *id,
    enum git_kind kind, uint32_t place);
void git_image_pack_release(struct git_image_list *l);

/* Into the folder; none for an empty list, and one that lies there is not
 * made again.  deltas: or every object whole.  what: for want->progress. */
enum err git_image_pack_write(struct git_repo *r, struct git_image_list *l,
    struct str folder, bool deltas, const char *what,
    const struct git_image_want *want) MUST_CHECK;
