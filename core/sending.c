#include "core/sending.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_tree.h"

enum { SENDING_GROUP = 64 }; /* neighbours in a pack stay with one worker */

struct item {
	struct oid id;
	uint32_t index;
	uint64_t order;
};

struct sending {
	struct job_run *run;
	struct feed_args args;
	struct item *at;
	size_t len, room;
};

static void
add(struct sending *s, const struct oid *id, uint32_t index)
{
	s->at = array_more(s->at, s->len, &s->room, sizeof *s->at);
	s->at[s->len++] =
	    (struct item){ *id, index, git_repo_order(job_repo(s->run), id) };
}

static enum err
add_file(void *arg, struct str path, const struct tree_entry *e)
{
	struct sending *s = arg;

	(void)path;
	if (e->kind != TREE_MODULE)
		add(s, &e->id, 0);
	return job_cancelled(s->run) ? fail(ERR_STOPPED, "stopped") : ERR_NONE;
}

static enum err
row(struct sending *s, const struct feed_row *r)
{
	job_feed_write_row(job_rows(s->run), r);
	return job_row(s->run);
}

/* Every worker walks the same folders; the first one tells of trouble. */
static enum err
folder_trouble(void *arg, struct str path, const struct oid *tree, enum err rc)
{
	struct sending *s = arg;

	(void)path;
	if (rc == ERR_STOPPED || rc == ERR_IO || s->args.slice != 0)
		return rc == ERR_STOPPED || rc == ERR_IO ? rc : ERR_NONE;
	return row(s,
	    &(struct feed_row){ .kind = FEED_ROW_TROUBLE,
		.id = *tree,
		.rc = rc });
}

static int
by_id(const void *a, const void *b)
{
	return oid_cmp(&((const struct item *)a)->id,
	    &((const struct item *)b)->id);
}

static int
by_order(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return oid_cmp(&x->id, &y->id);
}

static void
sort(struct sending *s, int (*compare)(const void *, const void *))
{
	if (s->len > 0)
		qsort(s->at, s->len, sizeof *s->at, compare);
}

/* Each blob once, as they lie in the packs, our groups of them. */
static void
take_slice(struct sending *s)
{
	size_t n = 0;

	sort(s, by_id);
	for (size_t i = 0; i < s->len; i++)
		if (n == 0 || !oid_eq(&s->at[n - 1].id, &s->at[i].id))
			s->at[n++] = s->at[i];
	s->len = n;
	sort(s, by_order);
	n = 0;
	for (size_t i = 0; i < s->len; i++) {
		if (i / SENDING_GROUP % s->args.slices != s->args.slice)
			continue;
		s->at[n] = s->at[i];
		s->at[n].index = (uint32_t)n;
		n++;
	}
	s->len = n;
}

static enum err
gather(struct sending *s)
{
	struct git_repo *r = job_repo(s->run);
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; rc == ERR_NONE && i < s->args.n; i++) {
		struct oid tree;

		if (s->args.what == FEED_BLOBS) {
			add(s, &s->args.ids[i], i);
			continue;
		}
		rc = git_tree_of(&tree, r, &s->args.ids[i]);
		if (rc == ERR_NONE)
			rc = git_tree_each(r, &tree, add_file, folder_trouble,
			    s);
	}
	if (s->args.what == FEED_BLOBS)
		sort(s, by_order);
	else if (rc == ERR_NONE)
		take_slice(s);
	return rc;
}

static enum err
skipped(struct sending *s, const struct item *item, enum err rc)
{
	struct feed_row r = { .kind = FEED_ROW_SKIPPED,
		.index = item->index,
		.id = item->id,
		.rc = rc };

	if (rc == ERR_STOPPED || rc == ERR_IO)
		return rc;
	err_clear();
	if (rc == ERR_LIMIT &&
	    git_blob_size(&r.size, job_repo(s->run), &item->id) != ERR_NONE)
		err_clear();
	return row(s, &r);
}

static enum err
send_one(struct sending *s, struct feed_out *f, const struct item *item)
{
	struct git_bytes b = { 0 };
	enum err rc = git_blob_read(&b, job_repo(s->run), &item->id);

	if (rc != ERR_NONE)
		return skipped(s, item, rc);
	rc = feed_blob(f, item->index, &item->id, b.bytes);
	git_repo_drop(&b);
	return rc;
}

static enum err
send_all(struct sending *s, struct feed_out *f)
{
	enum err rc = row(s,
	    &(struct feed_row){ .kind = FEED_ROW_TOTAL,
		.index = (uint32_t)s->len });

	for (size_t i = 0; rc == ERR_NONE && i < s->len; i++) {
		if (job_cancelled(s->run))
			return fail(ERR_STOPPED, "stopped");
		if (s->at[i].index >= s->args.from)
			rc = send_one(s, f, &s->at[i]);
		job_progress(s->run, i + 1, s->len);
	}
	return rc;
}

enum err
sending_run(struct job_run *run, struct str args, int fd)
{
	struct sending s = { .run = run };
	struct arena a = { 0 };
	struct feed_out f;
	enum err rc = job_feed_parse(&s.args, &a, args);

	if (rc == ERR_NONE && fd < 0)
		rc = fail(ERR_ABSENT, "this worker has nobody to send to");
	if (rc == ERR_NONE) {
		git_repo_strict(s.args.strict);
		feed_start(&f, fd, s.args.job);
		f.stop = job_stop;
		f.arg = run;
		rc = gather(&s);
		if (rc == ERR_NONE)
			rc = send_all(&s, &f);
		if (feed_end(&f, rc) != ERR_NONE && rc == ERR_NONE)
			rc = ERR_IO;
		feed_release(&f);
		git_repo_strict(false);
	}
	free(s.at);
	arena_release(&a);
	return rc;
}
