#!/bin/sh
# What the gate finds and what it takes for source by mistake, in figures.
#
# tests/bench/gate.sh [FOLDER]    FOLDER holds source; without it, that of
#                                 the Debian package glibc-source
# BUILD; EVERY=11: every eleventh file only; TEXTS: a file of honest texts,
# each ended by a line "%%"; without it, paragraphs of the changelogs in /usr/share/doc.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. tests/bench/glibc.sh
make -s "$build/tests/bench/gate" BUILD="$build" || exit 2
find "$source" -type f \( -name '*.c' -o -name '*.h' \) -size -2048k |
    sort | awk -v n="${EVERY:-1}" 'NR % n == 5 % n' >"$work/sources"
texts=${TEXTS:-$work/texts}
[ -f "$texts" ] || for f in /usr/share/doc/*/changelog*.gz; do
	[ -f "$f" ] || continue
	case $f in */libc*|*glibc*) continue ;; esac
	gzip -dc "$f" 2>/dev/null | head -n 2000 | awk '
	BEGIN { RS = ""; FS = "\n" }
	length($0) > 250 && length($0) < 3000 && n++ < 30 {
		gsub(/%%/, "%")
		print $0 "\n%%"
	}'
done >"$texts"
"$build/tests/bench/gate" "$work/sources" "$texts"
