#include "core/git_refind.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/git_diff.h"

/*
 * A region that may be looked for away from its place has that much in it:
 * "}" and "return 0;" stand everywhere.
 */
enum { OWN_LINES = 3, OWN_BYTES = 40 };

struct git_refind {
	struct git_repo *repo;
	struct oid old_tree, new_tree, new_commit;
	struct arena arena;
	struct changes changes;

	/* The file looked at last, in both. */
	struct str path; /* in file_arena */
	struct arena file_arena;
	struct git_bytes old_bytes, new_bytes;
	struct str new_path;
	struct oid new_blob; /* zero: there is none */
	struct file_diff diff;
	struct oid old_blob;
	bool have; /* path and old_blob are the anchor's */
	bool here; /* the old content could be read */
	bool same; /* and is the new content, byte for byte */
};

enum err
git_refind_open(struct git_refind **out, struct git_repo *r,
    const struct oid *old, const struct oid *new)
{
	struct git_refind *f = calloc(1, sizeof *f);
	enum err rc;

	if (f == NULL)
		bug("no memory for anchors");
	f->repo = r;
	f->new_commit = *new;
	rc = git_tree_of(&f->old_tree, r, old);
	if (rc == ERR_NONE)
		rc = git_tree_of(&f->new_tree, r, new);
	if (rc == ERR_NONE)
		rc = git_diff_changes(&f->changes, &f->arena, r, &f->old_tree,
		    &f->new_tree, DIFF_RENAME_PAIRS);
	if (rc == ERR_NONE)
		*out = f;
	else
		git_refind_close(f);
	return rc;
}

static void
forget_file(struct git_refind *f)
{
	git_repo_drop(&f->old_bytes);
	git_repo_drop(&f->new_bytes);
	f->old_bytes = f->new_bytes = (struct git_bytes){ 0 };
	arena_clear(&f->file_arena);
	f->have = f->here = f->same = false;
	f->new_blob = (struct oid){ 0 };
	f->diff = (struct file_diff){ 0 };
}

void
git_refind_close(struct git_refind *f)
{
	if (f == NULL)
		return;
	forget_file(f);
	arena_release(&f->file_arena);
	arena_release(&f->arena);
	free(f);
}

/* A blob that was not delivered or is damaged: false, and no failure. */
static bool
read_blob(struct git_refind *f, struct git_bytes *out, const struct oid *id)
{
	if (git_blob_read(out, f->repo, id) == ERR_NONE)
		return true;
	err_clear();
	*out = (struct git_bytes){ 0 };
	return false;
}

/* Where the file is in the new tree: at its path, or renamed. */
static enum err
find_new(struct git_refind *f, struct str path)
{
	struct tree_entry e;
	enum err rc = git_tree_find(&e, f->repo, &f->new_tree, path);

	f->new_path = f->path;
	if (rc == ERR_NONE && (e.kind == TREE_FILE || e.kind == TREE_EXEC)) {
		f->new_blob = e.id;
		return ERR_NONE;
	}
	if (rc != ERR_NONE && rc != ERR_ABSENT)
		return rc;
	err_clear();
	for (size_t i = 0; i < f->changes.len; i++) {
		const struct change *c = &f->changes.at[i];

		if (c->kind != CHANGE_RENAMED || !str_eq(c->old_path, path))
			continue;
		f->new_path = c->new_path;
		f->new_blob = c->new_id;
	}
	return ERR_NONE;
}

static enum err
compare(struct git_refind *f)
{
	static const struct diff_options o = { .context = 0 };

	if (oid_is_zero(&f->new_blob) ||
	    !read_blob(f, &f->new_bytes, &f->new_blob))
		return ERR_NONE;
	return git_diff_bytes(&f->diff, &f->file_arena, f->old_bytes.bytes,
	    f->new_bytes.bytes, &o);
}

static enum err
take_file(struct git_refind *f, const struct anchor *an)
{
	enum err rc;

	if (f->have && str_eq(f->path, an->path) &&
	    oid_eq(&f->old_blob, &an->blob))
		return ERR_NONE;
	forget_file(f);
	f->path = arena_copy(&f->file_arena, an->path);
	f->old_blob = an->blob;
	f->have = true;
	rc = find_new(f, an->path);
	f->same = oid_eq(&an->blob, &f->new_blob);
	if (rc != ERR_NONE || !read_blob(f, &f->old_bytes, &an->blob))
		return rc;
	f->here = true;
	return f->same ? ERR_NONE : compare(f);
}

/* Line by line. */

struct hull {
	uint32_t kept;        /* lines of the region that are still there */
	uint32_t first, last; /* where the first and last of them are now */
	bool joined;          /* they follow on each other */
	uint32_t near;        /* where something else took their place; 0: no */
	uint32_t near_last;
};

