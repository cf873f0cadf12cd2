#!/bin/sh
# Every program has a page, mandoc finds nothing wrong with any, and a page
# names each option that its program's --help names.
set -u
. tests/tap.sh
build=${BUILD:-build}
command -v mandoc >/dev/null || { echo 'no mandoc here'; exit 77; }

said=$(mktemp)
trap 'rm -f "$said"' EXIT
for page in man/*.[1-8]; do
	mandoc -T lint -W warning "$page" >"$said" 2>&1
	result $? "${page#man/} is well formed"
	LC_ALL=C grep -n '[^ -~	]' "$page" >"$said"
	[ ! -s "$said" ]
	result $? "${page#man/} is ASCII"
done
for x in "$build"/bin/*; do
	[ -x "$x" ] || continue
	name=${x##*/}
	page=man/$name.1
	[ -f man/"$name".8 ] && page=man/$name.8
	echo "there is no man/$name.1" >"$said"
	[ -f "$page" ]
	result $? "$name has a page"
	[ -f "$page" ] || continue
	mandoc -T ascii "$page" | sed 's/.\x08//g' >"$said.page"
	"$x" --help 2>&1 </dev/null |
	    grep -oE '(^|[ ,(])--?[a-z][a-z-]*' | tr -d ' ,(' | sort -u |
	    while read -r option; do
		grep -qF -- "$option" "$said.page" || echo "$option"
	    done >"$said"
	rm -f "$said.page"
	[ ! -s "$said" ]
	result $? "$name: its page names every option of its help"
done
echo "1..$n"
exit $status
