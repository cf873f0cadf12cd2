/*
 * Rows about accounts: who is an auditor, and who could become one.
 */
#include "policy/station_inside.h"

#include <string.h>

static bool
accounts(struct station *s, struct station_row *row,
    struct station_account **all, size_t *n)
{
	if (station_accounts(s, all, n) == STATION_READ)
		return true;
	station_cannot(s, row, "/etc/passwd cannot be read");
	return false;
}

static void
look_shells(struct station *s, struct station_row *row)
{
	struct str text, line;
	bool listed = false;

	if (station_text(s, &text, "/etc/shells") == STATION_CLOSED ||
	    !station_there(s, "/etc")) {
		station_cannot(s, row, "/etc/shells cannot be read");
		return;
	}
	while (str_cut(&text, '\n', &line))
		listed = listed || station_is_kiosk(str_trim(line));
	station_says(s, row, !listed,
	    listed ? "/etc/shells lists it: su -s and chsh give a shell" :
		     "not listed");
}

static void
look_auditors(struct station *s, struct station_row *row)
{
	struct station_account *all;
	struct station_list l = { 0 };
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (station_is_kiosk(all[i].shell))
			station_list_add(&l, all[i].name);
	if (l.n == 0)
		station_says(s, row, false,
		    "no account has vitrine-kiosk as its shell");
	else
		station_says_list(s, row, true, "", &l);
}

/* Whether a person is in a group, by its line or as its first group. */
static bool
is_member(struct str members, struct str name)
{
	struct str one;

	while (str_cut(&members, ',', &one))
		if (str_eq(one, name))
			return true;
	return false;
}

struct group {
	struct str name, members;
	uint64_t gid;
};

static bool
next_group(struct str *text, struct group *g)
{
	struct str line, field[4];

	while (str_cut(text, '\n', &line)) {
		for (int i = 0; i < 4; i++)
			if (!str_cut(&line, ':', &field[i]))
				field[i] = STR("");
		if (str_number(field[2], UINT32_MAX, &g->gid) != ERR_NONE) {
			err_clear();
			continue;
		}
		g->name = field[0];
		g->members = field[3];
		return true;
	}
	return false;
}

static bool
is_one_of(struct str name, const char *const *list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (str_eq(name, str_of(list[i])))
			return true;
	return false;
}

static void
look_groups(struct station *s, struct station_row *row)
{
	static const char *const bad[] = { "root", "sudo", "wheel", "admin",
		"adm", "disk", "tty", "video", "input", "audio", "kvm",
		"shadow", "docker", "lxd", "libvirt", "plugdev", "cdrom",
		"floppy", "dialout", "netdev", "bluetooth", "systemd-journal",
		"staff", NULL };
	struct station_account *all;
	struct station_list l = { 0 };
	struct group g;
	struct str text;
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	if (station_text(s, &text, "/etc/group") != STATION_READ) {
		station_cannot(s, row, "/etc/group cannot be read");
		return;
	}
	while (next_group(&text, &g))
		for (size_t i = 0; i < n && is_one_of(g.name, bad); i++)
			if (station_is_kiosk(all[i].shell) &&
			    (all[i].gid == g.gid ||
				is_member(g.members, all[i].name)))
				station_list_add(&l,
				    arena_printf(s->a, "%.*s is in %.*s",
					STR_ARG(all[i].name), STR_ARG(g.name)));
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "in no group that opens a device");
}

static void
look_zero(struct station *s, struct station_row *row)
{
	struct station_account *all;
	struct station_list l = { 0 };
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++)
		if (all[i].uid == 0 && !str_eq(all[i].name, STR("root")))
			station_list_add(&l, all[i].name);
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "root only");
}

/* Lines of sudoers that let somebody do something: the names before "=". */
static void
take_sudoers(struct station *s, struct str text, struct station_list *l)
{
	static const char *const skip[] = { "Defaults", "User_Alias",
		"Runas_Alias", "Host_Alias", "Cmnd_Alias", "root", NULL };
	struct str line, word;

	while (str_cut(&text, '\n', &line)) {
		struct str rest = line;

		if (!station_word(&rest, &word) || word.at[0] == '#' ||
		    word.at[0] == '@' || str_starts(word, STR("Defaults")) ||
		    is_one_of(word, skip) ||
		    str_find(line, STR("="), 0) == SIZE_MAX)
			continue;
		station_list_add(l,
		    arena_printf(s->a, "%.*s by sudo", STR_ARG(word)));
	}
}

static enum station_got
sudoers(struct station *s, struct station_list *l)
{
	struct str text;
	struct io_names parts;
	enum station_got got = station_text(s, &text, "/etc/sudoers");

	if (got != STATION_READ)
		return got;
	take_sudoers(s, text, l);
	if (station_names(s, &parts, "/etc/sudoers.d") == STATION_CLOSED)
		return STATION_CLOSED;
	for (size_t i = 0; i < parts.len; i++) {
		if (station_text(s, &text,
			station_path(s, "/etc/sudoers.d/%s", parts.at[i].at)) ==
		    STATION_CLOSED)
			return STATION_CLOSED;
		take_sudoers(s, text, l);
	}
	return STATION_READ;
}

