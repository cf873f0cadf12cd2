/*
 * history_time - how long questions about the history of a file take.
 *
 * history_time GIT REVISION TEXT     paths on standard input
 *
 * For each question - the log of the path, the log under all its names,
 * blame, commits that changed how often TEXT stands in it - the median over
 * all paths of: first answer and last answer (wall clock), processor time; in
 * milliseconds.  Ours without an index, with one, then git's, each path by
 * all three before the next.  First answer of a blame: the first 25 lines.
 * Each of ours begins with nothing read but the index, as git does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/git_blame.h"
#include "core/git_follow.h"
#include "core/git_log.h"
#include "core/git_pickaxe.h"
#include "core/git_refs.h"
#include "core/git_rev.h"
#include "core/history_index.h"

enum { SCREEN = 25, PATHS = 1000, WAYS = 3, QUESTIONS = 4 };

static struct git_repo *repo;
static struct history_index *history;
static struct oid commit;
static const char *revision, *text;

struct sample {
	double first, last, cpu;
};

static struct sample samples[QUESTIONS][WAYS][PATHS];
static unsigned n_paths;
static double began;
static bool answered;

static double
clock_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
answer(struct sample *s)
{
	if (!answered)
		s->first = clock_ms(CLOCK_MONOTONIC) - began;
	answered = true;
}

static enum err
ask_log(struct sample *s, struct git_graph *g, struct str path)
{
	const struct git_log_options o = { .from = commit, .path = path };
	struct git_log *l;
	uint32_t node;
	bool got;
	enum err rc = git_log_open(&l, g, &o);

	if (rc != ERR_NONE)
		return rc;
	while ((rc = git_log_next(&node, &got, l, 64)) == ERR_NONE)
		if (got)
			answer(s);
	git_log_close(l);
	return rc;
}

static enum err
ask_follow(struct sample *s, struct git_graph *g, struct str path)
{
	struct git_follow *f;
	struct str name;
	uint32_t node;
	bool got;
	enum err rc = git_follow_open(&f, g, &commit, path);

	if (rc != ERR_NONE)
		return rc;
	while ((rc = git_follow_next(&node, &name, &got, f, 64, NULL, NULL)) ==
	    ERR_NONE)
		if (got)
			answer(s);
	git_follow_close(f);
	return rc;
}

static enum err
ask_blame(struct sample *s, struct git_graph *g, struct str path)
{
	const struct blame_options o = { 0 };
	struct blame_part part;
	struct git_blame *b;
	uint32_t known = 0, wanted;
	bool got;
	enum err rc = git_blame_open(&b, g, &commit, path, &o);

	if (rc != ERR_NONE)
		return rc;
	wanted = git_blame_lines(b) < SCREEN ? git_blame_lines(b) : SCREEN;
	while ((rc = git_blame_next(&part, &got, b, 64)) == ERR_NONE) {
		if (got && part.first <= SCREEN)
			known += part.first + part.len - 1 > SCREEN ?
			    SCREEN - part.first + 1 :
			    part.len;
		if (known >= wanted)
			answer(s);
	}
	git_blame_close(b);
	return rc;
}

static enum err
ask_text(struct sample *s, struct git_graph *g, struct str path)
{
	struct pickaxe_row row;
	struct git_pickaxe *p;
	bool got;
	enum err rc = git_pickaxe_open(&p, g, &commit, str_of(text), path);

	if (rc != ERR_NONE)
		return rc;
	while (
	    (rc = git_pickaxe_next(&row, &got, p, 64, NULL, NULL)) == ERR_NONE)
		if (got)
			answer(s);
	git_pickaxe_close(p);
	return rc;
}

typedef enum err ask_fn(struct sample *s, struct git_graph *g, struct str path);

static void
ours(struct sample *s, ask_fn *ask, struct str path, bool indexed)
{
	double cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
	struct git_graph *g;
	enum err rc = ERR_NONE;

	began = clock_ms(CLOCK_MONOTONIC);
	answered = false;
	git_graph_open(&g, repo);
	if (indexed)
		rc = git_graph_use(g, history);
	if (rc == ERR_NONE)
		rc = ask(s, g, path);
	git_graph_close(g);
	s->last = clock_ms(CLOCK_MONOTONIC) - began;
	s->cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	if (rc != ERR_ABSENT)
		fprintf(stderr, "%.*s: %s\n", STR_ARG(path), err_text());
	err_clear();
	answer(s);
}

static _Noreturn void
run_git(size_t question, const char *path, int to)
{
	int null = open("/dev/null", O_WRONLY);
	char wanted[4096];

	if (null >= 0)
		dup2(null, 2);
	dup2(to, 1);
	snprintf(wanted, sizeof wanted, "-S%s", text);
	if (question == 0)
		execlp("git", "git", "log", "--format=%H", revision, "--", path,
		    (char *)NULL);
	else if (question == 1)
		execlp("git", "git", "log", "--follow", "--format=%H", revision,
		    "--", path, (char *)NULL);
	else if (question == 2)
		execlp("git", "git", "blame", "--porcelain", revision, "--",
		    path, (char *)NULL);
	else
		execlp("git", "git", "log", wanted, "--full-history",
		    "--format=%H", revision, "--", path, (char *)NULL);
	_exit(127);
}

static void
git(struct sample *s, size_t question, const char *path)
{
	struct rusage used;
	char bytes[65536];
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	began = clock_ms(CLOCK_MONOTONIC);
	answered = false;
	if (pipe(ends) != 0 || (pid = fork()) < 0)
		bug("no process: %s", strerror(errno));
	if (pid == 0)
		run_git(question, path, ends[1]);
	close(ends[1]);
	while ((n = read(ends[0], bytes, sizeof bytes)) > 0)
		answer(s);
	close(ends[0]);
	wait4(pid, &status, 0, &used);
	s->last = clock_ms(CLOCK_MONOTONIC) - began;
	s->cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
	    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
	answer(s);
	if (status != 0)
		fprintf(stderr, "git: status %d\n", status);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(const struct sample *s, size_t field)
{
	static double v[PATHS];

	for (unsigned i = 0; i < n_paths; i++)
		memcpy(&v[i], (const char *)&s[i] + field, sizeof v[i]);
	qsort(v, n_paths, sizeof *v, compare);
	return v[n_paths / 2];
}

static void
make_index(void)
{
	const struct history_index_wish wish = { .tips = &commit, .n = 1 };
	static struct buf bytes;
	struct history_index_build *b;
	double cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID), made;
	uint64_t done, total;
	struct git_graph *g;

	git_graph_open(&g, repo);
	history_index_build_open(&b, g, &wish);
	while (history_index_build_step(&done, &total, b, 1000) == ERR_NONE)
		;
	err_clear();
	history_index_build_write(b, &bytes);
	history_index_build_close(b);
	git_graph_close(g);
	made = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
	if (history_index_open_bytes(&history, buf_view(&bytes)) != ERR_NONE)
		bug("%s", err_text());
	printf("index: %u commits, %.1f MB, made in %.0f ms, opened and "
	       "checked in %.1f ms of processor time\n",
	    history_index_commits(history), (double)bytes.len / 1e6, made - cpu,
	    clock_ms(CLOCK_PROCESS_CPUTIME_ID) - made);
}

static void
ask_all(void)
{
	static ask_fn *const asks[QUESTIONS] = { ask_log, ask_follow, ask_blame,
		ask_text };
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while (n_paths < PATHS && (n = getline(&line, &room, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[--n] = '\0';
		for (size_t q = 0; q < QUESTIONS; q++) {
			struct str path = { line, (size_t)n };

			/* Whoever comes second finds files in memory. */
			for (unsigned k = 0; k < 2; k++) {
				bool with = (n_paths + k) % 2 == 1;

				ours(&samples[q][with][n_paths], asks[q], path,
				    with);
			}
			git(&samples[q][2][n_paths], q, line);
		}
		n_paths++;
	}
	free(line);
}

