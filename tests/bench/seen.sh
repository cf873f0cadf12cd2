#!/bin/sh
# What coverage costs the reader: its work for one key, in microseconds of
# the processor.  A screen at 60 hertz has 16667 of them.
#
# tests/bench/seen.sh    BUILD
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
make -s "$build/tests/bench/seen" BUILD="$build" || exit 2
"$build/tests/bench/seen"
