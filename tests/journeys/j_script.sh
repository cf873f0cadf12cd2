#!/bin/sh
# vitrine --search: the same lines as git grep, exit status, escapes on a
# terminal, and the ways in that are shut.
. "$(dirname "$0")/lib.sh"
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL

# A repository with what scripts stumble over.
tree=$work/tree
git init -q --template= -b main "$tree"
mkdir -p "$tree/src/deep" "$tree/doc"
printf 'int main(void)\n{\n\treturn needle;\n}\n' >"$tree/src/main.c"
cp "$tree/src/main.c" "$tree/src/deep/same.c"
printf 'Needle\r\nneedles\r\nno newline: needle' >"$tree/doc/crlf.md"
printf 'a\0needle\0b\n' >"$tree/src/nul.c"
printf 'needle \033[2Jred\n' >"$tree/src/escape.c"
printf 'x needle\n' >"$tree/$(printf 'src/line\nfeed.c')"
printf '内存 needle 内\n' >"$tree/doc/utf8.md"
{
	printf 'short\n'
	head -c 150000 /dev/zero | tr '\0' y
	printf 'needle'
	head -c 150000 /dev/zero | tr '\0' z
	printf '\nneedle (after)\n'
} >"$tree/src/long.c"
i=0
while [ $i -lt 3000 ]; do
	echo "line $i needle of many, so that it takes more than one message"
	i=$((i + 1))
done >"$tree/src/many.c"
git -C "$tree" add -A
git -C "$tree" -c user.name=a -c user.email=a@b commit -q -m one
git -C "$tree" tag first
echo 'needle in another revision' >"$tree/src/other.c"
git -C "$tree" add -A
git -C "$tree" -c user.name=a -c user.email=a@b commit -q -m two

ours() { # status wanted, then arguments: lines to $work/ours
	want=$1
	shift
	timeout 60 "$bin/vitrine" "$@" >"$work/ours" 2>"$work/said"
	got=$?
	[ $got = "$want" ] || echo "# status $got, not $want: $*" >>"$work/said"
	[ $got = "$want" ]
}
# Sorted, without the revision; a line feed in a name as we write it.
same() {
	cut -d: -f2- "$work/ours" | sort >"$work/ours.sorted"
	sed 's/"src\/line\\nfeed.c"/src\/line<0a>feed.c/' "$work/theirs" |
	    cut -d: -f2- | sort >"$work/theirs.sorted"
	[ -s "$work/theirs.sorted" ] &&
	    cmp "$work/ours.sorted" "$work/theirs.sorted" >>"$work/said" 2>&1
}
grep_too() {
	git -C "$tree" grep -a -n "$@" >"$work/theirs"
}

claim() { # claim, pattern, options of both
	text=$1 pattern=$2
	shift 2
	grep_too -P "$@" -e "$pattern" HEAD
	ours 0 --search "$pattern" "$@" "$tree" && same &&
	    grep -q '^COMPLETE .* 0 skipped' "$work/said"
	result $? "$text" "$work/said"
}
claim 'the lines of git grep -P' needle
claim 'and of any other pattern' '^\s*(return|x) \w+'
claim 'in either case' NEEDLE -i
claim 'as a word' needle -w
claim 'a line of 300 kB is whole' 'y{20}needlez{20}'
grep_too -F -e '(after)' HEAD
ours 0 --search '(after)' -F "$tree" && same
result $? 'a literal text' "$work/said"
grep_too -P -e needle HEAD -- '*.c' ':!src/deep'
ours 0 --search needle '*.c' '!src/deep/*' "$tree" && same
result $? 'in some files only' "$work/said"
grep_too -P -e needle first
ours 0 --search needle --rev first "$tree" && same &&
    [ "$(cut -d: -f1 "$work/ours" | sort -u)" = first ]
result $? 'in another revision, by its name' "$work/said"
grep_too -P -e 'no such text' HEAD
ours 0 --search needle "$tree" && ! same
result $? 'control: lines that differ are seen to differ'

lines=$(git -C "$tree" grep -a -h -e needle HEAD | wc -l)
ours 0 --search needle --count "$tree" && [ "$(cat "$work/ours")" = "$lines" ]
result $? "a count: $lines" "$work/said"
ours 1 --search 'no such text' "$tree" && [ ! -s "$work/ours" ] &&
    grep -q '^COMPLETE' "$work/said"
result $? 'nothing is status 1 and COMPLETE' "$work/said"
ours 1 --search 'no such text' --count "$tree" && [ "$(cat "$work/ours")" = 0 ]
result $? 'a count of nothing is 0 and status 1' "$work/said"

