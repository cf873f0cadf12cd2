#include "policy/station.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/t.h"

/*
 * A machine of which everything holds, then one thing wrong at a time: what
 * a row says of the good one is the control of what it says of the bad one.
 */
enum { NOW = 1783324800 };

static char top[] = "/tmp/t-station-XXXXXX";

struct file {
	const char *path, *text; /* NULL: is not there; "->x": a link to x */
};

#define HEAD "  sl  local_address rem_address   st\n"
#define LO_TCP "   0: 0100007F:1F90 00000000:0000 0A 00000000\n"
#define MOUNTS                                                             \
	"20 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/root rw\n" \
	"21 20 0:30 / /tmp rw,nosuid,nodev,noexec - tmpfs tmp rw\n"        \
	"22 20 0:31 / /dev/shm rw,nosuid,nodev,noexec - tmpfs shm rw\n"    \
	"23 20 253:1 /x /var/tmp rw,nosuid,nodev,noexec - ext4 x rw\n"     \
	"24 20 253:1 /y /var/lib/vitrine rw,nosuid,nodev,noexec - ext4 "   \
	"/dev/mapper/root rw\n"                                            \
	"25 20 7:1 / /srv/vitrine/acme ro,nosuid,nodev,noexec - squashfs " \
	"/dev/loop1 ro\n"
#define PASSWD                                                      \
	"root:x:0:0:root:/root:/bin/bash\n"                         \
	"daemon:x:1:1::/usr/sbin:/usr/sbin/nologin\n"               \
	"vitrine-read:x:970:970::/nonexistent:/usr/sbin/nologin\n"  \
	"vitrine-notes:x:971:971::/nonexistent:/usr/sbin/nologin\n" \
	"jane:x:1001:1001::/home/jane:/usr/local/bin/vitrine-kiosk\n"

#define CAPABLE "^cap_setuid,^cap_setgid,^cap_kill "

static const struct file good[] = {
	{ "/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n" },
	{ "/proc/sys/kernel/random/boot_id", "b00t\n" },
	{ "/proc/sys/kernel/sysrq", "0\n" },
	{ "/proc/sys/kernel/yama/ptrace_scope", "2\n" },
	{ "/proc/sys/kernel/core_pattern", "|/bin/false\n" },
	{ "/proc/sys/fs/suid_dumpable", "0\n" },
	{ "/proc/sys/user/max_user_namespaces", "0\n" },
	{ "/proc/sys/dev/tty/legacy_tiocsti", "0\n" },
	{ "/proc/sys/kernel/dmesg_restrict", "1\n" },
	{ "/proc/sys/kernel/seccomp/actions_avail", "kill_process trap\n" },
	{ "/sys/kernel/security/lsm", "lockdown,landlock,yama\n" },
	{ "/proc/swaps", "Filename\tType\tSize\n" },
	{ "/sys/class/rtc/rtc0/since_epoch", "1783324803\n" },
	{ "/sys/class/net/lo/operstate", "unknown\n" },
	{ "/proc/net/fib_trie",
	    "Local:\n     |-- 127.0.0.1\n        /32 host LOCAL\n" },
	{ "/proc/net/if_inet6",
	    "00000000000000000000000000000001 01 80 10 80       lo\n" },
	{ "/proc/net/tcp", HEAD LO_TCP },
	{ "/proc/net/udp", HEAD },
	{ "/sys/bus/usb/devices/usb1/authorized_default", "0\n" },
	{ "/sys/block/sda/removable", "0\n" },
	{ "/sys/dev/block/253:1/dm/uuid", "CRYPT-LUKS2-xyz\n" },
	{ "/proc/1/comm", "systemd\n" },
	{ "/proc/1/ns/net", "->net:[4026531840]" },
	{ "/proc/self/ns/net", "->net:[4026531840]" },
	{ "/proc/500/comm", "agetty\n" },
	{ "/proc/500/cmdline", "agetty -o -p -- \\u tty1 linux" },
	{ "/proc/500/stat", "500 (agetty) S 1 500 500 1025 500\n" },
	{ "/proc/self/mountinfo", MOUNTS },
	{ "/usr/bin/true", "" },
	{ "/boot/grub/grub.cfg", "set superusers=x\npassword_pbkdf2 x y\n" },
	{ "/etc/modprobe.d/vitrine.conf",
	    "install usb-storage /bin/false\ninstall uas /bin/false\n" },
	{ "/etc/systemd/logind.conf.d/v.conf",
	    "[Login]\nNAutoVTs=0\nReserveVT=0\n" },
	{ "/etc/systemd/system/serial-getty@.service", "" },
	{ "/etc/systemd/system/debug-shell.service", "" },
	{ "/etc/systemd/system/ctrl-alt-del.target", "" },
	{ "/etc/systemd/system/getty.target.wants/getty@tty1.service", "" },
	{ "/etc/fstab", "/dev/mapper/root / ext4 defaults 0 1\n" },
	{ "/etc/shells", "/bin/sh\n/bin/bash\n" },
	{ "/etc/passwd", PASSWD },
	{ "/etc/shadow",
	    "root:$y$x:1::::::\njane:$y$z:1::::::\n"
	    "vitrine-read:!:1::::::\ndaemon:*:1::::::\n" },
	{ "/etc/nsswitch.conf",
	    "# x\npasswd: files systemd # ldap\nhosts: files dns\n" },
	{ "/etc/vitrine/rooms.conf",
	    "# x\nreading 970 970 /var/lib/vitrine/reading\n"
	    "notes 971 971 /var/lib/vitrine/record\n" },
	{ "/etc/vitrine/capability.conf", CAPABLE "jane\n" },
	{ "/etc/pam.d/login",
	    "-auth optional pam_cap.so keepcaps defer "
	    "config=/etc/vitrine/capability.conf\n" },
	{ "/usr/lib/x86_64-linux-gnu/security/pam_cap.so", "" },
	{ "/etc/group", "root:x:0:\ntty:x:5:\ndisk:x:6:\njane:x:1001:\n" },
	{ "/etc/vitrine/kiosk.conf",
	    "vitrine /usr/local/bin/vitrine\ndata /var/lib/vitrine\n"
	    "session acme /srv/vitrine/acme for=1001\n" },
	{ "/usr/local/bin/vitrine", "" },
	{ "/usr/local/bin/vitrine-kiosk", "" },
	{ "/usr/local/bin/vitrine-lab", "" },
	{ "/usr/local/libexec/vitrine/room_desk", "" },
};

