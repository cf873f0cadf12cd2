#include "tui/term_state.h"

#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/io.h"

static struct termios term_state_kept;
static bool term_state_is_kept;

/* Where Debian's ncurses looks, and nowhere that a person could write. */
static const char *const term_folders[] = {
	"/etc/terminfo",
	"/lib/terminfo",
	"/usr/share/terminfo",
};

static bool
is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"
			   "YZ0123456789+-._",
			s.at[i]) == NULL)
			return false;
	return s.len > 0 && s.len <= 64 && s.at[0] != '.';
}

/* An entry may be a link to its other name. */
static bool
is_described(const char *name)
{
	struct arena a = { 0 };
	struct stat st;
	bool found = false;

	for (size_t i = 0; i < 3 && !found; i++) {
		struct str path = arena_printf(&a, "%s/%c/%s", term_folders[i],
		    name[0], name);

		found = stat(path.at, &st) == 0 && S_ISREG(st.st_mode);
	}
	arena_release(&a);
	return found;
}

enum err
term_state_keep(const char *name)
{
	struct stat in, out;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return fail(ERR_DENIED,
		    "standard input and output have to be "
		    "a terminal");
	if (fstat(STDIN_FILENO, &in) != 0 || fstat(STDOUT_FILENO, &out) != 0 ||
	    in.st_rdev != out.st_rdev)
		return fail(ERR_DENIED,
		    "standard input and output are two "
		    "different terminals");
	if (name == NULL || name[0] == '\0')
		return fail(ERR_DENIED,
		    "TERM is not set: name the terminal, "
		    "for instance --term=vt100");
	if (strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0)
		return fail(ERR_DENIED,
		    "TERM=%s cannot move the cursor: name "
		    "the real terminal, for instance --term=vt100",
		    name);
	if (!is_name(str_of(name)) || !is_described(name))
		return fail(ERR_DENIED,
		    "no description of the terminal \"%s\" "
		    "on this system: try --term=vt100",
		    name);
	if (tcgetattr(STDIN_FILENO, &term_state_kept) != 0)
		return fail(ERR_DENIED, "the terminal has no settings");
	term_state_is_kept = true;
	return ERR_NONE;
}

/* What every terminal of this century understands and the Linux console
 * ignores or obeys: character set, colours, cursor, mouse, key modes, other
 * screen, then wipe. */
static const char term_wipe[] =
    "\033(B\017\033[0m\033[?25h\033[?1000l\033[?1006l\033[?2004l\033[?1l\033>"
    "\033[?1049l\033[r\033[H\033[2J\033[3J";

void
term_state_restore(bool clear)
{
	if (!term_state_is_kept)
		return;
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &term_state_kept);
	/* A terminal that is gone needs no wiping. */
	if (clear &&
	    io_put(STDOUT_FILENO,
		(struct str){ term_wipe, sizeof term_wipe - 1 }) != ERR_NONE)
		term_state_is_kept = false;
}
