#include "core/job.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/job_blame.h"
#include "core/job_feed.h"
#include "core/job_files.h"
#include "core/job_index.h"
#include "core/job_pathlog.h"
#include "core/job_treediff.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "tests/core/repo.h"

/* A worker in a process of its own, and what it sends. */
struct worker {
	pid_t pid;
	int reading, searcher, checker; /* our ends */
	int fds[3];                     /* its ends, kept for a second start */
	uint32_t id;                    /* of the last job */
	struct buf body, data;
	uint16_t type;
	unsigned messages;
	enum err rc;
	struct str text;
};

static void
start_worker(struct worker *w, const char *dir)
{
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid == 0) {
		struct job_fds fds = { w->fds[0], w->fds[1], w->fds[2], NULL };
		struct git_repo *r;
		enum err rc = git_repo_open(&r, str_of(repo_path(dir)), false);

		close(w->reading);
		close(w->searcher);
		close(w->checker);
		if (rc == ERR_NONE)
			rc = job_serve(r, &fds);
		_exit(rc == ERR_NONE ? 0 : 100 + (int)rc);
	}
}

static void
take(struct worker *w)
{
	assert_int_equal(port_read(w->reading, &w->type, &w->body), ERR_NONE);
}

/* The next message must be the end of that job. */
static struct job_done
take_done(struct worker *w, uint32_t want)
{
	struct job_done d = { 0 };
	struct str rest;
	uint32_t id;

	take(w);
	assert_int_equal(w->type, MSG_JOB_DONE);
	assert_int_equal(job_read_id(&id, &rest, buf_view(&w->body)), ERR_NONE);
	assert_int_equal(id, want);
	assert_int_equal(job_read_done(&d, rest), ERR_NONE);
	return d;
}

static void
open_worker(struct worker *w, const char *dir)
{
	int *ours[] = { &w->reading, &w->searcher, &w->checker };

	*w = (struct worker){ 0 };
	for (int i = 0; i < 3; i++) {
		int fds[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds),
		    0);
		*ours[i] = fds[0];
		w->fds[i] = fds[1];
	}
	start_worker(w, dir);
	take_done(w, 0);
}

static int
close_worker(struct worker *w)
{
	int status;

	for (int i = 0; i < 3; i++)
		close(w->fds[i]);
	close(w->reading);
	close(w->searcher);
	close(w->checker);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	buf_release(&w->body);
	buf_release(&w->data);
	return status;
}

static void
send_job(struct worker *w, const char *name, const struct buf *args)
{
	struct buf b = { 0 };

	job_write(&b, ++w->id, str_of(name), buf_view(args));
	assert_int_equal(port_write(w->reading, MSG_JOB, buf_view(&b)),
	    ERR_NONE);
	buf_release(&b);
}

static void
send_cancel(struct worker *w)
{
	struct buf b = { 0 };

	wire_put_u32(&b, w->id);
	assert_int_equal(port_write(w->reading, MSG_JOB_CANCEL, buf_view(&b)),
	    ERR_NONE);
	buf_release(&b);
}

/* All rows of the job in w->data. */
static void
finish_job(struct worker *w)
{
	struct job_done d = { 0 };
	struct str rest;
	uint32_t id;

	buf_clear(&w->data);
	w->messages = 0;
	for (;;) {
		take(w);
		assert_int_equal(job_read_id(&id, &rest, buf_view(&w->body)),
		    ERR_NONE);
		assert_int_equal(id, w->id);
		if (w->type == MSG_JOB_DONE)
			break;
		if (w->type == MSG_JOB_DATA)
			buf_str(&w->data, rest);
		w->messages++;
	}
	assert_int_equal(job_read_done(&d, rest), ERR_NONE);
	w->rc = d.rc;
	w->text = d.text;
}

static void
run_job(struct worker *w, const char *name, struct buf *args)
{
	send_job(w, name, args);
	finish_job(w);
	buf_release(args);
}

