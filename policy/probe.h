/*
 * probe.h - trying to break out of a room, to prove that one cannot.
 *
 * "room_X --probe" walls off children exactly as the room walls itself off
 * and lets each try one primitive; each primitive is also tried without
 * walls, because a primitive that never works proves nothing.  One line per
 * primitive on standard output, then one line of the layers:
 *
 *	probe reading create-file stopped by seccomp
 *	probe reading tiocsti not demonstrated
 *	probe reading exec REACHED
 *	layers reading limits seccomp landlock 7
 *
 * Exit status: 0 nothing was reached, 4 something was, 5 system.
 */
#pragma once

#include "core/rooms.h"

bool probe_wanted(int argc, char **argv); /* argv[1] is "--probe" */

/* argv: --probe GIT TEXT DATA, as in struct start; "" or missing for none.
 * Returns the exit status of the room's main. */
int probe_main(enum room r, int argc, char **argv);
