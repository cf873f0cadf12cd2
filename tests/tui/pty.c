#include "tests/tui/pty.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vterm.h>

#include "core/text.h"

enum { PATIENCE_MS = 60000 }; /* what is not there by then never comes */

struct pty {
	int fd;
	pid_t pid;
	int status; /* -1: still runs */
	VTerm *vt;
	VTermScreen *screen;
	int rows, cols;
	bool second;
	bool ended; /* it closed its end */
	struct buf bytes;
};

static int
on_property(VTermProp property, VTermValue *value, void *arg)
{
	struct pty *p = arg;

	if (property == VTERM_PROP_ALTSCREEN)
		p->second = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_property };

static void
open_screen(struct pty *p)
{
	p->vt = vterm_new(p->rows, p->cols);
	if (p->vt == NULL)
		bug("no memory for a terminal");
	vterm_set_utf8(p->vt, 1);
	p->screen = vterm_obtain_screen(p->vt);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_reset(p->screen, 1);
}

static _Noreturn void
become(const struct pty_setup *s)
{
	setenv("TERM", s->term, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	for (char *const *e = s->env; e != NULL && *e != NULL; e++)
		putenv(*e);
	if (s->run != NULL)
		_exit(s->run(s->arg));
	execv(s->argv[0], s->argv);
	_exit(127);
}

struct pty *
pty_start(const struct pty_setup *s)
{
	struct pty *p = calloc(1, sizeof *p);
	struct winsize size = { .ws_row = (unsigned short)s->rows,
		.ws_col = (unsigned short)s->cols };

	if (p == NULL)
		bug("no memory for a terminal");
	p->rows = s->rows;
	p->cols = s->cols;
	p->status = -1;
	open_screen(p);
	p->pid = forkpty(&p->fd, NULL, NULL, &size);
	if (p->pid < 0)
		bug("forkpty: %s", strerror(errno));
	if (p->pid == 0)
		become(s);
	return p;
}

/* What the terminal answers goes back, as from a real one. */
static void
answer(struct pty *p)
{
	char out[256];
	size_t n;

	while ((n = vterm_output_read(p->vt, out, sizeof out)) > 0)
		if (write(p->fd, out, n) < 0)
			return;
}

/* Reads what is there; waits for something at most so long.  false: nothing
 * came. */
static bool
pump(struct pty *p, int ms)
{
	struct pollfd fd = { .fd = p->fd, .events = POLLIN };
	char bytes[16384];
	ssize_t n;

	if (p->ended || poll(&fd, 1, ms) <= 0)
		return false;
	n = read(p->fd, bytes, sizeof bytes);
	if (n <= 0) {
		p->ended = true;
		return false;
	}
	buf_add(&p->bytes, bytes, (size_t)n);
	vterm_input_write(p->vt, bytes, (size_t)n);
	answer(p);
	return true;
}

void
pty_screen(struct pty *p, struct buf *out)
{
	for (int row = 0; row < p->rows; row++) {
		size_t start = out->len;

		for (int col = 0; col < p->cols; col++) {
			struct pty_cell c = pty_cell(p, row, col);

			if (c.ch != 0)
				text_put_utf8(out, c.ch);
			else if (col == 0 ||
			    pty_cell(p, row, col - 1).width < 2)
				buf_char(out, ' ');
		}
		while (out->len > start && out->at[out->len - 1] == ' ')
			out->len--;
		buf_char(out, '\n');
	}
}

bool
pty_shows(struct pty *p, const char *text)
{
	struct buf b = { 0 };
	bool found;

	while (pump(p, 0))
		;
	pty_screen(p, &b);
	found = str_find(buf_view(&b), str_of(text), 0) != SIZE_MAX;
	buf_release(&b);
	return found;
}

static bool
wait_for(struct pty *p, const char *text, bool there)
{
	struct buf b = { 0 };

	while (pty_shows(p, text) != there)
		if (!pump(p, PATIENCE_MS)) {
			if (pty_shows(p, text) == there)
				return true;
			pty_screen(p, &b);
			fprintf(stderr, "%s \"%s\":\n%.*s",
			    there ? "no" : "still", text,
			    STR_ARG(buf_view(&b)));
			buf_release(&b);
			return false;
		}
	return true;
}

bool
pty_wait(struct pty *p, const char *text)
{
	return wait_for(p, text, true);
}

bool
pty_wait_gone(struct pty *p, const char *text)
{
	return wait_for(p, text, false);
}

void
pty_send(struct pty *p, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(p->fd, bytes.at, bytes.len);

		if (n < 0)
			return;
		bytes = str_slice(bytes, (size_t)n, SIZE_MAX);
	}
}

void
pty_resize(struct pty *p, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows,
		.ws_col = (unsigned short)cols };

	p->rows = rows;
	p->cols = cols;
	vterm_set_size(p->vt, rows, cols);
	if (ioctl(p->fd, TIOCSWINSZ, &size) < 0)
		bug("resize: %s", strerror(errno));
}

