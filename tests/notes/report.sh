#!/bin/sh
# vitrine-report on exports that age, tar and minisign made: the formats are
# the standard ones.  And each kind of bad input: its words, its exit status.
set -u
. tests/tap.sh
said=out
. tests/made.sh
report=$PWD/${BUILD:-build}/bin/vitrine-report
for tool in age age-keygen minisign tar od; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

refuses() { # exit status, words, claim, arguments...
	want=$1 words=$2 claim=$3
	shift 3
	rm -f r.html
	"$report" "$@" >out 2>&1
	came=$?
	[ $came = "$want" ] && grep -q -- "$words" out &&
	    [ "$(wc -l <out)" = 1 ] && [ ! -e r.html ]
	result $? "$claim: exit status $want"
}
age-keygen -o identity 2>keygen && to=$(sed -n 's/^Public key: //p' keygen)
minisign -G -W -p alice.pub -s alice.key >/dev/null
minisign -G -W -p mallory.pub -s mallory.key >/dev/null
mkdir x
commit=4141414141414141414141414141414141414141
cat >x/findings.json <<EOF
{"format": "vitrine-findings", "version": 1, "title": "ft400",
 "auditor": "alice", "record": "00ff", "head": "abcd", "exported": 1700000000000,
 "releases": [{"name": "v4.1", "commit": "$commit"}],
 "items": [{"type": "finding", "number": 7, "created": 1690000000000,
  "changed": 1690000000000, "title": "SEC-118 <b>is not</b> fixed",
  "text": "The wrong length is compared.", "severity": "high",
  "confidence": "firm", "status": "open"}]}
EOF
minisign -S -s alice.key -m x/findings.json -t 'export 1' >/dev/null
seal 0001-alice.age

tar -tf x.tar >out 2>&1 && [ "$(sed -n 2p out)" = findings.json.minisig ]
result $? 'tar lists what is in an export'
"$report" -i identity -k alice.pub -o r.html -o r.md -o r.txt 0001-alice.age \
    >out 2>&1
result $? 'an export made with age, tar and minisign opens'
grep -q '^1 export: 1 finding, 0 questions, 0 notes' out
result $? 'it says what it found'
grep -q 'SEC-118 &lt;b&gt;is not&lt;/b&gt; fixed' r.html &&
    grep -q 'alice-7' r.md && grep -q 'alice-7' r.txt
result $? 'all three reports hold the finding'
key=$(tail -n 1 alice.pub)
"$report" -i identity -k "$key" -f text 0001-alice.age >out 2>/dev/null
grep -q 'SEC-118' out
result $? 'a key may be given as text, the report go to standard output'
"$report" -i identity -k alice.pub -f text 0001-alice.age 0001-alice.age \
    >/dev/null 2>out
grep -q '1 given twice' out
result $? 'the same export twice is once, and is said'

refuses 4 'no such auditor is known' 'an unknown key' \
    -i identity -k mallory.pub -o r.html 0001-alice.age
sed 's/high/low/' x/findings.json >x/changed
mv x/changed x/findings.json
seal changed.age
refuses 4 'changed.age' 'a text changed after it was signed' \
    -i identity -k alice.pub -o r.html changed.age
age-keygen -o other 2>/dev/null
refuses 4 '0001-alice.age: ' 'an identity that it is not sealed to' \
    -i other -k alice.pub -o r.html 0001-alice.age
head -c 300 0001-alice.age >cut.age
refuses 4 'cut.age: ' 'an export that is cut short' \
    -i identity -k alice.pub -o r.html cut.age
echo 'hello' >no.age
refuses 3 'no.age: ' 'a file that is no export' \
    -i identity -k alice.pub -o r.html no.age
refuses 3 'no such file' 'an export that is not there' \
    -i identity -k alice.pub -o r.html missing.age
refuses 3 'alice.pub' 'an identity file that is none' \
    -i alice.pub -k alice.pub -o r.html 0001-alice.age
refuses 3 'identity' 'a key that is none' \
    -i identity -k identity -o r.html 0001-alice.age
refuses 2 'suffix' 'a format that nobody knows' \
    -i identity -k alice.pub -o r.docx 0001-alice.age
refuses 2 'who may have signed' 'nobody to hold signatures against' \
    -i identity -o r.html 0001-alice.age
refuses 3 'no such file or folder' 'a folder that is not there' \
    -i identity -k alice.pub -o nowhere/r.html 0001-alice.age
printf 'session { }\n' >session.conf
refuses 3 'session.conf' 'a session that says nothing' \
    -i identity -s session.conf -o r.html 0001-alice.age
if [ "$(id -u)" = 0 ] && mkdir full && mount -t tmpfs -o size=8k tmpfs full \
    2>/dev/null; then
	head -c 8192 /dev/zero >full/fill 2>/dev/null
	refuses 5 'No space left' 'a full disk' \
	    -i identity -k alice.pub -o full/r.html 0001-alice.age
	umount full
else
	skips "no mount without root" "a full disk: exit status 5"
fi

echo "1..$n"
exit $status
