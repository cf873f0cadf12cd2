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
 *	absent TEXT      it is not on the screen
 *	gone TEXT        waits until it is not
 *	keys KEY...      <Enter> <Esc> <Tab> <Space> <Up> <Down> <PgDn> <PgUp>
 *	                 <Backspace> <C-x> and what is typed as it stands
 *	type TEXT        the whole rest of the line
 *	resize ROWSxCOLS
 *	signal NAME      TERM HUP INT WINCH KILL USR1 STOP CONT
 *	exit STATUS      waits for the end; "exit signal" for one by a signal
 *	sent TEXT        it was in the bytes the program wrote; \e is escape
 *	unsent TEXT
 *	restored         the terminal is as it was before the start
 *	run COMMAND      with sh; fails unless its status is 0
 *	save FILE        the screen as text
 *	lap NAME         prints "# lap NAME MS": from the last start or key until
 *	                 what was last expected stood on the screen
 *
 * Output is TAP; the screen is printed with every failure.  The last test
 * is of all bytes that any program wrote: tests/tui/forbidden.h.
 */
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
#include "tests/tui/forbidden.h"

enum {
	PATIENCE_MS = 60000, /* what does not come by then never comes */
	ROWS_MAX = 500,
	LINE_ROOM = 4096,
	WORDS_MAX = 64,
};