/* Where an old line is now: 0, it is in no new line.  Hunks ascend. */
static uint32_t
line_now(const struct file_diff *d, uint32_t line)
{
	int64_t shift = 0;

	for (size_t i = 0; i < d->n_hunks; i++) {
		const struct diff_hunk *h = &d->hunks[i];
		/* A hunk that takes nothing away stands behind its line. */
		uint32_t from =
		    h->old_len == 0 ? h->old_first + 1 : h->old_first;

		if (line < from)
			break;
		if (line < from + h->old_len)
			return 0;
		shift += (int64_t)h->new_len - h->old_len;
	}
	return (uint32_t)(line + shift);
}

static void
look_near(struct hull *k, const struct file_diff *d, uint32_t first,
    uint32_t last)
{
	for (size_t i = 0; i < d->n_hunks; i++) {
		const struct diff_hunk *h = &d->hunks[i];

		if (h->old_len == 0 || h->new_len == 0 || h->old_first > last ||
		    h->old_first + h->old_len <= first)
			continue;
		if (k->near == 0)
			k->near = h->new_first;
		k->near_last = h->new_first + h->new_len - 1;
	}
}

static struct hull
hull_of(const struct file_diff *d, uint32_t first, uint32_t last)
{
	struct hull k = { .joined = true };

	for (uint32_t n = first; n <= last; n++) {
		uint32_t now = line_now(d, n);

		if (now == 0)
			continue;
		if (k.kept == 0)
			k.first = now;
		else if (now != k.last + 1)
			k.joined = false;
		k.last = now;
		k.kept++;
	}
	look_near(&k, d, first, last);
	return k;
}

/* As a whole, elsewhere. */

static bool
is_own(struct str region)
{
	struct str rest = region, line;
	size_t lines = 0, bytes = 0;

	while (str_cut(&rest, '\n', &line)) {
		size_t n = str_trim(line).len;

		lines += n > 2;
		bytes += n;
	}
	return lines >= OWN_LINES && bytes >= OWN_BYTES;
}

static uint32_t
line_at(struct str bytes, size_t at)
{
	uint32_t n = 1;

	for (size_t i = 0; i < at; i++)
		n += bytes.at[i] == '\n';
	return n;
}

/* The one place where the region stands as whole lines; 0: none or several.
 */
static uint32_t
only_place(struct str bytes, struct str region)
{
	size_t found = SIZE_MAX;

	for (size_t at = str_find(bytes, region, 0); at != SIZE_MAX;
	     at = str_find(bytes, region, at + 1)) {
		if (at > 0 && bytes.at[at - 1] != '\n')
			continue;
		if (found != SIZE_MAX)
			return 0;
		found = at;
	}
	return found == SIZE_MAX ? 0 : line_at(bytes, found);
}

struct place {
	struct str path;
	struct oid blob;
	uint32_t first;
	unsigned count;
};

static enum err
look_elsewhere(struct git_refind *f, struct str region, struct place *out,
    bool (*stop)(void *arg), void *arg)
{
	for (size_t i = 0; i < f->changes.len && out->count < 2; i++) {
		const struct change *c = &f->changes.at[i];
		struct git_bytes bytes = { 0 };
		uint32_t first;

		if (oid_is_zero(&c->new_id) || str_eq(c->new_path, f->new_path))
			continue;
		if (stop != NULL && stop(arg))
			return ERR_STOPPED;
		if ((c->new_mode & 0170000) != 0100000 ||
		    !read_blob(f, &bytes, &c->new_id))
			continue;
		first = only_place(bytes.bytes, region);
		if (first > 0) {
			out->count++;
			out->path = c->new_path;
			out->blob = c->new_id;
			out->first = first;
		}
		git_repo_drop(&bytes);
	}
	return ERR_NONE;
}

static void
say(struct refind *out, struct git_refind *f, enum refind_state state,
    uint32_t first, uint32_t last)
{
	out->state = state;
	out->at.path = f->new_path;
	out->at.blob = f->new_blob;
	out->at.first = first;
	out->at.last = last;
	out->at.region =
	    hash_of(anchor_region(f->new_bytes.bytes, first, last));
}

