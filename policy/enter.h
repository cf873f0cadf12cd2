/*
 * enter.h - how every room comes behind its walls.
 *
 * What differs is prepare(), which opens all that the room will ever need,
 * and what its main does afterwards:
 *
 *	int
 *	main(int argc, char **argv)
 *	{
 *		struct arena a = { 0 };
 *		struct start s;
 *		enum err rc;
 *
 *		if (probe_wanted(argc, argv))
 *			return probe_main(ROOM_CHECK, argc, argv);
 *		rc = enter_room(&s, &a, ROOM_CHECK, prepare, NULL);
 *		if (rc == ERR_NONE)
 *			rc = work(&s);
 *		return room_end(rc);
 *	}
 */
#pragma once

#include "core/room.h"
#include "policy/probe.h"
#include "policy/sandbox.h"

/*
 * room_begin(), prepare(), sandbox_enter(), room_ready().  Nothing hostile
 * is looked at before the walls; behind them nothing is opened by path but
 * what is below the paths that prepare() has set: none, unless it sets some.
 */
enum err enter_room(struct start *s, struct arena *a, enum room which,
    enum err (*prepare)(void *arg, const struct start *s,
	struct sandbox_paths *paths),
    void *arg) MUST_CHECK;
