/*
 * room_notes.c - the notes room: record, drafts, journal and the way out.
 *
 * It has the secrets and no source: anchors and marks go over the port to
 * the reading room, a candidate to the checker, cells to the desk.
 */

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/bucket.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/loop.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/search.h"
#include "core/wire.h"
#include "policy/parcel.h"
#include "policy/press.h"
#include "policy/enter.h"
#include "policy/visits.h"
#include "tui/along.h"
#include "tui/hatch.h"
#include "tui/logbook.h"
#include "tui/noting.h"
#include "tui/paging.h"
#include "tui/places.h"
#include "tui/refound.h"
#include "tui/requirements.h"
#include "tui/screen.h"
#include "tui/worklists.h"

enum { CLOCK_MS = 15 * 1000, VERDICT_MAX = LIMIT_MESSAGE };

static struct {
	struct loop *loop;
	struct noting *noting;
	struct port *launcher, *desk, *reading, *checker;
	struct canvas_grid *before;
	struct arena arena;      /* of one message */
	struct io_map visits;    /* so far, and the beginning of this one */
	struct buf certificate;  /* pieces so far */
	struct buf list;         /* of a worklist */
	struct buf found;        /* of anchors */
	struct buf shown;        /* the trusted line as it was sent */
	enum room focus;         /* as the desk was told last */
	uint32_t keys;           /* from the desk, of all */
	struct screen_look told; /* to the desk */
	int warned;              /* of so few minutes left */
	bool dropping;           /* keys, until the desk says MSG_RESUME */
} here = { .focus = ROOM_READING };

