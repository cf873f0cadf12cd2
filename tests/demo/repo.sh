#!/bin/sh
# Builds the repository of the demonstration: the control software of an
# invented base station, 50 commits by five people, releases v4.0 and v4.1,
# and things in it that are worth finding (docs of what is planted where:
# tests/demo/planted).
#
# tests/demo/repo.sh FOLDER    makes FOLDER, a bare repository
#
# The history is tests/demo/history.fi, a stream of git fast-import.  To
# change it: commit in a clone of the result, write the stream again with
# "git fast-export --all --reencode=no", and put the new ids below.
set -eu
main=6474618e04b328dae6ebd98f6365c6b278314dc2
into=$1
here=$(dirname "$0")

GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY

if [ -e "$into" ]; then
	[ "$(git --git-dir="$into" rev-parse refs/heads/main 2>&1)" = $main ] &&
	    exit 0
	echo "$into: exists, and is not the demonstration's repository"
	exit 1
fi
new=$into.new
rm -rf "$new"
mkdir -p "$(dirname "$into")"
git init -q --bare --template= -b main "$new"
git --git-dir="$new" -c fastimport.unpackLimit=0 fast-import --quiet \
    <"$here/history.fi"
came=$(git --git-dir="$new" rev-parse refs/heads/main)
if [ "$came" != $main ]; then
	echo "the demonstration's repository came out as $came, not as $main"
	rm -rf "$new"
	exit 1
fi
mv "$new" "$into"
