#include "policy/kiosk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/linger.h"
#include "core/spawn.h"

#include "policy/owned.h"
#include "policy/sandbox.h"
#include "policy/users.h"

enum {
	KIOSK_TRIES = 5,    /* wrong answers before the login ends */
	KIOSK_ENV_MAX = 64, /* bytes of a value that is kept */
};

/* Nothing is looked at before this: a shell that takes an argument can be
 * made to run a command, a shell without a terminal is used by a program. */
static enum err
check_call(int argc)
{
	struct stat at[3];

	if (argc != 1)
		return fail(ERR_DENIED,
		    "takes no arguments and runs no "
		    "commands");
	for (int fd = 0; fd < 3; fd++)
		if (fstat(fd, &at[fd]) != 0 || !isatty(fd) ||
		    at[fd].st_rdev != at[0].st_rdev)
			return fail(ERR_DENIED,
			    "needs a terminal, the same "
			    "for input, output and errors");
	if (tcgetpgrp(STDIN_FILENO) != getpgrp())
		return fail(ERR_DENIED,
		    "needs to be what was logged in to "
		    "on this terminal");
	/* A station has nothing that could set it; where somebody starts it
	 * nevertheless, who comes from elsewhere gets no session. */
	if (getenv("SSH_CONNECTION") != NULL)
		return fail(ERR_DENIED,
		    "a session begins at the station itself, not over a "
		    "network");
	return ERR_NONE;
}

static enum err
clean_up(const struct users *users)
{
	/* Whoever types ^C, ^\ or ^Z at the question below gets nothing. */
	static const int quiet[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU,
		SIGPIPE };
	sigset_t none;

	if (close_range(3, ~0U, 0) != 0)
		return fail(ERR_IO, "descriptors: %s", strerror(errno));
	for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
		signal(quiet[i], SIG_IGN);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0 || chdir("/") != 0)
		return fail(ERR_IO, "clean-up: %s", strerror(errno));
	umask(077);
	/* The time zone of a login is the machine's. */
	unsetenv("TZ");
	return sandbox_kiosk(users);
}

static enum err
read_list(struct kiosk_list *out, struct arena *a,
    const struct kiosk_place *place)
{
	struct buf text = { 0 };
	enum err rc = owned_read(&text, place->list, place->owner, LIMIT_CONF);

	if (rc == ERR_NONE)
		rc = kiosk_list_read(out, a, buf_view(&text));
	buf_release(&text);
	return rc;
}

/* Where a mount was refused, or its medium is gone, only the folder that it
 * would lie on is there.  What is in it is judged by vitrine alone. */
static bool
is_there(const struct kiosk_session *s)
{
	struct arena a = { 0 };
	bool is =
	    io_is_file(arena_printf(&a, "%.*s/manifest", STR_ARG(s->path)).at);

	arena_release(&a);
	return is;
}

/* Those that can be opened first, in their order; how many there are. */
static enum err
sort_out(struct kiosk_list *l, uint32_t *n_there)
{
	struct kiosk_session missing[KIOSK_SESSIONS];
	uint32_t n = 0, k = 0;

	for (uint32_t i = 0; i < l->n_sessions; i++)
		if (is_there(&l->sessions[i]))
			l->sessions[n++] = l->sessions[i];
		else
			missing[k++] = l->sessions[i];
	memcpy(&l->sessions[n], missing, k * sizeof *missing);
	*n_there = n;
	if (n > 0)
		return ERR_NONE;
	return fail(ERR_DENIED,
	    "session %.*s was not mounted: ask the laboratory, \"vitrine-lab "
	    "station check\" says why",
	    STR_ARG(missing[0].name));
}

/* A line of the terminal; false at its end. */
static bool
read_line(char line[64])
{
	size_t n = 0;
	char c;

	while (read(STDIN_FILENO, &c, 1) == 1) {
		if (c == '\n' || c == '\r') {
			line[n] = '\0';
			return true;
		}
		if (n + 1 < 64)
			line[n++] = c;
	}
	return false;
}

static void
show(const struct kiosk_list *l, uint32_t n_there)
{
	dprintf(STDOUT_FILENO, "\033[H\033[2JReview sessions\n\n");
	for (uint32_t k = 0; k < n_there; k++)
		dprintf(STDOUT_FILENO, "%4u  %.*s\n", k + 1,
		    STR_ARG(l->sessions[k].name));
	for (uint32_t k = n_there; k < l->n_sessions; k++)
		dprintf(STDOUT_FILENO,
		    "   -  %.*s: was not mounted, ask the laboratory\n",
		    STR_ARG(l->sessions[k].name));
	dprintf(STDOUT_FILENO,
	    "\nNumber of the session, or Enter to "
	    "leave: ");
}