struct player {
	int argc;
	char **argv; /* NAME=VALUE */
	VTerm *vt;
	VTermScreen *screen;
	int rows, columns;
	char term[64];
	int fd;
	pid_t pid;
	bool ended;
	int status;
	bool alternate, cursor_hidden;
	struct termios before;
	char *sent; /* every byte since the start */
	size_t n_sent;
	size_t n_judged; /* of those before, too */
	bool obeyed;     /* a terminal would have obeyed one of them */
	int64_t since_us, reached_us;
	int claims, line;
	bool failing, failed, in_claim;
	bool lost; /* something failed since the last start */
	char claim[LINE_ROOM];
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
now_ms(void)
{
	return now_us() / 1000;
}

static char *
put_utf8(char *p, uint32_t c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const uint8_t lead[4] = { 0, 0xc0, 0xe0, 0xf0 };

	*p++ = (char)(lead[more] | c >> (6 * more));
	while (more-- > 0)
		*p++ = (char)(0x80 | (c >> (6 * more) & 0x3f));
	return p;
}

/* One row as UTF-8 without trailing blanks; text holds LINE_ROOM bytes. */
static void
row_text(struct player *p, int row, char *text)
{
	char *to = text;

	for (int col = 0; col < p->columns && to < text + LINE_ROOM - 64;) {
		VTermPos at = { .row = row, .col = col };
		VTermScreenCell cell;

		vterm_screen_get_cell(p->screen, at, &cell);
		if (cell.chars[0] == 0 || cell.chars[0] == UINT32_MAX)
			*to++ = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL &&
		     cell.chars[i] != 0 && cell.chars[i] != UINT32_MAX;
		     i++)
			to = put_utf8(to, cell.chars[i]);
		col += cell.width > 0 ? cell.width : 1;
	}
	while (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

static void
print_screen(struct player *p, FILE *to, const char *prefix)
{
	char text[LINE_ROOM];

	for (int r = 0; r < p->rows; r++) {
		row_text(p, r, text);
		if (text[0] != '\0' || prefix[0] == '\0')
			fprintf(to, "%s%s\n", prefix, text);
	}
}

/* row 0: any; below: from the bottom */
static bool
on_screen(struct player *p, const char *want, int row)
{
	char text[LINE_ROOM];

	if (row < 0)
		row = p->rows + row + 1;
	for (int r = 0; r < p->rows; r++) {
		if (row != 0 && r != row - 1)
			continue;
		row_text(p, r, text);
		if (strstr(text, want) != NULL)
			return true;
	}
	return false;
}

static void
wrong(struct player *p, const char *what, const char *arg)
{
	if (!p->failing) {
		printf("# line %d: %s %s\n", p->line, what, arg);
		if (p->vt != NULL)
			print_screen(p, stdout, "# |");
		fflush(stdout);
	}
	p->failing = p->lost = true;
}

static void
claim_end(struct player *p)
{
	if (!p->in_claim)
		return;
	printf("%sok %d - %s\n", p->failing ? "not " : "", ++p->claims,
	    p->claim);
	fflush(stdout);
	p->failed = p->failed || p->failing;
	p->in_claim = false;
}

/* What libvterm answers to the program's questions. */
static void
answer(const char *bytes, size_t len, void *arg)
{
	struct player *p = arg;

	if (p->fd >= 0 && write(p->fd, bytes, len) < 0)
		return;
}

static int
property(VTermProp prop, VTermValue *val, void *arg)
{
	struct player *p = arg;

	if (prop == VTERM_PROP_ALTSCREEN)
		p->alternate = val->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		p->cursor_hidden = !val->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = property };

static void
reap(struct player *p, int flags)
{
	if (!p->ended && p->pid > 0 &&
	    waitpid(p->pid, &p->status, flags) == p->pid)
		p->ended = true;
}

/* Takes what the program wrote within ms; false when nothing came. */
static bool
take(struct player *p, int ms)
{
	struct pollfd one = { .fd = p->fd, .events = POLLIN };
	char bytes[16384];
	ssize_t n;

	if (p->fd < 0 || poll(&one, 1, ms) <= 0)
		return false;
	n = read(p->fd, bytes, sizeof bytes);
	if (n <= 0) {
		/* Nobody writes any more: no reason to spin. */
		poll(NULL, 0, ms > 5 ? 5 : ms);
		return false;
	}
	vterm_input_write(p->vt, bytes, (size_t)n);
	vterm_screen_flush_damage(p->screen);
	p->sent = realloc(p->sent, p->n_sent + (size_t)n + 1);
	if (p->sent == NULL)
		abort();
	memcpy(p->sent + p->n_sent, bytes, (size_t)n);
	p->n_sent += (size_t)n;
	return true;
}

/* The last sequence may be cut off: it was on its way when a program died. */
static size_t
without_torn_end(const char *bytes, size_t n)
{
	for (size_t back = 1; back <= 32 && back <= n; back++)
		if (bytes[n - back] == '\033')
			return n - back;
	for (size_t back = 1; back <= 4 && back <= n; back++)
		if ((uint8_t)bytes[n - back] >= 0xc0)
			return n - back;
	return n;
}

/* Everything that was written since the last start is looked at. */
static void
judge_sent(struct player *p)
{
	struct buf what = { 0 };
	size_t n = p->n_sent;

	if (p->pid > 0 && WIFSIGNALED(p->status))
		n = without_torn_end(p->sent, n);
	forbidden_find((struct str){ p->sent, n }, &what);
	p->n_judged += n;
	if (what.len > 0) {
		printf("# before line %d: %.*s\n", p->line, (int)what.len,
		    what.at);
		p->obeyed = true;
	}
	buf_release(&what);
}

static void
stop(struct player *p)
{
	if (p->pid > 0 && !p->ended) {
		kill(p->pid, SIGTERM);
		for (int i = 0; i < 100 && !p->ended; i++) {
			take(p, 20);
			reap(p, WNOHANG);
		}
		if (!p->ended)
			kill(p->pid, SIGKILL);
		reap(p, 0);
	}
	if (p->fd >= 0)
		close(p->fd);
	if (p->vt != NULL)
		vterm_free(p->vt);
	judge_sent(p);
	free(p->sent);
	p->fd = -1;
	p->vt = NULL;
	p->sent = NULL;
	p->n_sent = 0;
	p->pid = 0;
}

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

	stop(p);
	p->lost = false;
	if (words(arg, argv) == 0 ||
	    openpty(&p->fd, &slave, NULL, NULL, &size) != 0) {
		wrong(p, "cannot start", arg);
		return;
	}
	p->vt = vterm_new(p->rows, p->columns);
	vterm_set_utf8(p->vt, 1);
	vterm_output_set_callback(p->vt, answer, p);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
	p->alternate = p->cursor_hidden = p->ended = false;
	tcgetattr(slave, &p->before);
	fflush(stdout);
	p->since_us = now_us();
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
	int64_t end = now_ms() + PATIENCE_MS;

	if (p->vt == NULL) {
		wrong(p, what, arg);
		return;
	}
	while (on_screen(p, arg, row) != there) {
		if (now_ms() > end || (!take(p, 50) && p->ended)) {
			wrong(p, what, arg);
			return;
		}
		reap(p, WNOHANG);
	}
	p->reached_us = now_us();
}

static void
do_expect(struct player *p, char *arg)
{
	wait_for(p, arg, 0, true, "not on the screen:");
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
	while (take(p, 100))
		continue;
	if (p->vt == NULL || on_screen(p, arg, 0))
		wrong(p, "on the screen:", arg);
}

static void
put_keys(struct player *p, const char *bytes, size_t len)
{
	p->since_us = now_us();
	if (p->fd < 0 || write(p->fd, bytes, len) != (ssize_t)len)
		wrong(p, "could not type", bytes);
	/* A person is slower than this. */
	take(p, 10);
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
	wrong(p, "no such key:", name);
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

static bool
read_size(struct player *p, char *arg)
{
	int rows, columns;

	if (sscanf(arg, "%dx%d", &rows, &columns) != 2 || rows < 1 ||
	    rows > ROWS_MAX || columns < 1 || columns > 500) {
		wrong(p, "not a size:", arg);
		return false;
	}
	p->rows = rows;
	p->columns = columns;
	return true;
}

static void
do_size(struct player *p, char *arg)
{
	stop(p);
	(void)read_size(p, arg);
}

static void
do_resize(struct player *p, char *arg)
{
	struct winsize size = { 0 };

	while (take(p, 20))
		continue;
	if (p->vt == NULL || !read_size(p, arg))
		return;
	size.ws_row = (unsigned short)p->rows;
	size.ws_col = (unsigned short)p->columns;
	vterm_set_size(p->vt, p->rows, p->columns);
	if (ioctl(p->fd, TIOCSWINSZ, &size) != 0)
		wrong(p, "cannot resize to", arg);
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
	wrong(p, "cannot signal", arg);
}

static void
do_exit(struct player *p, char *arg)
{
	int64_t end = now_ms() + PATIENCE_MS;
	char came[64];
	bool good;

	while (!p->ended && p->pid > 0 && now_ms() < end) {
		take(p, 20);
		reap(p, WNOHANG);
	}
	while (p->pid > 0 && take(p, 20))
		continue;
	if (!p->ended) {
		wrong(p, "did not end, wanted exit", arg);
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
		wrong(p, "ended with", came);
	}
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
	int64_t end = now_ms() + PATIENCE_MS;

	while (
	    !was_sent(p, arg) && now_ms() < end && (take(p, 50) || !p->ended))
		reap(p, WNOHANG);
	if (!was_sent(p, arg))
		wrong(p, "was not written:", arg);
}

static void
do_unsent(struct player *p, char *arg)
{
	while (take(p, 100))
		continue;
	if (was_sent(p, arg))
		wrong(p, "was written:", arg);
}

static void
do_restored(struct player *p, char *arg)
{
	struct termios after;

	(void)arg;
	if (p->alternate)
		wrong(p, "restored:", "still on the alternate screen");
	if (p->cursor_hidden)
		wrong(p, "restored:", "the cursor is hidden");
	if (tcgetattr(p->fd, &after) != 0 ||
	    after.c_lflag != p->before.c_lflag ||
	    after.c_iflag != p->before.c_iflag ||
	    after.c_oflag != p->before.c_oflag)
		wrong(p, "restored:", "the terminal's settings differ");
}

static void
do_run(struct player *p, char *arg)
{
	int status;

	fflush(stdout);
	status = system(arg);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		wrong(p, "failed:", arg);
}

static void
do_save(struct player *p, char *arg)
{
	FILE *f = p->vt != NULL ? fopen(arg, "w") : NULL;

	while (take(p, 100))
		continue;
	if (f == NULL) {
		wrong(p, "cannot save", arg);
		return;
	}
	print_screen(p, f, "");
	fclose(f);
}

static void
do_lap(struct player *p, char *arg)
{
	printf("# lap %s %.2f\n", arg,
	    (double)(p->reached_us - p->since_us) / 1000);
}

static void
do_claim(struct player *p, char *arg)
{
	claim_end(p);
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
	{ "gone", do_gone },
	{ "keys", do_keys },
	{ "type", do_type },
	{ "resize", do_resize },
	{ "signal", do_signal },
	{ "exit", do_exit },
	{ "sent", do_sent },
	{ "unsent", do_unsent },
	{ "restored", do_restored },
	{ "run", do_run },
	{ "save", do_save },
	{ "lap", do_lap },
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
		wrong(p, "line too long:", raw);
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
	wrong(p, "no such command:", line);
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
	p.argc = argc - 2;
	p.argv = argv + 2;
	snprintf(p.term, sizeof p.term, "xterm-256color");
	while (fgets(line, sizeof line, script) != NULL) {
		p.line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			play_line(&p, line);
	}
	claim_end(&p);
	stop(&p);
	fclose(script);
	printf("%sok %d - none of the %zu bytes written is one that a terminal "
	       "would obey\n",
	    p.obeyed ? "not " : "", ++p.claims, p.n_judged);
	p.failed = p.failed || p.obeyed;
	printf("1..%d\n", p.claims);
	return p.failed || p.claims < 2;
}
