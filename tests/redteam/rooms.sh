#!/bin/sh
# The processes of one session, found by its data folder.
#
# rooms.sh kill DATA ROOM SIGNAL   one room, by its name; "vitrine" is the
#                                  launcher
# rooms.sh gone DATA               waits until there are none left
# rooms.sh mark DATA               remembers them for "gone"
# rooms.sh fds DATA ROOM           the numbers of its open descriptors
# rooms.sh count DATA              how many rooms run
set -u
what=$1 data=$2 room=${3-} signal=${4-}

launcher() {
	for p in /proc/[0-9]*; do
		if [ "$(cat "$p/comm" 2>/dev/null)" = vitrine ] &&
		    tr '\0' '\n' <"$p/cmdline" | grep -qxF -- "$data"
		then
			echo "${p#/proc/}"
			return
		fi
	done
}

# PID NAME of every child
children() {
	for p in /proc/[0-9]*; do
		[ "$(sed -n 's/^PPid:[[:space:]]*//p' "$p/status" \
		    2>/dev/null)" = "$1" ] &&
		    echo "${p#/proc/} $(cat "$p/comm" 2>/dev/null)"
	done
}

case $what in
gone)
	# Rooms of a launcher that is gone belong to init: look for the
	# data folder and for what the launcher left in a file.
	for i in $(seq 150); do
		alive=$(launcher)
		for pid in $(cat "$data.pids" 2>/dev/null); do
			state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' \
			    "/proc/$pid/status" 2>/dev/null)
			[ -n "$state" ] && [ "$state" != Z ] && alive=$pid
		done
		[ -z "$alive" ] && exit 0
		sleep 0.1
	done
	echo "process $alive is still there"
	exit 1
	;;
count)
	children "$(launcher)" | tee /dev/stderr | grep -c ' room_'
	;;
mark)
	children "$(launcher)" | sed 's/ .*//' >"$data.pids"
	[ -s "$data.pids" ]
	;;
kill)
	pid=$(launcher)
	[ "$room" = vitrine ] ||
	    pid=$(children "$pid" | sed -n "s/ $room\$//p" | head -n 1)
	[ -n "$pid" ] && kill -s "$signal" "$pid"
	;;
fds)
	pid=$(children "$(launcher)" | sed -n "s/ $room\$//p" | head -n 1)
	[ -n "$pid" ] && ls "/proc/$pid/fd" | sort -n | tr '\n' ' '
	;;
esac
