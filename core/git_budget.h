/*
 * git_budget.h - how much work the folders of a history may make.
 *
 * A folder that stands in ten places of a folder that stands in ten places
 * is small to deliver and endless to walk.  What walks all folders of all
 * commits, each at its path, counts here.
 */
#pragma once

#include "core/git_repo.h"

/* Zeroed is ready. */
struct git_budget {
	struct oid commit; /* whose folders are walked */
	uint64_t here;     /* entries that were looked at for it */
	uint64_t all;      /* for all commits */
	uint64_t distinct; /* of these, in folders not seen before */
};

void git_budget_commit(struct git_budget *b, const struct oid *commit);
/* A folder of so many entries; is_new: seen at no other path before.
 * ERR_LIMIT names the commit. */
enum err git_budget_folder(struct git_budget *b, size_t entries,
    bool is_new) MUST_CHECK;
