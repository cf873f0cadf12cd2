/*
 * room_check.c - the checker: reads source, judges what asks to leave.
 *
 * It has two ports: files come in from worker 0, candidates and orders for
 * pages from the notes room, to which verdicts and sealed files go back, and
 * a pipe that ends in the print spool.  It links no library that reads
 * source, opens nothing and writes nothing else.
 */
#include <poll.h>
#include <unistd.h>

#include "core/io.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "policy/checker.h"
#include "policy/press.h"
#include "policy/enter.h"

enum { PRINTS_FILE_MAX = 1 << 30 };

/* What one of the two says about pages. */
struct work {
	struct arena arena;
	struct rules rules;
	struct press_house house;
	struct checker *checker;
	struct press *press; /* NULL: no session, no pages */
	struct buf body, reply;
};

/* What pages need, before there are walls: the rules, which the launcher has
 * verified, and libraries that ask for randomness once. */
static enum err
prepare_press(struct work *w, const struct start *s)
{
	enum err rc =
	    rules_read(&w->rules, &w->arena, "session.conf", s->rules);

	json_free(json_new_object());
	w->house.rules = &w->rules;
	w->house.person = s->auditor;
	w->house.spool = s->spool ? CHECK_FD_SPOOL : -1;
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		w->press = press_open(&w->house);
	return rc;
}

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	struct work *w = arg;
	struct io_map map;
	enum err rc;

	(void)paths;
	if (!s->session)
		return checker_open(&w->checker, NULL);
	/* Mapped until the process ends. */
	rc = io_map_fd(&map, CHECK_FD_PRINTS, PRINTS_FILE_MAX);
	if (rc == ERR_NONE)
		rc = checker_open(&w->checker, &map.bytes);
	w->house.prints = map.bytes;
	return rc == ERR_NONE ? prepare_press(w, s) : rc;
}

static enum err
answer(uint16_t type, const struct work *w, bool answered)
{
	return answered ?
	    port_write(CHECK_FD_NOTES, type, buf_view(&w->reply)) :
	    ERR_NONE;
}

struct sending {
	enum err rc;
};

static void
put_piece(void *arg, struct str body)
{
	struct sending *s = arg;

	if (s->rc == ERR_NONE)
		s->rc = port_write(CHECK_FD_NOTES, MSG_SEALED, body);
}

/* A file that was sealed goes in front of the answer that says so. */
static enum err
send_sealed(const struct work *w)
{
	struct sending s = { .rc = ERR_NONE };
	struct str sealed = press_sealed(w->press);

	if (sealed.len > 0)
		parcel_send(1, STR(""), sealed, put_piece, &s);
	return s.rc;
}

/* In a session the fingerprints are there: files are for pages. */
static enum err
from_worker(struct work *w)
{
	bool answered = false;
	uint16_t type;
	enum err rc = port_read(CHECK_FD_WORKER, &type, &w->body);
	struct str body = buf_view(&w->body);

	if (rc != ERR_NONE)
		return rc;
	if (type == MSG_BLOB)
		return w->press != NULL ? press_blob(w->press, body) :
					  checker_blob(w->checker, body);
	if (type == MSG_FEED_END && w->press == NULL)
		return checker_feed_end(w->checker, body);
	if (type != MSG_FEED_END)
		return fail(ERR_FORMAT, "a message %u from a worker", type);
	rc = press_feed_end(w->press, &w->reply, &answered, body);
	if (rc == ERR_NONE && answered)
		rc = send_sealed(w);
	return rc == ERR_NONE ? answer(MSG_PAGED, w, answered) : rc;
}

static enum err
from_notes(struct work *w)
{
	bool answered = false;
	uint16_t type;
	enum err rc = port_read(CHECK_FD_NOTES, &type, &w->body);

	if (rc != ERR_NONE)
		return rc;
	if (type == MSG_PAGES && w->press != NULL) {
		rc = press_take(w->press, &w->reply, buf_view(&w->body));
		return rc == ERR_NONE ? answer(MSG_PAGED, w, true) : rc;
	}
	if (type != MSG_CANDIDATE)
		return fail(ERR_FORMAT, "a message %u from the notes room",
		    type);
	rc = checker_candidate(w->checker, &w->reply, &answered,
	    buf_view(&w->body));
	return rc == ERR_NONE ? answer(MSG_VERDICT, w, answered) : rc;
}

/* Candidates first: a person waits for them. */
static enum err
work(struct work *w)
{
	struct pollfd fds[] = { { CHECK_FD_NOTES, POLLIN, 0 },
		{ CHECK_FD_WORKER, POLLIN, 0 } };
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE) {
		if (poll(fds, 2, -1) < 0)
			continue; /* a signal */
		if (fds[0].revents != 0) {
			rc = from_notes(w);
		} else if (fds[1].revents != 0) {
			rc = from_worker(w);
			if (rc == ERR_ABSENT) {
				fds[1].fd = -1; /* what is missing stays so */
				rc = ERR_NONE;
			}
		}
	}
	buf_release(&w->body);
	buf_release(&w->reply);
	return rc == ERR_ABSENT ? ERR_NONE : rc;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct work w = { 0 };
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_CHECK, argc, argv);
	rc = enter_room(&s, &a, ROOM_CHECK, prepare, &w);
	if (rc == ERR_NONE)
		rc = work(&w);
	press_close(w.press);
	checker_close(w.checker);
	arena_release(&w.arena);
	arena_release(&a);
	return room_end(rc);
}
