#!/bin/sh
# Making a session, killed by SIGKILL at calls that change the disk: what is
# there is taken up by the next run, and gives the bytes of a run that nobody
# killed.
#
# KILLS=n    at n points between the first call and the last (default 9);
# KILLS=all  at every one
#
# One part at a time goes the same way each time; several at once end at other
# moments each time, and the bytes are the same.
set -u
. tests/tap.sh
top=$(pwd)
build=$top/${BUILD:-build}
lab=$build/bin/vitrine-lab
points=${KILLS:-9}
# In memory: what is synced there costs nothing.
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

HOME=$work GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
export HOME GIT_CONFIG_NOSYSTEM LC_ALL GIT_AUTHOR_DATE GIT_COMMITTER_DATE
{
	git init -q -b main r && cd r && git config user.name n &&
	    git config user.email e@x.invalid && mkdir src secret &&
	    echo hidden >secret/s.c || exit 1
	for v in 1 2 3; do
		for f in a b c d e f; do
			seq $((v * 7)) | sed "s/.*/int $f&(void);/" >src/$f.c
		done
		git add . && git commit -qm "number $v" && git tag v$v
	done
	cd .. && mkdir t-1 && echo 'int sw(void) { return 0; }' >t-1/sw.c &&
	    tar -czf t.tgz t-1 && "$lab" keygen lab
} >/dev/null || exit 1

rules() { # how names of what is withheld are treated, releases of the router
	cat <<-E
	format = 1
	session = "demo"
	title = "killed"
	auditor "jane" { }
	scope { include = { "**" } exclude = { "secret/" }
		withheld = "$1" }
	hours { first = "2026-01-01" last = "2026-01-02" from = "00:00"
		to = "24:00" days = { "mon" } }
	release "sw" { revision = "HEAD" status = "custom" product = "sw" }
	E
	shift
	for r in "$@"; do
		echo "release \"$r\" { revision = \"$r\"" \
		    "status = \"production\" product = \"router\" }"
	done
}
rules named v1 v2 >before.conf
rules named v1 v2 v3 >named.conf
rules invisible v1 v2 v3 >invisible.conf
jobs=1
make() { # rules, session, more
	c=$1 o=$2
	shift 2
	"$lab" provision -j $jobs -c "$c" -o "$o" -k lab.key "$@" router=r \
	    sw=t.tgz
}
# Ended by SIGKILL at that call, or not at all when there are fewer.
killed() { # call, rules, session, more
	at=$1
	shift
	(
		KILL_PROGRAM=vitrine-lab KILL_AT=$at KILL_COUNT=$work/count
		LD_PRELOAD=$build/tests/faults/kill.so
		ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0
		export KILL_PROGRAM KILL_AT KILL_COUNT LD_PRELOAD ASAN_OPTIONS
		make "$@"
	) >said 2>&1
	ended=$?
	[ $ended = 0 ] || [ $ended = 137 ]
}

# Points: the first and the last calls one by one, and some between.
choose() { # number of calls
	if [ "$points" = all ]; then
		seq "$1"
	else
		{
			seq 3
			seq $(($1 - 3)) "$1"
			i=1
			while [ $i -le "$points" ]; do
				echo $((1 + $1 * i / (points + 1)))
				i=$((i + 1))
			done
		} | sort -nu
	fi
}

same() { # name of the rules, the session of a whole run, more
	kind=$1 fresh=$2
	shift 2
	rm -rf count whole-$kind
	killed 0 $kind.conf whole-$kind "$@" || { cat said; return 1; }
	calls=$(cat count)
	[ "$calls" -gt 60 ] || { echo "only $calls calls"; return 1; }
	diff -r $fresh whole-$kind || return 1
	deaths=0
	for at in $(choose "$calls"); do
		rm -rf part part.import
		killed "$at" $kind.conf part "$@" ||
		    { echo "at $at of $calls:"; cat said; return 1; }
		[ $ended = 137 ] && deaths=$((deaths + 1))
		# What a dead run left is no session.
		[ $ended = 0 ] || [ ! -e part/manifest ] ||
		    [ -e part/begun ] || "$lab" verify -p lab.pub part >said 2>&1 ||
		    { echo "half a session at $at:"; cat said; return 1; }
		# The second run dies, too, somewhere else.
		done=part/manifest
		[ -e $done ] && [ ! -e part/begun ] ||
		    killed $((1 + at * 5 % calls)) $kind.conf part "$@" ||
		    { echo "second, at $at:"; cat said; return 1; }
		[ -e $done ] && [ ! -e part/begun ] || make $kind.conf part "$@" >said 2>&1 ||
		    { echo "third, at $at:"; cat said; return 1; }
		diff -r $fresh part ||
		    { echo "other bytes after $at of $calls"; return 1; }
	done
	[ "$deaths" -ge 10 ] || { echo "only $deaths were killed"; return 1; }
	echo "# $kind, $jobs at once: killed at $deaths of $calls calls" >>counts
}

