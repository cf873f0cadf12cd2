#!/bin/sh
# tests/fuzz/list is whole: every message and every target has its row, and
# every row a target with inputs.  TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
work=$(mktemp -d)
said=$work/said
trap 'rm -rf "$work"' EXIT

# What is missing between a list, the messages and the folder of targets.
missing() { # LIST
	grep -v '^#' "$1" | awk 'NF' >"$work/rows"
	awk 'NF != 3' "$work/rows" | sed 's/^/not three words: /'
	grep -o 'MSG_[A-Z_]*' core/messages.h | sed 's/MSG_//' | sort -u |
	    while read -r m; do
		grep -q "^message $m " "$work/rows" ||
		    echo "message $m has no row"
	done
	awk '$3 != "none" { print $3 }' "$work/rows" | sort -u |
	    while read -r t; do
		[ -f "tests/fuzz/f_$t.c" ] || echo "$t has no target"
		[ -n "$(ls "tests/fuzz/$t" 2>/dev/null)" ] ||
		    echo "$t has no inputs"
	done
	for f in tests/fuzz/f_*.c; do
		t=${f#tests/fuzz/f_}
		grep -q " ${t%.c}\$" "$work/rows" || echo "${t%.c} has no row"
	done
}

missing tests/fuzz/list >"$work/said"
[ ! -s "$work/said" ]
result $? 'every message and every format has a fuzz target with inputs'
sed '/^message FOCUS/d; s/ tar$/ tarr/' tests/fuzz/list >"$work/list"
missing "$work/list" >"$work/said"
[ "$(wc -l <"$work/said")" = 4 ]
result $? 'a row that is missing or names nothing is noticed'
echo "1..$n"
exit $status
