#!/bin/sh
# The Debian packages that building, testing and the demonstration need, in
# one list; installs what is missing.  Asks nothing.
#
# tests/deps.sh          install
# tests/deps.sh --list   only print the names, one per line
#
# Not in it: npm (422 packages) and chromium, with which some tests hold our
# output against other people's programs and schemas.  These tests are
# skipped where they are missing, and say so.
set -u

build='gcc make pkg-config binutils libc6-dev libncurses-dev libgit2-dev
libpcre2-dev libsodium-dev libsqlite3-dev libconfuse-dev libjansson-dev
libuchardet-dev libutf8proc-dev libseccomp-dev nettle-dev libdeflate-dev
zlib1g-dev'
proof='libcmocka-dev libvterm-dev git age minisign mandoc strace ncurses-base
universal-ctags squashfs-tools xz-utils bzip2 python3'

if [ "${1-}" = --list ]; then
	for p in $build $proof; do echo "$p"; done
	exit 0
fi
if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: this is no Debian; what is needed: make deps on Debian 12" \
	    "installs $(echo $build $proof)"
	exit 0
fi

missing=
for p in $build $proof; do
	case $(dpkg-query -W -f '${db:Status-Status} ' "$p" 2>/dev/null) in
	'installed '*) ;;
	*) missing="$missing $p" ;;
	esac
done
if [ -z "$missing" ]; then
	echo 'deps: every Debian package is there'
	exit 0
fi

as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
	if ! command -v sudo >/dev/null 2>&1; then
		echo "deps: missing$missing; run 'make deps' as root"
		exit 2
	fi
fi
echo "deps: installing$missing"
install() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
	    --no-install-recommends $missing
}
# The lists may be old or not there at all: fetch them, then try once more.
install || { $as_root apt-get update -q && install; } || {
	echo "deps: apt-get could not install$missing; its reason stands above"
	exit 2
}
