#!/bin/sh
# Kinds of terminal, sizes, signals; what is left of it afterwards.
. "$(dirname "$0")/lib.sh"
sh tests/demo/repo.sh "$work/repo.git" || exit 1
play terminal repo="$work/repo.git"

# Not a terminal at all.
"$bin/vitrine" "$work/repo.git" </dev/null >"$work/said" 2>&1
[ $? = 2 ] && [ "$(wc -l <"$work/said")" = 1 ]
result $? 'no terminal is one line and exit status 2' "$work/said"
echo "1..$n"
exit $status
