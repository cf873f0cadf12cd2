#!/bin/sh
# vitrine-lab, as somebody uses it who has only its manual: the commands of
# its example, word for word, and what it says when something is wrong.
set -u
. tests/lab.sh

# status, words that standard error must hold, command
says() {
	want=$1 words=$2
	shift 2
	"$@" >said.out 2>said.err
	got=$?
	[ "$got" = "$want" ] && grep -q -- "$words" said.err && return 0
	echo "status $got, not $want, or not said: $words"
	cat said.err
	return 1
}

lab_desk
# The manual makes an evaluator of its own.
mv evaluator.age-key first.age-key
mv evaluator.age-pub first.age-pub

# From the manual: every line of the example that begins with "$ ".
sed -n '/^\.Sh EXAMPLES/,/^\.Ed/s/^\$ //p' "$top/man/vitrine-lab.1" >example
[ "$(wc -l <example)" -ge 6 ] || { echo "not ok 1 - the manual has an example"
	exit 1; }
while read -r line; do
	claim "the manual's \"$line\"" sh -c "$line"
done <example

explained() {
	vitrine-lab rules --explain session.conf >text &&
	    grep -q '^May leave with approvals: excerpt\.' text &&
	    grep -q '^May never leave: listing\.' text &&
	    grep -q 'needs 1 of: ann (legal)' text
}
claim 'rules are said in plain sentences' explained

listed() {
	vitrine-lab scope -l -c session.conf repo.git >text &&
	    grep -q '^withheld .*v4.1:src/pdcp/pdcp.c$' text &&
	    grep -q '^shown .*v4.1:src/main.c$' text && [ ! -e s9 ]
}
claim 'a dry run lists what is shown and withheld' listed

absent() {
	blob=$(git --git-dir repo.git rev-parse v4.1:src/pdcp/pdcp.c) &&
	    ! git --git-dir s1/repo.git cat-file -e "$blob" &&
	    git --git-dir s1/repo.git cat-file -e \
	    "$(git --git-dir repo.git rev-parse v4.1:src/main.c)"
}
claim 'a withheld file is not in the image, one beside it is' absent

own_key() {
	vitrine-lab provision -c session.conf -o s2 repo.git >text &&
	    [ -f s2.pub ] && vitrine-lab verify -p s2.pub s2 &&
	    says 4 'not trusted' vitrine-lab verify -p lab.pub s2
}
claim 'without a key the session gets one of its own' own_key

changed() {
	cp -r s1 s3 && echo '# more' >>s3/session.conf &&
	    says 4 'session.conf was changed' vitrine-lab verify -p lab.pub s3
}
claim 'a changed file is named, exit status 4' changed

bad_rules() {
	sed 's/^title/titel/' session.conf >bad.conf
	says 3 'bad.conf:3: unknown key titel; known here: format, session' \
	    vitrine-lab rules bad.conf
}
claim 'a wrong rule is named with its line, exit status 3' bad_rules

bad_repository() {
	says 3 'nothing.git' vitrine-lab scope -c session.conf nothing.git &&
	    sed 's/"v4.0" status/"v9" status/' session.conf >bad.conf &&
	    says 3 'v9' vitrine-lab provision -c bad.conf -o s4 -k lab.key \
	    repo.git && [ ! -e s4 ]
}
claim 'no repository, no revision: said, and nothing is made' bad_repository

full() {
	says 4 'not empty' vitrine-lab provision -c session.conf -o s1 \
	    -k lab.key repo.git
}
claim 'a session is never made over another' full

kept() {
	cp lab.key before
	says 4 'exists' vitrine-lab keygen lab && cmp lab.key before
}
claim 'a key is never written over' kept

usage() {
	says 2 'usage' vitrine-lab && says 2 'usage' vitrine-lab verify &&
	    says 2 'no such command' vitrine-lab dance &&
	    says 2 'usage' vitrine-lab verify --dance s1 &&
	    vitrine-lab --help | grep -q provision
}
claim 'wrong calls get the usage, exit status 2' usage

approved() {
	vitrine-lab keygen ann >/dev/null &&
	    pub=$(sed -n 2p ann.pub) &&
	    sed "s#\"RW[A-Za-z0-9+/]*\"#\"$pub\"#" session.conf >a.conf &&
	    printf '{"findings":[]}\n' >findings.json &&
	    vitrine-lab approve -c a.conf -k ann.key -a jane findings.json \
	    >text &&
	    grep -q '^vitrine approval session=fyrtorn-4 author=jane' text &&
	    minisign -VHp ann.pub -m findings.json \
	    -x findings.json.*.minisig >/dev/null &&
	    says 4 'key of no approver' vitrine-lab approve -c a.conf \
	    -k lab.key -a jane findings.json &&
	    says 4 'no auditor' vitrine-lab approve -c a.conf -k ann.key \
	    -a eve findings.json
}
claim 'an approval is one that minisign verifies' approved

