#!/bin/sh
# Every attempt of tests/redteam/attempts with what became of it: which layer
# stopped it, on which kernel, as which user.  TAP: one test per attempt.
#
# An attempt whose control does not work for this user on this system is "not
# demonstrated", which is not stopped: it is skipped and counted.
#
# WITHOUT_HOSTILE=1    leaves tests/hostile/run.sh out (minutes)
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
vitrine=$BUILD/bin/vitrine
[ -x "$vitrine" ] || { echo "$vitrine is not built"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
LC_ALL=C.UTF-8
CMOCKA_MESSAGE_OUTPUT=TAP
VITRINE_DATA=$work/data
export LC_ALL CMOCKA_MESSAGE_OUTPUT BUILD VITRINE_DATA
unset VITRINE_STATION NO_COLOR

# Each program is run once; what it said is kept.  "NAME ok CLAIM" per line.
taps() { # NAME COMMAND...
	name=$1
	shift
	timeout -k 5 "${LIMIT:-1800}" "$@" >"$work/out" 2>&1 </dev/null
	rc=$?
	tr -d '\0' <"$work/out" | awk -v name="$name" -v rc=$rc '
	/^(not )?ok / {
		is = /^not/ ? "not" : "ok"
		if (/# *[Ss][Kk][Ii][Pp]/) is = "skip"
		sub(/^(not )?ok [0-9]* *-* */, "")
		print name "\t" is "\t" $0
	}
	END { print name "\t" (rc == 77 ? "skip" : "ran") "\t" }
	' >>"$work/results"
}
: >"$work/results"

grep -v '^#' tests/redteam/attempts | grep . >"$work/rows"
rows() { # KIND: the words after it, one proof a line
	cut -d'|' -f3- "$work/rows" | tr ';' '\n' | sed 's/^ *//; s/ *$//' |
	    sed -n "s/^$1 //p"
}

for t in $(rows unit | sed 's/ .*//' | sort -u); do
	[ -x "$BUILD/tests/$t" ] && taps "unit $t" "$BUILD/tests/$t"
done
for t in $(rows fuzz | sort -u); do
	[ -x "$BUILD/tests/fuzz/f_$t" ] &&
	    taps "fuzz $t" "$BUILD/tests/fuzz/f_$t"
done
for t in $(rows journey | sed 's/ .*//' | sort -u); do
	taps "journey $t" sh "tests/journeys/$t.sh"
done
taps play sh tests/redteam/run.sh
taps root sh tests/redteam/root.sh
[ -n "${WITHOUT_HOSTILE-}" ] || taps hostile sh tests/hostile/run.sh
timeout 120 "$vitrine" --proof >"$work/proof" 2>&1
rooms=6

# A primitive as the rooms say it, from the programs themselves.
mkdir -p "$work/p/git" "$work/p/data"
for room in "$BUILD"/libexec/vitrine/room_*; do
	timeout 60 "$room" --probe "$work/p/git" "" "$work/p/data"
done >"$work/probes" 2>&1

# STATUS and words of one proof, in $is and $said.
judge() { # PROOF
	kind=${1%% *} rest=${1#* }
	said=
	case $kind in
	unit | journey)
		program=${rest%% *} claim=${rest#* }
		key="$kind $program"
		;;
	play)
		claim=${rest#* }
		key=play
		;;
	fuzz)
		key="fuzz $rest" claim=
		;;
	hostile | root)
		key=$kind claim=$rest
		;;
	text)
		file=${rest%% *} words=${rest#* }
		is=not said="$file does not say \"$words\""
		tr '\n' ' ' <"$file" | grep -qF -- "$words" && is=text said=$file
		return
		;;
	except)
		is=except said=$rest
		return
		;;
	probe)
		judge_probe "$rest"
		return
		;;
	*)
		is=not said="no such proof: $1"
		return
		;;
	esac
	is=$(awk -F '\t' -v key="$key" -v claim="$claim" '
	$1 == key && $2 != "ran" && index($3, claim) == 1 {
		n++
		if ($2 == "not") bad = 1
		if ($2 == "skip") skipped = 1
	}
	$1 == key { ran = 1; if ($2 == "skip" && $3 == "") left = 1 }
	END {
		if (left || !ran) print "left"
		else if (n == 0) print "absent"
		else if (bad) print "not"
		else print skipped ? "skip" : "ok"
	}' "$work/results")
	case $is in
	absent) is=not said="$key has no test \"$claim\"" ;;
	not) said="$key: $claim" ;;
	left) is=skip said="$key was not run" ;;
	skip) said="$key: skipped here" ;;
	esac
}

