#include "tui/launch.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/room.h"
#include "core/spawn.h"
#include "core/wire.h"

#include "policy/sandbox.h"
#include "tui/launch_env.h"
#include "tui/launch_inside.h"

enum {
	LAUNCH_QUICK_MS = 2000, /* a life shorter than this was a short one */
	LAUNCH_CALM = 30,       /* short lives in a row, then restarts wait */
	LAUNCH_CALM_MS = 250,
	LAUNCH_BAD = 20,        /* short lives in a row with a bad end */
	LAUNCH_REST_MS = 700,   /* the others start without a first frame */
	LAUNCH_PROOF_MS = 250,  /* after that: leave the cores to the start */
	LAUNCH_BLAME_MS = 200,  /* to find out which room began it */
	LAUNCH_END_MS = 1500,   /* for a room to end by itself ... */
	LAUNCH_LAST_MS = 15000, /* the notes room after that: it writes */
	LAUNCH_SLOW_MS = 60000, /* for a room to get ready */
};

/* The end of the session, which takes a moment: all rooms are told, and
 * those that do not end are killed. */

static bool
keeps_something(const struct launch *l, enum room kind)
{
	return !launch_table_scribe(l) &&
	    (kind == ROOM_DESK || kind == ROOM_READING || kind == ROOM_NOTES);
}

/* Ended is reaped and heard to the end: a desk whose last words were not taken
 * yet would count as one that left the terminal as it was. */
static void
stop_if_all_ended(struct launch *l)
{
	for (size_t i = 0; i < l->n_rooms; i++)
		if (l->rooms[i].pid != 0 || l->rooms[i].port != NULL)
			return;
	l->over = true;
	loop_stop(l->loop, l->why);
}

/* The record and the journal get their last entry, however slow the disk. */
static void
kill_rest(void *arg)
{
	struct launch *l = arg;
	bool left = false;

	l->kill_timer = 0;
	for (size_t i = 0; i < l->n_rooms; i++) {
		struct launch_room *r = &l->rooms[i];

		if (r->pid == 0)
			continue;
		left = true;
		if (r->kind != ROOM_NOTES || l->waited)
			spawn_kill(r->pid, SIGKILL);
	}
	l->waited = true;
	l->over = !left; /* whoever else holds their ports */
	if (left)
		l->kill_timer =
		    loop_after(l->loop, LAUNCH_LAST_MS, kill_rest, l);
	else
		loop_stop(l->loop, l->why);
}

void
launch_end(struct launch *l, enum err why)
{
	if (l->ending)
		return;
	l->ending = true;
	l->why = why;
	for (size_t i = 0; i < l->n_rooms; i++) {
		struct launch_room *r = &l->rooms[i];

		if (r->pid == 0)
			continue;
		if (keeps_something(l, r->kind) && r->port != NULL)
			port_send(r->port, MSG_SHUTDOWN, (struct str){ 0 });
		else
			spawn_kill(r->pid, SIGKILL);
	}
	l->kill_timer = loop_after(l->loop,
	    l->setup->patience != 0 ? l->setup->patience : LAUNCH_END_MS,
	    kill_rest, l);
	stop_if_all_ended(l);
}

/* The first reason is the one that is said. */
void
launch_reason(struct launch *l, const char *text)
{
	if (l->ending || l->text[0] != '\0')
		return;
	err_clear();
	(void)fail(ERR_IO, "%s", text);
	memcpy(l->text, err_text(), strlen(err_text()) + 1);
	err_clear();
}

void
launch_end_because(struct launch *l, enum err why, struct str text)
{
	launch_reason(l, text.at);
	launch_end(l, why);
}

/* A room has ended when its process is reaped and its port is closed: then
 * its last words have been heard. */

static enum err start_room(struct launch_room *r);

