#!/bin/sh
# The hours of a session: counted, shown, ended; entry and exit on record.
. "$(dirname "$0")/lib.sh"
make_session
play hours session="$work/demo/session" data="$VITRINE_DATA"

out=$(echo "$VITRINE_DATA"/*-alice)
"$bin/vitrine-lab" journal "$out/journal.db" >"$work/journal" 2>&1
grep -c ' closed ' "$work/journal" | grep -qx 3 &&
    grep -c ' opened ' "$work/journal" | grep -qx 3
result $? 'every entry and exit is in the journal, the forced one too' \
    "$work/journal"
grep -q ' visit .*2023-11-1[0-9] .*, 2 h 0 min' "$work/journal"
result $? 'so are visits without the vault' "$work/journal"
echo "1..$n"
exit $status