objected() {
	rm -f findings.json.*.minisig
	vitrine-lab object -c a.conf -k ann.key -a jane -m 'too long' \
	    findings.json >text &&
	    grep -q '^vitrine objection session=fyrtorn-4 .*reason=too long$' \
	    text && says 4 '-m gives the reason' vitrine-lab object -c a.conf \
	    -k ann.key -a jane findings.json &&
	    vitrine-lab confer -c a.conf -k ann.key -a jane -m 'shortened' \
	    findings.json >text &&
	    printf 'session fyrtorn-4\nverdict: needs approval\n\033[1mx\n' \
	    >findings.checks &&
	    vitrine-lab request -c a.conf -a jane findings.json \
	    findings.json.*.minisig >text &&
	    grep -q '^verdict: needs approval' text &&
	    grep -q '^<1B>\[1mx' text &&
	    grep -q '^ann objects 20.*: too long' text &&
	    grep -q '^ann conferred 20.*: shortened' text &&
	    grep -q '^{"findings":\[\]}$' text
}
claim 'objections and conferrals are signed, and shown with the request' \
    objected

people() {
	vitrine-lab rules --explain session.conf jane ann >text &&
	    grep -q 'when others approve: excerpt' text &&
	    grep -q 'as one of 1 that are needed' text &&
	    says 3 'eve is not in these rules' vitrine-lab rules session.conf eve
}
claim 'rules say what one person may do' people

