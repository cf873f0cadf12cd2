#!/bin/sh
# Every global symbol begins with its file's name, so that it says where it
# lives and cannot replace a library's by accident; exceptions are listed in
# tests/names.  None may be a name that a library exports.
#
# tests/names.sh [BUILD]
set -u
build=${1:-${BUILD:-build}}
bad=$(mktemp) own=$(mktemp) theirs=$(mktemp)
trap 'rm -f "$bad" "$own" "$theirs"' EXIT

for f in core/*.c notes/*.c policy/*.c tui/*.c; do
	[ -f "$f" ] || continue
	o=$build/${f%.c}.o
	[ -f "$o" ] || { echo "$f: not built ($o)" >>"$bad"; continue; }
	stem=${f##*/}
	stem=${stem%.c}
	allowed=$(sed -n "s|^$f[ 	]*||p" tests/names 2>/dev/null)
	nm -g --defined-only "$o" | awk 'NF == 3 { print $3 }' |
	while read -r name; do
		echo "$name $f" >>"$own"
		case $name in
		"$stem" | "$stem"_* | main | __*) continue ;;
		esac
		for a in $allowed; do
			case $name in "$a" | "$a"_*) continue 2 ;; esac
		done
		echo "$f: global $name does not begin with ${stem}_" >>"$bad"
	done
done
for lib in $(sed -n 's/^lib[ 	]*//p' tests/doors); do
	sh tests/exports.sh "$lib" 2>>"$bad"
done | sort -u >"$theirs"
sort "$own" | join - "$theirs" |
    sed 's/\(.*\) \(.*\)/\2: global \1 is the name of a library function/' >>"$bad"
cat "$bad"
[ ! -s "$bad" ]
