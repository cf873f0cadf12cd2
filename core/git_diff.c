#include "core/git_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_folder.h"
#include "core/git_inside.h"
#include "core/git_rename.h"
#include "core/limits.h"

enum {
	DIFF_MODE_KIND = 0170000,
	DIFF_MODULE = 0160000,
	DIFF_CONTEXT = 1 << 28, /* lines: more than any file has */
};

struct walk {
	struct git_repo *repo;
	git_diff_fn *fn;
	void *arg;
	struct buf path;
	uint64_t entries;
	uint32_t *cut; /* NULL: a folder that is not there ends it */
};

static enum err walk_trees(struct walk *w, const struct oid *old,
    const struct oid *new, unsigned depth);

static enum err
report(struct walk *w, const struct tree_entry *old,
    const struct tree_entry *new)
{
	struct change c = { .kind = CHANGE_MODIFIED };

	if (old != NULL) {
		c.old_id = old->id;
		c.old_mode = old->mode;
	}
	if (new != NULL) {
		c.new_id = new->id;
		c.new_mode = new->mode;
	}
	if (old == NULL)
		c.kind = CHANGE_ADDED;
	else if (new == NULL)
		c.kind = CHANGE_DELETED;
	else if (((old->mode ^ new->mode) & DIFF_MODE_KIND) != 0)
		c.kind = CHANGE_TYPE;
	c.old_path = c.new_path = buf_view(&w->path);
	return w->fn(w->arg, &c);
}

/* One or both of the same name; both folders or neither when both. */
static enum err
walk_pair(struct walk *w, const struct tree_entry *old,
    const struct tree_entry *new, unsigned depth)
{
	const struct tree_entry *e = old != NULL ? old : new;
	size_t before = w->path.len;
	enum err rc;

	if (++w->entries > LIMIT_TREE_ENTRIES)
		return fail(ERR_LIMIT, "over %d differences",
		    LIMIT_TREE_ENTRIES);
	if (before > 0)
		buf_char(&w->path, '/');
	buf_str(&w->path, e->name);
	if (w->path.len > LIMIT_PATH ||
	    (depth > LIMIT_TREE_DEPTH && e->kind == TREE_FOLDER))
		rc = fail(ERR_LIMIT,
		    "folders nested too deep, or a path over "
		    "%d bytes",
		    LIMIT_PATH);
	else if (e->kind == TREE_FOLDER)
		rc = walk_trees(w, old == NULL ? NULL : &old->id,
		    new == NULL ? NULL : &new->id, depth + 1);
	else
		rc = report(w, old, new);
	w->path.len = before;
	return rc;
}

static enum err
read_folder(struct git_folder *out, struct git_repo *r, const struct oid *id,
    const struct git_folder *like)
{
	struct git_bytes bytes = { 0 };
	enum err rc = git_repo_read(&bytes, r, id, GIT_TREE, TREE_BYTES);

	if (rc == ERR_NONE)
		rc = git_folder_parse(out, bytes, id, like);
	if (rc != ERR_NONE)
		git_repo_drop(&bytes);
	return rc;
}

static enum err
walk_both(struct walk *w, const struct git_folder *old,
    const struct git_folder *new, unsigned depth)
{
	struct git_folder_diff d;
	enum err rc = ERR_NONE;

	git_folder_diff(&d, old, new);
	while (rc == ERR_NONE && git_folder_next(&d))
		rc = walk_pair(w, d.o, d.n, depth);
	return rc;
}

static enum err
walk_trees(struct walk *w, const struct oid *old, const struct oid *new,
    unsigned depth)
{
	struct git_folder o = { 0 }, n = { 0 };
	enum err rc = ERR_NONE;

	if (old != NULL)
		rc = read_folder(&o, w->repo, old, NULL);
	if (rc == ERR_NONE && new != NULL)
		rc = read_folder(&n, w->repo, new, old == NULL ? NULL : &o);
	if (rc == ERR_ABSENT && w->cut != NULL && depth > 1) {
		err_clear();
		++*w->cut;
		rc = ERR_NONE;
	} else if (rc == ERR_NONE) {
		rc = walk_both(w, &o, &n, depth);
	}
	git_folder_release(&o);
	git_folder_release(&n);
	return rc;
}

enum err
git_diff_trees(struct git_repo *r, const struct oid *old_tree,
    const struct oid *new_tree, git_diff_fn *fn, void *arg)
{
	return git_diff_known(r, old_tree, new_tree, fn, arg, NULL);
}

enum err
git_diff_known(struct git_repo *r, const struct oid *old_tree,
    const struct oid *new_tree, git_diff_fn *fn, void *arg, uint32_t *cut)
{
	struct walk w = { .repo = r, .fn = fn, .arg = arg, .cut = cut };
	enum err rc;

	if (oid_eq(old_tree, new_tree))
		return ERR_NONE;
	rc = walk_trees(&w, oid_is_zero(old_tree) ? NULL : old_tree,
	    oid_is_zero(new_tree) ? NULL : new_tree, 1);
	buf_release(&w.path);
	return rc;
}

