/* Two hundred actions, and everything that a disk can do to them. */
#include "notes/vault.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/core/disk.h"
#include "tests/tool.h"

enum { ACTIONS = 200 };

static struct secret pass;
static int64_t clock_ms;

static int64_t
now(void)
{
	return clock_ms += 1000;
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	tool_start();
	seal_secret_init(&pass, 64);
	return seal_secret_add(&pass, "seven wet horses", 16) == ERR_NONE ? 0 :
									    -1;
}

static int
teardown(void **state)
{
	(void)state;
	seal_secret_release(&pass);
	tool_end();
	return 0;
}

static enum err
start(struct vault **v)
{
	const struct vault_setup s = { .folder = tool_path("."),
		.auditor = STR("anna"),
		.title = STR("tig"),
		.cost = SEAL_COST_TEST,
		.now = now };

	return vault_open(v, &s);
}

/* What the vault says when all is well: its last item and its list. */
static uint64_t first_note, list;

static enum err
add_list(struct vault *v)
{
	struct hitlist_file f = { .path = STR("a.c") };
	struct hitlist_hit hits[3] = { { .line = 1 }, { .line = 2 },
		{ .line = 3 } };
	const struct hitlist l = { .title = STR("x"),
		.files = &f,
		.n_files = 1,
		.hits = hits,
		.n_hits = 3 };

	return vault_add_list(v, &l, STR("COMPLETE"), &list);
}

static enum err
add(struct vault *v, unsigned i)
{
	static uint32_t pair[2] = { 1, 2 };
	static char text[3000];
	struct entry e = { .type = ENTRY_NOTE, .text = STR("a note") };
	enum err rc;

	switch (i % 10) {
	case 1:
		e.of = first_note;
		e.text = STR("another version");
		break;
	case 2:
		memset(text, 'x', sizeof text);
		e.text = (struct str){ text, sizeof text };
		break;
	case 3:
		e = (struct entry){ .type = ENTRY_FINDING, .title = STR("f") };
		break;
	case 4:
		e = (struct entry){ .type = ENTRY_REVIEWED,
			.anchored = true,
			.is = true,
			.at = { .path = STR("a.c"), .first = i, .last = i } };
		break;
	case 5:
		e = (struct entry){ .type = ENTRY_SEEN,
			.anchored = true,
			.at = { .path = STR("a.c") },
			.spans = { pair, 1 } };
		break;
	case 6:
		e = (struct entry){ .type = ENTRY_VERDICT,
			.of = list,
			.verdict = VERDICT_SAFE,
			.spans = { pair, 1 } };
		break;
	default:
		break;
	}
	rc = vault_add(v, &e);
	if (rc == ERR_NONE && first_note == 0)
		first_note = e.seq;
	return rc;
}

static enum err
act(struct vault *v, unsigned i)
{
	uint64_t seq;

	if (i == 1)
		return add_list(v);
	if (i % 50 == 49)
		return vault_change(v, &pass, &pass);
	if (i % 10 == 7)
		return vault_undo(v, false, &seq);
	if (i % 10 == 8)
		return vault_undo(v, true, &seq);
	return add(v, i);
}

static struct vault *
fresh(void)
{
	struct vault *v;

	first_note = list = 0;
	disk_start();
	assert_int_equal(start(&v), ERR_NONE);
	assert_int_equal(vault_create(v, &pass, &pass), ERR_NONE);
	return v;
}

/* It opens, and has what was acknowledged: a list may lack its end. */
static void
check(uint64_t acked, uint64_t most)
{
	struct vault *v;
	uint64_t found;

	err_clear();
	assert_int_equal(start(&v), ERR_NONE);
	found = vault_head(v).size;
	assert_in_range(found, acked, most);
	assert_int_equal(vault_unlock(v, &pass), ERR_NONE);
	assert_int_equal(book_last(vault_book(v)), found + 1);
	assert_int_equal(add(v, 0), ERR_NONE); /* and it goes on */
	vault_close(v);
	disk_stop();
	assert_int_equal(tool_run("rm -rf record.db drafts ballast"), 0);
}

/* The power goes at operation n.  false: the script ended before. */
static bool
power_goes(unsigned n, enum disk_left left)
{
	struct vault *v = fresh();
	uint64_t acked = vault_head(v).size;
	bool list_begun = false;
	enum err rc = ERR_NONE;

	disk_fail(n, DISK_POWER);
	for (unsigned i = 0; i < ACTIONS && rc == ERR_NONE; i++) {
		rc = act(v, i);
		list_begun = i == 1;
		if (rc == ERR_NONE)
			acked = vault_head(v).size;
	}
	if (!disk_failed()) {
		assert_int_equal(rc, ERR_NONE);
		vault_close(v);
		disk_stop();
		return false;
	}
	assert_int_not_equal(rc, ERR_NONE);
	vault_close(v);
	disk_power_on(left);
	check(acked, acked + (list_begun ? 2 : 1));
	return true;
}

