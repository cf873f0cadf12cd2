#!/bin/sh
# Runs the fuzzers one after the other; what broke one stays in BUILD/found.
#
# tests/fuzz/fuzz.sh BUILD SECONDS [NAME]
set -u
build=$1 seconds=$2 only=${3-}
status=0
mkdir -p "$build/found"
for f in tests/fuzz/f_*.c; do
	name=${f##*/f_}
	name=${name%.c}
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	mkdir -p "$build/corpus/$name" "tests/fuzz/$name"
	if "$build/tests/fuzz/f_$name" -max_total_time="$seconds" -timeout=10 \
	    -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix="$build/found/$name-" \
	    "$build/corpus/$name" "tests/fuzz/$name" >"$build/$name.log" 2>&1
	then
		echo "ok   $name: $(sed -n \
		    's/.*number_of_executed_units: //p' "$build/$name.log") inputs"
	else
		echo "FAIL $name: $(ls "$build/found" | grep "^$name-")" \
		    "(log $build/$name.log)"
		status=1
	fi
done
exit $status
