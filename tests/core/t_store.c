#include "core/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/limits.h"
#include "tests/core/disk.h"
#include "tests/tool.h"

static const char *path;

static int
setup(void **state)
{
	(void)state;
	err_clear();
	tool_start();
	path = tool_path("record.db");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tool_end();
	return 0;
}

static enum err
add(struct store *s, uint64_t seq)
{
	char body[32];

	snprintf(body, sizeof body, "entry %llu", (unsigned long long)seq);
	return store_append(s, seq, STR("link"), str_of(body), NULL);
}

static enum err
count(void *arg, uint64_t seq, struct str link, struct str body)
{
	uint64_t *n = arg;
	char want[32];

	snprintf(want, sizeof want, "entry %llu", (unsigned long long)seq);
	assert_true(str_eq(link, STR("link")));
	assert_true(str_eq(body, str_of(want)));
	*n = seq;
	return ERR_NONE;
}

static struct store *
make(uint64_t n)
{
	struct store *s;

	assert_int_equal(store_create(&s, path, STORE_RECORD, STR("head")),
	    ERR_NONE);
	for (uint64_t i = 1; i <= n; i++)
		assert_int_equal(add(s, i), ERR_NONE);
	return s;
}

static void
what_was_appended_is_there_after_reopening(void **state)
{
	struct buf head = { 0 };
	struct store *s;
	uint64_t n = 0;

	(void)state;
	store_close(make(5));
	assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_NONE);
	assert_int_equal(store_header(s, &head), ERR_NONE);
	assert_true(str_eq(buf_view(&head), STR("head")));
	assert_int_equal(store_each(s, 1, count, &n), ERR_NONE);
	assert_int_equal(n, 5);
	assert_int_equal(add(s, 7), ERR_FORMAT);
	assert_int_equal(add(s, 5), ERR_FORMAT);
	assert_int_equal(add(s, 6), ERR_NONE);
	n = 0;
	assert_int_equal(store_each(s, 6, count, &n), ERR_NONE);
	assert_int_equal(n, 6);
	store_close(s);
	buf_release(&head);
}

static void
a_header_is_replaced_with_an_entry_or_not_at_all(void **state)
{
	struct str next = STR("next");
	struct buf head = { 0 };
	struct store *s = make(1);

	(void)state;
	assert_int_equal(store_append(s, 3, STR("link"), STR("x"), &next),
	    ERR_FORMAT);
	assert_int_equal(store_header(s, &head), ERR_NONE);
	assert_true(str_eq(buf_view(&head), STR("head")));
	assert_int_equal(store_append(s, 2, STR("link"), STR("entry 2"), &next),
	    ERR_NONE);
	assert_int_equal(store_header(s, &head), ERR_NONE);
	assert_true(str_eq(buf_view(&head), next));
	store_close(s);
	buf_release(&head);
}

static void
nobody_else_reads_it_and_nobody_else_opens_it(void **state)
{
	struct store *s = make(1), *other;
	struct stat st;
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(store_create(&other, path, STORE_RECORD, STR("head")),
	    ERR_DENIED);
	child = fork();
	if (child == 0) {
		err_clear();
		_exit(store_open(&other, path, STORE_RECORD) == ERR_DENIED &&
			    strstr(err_text(), "another program") ?
			0 :
			1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(s);
}

static void
what_is_no_such_store_is_refused(void **state)
{
	struct store *s;
	struct buf bytes = { 0 };

	(void)state;
	assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_ABSENT);
	tool_write("record.db", STR(""));
	err_clear();
	assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_ABSENT);
	err_clear();
	tool_write("record.db",
	    STR("not a database, but long enough for a "
		"header of one hundred bytes, which is what SQLite looks at "
		"when "
		"it opens a file"));
	assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_FORMAT);
	unlink(path);
	store_close(make(1));
	err_clear();
	assert_int_equal(store_open(&s, path, STORE_JOURNAL), ERR_FORMAT);
	assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_NONE);
	store_close(s);
	buf_release(&bytes);
}

/* Changes a store behind its back. */
static void
meddle(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_total_changes(db) +
		(strstr(sql, "CREATE") != NULL) +
		(strstr(sql, "PRAGMA") != NULL),
	    0);
	sqlite3_close(db);
}

static void
a_schema_with_anything_more_is_refused(void **state)
{
	const char *const more[] = {
		"CREATE TABLE more (x)",
		"CREATE INDEX i ON entry (link)",
		"CREATE VIEW v AS SELECT 1",
		("CREATE TRIGGER t AFTER INSERT ON entry BEGIN "
		 "SELECT 1; END"),
		"PRAGMA user_version=2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
		struct store *s;

		store_close(make(2));
		assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_NONE);
		store_close(s);
		meddle(more[i]);
		err_clear();
		assert_int_equal(store_open(&s, path, STORE_RECORD),
		    ERR_FORMAT);
		unlink(path);
	}
}

