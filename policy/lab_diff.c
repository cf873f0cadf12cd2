#include "policy/lab.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_diff.h"
#include "core/io.h"
#include "core/json.h"
#include "core/limits.h"
#include "policy/lab_image.h"
#include "policy/session.h"

/*
 * Delivery against delivery: by manifests, which name every file with its
 * hashes, so that no source is read.
 */
struct diff {
	const struct manifest *old, *new;
	const struct rules *old_rules, *new_rules; /* for the products */
	/* Of both, by content: for what moved. */
	const struct manifest_entry **old_blobs, **new_blobs;
	bool all; /* every file is named, not only counted */
};

static int
by_blob(const void *x, const void *y)
{
	const struct manifest_entry *const *a = x, *const *b = y;
	int order = oid_cmp(&(*a)->blob, &(*b)->blob);

	if (order != 0)
		return order;
	if ((*a)->release != (*b)->release)
		return (*a)->release < (*b)->release ? -1 : 1;
	return str_cmp((*a)->path, (*b)->path);
}

static const struct manifest_entry **
sort_by_blob(const struct manifest *m)
{
	const struct manifest_entry **at =
	    calloc((size_t)m->n_entries + 1, sizeof *at);

	if (at == NULL)
		bug("no memory for %u files", m->n_entries);
	for (uint32_t i = 0; i < m->n_entries; i++)
		at[i] = &m->entries[i];
	qsort(at, m->n_entries, sizeof *at, by_blob);
	return at;
}

/* A shown file of that content in that release, or NULL. */
static const struct manifest_entry *
same_content(const struct manifest *m, const struct manifest_entry **at,
    const struct oid *blob, uint32_t release)
{
	size_t low = 0, high = m->n_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (oid_cmp(&at[middle]->blob, blob) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < m->n_entries && oid_eq(&at[low]->blob, blob); low++)
		if (at[low]->release == release && at[low]->shown)
			return at[low];
	return NULL;
}

/* Entries of a kind and release are sorted by path. */
static const struct manifest_entry *
find_path(const struct manifest *m, uint32_t release, struct str path)
{
	for (int shown = 1; shown >= 0; shown--) {
		size_t low = 0, high = m->n_entries;

		while (low < high) {
			size_t middle = low + (high - low) / 2;
			const struct manifest_entry *e = &m->entries[middle];
			int order = e->shown != (shown != 0) ?
			    (e->shown ? -1 : 1) :
			    e->release != release ?
			    (e->release < release ? -1 : 1) :
			    str_cmp(e->path, path);

			if (order == 0)
				return e;
			if (order < 0)
				low = middle + 1;
			else
				high = middle;
		}
	}
	return NULL;
}

static enum err
say_path(const char *what, struct str path, struct str more)
{
	struct buf b = { 0 };
	enum err rc;

	buf_printf(&b, "  %-9s ", what);
	lab_image_name(&b, path);
	if (more.len > 0) {
		buf_str(&b, STR(" -> "));
		lab_image_name(&b, more);
	}
	buf_char(&b, '\n');
	rc = lab_put(buf_view(&b));
	buf_release(&b);
	return rc;
}

enum { ADDED, REMOVED, CHANGED, MOVED, OPENED, CLOSED, SAME, WAYS };

static const char *const ways[] = { "added", "removed", "changed", "moved",
	"now shown", "withheld", "same" };

/* What became of a file of the old release in the new one. */
static int
way_of(const struct diff *d, const struct manifest_entry *e, uint32_t release,
    struct str *where)
{
	const struct manifest_entry *now = find_path(d->new, release, e->path);

	*where = STR("");
	if (now != NULL && now->shown != e->shown)
		return now->shown ? OPENED : CLOSED;
	if (now != NULL)
		return oid_eq(&now->blob, &e->blob) ? SAME : CHANGED;
	if (e->shown) {
		now = same_content(d->new, d->new_blobs, &e->blob, release);
		if (now != NULL) {
			*where = now->path;
			return MOVED;
		}
	}
	return REMOVED;
}

/* It was told as moved already. */
static bool
came_from(const struct diff *d, const struct manifest_entry *e, uint32_t from,
    uint32_t to)
{
	const struct manifest_entry *was = e->shown ?
	    same_content(d->old, d->old_blobs, &e->blob, from) :
	    NULL;

	return was != NULL && find_path(d->new, to, was->path) == NULL;
}

