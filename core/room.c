#include "core/room.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/log.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"

enum { TROUBLE_MAX = 512 };

static bool room_began; /* there is a launcher to talk to */

static enum err
receive_start(struct start *s, struct arena *a)
{
	struct buf body = { 0 };
	uint16_t type;
	enum err rc;

	rc = port_read(ROOM_FD_LAUNCHER, &type, &body);
	if (rc == ERR_NONE && type != MSG_START)
		rc = fail(ERR_FORMAT, "message %u before the start", type);
	if (rc == ERR_NONE)
		rc = start_read(s, a, buf_view(&body));
	buf_release(&body);
	return rc;
}

enum err
room_begin(struct start *s, struct arena *a, enum room which)
{
	enum err rc;

	if (getenv("VITRINE_LOG") != NULL)
		log_on(room_name(which));
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	rc = receive_start(s, a);
	if (rc == ERR_IO)
		return fail(ERR_DENIED, "%s is started by vitrine, not by hand",
		    room_file(which));
	if (rc != ERR_NONE)
		return rc;
	room_began = true;
	return ERR_NONE;
}

static enum err
tell(uint16_t type)
{
	return port_write(ROOM_FD_LAUNCHER, type, (struct str){ "", 0 });
}

enum err
room_ready(void)
{
	return tell(MSG_READY);
}

enum err
room_first_frame(void)
{
	return tell(MSG_FIRST_FRAME);
}

enum err
room_quit(void)
{
	return tell(MSG_QUIT);
}

enum err
room_left(enum room neighbour, enum err rc)
{
	char why[TROUBLE_MAX / 2];

	if (rc == ERR_NONE)
		return fail(ERR_STOPPED, "the %s room hung up",
		    room_name(neighbour));
	snprintf(why, sizeof why, "%s", err_text());
	err_clear();
	return fail(rc, "the %s room broke the rules of its port: %s",
	    room_name(neighbour), why);
}

int
room_end(enum err rc)
{
	struct buf b = { 0 };

	if (rc == ERR_NONE)
		return 0;
	if (!room_began) {
		fprintf(stderr, "vitrine: %s\n",
		    *err_text() ? err_text() : err_name(rc));
		return err_status(rc);
	}
	wire_put_u8(&b, (uint8_t)rc);
	wire_put_str(&b, str_of(err_text()));
	/* Nobody is left to tell when the launcher is gone too. */
	if (port_write(ROOM_FD_LAUNCHER, MSG_TROUBLE, buf_view(&b)) != ERR_NONE)
		log_debug("no launcher to tell");
	buf_release(&b);
	return err_status(rc);
}

enum err
room_trouble_read(enum err *kind, struct str *text, struct arena *a,
    struct str body)
{
	struct wire w = wire_of(body);
	uint8_t number = wire_u8(&w);
	struct str said = wire_str(&w, TROUBLE_MAX);
	enum err rc = wire_done(&w);

	if (rc != ERR_NONE)
		return rc;
	if (number == ERR_NONE || number > ERR_STOPPED)
		return fail(ERR_FORMAT, "trouble of no known kind");
	*kind = (enum err)number;
	*text = arena_copy(a, said);
	return ERR_NONE;
}

void
room_restart_write(struct buf *b, enum room kind, uint16_t index)
{
	wire_put_u8(b, (uint8_t)kind);
	wire_put_u16(b, index);
}

enum err
room_restart_read(enum room *kind, uint16_t *index, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t number = wire_u8(&w);
	uint16_t i = wire_u16(&w);
	enum err rc = wire_done(&w);

	if (rc != ERR_NONE)
		return rc;
	if (number != ROOM_WORKER && number != ROOM_SEARCH)
		return fail(ERR_FORMAT, "a restart of room %u", number);
	*kind = (enum room)number;
	*index = i;
	return ERR_NONE;
}
