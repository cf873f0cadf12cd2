/*
 * play.c - a person at a terminal, by script.
 *
 * play SCRIPT [NAME=VALUE]...
 *
 * Starts programs in a pseudo-terminal that libvterm reads, types, and looks
 * at the screen.  One command per line; {NAME} is replaced by VALUE; an
 * empty line and a # comment are skipped:
 *
 *	claim TEXT       begins a test; it ends at the next claim
 *	size ROWSxCOLS   of the next start (25x80)
 *	term NAME        TERM of the next start (xterm-256color)
 *	env NAME=TEXT    of the next start; "env NAME" takes it away
 *	start COMMAND    split at blanks, no shell; 'a b' is one word
 *	expect TEXT      waits until it is on the screen
 *	expect@ROW TEXT  in that row; from 1, from the bottom with -1
 *	either A | B     waits until one of them is
 *	absent TEXT      it is not on the screen
 *	gone TEXT        waits until it is not
 *	keys KEY...      <Enter> <Esc> <Tab> <Space> <Up> <Down> <PgDn> <PgUp>
 *	                 <Backspace> <C-x> and what is typed as it stands
 *	type TEXT        the whole rest of the line
 *	offer TEXT       types it and Enter, unless the program has ended
 *	paste N          N bytes, as a terminal pastes
 *	resize ROWSxCOLS
 *	signal NAME      TERM HUP INT WINCH KILL USR1 STOP CONT
 *	exit STATUS      waits for the end; "exit signal" for one by a signal
 *	close A B        ends it: exit A; fine, too, when it ended before with B
 *	hangup           closes the terminal; the program has to end
 *	sent TEXT        it was in the bytes the program wrote; \e is escape
 *	unsent TEXT
 *	restored         the terminal is as it was before the start
 *	run COMMAND      with sh; fails unless its status is 0
 *	save FILE        the screen as text
 *	lap NAME         prints "# lap NAME MS": from the last start or key until
 *	                 what was last expected stood on the screen
 *	forever SECONDS  what follows, to "again", over and over for so long
 *
 * Output is TAP; the screen is printed with every failure.  The last test
 * is of all bytes that any program wrote: tests/tui/forbidden.h.
 */
#include "tests/journeys/player.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "core/text.h"

static int
words(char *line, char **out)
{
	int n = 0;

	for (char *s = line; n < WORDS_MAX - 1;) {
		char end = ' ';

		while (*s == ' ')
			s++;
		if (*s == '\0')
			break;
		if (*s == '\'') {
			end = '\'';
			s++;
		}
		out[n++] = s;
		while (*s != '\0' && *s != end)
			s++;
		if (*s != '\0')
			*s++ = '\0';
	}
	out[n] = NULL;
	return n;
}

