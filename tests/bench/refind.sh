#!/bin/sh
# Regions of an old release, found again in later ones: how often right.
#
# tests/bench/refind.sh REPO OLD NEW...
#                       BUILD; REGIONS (1000); SEED (1); SECOND (40)
#
# The judge is git: a line of the new release that "git blame OLD..NEW"
# follows back to OLD is where that line is now.  It is certain of a region
# when it follows all of its lines and they stand together (kept), or none or
# some of them (changed).  It is not certain of regions whose file it cannot
# follow, or of which a line stands twice in the new release.
#
#   kept, right      unchanged or moved, at the very lines that git names
#   kept, elsewhere  unchanged or moved, at other lines with the same bytes
#   kept, changed    said to be changed: a person reads it without need
#   kept, absent     not found: the worst of these
#   changed, right   changed, absent, or (of a region that git does not
#                    follow but that stands elsewhere byte for byte) moved
#   changed, WRONG   said to be unchanged
#
# Regions that git was not certain of, or whose history it could not read
# (objects that a partial clone lacks), are counted as left out.
#
# The second judge is "git log -L", asked about SECOND of the regions: of
# lines that are said to be kept it must know no commit since OLD, of lines
# that are said to be changed at least one.
set -u
[ $# -ge 3 ] || { sed -n '2,5p' "$0"; exit 2; }
cd_top=$(dirname "$0")/../..
repo=$(git -C "$1" rev-parse --absolute-git-dir) || exit 2
old=$2
shift 2
cd "$cd_top" || exit 2
build=${BUILD:-build}
make -s "$build/tests/bench/refind" BUILD="$build" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g() { git -C "$repo" "$@"; }
# What a partial clone lacks is left out, not fetched.
GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=none
export GIT_NO_LAZY_FETCH GIT_ALLOW_PROTOCOL
oldid=$(g rev-parse "$old^{commit}") || exit 2

# Regions of 1 to 30 lines, anywhere in files of source.
g grep -c '' "$oldid" -- '*.c' '*.h' '*.cc' '*.cpp' '*.sh' '*.py' |
    sed -n 's/^[0-9a-f]*:\([^ ]*\):\([0-9]*\)$/\2 \1/p' >"$work/files"
awk -v n="${REGIONS:-1000}" -v seed="${SEED:-1}" '
$1 > 0 { lines += $1; end[++files] = lines; size[files] = $1; name[files] = $2 }
END {
	srand(seed)
	while (n-- > 0) {
		at = int(rand() * lines) + 1
		for (f = 1; end[f] < at; f++)
			;
		first = at - (end[f] - size[f])
		last = first + int(rand() * 30)
		if (last > size[f])
			last = size[f]
		print name[f], first, last
	}
}' "$work/files" | sort -k1,1 -k2,2n >"$work/regions"

# What git log -L says of some of the regions, evenly picked.
second() {
	agree=0 n=0
	awk -v want="${SECOND:-40}" '{ row[NR] = $0 }
	    END { for (i = 1; i <= want && i <= NR; i++)
		print row[int((i - 1) * NR / (NR < want ? NR : want)) + 1] }' \
	    "$work/asked" >"$work/picked"
	while read -r kind first last path; do
		commits=$(g log -s --format=%h -L "$first,$last:$path" \
		    "$oldid..$newid" 2>/dev/null) || continue
		n=$((n + 1))
		case $kind,$commits in
		kept, | changed,?*) agree=$((agree + 1)) ;;
		*) echo "   log -L: $kind $path $first $last:" $commits \
		    >>"$work/odd" ;;
		esac
	done <"$work/picked"
	echo " $agree/$n"
}

printf '%-14s %6s %6s %6s %6s %6s %6s %6s %7s %6s %6s %s\n' release sure \
    kept right elsew. chang. absent changed right WRONG out 'log -L agrees'
for new in "$@"; do
	newid=$(g rev-parse "$new^{commit}") || exit 2
	"$build/tests/bench/refind" "$repo" "$oldid" "$newid" \
	    <"$work/regions" >"$work/found" || exit 2
	g diff -M --name-status "$oldid" "$newid" |
	    awk '$1 ~ /^R/ { print $2, $3 }' >"$work/renamed"
	# Where each old line is now: "oldpath oldline newline newpath".
	cut -d' ' -f1 "$work/regions" | uniq | while read -r f; do
		to=$(awk -v f="$f" '$1 == f { print $2 }' "$work/renamed")
		to=${to:-$f}
		g cat-file -e "$newid:$to" 2>/dev/null || continue
		g blame -s -n -f "$oldid..$newid" -- "$to" \
		    >"$work/lines" 2>/dev/null || continue
		echo "$f 0 0 $to"
		awk -v to="$to" '/^\^/ {
			sub(/\)/, " ", $4); print $2, $3, $4 + 0, to }' \
		    "$work/lines"
	done >"$work/blame"
	: >"$work/asked"
	paste -d' ' "$work/regions" "$work/found" | awk -v name="$new" \
	    -v asked="$work/asked" '
	NR == FNR { if ($2 == 0) file[$1] = $4
		else { if (($1, $2) in now) twice[$1, $2] = 1
			now[$1, $2] = $3 } next }
	!($1 in file) { left++; next }
	{
		kept = 0; joined = 1; bad = 0; n = $3 - $2 + 1
		for (i = $2; i <= $3; i++) {
			if (($1, i) in twice) bad = 1
			if (!(($1, i) in now)) continue
			if (kept && now[$1, i] != last + 1) joined = 0
			if (!kept) first = now[$1, i]
			last = now[$1, i]; kept++
		}
		if (bad) { left++; next }
		sure++
		same = $4 == "unchanged" || $4 == "moved"
		if (kept == n && joined) {
			all++
			if (same && $5 == first && $7 == file[$1]) right++
			else if (same) elsewhere++
			else if ($4 == "changed") changed++
			else absent++
			if (same && $5 == first && $7 == file[$1])
				print "kept", $5, $6, $7 >asked
			if (!(same && $5 == first && $7 == file[$1])) print "  ", $0, "git:", first > "/dev/stderr"
		} else {
			gone++
			if ($4 == "unchanged") { wrong++; print "  ", $0, "git keeps", kept > "/dev/stderr" }
			else fine++
			if ($4 == "changed" && kept == 0)
				print "changed", $5, $6, $7 >asked
		}
	}
	END {
		printf "%-14s %6d %6d %5.1f%% %6d %6d %6d %7d %5.1f%% %6d %6d",
		    name, sure, all, all ? 100 * right / all : 100,
		    elsewhere, changed, absent, gone,
		    gone ? 100 * fine / gone : 100, wrong, left
	}' "$work/blame" - 2>>"$work/odd"
	second
done
[ -z "${ODD-}" ] || cat "$work/odd"
