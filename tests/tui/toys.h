/*
 * toys.h - a room of small views: "things", a list of twenty; "thing", one
 * of them; "box", which takes text; "broken", which never opens.  All else
 * is asked for elsewhere, where only number 7 is known.
 */
#pragma once

#include "tui/shell.h"

extern struct toys {
	unsigned opened, closed, stopped, woken, left;
	char elsewhere[64];
} toys;

extern const struct shell_room toys_room;
