/*
 * launch_said.c - what rooms say to the launcher.
 */
#include <signal.h>

#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/room.h"

#include "tui/launch_inside.h"
#include "tui/script.h"

/* For one searcher to find what is rare. */
enum { LAUNCH_MORE_MS = 4 };

static enum err
on_ready(void *arg, struct str body)
{
	struct launch_room *r = arg;
	struct launch *l = r->launch;

	(void)body;
	r->ready = true;
	loop_cancel(l->loop, r->late);
	r->late = 0;
	r->since = loop_now(); /* how long it took to start says nothing */
	r->fails = 0;
	launch_log_say(l, r, "is ready");
	if (launch_table_scribe(l) && r->kind == ROOM_SEARCH && !l->more) {
		l->more = true;
		(void)loop_after(l->loop, LAUNCH_MORE_MS, launch_start_more, l);
	}
	return ERR_NONE;
}

static enum err
on_first_frame(void *arg, struct str body)
{
	struct launch_room *r = arg;

	(void)body;
	launch_start_rest(r->launch);
	return ERR_NONE;
}

static enum err
on_quit(void *arg, struct str body)
{
	struct launch_room *r = arg;

	(void)body;
	launch_end(r->launch, ERR_NONE);
	return ERR_NONE;
}

static enum err
on_trouble(void *arg, struct str body)
{
	struct launch_room *r = arg;
	struct arena *a = &r->launch->arena;
	struct str text;
	enum err kind, rc = room_trouble_read(&kind, &text, a, body);

	if (rc != ERR_NONE)
		return rc;
	if (text.len == 0)
		text = str_of(err_name(kind));
	launch_log_say(r->launch, r, text.at);
	if (r->kept && r->fails + 1 < LAUNCH_RETRIES)
		return ERR_NONE; /* it gets another try */
	r->followed = kind == ERR_STOPPED && r->launch->setup->script == NULL;
	if (r->followed)
		return ERR_NONE; /* whoever ended first has the reason */
	if (!r->launch->ending)
		r->launch->why = kind;
	/* Bad input is said as it is: the room does not matter to anybody. */
	launch_reason(r->launch,
	    kind == ERR_IO ? arena_printf(a, "the %s room ended: %.*s",
				 room_name(r->kind), STR_ARG(text))
				 .at :
			     text.at);
	return ERR_NONE;
}

static const struct port_row rows_desk[] = {
	{ MSG_READY, 0, 0, on_ready },
	{ MSG_FIRST_FRAME, 0, 0, on_first_frame },
	{ MSG_TROUBLE, 5, 1024, on_trouble },
	{ .fn = NULL },
};

/*
 * A worker or searcher that does not even end itself.  One that is starting
 * has a limit already.
 */
static enum err
on_restart(void *arg, struct str body)
{
	struct launch_room *r = arg;
	struct launch *l = r->launch;
	enum room kind;
	uint16_t index;
	enum err rc = room_restart_read(&kind, &index, body);

	for (size_t i = 0; i < l->n_rooms && rc == ERR_NONE; i++) {
		struct launch_room *deaf = &l->rooms[i];

		if (deaf->kind != kind || deaf->index != index ||
		    deaf->pid == 0 || !deaf->ready || l->ending)
			continue;
		launch_log_say(l, deaf, "does not hear a cancel: is ended");
		deaf->ended = true;
		spawn_kill(deaf->pid, SIGKILL);
	}
	return rc;
}

static const struct port_row rows_reading[] = {
	{ MSG_READY, 0, 0, on_ready },
	{ MSG_TROUBLE, 5, 1024, on_trouble },
	{ MSG_RESTART, 3, 3, on_restart },
	{ .fn = NULL },
};

static const struct port_row rows_notes[] = {
	{ MSG_READY, 0, 0, on_ready },
	{ MSG_QUIT, 0, 0, on_quit },
	{ MSG_TROUBLE, 5, 1024, on_trouble },
	{ .fn = NULL },
};

/* Not the room's fault when nobody takes what it found. */
static enum err
pass_on(struct launch *l, enum err rc)
{
	if (rc != ERR_IO)
		return rc;
	launch_end_because(l, rc, arena_printf(&l->arena, "%s", err_text()));
	return ERR_NONE;
}

static enum err
on_found(void *arg, struct str body)
{
	struct launch_room *r = arg;
	struct launch *l = r->launch;

	return pass_on(l, script_found(l->setup->script, body));
}

static enum err
on_found_all(void *arg, struct str body)
{
	struct launch_room *r = arg;
	struct launch *l = r->launch;
	enum err rc = pass_on(l, script_found_all(l->setup->script, body));

	if (rc == ERR_NONE)
		launch_end(l, ERR_NONE);
	return rc;
}

static const struct port_row rows_script[] = {
	{ MSG_READY, 0, 0, on_ready },
	{ MSG_TROUBLE, 5, 1024, on_trouble },
	{ MSG_FOUND, 1, LIMIT_MESSAGE, on_found },
	{ MSG_FOUND_ALL, 13, LIMIT_MESSAGE, on_found_all },
	{ .fn = NULL },
};

static const struct port_row rows_other[] = {
	{ MSG_READY, 0, 0, on_ready },
	{ MSG_TROUBLE, 5, 1024, on_trouble },
	{ .fn = NULL },
};

const struct port_row *
launch_said_rows(const struct launch *l, enum room kind)
{
	if (kind == ROOM_READING && l->setup->script != NULL)
		return rows_script;
	if (kind == ROOM_DESK)
		return rows_desk;
	if (kind == ROOM_READING)
		return rows_reading;
	return kind == ROOM_NOTES ? rows_notes : rows_other;
}