beside() { # as same, but several parts at once
	jobs=3
	same "$@"
	failed=$?
	jobs=1
	return $failed
}

# What has its name is whole: the run that goes on lets it lie as it is.
finished() {
	ls -i part/text/* part/repo.git/objects/pack/* |
	    grep -v -e '\.new$' -e '/prints\.[0-9]*$'
}
kept() {
	rm -rf count part whole-kept
	killed 0 named.conf whole-kept || { cat said; return 1; }
	calls=$(cat count) most=0
	for at in $(seq $((calls / 2)) 11 "$calls"); do
		rm -rf part
		killed "$at" named.conf part || { cat said; return 1; }
		[ $ended = 137 ] && finished >before.list 2>/dev/null || continue
		make named.conf part >said 2>&1 || { cat said; return 1; }
		finished >after.list
		# A pack or an index alone is no pack.
		grep -v 'pack-' before.list | while read -r line; do
			grep -qxF "$line" after.list || { echo "lost: $line"; exit 1; }
		done || return 1
		same=$(grep -cxFf before.list after.list)
		[ "$same" -gt $most ] && most=$same
	done
	[ $most -ge 7 ] || { echo "at most $most files were kept"; return 1; }
}

# One of several that dies takes the others with it: nobody has the lock of
# the folder any more, which all of them had.
one_dies() {
	jobs=3 parts=0
	rm -rf part whole-one count
	killed 0 named.conf whole-one || { cat said; return 1; }
	calls=$(cat count)
	for at in $(seq 20 11 "$calls"); do
		rm -rf part part.import
		export KILL_PART=1
		killed "$at" named.conf part
		unset KILL_PART
		[ $ended = 0 ] || [ $ended = 137 ] && continue
		[ $ended = 5 ] || { echo "status $ended"; cat said; return 1; }
		grep -q '^vitrine-lab: [a-z ]*: the process that did it was killed' \
		    said || { cat said; return 1; }
		[ "$(grep -c . said)" = 1 ] || { cat said; return 1; }
		# A parser that a part had just forked ends a moment later.
		flock -w 60 part true || { echo 'one is left'; return 1; }
		[ ! -e part/manifest ] || { echo 'a manifest'; return 1; }
		make named.conf part >said 2>&1 || { cat said; return 1; }
		diff -r fresh-named part || return 1
		parts=$((parts + 1))
	done
	jobs=1
	[ $parts -ge 5 ] || { echo "only $parts parts died"; return 1; }
}

# Not even the same run twice at once.
taken() {
	rm -rf part && mkdir part && killed 30 named.conf part
	[ $ended = 137 ] || return 1
	if flock part "$lab" provision -c named.conf -o part -k lab.key \
	    router=r sw=t.tgz >said 2>&1; then
		echo 'made twice'
		return 1
	fi
	grep -q 'part: another process is at work there' said ||
	    { cat said; return 1; }
	make named.conf part >said 2>&1 && diff -r fresh-named part
}

whole() {
	make before.conf before && make named.conf fresh-named &&
	    make invisible.conf fresh-invisible &&
	    make named.conf fresh-after -b before
}
claim 'sessions that nobody interrupts' whole
claim 'killed anywhere and taken up, it has the same bytes' same named fresh-named
claim 'also where commits are made again without names' same invisible fresh-invisible
claim 'also beside an earlier session' same named \
    fresh-after -b before
claim 'and with three parts at once' beside named fresh-named
claim 'what was finished is not made again' kept
claim 'a part that dies ends the run, and nothing is left of it' one_dies
claim 'a folder in which another run works is let be' taken
claim 'what was imported is gone in the end' sh -c '! ls -d *.import 2>/dev/null'

cat counts
echo "1..$n"
exit $status