simulated() {
	mkdir -p reports &&
	    printf '{"auditor":"jane","items":[{"text":"%s"}]}\n' \
	    'The length that the peer sends is trusted, and nobody checks it.' \
	    >reports/1.json &&
	    git --git-dir repo.git show v4.1:src/main.c >reports/2.txt &&
	    head -c 70000 /dev/zero | tr '\0' 'x' >reports/3.txt &&
	    vitrine-lab rules --simulate -f s1/text/prints session.conf \
	    reports/* >text &&
	    grep -q '^reports/1.json: passes, .* of jane' text &&
	    grep -q '^reports/2.txt: refused' text &&
	    grep -q '^  source  *refused: .* tokens of source' text &&
	    grep -q '^    line [0-9]*: [0-9]* tokens' text &&
	    grep -q '^  size  *refused: 70000 bytes, the rules allow 65536' \
	    text && grep -q '^2 would be refused, 0 need approval, 1 pass' text &&
	    vitrine-lab rules --simulate session.conf reports/2.txt >text &&
	    grep -q 'copied source is not looked for' text &&
	    says 4 'wants reports' vitrine-lab rules --simulate session.conf
}
claim 'a simulation says which reports would be refused, where and why' \
    simulated

packed() {
	mkdir -p public/src &&
	    git --git-dir repo.git show v4.1:src/main.c >public/src/main.c &&
	    vitrine-lab pack -o public.pack public >text &&
	    grep -q 'fingerprints of 1 files' text &&
	    sed 's/^export {/export { public = true/' session.conf >p.conf &&
	    vitrine-lab provision -c p.conf -o s6 -k lab.key -u public.pack \
	    repo.git >text && vitrine-lab verify -p lab.pub s6 &&
	    vitrine-lab rules --simulate -f s6/text/prints p.conf \
	    reports/2.txt >text && grep -q '^reports/2.txt: passes' text &&
	    grep -q 'tokens (public text)' text &&
	    says 3 'not a pack' vitrine-lab provision -c p.conf -o s7 \
	    -k lab.key -u s6/text/prints repo.git
}
claim 'what is in a pack of public source passes, and is marked' packed

# Rules to begin with are right as they are; nothing is overwritten.
begun() {
	vitrine-lab keygen jill >/dev/null && vitrine-lab keygen sue >/dev/null &&
	    vitrine-lab example -o begun.conf auditor=jane signer=./lab.pub \
	    signer=jill.pub approver=sue.pub \
	    recipient=first.age-pub >text && grep -q 'arrow' text &&
	    vitrine-lab rules begun.conf >text &&
	    vitrine-lab people begun.conf >text &&
	    grep -q '^signer  *jill ' text && grep -q '^approver  *sue ' text &&
	    grep -qF "$(cat first.age-pub)" text &&
	    grep -q '^signing { need = 2 }' begun.conf &&
	    [ "$(awk 'length > 80' begun.conf | grep -vc 'key = ')" = 0 ] &&
	    cp begun.conf was.conf &&
	    says 4 'begun.conf' vitrine-lab example -o begun.conf auditor=joe &&
	    cmp was.conf begun.conf &&
	    says 4 'AS=WHO' vitrine-lab example -o no.conf jane &&
	    says 3 'lab.key: not the .pub' vitrine-lab example -o no.conf \
	    auditor=jane signer=lab.key &&
	    says 4 'an auditor, signer' vitrine-lab example -o no.conf boss=jane &&
	    says 3 'no.conf' vitrine-lab example -o no.conf auditor=Jane &&
	    [ ! -e no.conf ]
}
claim 'rules to begin with hold the people and their keys' begun

ledger() {
	says 4 'needs -c' vitrine-lab ledger journal.db &&
	    says 3 'nothing.db' vitrine-lab ledger -c session.conf nothing.db
}
claim 'a ledger wants rules and journals' ledger

locked() {
	echo 'a passphrase' >pass &&
	    vitrine-lab keygen -P pass locked >/dev/null &&
	    says 4 'needs a passphrase' vitrine-lab provision \
	    -c session.conf -o s5 -k locked.key repo.git </dev/null &&
	    [ ! -e s5 ] &&
	    echo 'another' >wrong &&
	    says 4 'wrong passphrase' vitrine-lab provision -P wrong \
	    -c session.conf -o s5 -k locked.key repo.git &&
	    vitrine-lab provision -P pass -c session.conf -o s5 \
	    -k locked.key repo.git >text &&
	    vitrine-lab verify -p locked.pub s5 &&
	    diff -r -x 'manifest.minisig' s1 s5
}
claim 'a locked key signs with its passphrase only' locked

two_people() {
	vitrine-lab keygen second >/dev/null || return 1
	{
		cat session.conf
		printf 'signer "%s" { role = "%s" key = "%s" }\n' \
		    lab lab "$(sed -n 2p lab.pub)" \
		    jill auditors "$(sed -n 2p second.pub)"
		echo 'signing { need = 2 roles = { "auditors" } }'
	} >two.conf
	vitrine-lab rules two.conf | grep -q \
	    '^It opens when 2 have signed it, of: lab (lab), jill (auditors)' &&
	    vitrine-lab provision -c two.conf -o twice -k lab.key repo.git \
	    >text || return 1
	vitrine-lab verify -p lab.pub twice >text
	[ $? = 1 ] && grep -q 'needs 2 signatures, one of auditors' text &&
	    says 4 'nobody whom the rules' vitrine-lab sign -k locked.key \
	    -P pass -p lab.pub twice &&
	    says 4 'lab has signed it already' vitrine-lab sign -k lab.key \
	    -p lab.pub twice &&
	    vitrine-lab sign -k second.key -p lab.pub twice >text &&
	    grep -q 'signed by jill, 2 of 2' text &&
	    vitrine-lab verify -p lab.pub twice >text &&
	    grep -q '^signed by jill (auditors)$' text &&
	    minisign -VHq -p second.pub -m twice/manifest -x twice/manifest.*.minisig
}
claim 'what two must sign waits for the second, whom minisign verifies' \
    two_people

forged() {
	for f in twice/manifest.*.minisig; do
		cp twice/manifest.minisig "$f"
	done
	says 4 'no signature of jill' vitrine-lab verify -p lab.pub twice
}
claim 'a signature of another in the place of theirs is refused' forged

roster() {
	sed "s/^auditor \"jane\" {/& until = \"2026-07-08\" undertaking = \"$(
	    printf x | sha256sum | cut -c1-64)\"/" session.conf >r.conf
	vitrine-lab people r.conf >text && grep -q '^auditor *jane ' text &&
	    grep -q 'until 2026-07-08' text && grep -q 'undertaking 2d71' text &&
	    grep -q '^recipient *evaluator *age1' text &&
	    vitrine-lab rules r.conf | grep -q 'jane may take part until' &&
	    { cat session.conf; echo 'signing { undertakings = true }'; } \
	    >u.conf && says 3 'auditor.undertaking is a SHA-256' \
	    vitrine-lab rules u.conf
}
claim 'the roster: keys, undertakings, until when' roster

rows() {
	{ cat session.conf; echo 'station { require = { "dancing" } }'; } \
	    >w.conf && says 3 'station.require wants "dancing"' \
	    vitrine-lab rules w.conf
}
claim 'a row that no station has is named' rows

echo "1..$n"
exit $status
