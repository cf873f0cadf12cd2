#include "core/git_image.h"

#include "core/git_commit.h"
#include "core/hash.h"
#include "core/oidset.h"
#include "tests/core/repo.h"

/*
 * What goes into an image, looked for as plainly as it can be said: every
 * folder of every commit, each at its path, entry by entry.
 */

enum { NEW, LEFT_OUT, SHOWN };

struct marks {
	struct oidset ids;
	uint8_t at[20000];
};

struct plain {
	struct git_repo *r;
	bool (*shown)(void *arg, struct str path);
	bool keep_names, release;
	struct marks blobs, trees, commits, visits, lost;
	struct git_image_facts facts;
	struct buf told, names; /* "PATH ID"; ids of what goes in */
	unsigned scope;
};

static uint8_t *
mark_of(struct marks *m, const struct oid *id)
{
	uint32_t i;

	(void)oidset_add(&m->ids, &i, id);
	assert_true(i < sizeof m->at);
	return &m->at[i];
}

static void
goes_in(struct plain *p, const struct oid *id)
{
	buf_printf(&p->names, "%s\n", oid_text(id).hex);
}

static void
lose(struct plain *p, const struct oid *id)
{
	assert_false(p->release);
	p->facts.missing += *mark_of(&p->lost, id) == NEW;
	*mark_of(&p->lost, id) = SHOWN;
}

static bool
plain_file(struct plain *p, const struct oid *id, struct str path)
{
	uint8_t *mark = mark_of(&p->blobs, id);

	if (!p->shown(p, path)) {
		p->facts.withheld += *mark == NEW;
		*mark = *mark == NEW ? LEFT_OUT : *mark;
		return false;
	}
	if (*mark == SHOWN)
		return true;
	if (!git_repo_has(p->r, id)) {
		lose(p, id);
		return true;
	}
	p->facts.withheld -= *mark == LEFT_OUT;
	*mark = SHOWN;
	p->facts.blobs++;
	buf_printf(&p->told, "%s %.*s\n", oid_text(id).hex, STR_ARG(path));
	goes_in(p, id);
	return true;
}

/* Whether anything below is shown; each folder once at each path. */
static bool
plain_tree(struct plain *p, const struct oid *id, struct str path)
{
	struct arena a = { 0 };
	struct str both =
	    arena_printf(&a, "%s %.*s", oid_text(id).hex, STR_ARG(path));
	struct hash h = hash_of(both);
	struct tree_list list;
	struct oid visit;
	bool here = false;

	memcpy(visit.id, h.at, OID_BYTES);
	if (*mark_of(&p->visits, &visit) != NEW) {
		here = *mark_of(&p->visits, &visit) == SHOWN;
		arena_release(&a);
		return here;
	}
	assert_int_equal(git_tree_list(&list, &a, p->r, id), ERR_NONE);
	for (size_t i = 0; i < list.len; i++) {
		const struct tree_entry *e = &list.at[i];
		struct str at = path.len == 0 ?
		    e->name :
		    arena_printf(&a, "%.*s/%.*s", STR_ARG(path),
			STR_ARG(e->name));

		here |= e->kind == TREE_FOLDER ? plain_tree(p, &e->id, at) :
						 plain_file(p, &e->id, at);
	}
	if ((here || p->keep_names || path.len == 0) &&
	    *mark_of(&p->trees, id) == NEW) {
		*mark_of(&p->trees, id) = SHOWN;
		p->facts.trees++;
		goes_in(p, id);
	}
	*mark_of(&p->visits, &visit) = here ? SHOWN : LEFT_OUT;
	arena_release(&a);
	return here;
}

static void
plain_commit(struct plain *p, const struct oid *id, struct commit *c,
    struct arena *a)
{
	assert_int_equal(git_commit_read(c, a, p->r, id), ERR_NONE);
	*mark_of(&p->commits, id) = SHOWN;
	(void)plain_tree(p, &c->tree, STR(""));
	p->facts.commits++;
	goes_in(p, id);
}

/* The releases; then their parents, the last one first. */
static void
plain_walk(struct plain *p, const struct oid *tips, size_t n)
{
	static struct oid stack[4000];
	struct arena a = { 0 };
	struct commit c;
	size_t len = 0;

	p->release = true;
	for (size_t i = 0; i < n; i++)
		*mark_of(&p->commits, &tips[i]) = SHOWN;
	for (size_t i = 0; i < n || len > 0; i++) {
		struct oid id = i < n ? tips[i] : stack[--len];

		p->release = i < n;
		plain_commit(p, &id, &c, &a);
		for (uint32_t k = 0; k < c.n_parents; k++)
			if (*mark_of(&p->commits, &c.parents[k]) == NEW) {
				*mark_of(&p->commits, &c.parents[k]) = SHOWN;
				assert_true(len < 4000);
				stack[len++] = c.parents[k];
			}
	}
	p->facts.packed = p->facts.commits + p->facts.trees + p->facts.blobs;
	arena_release(&a);
}

/* By the path alone; another one for each number. */
static bool
is_shown(void *arg, struct str path)
{
	const struct plain *p = arg;
	struct hash h;
	struct str folder = path;

	if (p->scope == 0)
		return true;
	while (folder.len > 0 && folder.at[folder.len - 1] != '/')
		folder.len--;
	h = hash_of(p->scope % 2 == 0 ? path : folder);
	return (h.at[0] + p->scope) % 3 != 0;
}

static void
note(void *arg, const struct oid *id, struct str path)
{
	struct plain *p = arg;

	buf_printf(&p->told, "%s %.*s\n", oid_text(id).hex, STR_ARG(path));
}

