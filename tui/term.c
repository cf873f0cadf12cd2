#include "tui/term.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "core/limits.h"

/* What looks like what, of one theme: colours of eight, -1 the default. */
struct look {
	short colour;
	attr_t attr;
};

/* Without colour, and in the theme "mono". */
static const struct look looks_mono[ROLES] = {
	[ROLE_TEXT] = { -1, 0 },
	[ROLE_NAME] = { -1, 0 },
	[ROLE_NUMBER] = { -1, 0 },
	[ROLE_WARNING] = { -1, A_BOLD },
	[ROLE_ADDED] = { -1, 0 },
	[ROLE_REMOVED] = { -1, 0 },
	[ROLE_HUNK] = { -1, A_BOLD },
	[ROLE_KEYWORD] = { -1, A_BOLD },
	[ROLE_TYPE] = { -1, 0 },
	[ROLE_STRING] = { -1, 0 },
	[ROLE_COMMENT] = { -1, 0 },
	[ROLE_DIRECTIVE] = { -1, 0 },
	[ROLE_LITERAL] = { -1, 0 },
	[ROLE_TITLE] = { -1, A_REVERSE },
	[ROLE_STATUS] = { -1, A_REVERSE },
	[ROLE_HINT] = { -1, 0 },
	[ROLE_KEY] = { -1, A_BOLD },
	[ROLE_FAINT] = { -1, 0 },
	[ROLE_ERROR] = { -1, A_BOLD },
};

/* Never blue: on the black of a console nobody can read it. */
static const struct look looks_default[ROLES] = {
	[ROLE_TEXT] = { -1, 0 },
	[ROLE_NAME] = { COLOR_CYAN, 0 },
	[ROLE_NUMBER] = { COLOR_YELLOW, 0 },
	[ROLE_WARNING] = { COLOR_YELLOW, A_BOLD },
	[ROLE_ADDED] = { COLOR_GREEN, 0 },
	[ROLE_REMOVED] = { COLOR_RED, 0 },
	[ROLE_HUNK] = { COLOR_MAGENTA, 0 },
	[ROLE_KEYWORD] = { -1, A_BOLD },
	[ROLE_TYPE] = { COLOR_CYAN, 0 },
	[ROLE_STRING] = { COLOR_GREEN, 0 },
	[ROLE_COMMENT] = { COLOR_MAGENTA, 0 },
	[ROLE_DIRECTIVE] = { COLOR_YELLOW, 0 },
	[ROLE_LITERAL] = { COLOR_YELLOW, 0 },
	[ROLE_TITLE] = { -1, A_REVERSE },
	[ROLE_STATUS] = { -1, A_REVERSE },
	[ROLE_HINT] = { -1, 0 },
	[ROLE_KEY] = { -1, A_BOLD },
	[ROLE_FAINT] = { -1, 0 },
	[ROLE_ERROR] = { COLOR_RED, A_BOLD },
};

/* On white: no yellow, no cyan. */
static const struct look looks_light[ROLES] = {
	[ROLE_TEXT] = { -1, 0 },
	[ROLE_NAME] = { COLOR_BLUE, 0 },
	[ROLE_NUMBER] = { COLOR_MAGENTA, 0 },
	[ROLE_WARNING] = { COLOR_RED, A_BOLD },
	[ROLE_ADDED] = { COLOR_GREEN, 0 },
	[ROLE_REMOVED] = { COLOR_RED, 0 },
	[ROLE_HUNK] = { COLOR_MAGENTA, A_BOLD },
	[ROLE_KEYWORD] = { -1, A_BOLD },
	[ROLE_TYPE] = { COLOR_BLUE, 0 },
	[ROLE_STRING] = { COLOR_GREEN, 0 },
	[ROLE_COMMENT] = { COLOR_MAGENTA, 0 },
	[ROLE_DIRECTIVE] = { COLOR_RED, 0 },
	[ROLE_LITERAL] = { COLOR_MAGENTA, 0 },
	[ROLE_TITLE] = { -1, A_REVERSE },
	[ROLE_STATUS] = { -1, A_REVERSE },
	[ROLE_HINT] = { -1, 0 },
	[ROLE_KEY] = { -1, A_BOLD },
	[ROLE_FAINT] = { -1, 0 },
	[ROLE_ERROR] = { COLOR_RED, A_BOLD },
};

