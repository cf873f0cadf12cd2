/*
 * The terminal for real: a small program in a pseudo-terminal draws through
 * tui/term.c, reads through tui/input.c, and is read by libvterm.
 */
#include "tui/term.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/t.h"
#include "tests/tui/forbidden.h"
#include "tests/tui/pty.h"
#include "tui/input.h"

/* The program: row 0 holds samples, row 2 the keys that came; C-q ends it. */

static struct buf keys;
static bool ends;
static volatile sig_atomic_t resized;

static void
on_key(void *arg, uint32_t key)
{
	(void)arg;
	keys_name(key, &keys);
	buf_char(&keys, ' ');
	ends = ends || key == KEYS_CTRL('q');
}

static void
put(int row, int col, const char *text, uint16_t attr)
{
	for (; *text != '\0'; text++, col++)
		term_cell(row, col,
		    &(struct cell){ (unsigned char)*text, 0, attr });
}

static void
draw(void)
{
	struct screen_size s = term_size();
	struct buf size = { 0 };

	put(0, 0, "name", ROLE_NAME);
	put(0, 5, "gone", ROLE_REMOVED);
	put(0, 10, "key", ROLE_KEY);
	put(0, 14, "row", ROLE_TEXT | ATTR_CURSOR);
	put(0, 18, "hit", ROLE_TEXT | ATTR_CURSOR | ATTR_HIT);
	term_cell(1, 0, &(struct cell){ 0x65e5, 0, 0 });
	term_cell(1, 2, &(struct cell){ 'e', 0x301, 0 });
	term_cell(1, 4, &(struct cell){ 0x2502, 0, 0 });
	term_cell(1, 6, &(struct cell){ 0xe9, 0, 0 });
	put(2, 0, keys.len == 0 ? "ready" : keys.at, 0);
	buf_printf(&size, "%ux%u.", s.rows, s.cols);
	put(3, 0, size.at, 0);
	term_cell(s.rows - 1, s.cols - 1, &(struct cell){ '#', 0, 0 });
	buf_release(&size);
	term_show(2, 3);
}

static void
on_winch(int signal)
{
	(void)signal;
	resized = 1;
}

static int
program(void *arg)
{
	struct input in = { 0 };
	struct pollfd fd = { .fd = 0, .events = POLLIN };
	const struct timespec wait = { 0, INPUT_WAIT_MS * 1000 * 1000 };
	sigset_t winch, none;

	(void)arg;
	sigemptyset(&none);
	sigemptyset(&winch);
	sigaddset(&winch, SIGWINCH);
	sigprocmask(SIG_BLOCK, &winch, NULL); /* comes in ppoll() only */
	signal(SIGWINCH, on_winch);
	if (text_start() != ERR_NONE || term_open(getenv("TERM")) != ERR_NONE)
		return 2;
	while (!ends) {
		char bytes[512];
		ssize_t n = 0;

		if (resized) {
			struct screen_size s = term_size();

			resized = 0;
			term_resize(&s);
		}
		draw();
		switch (ppoll(&fd, 1, input_waits(&in) ? &wait : NULL, &none)) {
		case 0:
			input_wait_over(&in, on_key, NULL);
			break;
		case 1:
			n = read(0, bytes, sizeof bytes);
			if (n <= 0)
				return 3;
			input_bytes(&in, (struct str){ bytes, (size_t)n },
			    on_key, NULL);
			break;
		default:
			break;
		}
	}
	term_close();
	return 0;
}

static struct pty *
start(const char *term, char *const *env)
{
	return pty_start(&(struct pty_setup){ .term = term,
	    .rows = 25,
	    .cols = 80,
	    .run = program,
	    .env = env });
}

static void
is_clean(struct pty *p)
{
	struct buf what = { 0 };

	forbidden_find(pty_bytes(p), &what);
	buf_char(&what, '\0');
	assert_string_equal(what.at, "");
	buf_release(&what);
}

static void
stop(struct pty *p)
{
	pty_send(p, STR("\x11"));
	assert_int_equal(pty_end(p), 0);
	is_clean(p);
	pty_stop(p);
}

