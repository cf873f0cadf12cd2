#!/bin/sh
# Sessions made of what vendors deliver: bundles, archives, folders, several
# products; ended and taken up again; counter-signed, packed, compared.
set -u
. tests/tap.sh
top=$(pwd)
lab=$top/${BUILD:-build}/bin/vitrine-lab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work" || exit 1

# status, words that either output must hold, command
says() {
	want=$1 words=$2
	shift 2
	"$@" >said 2>&1
	got=$?
	[ "$got" = "$want" ] && grep -q -- "$words" said && return 0
	echo "status $got, not $want, or not said: $words"
	cat said
	return 1
}

HOME=$work GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
export HOME GIT_CONFIG_NOSYSTEM LC_ALL GIT_AUTHOR_DATE GIT_COMMITTER_DATE
git init -q -b main r && cd r || exit 1
git config user.name n
git config user.email e@x.invalid
mkdir src secret
echo 'int a(int x) { return x + 1; }' >src/a.c
echo 'int keep;' >src/keep.c
echo hidden >secret/s.c
git add . && git commit -qm one && git tag v1.0
echo 'int b;' >>src/a.c
git mv src/keep.c src/kept.c
ln -s /etc/passwd link
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 9\n' \
    7 >big.bin
git add . && git commit -qm two && git tag v2.0
cd .. || exit 1
git -C r bundle create -q ../b.bundle --all
mkdir t-1.0
echo 'int sw(void) { return 0; }' >t-1.0/sw.c
tar -czf t.tgz t-1.0

"$lab" keygen jane >/dev/null && "$lab" keygen lab >/dev/null &&
    "$lab" keygen stranger >/dev/null || exit 1
rules() { # revision of the router, more
	cat <<END
format = 1
session = "demo-1"
title = "two products"
auditor "jane" { full = "Jane Doe" key = "$(sed -n 2p jane.pub)" }
release "$1" { revision = "$1" status = "production" product = "router" }
release "sw" { revision = "HEAD" status = "custom" product = "switch" }
scope { include = { "**" } exclude = { "secret/" } }
hours { first = "2026-01-01" last = "2026-01-02" from = "00:00" to = "24:00"
	days = { "mon" } }
END
}
rules v1.0 >one.conf
rules v2.0 >two.conf
make() { # rules, session, what is delivered as router, as switch
	"$lab" provision -c "$1" -o "$2" -k lab.key "router=$3" "switch=$4"
}

claim 'a public key can be read by everybody, a secret one cannot' sh -c \
    'test "$(stat -c %a lab.pub lab.key | tr "\n" " ")" = "644 600 "'
claim 'a dry run says what each role will see' \
    says 0 'auditors jane: read 3 files' \
    "$lab" scope -c one.conf router=b.bundle switch=t.tgz
claim 'a dry run leaves nothing behind' test ! -e one.conf.import
claim 'a bundle and an archive make one session' make one.conf one b.bundle t.tgz
claim 'what was imported is gone afterwards' test ! -e one.import
claim 'a repository gives the bytes that its bundle gives' sh -c \
    "'$lab' provision -c one.conf -o again -k lab.key router=r switch=t.tgz &&
    diff -r one again"
named() {
	make two.conf two r t.tgz >said &&
	    grep -q '^  1 symbolic links: kept as text' said &&
	    grep -q '^  1 pointers of Git LFS: .*NOT delivered' said &&
	    grep -q '^  no hash of what was shipped' said &&
	    ! grep -q 'config\|hooks\|replace\|grafts\|alternates' said
}
claim 'links, pointers of LFS and missing hashes are named' named

hashes() { # of what the manifest says is shown, by the programs themselves
	awk '$1 == "shown" && $6 == "v2.0" { print $3, $4, $7 }' two/manifest \
	    >shown && [ "$(wc -l <shown)" -ge 3 ] || return 1
	while read -r sha md path; do
		git -C r show "v2.0:$path" >file &&
		    [ "$(sha256sum <file | cut -d' ' -f1)" = "$sha" ] &&
		    [ "$(md5sum <file | cut -d' ' -f1)" = "$md" ] || return 1
	done <shown
}
claim 'SHA-256 and MD5 of every file shown are those of the vendor' hashes

