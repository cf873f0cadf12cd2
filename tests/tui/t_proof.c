#include "tui/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/t.h"

/*
 * Rooms that say what the test wants: this program under their names.  The
 * text is in the argument that is the git directory.
 */
static char rooms[] = "/tmp/t-proof-XXXXXX";

static int
set_up(void **state)
{
	char self[512], path[128];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	(void)state;
	if (n <= 0 || mkdtemp(rooms) == NULL)
		return -1;
	self[n] = '\0';
	for (enum room r = 0; r < ROOMS; r++) {
		snprintf(path, sizeof path, "%s/%s", rooms, room_file(r));
		if (symlink(self, path) != 0)
			return -1;
	}
	return 0;
}

static int
tear_down(void **state)
{
	char path[128];

	(void)state;
	for (enum room r = 0; r < ROOMS; r++) {
		snprintf(path, sizeof path, "%s/%s", rooms, room_file(r));
		unlink(path);
	}
	return rmdir(rooms);
}

static int
be_room(const char *name, const char *how)
{
	const char *result = "stopped SIGSYS",
		   *layers = "no_new_privs seccomp no_capabilities landlock-7";

	if (strcmp(name, "room_check") == 0) {
		if (strcmp(how, "reached") == 0)
			result = "REACHED";
		else if (strcmp(how, "undemonstrated") == 0)
			result = "not demonstrated";
		else if (strcmp(how, "odd") == 0)
			result = "flew away";
		else if (strcmp(how, "no seccomp") == 0)
			layers = "no_new_privs no_capabilities landlock-7";
		else if (strcmp(how, "no landlock") == 0)
			layers = "no_new_privs seccomp no_capabilities "
				 "landlock-0";
		else if (strcmp(how, "dies") == 0)
			return 1;
		else if (strcmp(how, "long") == 0)
			for (int i = 0; i < 40000; i++)
				puts("probe");
	}
	printf("probe %s fly %s\nprobe %s walk stopped EPERM\n"
	       "layers %s %s\n",
	    name + 5, result, name + 5, name + 5, layers);
	return 0;
}

static void
stop(void *arg)
{
	loop_stop(arg, ERR_NONE);
}

static struct proof *
prove(const char *how, const char *libexec)
{
	struct start s = { .git = str_of(how) };
	struct users one = { .why = "because" };
	struct proof_way way = { libexec, &s, &one, { "", 0 } };
	struct proof *p;
	struct loop *l;

	assert_int_equal(loop_open(&l), ERR_NONE);
	p = proof_open(l, &way, stop, l);
	assert_int_equal(loop_run(l), ERR_NONE);
	loop_close(l);
	return p;
}

static bool
says(const struct proof *p, const char *what)
{
	return str_find(proof_text(p), str_of(what), 0) != SIZE_MAX;
}

static void
walls_that_hold_everywhere_are_proven(void **state)
{
	struct proof *p = prove("", rooms);

	(void)state;
	assert_true(proof_held(p));
	assert_string_equal(proof_trouble(p), "");
	assert_int_equal(proof_count(p).stopped, 2 * ROOMS);
	assert_true(says(p, "ALL WALLS HELD"));
	assert_true(proof_row(p, STR("seccomp")));
	assert_true(proof_row(p, STR("landlock")));
	assert_true(proof_row(p, STR("fly")));
	assert_false(proof_row(p, STR("swim"))); /* nobody tried */
	assert_false(proof_row(p, STR("")));
	proof_close(p);
}

static void
one_room_that_does_not_hold_spoils_the_proof(void **state)
{
	static const char *const how[] = { "reached", "odd", "no seccomp",
		"dies", "long" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct proof *p = prove(how[i], rooms);

		assert_false(proof_held(p));
		assert_true(says(p, "NOT PROVEN"));
		assert_non_null(strstr(proof_trouble(p), "the check room"));
		proof_close(p);
	}
}

static void
what_was_not_demonstrated_is_no_row_that_holds(void **state)
{
	struct proof *p = prove("undemonstrated", rooms);

	(void)state;
	assert_true(proof_held(p)); /* it was not reached, after all */
	assert_false(proof_row(p, STR("fly")));
	assert_true(proof_row(p, STR("walk")));
	assert_true(says(p, "check/fly"));
	proof_close(p);
}

static void
landlock_may_be_missing_but_is_not_claimed(void **state)
{
	struct proof *p = prove("no landlock", rooms);

	(void)state;
	assert_true(proof_held(p));
	assert_false(proof_row(p, STR("landlock")));
	assert_true(says(p, "landlock-0"));
	proof_close(p);
}

static void
rooms_that_are_not_there_prove_nothing(void **state)
{
	struct proof *p = prove("", "/nonexistent");

	(void)state;
	assert_false(proof_held(p));
	assert_int_equal(proof_count(p).stopped, 0);
	proof_close(p);
}

static void
the_text_fits_the_screen(void **state)
{
	struct proof *p = prove("reached", rooms);
	struct str rest = proof_text(p), line;

	(void)state;
	assert_true(str_ends(rest, STR("\n")));
	while (str_cut(&rest, '\n', &line))
		assert_in_range(line.len, 0, 80);
	proof_close(p);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walls_that_hold_everywhere_are_proven),
		cmocka_unit_test(one_room_that_does_not_hold_spoils_the_proof),
		cmocka_unit_test(
		    what_was_not_demonstrated_is_no_row_that_holds),
		cmocka_unit_test(landlock_may_be_missing_but_is_not_claimed),
		cmocka_unit_test(rooms_that_are_not_there_prove_nothing),
		cmocka_unit_test(the_text_fits_the_screen),
	};

	if (argc > 2 && strcmp(argv[1], "--probe") == 0)
		return be_room(argv[0], argv[2]);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