static enum err
compare_files(const struct diff *d, uint32_t from, uint32_t to)
{
	uint64_t n[WAYS] = { 0 };
	struct str where;
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < d->old->n_entries && rc == ERR_NONE; i++) {
		const struct manifest_entry *e = &d->old->entries[i];
		int way;

		if (e->release != from || e->path.len == 0)
			continue;
		way = way_of(d, e, to, &where);
		n[way]++;
		if (way != SAME && d->all)
			rc = say_path(ways[way], e->path, where);
	}
	for (uint32_t i = 0; i < d->new->n_entries &&rc == ERR_NONE; i++) {
		const struct manifest_entry *e = &d->new->entries[i];

		if (e->release != to || e->path.len == 0 ||
		    find_path(d->old, from, e->path) != NULL ||
		    came_from(d, e, from, to))
			continue;
		n[ADDED]++;
		if (d->all)
			rc = say_path(ways[ADDED], e->path, STR(""));
	}
	if (rc == ERR_NONE)
		rc = lab_say("  %llu files the same",
		    (unsigned long long)n[SAME]);
	for (int i = 0; i < SAME && rc == ERR_NONE; i++)
		if (n[i] > 0)
			rc = lab_say(", %llu %s", (unsigned long long)n[i],
			    ways[i]);
	return rc == ERR_NONE ? lab_say("\n") : rc;
}

static bool
find_release(const struct manifest *m, struct str name, uint32_t *out)
{
	for (*out = 0; *out < m->n_releases; ++*out)
		if (str_eq(m->releases[*out].name, name))
			return true;
	return false;
}

static struct str
product_of(const struct rules *r, uint32_t release)
{
	return r->releases[release].product;
}

/* The last release of the same product, if there is one. */
static bool
before(const struct diff *d, uint32_t release, uint32_t *out)
{
	struct str product = product_of(d->new_rules, release);

	for (*out = d->old->n_releases; *out > 0;)
		if (str_eq(product_of(d->old_rules, --*out), product))
			return true;
	return false;
}

/* A release of both is compared with itself; one that is new, with the last
 * of its product in the old image. */
static enum err
compare_releases(const struct diff *d)
{
	enum err rc = ERR_NONE;
	uint32_t other;

	for (uint32_t i = 0; i < d->new->n_releases &&rc == ERR_NONE; i++) {
		const struct release *l = &d->new->releases[i];

		if (find_release(d->old, l->name, &other)) {
			bool same =
			    oid_eq(&l->commit, &d->old->releases[other].commit);

			rc = lab_say("release %.*s: %s\n", STR_ARG(l->name),
			    same ? "the same commit in both" :
				   "ANOTHER COMMIT under the same name");
		} else if (!before(d, i, &other)) {
			rc = lab_say("release %.*s: new, of a product that "
				     "the old image does not have\n",
			    STR_ARG(l->name));
			continue;
		} else {
			rc = lab_say("release %.*s: new; against %.*s:\n",
			    STR_ARG(l->name),
			    STR_ARG(d->old->releases[other].name));
		}
		if (rc == ERR_NONE)
			rc = compare_files(d, other, i);
	}
	for (uint32_t i = 0; i < d->old->n_releases && rc == ERR_NONE; i++)
		if (!find_release(d->new, d->old->releases[i].name, &other))
			rc = lab_say("release %.*s: no longer in the image\n",
			    STR_ARG(d->old->releases[i].name));
	return rc;
}

static enum err
compare_rules(struct str old, struct str new)
{
	const struct diff_options o = { .context = 0 };
	struct arena a = { 0 };
	struct file_diff f;
	enum err rc;

	if (str_eq(old, new))
		return lab_say("rules: the same\n");
	rc = git_diff_bytes(&f, &a, old, new, &o);
	if (rc == ERR_NONE)
		rc = lab_say("rules: %u lines gone, %u new\n", f.deleted,
		    f.added);
	for (size_t i = 0; i < f.n_lines && rc == ERR_NONE; i++) {
		struct buf b = { 0 };

		buf_printf(&b, "  %c ", f.lines[i].kind);
		lab_image_name(&b, f.lines[i].text);
		buf_char(&b, '\n');
		rc = lab_put(buf_view(&b));
		buf_release(&b);
	}
	arena_release(&a);
	return rc;
}

/* Anchors of an exported findings.json. */