static const char *
how_it_ended(struct arena *a, struct spawn_end e)
{
	if (e.signal == SIGSYS)
		return "was stopped: it made a system call its walls forbid";
	if (e.signal != 0)
		return arena_printf(a, "was killed by signal %d (%s)", e.signal,
		    strsignal(e.signal))
		    .at;
	return arena_printf(a, "ended with status %d", e.status).at;
}

static void
give_up(struct launch_room *r)
{
	struct launch *l = r->launch;

	launch_end_because(l, ERR_IO,
	    arena_printf(&l->arena, "the %s room cannot work: it %s",
		room_name(r->kind), how_it_ended(&l->arena, r->end)));
}

static void
start_later(void *arg)
{
	struct launch_room *r = arg;

	if (!r->launch->ending && start_room(r) != ERR_NONE)
		give_up(r);
}

/*
 * Cancelling ends a room, with status 0, as often as a person likes; many
 * such ends in a row slow the restarts down.  A room that keeps failing is
 * given up: by count, not by rate, which would depend on the machine.
 */
static void
start_again(struct launch_room *r)
{
	bool quick = loop_now() - r->since < LAUNCH_QUICK_MS;
	bool bad = !r->ended && (r->end.signal != 0 || r->end.status != 0);

	r->fails = r->ready ? 0 : r->fails + 1;
	r->quick = quick ? r->quick + 1 : 0;
	r->bad = quick && bad ? r->bad + 1 : 0;
	if (r->fails >= LAUNCH_RETRIES || r->bad >= LAUNCH_BAD)
		give_up(r);
	else if (r->quick >= LAUNCH_CALM)
		(void)loop_after(r->launch->loop, LAUNCH_CALM_MS, start_later,
		    r);
	else
		start_later(r);
}

static void
blame(struct launch_room *r)
{
	struct launch *l = r->launch;
	enum err why = l->why != ERR_NONE ? l->why : ERR_IO;

	launch_end_because(l, why,
	    arena_printf(&l->arena,
		"the %s room %s: the session is closed, what was recorded is "
		"kept",
		room_name(r->kind), how_it_ended(&l->arena, r->end)));
}

/* Of those that ended without harm: one that did so of its own accord. */
static void
blame_first(void *arg)
{
	struct launch *l = arg;

	l->blame_timer = 0;
	for (size_t i = 0; i < l->n_rooms && l->first->followed; i++) {
		struct launch_room *r = &l->rooms[i];

		if (r->pid == 0 && r->port == NULL && !r->kept && r->ready &&
		    !r->followed)
			l->first = r;
	}
	if (!l->ending)
		blame(l->first);
}

static void
room_ended(struct launch_room *r)
{
	struct launch *l = r->launch;
	struct arena a = { 0 };

	if (r->pid != 0 || r->port != NULL)
		return;
	loop_cancel(l->loop, r->late);
	r->late = 0;
	launch_log_say(l, r, how_it_ended(&a, r->end));
	arena_release(&a);
	if (r->kind == ROOM_DESK)
		l->desk_well = r->end.signal == 0;
	if (l->ending)
		stop_if_all_ended(l);
	else if (r->kept)
		start_again(r);
	else if (!r->followed && (r->end.signal != 0 || r->end.status != 0))
		blame(r);
	else if (l->blame_timer == 0) {
		/* A room whose neighbour died ends, too, and may be seen
		 * first: the neighbour is to be named. */
		l->first = r;
		l->blame_timer =
		    loop_after(l->loop, LAUNCH_BLAME_MS, blame_first, l);
	}
}

static void
on_gone(void *arg, enum err rc)
{
	struct launch_room *r = arg;

	if (rc != ERR_NONE) {
		launch_reason(r->launch,
		    arena_printf(&r->launch->arena,
			"the %s room broke the rules of its port: %s",
			room_name(r->kind), err_text())
			.at);
		err_clear();
		r->kept = false;
	}
	port_close(r->port);
	r->port = NULL;
	/* Hanging up without ending is ending, too. */
	if (r->pid != 0 && rc != ERR_NONE)
		spawn_kill(r->pid, SIGKILL);
	room_ended(r);
}

