/*
 * room_check.c - the checker: reads source, judges what asks to leave.
 *
 * It has two ports: files come in from worker 0, candidates from the notes
 * room, to which verdicts go back.  It links no library that parses
 * anything, opens nothing and writes nothing else.
 */
#include <poll.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/room.h"
#include "policy/checker.h"
#include "policy/probe.h"
#include "policy/sandbox.h"

enum { PRINTS_FILE_MAX = 1 << 30 };

static enum err
prepare(struct checker **out, const struct start *s)
{
	struct io_map map;
	enum err rc;

	if (!s->session)
		return checker_open(out, NULL);
	/* Mapped until the process ends. */
	rc = io_map_fd(&map, CHECK_FD_PRINTS, PRINTS_FILE_MAX);
	return rc == ERR_NONE ? checker_open(out, &map.bytes) : rc;
}

static enum err
from_worker(struct checker *c, struct buf *body)
{
	uint16_t type;
	enum err rc = port_read(CHECK_FD_WORKER, &type, body);

	if (rc != ERR_NONE)
		return rc;
	if (type == MSG_BLOB)
		return checker_blob(c, buf_view(body));
	if (type == MSG_FEED_END)
		return checker_feed_end(c, buf_view(body));
	return fail(ERR_FORMAT, "a message %u from a worker", type);
}

static enum err
from_notes(struct checker *c, struct buf *body, struct buf *reply)
{
	bool answered = false;
	uint16_t type;
	enum err rc = port_read(CHECK_FD_NOTES, &type, body);

	if (rc != ERR_NONE)
		return rc;
	if (type != MSG_CANDIDATE)
		return fail(ERR_FORMAT, "a message %u from the notes room",
		    type);
	rc = checker_candidate(c, reply, &answered, buf_view(body));
	if (rc == ERR_NONE && answered)
		rc = port_write(CHECK_FD_NOTES, MSG_VERDICT, buf_view(reply));
	return rc;
}

/* Candidates first: a person waits for them. */
static enum err
work(struct checker *c)
{
	struct pollfd fds[] = { { CHECK_FD_NOTES, POLLIN, 0 },
		{ CHECK_FD_WORKER, POLLIN, 0 } };
	struct buf body = { 0 }, reply = { 0 };
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE) {
		if (poll(fds, 2, -1) < 0)
			continue; /* a signal */
		if (fds[0].revents != 0) {
			rc = from_notes(c, &body, &reply);
		} else if (fds[1].revents != 0) {
			rc = from_worker(c, &body);
			if (rc == ERR_ABSENT) {
				fds[1].fd = -1; /* what is missing stays so */
				rc = ERR_NONE;
			}
		}
	}
	buf_release(&body);
	buf_release(&reply);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct checker *c = NULL;
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_CHECK, argc, argv);
	rc = room_begin(&s, &a, ROOM_CHECK);
	if (rc == ERR_NONE)
		rc = prepare(&c, &s);
	if (rc == ERR_NONE)
		rc = sandbox_enter(ROOM_CHECK, &(struct sandbox_paths){ 0 });
	if (rc == ERR_NONE)
		rc = room_ready();
	if (rc == ERR_NONE)
		rc = work(c);
	checker_close(c);
	arena_release(&a);
	return room_end(rc);
}