# What git would obey: named, and the session is that of the plain one.
git clone -q --bare r odd.git
(
	cd odd.git || exit 1
	printf '[Include]\n\tpath = ../elsewhere\n' >>config
	printf '#!/bin/sh\ntouch %s/ran\n' "$work" >hooks/post-checkout
	chmod +x hooks/post-checkout
	git replace v1.0 v2.0 && git pack-refs --all && rm -rf refs/replace
	mkdir -p info objects/info
	git rev-parse v2.0 >info/grafts
	echo "$work/r/.git/objects" >objects/info/alternates
	echo 'nobody reaches this' | git hash-object -w --stdin
) >/dev/null 2>&1 || exit 1
obeyed_not() {
	make two.conf odd odd.git t.tgz >said || { cat said; return 1; }
	for words in 'config includes other files: nothing of it' \
	    '1 hooks: none is run' 'refs/replace is ignored' \
	    'info/grafts is ignored' 'alternates points to objects'; do
		grep -q "^note: router: .*$words" said ||
		    { echo "not said: $words"; cat said; return 1; }
	done
	[ ! -e ran ] && diff -r two odd
}
claim 'what git would obey is named and not obeyed' obeyed_not
reached_not() {
	make two.conf here odd.git t.tgz >said2 && one=$(sed -n \
	    's/^\([0-9]*\) objects that were delivered .*/\1/p' said2)
	echo more | git -C odd.git hash-object -w --stdin >/dev/null
	make two.conf there odd.git t.tgz >said2 && two=$(sed -n \
	    's/^\([0-9]*\) objects that were delivered .*/\1/p' said2)
	[ "$one" -ge 1 ] && [ "$two" = $((one + 1)) ] || { cat said2; return 1; }
}
claim 'objects that nothing reaches are counted' reached_not
told_again() { # the first run ends at a product that is missing
	rm -rf x.import
	printf 'release "z" { revision = "no" status = "custom" product = "switch" }\n' |
	    cat two.conf - >bad.conf
	! "$lab" scope -w x.import -c bad.conf router=r switch=t.tgz >said 2>&1 &&
	    [ -e x.import/switch/source ] &&
	    "$lab" scope -w x.import -c two.conf router=r switch=t.tgz >said &&
	    grep -q '^note: switch: 1 files without a history' said &&
	    grep -q '^note: switch: all stand below t-1.0/' said
}
claim 'what there is to say of an archive is said by the next run, too' \
    told_again
odd_names() {
	mkdir -p n && printf 'int x;\n' >n/plain.c &&
	    cp n/plain.c "n/$(printf 'a\342\200\256b.c')" &&
	    cp n/plain.c "n/$(printf 'c\nd.c')" &&
	    tar -cf n.tar n && tar -rf n.tar n/plain.c &&
	    tar -rPf n.tar --transform='s,^n/,/n/,' n/plain.c &&
	    "$lab" scope -c one.conf router=r switch=n.tar >said &&
	    grep -q '2 names came twice, .* first is n/plain.c$' said &&
	    grep -q '1 names began at the root .* first is n/plain.c$' said &&
	    grep -q '2 names hold what does .* first is a<E2><80><AE>b.c$' said &&
	    rm n/a* n/c* && tar -cf n.tar n &&
	    "$lab" scope -c one.conf router=r switch=n.tar >said &&
	    ! grep -q ' names ' said
}
claim 'names that deceive, come twice or begin at the root are named' odd_names
claim 'a revision that is not there is said with those that are' \
    says 3 'bad.conf: release z: no: no such .* there is delivery$' \
    "$lab" scope -c bad.conf router=r switch=t.tgz
claim 'a product that was not delivered is named' \
    says 3 'nothing was delivered as product "switch"' \
    "$lab" provision -c one.conf -o no -k lab.key router=r
claim 'several deliveries need names' says 4 'each has a name' \
    "$lab" provision -c one.conf -o no -k lab.key r t.tgz