static void
files_and_logs_come_as_git_has_them(void **state)
{
	struct buf args = { 0 }, ours = { 0 }, theirs = { 0 };
	struct pathlog_row commit;
	struct files_row file;
	struct worker w;
	struct repo r;
	struct wire in;

	(void)state;
	repo_start();
	repo_history("h", 31, 120);
	repo_open(&r, "h");
	open_worker(&w, "h");
	job_files_args(&args,
	    &(struct files_args){ repo_id(&r, "main"), true });
	run_job(&w, "files", &args);
	assert_int_equal(w.rc, ERR_NONE);
	in = wire_of(buf_view(&w.data));
	while (job_files_read_row(&file, &in))
		buf_printf(&ours, "%06o blob %s %7ld\t%.*s\n", file.entry.mode,
		    oid_text(&file.entry.id).hex, (long)file.entry.size,
		    STR_ARG(file.path));
	assert_false(in.bad);
	repo_ask(&theirs, "git -C h ls-tree -r -l main");
	repo_same(&ours, &theirs);
	buf_clear(&ours);
	job_pathlog_args(&args,
	    &(struct pathlog_args){ .from = repo_id(&r, "main"),
		.path = STR("lib") });
	run_job(&w, "pathlog", &args);
	assert_int_equal(w.rc, ERR_NONE);
	in = wire_of(buf_view(&w.data));
	while (job_pathlog_read_row(&commit, &in))
		buf_printf(&ours, "%s\n", oid_text(&commit.commit).hex);
	assert_false(in.bad);
	repo_ask(&theirs, "git -C h log --format=%%H main -- lib");
	repo_same(&ours, &theirs);
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	buf_release(&ours);
	buf_release(&theirs);
	repo_end();
}

static void
blame_and_comparison_come_in_rows(void **state)
{
	struct treediff_row row;
	struct buf args = { 0 };
	unsigned changes = 0, renames = 0, counts = 0, lines = 0;
	struct blame_row part;
	struct worker w;
	struct repo r;
	struct wire in;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nfor i in 1 2 3 4 5 6; do echo line $i >>a; done\n"
	    "echo 1 >b\necho 1 >c\ncommit one\nmv a z; echo 2 >b; echo 3 >d\n"
	    "echo line 7 >>z\ncommit two\n");
	repo_open(&r, "r/.git");
	open_worker(&w, "r/.git");
	job_treediff_args(&args,
	    &(struct treediff_args){ .old = repo_id(&r, "HEAD~1"),
		.new = repo_id(&r, "HEAD"),
		.renames = true,
		.counts = true,
		.pairs = 1000 });
	run_job(&w, "treediff", &args);
	assert_int_equal(w.rc, ERR_NONE);
	in = wire_of(buf_view(&w.data));
	while (job_treediff_read_row(&row, &in)) {
		if (row.kind == TREEDIFF_CHANGE)
			assert_int_equal(row.index, changes++);
		renames += row.kind == TREEDIFF_RENAME && row.index == 0 &&
		    row.other == 3;
		counts += row.kind == TREEDIFF_COUNT;
		if (row.kind == TREEDIFF_COUNT && row.index == 3)
			assert_true(
			    row.change.added == 1 && row.change.deleted == 0);
	}
	assert_false(in.bad);
	assert_int_equal(changes, 4);
	assert_int_equal(renames, 1);
	assert_int_equal(counts, 3);
	job_blame_args(&args,
	    &(struct blame_args){ .from = repo_id(&r, "HEAD"),
		.path = STR("z") });
	run_job(&w, "blame", &args);
	assert_int_equal(w.rc, ERR_NONE);
	in = wire_of(buf_view(&w.data));
	while (job_blame_read_row(&part, &in)) {
		lines += part.part.len;
		assert_true(str_eq(part.part.old_path,
		    part.part.first == 7 ? STR("z") : STR("a")));
	}
	assert_false(in.bad);
	assert_int_equal(lines, 7);
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	repo_end();
}

/*
 * Cancels what runs.  It may be done already; the cancel is answered by
 * itself as well; and where the machine is so busy that the job does not hear
 * it in time, the process ends and is started again.
 */
static void
cancel_job(struct worker *w, const char *dir)
{
	unsigned ends = 0;
	int status;

	send_cancel(w);
	while (ends < 2) {
		struct pollfd p = { .fd = w->reading, .events = POLLIN };

		if (poll(&p, 1, 10) > 0) {
			take(w);
			ends += w->type == MSG_JOB_DONE;
		} else if (waitpid(w->pid, &status, WNOHANG) == w->pid) {
			assert_int_equal(WEXITSTATUS(status), JOB_STUCK);
			start_worker(w, dir);
			take_done(w, 0);
			ends = 1;
		}
	}
}

static void
blame_file(struct buf *rows, struct worker *w, const struct oid *from)
{
	struct buf args = { 0 };

	job_blame_args(&args,
	    &(struct blame_args){ .from = *from, .path = STR("f") });
	run_job(w, "blame", &args);
	assert_int_equal(w->rc, ERR_NONE);
	buf_clear(rows);
	buf_str(rows, buf_view(&w->data));
}

