/* The revision that is being read, and how revisions are called. */
#include "core/git_rev.h"
#include "tui/reading_inside.h"
#include "tui/reading_prints.h"

enum err
reading_resolve(struct oid *out, struct reading *r, struct str name)
{
	enum err rc = git_rev_commit(out, r->repo, &r->refs, name);

	/* A tag that somebody asked for is shown by its name from now on. */
	for (size_t i = 0; rc == ERR_NONE && i < r->refs.len; i++)
		if (str_eq(r->refs.at[i].brief, name))
			git_refs_peel(&r->refs.at[i], r->repo);
	return rc;
}

static void
set_revision(struct reading *r, const struct oid *commit, struct str name)
{
	r->commit = *commit;
	buf_clear(&r->revision);
	buf_str(&r->revision, name);
	reading_refind_start(r);
	shell_redraw(r->shell);
}

enum err
reading_choose(struct reading *r, struct str name)
{
	struct buf copy = { 0 };
	struct oid commit;
	enum err rc = reading_resolve(&commit, r, name);

	if (rc == ERR_NONE) {
		buf_str(&copy, name.len == 0 ? STR("HEAD") : name);
		set_revision(r, &commit, buf_view(&copy));
		reading_prints_chosen(r);
		buf_release(&copy);
	}
	return rc;
}

/* Tags and releases before branches; only names known to be this commit's
 * count, so that no title costs a read of the repository. */
static const struct ref *
best_name(struct reading *r, const struct oid *commit)
{
	const struct ref *best = NULL;

	for (size_t i = 0; i < r->refs.len; i++) {
		struct ref *ref = &r->refs.at[i];

		if (ref->kind == REF_OTHER ||
		    !git_refs_names(ref, r->repo, commit))
			continue;
		if (best == NULL || ref->kind == REF_RELEASE ||
		    (ref->kind == REF_TAG && best->kind != REF_RELEASE))
			best = ref;
		if (best->kind == REF_RELEASE)
			break;
	}
	return best;
}

void
reading_refs_of(struct reading *r, const struct oid *commit, struct buf *b)
{
	size_t from = b->len;

	for (size_t i = 0; i < r->refs.len; i++) {
		struct ref *ref = &r->refs.at[i];

		if (ref->kind == REF_OTHER ||
		    !git_refs_names(ref, r->repo, commit))
			continue;
		if (b->len > from)
			buf_str(b, STR(", "));
		buf_str(b, ref->brief);
	}
}

void
reading_name(struct reading *r, const struct oid *commit, struct buf *b)
{
	const struct ref *ref = best_name(r, commit);

	if (ref != NULL && ref->kind != REF_BRANCH && ref->kind != REF_REMOTE)
		buf_str(b, ref->brief);
	else
		buf_hex(b, commit->id, 5);
}

void
reading_title(struct reading *r, const struct oid *commit, struct buf *b)
{
	buf_str(b, r->start->title);
	buf_char(b, '@');
	reading_name(r, commit, b);
}

struct oid
reading_commit(const struct reading *r)
{
	return r->commit;
}

struct str
reading_revision(const struct reading *r)
{
	return buf_view(&r->revision);
}

enum err
reading_commit_of(struct oid *out, const struct reading *r,
    const struct target *t)
{
	if (oid_is_zero(&t->commit) && oid_is_zero(&r->commit))
		return fail(ERR_ABSENT, "there is no commit to read yet");
	*out = oid_is_zero(&t->commit) ? r->commit : t->commit;
	return ERR_NONE;
}
