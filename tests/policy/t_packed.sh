#!/bin/sh
# A session in one squashfs file: signed, checked before anybody reads it,
# mounted, offered by a station, closed.
set -u
command -v mksquashfs >/dev/null || { echo 'no squashfs-tools'; exit 77; }
. tests/lab.sh
trap 'umount "$work/mounted" 2>/dev/null; rm -rf "$work"' EXIT
umask 022

refused() { # words, command: status 4 and one line with these words
	words=$1
	shift
	"$@" >said 2>&1
	[ $? = 4 ] && [ "$(wc -l <said)" = 1 ] && grep -q -- "$words" said ||
	    { cat said; return 1; }
}

lab_desk -e \
    's/"2026-07-06" last = "2026-07-10"/"2024-07-01" last = "2024-07-05"/'
vitrine-lab keygen lab >/dev/null && vitrine-lab keygen other >/dev/null ||
    exit 1
vitrine-lab provision -c session.conf -o s -k lab.key repo.git >/dev/null &&
    vitrine-lab squash -o a.sqfs -k lab.key -p lab.pub s >/dev/null || exit 1

claim 'one that is as it was signed passes' sh -c \
    'vitrine-lab verify -p lab.pub a.sqfs | grep -q "^signed with the key"'
claim 'another key does not make it pass' refused 'not trusted here' \
    vitrine-lab verify -p other.pub a.sqfs
changed() {
	size=$(stat -c %s a.sqfs)
	for at in 0 100 $((size / 2)) $((size - 1)); do
		cp a.sqfs b.sqfs && cp a.sqfs.minisig b.sqfs.minisig
		byte=$(dd if=b.sqfs bs=1 skip="$at" count=1 2>/dev/null |
		    od -An -tu1)
		# shellcheck disable=SC2059
		printf "\\$(printf %o $(((byte + 1) % 256)))" |
		    dd of=b.sqfs bs=1 seek="$at" conv=notrunc 2>/dev/null
		! cmp -s a.sqfs b.sqfs || return 1
		refused 'changed after it was signed' \
		    vitrine-lab verify -p lab.pub b.sqfs || return 1
	done
}
claim 'a byte of it that is another one does not pass' changed
unsigned() {
	cp a.sqfs c.sqfs
	refused 'is not signed' vitrine-lab verify -p lab.pub c.sqfs
}
claim 'nor one without a signature' unsigned


# What changed since last time, as of a folder.
says() { # words, command: succeeds and says this line, and keeps it said
	words=$1
	shift
	"$@" >text 2>said && [ ! -s said ] && grep -qx -- "$words" text ||
	    { cat text said; return 1; }
}
verify() {
	vitrine-lab verify -p lab.pub "$@"
}
keeps_nothing() {
	cp a.sqfs n.sqfs && cp a.sqfs.minisig n.sqfs.minisig &&
	    says 'signed with the key .*' verify -n n.sqfs &&
	    ! grep -q 'time' text && [ ! -e n.sqfs.verified ] &&
	    says 'verified for the first time here' verify n.sqfs &&
	    [ -e n.sqfs.verified ]
}
claim 'checked only, as at the start of a station, it keeps nothing' \
    keeps_nothing
claim 'the next time it says that nothing changed' \
    says 'nothing changed since last time' verify n.sqfs
changed_since() {
	hash=$(sha256sum <n.sqfs | cut -c1-64)
	rm n.sqfs n.sqfs.minisig && sed 's/^title = "/&Another /' \
	    session.conf >other.conf && ! cmp -s session.conf other.conf &&
	    vitrine-lab provision -c other.conf -o s2 -k lab.key repo.git \
	    >/dev/null && vitrine-lab squash -o n.sqfs -k lab.key -p lab.pub \
	    s2 >/dev/null || return 1
	says 'since last time changed: session.conf' verify n.sqfs &&
	    ! grep -q 'nothing changed' text &&
	    [ "$(grep -c 'changed: ' text)" = 1 ] &&
	    grep -qx "since last time gone: the file with SHA-256 $hash" text &&
	    says 'nothing changed since last time' verify n.sqfs
}
claim 'a file made again is told file by file, once' changed_since
countersigned_since() {
	vitrine-lab keygen jane >/dev/null &&
	    sed "s,^auditor \"jane\" {,& key = \"$(sed -n 2p jane.pub)\"," \
	    session.conf >keyed.conf && ! cmp -s session.conf keyed.conf ||
	    return 1
	vitrine-lab provision -c keyed.conf -o s3 -k lab.key repo.git \
	    >/dev/null && vitrine-lab squash -o j.sqfs -k lab.key -p lab.pub \
	    s3 >/dev/null && says 'not counter-signed by .*' verify j.sqfs &&
	    vitrine-lab countersign -k jane.key -p lab.pub s3 >/dev/null &&
	    rm j.sqfs j.sqfs.minisig &&
	    vitrine-lab squash -o j.sqfs -k lab.key -p lab.pub s3 >/dev/null &&
	    says 'since last time new: counter-signed by jane' verify j.sqfs &&
	    ! grep -q 'since last time changed' text &&
	    grep -q '^counter-signed by jane (' text
}
claim 'a counter-signature in it is told' countersigned_since
damaged_since() {
	echo rubbish >n.sqfs.verified &&
	    says 'note: .*n.sqfs.verified is written anew.*' verify n.sqfs &&
	    says 'nothing changed since last time' verify n.sqfs
}
claim 'what was kept and is damaged is a line, and made anew' damaged_since
no_session() {
	mkdir -p plain && echo 1 >plain/x &&
	    mksquashfs plain p.sqfs -quiet -no-progress >/dev/null &&
	    printf '' | minisign -S -W -s lab.key -m p.sqfs >/dev/null &&
	    says 'note: what changed .*no session.conf in it' verify p.sqfs
}
claim 'a signed file that is no session is said to be none' no_session