static void
a_gap_or_a_number_before_its_place_is_named(void **state)
{
	const struct {
		const char *sql, *says;
	} all[] = {
		{ "DELETE FROM entry WHERE seq = 2", "entry 2 is missing" },
		{ "DELETE FROM entry WHERE seq = 1", "entry 1 is missing" },
		{ "UPDATE entry SET seq = 9 WHERE seq = 3",
		    "entry 3 is missing" },
		{ "UPDATE entry SET seq = 0 WHERE seq = 3",
		    "entry 0 stands before" },
		{ "UPDATE entry SET seq = -7 WHERE seq = 3", "stands before" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct store *s;
		uint64_t n = 0;

		store_close(make(4));
		meddle(all[i].sql);
		err_clear();
		assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_NONE);
		assert_int_equal(store_each(s, 1, count, &n), ERR_FORMAT);
		assert_non_null(strstr(err_text(), all[i].says));
		store_close(s);
		unlink(path);
	}
}

/*
 * The power goes at every operation of creating a store and appending to it;
 * every part of what was not synced may be lost.  What was acknowledged is
 * there, and nothing is damaged.
 */
static void
what_was_acknowledged_survives_the_power_at_every_write(void **state)
{
	unsigned n = 1, cases = 0;
	bool more = true;

	(void)state;
	for (; more; n++) {
		for (int left = 0; left < DISK_LEFTS; left++) {
			uint64_t acked = 0, found = 0;
			struct store *s = NULL;
			enum err rc;

			disk_start();
			disk_fail(n, DISK_POWER);
			rc = store_create(&s, path, STORE_RECORD, STR("head"));
			while (rc == ERR_NONE && acked < 4) {
				rc = add(s, acked + 1);
				acked += rc == ERR_NONE;
			}
			more = disk_failed();
			assert_int_equal(rc == ERR_NONE, !more);
			store_close(s);
			disk_power_on((enum disk_left)left);
			err_clear();
			rc = store_open(&s, path, STORE_RECORD);
			if (acked > 0)
				assert_int_equal(rc, ERR_NONE);
			else
				assert_true(rc == ERR_NONE || rc == ERR_ABSENT);
			if (rc == ERR_NONE) {
				assert_int_equal(store_each(s, 1, count,
						     &found),
				    ERR_NONE);
				assert_in_range(found, acked, acked + 1);
				assert_int_equal(add(s, found + 1), ERR_NONE);
				store_close(s);
			}
			disk_stop();
			unlink(path);
			cases++;
		}
	}
	assert_in_range(cases, 100, 1000);
}

/* One operation fails and the disk goes on: either it says so and the same
 * may be tried again, or it is there. */
static void
a_single_error_loses_nothing_that_was_acknowledged(void **state)
{
	bool more = true;

	(void)state;
	for (unsigned n = 1; more; n++) {
		uint64_t acked = 0, found = 0;
		unsigned errors = 0;
		struct store *s = NULL;

		disk_start();
		assert_int_equal(store_create(&s, path, STORE_RECORD,
				     STR("head")),
		    ERR_NONE);
		disk_fail(n, DISK_ERROR);
		while (acked < 4 && errors < 4) {
			err_clear();
			if (add(s, acked + 1) == ERR_NONE)
				acked++;
			else
				errors++;
		}
		more = disk_failed();
		store_close(s);
		disk_power_on(DISK_NONE);
		err_clear();
		assert_int_equal(store_open(&s, path, STORE_RECORD), ERR_NONE);
		assert_int_equal(store_each(s, 1, count, &found), ERR_NONE);
		assert_in_range(found, acked, acked + 1);
		if (!more)
			assert_int_equal(errors, 0);
		store_close(s);
		disk_stop();
		unlink(path);
	}
}

static void
a_full_disk_is_said_and_what_is_there_stays_readable(void **state)
{
	bool more = true;

	(void)state;
	for (unsigned n = 1; more; n++) {
		uint64_t acked = 0, found = 0;
		struct store *s = NULL;
		enum err rc = ERR_NONE;

		disk_start();
		assert_int_equal(store_create(&s, path, STORE_RECORD,
				     STR("head")),
		    ERR_NONE);
		disk_fail(n, DISK_FULL);
		while (rc == ERR_NONE && acked < 3) {
			err_clear();
			rc = add(s, acked + 1);
			acked += rc == ERR_NONE;
		}
		more = disk_failed();
		if (more) {
			assert_int_equal(rc, ERR_IO);
			assert_non_null(strstr(err_text(), "disk is full"));
			assert_int_equal(store_each(s, 1, count, &found),
			    ERR_NONE);
			assert_int_equal(found, acked);
		}
		/* There is place again: it goes on without reopening. */
		disk_fail(0, DISK_FULL);
		err_clear();
		assert_int_equal(add(s, acked + 1), ERR_NONE);
		store_close(s);
		disk_stop();
		unlink(path);
	}
}

