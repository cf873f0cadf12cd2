#include "tui/proof.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "core/spawn.h"

#include "tui/launch_env.h"

enum {
	PROOF_OUTPUT = 65536, /* bytes one room may say */
	PROOF_WORDS = 4,      /* layers that must hold, in order of layers[] */
};

static const char *const proof_layers[PROOF_WORDS] = {
	"no_new_privs",
	"seccomp",
	"no_capabilities",
	"landlock",
};

struct room_proof {
	struct proof *proof;
	enum room room;
	int fd; /* its standard output, -1: ended */
	struct buf said;
	struct proof_count count;
	bool layer[PROOF_WORDS];
	struct str layers; /* in said */
	uint64_t uid, gid; /* who it is; UINT64_MAX: it has not said */
	const char *trouble;
};

struct proof {
	struct loop *loop;
	struct arena arena;
	struct room_proof rooms[ROOMS];
	size_t running;
	struct buf text;
	char trouble[160];
	const struct proof_way *way;
	void (*done)(void *);
	void *arg;
	unsigned timer;
};

/* "probe ROOM NAME RESULT..." or "layers ROOM WORD..." */
static void
take_layers(struct room_proof *r, struct str words)
{
	struct str word;

	r->layers = words;
	while (str_cut(&words, ' ', &word))
		for (size_t i = 0; i < PROOF_WORDS; i++)
			if (str_starts(word, str_of(proof_layers[i])) &&
			    !str_eq(word, STR("landlock-0")))
				r->layer[i] = true;
}

static void
take_line(struct room_proof *r, struct str line)
{
	struct str kind, room, name;

	if (!str_cut(&line, ' ', &kind) || !str_cut(&line, ' ', &room))
		return;
	if (str_eq(kind, STR("layers"))) {
		take_layers(r, line);
		return;
	}
	if (str_eq(kind, STR("user")) && str_cut(&line, ' ', &name) &&
	    (str_number(name, UINT32_MAX, &r->uid) != ERR_NONE ||
		str_number(line, UINT32_MAX, &r->gid) != ERR_NONE))
		r->uid = r->gid = UINT64_MAX;
	if (!str_eq(kind, STR("probe")) || !str_cut(&line, ' ', &name))
		return;
	if (str_starts(line, STR("stopped")))
		r->count.stopped++;
	else if (str_eq(line, STR("needed")))
		r->count.needed++;
	else if (str_eq(line, STR("not demonstrated")))
		r->count.undemonstrated++;
	else
		r->count.reached++;
}

/* What all rooms say of themselves, held against what is meant to be. */
static bool
are_apart(const struct proof *p)
{
	const struct room_proof *desk = &p->rooms[ROOM_DESK];
	const struct room_proof *reading = &p->rooms[ROOM_READING];
	const struct room_proof *notes = &p->rooms[ROOM_NOTES];

	for (size_t i = 0; i < ROOMS; i++) {
		const struct room_proof *r = &p->rooms[i], *same;

		same = i == ROOM_DESK                  ? desk :
		    i == ROOM_NOTES || i == ROOM_CHECK ? notes :
							 reading;
		if (r->uid == UINT64_MAX || r->uid != same->uid ||
		    r->gid != same->gid)
			return false;
	}
	return desk->uid != reading->uid && desk->uid != notes->uid &&
	    reading->uid != notes->uid && desk->gid != reading->gid &&
	    desk->gid != notes->gid && reading->gid != notes->gid;
}

static void
judge(struct room_proof *r)
{
	struct str rest = buf_view(&r->said), line;

	while (str_cut(&rest, '\n', &line))
		take_line(r, line);
	if (r->trouble == NULL && r->layers.len == 0)
		r->trouble = "could not be tried";
	for (size_t i = 0; i < PROOF_WORDS && r->trouble == NULL; i++)
		if (!r->layer[i] && i != PROOF_WORDS - 1)
			r->trouble = "is without one of its walls";
	if (r->count.reached > 0)
		r->trouble = "can be left";
	else if (r->trouble == NULL && r->count.stopped == 0)
		r->trouble = "could not be tried";
}

/* Names of all primitives with this result, "(ROOM ...)" after each. */
static void
list(struct proof *p, const char *head, const char *result)
{
	size_t column = 0;

	for (size_t i = 0; i < ROOMS; i++) {
		struct str rest = buf_view(&p->rooms[i].said), line;

		while (str_cut(&rest, '\n', &line)) {
			struct str kind, room, name;

			if (!str_cut(&line, ' ', &kind) ||
			    !str_eq(kind, STR("probe")) ||
			    !str_cut(&line, ' ', &room) ||
			    !str_cut(&line, ' ', &name) ||
			    !str_eq(line, str_of(result)))
				continue;
			if (column == 0 || column + room.len + name.len > 76) {
				buf_printf(&p->text, "%s%s\n ",
				    column == 0 ? head : "",
				    column == 0 ? ":" : "");
				column = 1;
			}
			buf_printf(&p->text, " %.*s/%.*s", STR_ARG(room),
			    STR_ARG(name));
			column += room.len + name.len + 2;
		}
	}
	if (column > 0)
		buf_char(&p->text, '\n');
}

