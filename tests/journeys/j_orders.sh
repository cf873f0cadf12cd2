#!/bin/sh
# A notes room that was taken over orders pages of source: under four
# agreements, of which each lets out what another does not.
. "$(dirname "$0")/lib.sh"
hostile=$PWD/$build/tests/redteam/hostile_notes
[ -x "$hostile" ] || { echo "$hostile is not built"; exit 77; }
command -v age >/dev/null || { echo 'age is not installed'; exit 77; }
desk=$work/desk
mkdir -p "$desk" "$work/evil"
cp -R "$build/bin" "$build/libexec" "$work/evil/"
rm -f "$work/evil/libexec/vitrine/room_notes"
cp "$hostile" "$work/evil/libexec/vitrine/room_notes"
sh tests/demo/repo.sh "$desk/repo.git" >/dev/null || exit 1
top=$PWD
cp tests/demo/sec-118.patch tests/demo/ft400-req "$desk/"
cd "$desk" || exit 1
"$bin/vitrine-lab" keygen lab >/dev/null </dev/null &&
    "$bin/vitrine-lab" keygen ann >/dev/null </dev/null &&
    "$bin/vitrine-lab" keygen -a evaluator >/dev/null </dev/null || exit 1
blob=$(git -C repo.git rev-parse v4.1:src/oam/user.c)

# NAME PERMIT MEDIA: a session, opened with that room in it; what it wrote.
taken() {
	mkdir -p "$work/$1/trusted" "$work/$1/print"
	cp lab.pub "$work/$1/trusted/"
	sed -e "s/@EVALUATOR@/$(cat evaluator.age-pub)/" \
	    -e "s/@FIRST@/$(date -d '1 day ago' +%Y-%m-%d)/" \
	    -e "s/@LAST@/$(date -d '20 days' +%Y-%m-%d)/" \
	    -e "s/excerpt = \"deny\"/excerpt = \"$2\"/" \
	    "$top/tests/demo/session.conf" >session.conf
	cat >>session.conf <<-END
	approver "ann" { key = "$(sed -n 2p ann.pub)" }
	approval { need = 1 }
	excerpt { media = "$3" lines_run = 60 file_percent = 40 pages_one = 6
	pages_day = 10 pages_person = 20 legend = "SECRET" prefix = "FT-" }
	# blob $blob
	END
	"$bin/vitrine-lab" provision -c session.conf -o "$1" -k lab.key \
	    repo.git >"$work/said" 2>&1 </dev/null || cat "$work/said"
	(cd "$top" && VITRINE_DATA="$work/$1" play orders \
	    evil="$work/evil/bin" session="$desk/$1"; exit $status) || status=1
	log=$(echo "$work/$1"/*-alice/hostile.log)
	spool=$(echo "$work/$1"/print/*.pages)
}

taken paper approval paper
grep -q '^measured: state 2' "$log" &&
    grep -q '^a file: state 0, 0 bytes sealed, .*on paper only' "$log" &&
    grep -q '^a file, approved.*: state 0, 0 bytes .*on paper only' "$log" &&
    grep -q '^paper: state 0, .*0 of 1 approvals' "$log" &&
    grep -q '^paper, approved by itself: state 0, ' "$log" &&
    [ ! -s "$spool" ]
result $? 'paper with approval: neither a file nor paper' "$log"
taken agreed approval file
grep -q '^a file: state 0, 0 bytes sealed, .*0 of 1 approvals' "$log" &&
    grep -q '^a file, approved by itself: state 0, 0 bytes' "$log" &&
    grep -q '^paper: state 0, .*as a file' "$log"
result $? 'a file with approval: nothing that nobody agreed to' "$log"
taken printed allow paper
grep -q '^a file: state 0, 0 bytes sealed, .*on paper only' "$log" &&
    grep -q '^paper: state 3, 0 bytes sealed' "$log" &&
    grep -q Tornlykt "$spool" && ! grep -rq Tornlykt "$work/printed"/*-alice
result $? 'paper allowed: paper, and never a file' "$log"
taken sealed allow file
got=$(echo "$work/sealed"/*-alice/got.age)
grep -q '^paper: state 0' "$log" &&
    grep -q '^a file: state 4, [1-9][0-9]* bytes sealed' "$log" &&
    ! grep -aq Tornlykt "$got"
result $? 'a file allowed: a file, sealed' "$log"
age -d -i evaluator.age-key "$got" 2>"$work/said" | tar xO pages.txt |
    grep -q Tornlykt
result $? 'to the recipient of the rules' "$work/said"
echo "1..$n"
exit $status
