/*
 * history - blame and the log of a path, for comparing with git's.
 *
 * history blame GIT REVISION    of each path on standard input
 * history follow GIT REVISION   the same
 *
 * Standard output: "= PATH", then what git says in the same form (see
 * history.sh): of a blame "ID LINE-THERE LINE-HERE" for each line, of a log
 * the id of each commit.  Standard error: the processor time of each path.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/git_blame.h"
#include "core/git_follow.h"
#include "core/git_refs.h"
#include "core/git_rev.h"

static struct git_graph *graph;
static struct oid commit;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static enum err
blame(struct str path)
{
	const struct blame_options o = { 0 };
	struct blame_part part, *at;
	struct git_blame *b;
	uint32_t n;
	bool got;
	enum err rc = git_blame_open(&b, graph, &commit, path, &o);

	if (rc != ERR_NONE)
		return rc;
	n = git_blame_lines(b);
	at = calloc((size_t)n + 1, sizeof *at);
	if (at == NULL)
		bug("no memory for %u lines", n);
	while ((rc = git_blame_next(&part, &got, b, 1000)) == ERR_NONE)
		for (uint32_t i = 0; got && i < part.len; i++) {
			at[part.first - 1 + i] = part;
			at[part.first - 1 + i].old_first += i;
		}
	for (uint32_t i = 0; i < n; i++)
		printf("%s %u %u\n", oid_text(&at[i].commit).hex,
		    at[i].old_first, i + 1);
	free(at);
	git_blame_close(b);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}

static enum err
follow(struct str path)
{
	struct git_follow *f;
	struct str name;
	uint32_t node;
	bool got;
	enum err rc = git_follow_open(&f, graph, &commit, path);

	if (rc != ERR_NONE)
		return rc;
	while ((rc = git_follow_next(&node, &name, &got, f, 1000, NULL,
		    NULL)) == ERR_NONE)
		if (got)
			printf("%s\n",
			    oid_text(&git_graph_node(graph, node)->id).hex);
	git_follow_close(f);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}

static void each_path(enum err (*of)(struct str path))
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		double begin = now();

		if (line[n - 1] == '\n')
			line[--n] = '\0';
		printf("= %s\n", line);
		if (of((struct str){ line, (size_t)n }) != ERR_NONE)
			printf("! %s\n", err_text());
		err_clear();
		fprintf(stderr, "%.1f %s\n", now() - begin, line);
	}
	free(line);
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct git_repo *repo;
	struct refs refs;

	if (argc != 4)
		return 2;
	if (git_repo_open(&repo, str_of(argv[2]), false) != ERR_NONE ||
	    git_refs_read(&refs, &a, repo) != ERR_NONE ||
	    git_rev_commit(&commit, repo, &refs, str_of(argv[3])) != ERR_NONE) {
		fprintf(stderr, "%s\n", err_text());
		return 3;
	}
	git_graph_open(&graph, repo);
	each_path(strcmp(argv[1], "blame") == 0 ? blame : follow);
	git_graph_close(graph);
	git_repo_close(repo);
	arena_release(&a);
	return 0;
}