enum { GOOD = sizeof good / sizeof *good };

static void
put(const char *path, const char *text)
{
	char full[512], *p;
	FILE *f;

	snprintf(full, sizeof full, "%s%s", top, path);
	for (p = full + strlen(top) + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	if (text == NULL) {
		/* and the folders that were made for it alone */
		unlink(full);
		while ((p = strrchr(full, '/')) != NULL &&
		    p > full + strlen(top)) {
			*p = '\0';
			if (rmdir(full) != 0)
				break;
		}
		return;
	}
	unlink(full);
	if (strncmp(text, "->", 2) == 0) {
		assert_int_equal(symlink(text + 2, full), 0);
		return;
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(full, 0644), 0);
}

static const char *
good_text(const char *path)
{
	for (size_t i = 0; i < GOOD; i++)
		if (strcmp(good[i].path, path) == 0)
			return good[i].text;
	return NULL;
}

static int
make_tree(void **state)
{
	(void)state;
	umask(022);
	if (mkdtemp(top) == NULL)
		return -1;
	for (size_t i = 0; i < GOOD; i++)
		put(good[i].path, good[i].text);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static int
remove_tree(void **state)
{
	(void)state;
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct station_row
row_of(struct arena *a, const char *key)
{
	struct station_report r;
	const struct station_row *row;

	station_check(&r, a, top, NOW);
	row = station_find(&r, str_of(key));
	assert_non_null(row);
	return *row;
}

static void
everything_holds_on_a_station_that_is_one(void **state)
{
	struct station_report r;
	struct arena a = { 0 };

	(void)state;
	station_check(&r, &a, top, NOW);
	for (size_t i = 0; i < r.n; i++)
		if (r.rows[i].state != STATION_HOLDS)
			print_error("%s %s: %.*s\n", r.rows[i].key,
			    station_state_name(r.rows[i].state),
			    STR_ARG(r.rows[i].found));
	assert_true(r.n > 30);
	assert_int_equal(station_count(&r, STATION_HOLDS), r.n);
	arena_release(&a);
}

static const struct {
	const char *key;
	struct file file;
	enum station_state state;
	const char *found; /* words that the row must say */
} wrongs[] = {
#define FAILS STATION_FAILS
#define UNKNOWN STATION_UNKNOWN
	{ "sysrq", { "/proc/sys/kernel/sysrq", "438" }, FAILS, "438" },
	{ "sysrq", { "/proc/sys/kernel/sysrq", "x" }, UNKNOWN, "\"x\"" },
	{ "ptrace", { "/proc/sys/kernel/yama/ptrace_scope", "0" }, FAILS,
	    "is 0" },
	{ "ptrace", { "/proc/sys/kernel/yama/ptrace_scope", NULL }, FAILS,
	    "no Yama" },
	{ "core-dumps", { "/proc/sys/kernel/core_pattern", "core" }, FAILS,
	    "\"core\"" },
	{ "core-dumps",
	    { "/proc/sys/kernel/core_pattern", "|/lib/systemd-coredump %P" },
	    FAILS, "systemd-coredump" },
	{ "core-dumps", { "/proc/sys/fs/suid_dumpable", "2" }, FAILS, "is 2" },
	{ "user-namespaces", { "/proc/sys/user/max_user_namespaces", "63" },
	    FAILS, "63" },
	{ "tiocsti", { "/proc/sys/dev/tty/legacy_tiocsti", "1" }, FAILS,
	    "is 1" },
	{ "tiocsti", { "/proc/sys/dev/tty/legacy_tiocsti", NULL }, FAILS,
	    "cannot switch" },
	{ "kernel-settings", { "/proc/sys/kernel/dmesg_restrict", "0" }, FAILS,
	    "dmesg_restrict is 0" },
	{ "seccomp", { "/proc/sys/kernel/seccomp/actions_avail", "log" }, FAILS,
	    "log" },
	{ "landlock", { "/sys/kernel/security/lsm", "yama" }, FAILS, "yama" },
	{ "landlock", { "/sys/kernel/security/lsm", NULL }, UNKNOWN,
	    "cannot be read" },
	{ "swap", { "/proc/swaps", "Filename\n/dev/sda3 partition 1 0 -2\n" },
	    FAILS, "/dev/sda3" },
	{ "swap", { "/etc/fstab", "/dev/sda3 none swap sw 0 0\n" }, FAILS,
	    "/etc/fstab has 1" },
	{ "swap", { "/proc/swaps", NULL }, UNKNOWN, "cannot be read" },
	{ "clock", { "/sys/class/rtc/rtc0/since_epoch", "1783321200" }, FAILS,
	    "3600 s" },
	{ "clock", { "/sys/class/rtc/rtc0/since_epoch", NULL }, UNKNOWN,
	    "no hardware clock" },
	{ "network-interfaces", { "/sys/class/net/eth0/operstate", "down" },
	    FAILS, "eth0 (down)" },
	{ "network-addresses",
	    { "/proc/net/fib_trie",
		"  |-- 192.0.2.7\n     /32 host LOCAL\n"
		"  |-- 192.0.2.255\n     /32 link BROADCAST\n" },
	    FAILS, "192.0.2.7" },
	{ "network-addresses",
	    { "/proc/net/if_inet6",
		"fe800000000000000000000000000001 02 40 20 80 eth0\n" },
	    FAILS, "fe80:0000:0000:0000:0000:0000:0000:0001 on eth0" },
	/* nothing is found where nothing can be seen */
	{ "network-interfaces", { "/proc/self/ns/net", "->net:[7]" }, UNKNOWN,
	    "none from here" },
	{ "network-addresses", { "/proc/self/ns/net", "->net:[7]" }, UNKNOWN,
	    "none from here" },
	{ "network-listeners", { "/proc/1/ns/net", NULL }, UNKNOWN,
	    "none from here" },
	{ "network-listeners",
	    { "/proc/net/tcp",
		HEAD "   0: 00000000:0016 00000000:0000 0A 0\n" },
	    FAILS, "1 TCP" },
	{ "network-listeners",
	    { "/proc/net/udp",
		HEAD "   0: 00000000:0044 00000000:0000 07 0\n" },
	    FAILS, "1 UDP" },
	{ "radio", { "/sys/class/ieee80211/phy0/name", "x" }, FAILS, "phy0" },
	{ "recorders", { "/sys/class/video4linux/video0/name", "x" }, FAILS,
	    "video0" },
	{ "recorders", { "/sys/class/sound/card0/id", "x" }, FAILS, "card0" },
	{ "usb-storage", { "/etc/modprobe.d/vitrine.conf", NULL }, FAILS,
	    "usb-storage, uas" },
	{ "usb-storage",
	    { "/etc/modprobe.d/vitrine.conf",
		"# install uas /bin/false\ninstall usb-storage /bin/false\n" },
	    FAILS, "can be loaded: uas" },
	{ "usb-storage",
	    { "/etc/modprobe.d/vitrine.conf",
		"install uas /bin/false\ninstall usb_storage /bin/true\n" },
	    STATION_HOLDS, "not loaded" },
	/* the first name counts */
	{ "usb-storage",
	    { "/etc/modprobe.d/aa.conf",
		"install usb-storage /sbin/modprobe -i usb-storage\n" },
	    FAILS, "can be loaded: usb-storage" },
	{ "usb-storage", { "/sys/module/usb_storage/refcnt", "0" }, FAILS,
	    "in the kernel now: usb-storage" },
	{ "usb-input", { "/sys/bus/usb/devices/usb2/authorized_default", "1" },
	    FAILS, "usb2" },
	{ "usb-input", { "/sys/bus/usb/devices/usb2/busnum", "2" }, UNKNOWN,
	    "usb2 does not say" },
	{ "removable-disks", { "/sys/block/sdb/removable", "1" }, FAILS,
	    "sdb" },
	{ "removable-disks",
	    { "/sys/block/sdb",
		"->../devices/pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host6/"
		"target6:0:0/6:0:0:0/block/sdb" },
	    FAILS, "sdb" },
	{ "removable-disks",
	    { "/sys/block/sdb",
		"->../devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/"
		"0:0:0:0/block/sdb" },
	    STATION_HOLDS, "none" },
	{ "removable-disks", { "/sys/block/mmcblk0/device/type", "SD\n" },
	    FAILS, "mmcblk0" },
	{ "removable-disks", { "/sys/block/mmcblk0/device/type", "MMC\n" },
	    STATION_HOLDS, "none" }, /* soldered in */
	{ "consoles", { "/etc/systemd/logind.conf.d/v.conf", NULL }, FAILS,
	    "Alt-F2" },
	{ "consoles", { "/etc/systemd/logind.conf.d/z.conf", "NAutoVTs=6\n" },
	    FAILS, "Alt-F2" },
	{ "consoles", { "/etc/systemd/system/serial-getty@.service", NULL },
	    FAILS, "not masked" },
	{ "consoles", { "/proc/501/comm", "agetty\n" }, FAILS, "tty1, a" },
	/* an auditor at the one console, and somebody is asked on another */
	{ "consoles", { "/proc/501/comm", "login\n" }, FAILS, "tty1, a" },
	{ "consoles", { "/proc/500/stat", "500 (a ) S) S 1 500 500 1026 5" },
	    STATION_HOLDS, "one: tty2" },
	{ "consoles", { "/proc/500/stat", "500 (agetty) S 1 500 500 1088 5" },
	    STATION_HOLDS, "one: ttyS0" },
	{ "consoles", { "/proc/500/stat", "500 (agetty) S 1 500 500 34817 5" },
	    STATION_HOLDS, "one: terminal 136:1" },
	{ "consoles", { "/proc/500/stat", "500 (agetty" }, STATION_HOLDS,
	    "one: tty1" },
	{ "consoles",
	    { "/etc/systemd/system/getty.target.wants/getty@tty3.service",
		"x" },
	    FAILS, "at the next start: getty@tty3.service" },
	{ "ctrl-alt-del", { "/etc/systemd/system/ctrl-alt-del.target", "x" },
	    FAILS, "Ctrl-Alt-Del" },
	{ "desktop", { "/proc/700/comm", "Xorg\n" }, FAILS, "Xorg" },
	{ "sshd", { "/usr/sbin/sshd", "" }, FAILS, "ssh.service, ssh.socket" },
	{ "sshd", { "/proc/800/comm", "sshd\n" }, FAILS, "process 800" },
	{ "gpm", { "/proc/801/comm", "gpm\n" }, FAILS, "process 801" },
	{ "boot-password", { "/boot/grub/grub.cfg", "menuentry x\n" }, FAILS,
	    "anybody" },
	{ "boot-password",
	    { "/boot/grub/grub.cfg", "password_pbkdf2 root grub.pbkdf2.x\n" },
	    FAILS, "anybody" },
	{ "boot-password",
	    { "/boot/grub/grub.cfg",
		"set superusers=\"\"\npassword_pbkdf2 root grub.x\n" },
	    FAILS, "anybody" },
	{ "boot-password",
	    { "/boot/grub/grub.cfg",
		"#set superusers=\"root\"\npassword_pbkdf2 root grub.x\n" },
	    FAILS, "anybody" },
	{ "boot-password",
	    { "/boot/grub/grub.cfg",
		"  set superusers=\"root\"\n  password_pbkdf2 root grub.x\n" },
	    STATION_HOLDS, "asks" },
	{ "boot-password", { "/boot/grub/grub.cfg", NULL }, UNKNOWN, "no " },
	{ "kiosk-shells", { "/etc/shells", "/usr/local/bin/vitrine-kiosk\n" },
	    FAILS, "chsh" },
	{ "auditors", { "/etc/passwd", "root:x:0:0::/root:/bin/sh\n" }, FAILS,
	    "no account" },
	{ "auditors", { "/etc/passwd", PASSWD "eve:x:1001:9::/:/bin/bash\n" },
	    FAILS, "eve has /bin/bash" },
	{ "auditors",
	    { "/etc/passwd",
		"jane:x:1001:1001::/home/jane:/bin/sh\n"
		"bob:x:1002:1002::/:/usr/local/bin/vitrine-kiosk\n" },
	    FAILS, "jane has /bin/sh" },
	{ "auditors",
	    { "/etc/passwd", PASSWD "eve:x:1003:1003::/:/bin/bash\n" },
	    STATION_HOLDS, "jane" },
	{ "auditor-groups", { "/etc/group", "tty:x:5:bob,jane\n" }, FAILS,
	    "jane is in tty" },
	{ "auditor-groups", { "/etc/group", "disk:x:1001:\n" }, FAILS,
	    "jane is in disk" },
	{ "auditor-files", { "/home/jane/.ssh/authorized_keys", "" }, FAILS,
	    "authorized_keys" },
	{ "auditor-files", { "/var/spool/cron/crontabs/jane", "" }, FAILS,
	    "crontab of jane" },
	{ "auditor-files", { "/var/lib/systemd/linger/jane", "" }, FAILS,
	    "lingering of jane" },
	{ "uid-zero", { "/etc/passwd", PASSWD "toor:x:0:0::/:/bin/sh\n" },
	    FAILS, "toor" },
	{ "become-auditor", { "/etc/sudoers", "%sudo ALL=(ALL) ALL\n" }, FAILS,
	    "%sudo by sudo" },
	{ "become-auditor", { "/etc/sudoers.d/x", "ann ALL=(jane) ALL\n" },
	    STATION_HOLDS, "root only" }, /* without a sudoers: not read */
	{ "become-auditor", { "/etc/group", "docker:x:9:ann,jane\n" }, FAILS,
	    "jane by group docker" },
	{ "become-auditor", { "/etc/group", "docker:x:1001:\n" }, FAILS,
	    "jane by group docker" },
	{ "become-auditor", { "/etc/group", "docker:x:9:ann\n" }, STATION_HOLDS,
	    "root only" }, /* who has no account is nobody */
	{ "become-auditor", { "/etc/sudoers", "# 1\n#1001 ALL=(ALL) ALL\n" },
	    FAILS, "#1001 by sudo" },
	{ "become-auditor",
	    { "/etc/sudoers", "#include /etc/more\nDefaults x=y\n" }, FAILS,
	    "#include /etc/more, not read" },
	{ "become-auditor",
	    { "/etc/sudoers",
		"@includedir /etc/sudoers.d\nroot ALL=(ALL:ALL) ALL\n" },
	    STATION_HOLDS, "root only" },
	{ "become-auditor", { "/etc/doas.conf", "permit nopass ann as root" },
	    FAILS, "permit nopass ann as root by doas" },
	{ "other-accounts",
	    { "/etc/shadow", "root:$y$x:1::::::\njane::1::::::\n" }, FAILS,
	    "jane without a password" },
	{ "other-accounts",
	    { "/etc/passwd", PASSWD "eve::1003:1003::/:/bin/sh\n" }, FAILS,
	    "eve without a password" },
	{ "other-accounts",
	    { "/etc/passwd", PASSWD "eve:$y$q:1003:1003::/:/bin/sh\n" }, FAILS,
	    "eve" },
	{ "other-accounts",
	    { "/etc/passwd", PASSWD "eve:*:1003:1003::/:/bin/sh\n" },
	    STATION_HOLDS, "by password" },
	{ "other-accounts", { "/etc/nsswitch.conf", "passwd: files ldap\n" },
	    UNKNOWN, "ldap" },
	{ "room-accounts", { "/etc/passwd", "root:x:0:0::/root:/bin/sh\n" },
	    FAILS, "no account vitrine-read" },
	{ "room-accounts",
	    { "/etc/passwd", PASSWD "x:x:971:9::/:/usr/sbin/nologin\n" }, FAILS,
	    "others have the same" },
	{ "room-accounts",
	    { "/usr/lib/x86_64-linux-gnu/security/pam_cap.so", NULL }, FAILS,
	    "there is no pam_cap.so" },
	{ "room-accounts",
	    { "/etc/pam.d/login",
		"#-auth optional pam_cap.so /etc/vitrine/capability.conf\n" },
	    FAILS, "/etc/pam.d/login has no pam_cap.so" },
	{ "room-accounts",
	    { "/etc/vitrine/capability.conf", CAPABLE "mary-jane\n" }, FAILS,
	    "jane cannot become them" },
	{ "room-accounts",
	    { "/etc/vitrine/rooms.conf",
		"reading 970 970 /x\nnotes 970 970 /x\n" },
	    FAILS, "notes rooms are 971" },
	{ "session-mounts",
	    { "/proc/self/mountinfo",
		"20 1 253:1 / / ro,nosuid,nodev,noexec - ext4 r rw\n" },
	    FAILS, "acme is no mount" },
	{ "session-mounts",
	    { "/proc/self/mountinfo",
		"25 20 7:1 / /srv/vitrine/acme rw,nosuid,nodev - ext4 x rw\n" },
	    FAILS, "lacks ro, noexec" },
	{ "session-mounts", { "/etc/vitrine/kiosk.conf", NULL }, UNKNOWN,
	    "no /etc/vitrine/kiosk.conf" },
	{ "session-mounts", { "/etc/vitrine/kiosk.conf", "session x" }, FAILS,
	    "line 1" },
	{ "data-mount",
	    { "/proc/self/mountinfo", "20 1 253:1 / / rw - ext4 r rw\n" },
	    FAILS, "lies on /" },
	{ "shared-mounts",
	    { "/proc/self/mountinfo", "20 1 253:1 / / rw - ext4 r rw\n" },
	    FAILS, "/tmp lacks" },
	{ "data-encrypted", { "/sys/dev/block/253:1/dm/uuid", "LVM-x" }, FAILS,
	    "plain" },
	{ "programs", { "/usr/local/libexec/vitrine/room_desk", NULL }, FAILS,
	    "no rooms" },
	{ "programs", { "/usr/local/bin/vitrine", NULL }, FAILS,
	    "is not there" },
	{ "programs", { "/usr/local/bin/vitrine-kiosk", NULL }, FAILS,
	    "vitrine-kiosk is not there" },
	{ "programs", { "/usr/local/bin/vitrine", "->../../bin/true" },
	    STATION_HOLDS, "root's" },
	{ "programs", { "/usr/local/bin/vitrine", "->/usr/bin/true" },
	    STATION_HOLDS, "root's" },
	{ "programs", { "/usr/local/bin/vitrine", "->vitrine" }, FAILS,
	    "leads too far" },
	{ "programs", { "/usr/local/bin/vitrine", "->/home/none" }, FAILS,
	    "is not there" },
};

static void
one_thing_wrong_is_seen_and_said(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		struct arena a = { 0 };
		struct station_row row;

		put(wrongs[i].file.path, wrongs[i].file.text);
		row = row_of(&a, wrongs[i].key);
		if (row.state != wrongs[i].state ||
		    str_find(row.found, str_of(wrongs[i].found), 0) ==
			SIZE_MAX ||
		    (row.state != STATION_HOLDS && row.remedy.len == 0)) {
			print_error("%s, %s: %s: %.*s\n", wrongs[i].key,
			    wrongs[i].file.path, station_state_name(row.state),
			    STR_ARG(row.found));
			bad++;
		}
		put(wrongs[i].file.path, good_text(wrongs[i].file.path));
		arena_release(&a);
	}
	assert_int_equal(bad, 0);
}

static void
whoever_could_change_them_is_seen(void **state)
{
	static const struct {
		const char *key, *path;
	} files[] = {
		{ "kiosk-list", "/etc/vitrine/kiosk.conf" },
		{ "kiosk-list", "/etc/vitrine" },
		{ "programs", "/usr/local/bin/vitrine" },
		{ "programs", "/usr/local/libexec/vitrine/room_desk" },
		{ "programs", "/usr/local" },
		{ "programs", "/usr/local/bin/vitrine-kiosk" },
		{ "programs", "/usr/local/bin/vitrine-lab" },
		/* behind a link */
		{ "programs", "/opt/v/bin" },
		{ "programs", "/opt/v" },
	};

	(void)state;
	put("/opt/v/bin/vitrine", "");
	put("/usr/local/bin/vitrine", "->../../../opt/v/bin/vitrine");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct arena a = { 0 };
		char full[128];
		struct stat st;

		snprintf(full, sizeof full, "%s%s", top, files[i].path);
		assert_int_equal(stat(full, &st), 0);
		assert_int_equal(chmod(full, st.st_mode | 020), 0);
		assert_int_equal(row_of(&a, files[i].key).state, STATION_FAILS);
		assert_int_equal(chmod(full, st.st_mode), 0);
		assert_int_equal(row_of(&a, files[i].key).state, STATION_HOLDS);
		arena_release(&a);
	}
	put("/usr/local/bin/vitrine", "");
	put("/opt/v/bin/vitrine", NULL);
}

/* What a login without a network sees, and what the unit saw from outside. */
static void
a_login_that_sees_no_network_takes_the_units_word(void **state)
{
	struct station_report r;
	struct arena a = { 0 };

	(void)state;
	put("/proc/self/ns/net", "->net:[7]");
	for (int holds = 0; holds < 2; holds++) {
		put("/run/vitrine/station",
		    holds ? "vitrine-station 1\nboot b00t\n"
			    "holds network-addresses\n" :
			    "vitrine-station 1\nboot b00t\n"
			    "fails network-addresses\n");
		station_check(&r, &a, top, NOW);
		station_state_add(&r, &a, top, getuid());
		assert_int_equal(station_find(&r, STR("network-addresses"))
				     ->state,
		    holds ? STATION_HOLDS : STATION_UNKNOWN);
	}
	put("/run/vitrine/station", NULL);
	put("/proc/self/ns/net", good_text("/proc/self/ns/net"));
	arena_release(&a);
}

static void
a_stick_that_was_let_in_is_to_be_shut_out_again(void **state)
{
	static const char *const keys[] = { "usb-storage", "usb-input" };
	struct arena a = { 0 };

	(void)state;
	put("/sys/module/usb_storage/refcnt", "0");
	put("/sys/bus/usb/devices/usb1/authorized_default", "1");
	for (int carried = 0; carried < 2; carried++) {
		put("/run/vitrine-carry", carried ? "" : NULL);
		for (size_t i = 0; i < 2; i++) {
			struct station_row row = row_of(&a, keys[i]);

			assert_int_equal(row.state, STATION_FAILS);
			assert_int_equal(str_find(row.remedy,
					     STR("stop vitrine-carry"),
					     0) != SIZE_MAX,
			    carried);
		}
	}
	put("/run/vitrine-carry", NULL);
	put("/sys/module/usb_storage/refcnt", NULL);
	put("/sys/bus/usb/devices/usb1/authorized_default", "0\n");
	arena_release(&a);
}

static void
an_empty_tree_is_never_called_a_station(void **state)
{
	struct station_report r;
	struct arena a = { 0 };

	(void)state;
	station_check(&r, &a, "/nonexistent", NOW);
	for (size_t i = 0; i < r.n; i++)
		if (r.rows[i].state == STATION_HOLDS)
			print_error("%s: %.*s\n", r.rows[i].key,
			    STR_ARG(r.rows[i].found));
	assert_int_equal(station_count(&r, STATION_HOLDS), 0);
	arena_release(&a);
}

/* What the unit wrote counts for what one cannot tell, and for no more. */
static void
the_units_word_counts_when_only_root_can_have_written_it(void **state)
{
	static const char *const lies[] = {
		"vitrine-station 1\nboot other\nholds landlock\nholds sysrq\n",
		"vitrine-station 2\nboot b00t\nholds landlock\n",
		"boot b00t\nholds landlock\n",
		"",
	};
	struct station_report r;
	struct arena a = { 0 };

	(void)state;
	put("/sys/kernel/security/lsm", NULL);
	put("/proc/sys/kernel/sysrq", "1");
	put("/run/vitrine/station",
	    "vitrine-station 1\nboot b00t\nholds landlock\nholds sysrq\n");
	station_check(&r, &a, top, NOW);
	station_state_add(&r, &a, top, getuid());
	assert_int_equal(station_find(&r, STR("landlock"))->state,
	    STATION_HOLDS);
	/* what can be seen to be wrong stays wrong */
	assert_int_equal(station_find(&r, STR("sysrq"))->state, STATION_FAILS);

	station_check(&r, &a, top, NOW);
	station_state_add(&r, &a, top, getuid() + 1);
	assert_int_equal(station_find(&r, STR("landlock"))->state,
	    STATION_UNKNOWN);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		put("/run/vitrine/station", lies[i]);
		station_check(&r, &a, top, NOW);
		station_state_add(&r, &a, top, getuid());
		assert_int_equal(station_find(&r, STR("landlock"))->state,
		    STATION_UNKNOWN);
	}
	put("/run/vitrine/station", NULL);
	put("/sys/kernel/security/lsm", good_text("/sys/kernel/security/lsm"));
	put("/proc/sys/kernel/sysrq", "0");
	arena_release(&a);
}

