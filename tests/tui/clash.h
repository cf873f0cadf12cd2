/*
 * clash.h - the key map holds together.
 */
#pragma once

#include "tui/shell.h"

/*
 * Fails the test, naming view and key, when in some view of the room two
 * commands have the same key, a key is also the first of two, a key cannot
 * be typed on every terminal, or two commands have one name; when a command
 * has no help, or a name that ":" could not take.
 */
void clash_check(const struct shell_room *room);

/* The same as one question: "" or what is wrong with the first. */
void clash_find(const struct shell_room *room, struct buf *why);
