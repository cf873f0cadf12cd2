#include "policy/station_texts.h"

#include <stddef.h>

static const char sysctl[] = "# written by vitrine-lab station install\n"
			     "kernel.sysrq = 0\n"
			     "kernel.yama.ptrace_scope = 2\n"
			     "kernel.core_pattern = |/bin/false\n"
			     "kernel.unprivileged_bpf_disabled = 1\n"
			     "kernel.dmesg_restrict = 1\n"
			     "kernel.kptr_restrict = 2\n"
			     "kernel.perf_event_paranoid = 3\n"
			     "kernel.kexec_load_disabled = 1\n"
			     "fs.suid_dumpable = 0\n"
			     "fs.protected_symlinks = 1\n"
			     "fs.protected_hardlinks = 1\n"
			     "fs.protected_fifos = 2\n"
			     "fs.protected_regular = 2\n"
			     "user.max_user_namespaces = 0\n"
			     "# Linux 6.2 and later\n"
			     "-dev.tty.legacy_tiocsti = 0\n";

static const char modules[] =
    "# written by vitrine-lab station install: never loaded\n"
    "install usb-storage /bin/false\n"
    "install uas /bin/false\n"
    "install firewire-sbp2 /bin/false\n"
    "install bluetooth /bin/false\n"
    "install btusb /bin/false\n"
    "install uvcvideo /bin/false\n"
    "install snd-usb-audio /bin/false\n"
    "install usbnet /bin/false\n"
    "install cdc-acm /bin/false\n";

static const char udev[] =
    "# written by vitrine-lab station install\n"
    "# Of what is plugged in only keyboards (03) and hubs (09) are used, but\n"
    "# for a stick while root has vitrine-carry.service started; its stop\n"
    "# asks again for each interface (change), which unbinds its driver.\n"
    "ACTION==\"add|change\", SUBSYSTEM==\"usb\", "
    "TEST!=\"/run/vitrine-carry\", "
    "ENV{DEVTYPE}==\"usb_interface\", "
    "ATTR{bInterfaceClass}!=\"03|09\", ATTR{authorized}=\"0\"\n"
    "# The console's memory, cameras and sound are root's alone.\n"
    "KERNEL==\"vcs*\", OWNER=\"root\", GROUP=\"root\", MODE=\"0600\"\n"
    "SUBSYSTEM==\"video4linux\", OWNER=\"root\", GROUP=\"root\", "
    "MODE=\"0600\"\n"
    "SUBSYSTEM==\"sound\", OWNER=\"root\", GROUP=\"root\", "
    "MODE=\"0600\"\n";

static const char usb_late[] =
    "# written by vitrine-lab station install: once what belongs to the\n"
    "# station is there, nothing that is plugged in is used any more\n"
    "w- /sys/bus/usb/devices/usb*/authorized_default - - - - 0\n";

const char station_texts_usb[] =
    "# written by vitrine-lab station install\n"
    "[Unit]\n"
    "Description=Vitrine: nothing that is plugged in from now on is used\n"
    "Documentation=man:vitrine-lab(1)\n"
    "Wants=systemd-udev-settle.service\n"
    "After=systemd-udev-settle.service\n"
    "\n"
    "[Service]\n"
    "Type=oneshot\n"
    "RemainAfterExit=yes\n"
    "ExecStart=/usr/bin/systemd-tmpfiles --create /etc/vitrine/usb.conf\n";

static const char logind[] = "# written by vitrine-lab station install\n"
			     "[Login]\n"
			     "NAutoVTs=0\n"
			     "ReserveVT=0\n"
			     "KillUserProcesses=yes\n"
			     "HandleRebootKey=ignore\n"
			     "HandleSuspendKey=ignore\n"
			     "HandleHibernateKey=ignore\n"
			     "HandleLidSwitch=ignore\n";

static const char limits[] = "# written by vitrine-lab station install\n"
			     "* hard core 0\n"
			     "* hard nproc 512\n"
			     "* hard memlock 262144\n"
			     "* soft memlock 262144\n";