mkdir trap
echo 'gitdir: ../r/.git' >trap/.git
claim 'a .git that leads elsewhere is refused' says 4 'was not delivered' \
    make one.conf no trap t.tgz
claim 'a damaged archive is refused' sh -c \
    "head -c 60 t.tgz >cut.tgz; ! '$lab' provision -c one.conf -o no -k lab.key router=r switch=cut.tgz 2>/dev/null && test ! -e no/manifest"

# A release added to an earlier session: its packs stay as they are.
{
	rules v1.0
	echo 'release "v2.0" { revision = "v2.0" status = "custom"' \
	    'product = "router" }'
} >both.conf
later() { # rules, session, the earlier one
	"$lab" provision -b "$3" -c "$1" -o "$2" -k lab.key router=r switch=t.tgz
}
objects() { # of a session
	git -C "$1/repo.git" cat-file --batch-all-objects --unordered --batch |
	    LC_ALL=C sort | sha256sum
	git -C "$1/repo.git" cat-file --batch-all-objects --batch-check |
	    sort -u
}
added() {
	make both.conf both r t.tgz >/dev/null && later both.conf more one >said &&
	    later both.conf more2 one >/dev/null && diff -r more more2 || return 1
	grep -q 'objects taken over from one; new are:' said || { cat said; return 1; }
	diff -r -x pack -x 'manifest*' -x prints both more || return 1
	for s in both more; do
		grep -v '^file .* \(repo.git/objects/pack/.*\|text/prints\)$' \
		    $s/manifest >$s.said
	done
	grep -q '^file .* text/store$' both.said &&
	    cmp both.said more.said || return 1
	for p in one/repo.git/objects/pack/*; do
		cmp "$p" "more/${p#one/}" || return 1
	done
	objects both >w1 && objects more >w2 && cmp w1 w2 || return 1
	hidden=$(git -C r rev-parse v1.0:secret/s.c)
	git -C r cat-file -e "$hidden" &&
	    ! git -C more/repo.git cat-file -e "$hidden" 2>/dev/null || return 1
	"$lab" verify -p lab.pub more >said && grep -q 'as they were signed' said
}
claim 'a release is added to what an earlier session has' added
# As many processes as there are parts, or as one after the other.
processes() {
	for j in 1 2 5; do
		rm -rf fresh after
		"$lab" provision -j $j -c both.conf -o fresh -k lab.key \
		    router=r switch=t.tgz >/dev/null && diff -r both fresh &&
		    "$lab" provision -j $j -b one -c both.conf -o after \
			-k lab.key router=r switch=t.tgz >/dev/null &&
		    diff -r more after || { echo "with -j $j"; return 1; }
	done
}
claim 'its bytes do not depend on how many processes make it' processes
for j in 0 x '' 999999999999 -1; do
	claim "-j '$j' is no number of processes" says 2 'j' \
	    "$lab" provision -j "$j" -c one.conf -o none -k lab.key \
	    router=r switch=t.tgz
done
claim 'and nothing was begun' test ! -e none
# Whatever could bring in what does not belong there is made from the delivery.
anew() { # rules, what is said
	rm -rf fresh more more2
	make "$1" fresh r t.tgz >/dev/null && later "$1" more one >said &&
	    diff -r fresh more && grep -q "one: $2; its packs are not" said
}
sed 's/exclude = {/exclude = { "src\/a.c",/' both.conf >narrow.conf
sed 's/demo-1/demo-2/' both.conf >renamed.conf
claim 'not when the scope is another' anew narrow.conf 'its scope is another one'
claim 'not when a release is not named any more' \
    anew two.conf 'a release of it is not named any more'
claim 'not of another session' anew renamed.conf 'it is another session'
# Signed as it is.
signed() { # files
	for f in "$@"; do
		line="$(sha256sum <old/$f | cut -c1-64) $(md5sum <old/$f | cut -c1-32)"
		sed "s|^file .* \\([0-9]* $f\\)\$|file $line \\1|" \
		    old/manifest >m && mv m old/manifest
	done
	minisign -S -s lab.key -t 'vitrine session demo-1' -m old/manifest \
	    -x old/manifest.minisig </dev/null >said 2>&1
}
put() { # file of the earlier session, byte, where
	printf "\\$2" | dd of=old/$1 bs=1 seek="$3" conv=notrunc 2>/dev/null
}
# Made by a program of two versions ago.
older() {
	rm -rf old more && cp -a one old || return 1
	put text/history 001 8 && put text/prints 062 7 &&
	    put text/store 001 8 &&
	    signed text/history text/prints text/store &&
	    later both.conf more old >said || { cat said; return 1; }
	for what in 'index of history' fingerprints 'text store'; do
		grep -q "$what \(is\|are\) made anew" said || { cat said; return 1; }
	done
	diff -r -x pack -x 'manifest*' -x prints both more
}
# Whoever can sign could have signed this, and a program can be wrong: the
# first content is not what its names say, or what it is in the manifest.
false_store() {
	rm -rf old more && cp -a one old && signed &&
	    later both.conf more old >said || { cat said; return 1; }
	rm -rf more && put text/store 001 4096 && signed text/store &&
	    says 3 'not in text/store as the manifest says: make the session without -b' \
	    later both.conf more old && test ! -e more/manifest || return 1
	rm -rf old more && cp -a one old &&
	    sed -i "s/^\(shown [0-9a-f]* \)[0-9a-f]*/\1$(printf '%064d' 0)/" \
		old/manifest && signed || return 1
	says 3 'not in text/store as the manifest says' \
	    later both.conf more old && test ! -e more/manifest
}
claim 'what an older program made is made anew, and that is said' older
claim 'what it has of a content is held against its names' false_store
claim 'an earlier session of another key is not believed' says 4 'not trusted' \
    "$lab" provision -b one -c two.conf -o no -k stranger.key router=r \
    switch=t.tgz

