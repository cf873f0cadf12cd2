#!/bin/sh
# The names that a shared library exports, sorted; exit 1 when it has none.
#
# tests/exports.sh NAME   (git2 for libgit2.so)
set -u
so=$(${CC:-cc} -print-file-name="lib$1.so")
# A development package may bring a linker script instead of the library.
if [ -f "$so" ] && ! readelf -h "$so" >/dev/null 2>&1; then
	real=$(tr -s ' ()' '\n' <"$so" | grep -m 1 '^/\{0,1\}[^ ]*lib.*\.so')
	so=$(${CC:-cc} -print-file-name="${real##*/}")
fi
names=$(nm -D --defined-only "$so" 2>/dev/null |
    awk 'NF == 3 && $2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort -u)
if [ -z "$names" ]; then
	echo "no symbols found in lib$1.so ($so)" >&2
	exit 1
fi
printf '%s\n' "$names"