# What stopped it, and where its control does not work.
judge_probe() { # NAME...
	is=ok
	for name in $1; do
		awk -v name="$name" '$1 == "probe" && $3 == name {
			n++
			$1 = $2 = $3 = ""
			sub(/^ */, "")
			seen[$0]++
		}
		END {
			if (!n) print "absent"
			for (s in seen) print s
		}' "$work/probes" >"$work/one"
		if grep -q 'absent\|REACHED' "$work/one"; then
			is=not said="$name: $(tr '\n' ' ' <"$work/one")"
			return
		fi
		sed -n 's/^stopped //p' "$work/one" >>"$work/layers"
		if grep -q 'not demonstrated' "$work/one" &&
		    ! grep -q '^stopped' "$work/one"; then
			echo "$name" >>"$work/undemonstrated"
		else
			echo "$name" >>"$work/demonstrated"
		fi
	done
}

echo "# kernel $(uname -sr), user $(id -un) ($(id -u))"
grep '^layers' "$work/proof" | sed 's/^/# /'
stopped=0 documented=0 open=0 skipped=0 failed=0 n=0
while IFS='|' read -r number attempt proofs; do
	number=$(echo $number) attempt=$(echo $attempt)
	n=$((n + 1))
	: >"$work/layers"
	: >"$work/demonstrated"
	: >"$work/undemonstrated"
	bad= why= shown=0 except= missed=
	echo "$proofs" | tr ';' '\n' | sed 's/^ *//; s/ *$//' >"$work/proofs"
	while read -r proof; do
		judge "$proof"
		case $is in
		ok) shown=$((shown + 1)) ;;
		text) except=${except:-documented} ;;
		except) except=$said ;;
		skip) missed=$said ;;
		not) bad="$bad [$said]" ;;
		esac
	done <"$work/proofs"
	layers=$(sed 's/SIGSYS/seccomp (SIGSYS)/; s/^signal.*/a limit/' \
	    "$work/layers" | sort | uniq -c | sort -rn |
	    awk '{ c = $1; $1 = ""; printf "%s%s", (NR > 1 ? "," : ""), $0 }')
	no=$(tr '\n' ' ' <"$work/undemonstrated")
	line="$number $attempt"
	if [ -n "$bad" ]; then
		echo "not ok $n - $line:$bad"
		failed=$((failed + 1))
	elif [ -s "$work/undemonstrated" ] && [ ! -s "$work/demonstrated" ] &&
	    [ "$shown" -le 1 ]; then
		echo "ok $n - $line # SKIP not demonstrated: $no"
		open=$((open + 1))
	elif [ $shown -gt 0 ]; then
		echo "ok $n - $line"
		[ -z "$layers" ] || echo "#   stopped by$layers"
		[ -z "$no" ] || echo "#   not demonstrated here: $no"
		[ -z "$except" ] || echo "#   not all of it: $except"
		[ -z "$missed" ] || echo "#   left out here: $missed"
		stopped=$((stopped + 1))
	elif [ -n "$except" ]; then
		echo "ok $n - $line # SKIP documented: $except"
		documented=$((documented + 1))
	else
		echo "ok $n - $line # SKIP ${missed:-nothing was run}"
		skipped=$((skipped + 1))
	fi
done <"$work/rows"
echo "1..$n"
echo "# $n attempts: $stopped shown to be stopped, $documented documented" \
    "exceptions, $open not demonstrated, $skipped skipped, $failed failed"
[ $failed = 0 ]