static void
an_index_is_made_and_changes_no_answer(void **state)
{
	struct buf args = { 0 }, before = { 0 }, after = { 0 };
	struct oid tips[2];
	struct worker w;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\nfor i in 1 2 3 4 5 6 7 8 9; do\n"
		    "	echo $i >>f; commit $i; echo $i >g; commit $i; done\n"
		    "git tag -a -m tag v1 HEAD~4\n");
	repo_open(&r, "r/.git");
	open_worker(&w, "r/.git");
	tips[0] = repo_id(&r, "HEAD");
	repo_ask(&args, "git -C r rev-parse v1");
	assert_int_equal(oid_parse(&tips[1], str_slice(buf_view(&args), 0, 40)),
	    ERR_NONE);
	buf_release(&args);
	blame_file(&before, &w, &tips[0]);
	assert_true(before.len > 9 * 30);
	job_index_args(&args, tips, 2);
	send_job(&w, "index", &args);
	cancel_job(&w, "r/.git");
	run_job(&w, "index", &args);
	assert_int_equal(w.rc, ERR_NONE);
	assert_int_equal(w.data.len, 0);
	assert_int_equal(w.text.len, 0);
	blame_file(&after, &w, &tips[0]);
	repo_same(&after, &before);
	wire_put_u32(&args, 2);
	wire_put_oid(&args, &tips[0]);
	run_job(&w, "index", &args);
	assert_int_equal(w.rc, ERR_FORMAT);
	wire_put_u32(&args, JOB_INDEX_TIPS + 1);
	run_job(&w, "index", &args);
	assert_int_equal(w.rc, ERR_FORMAT);
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	buf_release(&before);
	buf_release(&after);
	repo_end();
}

static void
what_cannot_be_done_is_said_and_the_next_job_runs(void **state)
{
	struct buf args = { 0 };
	struct worker w;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\ncommit one\n");
	repo_open(&r, "r/.git");
	open_worker(&w, "r/.git");
	run_job(&w, "nonsense", &args);
	assert_int_equal(w.rc, ERR_ABSENT);
	assert_true(str_eq(w.text, STR("no such job")));
	buf_str(&args, STR("xx"));
	run_job(&w, "files", &args);
	assert_int_equal(w.rc, ERR_FORMAT);
	job_files_args(&args,
	    &(struct files_args){ .of = { .id = { 1, 2, 3 } } });
	run_job(&w, "files", &args);
	assert_int_equal(w.rc, ERR_ABSENT);
	assert_true(str_find(w.text, STR("was not delivered"), 0) != SIZE_MAX);
	job_blame_args(&args,
	    &(struct blame_args){ .from = repo_id(&r, "HEAD"),
		.path = STR("no/such") });
	run_job(&w, "blame", &args);
	assert_int_equal(w.rc, ERR_ABSENT);
	job_files_args(&args,
	    &(struct files_args){ repo_id(&r, "HEAD"), false });
	run_job(&w, "files", &args);
	assert_int_equal(w.rc, ERR_NONE);
	assert_int_equal(close_worker(&w), 0);
	/* A message that is none ends the worker. */
	open_worker(&w, "r/.git");
	assert_int_equal(port_write(w.reading, MSG_JOB, STR("x")), ERR_NONE);
	assert_int_equal(close_worker(&w), (100 + ERR_FORMAT) << 8);
	open_worker(&w, "r/.git");
	assert_int_equal(port_write(w.reading, MSG_KEY, STR("x")), ERR_NONE);
	assert_int_equal(close_worker(&w), (100 + ERR_FORMAT) << 8);
	repo_close(&r);
	repo_end();
}

struct catch
{
	struct feed_in in;
	unsigned blobs;
	uint64_t bytes;
	uint32_t seen; /* a bit for each index */
	struct feed_total total;
};

static void
catch_all(struct catch *c, int fd, uint32_t job)
{
	struct buf body = { 0 };
	struct feed_blob got;
	uint16_t type;
	bool more;

	*c = (struct catch){ 0 };
	feed_listen(&c->in, job);
	for (;;) {
		assert_int_equal(port_read(fd, &type, &body), ERR_NONE);
		if (type == MSG_FEED_END)
			break;
		assert_true(feed_take(&c->in, buf_view(&body)));
		while (feed_next(&c->in, &got, &more) == ERR_NONE && more) {
			c->blobs++;
			c->bytes += got.bytes.len;
			c->seen |= 1u << got.index;
		}
	}
	assert_int_equal(feed_end_read(&c->total, buf_view(&body)), ERR_NONE);
	feed_forget(&c->in);
	buf_release(&body);
}

