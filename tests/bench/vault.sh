#!/bin/sh
# How long a large record takes to open, and how much memory it holds.
#
# tests/bench/vault.sh    BUILD; ENTRIES (50000), SPANS (2000000), ROUNDS (5)
#
# Goal: five weeks of a busy auditor open in under a second after the key
# derivation and stay under 100 MB resident.  Milliseconds are the
# processor's: a busy machine does not change them.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
make -s "$build/tests/bench/vault" BUILD="$build" || exit 2
for size in "$((${ENTRIES:-50000} / 10)) $((${SPANS:-2000000} / 10))" \
    "${ENTRIES:-50000} ${SPANS:-2000000}"; do
	rm -rf "$work/v"
	mkdir "$work/v"
	# shellcheck disable=SC2086
	"$build/tests/bench/vault" make "$work/v" $size || exit 2
	i=0
	while [ $i -lt "${ROUNDS:-5}" ]; do
		"$build/tests/bench/vault" open "$work/v" || exit 2
		i=$((i + 1))
	done | sort -n | awk -v size="$size" -v file="$(wc -c <"$work/v/record.db")" '
	{ a[NR] = $1; b[NR] = $2; if ($3 > m) m = $3; s[NR] = $1 + $2 }
	END {
		split(size, n, " ")
		best = int((NR + 1) / 2)
		printf "%d entries, %d spans (%.0f MB on disk): chain %d ms, entries %d ms, together %d ms; %.0f MB resident\n",
		    n[1], n[2], file / 1e6, a[best], b[best], s[best], m / 1024
	}'
done
