#include <stdlib.h>

#include "core/git_commit.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/show.h"

/*
 * What can be read: releases, branches, tags, remote branches.  Tags stand
 * newest first by the numbers in their names, which costs no read; what a
 * name points at is read when its row is drawn.
 */
struct refs_view {
	struct list list;
	uint32_t *order; /* into the refs of the room */
	size_t len;
};

static const char *const kinds[] = {
	[REF_RELEASE] = "release",
	[REF_BRANCH] = "branch",
	[REF_TAG] = "tag",
	[REF_REMOTE] = "remote",
	[REF_OTHER] = "other",
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits that begin at at: their length, without leading zeros in *from. */
static size_t
digits(struct str s, size_t at, size_t *from)
{
	size_t end = at;

	while (end < s.len && is_digit(s.at[end]))
		end++;
	while (at + 1 < end && s.at[at] == '0')
		at++;
	*from = at;
	return end - at;
}

/* As bytes, but numbers by their value: v1.9 < v1.10 < v1.10-rc1. */
static int
compare_names(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		size_t ai, bk, an, bn;
		int order;

		if (!is_digit(a.at[i]) || !is_digit(b.at[k])) {
			if (a.at[i] != b.at[k])
				return (unsigned char)a.at[i] <
					(unsigned char)b.at[k] ?
				    -1 :
				    1;
			i++;
			k++;
			continue;
		}
		an = digits(a, i, &ai);
		bn = digits(b, k, &bk);
		if (an != bn)
			return an < bn ? -1 : 1;
		order = str_cmp(str_slice(a, ai, an), str_slice(b, bk, bn));
		if (order != 0)
			return order;
		i = ai + an;
		k = bk + bn;
	}
	return (i < a.len) - (k < b.len);
}

static int
compare_refs(const void *x, const void *y, void *arg)
{
	const struct ref *all = arg;
	const struct ref *a = &all[*(const uint32_t *)x];
	const struct ref *b = &all[*(const uint32_t *)y];

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == REF_TAG)
		return compare_names(b->brief, a->brief);
	return compare_names(a->brief, b->brief);
}

static struct ref *
ref_at(struct pane *p, uint64_t row)
{
	struct refs_view *v = p->state;

	return &reading_refs(p->room)->at[v->order[row]];
}

static void
draw_commit(struct reading *room, const struct ref *ref,
    const struct list_row *r, const struct canvas *line)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct commit c;

	canvas_printf(line, 0, 35, r->attr | ROLE_NUMBER, "%.10s",
	    oid_text(&ref->commit).hex);
	if (git_commit_read(&c, &a, reading_repo(room), &ref->commit) ==
	    ERR_NONE) {
		show_date(&c.committer, &b);
		canvas_str(line, 0, 46, 10, r->attr, buf_view(&b));
		canvas_str(line, 0, 57, line->cols - 57, r->attr, c.subject);
	} else {
		canvas_put(line, 0, 46, r->attr | ROLE_WARNING,
		    "not delivered");
		err_clear();
	}
	buf_release(&b);
	arena_release(&a);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	struct pane *p = arg;
	struct reading *room = p->room;
	struct ref *ref = ref_at(p, r->row);
	struct oid now = reading_commit(room);
	struct canvas_draw d = {
		.text = ref->brief,
		.attr = r->attr | ROLE_NAME,
		.find = r->find,
	};

	git_refs_peel(ref, reading_repo(room));
	err_clear();
	if (oid_eq(&ref->commit, &now))
		canvas_put(line, 0, 0, r->attr | ROLE_KEY, "*");
	canvas_put(line, 0, 2, r->attr, kinds[ref->kind]);
	canvas_text(line, 0, 10, 24, &d);
	if (oid_is_zero(&ref->commit))
		canvas_put(line, 0, 35, r->attr | ROLE_WARNING,
		    "names no commit that was delivered");
	else
		draw_commit(room, ref, r, line);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	(void)b;
	return ref_at(arg, row)->brief;
}