static void
cells_stand_where_they_were_put(void **state)
{
	struct pty *p = start("xterm-256color", NULL);

	(void)state;
	assert_true(pty_wait(p, "25x80."));
	assert_true(pty_wait(p, "#"));
	assert_true(pty_wait_cursor(p, 2, 3)); /* put there last */
	assert_true(pty_second_screen(p));
	assert_int_equal(pty_cell(p, 1, 0).ch, 0x65e5);
	assert_int_equal(pty_cell(p, 1, 0).width, 2);
	assert_int_equal(pty_cell(p, 1, 2).ch, 'e');
	assert_int_equal(pty_cell(p, 1, 4).ch, 0x2502);
	assert_int_equal(pty_cell(p, 24, 79).ch, '#');
	assert_int_equal(pty_cell(p, 0, 0).ch, 'n');
	pty_send(p, STR("\x11"));
	assert_int_equal(pty_end(p), 0);
	assert_false(pty_second_screen(p));
	is_clean(p);
	pty_stop(p);
}

static void
roles_are_colours_and_attributes(void **state)
{
	static const char *const terms[] = { "xterm-256color", "linux",
		"tmux-256color", "screen" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct pty *p = start(terms[i], NULL);

		assert_true(pty_wait(p, "25x80."));
		assert_int_equal(pty_cell(p, 0, 0).colour, 6);
		assert_int_equal(pty_cell(p, 0, 5).colour, 1);
		assert_int_equal(pty_cell(p, 0, 10).colour, -1);
		assert_true(pty_cell(p, 0, 10).bold);
		assert_true(pty_cell(p, 0, 14).reverse);
		/* a hit in the selected row turns round */
		assert_false(pty_cell(p, 0, 18).reverse);
		stop(p);
	}
}

static void
no_color_leaves_bold_and_reverse(void **state)
{
	static char none[] = "NO_COLOR=1", empty[] = "NO_COLOR=";
	char *const set[] = { none, NULL }, *const unset[] = { empty, NULL };
	struct pty *p = start("xterm-256color", set);

	(void)state;
	assert_true(pty_wait(p, "25x80."));
	assert_int_equal(pty_cell(p, 0, 0).colour, -1);
	assert_true(pty_cell(p, 0, 10).bold);
	assert_true(pty_cell(p, 0, 14).reverse);
	stop(p);
	p = start("xterm-256color", unset); /* empty says nothing */
	assert_true(pty_wait(p, "25x80."));
	assert_int_equal(pty_cell(p, 0, 0).colour, 6);
	stop(p);
}

static void
an_old_terminal_gets_no_utf8(void **state)
{
	struct pty *p = start("vt100", NULL);
	struct str bytes;

	(void)state;
	assert_true(pty_wait(p, "25x80."));
	assert_int_equal(pty_cell(p, 1, 0).ch, '?');
	assert_int_equal(pty_cell(p, 1, 6).ch, '?');
	/* the bar comes from the line drawing set */
	assert_int_equal(pty_cell(p, 1, 4).ch, 0x2502);
	bytes = pty_bytes(p);
	for (size_t i = 0; i < bytes.len; i++)
		assert_true((unsigned char)bytes.at[i] < 0x80);
	stop(p);
}

static void
another_locale_gets_no_utf8(void **state)
{
	static char locale[] = "LC_ALL=de_DE.ISO-8859-1";
	char *const env[] = { locale, NULL };
	struct pty *p = start("xterm", env);

	(void)state;
	assert_true(pty_wait(p, "25x80."));
	assert_int_equal(pty_cell(p, 1, 6).ch, '?');
	stop(p);
}

static void
keys_and_pastes_arrive(void **state)
{
	struct pty *p = start("xterm-256color", NULL);

	(void)state;
	assert_true(pty_wait(p, "ready"));
	pty_send(p, STR("j\x1b[A\x1bOP\x03\x13\x1a"));
	assert_true(pty_wait(p, "j Up F1 C-c C-s C-z"));
	pty_send(p, STR("\x1b"));
	assert_true(pty_wait(p, "C-z Esc"));
	pty_send(p, STR("\x1b[200~:q\x1b[201~"));
	assert_true(pty_wait(p, "Paste : q PasteEnd"));
	pty_send(p, STR("\x1b]52;c;eA==\x07\x1b[M !!z"));
	assert_true(pty_wait(p, "PasteEnd z"));
	stop(p);
}

