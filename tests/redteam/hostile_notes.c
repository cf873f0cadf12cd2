/*
 * hostile_notes.c - a notes room that was taken over and wants source: it
 * orders pages that nobody marked, says that they shall be a file, says that
 * they shall be printed, with approvals of its own making, and writes down
 * what it was given.
 *
 * It has no line of source, so it is told one thing that the room knows of
 * anchors: "# blob HEX" in the rules is the blob of the file that it wants.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/press_files.h"
#include "core/room.h"
#include "core/seal.h"
#include "policy/approval.h"
#include "policy/parcel.h"
#include "policy/probe.h"

static struct hostile {
	struct arena a;
	struct start start;
	struct rules rules;
	struct pages_place place;
	struct press_answer answer;
	struct parcel_inbox sealed;
	struct sign_secret *key;
	uint32_t id;
	int log;
} h;

static void
say(const char *what)
{
	dprintf(h.log, "%s: state %d, %zu bytes sealed, %.*s\n", what,
	    (int)h.answer.state, h.sealed.bytes.len, STR_ARG(h.answer.why));
}

/* The file, as the order wants it, through the reading room. */
static void
send_files(void)
{
	struct press_file f = { h.place.at.commit, h.place.at.path };
	struct press_files files = { h.id, &f, 1 };
	struct buf b = { 0 };

	press_files_write(&b, &files);
	if (port_write(NOTES_FD_READING, MSG_PRESS, buf_view(&b)) != ERR_NONE)
		_exit(1);
}

/* What the checker makes of an order, to its end. */
static void
order(struct press_order *o)
{
	struct buf b = { 0 };
	uint16_t type;
	bool whole;

	o->id = ++h.id;
	parcel_release(&h.sealed);
	press_order_write(o, &b);
	if (port_write(NOTES_FD_CHECK, MSG_PAGES, buf_view(&b)) != ERR_NONE)
		_exit(1);
	do {
		if (port_read(NOTES_FD_CHECK, &type, &b) != ERR_NONE)
			_exit(1);
		if (type == MSG_SEALED &&
		    parcel_take(&h.sealed, &whole, buf_view(&b)) != ERR_NONE)
			_exit(1);
		if (type != MSG_PAGED)
			continue;
		if (press_answer_read(&h.answer, &h.a, buf_view(&b)) !=
		    ERR_NONE)
			_exit(1);
		if (h.answer.state == PRESS_READY)
			send_files();
	} while (type != MSG_PAGED || h.answer.state == PRESS_READY);
}

static void
measure(void)
{
	struct press_order o = { .places = &h.place.at, .n = 1 };

	order(&o);
	if (h.answer.state == PRESS_MEASURED)
		h.place.cost = h.answer.costs[0];
	say("measured");
}

static struct str
signed_by_me(struct str bytes, struct str comment)
{
	struct buf b = { 0 };

	if (sign_bytes(&b, h.key, bytes, comment) != ERR_NONE)
		_exit(1);
	return arena_copy(&h.a, buf_view(&b));
}

static void
demand(const char *what, bool paper, bool approved)
{
	struct pages p = { .session = h.rules.session,
		.author = h.start.auditor,
		.purpose = STR("none"),
		.paper = paper,
		.places = &h.place,
		.n = 1 };
	struct buf json = { 0 };
	struct str mine[1];
	struct parcel parcel = { .author = h.start.auditor };
	struct press_order o = { .make = true, .number = 1, .approvals = mine };

	pages_sum(&p);
	pages_write(&p, &json);
	o.request = parcel.bytes = buf_view(&json);
	o.signature = signed_by_me(o.request, STR("pages"));
	o.key = sign_public_of(h.key);
	mine[0] =
	    signed_by_me(o.request, approval_comment(&h.a, &h.rules, &parcel));
	o.n_approvals = approved;
	order(&o);
	say(what);
	if (h.sealed.bytes.len > 0) {
		int fd = open(arena_printf(&h.a, "%.*s/got.age",
				  STR_ARG(h.start.data))
				  .at,
		    O_WRONLY | O_CREAT | O_TRUNC, 0600);

		if (write(fd, h.sealed.bytes.at, h.sealed.bytes.len) < 0)
			_exit(1);
	}
}

static void
begin(void)
{
	static const char mark[] = "# blob ";
	size_t at = str_find(h.start.rules, str_of(mark), 0);
	const struct release *last = &h.start.releases[h.start.n_releases - 1];

	h.log =
	    open(arena_printf(&h.a, "%.*s/hostile.log", STR_ARG(h.start.data))
		     .at,
		O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	if (h.log < 0 || at == SIZE_MAX || seal_start() != ERR_NONE ||
	    sign_make(&h.key) != ERR_NONE ||
	    rules_read(&h.rules, &h.a, "rules", h.start.rules) != ERR_NONE ||
	    str_unhex(str_slice(h.start.rules, at + strlen(mark),
			  2 * OID_BYTES),
		h.place.at.blob.id, OID_BYTES) != ERR_NONE)
		_exit(1);
	h.place.at.release = last->name;
	h.place.at.commit = last->commit;
	h.place.at.path = STR("src/oam/user.c");
	h.place.at.first = 12;
	h.place.at.last = 21;
}

int
main(int argc, char **argv)
{
	if (probe_wanted(argc, argv)) /* it lies about its walls, too */
		return probe_main(ROOM_NOTES, argc, argv);
	if (room_begin(&h.start, &h.a, ROOM_NOTES) != ERR_NONE ||
	    room_ready() != ERR_NONE)
		return 1;
	begin();
	measure();
	demand("a file", false, false);
	demand("a file, approved by itself", false, true);
	demand("paper", true, false);
	demand("paper, approved by itself", true, true);
	if (room_quit() != ERR_NONE)
		return 1;
	for (;;)
		pause();
}
