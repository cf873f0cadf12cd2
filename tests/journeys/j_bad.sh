#!/bin/sh
# Bad input: one clear line each, with what, where and what now; the exit
# status of man vitrine; nothing recorded is lost.
. "$(dirname "$0")/lib.sh"
make_session
repo=$work/demo/repo.git
session=$work/demo/session

# At a terminal: the program must end by itself with this status, and one
# line of it must hold the words.
ends() { # status, words, claim, arguments...
	want=$1 words=$2
	printf 'claim %s: exit status %s\nstart %s' "$3" "$want" "$bin/vitrine" \
	    >"$work/ends.play"
	shift 3
	printf " '%s'" "$@" >>"$work/ends.play"
	printf '\nexit %s\nexpect %s\nrestored\nsave %s/said\n' "$want" \
	    "$words" "$work" >>"$work/ends.play"
	rm -f "$work/said"
	"$build/tests/journeys/play" "$work/ends.play" || status=1
	[ ! -f "$work/said" ] || [ "$(grep -c 'vitrine:' "$work/said")" = 1 ]
	result $? '  in one line' "$work/said"
}
changed() { # copies the session to $work/other
	chmod -R u+w "$work/other" 2>/dev/null
	rm -rf "$work/other"
	cp -R "$session" "$work/other"
	chmod -R u+w "$work/other"
}
flip() { # file, offset: one bit of one byte
	byte=$(od -An -tu1 -j"$2" -N1 "$1" | tr -d ' ')
	printf "\\$(printf %03o $((byte ^ 1)))" |
	    dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

ends 3 'no such file' 'a path that is not there' /nonexistent/place
ends 3 'no git repository' 'a folder that is no repository' "$work"
ends 3 'no such branch, tag or commit' 'an unknown revision' \
    --rev nosuch "$repo"
ends 2 'no option' 'an unknown option' --nosuch "$repo"
ends 2 'terminal' 'an unknown terminal' --term nosuch-terminal "$repo"

# A pack with a flipped byte: what can be read is, the rest says so.
cp -R "$repo" "$work/hurt.git"
pack=$(echo "$work"/hurt.git/objects/pack/*.pack)
chmod u+w "$pack"
size=$(wc -c <"$pack")
for at in $((size / 5)) $((size / 3)) $((size / 2)) $((size * 3 / 4)); do
	flip "$pack" "$at"
done
play damaged repo="$work/hurt.git"
: >"$pack"
ends 3 'damaged' 'an empty pack' "$work/hurt.git"

# Sessions.
changed
flip "$work/other/manifest" 100
ends 4 'manifest' 'a manifest that was changed' --auditor alice "$work/other"
changed
flip "$work/other/text/store" 200
ends 4 'text/store' 'a session file that was changed' --auditor alice \
    "$work/other"
changed
: >"$work/other/extra"
ends 4 'extra' 'a file too many in a session' --auditor alice "$work/other"
changed
rm "$work/other/manifest.minisig"
ends 4 'minisig' 'a session without a signature' --auditor alice "$work/other"
changed
(cd "$work" && "$bin/vitrine-lab" keygen stranger >/dev/null)
"$bin/vitrine-lab" provision -c "$work/demo/session.conf" \
    -o "$work/strange" -k "$work/stranger.key" "$repo" >/dev/null 2>&1
ends 4 'trusted' 'a session signed by a stranger' --auditor alice \
    "$work/strange"
# Rules that want a row of the station: one that nobody can tell here, one
# that holds on every machine on which this is tried.
wants() { # row
	{ cat "$work/demo/session.conf"
	echo "station { require = { \"$1\" } }"; } >"$work/demo/wants.conf"
	rm -rf "$work/wants"
	"$bin/vitrine-lab" provision -c "$work/demo/wants.conf" -o "$work/wants" \
	    -k "$work/demo/keys/lab.key" "$repo" >/dev/null
}
wants data-encrypted
ends 4 'data-encrypted' 'rules that want a row which does not hold' \
    --auditor alice "$work/wants"
wants kiosk-shells
cat >"$work/holds.play" <<END
claim where the row holds it opens
start $bin/vitrine --auditor alice $work/wants
expect@-1 READING ROOM
keys Q
exit 0
END
"$build/tests/journeys/play" "$work/holds.play" || status=1
ends 4 'no auditor of this session' 'somebody who is not in the rules' \
    --auditor mallory "$session"

# The record.
play record session="$session"
record=$(echo "$VITRINE_DATA"/*-alice/record.db)
cp "$record" "$work/record.good"
# The second page holds the entries, from its end on.
flip "$record" $((2 * 4096 - 40))
cp "$record" "$work/record.bad"
play record_bad session="$session"
cmp -s "$record" "$work/record.bad"
result $? 'a damaged record is not written to'
cp "$work/record.good" "$record"
play record_good session="$session"

# A full disk: a small file system, root only.
mkdir "$work/small"
if [ "$(id -u)" = 0 ] &&
    mount -t tmpfs -o size=1M tmpfs "$work/small" 2>/dev/null; then
	trap 'umount "$work/small"; rm -rf "$work"' EXIT
	play full repo="$repo" data="$work/small"
	rm -f "$work"/small/fill
	play full_after repo="$repo" data="$work/small"
else
	skips "only root can mount one" "a full disk loses nothing"
fi
echo "1..$n"
exit $status
