#!/bin/sh
# A station that vitrine-lab installed, started in a virtual machine: a
# Debian 12 with systemd, Debian's own kernel, a keyboard and one console.
# Somebody types a name at the login, the kiosk comes up, a session is opened,
# written in, closed, and opened again; an image that was changed is not
# mounted, and whose only session it is is told so; the station looks at
# itself; nobody gets in by ssh.  TAP.
#
# make station-vm      as root; needs qemu-system-x86, busybox-static and
#                      debootstrap with a mirror (once, into the build folder)
# DEBIAN=folder        a Debian 12 with systemd, udev and kmod, instead
# VM=folder            where all of it is put
# KERNEL_DEB=file      a linux-image package, instead of downloading it
# LIMIT=3600           seconds that all of it may take, on a busy machine, too
# LOOKS=400            screens without what is waited for until it has hung
# ACCEL=kvm            where that works
#
# Nothing here waits for time.  A program is typed into when the screen shows
# that it listens; what a shell is told ends with a line of its own, =0=7=, so
# that no claim is about what an earlier command left on the screen.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
top=$(pwd)
BUILD=${BUILD:-build}
limit=${LIMIT:-3600} looks=${LOOKS:-400}
[ "$(id -u)" = 0 ] || { echo 'only root can make a system'; exit 77; }
case $limit$looks in *[!0-9]*)
	echo 'LIMIT and LOOKS are numbers'
	exit 2
	;;
esac
for need in qemu-system-x86_64 busybox dpkg-deb ldd mksquashfs chroot; do
	command -v $need >/dev/null ||
	    { echo "$need is not installed"; exit 77; }
done
vm=${VM:-$top/$BUILD/station-vm} # a folder that no make looks into
mkdir -p "$vm" && vm=$(cd "$vm" && pwd)

# The system.
debian=${DEBIAN:-$vm/debian}
if [ ! -x "$debian/lib/systemd/systemd" ]; then
	command -v debootstrap >/dev/null ||
	    { echo 'no debootstrap here'; exit 77; }
	mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE)' \
	    'Created-By: Packages' | grep -v security | head -n 1)}
	debootstrap --variant=minbase \
	    --include=systemd,systemd-sysv,udev,kmod,libpam-cap,openssh-server,openssh-client \
	    bookworm "$debian" "$mirror" >"$vm/debootstrap.log" 2>&1 ||
	    { echo 'no Debian to be had: debootstrap failed'; exit 77; }
fi
deb=${KERNEL_DEB:-$(ls "$vm"/linux-image-*.deb 2>/dev/null | head -n 1)}
if [ -z "$deb" ]; then
	image=$(apt-cache depends linux-image-amd64 2>/dev/null |
	    sed -n 's/.*Depends: \(linux-image-[^ ]*\).*/\1/p' | head -n 1)
	[ -n "$image" ] && (cd "$vm" && apt-get -q download "$image") ||
	    { echo 'no kernel to be had'; exit 77; }
	deb=$(ls "$vm"/linux-image-*.deb | head -n 1)
fi
dpkg-deb --fsys-tarfile "$deb" | tar -xO --wildcards './boot/vmlinuz-*' \
    >"$vm/vmlinuz" || exit 1

root=$vm/root
rm -rf "$root" "$vm/log" "$vm/work"
cp -a "$debian" "$root" || exit 1
rm -rf "$root"/usr/share/doc "$root"/usr/share/locale \
    "$root"/usr/share/man "$root"/var/lib/apt/lists/* \
    "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb
dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --wildcards \
    './lib/modules/*/kernel/drivers/block/loop.ko' \
    './lib/modules/*/kernel/fs/squashfs/*' \
    './lib/modules/*/kernel/fs/autofs/*' './lib/modules/*/modules.*' \
    './lib/modules/*/kernel/drivers/usb/*' \
    './lib/modules/*/kernel/drivers/scsi/s*' './lib/modules/*/kernel/block/*' \
    './lib/modules/*/kernel/lib/*' './lib/modules/*/kernel/crypto/*' \
    './lib/modules/*/kernel/arch/x86/crypto/*' ||
    exit 1
chroot "$root" depmod "$(ls "$root/lib/modules")" 2>/dev/null || exit 1

# The programs, and the libraries that they name.
make --no-print-directory install DESTDIR="$root" BUILD="$BUILD" \
    >/dev/null || exit 1
for x in "$root"/usr/local/bin/vitrine* \
    "$root"/usr/local/libexec/vitrine/*; do
	ldd "$x" 2>/dev/null | sed -n 's/.*[	 ]\(\/[^ ]*\) (.*/\1/p'
