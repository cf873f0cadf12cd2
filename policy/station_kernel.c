/*
 * Rows about the kernel: what it lets a process do, where memory may end up,
 * and its clock.
 */
#include "policy/station_inside.h"

#include <string.h>
#include <time.h>

/* A setting that was found in a file of /etc/sysctl.d: what the next start
 * will make of it. */
static struct str
will_be(struct station *s, const char *dots)
{
	static const char *const folders[] = { "/etc/sysctl.d",
		"/usr/lib/sysctl.d" };
	struct str value = STR(""), text, line, key;
	struct io_names names;

	for (size_t f = 0; f < 2 && value.len == 0; f++) {
		(void)station_names(s, &names, folders[f]);
		for (size_t i = 0; i < names.len; i++) {
			(void)station_text(s, &text,
			    station_path(s, "%s/%s", folders[f],
				names.at[i].at));
			while (str_cut(&text, '\n', &line)) {
				if (!str_cut(&line, '=', &key))
					continue;
				key = str_trim(key);
				if (str_starts(key, STR("-")))
					key = str_slice(key, 1, key.len);
				if (str_eq(key, str_of(dots)))
					value = str_trim(line);
			}
		}
	}
	return value;
}

/* "kernel.sysrq" below /proc/sys.  False, and the row says why, when there is
 * nothing to read. */
static bool
setting(struct station *s, struct station_row *row, const char *dots,
    struct str *value)
{
	struct buf path = { 0 };
	enum station_got got;
	struct str later;

	buf_str(&path, STR("/proc/sys/"));
	for (const char *p = dots; *p != '\0'; p++)
		buf_char(&path, *p == '.' ? '/' : *p);
	got = station_text(s, value, path.at);
	if (got == STATION_READ) {
		buf_release(&path);
		return true;
	}
	later = will_be(s, dots);
	if (later.len > 0 && !station_there(s, "/proc/sys/kernel"))
		station_cannot(s, row,
		    "this system does not run; /etc/sysctl.d sets %s to %.*s",
		    dots, STR_ARG(later));
	else
		station_cannot(s, row, "%s cannot be read", path.at);
	buf_release(&path);
	return false;
}

/* A whole number of at least this; or exactly. */
static void
at_least(struct station *s, struct station_row *row, const char *dots,
    uint64_t least, uint64_t most)
{
	struct str value;
	uint64_t n;

	if (!setting(s, row, dots, &value))
		return;
	if (str_number(value, UINT64_MAX, &n) != ERR_NONE)
		station_cannot(s, row, "%s is \"%.*s\"", dots, STR_ARG(value));
	else
		station_says(s, row, n >= least && n <= most, "%s is %.*s",
		    dots, STR_ARG(value));
}

static void
look_sysrq(struct station *s, struct station_row *row)
{
	at_least(s, row, "kernel.sysrq", 0, 0);
	if (!station_there(s, "/proc/sys/kernel/sysrq") &&
	    station_there(s, "/proc/sys/kernel/osrelease"))
		station_says(s, row, true, "this kernel takes none");
}

static void
look_ptrace(struct station *s, struct station_row *row)
{
	at_least(s, row, "kernel.yama.ptrace_scope", 2, 3);
	if (!station_there(s, "/proc/sys/kernel/yama") &&
	    station_there(s, "/proc/sys/kernel/osrelease"))
		station_says(s, row, false,
		    "this kernel has no Yama: processes of one user may trace "
		    "each other");
}

static void
look_userns(struct station *s, struct station_row *row)
{
	struct str value;

	if (station_text(s, &value,
		"/proc/sys/kernel/unprivileged_userns_clone") == STATION_READ &&
	    str_eq(value, STR("0")))
		station_says(s, row, true,
		    "kernel.unprivileged_userns_clone is 0");
	else
		at_least(s, row, "user.max_user_namespaces", 0, 0);
}

static void
look_cores(struct station *s, struct station_row *row)
{
	struct str pattern, suid;

	if (!setting(s, row, "kernel.core_pattern", &pattern) ||
	    !setting(s, row, "fs.suid_dumpable", &suid))
		return;
	station_says(s, row,
	    (str_eq(pattern, STR("|/bin/false")) ||
		str_eq(pattern, STR("|/usr/bin/false"))) &&
		str_eq(suid, STR("0")),
	    "kernel.core_pattern is \"%.*s\", fs.suid_dumpable is %.*s",
	    STR_ARG(pattern), STR_ARG(suid));
}

static void
look_tiocsti(struct station *s, struct station_row *row)
{
	struct str value;

	if (station_text(s, &value, "/proc/sys/dev/tty/legacy_tiocsti") ==
	    STATION_READ)
		station_says(s, row, str_eq(value, STR("0")),
		    "dev.tty.legacy_tiocsti is %.*s", STR_ARG(value));
	else if (station_there(s, "/proc/sys/kernel/osrelease"))
		station_says(s, row, false,
		    "this kernel cannot switch TIOCSTI off; the filter of "
		    "vitrine-kiosk stops it for the auditor's programs");
	else
		station_cannot(s, row, "dev.tty.legacy_tiocsti cannot be read");
}

