#!/bin/sh
# The demonstration's repository: the same every time, and what is planted
# in it can be found.
set -u
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

LC_ALL=C
export LC_ALL

git() {
	command git --git-dir="$work/repo.git" "$@"
}

sh tests/demo/repo.sh "$work/repo.git" >"$work/said" 2>&1
result $? 'it is built, with the commit ids it always has'
[ "$(git rev-list --count main)" -ge 40 ]
result $? 'it has 40 commits or more'
[ "$(git log --format=%an main | sort -u | wc -l)" -ge 4 ]
result $? 'several people wrote it'
[ "$(git ls-tree -r --name-only v4.1 | wc -l)" -ge 60 ]
result $? 'the release has 60 files or more'
[ "$(git tag | tr '\n' ' ')" = 'v4.0 v4.1 ' ]
result $? 'there are two releases'
git fsck --strict >"$work/said" 2>&1
result $? 'git finds nothing wrong with it'
for kind in c h py sh go java json asn1 md; do
	git ls-tree -r --name-only v4.1 | grep -q "\.$kind\$"
	result $? "there are .$kind files"
done

tab=$(printf '\t')
while IFS=$tab read -r revision path pattern what; do
	case $revision in '#'* | '') continue ;; esac
	[ "$(git show "$revision:$path" | grep -a -c -e "$pattern")" = 1 ]
	result $? "$revision $path: $what"
done <tests/demo/planted
git show v4.1:src/oam/diag.c | grep -q 'bench_user(line' &&
    git grep bench_user v4.1 | grep -q 'Binary file'
result $? 'git grep hides the NUL file behind one word'
git show v4.1:src/phy/agc.c | iconv -f GBK -t UTF-8 | grep -q '防止溢出'
result $? 'the comment is GBK'

mkdir "$work/other"
sh tests/demo/repo.sh "$work/other" >"$work/said" 2>&1
[ $? = 1 ] && grep -q 'is not the demonstration' "$work/said"
result $? 'a folder that is something else is left alone'

echo "1..$n"
exit $status