static void
stop(void *arg, enum err rc)
{
	(void)arg;
	loop_stop(here.loop, rc);
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Out */

static void
out_focus(void *arg, enum room r)
{
	struct buf b = { 0 };

	(void)arg;
	/* What was typed for the other room already is not ours any more. */
	if (r == ROOM_READING && here.focus == ROOM_NOTES) {
		wire_put_u32(&b, here.keys);
		port_send(here.desk, MSG_HANDOVER, buf_view(&b));
		buf_clear(&b);
		here.dropping = true;
	}
	here.focus = r;
	screen_write_focus(&b, r);
	port_send(here.desk, MSG_FOCUS, buf_view(&b));
	buf_release(&b);
}

static void
out_go(void *arg, const struct anchor *an)
{
	struct buf b = { 0 };

	(void)arg;
	anchor_write(an, &b);
	port_send(here.reading, MSG_GOTO, buf_view(&b));
	buf_release(&b);
}

static void
out_news(void *arg, struct str line)
{
	struct buf b = { 0 };

	(void)arg;
	wire_put_str(&b, str_slice(line, 0, HATCH_NEWS_MAX));
	port_send(here.reading, MSG_NEWS, buf_view(&b));
	buf_release(&b);
}

static void
out_marks(void *arg, const struct mark *marks, size_t n)
{
	struct buf b = { 0 };

	(void)arg;
	for (size_t i = 0; i < n; i++)
		mark_write(&marks[i], &b);
	hatch_send(here.reading, MSG_MARKS, buf_view(&b));
	buf_release(&b);
}

static void
send_piece(void *arg, struct str body)
{
	(void)arg;
	port_send(here.checker, MSG_CANDIDATE, body);
}

static void
out_candidate(void *arg, uint32_t id, struct str context, struct str bytes)
{
	(void)arg;
	parcel_send(id, context, bytes, send_piece, NULL);
}

static void
out_list(void *arg, struct str bytes)
{
	(void)arg;
	hatch_send(here.reading, MSG_LIST, bytes);
}

static void
out_anchors(void *arg, struct str all)
{
	(void)arg;
	hatch_send(here.reading, MSG_ANCHORS, all);
}

static void
out_others(void *arg, struct str all)
{
	(void)arg;
	hatch_send(here.reading, MSG_OTHERS, all);
}

static void
out_survey(void *arg)
{
	(void)arg;
	port_send(here.reading, MSG_SURVEY, STR(""));
}

static void
out_pages(void *arg, struct str order)
{
	(void)arg;
	port_send(here.checker, MSG_PAGES, order);
}

static void
out_press(void *arg, struct str files)
{
	(void)arg;
	port_send(here.reading, MSG_PRESS, files);
}

static void
out_verdicts(void *arg, const struct hatch_verdicts *v)
{
	struct buf b = { 0 };

	(void)arg;
	hatch_write_verdicts(&b, v);
	port_send(here.reading, MSG_VERDICTS, buf_view(&b));
	buf_release(&b);
}

static void
out_place(void *arg, const struct hatch_place *p)
{
	struct buf b = { 0 };

	(void)arg;
	hatch_write_place(&b, p);
	port_send(here.reading, MSG_PLACE, buf_view(&b));
	buf_release(&b);
}

static void
out_quit(void *arg)
{
	stop(arg, room_quit());
}

/* From the desk */

static enum err
desk_key(void *arg, struct str body)
{
	uint32_t key;
	enum err rc = screen_read_key(&key, body);

	(void)arg;
	here.keys++;
	if (rc == ERR_NONE && !here.dropping)
		shell_key(noting_shell(here.noting), key);
	return rc;
}

static enum err
desk_resume(void *arg, struct str body)
{
	(void)arg;
	(void)body;
	here.dropping = false;
	return ERR_NONE;
}

static enum err
desk_size(void *arg, struct str body)
{
	struct screen_size s;
	enum err rc = screen_read_size(&s, body);

	(void)arg;
	if (rc != ERR_NONE)
		return rc;
	/* The desk has lost its screen, also when the size is as it was. */
	canvas_resize(here.before, 0, 0);
	shell_size(noting_shell(here.noting), s.rows, s.cols, s.flags);
	shell_redraw(noting_shell(here.noting));
	return ERR_NONE;
}

static const struct port_row rows_desk[] = {
	{ MSG_KEY, 4, 4, desk_key },
	{ MSG_RESUME, 0, 0, desk_resume },
	{ MSG_SIZE, 6, 6, desk_size },
	{ 0 },
};

/*
 * From the reading room: each message is read whole, then acted on.  After
 * those that may move the focus the desk is told who has it, moved or not:
 * until then it holds the keys back.
 */

/*
 * The reading room may have been taken over: it gets no more into the record
 * than a person could type.  Held down, a key sends some thirty a second.
 */
static struct bucket entries = { .most = 300, .second = 10 };
static struct bucket searches = { .most = 60, .second = 1 };

static bool
allowed(struct bucket *b)
{
	static int64_t told;

	if (bucket_take(b, now()))
		return true;
	if (now() - told > 1000)
		out_news(NULL, STR("too much at once: not all was recorded"));
	told = now();
	return false;
}

static enum err
reading_compose(void *arg, struct str body)
{
	struct hatch_compose c;
	enum err rc = hatch_read_compose(&c, &here.arena, body);

	if (rc == ERR_NONE)
		noting_compose(here.noting, &c);
	out_focus(arg, here.focus);
	arena_clear(&here.arena);
	return rc;
}

static enum err
reading_view(void *arg, struct str body)
{
	struct hatch_open o;
	enum err rc = hatch_read_open(&o, &here.arena, body);

	if (rc == ERR_NONE)
		noting_view(here.noting, &o);
	out_focus(arg, here.focus);
	arena_clear(&here.arena);
	return rc;
}

static enum err
reading_seen(void *arg, struct str body)
{
	struct anchor an;
	enum err rc = hatch_read_anchor(&an, &here.arena, body);

	(void)arg;
	if (rc == ERR_NONE)
		noting_seen(here.noting, &an);
	arena_clear(&here.arena);
	return rc;
}

static enum err
reading_reviewed(void *arg, struct str body)
{
	struct hatch_reviewed r;
	enum err rc = hatch_read_reviewed(&r, &here.arena, body);

	if (rc == ERR_NONE && allowed(&entries))
		noting_reviewed(here.noting, &r);
	out_focus(arg, here.focus);
	arena_clear(&here.arena);
	return rc;
}

/* As text: what is recorded must be readable without this program. */
static enum err
take_certificate(void)
{
	struct wire w = wire_of(buf_view(&here.certificate));
	struct search_certificate c = search_certificate_read(&w, &here.arena);
	struct buf text = { 0 };
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE && allowed(&searches)) {
		search_certificate_text(&c, &text);
		noting_certificate(here.noting, buf_view(&text));
	}
	buf_release(&text);
	arena_clear(&here.arena);
	buf_release(&here.certificate);
	return rc;
}