/* All that was acknowledged is there, wherever the power goes. */
static void
the_power_goes_at_every_write_of_two_hundred_actions(void **state)
{
	/* EVERY=1: each of them; otherwise every third, with another loss. */
	unsigned n = 1, step = getenv("EVERY") != NULL ? 1 : 3;

	(void)state;
	while (power_goes(n, (enum disk_left)((n / step) % DISK_LEFTS)))
		n += step;
	assert_int_equal(tool_run("rm -rf record.db drafts ballast"), 0);
	/* The script does write. */
	assert_true(n > 4 * ACTIONS);
}

/* One operation fails: that action is not recorded, the next ones are. */
static bool
one_fails(unsigned n, enum disk_fault how)
{
	struct vault *v = fresh();
	uint64_t acked = vault_head(v).size;
	unsigned failures = 0;
	bool failed;

	disk_fail(n, how);
	for (unsigned i = 0; i < ACTIONS; i++) {
		if (i % 10 == 6 && list == 0)
			continue; /* there was no list to say it of */
		if (act(v, i) == ERR_NONE)
			acked = vault_head(v).size;
		else if (err_text()[0] != '\0')
			failures++;
		err_clear();
	}
	failed = disk_failed();
	disk_fail(0, how);
	assert_true(failures <= 1 || failed);
	assert_true(vault_head(v).size >= acked);
	acked = vault_head(v).size;
	assert_true(acked > ACTIONS / 2);
	assert_int_equal(vault_shut(v), ERR_NONE);
	vault_close(v);
	check(acked + 1, acked + 1);
	return failed;
}

static void
one_operation_that_fails_costs_one_action_at_most(void **state)
{
	static const enum disk_fault faults[] = { DISK_ERROR, DISK_SHORT,
		DISK_SYNC };

	(void)state;
	for (size_t f = 0; f < sizeof faults / sizeof *faults; f++) {
		unsigned n = 1, cases = 0;

		for (; one_fails(n, faults[f]); n += 37)
			cases++;
		assert_true(cases > 10);
	}
}

/*
 * Drafts and the ballast are files, written by io_replace_at().  In a child,
 * one system call fails with one error; what it was told, and what is on the
 * disk afterwards.
 */
enum { CHILD_DONE = 10, CHILD_FAILED = 11 };

static int
put_in_child(int call, int error)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct entry e = { .type = ENTRY_NOTE, .text = STR("second") };
		struct vault *v;
		scmp_filter_ctx c = seccomp_init(SCMP_ACT_ALLOW);
		enum err rc;

		if (start(&v) != ERR_NONE || vault_unlock(v, &pass) != ERR_NONE)
			_exit(1);
		if (call >= 0 &&
		    (seccomp_rule_add(c, SCMP_ACT_ERRNO((uint32_t)error), call,
			 0) != 0 ||
			seccomp_load(c) != 0))
			_exit(2);
		rc = draft_put(vault_drafts(v), 1, &e);
		_exit(rc == ERR_NONE ? CHILD_DONE : CHILD_FAILED);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
draft_is(const char *text)
{
	struct arena a = { 0 };
	struct entry e;
	struct vault *v;

	assert_int_equal(start(&v), ERR_NONE);
	assert_int_equal(vault_unlock(v, &pass), ERR_NONE);
	assert_int_equal(draft_get(vault_drafts(v), 1, &a, &e), ERR_NONE);
	assert_true(str_eq(e.text, str_of(text)));
	arena_release(&a);
	vault_close(v);
}

static void
a_draft_that_cannot_be_written_leaves_the_one_before(void **state)
{
	const struct {
		int call, error;
	} faults[] = {
		{ SCMP_SYS(fsync), EIO },
		{ SCMP_SYS(write), ENOSPC },
		{ SCMP_SYS(write), EIO },
		{ SCMP_SYS(renameat), EIO },
	};
	struct entry e = { .type = ENTRY_NOTE, .text = STR("first") };
	struct vault *v;

	(void)state;
	assert_int_equal(start(&v), ERR_NONE);
	assert_int_equal(vault_create(v, &pass, &pass), ERR_NONE);
	assert_int_equal(draft_put(vault_drafts(v), 1, &e), ERR_NONE);
	vault_close(v);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		assert_int_equal(put_in_child(faults[i].call, faults[i].error),
		    CHILD_FAILED);
		draft_is("first");
	}
	/* Where nothing fails, the same is written. */
	assert_int_equal(put_in_child(-1, 0), CHILD_DONE);
	draft_is("second");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_power_goes_at_every_write_of_two_hundred_actions),
		T(one_operation_that_fails_costs_one_action_at_most),
		T(a_draft_that_cannot_be_written_leaves_the_one_before),
	};

	return seal_start() != ERR_NONE ?
	    1 :
	    cmocka_run_group_tests(tests, NULL, NULL);
}
