#!/bin/sh
# The text store of a folder of source: how fast it is made, how large it and
# its index become, and what a search reads of it when it lies far away.
#
# tests/bench/store.sh [FOLDER]    without it, the source of the Debian
#                                  package glibc-source
# BUILD.  The second part mounts through /dev/fuse: it is left out where that
# is not allowed.  Nothing here is a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. tests/bench/glibc.sh
make -s "$build/tests/bench/store" "$build/tests/bench/slow" \
    BUILD="$build" || exit 2
find "$source" -name .git -prune -o -type f -size -60M -print |
    LC_ALL=C sort >"$work/list"
"$build/tests/bench/store" "$work/list" "$work" || exit
bytes=$(tr '\n' '\0' <"$work/list" | xargs -0 cat | wc -c)
# The header says where what is in front of the index ends.
whole=$(wc -c <"$work/store")
index=$((whole - $(od -An -t u8 -j 48 -N 8 "$work/store")))
awk -v b="$bytes" -v w="$whole" -v i="$index" 'BEGIN {
	printf "store and index %.1f MB, index %.1f MB: %.3f and %.3f of the" \
	    " %.1f MB of the files\n", w / 1e6, i / 1e6, w / b, i / b, b / 1e6
}'
"$build/tests/bench/slow" "$work/store" memcpy 'no_such_text_here' \
    '-----BEGIN [A-Z ]*PRIVATE KEY-----' || [ $? = 77 ]