static enum err
reading_certificate(void *arg, struct str body)
{
	bool whole = false;
	enum err rc = hatch_take(&here.certificate, &whole, body);

	(void)arg;
	return rc == ERR_NONE && whole ? take_certificate() : rc;
}

static enum err
reading_list(void *arg, struct str body)
{
	bool whole = false;
	enum err rc = hatch_take(&here.list, &whole, body);

	if (rc != ERR_NONE || !whole)
		return rc;
	if (allowed(&searches))
		rc = worklists_new(noting_worklists(here.noting),
		    buf_view(&here.list));
	buf_release(&here.list);
	out_focus(arg, here.focus);
	return rc;
}

static enum err
reading_refound(void *arg, struct str body)
{
	bool whole = false;
	enum err rc = hatch_take(&here.found, &whole, body);

	(void)arg;
	if (rc == ERR_NONE && whole) {
		rc = refound_take(noting_refound(here.noting),
		    buf_view(&here.found));
		buf_release(&here.found);
	}
	return rc;
}

static enum err
reading_coverage(void *arg, struct str body)
{
	(void)arg;
	return along_piece(noting_along(here.noting), body);
}

static enum err
reading_files(void *arg, struct str body)
{
	(void)arg;
	return along_piece_files(noting_along(here.noting), body);
}

static enum err
reading_verdicts(void *arg, struct str body)
{
	struct hatch_verdicts v;
	enum err rc = hatch_read_verdicts(&v, &here.arena, body);

	if (rc == ERR_NONE && allowed(&entries))
		worklists_verdicts(noting_worklists(here.noting), &v);
	out_focus(arg, here.focus);
	arena_clear(&here.arena);
	return rc;
}

static enum err
reading_place(void *arg, struct str body)
{
	struct hatch_place p;
	enum err rc = hatch_read_place(&p, &here.arena, body);

	(void)arg;
	if (rc == ERR_NONE && allowed(&entries))
		places_set(noting_places(here.noting), &p);
	arena_clear(&here.arena);
	return rc;
}

static enum err
reading_leave(void *arg, struct str body)
{
	(void)body;
	noting_ask_leave(here.noting);
	out_focus(arg, here.focus);
	return ERR_NONE;
}

static enum err
reading_undo(void *arg, struct str body)
{
	bool redo = false;
	enum err rc = hatch_read_undo(&redo, body);

	if (rc == ERR_NONE && allowed(&entries))
		noting_undo(here.noting, redo);
	/* The reading room shows what became of it. */
	if (here.focus != ROOM_NOTES)
		shell_hush(noting_shell(here.noting));
	out_focus(arg, here.focus);
	return rc;
}

static const struct port_row rows_reading[] = {
	{ MSG_COMPOSE, 1, HATCH_ANCHOR_MAX, reading_compose },
	{ MSG_OPEN_VIEW, 12, HATCH_VIEW_MAX + HATCH_ANCHOR_MAX, reading_view },
	{ MSG_SEEN, 1, HATCH_ANCHOR_MAX, reading_seen },
	{ MSG_REVIEWED, 1, HATCH_ANCHOR_MAX, reading_reviewed },
	{ MSG_CERTIFICATE, 1, LIMIT_MESSAGE, reading_certificate },
	{ MSG_PLACE, 1, HATCH_VIEW_MAX + HATCH_ANCHOR_MAX, reading_place },
	{ MSG_LEAVE, 0, 0, reading_leave },
	{ MSG_UNDO, 1, 1, reading_undo },
	{ MSG_LIST, 1, LIMIT_MESSAGE, reading_list },
	{ MSG_REFOUND, 1, LIMIT_MESSAGE, reading_refound },
	{ MSG_COVERAGE, 1, LIMIT_MESSAGE, reading_coverage },
	{ MSG_FILES, 1, LIMIT_MESSAGE, reading_files },
	{ MSG_VERDICTS, 14, 14 + 8 * HATCH_SPANS, reading_verdicts },
	{ 0 },
};

/* From the checker */