static void
on_child(void *arg, int sig)
{
	struct launch *l = arg;
	struct spawn_end e;

	(void)sig;
	while (spawn_reap(&e))
		for (size_t i = 0; i < l->n_rooms; i++)
			if (l->rooms[i].pid == e.pid) {
				l->rooms[i].pid = 0;
				l->rooms[i].end = e;
				room_ended(&l->rooms[i]);
				break;
			}
}

static void
on_end_signal(void *arg, int sig)
{
	struct launch *l = arg;

	if (!l->ending)
		launch_reason(l,
		    sig == SIGHUP ? "the terminal was closed" :
				    "ended by a signal");
	launch_end(l, ERR_STOPPED);
}

/* Starting. */

static enum err
send_start(struct launch_room *r, int fd)
{
	const struct start s =
	    launch_target_start(r->launch->target, r->kind, r->index);
	struct buf b = { 0 };
	enum err rc;

	start_write(&s, &b);
	if (b.len > LIMIT_MESSAGE)
		rc = fail(ERR_LIMIT,
		    "%zu bytes of rules and releases; a room "
		    "can be told %d",
		    b.len, LIMIT_MESSAGE);
	else
		rc = port_write(fd, MSG_START, buf_view(&b));
	buf_release(&b);
	return rc;
}

static enum err
spawn_room(struct launch_room *r, int port)
{
	struct launch *l = r->launch;
	struct arena a = { 0 };
	struct spawn_fd fds[LAUNCH_FDS];
	const char *file = launch_table_file(l, r->kind);
	char *const argv[] = { launch_env_word(&a, str_of(file)), NULL };
	struct spawn s = { .argv = argv,
		.fds = fds,
		.session = r->kind != ROOM_DESK,
		.user = users_of(&l->target->users, r->kind) };
	enum err rc;

	s.path = arena_printf(&a, "%s/%s", l->setup->libexec, file).at;
	s.env = launch_env(&a, r->kind, l->setup->term, l->log_out >= 0);
	if (r->kind == ROOM_DESK) {
		fds[s.n_fds++] = (struct spawn_fd){ STDIN_FILENO, 0 };
		fds[s.n_fds++] = (struct spawn_fd){ STDOUT_FILENO, 1 };
	}
	if (l->log_out >= 0)
		fds[s.n_fds++] = (struct spawn_fd){ l->log_out, 2 };
	fds[s.n_fds++] = (struct spawn_fd){ port, ROOM_FD_LAUNCHER };
	for (size_t i = 0; i < r->n_plugs; i++)
		fds[s.n_fds++] =
		    (struct spawn_fd){ r->plugs[i].fd, r->plugs[i].to };
	rc = spawn_start(&r->pid, &s);
	arena_release(&a);
	return rc;
}

/* To whom it concerns, as soon as it is known and they are there. */
static void
tell_proof(struct launch_room *r)
{
	struct launch *l = r->launch;
	struct str text = l->proof_text;
	struct buf b = { 0 };

	if (text.len == 0 || r->port == NULL || l->ending ||
	    (r->kind != ROOM_NOTES && r->kind != ROOM_READING))
		return;
	if (text.len > LIMIT_MESSAGE - 4)
		text.len = LIMIT_MESSAGE - 4;
	wire_put_str(&b, text);
	port_send(r->port, MSG_PROOF, buf_view(&b));
	buf_release(&b);
}

/* A room that hangs before it is ready: closing its port would not help. */
static void
on_late(void *arg)
{
	struct launch_room *r = arg;
	struct launch *l = r->launch;

	r->late = 0;
	launch_log_say(l, r, "did not get ready");
	if (!r->kept)
		launch_reason(l,
		    arena_printf(&l->arena,
			"the %s room did not get ready in time",
			room_name(r->kind))
			.at);
	if (r->pid != 0)
		spawn_kill(r->pid, SIGKILL);
}

