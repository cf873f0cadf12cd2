# Sourced by tests of vitrine-report: exports that age, tar and minisign made.
# The working directory is the test's own, x/ holds what goes into an export,
# $to is whom it is sealed to.

zeros() {
	head -c "$1" /dev/zero
}
header() { # name, size, checksum: a canonical ustar header
	printf '%s' "$1"
	zeros $((100 - ${#1}))
	printf '0000644'; zeros 1; printf '0000000'; zeros 1
	printf '0000000'; zeros 1; printf '%011o' "$2"; zeros 1
	printf '00000000000'; zeros 1
	if [ "$3" = blank ]; then
		printf '        '
	else
		printf '%06o' "$3"; zeros 1; printf ' '
	fi
	printf 0; zeros 100; printf ustar; zeros 1; printf 00; zeros 247
}
tar_of() { # files in x/: what the man page describes, byte by byte
	for f in "$@"; do
		size=$(wc -c <"x/$f")
		sum=$(header "$f" "$size" blank | od -An -v -tu1 |
		    awk '{ for (i = 1; i <= NF; i++) s += $i } END { print s }')
		header "$f" "$size" "$sum"
		cat "x/$f"
		zeros $(((512 - size % 512) % 512))
	done
	zeros 1024
}
seal() { # name of the export; seals findings.json in x/
	tar_of findings.json findings.json.minisig >x.tar
	age -r "$to" -o "$1" x.tar
}

# sign_and_seal NAME KEY: x/findings.json, by the auditor whose key that is.
sign_and_seal() {
	rm -f x/findings.json.minisig
	minisign -S -s "$2" -m x/findings.json -t 'export' >/dev/null
	seal "$1"
}