static void
write_head(struct proof *p)
{
	struct utsname u = { 0 };
	struct proof_count c = proof_count(p);
	char when[32] = "";
	time_t now = time(NULL);
	struct tm t;

	(void)uname(&u);
	if (gmtime_r(&now, &t) != NULL)
		strftime(when, sizeof when, "%Y-%m-%d %H:%M UTC", &t);
	buf_printf(&p->text,
	    "PROOF OF ENVIRONMENT  %s  %s\n"
	    "%s %.40s %.10s\n",
	    when, p->trouble[0] == '\0' ? "ALL WALLS HELD" : "NOT PROVEN",
	    u.sysname, u.release, u.machine);
	if (p->trouble[0] != '\0')
		buf_printf(&p->text, "trouble: %s\n", p->trouble);
	buf_printf(&p->text,
	    "%u ways out were stopped, %u the work needs, "
	    "%u not demonstrated, %u reached\n\n",
	    c.stopped, c.needed, c.undemonstrated, c.reached);
}

/* Once when all rooms say the same, which is usual. */
static void
write_layers(struct proof *p)
{
	struct str first = p->rooms[0].layers;
	bool same = true;

	for (size_t i = 1; i < ROOMS; i++)
		same = same && str_eq(p->rooms[i].layers, first);
	for (size_t i = 0; i < (same ? 1 : ROOMS); i++)
		buf_printf(&p->text, "layers of %s: %.*s\n",
		    same ? "every room" : room_name(p->rooms[i].room),
		    STR_ARG(p->rooms[i].layers));
}

static void
write_users(struct proof *p)
{
	const char *why = p->way->users->why;

	if (are_apart(p))
		buf_printf(&p->text,
		    "users: desk %llu, reading rooms %llu, notes rooms %llu\n",
		    (unsigned long long)p->rooms[ROOM_DESK].uid,
		    (unsigned long long)p->rooms[ROOM_READING].uid,
		    (unsigned long long)p->rooms[ROOM_NOTES].uid);
	else
		buf_printf(&p->text,
		    "users: rooms run under one user: not separated%s%s\n",
		    why != NULL ? "\n  " : "", why != NULL ? why : "");
}

static void
write_text(struct proof *p)
{
	write_head(p);
	buf_printf(&p->text, "%-8s %8s %8s %17s %8s\n", "room", "stopped",
	    "needed", "not demonstrated", "reached");
	for (size_t i = 0; i < ROOMS; i++) {
		const struct room_proof *r = &p->rooms[i];

		buf_printf(&p->text, "%-8s %8u %8u %17u %8u\n",
		    room_name(r->room), r->count.stopped, r->count.needed,
		    r->count.undemonstrated, r->count.reached);
	}
	buf_char(&p->text, '\n');
	write_layers(p);
	write_users(p);
	list(p, "reached, and should not be", "REACHED");
	list(p, "needed by the work of that room", "needed");
	list(p,
	    "not demonstrated: fails without walls, too, for this user "
	    "on this system",
	    "not demonstrated");
}

static void
finish(struct proof *p)
{
	for (size_t i = 0; i < ROOMS; i++) {
		struct room_proof *r = &p->rooms[i];

		judge(r);
		if (r->trouble != NULL && p->trouble[0] == '\0') {
			struct str t = arena_printf(&p->arena, "the %s room %s",
			    room_name(r->room), r->trouble);

			memcpy(p->trouble, t.at, t.len + 1);
		}
	}
	if (p->way->users->apart && !are_apart(p) && p->trouble[0] == '\0')
		snprintf(p->trouble, sizeof p->trouble,
		    "the rooms are not the users that the station names");
	write_text(p);
	p->done(p->arg);
}

static void
ended(struct room_proof *r)
{
	if (r->fd >= 0) {
		loop_drop(r->proof->loop, r->fd);
		close(r->fd);
		r->fd = -1;
	}
	if (--r->proof->running == 0)
		finish(r->proof);
}

static void
on_output(void *arg, int events)
{
	struct room_proof *r = arg;
	ssize_t n;

	(void)events;
	n = read(r->fd, buf_grow(&r->said, 4096), 4096);
	if (n > 0 && r->said.len + (size_t)n <= PROOF_OUTPUT) {
		r->said.len += (size_t)n;
		return;
	}
	if (n > 0)
		r->trouble = "says more than it should";
	ended(r);
}

/* Where a room that may not write beside the data folder tries on files. */
static struct str
place_of(const struct proof_way *w, enum room r)
{
	const struct spawn_user *who = users_of(w->users, r);

	if (!w->users->apart || who == &w->users->notes)
		return STR("");
	return who == NULL ? w->own : w->users->reading_folder;
}

