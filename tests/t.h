/*
 * t.h - cmocka with what it needs in front of it.
 *
 * A test's name is the claim it proves; tests that are not listed in main()
 * do not compile (-Wunused-function).
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#undef fail /* ours is a function, cmocka's a macro */

/* tests/run.sh puts the reason beside the name of the skipped test. */
#define skip_because(why) (print_message("# because: %s\n", why), skip())
