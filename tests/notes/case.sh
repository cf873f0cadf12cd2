#!/bin/sh
# A case from the first export to the answer who is affected: what is taken
# in, what is refused and changes nothing, what is decided and by whom.
set -u
. tests/tap.sh
said=out
. tests/made.sh
report=$PWD/${BUILD:-build}/bin/vitrine-report
lab=$PWD/${BUILD:-build}/bin/vitrine-lab
for tool in age age-keygen minisign tar od script; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

runs() { # claim, words that must come, arguments...
	claim=$1 words=$2
	shift 2
	"$report" "$@" >out 2>&1 && grep -q -- "$words" out
	result $? "$claim"
}
refuses() { # exit status, words, claim, arguments...
	want=$1 words=$2 claim=$3
	shift 3
	[ ! -f review.case ] || cp review.case before
	"$report" "$@" >out 2>&1
	came=$?
	[ $came = "$want" ] && grep -q -- "$words" out &&
	    { [ ! -f before ] || cmp -s before review.case; }
	result $? "$claim: exit status $want, nothing changed"
}

age-keygen -o identity 2>keygen && to=$(sed -n 's/^Public key: //p' keygen)
for who in alice bob carol mallory; do
	minisign -G -W -p $who.pub -s $who.key >/dev/null
done
mkdir x session
commit=4141414141414141414141414141414141414141

# A session that the lab signed, without its source.
key() {
	tail -n 1 "$1.pub"
}
cat >session/session.conf <<EOF
format = 1
session = "one"
title = "ft400"
purpose = "test"
auditor "alice" { full = "Alice Example" role = "technical" key = "$(key alice)" }
auditor "bob" { full = "Bob Example" role = "technical" }
recipient "evaluator" { key = "$to" }
release "v4.1" { revision = "v4.1" status = "production" }
scope { include = { "**" } }
hours { first = "2020-01-01" last = "2035-01-01" from = "00:00" to = "24:00"
	days = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" } total = 40 }
export { prose = "allow" path = "allow" bytes_one = 20000 bytes_day = 100000
	bytes_person = 200000 bytes_total = 400000 exports_day = 20
	quote_run = 8 quote_one = 24 quote_person = 200 quote_total = 400
	encoded_run = 60 }
keep { days = 30 }
EOF
sum() {
	"$1" "$2" | cut -d' ' -f1
}
minisign -G -W -p lab.pub -s lab.key >/dev/null
{
	echo 'vitrine-manifest 1'
	echo 'session one'
	echo "release v4.1 $commit production -"
	echo "file $(sum sha256sum session/session.conf)" \
	    "$(sum md5sum session/session.conf)" \
	    "$(wc -c <session/session.conf) session.conf"
} >session/manifest
minisign -S -s lab.key -m session/manifest >/dev/null
manifest=$(sum sha256sum session/manifest)

item() { # number, title, severity, first, last, more
	printf '{"type": "finding", "number": %s, "created": 1690000000000,
 "changed": 1690000000000, "title": "%s", "text": "text",
 "claim": "claim of %s", "severity": "%s", "confidence": "firm",
 "status": "open", "anchor": {"commit": "%s", "path": "src/ie.c",
 "first": %s, "last": %s, "region": "%064d"}%s}' "$1" "$2" "$2" "$3" \
	    $commit "$4" "$5" 0 "$6"
}
findings() { # auditor, record, manifest, items
	cat >x/findings.json <<EOF
{"format": "vitrine-findings", "version": 1, "title": "ft400",
 "auditor": "$1", "record": "$2", "head": "abcd", "exported": 1700000000000,
 "manifest": "$3",
 "releases": [{"name": "v4.1", "commit": "$commit"}],
 "items": [$4]}
EOF
}

places='"places": [{"release": "v4.0", "region": "absent"},
 {"release": "v4.2", "region": "moved", "fix": "present"},
 {"release": "v5.0", "region": "changed"}]'
findings alice 00aa "$manifest" \
    "$(item 7 'SEC-118 is not fixed' high 47 52 ", $places"),
 $(item 9 'A second one' low 90 91 '')"
sign_and_seal 0001-alice.age alice.key
findings bob 00bb "$manifest" "$(item 3 'Length after use' medium 50 60 '')"
sign_and_seal 0001-bob.age bob.key
findings mallory 00cc "$manifest" "$(item 1 'planted' critical 1 2 '')"
sign_and_seal 0001-mallory.age mallory.key
findings alice 00aa 00 "$(item 8 'other session' low 1 2 '')"
sign_and_seal other.age alice.key
findings bob 00bb "$manifest" "$(item 3 'Length after use' medium 50 60 '')"
sign_and_seal faked.age alice.key