void
pty_signal(struct pty *p, int signal)
{
	kill(p->pid, signal);
}

int
pty_end(struct pty *p)
{
	int status;

	if (p->status >= 0)
		return p->status;
	while (pump(p, PATIENCE_MS))
		;
	if (waitpid(p->pid, &status, 0) != p->pid)
		return -1;
	p->status =
	    WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return p->status;
}

void
pty_stop(struct pty *p)
{
	if (p == NULL)
		return;
	if (p->status < 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	close(p->fd);
	vterm_free(p->vt);
	buf_release(&p->bytes);
	free(p);
}

struct pty_cell
pty_cell(struct pty *p, int row, int col)
{
	VTermScreenCell cell;
	struct pty_cell c = { .colour = -1 };

	if (!vterm_screen_get_cell(p->screen,
		(VTermPos){ .row = row, .col = col }, &cell))
		return c;
	c.ch = cell.chars[0] == UINT32_MAX ? 0 : cell.chars[0];
	c.width = cell.width;
	c.bold = cell.attrs.bold;
	c.reverse = cell.attrs.reverse;
	if (VTERM_COLOR_IS_INDEXED(&cell.fg) &&
	    !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg))
		c.colour = cell.fg.indexed.idx;
	return c;
}

bool
pty_wait_cursor(struct pty *p, int row, int col)
{
	VTermPos at;

	do {
		vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &at);
		if (at.row == row && at.col == col)
			return true;
	} while (pump(p, PATIENCE_MS));
	fprintf(stderr, "the cursor is at %d,%d\n", at.row, at.col);
	return false;
}

bool
pty_second_screen(const struct pty *p)
{
	return p->second;
}

struct str
pty_bytes(const struct pty *p)
{
	return buf_view(&p->bytes);
}

/* A whole CSI: parameters and final byte.  What is wrong with it, or NULL. */
static const char *
judge_csi(struct str params, char final)
{
	static const char *const modes[] = { "?1000", "?1001", "?1002", "?1003",
		"?1004", "?1005", "?1006", "?1015", "?1016" };

	if (final == 't' &&
	    (str_eq(params, STR("22;0;0")) || str_eq(params, STR("23;0;0"))))
		return NULL; /* keeps the window's title: curses, smcup */
	if (strchr("itnxyqp", final) != NULL ||
	    (final == 'c' && !str_starts(params, STR("?"))))
		return "a question, a report or a window operation";
	if (final != 'h')
		return NULL;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (str_find(params, str_of(modes[i]), 0) != SIZE_MAX)
			return "mouse or focus reports";
	return NULL;
}

/* After ESC: takes the sequence off *rest. */
static const char *
judge_escape(struct str *rest)
{
	size_t end = 1;
	char kind;

	if (rest->len == 0)
		return "an ESC at the end";
	kind = rest->at[0];
	if (strchr("]P_^X", kind) != NULL)
		return "a string (OSC, DCS, APC, PM or SOS)";
	if (strchr("Zc", kind) != NULL)
		return "a question or a reset";
	if (kind == '[') {
		const char *why;

		while (end < rest->len &&
		    (rest->at[end] < 0x40 || rest->at[end] > 0x7e))
			end++;
		if (end == rest->len)
			return "a CSI without an end";
		why = judge_csi(str_slice(*rest, 1, end - 1), rest->at[end]);
		*rest = str_slice(*rest, end + 1, SIZE_MAX);
		return why;
	}
	/* ESC ( B and the like: intermediates, then a final byte */
	for (end = 0;
	     end < rest->len && rest->at[end] >= 0x20 && rest->at[end] <= 0x2f;)
		end++;
	*rest = str_slice(*rest, end + 1, SIZE_MAX);
	return NULL;
}

void
pty_forbidden(struct str bytes, struct buf *what)
{
	struct str rest = bytes;
	const char *why = NULL;

	while (rest.len > 0 && why == NULL) {
		uint32_t ch;

		if (!text_take_utf8(&rest, &ch))
			why = "a byte that is not UTF-8";
		else if (ch == 0x1b)
			why = judge_escape(&rest);
		else if (ch < 0x20 &&
		    strchr("\r\n\b\t\x0e\x0f", (int)ch) == NULL)
			why = "a control byte";
		else if (ch >= 0x7f && text_columns(ch) < 0)
			why = "a character that is not to be seen";
	}
	if (why == NULL)
		return;
	buf_printf(what, "%s before byte %zu: ", why, bytes.len - rest.len);
	text_show(what,
	    str_slice(bytes,
		bytes.len - rest.len < 12 ? 0 : bytes.len - rest.len - 12, 40),
	    (struct text_style){ 0 }, 200);
}
