#!/bin/sh
# What it costs to say why reviewed lines count no more, in a repository with
# a thousand tags: tests/bench/reason.sh BUILD
#
# GIT_HISTORY    a repository of git itself (default: none, and it is skipped)
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
repo=${GIT_HISTORY-}
[ -n "$repo" ] && git -C "$repo" rev-parse -q --verify v2.40.0 >/dev/null || {
	echo "reason: GIT_HISTORY is no repository of git: skipped"
	exit 0
}
make -s "$build/tests/bench/reason" BUILD="$build" || exit 2
gitdir=$(git -C "$repo" rev-parse --absolute-git-dir)
"$build/tests/bench/reason" "$gitdir" v2.40.0 diff.c \
    v2.39.0 v2.35.0 v2.20.0 v2.47.0