mkdir -p r/etc/systemd/system r/srv/images
printf 'root:x:0:0:root:/root:/bin/bash\n' >r/etc/passwd
printf 'root:x:0:\n' >r/etc/group
printf 'root:*::\n' >r/etc/gshadow
printf 'root:*:19000:0:99999:7:::\n' >r/etc/shadow
cp a.sqfs r/srv/images/acme.sqfs
claim 'a station does not take one without a signature' refused \
    'is not signed' \
    vitrine-lab station install -y -r r -p lab.pub /srv/images/acme.sqfs
cp a.sqfs.minisig r/srv/images/acme.sqfs.minisig
units=r/etc/systemd/system
installed() {
	vitrine-lab station install -y -r r -p lab.pub \
	    /srv/images/acme.sqfs >text &&
	    grep -q '^session acme.sqfs /srv/vitrine/acme.sqfs for=' \
	    r/etc/vitrine/kiosk.conf &&
	    grep -q '^Requires=vitrine-image-acme.sqfs.service$' \
	    $units/srv-vitrine-acme.sqfs.mount &&
	    grep -q '^After=vitrine-image-acme.sqfs.service$' \
	    $units/srv-vitrine-acme.sqfs.mount &&
	    grep -q 'bin/vitrine-lab verify -n /srv/images/acme.sqfs$' \
	    $units/vitrine-image-acme.sqfs.service
}
claim 'with one the mount needs a check, and the rules come from the file' \
    installed
verified() {
	command -v systemd-analyze >/dev/null ||
	    { echo 'no systemd-analyze'; return 77; }
	mkdir u && cp $units/srv-* u && cp $units/vitrine-image-* u &&
	    sed -i "s,/usr/local/bin/vitrine-lab,$lab," \
	    u/vitrine-image-*.service
	SYSTEMD_UNIT_PATH=$work/u: systemd-analyze verify --man=no u/* \
	    >said 2>&1 && [ ! -s said ] || { cat said; return 1; }
}
claim 'systemd takes these units' verified

# As the station does it, where this user and this kernel can.
mkdir mounted
mounts() {
	mount -t squashfs -o loop,ro,nosuid,nodev,noexec "$1" mounted 2>why
}
mounted() {
	mounts a.sqfs || { tail -n 1 why; return 77; }
	diff -r s mounted && vitrine-lab verify -p lab.pub mounted >said &&
	    grep -q 'files as they were signed' said || return 1
	[ -z "$(find mounted ! -perm -004)" ] || return 1
	! touch mounted/more 2>/dev/null && umount mounted
}
claim 'mounted it is the session, for auditors to read' mounted
# Whoever mounts without asking: the session says so by itself.
mounted_changed() {
	cp -r s t && echo more >>t/text/store &&
	    mksquashfs t d.sqfs -quiet -no-progress >/dev/null || return 1
	mounts d.sqfs || { tail -n 1 why; return 77; }
	refused 'text/store was changed' vitrine-lab verify -p lab.pub mounted
	rc=$?
	umount mounted
	return $rc
}
claim 'and one that was changed is refused when it is opened' mounted_changed

begin() {
	rm -rf box notes cert && mkdir -p box notes &&
	    cp a.sqfs a.sqfs.minisig box && echo mine >box/other &&
	    echo 'sealed record' >notes/record.db &&
	    echo 'journal' >notes/journal.db
}
close() {
	vitrine-lab close -k lab.key -p lab.pub -o cert "$@"
}
closed() {
	begin && close -y box/a.sqfs notes >text && [ ! -e notes ] &&
	    [ "$(ls box)" = other ] || return 1
	for f in session.conf manifest manifest.minisig; do
		cmp s/$f cert/kept/0/$f || return 1
	done
	cmp a.sqfs.minisig cert/kept/0/a.sqfs.minisig &&
	    minisign -VHq -p lab.pub -m cert/certificate.txt &&
	    grep -q '^verified yes$' cert/certificate.txt &&
	    hash=$(sha256sum <a.sqfs | cut -c1-64) &&
	    grep -q "^destroyed plain $hash [0-9]* 0/a.sqfs$" \
	    cert/certificate.txt && cp cert/certificate.txt whole
}
claim 'one file is closed like a folder, and nothing beside it' closed
resumed() {
	begin && mkdir -p cert/kept/0 && grep -v '^done ' whole >cert/closing &&
	    cp s/session.conf cert/kept/0/ && rm -rf notes box/a.sqfs &&
	    close -y box/a.sqfs notes >text && [ ! -e cert/closing ] &&
	    [ "$(ls box)" = other ] &&
	    grep -v '^done ' cert/certificate.txt >a &&
	    grep -v '^done ' whole >b && cmp a b
}
claim 'interrupted when the file was gone already, it goes on' resumed
doubted() {
	begin && echo x >>box/a.sqfs &&
	    refused 'c names its session.conf' close -y box/a.sqfs notes &&
	    [ -e box/a.sqfs ] &&
	    close -y -c session.conf box/a.sqfs notes >text &&
	    [ "$(ls box)" = other ] &&
	    grep -q '^verified no .*changed after' cert/certificate.txt
}
claim 'one that was changed is not read, and closed by its rules' doubted

echo "1..$n"
exit $status