# 1. Taking in.
refuses 3 'no case at' 'a list without a case' list
refuses 4 'not trusted' 'a session that nobody vouches for' \
    add -i identity -s session -t alice.pub 0001-alice.age
cp -r session changed
sed -i 's/total = 40/total = 90/' changed/session.conf
refuses 4 'session.conf was changed' 'rules that were changed' \
    add -i identity -s changed -t lab.pub 0001-alice.age
runs 'the first export makes the case' '1 export: 2 findings' \
    add -i identity -s session -t lab.pub 0001-alice.age
runs 'the same export is once' 'is in the case already' \
    add -i identity 0001-alice.age
[ "$(grep -c 'given twice' out)" = 1 ] && "$report" list >out 2>&1 &&
    [ "$(grep -c '^F-' out)" = 2 ]
result $? 'and counts once'
refuses 4 'no such auditor' 'an auditor whose key nobody gave' \
    add -i identity 0001-bob.age
runs 'his key is given once' '3 findings' \
    add -i identity -k bob.pub 0001-bob.age
refuses 4 'no such auditor' 'somebody who is not in the roster' \
    add -i identity 0001-mallory.age
refuses 4 'no such auditor' 'one auditor in the name of another' \
    add -i identity faked.age
refuses 4 'no session that the case knows' 'an export of another session' \
    add -i identity other.age
head -c 400 0001-bob.age >cut.age
refuses 4 'cut.age: ' 'an export that is cut short' \
    add -i identity cut.age
runs 'the case still opens, and knows bob' 'bob-3' list

# An identity behind a passphrase, as age-keygen | age -p makes it: age asks
# on a terminal, so it gets one.
cat >lock.sh <<'EOF'
age-keygen 2>keygen2 | age -p -o locked
EOF
(sleep 1; printf 'correct horse\r'; sleep 1; printf 'correct horse\r'; sleep 3) |
    script -qec 'sh lock.sh' /dev/null >/dev/null 2>&1
if [ -s locked ]; then
	to=$(sed -n 's/^Public key: //p' keygen2)
	findings alice 00aa "$manifest" "$(item 11 'sealed anew' low 300 301 '')"
	sign_and_seal 0002-alice.age alice.key
	echo 'correct horse' >phrase
	echo 'wrong horse' >wrong
	refuses 4 'not its passphrase' 'a wrong passphrase' \
	    add -i locked -P wrong 0002-alice.age
	runs 'an identity behind a passphrase' '4 findings' \
	    add -i locked -P phrase 0002-alice.age
	refuses 3 'needs a passphrase' 'no passphrase and no terminal' \
	    add -i locked 0002-alice.age </dev/null
else
	for claim in 'a wrong passphrase' 'an identity behind a passphrase' \
	    'no passphrase and no terminal'; do
		skips "age -p did not take a passphrase" "$claim"
	done
fi

# 2. Merging and votes.
runs 'findings on the same lines are proposed' \
    'F-1 and F-3: on the same lines.  One, or two?' list
runs 'and were not made one' '^F-3 ' list
runs 'a person is taken in' 'carol may sign' \
    person carol carol.pub 'Carol Example' evaluator -n carol
refuses 4 'has to be signed' 'a vote without a key' \
    vote F-1 low 'it is behind a login' -n carol
refuses 4 "nobody's in this case" 'a vote with a key nobody knows' \
    vote F-1 low 'it is behind a login' -S mallory.key
refuses 3 'no such finding' 'a vote on nothing' \
    vote F-99 low 'why' -S carol.key
refuses 3 'AT is missing' 'a vote with half a vector' \
    vote F-1 CVSS:4.0/AV:N/AC:L 'why' -S carol.key
refuses 2 'COMMAND ...; -h lists them' 'no command'
refuses 2 'usage: vitrine-report vote' 'a vote without a reason' \
    vote F-1 low -S carol.key
runs 'a signed vote' 'F-1 is low: it is behind a login' \
    vote F-1 low 'it is behind a login' -S carol.key
runs 'a vote by vector' 'F-1 is critical' vote -S alice.key F-1 \
    CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N 'no login'
"$report" votes F-1 >out 2>&1
grep -q '^low *carol .*behind a login' out &&
    grep -q '^high *Alice Example .*in the finding' out &&
    grep -q '^critical alice .*no login' out && grep -q 'votes differ' out
result $? 'every vote is there, with its author; none is averaged'
runs 'two findings are one by decision' 'F-1 and F-3 are one' \
    same F-1 F-3 'the same length' -n carol
"$report" list >out 2>&1
grep -q '^F-3 .*one with F-1' out && ! grep -q 'One, or two' out
result $? 'the merged one stays, and says with which'
"$report" votes F-1 >out 2>&1
grep -q '^medium *Bob Example ' out
result $? 'its severity is a vote on the one that leads'
runs 'what counts is ruled' 'counts as high' \
    rule F-1 high 'reachable before the login' -S carol.key
