/*
 * Rows about other ways to get to work on the machine than the one console:
 * services, consoles, keys of the keyboard, the boot loader.
 */
#include "policy/station_inside.h"

#include <string.h>

/* A service whose program may not even be there. */
struct service {
	const char *program;
	const char *const *running;
	const char *const *units;
};

static void
look_service(struct station *s, struct station_row *row,
    const struct service *v)
{
	struct station_list now = { 0 }, open = { 0 };
	enum station_got got = station_running(s, v->running, &now);

	for (size_t i = 0; v->units[i] != NULL; i++)
		if (!station_masked(s, v->units[i]))
			station_list_add(&open, str_of(v->units[i]));
	if (now.n > 0)
		station_says_list(s, row, false, "runs: ", &now);
	else if (!station_there(s, "/usr"))
		station_cannot(s, row, "/usr cannot be read");
	else if (!station_there(s, v->program))
		station_says(s, row, true, "%s is not installed", v->program);
	else if (open.n > 0)
		station_says_list(s, row, false,
		    station_path(s,
			"%s is installed, and not masked: ", v->program),
		    &open);
	else
		station_says(s, row, true, "masked%s",
		    got == STATION_READ ? ", and does not run" : "");
	buf_release(&open.text);
	buf_release(&now.text);
}

static void
look_sshd(struct station *s, struct station_row *row)
{
	static const char *const running[] = { "sshd", "dropbear", NULL };
	static const char *const units[] = { "ssh.service", "ssh.socket",
		NULL };

	look_service(s, row,
	    &(struct service){ "/usr/sbin/sshd", running, units });
}

static void
look_gpm(struct station *s, struct station_row *row)
{
	static const char *const running[] = { "gpm", NULL };
	static const char *const units[] = { "gpm.service", NULL };

	look_service(s, row,
	    &(struct service){ "/usr/sbin/gpm", running, units });
}

static void
look_desktop(struct station *s, struct station_row *row)
{
	static const char *const running[] = { "Xorg", "Xwayland", "gdm3",
		"lightdm", "sddm", "xdm", "lxdm", "greetd", "gnome-shell",
		"kwin_wayland", "weston", "sway", "labwc", "cage", "kmscon",
		NULL };
	struct station_list l = { 0 };
	enum station_got got = station_running(s, running, &l);

	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else if (station_there(s,
		     "/etc/systemd/system/display-manager."
		     "service"))
		station_says(s, row, false,
		    "a display manager is enabled for the next start");
	else if (got != STATION_READ)
		station_cannot(s, row, "/proc cannot be read");
	else
		station_says(s, row, true, "none");
	buf_release(&l.text);
}

/* Of a command line as /proc has it: NUL after each. */
static bool
next_argument(struct str *args, struct str *word)
{
	*word = (struct str){ args->at, 0 };
	while (word->len < args->len && word->at[word->len] != '\0' &&
	    word->at[word->len] != ' ')
		word->len++;
	*args = str_slice(*args, word->len + 1, args->len);
	return word->len > 0 || args->len > 0;
}

/* The terminal of a process by its number, man proc(5): "tty1"; empty when it
 * has none. */
static struct str
terminal_of(struct station *s, const char *process)
{
	struct str text, word = STR("");
	uint64_t n;
	uint32_t major, minor;

	(void)station_text(s, &text, station_path(s, "/proc/%s/stat", process));
	for (size_t i = text.len; i > 0; i--)
		if (text.at[i - 1] == ')') { /* a name may hold any other */
			text = str_slice(text, i, text.len);
			break;
		}
	for (int i = 0; i < 5; i++) /* state, parent, group, session, tty */
		(void)station_word(&text, &word);
	if (str_number(word, UINT32_MAX, &n) != ERR_NONE || n == 0) {
		err_clear();
		return STR("");
	}
	major = (uint32_t)n >> 8 & 0xfff;
	minor = ((uint32_t)n & 0xff) | ((uint32_t)n >> 12 & 0xfff00);
	if (major != 4)
		return arena_printf(s->a, "terminal %u:%u", major, minor);
	return minor < 64 ? arena_printf(s->a, "tty%u", minor) :
			    arena_printf(s->a, "ttyS%u", minor - 64);
}

/* From the arguments of a program that asks who is there. */
static struct str
terminal_said(struct station *s, const char *process)
{
	struct str args, word, tty = STR("a terminal");

	(void)station_text(s, &args,
	    station_path(s, "/proc/%s/cmdline", process));
	while (next_argument(&args, &word))
		if (str_starts(word, STR("tty")) ||
		    str_starts(word, STR("console")) ||
		    str_starts(word, STR("hvc")))
			tty = word;
	return tty;
}

static bool
is_login(struct str comm)
{
	return str_eq(comm, STR("agetty")) || str_eq(comm, STR("getty")) ||
	    str_eq(comm, STR("login")) || str_eq(comm, STR("sulogin"));
}

/*
 * Terminals on which somebody is asked to log in now, or has: while an auditor
 * works nobody is asked on the one console, and a second one would be taken
 * for it.
 */
static enum station_got
asked_on(struct station *s, struct station_list *l)
{
	struct io_names all;
	enum station_got got = station_names(s, &all, "/proc");
	bool any = false;

	for (size_t i = 0; got == STATION_READ && i < all.len; i++) {
		struct str comm, tty;

		if (all.at[i].at[0] < '0' || all.at[i].at[0] > '9' ||
		    station_text(s, &comm,
			station_path(s, "/proc/%s/comm", all.at[i].at)) !=
			STATION_READ)
			continue;
		any = true;
		if (!is_login(comm))
			continue;
		tty = terminal_of(s, all.at[i].at);
		if (tty.len == 0)
			tty = terminal_said(s, all.at[i].at);
		station_list_add(l, tty);
	}
	return any ? STATION_READ : STATION_NONE;
}

