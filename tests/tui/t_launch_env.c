#include "tui/launch_env.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static const char *
value(char *const *env, const char *name)
{
	size_t len = strlen(name);

	for (; *env != NULL; env++)
		if (strncmp(*env, name, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

static void
only_what_is_listed_is_passed_on(void **state)
{
	static const char *const hostile[] = { "LD_PRELOAD", "TERMINFO", "HOME",
		"PATH", "NCURSES_TRACE", "GIT_DIR", "MALLOC_TRACE", "LINES",
		"ESCDELAY", "LOCPATH", "GCONV_PATH" };
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < 11; i++)
		setenv(hostile[i], "7", 1);
	for (enum room r = 0; r < ROOMS; r++) {
		char *const *env = launch_env(&a, r, "linux", false);

		for (size_t i = 0; i < 11; i++)
			assert_null(value(env, hostile[i]));
		assert_non_null(value(env, "LC_ALL"));
		assert_null(value(env, "VITRINE_LOG"));
		assert_true((value(env, "TERM") != NULL) == (r == ROOM_DESK));
		env = launch_env(&a, r, "linux", true);
		assert_string_equal(value(env, "VITRINE_LOG"), "1");
	}
	for (size_t i = 0; i < 11; i++)
		unsetenv(hostile[i]);
	arena_release(&a);
}

static void
the_locale_of_the_desk_is_the_persons_when_it_is_one(void **state)
{
	struct arena a = { 0 };

	(void)state;
	unsetenv("LC_CTYPE");
	unsetenv("LANG");
	setenv("LC_ALL", "de_DE.ISO-8859-1", 1);
	assert_string_equal(value(launch_env(&a, ROOM_DESK, "x", false),
				"LC_ALL"),
	    "de_DE.ISO-8859-1");
	assert_string_equal(value(launch_env(&a, ROOM_NOTES, "x", false),
				"LC_ALL"),
	    "C.UTF-8");
	setenv("LC_ALL", "/tmp/evil", 1);
	assert_string_equal(value(launch_env(&a, ROOM_DESK, "x", false),
				"LC_ALL"),
	    "C.UTF-8");
	setenv("LC_ALL", "a/../../b", 1);
	assert_string_equal(value(launch_env(&a, ROOM_DESK, "x", false),
				"LC_ALL"),
	    "C.UTF-8");
	setenv("LC_ALL", "C", 1);
	assert_string_equal(value(launch_env(&a, ROOM_DESK, "x", false),
				"LC_ALL"),
	    "C.UTF-8");
	unsetenv("LC_ALL");
	arena_release(&a);
}

static void
a_time_zone_names_no_file(void **state)
{
	struct arena a = { 0 };

	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	assert_string_equal(value(launch_env(&a, ROOM_NOTES, "x", false), "TZ"),
	    "Europe/Berlin");
	setenv("TZ", ":/etc/shadow", 1);
	assert_null(value(launch_env(&a, ROOM_NOTES, "x", false), "TZ"));
	setenv("TZ", "../../etc/shadow", 1);
	assert_null(value(launch_env(&a, ROOM_NOTES, "x", false), "TZ"));
	unsetenv("TZ");
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_listed_is_passed_on),
		cmocka_unit_test(
		    the_locale_of_the_desk_is_the_persons_when_it_is_one),
		cmocka_unit_test(a_time_zone_names_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