static enum err
say_anchor(const struct diff *d, const struct json *item, struct arena *a,
    uint64_t n[WAYS])
{
	const struct json *anchor = json_at(item, "anchor");
	const struct manifest_entry *e = NULL;
	int64_t number = 0, first = 0, last = 0;
	struct str path, commit, where;
	struct oid id;
	uint32_t from = 0, to = d->new->n_releases - 1;
	int way;

	(void)json_num(item, "number", &number);
	if (anchor == NULL || !json_path(anchor, "path", a, &path) ||
	    !json_str(anchor, "commit", &commit) ||
	    oid_parse(&id, commit) != ERR_NONE) {
		err_clear();
		return ERR_NONE; /* it hangs on no file */
	}
	(void)json_num(anchor, "first", &first);
	(void)json_num(anchor, "last", &last);
	for (uint32_t i = 0; i < d->old->n_releases && e == NULL; i++)
		if (oid_eq(&d->old->releases[i].commit, &id)) {
			e = find_path(d->old, i, path);
			from = i;
		}
	if (e == NULL)
		return lab_say("  #%lld: at a commit that is no release of "
			       "the old image\n",
		    (long long)number);
	while (to > 0 &&
	    !str_eq(product_of(d->new_rules, to),
		product_of(d->old_rules, from)))
		to--;
	way = way_of(d, e, to, &where);
	n[way]++;
	if (way == SAME)
		return ERR_NONE;
	if (lab_say("  #%lld lines %lld-%lld ", (long long)number,
		(long long)first, (long long)last) != ERR_NONE)
		return ERR_IO;
	return say_path(way == CHANGED ? "RE-READ" : ways[way], path, where);
}

static enum err
compare_findings(const struct diff *d, const char *path)
{
	const struct json *items;
	struct buf text = { 0 };
	struct arena a = { 0 };
	struct json *j = NULL;
	uint64_t n[WAYS] = { 0 };
	enum err rc = io_read(&text, path, LIMIT_BUNDLE);

	if (rc == ERR_NONE)
		rc = json_parse(&j, buf_view(&text));
	items = rc == ERR_NONE ? json_at(j, "items") : NULL;
	if (rc == ERR_NONE && items == NULL)
		rc = fail(ERR_FORMAT, "%s: no findings.json", path);
	if (rc == ERR_NONE)
		rc = lab_say("anchors of %s in the newest release of each "
			     "product:\n",
		    path);
	for (size_t i = 0; rc == ERR_NONE && i < json_len(items); i++)
		rc = say_anchor(d, json_item(items, i), &a, n);
	if (rc == ERR_NONE)
		rc = lab_say("  %llu in files that are the same, %llu to be "
			     "read again\n",
		    (unsigned long long)(n[SAME] + n[MOVED]),
		    (unsigned long long)(n[CHANGED] + n[REMOVED] + n[CLOSED]));
	json_free(j);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

static enum err
diff(const struct lab_args *args)
{
	struct session_trust trust = { 0 };
	struct session old, new;
	struct diff d = { .old = &old.manifest,
		.new = &new.manifest,
		.old_rules = &old.rules,
		.new_rules = &new.rules,
		.all = args->option['l'] != NULL };
	struct arena a = { 0 };
	enum err rc = lab_image_trust(&trust, args);

	if (rc == ERR_NONE)
		rc = git_repo_prepare(); /* which compares lines */
	if (rc == ERR_NONE)
		rc =
		    session_verify(&old, &a, args->rest[0], &trust, NULL, NULL);
	if (rc == ERR_NONE)
		rc =
		    session_verify(&new, &a, args->rest[1], &trust, NULL, NULL);
	if (rc == ERR_NONE) {
		d.old_blobs = sort_by_blob(d.old);
		d.new_blobs = sort_by_blob(d.new);
		rc = compare_releases(&d);
	}
	if (rc == ERR_NONE)
		rc = compare_rules(old.conf, new.conf);
	if (rc == ERR_NONE && args->option['f'] != NULL)
		rc = compare_findings(&d, args->option['f']);
	free(d.old_blobs);
	free(d.new_blobs);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_diff = {
	.name = "diff",
	.letters = "p:f:l",
	.least = 2,
	.most = 2,
	.usage = "[-p KEY.pub] [-l] [-f findings.json] OLD NEW",
	.help = "one session against the next: files, scope and rules (-l "
		"names every\n\tfile), and which findings have to be read "
		"again",
	.run = diff,
};
