#include "core/git_match.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_inside.h"

enum { MATCH_BLOCK = 1024 };

struct matching {
	struct match *m;
	uint32_t old, new; /* the line after the last difference */
};

static void
add(struct match *m, uint32_t old, uint32_t new, uint32_t len)
{
	if (len == 0)
		return;
	m->at = array_more(m->at, m->len, &m->room, sizeof *m->at);
	m->at[m->len++] = (struct match_run){ old, new, len };
}

/* A hunk without lines on a side names the line before it. */
static int
on_hunk(const git_diff_delta *d, const git_diff_hunk *h, void *arg)
{
	struct matching *t = arg;
	uint32_t old = (uint32_t)h->old_start - (h->old_lines > 0);
	uint32_t new = (uint32_t)h->new_start - (h->new_lines > 0);

	(void)d;
	add(t->m, t->old, t->new, new - t->new);
	t->old = old + (uint32_t)h->old_lines;
	t->new = new + (uint32_t)h->new_lines;
	return 0;
}

/*
 * Equal blocks at the end are not compared, up to the end of the line they
 * begin in: faster, and where a change can be seen in two ways, the way that
 * git sees it.
 */
static void
cut_tails(struct str *old, struct str *new)
{
	size_t least = old->len < new->len ? old->len : new->len;
	size_t cut = 0, back = 0;

	while (cut + MATCH_BLOCK <= least &&
	    memcmp(old->at + old->len - cut - MATCH_BLOCK,
		new->at + new->len - cut - MATCH_BLOCK, MATCH_BLOCK) == 0)
		cut += MATCH_BLOCK;
	while (back < cut && old->at[old->len - cut + back++] != '\n')
		;
	old->len -= cut - back;
	new->len -= cut - back;
}

static uint32_t
library_flags(enum diff_space space)
{
	static const uint32_t flags[] = {
		[DIFF_SPACE_ALL] = 0,
		[DIFF_SPACE_EOL] = GIT_DIFF_IGNORE_WHITESPACE_EOL,
		[DIFF_SPACE_AMOUNT] = GIT_DIFF_IGNORE_WHITESPACE_CHANGE,
		[DIFF_SPACE_NONE] = GIT_DIFF_IGNORE_WHITESPACE,
	};

	return flags[space] | GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
}

/*
 * Two buffers given to libgit2 as such are hashed first, with a SHA-1 that
 * costs more than comparing them.  Blobs are not, so they go in as those.
 */
static int
compare(struct git_repo *r, struct str old, struct str new,
    const git_diff_options *o, struct matching *t)
{
	git_blob *a = NULL, *b = NULL;
	int code = git_fast_stage(&a, r, old);

	if (code == 0)
		code = git_fast_stage(&b, r, new);
	if (code == 0)
		code = git_diff_blobs(a, NULL, b, NULL, o, NULL, NULL, on_hunk,
		    NULL, t);
	git_blob_free(a);
	git_blob_free(b);
	return code;
}

enum err
git_match_lines(struct match *m, struct git_repo *r, struct str old,
    struct str new, enum diff_space space)
{
	struct matching t = { .m = m };
	git_diff_options o;

	m->len = 0;
	if (git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION) < 0)
		bug("libgit2 knows no such options");
	o.flags = library_flags(space);
	o.context_lines = 0;
	o.interhunk_lines = 0;
	o.max_size = -1;
	cut_tails(&old, &new);
	if (compare(r, old, new, &o, &t) < 0)
		return fail(ERR_FORMAT, "files cannot be compared: %s",
		    git_repo_words());
	add(m, t.old, t.new, MATCH_TO_END);
	return ERR_NONE;
}

void
git_match_release(struct match *m)
{
	free(m->at);
	*m = (struct match){ 0 };
}
