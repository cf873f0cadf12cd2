#!/bin/sh
# Clocks that jump while a session lasts, in the real programs: part of
# root.sh, whose mount namespace it needs.  TAP.
#
# clock.sh PLACE            everything; PLACE has programs and sessions
# clock.sh set WALL STEADY  seconds from now on
set -u
file=/run/vitrine-redteam/clock
if [ "$1" = set ]; then
	printf '%s %s\n' "$2" "$3" |
	    perl -ne 'print pack("q<q<", split)' |
	    dd of=$file conv=notrunc status=none
	exit
fi
place=$1
BUILD=${BUILD:-build}
for need in perl dd; do
	command -v $need >/dev/null && continue
	echo "ok 1 - clocks that jump # SKIP no $need"
	echo 1..1
	exit 0
done
head -c 16 /dev/zero >$file
chmod 644 $file
cp "$BUILD/tests/redteam/clock.so" "$place/clock.so"
chmod 755 "$place/clock.so"
sed -e 's/WALL/exec/' -e 's/^session = .*/session = "clock"/' \
    -e 's/from = .*/from = "00:00" to = "23:59" total = 1/' \
    tests/redteam/session.conf >"$place/clock.conf"
if ! "$place/bin/vitrine-lab" provision -c "$place/clock.conf" \
    -o "$place/sessions/clock" "$place/repo" >"$place/said" 2>&1 ||
    ! cp "$place/sessions/clock.pub" /etc/vitrine/trusted/; then
	sed 's/^/# /' "$place/said"
	echo 'not ok 1 - a session of one hour is made'
	echo 1..1
	exit 1
fi
rm -f /etc/vitrine/rooms.conf
mkdir -m 700 "$place/clockdata"
"$BUILD/tests/journeys/play" tests/redteam/root/clock.play \
    "VITRINE=$place/bin/vitrine" "DATA=$place/clockdata" \
    "SESSION=$place/sessions/clock" "LIBRARY=$place/clock.so" \
    "SET=sh tests/redteam/clock.sh set"
