#!/bin/sh
# A locked signing key: its passphrase is asked for at the terminal, of a file
# with -P, and of nobody without either.
. "$(dirname "$0")/lib.sh"
lab=$bin/vitrine-lab
printf 'one of seven words\n' >"$work/pass"
sh tests/demo/repo.sh "$work/repo.git" && cd "$work" || exit 1
"$lab" keygen -P pass lab >/dev/null &&
    "$lab" keygen -a evaluator >/dev/null || exit 1
top=$OLDPWD
sed -n '/^format = 1/,/^\.Ed/p' "$top/man/vitrine-session.5" | sed '$d' |
    sed -e "s/age1[a-z0-9]*/$(cat evaluator.age-pub)/" >session.conf
"$lab" provision -P pass -c session.conf -o s -k lab.key repo.git \
    >/dev/null || exit 1
cd "$top" || exit 1
play key

# Made after the answer, and signed: the same as with the file.
"$lab" squash -P "$work/pass" -o "$work/file.sqfs" -k "$work/lab.key" \
    -p "$work/lab.pub" "$work/s" >"$work/said" 2>&1 &&
    cmp "$work/file.sqfs.minisig" "$work/typed.sqfs.minisig" >>"$work/said" &&
    "$lab" verify -p "$work/lab.pub" "$work/typed.sqfs" >>"$work/said" 2>&1
result $? 'what was signed after the answer verifies, and is the same' \
    "$work/said"

"$lab" squash -o "$work/none.sqfs" -k "$work/lab.key" -p "$work/lab.pub" \
    "$work/s" >"$work/said" 2>&1 </dev/null
[ $? = 4 ] && [ "$(wc -l <"$work/said")" = 1 ] && [ ! -e "$work/none.sqfs" ] &&
    grep -q 'lab.key needs a passphrase: type it at a terminal, or -P FILE' \
	"$work/said"
result $? 'without a terminal it is one line, and nothing is made' "$work/said"

: >"$work/empty"
"$lab" squash -P "$work/empty" -o "$work/none.sqfs" -k "$work/lab.key" \
    -p "$work/lab.pub" "$work/s" >"$work/said" 2>&1 </dev/null
[ $? = 3 ] && [ "$(wc -l <"$work/said")" = 1 ] &&
    grep -q 'empty: no passphrase in it' "$work/said"
result $? 'nor does an empty file unlock it' "$work/said"
echo "1..$n"
exit $status
