/*
 * vitrine - reads a repository or a review session, in rooms.
 *
 * The launcher: it finds out what to open, starts the rooms, starts some of
 * them again, and puts the terminal back.  It parses nothing of the
 * repository.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/linger.h"
#include "core/log.h"
#include "core/loop.h"
#include "core/spawn.h"

#include "policy/station.h"

#include "tui/launch.h"
#include "tui/launch_target.h"
#include "tui/options.h"
#include "tui/proof.h"
#include "tui/script.h"
#include "tui/term_state.h"

enum { STATUS_USAGE = 2 };

struct proving {
	struct loop *loop;
};

static void
on_proven(void *arg)
{
	struct loop *l = arg;

	loop_stop(l, ERR_NONE);
}

/* PREFIX/bin/vitrine finds its rooms in PREFIX/libexec/vitrine. */
static enum err
find_rooms(struct str *out, struct arena *a)
{
	struct str self;
	enum err rc = io_real_path(&self, a, "/proc/self/exe");

	if (rc != ERR_NONE)
		return rc;
	for (int i = 0; i < 2; i++)
		while (self.len > 0 && self.at[--self.len] != '/')
			continue;
	*out = arena_printf(a, "%.*s/libexec/vitrine", STR_ARG(self));
	if (!io_is_folder(out->at))
		return fail(ERR_ABSENT,
		    "%s: the rooms are not there, install "
		    "again",
		    out->at);
	return ERR_NONE;
}

/* As many as there are processors, within what the rooms' table has. */
static uint16_t
count_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	if (n < 1)
		return 1;
	return n > ROOM_CORES_MAX ? ROOM_CORES_MAX : (uint16_t)n;
}

static void
show_progress(void *arg, uint64_t done, uint64_t of)
{
	uint64_t *shown = arg, now = of > 0 ? done * 100 / of : 100;

	if (now == *shown)
		return;
	*shown = now;
	fprintf(stderr, "\rverifying the session: %3u %%%s", (unsigned)now,
	    now == 100 ? "\r\033[K" : "");
}

static enum err
run_proof(struct proof **out, const char *libexec,
    const struct launch_target *t)
{
	const struct proof_way way = { libexec, &t->start, &t->users, t->own };
	struct loop *l;
	struct proof *p;
	enum err rc = loop_open(&l);

	if (rc != ERR_NONE)
		return rc;
	p = proof_open(l, &way, on_proven, l);
	rc = loop_run(l);
	if (rc == ERR_NONE)
		*out = p;
	else
		proof_close(p);
	loop_close(l);
	return rc;
}

static enum err
print_proof(const struct options *o, const char *libexec, struct arena *a)
{
	struct launch_target t = { LAUNCH_TARGET_NONE };
	struct proof *p = NULL;
	enum err rc = ERR_NONE;

	if (o->path != NULL)
		rc = launch_target_find(&t, a, o, NULL, NULL);
	else
		launch_target_proof(&t, a, o);
	if (rc == ERR_NONE)
		rc = run_proof(&p, libexec, &t);
	if (rc == ERR_NONE)
		rc = io_put(STDOUT_FILENO, proof_text(p));
	if (rc == ERR_NONE && !proof_held(p))
		rc = fail(ERR_DENIED, "not proven: %s", proof_trouble(p));
	proof_close(p);
	launch_target_release(&t);
	return rc;
}

/* In a session the walls are proven before anything is opened. */
static enum err
prove_first(struct str *text, struct arena *a, const struct launch_target *t,
    const char *libexec)
{
	const struct rules *r = &t->session.rules;
	struct buf station = { 0 };
	struct proof *p = NULL;
	enum err rc;

	if (!t->start.session)
		return ERR_NONE;
	rc = station_require(r->station, r->n_station, &station);
	if (rc == ERR_NONE)
		rc = run_proof(&p, libexec, t);
	if (rc != ERR_NONE) {
		buf_release(&station);
		return rc;
	}
	if (!proof_held(p))
		rc = fail(ERR_DENIED, "%s: vitrine --proof says how",
		    proof_trouble(p));
	for (uint32_t i = 0; i < r->n_walls && rc == ERR_NONE; i++)
		if (!proof_row(p, r->walls[i]))
			rc = fail(ERR_DENIED,
			    "the rules want \"%.*s\", which "
			    "does not hold here: vitrine --proof",
			    STR_ARG(r->walls[i]));
	*text = arena_printf(a, "%.*s%.*s", STR_ARG(proof_text(p)),
	    STR_ARG(buf_view(&station)));
	proof_close(p);
	buf_release(&station);
	return rc;
}

static enum err
run_rooms(const struct launch_target *t, const struct launch_setup *setup,
    bool wipe)
{
	struct launch *launch = NULL;
	struct loop *l;
	enum err rc = loop_open(&l);

	if (rc != ERR_NONE)
		return rc;
	rc = launch_open(&launch, l, t, setup);
	if (rc == ERR_NONE)
		rc = launch_run(launch);
	if (setup->script == NULL)
		term_state_restore(wipe ||
		    (launch != NULL && !launch_desk_ended_well(launch)));
	launch_close(launch);
	loop_close(l);
	return rc;
}