/* Two slices of two revisions, then one broken off and begun again. */
static void
every_distinct_file_is_fed_once(void **state)
{
	struct oid ids[2], of[2];
	struct buf args = { 0 };
	struct catch c;
	unsigned blobs = 0;
	uint64_t bytes = 0;
	struct worker w;
	struct repo r;

	(void)state;
	repo_start();
	repo_script(
	    "init r\nfor i in 1 2 3 4 5 6 7 8 9; do echo $i >f$i\n"
	    "echo $i >same$i; done\ncommit one\necho new >f1; ln -s f1 l\n"
	    "commit two\ngit gc -q\n");
	repo_open(&r, "r/.git");
	ids[0] = repo_id(&r, "HEAD");
	ids[1] = repo_id(&r, "HEAD~1");
	open_worker(&w, "r/.git");
	for (uint32_t slice = 0; slice < 2; slice++) {
		job_feed_args(&args,
		    &(struct feed_args){ .job = 5,
			.slice = slice,
			.slices = 2,
			.ids = ids,
			.n = 2 });
		send_job(&w, "feed", &args);
		buf_release(&args);
		catch_all(&c, w.searcher, 5);
		finish_job(&w);
		assert_int_equal(w.rc, ERR_NONE);
		blobs += c.blobs;
		bytes += c.bytes;
		assert_int_equal(c.total.blobs, c.blobs);
	}
	assert_int_equal(blobs, 11);
	assert_int_equal(bytes, 9 * 2 + 4 + 2);
	of[0] = repo_id(&r, "HEAD^{tree}");
	job_feed_args(&args,
	    &(struct feed_args){ .job = 6,
		.slices = 1,
		.from = 4,
		.ids = of,
		.n = 1 });
	send_job(&w, "prints", &args);
	buf_release(&args);
	catch_all(&c, w.checker, 6);
	finish_job(&w);
	assert_int_equal(c.blobs, 7);
	assert_int_equal(c.seen, 0x7f0);
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	repo_end();
}

static void
a_file_that_is_not_there_is_named(void **state)
{
	struct feed_row row;
	struct buf args = { 0 };
	struct oid ids[3];
	struct catch c;
	struct worker w;
	struct repo r;
	struct wire in;

	(void)state;
	repo_start();
	repo_script("init r\necho 1 >f\necho 2 >g\ncommit one\n");
	repo_open(&r, "r/.git");
	open_worker(&w, "r/.git");
	for (size_t i = 0; i < 3; i++) {
		struct tree_entry e;
		struct oid tree = repo_tree(&r, "HEAD");

		assert_int_equal(git_tree_find(&e, r.git, &tree,
				     i == 0 ? STR("f") : STR("g")),
		    ERR_NONE);
		ids[i] = e.id;
	}
	ids[1].id[7] ^= 1;
	job_feed_args(&args,
	    &(struct feed_args){ .job = 1,
		.slices = 1,
		.what = FEED_BLOBS,
		.ids = ids,
		.n = 3 });
	send_job(&w, "feed", &args);
	buf_release(&args);
	catch_all(&c, w.searcher, 1);
	finish_job(&w);
	assert_int_equal(w.rc, ERR_NONE);
	assert_int_equal(c.seen, 5);
	in = wire_of(buf_view(&w.data));
	assert_true(job_feed_read_row(&row, &in));
	assert_int_equal(row.kind, FEED_ROW_TOTAL);
	assert_int_equal(row.index, 3);
	assert_true(job_feed_read_row(&row, &in));
	assert_int_equal(row.kind, FEED_ROW_SKIPPED);
	assert_int_equal(row.index, 1);
	assert_int_equal(row.rc, ERR_ABSENT);
	assert_true(oid_eq(&row.id, &ids[1]));
	assert_false(job_feed_read_row(&row, &in));
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	repo_end();
}

