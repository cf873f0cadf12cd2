#!/bin/sh
# Side by side with the peers, on the same machine, in turns; medians.
#
# make bench REPO=path    a git repository, the larger the better; without
#                         one, the project's own
#
# BUILD, ROUNDS (9), PATTERN.  Nothing here is a test: it prints figures.
#   first screen   from exec to the first commit on the screen; tig, vitrine
#   search         all files of HEAD for a pattern; "git grep -P" with as many
#                  threads as there are cores, vitrine from Enter to the last
#                  hit counted
#   key to screen  a letter typed while such a search runs, until it shows
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build} rounds=${ROUNDS:-9}
repo=${REPO:-.}
pattern=${PATTERN:-'[a-z]+_(init|free|new)\('}
cores=$(getconf _NPROCESSORS_ONLN)
play=$PWD/$build/tests/journeys/play
vitrine=$PWD/$build/bin/vitrine
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export VITRINE_DATA="$work/data" LC_ALL=C.UTF-8
make -s "$build/tests/journeys/play" BUILD="$build" || exit 2
repo=$(cd "$repo" && git rev-parse --absolute-git-dir) || exit 2
subject=$(git --git-dir="$repo" log -1 --format=%s HEAD | cut -c1-16)

median() { # of the laps of one name in the file
	sed -n "s/^# lap $2 //p" "$1" | sort -n | awk '
	{ at[NR] = $1 }
	END {
		if (NR == 0) { print "-"; exit }
		m = NR % 2 ? at[(NR + 1) / 2] : (at[NR / 2] + at[NR / 2 + 1]) / 2
		printf "%.1f", m
	}'
}
worst() {
	sed -n "s/^# lap $2 //p" "$1" | sort -n | tail -n 1
}
row() { # what, ours, theirs
	awk -v what="$1" -v a="$2" -v b="$3" 'BEGIN {
		ratio = (a + 0 > 0 && b + 0 > 0) ? sprintf("%.2f", a / b) : "-"
		printf "%-34s %12s %12s %8s\n", what, a, b, ratio
	}'
}

printf 'claim tig\nstart tig\nexpect %s\nlap tig\nkeys q\nexit 0\n' \
    "$subject" >"$work/tig"
printf 'claim v\nstart %s {repo}\nexpect %s\nlap vitrine\nkeys Q\nexit 0\n' \
    "$vitrine" "$subject" >"$work/first"
{
	printf 'claim v\nstart %s {repo}\nexpect %s\n' "$vitrine" "$subject"
	printf 'keys g /\ntype %s\nkeys <Enter>\nexpect  skipped;\n' "$pattern"
	printf 'lap search\nkeys Q\nexit 0\n'
} >"$work/search"
{
	# A pattern that keeps every core busy, and a prompt over it.
	printf 'claim v\nstart %s {repo}\nexpect %s\n' "$vitrine" "$subject"
	printf 'keys g /\ntype (\\w+\\s*)+;\\s*(\\w+\\s*)+$\nkeys <Enter>\nkeys :\n'
	typed=:
	for letter in a b c d e f g h i j k l m n o p q r s t; do
		typed=$typed$letter
		printf 'keys %s\nexpect %s\nlap key\n' $letter $typed
	done
	printf 'keys <Esc>\nkeys <Esc>\nkeys Q\n'
} >"$work/keys"

echo "repository: $repo"
echo "commits: $(git --git-dir="$repo" rev-list --count HEAD)," \
    "files: $(git --git-dir="$repo" ls-tree -r --name-only HEAD | wc -l)," \
    "cores: $cores, rounds: $rounds, load: $(cut -d' ' -f1 /proc/loadavg)"
for i in $(seq "$rounds"); do
	command -v tig >/dev/null && (cd "$repo" && GIT_DIR=$repo "$play" \
	    "$work/tig") >>"$work/out" 2>&1
	"$play" "$work/first" repo="$repo" >>"$work/out" 2>&1
	begin=$(date +%s%N)
	git --git-dir="$repo" grep -P -n --threads="$cores" -e "$pattern" HEAD \
	    >"$work/grep"
	end=$(date +%s%N)
	echo "# lap grep $(((end - begin) / 10000))" |
	    sed 's/\(..\)$/.\1/' >>"$work/out"
	"$play" "$work/search" repo="$repo" >>"$work/out" 2>&1
	[ "$i" -gt 3 ] || "$play" "$work/keys" repo="$repo" \
	    >>"$work/out" 2>&1
done
printf '%-34s %12s %12s %8s\n' 'milliseconds, medians' vitrine peer ratio
row 'first screen (tig)' "$(median "$work/out" vitrine)" \
    "$(median "$work/out" tig)"
row "search ($(wc -l <"$work/grep") lines; git grep -P)" \
    "$(median "$work/out" search)" "$(median "$work/out" grep)"
row 'key to screen during a search' "$(median "$work/out" key)" -
row '  the slowest of them' "$(worst "$work/out" key)" -
grep '^not ok' "$work/out" | sort | uniq -c
exit 0
