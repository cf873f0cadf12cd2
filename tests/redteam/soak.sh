#!/bin/sh
# A working day in ten minutes: the same hour over and over, in one session,
# with searches that are cancelled, windows that change, notes that are
# written.  Memory and descriptors of every room are read after each round:
# from the third to the last they may not grow.  TAP.
#
# make soak [SOAK_SECONDS=600] [REPO=path]
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
seconds=${SOAK_SECONDS:-600}
play=$BUILD/tests/journeys/play
for need in "$BUILD/bin/vitrine" "$play"; do
	[ -x "$need" ] || { echo "$need is not built"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
repo=${REPO:-$work/repo}
[ -n "${REPO-}" ] || sh tests/demo/repo.sh "$work/repo" >/dev/null 2>&1 ||
    { echo 'no repository'; exit 77; }
file=$(git --git-dir="$repo" ls-tree -r --name-only HEAD 2>/dev/null ||
    git -C "$repo" ls-tree -r --name-only HEAD)
file=$(echo "$file" | grep -m 1 '\.c$')
[ -n "$file" ] || { echo 'no C file in that repository'; exit 77; }

{
	cat <<PLAY
claim a day of work in one session
start {VITRINE} --data {DATA} {REPO}
expect@-1 READING ROOM
run sh tests/redteam/rooms.sh up {DATA}
type :file $file
keys <Enter>
expect@1 ${file%%/*}
keys c
expect New passphrase
type four words of mine
keys <Enter>
expect The same again
type four words of mine
keys <Enter>
expect New note
type The first one.
keys <C-d>
expect recorded
forever $seconds
keys g H
type :file $file
keys <Enter>
expect@1 ${file%%/*}
keys <PgDn> <PgDn> G g g b
expect@1 BLAME
keys q
keys g /
type return
keys <Enter>
expect COMPLETE
keys x
expect certificate
keys q q
keys g /
type (a+)+\$
keys <Enter> <C-c>
keys q
keys t
expect@-1 READING ROOM
keys j j <Enter> q
keys g L
expect@-1 READING ROOM
keys d q q
resize 40x132
resize 25x80
type :file $file
keys <Enter>
expect@1 ${file%%/*}
keys c
expect New note
type Looked at again.
keys <C-d>
expect recorded
keys g n
expect Looked at again.
keys q q q q q <Esc>
expect@-1 READING ROOM
run sh tests/redteam/rooms.sh weigh {DATA} >>$work/weights; echo >>$work/weights
again
signal TERM
exit 1
restored
PLAY
} >"$work/soak.play"
"$play" "$work/soak.play" VITRINE="$BUILD/bin/vitrine" REPO="$repo" \
    DATA="$work/data" >"$work/said" 2>&1
status=$?
grep -v '^1\.\.' "$work/said"
claims=$(grep -c '^\(not \)\?ok' "$work/said")

# Worst over all rooms, third round against the last: private memory may grow
# by a quarter and 4 MiB (what is recorded is kept), descriptors by none.
awk -v n="$claims" '
NF == 4 { round[$1]++; kb[$1, round[$1]] = $3; fd[$1, round[$1]] = $4 }
END {
	for (r in round) {
		last = round[r]
		if (last < 4) { few = 1; continue }
		printf "# %s: %d rounds, %d kB then %d kB, %d then %d descriptors\n",
		    r, last, kb[r, 3], kb[r, last], fd[r, 3], fd[r, last]
		if (kb[r, last] > kb[r, 3] * 1.25 + 4096) heavy = 1
		if (fd[r, last] > fd[r, 3]) leaks = 1
		rooms++
	}
	if (few || !rooms) { print "not ok " n + 1 " - at least four rounds"; exit 1 }
	print (heavy ? "not " : "") "ok " n + 1 " - memory is flat"
	print (leaks ? "not " : "") "ok " n + 2 " - descriptors are flat"
	print "1.." n + 2
	exit heavy || leaks
}' "$work/weights" || status=1
exit $status
