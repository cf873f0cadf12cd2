#!/bin/sh
# The demonstration: a review session, from the keys to the report.
#
# tests/demo/demo.sh BUILD [REPOSITORY]
#
# Everything it makes is in BUILD/demo; what was written there stays until
# "make clean".  With a repository: opens that one, without a session.
set -eu
build=$1
bin=$(cd "$build/bin" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$build/demo"
demo=$(cd "$build/demo" && pwd)
export VITRINE_DATA="$demo/data"
PATH=$bin:$PATH

if [ -n "${2-}" ]; then
	exec vitrine "$2"
fi

cd "$here/../.."
sh tests/demo/repo.sh "$demo/repo.git"
mkdir -p "$demo/keys"
key() { # name: a key pair that signs
	[ -f "$demo/keys/$1.pub" ] || minisign -G -W -p "$demo/keys/$1.pub" \
	    -s "$demo/keys/$1.key" >/dev/null
}
key lab
[ -f "$demo/keys/evaluator" ] ||
    age-keygen -o "$demo/keys/evaluator" 2>/dev/null