static const char coredump[] = "# written by vitrine-lab station install\n"
			       "[Coredump]\n"
			       "Storage=none\n"
			       "ProcessSizeMax=0\n";

/* Only root can start it, on a console where no auditor sits then; station
 * check says all the while that it is not so.  The file that the rule of udev
 * looks for goes last when it opens and first when it shuts.  A stick that is
 * still mounted, in whichever namespace, is written out and then taken from
 * its driver: whoever holds a file of it open reads errors. */
static const char carry[] =
    "# written by vitrine-lab station install\n"
    "[Unit]\n"
    "Description=Vitrine: a USB stick can be used until this is stopped\n"
    "Documentation=man:vitrine-steps(7)\n"
    "\n"
    "[Service]\n"
    "Type=oneshot\n"
    "RemainAfterExit=yes\n"
    "ExecStart=/sbin/modprobe -i usb-storage\n"
    "ExecStart=/usr/bin/systemd-tmpfiles --create "
    "/etc/vitrine/carry.conf\n"
    "ExecStart=/usr/bin/touch /run/vitrine-carry\n"
    "ExecStop=/usr/bin/rm -f /run/vitrine-carry\n"
    "ExecStop=/usr/bin/systemd-tmpfiles --create /etc/vitrine/usb.conf\n"
    "ExecStop=/usr/bin/sync\n"
    "ExecStop=-/usr/bin/udevadm trigger --settle --action=change "
    "--subsystem-match=usb\n"
    "ExecStop=-/usr/bin/udevadm settle\n"
    "ExecStop=/sbin/modprobe -r usb-storage\n";

static const char carry_usb[] =
    "# written by vitrine-lab station install: until it is stopped again\n"
    "w- /sys/bus/usb/devices/usb*/authorized_default - - - - 1\n";

const struct station_text station_texts[] = {
	{ "etc/sysctl.d/90-vitrine.conf", sysctl,
	    "sysrq, tracing, core dumps, namespaces" },
	{ "etc/modprobe.d/vitrine.conf", modules,
	    "no USB storage, cameras, radios" },
	{ "etc/udev/rules.d/90-vitrine.rules", udev,
	    "of USB only keyboards; the console's memory is root's" },
	{ "etc/vitrine/usb.conf", usb_late, "what is plugged in late" },
	{ "etc/vitrine/carry.conf", carry_usb, "a stick of the lab" },
	{ "etc/systemd/system/vitrine-carry.service", carry,
	    "the lab carries in and out while it is started" },
	{ "etc/systemd/logind.conf.d/vitrine.conf", logind, "one console" },
	{ "etc/security/limits.d/vitrine.conf", limits,
	    "no core dumps; memory that is never swapped" },
	{ "etc/systemd/coredump.conf.d/vitrine.conf", coredump,
	    "no core dumps" },
	{ 0 },
};

const struct station_text station_texts_masked[] = {
	{ "ctrl-alt-del.target", NULL, "three keys do nothing" },
	{ "autovt@.service", NULL, "no login on other consoles" },
	/* Five more logins, on a system without D-Bus. */
	{ "getty-static.service", NULL, "no login on other consoles" },
	{ "serial-getty@.service", NULL, "no login on a serial line" },
	{ "console-getty.service", NULL, "no login on other consoles" },
	{ "debug-shell.service", NULL, "no shell without a login" },
	{ "swap.target", NULL, "no swap" },
	{ "sleep.target", NULL, "memory is not written to a disk" },
	{ "ssh.service", NULL, "nobody logs in from elsewhere" },
	{ "ssh.socket", NULL, "nobody logs in from elsewhere" },
	{ "gpm.service", NULL, "no mouse on the console" },
	{ "bluetooth.service", NULL, "no radio" },
	{ "networking.service", NULL, "no network" },
	{ "NetworkManager.service", NULL, "no network" },
	{ "systemd-networkd.service", NULL, "no network" },
	{ "systemd-networkd.socket", NULL, "no network" },
	{ "wpa_supplicant.service", NULL, "no network" },
	{ 0 },
};