static void
same_facts(const struct git_image_facts *a, const struct git_image_facts *b)
{
	assert_int_equal(a->commits, b->commits);
	assert_int_equal(a->trees, b->trees);
	assert_int_equal(a->blobs, b->blobs);
	assert_int_equal(a->withheld, b->withheld);
	assert_int_equal(a->missing, b->missing);
	assert_int_equal(a->packed, b->packed);
}

/* Ids in the packs of i, against those that were found plainly. */
static void
same_packs(const struct buf *names)
{
	struct buf a = { 0 }, b = { 0 };
	FILE *f = fopen(repo_path("names"), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(names->at, 1, names->len, f), names->len);
	assert_int_equal(fclose(f), 0);
	repo_ask(&b, "sort names");
	repo_ask(&a,
	    "for p in i/objects/pack/*.idx; do git show-index <$p; done |"
	    " cut -d' ' -f2 | sort");
	repo_same(&a, &b);
	buf_release(&a);
	buf_release(&b);
}

static void
release_plain(struct plain *p)
{
	oidset_release(&p->blobs.ids);
	oidset_release(&p->trees.ids);
	oidset_release(&p->commits.ids);
	oidset_release(&p->visits.ids);
	oidset_release(&p->lost.ids);
	buf_release(&p->told);
	buf_release(&p->names);
	free(p);
}

static void
compare(struct repo *r, const struct oid *tips, size_t n, unsigned scope,
    bool keep_names)
{
	struct plain *p = calloc(1, sizeof *p), *q = calloc(1, sizeof *q);
	const struct git_image_want want = { .commits = tips,
		.n = n,
		.shown = is_shown,
		.blob = note,
		.keep_names = keep_names,
		.arg = q };
	struct git_image *im;
	struct arena a = { 0 };
	struct str folder;

	assert_non_null(p);
	assert_non_null(q);
	p->r = r->git;
	p->shown = is_shown;
	p->keep_names = keep_names;
	p->scope = q->scope = scope;
	plain_walk(p, tips, n);
	assert_int_equal(repo_run("rm -rf i && git init -q --bare i"), 0);
	folder = arena_printf(&a, "%s/objects/pack", repo_path("i"));
	assert_int_equal(git_image_open(&im, r->git, &want), ERR_NONE);
	assert_int_equal(git_image_count(im), ERR_NONE);
	git_image_facts(&q->facts, im);
	same_facts(&q->facts, &p->facts);
	repo_same(&q->told, &p->told);
	assert_int_equal(git_image_write_files(im, folder), ERR_NONE);
	assert_int_equal(git_image_write_history(im, folder), ERR_NONE);
	same_packs(&p->names);
	git_image_close(im);
	release_plain(p);
	release_plain(q);
	arena_release(&a);
}

static void
compare_all(const char *dir)
{
	struct repo r;
	struct oid tips[3];

	repo_open(&r, dir);
	tips[0] = repo_id(&r, "main");
	tips[1] = repo_id(&r, "main~9");
	tips[2] = repo_id(&r, "main~30");
	for (unsigned scope = 0; scope < 7; scope++) {
		compare(&r, tips, 1, scope, scope % 3 == 0);
		compare(&r, tips, 3, scope, scope % 3 != 0);
	}
	repo_close(&r);
}

static void
the_walk_finds_what_a_plain_one_finds(void **state)
{
	(void)state;
	repo_start();
	for (unsigned seed = 1; seed <= 3; seed++) {
		assert_int_equal(repo_run("rm -rf h"), 0);
		repo_history("h", seed, 150);
		compare_all("h");
	}
	repo_end();
}

/* Folders that move, stand in several places and come back as they were. */
static void
folders_are_looked_at_at_their_path(void **state)
{
	(void)state;
	repo_start();
	repo_script("init w\n"
		    "for i in $(seq 1 45); do\n"
		    "rm -rf d$((i % 4)) e$((i % 3))\n"
		    "mkdir -p d$((i % 5))/in e$((i % 2)) s/d1\n"
		    "echo $((i % 7)) >d$((i % 5))/in/a.c\n"
		    "echo $((i % 3)) >s/d1/x; echo $((i % 2)) >s/y.c\n"
		    "cp -r d$((i % 5)) e$((i % 2))/copy; cp -r s e$((i % 2))/\n"
		    "git add -A; commit $i\ndone\n");
	compare_all("w/.git");
	repo_end();
}

/* Files of earlier versions were left out of what was delivered. */
static void
what_is_missing_counts_once(void **state)
{
	struct buf b = { 0 };

	(void)state;
	repo_start();
	repo_history("h", 5, 150);
	assert_int_equal(
	    repo_run("mv h/objects/pack/*.pack p && rm -f h/objects/pack/* &&"
		     " git -C h unpack-objects -q <p"),
	    0);
	repo_ask(&b,
	    "cd h; for t in main main~9 main~30; do git ls-tree -r $t; done |"
	    " cut -c13-52 | sort -u >../kept;"
	    " git rev-list --objects --no-object-names main |"
	    " git cat-file --batch-check | sed -n 's/ blob .*//p' | sort |"
	    " comm -23 - ../kept | awk 'NR %% 5 == 0' | while read i; do"
	    " rm -f objects/$(echo $i | cut -c1-2)/$(echo $i | cut -c3-);"
	    " echo $i; done | wc -l");
	assert_true(b.at[0] != '0');
	buf_release(&b);
	compare_all("h");
	repo_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_walk_finds_what_a_plain_one_finds),
		cmocka_unit_test(folders_are_looked_at_at_their_path),
		cmocka_unit_test(what_is_missing_counts_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
