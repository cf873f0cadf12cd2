#!/bin/sh
# The definitions in a folder of source: how long the parsers and we take, and
# what universal-ctags alone takes for the same files.
#
# tests/bench/symbols.sh [FOLDER]    without it, the source of the Debian
#                                    package glibc-source
# BUILD.  Nothing here is a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. tests/bench/glibc.sh
make -s "$build/tests/bench/symbols" BUILD="$build" || exit 2
find "$source" -name .git -prune -o -type f -size -60M -print |
    LC_ALL=C sort >"$work/list"
"$build/tests/bench/symbols" "$work/list" "$work" || exit
/usr/bin/time -f 'ctags alone: %e s, processor %U + %S s, resident %M kB' \
    ctags --options=NONE --sort=no -f "$work/tags" -L "$work/list" 2>&1 |
    tail -n 1