static void
a_cancel_ends_a_feed_that_nobody_takes(void **state)
{
	struct buf args = { 0 };
	struct oid id;
	struct worker w;
	struct repo r;

	(void)state;
	repo_start();
	repo_script("init r\nhead -c 9000000 /dev/zero >f\ncommit one\n");
	repo_open(&r, "r/.git");
	open_worker(&w, "r/.git");
	id = repo_id(&r, "HEAD");
	job_feed_args(&args,
	    &(struct feed_args){ .job = 1, .slices = 1, .ids = &id, .n = 1 });
	send_job(&w, "feed", &args);
	buf_release(&args);
	cancel_job(&w, "r/.git"); /* or it waits for us for ever */
	job_files_args(&args, &(struct files_args){ .of = id });
	run_job(&w, "files", &args);
	assert_int_equal(w.rc, ERR_NONE);
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	repo_end();
}

static void
write_noise(const char *name, unsigned seed)
{
	FILE *f = fopen(repo_path(name), "wb");

	assert_non_null(f);
	for (int i = 0; i < 1500000; i++) {
		seed = seed * 1103515245u + 12345u;
		fprintf(f, "%u\n", (seed >> 16) % 300);
	}
	assert_int_equal(fclose(f), 0);
}

/* Either the process ends, or the cancel came before the long call. */
static bool
ends_with_process(struct worker *w, const struct buf *args, int *status)
{
	unsigned ends = 0;

	send_job(w, "treediff", args);
	send_cancel(w);
	while (ends < 2) {
		struct pollfd p = { .fd = w->reading, .events = POLLIN };

		if (poll(&p, 1, 10) > 0) {
			take(w);
			ends += w->type == MSG_JOB_DONE;
		} else if (waitpid(w->pid, status, WNOHANG) == w->pid) {
			return true;
		}
	}
	return false;
}

/* Comparing noise with noise takes many seconds in one library call. */
static void
a_job_that_does_not_listen_ends_with_its_process(void **state)
{
	struct buf args = { 0 };
	struct worker w;
	struct repo r;
	int status = 0;

	(void)state;
	repo_start();
	repo_script("init r\n");
	write_noise("r/f", 1);
	repo_script("cd r\ncommit one\n");
	write_noise("r/f", 2);
	repo_script("cd r\ncommit two\n");
	repo_open(&r, "r/.git");
	open_worker(&w, "r/.git");
	job_treediff_args(&args,
	    &(struct treediff_args){ .old = repo_id(&r, "HEAD~1"),
		.new = repo_id(&r, "HEAD"),
		.counts = true });
	while (!ends_with_process(&w, &args, &status))
		;
	buf_release(&args);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), JOB_STUCK);
	/* Started again on the same descriptors, it knows what was wanted. */
	start_worker(&w, "r/.git");
	take_done(&w, 0);
	assert_int_equal(take_done(&w, w.id).rc, ERR_STOPPED);
	job_files_args(&args,
	    &(struct files_args){ repo_id(&r, "HEAD"), false });
	run_job(&w, "files", &args);
	assert_int_equal(w.rc, ERR_NONE);
	assert_int_equal(close_worker(&w), 0);
	repo_close(&r);
	repo_end();
}

static void
rows_that_are_none_are_refused(void **state)
{
	struct treediff_row t;
	struct pathlog_row p;
	struct files_row f;
	struct blame_row b;
	struct feed_row d;
	struct buf bytes = { 0 };

	(void)state;
	for (int i = 0; i < 200; i++)
		buf_char(&bytes, '\xff');
	for (size_t n = 1; n <= bytes.len; n++) {
		struct str s = str_slice(buf_view(&bytes), 0, n);
		struct wire w[5] = { wire_of(s), wire_of(s), wire_of(s),
			wire_of(s), wire_of(s) };

		assert_false(job_treediff_read_row(&t, &w[0]));
		assert_false(job_pathlog_read_row(&p, &w[1]));
		assert_false(job_files_read_row(&f, &w[2]));
		assert_false(job_blame_read_row(&b, &w[3]));
		assert_false(job_feed_read_row(&d, &w[4]));
		for (int i = 0; i < 5; i++)
			assert_true(w[i].bad);
	}
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_and_logs_come_as_git_has_them),
		cmocka_unit_test(blame_and_comparison_come_in_rows),
		cmocka_unit_test(
		    what_cannot_be_done_is_said_and_the_next_job_runs),
		cmocka_unit_test(every_distinct_file_is_fed_once),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
		cmocka_unit_test(an_index_is_made_and_changes_no_answer),
		cmocka_unit_test(a_cancel_ends_a_feed_that_nobody_takes),
		cmocka_unit_test(
		    a_job_that_does_not_listen_ends_with_its_process),
		cmocka_unit_test(rows_that_are_none_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