/* The file itself is not what it was. */
static enum err
find_changed(struct refind *out, struct git_refind *f, const struct anchor *an,
    bool (*stop)(void *arg), void *arg)
{
	struct str region =
	    anchor_region(f->old_bytes.bytes, an->first, an->last);
	uint32_t n = an->last - an->first + 1;
	bool there = f->new_bytes.bytes.len > 0;
	struct hull k = { 0 };
	struct place place = { 0 };
	uint32_t first = 0;
	enum err rc;

	if (there)
		k = hull_of(&f->diff, an->first, an->last);
	if (k.kept == n && k.joined &&
	    str_eq(region,
		anchor_region(f->new_bytes.bytes, k.first, k.last))) {
		say(out, f,
		    str_eq(f->new_path, an->path) ? REFIND_UNCHANGED :
						    REFIND_MOVED,
		    k.first, k.last);
		return ERR_NONE;
	}
	if (k.kept == 0 && there && is_own(region))
		first = only_place(f->new_bytes.bytes, region);
	if (first > 0) {
		say(out, f, REFIND_MOVED, first, first + n - 1);
		return ERR_NONE;
	}
	if (k.kept == 0 && is_own(region)) {
		rc = look_elsewhere(f, region, &place, stop, arg);
		if (rc != ERR_NONE)
			return rc;
	}
	if (place.count == 1) {
		out->state = REFIND_MOVED;
		out->at.path = place.path;
		out->at.blob = place.blob;
		out->at.first = place.first;
		out->at.last = place.first + n - 1;
		out->at.region = hash_of(region);
	} else if (k.kept > 0) {
		say(out, f, REFIND_CHANGED, k.first, k.last);
	} else if (k.near > 0) {
		say(out, f, REFIND_CHANGED, k.near, k.near_last);
	} else {
		out->state = REFIND_ABSENT;
	}
	return ERR_NONE;
}

/* A note about a file as a whole, which has changed. */
static void
find_whole(struct refind *out, struct git_refind *f)
{
	if (oid_is_zero(&f->new_blob)) {
		out->state = REFIND_ABSENT;
		return;
	}
	out->state = REFIND_CHANGED;
	out->at.path = f->new_path;
	out->at.blob = f->new_blob;
	out->at.region = hash_of(f->new_bytes.bytes);
}

/* A folder, or a repository inside: as it was, or not, or none there. */
static enum err
find_folder(struct refind *out, struct git_refind *f, struct str path)
{
	struct tree_entry old, now;
	enum err rc = git_tree_find(&old, f->repo, &f->old_tree, path);

	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE; /* unknown */
	}
	if (rc == ERR_NONE)
		rc = git_tree_find(&now, f->repo, &f->new_tree, path);
	if (rc == ERR_ABSENT) {
		err_clear();
		out->state = REFIND_ABSENT;
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		out->state = old.kind == now.kind && oid_eq(&old.id, &now.id) ?
		    REFIND_UNCHANGED :
		    REFIND_CHANGED;
	return rc;
}

enum err
git_refind_at(struct refind *out, struct arena *a, struct git_refind *f,
    const struct anchor *an, bool (*stop)(void *arg), void *arg)
{
	struct refind found = { .at = *an };
	enum err rc = ERR_NONE;

	found.at.commit = f->new_commit;
	if (an->path.len == 0)
		found.state = REFIND_UNKNOWN; /* about no file */
	else if (oid_is_zero(&an->blob))
		rc = find_folder(&found, f, an->path);
	else
		rc = take_file(f, an);
	if (oid_is_zero(&an->blob)) {
		found.at.path = an->path;
	} else if (rc == ERR_NONE && an->path.len > 0 && f->same) {
		found.state = str_eq(f->new_path, an->path) ? REFIND_UNCHANGED :
							      REFIND_MOVED;
		found.at.path = f->new_path;
	} else if (rc == ERR_NONE && an->path.len > 0 && f->here) {
		if (an->first == 0)
			find_whole(&found, f);
		else
			rc = find_changed(&found, f, an, stop, arg);
	}
	if (rc != ERR_NONE)
		return rc;
	found.at.path = arena_copy(a, found.at.path);
	*out = found;
	return ERR_NONE;
}

enum err
git_refind_lines(uint32_t **now, uint32_t *n, struct arena *a, struct str old,
    struct str new)
{
	static const struct diff_options o = { .context = 0 };
	struct file_diff d = { 0 };
	enum err rc = git_diff_bytes(&d, a, old, new, &o);
	uint32_t lines = line_at(old, old.len), line = 1;
	uint32_t *at;
	int64_t shift = 0;

	if (rc != ERR_NONE)
		return rc;
	if (old.len == 0 || old.at[old.len - 1] == '\n')
		lines--;
	at = arena_array(a, (size_t)lines + 1, uint32_t);
	for (size_t i = 0; i < d.n_hunks; i++) {
		const struct diff_hunk *h = &d.hunks[i];
		uint32_t from =
		    h->old_len == 0 ? h->old_first + 1 : h->old_first;

		for (; line < from && line <= lines; line++)
			at[line - 1] = (uint32_t)(line + shift);
		line = from + h->old_len;
		shift += (int64_t)h->new_len - h->old_len;
	}
	for (; line <= lines; line++)
		at[line - 1] = (uint32_t)(line + shift);
	*now = at;
	*n = lines;
	return ERR_NONE;
}