struct gathering {
	struct arena *a;
	struct change *at;
	size_t len, room;
};

static enum err
gather(void *arg, const struct change *c)
{
	struct gathering *g = arg;
	struct change *kept;

	g->at = array_more(g->at, g->len, &g->room, sizeof *g->at);
	kept = &g->at[g->len++];
	*kept = *c;
	kept->old_path = kept->new_path = arena_copy(g->a, c->new_path);
	return ERR_NONE;
}

enum err
git_diff_changes(struct changes *out, struct arena *a, struct git_repo *r,
    const struct oid *old_tree, const struct oid *new_tree, uint64_t pairs)
{
	struct gathering g = { .a = a };
	struct changes list = { 0 };
	enum err rc = git_diff_trees(r, old_tree, new_tree, gather, &g);

	if (rc == ERR_NONE) {
		list.at = arena_array(a, g.len, struct change);
		list.len = g.len;
		if (g.len > 0)
			memcpy(list.at, g.at, g.len * sizeof *g.at);
		rc = git_rename_find(&list, r, pairs);
	}
	free(g.at);
	if (rc == ERR_NONE)
		*out = list;
	return rc;
}

static uint32_t
count_lines(struct str s)
{
	const char *at = s.at, *end = s.at + s.len;
	uint32_t n = 0;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		n++;
		at = lf == NULL ? end : lf + 1;
	}
	return n;
}

static int
count_line(const git_diff_delta *d, const git_diff_hunk *h,
    const git_diff_line *l, void *arg)
{
	struct change *c = arg;

	(void)d;
	(void)h;
	if (l->origin == GIT_DIFF_LINE_ADDITION)
		c->added++;
	else if (l->origin == GIT_DIFF_LINE_DELETION)
		c->deleted++;
	return 0;
}

static git_diff_options
library_options(const struct diff_options *o)
{
	static const uint32_t space[] = {
		[DIFF_SPACE_ALL] = 0,
		[DIFF_SPACE_EOL] = GIT_DIFF_IGNORE_WHITESPACE_EOL,
		[DIFF_SPACE_AMOUNT] = GIT_DIFF_IGNORE_WHITESPACE_CHANGE,
		[DIFF_SPACE_NONE] = GIT_DIFF_IGNORE_WHITESPACE,
	};
	git_diff_options lib;

	if (git_diff_options_init(&lib, GIT_DIFF_OPTIONS_VERSION) < 0)
		bug("libgit2 knows no such options");
	lib.flags =
	    GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC | space[o->space];
	if (o->patience)
		lib.flags |= GIT_DIFF_PATIENCE;
	lib.context_lines =
	    o->context < DIFF_CONTEXT ? o->context : DIFF_CONTEXT;
	lib.interhunk_lines = 0;
	lib.max_size = -1;
	return lib;
}

/* As blobs, since libgit2 hashes what it is given as buffers first. */
static int
compare(struct change *c, struct git_repo *r, struct str old, struct str new)
{
	struct diff_options none = { .context = 0 };
	git_diff_options o = library_options(&none);
	git_blob *a = NULL, *b = NULL;
	int code = git_fast_stage(&a, r, old);

	if (code == 0)
		code = git_fast_stage(&b, r, new);
	if (code == 0)
		code = git_diff_blobs(a, NULL, b, NULL, &o, NULL, NULL, NULL,
		    count_line, c);
	git_blob_free(a);
	git_blob_free(b);
	return code;
}

static enum err
count(struct change *c, struct git_repo *r, struct str old, struct str new)
{
	c->added = c->deleted = 0;
	c->binary = git_blob_binary(old) || git_blob_binary(new);
	if (old.len == 0)
		c->added = count_lines(new);
	else if (new.len == 0)
		c->deleted = count_lines(old);
	else if (compare(c, r, old, new) < 0)
		return fail(ERR_FORMAT, "files cannot be compared: %s",
		    git_repo_words());
	c->counted = true;
	return ERR_NONE;
}

/* What git shows of a submodule: one line that names its commit. */
static struct str
module_text(const struct oid *id, char text[80])
{
	int n = snprintf(text, 80, "Subproject commit %s\n", oid_text(id).hex);

	return (struct str){ text, (size_t)n };
}

static enum err
side(struct git_bytes *b, struct git_repo *r, uint32_t mode,
    const struct oid *id, char text[80])
{
	b->bytes = (struct str){ "", 0 };
	if (mode == 0)
		return ERR_NONE;
	if ((mode & DIFF_MODE_KIND) != DIFF_MODULE)
		return git_blob_read(b, r, id);
	b->bytes = module_text(id, text);
	return ERR_NONE;
}

