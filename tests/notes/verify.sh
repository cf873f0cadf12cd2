#!/bin/sh
# vitrine-report verify: citations of a report held against the source, made
# here with git and sha256sum alone, so that what a code is does not rest on
# our own word.
set -u
. tests/tap.sh
said=out
report=$PWD/${BUILD:-build}/bin/vitrine-report
vitrine=$PWD/${BUILD:-build}/bin/vitrine
for tool in git sha256sum od; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a
GIT_COMMITTER_EMAIL=a
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_AUTHOR_NAME \
    GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
# The search for leaks traces its own process, which no wall allows.
export ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1"

verifies() { # exit status, words, claim; the report is r.txt
	"$report" verify r.txt repo >out 2>&1
	came=$?
	[ $came = "$1" ] && grep -q -- "$2" out
	result $? "$3: exit status $1"
}
raw() { # hex to bytes
	for byte in $(echo "$1" | sed 's/../& /g'); do
		printf "\\$(printf %o "0x$byte")"
	done
}

git init -q -b main repo
seq -f 'line %g' 200 >repo/a.c
mkdir -p repo/a/long/folder/with/a/name/that/does/not/fit/into/one/line
long=a/long/folder/with/a/name/that/does/not/fit/into/one/line/of_a_report.c
seq -f 'other %g' 50 >repo/$long
git -C repo add . && git -C repo commit -q -m one && git -C repo tag v1
sed -i '1i a new line' repo/a.c
git -C repo commit -q -a -m two && git -C repo tag v2

cite() { # revision, path, first, last
	blob=$(git -C repo rev-parse "$1:$2")
	region=$(git -C repo show "$1:$2" | sed -n "$3,$4p" | sha256sum |
	    cut -d' ' -f1)
	code=$({ printf vitrine/code/1; raw "$blob"; raw "$region"; } |
	    sha256sum | cut -c 1-16)
	echo "V2 c=$(git -C repo rev-parse "$1" | cut -c 1-12)" \
	    "L$3-$4 k=$code p=$2"
}
own() { # the same in the room's form
	echo "V1 c=$(git -C repo rev-parse "$1" | cut -c 1-12)" \
	    "b=$(git -C repo rev-parse "$1:$2" | cut -c 1-12) L$3-$4" \
	    "h=$(git -C repo show "$1:$2" | sed -n "$3,$4p" | sha256sum |
		cut -c 1-16) p=$2"
}

one=$(cite v1 a.c 40 44)
printf 'See %s\nand\n  %s\n' "$one" "$(own v2 a.c 7 7)" >r.txt
verifies 0 '2 citations: 2 hold' 'both forms hold'
echo "$one" | sed 's/L40-44/L90-94/' >r.txt
verifies 1 'moved .*now L40-44' 'lines that are somewhere else'
own v1 a.c 40 44 | sed "s/c=[0-9a-f]*/c=$(git -C repo rev-parse v2 |
    cut -c 1-12)/" >r.txt
verifies 1 'moved .*now L41-45' 'lines that a release moved'
echo "$one" | sed 's/c=[0-9a-f]*/c=ffffffffffff/' >r.txt
verifies 1 'moved .*now L40-44 in v1' 'a commit that is not here'
echo "$one" | sed 's/a\.c/b.c/' >r.txt
verifies 1 'broken .*no such file' 'a file that is not there'
echo "$one" | sed 's/k=./k=z/' >r.txt
verifies 1 'broken .*not written' 'a code that is none'
echo "$one" | sed 's/k=[0-9a-f]*/k=0123456789abcdef/' >r.txt
verifies 1 'broken .*no lines of the file' 'a code of nothing'
echo 'no citation' >r.txt
verifies 1 '0 citations' 'a report without one'

# Typed from paper: capitals, letters for digits, line breaks, a long path.
echo "$one" | tr a-z A-Z | sed 's/A\.C/a.c/; s/0/O/g; s/=/ = /g' |
    fold -s -w 20 | sed 's/^/    /' >r.txt
verifies 0 '1 hold' 'one that was typed from paper'
cite v1 $long 3 9 | fold -w 60 | sed 's/^/    /' >r.txt
echo 'By: Alice' >>r.txt
verifies 0 '1 hold' 'a path that was broken over lines'
echo "It stands in $one." >r.txt
verifies 0 '1 hold' 'one at the end of a sentence'
printf '<!DOCTYPE html>\n<p><code>%s</code></p>\n' "$one" >r.txt
verifies 0 '1 hold' 'one in a page'

echo "$one" | sed 's/k=./k=0/; s/a\.c/b.c/' >bad.txt
case $(readelf -dW "$vitrine") in
*asan*) # which starts it with an empty environment
	skips 'the search for leaks cannot be switched off there' \
	    'vitrine --verify says the same: exit status 0' \
	    'and of one that is broken: exit status 1'
	;;
*)
	"$vitrine" --verify r.txt repo >out 2>&1
	[ $? = 0 ] && grep -q '1 hold' out
	result $? 'vitrine --verify says the same: exit status 0'
	"$vitrine" --verify bad.txt repo >out 2>&1
	[ $? = 1 ] && grep -q broken out
	result $? 'and of one that is broken: exit status 1'
	;;
esac
# The walls, as the kernel is asked for them; no other command asks.
if strace -o trace true 2>/dev/null; then
	strace -f -o trace -e trace=openat,seccomp,landlock_restrict_self \
	    "$report" verify r.txt repo >out 2>&1 &&
	    awk '/seccomp\(SECCOMP_SET_MODE_FILTER/ { shut = 1 }
		/openat.*objects/ { shut ? inside++ : early++ }
		END { exit !(shut && inside && !early) }' trace
	result $? 'no object is read before the walls are shut'
	strace -f -o trace -e trace=seccomp "$report" steps >out 2>&1
	! grep -q SECCOMP_SET_MODE_FILTER trace
	result $? 'which a command without walls does not do'
else
	skips 'strace does not run here' \
	    'no object is read before the walls are shut' \
	    'which a command without walls does not do'
fi
"$vitrine" --verify r.txt >out 2>&1
[ $? = 2 ]
result $? 'vitrine --verify without a session: exit status 2'
"$report" verify r.txt nowhere >out 2>&1
[ $? = 3 ] && [ "$(wc -l <out)" = 1 ]
result $? 'a session that is not there: exit status 3'
"$report" verify r.txt >out 2>&1
[ $? = 2 ]
result $? 'half a call: exit status 2'
echo "1..$n"
exit $status