static enum err
start_room(struct launch_room *r)
{
	unsigned slowest = r->launch->setup->slowest;
	int pair[2];
	enum err rc = spawn_pair(pair);

	if (rc != ERR_NONE)
		return rc;
	r->ready = r->followed = r->ended = false;
	r->since = loop_now();
	rc = send_start(r, pair[0]);
	if (rc == ERR_NONE)
		rc = spawn_room(r, pair[1]);
	close(pair[1]);
	if (rc != ERR_NONE) {
		close(pair[0]);
		return rc;
	}
	r->port = port_open(r->launch->loop, pair[0],
	    launch_said_rows(r->launch, r->kind), on_gone, r);
	r->late = loop_after(r->launch->loop,
	    slowest != 0 ? slowest : LAUNCH_SLOW_MS, on_late, r);
	if (!r->kept)
		launch_table_drop(r);
	tell_proof(r);
	return ERR_NONE;
}

static enum err
close_walls(const struct launch *l)
{
	const struct launch_target *t = l->target;
	struct sandbox_launch s = { .users = &t->users,
		.writes = { t->own,
		    t->users.apart ? t->users.notes_folder : t->own } };

	for (size_t i = 0; i < l->n_rooms; i++)
		if (l->rooms[i].pid != 0)
			return sandbox_launcher(&s);
	s.alone = true;
	return sandbox_launcher(&s);
}

static void
on_proof(void *arg)
{
	struct launch *l = arg;

	/* Nothing is tried without walls any more. */
	if (!l->ending && close_walls(l) != ERR_NONE)
		launch_end_because(l, ERR_DENIED,
		    arena_printf(&l->arena, "%s", err_text()));
	l->proof_text = arena_copy(&l->arena, proof_text(l->proof));
	for (size_t i = 0; i < l->n_rooms; i++)
		tell_proof(&l->rooms[i]);
	if (proof_count(l->proof).reached > 0)
		launch_end_because(l, ERR_DENIED,
		    arena_printf(&l->arena, "%s: vitrine --proof says how",
			proof_trouble(l->proof)));
}

static void
start_proof(void *arg)
{
	struct launch *l = arg;

	l->proof_timer = 0;
	if (!l->ending)
		l->proof = proof_open(l->loop, &l->way, on_proof, l);
}

/*
 * A search for scripts begins with one searcher: what is rare is found before
 * a second one could be there, and its start would take a core from the rest.
 */
static bool
can_wait(const struct launch_room *r)
{
	return launch_table_scribe(r->launch) && r->kind == ROOM_SEARCH &&
	    r->index > 0;
}

void
launch_start_more(void *arg)
{
	struct launch *l = arg;

	for (size_t i = 0; i < l->n_rooms && !l->ending; i++)
		if (can_wait(&l->rooms[i]) &&
		    start_room(&l->rooms[i]) != ERR_NONE)
			launch_end_because(l, ERR_IO,
			    arena_printf(&l->arena, "%s", err_text()));
}

/* All but desk and reading room, once. */
void
launch_start_rest(void *arg)
{
	struct launch *l = arg;

	if (l->rest || l->ending)
		return;
	l->rest = true;
	loop_cancel(l->loop, l->rest_timer);
	for (size_t i = 0; i < l->n_rooms; i++) {
		struct launch_room *r = &l->rooms[i];

		if (r->kind == ROOM_DESK || r->kind == ROOM_READING ||
		    can_wait(r))
			continue;
		if (start_room(r) != ERR_NONE) {
			launch_end_because(l, ERR_IO,
			    arena_printf(&l->arena, "%s", err_text()));
			return;
		}
	}
	if (sandbox_settled(&l->target->users) != ERR_NONE)
		launch_end_because(l, ERR_DENIED,
		    arena_printf(&l->arena, "%s", err_text()));
	if (l->proof_text.len == 0 && l->setup->script == NULL)
		l->proof_timer =
		    loop_after(l->loop, LAUNCH_PROOF_MS, start_proof, l);
}

