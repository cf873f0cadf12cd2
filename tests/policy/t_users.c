#include "policy/users.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policy/sandbox.h"
#include "policy/sandbox_layer.h"

#include "tests/t.h"

#define GOOD "reading 5001 6001 /var/r\nnotes 5002 6002 /var/n\n"

static char top[] = "/tmp/t-users-XXXXXX";
static char list[64];

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(top) == NULL || chmod(top, 0755) != 0)
		return -1;
	snprintf(list, sizeof list, "%s/rooms.conf", top);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	unlink(list);
	return rmdir(top);
}

static void
write_list(const char *text, mode_t mode)
{
	FILE *f = fopen(list, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(list, mode), 0);
}

static void
each_room_is_the_user_that_the_list_names(void **state)
{
	struct arena a = { 0 };
	struct users u;

	(void)state;
	assert_int_equal(users_parse(&u, &a,
			     STR("# who\n\n\tnotes 5002\t6002 /var/n \n"
				 "reading 5001 6001 /var/r")),
	    ERR_NONE);
	assert_true(u.apart);
	assert_null(users_of(&u, ROOM_DESK));
	assert_int_equal(users_of(&u, ROOM_READING)->uid, 5001);
	assert_int_equal(users_of(&u, ROOM_WORKER)->gid, 6001);
	assert_int_equal(users_of(&u, ROOM_SEARCH)->uid, 5001);
	assert_int_equal(users_of(&u, ROOM_NOTES)->uid, 5002);
	assert_int_equal(users_of(&u, ROOM_CHECK)->gid, 6002);
	assert_true(str_eq(u.notes_folder, STR("/var/n")));
	arena_release(&a);
}

static void
a_list_that_is_not_understood_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *said;
	} bad[] = {
		{ "", "missing" },
		{ "reading 1 1 /r\n", "missing" },
		{ "reading 1 1 /r\nreading 1 1 /r\n", "line 2: reading" },
		{ "desk 1 1 /r\n", "line 1: begins" },
		{ "reading 0 1 /r\n", "line 1: reading takes" },
		{ "reading 1 0 /r\n", "line 1: reading takes" },
		{ "reading 4294967295 1 /r\n", "line 1: reading takes" },
		{ "reading -1 1 /r\n", "line 1: reading takes" },
		{ "reading 1 1\n", "line 1: reading takes" },
		{ "reading 1 1 r\n", "line 1: reading takes" },
		{ "reading 1 1 /r/../etc\n", "line 1: reading takes" },
		{ "reading 1 1 /r more\n", "line 1: reading takes" },
		{ "reading 1 1 /r\nnotes 1 2 /n\n", "must differ" },
		{ "reading 1 2 /r\nnotes 2 2 /n\n", "must differ" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct arena a = { 0 };
		struct users u = { .why = "untouched" };

		err_clear();
		assert_int_equal(users_parse(&u, &a, str_of(bad[i].text)),
		    ERR_FORMAT);
		assert_non_null(strstr(err_text(), bad[i].said));
		assert_string_equal(u.why, "untouched");
		arena_release(&a);
	}
	err_clear();
}

static void
without_a_list_or_the_right_to_it_rooms_are_one_user(void **state)
{
	struct arena a = { 0 };
	struct users u;

	(void)state;
	unlink(list);
	assert_int_equal(users_find(&u, &a, list, geteuid(), true), ERR_NONE);
	assert_false(u.apart);
	assert_non_null(strstr(u.why, "no list"));
	write_list(GOOD, 0644);
	assert_int_equal(users_find(&u, &a, list, geteuid(), false), ERR_NONE);
	assert_false(u.apart);
	assert_non_null(strstr(u.why, "may not change users"));
	assert_int_equal(users_find(&u, &a, list, geteuid(), true), ERR_NONE);
	assert_true(u.apart);
	assert_null(u.why);
	arena_release(&a);
}

