#!/bin/sh
# A day in a session, by the auditor, and what the evaluator makes of it.
. "$(dirname "$0")/lib.sh"
make_session
play session session="$work/demo/session" data="$VITRINE_DATA"

# The evaluator's desk: the export, its keys, the rules; nothing else.
out=$(echo "$VITRINE_DATA"/*-alice)
"$bin/vitrine-report" -i "$work/demo/keys/evaluator.age-key" \
    -s "$work/demo/session.conf" -k "$out/author.pub" \
    -o "$work/r.html" -o "$work/r.md" -o "$work/r.txt" -o "$work/r.sarif" \
    "$out"/outbox/*.age >"$work/said" 2>&1
result $? 'the export opens with the evaluator'\''s key' "$work/said"
grep -q 'SEC-118 is not fixed' "$work/r.html" &&
    grep -q 'src/s1ap/ie.c' "$work/r.html" &&
    grep -q 'Alice Example' "$work/r.html"
result $? 'the report holds the finding, its place and its author' "$work/r.txt"
[ -s "$work/r.txt" ] &&
    ! grep -q 'copied code' "$work/r.html" "$work/r.md" "$work/r.txt" \
    "$work/r.sarif"
result $? 'and not the one that was refused'
[ -s "$work/r.txt" ] && ! grep -Fq 'S1AP_NAS_MAX' "$work/r.html"
result $? 'and no source'

"$bin/vitrine-lab" journal -i "$work/demo/keys/evaluator.age-key" \
    "$out/journal.db" >"$work/journal" 2>&1 &&
    grep -q refused "$work/journal" && grep -q released "$work/journal"
result $? 'the host'\''s journal has the refusal and the release' \
    "$work/journal"
grep -q released "$work/journal" && ! grep -q 'SEC-118\|four words\|copied code' "$work/journal"
result $? 'and not what was written'
# What was searched for, opened and written stands in the play; the control
# is the title, which the journal does hold.
grep -qa 'FT-400' "$out/journal.db" &&
    ! grep -qaE 'bench_user|diag\.c|user\.c|agc\.c|ie\.c|src/|fpga|Compared' \
	"$out/journal.db"
result $? 'nor a search, nor a file that was read'
[ -s "$out/record.db" ] && ! grep -rqa 'SEC-118 is not\|Compared before' "$out"
result $? 'no word of the notes stands on the disk'

"$bin/vitrine-lab" journal -v "$out/journal.db" >"$work/journal" 2>"$work/said"
[ $? = 4 ] && grep -q 'without the key' "$work/said" &&
    grep -q ' released ' "$work/journal"
result $? 'verifying it without the key fails, and it is shown all the same' \
    "$work/said"
head=$(sed -n 's/^head: //p' "$work/journal")
"$bin/vitrine-lab" journal -H "$head" -k "$out/author.pub" \
    "$out/journal.db" >"$work/journal" 2>&1 &&
    grep -q 'the head on paper is one' "$work/journal" &&
    grep -q 'closings are signed by' "$work/journal"
result $? 'the head on paper and the signatures of its author fit' \
    "$work/journal"
"$bin/vitrine-lab" journal -H "999 ${head#* }" "$out/journal.db" \
    >"$work/journal" 2>"$work/said"
[ $? = 4 ] && grep -q 'cut off: the head on paper is of 999' "$work/said"
result $? 'a head of more entries than there are says what is missing' \
    "$work/said"

record=$("$bin/vitrine-lab" journal "$out/journal.db" |
    sed -n 's/.* closed  *[a-z]* //p' | head -n 1)
"$bin/vitrine-lab" journal -H "$record" "$out/journal.db" \
    >"$work/journal" 2>"$work/said"
[ $? = 4 ] && grep -q 'a code of the record' "$work/said"
result $? 'the record'\''s code is not taken for a fork' "$work/said"
"$bin/vitrine-lab" journal -j -H "999 ${head#* }" \
    -i "$work/demo/keys/evaluator.age-key" "$out/journal.db" \
    >"$work/cut.json" 2>"$work/said"
"$bin/vitrine-lab" journal -j "$out/journal.db" >"$work/un.json" 2>&1
"$bin/vitrine-lab" journal -j -i "$work/demo/keys/evaluator.age-key" \
    "$out/journal.db" >"$work/good.json" 2>&1
python3 -c '
import json, sys
cut, un, good = (json.load(open(sys.argv[1] + "/" + n + ".json"))
                 for n in ("cut", "un", "good"))
sys.exit(not (good["verified"] and good["trouble"] == "" and
              not un["verified"] and "cut off" in cut["trouble"]))' "$work"
result $? 'as JSON it says whether it was verified, and the trouble'

# Who is affected: by what the room found of the lines, nobody looked
# again; of a release that is not in the session nothing is known.
case=$work/review.case
"$bin/vitrine-report" add -c "$case" -s "$work/demo/session" \
    -t "$work/demo/keys/lab.pub" -i "$work/demo/keys/evaluator.age-key" \
    -k "$out/author.pub" "$out"/outbox/*.age >"$work/said" 2>&1 &&
    "$bin/vitrine-report" deployments -c "$case" -n eva \
    tests/demo/deployments.csv >>"$work/said" 2>&1
result $? 'the export goes into a case, with the deployments' "$work/said"
"$bin/vitrine-report" affected -c "$case" F-1 all >"$work/said" 2>&1
grep -q '^affected *v4.1 .*same lines' "$work/said" &&
    grep -q '^affected *v4.0 .*same lines' "$work/said" &&
    grep -q '^under .*v3.9 .*nobody has looked' "$work/said"
result $? 'and the release that was not read is judged by the fate of the lines' "$work/said"

# The same without this program: age, tar and minisign.
if command -v age >/dev/null && command -v minisign >/dev/null; then
	mkdir "$work/by-hand"
	age -d -i "$work/demo/keys/evaluator.age-key" "$out"/outbox/0001-*.age |
	    tar -x -C "$work/by-hand" &&
	    minisign -V -q -p "$out/author.pub" \
	    -m "$work/by-hand/findings.json" >"$work/said" 2>&1
	result $? 'age, tar and minisign open the export as well' "$work/said"
	found=$work/by-hand/findings.json
	tr -d ' \n' <"$found" >"$work/flat"
	grep -q '"places":\[{[^]]*"release":"v4.0"' "$work/flat" &&
	    grep -q '"coverage":\[{[^]]*"folder":"src/s1ap"' "$work/flat" &&
	    grep -q '"certificates":\["[^]]*bench_user' "$work/flat" &&
	    ! grep -q 'firmware' "$work/flat"
	result $? 'it says where the lines are in v4.0, what was read, how it was searched' "$found"
fi
echo "1..$n"
exit $status
