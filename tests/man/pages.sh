#!/bin/sh
# Every program has a page, mandoc finds nothing wrong with any, and a page
# names each option that its program's --help names.
set -u
build=${BUILD:-build}
command -v mandoc >/dev/null || { echo 'no mandoc here'; exit 77; }
n=0 status=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT
says() { # passed?, claim
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		sed 's/^/# /' "$said"
		status=1
	fi
}
for page in man/*.[1-8]; do
	mandoc -T lint -W warning "$page" >"$said" 2>&1
	says $? "${page#man/} is well formed"
	LC_ALL=C grep -n '[^ -~	]' "$page" >"$said"
	[ ! -s "$said" ]
	says $? "${page#man/} is ASCII"
done
for x in "$build"/bin/*; do
	[ -x "$x" ] || continue
	name=${x##*/}
	page=man/$name.1
	[ -f man/"$name".8 ] && page=man/$name.8
	echo "there is no man/$name.1" >"$said"
	[ -f "$page" ]
	says $? "$name has a page"
	[ -f "$page" ] || continue
	mandoc -T ascii "$page" | sed 's/.\x08//g' >"$said.page"
	"$x" --help 2>&1 </dev/null |
	    grep -oE '(^|[ ,(])--?[a-z][a-z-]*' | tr -d ' ,(' | sort -u |
	    while read -r option; do
		grep -qF -- "$option" "$said.page" || echo "$option"
	    done >"$said"
	rm -f "$said.page"
	[ ! -s "$said" ]
	says $? "$name: its page names every option of its help"
done
echo "1..$n"
exit $status
