#!/bin/sh
# vitrine-lab station install and undo, in a tree that looks like a Debian
# system; with STATION_ROOT=FOLDER also in a copy of that system (as root).
set -u
. tests/lab.sh
umask 022

# All of a tree but times: names, kinds, modes, owners, links, contents.
snap() {
	(cd "$1" && find . -path ./srv/images -prune -o \
	    -printf '%p %y %m %U %G %l\n' | sort
	find . -path ./srv/images -prune -o -type f -print | sort |
	    xargs sha256sum)
}

make_root() {
	rm -rf "$1"
	mkdir -p "$1/etc/systemd/system/multi-user.target.wants" \
	    "$1/etc/sysctl.d" "$1/var/lib" "$1/usr/bin" "$1/srv/images" \
	    "$1/usr/lib/x/security"
	: >"$1/usr/lib/x/security/pam_cap.so"
	cat >"$1/etc/passwd" <<-'END'
	root:x:0:0:root:/root:/bin/bash
	_apt:x:999:65534::/nonexistent:/usr/sbin/nologin
	END
	printf 'root:x:0:\nstaff:x:998:\nusers:x:2000:\n' >"$1/etc/group"
	mkdir "$1/etc/pam.d"
	printf '@include common-auth\n' >"$1/etc/pam.d/login"
	printf 'root:*::\n' >"$1/etc/gshadow"
	printf 'root:*:19000:0:99999:7:::\n' >"$1/etc/shadow"
	chmod 640 "$1/etc/shadow" "$1/etc/gshadow"
	printf '%s\n\n' '# a comment' '/dev/sda1 / ext4 defaults 0 1' \
	    '/dev/sda2 none swap sw 0 0' >"$1/etc/fstab"
	# in the way: a file and a link of somebody else
	echo 'kernel.sysrq = 1' >"$1/etc/sysctl.d/90-vitrine.conf"
	chmod 600 "$1/etc/sysctl.d/90-vitrine.conf"
	ln -s /lib/systemd/system/ssh.service \
	    "$1/etc/systemd/system/ssh.service"
}

lab_desk
vitrine-lab keygen lab >/dev/null || exit 1
echo 'excerpt { lines_run = 60 file_percent = 40 pages_one = 6 pages_day = 10' \
    'pages_person = 20 legend = "SECRET" prefix = "FT-" }' >>session.conf
vitrine-lab provision -c session.conf -o s1 -k lab.key repo.git >/dev/null ||
    exit 1

make_root r
snap r >before

planned() {
	vitrine-lab station install -r r >text </dev/null &&
	    grep -q '^replace *\/etc/sysctl.d/90-vitrine.conf' text &&
	    grep -q '^take out *"/dev/sda2 none swap' text &&
	    grep -q 'Nothing was changed' text &&
	    snap r >now && cmp before now
}
claim 'the plan is shown, and nothing changed without a yes' planned

misused() {
	vitrine-lab station nonsense >text 2>&1
	[ $? = 2 ] && [ "$(wc -l <text)" = 1 ] && grep -q '"install"' text
}
claim 'what is no use of it is said in a line, with status 2' misused

installed() {
	vitrine-lab station install -y -r r >text &&
	    grep -q 'kernel.sysrq = 0' r/etc/sysctl.d/90-vitrine.conf &&
	    [ "$(readlink r/etc/systemd/system/ssh.service)" = /dev/null ] &&
	    [ "$(readlink r/etc/systemd/system/getty-static.service)" = \
	    /dev/null ] &&
	    grep -q '^#vitrine# /dev/sda2' r/etc/fstab &&
	    grep -q '^vitrine-read:x:[0-9]*:' r/etc/passwd &&
	    grep -q '^vitrine-notes:!' r/etc/shadow &&
	    [ "$(stat -c %a r/etc/shadow)" = 640 ]
}
claim 'it is done with -y' installed

# What systemd stops after a command that fails is not what shuts the door:
# from the asking on each may fail.
carried() {
	unit=r/etc/systemd/system/vitrine-carry.service
	sed -n 's/^ExecStop=//p' $unit | cat -n >text
	[ "$(sed -n 's/^ *\([0-9]\).*\(rm -f \/run\/vitrine-carry\|usb.conf\|bin\/sync\|udevadm trigger .*change\|modprobe -r\).*/\1 \2/p' \
	    text | cut -c1-9 | tr '\n' ' ')" = \
	    '1 rm -f / 2 usb.con 3 bin/syn 4 udevadm 6 modprob ' ] &&
	    grep -q '^ExecStop=-.*udevadm trigger --settle' $unit &&
	    grep -q '^ACTION=="add|change", .*bInterfaceClass.*authorized' \
		r/etc/udev/rules.d/90-vitrine.rules
}
claim 'a stick that is still mounted is written out and shut out' carried