int
main(int argc, char **argv)
{
	static const char *const questions[QUESTIONS] = { "log", "follow",
		"blame", "text" };
	static const char *const ways[WAYS] = { "vitrine", "with index",
		"git" };
	struct arena a = { 0 };
	struct refs refs;

	if (argc != 4)
		return 2;
	if (setenv("GIT_DIR", argv[1], 1) != 0)
		return 2;
	revision = argv[2];
	text = argv[3];
	if (git_repo_open(&repo, str_of(argv[1]), false) != ERR_NONE ||
	    git_refs_read(&refs, &a, repo) != ERR_NONE ||
	    git_rev_commit(&commit, repo, &refs, str_of(revision)) !=
		ERR_NONE) {
		fprintf(stderr, "%s\n", err_text());
		return 3;
	}
	make_index();
	ask_all();
	printf("median of %u paths, ms: first answer, last answer, "
	       "processor time (share of git's)\n",
	    n_paths);
	for (size_t q = 0; n_paths > 0 && q < QUESTIONS; q++)
		for (size_t w = 0; w < WAYS; w++) {
			const struct sample *s = samples[q][w];
			double cpu = median(s, offsetof(struct sample, cpu));

			printf("%-7s %-11s %8.1f %8.1f %8.1f (%.2f)\n",
			    questions[q], ways[w],
			    median(s, offsetof(struct sample, first)),
			    median(s, offsetof(struct sample, last)), cpu,
			    cpu /
				median(samples[q][2],
				    offsetof(struct sample, cpu)));
		}
	history_index_close(history);
	git_repo_close(repo);
	arena_release(&a);
	return 0;
}
