#!/bin/sh
# Making a session, beside what git and ctags need for the same input.
#
# tests/bench/provision.sh REPO RELEASE ...    releases of one repository,
#                          the last of which is added to a session of the
#                          others; without any, its last eleven tags
# TREE=path                one more product: a repository of one large tree
# SECONDS_MAX=3600         for each row
# ROWS="all peer added"    which of them
# JOBS=N                   processes at once, instead of one for each processor
# BUILD
#
# Prints wall and processor seconds, MB/s of the distinct bytes that are
# shown, and peak memory of all processes together.  Nothing here is a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
lab=$PWD/$build/bin/vitrine-lab
repo=${1:?a repository}
shift
command -v /usr/bin/time >/dev/null || { echo 'install time'; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(git -C "$repo" for-each-ref --sort=creatordate \
    --format='%(refname:short)' refs/tags | tail -n 11)
tree=${TREE-}
limit=${SECONDS_MAX:-3600}
jobs=${JOBS:+-j $JOBS}
rows=${ROWS:-all peer added}
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
# The process and all below it.
family() { # pid
	ps -e -o pid=,ppid= | awk -v top="$1" '{ up[$1] = $2 }
	END { for (p in up) for (q = p; q in up; q = up[q])
		if (q == top) { print p; break } }'
}
# The most memory that was seen of all of them, what they share counted once;
# mapped files are in it.
watch() { # pid, file for kB
	most=0
	while kill -0 "$1" 2>/dev/null; do
		now=$(for p in $(family "$1"); do
			sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' \
			    "/proc/$p/smaps_rollup" 2>/dev/null
		done | awk '{ n += $1 } END { print n + 0 }')
		[ "$now" -gt $most ] && most=$now && echo $most >"$2"
		sleep 1
	done
}
# What was measured lies in NAME.time: wall, user, system seconds; and in
# NAME.peak, kB.
timed() { # name, what it is, command
	name=$1 what=$2
	shift 2
	echo 0 >"$work/$name.peak"
	timeout "$limit" /usr/bin/time -o "$work/$name.time" \
	    -f '%e %U %S' "$@" >"$work/$name.out" 2>&1 &
	watch $! "$work/$name.peak"
	wait $! || {
		printf '%-34s failed, or over %s seconds\n' "$what" "$limit"
		tail -n 2 "$work/$name.out" | tr '\r' '\n' | tail -n 1
		return 1
	}
	tail -n 1 "$work/$name.time" | awk -v what="$what" -v bytes="$bytes" \
	    -v peak="$(cat "$work/$name.peak")" '{
		speed = $1 > 0 ? bytes / 1e6 / $1 : 0
		printf "%-34s %8.1f %8.1f %8.1f %8.0f\n", what, $1, $2 + $3,
		    speed, peak / 1024
	}'
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

# Every distinct content of the releases, as git counts it.
bytes=$({
	for r in $all; do git -C "$repo" ls-tree -r "$r"; done
	[ -z "$tree" ] || git -C "$tree" ls-tree -r HEAD
} | awk '$2 == "blob" { print $3 }' | sort -u >"$work/blobs"
{
	git -C "$repo" cat-file --batch-check='%(objectsize)' <"$work/blobs"
	[ -z "$tree" ] || git -C "$tree" \
	    cat-file --batch-check='%(objectsize)' <"$work/blobs"
} | awk '$2 == "" { n += $1 } END { print n + 0 }')

# The tools: every object copied and packed again, and the tags of every
# release.
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

printf '%-34s %8s %8s %8s %8s\n' "$# releases, $((bytes / 1000000)) MB distinct" \
    seconds cpu MB/s 'MB peak'
case $rows in
*all*)
	timed all "provision, all" "$lab" provision $jobs -c "$work/all.conf" \
	    -o "$work/s2" -k "$work/k.key" $deliveries && du -sm "$work/s2" |
	    awk '{ print "    the session: " $1 " MB" }'
	;;
esac
case $rows in
*peer*)
	timed peer "git clone --bare, repack -ad" sh "$work/peer.sh" &&
	    du -scm "$work/c" ${tree:+"$work/t"} | tail -n 1 |
	    awk '{ print "    the clones: " $1 " MB" }'
	timed tags "git archive, ctags of each" sh "$work/tags.sh"
	rm -rf "$work/c" "$work/t" "$work/x" "$work"/tags.*
	;;
esac
case $rows in
*added*) [ -n "$before" ] || exit 0 ;;
*) exit 0 ;;
esac
timed first "provision, all but the last" "$lab" provision $jobs \
    -c "$work/before.conf" -o "$work/s1" -k "$work/k.key" $deliveries &&
    timed added "provision, all, -b that" "$lab" provision $jobs \
    -c "$work/all.conf" -o "$work/s3" -k "$work/k.key" -b "$work/s1" \
    $deliveries || exit 1
[ -e "$work/s2/manifest" ] || exit 0
# Packs and fingerprints may have other bytes, and nothing else.
diff -r -x pack -x 'manifest*' -x prints "$work/s2" "$work/s3" >/dev/null ||
    echo 'NOT the same files with -b'
for s in s2 s3; do
	git -C "$work/$s/repo.git" cat-file --batch-all-objects \
	    --batch-check | sort -u >"$work/$s.objects"
done
cmp "$work/s2.objects" "$work/s3.objects" || echo 'NOT the same objects with -b'
