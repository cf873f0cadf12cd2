#!/bin/sh
# Does the README work for somebody who has nothing but Debian 12?
#
# tests/fresh-root.sh FOLDER     (as root; needs debootstrap and a mirror)
#
# Makes a minimal Debian 12 in FOLDER/root, puts a clone of HEAD into it,
# with git and make and nothing else, and runs the README's commands in it:
# "make test", and "make demo" in a terminal that is looked at.  What they
# print is left in FOLDER/*.log.
set -eu
[ "$(id -u)" = 0 ] || { echo 'as root, please'; exit 2; }
[ $# = 1 ] || { echo 'usage: tests/fresh-root.sh FOLDER'; exit 2; }
command -v debootstrap >/dev/null || { echo 'no debootstrap here'; exit 77; }
cd "$(dirname "$0")/.."
top=$(pwd)
mkdir -p "$1"
at=$(cd "$1" && pwd)
root=$at/root
# The mirror is the one that this machine's packages come from.
mirror=${MIRROR:-$(apt-get indextargets --format '$(SITE)' \
    'Created-By: Packages' | grep -v security | head -n 1)}

if [ ! -e "$at/made" ]; then
	rm -rf "$root"
	debootstrap --variant=minbase --include=git,make,ca-certificates \
	    bookworm "$root" "$mirror" >"$at/debootstrap.log" 2>&1 ||
	    { tail -n 5 "$at/debootstrap.log"; exit 1; }
	# How this machine reaches its mirrors, where it is told to.
	for f in /etc/apt/apt.conf.d/*proxy* /etc/apt/apt.conf.d/99*; do
		[ ! -f "$f" ] || cp "$f" "$root/etc/apt/apt.conf.d/"
	done
	cp /etc/resolv.conf "$root/etc/" 2>/dev/null || :
	: >"$at/made"
fi
rm -rf "$root/root/vitrine"
git clone -q --no-hardlinks "$top" "$root/root/vitrine"

# A mount namespace of its own: nothing is left behind, whatever happens.
inside() { # log, command
	unshare --mount --pid --fork --kill-child sh -eu -c '
		mount -t proc proc "$1/proc"
		mount -t sysfs -o ro sys "$1/sys"
		mount -t tmpfs tmp "$1/dev"
		for d in null zero full random urandom tty; do
			touch "$1/dev/$d"
			mount --bind "/dev/$d" "$1/dev/$d"
		done
		mkdir "$1/dev/pts" "$1/dev/shm"
		mount -t devpts -o newinstance,ptmxmode=0666 pts "$1/dev/pts"
		ln -s pts/ptmx "$1/dev/ptmx"
		ln -s /proc/self/fd "$1/dev/fd"
		exec chroot "$1" env -i HOME=/root LANG=C.UTF-8 TERM=xterm \
		    PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		    sh -c "cd /root/vitrine && $2"
	' sh "$root" "$2" >"$at/$1.log" 2>&1
}

status=0
inside test 'make test' || status=1
echo "make test: $(tail -n 1 "$at/test.log")"
inside demo 'make -s build/tests/journeys/play &&
	build/tests/journeys/play tests/journeys/demo.play' || status=1
echo "make demo: $(tail -n 1 "$at/demo.log")"
grep '^not ok' "$at/demo.log" || :
exit $status
