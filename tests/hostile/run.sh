#!/bin/sh
# The whole program over repositories that mean harm: nothing crashes, hangs,
# is hidden or obeyed, and nothing reaches the terminal as it is.  TAP.
#
# make hostile         under the sanitizers
# BIG=1                sizes as an attacker would choose them; takes an hour
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
build=${BUILD:-build}
bin=$PWD/$build/bin
play=$build/tests/journeys/play
make_hostile=$build/tests/hostile/hostile
for need in "$bin/vitrine" "$play" "$make_hostile"; do
	[ -x "$need" ] || { echo "$need is not built"; exit 77; }
done
work=$(mktemp -d)
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset VITRINE_STATION NO_COLOR
export VITRINE_DATA="$work/data" LC_ALL=C.UTF-8
# The search for leaks traces its own process, which no wall allows.
export ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1"
budget=${BUDGET:-120} # seconds for one command: more is hanging

# Ends by itself with a documented status, one line when there is an error,
# nothing from a sanitizer.
ends_well() { # NAME COMMAND...
	name=$1
	shift
	timeout -k 5 "$budget" "$@" >"$work/out" 2>"$work/said" </dev/null
	rc=$?
	case $rc in
	[0-6]) good=0 ;;
	*) good=1 ;;
	esac
	if grep -qE 'Sanitizer|runtime error' "$work/said" "$work/out"; then
		good=1
	fi
	[ "$(grep -c '^vitrine[a-z-]*: ' "$work/said")" -le 1 ] || good=1
	echo "exit status $rc" >>"$work/said"
	[ $good = 0 ]
}

"$make_hostile" "$work/h" ${BIG:+big} >"$work/said" 2>&1
result $? "the repositories are made" "$work/said"
"$make_hostile" "$work/again" ${BIG:+big} >"$work/said" 2>&1
sums() {
	(cd "$1" && find . -type f ! -path './contents/*' -exec sha256sum {} + |
	    sort | sha256sum
	cd "$1/contents" && find objects/?? refs -type f \
	    -exec sha256sum {} + | sort | sha256sum)
}
[ "$(sums "$work/h")" = "$(sums "$work/again")" ]
result $? "they are the same each time"
rm -rf "$work/again"
hostile=$work/h

# One word in each file that something tries to hide.
ends_well contents "$bin/vitrine" --search 'MARK_[0-9]+' "$hostile/contents"
cut -d: -f2 "$work/out" | sort -u >"$work/found"
sort "$hostile/marks" | cmp -s - "$work/found"
result $? "every word that something hides is found: $(grep -c . \
    "$hostile/marks") files" "$work/said"
head -n -1 "$hostile/marks" | sort | cmp -s - "$work/found"
[ $? != 0 ]
result $? "a file fewer would have been noticed"

for repo in "$hostile"/names "$hostile"/bombs "$hostile"/wrong/*; do
	ends_well x "$bin/vitrine" --search 'MARK_[A-Z0-9]+|victim' "$repo"
	result $? "${repo##*/}: a search ends and says what it could not read" \
	    "$work/said"
done
for rev in parents message tree-deep tree-wide tree-bomb; do
	ends_well x "$bin/vitrine" --rev $rev --search MARK_ "$hostile/bombs"
	result $? "bombs, $rev: a search ends" "$work/said"
done
while read -r pattern; do
	ends_well x "$bin/vitrine" --search "$pattern" shape-long-line.c \
	    "$hostile/contents"
	result $? "the pattern $pattern ends" "$work/said"