runs 'dissent is kept' 'dissent' list
runs 'and can be taken back' 'are two' \
    apart F-1 F-3 'no, another length' -n carol
"$report" log >out 2>&1
grep -q '^20.* carol .*vote .*F-1 is low: it is behind a login  (signed)' out &&
    grep -q '^20.* carol .*same .*F-1 and F-3 are one: .*(not signed)' out &&
    grep -q '^20.* export .*0001-bob.age' out
result $? 'the log has each step, its time, its author, and whether it is signed'

# 3. Who is affected.
cat >deployments.csv <<'EOF'
Customer,Product,Release,Component,Note
Acme,FT-400,v4.1,core,"north, 12 sites"
Acme,FT-400,v4.0,core,
Borealis,FT-400,v4.2,core,
"Cable ""One""",FT-400,v5.0,core,
Delta,FT-400,v3.0,core,
Delta,FT-400,v4.1,gui,
EOF
printf 'customer,product\nA,B\n' >short.csv
refuses 3 'short.csv:1: no column "release"' 'a list without releases' \
    deployments short.csv -n carol
printf 'customer,product,release,component\nA,B,C\n' >ragged.csv
refuses 3 'ragged.csv:2: fewer cells' 'a line that is too short' \
    deployments ragged.csv -n carol
runs 'deployments are taken in' 'deployments.csv' \
    deployments deployments.csv -n carol
runs 'who publishes CSAF' 'published by Lab Nord (https://lab.example)' \
    publisher 'Lab Nord' https://lab.example -n carol
runs 'in what category' 'published by CERT' \
    publisher CERT https://cert.example coordinator -n carol
"$report" write -o p.vex.json >out 2>&1 &&
    grep -q '"name": "CERT"' p.vex.json &&
    grep -q '"namespace": "https://cert.example"' p.vex.json &&
    grep -q '"category": "coordinator"' p.vex.json
result $? 'and its documents say so'
refuses 3 'a URI, as in' 'a namespace that is no URI' \
    publisher CERT cert.example -n carol
refuses 3 'translator, user or vendor' 'a category that CSAF does not have' \
    publisher CERT https://cert.example boss -n carol
runs 'where a component is' 'component gui is gui/' \
    component gui gui/ -n carol
"$report" affected F-1 all >out 2>&1
grep -q '^affected *v4.1 *core .*same lines' out &&
    grep -q '^not affected *v4.0 .*not there' out &&
    grep -q '^fixed *v4.2 ' out &&
    grep -q '^under investigation v5.0 .*changed' out &&
    grep -q '^under investigation v3.0 .*nobody has looked' out &&
    grep -q '^not affected *v4.1 *gui .*another component' out &&
    grep -q 'Cable "One"' out &&
    grep -q 'of 6 deployments: 1 affected, 2 under' out
result $? 'affected, not affected, fixed, under investigation, with customers'
runs 'a person decides about a release' 'v3.0: affected' \
    state F-1 v3.0 affected 'read in the archive' -S carol.key
runs 'and that is the answer' '^affected *v3.0 .*archive (carol)' affected F-1
refuses 3 'names that release' 'a release that nobody knows' \
    state F-1 v9.9 fixed 'why' -n carol

# Tampering: a byte of a step that is signed, of one that is not.
tampers() { # words in the step, exit status, what it says
	cp review.case sound
	python3 - "$1" 2>/dev/null <<'EOF' || :
import sys
data = bytearray(open('review.case', 'rb').read())
at = data.index(sys.argv[1].encode())
data[at] ^= 1
open('review.case', 'wb').write(data)
EOF
	if cmp -s sound review.case; then
		skips "no python3" "a changed step ($1) is refused"
		return
	fi
	"$report" list >out 2>&1
	[ $? = "$2" ] && grep -q "$3" out
	result $? "a changed step ($1) is refused: exit status $2"
	cp sound review.case
}
tampers 'behind a login' 4 'signature does not fit'
tampers 'no, another length' 3 'does not follow'
runs 'what was put back opens' 'F-1' list

refuses 2 'lst: no command and no file' 'a command that is none' lst
refuses 2 '-i needs a value' 'an option without its value' add -i
refuses 2 '-x is no option' 'an option that is none' list -x
runs 'the help names every way to call it' 'unseal -i IDENTITY' -h

"$report" list x >out 2>&1
! grep -q " $" out && grep -q '^vitrine-report: usage: vitrine-report list$' out
result $? 'a usage ends with its last word'

echo "1..$n"
exit $status
