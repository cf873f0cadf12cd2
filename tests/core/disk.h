/*
 * disk.h - a disk in memory that fails when it is told to.
 *
 * After disk_start() SQLite writes to it.  It keeps, for every file, what
 * was synced and what was written since; when the power goes, any part of
 * the latter may be lost, in any order.
 */
#pragma once

#include "core/str.h"

enum disk_fault {
	DISK_POWER, /* this and every later operation fails; disk_power_on() */
	DISK_ERROR, /* this one fails */
	DISK_FULL,  /* from here on no file can grow */
	DISK_SHORT, /* the next write stores its first half and fails */
	DISK_SYNC,  /* the next sync fails, and syncs nothing */
};

/* What is left, when the power comes back, of what was not synced. */
enum disk_left {
	DISK_NONE, /* nothing */
	DISK_ALL,  /* everything */
	DISK_ODD,  /* every second write */
	DISK_TORN, /* all but the second half of the last write */
	DISK_LEFTS,
};

void disk_start(void); /* empty; SQLite's default from now on */
void disk_stop(void);

/* The nth operation from now on (from 1); 0: none. */
void disk_fail(unsigned n, enum disk_fault how);
unsigned disk_operations(void); /* since disk_fail() */
bool disk_failed(void);         /* since disk_fail() */
void disk_power_on(enum disk_left left);
/* The bytes of a file, to look at and to change; NULL: none. */
struct buf *disk_file(const char *path);