enum err
git_diff_count(struct change *c, struct git_repo *r)
{
	struct git_bytes old = { 0 }, new = { 0 };
	char old_text[80], new_text[80];
	enum err rc = ERR_NONE;

	if (oid_eq(&c->old_id, &c->new_id)) {
		c->counted = true;
		return ERR_NONE;
	}
	rc = side(&old, r, c->old_mode, &c->old_id, old_text);
	if (rc == ERR_NONE)
		rc = side(&new, r, c->new_mode, &c->new_id, new_text);
	if (rc == ERR_NONE)
		rc = count(c, r, old.bytes, new.bytes);
	git_repo_drop(&old);
	git_repo_drop(&new);
	return rc;
}

struct drawing {
	struct arena *a;
	struct str old, new;
	struct diff_line *lines;
	struct diff_hunk *hunks;
	size_t n_lines, line_room, n_hunks, hunk_room;
	uint32_t added, deleted;
};

/* The words after the second "@@ ". */
static struct str
hunk_head(struct str header)
{
	size_t at = str_find(header, STR("@@ "), 3);

	if (at == SIZE_MAX)
		return (struct str){ "", 0 };
	return str_trim(str_slice(header, at + 3, header.len));
}

static int
draw_hunk(const git_diff_delta *delta, const git_diff_hunk *h, void *arg)
{
	struct drawing *d = arg;
	struct str header = { h->header, h->header_len };

	(void)delta;
	d->hunks =
	    array_more(d->hunks, d->n_hunks, &d->hunk_room, sizeof *d->hunks);
	d->hunks[d->n_hunks++] = (struct diff_hunk){
		.old_first = (uint32_t)h->old_start,
		.old_len = (uint32_t)h->old_lines,
		.new_first = (uint32_t)h->new_start,
		.new_len = (uint32_t)h->new_lines,
		.first = (uint32_t)d->n_lines,
		.head = arena_copy(d->a, hunk_head(header)),
	};
	return 0;
}

static bool
points_into(struct str s, struct str part)
{
	return (uintptr_t)part.at >= (uintptr_t)s.at &&
	    (uintptr_t)part.at + part.len <= (uintptr_t)s.at + s.len;
}

static void
take_line(struct drawing *d, char kind, const git_diff_line *l)
{
	struct str text = { l->content, l->content_len };
	struct diff_line *line;

	d->lines =
	    array_more(d->lines, d->n_lines, &d->line_room, sizeof *d->lines);
	if (!points_into(d->old, text) && !points_into(d->new, text))
		text = arena_copy(d->a, text);
	line = &d->lines[d->n_lines++];
	*line = (struct diff_line){ .kind = kind, .text = text };
	if (str_ends(text, STR("\n")))
		line->text.len--;
	else
		line->no_lf = true;
	line->old_line = kind == '+' ? 0 : (uint32_t)l->old_lineno;
	line->new_line = kind == '-' ? 0 : (uint32_t)l->new_lineno;
	if (d->n_hunks > 0)
		d->hunks[d->n_hunks - 1].len++;
	d->added += kind == '+';
	d->deleted += kind == '-';
}

static int
draw_line(const git_diff_delta *delta, const git_diff_hunk *h,
    const git_diff_line *l, void *arg)
{
	(void)delta;
	(void)h;
	if (l->origin == GIT_DIFF_LINE_CONTEXT)
		take_line(arg, ' ', l);
	else if (l->origin == GIT_DIFF_LINE_ADDITION)
		take_line(arg, '+', l);
	else if (l->origin == GIT_DIFF_LINE_DELETION)
		take_line(arg, '-', l);
	return 0; /* "No newline at end of file" shows in the line itself */
}

static void
hand_over(struct file_diff *out, struct drawing *d)
{
	out->lines = arena_array(d->a, d->n_lines, struct diff_line);
	out->hunks = arena_array(d->a, d->n_hunks, struct diff_hunk);
	if (d->n_lines > 0)
		memcpy(out->lines, d->lines, d->n_lines * sizeof *d->lines);
	if (d->n_hunks > 0)
		memcpy(out->hunks, d->hunks, d->n_hunks * sizeof *d->hunks);
	out->n_lines = d->n_lines;
	out->n_hunks = d->n_hunks;
	out->added = d->added;
	out->deleted = d->deleted;
}

enum err
git_diff_bytes(struct file_diff *out, struct arena *a, struct str old,
    struct str new, const struct diff_options *o)
{
	struct drawing d = { .a = a, .old = old, .new = new };
	git_diff_options lib = library_options(o);
	enum err rc = ERR_NONE;

	if (git_diff_buffers(old.at, old.len, NULL, new.at, new.len, NULL, &lib,
		NULL, NULL, draw_hunk, draw_line, &d) < 0)
		rc = fail(ERR_FORMAT, "files cannot be compared: %s",
		    git_repo_words());
	else
		hand_over(out, &d);
	free(d.lines);
	free(d.hunks);
	return rc;
}
