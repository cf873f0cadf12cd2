#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "tui/launch_inside.h"

struct launch_room *
launch_table_find(struct launch *l, enum room kind)
{
	for (size_t i = 0; i < l->n_rooms; i++)
		if (l->rooms[i].kind == kind)
			return &l->rooms[i];
	bug("no %s room", room_name(kind));
}

void
launch_table_drop(struct launch_room *r)
{
	for (size_t i = 0; i < r->n_plugs; i++)
		close(r->plugs[i].fd);
	r->n_plugs = 0;
}

static struct launch_room *
add_room(struct launch *l, enum room kind, uint16_t index)
{
	struct launch_room *r = &l->rooms[l->n_rooms++];

	*r = (struct launch_room){ .launch = l,
		.kind = kind,
		.index = index,
		.kept = kind == ROOM_WORKER || kind == ROOM_SEARCH };
	return r;
}

static void
plug(struct launch_room *r, int fd, int to)
{
	r->plugs[r->n_plugs++] = (struct plug){ fd, to };
}

static enum err
join(struct launch_room *a, int a_to, struct launch_room *b, int b_to)
{
	int pair[2];
	enum err rc = spawn_pair(pair);

	if (rc != ERR_NONE)
		return rc;
	plug(a, pair[0], a_to);
	plug(b, pair[1], b_to);
	return ERR_NONE;
}

static enum err
lend(struct launch_room *r, int fd, int to)
{
	int copy;

	if (fd < 0)
		return ERR_NONE;
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (copy < 0)
		return fail(ERR_IO, "descriptors: %s", strerror(errno));
	plug(r, copy, to);
	return ERR_NONE;
}

/* As the beginning of this visit has left them. */
static enum err
lend_visits(struct launch *l, struct launch_room *notes)
{
	struct arena a = { 0 };
	int fd = -1;
	enum err rc = io_open(&fd,
	    arena_printf(&a, "%.*s/visits", STR_ARG(l->target->own)).at);

	arena_release(&a);
	if (rc != ERR_NONE)
		return rc;
	rc = lend(notes, fd, NOTES_FD_VISITS);
	close(fd);
	return rc;
}

static enum err
add_core(struct launch *l, uint16_t i)
{
	struct launch_room *reading = launch_table_find(l, ROOM_READING);
	struct launch_room *search = add_room(l, ROOM_SEARCH, i), *worker;
	enum err rc;

	if (launch_table_scribe(l)) {
		rc = join(reading, READING_FD_SEARCH + 2 * i, search,
		    SEARCH_FD_READING);
		return rc != ERR_NONE ?
		    rc :
		    lend(search, l->target->store, SEARCH_FD_STORE);
	}
	worker = add_room(l, ROOM_WORKER, i);
	rc =
	    join(reading, READING_FD_WORKER + 2 * i, worker, WORKER_FD_READING);
	if (rc == ERR_NONE)
		rc = join(reading, READING_FD_SEARCH + 2 * i, search,
		    SEARCH_FD_READING);
	if (rc == ERR_NONE)
		rc = join(worker, WORKER_FD_SEARCH, search, SEARCH_FD_WORKER);
	if (rc == ERR_NONE)
		rc = lend(search, l->target->store, SEARCH_FD_STORE);
	if (rc == ERR_NONE && i == 0 && l->setup->script == NULL)
		rc = join(worker, WORKER_FD_CHECK,
		    launch_table_find(l, ROOM_CHECK), CHECK_FD_WORKER);
	return rc;
}

/* Those of a session with a screen. */
static enum err
add_seen(struct launch *l)
{
	struct launch_room *desk = add_room(l, ROOM_DESK, 0);
	struct launch_room *reading = add_room(l, ROOM_READING, 0);
	struct launch_room *notes = add_room(l, ROOM_NOTES, 0);
	struct launch_room *check = add_room(l, ROOM_CHECK, 0);
	enum err rc;

	rc = join(desk, DESK_FD_READING, reading, READING_FD_DESK);
	if (rc == ERR_NONE)
		rc = join(desk, DESK_FD_NOTES, notes, NOTES_FD_DESK);
	if (rc == ERR_NONE)
		rc = join(reading, READING_FD_NOTES, notes, NOTES_FD_READING);
	if (rc == ERR_NONE)
		rc = join(notes, NOTES_FD_CHECK, check, CHECK_FD_NOTES);
	if (rc == ERR_NONE)
		rc = lend(check, l->target->prints, CHECK_FD_PRINTS);
	if (rc == ERR_NONE)
		rc = lend(check, l->spool_out, CHECK_FD_SPOOL);
	for (uint32_t i = 0; i < l->target->n_lists && rc == ERR_NONE; i++)
		rc = lend(notes, l->target->lists[i], NOTES_FD_LISTS + (int)i);
	return rc == ERR_NONE && l->hours != NULL ? lend_visits(l, notes) : rc;
}

bool
launch_table_scribe(const struct launch *l)
{
	return l->setup->script != NULL && l->target->store >= 0;
}

const char *
launch_table_file(const struct launch *l, enum room kind)
{
	if (launch_table_scribe(l) && kind == ROOM_READING)
		return "room_scribe";
	if (launch_table_scribe(l) && kind == ROOM_SEARCH)
		return "room_seeker";
	return room_file(kind);
}

enum err
launch_table_fill(struct launch *l)
{
	enum err rc = ERR_NONE;

	if (l->setup->script == NULL)
		rc = add_seen(l);
	else
		(void)add_room(l, ROOM_READING, 0);
	for (uint16_t i = 0; i < l->target->start.cores && rc == ERR_NONE; i++)
		rc = add_core(l, i);
	return rc;
}