static enum err
checker_verdict(void *arg, struct str body)
{
	struct verdict_source v;
	enum err rc = parcel_verdict_read(&v, &here.arena, body);

	(void)arg;
	if (rc == ERR_NONE)
		noting_verdict(here.noting, &v);
	arena_clear(&here.arena);
	return rc;
}

static enum err
checker_paged(void *arg, struct str body)
{
	struct press_answer answer;
	enum err rc = press_answer_read(&answer, &here.arena, body);

	(void)arg;
	if (rc == ERR_NONE)
		paging_answer(paging_of(here.noting), &answer);
	arena_clear(&here.arena);
	return rc;
}

static enum err
checker_sealed(void *arg, struct str body)
{
	(void)arg;
	return paging_piece(paging_of(here.noting), body);
}

static const struct port_row rows_checker[] = {
	{ MSG_VERDICT, 1, VERDICT_MAX, checker_verdict },
	{ MSG_SEALED, 21, LIMIT_MESSAGE, checker_sealed },
	{ MSG_PAGED, 39, LIMIT_MESSAGE, checker_paged },
	{ 0 },
};

static void
desk_gone(void *arg, enum err rc)
{
	stop(arg, room_left(ROOM_DESK, rc));
}

static void
reading_gone(void *arg, enum err rc)
{
	stop(arg, room_left(ROOM_READING, rc));
}

/* Without a checker nothing can leave; reading and writing go on. */
static void
checker_gone(void *arg, enum err rc)
{
	(void)arg;
	(void)rc;
	err_clear();
	shell_message(noting_shell(here.noting),
	    "the checker has ended: nothing can leave any more");
}

/* From the launcher */

static enum err
launcher_proof(void *arg, struct str body)
{
	struct wire w = wire_of(body);
	struct str text = wire_str(&w, LIMIT_MESSAGE);
	enum err rc = wire_done(&w);

	(void)arg;
	if (rc == ERR_NONE)
		noting_proof(here.noting, text);
	return rc;
}

static enum err
launcher_shutdown(void *arg, struct str body)
{
	(void)body;
	stop(arg, ERR_NONE);
	return ERR_NONE;
}

static const struct port_row rows_launcher[] = {
	{ MSG_PROOF, 4, LIMIT_MESSAGE, launcher_proof },
	{ MSG_SHUTDOWN, 0, 0, launcher_shutdown },
	{ 0 },
};

/* Drawing */

static void
send_trusted(void)
{
	struct canvas_grid *g;
	struct canvas c;
	struct buf text = { 0 }, b = { 0 };

	noting_trusted(here.noting, &text);
	if (here.shown.len > 0 &&
	    str_eq(buf_view(&text), buf_view(&here.shown))) {
		buf_release(&text);
		return;
	}
	g = canvas_open(1, LIMIT_COLUMNS);
	c = canvas_all(g);
	canvas_str(&c, 0, 0, c.cols, ROLE_STATUS, buf_view(&text));
	screen_write_run(&b, 0, 0, canvas_cells(g), LIMIT_COLUMNS);
	port_send(here.desk, MSG_TRUSTED, buf_view(&b));
	canvas_close(g);
	buf_release(&b);
	buf_release(&here.shown);
	here.shown = text;
}

static void
draw(void *arg)
{
	const struct canvas_grid *g;
	const struct shell_options *o;

	(void)arg;
	send_trusted();
	o = shell_options(noting_shell(here.noting));
	screen_tell(here.desk, &(struct screen_look){ o->theme, o->mouse },
	    &here.told);
	g = shell_draw(noting_shell(here.noting));
	if (g != NULL)
		screen_send(here.desk, g, here.before);
}

/* In both rooms, wherever the eyes are; typing goes on. */
static void
warn(void)
{
	static const int at[] = { 1, 5, 10 };
	int left = noting_minutes_left(here.noting);
	struct buf line = { 0 };

	size_t i = 0;

	while (i < sizeof at / sizeof *at && left > at[i])
		i++;
	if (left < 0 || i == sizeof at / sizeof *at || here.warned == at[i])
		return;
	here.warned = at[i];
	buf_printf(&line,
	    "%d min left: then the session closes and drafts are kept; Q shows "
	    "the code to copy",
	    left);
	out_news(NULL, buf_view(&line));
	shell_say(noting_shell(here.noting), ROLE_WARNING, buf_view(&line));
	buf_release(&line);
}

