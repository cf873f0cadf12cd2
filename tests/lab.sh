# lab.sh - what tests of vitrine-lab begin with; read with "." in the top
# folder of the source, which is $top from then on.  We are in $work, an empty
# folder that goes away at the end, and vitrine-lab is found by its name.
#
# lab_desk [SED...]           a repository, and session.conf: the example of
#                             its manual, changed by SED, for a recipient
#                             evaluator.age-pub that is made
. tests/tap.sh
top=$(pwd)
lab=$top/${BUILD:-build}/bin/vitrine-lab
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

PATH=$work/bin:$PATH
mkdir "$work/bin"
ln -s "$lab" "$work/bin/vitrine-lab"
cd "$work" || exit 1

lab_desk() {
	sh "$top/tests/demo/repo.sh" "$work/repo.git" &&
	    vitrine-lab keygen -a evaluator >/dev/null || exit 1
	sed -n '/^format = 1/,/^\.Ed/p' "$top/man/vitrine-session.5" |
	    sed '$d' |
	    sed -e "s/age1[a-z0-9]*/$(cat evaluator.age-pub)/" "$@" \
	        >session.conf
}