/* Each is a small door; together one row. */
static void
look_hardening(struct station *s, struct station_row *row)
{
	static const struct {
		const char *dots;
		uint64_t least, most;
	} wanted[] = {
		{ "kernel.unprivileged_bpf_disabled", 1, 2 },
		{ "kernel.dmesg_restrict", 1, 1 },
		{ "kernel.kptr_restrict", 1, 2 },
		{ "kernel.perf_event_paranoid", 2, 4 },
		{ "fs.protected_symlinks", 1, 1 },
		{ "fs.protected_hardlinks", 1, 1 },
		{ "fs.protected_fifos", 1, 2 },
		{ "fs.protected_regular", 1, 2 },
		{ "kernel.kexec_load_disabled", 1, 1 },
	};
	struct station_list open = { 0 };
	size_t read = 0;

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		struct station_row one = { 0 };

		at_least(s, &one, wanted[i].dots, wanted[i].least,
		    wanted[i].most);
		read += one.state != STATION_UNKNOWN;
		if (one.state == STATION_FAILS)
			station_list_add(&open, one.found);
	}
	if (read == 0)
		station_cannot(s, row, "/proc/sys cannot be read");
	else if (open.n > 0)
		station_says_list(s, row, false, "", &open);
	else
		station_says(s, row, true, "%zu settings", read);
}

static void
look_seccomp(struct station *s, struct station_row *row)
{
	struct str value;

	if (station_text(s, &value, "/proc/sys/kernel/seccomp/actions_avail") !=
	    STATION_READ)
		station_cannot(s, row,
		    "/proc/sys/kernel/seccomp/actions_avail cannot be read");
	else
		station_says(s, row,
		    str_find(value, STR("kill_process"), 0) != SIZE_MAX,
		    "actions: %.*s", STR_ARG(value));
}

static void
look_landlock(struct station *s, struct station_row *row)
{
	struct str lsm, release;

	if (station_text(s, &release, "/proc/sys/kernel/osrelease") !=
	    STATION_READ)
		release = STR("unknown");
	if (station_text(s, &lsm, "/sys/kernel/security/lsm") != STATION_READ)
		station_cannot(s, row,
		    "/sys/kernel/security/lsm cannot be read (kernel %.*s)",
		    STR_ARG(release));
	else
		station_says(s, row,
		    str_find(lsm, STR("landlock"), 0) != SIZE_MAX,
		    "kernel %.*s with %.*s", STR_ARG(release), STR_ARG(lsm));
}

/* Lines of /etc/fstab that would swap at the next start. */
static size_t
fstab_swaps(struct station *s)
{
	struct str text, line, word;
	size_t n = 0;

	(void)station_text(s, &text, "/etc/fstab");
	while (str_cut(&text, '\n', &line)) {
		if (!station_word(&line, &word) || word.at[0] == '#' ||
		    !station_word(&line, &word) || !station_word(&line, &word))
			continue;
		n += str_eq(word, STR("swap"));
	}
	return n;
}

static void
look_swap(struct station *s, struct station_row *row)
{
	struct str text, line, word;
	struct station_list on = { 0 };
	size_t planned = fstab_swaps(s);

	if (station_text(s, &text, "/proc/swaps") != STATION_READ) {
		if (planned > 0)
			station_says(s, row, false, "/etc/fstab has %zu",
			    planned);
		else
			station_cannot(s, row, "/proc/swaps cannot be read");
		return;
	}
	(void)str_cut(&text, '\n', &line); /* the head of the table */
	while (str_cut(&text, '\n', &line))
		if (station_word(&line, &word))
			station_list_add(&on, word);
	if (on.n > 0)
		station_says_list(s, row, false, "", &on);
	else if (planned > 0)
		station_says(s, row, false,
		    "none is in use, but /etc/fstab has %zu", planned);
	else
		station_says(s, row, true, "none");
}

static void
look_clock(struct station *s, struct station_row *row)
{
	enum { APART = 120 };
	struct str text;
	uint64_t rtc;
	int64_t apart;

	if (station_text(s, &text, "/sys/class/rtc/rtc0/since_epoch") !=
		STATION_READ ||
	    str_number(text, INT64_MAX, &rtc) != ERR_NONE) {
		station_cannot(s, row,
		    "there is no hardware clock to compare with");
		return;
	}
	apart = (int64_t)rtc - s->now;
	station_says(s, row, apart <= APART && apart >= -APART,
	    "system and hardware clock are %lld s apart",
	    (long long)(apart < 0 ? -apart : apart));
}

const struct station_test station_kernel_tests[] = {
	{ "swap", "no memory is written to a disk",
	    "swapoff -a, and take the swap lines out of /etc/fstab",
	    look_swap },
	{ "core-dumps", "a program that dies leaves no memory behind",
	    "sysctl kernel.core_pattern='|/bin/false' fs.suid_dumpable=0",
	    look_cores },
	{ "ptrace", "only the administrator may look into other processes",
	    "sysctl kernel.yama.ptrace_scope=2", look_ptrace },
	{ "user-namespaces", "nobody becomes root in a namespace",
	    "sysctl user.max_user_namespaces=0", look_userns },
	{ "sysrq", "the keyboard gives the kernel no orders",
	    "sysctl kernel.sysrq=0", look_sysrq },
	{ "tiocsti", "nobody can type into another's terminal",
	    "sysctl dev.tty.legacy_tiocsti=0 (needs Linux 6.2 or later: "
	    "Debian 12 has it in bookworm-backports)",
	    look_tiocsti },
	{ "kernel-settings", "other doors into the kernel are shut",
	    "vitrine-lab station install writes /etc/sysctl.d/90-vitrine.conf; "
	    "sysctl --system",
	    look_hardening },
	{ "seccomp", "the kernel can stop system calls",
	    "boot a kernel with CONFIG_SECCOMP_FILTER (Debian's has it)",
	    look_seccomp },
	{ "landlock", "the kernel can shut folders",
	    "boot Debian's kernel without lsm= on its command line; mount "
	    "securityfs on /sys/kernel/security to see it",
	    look_landlock },
	{ "clock", "system and hardware clock agree",
	    "set both by one you trust: date -s '2026-07-06 09:00'; hwclock "
	    "--systohc --utc",
	    look_clock },
	{ 0 },
};