static enum err
open_session(const struct options *o, struct launch_setup *setup,
    struct arena *a)
{
	struct launch_target t = { LAUNCH_TARGET_NONE };
	uint64_t shown = 0;
	enum err rc;

	rc = launch_target_find(&t, a, o,
	    isatty(STDERR_FILENO) ? show_progress : NULL, &shown);
	if (shown != 0 && shown != 100) /* it broke off: nothing beside it */
		fputs("\r\033[K", stderr);
	if (rc == ERR_NONE) {
		t.start.cores = count_cores();
		/* Nobody sits in front of a search for scripts; the rooms have
		 * their walls all the same, and what the rules ask for holds. */
		if (o->what != OPTIONS_SEARCH || t.session.rules.n_walls > 0)
			rc = prove_first(&setup->proof, a, &t, setup->libexec);
	}
	if (rc == ERR_NONE)
		rc = run_rooms(&t, setup, o->wipe);
	launch_target_release(&t);
	return rc;
}

static enum err
run_search(const struct options *o, struct launch_setup *setup, struct arena *a,
    int *status)
{
	struct script script = { .out = STDOUT_FILENO,
		.said = STDERR_FILENO,
		.out_terminal = isatty(STDOUT_FILENO) == 1,
		.said_terminal = isatty(STDERR_FILENO) == 1,
		.count = o->count };
	enum err rc;

	if (script.out_terminal || script.said_terminal)
		(void)setlocale(LC_CTYPE, "");
	setup->script = &script;
	rc = open_session(o, setup, a);
	*status = script_status(&script, rc);
	return rc;
}

/*
 * The session's signature is checked here; then this process becomes
 * vitrine-report, which reads the source again and prints nothing of it.
 * Returns on failure only.
 */
static enum err
run_verify(const struct options *o, const char *libexec, struct arena *a)
{
	struct launch_target t = { LAUNCH_TARGET_NONE };
	/* exec takes what it does not change without const. */
	char *argv[] = { (char *)(uintptr_t) "vitrine-report",
		(char *)(uintptr_t) "verify", (char *)(uintptr_t)o->report,
		(char *)(uintptr_t)o->path, NULL };
	const struct spawn program = {
		.path =
		    arena_printf(a, "%s/../../bin/vitrine-report", libexec).at,
		.argv = argv,
	};
	uint64_t shown = 0;
	enum err rc = launch_target_find(&t, a, o,
	    isatty(STDERR_FILENO) ? show_progress : NULL, &shown);

	launch_target_release(&t);
	return rc != ERR_NONE ? rc : spawn_become(&program);
}

static int
say_trouble(enum err rc, int status)
{
	if (rc != ERR_NONE)
		fprintf(stderr, "vitrine: %s\n",
		    err_text()[0] != '\0' ? err_text() : err_name(rc));
	return status;
}

int
main(int argc, char **argv)
{
	struct launch_setup setup = { .log = -1 };
	struct arena a = { 0 };
	struct options o;
	struct str libexec = { 0 };
	enum err rc = options_read(&o, argc, argv);
	int status;

	if (rc != ERR_NONE)
		return say_trouble(rc, STATUS_USAGE);
	if (o.what == OPTIONS_HELP || o.what == OPTIONS_VERSION) {
		rc = io_put(STDOUT_FILENO,
		    o.what == OPTIONS_HELP ?
			options_help() :
			STR("vitrine " OPTIONS_VERSION_TEXT "\n"));
		return say_trouble(rc, err_status(rc));
	}
	setup.term = o.term != NULL ? o.term : getenv("TERM");
	if (o.what == OPTIONS_OPEN) {
		rc = term_state_keep(setup.term);
		if (rc != ERR_NONE)
			return say_trouble(rc, STATUS_USAGE);
	}
	rc = find_rooms(&libexec, &a);
	if (rc == ERR_NONE && o.log != NULL)
		rc = io_open_log(&setup.log, o.log);
	setup.libexec = libexec.at;
	status = err_status(rc);
	if (rc == ERR_NONE && o.what == OPTIONS_SEARCH) {
		rc = run_search(&o, &setup, &a, &status);
	} else if (rc == ERR_NONE) {
		rc = o.what == OPTIONS_PROOF ? print_proof(&o, libexec.at, &a) :
		    o.what == OPTIONS_VERIFY ? run_verify(&o, libexec.at, &a) :
					       open_session(&o, &setup, &a);
		status = err_status(rc);
	}
	arena_release(&a);
	say_trouble(rc, status);
	/* The login of a kiosk ends with this program. */
	if (rc != ERR_NONE && o.wipe)
		linger_for_enter();
	return status;
}
