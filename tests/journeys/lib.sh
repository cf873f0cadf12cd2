# lib.sh - what every journey needs; read with "." from the project's root.
#
# $work      a folder of its own, gone at the end
# $bin       the programs, absolute
# play FILE [NAME=VALUE]...    plays tests/journeys/FILE.play, TAP
# result STATUS CLAIM [FILE]  one more test by a status; FILE is shown
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
build=${BUILD:-build}
bin=$PWD/$build/bin
for need in "$bin/vitrine" "$build/tests/journeys/play"; do
	[ -x "$need" ] || { echo "$need is not built"; exit 77; }
done
work=$(mktemp -d)
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export VITRINE_DATA="$work/data" LC_ALL=C.UTF-8
unset NO_COLOR VITRINE_STATION

play() {
	script=$1
	shift
	"$build/tests/journeys/play" "tests/journeys/$script.play" \
	    bin="$bin" work="$work" "$@" || status=1
}

# The session of the demonstration, in $work/demo.
make_session() {
	sh tests/demo/demo.sh "$build" --prepare || exit 1
	mkdir -p "$work/demo"
	cp -R "$build/demo/keys" "$build/demo/session" \
	    "$build/demo/session.conf" "$build/demo/sec-118.patch" \
	    "$build/demo/ft400-req" \
	    "$build/demo/repo.git" "$work/demo/"
	mkdir -p "$VITRINE_DATA/trusted"
	cp "$work/demo/keys/lab.pub" "$VITRINE_DATA/trusted/"
}