static void
every_resize_is_seen_without_a_key(void **state)
{
	struct pty *p = start("xterm-256color", NULL);

	(void)state;
	for (int i = 0; i < 25; i++) {
		char want[32];

		assert_true(pty_wait(p, "."));
		pty_resize(p, 10 + i, 40 + i);
		snprintf(want, sizeof want, "%dx%d.", 10 + i, 40 + i);
		assert_true(pty_wait(p, want));
		assert_true(pty_wait(p, "#"));
	}
	stop(p);
}

static void
a_console_is_left_without_a_trace(void **state)
{
	struct pty *p = start("linux", NULL);
	struct buf screen = { 0 };

	(void)state;
	assert_true(pty_wait(p, "25x80."));
	pty_send(p, STR("\x11"));
	assert_int_equal(pty_end(p), 0);
	pty_screen(p, &screen);
	for (size_t i = 0; i < screen.len; i++)
		assert_int_equal(screen.at[i], '\n');
	/* and its scrollback */
	assert_true(str_find(pty_bytes(p), STR("\x1b[3J"), 0) != SIZE_MAX);
	is_clean(p);
	buf_release(&screen);
	pty_stop(p);
}

static int
open_unknown(void *arg)
{
	if (text_start() != ERR_NONE || term_open(arg) == ERR_NONE)
		return 1;
	(void)!write(1, err_text(), strlen(err_text()));
	return 7;
}

static void
an_unknown_terminal_gets_one_line(void **state)
{
	static char unknown[] = "no-such-terminal", dumb[] = "dumb";
	struct pty_setup s = { .term = "xterm",
		.rows = 25,
		.cols = 100,
		.run = open_unknown,
		.arg = unknown };
	struct pty *p = pty_start(&s);

	(void)state;
	assert_int_equal(pty_end(p), 7);
	assert_true(pty_shows(p,
	    "the terminal type 'no-such-terminal' is "
	    "not known here: try --term=vt100"));
	pty_stop(p);
	s.arg = dumb;
	p = pty_start(&s);
	assert_int_equal(pty_end(p), 7);
	assert_true(pty_shows(p, "cannot place the cursor"));
	pty_stop(p);
}

static bool
is_forbidden(struct str bytes)
{
	struct buf what = { 0 };
	bool bad;

	forbidden_find(bytes, &what);
	bad = what.len > 0;
	buf_release(&what);
	return bad;
}

static void
the_list_of_forbidden_bytes_finds_them(void **state)
{
	(void)state;
	assert_false(is_forbidden(STR("\x1b[1;1H\x1b[32m+ ok\x1b(B\x1b[m\r\n"
				      "\x1b[?2004h\x1b[?25l日")));
	assert_true(is_forbidden(STR("\x1b]52;c;eA==\x07")));
	assert_true(is_forbidden(STR("\x1b]0;title\x07")));
	assert_true(is_forbidden(STR("\x1bP$qm\x1b\\")));
	assert_true(is_forbidden(STR("\x1b[5i")));
	assert_true(is_forbidden(STR("\x1b[6n")));
	assert_true(is_forbidden(STR("\x1b[c")));
	assert_true(is_forbidden(STR("\x1b[21t")));
	assert_true(is_forbidden(STR("\x1b[?1000h")));
	assert_true(is_forbidden(STR("a\x07")));
	assert_true(is_forbidden(STR("a\x05")));
	assert_true(is_forbidden(STR("a\x9b"
				     "31m")));
	assert_true(is_forbidden(STR("a\u202e")));
	assert_true(is_forbidden(STR("a\xc2\x9b")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_stand_where_they_were_put),
		cmocka_unit_test(roles_are_colours_and_attributes),
		cmocka_unit_test(no_color_leaves_bold_and_reverse),
		cmocka_unit_test(an_old_terminal_gets_no_utf8),
		cmocka_unit_test(another_locale_gets_no_utf8),
		cmocka_unit_test(keys_and_pastes_arrive),
		cmocka_unit_test(every_resize_is_seen_without_a_key),
		cmocka_unit_test(a_console_is_left_without_a_trace),
		cmocka_unit_test(an_unknown_terminal_gets_one_line),
		cmocka_unit_test(the_list_of_forbidden_bytes_finds_them),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