static void
a_list_that_others_could_write_is_refused(void **state)
{
	struct arena a = { 0 };
	struct users u;

	(void)state;
	write_list(GOOD, 0664);
	assert_int_equal(users_find(&u, &a, list, geteuid(), true), ERR_DENIED);
	err_clear();
	write_list(GOOD, 0644);
	assert_int_equal(users_find(&u, &a, list, geteuid() + 1, true),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(chmod(top, 0777), 0);
	assert_int_equal(users_find(&u, &a, list, geteuid(), true), ERR_DENIED);
	assert_int_equal(chmod(top, 0755), 0);
	err_clear();
	assert_int_equal(users_find(&u, &a, list, geteuid(), true), ERR_NONE);
	write_list("reading 1 1\n", 0644);
	assert_int_equal(users_find(&u, &a, list, geteuid(), true), ERR_FORMAT);
	assert_non_null(strstr(err_text(), list));
	assert_non_null(strstr(err_text(), "line 1"));
	err_clear();
	arena_release(&a);
}

/* In a child, behind the filter: what fn says. */
static int
behind(const struct users *u, bool notes, int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		    (u != NULL && sandbox_users_only(u, notes) != ERR_NONE))
			_exit(99);
		_exit(fn());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Becoming who one is already, which needs no right. */

static int
same_user(void)
{
	return setresuid(getuid(), getuid(), getuid()) == 0 ? 0 : errno;
}

static int
same_group(void)
{
	return setresgid(getgid(), getgid(), getgid()) == 0 ? 0 : errno;
}

static int
as_it_is(void)
{
	return syscall(SYS_setresuid, -1, -1, -1) == 0 ? 0 : errno;
}

static int
high_bits(void)
{
	return syscall(SYS_setresuid, getuid() | 1UL << 32, getuid(),
		   getuid()) == 0 ?
	    0 :
	    errno;
}

static int
other_ways(void)
{
	if (setuid(getuid()) == 0 || setgid(getgid()) == 0 ||
	    setreuid(getuid(), getuid()) == 0 ||
	    setregid(getgid(), getgid()) == 0)
		return 0;
	return errno;
}

static const struct users *
rooms_are(uid_t reading, uid_t notes)
{
	static struct users u;

	u = (struct users){ .apart = true,
		.reading = { reading, getgid() },
		.notes = { notes, getgid() + 1 } };
	return &u;
}

static void
behind_the_filter_only_the_rooms_can_be_become(void **state)
{
	uid_t me = getuid(), other = me + 1;

	(void)state;
	assert_int_equal(behind(rooms_are(me, other), true, same_user), 0);
	assert_int_equal(behind(rooms_are(other, me), true, same_user), 0);
	assert_int_equal(behind(rooms_are(me, other), true, same_group), 0);
	assert_int_equal(behind(rooms_are(other, other + 1), true, same_user),
	    EPERM);
	assert_int_equal(behind(NULL, true, as_it_is), 0);
	assert_int_equal(behind(rooms_are(me, other), true, as_it_is), EPERM);
	assert_int_equal(behind(NULL, true, high_bits), 0);
	assert_int_equal(behind(rooms_are(me, other), true, high_bits), EPERM);
	assert_int_equal(behind(NULL, true, other_ways), 0);
	assert_int_equal(behind(rooms_are(me, other), true, other_ways), EPERM);
}

static void
once_settled_the_notes_room_cannot_be_become_any_more(void **state)
{
	uid_t me = getuid(), other = me + 1;

	(void)state;
	assert_int_equal(behind(rooms_are(other, me), true, same_user), 0);
	assert_int_equal(behind(rooms_are(other, me), false, same_user), EPERM);
	assert_int_equal(behind(rooms_are(me, other), false, same_user), 0);
}

static void
where_rooms_are_one_user_nobody_can_be_become(void **state)
{
	static const struct users one = { .why = "one" };

	(void)state;
	assert_int_equal(behind(NULL, true, same_user), 0);
	assert_int_equal(behind(&one, true, same_user), EPERM);
	assert_int_equal(behind(&one, true, same_group), EPERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_room_is_the_user_that_the_list_names),
		cmocka_unit_test(
		    a_list_that_is_not_understood_is_refused_with_its_line),
		cmocka_unit_test(
		    without_a_list_or_the_right_to_it_rooms_are_one_user),
		cmocka_unit_test(a_list_that_others_could_write_is_refused),
		cmocka_unit_test(
		    behind_the_filter_only_the_rooms_can_be_become),
		cmocka_unit_test(
		    once_settled_the_notes_room_cannot_be_become_any_more),
		cmocka_unit_test(where_rooms_are_one_user_nobody_can_be_become),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
