#!/bin/sh
# Holds sources and built objects against tests/doors.
#
# tests/doors.sh [BUILD]
#
# Symbols do not lie where macros might, so functions are read from what an
# object leaves undefined; what the compiler may fold away is looked for in
# the source by tests/words.awk, which leaves comments and strings out.
set -u
build=${1:-${BUILD:-build}}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/bad"

exports() { # library
	sh tests/exports.sh "$1" 2>>"$work/bad"
}

# What libc has under the same name is libc's.
exports c >"$work/libc"

# Patterns are ours, not the shell's.
set -f
# rules: DOOR KIND PATTERN;  owners: DOOR FILE-PATTERN
: >"$work/rules"
: >"$work/owners"
door=
while read -r key rest; do
	case $key in
	door)
		door=${rest%% *}
		printf '%s\n' ${rest#* } | sed "s|^|$door |" >>"$work/owners"
		;;
	lib)
		[ -n "$door" ] || continue
		exports "$rest" | comm -23 - "$work/libc" |
		    sed "s|^|$door call |" >>"$work/rules"
		;;
	call | word | include)
		printf '%s\n' $rest | sed "s|^|$door $key |" >>"$work/rules"
		;;
	esac
done <<EOF
$(sed 's/#.*//' tests/doors)
EOF
set +f

# uses: FILE KIND NAME
: >"$work/uses"
for f in core/*.c notes/*.c policy/*.c tui/*.c; do
	[ -f "$f" ] || continue
	o=$build/${f%.c}.o
	if [ ! -f "$o" ]; then
		echo "$f: not built ($o)" >>"$work/bad"
		continue
	fi
	nm -u "$o" | sed "s|^|$f |" >>"$work/undefined"
done
awk '{
	s = $NF; sub(/@.*/, "", s)
	if (s ~ /^__.*_chk$/) { sub(/^__/, "", s); sub(/_chk$/, "", s) }
	if (s ~ /^__.*_2$/) { sub(/^__/, "", s); sub(/_2$/, "", s) }
	sub(/^__isoc(99|23)_/, "", s); sub(/^__builtin_/, "", s)
	if (s != "pcre2_64") sub(/64$/, "", s)
	print $1, "call", s
}' "$work/undefined" >>"$work/uses"
ls core/*.[ch] notes/*.[ch] policy/*.[ch] tui/*.[ch] 2>/dev/null |
    xargs awk -f tests/words.awk >>"$work/uses" 2>>"$work/bad"
grep -q ' word ' "$work/uses" || echo "no word was read" >>"$work/bad"

awk -v owners="$work/owners" -v rules="$work/rules" '
function glob(p) { # a file or name pattern as a regular expression
	gsub(/[.+]/, "\\\\&", p); gsub(/\*/, "[^/]*", p)
	return "^" p "$"
}
BEGIN {
	while ((getline line < owners) > 0) {
		split(line, a, " ")
		own[a[1]] = own[a[1]] " " a[2]
	}
	while ((getline line < rules) > 0) {
		split(line, a, " ")
		if (a[3] ~ /\*/) wild[++n] = a[1] " " a[2] " " a[3]
		else exact[a[2] " " a[3]] = exact[a[2] " " a[3]] " " a[1]
	}
}
function judge(door, file, what,   i, k, list) {
	k = split(own[door], list, " ")
	for (i = 1; i <= k; i++)
		if (list[i] != "-" && file ~ glob(list[i])) return
	print file " uses " door " (" what "): only" own[door] " may"
}
function doors_of(kind, name,   list, w, a) {
	list = exact[kind " " name]
	for (w = 1; w <= n; w++) {
		split(wild[w], a, " ")
		if (a[2] == kind && name ~ glob(a[3])) list = list " " a[1]
	}
	return list
}
{
	use = $2 " " $3
	if (!(use in known)) known[use] = doors_of($2, $3)
	k = split(known[use], doors, " ")
	for (d = 1; d <= k; d++) judge(doors[d], $1, $3)
}' "$work/uses" | sort -u >>"$work/bad"

cat "$work/bad"
[ ! -s "$work/bad" ]
