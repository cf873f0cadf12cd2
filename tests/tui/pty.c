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
#include "tests/tui/forbidden.h"

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
	struct buf what = { 0 };

	if (p == NULL)
		return;
	if (p->status < 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	close(p->fd);
	vterm_free(p->vt);
	forbidden_find(buf_view(&p->bytes), &what);
	if (what.len > 0 && p->status >= 0) /* killed: the end may be torn */
		bug("a terminal would obey: %.*s", (int)what.len, what.at);
	buf_release(&what);
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
