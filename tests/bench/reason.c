/*
 * reason - what it costs to say why reviewed lines count no more.
 *
 *   reason GITDIR REVISION PATH OLD...
 *
 * Looked up where REVISION is read, for a line of PATH as it was in each OLD
 * revision, and for a content that no revision has: the first time, when the
 * tags have to be put in order, and the best and the worst of those after it.
 * Milliseconds of the processor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/git_tree.h"
#include "tui/reading_inside.h"
#include "tui/reading_reason.h"

enum { RUNS = 9 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
must(enum err rc)
{
	if (rc == ERR_NONE)
		return;
	fprintf(stderr, "reason: %s\n", err_text());
	exit(2);
}

static struct oid
blob_at(struct reading *r, const char *revision, struct str path)
{
	struct tree_entry e;
	struct oid commit, tree;

	must(reading_resolve(&commit, r, str_of(revision)));
	must(git_tree_of(&tree, r->repo, &commit));
	must(git_tree_find(&e, r->repo, &tree, path));
	return e.id;
}

static void
gone(void *arg, enum err rc)
{
	(void)arg;
	must(rc);
}

static void
measure(struct reading *r, const struct oid *commit, struct str path,
    const char *old, const struct reading_reason *was)
{
	double first = 0, best = 1e9, worst = 0;
	struct buf b = { 0 };

	for (int i = 0; i < RUNS; i++) {
		double t = now();

		buf_clear(&b);
		reading_reason_lines(&b, r, commit, path, was);
		t = now() - t;
		if (i == 0)
			first = t;
		else if (t > worst)
			worst = t;
		if (i > 0 && t < best)
			best = t;
	}
	printf("%-10s first %7.1f  then %6.1f to %6.1f ms  %.*s\n", old, first,
	    best, worst, STR_ARG(buf_view(&b)));
	buf_release(&b);
}

static void
stop_when_quiet(void *arg)
{
	struct reading *r = arg;

	if (reading_quiet(r))
		loop_stop(r->loop, ERR_NONE);
	else
		loop_after(r->loop, 1, stop_when_quiet, r);
}

/* As it is done between keys, before anybody asks. */
static void
put_in_order(struct reading *r)
{
	double t = now();

	reading_reason_prepare(r);
	loop_after(r->loop, 1, stop_when_quiet, r);
	must(loop_run(r->loop));
	printf("%zu refs put in order in slices: %.1f ms\n", r->refs.len,
	    now() - t);
}

int
main(int argc, char **argv)
{
	struct start start = { .title = STR("bench") };
	struct reading_wires wires = { .notes = -1 };
	struct reading_reason was = { .first = 1, .last = 1 };
	struct reading *r;
	struct loop *loop;
	struct oid commit;
	struct str path;

	if (argc < 4) {
		fputs("usage: reason GITDIR REVISION PATH OLD...\n", stderr);
		return 2;
	}
	start.git = str_of(argv[1]);
	path = str_of(argv[3]);
	must(loop_open(&loop));
	must(reading_open(&r, loop, &start, &wires, gone, NULL));
	must(reading_resolve(&commit, r, str_of(argv[2])));
	put_in_order(r);
	for (int i = 4; i < argc; i++) {
		was.blob = blob_at(r, argv[i], path);
		measure(r, &commit, path, argv[i], &was);
	}
	memset(was.blob.id, 0x77, OID_BYTES);
	measure(r, &commit, path, "nowhere", &was);
	reading_close(r);
	loop_close(loop);
	return 0;
}