/* Cyan and bold yellow tell apart what red and green do not. */
static const struct look looks_cb[ROLES] = {
	[ROLE_TEXT] = { -1, 0 },
	[ROLE_NAME] = { COLOR_CYAN, 0 },
	[ROLE_NUMBER] = { -1, 0 },
	[ROLE_WARNING] = { COLOR_YELLOW, A_BOLD },
	[ROLE_ADDED] = { COLOR_CYAN, 0 },
	[ROLE_REMOVED] = { COLOR_YELLOW, A_BOLD },
	[ROLE_HUNK] = { -1, A_BOLD },
	[ROLE_KEYWORD] = { -1, A_BOLD },
	[ROLE_TYPE] = { COLOR_CYAN, 0 },
	[ROLE_STRING] = { COLOR_CYAN, 0 },
	[ROLE_COMMENT] = { COLOR_YELLOW, 0 },
	[ROLE_DIRECTIVE] = { COLOR_YELLOW, 0 },
	[ROLE_LITERAL] = { COLOR_YELLOW, 0 },
	[ROLE_TITLE] = { -1, A_REVERSE },
	[ROLE_STATUS] = { -1, A_REVERSE },
	[ROLE_HINT] = { -1, 0 },
	[ROLE_KEY] = { -1, A_BOLD },
	[ROLE_FAINT] = { -1, 0 },
	[ROLE_ERROR] = { COLOR_YELLOW, A_BOLD },
};

static const struct look *const themes[] = {
	[SCREEN_THEME_DEFAULT] = looks_default,
	[SCREEN_THEME_CB] = looks_cb,
	[SCREEN_THEME_MONO] = looks_mono,
	[SCREEN_THEME_LIGHT] = looks_light,
};

enum { TERM_BLUE = 9, TERM_ORANGE }; /* pairs beyond the eight */
enum { TERM_COLOURS = 8, TERM_BAR = 0x2502, TERM_RULE = 0x2500 };

static struct {
	SCREEN *screen;
	bool utf8, colour, console;
	bool second_screen; /* what was there before comes back */
	bool shown;         /* the cursor */
	bool mouse;
	bool many; /* colours */
	enum screen_theme theme;
} term;

/* Does the locale in force want UTF-8?  By its name: the locale itself need
 * not be installed. */
static bool
wants_utf8(const char *name)
{
	const char *locale = getenv("LC_ALL");

	/* vt52 to vt525, but not vte */
	if (strncmp(name, "vt", 2) == 0 && name[2] >= '0' && name[2] <= '9')
		return false;
	return locale == NULL || strcasestr(locale, "utf-8") != NULL ||
	    strcasestr(locale, "utf8") != NULL;
}

static bool
has(const char *capability)
{
	char *text = tigetstr(capability);

	return text != NULL && text != (char *)-1 && *text != '\0';
}

static void
put_string(const char *capability)
{
	if (has(capability))
		putp(tigetstr(capability));
}

static void
start_colours(void)
{
	const char *no = getenv("NO_COLOR");

	if ((no != NULL && *no != '\0') || !has_colors() ||
	    start_color() != OK || COLORS < TERM_COLOURS)
		return;
	if (use_default_colors() != OK)
		return;
	for (short i = 0; i < TERM_COLOURS; i++)
		if (init_pair((short)(i + 1), i, -1) != OK)
			return;
	/* Blue and orange, where there are more than eight. */
	term.many = COLORS >= 256 && COLOR_PAIRS > TERM_ORANGE &&
	    init_pair(TERM_BLUE, 33, -1) == OK &&
	    init_pair(TERM_ORANGE, 208, -1) == OK;
	term.colour = true;
}

static enum err
describe(const char *name)
{
	int answer;

	if (name == NULL || *name == '\0')
		return fail(ERR_DENIED, "TERM is not set: try --term=vt100");
	if (setupterm(name, STDOUT_FILENO, &answer) != OK)
		return fail(ERR_DENIED,
		    "the terminal type '%s' is not known "
		    "here: try --term=vt100",
		    name);
	if (!has("cup"))
		return fail(ERR_DENIED,
		    "a terminal of type '%s' cannot place "
		    "the cursor: try --term=vt100",
		    name);
	return ERR_NONE;
}

enum err
term_open(const char *name)
{
	enum err rc = describe(name);

	if (rc != ERR_NONE)
		return rc;
	term.utf8 = wants_utf8(name);
	term.console = strcmp(name, "linux") == 0;
	use_env(FALSE);
	use_tioctl(TRUE); /* "linux" has no size of its own in terminfo */
	term.screen = newterm(name, stdout, stdin);
	if (term.screen == NULL)
		return fail(ERR_DENIED,
		    "the terminal type '%s' cannot be "
		    "used: try --term=vt100",
		    name);
	term.second_screen = has("smcup") && has("rmcup");
	if (raw() != OK || noecho() != OK || nonl() != OK)
		return fail(ERR_IO, "the terminal does not take its settings");
	scrollok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	start_colours();
	curs_set(0);
	put_string("BE"); /* a paste says where it begins and ends */
	fflush(stdout);
	return ERR_NONE;
}