static enum err
choose(const struct kiosk_session **out, struct kiosk_list *l)
{
	uint32_t n_there = 0;
	char line[64];
	enum err rc = sort_out(l, &n_there);

	if (rc != ERR_NONE)
		return rc;
	if (l->n_sessions == 1) {
		*out = &l->sessions[0];
		return ERR_NONE;
	}
	for (int i = 0; i < KIOSK_TRIES; i++) {
		uint64_t n = 0;

		show(l, n_there);
		if (!read_line(line) || line[0] == '\0')
			return fail(ERR_STOPPED, "no session was chosen");
		if (str_number(str_of(line), n_there, &n) == ERR_NONE &&
		    n > 0) {
			*out = &l->sessions[n - 1];
			return ERR_NONE;
		}
		err_clear();
	}
	return fail(ERR_STOPPED, "no session was chosen");
}

/* NAME=value when the value has nothing in it but name characters. */
static char *
keep(struct arena *a, const char *name, const char *otherwise)
{
	const char *value = getenv(name);
	struct str s;
	char *kept;

	if (value == NULL || *value == '\0' || strlen(value) > KIOSK_ENV_MAX ||
	    value[strspn(value,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR"
		"STUVWXYZ0123456789+-._@")] != '\0' ||
	    value[0] == '.')
		value = otherwise;
	s = arena_printf(a, "%s=%s", name, value);
	kept = arena_array(a, s.len + 1, char);
	memcpy(kept, s.at, s.len);
	return kept;
}

static char *
copy(struct arena *a, struct str s)
{
	char *kept = arena_array(a, s.len + 1, char);

	memcpy(kept, s.at, s.len);
	return kept;
}

static enum err
become(struct arena *a, const struct kiosk_list *l,
    const struct kiosk_session *chosen)
{
	/* A folder for each auditor: by number, because no name service is
	 * asked here. */
	struct str data = arena_printf(a, "%.*s/%lu", STR_ARG(l->data),
	    (unsigned long)getuid());
	char path[] = "PATH=/usr/bin:/bin", wipe[] = "--wipe",
	     session[] = "--session", with[] = "--data", dashes[] = "--";
	char *const env[] = { keep(a, "TERM", "linux"),
		keep(a, "LANG", "C.UTF-8"), path, NULL };
	char *const argv[] = { copy(a, l->vitrine), session, wipe, with,
		copy(a, data), dashes, copy(a, chosen->path), NULL };

	return spawn_become(
	    &(struct spawn){ .path = argv[0], .argv = argv, .env = env });
}

/* By the clock of the machine, in its own zone: hours are vitrine's. */
static uint32_t
today(void)
{
	time_t now = time(NULL);
	struct tm t = { 0 };

	if (localtime_r(&now, &t) == NULL)
		return 0;
	return (uint32_t)(t.tm_year + 1900) * 10000 +
	    (uint32_t)(t.tm_mon + 1) * 100 + (uint32_t)t.tm_mday;
}

int
kiosk_main(const struct kiosk_place *place, int argc, char **argv)
{
	const struct kiosk_session *chosen;
	struct kiosk_list list;
	struct users users = { 0 };
	struct arena a = { 0 };
	enum err rc = check_call(argc);
	const bool called = rc == ERR_NONE;

	(void)argv;
	if (rc == ERR_NONE)
		rc = users_find(&users, &a, place->rooms, place->owner,
		    sandbox_able());
	if (rc == ERR_NONE)
		rc = clean_up(&users);
	if (rc == ERR_NONE)
		rc = read_list(&list, &a, place);
	if (rc == ERR_NONE)
		rc = kiosk_list_open(&list, getuid(), today());
	if (rc == ERR_NONE)
		rc = choose(&chosen, &list);
	if (rc == ERR_NONE)
		rc = become(&a, &list, chosen);
	arena_release(&a);
	if (fcntl(STDERR_FILENO, F_GETFD) >= 0)
		dprintf(STDERR_FILENO, "vitrine-kiosk: %s\n", err_text());
	/* Who is refused reads why, who left knows. */
	if (called && rc != ERR_STOPPED)
		linger_for_enter();
	return err_status(rc);
}
