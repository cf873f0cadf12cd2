#!/bin/sh
# Pages of source: from the marked lines to the lab's print spool.
. "$(dirname "$0")/lib.sh"
desk=$work/desk
mkdir -p "$desk" "$VITRINE_DATA/trusted" "$VITRINE_DATA/print"
sh tests/demo/repo.sh "$desk/repo.git" >/dev/null || exit 1
top=$PWD
cp tests/demo/sec-118.patch tests/demo/ft400-req "$desk/"
cd "$desk" || exit 1
"$bin/vitrine-lab" keygen lab >/dev/null </dev/null &&
    "$bin/vitrine-lab" keygen ann >/dev/null </dev/null &&
    "$bin/vitrine-lab" keygen -a evaluator >/dev/null </dev/null || exit 1
sed -e "s/@EVALUATOR@/$(cat evaluator.age-pub)/" \
    -e "s/@FIRST@/$(date -d '1 day ago' +%Y-%m-%d)/" \
    -e "s/@LAST@/$(date -d '20 days' +%Y-%m-%d)/" \
    -e 's/excerpt = "deny"/excerpt = "approval"/' \
    "$top/tests/demo/session.conf" >session.conf
cat >>session.conf <<END
approver "ann" { role = "technical" key = "$(sed -n 2p ann.pub)" }
approval { need = 1 }
excerpt { lines_run = 60 file_percent = 40 pages_one = 6 pages_day = 10
pages_person = 20 legend = "HIGHLY CONFIDENTIAL - SOURCE CODE" prefix = "FT-" }
END
"$bin/vitrine-lab" provision -c session.conf -o acme -k lab.key repo.git \
    >"$work/said" 2>&1 </dev/null
result $? 'a session lets portions out on paper' "$work/said"
cp lab.pub "$VITRINE_DATA/trusted/"
(cd "$top" && play pages session="$desk/acme"; exit $status) || status=1
notes=$(echo "$VITRINE_DATA"/*-alice)
spool=$(echo "$VITRINE_DATA"/print/*.pages)
[ -e "$spool" ] && [ ! -s "$spool" ]
result $? 'before somebody agreed nothing is in the spool'
cp "$notes"/requests/*.json request.json
"$bin/vitrine-lab" approve -c session.conf -k ann.key -a alice request.json \
    >"$work/said" 2>&1 </dev/null
result $? 'the approver signs the places' "$work/said"
mkdir -p "$notes/approvals" && cp request.json.*.minisig "$notes/approvals/"
(cd "$top" && play pages_after session="$desk/acme"; exit $status) || status=1

# What the repository has there, row by row as it is printed.
git -C repo.git show v4.1:src/oam/user.c | sed -n 12,21p | expand |
    awk '{ printf "%6d  %s\n", NR + 11, $0 }' >want
grep '^ *[0-9][0-9]*  ' "$spool" >got
cmp -s want got
result $? 'the page has the lines of the release, word for word' "$spool"
grep -q '^HIGHLY CONFIDENTIAL' "$spool" &&
    grep -q '^FT-alice-000001 ' "$spool" &&
    grep -q '^release v4.1, commit ' "$spool" &&
    grep -q 'printed for Alice Example' "$spool" &&
    grep -q '^file src/oam/user.c$' "$spool"
result $? 'and number, legend, person, release and path' "$spool"
"$bin/vitrine-lab" journal "$notes/journal.db" >"$work/said" 2>&1
grep -q "printed .*$(sha256sum <"$spool" | cut -d' ' -f1)" "$work/said"
result $? 'the journal has the hash of what was printed' "$work/said"
"$bin/vitrine-lab" ledger -c session.conf "$notes/journal.db" \
    >"$work/said" 2>&1
grep -q '1 of 20 pages on paper, 10 lines' "$work/said"
result $? 'the ledger counts pages and lines' "$work/said"
[ -z "$(ls "$notes/outbox" | grep -v '^pages-000001.txt$')" ] &&
    ! grep -rq Tornlykt "$notes" && grep -q Tornlykt "$spool"
result $? 'nothing of it is in a file that leaves, or in the notes'
echo "1..$n"
exit $status
