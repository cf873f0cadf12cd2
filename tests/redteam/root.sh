#!/bin/sh
# What only root can set up: accounts with the kiosk as their shell, su and
# chsh, another user for a room.  All of it in a mount namespace of its own, so that
# the machine stays as it is.  TAP; skipped for anybody else.
#
# The list of the kiosk is /etc/vitrine/kiosk.conf, there.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
BUILD=${BUILD:-build}
[ "$(id -u)" = 0 ] || { echo 'needs root'; exit 77; }
for need in unshare su mount script; do
	command -v $need >/dev/null || { echo "$need is not there"; exit 77; }
done
if [ "${1-}" != inside ]; then
	unshare -m --propagation private true 2>/dev/null ||
	    { echo 'no mount namespace to be had'; exit 77; }
	exec unshare -m --propagation private sh "$0" inside
fi
play=$BUILD/tests/journeys/play
kiosk=/run/vitrine-redteam/vitrine-kiosk
for need in "$BUILD/bin/vitrine-kiosk" "$play"; do
	[ -x "$need" ] || { echo "$need is not built"; exit 77; }
done

work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
counted=0

# /etc and /run of our own.
mkdir "$work/etc"
cp -a /etc/passwd /etc/shadow /etc/group /etc/pam.d /etc/login.defs \
    /etc/security /etc/shells /etc/nsswitch.conf /etc/terminfo \
    "$work/etc/" 2>/dev/null
[ -e /etc/ld.so.cache ] && cp -a /etc/ld.so.cache "$work/etc/"
mkdir -p "$work/etc/vitrine"
mount -t tmpfs -o mode=755 none /run || { echo 'no tmpfs'; exit 77; }
mkdir -p /run/vitrine-redteam
cp "$BUILD/bin/vitrine-kiosk" $kiosk
cat >/run/vitrine-redteam/vitrine <<'V'
#!/bin/sh
echo BECAME-VITRINE
id -u
env
V
chmod 755 /run/vitrine-redteam /run/vitrine-redteam/*
mount --bind "$work/etc" /etc
echo 'redteam:x:4242:4242::/nonexistent:'$kiosk >>/etc/passwd
echo 'redplain:x:4243:4243::/nonexistent:/bin/sh' >>/etc/passwd
echo 'redteam:x:4242:' >>/etc/group
echo 'redplain:x:4243:' >>/etc/group
echo 'redteam:*:19000::::::' >>/etc/shadow
echo 'redplain:*:19000::::::' >>/etc/shadow
mkdir /run/vitrine-redteam/one
: >/run/vitrine-redteam/one/manifest
printf 'vitrine /run/vitrine-redteam/vitrine\ndata /tmp/none\nsession one /run/vitrine-redteam/one\n' \
    >/etc/vitrine/kiosk.conf
chmod 755 /etc/vitrine
chmod 644 /etc/vitrine/kiosk.conf

at_terminal() { # COMMAND: in a terminal of its own
	timeout 30 script -qec "$1" /dev/null </dev/null >"$work/said" 2>&1
}

# su: as root may, and with a command.
at_terminal 'su -P -l redteam'
grep -q BECAME-VITRINE "$work/said" && grep -q '^4242' "$work/said"
result $? "a login by su becomes the session, as that user" "$work/said"
at_terminal 'su -l redteam -c id'
! grep -q 'uid=4242' "$work/said" && grep -q 'takes no arguments' "$work/said"
result $? "su -c runs nothing" "$work/said"
at_terminal 'su -l redplain -c id'
grep -q 'uid=4243' "$work/said"
result $? "its control: with a shell it runs" "$work/said"
at_terminal "SHELL=$kiosk EVIL=1 GIT_DIR=/tmp su -P -p redteam"
grep -q BECAME-VITRINE "$work/said" &&
    ! grep -q '^EVIL=\|^GIT_DIR=' "$work/said"
result $? "an environment from root's su does not arrive" "$work/said"
at_terminal 'EVIL=1 su -p redplain -c env'
grep -q '^EVIL=1' "$work/said"
result $? "its control: with a shell it arrives" "$work/said"

# What the user may ask for: another shell, by su and by chsh.  Not listed in
# /etc/shells, that is refused; listed, it is given.
echo 'redteam:Secret-4242-word' | chpasswd >"$work/said" 2>&1
result $? "an auditor has a password" "$work/said"
if command -v chsh >/dev/null && command -v setpriv >/dev/null; then
	sed -i "\\|$kiosk|d" /etc/shells
	timeout 10 setpriv --reuid 4242 --regid 4242 --clear-groups \
	    chsh -s /bin/sh </dev/null >"$work/said" 2>&1
	grep -q "^redteam:.*:$kiosk\$" /etc/passwd
	result $? "chsh gives no other shell" "$work/said"
	echo "1..$n"
	counted=$n
	"$play" tests/redteam/root/login.play KIOSK="$kiosk" || status=1
	sed -i "\\|$kiosk|d" /etc/shells
else
	skips "no chsh or setpriv" "chsh gives no other shell"
fi
! grep -qx "$kiosk" /etc/shells
result $? "the kiosk is in no list of shells"

# Signals between users: a room that is somebody else cannot be stopped.
if command -v setpriv >/dev/null; then
	setpriv --reuid 4242 --regid 4242 --clear-groups sleep 60 &
	other=$!
	sleep 0.2
	! setpriv --reuid 4243 --regid 4243 --clear-groups \
	    kill -STOP $other 2>/dev/null
	result $? "another user's process cannot be stopped"
	setpriv --reuid 4242 --regid 4242 --clear-groups kill -0 $other
	result $? "its control: one's own can"
	! setpriv --reuid 4243 --regid 4243 --clear-groups \
	    cat /proc/$other/environ >/dev/null 2>&1
	result $? "nor can what it holds be read"
	kill $other
fi

# A session image that is mounted read-only, and none that is not signed.
if command -v mksquashfs >/dev/null && [ -e /dev/loop-control ]; then
	mkdir "$work/image" "$work/mounted"
	echo content >"$work/image/file"
	mksquashfs "$work/image" "$work/image.squashfs" -quiet >/dev/null 2>&1
	if mount -o loop,ro,nosuid,nodev,noexec "$work/image.squashfs" \
	    "$work/mounted" 2>/dev/null; then
		! touch "$work/mounted/other" 2>/dev/null
		result $? "nothing is written to a mounted image"
		[ "$(cat "$work/mounted/file")" = content ]
		result $? "its control: it is read"
		umount "$work/mounted"
	else
		skips "squashfs cannot be mounted here" \
		    "nothing is written to a mounted image"
	fi
else
	skips "no squashfs or no loop devices" \
	    "nothing is written to a mounted image"
fi
echo "1..$((n - counted))"
sh tests/redteam/apart.sh /run/vitrine-redteam || status=1
sh tests/redteam/clock.sh /run/vitrine-redteam || status=1
exit $status