/* Whoever is in these is root with one more step. */
static void
by_group(struct station *s, struct station_list *l)
{
	static const char *const strong[] = { "disk", "docker", "lxd",
		"libvirt", "shadow", "kmem", NULL };
	struct group g;
	struct str text, one;

	(void)station_text(s, &text, "/etc/group");
	while (next_group(&text, &g))
		while (
		    is_one_of(g.name, strong) && str_cut(&g.members, ',', &one))
			if (one.len > 0)
				station_list_add(l,
				    arena_printf(s->a, "%.*s by group %.*s",
					STR_ARG(one), STR_ARG(g.name)));
}

static void
look_become(struct station *s, struct station_row *row)
{
	struct station_list l = { 0 };
	bool sudo = station_there(s, "/usr/bin/sudo");
	enum station_got got = sudoers(s, &l);

	by_group(s, &l);
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else if (got == STATION_CLOSED || !station_there(s, "/etc"))
		station_cannot(s, row, "/etc/sudoers can be read by root only");
	else
		station_says(s, row, true, "root only, %s",
		    sudo ? "sudo lets nobody" : "sudo is not installed");
	buf_release(&l.text);
}

/* The password of a line of shadow: "" anybody, "!" or "*" nobody. */
static struct str
password_of(struct str shadow, struct str name)
{
	struct str line, field;

	while (str_cut(&shadow, '\n', &line))
		if (str_cut(&line, ':', &field) && str_eq(field, name)) {
			if (!str_cut(&line, ':', &field))
				field = STR("*");
			return field;
		}
	return STR("*");
}

static bool
can_log_in(struct str shell)
{
	return !str_ends(shell, STR("/nologin")) &&
	    !str_ends(shell, STR("/false")) && !str_ends(shell, STR("/sync"));
}

static void
look_others(struct station *s, struct station_row *row)
{
	struct station_account *all;
	struct station_list l = { 0 };
	struct str shadow;
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	if (station_text(s, &shadow, "/etc/shadow") != STATION_READ) {
		station_cannot(s, row, "/etc/shadow can be read by root only");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct str word = password_of(shadow, all[i].name);

		if (word.len == 0 && can_log_in(all[i].shell))
			station_list_add(&l,
			    arena_printf(s->a, "%.*s without a password",
				STR_ARG(all[i].name)));
		else if (all[i].uid != 0 && word.len > 0 && word.at[0] != '!' &&
		    word.at[0] != '*' && can_log_in(all[i].shell) &&
		    !station_is_kiosk(all[i].shell))
			station_list_add(&l, all[i].name);
	}
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "root and auditors, by password");
}

static void
look_files(struct station *s, struct station_row *row)
{
	static const char *const files[] = { ".ssh/authorized_keys",
		".ssh/authorized_keys2", ".rhosts", ".shosts", ".forward",
		".pam_environment" };
	struct station_account *all;
	struct station_list l = { 0 };
	size_t n;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		if (!station_is_kiosk(all[i].shell))
			continue;
		for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
			const char *path = station_path(s, "%.*s/%s",
			    STR_ARG(all[i].home), files[k]);

			if (station_there(s, path))
				station_list_add(&l, str_of(path));
		}
		if (station_there(s,
			station_path(s, "/var/spool/cron/crontabs/%.*s",
			    STR_ARG(all[i].name))))
			station_list_add(&l,
			    arena_printf(s->a, "a crontab of %.*s",
				STR_ARG(all[i].name)));
	}
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "none");
}

static void
look_rooms(struct station *s, struct station_row *row)
{
	static const char *const names[] = { "vitrine-read", "vitrine-notes" };
	struct station_account *all, *mine[2] = { NULL, NULL };
	size_t n, shared = 0;

	if (!accounts(s, row, &all, &n))
		return;
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			if (str_eq(all[i].name, str_of(names[k])))
				mine[k] = &all[i];
	if (mine[0] == NULL || mine[1] == NULL) {
		station_says(s, row, false, "there is no account %s",
		    names[mine[0] == NULL ? 0 : 1]);
		return;
	}
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 2; k++)
			shared +=
			    &all[i] != mine[k] && all[i].uid == mine[k]->uid;
	station_says(s, row,
	    shared == 0 && mine[0]->uid != 0 && mine[1]->uid != 0 &&
		!can_log_in(mine[0]->shell) && !can_log_in(mine[1]->shell),
	    "%s is %u, %s is %u%s", names[0], mine[0]->uid, names[1],
	    mine[1]->uid, shared > 0 ? ", and others have the same" : "");
}

const struct station_test station_people_tests[] = {
	{ "kiosk-shells", "vitrine-kiosk is no shell to change to",
	    "take the line out of /etc/shells", look_shells },
	{ "auditors", "auditors log in to the session, and to nothing else",
	    "vitrine-lab station install SESSION makes their accounts",
	    look_auditors },
	{ "auditor-groups", "auditors may open no device",
	    "gpasswd -d NAME GROUP", look_groups },
	{ "auditor-files", "nothing of an auditor lets others in", "remove it",
	    look_files },
	{ "uid-zero", "one account is root", "userdel NAME", look_zero },
	{ "become-auditor", "nobody but root can become the auditor",
	    "apt-get purge sudo, or take the lines out with visudo; gpasswd "
	    "-d NAME GROUP",
	    look_become },
	{ "other-accounts", "only root and auditors have a password",
	    "passwd -l NAME; passwd NAME for an account without one",
	    look_others },
	{ "room-accounts", "reader and vault have users of their own",
	    "vitrine-lab station install makes vitrine-read and "
	    "vitrine-notes",
	    look_rooms },
	{ 0 },
};
