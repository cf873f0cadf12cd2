#!/bin/sh
# Pages of source as a file: from the marked lines to what the recipient
# reads.
. "$(dirname "$0")/lib.sh"
command -v age >/dev/null || { echo 'age is not installed'; exit 77; }
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
excerpt { media = "file" lines_run = 60 file_percent = 40 pages_one = 6
pages_day = 10 pages_person = 20
legend = "HIGHLY CONFIDENTIAL - SOURCE CODE" prefix = "FT-" }
END
"$bin/vitrine-lab" provision -c session.conf -o acme -k lab.key repo.git \
    >"$work/said" 2>&1 </dev/null
result $? 'a session lets portions out as a file' "$work/said"
cp lab.pub "$VITRINE_DATA/trusted/"
(cd "$top" && play excerpts session="$desk/acme"; exit $status) || status=1
notes=$(echo "$VITRINE_DATA"/*-alice)
[ -z "$(ls "$VITRINE_DATA/print")" ] && ! ls "$notes"/outbox/*.age 2>/dev/null
result $? 'before somebody agreed nothing lies anywhere'

cp "$notes"/requests/*.json request.json
"$bin/vitrine-lab" pages -p lab.pub acme request.json \
    >"$work/proof" 2>"$work/said" </dev/null
result $? 'the lab makes the pages that are asked for from the session' \
    "$work/said"
sed 's/"sha256": "./"sha256": "x/; s/"sha256": "x/"sha256": "0/' \
    <request.json >other.json
cmp -s other.json request.json &&
    sed 's/"sha256": "./"sha256": "1/' <request.json >other.json
"$bin/vitrine-lab" pages -p lab.pub acme other.json \
    >"$work/said" 2>&1 </dev/null
[ $? -ne 0 ] && grep -q 'lines' "$work/said"
result $? 'and says when the lines are others than the request names' \
    "$work/said"
"$bin/vitrine-lab" approve -c session.conf -k ann.key -a alice request.json \
    >"$work/said" 2>&1 </dev/null
result $? 'the approver signs the places and the hashes of the lines' \
    "$work/said"
mkdir -p "$notes/approvals" && cp request.json.*.minisig "$notes/approvals/"
(cd "$top" && play excerpts_after session="$desk/acme"; exit $status) ||
    status=1

# At the recipient's: age, tar, sha256sum; then ours.
mkdir got && cp "$notes"/outbox/0001-alice.* got/
(cd got && age -d -i ../evaluator.age-key 0001-alice.age | tar x &&
    sed -n 's/^file \([0-9a-f]*\) [0-9]* /\1  /p' manifest |
    sha256sum -c --quiet) >"$work/said" 2>&1
result $? 'age and tar open it, sha256sum agrees with its manifest' \
    "$work/said"
cmp -s request.json got/pages.json
result $? 'it holds the very request that was approved'
git -C repo.git show v4.1:src/oam/user.c | sed -n 12,21p | expand |
    awk '{ printf "%6d  %s\n", NR + 11, $0 }' >want
grep '^ *[0-9][0-9]*  ' got/pages.txt >have
cmp -s want have
result $? 'its page has the lines of the release, word for word' got/pages.txt
grep -q '^HIGHLY CONFIDENTIAL' got/pages.txt &&
    grep -q '^FT-alice-000001 ' got/pages.txt &&
    grep -q '^finding [0-9]*$' got/pages.txt &&
    grep -q '^file src/oam/user.c$' got/pages.txt
result $? 'and number, legend, finding and path' got/pages.txt
sum=$(sha256sum <"$notes/outbox/0001-alice.age" | cut -c1-32)
grep -q "$sum" "$notes/outbox/0001-alice.txt" &&
    grep -q 'FT-alice-000001' "$notes/outbox/0001-alice.txt" &&
    [ "$(wc -l <"$notes/outbox/0001-alice.txt")" -le 60 ]
result $? 'the exit sheet has its numbers and its hash, on one page' \
    "$notes/outbox/0001-alice.txt"
sed '/^ *1[0-9]  /!d' "$work/proof" >proof.rows
sed '/^ *1[0-9]  /!d' got/pages.txt >got.rows
cmp -s proof.rows got.rows && grep -q '^PROOF-000001 ' "$work/proof" &&
    ! grep -q FT-alice "$work/proof"
result $? 'the lab saw the same rows that left, marked as a proof'
"$bin/vitrine-lab" ledger -c session.conf "$notes/journal.db" \
    >"$work/said" 2>&1
grep -q '1 exports' "$work/said" && grep -q '1 of 20 pages in files, 10 lines' \
    "$work/said" && grep -q 'FT-alice-000001 for finding' "$work/said"
result $? 'the ledger counts one export, its page and its lines' "$work/said"
# One more like it: within the rules, over the session's bytes, over pages.
mkdir more && cp request.json more/
agree() { # what of the rules is another one
	sed "$1" session.conf >more.conf
	rm -f more/*.minisig
	"$bin/vitrine-lab" approve -c more.conf -k ann.key -a alice \
	    more/request.json "$notes/journal.db" >"$work/said" 2>&1 </dev/null
}
agree '' && grep -q '^with this .* 1 pages more' "$work/said" &&
    ls more/*.minisig >/dev/null
result $? 'with the journals an approver agrees while the totals hold' \
    "$work/said"
total='s/bytes_total = [0-9]*/bytes_total = 1200/
s/auditor "alice" {/auditor "alice" { share = 100/'
agree "$total"
[ $? -eq 4 ] && grep -q 'bytes of the session' "$work/said" &&
    ! ls more/*.minisig 2>/dev/null
result $? 'and is refused where the session would pass its total' "$work/said"
agree 's/pages_person = 20/pages_person = 1/'
[ $? -eq 4 ] && grep -q '2 pages of alice, who may 1' "$work/said" &&
    ! ls more/*.minisig 2>/dev/null
result $? 'and where the author would have more pages than are allowed' "$work/said"
sed "$total" session.conf >more.conf
"$bin/vitrine-lab" request -c more.conf -a alice more/request.json \
    "$notes/journal.db" >"$work/said" 2>&1
[ $? -eq 0 ] && grep -q '^TOO MUCH: with this' "$work/said" &&
    grep -q '"vitrine-pages"' "$work/said"
result $? 'request shows both, the total and the text' "$work/said"

! grep -rq Tornlykt "$notes" && grep -q Tornlykt got/pages.txt &&
    [ -z "$(ls "$VITRINE_DATA/print")" ]
result $? 'nothing of it is in the notes, nor in a spool'

age -d -i evaluator.age-key got/0001-alice.age >got.tar
"$bin/vitrine-lab" pages -p lab.pub -t acme got.tar >"$work/said" 2>&1
grep -q "^$(sha256sum <got/0001-alice.age | cut -d' ' -f1) " "$work/said"
result $? 'the lab seals it again, and nothing in the file was free' \
    "$work/said"

# The evaluator: into a case, into the report, against the source.
alice=$(ls "$notes"/*.pub | head -1)
"$bin/vitrine-report" add -c the.case -i evaluator.age-key -s acme -t lab.pub \
    -k "$alice" "$notes/outbox/0001-alice.age" >"$work/said" 2>&1
[ $? -eq 0 ] && grep -q '1 page of source, FT-alice-000001, by' "$work/said"
result $? 'vitrine-report takes them in' "$work/said"
"$bin/vitrine-report" list -c the.case >"$work/said" 2>&1
grep -q '^pages .*alice .*FT-alice-000001, for finding' "$work/said"
result $? 'they are on its list' "$work/said"
"$bin/vitrine-report" write -c the.case -o report.md >"$work/said" 2>&1
[ $? -eq 0 ] && grep -q FT-alice-000001 report.md &&
    grep -q 'src/oam/user.c:12-21 in v4.1' report.md &&
    ! grep -q Tornlykt report.md
result $? 'the report says which pages left, and nothing of them' report.md
"$bin/vitrine-report" verify got/pages.json acme >"$work/said" 2>&1
[ $? -eq 0 ] && grep -q '1 places: 1 hold, 0 broken' "$work/said"
result $? 'verify finds the lines in the source' "$work/said"
"$bin/vitrine-report" verify other.json acme >"$work/said" 2>&1
[ $? -eq 1 ] && grep -q '1 broken' "$work/said"
result $? 'and says when other lines stand there' "$work/said"
echo "1..$n"
exit $status