static void
rules_that_want_a_row_are_refused_without_it(void **state)
{
	const struct str unknown = STR("no-such-row");
	struct buf text = { 0 };

	(void)state;
	assert_int_equal(station_require(NULL, 0, &text), ERR_NONE);
	assert_int_equal(station_require(&unknown, 1, &text), ERR_DENIED);
	assert_non_null(strstr(err_text(), "no-such-row"));
	err_clear();
	assert_false(station_known(unknown));
	assert_true(station_known(STR("sysrq")));
	buf_release(&text);
}

static void
the_table_fits_eighty_columns(void **state)
{
	struct station_report r;
	struct arena a = { 0 };
	struct buf text = { 0 };
	struct str rest, line;

	(void)state;
	station_check(&r, &a, "/nonexistent", NOW);
	station_table(&r, true, &text);
	rest = buf_view(&text);
	assert_true(rest.len > 1000);
	while (str_cut(&rest, '\n', &line))
		assert_true(line.len <= 80);
	buf_release(&text);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_holds_on_a_station_that_is_one),
		cmocka_unit_test(one_thing_wrong_is_seen_and_said),
		cmocka_unit_test(whoever_could_change_them_is_seen),
		cmocka_unit_test(
		    a_login_that_sees_no_network_takes_the_units_word),
		cmocka_unit_test(
		    a_stick_that_was_let_in_is_to_be_shut_out_again),
		cmocka_unit_test(an_empty_tree_is_never_called_a_station),
		cmocka_unit_test(
		    the_units_word_counts_when_only_root_can_have_written_it),
		cmocka_unit_test(rules_that_want_a_row_are_refused_without_it),
		cmocka_unit_test(the_table_fits_eighty_columns),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