/* Hours go on by a clock that nobody sets. */
static void
watch_clock(void)
{
	int64_t s =
	    logbook_clock(noting_logbook(here.noting), now(), loop_now());
	struct buf line = { 0 };

	if (s == 0)
		return;
	buf_printf(&line, "the clock was set %s by %lld s, on record: %s",
	    s < 0 ? "back" : "forward", (long long)(s < 0 ? -s : s),
	    s < 0 ? "it gives no more time" : "time may end sooner");
	out_news(NULL, buf_view(&line));
	shell_say(noting_shell(here.noting), ROLE_WARNING, buf_view(&line));
	buf_release(&line);
}

static void
tick(void *arg)
{
	watch_clock();
	warn();
	loop_after(here.loop, CLOCK_MS, tick, arg);
}

/* Start */

static void
told_to_end(void *arg, int signal)
{
	(void)signal;
	stop(arg, ERR_NONE);
}

static enum err
take_signals(void)
{
	static const int ends[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (rc == ERR_NONE)
			rc = loop_signal(here.loop, ends[i], told_to_end, NULL);
	return rc;
}

/*
 * Where rooms are users of their own the folder is made by the one it belongs
 * to; elsewhere it is there already.
 */
static enum err
prepare_folder(const struct start *s)
{
	struct arena a = { 0 };
	enum err rc = ERR_NONE;
	int fd;

	if (s->data.len > 0)
		rc = io_make_folder(&fd,
		    arena_printf(&a, "%.*s", STR_ARG(s->data)).at);
	if (s->data.len > 0 && rc == ERR_NONE)
		close(fd);
	arena_release(&a);
	return rc;
}

static enum err
prepare(void *arg, const struct start *s, struct sandbox_paths *paths)
{
	struct noting_setup setup = {
		.start = s,
		.cost = SEAL_COST_MODERATE,
		.now = now,
		.out = {
			.focus = out_focus,
			.go = out_go,
			.news = out_news,
			.marks = out_marks,
			.candidate = out_candidate,
			.quit = out_quit,
			.list = out_list,
			.verdicts = out_verdicts,
			.anchors = out_anchors,
			.survey = out_survey,
			.others = out_others,
			.place = out_place,
			.pages = out_pages,
			.press = out_press,
		},
	};
	time_t t = time(NULL);
	struct tm tm;
	enum err rc = text_start();

	(void)arg;
	paths->write = s->data;
	/* The time zone is read before the walls close. */
	tzset();
	(void)localtime_r(&t, &tm);
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = loop_open(&here.loop);
	if (rc == ERR_NONE)
		rc = take_signals();
	if (rc == ERR_NONE)
		rc = prepare_folder(s);
	if (rc == ERR_NONE && s->session)
		rc = io_map_fd(&here.visits, NOTES_FD_VISITS, VISITS_BYTES);
	setup.visits = here.visits.bytes;
	setup.loop = here.loop;
	if (rc == ERR_NONE)
		rc = noting_open(&here.noting, &setup);
	if (rc == ERR_NONE)
		rc = requirements_take(noting_requirements(here.noting),
		    noting_rules(here.noting), NOTES_FD_LISTS);
	return rc;
}

static enum err
work(void)
{
	here.before = canvas_open(0, 0);
	here.launcher =
	    port_open(here.loop, ROOM_FD_LAUNCHER, rows_launcher, stop, NULL);
	here.desk =
	    port_open(here.loop, NOTES_FD_DESK, rows_desk, desk_gone, NULL);
	here.reading = port_open(here.loop, NOTES_FD_READING, rows_reading,
	    reading_gone, NULL);
	here.checker = port_open(here.loop, NOTES_FD_CHECK, rows_checker,
	    checker_gone, NULL);
	loop_before_sleep(here.loop, draw, NULL);
	tick(NULL);
	return loop_run(here.loop);
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct start s;
	enum err rc;

	if (probe_wanted(argc, argv))
		return probe_main(ROOM_NOTES, argc, argv);
	rc = enter_room(&s, &a, ROOM_NOTES, prepare, NULL);
	if (rc == ERR_NONE)
		rc = work();
	noting_close(here.noting); /* what was typed is kept as a draft */
	return room_end(rc);
}
