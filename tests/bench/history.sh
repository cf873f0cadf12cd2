#!/bin/sh
# Blame and the log of single files: do they say what git says, line by line,
# and how long do they take?
#
# make bench HISTORY=path FILES=200    a git repository; so many of its files,
#                                      spread evenly; REV, otherwise HEAD
#
# Printed: lines that differ from "git blame", commits that differ from
# "git log --follow", and processor time of both, all files together; then
# medians of a few files (TIMED=10), with an index of history and without,
# beside git's; TEXT is what the search through their versions looks for.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build} files=${FILES:-60} rev=${REV:-HEAD}
[ -n "${HISTORY:-}" ] || exit 0
make -s "$build/tests/bench/history" "$build/tests/bench/history_time" \
    BUILD="$build" || exit 2
ours=$PWD/$build/tests/bench/history
repo=$(cd "$HISTORY" && git rev-parse --absolute-git-dir) || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_DIR="$repo" LC_ALL=C GIT_CONFIG_NOSYSTEM=1 GIT_NO_LAZY_FETCH=1

git ls-tree -r --name-only "$rev" | grep -E '\.(c|h|py|sh|go|rs|java|txt)$' |
    grep -v '"' >"$work/all"
total=$(wc -l <"$work/all")
[ "$total" -gt 0 ] || { echo "history: no files in $repo"; exit 2; }
awk -v n="$total" -v want="$files" 'BEGIN { step = n > want ? n / want : 1 }
    NR >= at { print; at += step }' "$work/all" >"$work/list"

# Processor time of this shell's children so far, in milliseconds, in $ms.
spent() {
	times >"$work/spent"
	ms=$(sed -n 2p "$work/spent" | awk '{
		t = 0
		for (i = 1; i <= 2; i++) {
			split($i, p, /[ms]/)
			t += p[1] * 60000 + p[2] * 1000
		}
		print int(t)
	}')
}
git_blame() {
	while IFS= read -r path; do
		printf '= %s\n' "$path"
		git blame --porcelain "$rev" -- "$path" 2>/dev/null |
		    sed -nE 's/^([0-9a-f]{40} [0-9]+ [0-9]+).*/\1/p'
	done
}
git_follow() {
	while IFS= read -r path; do
		printf '= %s\n' "$path"
		git log --follow --format=%H "$rev" -- "$path" 2>/dev/null
	done
}
compare() { # name
	spent
	a=$ms
	"$ours" "$1" "$repo" "$rev" <"$work/list" >"$work/ours" \
	    2>"$work/times"
	spent
	b=$ms
	"git_$1" <"$work/list" >"$work/git"
	spent
	c=$ms
	lines=$(grep -vc '^=' "$work/git")
	differ=$(diff "$work/ours" "$work/git" | grep -c '^>')
	more=$(diff "$work/ours" "$work/git" | grep -c '^<')
	echo "$1: $(wc -l <"$work/list") files of $total," \
	    "$lines lines of git's, $differ not ours, $more ours only;" \
	    "processor ms: vitrine $((b - a)), git $((c - b))"
}
echo "history of $repo: $(git rev-list --count "$rev") commits"
compare blame
compare follow
n=$(wc -l <"$work/list")
awk -v n="$n" -v want="${TIMED:-10}" 'BEGIN { step = n > want ? n / want : 1 }
    NR >= at { print; at += step }' "$work/list" |
    "$build/tests/bench/history_time" "$repo" "$rev" "${TEXT:-return}"
exit 0