static void
do_start(struct player *p, char *arg)
{
	struct winsize size = {
		.ws_row = (unsigned short)p->rows,
		.ws_col = (unsigned short)p->columns,
	};
	char *argv[WORDS_MAX];
	int slave;

	player_stop(p);
	p->lost = false;
	if (words(arg, argv) == 0 ||
	    openpty(&p->fd, &slave, NULL, NULL, &size) != 0) {
		player_wrong(p, "cannot start", arg);
		return;
	}
	p->vt = vterm_new(p->rows, p->columns);
	vterm_set_utf8(p->vt, 1);
	vterm_output_set_callback(p->vt, player_answer, p);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_set_callbacks(p->screen, &player_callbacks, p);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
	p->alternate = p->cursor_hidden = p->ended = false;
	tcgetattr(slave, &p->before);
	fflush(stdout);
	p->since_us = player_now_us();
	p->pid = fork();
	if (p->pid == 0) {
		close(p->fd);
		login_tty(slave);
		setenv("TERM", p->term, 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(slave);
}

static void
wait_for(struct player *p, const char *arg, int row, bool there,
    const char *what)
{
	int64_t end = player_now_ms() + PATIENCE_MS;

	if (p->vt == NULL) {
		player_wrong(p, what, arg);
		return;
	}
	while (player_on_screen(p, arg, row) != there) {
		if (player_now_ms() > end ||
		    (!player_take(p, 50) && p->ended)) {
			player_wrong(p, what, arg);
			return;
		}
		player_reap(p, WNOHANG);
	}
	p->reached_us = player_now_us();
}

static void
do_expect(struct player *p, char *arg)
{
	wait_for(p, arg, 0, true, "not on the screen:");
}

/* "either A | B": one of them is on the screen. */
static void
do_either(struct player *p, char *arg)
{
	int64_t end = player_now_ms() + PATIENCE_MS;
	char *second = strstr(arg, " | ");

	if (second == NULL || p->vt == NULL) {
		player_wrong(p, "not A | B:", arg);
		return;
	}
	*second = '\0';
	second += 3;
	while (
	    !player_on_screen(p, arg, 0) && !player_on_screen(p, second, 0)) {
		if (player_now_ms() > end ||
		    (!player_take(p, 50) && p->ended)) {
			player_wrong(p, "neither is on the screen:", arg);
			return;
		}
		player_reap(p, WNOHANG);
	}
}

static void
do_expect_at(struct player *p, char *arg)
{
	int row = (int)strtol(arg, &arg, 10);

	wait_for(p, arg + (*arg == ' '), row, true, "not in that row:");
}

static void
do_gone(struct player *p, char *arg)
{
	wait_for(p, arg, 0, false, "still on the screen:");
}

static void
do_absent(struct player *p, char *arg)
{
	while (player_take(p, 100))
		continue;
	if (p->vt == NULL || player_on_screen(p, arg, 0))
		player_wrong(p, "on the screen:", arg);
}

static void
put_keys(struct player *p, const char *bytes, size_t len)
{
	p->since_us = player_now_us();
	if (p->fd < 0 || write(p->fd, bytes, len) != (ssize_t)len)
		player_wrong(p, "could not type", bytes);
	/* A person is slower than this. */
	player_take(p, 10);
}

static void
put_key(struct player *p, const char *name, size_t len)
{
	static const char *const keys[][2] = {
		{ "Enter", "\r" },
		{ "Esc", "\033" },
		{ "Tab", "\t" },
		{ "Space", " " },
		{ "Backspace", "\177" },
		{ "Up", "\033[A" },
		{ "Down", "\033[B" },
		{ "Right", "\033[C" },
		{ "Left", "\033[D" },
		{ "PgUp", "\033[5~" },
		{ "PgDn", "\033[6~" },
		{ "Home", "\033[H" },
		{ "End", "\033[F" },
	};

	if (len == 3 && name[0] == 'C' && name[1] == '-') {
		char control = (char)(name[2] & 0x1f);

		put_keys(p, &control, 1);
		return;
	}
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strlen(keys[i][0]) == len &&
		    strncmp(keys[i][0], name, len) == 0) {
			put_keys(p, keys[i][1], strlen(keys[i][1]));
			return;
		}
	player_wrong(p, "no such key:", name);
}

static void
do_keys(struct player *p, char *arg)
{
	for (char *s = arg; *s != '\0'; s++) {
		char *end = *s == '<' ? strchr(s, '>') : NULL;

		if (*s == ' ')
			continue;
		if (end != NULL && end > s + 1) {
			put_key(p, s + 1, (size_t)(end - s - 1));
			s = end;
		} else {
			put_keys(p, s, 1);
		}
	}
}

static void
do_type(struct player *p, char *arg)
{
	for (char *s = arg; *s != '\0'; s++)
		put_keys(p, s, 1);
}

/* As much as the terminal takes; what the program writes is taken meanwhile.
 * false: it took nothing for as long as anything may take. */
static bool
push(struct player *p, const char *bytes, size_t len)
{
	int64_t end = player_now_ms() + PATIENCE_MS;
	int flags = fcntl(p->fd, F_GETFL);

	if (p->fd < 0 || fcntl(p->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return false;
	while (len > 0 && player_now_ms() < end) {
		ssize_t n = write(p->fd, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
			end = player_now_ms() + PATIENCE_MS;
		}
		player_take(p, n > 0 ? 0 : 5);
	}
	return fcntl(p->fd, F_SETFL, flags) >= 0 && len == 0;
}

/* "paste N": that many bytes of words and lines, between the marks that a
 * terminal puts around what is pasted. */
static void
do_paste(struct player *p, char *arg)
{
	static const char words[] = "if (a < b) goto out;\n";
	size_t len = strtoul(arg, NULL, 10);
	char *bytes = malloc(len + 1);

	if (bytes == NULL)
		abort();
	for (size_t i = 0; i < len; i++)
		bytes[i] = words[i % (sizeof words - 1)];
	if (!push(p, "\033[200~", 6) || !push(p, bytes, len) ||
	    !push(p, "\033[201~", 6))
		player_wrong(p, "could not paste", arg);
	free(bytes);
}

/* Typed, with Enter, when there is still somebody to type for. */
static void
do_offer(struct player *p, char *arg)
{
	player_reap(p, WNOHANG);
	if (p->ended)
		return;
	do_type(p, arg);
	put_keys(p, "\r", 1);
}

static bool
read_size(struct player *p, char *arg)
{
	int rows, columns;

	if (sscanf(arg, "%dx%d", &rows, &columns) != 2 || rows < 1 ||
	    rows > ROWS_MAX || columns < 1 || columns > 500) {
		player_wrong(p, "not a size:", arg);
		return false;
	}
	p->rows = rows;
	p->columns = columns;
	return true;
}

static void
do_size(struct player *p, char *arg)
{
	player_stop(p);
	(void)read_size(p, arg);
}

static void
do_resize(struct player *p, char *arg)
{
	struct winsize size = { 0 };

	while (player_take(p, 20))
		continue;
	if (p->vt == NULL || !read_size(p, arg))
		return;
	size.ws_row = (unsigned short)p->rows;
	size.ws_col = (unsigned short)p->columns;
	vterm_set_size(p->vt, p->rows, p->columns);
	if (ioctl(p->fd, TIOCSWINSZ, &size) != 0)
		player_wrong(p, "cannot resize to", arg);
}

static void
do_term(struct player *p, char *arg)
{
	snprintf(p->term, sizeof p->term, "%s", arg);
}

static void
do_env(struct player *p, char *arg)
{
	char *is = strchr(arg, '=');

	(void)p;
	if (is == NULL) {
		unsetenv(arg);
		return;
	}
	*is = '\0';
	setenv(arg, is + 1, 1);
}

static void
do_signal(struct player *p, char *arg)
{
	static const struct {
		const char *name;
		int number;
	} all[] = {
		{ "TERM", SIGTERM },
		{ "HUP", SIGHUP },
		{ "INT", SIGINT },
		{ "WINCH", SIGWINCH },
		{ "KILL", SIGKILL },
		{ "USR1", SIGUSR1 },
		{ "STOP", SIGSTOP },
		{ "CONT", SIGCONT },
	};

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		if (strcmp(all[i].name, arg) == 0 && p->pid > 0 && !p->ended) {
			kill(p->pid, all[i].number);
			return;
		}
	player_wrong(p, "cannot signal", arg);
}

static void
do_exit(struct player *p, char *arg)
{
	int64_t end = player_now_ms() + PATIENCE_MS;
	char came[64];
	bool good;

	while (!p->ended && p->pid > 0 && player_now_ms() < end) {
		player_take(p, 20);
		player_reap(p, WNOHANG);
	}
	while (p->pid > 0 && player_take(p, 20))
		continue;
	if (!p->ended) {
		player_wrong(p, "did not end, wanted exit", arg);
		return;
	}
	if (strcmp(arg, "signal") == 0)
		good = WIFSIGNALED(p->status);
	else
		good =
		    WIFEXITED(p->status) && WEXITSTATUS(p->status) == atoi(arg);
	if (!good) {
		snprintf(came, sizeof came, "%s%d, wanted",
		    WIFSIGNALED(p->status) ? "signal " : "",
		    WIFSIGNALED(p->status) ? WTERMSIG(p->status) :
					     WEXITSTATUS(p->status));
		player_wrong(p, "ended with", came);
	}
}

/* "close A B": told to end it ends with A; before that it may have with B. */
static void
do_close(struct player *p, char *arg)
{
	char *second = strchr(arg, ' ');
	int64_t end = player_now_ms() + PATIENCE_MS;

	player_reap(p, WNOHANG);
	if (!p->ended && p->pid > 0)
		kill(p->pid, SIGTERM);
	while (!p->ended && p->pid > 0 && player_now_ms() < end) {
		player_take(p, 20);
		player_reap(p, WNOHANG);
	}
	if (p->ended && second != NULL && WIFEXITED(p->status) &&
	    WEXITSTATUS(p->status) == atoi(second))
		return;
	do_exit(p, arg);
}

/* The terminal goes away, as when a line is cut; the program has to end. */
static void
do_hangup(struct player *p, char *arg)
{
	int64_t end = player_now_ms() + PATIENCE_MS;

	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	while (!p->ended && p->pid > 0 && player_now_ms() < end) {
		poll(NULL, 0, 20);
		player_reap(p, WNOHANG);
	}
	if (!p->ended)
		player_wrong(p, "still runs after the hang-up", arg);
}

static bool
was_sent(struct player *p, const char *arg)
{
	char bytes[LINE_ROOM];
	size_t n = 0;

	for (const char *s = arg; *s != '\0' && n < sizeof bytes; s++)
		if (s[0] == '\\' && s[1] == 'e') {
			bytes[n++] = '\033';
			s++;
		} else {
			bytes[n++] = *s;
		}
	return p->sent != NULL && memmem(p->sent, p->n_sent, bytes, n) != NULL;
}

static void
do_sent(struct player *p, char *arg)
{
	int64_t end = player_now_ms() + PATIENCE_MS;

	while (!was_sent(p, arg) && player_now_ms() < end &&
	    (player_take(p, 50) || !p->ended))
		player_reap(p, WNOHANG);
	if (!was_sent(p, arg))
		player_wrong(p, "was not written:", arg);
}

static void
do_unsent(struct player *p, char *arg)
{
	while (player_take(p, 100))
		continue;
	if (was_sent(p, arg))
		player_wrong(p, "was written:", arg);
}

static void
do_restored(struct player *p, char *arg)
{
	struct termios after;

	(void)arg;
	if (p->alternate)
		player_wrong(p, "restored:", "still on the alternate screen");
	if (p->cursor_hidden)
		player_wrong(p, "restored:", "the cursor is hidden");
	if (tcgetattr(p->fd, &after) != 0 ||
	    after.c_lflag != p->before.c_lflag ||
	    after.c_iflag != p->before.c_iflag ||
	    after.c_oflag != p->before.c_oflag)
		player_wrong(p, "restored:", "the terminal's settings differ");
}

static void
do_run(struct player *p, char *arg)
{
	int status;

	fflush(stdout);
	status = system(arg);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		player_wrong(p, "failed:", arg);
}

static void
do_save(struct player *p, char *arg)
{
	FILE *f = p->vt != NULL ? fopen(arg, "w") : NULL;

	while (player_take(p, 100))
		continue;
	if (f == NULL) {
		player_wrong(p, "cannot save", arg);
		return;
	}
	player_print_screen(p, f, "");
	fclose(f);
}

static void
do_lap(struct player *p, char *arg)
{
	printf("# lap %s %.2f\n", arg,
	    (double)(p->reached_us - p->since_us) / 1000);
}

/* "forever SECONDS" ... "again": over and over, until that time is over. */
static void
do_forever(struct player *p, char *arg)
{
	p->until_ms = player_now_ms() + strtol(arg, NULL, 10) * 1000;
	p->from = ftell(p->script);
	p->from_line = p->line;
}

static void
do_again(struct player *p, char *arg)
{
	(void)arg;
	if (player_now_ms() >= p->until_ms)
		return;
	if (fseek(p->script, p->from, SEEK_SET) != 0)
		player_wrong(p, "cannot go back", "");
	p->line = p->from_line;
}

static void
do_claim(struct player *p, char *arg)
{
	player_claim_end(p);
	snprintf(p->claim, sizeof p->claim, "%s", arg);
	p->in_claim = true;
	p->failing = false;
}

static const struct {
	const char *word;
	void (*run)(struct player *p, char *arg);
} commands[] = {
	{ "claim", do_claim },
	{ "size", do_size },
	{ "term", do_term },
	{ "env", do_env },
	{ "start", do_start },
	{ "expect", do_expect },
	{ "expect@", do_expect_at },
	{ "absent", do_absent },
	{ "either", do_either },
	{ "close", do_close },
	{ "gone", do_gone },
	{ "hangup", do_hangup },
	{ "keys", do_keys },
	{ "type", do_type },
	{ "offer", do_offer },
	{ "paste", do_paste },
	{ "resize", do_resize },
	{ "signal", do_signal },
	{ "exit", do_exit },
	{ "sent", do_sent },
	{ "unsent", do_unsent },
	{ "restored", do_restored },
	{ "run", do_run },
	{ "save", do_save },
	{ "lap", do_lap },
	{ "forever", do_forever },
	{ "again", do_again },
};

/* {NAME} by its value; false when the result is too long. */
static bool
fill_in(struct player *p, const char *from, char *to)
{
	size_t n = 0;

	while (*from != '\0' && n + 1 < LINE_ROOM) {
		const char *end = *from == '{' ? strchr(from, '}') : NULL;
		size_t len = end != NULL ? (size_t)(end - from - 1) : 0;
		bool found = false;

		for (int i = 0; i < p->argc && len > 0 && !found; i++)
			if (strncmp(p->argv[i], from + 1, len) == 0 &&
			    p->argv[i][len] == '=') {
				n += (size_t)snprintf(to + n, LINE_ROOM - n,
				    "%s", p->argv[i] + len + 1);
				found = true;
			}
		if (found)
			from = end + 1;
		else
			to[n++] = *from++;
	}
	if (n >= LINE_ROOM)
		return false;
	to[n] = '\0';
	return *from == '\0';
}

/* After a failure nothing means anything until the next start. */
static bool
goes_on(struct player *p, void (*run)(struct player *p, char *arg))
{
	if (run == do_claim || run == do_size || run == do_term ||
	    run == do_env)
		return true;
	if (p->lost && run != do_start) {
		if (!p->failing)
			printf("# line %d: what came before failed\n", p->line);
		p->failing = true;
	}
	return !p->failing;
}

static void
play_line(struct player *p, const char *raw)
{
	char line[LINE_ROOM], *arg;
	size_t len;

	if (!fill_in(p, raw, line)) {
		player_wrong(p, "line too long:", raw);
		return;
	}
	len = strncmp(line, "expect@", 7) == 0 ? 7 : strcspn(line, " ");
	arg = line + len + (line[len] == ' ');
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strlen(commands[i].word) == len &&
		    strncmp(commands[i].word, line, len) == 0) {
			if (goes_on(p, commands[i].run))
				commands[i].run(p, arg);
			return;
		}
	player_wrong(p, "no such command:", line);
}

int
main(int argc, char **argv)
{
	struct player p = { .rows = 25, .columns = 80, .fd = -1 };
	char line[LINE_ROOM];
	FILE *script = argc > 1 ? fopen(argv[1], "r") : NULL;

	if (script == NULL) {
		fprintf(stderr, "usage: play SCRIPT [NAME=VALUE]...\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (text_start() != ERR_NONE)
		return 2;
	p.script = script;
	p.argc = argc - 2;
	p.argv = argv + 2;
	snprintf(p.term, sizeof p.term, "xterm-256color");
	while (fgets(line, sizeof line, script) != NULL) {
		p.line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			play_line(&p, line);
	}
	player_claim_end(&p);
	player_stop(&p);
	fclose(script);
	printf("%sok %d - none of the %zu bytes written is one that a terminal "
	       "would obey\n",
	    p.obeyed ? "not " : "", ++p.claims, p.n_judged);
	p.failed = p.failed || p.obeyed;
	printf("1..%d\n", p.claims);
	return p.failed || p.claims < 2;
}
