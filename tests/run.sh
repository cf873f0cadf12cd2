#!/bin/sh
# Runs what proves something and counts it.
#
# tests/run.sh check      house rules, unit tests, fuzz corpora, screens
# tests/run.sh all        these, and the journeys
# tests/run.sh journeys   the journeys alone; REPO=path: on that repository
#
# BUILD is where the objects are, CC the compiler.  A script or program says
# what it found in TAP; one that prints none is one test by its exit status.
# Exit status 77 is "skipped", and the last line says why.  What hangs is
# killed and counted as failed.  The last line is the count; exit status 0
# when nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 2
BUILD=${BUILD:-build}
CC=${CC:-cc}
LC_ALL=C.UTF-8
CMOCKA_MESSAGE_OUTPUT=TAP
ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1}
export BUILD CC LC_ALL CMOCKA_MESSAGE_OUTPUT ASAN_OPTIONS
unset VITRINE_DATA VITRINE_STATION NO_COLOR MAKEFLAGS MFLAGS
limit=${LIMIT:-300} # seconds, after which a test hangs

# One part: its output to FILE.out, its counts to FILE.count.
if [ "${1-}" = part ]; then
	file=$2 name=$3
	shift 3
	case $name in # many programs, one after the other
	tests/hostile/* | tests/redteam/*) limit=$((limit * 4)) ;;
	esac
	timeout -k 5 "$limit" "$@" >"$file.out" 2>&1 </dev/null
	rc=$?
	awk -v rc=$rc -v name="$name" -v limit="$limit" '
	/^1\.\.[0-9]+/ { plan += substr($1, 4); planned = 1 }
	/^(not )?ok / { seen++ }
	/^# because: / { because = substr($0, 12) }
	/^(not )?ok .*# *[Ss][Kk][Ii][Pp]/ {
		why = $0
		sub(/.*# *[Ss][Kk][Ii][Pp][A-Za-z]*:? */, "", why)
		sub(/ *#.*/, ""); sub(/^(not )?ok [0-9]* *-* */, "")
		if ($0 == "") { # cmocka puts the name there, and no reason
			$0 = why
			why = because
		}
		because = ""
		print "skip " name ": " $0 (why == "" ? "" : ": " why)
		skipped++
		next
	}
	/^ok / { passed++ }
	/^not ok / {
		sub(/^not ok [0-9]* *-* */, "")
		print "fail " name ": " $0
		failed++
	}
	{ if ($0 != "") last = $0 }
	END {
		if (rc == 77 && seen == 0) {
			print "skip " name ": " last
			skipped = 1
		} else if (rc == 124 || rc == 137) {
			print "fail " name ": killed after " limit " seconds"
			failed++
		} else if (!planned && seen == 0) {
			if (rc == 0) passed = 1
			else { print "fail " name; failed = 1 }
		} else if (planned && seen < plan) {
			print "fail " name ": ended after " seen + 0 " of " \
			    plan " tests, exit status " rc
			failed++
		} else if (rc != 0 && !failed) {
			print "fail " name ": exit status " rc
			failed++
		}
		print "count " passed + 0, failed + 0, skipped + 0
	}' "$file.out" >"$file.count"
	if grep -q '^fail' "$file.count"; then
		echo "FAIL $name"
		sed 's/^/     /' "$file.out" | grep -v '^     ok ' | tail -n 60
	else
		sed -n "s/^count \(.*\) 0 \(.*\)/ok   $(
		    printf '%s' "$name" | sed 's|[/&]|\\&|g') (\1)/p" "$file.count"
	fi
	exit 0
fi

what=${1:-all}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
parts=0
part() { # name, command...
	parts=$((parts + 1))
	{
		printf '%s\0' "$0" part "$work/$(printf %03d $parts)" "$@"
	} >>"$work/list.$parts"
}

programs() { # those of "$@" that were built from a source of that name
	for t in "$@"; do
		s=${t#"$BUILD"/}.c
		[ -f "$s" ] && [ -x "$t" ] && part "${s%.c}" "$t"
	done
}
scripts() {
	for t in "$@"; do
		[ -f "$t" ] && part "${t%.sh}" sh "$t"
	done
}

if [ "$what" = all ] || [ "$what" = check ]; then
	for rule in top layers doors names sizes format headers links \
	    hardening; do
		part "house rule: $rule" sh "tests/$rule.sh"
	done
	scripts tests/house.sh
	# Every test that has a source must have been built.
	for s in tests/*/t_*.c tests/fuzz/f_*.c; do
		[ -f "$s" ] || continue
		[ -x "$BUILD/${s%.c}" ] || part "${s%.c}" \
		    sh -c "echo 'not built: $BUILD/${s%.c}'; exit 1"
	done
	programs "$BUILD"/tests/*/t_* "$BUILD"/tests/fuzz/f_*
	scripts tests/core/*.sh tests/notes/*.sh tests/policy/*.sh \
	    tests/tui/*.sh tests/man/*.sh
fi
if [ "$what" = all ]; then
	scripts tests/demo/t_*.sh tests/redteam/run.sh tests/redteam/root.sh \
	    tests/hostile/run.sh
fi
if [ "$what" = all ] || [ "$what" = journeys ]; then
	scripts tests/journeys/j_*.sh
fi
if [ $parts = 0 ]; then
	echo "usage: tests/run.sh all|check|journeys"
	exit 2
fi

# As many at a time as there are cores.  The list is arguments between NULs.
for n in $(seq $parts); do printf '%s\n' "$work/list.$n"; done |
    xargs -P "$(getconf _NPROCESSORS_ONLN)" -I{} sh -c 'xargs -0 sh <"$1"' sh {}

cat "$work"/*.count >"$work/all" 2>/dev/null
lost=$((parts - $(grep -c '^count' "$work/all")))
[ $lost = 0 ] || echo "fail tests/run.sh: $lost parts left no count" \
    >>"$work/all"
grep '^skip' "$work/all" | sed 's/^skip /skipped  /'
grep '^fail' "$work/all" | sed 's/^fail /FAILED   /'
awk -v lost=$lost '/^count/ { p += $2; f += $3; s += $4 }
END {
	f += lost
	printf "%d passed, %d failed, %d skipped\n", p, f, s
	exit f > 0 || p == 0
}' "$work/all"
