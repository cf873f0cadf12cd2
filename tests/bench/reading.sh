#!/bin/sh
# Reading beside tig, less, vim and git, in turns, on the same machine.
#
# make bench READING=path OLD=rev    a git repository with history; OLD for
#                                    the far comparison, otherwise its root
#
# BUILD, ROUNDS (5), FILE: a file with a long history for blame.
# A peer that is not installed is left out.  Nothing here is a test.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build} rounds=${ROUNDS:-5}
[ -n "${READING:-}" ] || exit 0
repo=$(cd "$READING" && git rev-parse --absolute-git-dir) || exit 2
old=${OLD:-$(git --git-dir="$repo" rev-list --max-parents=0 HEAD | tail -n 1)}
file=${FILE:-$(git --git-dir="$repo" ls-tree -r --name-only HEAD |
    grep -E '\.(c|h)$' | head -n 1)}
play=$PWD/$build/tests/journeys/play
vitrine=$PWD/$build/bin/vitrine
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export VITRINE_DATA="$work/data" LC_ALL=C.UTF-8 LESSHISTFILE=- \
    GIT_CONFIG_NOSYSTEM=1
make -s "$build/tests/journeys/play" BUILD="$build" || exit 2

# What no real repository has, in one of its own.
mkdir "$work/made"
cd "$work/made" || exit 2
git init -q -b main .
awk 'BEGIN { for (i = 0; i < 1000000; i++)
    printf "\tvalue_%d = compute(%d); /* %d */\n", i, i * 7 % 1000, i }' \
    >million.c
awk 'BEGIN { for (i = 0; i < 460000; i++) printf "word%06d ", i }' >line.txt
mkdir many
awk 'BEGIN { for (i = 0; i < 60000; i++)
    { f = sprintf("many/f%05d", i); print i > f; close(f) } }'
git add -A
git -c user.name=a -c user.email=a@b commit -qm made
git repack -adq
cd "$OLDPWD" || exit 2

lap() { # name, then lines of a play
	name=$1
	shift
	printf '%s\n' "claim $name" "$@" >"$work/play"
	"$play" "$work/play" >"$work/lap" 2>&1
	if [ "$name" = v ]; then
		cat "$work/lap" >>"$work/out"
	else # what a peer writes to the terminal is its own affair
		grep '^# lap' "$work/lap" >>"$work/out"
	fi
}
median() {
	sed -n "s/^# lap $1 //p" "$work/out" | sort -n | awk '{ at[NR] = $1 }
	END { if (NR == 0) print "-"; else print at[int((NR + 1) / 2)] }'
}
row() { # what, ours, then "peer lap" pairs
	printf '%-38s vitrine %9s' "$1" "$(median "$2")"
	shift 2
	while [ $# -gt 0 ]; do
		printf '  %s %9s' "$1" "$(median "$2")"
		shift 2
	done
	printf '\n'
}
timed() { # name, command: milliseconds until it ended
	name=$1
	shift
	begin=$(date +%s%N)
	"$@" >/dev/null 2>&1
	end=$(date +%s%N)
	echo "# lap $name $(((end - begin) / 1000000))" >>"$work/out"
}

for i in $(seq "$rounds"); do
	lap v "start $vitrine $work/made" 'expect made' \
	    'type :file million.c' 'keys <Enter>' 'expect value_0 =' \
	    'lap v_million' 'keys G' 'expect value_999999' 'lap v_million_end' \
	    'keys k' 'expect L999999/' 'lap v_million_key' \
	    'type :file line.txt' 'keys <Enter>' 'expect word000001' \
	    'lap v_line' 'keys $' 'expect word459999' 'lap v_line_end' \
	    'keys h' 'expect c5059999' 'lap v_line_key' \
	    'type :tree many' 'keys <Enter>' 'expect f00001' 'lap v_many' \
	    'keys G' 'expect f59999' 'lap v_many_end' 'keys Q' 'exit 0'
	command -v less >/dev/null && lap less \
	    "start less $work/made/million.c" 'expect value_0 =' \
	    'lap less_million' 'keys G' 'expect value_999999' \
	    'lap less_million_end' 'keys q'
	command -v vim >/dev/null && lap vim \
	    "start vim -u NONE -N $work/made/million.c" 'expect value_0 =' \
	    'lap vim_million' 'keys G' 'expect value_999999' \
	    'lap vim_million_end' 'type :q!' 'keys <Enter>'
	command -v vim >/dev/null && lap vim \
	    "start vim -u NONE -N --cmd 'set nowrap' $work/made/line.txt" \
	    'expect word000001' 'lap vim_line' 'keys $' 'expect word459999' \
	    'lap vim_line_end' 'type :q!' 'keys <Enter>'
	subject=$(git --git-dir="$repo" log -1 --format=%s HEAD | cut -c1-16)
	lap v "start $vitrine $repo" "expect $subject" 'lap v_start' \
	    'keys g L' "expect $subject" 'lap v_log' "type :diff-with $old" \
	    'keys <Enter>' 'expect files changed' 'gone 0 files changed' \
	    'lap v_diff_first' 'gone Esc stops' 'lap v_diff' 'keys q' "type :blame $file" \
	    'keys <Enter>' 'expect BLAME' 'lap v_blame_first' 'expect 100%' \
	    'lap v_blame' 'keys Q' 'exit 0'
	command -v tig >/dev/null && (cd "$repo" && GIT_DIR=$repo lap tig \
	    'start tig' "expect $subject" 'lap tig_log' 'keys q')
	timed git_diff git --git-dir="$repo" diff --stat "$old" HEAD
	timed git_blame git --git-dir="$repo" blame HEAD -- "$file"
	timed git_log git --git-dir="$repo" log --oneline HEAD
done
echo "milliseconds, medians of $rounds; load $(cut -d' ' -f1 /proc/loadavg)"
row 'million lines: first screen' v_million less less_million vim vim_million
row '  its last line' v_million_end less less_million_end vim vim_million_end
row '  a key there' v_million_key
row 'a line of 5 MB: first screen' v_line vim vim_line
row '  its end' v_line_end vim vim_line_end
row '  a key there' v_line_key
row '60000 entries: first screen' v_many
row '  the last' v_many_end
echo "$repo: $(git --git-dir="$repo" rev-list --count HEAD) commits," \
    "$(git --git-dir="$repo" ls-tree -r HEAD | wc -l) files"
row 'first screen' v_start tig tig_log
row 'log: first screen (git: all of it)' v_log git git_log
row "compare $(echo "$old" | cut -c1-10): first rows" v_diff_first
row '  with all counts (git diff --stat)' v_diff git git_diff
row "blame $file: first screen" v_blame_first
row '  complete' v_blame git git_blame
grep '^not ok' "$work/out" | sort | uniq -c
exit 0