void
term_theme(enum screen_theme t)
{
	term.theme = t;
}

void
term_mouse(bool on)
{
	if (term.screen == NULL || on == term.mouse || !has("XM"))
		return;
	term.mouse = on;
	putp(tparm(tigetstr("XM"), (long)on));
	fflush(stdout);
}

void
term_close(void)
{
	if (term.screen == NULL)
		return;
	term_mouse(false);
	put_string("BD");
	erase();
	refresh();
	curs_set(1);
	if (!term.second_screen) { /* nothing that was read stays behind */
		put_string("clear");
		put_string("E3");
	}
	endwin();
	fflush(stdout);
	delscreen(term.screen);
	term.screen = NULL;
}

struct screen_size
term_size(void)
{
	struct winsize w = { 0 };
	struct screen_size s = { 24, 80, 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row > 0 &&
	    w.ws_col > 0) {
		s.rows = w.ws_row > LIMIT_ROWS ? LIMIT_ROWS : w.ws_row;
		s.cols = w.ws_col > LIMIT_COLUMNS ? LIMIT_COLUMNS : w.ws_col;
	}
	s.flags = (uint16_t)((term.utf8 ? SCREEN_UTF8 : 0) |
	    (term.colour ? SCREEN_COLOUR : 0) |
	    (term.console ? SCREEN_CONSOLE : 0));
	return s;
}

void
term_resize(const struct screen_size *s)
{
	if (term.screen == NULL)
		return;
	resizeterm(s->rows, s->cols);
	clearok(curscr, TRUE);
	erase();
}

void
term_repaint(void)
{
	if (term.screen != NULL)
		clearok(curscr, TRUE);
}

/* A hit on the selected row shows by turning round; so does a hazard. */
static attr_t
attr_of(uint16_t attr, const struct look *look)
{
	attr_t a = look->attr;
	bool under = attr & (ATTR_CURSOR | ATTR_SELECTED);
	bool over = attr & (ATTR_HIT | ATTR_HAZARD);

	if (under != over)
		a ^= A_REVERSE;
	if (attr & ATTR_FOCUS)
		a |= A_BOLD;
	return a;
}

/* Where curses would use UTF-8 for lines (it knows these terminals by their
 * names), plain signs. */
static chtype
line_glyph(bool upright)
{
	if (term.console || !has("acsc"))
		return upright ? '|' : '-';
	return upright ? ACS_VLINE : ACS_HLINE;
}

static short
pair_of(const struct look *look)
{
	if (!term.colour)
		return 0;
	if (term.many && term.theme == SCREEN_THEME_CB && look->colour != -1)
		return look->colour == COLOR_CYAN ? TERM_BLUE : TERM_ORANGE;
	return (short)(look->colour + 1);
}

void
term_cell(int row, int col, const struct cell *c)
{
	const struct look *look =
	    &(term.colour ? themes[term.theme] :
			    looks_mono)[(c->attr & ATTR_ROLE) < ROLES ?
		    c->attr & ATTR_ROLE :
		    ROLE_TEXT];
	attr_t attr = attr_of(c->attr, look);
	short pair = pair_of(look);
	wchar_t text[3] = { (wchar_t)c->ch, (wchar_t)c->mark, 0 };
	cchar_t cell;

	if (term.screen == NULL || c->ch == 0)
		return;
	if (!term.utf8 && (c->ch == TERM_BAR || c->ch == TERM_RULE)) {
		mvaddch(row, col,
		    line_glyph(c->ch == TERM_BAR) | attr |
			(chtype)COLOR_PAIR(pair));
		return;
	}
	if (!term.utf8 && (c->ch > 0x7e || c->mark != 0)) {
		text[0] = '?';
		text[1] = 0;
	}
	if (setcchar(&cell, text, attr, pair, NULL) == OK)
		mvadd_wch(row, col, &cell);
}

void
term_show(int row, int col)
{
	if (term.screen == NULL)
		return;
	if ((row >= 0) != term.shown) {
		term.shown = row >= 0;
		curs_set(term.shown ? 1 : 0);
	}
	if (row >= 0)
		move(row, col);
	refresh();
}