numbers() {
	# 999 is an account, 998 a group
	grep -q '^vitrine-read:x:997:997:' r/etc/passwd &&
	    grep -q '^vitrine-notes:x:996:996:' r/etc/passwd &&
	    grep -q '^reading 997 997 /var/lib/vitrine/reading$' \
		r/etc/vitrine/rooms.conf &&
	    [ "$(stat -c '%a %u' r/var/lib/vitrine/record)" = '700 996' ]
}
claim 'rooms get numbers that nobody has' numbers

twice() {
	snap r >first && vitrine-lab station install -y -r r >text &&
	    grep -q 'Nothing to do' text && snap r >second &&
	    cmp first second
}
claim 'a second time changes nothing' twice

undone() {
	vitrine-lab station undo -y -r r >text && snap r >now &&
	    diff before now
}
claim 'undone, the tree is as it was, to the byte and the mode' undone

nothing() {
	vitrine-lab station undo -y -r r 2>text
	[ $? = 3 ] && grep -q 'nothing was installed' text
}
claim 'where nothing was installed, nothing is undone' nothing

cp -R s1 r/srv/images/acme
unreadable() {
	vitrine-lab station install -y -r r -p lab.pub /srv/images/acme \
	    2>text
	[ $? = 4 ] && grep -q 'chmod -R a+rX' text && snap r >now &&
	    cmp before now
}
claim 'a session that auditors could not read is refused' unreadable

chmod -R a+rX r/srv/images/acme
unsigned() {
	vitrine-lab station install -y -r r /srv/images/acme 2>text
	[ $? = 4 ] && grep -q 'trusted' text && snap r >now &&
	    cmp before now
}
claim 'and one that nobody trusted has signed' unsigned

offered() {
	vitrine-lab station install -y -r r -p lab.pub /srv/images/acme \
	    >text &&
	    grep -q '^session acme /srv/vitrine/acme for=2001$' \
	    r/etc/vitrine/kiosk.conf &&
	    grep -q '^jane:x:2001:2001:.*:/usr/local/bin/vitrine-kiosk$' \
	    r/etc/passwd &&
	    cmp lab.pub r/etc/vitrine/trusted/lab.pub &&
	    grep -q '^Options=bind,ro,nosuid,nodev,noexec$' \
	    r/etc/systemd/system/srv-vitrine-acme.mount &&
	    [ "$(stat -c %a r/var/lib/vitrine/2001)" = 700 ] &&
	    grep -qxF '^cap_setuid,^cap_setgid,^cap_kill jane' \
	    r/etc/vitrine/capability.conf &&
	    grep -qx 'DenyUsers jane' \
	    r/etc/ssh/sshd_config.d/vitrine.conf &&
	    grep -q '^-auth optional pam_cap.so keepcaps' r/etc/pam.d/login
}
claim 'a session: its mount, its auditors, the key, the list' offered

# The folder is the auditor's; the keys are what the standard tools read.
housed() {
	[ "$(stat -c %a r/var/lib/vitrine/2001/print)" = 700 ] &&
	    [ "$(stat -c %u r/var/lib/vitrine/2001/print)" = \
	    "$(stat -c %u r/var/lib/vitrine/2001)" ] &&
	    grep -q 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3' \
	    r/etc/vitrine/people/acme/approver-ann.pub &&
	    cmp evaluator.age-pub \
	    r/etc/vitrine/people/acme/recipient-evaluator.age-pub &&
	    [ "$(wc -l <r/etc/vitrine/people/acme/approver-ann.pub)" = 2 ]
}
claim 'the spool for paper, and the keys of the roster' housed

# Rules that let no page out on paper: no spool.
unspooled() {
	make_root f && sed 's/pages_one = 6/media = "file" pages_one = 6/' \
	    session.conf >file.conf &&
	    vitrine-lab provision -c file.conf -o s2 -k lab.key repo.git \
	    >text && cp -R s2 f/srv/images/acme &&
	    chmod -R a+rX f/srv/images/acme &&
	    vitrine-lab station install -y -r f -p lab.pub \
	    /srv/images/acme >text && [ -d f/var/lib/vitrine/2001 ] &&
	    [ ! -e f/var/lib/vitrine/2001/print ] &&
	    [ -e f/etc/vitrine/people/acme/approver-ann.pub ] && rm -rf f
}
claim 'no spool where pages leave as a file' unspooled

again() {
	cp -R r/srv/images/acme r/srv/images/next-1 &&
	    vitrine-lab station install -y -r r -p lab.pub \
	    /srv/images/next-1 >text &&
	    [ ! -e r/etc/systemd/system/srv-vitrine-acme.mount ] &&
	    [ -e 'r/etc/systemd/system/srv-vitrine-next\x2d1.mount' ] &&
	    ! grep -q acme r/etc/vitrine/kiosk.conf &&
	    grep -q '^jane:x:2001:' r/etc/passwd &&
	    vitrine-lab station install -y -r r -p lab.pub \
	    /srv/images/next-1 | grep -q 'Nothing to do'
}
claim 'with other sessions the old ones go, their people stay' again

