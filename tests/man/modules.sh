#!/bin/sh
# The plan of the house, man/vitrine-hacking.7, and the house: every module of
# core/, notes/, policy/ and tui/ is named on the page, and every one that is
# named is there.  TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
work=$(mktemp -d)
said=$work/said
trap 'rm -rf "$work"' EXIT

# FOLDER/NAME of each file that the page names: as such anywhere, and without
# the folder below a heading that is the folder.
named() { # PAGE
	sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$1" | awk '
	/^\.S[hs] / { folder = $1 == ".Ss" && $2 ~ /^[a-z]+\/$/ ? $2 : "" }
	/^\.(It )?(Pa|Sy) |^\.It .* Pa / {
		for (i = 2; i <= NF; i++) {
			name = $i
			if (name ~ /[A-Z*]/ || name !~ /[a-z]/)
				continue
			sub(/\.[ch]$/, "", name)
			if (name ~ /^(core|notes|policy|tui)\/[a-z_0-9-]+$/)
				print name
			else if (folder != "" && $0 ~ /^\.Pa/ &&
			    name ~ /^[a-z_0-9]+$/)
				print folder name
		}
	}' | sort -u
}

# A module has a header and a file of its name; those that are in a table are
# not named one by one.
modules() {
	for f in core/*.h notes/*.h policy/*.h tui/*.h; do
		case $f in
		core/job_* | notes/report_* | policy/check_* | tui/view_*) ;;
		*) [ ! -f "${f%.h}.c" ] || echo "${f%.h}" ;;
		esac
	done | sort
}

# Files that belong to no module by their name, are no main file and are not
# named either.
strays() {
	for f in core/*.h notes/*.h policy/*.h tui/*.h; do
		echo "${f%.h}"
	done >"$work/modules"
	for f in core/*.c notes/*.c policy/*.c tui/*.c; do
		case $f in
		core/job_* | notes/report_* | policy/check_* | tui/view_*) ;;
		*/vitrine* | */room_*) ;;
		*) echo "${f%.c}" ;;
		esac
	done | sort | comm -23 - "$work/named" | awk -v of="$work/modules" '
	BEGIN { while ((getline m < of) > 0) is[m] = 1 }
	{
		for (name = $0; !(name in is); sub(/_[^_\/]*$/, "", name))
			if (name !~ /_/) { print; break }
	}'
}

wrong() { # PAGE: what is not there, what is not named
	named "$1" >"$work/named"
	modules | comm -23 - "$work/named" | sed 's/$/ is not named/'
	while read -r f; do
		[ -f "$f.c" ] || [ -f "$f.h" ] || echo "$f is not there"
	done <"$work/named"
}

page=man/vitrine-hacking.7
wrong $page >"$said"
[ ! -s "$said" ]
result $? 'the plan of the house names every module, and none that is not there'
sed 's/\<git_blame\>/git_shame/' $page >"$work/page"
wrong "$work/page" >"$said"
grep -q '^core/git_blame is not named$' "$said" &&
    grep -q '^core/git_shame is not there$' "$said"
result $? 'a module that is named otherwise is noticed'
named $page >"$work/named"
strays >"$said"
[ ! -s "$said" ]
result $? 'every file is a module, a part of one, or in a table'
echo "1..$n"
exit $status
