/*
 * rig.h - a reading room for tests: real workers and searchers in children,
 * a small repository that is the same every time, no notes room.
 */
#pragma once

#include <sys/types.h>

#include "tests/tui/play.h"
#include "tui/reading.h"

struct rig {
	struct loop *loop;
	struct reading *reading;
	struct start start;
	struct play play;
	pid_t children[4];
	struct arena arena;
	int notes; /* our end of the port to the notes room, or -1 */
};

/* For the whole program: makes the repositories, and takes them away.
 * Without git here each test that opens one is skipped. */
int rig_setup(void **state);
int rig_teardown(void **state);
void rig_needs_git(void); /* skips the test that has no git */
/* Where the repositories are: for tool_use(), and one of a test's own. */
const char *rig_folder(void);

/* Opens the room on DIR of the repositories: "small", "empty", "partial". */
void rig_open(struct rig *r, const char *dir, bool notes);
/* Releases v1.0 and v2.0 of "small" as a session image, without notes. */
void rig_open_session(struct rig *r);
void rig_close(struct rig *r);

/* Runs the loop until nothing is under way. */
void rig_settle(void *rig);