looked() {
	vitrine-lab station check -a -r r >text
	[ $? = 1 ] && for row in room-accounts kiosk-list usb-storage \
	    ctrl-alt-del auditors; do
		grep -q "^holds  *$row " text || return 1
	done
	mv r/usr/lib/x/security/pam_cap.so was &&
	    vitrine-lab station check -a -r r >text
	mv was r/usr/lib/x/security/pam_cap.so
	grep -q '^does not  *room-accounts ' text || return 1
	vitrine-lab station check -j -r r >json
	python3 -c 'import json, sys
rows = json.load(open("json"))["rows"]
sys.exit(len(rows) < 30 or any(not r["remedy"] for r in rows
    if r["state"] != "holds"))'
}
claim 'station check sees in the tree what was installed' looked

kept() {
	echo note >r/var/lib/vitrine/2001/record.db
	vitrine-lab station undo -y -r r >text &&
	    grep -q '/var/lib/vitrine/2001 stays' text &&
	    [ -e r/var/lib/vitrine/2001/record.db ] &&
	    rm -r r/var/lib/vitrine && snap r >now && diff before now
}
claim 'notes stay when the station is undone, and it is said' kept

renumbered() {
	mkdir -p r/var/lib/vitrine/2001 &&
	    vitrine-lab station install -y -r r -p lab.pub /srv/images/acme \
	    >text && grep -q '^jane:x:2002:' r/etc/passwd &&
	    vitrine-lab station undo -y -r r >text &&
	    rmdir r/var/lib/vitrine/2001 r/var/lib/vitrine &&
	    snap r >now && diff before now
}
claim 'nobody gets a number under which notes of another lie' renumbered

taken() {
	echo 'jane:x:1000:1000::/home/jane:/bin/bash' >>r/etc/passwd
	vitrine-lab station install -y -r r -p lab.pub /srv/images/acme \
	    2>text
	[ $? = 3 ] && grep -q "jane is there, and is not an auditor's" text
}
claim 'an account of another person is not taken over' taken

# A kill in the middle: every prefix of what was written down can be undone.
crashed() {
	make_root r && cp -R s1 r/srv/images/acme &&
	    chmod -R a+rX r/srv/images/acme && snap r >before &&
	    vitrine-lab station install -y -r r -p lab.pub /srv/images/acme \
	    >text && undo=r/var/lib/vitrine-station/undo &&
	    total=$(wc -l <$undo) && [ "$total" -gt 50 ] || return 1
	for at in 3 9 20 $((total - 1)); do
		make_root c && cp -R s1 c/srv/images/acme &&
		    chmod -R a+rX c/srv/images/acme
		# the limit on open files ends it somewhere; then by size
		(ulimit -f "$at"; exec vitrine-lab station install -y -r c \
		    -p lab.pub /srv/images/acme) >text 2>&1
		[ -e c/var/lib/vitrine-station/undo ] || continue
		vitrine-lab station undo -y -r c >text 2>&1 || return 1
		snap c >now
		diff before now || return 1
	done
}
claim 'what was begun and killed can be undone' crashed

if command -v systemd-analyze >/dev/null; then
	verified() {
		make_root r && cp -R s1 r/srv/images/acme-5g &&
		    chmod -R a+rX r/srv/images/acme-5g &&
		    vitrine-lab station install -y -r r -p lab.pub \
		    /srv/images/acme-5g >text || return 1
		mkdir u && cp r/etc/systemd/system/*.mount \
		    r/etc/systemd/system/vitrine-* u &&
		    cp -r r/etc/systemd/system/getty@tty1.service.d u &&
		    cp /lib/systemd/system/getty@.service \
		    u/getty@tty1.service &&
		    sed -i "s,/usr/local/bin/vitrine-lab,$lab," \
		    u/vitrine-station.service
		# kmod, which every Debian that starts has
		sed -i "s,/sbin/modprobe,$(command -v modprobe ||
		    echo /bin/true)," u/vitrine-carry.service
		SYSTEMD_UNIT_PATH=$work/u: systemd-analyze verify --man=no \
		    u/*.mount u/*.service u/*.timer >said 2>&1 &&
		    [ ! -s said ] || { cat said; return 1; }
		# the control: it would have seen a mistake
		sed -i 's,^Where=.*,Where=/elsewhere,' u/srv-*.mount
		! SYSTEMD_UNIT_PATH=$work/u: systemd-analyze verify \
		    --man=no u/srv-*.mount >said 2>&1
	}
	claim 'systemd finds nothing wrong with the units' verified
else
	skips "no systemd-analyze" "systemd's look at the units"
fi

if [ -n "${STATION_ROOT-}" ]; then
	real() {
		cp -a "$STATION_ROOT" real && mkdir -p real/srv/images &&
		    cp -R s1 real/srv/images/acme &&
		    chmod -R a+rX real/srv/images/acme && snap real >before &&
		    vitrine-lab station install -y -r real -p lab.pub \
		    /srv/images/acme >text &&
		    chroot real getent passwd jane | grep -q vitrine-kiosk &&
		    chroot real grpck -r && vitrine-lab station undo -y \
		    -r real >text && snap real >now && diff before now
	}
	claim 'the same in a real Debian' real
fi

echo "1..$n"
exit $status
