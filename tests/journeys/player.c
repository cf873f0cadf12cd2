#include "tests/journeys/player.h"

#include <poll.h>
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
#include <vterm.h>

#include "core/text.h"
#include "tests/tui/forbidden.h"

int64_t
player_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t
player_now_ms(void)
{
	return player_now_us() / 1000;
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

void
player_print_screen(struct player *p, FILE *to, const char *prefix)
{
	char text[LINE_ROOM];

	for (int r = 0; r < p->rows; r++) {
		row_text(p, r, text);
		if (text[0] != '\0' || prefix[0] == '\0')
			fprintf(to, "%s%s\n", prefix, text);
	}
}

/* row 0: any; below: from the bottom */
bool
player_on_screen(struct player *p, const char *want, int row)
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

void
player_wrong(struct player *p, const char *what, const char *arg)
{
	if (!p->failing) {
		printf("# line %d: %s %s\n", p->line, what, arg);
		if (p->vt != NULL)
			player_print_screen(p, stdout, "# |");
		fflush(stdout);
	}
	p->failing = p->lost = true;
}

void
player_claim_end(struct player *p)
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
void
player_answer(const char *bytes, size_t len, void *arg)
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

const VTermScreenCallbacks player_callbacks = { .settermprop = property };

void
player_reap(struct player *p, int flags)
{
	if (!p->ended && p->pid > 0 &&
	    waitpid(p->pid, &p->status, flags) == p->pid)
		p->ended = true;
}

/* Takes what the program wrote within ms; false when nothing came. */
bool
player_take(struct player *p, int ms)
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

void
player_stop(struct player *p)
{
	if (p->pid > 0 && !p->ended) {
		kill(p->pid, SIGTERM);
		for (int i = 0; i < 100 && !p->ended; i++) {
			player_take(p, 20);
			player_reap(p, WNOHANG);
		}
		if (!p->ended)
			kill(p->pid, SIGKILL);
		player_reap(p, 0);
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
