#!/bin/sh
# Who may include whom, read off the #include lines.
#
# core: core.  notes and policy: themselves and core, never each other.
# tui: all.  Main files (vitrine*.c, room_*.c) wire, and may include all.
# A view includes one of tui/reading.h and tui/noting.h, which is the room
# it runs in, and never a file's header or the exit; view_help and
# view_messages are the shell's own and run in both.  A .c file includes its
# own header first.  Headers include each other in no circle.
set -u
bad=$(mktemp) edges=$(mktemp)
trap 'rm -f "$bad" "$edges"' EXIT

for f in core/*.[ch] notes/*.[ch] policy/*.[ch] tui/*.[ch]; do
	[ -f "$f" ] || continue
	sed -n 's/^[ 	]*#[ 	]*include[ 	]*"\([^"]*\)".*/\1/p' "$f" |
	awk -v f="$f" -v own="${f%.c}.h" -v edges="$edges" '
	BEGIN {
		from = f; sub("/.*", "", from)
		main = f ~ /\/(vitrine[^\/]*|room_[^\/]*)\.c$/
		view = f ~ /^tui\/view_/
		header = f ~ /\.h$/
		has = header ? 0 : (getline line < own) >= 0
	}
	{
		to = $0; sub("/.*", "", to)
		if (header) print $0, f >> edges
		if (NR == 1 && has && $0 != own)
			print f ": its own header " own " does not come first"
		if ($0 == "tui/reading.h" || $0 == "tui/noting.h") rooms++
		if ($0 ~ /\.c$/)
			print f " includes " $0 ": a .c file is not included"
		if (index($0, "/") == 0 && $0 !~ /\.inc$/)
			print f " includes " $0 ": say which folder"
		if (view && ($0 == "core/io.h" || $0 == "policy/egress.h"))
			print f " includes " $0 ": a view has no files and no exit"
		if (main || to == from || to == "core" || $0 ~ /\.inc$/) next
		if (from == "tui" && (to == "notes" || to == "policy")) next
		if (index($0, "/"))
			print f " includes " $0 ": " from " may not know " to
	}
	END {
		shells = f ~ /view_(help|messages)\.c$/
		if (view && !header && rooms != !shells)
			print f " includes " rooms + 0 " of tui/reading.h and " \
			    "tui/noting.h: a view runs in one room"
	}' >>"$bad"
done
if ! tsort "$edges" >/dev/null 2>"$edges.loop"; then
	echo "headers include each other in a circle:" \
	    $(sed -n 's/^tsort: \([^-].*\)/\1/p' "$edges.loop") >>"$bad"
fi
rm -f "$edges.loop"
cat "$bad"
[ ! -s "$bad" ]