done <<'PATTERNS'
(a+)+$
(x+x+)+y
(a|aa)+$
^(([a-z])+.)+[A-Z]([a-z])+$
(?:(?:(?:(?:a*)*)*)*)*b
(\w+\s*)*;
((((((((((a{1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9}){1,9})))
a{65535}
(?R)
(?1)(?<n>a|\g<n>b)
\C
(?=a*)*b
[[:alpha:
(?<=a{1,255})b
\p{Lu}+\p{Ll}*\X
(?C1)a
(*LIMIT_MATCH=99999999)(a+)+$
(*NO_JIT)(a+)+$
(?#
.*.*.*.*.*.*.*x
PATTERNS

# A session of it: made, verified, opened, searched.
provision() { # NAME REPO RELEASE...
	name=$1 repo=$2
	shift 2
	releases=
	for r in "$@"; do
		releases="${releases}release \"$r\" { revision = \"$r\" status = \"production\" }\\n"
	done
	sed -e "s|RELEASES|$releases|" \
	    -e "s|^scope { |&withheld = \"${held:-named}\" |" tests/hostile/session.conf \
	    >"$work/$name.conf"
	ends_well x "$bin/vitrine-lab" provision -c "$work/$name.conf" \
	    -o "$work/sessions/$name" "$repo"
}
mkdir -p "$work/sessions" "$work/data/trusted"
provision contents "$hostile/contents" v1 v2 &&
    [ -d "$work/sessions/contents" ]
result $? "a session is made of the contents" "$work/said"
cp "$work/sessions/contents.pub" "$work/data/trusted/" 2>/dev/null
ends_well x "$bin/vitrine" --rev v2 --search 'MARK_[0-9]+' \
    "$work/sessions/contents"
cut -d: -f2 "$work/out" | sort -u >"$work/found"
sort "$hostile/marks" | cmp -s - "$work/found"
result $? "every word is found in the session, too" "$work/said"
provision names "$hostile/names" odd
result $? "a session of odd names ends well" "$work/said"
for rev in parents message tree-deep tree-wide; do
	provision "bomb-$rev" "$hostile/bombs" $rev
	result $? "a session of bombs, $rev, ends well" "$work/said"
done
# In an older commit, which nobody looks at, with names and without.
for held in named invisible; do
	provision "old-bomb-$held" "$hostile/bombs" old-bomb
	[ "$rc" = 3 ] && grep -q 'unfold to millions of files' "$work/said"
	result $? "a bomb in an older commit is refused, $held" "$work/said"
	provision "old-folders-$held" "$hostile/bombs" old-folders
	[ "$rc" = 0 ]
	result $? "and its control, folders that are only many, $held" \
	    "$work/said"
done
held=
for repo in "$hostile"/wrong/*; do
	provision "wrong-${repo##*/}" "$repo" main
	result $? "${repo##*/}: a session is made, or refused in a line" \
	    "$work/said"
	case $repo in
	*/pack-good)
		[ $rc = 0 ]
		result $? "and this one is made: the control of the others"
		;;
	*/blob-forged | */pack-flipped | */delta-cycle | */loose-longer)
		[ $rc != 0 ]
		result $? "${repo##*/} is refused" "$work/said"
		;;
	esac
done
[ ! -e "$hostile/canary" ]
result $? "nothing that configuration, hooks or filters say was done"
echo "1..$n"

# On the screen.  Each file is opened, read to its end, its hazards visited,
# and blamed.
{
	echo 'claim each file is opened, read to its end and blamed'
	echo 'start {VITRINE} --data {DATA} {REPO}'
	echo 'expect@-1 READING ROOM'
	while read -r name; do
		echo "type :file $name"
		echo 'keys <Enter>'
		echo "expect@1 $name"
		echo 'keys ] z G <PgUp> $ 0 g g b'
		echo 'expect@1 BLAME'
		echo 'keys q q'
	done <"$hostile/marks"
	echo 'signal TERM'
	echo 'exit 1'
	echo 'restored'
} >"$work/files.play"
{
	echo 'claim every odd name is listed and opened'
	echo 'start {VITRINE} --data {DATA} {REPO}'
	echo 'expect@-1 READING ROOM'
	echo 'keys t'
	echo 'expect file.c'
	echo 'expect cafe'
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
		echo 'keys <Enter>'
		echo 'expect MARK_100'
		echo 'keys q j'
		echo 'expect file.c'
	done
	echo 'keys @'
	echo 'expect odd'
	echo 'signal TERM'
	echo 'exit 1'
} >"$work/names.play"
{
	for rev in parents message tree-deep tree-wide tree-bomb; do
		echo "claim $rev: opened, browsed, left"
		echo "start {VITRINE} --data {DATA} --rev $rev {REPO}"
		echo 'expect@-1 READING ROOM'
		echo 'keys t'
		echo 'expect f0'
		echo 'keys g L'
		echo 'expect@-1 READING ROOM'
		echo 'keys d'
		echo 'expect@-1 READING ROOM'
		echo 'keys g h'
		echo 'expect@-1 READING ROOM'
		echo 'keys <Esc> f'
		echo 'type f0'
		echo 'expect@-1 READING ROOM'
		echo 'signal TERM'
		echo 'exit 1'
		echo 'restored'
	done
} >"$work/bombs.play"
{
	for repo in "$hostile"/wrong/*; do
		echo "claim ${repo##*/}: opened or refused, never in the dark"
		echo "start {VITRINE} --data {DATA} $repo"
		echo 'either READING ROOM | vitrine: '
		echo 'offer t'
		echo 'offer :file victim.c'
		echo 'close 1 3'
	done
} >"$work/wrong.play"
"$play" "$work/files.play" VITRINE="$bin/vitrine" DATA="$work/data" \
    REPO="$hostile/contents" || status=1
"$play" tests/hostile/views.play VITRINE="$bin/vitrine" DATA="$work/data" \
    REPO="$hostile/contents" || status=1
"$play" "$work/names.play" VITRINE="$bin/vitrine" DATA="$work/data" \
    REPO="$hostile/names" || status=1
"$play" "$work/bombs.play" VITRINE="$bin/vitrine" DATA="$work/data" \
    REPO="$hostile/bombs" || status=1
"$play" "$work/wrong.play" VITRINE="$bin/vitrine" DATA="$work/data" || status=1
exit $status
