#!/bin/sh
# Attempts to get out, on the built programs: tests/redteam/*.play, and the
# proof of environment on a real repository.  TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
BUILD=${BUILD:-build}
vitrine=${VITRINE:-$BUILD/bin/vitrine}
play=$BUILD/tests/journeys/play
for need in "$vitrine" "$play" "$BUILD/tests/redteam/hostile_room"; do
	[ -x "$need" ] || { echo "$need is not built"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! sh tests/demo/repo.sh "$work/repo" >"$work/log" 2>&1; then
	cat "$work/log"
	exit 77
fi

"$vitrine" --data "$work/data" --proof "$work/repo" >"$work/proof" 2>&1
result $? "no room can be left on this machine" "$work/proof"
grep -q '^layers of every room: no_new_privs seccomp no_capabilities ' \
    "$work/proof"
result $? "every room has all layers" "$work/proof"
[ "$(awk '/ways out were stopped/ { print $1 }' "$work/proof")" -ge 240 ]
result $? "at least 40 ways out of each room were shown to work and stopped" \
    "$work/proof"
! awk '/^room /, /^$/ { if ($1 != "room" && NF == 5 && $2 < 40) bad = 1 }
    END { exit !bad }' "$work/proof"
result $? "no room was left out" "$work/proof"
echo "1..$n"

# A session as it should be, and three that are not.
session() { # NAME WALL
	sed "s/WALL/$2/" tests/redteam/session.conf >"$work/$1.conf"
	"$BUILD/bin/vitrine-lab" provision -c "$work/$1.conf" \
	    -o "$work/sessions/$1" "$work/repo" >"$work/log" 2>&1 ||
	    { sed 's/^/# /' "$work/log"; status=1; }
	cp "$work/sessions/$1.pub" "$work/data/trusted/"
}
mkdir -p "$work/sessions" "$work/data/trusted"
session good exec
session wall fly
for name in changed extra; do
	cp -r "$work/sessions/good" "$work/sessions/$name"
done
printf X | dd of="$work/sessions/changed/text/store" bs=1 seek=100 \
    conv=notrunc 2>/dev/null
: >"$work/sessions/extra/more"

# A searcher that was taken over: its first message is none.
mkdir "$work/hostile"
cp -r "$BUILD/bin" "$BUILD/libexec" "$work/hostile"
printf '#!/bin/sh\nprintf junk >&4\nexec sleep 60\n' \
    >"$work/hostile/libexec/vitrine/room_search"

# Rooms that were taken over in other ways: tests/redteam/hostile_room.c
for room in reading worker search; do
	mkdir "$work/$room"
	cp -r "$BUILD/bin" "$BUILD/libexec" "$work/$room"
	cp "$BUILD/tests/redteam/hostile_room" \
	    "$work/$room/libexec/vitrine/room_$room"
done
for name in flood-desk fake-prompt bad-cells flood-worker stall-worker \
    deaf-worker deaf-search stall-search mute-worker spin-search; do
	cp -r "$work/repo" "$work/$name"
done

for script in tests/redteam/*.play; do # root.sh plays root/*.play
	"$play" "$script" "VITRINE=$vitrine" "REPO=$work/repo" \
	    "DATA=$work/data" "SESSIONS=$work/sessions" \
	    "HOSTILE=$work/hostile/bin/vitrine" "W=$work" || status=1
done
exit $status
