/*
 * The reading room: everything hostile is parsed here.  It sees the source,
 * read-only; it has no terminal, writes nothing, keeps no secret.
 */
#include <string.h>

#include "core/encoding.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/text.h"
#include "policy/enter.h"
#include "tui/reading.h"
#include "tui/reading_script.h"
#include "tui/screen.h"

enum { PROOF_MAX = 60 * 1024 };

struct desk_side {
	struct loop *loop;
	struct port *desk, *launcher;
	struct reading *reading;
	struct canvas_grid *before; /* what the desk has */
	uint32_t keys;              /* from the desk, of all */
	bool dropping;              /* keys, until the desk says MSG_RESUME */
	struct screen_look told;    /* to the desk */
};

/* What is typed from here on may be meant for the notes room: the desk holds
 * it until that room has said who has the keys. */
static void
hand_over(struct desk_side *room)
{
	struct buf b = { 0 };

	wire_put_u32(&b, room->keys);
	port_send(room->desk, MSG_HANDOVER, buf_view(&b));
	buf_release(&b);
	room->dropping = true;
}

static enum err
on_key(void *arg, struct str body)
{
	struct desk_side *room = arg;
	uint32_t key;
	enum err rc = screen_read_key(&key, body);

	room->keys++;
	if (rc != ERR_NONE || room->dropping)
		return rc;
	shell_key(reading_shell(room->reading), key);
	if (reading_handed(room->reading))
		hand_over(room);
	return rc;
}

static enum err
on_resume(void *arg, struct str body)
{
	struct desk_side *room = arg;

	(void)body;
	room->dropping = false;
	return ERR_NONE;
}

static enum err
on_size(void *arg, struct str body)
{
	struct desk_side *room = arg;
	struct screen_size size;
	enum err rc = screen_read_size(&size, body);

	if (rc != ERR_NONE)
		return rc;
	/* The desk has lost its screen, also when the size is as it was. */
	canvas_resize(room->before, 0, 0);
	shell_size(reading_shell(room->reading), size.rows, size.cols,
	    size.flags);
	shell_redraw(reading_shell(room->reading));
	return ERR_NONE;
}

static enum err
on_watched(void *arg, struct str body)
{
	struct desk_side *room = arg;

	reading_watch(room->reading, body.at[0] == 1);
	return ERR_NONE;
}

static enum err
on_proof(void *arg, struct str body)
{
	struct desk_side *room = arg;
	struct wire w = wire_of(body);
	struct str text = wire_str(&w, PROOF_MAX);
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		reading_set_proof(room->reading, text);
	return rc;
}

static enum err
on_shutdown(void *arg, struct str body)
{
	struct desk_side *room = arg;

	(void)body;
	loop_stop(room->loop, ERR_NONE);
	return ERR_NONE;
}

static void
desk_gone(void *arg, enum err rc)
{
	struct desk_side *room = arg;

	loop_stop(room->loop, room_left(ROOM_DESK, rc));
}

static void
on_gone(void *arg, enum err rc)
{
	struct desk_side *room = arg;

	loop_stop(room->loop, rc);
}

static void
before_sleep(void *arg)
{
	struct desk_side *room = arg;
	struct shell *shell = reading_shell(room->reading);
	const struct shell_options *o = shell_options(shell);
	const struct canvas_grid *frame = shell_draw(shell);

	screen_tell(room->desk, &(struct screen_look){ o->theme, o->mouse },
	    &room->told);
	if (frame != NULL)
		screen_send(room->desk, frame, room->before);
}

static const struct port_row desk_rows[] = {
	{ MSG_KEY, 4, 4, on_key },
	{ MSG_RESUME, 0, 0, on_resume },
	{ MSG_SIZE, 6, 6, on_size },
	{ MSG_WATCHED, 1, 1, on_watched },
	{ 0, 0, 0, NULL },
};

static const struct port_row launcher_rows[] = {
	{ MSG_PROOF, 4, 4 + PROOF_MAX, on_proof },
	{ MSG_SHUTDOWN, 0, 0, on_shutdown },
	{ 0, 0, 0, NULL },
};

static void
restart(void *arg, enum room kind, uint16_t i)
{
	struct desk_side *room = arg;
	struct buf b = { 0 };

	room_restart_write(&b, kind, i);
	port_send(room->launcher, MSG_RESTART, buf_view(&b));
	buf_release(&b);
}

static struct reading_wires
wires_of(const struct start *s, struct desk_side *room)
{
	struct reading_wires w = {
		.notes = READING_FD_NOTES,
		.cores = s->cores,
		.restart = restart,
		.restart_arg = room,
	};

	for (unsigned i = 0; i < s->cores && i < ROOM_CORES_MAX; i++) {
		w.workers[i] = READING_FD_WORKER + 2 * (int)i;
		w.searchers[i] = READING_FD_SEARCH + 2 * (int)i;
	}
	return w;
}

/* The exit status: why it ends is said before the launcher's port closes. */
static int
work(const struct start *s)
{
	struct desk_side room = { .before = canvas_open(0, 0) };
	struct reading_wires w = wires_of(s, &room);
	enum err rc = loop_open(&room.loop);
	int status;

	if (rc == ERR_NONE)
		rc = reading_open(&room.reading, room.loop, s, &w, on_gone,
		    &room);
	if (rc == ERR_NONE) {
		room.desk = port_open(room.loop, READING_FD_DESK, desk_rows,
		    desk_gone, &room);
		room.launcher = port_open(room.loop, ROOM_FD_LAUNCHER,
		    launcher_rows, on_gone, &room);
		loop_before_sleep(room.loop, before_sleep, &room);
		rc = loop_run(room.loop);
	}
	status = room_end(rc);
	reading_close(room.reading);
	port_close(room.desk);
	port_close(room.launcher);
	canvas_close(room.before);
	loop_close(room.loop);
	return status;
}

/* Without a desk and a notes room: one search, then the end. */
static int
work_script(const struct start *s)
{
	struct desk_side room = { 0 };
	struct reading_wires w = wires_of(s, &room);
	struct reading_script *script = NULL;
	enum err rc = loop_open(&room.loop);
	int status;

	w.notes = -1;
	if (rc == ERR_NONE)
		rc = reading_open(&room.reading, room.loop, s, &w, on_gone,
		    &room);
	if (rc == ERR_NONE) {
		room.launcher = port_open(room.loop, ROOM_FD_LAUNCHER,
		    launcher_rows, on_gone, &room);
		rc = reading_script_open(&script, room.reading, room.launcher,
		    on_gone, &room);
	}
	if (rc == ERR_NONE)
		rc = loop_run(room.loop);
	status = room_end(rc);
	reading_script_close(script);
	reading_close(room.reading);
	port_close(room.launcher);
	loop_close(room.loop);
	return status;
}

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	enum err rc = text_start();

	(void)arg;
	*paths = (struct sandbox_paths){ .read = { s->git, s->text } };
	if (rc == ERR_NONE)
		rc = encoding_open();
	if (rc == ERR_NONE)
		rc = git_repo_prepare();
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;
	enum err rc;
	int status;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_READING, argc, argv);
	rc = enter_room(&s, &a, ROOM_READING, prepare, NULL);
	if (rc != ERR_NONE)
		status = room_end(rc);
	else
		status = s.query.len > 0 ? work_script(&s) : work(&s);
	arena_release(&a);
	return status;
}
