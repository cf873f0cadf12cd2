#!/bin/sh
# Holds DT_NEEDED of every executable against tests/links.
#
# tests/links.sh [BUILD]
set -u
build=${1:-${BUILD:-build}}
status=0 seen=0
for x in "$build"/bin/* "$build"/libexec/vitrine/*; do
	[ -f "$x" ] || continue
	seen=$((seen + 1))
	name=${x##*/}
	allowed=$(sed -n "s/^$name[ 	][ 	]*//p" tests/links)
	if [ -z "$allowed" ]; then
		echo "$name: no line in tests/links"
		status=1
		continue
	fi
	needed=$(readelf -dW "$x" |
	    sed -n 's/.*(NEEDED).*\[lib\([^]]*\)\.so.*\]/\1/p')
	case $needed in
	*asan*)
		echo 'a sanitizer build links its own libraries'
		exit 77
		;;
	esac
	for lib in $needed; do
		[ "$lib" = c ] && [ "$allowed" != - ] && continue
		case " $allowed " in
		*" $lib "*) continue ;;
		esac
		echo "$name is linked with lib$lib: it may have $allowed"
		status=1
	done
done
[ $seen -gt 0 ] || { echo 'no executable is built yet'; exit 77; }
exit $status