static const struct list_source source = { draw_row, row_text, NULL };

static enum err
refs_open(struct pane *p, const struct target *t)
{
	struct refs_view *v = p->state;
	const struct refs *refs = reading_refs(p->room);

	v->order = arena_array(&p->arena, refs->len, uint32_t);
	for (size_t i = 0; i < refs->len; i++)
		if (t->text.len == 0 ||
		    str_find(refs->at[i].name, t->text, 0) != SIZE_MAX)
			v->order[v->len++] = (uint32_t)i;
	if (v->len > 0 && !reading_start(p->room)->session)
		qsort_r(v->order, v->len, sizeof *v->order, compare_refs,
		    refs->at);
	list_init(&v->list, &source, p);
	v->list.empty = "no branches or tags - a commit can be read by its "
			"id: :revision ID";
	list_count(&v->list, v->len, false);
	return ERR_NONE;
}

static void
refs_close(struct pane *p)
{
	struct refs_view *v = p->state;

	list_release(&v->list);
}

static void
refs_title(struct pane *p, struct canvas *line)
{
	struct reading *r = p->room;
	struct buf b = { 0 };

	buf_str(&b, reading_start(r)->title);
	buf_str(&b, STR("  releases, branches and tags; read now: "));
	buf_str(&b, reading_revision(r));
	canvas_str(line, 0, 0, line->cols, ROLE_TITLE, buf_view(&b));
	buf_release(&b);
}

static struct list *
refs_list(struct pane *p)
{
	struct refs_view *v = p->state;

	return &v->list;
}

static struct ref *
selected(struct pane *p)
{
	struct refs_view *v = p->state;
	struct ref *ref;

	if (v->list.selected >= v->list.count)
		return NULL;
	ref = ref_at(p, v->list.selected);
	git_refs_peel(ref, reading_repo(p->room));
	err_clear();
	if (oid_is_zero(&ref->commit)) {
		shell_message(p->shell,
		    "this name leads to no commit that "
		    "was delivered");
		return NULL;
	}
	return ref;
}

static void
run_read(struct pane *p, const struct call *c)
{
	const struct ref *ref = selected(p);
	struct reading *r = p->room;
	struct target t = { 0 };
	enum err rc;

	(void)c;
	if (ref == NULL)
		return;
	rc = reading_choose(r,
	    ref->kind == REF_RELEASE ? ref->brief : ref->name);
	if (rc != ERR_NONE) {
		shell_error(p->shell, rc);
		return;
	}
	t.commit = reading_commit(r);
	shell_open(p->shell, "tree", &t);
}

static void
run_compare(struct pane *p, const struct call *c)
{
	const struct ref *ref = selected(p);
	struct target t = { .commit = reading_commit(p->room) };

	if (c->args.len > 0) {
		reading_compare(p, &t.commit, STR(""), c->args);
		return;
	}
	if (ref == NULL)
		return;
	t.commit2 = ref->commit;
	shell_open(p->shell, "compare", &t);
}

static void
refs_where(struct pane *p, struct target *t)
{
	const struct refs_view *v = p->state;

	if (v->list.selected < v->list.count)
		t->commit = ref_at(p, v->list.selected)->commit;
	t->text = p->target.text;
}

static bool
refs_go(struct pane *p, const struct target *t)
{
	return str_eq(p->target.text, t->text);
}

static const struct command commands[] = {
	{ "read", "Enter", "read this revision from now on", run_read, "read",
	    NULL },
	{ "diff-with", "D", "compare: this one is the older side", run_compare,
	    "compare", "OLD [NEW]" },
	{ 0 },
};

const struct view view_refs = {
	.name = "refs",
	.about = "releases, branches and tags; choose what is read",
	.args = "NAME",
	.state_size = sizeof(struct refs_view),
	.commands = commands,
	.open = refs_open,
	.close = refs_close,
	.title = refs_title,
	.list = refs_list,
	.where = refs_where,
	.go = refs_go,
};
