/*
 * probe.h - trying to break out of a room, to prove that one cannot.
 *
 * "room_X --probe" walls off children exactly as the room walls itself off
 * and lets each try one primitive; each primitive is also tried without
 * walls, because a primitive that never works proves nothing.  One line per
 * primitive on standard output, then one line of the layers, as the kernel
 * tells them of a walled child:
 *
 *	probe reading create-file stopped SIGSYS
 *	probe reading read-record stopped EACCES
 *	probe reading mount not demonstrated
 *	probe search wx-memory needed
 *	probe reading exec REACHED
 *	layers reading no_new_privs seccomp no_capabilities landlock-7
 *	user reading 997 997
 *
 * What needs a file to try on has one in a folder probe-PID, in PLACE or else
 * beside DATA, which is removed at the end, or by the next probe when this one is killed.
 *
 * "not demonstrated": it fails without walls, too, for this user on this
 * system.  "needed": the room's work needs it, see policy/sandbox_seccomp.c.
 *
 * Exit status: 0 nothing was reached, 4 something was, 5 the walls or the
 * probes could not be set up.
 */
#pragma once

#include "core/rooms.h"

bool probe_wanted(int argc, char **argv); /* argv[1] is "--probe" */

/* argv: --probe GIT TEXT DATA PLACE, as in struct start; "" or missing for none.
 * Returns the exit status of the room's main. */
int probe_main(enum room r, int argc, char **argv);