one_line() {
	[ "$(grep -c '^vitrine: ' "$work/said")" = 1 ] &&
	    [ "$(wc -l <"$work/said")" = 1 ] && [ ! -s "$work/ours" ]
}
ours 3 --search '(' "$tree" && one_line
result $? 'a pattern that is none is status 3, in one line' "$work/said"
ours 3 --search needle --rev nosuch "$tree" && one_line
result $? 'an unknown revision is status 3, in one line' "$work/said"
ours 2 --search needle && one_line
result $? 'no repository is status 2, in one line' "$work/said"
ours 2 --count "$tree" && one_line
result $? 'options of a search want a search' "$work/said"

# An object that is not there: what is known is printed, and PARTIAL said.
cp -R "$tree" "$work/hurt"
blob=$(git -C "$work/hurt" rev-parse HEAD:src/many.c)
rm -f "$work/hurt/.git/objects/$(echo "$blob" | cut -c1-2)/$(echo "$blob" |
    cut -c3-)"
ours 3 --search needle "$work/hurt" && grep -q 'src/main.c:3:' "$work/ours" &&
    grep -q PARTIAL "$work/said" && grep -q 'src/many.c' "$work/said"
result $? 'a missing file is named, PARTIAL, status 3' "$work/said"

# A terminal: what it would obey is shown; elsewhere bytes stay bytes.
ours 0 --search 'needle .*red' "$tree" &&
    grep -q "$(printf '\033')\[2Jred" "$work/ours"
result $? 'into a pipe bytes stay bytes' "$work/said"
cat >"$work/terminal.play" <<END
claim on a terminal an escape is <1b>
start $bin/vitrine --search 'needle (.*red|内)' $tree
exit 0
expect needle <1b>[2Jred
expect 内存 needle 内
save $work/screen
END
"$build/tests/journeys/play" "$work/terminal.play" || status=1

if [ -w /dev/full ]; then
	timeout 60 "$bin/vitrine" --search needle "$tree" >/dev/full \
	    2>"$work/said"
	[ $? = 5 ] && grep -q '^vitrine: ' "$work/said"
	result $? 'output that cannot be written is status 5' "$work/said"
fi
timeout 60 "$bin/vitrine" --search needle "$tree" 2>/dev/null | head -n 1 |
    grep -q needle
result $? 'a reader that leaves early gets its line'

# Nothing is kept, and nobody in a locked session gets here.
[ ! -e "$VITRINE_DATA" ]
result $? 'no folder for notes is made'
make_session
ours 0 --search '\bmemcpy\b' "$work/demo/session"
result $? 'a session is searched, every release' "$work/said"
releases=$(cut -d: -f1 "$work/ours" | sort -u | tr '\n' ' ')
[ "$releases" = 'v4.0 v4.1 ' ]
result $? "its releases are named: $releases" "$work/ours"
for release in v4.0 v4.1; do
	git --git-dir="$work/demo/repo.git" grep -a -n -P -e '\bmemcpy\b' \
	    $release -- ':!firmware' >"$work/theirs"
	ours 0 --search '\bmemcpy\b' --rev $release "$work/demo/session" && same
	result $? "the lines of git grep in $release of a session" "$work/said"
done
# Verified once: kept when its files are not too new to tell a change.
tries=0
until [ -d "$VITRINE_DATA/verified" ] || [ $tries = 60 ]; do
	sleep 1
	tries=$((tries + 1))
	ours 0 --search '\bmemcpy\b' "$work/demo/session"
done
[ -d "$VITRINE_DATA/verified" ]
result $? 'that a session was verified is kept'
cp "$work/ours" "$work/theirs"
ours 0 --search '\bmemcpy\b' "$work/demo/session" && same
result $? 'and goes for the next search' "$work/said"
# Counted in the searchers, without a line of them being sent.
for p in memcpy '\bint\b' 'mem(cpy|set)' 'return [^;]*;' '.'; do
	ours 0 --search "$p" "$work/demo/session"
	lines=$(wc -l <"$work/ours") all=$(cat "$work/said")
	ours 0 --search "$p" --count "$work/demo/session" &&
	    [ "$(cat "$work/ours")" = "$lines" ] && [ "$lines" -gt 10 ] &&
	    [ "$(cat "$work/said")" = "$all" ]
	result $? "a count of a session: $lines of $p" "$work/said"
done
store=$work/demo/session/text/store
touch -r "$store" "$work/then"
chmod u+w "$store"
printf x | dd of="$store" bs=1 seek=5000 conv=notrunc 2>/dev/null
touch -r "$work/then" "$store"
ours 4 --search '\bmemcpy\b' "$work/demo/session" && one_line &&
    grep -q 'text/store was changed' "$work/said"
result $? 'but not for a byte changed since, whatever its time says' \
    "$work/said"
ours 2 --session --wipe --search memcpy -- "$work/demo/session" && one_line &&
    grep -q 'locked session' "$work/said"
result $? 'what the kiosk says is refused with --search' "$work/said"
echo "1..$n"
exit $status
