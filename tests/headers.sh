#!/bin/sh
# Every header compiles alone: it includes what it needs.
#
# tests/headers.sh [BUILD]
exec make -s -k headers BUILD="${1:-${BUILD:-build}}" CC="${CC:-cc}"