static void
on_spool_trouble(struct launch *l)
{
	launch_end_because(l, ERR_IO,
	    arena_printf(&l->arena, "%s", err_text()));
}

static void
on_hours_over(void *arg)
{
	struct launch *l = arg;

	launch_end_because(l, ERR_STOPPED,
	    STR("the hours of this session are over: what was typed is kept "
		"as a draft"));
}

static enum err
count_hours(struct launch *l)
{
	const struct launch_target *t = l->target;

	if (!t->start.session || l->setup->script != NULL || t->own.len == 0)
		return ERR_NONE;
	return launch_hours_open(&l->hours, l->loop, t->own.at, &t->visits,
	    t->start.until, on_hours_over, l);
}

static enum err
watch_signals(struct launch *l)
{
	static const int ends[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	/* Any of these would end the launcher with the terminal as it is. */
	static const int deaf[] = { SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM,
		SIGPROF, SIGIO, SIGPIPE, SIGXFSZ, SIGTTOU, SIGTTIN, SIGTSTP };
	enum err rc = loop_signal(l->loop, SIGCHLD, on_child, l);

	for (size_t i = 0; i < sizeof deaf / sizeof deaf[0]; i++)
		signal(deaf[i], SIG_IGN);
	for (size_t i = 0; i < 4 && rc == ERR_NONE; i++)
		rc = loop_signal(l->loop, ends[i], on_end_signal, l);
	return rc;
}

enum err
launch_open(struct launch **out, struct loop *loop,
    const struct launch_target *target, const struct launch_setup *setup)
{
	struct launch *l = calloc(1, sizeof *l);
	enum err rc;

	if (l == NULL)
		bug("no memory for a session");
	l->loop = loop;
	l->target = target;
	l->setup = setup;
	l->proof_text = setup->proof;
	l->way = (struct proof_way){ setup->libexec, &target->start,
		&target->users, target->own };
	l->spool_in = -1;
	rc = launch_log_open(l);
	if (rc == ERR_NONE)
		rc = launch_spool_open(l, on_spool_trouble);
	if (rc == ERR_NONE && (setup->proof.len > 0 || setup->script != NULL))
		rc = close_walls(l);
	if (rc == ERR_NONE)
		rc = watch_signals(l);
	if (rc == ERR_NONE)
		rc = count_hours(l);
	if (rc == ERR_NONE)
		rc = launch_table_fill(l);
	if (rc == ERR_NONE && setup->script == NULL)
		rc = start_room(launch_table_find(l, ROOM_DESK));
	if (rc == ERR_NONE)
		rc = start_room(launch_table_find(l, ROOM_READING));
	if (rc != ERR_NONE) {
		launch_close(l);
		return rc;
	}
	*out = l;
	if (setup->script == NULL)
		l->rest_timer =
		    loop_after(loop, LAUNCH_REST_MS, launch_start_rest, l);
	else
		launch_start_rest(l);
	return ERR_NONE;
}

enum err
launch_run(struct launch *l)
{
	enum err rc = l->over ? l->why : loop_run(l->loop);

	if (rc != ERR_NONE && l->text[0] != '\0') {
		err_clear();
		return fail(rc, "%s", l->text);
	}
	return rc;
}

bool
launch_desk_ended_well(const struct launch *l)
{
	return l->desk_well;
}

void
launch_close(struct launch *l)
{
	if (l == NULL)
		return;
	proof_close(l->proof);
	launch_hours_close(l->hours);
	for (size_t i = 0; i < l->n_rooms; i++) {
		struct launch_room *r = &l->rooms[i];

		port_close(r->port);
		launch_table_drop(r);
		if (r->pid != 0) {
			spawn_kill(r->pid, SIGKILL);
			spawn_wait(&r->end, r->pid);
		}
	}
	launch_log_close(l);
	launch_spool_close(l);
	arena_release(&l->arena);
	free(l);
}