# Ended at any moment: what is there is taken up, and gives the same bytes.
resumed() {
	for gone in manifest "manifest manifest.minisig text/history" \
	    "manifest text/symbols" "manifest text/store text/prints"; do
		rm -rf part && cp -a one part
		for f in $gone; do rm -f "part/$f"; done
		{
			printf 'vitrine-begun 1 %s\n' \
			    "$(sha256sum <one.conf | cut -c1-64)"
			sed -n 's/^release [^ ]* \([^ ]*\) .*/\1/p' one/manifest
		} >part/begun
		: >part/text/.store.new
		make one.conf part r t.tgz >said 2>&1 ||
		    { echo "without $gone:"; cat said; return 1; }
		grep -q 'went on where an earlier run was ended' said ||
		    { echo "without $gone:"; cat said; return 1; }
		diff -r one part || return 1
	done
}
claim 'a run that was ended is taken up and gives the same bytes' resumed
claim 'a folder with anything else in it is not taken up' sh -c \
    "mkdir full && echo 1 >full/x && ! '$lab' provision -c one.conf -o full -k lab.key router=r switch=t.tgz 2>/dev/null"

claim 'without a key verify says which option names one' \
    says 4 'say -p KEY.pub' "$lab" verify one
claim 'the first verification says that it is the first' \
    says 0 'verified for the first time' "$lab" verify -p lab.pub one
claim 'the next says that nothing changed' \
    says 0 'nothing changed since last time' "$lab" verify -p lab.pub one
claim 'a session that was made again is told file by file' sh -c \
    "cp -a two one.new && cp one.verified one.new.verified &&
    '$lab' verify -p lab.pub one.new >text && grep -q 'since last time changed: session.conf' text"
claim 'a stranger cannot counter-sign' says 4 "no auditor" \
    "$lab" countersign -k stranger.key -p lab.pub one
claim 'an auditor counter-signs' \
    "$lab" countersign -k jane.key -p lab.pub one
claim 'and verify says who, and that it is new' sh -c \
    "'$lab' verify -p lab.pub one >text && grep -q '^counter-signed by jane' text &&
    grep -qx 'since last time new: counter-signed by jane' text &&
    ! grep -q 'nothing changed' text"
