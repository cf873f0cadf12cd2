#!/bin/sh
# Making a session, beside what git and ctags need for the same input.
#
# tests/bench/provision.sh REPO RELEASE ...    releases of one repository,
#                          the last of which is added to a session of the
#                          others; without any, its last eleven tags
# TREE=path[=REVISION]     one more product: a repository of one large tree
# BUILD
#
# Prints wall and processor seconds, MB/s of the distinct bytes that are
# shown, and peak memory.  Nothing here is a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
lab=$PWD/$build/bin/vitrine-lab
repo=${1:?a repository}
shift
command -v /usr/bin/time >/dev/null || { echo 'install time'; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- $(git -C "$repo" for-each-ref --sort=creatordate \
    --format='%(refname:short)' refs/tags | tail -n 11)
tree=${TREE-}
rules() { # releases
	cat <<END
format = 1
session = "bench"
title = "bench"
auditor "a" { }
scope { include = { "**" } }
hours { first = "2026-01-01" last = "2026-01-02" from = "00:00" to = "24:00"
	days = { "mon" } }
END
	n=0
	for r in "$@"; do
		n=$((n + 1))
		echo "release \"r$n\" { revision = \"$r\"" \
		    "status = \"custom\" product = \"p\" }"
	done
	[ -z "$tree" ] || echo "release \"tree\" { revision =" \
	    "\"HEAD\" status = \"custom\" product = \"tree\" }"
}
timed() { # name, command: wall, processor, peak kB into the file NAME
	name=$1
	shift
	/usr/bin/time -f '%e %U %S %M' -o "$work/$name" "$@" \
	    >"$work/$name.out" 2>&1 || { cat "$work/$name.out"; exit 1; }
}
row() { # name, what
	awk -v what="$2" -v bytes="$bytes" '{
		speed = $1 > 0 ? bytes / 1e6 / $1 : 0
		printf "%-34s %8.1f %8.1f %8.1f %8.0f\n", what, $1, $2 + $3,
		    speed, $4 / 1024
	}' "$work/$1"
}
all=$*
before=
for r in "$@"; do
	last=$r
done
for r in "$@"; do
	[ "$r" = "$last" ] || before="$before $r"
done
deliveries="p=$repo"
[ -z "$tree" ] || deliveries="$deliveries tree=$tree"
"$lab" keygen "$work/k" >/dev/null || exit 1
rules $before >"$work/before.conf"
rules $all >"$work/all.conf"

timed first "$lab" provision -c "$work/before.conf" -o "$work/s1" \
    -k "$work/k.key" $deliveries
timed second "$lab" provision -c "$work/all.conf" -o "$work/s2" \
    -k "$work/k.key" $deliveries
timed added "$lab" provision -c "$work/all.conf" -o "$work/s3" \
    -k "$work/k.key" -b "$work/s1" $deliveries
diff -r "$work/s2" "$work/s3" >/dev/null || echo 'NOT the same bytes with -b'

# The same with the tools: every object copied and packed again, and the tags
# of every release.
cat >"$work/peer.sh" <<END
set -e
git clone -q --bare --no-local "$repo" "$work/c"
git -C "$work/c" repack -adq
if [ -n "$tree" ]; then
	git clone -q --bare --no-local "$tree" "$work/t"
	git -C "$work/t" repack -adq
fi
END
cat >"$work/tags.sh" <<END
set -e
for r in $all; do
	rm -rf "$work/x"; mkdir "$work/x"
	git -C "$repo" archive \$r | tar -xf - -C "$work/x"
	ctags --options=NONE -R -f "$work/tags.\$r" "$work/x" 2>/dev/null
done
if [ -n "$tree" ]; then
	rm -rf "$work/x"; mkdir "$work/x"
	git -C "$tree" archive HEAD | tar -xf - -C "$work/x"
	ctags --options=NONE -R -f "$work/tags.tree" "$work/x" 2>/dev/null
fi
END
timed peer sh "$work/peer.sh"
timed tags sh "$work/tags.sh"

bytes=$(awk '$1 == "shown" && !($2 in at) { at[$2]; n += $5 } END { print n }' \
    "$work/s2/manifest")
printf '%-34s %8s %8s %8s %8s\n' "$# releases, $((bytes / 1000000)) MB distinct" \
    seconds cpu MB/s 'MB peak'
row first "provision, all but the last"
row second "provision, all"
row added "provision, all, -b the first"
row peer "git clone --bare, repack -ad"
row tags "git archive, ctags of each"
du -sm "$work/s2" "$work/c" | awk '{ printf "%s MB %s\n", $1,
    NR == 1 ? "the session" : "the clone" }'
