#include "core/history_keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/history_index.h"

enum {
	KEEP_STEPS = 64, /* commits between two words about progress */
	KEEP_MOST = 384 * 1024 * 1024, /* bytes of what is gathered */
	KEEP_REMARK = 512,
};

struct history_keep {
	struct git_graph *graph;
	struct history_index *index;
	struct history_index_build *build;
	struct history_keep_turn turn; /* the one under way */
	struct buf bytes;              /* of an index made here */
	bool too_large;
	char remark[KEEP_REMARK];
};

/* A damaged one is not used, and it is said. */
static void
open_file(struct history_keep *k, const char *path)
{
	enum err rc = history_index_open(&k->index, path);

	if (rc == ERR_NONE)
		rc = git_graph_use(k->graph, k->index);
	if (rc == ERR_NONE)
		return;
	history_index_close(k->index);
	k->index = NULL;
	if (rc == ERR_ABSENT)
		snprintf(k->remark, sizeof k->remark,
		    "this session has no index of history: commits are "
		    "compared one by one, which is slower");
	else
		snprintf(k->remark, sizeof k->remark,
		    "%s; it is not used: commits are compared one by one; "
		    "vitrine-lab verify says what else is wrong",
		    err_text());
	err_clear();
}

void
history_keep_open(struct history_keep **out, struct git_graph *g,
    const char *path)
{
	struct history_keep *k = calloc(1, sizeof *k);

	if (k == NULL)
		bug("no memory for an index of history");
	k->graph = g;
	if (path != NULL)
		open_file(k, path);
	*out = k;
}

void
history_keep_close(struct history_keep *k)
{
	if (k == NULL)
		return;
	history_index_build_close(k->build);
	history_index_close(k->index);
	buf_release(&k->bytes);
	free(k);
}

struct str
history_keep_remark(struct history_keep *k)
{
	static char said[KEEP_REMARK];

	memcpy(said, k->remark, sizeof said);
	k->remark[0] = '\0';
	return str_of(said);
}

static bool
wanted_stop(void *arg)
{
	struct history_keep *k = arg;

	return k->turn.stop(k->turn.arg);
}

static enum err
finish(struct history_keep *k)
{
	enum err rc;

	history_index_build_write(k->build, &k->bytes);
	history_index_build_close(k->build);
	k->build = NULL;
	rc = history_index_open_bytes(&k->index, buf_view(&k->bytes));
	if (rc == ERR_NONE)
		rc = git_graph_use(k->graph, k->index);
	if (rc == ERR_NONE)
		return ERR_NONE;
	history_index_close(k->index);
	k->index = NULL;
	buf_release(&k->bytes);
	return rc;
}

static enum err
go_on(struct history_keep *k)
{
	uint64_t done, total;
	enum err rc;

	do {
		rc = history_index_build_step(&done, &total, k->build,
		    KEEP_STEPS);
		if (k->turn.tell != NULL)
			k->turn.tell(k->turn.arg, done, total);
		if (rc == ERR_NONE && wanted_stop(k))
			return fail(ERR_STOPPED, "stopped");
	} while (rc == ERR_NONE);
	if (rc == ERR_LIMIT) {
		history_index_build_close(k->build);
		k->build = NULL;
		k->too_large = true;
	}
	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return finish(k);
}

enum err
history_keep_build(struct history_keep *k, const struct history_keep_turn *turn)
{
	const struct history_index_wish wish = { .tips = turn->tips,
		.n = turn->n,
		.most = KEEP_MOST,
		.stop = wanted_stop,
		.arg = k };

	if (k->index != NULL)
		return ERR_NONE;
	if (k->too_large)
		return fail(ERR_LIMIT,
		    "an index of this history would be over %d MB",
		    KEEP_MOST >> 20);
	k->turn = *turn;
	if (k->build == NULL)
		history_index_build_open(&k->build, k->graph, &wish);
	return go_on(k);
}