claim 'which the next does not say again' \
    says 0 'nothing changed since last time' "$lab" verify -p lab.pub one
claim 'nor one after a version that did not keep signatures' sh -c \
    "sed -i '/^vitrine-signed/,\$d' one.verified && '$lab' verify -p lab.pub one | grep -q 'nothing changed'"
claim 'a signature that is gone is said' sh -c \
    "mv one/manifest.counter.minisig away && '$lab' verify -p lab.pub one |
    grep -qx 'since last time gone: counter-signed by jane' &&
    mv away one/manifest.counter.minisig"
claim 'minisign verifies the counter-signature' \
    minisign -VHp jane.pub -m one/manifest -x one/manifest.counter.minisig
claim 'a counter-signature of another manifest is refused' sh -c \
    "cp -a two false && cp one/manifest.counter.minisig false/ &&
    ! '$lab' verify -p lab.pub false 2>text && grep -q 'counter' text"

# Rules without whose auditors nothing opens.
needed() {
	"$lab" keygen joe >/dev/null || return 1
	rules v1.0 >three.conf
	{
		echo "auditor \"joe\" { key = \"$(sed -n 2p joe.pub)\" }"
		echo 'signing { counter = { "jane", "joe" } }'
	} >>three.conf
	"$lab" rules three.conf | grep -q \
	    'opens when it was counter-signed by jane, joe' &&
	    make three.conf three r t.tgz >said || return 1
	for who in jane joe; do
		"$lab" verify -p lab.pub three >said
		[ $? = 1 ] && grep -q "waits for the counter-signature of $who" \
		    said || { cat said; return 1; }
		"$lab" countersign -k $who.key -p lab.pub three || return 1
	done
	says 4 'joe has counter-signed it already' \
	    "$lab" countersign -k joe.key -p lab.pub three &&
	    "$lab" verify -p lab.pub three >said &&
	    grep -q '^counter-signed by jane' said &&
	    grep -q '^counter-signed by joe' said &&
	    minisign -VHp joe.pub -m three/manifest \
	    -x three/manifest.counter.?*.minisig &&
	    cp three/manifest.counter.minisig \
	    three/manifest.counter.*.minisig &&
	    says 4 'minisig is no signature of an auditor' \
	    "$lab" verify -p lab.pub three
}
not_anybody() {
	sed 's/"jane", "joe"/"ann"/' three.conf >ann.conf
	says 3 'a list of auditors who have a key' "$lab" rules ann.conf
}
claim 'where rules want counter-signatures it waits for each' needed
claim 'and they are wanted only of auditors with a key' not_anybody

claim 'the next delivery is compared file by file' \
    says 0 'moved     src/keep.c -> src/kept.c' \
    "$lab" diff -l -p lab.pub one two
claim 'and its rules line by line' \
    says 0 'rules: 1 lines gone, 1 new' "$lab" diff -p lab.pub one two
v1=$(git -C r rev-parse v1.0)
cat >findings.json <<END
{"format":"vitrine-findings","items":[
{"number":1,"anchor":{"commit":"$v1","path":"src/a.c","first":1,"last":1}},
{"number":2,"anchor":{"commit":"$v1","path":"src/keep.c","first":1,"last":1}},
{"number":3,"title":"of nothing"}]}
END
claim 'findings whose files changed are to be read again' \
    says 0 '#1 lines 1-1   RE-READ   src/a.c' \
    "$lab" diff -p lab.pub -f findings.json one two

packed() {
	command -v mksquashfs >/dev/null || return 0
	"$lab" squash -o one.sqfs -k lab.key -p lab.pub one &&
	    "$lab" squash -o two.sqfs -k lab.key -p lab.pub one &&
	    cmp one.sqfs two.sqfs &&
	    minisign -VHp lab.pub -m one.sqfs &&
	    test "$(stat -c %a one.sqfs)" = 600 &&
	    unsquashfs -q -d back one.sqfs >/dev/null && diff -r one back
}
claim 'one file holds the session, the same each time, signed' packed

echo "1..$n"
exit $status