static enum err
start_room(struct room_proof *r, const struct proof_way *w)
{
	struct arena *a = &r->proof->arena;
	const struct start *s = w->start;
	struct str path =
	    arena_printf(a, "%s/%s", w->libexec, room_file(r->room));
	char flag[] = "--probe";
	char *const argv[] = { launch_env_word(a, str_of(room_file(r->room))),
		flag, launch_env_word(a, s->git), launch_env_word(a, s->text),
		launch_env_word(a, s->data),
		launch_env_word(a, place_of(w, r->room)), NULL };
	int out[2];
	enum err rc;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) != 0)
		return fail(ERR_IO, "pipe: %s", strerror(errno));
	rc = spawn_start(&pid,
	    &(struct spawn){ .path = path.at,
		.argv = argv,
		.env = launch_env(a, ROOM_CHECK, "", false),
		.session = true,
		.user = users_of(w->users, r->room),
		.fds = &(struct spawn_fd){ out[1], 1 },
		.n_fds = 1 });
	close(out[1]);
	if (rc != ERR_NONE) {
		close(out[0]);
		return rc;
	}
	r->fd = out[0];
	loop_watch(r->proof->loop, r->fd, LOOP_READ, on_output, r);
	return ERR_NONE;
}

static void
on_none(void *arg)
{
	struct proof *p = arg;

	p->timer = 0;
	p->running = 1;
	p->rooms[0].fd = -1;
	ended(&p->rooms[0]);
}

struct proof *
proof_open(struct loop *l, const struct proof_way *w, void (*done)(void *),
    void *arg)
{
	struct proof *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for a proof");
	p->loop = l;
	p->way = w;
	p->done = done;
	p->arg = arg;
	for (size_t i = 0; i < ROOMS; i++) {
		struct room_proof *r = &p->rooms[i];

		*r = (struct room_proof){ .proof = p,
			.room = (enum room)i,
			.uid = UINT64_MAX,
			.gid = UINT64_MAX,
			.fd = -1 };
		if (start_room(r, w) == ERR_NONE)
			p->running++;
		else
			r->trouble = "cannot be started to try it";
	}
	err_clear();         /* the proof's text says it */
	if (p->running == 0) /* done() is called from the loop, always */
		p->timer = loop_after(l, 0, on_none, p);
	return p;
}

void
proof_close(struct proof *p)
{
	if (p == NULL)
		return;
	if (p->timer != 0)
		loop_cancel(p->loop, p->timer);
	for (size_t i = 0; i < ROOMS; i++) {
		if (p->rooms[i].fd >= 0) {
			loop_drop(p->loop, p->rooms[i].fd);
			close(p->rooms[i].fd);
		}
		buf_release(&p->rooms[i].said);
	}
	buf_release(&p->text);
	arena_release(&p->arena);
	free(p);
}

bool
proof_held(const struct proof *p)
{
	return p->trouble[0] == '\0' && p->text.len > 0;
}

const char *
proof_trouble(const struct proof *p)
{
	return p->trouble;
}

struct proof_count
proof_count(const struct proof *p)
{
	struct proof_count c = { 0 };

	for (size_t i = 0; i < ROOMS; i++) {
		c.stopped += p->rooms[i].count.stopped;
		c.needed += p->rooms[i].count.needed;
		c.undemonstrated += p->rooms[i].count.undemonstrated;
		c.reached += p->rooms[i].count.reached;
	}
	return c;
}

/* What a room said of a primitive; "" when it said nothing. */
static struct str
answer(const struct room_proof *r, struct str name)
{
	struct str rest = buf_view(&r->said), line, kind, room, what;

	while (str_cut(&rest, '\n', &line))
		if (str_cut(&line, ' ', &kind) && str_cut(&line, ' ', &room) &&
		    str_cut(&line, ' ', &what) && str_eq(kind, STR("probe")) &&
		    str_eq(what, name))
			return line;
	return (struct str){ "", 0 };
}

/*
 * Nobody but their own user can open the record: what fails for another one
 * without walls, too, is stopped by that.
 */
static bool
is_kept_off(const struct proof *p, enum room r, struct str name)
{
	return str_eq(name, STR("read-record")) && are_apart(p) &&
	    r != ROOM_NOTES && r != ROOM_CHECK;
}

bool
proof_row(const struct proof *p, struct str name)
{
	if (str_eq(name, STR("separate_users")))
		return are_apart(p);
	for (size_t i = 0; i < ROOMS; i++) {
		const struct room_proof *r = &p->rooms[i];
		struct str said = answer(r, name);
		bool good = str_starts(said, STR("stopped")) ||
		    str_eq(said, STR("needed")) ||
		    is_kept_off(p, r->room, name);

		for (size_t k = 0; k < PROOF_WORDS; k++)
			if (str_eq(name, str_of(proof_layers[k])))
				good = r->layer[k];
		if (!good)
			return false;
	}
	return true;
}

struct str
proof_text(const struct proof *p)
{
	return buf_view(&p->text);
}
