#!/bin/sh
# The tests that man/vitrine-security.7 names exist, by file and by name, and
# every attempt of tests/redteam/attempts has its row.  TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/tap.sh
work=$(mktemp -d)
said=$work/said
trap 'rm -rf "$work"' EXIT

# Names of tests and of their files, as the page gives them: continued lines
# are one; "Pa t_x : Li a_b , c_d" names tests of t_x.
missing() { # PAGE
	sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$1" | tr -s ' ' '\n' |
	    awk '
	/^t_[a-z0-9_]+$/ { print "program", $0; of = $0; next }
	/^tests\/[a-z0-9_.\/-]+$/ { print "file", $0; of = ""; next }
	/^[a-z0-9]+_[a-z0-9]+_[a-z0-9]+(_[a-z0-9]+)+$/ { print "test", $0, of }' |
	    while read -r kind name of; do
		case $kind in
		program)
			ls tests/*/"$name".c >/dev/null 2>&1 ||
			    echo "no tests/*/$name.c"
			;;
		file) [ -e "$name" ] || echo "no $name" ;;
		test)
			grep -q "^$name(void \*\*state)" tests/*/"${of:-t_*}".c \
			    2>/dev/null || echo "no test $name in ${of:-any}"
			;;
		esac
	    done
}

missing man/vitrine-security.7 >"$work/said"
[ ! -s "$work/said" ]
result $? 'every test that the page of promises names exists'
sed 's/the_launcher_has_walls_of_its_own/the_launcher_has_walls_of_gold/
    s/Pa t_probe /Pa t_prober /; s|tests/fuzz/list|tests/fuzz/lost|' \
    man/vitrine-security.7 >"$work/page"
missing "$work/page" >"$work/said"
grep -q walls_of_gold "$work/said" && grep -q t_prober "$work/said" &&
    grep -q fuzz/lost "$work/said"
result $? 'a name that is no test is noticed'

# Numbered from 1, each once; the first 102 are those of the list.
grep '^[0-9]' tests/redteam/attempts | cut -d' ' -f1 >"$work/numbers"
[ "$(wc -l <"$work/numbers")" -ge 102 ] &&
    seq "$(wc -l <"$work/numbers")" | cmp -s - "$work/numbers"
result $? 'the list of attempts has all 102 and counts on'
unnamed() { # ATTEMPTS: proofs whose test, script or primitive is not there
	grep '^[0-9]' "$1" | cut -d'|' -f3- | tr ';' '\n' |
	    sed 's/^ *//; s/ *$//' | sort -u |
	while read -r kind what rest; do
		case $kind in
		unit)
			grep -q "^$rest(void \*\*state)" "tests/$what.c" \
			    2>/dev/null || echo "$what $rest"
			;;
		probe)
			for name in $what $rest; do
				grep -q "{ \"$name\"," policy/probe_*.c ||
				    echo "probe $name"
			done
			;;
		fuzz) [ -f "tests/fuzz/f_$what.c" ] || echo "fuzz $what" ;;
		text)
			tr '\n' ' ' <"$what" | grep -qF -- "$rest" ||
			    echo "$what: $rest"
			;;
		journey) [ -f "tests/journeys/$what.sh" ] || echo "$what" ;;
		play)
			[ -f "tests/redteam/$what.play" ] || echo "$what.play"
			;;
		root)
			grep -qF -- "$what $rest" tests/redteam/root.sh \
			    tests/redteam/apart.sh tests/redteam/root/*.play ||
			    echo "root $what $rest"
			;;
		hostile | except) ;;
		*) echo "no such proof: $kind" ;;
		esac
	    done
}
unnamed tests/redteam/attempts >"$work/said"
[ ! -s "$work/said" ]
result $? 'every proof of an attempt names a test that exists'
sed 's/probe ring /probe rung /' tests/redteam/attempts >"$work/attempts"
unnamed "$work/attempts" >"$work/said"
[ "$(cat "$work/said")" = 'probe rung' ]
result $? 'a proof that names nothing is noticed'
echo "1..$n"
exit $status
