#!/bin/sh
# vitrine-lab close: what is destroyed, what is kept, and what is signed.
set -u
. tests/lab.sh

lab_desk -e \
    's/"2026-07-06" last = "2026-07-10"/"2024-07-01" last = "2024-07-05"/'
vitrine-lab keygen lab >/dev/null || exit 1
vitrine-lab provision -c session.conf -o s0 -k lab.key repo.git >/dev/null ||
    exit 1

begin() {
	rm -rf s1 notes cert
	cp -r s0 s1 && mkdir -p notes/drafts notes/outbox &&
	    echo 'sealed record' >notes/record.db &&
	    echo 'sealed draft' >notes/drafts/1 &&
	    echo 'sealed export' >notes/outbox/0001-jane.age &&
	    echo 'journal' >notes/journal.db &&
	    echo 'key' >notes/author.pub &&
	    ln -s /etc/passwd notes/link
}
close() {
	vitrine-lab close -k lab.key -p lab.pub -o cert "$@"
}

begin
only_shown() {
	close s1 notes >text </dev/null && grep -q 'Nothing was changed' text &&
	    grep -q '^destroyed key [0-9a-f]* 14 1/record.db$' text &&
	    grep -q '^kept [0-9a-f]* 8 1/journal.db$' text &&
	    grep -q '^verified yes$' text && grep -q '^due 2024-09-04$' text &&
	    [ -f s1/manifest ] && [ -f notes/record.db ] && [ ! -e cert ]
}
claim 'what would be destroyed is shown first, and nothing is' only_shown

closed() {
	close -y s1 notes >text && [ ! -e s1 ] && [ ! -e notes ] &&
	    [ -f /etc/passwd ]
}
claim 'then session and notes are gone, and what a link led to is not' closed

kept() {
	cmp s0/manifest cert/kept/0/manifest &&
	    cmp s0/manifest.minisig cert/kept/0/manifest.minisig &&
	    cmp session.conf cert/kept/0/session.conf &&
	    grep -qx journal cert/kept/1/journal.db &&
	    grep -qx key cert/kept/1/author.pub &&
	    [ "$(find cert -type f | wc -l)" = 7 ]
}
claim 'what proves what was shown and who was there is kept' kept

signed() {
	minisign -VHq -p lab.pub -m cert/certificate.txt &&
	    grep -q '^session fyrtorn-4$' cert/certificate.txt &&
	    grep -q '^release v4.1 [0-9a-f]* production$' \
	    cert/certificate.txt &&
	    grep -q '^done ' cert/certificate.txt &&
	    [ "$(grep -c '^destroyed plain .* 0/text/' cert/certificate.txt)" \
	    = "$(find s0/text -type f | wc -l)" ] &&
	    hash=$(sha256sum <s0/text/store | cut -c1-64) &&
	    grep -q "^destroyed plain $hash [0-9]* 0/text/store$" \
	    cert/certificate.txt
}
claim 'the certificate is one that minisign verifies, with every file' signed

begin
kept_longer() {
	sed 's/days = 60/days = 36500/' session.conf >long.conf
	vitrine-lab provision -c long.conf -o s2 -k lab.key repo.git \
	    >/dev/null || return 1
	close -y s2 notes 2>text
	[ $? = 4 ] && grep -q 'kept until 2124-' text && [ -f s2/manifest ] &&
	    [ -f notes/record.db ]
}
claim 'before its time nothing is destroyed' kept_longer

early() {
	close -y -f 'both sides asked, letter of 1 July' s2 notes >text &&
	    grep -q '^early both sides asked' cert/certificate.txt &&
	    [ ! -e s2 ]
}
claim 'but for a reason, which the certificate has' early

begin
changed() {
	echo x >>s1/text/store && close -y s1 notes >text &&
	    grep -q '^verified no .*text/store was changed' \
	    cert/certificate.txt && [ ! -e s1 ]
}
claim 'a session that was changed is closed, and the certificate says it' \
    changed

# Interrupted: the text is written, the keys are gone, the image is not.
begin
resumed() {
	close -y s1 notes >text && cp cert/certificate.txt whole || return 1
	begin && mkdir cert && grep -v '^done ' whole >cert/closing &&
	    rm -rf notes && close -y s1 notes >text &&
	    grep -q 'interrupted goes on' text && [ ! -e s1 ] &&
	    [ ! -e cert/closing ] &&
	    grep -v '^done ' cert/certificate.txt >a &&
	    grep -v '^done ' whole >b && cmp a b &&
	    minisign -VHq -p lab.pub -m cert/certificate.txt
}
claim 'what was interrupted goes on, and the certificate is the same' resumed

begin
another() {
	mkdir cert && printf 'vitrine-certificate 1\nsession other\n' \
	    >cert/closing
	close -y s1 notes 2>text
	[ $? = 4 ] && grep -q 'of another session' text && [ -f s1/manifest ]
}
claim 'a folder of another closing is refused' another

echo "1..$n"
exit $status
