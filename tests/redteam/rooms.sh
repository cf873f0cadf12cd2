#!/bin/sh
# The processes of one session, found by its data folder.
#
# rooms.sh up DATA               waits until every room runs behind its walls
# rooms.sh again DATA ROOM       kills one and waits for its successor
# rooms.sh remember DATA ROOM    which processes that is now ...
# rooms.sh succeeded DATA ROOM   ... and waits until one has a successor
# rooms.sh kill DATA ROOM SIGNAL one room, by its name; "vitrine" is the
#                                launcher
# rooms.sh mark DATA             remembers them for "gone"
# rooms.sh gone DATA             waits until there are none left
# rooms.sh fds DATA ROOM         the numbers of its open descriptors
# rooms.sh weigh DATA            NAME PID KB DESCRIPTORS of each, and of the
#                                launcher
# rooms.sh walled DATA           waits until the launcher has its own walls
set -u
what=$1 data=$2 room=${3-} signal=${4-}

launcher() {
	for p in /proc/[0-9]*; do
		if [ "$(cat "$p/comm" 2>/dev/null)" = vitrine ] &&
		    tr '\0' '\n' 2>/dev/null <"$p/cmdline" |
		    grep -qxF -- "$data"
		then
			echo "${p#/proc/}"
			return
		fi
	done
}

# PID NAME of every room; a probe of the walls is no room: it has arguments.
children() {
	for p in /proc/[0-9]*; do
		[ "$(sed -n 's/^PPid:[[:space:]]*//p' "$p/status" \
		    2>/dev/null)" = "$1" ] &&
		    [ "$(tr -dc '\0' <"$p/cmdline" 2>/dev/null |
			wc -c)" = 1 ] &&
		    echo "${p#/proc/} $(cat "$p/comm" 2>/dev/null)"
	done
}

# PIDs of the rooms of that name
named() {
	children "$(launcher)" | sed -n "s/ $1\$//p"
}

all_up() {
	all=$(children "$(launcher)")
	for name in desk reading notes check worker search; do
		case "$all" in
		*" room_$name"*) ;;
		*) return 1 ;;
		esac
	done
	echo "$all" | while read -r pid _; do
		grep -q '^Seccomp:[[:space:]]*2$' "/proc/$pid/status" \
		    2>/dev/null || return 1
	done
}

# As many as there were, and not that one
succeeded() {
	now=$(named "$room")
	[ -n "$now" ] &&
	    [ "$(echo "$now" | wc -l)" = "$(echo "$were" | wc -l)" ] &&
	    ! echo "$now" | grep -qx "$pid"
}

# STATE STARTED of a process: its number comes again, with another start (proc(5)).
born() {
	sed 's/.*) \(.\)\( [^ ]*\)\{18\} \([0-9]*\) .*/\1 \3/' \
	    "/proc/$1/stat" 2>/dev/null
}

gone() {
	alive=$(launcher)
	while read -r pid started; do
		now=$(born "$pid")
		[ "${now#* }" = "$started" ] && [ "${now% *}" != Z ] &&
		    alive=$pid
	done 2>/dev/null <"$data.pids"
	[ -z "$alive" ]
}

wait_until() { # a condition; what does not come in ten minutes never comes
	end=$(($(date +%s) + 600))
	until "$1"; do
		[ "$(date +%s)" -lt $end ] || return 1
		sleep 0.1
	done
}

case $what in
up)
	wait_until all_up && exit 0
	echo "not all rooms run:"
	children "$(launcher)"
	exit 1
	;;
again)
	were=$(named "$room")
	pid=${were%%
*}
	[ -n "$pid" ] && kill -s KILL "$pid" && wait_until succeeded && exit 0
	echo "$room is not started again"
	exit 1
	;;
remember)
	there() {
		named "$room" | sort >"$data.were"
		[ -s "$data.were" ]
	}
	wait_until there
	;;
succeeded)
	another() {
		named "$room" | sort >"$data.now"
		[ "$(wc -l <"$data.now")" -ge "$(wc -l <"$data.were")" ] &&
		    [ -n "$(comm -23 "$data.were" "$data.now")" ]
	}
	wait_until another && exit 0
	echo "$room is as it was"
	exit 1
	;;
gone)
	# Rooms of a launcher that is gone belong to init: look for the
	# data folder and for what the launcher left in a file.
	wait_until gone && exit 0
	echo "process $alive is still there"
	exit 1
	;;
mark)
	children "$(launcher)" | while read -r pid _; do
		state=$(born "$pid")
		[ -n "$state" ] && echo "$pid ${state#* }"
	done >"$data.pids"
	[ -s "$data.pids" ]
	;;
kill)
	pid=$(launcher)
	[ "$room" = vitrine ] || pid=$(named "$room" | head -n 1)
	[ -n "$pid" ] && kill -s "$signal" "$pid"
	;;
walled)
	walled() {
		grep -q '^Seccomp:[[:space:]]*2$' "/proc/$(launcher)/status"
	}
	wait_until walled && exit 0
	echo "the launcher has no walls"
	exit 1
	;;
weigh)
	children "$(launcher)" | sort -k 2 -k 1n |
	    awk '{ print $2 "-" ++n[$2], $1 }' |
	while read -r name pid; do
		echo "$name $pid" \
		    "$(sed -n 's/^RssAnon:[[:space:]]*\([0-9]*\).*/\1/p' \
			"/proc/$pid/status")" "$(ls "/proc/$pid/fd" | wc -l)"
	done
	pid=$(launcher)
	echo "launcher $pid" \
	    "$(sed -n 's/^RssAnon:[[:space:]]*\([0-9]*\).*/\1/p' \
		"/proc/$pid/status")" "$(ls "/proc/$pid/fd" | wc -l)"
	;;
fds)
	pid=$(named "$room" | head -n 1)
	[ -n "$pid" ] && ls "/proc/$pid/fd" | sort -n | tr '\n' ' '
	;;
esac
