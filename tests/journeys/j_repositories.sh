#!/bin/sh
# The same journey through different repositories: the demonstration's, a
# series of real releases, this project's own; REPO=path: that one alone.
. "$(dirname "$0")/lib.sh"

# Something to look at, chosen from whatever is there: a file of source with
# some length, lines of it to quote, a word to look for.
choose() { # git directory, revision; sets file from quote word files how
	file=$(git --git-dir="$1" ls-tree -r -l "$2" | awk -F '\t' '
		$2 ~ /^[A-Za-z0-9_.\/-]+\.(c|h|cc|cpp|cxx|py|js|go|java|rs|ts)$/ {
			split($1, a, " ")
			if (a[2] == "blob" && a[4] < 80000 && a[4] > most) {
				most = a[4]
				name = $2
			}
		}
		END { print name }')
	[ -n "$file" ] || return 1
	git --git-dir="$1" show "$2:$file" >"$work/file"
	from=$(($(wc -l <"$work/file") / 3 + 1))
	quote=$(tail -n +$from "$work/file" | head -n 40 |
	    tr -cs '!-z|~' ' ' | cut -c1-1200)
	word=$(printf '%s' "$quote" | tr -cs 'A-Za-z0-9_' '\n' |
	    awk 'length > length(w) && /^[A-Za-z]/ && length < 40 { w = $0 }
	    END { print w }')
	files=$(git --git-dir="$1" grep -laF -e "$word" "$2" \
	    2>"$work/unread" | wc -l)
	# What git cannot read, a search may not call complete.
	how=COMPLETE
	[ ! -s "$work/unread" ] || how=PARTIAL
	[ "$files" = 1 ] && files='1 file' || files="$files files"
}

journey() { # name, git directory, older, newer
	if ! choose "$2" "$4"; then
		echo "ok 1 - $1: the journey # SKIP no source file in it"
		echo 1..1
		return
	fi
	data=$work/data.$1
	play repository name="$1" repo="$2" old="$3" new="$4" data="$data" \
	    file="$file" from="$from" word="$word" files="$files" \
	    how="$how" \
	    quote="$quote" \
	    head="$(git --git-dir="$2" rev-parse --short=10 "$4^{commit}")"
	set -- "$1" "$data"/*/outbox/*.age
	at=${2%/outbox/*}
	"$bin/vitrine-report" -i "$at/identity.txt" -k "$at/author.pub" \
	    -o "$work/$1.html" -o "$work/$1.md" "$2" >"$work/said" 2>&1 &&
	    grep -q 'Nobody says why this is safe' "$work/$1.html" &&
	    ! grep -q Copied "$work/$1.html"
	result $? "$1: what left is a report" "$work/said"
}

# The two newest tags, or the newest commit and one before it.
of_path() { # name, path
	git=$(cd "$2" && git rev-parse --absolute-git-dir) || exit 1
	tags=$(git --git-dir="$git" tag --sort=-creatordate --merged HEAD | head -n 2)
	new=$(printf '%s\n' "$tags" | sed -n 1p)
	old=$(printf '%s\n' "$tags" | sed -n 2p)
	if [ -z "$old" ]; then
		new=$(git --git-dir="$git" rev-parse HEAD)
		old=$(git --git-dir="$git" rev-list --first-parent -n 10 HEAD |
		    tail -n 1)
	fi
	journey "$1" "$git" "$old" "$new"
}

if [ -n "${REPO-}" ]; then
	of_path "$(basename "$REPO")" "$REPO"
	echo "1..$n"
	exit $status
fi

sh tests/demo/repo.sh "$work/repo.git" || exit 1
journey demo "$work/repo.git" v4.0 v4.1

corpora=${VITRINE_CORPORA:-$HOME/.cache/vitrine/corpora}
if [ -d "$corpora/leveldown.git" ]; then
	of_path leveldown "$corpora/leveldown.git"
else
	skips "not there: make corpora builds it from npm" "leveldown"
fi
if git rev-parse --git-dir >/dev/null 2>&1 &&
    [ "$(git rev-list --count HEAD)" -gt 1 ]; then
	of_path own .
else
	skips "this tree is no clone with a history" "own"
fi
echo "1..$n"
exit $status