done | sort -u | while read -r lib; do
	[ -e "$root/$lib" ] && continue
	mkdir -p "$root/${lib%/*}" && cp -L "$lib" "$root/$lib"
done

# Two sessions, each in one file; one, also for bob, is changed after it was
# installed.
work=$vm/work
mkdir -p "$work" "$root/srv/images"
lab=$top/$BUILD/bin/vitrine-lab
(
	cd "$work" || exit 1
	sh "$top/tests/demo/repo.sh" "$work/repo.git" &&
	    "$lab" keygen lab && "$lab" keygen -a evaluator || exit 1
	sed -n '/^format = 1/,/^\.Ed/p' "$top/man/vitrine-session.5" |
	    sed '$d' | sed -e "s/age1[a-z0-9]*/$(cat evaluator.age-pub)/" \
	    -e 's/first = "[-0-9]*" last = "[-0-9]*"/first = "2020-01-01" last = "2099-12-31"/' \
	    -e 's/from = "[:0-9]*" to = "[:0-9]*"/from = "00:00" to = "24:00"/' \
	    -e 's/days = {[^}]*}/days = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" }/' \
	    >session.conf
	{
		sed 's/^session = .*/session = "of-bob"/' session.conf
		echo 'auditor "bob" { }'
	} >changed.conf
	cp session.conf acme.conf
	for name in acme changed; do
		"$lab" provision -c $name.conf -o $name -k lab.key repo.git &&
		    "$lab" squash -o "$root/srv/images/$name.sqfs" \
			-k lab.key -p lab.pub $name || exit 1
	done
) >"$vm/made" 2>&1
result $? 'two sessions are made, each in one file' "$vm/made"
"$lab" station install -y -r "$root" -p "$work/lab.pub" \
    /srv/images/acme.sqfs /srv/images/changed.sqfs >"$vm/plan" 2>&1
result $? 'the station is installed' "$vm/plan"
size=$(stat -c %s "$root/srv/images/changed.sqfs")
printf '\377\377' | dd of="$root/srv/images/changed.sqfs" bs=1 \
    seek=$((size / 2)) conv=notrunc 2>/dev/null
printf 'jane:abc\nbob:abc\nroot:abc\n' | chroot "$root" chpasswd || exit 1

# Debian gives a login a minute, and a unit one and a half: on a machine that
# others use the whole of it goes by before a password is hashed.
sed -i 's/^LOGIN_TIMEOUT.*/LOGIN_TIMEOUT 3600/' "$root/etc/login.defs" &&
    grep -q '^LOGIN_TIMEOUT 3600' "$root/etc/login.defs" || exit 1
boot='console=tty1 panic=-1 quiet nomodeset systemd.log_level=notice'
boot="$boot systemd.default_timeout_start_sec=3600 udev.event_timeout=1800"

# Somebody with a key and a shell, and the same key for jane.
if [ -x "$root/usr/sbin/sshd" ] && [ -x "$root/usr/bin/ssh" ]; then
	chroot "$root" useradd -m -s /bin/sh clerk && mkdir "$root/keys" &&
	    chroot "$root" ssh-keygen -q -t ed25519 -N '' -f /keys/key &&
	    for who in clerk jane; do
		cp "$root/keys/key.pub" "$root/keys/$who"
	    done || exit 1
fi
cat >"$root/ssh.sh" <<'SSH'
#!/bin/sh
# The service, and what whoever starts the program by hand gets.
systemctl start ssh.service 2>&1 && echo STARTED
listens() { # port in hexadecimal
	cat /proc/net/tcp /proc/net/tcp6 | grep -q ":$1 .* 0A "
}
listens 0016 || echo nobody-listens
mkdir -p /run/sshd
with='-o AuthorizedKeysFile=/keys/%u -o StrictModes=no -o UsePAM=yes'
with="$with -o LoginGraceTime=0"
/usr/sbin/sshd -p 2222 $with
# without what was installed
/usr/sbin/sshd -f /dev/null -o PidFile=none -p 2223 $with
listens 08AE && echo somebody-listens-elsewhere
try() { # port, words
	port=$1
	shift
	timeout 1200 ssh -i /keys/key -p $port -o StrictHostKeyChecking=no \
	    -o BatchMode=yes -o LogLevel=ERROR "$@" </dev/null 2>&1 |
	    tr -d '\r' | sed "s/^/$port /"
}
try 2222 clerk@127.0.0.1 'echo in-as $(id -un)'
try 2222 jane@127.0.0.1 id
try 2223 clerk@127.0.0.1 'echo in-as $(id -un)'
try 2223 jane@127.0.0.1 id
try 2223 -tt jane@127.0.0.1
SSH