static enum err
look(void *arg, uint64_t seq, struct str link, struct str body)
{
	(void)link;
	(void)body;
	*(uint64_t *)arg = seq;
	return ERR_NONE;
}

/* In a child: appends until a file must not grow any more; 0: all well. */
static int
append_under_a_limit(void)
{
	struct rlimit most = { 96 * 1024, 96 * 1024 };
	static char big[30 * 1024];
	struct store *s = make(1);
	uint64_t n = 0, seq = 1;
	enum err rc = ERR_NONE;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &most) != 0)
		return 1;
	while (rc == ERR_NONE && seq < 9)
		rc = store_append(s, ++seq, STR("link"),
		    (struct str){ big, sizeof big }, NULL);
	if (rc != ERR_IO || seq < 3 || seq > 4)
		return 2;
	err_clear();
	if (store_each(s, 1, look, &n) != ERR_NONE || n != seq - 1)
		return 3;
	return 0;
}

static void
a_file_size_limit_is_an_error_and_not_the_end(void **state)
{
	int status;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0)
		_exit(append_under_a_limit());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
the_index_finds_words_by_their_beginning(void **state)
{
	struct store_index *x = store_index_open();
	struct arena a = { 0 };
	struct store_ids ids;

	(void)state;
	store_index_put(x, 7, STR("Stack overflow"), STR("in decode_ie()"));
	store_index_put(x, 3, STR(""), STR("the stack is checked here"));
	ids = store_index_find(x, &a, STR("stack"));
	assert_int_equal(ids.len, 2);
	assert_int_equal(ids.at[0], 3);
	assert_int_equal(ids.at[1], 7);
	assert_int_equal(store_index_find(x, &a, STR("stack over")).len, 1);
	assert_int_equal(store_index_find(x, &a, STR("decode_i")).len, 1);
	assert_int_equal(store_index_find(x, &a, STR("heap")).len, 0);
	assert_int_equal(store_index_find(x, &a, STR("")).len, 0);
	assert_int_equal(store_index_find(x, &a, STR(" - \" ")).len, 0);
	store_index_put(x, 7, STR(""), STR(""));
	assert_int_equal(store_index_find(x, &a, STR("stack")).len, 1);
	store_index_put(x, 3, STR(""), STR("heap"));
	assert_int_equal(store_index_find(x, &a, STR("stack")).len, 0);
	assert_int_equal(store_index_find(x, &a, STR("heap")).len, 1);
	arena_release(&a);
	store_index_close(x);
}

static void
nothing_in_a_query_is_an_operator(void **state)
{
	struct store_index *x = store_index_open();
	struct arena a = { 0 };
	const char *const queries[] = {
		"title:x",
		"a OR b",
		"NEAR(a b)",
		"\"",
		"a\"b",
		"a*",
		"^a",
		"-a",
		"(a",
		"a)",
		"{a}:b",
		"a AND",
		"\"\"",
		"\xff\xfe",
		"a\\",
		"';--",
	};

	(void)state;
	store_index_put(x, 1, STR("near and or not"), STR("xyz"));
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
		store_index_find(x, &a, str_of(queries[i]));
	assert_int_equal(store_index_find(x, &a, STR("NEAR OR")).len, 1);
	assert_int_equal(store_index_find(x, &a, STR("title:near")).len, 0);
	assert_int_equal(store_index_find(x, &a, STR("xyz OR heap")).len, 0);
	arena_release(&a);
	store_index_close(x);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_was_appended_is_there_after_reopening),
		T(a_header_is_replaced_with_an_entry_or_not_at_all),
		T(nobody_else_reads_it_and_nobody_else_opens_it),
		T(what_is_no_such_store_is_refused),
		T(a_schema_with_anything_more_is_refused),
		T(a_gap_or_a_number_before_its_place_is_named),
		T(what_was_acknowledged_survives_the_power_at_every_write),
		T(a_single_error_loses_nothing_that_was_acknowledged),
		T(a_full_disk_is_said_and_what_is_there_stays_readable),
		T(a_file_size_limit_is_an_error_and_not_the_end),
		T(the_index_finds_words_by_their_beginning),
		T(nothing_in_a_query_is_an_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