/* "NAutoVTs=0" in logind.conf or one of its parts: the last one counts. */
static struct str
logind(struct station *s, const char *key)
{
	struct str text, line, name, value = STR("");
	struct io_names parts;
	size_t n;

	(void)station_names(s, &parts, "/etc/systemd/logind.conf.d");
	n = parts.len;
	for (size_t i = 0; i <= n; i++) {
		const char *path = i == 0 ?
		    "/etc/systemd/logind.conf" :
		    station_path(s, "/etc/systemd/logind.conf.d/%s",
			parts.at[i - 1].at);

		(void)station_text(s, &text, path);
		while (str_cut(&text, '\n', &line))
			if (str_cut(&line, '=', &name) &&
			    str_eq(str_trim(name), str_of(key)))
				value = str_trim(line);
	}
	return value;
}

/* Logins on other consoles that the next start would bring. */
static void
asked_next(struct station *s, struct station_list *l)
{
	struct io_names wanted;

	(void)station_names(s, &wanted,
	    "/etc/systemd/system/getty.target.wants");
	for (size_t i = 0; i < wanted.len; i++)
		if (!str_eq(wanted.at[i], STR("getty@tty1.service")) &&
		    !station_masked(s, wanted.at[i].at))
			station_list_add(l, wanted.at[i]);
}

static void
look_consoles(struct station *s, struct station_row *row)
{
	struct station_list now = { 0 }, next = { 0 };
	bool off = str_eq(logind(s, "NAutoVTs"), STR("0")) &&
	    str_eq(logind(s, "ReserveVT"), STR("0"));
	bool masked = station_masked(s, "serial-getty@.service") &&
	    station_masked(s, "debug-shell.service");
	enum station_got got = asked_on(s, &now);
	size_t n = now.n;
	struct str where = station_list_text(&now, s->a);

	asked_next(s, &next);
	if (n > 1)
		station_says(s, row, false, "logins are possible on %.*s",
		    STR_ARG(where));
	else if (!off)
		station_says(s, row, false,
		    "a console opens for whoever presses Alt-F2: "
		    "logind.conf has no NAutoVTs=0 and ReserveVT=0");
	else if (!masked)
		station_says(s, row, false,
		    "serial-getty@.service and debug-shell.service are not "
		    "masked");
	else if (next.n > 0)
		station_says_list(s, row, false, "at the next start: ", &next);
	else if (got != STATION_READ)
		station_cannot(s, row,
		    "set up for one console; /proc cannot be read");
	else
		station_says(s, row, true, "one%s%.*s", n > 0 ? ": " : "",
		    STR_ARG(where));
	buf_release(&next.text);
}

static void
look_ctrl_alt_del(struct station *s, struct station_row *row)
{
	if (!station_there(s, "/etc/systemd"))
		station_cannot(s, row, "/etc/systemd cannot be read");
	else
		station_says(s, row, station_masked(s, "ctrl-alt-del.target"),
		    station_masked(s, "ctrl-alt-del.target") ?
			"masked" :
			"Ctrl-Alt-Del starts the machine again");
}

/* GRUB asks for a password when it has one and a superuser is named; either
 * alone, or in a comment, does nothing. */
static bool
grub_asks(struct str text)
{
	bool user = false, password = false;
	struct str line, word;

	while (str_cut(&text, '\n', &line)) {
		if (!station_word(&line, &word))
			continue;
		password = password || str_eq(word, STR("password_pbkdf2")) ||
		    str_eq(word, STR("password"));
		if (!str_eq(word, STR("set")))
			continue;
		line = str_trim(line);
		if (str_starts(line, STR("superusers=")))
			user = line.len > strlen("superusers=") &&
			    !str_eq(line, STR("superusers=\"\"")) &&
			    !str_eq(line, STR("superusers=''"));
	}
	return user && password;
}

static void
look_boot(struct station *s, struct station_row *row)
{
	struct str text;
	enum station_got got = station_text(s, &text, "/boot/grub/grub.cfg");

	if (got == STATION_CLOSED)
		station_cannot(s, row,
		    "/boot/grub/grub.cfg can be read by root only");
	else if (got == STATION_NONE)
		station_cannot(s, row, "there is no /boot/grub/grub.cfg");
	else
		station_says(s, row, grub_asks(text),
		    grub_asks(text) ?
			"GRUB asks for a password" :
			"anybody at the keyboard can edit how Linux starts");
}

const struct station_test station_doors_tests[] = {
	{ "consoles", "one console, and no other login",
	    "NAutoVTs=0 and ReserveVT=0 in /etc/systemd/logind.conf; "
	    "systemctl mask serial-getty@.service debug-shell.service; "
	    "systemctl disable --now getty@TTY for each other one",
	    look_consoles },
	{ "ctrl-alt-del", "three keys do not start the machine again",
	    "systemctl mask ctrl-alt-del.target", look_ctrl_alt_del },
	{ "desktop", "there is no desktop to copy from a terminal with",
	    "systemctl disable --now display-manager; systemctl set-default "
	    "multi-user.target",
	    look_desktop },
	{ "sshd", "nobody logs in from elsewhere",
	    "apt-get purge openssh-server", look_sshd },
	{ "gpm", "no mouse copies from the console", "apt-get purge gpm",
	    look_gpm },
	{ "boot-password", "nobody starts another system or a root shell",
	    "grub-mkpasswd-pbkdf2; two lines more in /etc/grub.d/40_custom: "
	    "set superusers=\"root\" and password_pbkdf2 root grub.pbkdf2...; "
	    "update-grub; a password for the firmware",
	    look_boot },
	{ 0 },
};