# What tells, over a serial line that is no console: the screen as it is,
# and, asked for once, the station as it is.
cat >"$root/stick.sh" <<'STICK'
#!/bin/sh
# What the machine makes of a stick: here, used, gone.
devices=/sys/bus/usb/devices
is_in() {
	grep -qsx 46f4 $devices/*/idVendor # what QEMU calls itself
}
case $1 in
here)
	until is_in; do sleep 1; done
	udevadm settle
	echo the bus has it
	for at in $devices/*; do
		! grep -qsx 46f4 "$at/idVendor" ||
		    echo "authorized $(cat "$at/authorized")"
	done
	ls -d /sys/bus/usb/drivers/usb-storage/*:* /dev/sd?
	;;
used)
	until head -c 18 /dev/sd? 2>/dev/null; do sleep 1; done
	echo
	;;
gone) while is_in || ls /dev/sd? 2>/dev/null; do sleep 1; done ;;
esac
STICK
cat >"$root/probe.sh" <<'PROBE'
#!/bin/sh
exec >/dev/ttyS0 2>&1
while [ "$(systemctl is-system-running)" = starting ]; do sleep 1; done
i=0
while :; do
	echo "=== screen"
	fold -w 80 </dev/vcs1 | sed 's/ *$//' | grep -a .
	echo "=== shown"
	i=$((i + 1))
	if [ $i = 3 ]; then
		echo "=== mounts"
		grep ' /srv/vitrine/' /proc/self/mounts
		echo "=== units"
		systemctl --no-pager --plain --no-legend list-units --all \
		    'srv-vitrine-*' 'vitrine-image-*' 'getty@*' \
		    'serial-getty@*' | cat
		echo "=== check"
		/usr/local/bin/vitrine-lab station check -a
		echo "=== checked $?"
	fi
	if [ $i = 4 ] && [ -e /keys ]; then
		echo "=== ssh"
		sh /ssh.sh
		echo "=== tried"
	fi
	sleep 2
done
PROBE
chmod 755 "$root/probe.sh"
cat >"$root/etc/systemd/system/probe.service" <<'UNIT'
[Unit]
Description=What the test looks at
IgnoreOnIsolate=yes
[Service]
ExecStart=/probe.sh
UNIT
ln -s ../probe.service \
    "$root/etc/systemd/system/multi-user.target.wants/probe.service"

# A small beginning that unpacks all of it into memory: another root than the
# first one, as namespaces of units want.
start=$vm/start
rm -rf "$start"
mkdir -p "$start/bin" "$start/new"
cp "$(command -v busybox)" "$start/bin/busybox"
tar -C "$root" -cf - . | gzip -1 >"$start/root.tgz"
cat >"$start/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t tmpfs -o mode=755,size=90% none /new
/bin/busybox tar -xzf /root.tgz -C /new
/bin/busybox rm /root.tgz
exec /bin/busybox switch_root /new /sbin/init
INIT
chmod 755 "$start/init"
(cd "$start" && find . | busybox cpio -o -H newc 2>/dev/null) \
    >"$vm/initramfs"

trap '' PIPE # of a machine that ended
printf 'carried in by hand' >"$vm/stick"
truncate -s 4M "$vm/stick"
rm -f "$vm/monitor" && mkfifo "$vm/monitor" && : >"$vm/log"
timeout "$limit" qemu-system-x86_64 -accel "${ACCEL:-tcg}" -m 2048 -smp 1 \
    -cpu qemu64 -nodefaults -no-reboot -display none -vga std \
    -device qemu-xhci -blockdev \
    "driver=raw,node-name=stick,file.driver=file,file.filename=$vm/stick" \
    -serial "file:$vm/log" -monitor stdio -kernel "$vm/vmlinuz" \
    -initrd "$vm/initramfs" \
    -append "$boot" \
    <"$vm/monitor" >"$vm/qemu" 2>&1 &
machine=$!
exec 3>"$vm/monitor"
trap 'kill $machine 2>/dev/null; rm -f "$vm/monitor"' EXIT

# The last whole screen that was told, and how many there were.
screen() {
	tr -d '\r' <"$vm/log" 2>/dev/null | awk -v count="$vm/count" '
	/^=== screen/ { text = ""; on = 1; next }
	/^=== shown/ { last = text; on = 0; n++; next }
	on { text = text $0 "\n" }
	END { printf "%s", last; print n + 0 >count }' >"$vm/screen"
}
is_up() {
	kill -0 $machine 2>/dev/null
}
# As long as the machine tells screens: a slow one tells them slowly.
wait_for() { # words
	screen
	last=$(($(cat "$vm/count") + looks))
	while is_up; do
		screen
		grep -q -- "$1" "$vm/screen" && return 0
		[ "$(cat "$vm/count")" -le "$last" ] || break
		sleep 1
	done
	is_up && echo "# $looks screens, and none had: $1" ||
	    echo "# the machine has ended ($limit s are its limit); not seen: $1"
	return 1
}
keys() { # as the machine's keyboard names them
	for key in "$@"; do
		is_up || return 1
		echo "sendkey $key" >&3
		sleep 0.3
	done
}
# Waits until it is there, too: what is typed into a program that is not
# listening yet is nobody's.
type_text() { # letters
	keys $(printf '%s' "$1" | sed -e 's/./&\n/g' | sed -e 's/^ $/spc/' \
	    -e 's,^/$,slash,' -e 's/^[.]$/dot/' -e 's/^-$/minus/' \
	    -e 's/^;$/semicolon/' -e 's/^[?]$/shift-slash/' \
	    -e 's/^=$/equal/' -e 's/^[$]$/shift-4/' -e 's/^&$/shift-7/' \
	    -e 's/^[*]$/shift-8/' \
	    -e 's/^[A-Z]$/shift-\l&/')
}
enter() { # letters
	type_text "$1"
	keys ret
}
orders=0
# To a shell on a screen of its own, until it has ended.
order() { # command
	orders=$((orders + 1))
	enter "clear; $1; echo =\$?=$orders="
	wait_for "^=[0-9]*=$orders=\$"
}
ends() { # claim, status, words that stand there, or none
	grep -q "^=$2=$orders=\$" "$vm/screen" &&
	    { [ -z "${3-}" ] || grep -q -- "$3" "$vm/screen"; }
	result $? "$1" "$vm/screen"
}
shows() { # claim, words, keys that come before
	wait_for "$2"
	result $? "$1" "$vm/screen"
}
see() {
	sed 's/^/# | /' "$vm/screen" | tr -c '\n -~' '?'
}

shows 'it starts, and the one console asks who is there' 'login:$'
enter bob
wait_for 'assword:' && enter abc
shows 'an auditor whose only session was changed is told so' \
    'session changed.sqfs was not mounted: ask the laboratory'
see
keys ret
wait_for 'login:$'
enter jane
wait_for 'assword:' && enter abc
shows 'an auditor who logs in is in the kiosk' '1  acme.sqfs'
grep -q -- '-  changed.sqfs: was not mounted' "$vm/screen"
result $? 'the list says what is not to be had' "$vm/screen"
see
enter 1
shows 'the session opens: its first screen' 'READING ROOM'
shows 'says what it is for' 'FT-400'
see
keys f
type_text src/main.c
wait_for 'src/main.c' && keys ret
shows 'a file is read' 'starts the controller'
keys c
wait_for 'New passphrase' && enter 'four words of mine'
wait_for 'The same again' && enter 'four words of mine'
wait_for 'New note' && type_text 'Who may stop it'
wait_for 'Who may stop it' && keys ctrl-d
shows 'a note is kept, behind a passphrase' 'recorded'
see
leave() { # from a room that reads it is asked whether, first
	keys shift-q
	wait_for 'Leave?\|Copy this down'
	! grep -q 'Leave?' "$vm/screen" || keys ret
}
leave
shows 'at the end there are heads to copy down' 'Copy this down'
see
keys ret
shows 'with the session the login is over' 'login:$'
! grep -q 'Who may stop\|starts the controller' "$vm/screen"
result $? 'and nothing of it is left on the console' "$vm/screen"
enter jane
wait_for 'assword:' && enter abc
wait_for '1  acme' && enter 1
wait_for 'READING ROOM' && keys g n
wait_for 'assphrase' && enter 'four words of mine'
shows 'another day the note is there' 'Who may stop it'
leave
wait_for 'Copy this down' && keys ret
shows 'and the login is over again' 'login:$'

# Root at the same console, and in the shell that can change the station.
enter root
wait_for 'assword:' && enter abc
wait_for '#$' && order 'touch /etc/x'
ends 'root can write nothing there' 1 'Read-only file system'
order 'touch /var/lib/vitrine/x && rm /var/lib/vitrine/x'
ends 'but notes' 0
enter 'systemctl rescue'
wait_for 'Control-D\|maintenance' && enter abc
wait_for 'rescue mode' && wait_for '#$' && order 'touch /etc/x && rm /etc/x'
ends 'in the shell of systemctl rescue root can' 0

# The stick is plugged in before, while and after it is let in; that it came
# to the bus is seen each time.
plug() { # what is done next
	echo 'device_add usb-storage,id=plugged,drive=stick' >&3
	order "sh /stick.sh $1"
}
pull() {
	echo 'device_del plugged' >&3
	order 'sh /stick.sh gone'
}
is_shut() { # claim
	grep -q '^the bus has it' "$vm/screen" &&
	    grep -q '^authorized 0' "$vm/screen" &&
	    grep -q "access '/sys/bus/usb/drivers/usb-storage/" "$vm/screen" &&
	    grep -q "access '/dev/sd?'" "$vm/screen"
	result $? "$1" "$vm/screen"
}
plug here
is_shut 'a USB stick that is plugged in is not used'
pull
order 'systemctl start vitrine-carry'
plug used
ends 'after vitrine-carry was started it can be read' 0 'carried in by hand'
pull
order 'systemctl stop vitrine-carry'
plug here
is_shut 'after it was stopped it is not used any more'
pull
order 'ls /etc/vitrine'
ends 'the station is there' 0 'kiosk.conf'
order 'systemctl stop srv-vitrine-*.mount var-lib-vitrine.mount'
order 'vitrine-lab station undo -y'
ends 'the station is undone from there' 0 'changes taken back'
order 'ls /etc/vitrine'
ends 'and is a plain machine again' 2 "cannot access '/etc/vitrine'"

last=checked
[ ! -e "$root/keys" ] || last=tried
while is_up && ! grep -q "^=== $last" "$vm/log"; do
	sleep 1
done
part() { # name: what stands below it
	tr -d '\r' <"$vm/log" | sed -n "/^=== $1\$/,/^=== /p" | grep -v '^==='
}
part mounts >"$vm/mounts"
grep ' /srv/vitrine/acme.sqfs squashfs ro,nosuid,nodev,noexec' "$vm/mounts" \
    >/dev/null
result $? 'the session is mounted, read-only, and nothing runs there' \
    "$vm/mounts"
! grep -q ' /srv/vitrine/changed.sqfs ' "$vm/mounts"
result $? 'the one that was changed is not mounted' "$vm/mounts"
part units >"$vm/units"
grep -q 'vitrine-image-changed.sqfs.service.*failed' "$vm/units"
result $? 'its check is what failed' "$vm/units"
[ "$(grep -c 'getty@' "$vm/units")" = 1 ]
result $? 'there is one console' "$vm/units"
part check >"$vm/check"
sed 's/^/# | /' "$vm/check"
# Debian 12 has no switch for TIOCSTI, and this machine neither a disk nor a
# boot loader.
sed -n -e 's/^\(does not\)  *\([a-z-]*\) .*/\1 \2/p' \
    -e 's/^\(cannot tell\)  *\([a-z-]*\) .*/\1 \2/p' "$vm/check" |
    sort >"$vm/open"
printf '%s\n' 'cannot tell boot-password' 'does not data-encrypted' \
    'does not session-mounts' 'does not tiocsti' | cmp -s - "$vm/open"
result $? 'station check in it: no more is open than this machine cannot shut' \
    "$vm/open"
[ "$(grep -c '^holds ' "$vm/check")" -gt 30 ] && grep -q '^=== checked 1' \
    "$vm/log"
result $? 'over 30 rows hold, and its status says that not all do' "$vm/check"
grep -q 'found: /srv/vitrine/changed.sqfs is no mount' "$vm/check"
result $? 'station check in it names the session that is not mounted' \
    "$vm/check"

part ssh >"$vm/ssh"
ssh_claims() { # by the words that show them
	said=$vm/ssh
	grep -q 'masked' "$said" && ! grep -q STARTED "$said" &&
	    grep -q nobody-listens "$said" &&
	    grep -q somebody-listens-elsewhere "$said"
	result $? 'nobody listens for ssh, and its service does not start'
	grep -q '^2222 in-as clerk' "$said" &&
	    grep -q '^2222 .*jane.*Permission denied' "$said"
	result $? 'a daemon started by hand lets somebody in, no auditor'
	grep -q '^2223 in-as clerk' "$said" &&
	    grep -q '^2223 .*takes no arguments' "$said"
	result $? 'nor does the login shell run a command for one'
	grep -q '^2223 .*begins at the station itself' "$said"
	result $? 'nor does it open a session over a network'
}
if [ -e "$root/keys" ]; then
	ssh_claims
	sed 's/^/# | /' "$vm/ssh"
else
	skips 'no openssh-server in that Debian' \
	    'nobody listens for ssh, and its service does not start' \
	    'a daemon started by hand lets somebody in, no auditor' \
	    'nor does the login shell run a command for one' \
	    'nor does it open a session over a network'
fi
echo "1..$n"
exit $status
