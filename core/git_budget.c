#include "core/git_budget.h"

#include "core/limits.h"

/*
 * The same folder stands at several paths where folders are moved or copied,
 * not at very many on the average.
 */
enum { PLACES = 32 };

void
git_budget_commit(struct git_budget *b, const struct oid *commit)
{
	b->commit = *commit;
	b->here = 0;
}

enum err
git_budget_folder(struct git_budget *b, size_t entries, bool is_new)
{
	b->here += entries;
	b->all += entries;
	if (is_new)
		b->distinct += entries;
	if (b->here <= LIMIT_TREE_ENTRIES &&
	    b->all <= LIMIT_TREE_ENTRIES + PLACES * b->distinct)
		return ERR_NONE;
	return fail(ERR_LIMIT,
	    "commit %s: folders inside folders unfold to millions of files; "
	    "a history with it is not taken",
	    oid_text(&b->commit).hex);
}
