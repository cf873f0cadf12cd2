#!/bin/sh
# What the compiler and linker flags promise, read off every executable:
# position independent, full RELRO, no executable stack, no segment that is
# writable and executable, stack canary.  The kiosk, which is somebody's
# login shell, is static as well: no loader, no environment to obey.
#
# tests/hardening.sh [BUILD]
set -u
build=${1:-${BUILD:-build}}
status=0 seen=0
says() { # pattern, what is missing
	printf '%s\n' "$elf" | grep -Eq "$1" || {
		echo "$name: $2"
		status=1
	}
}
for x in "$build"/bin/* "$build"/libexec/vitrine/*; do
	[ -f "$x" ] || continue
	seen=$((seen + 1))
	name=${x##*/}
	elf=$(readelf -hldW "$x"; nm "$x" 2>/dev/null)
	case $elf in
	*libasan*)
		echo 'a sanitizer build is not hardened'
		exit 77
		;;
	esac
	says 'Type: +DYN' 'not position independent'
	says '^ +GNU_RELRO' 'no RELRO'
	says 'BIND_NOW|Flags:.*NOW' 'not all symbols are bound at start'
	says '__stack_chk_fail' 'no stack canary'
	says '^ +GNU_STACK.* RW +0x' 'the stack may be executable'
	if printf '%s\n' "$elf" | grep -Eq '^ +LOAD.* RWE '; then
		echo "$name: a segment is writable and executable"
		status=1
	fi
	if [ "$name" = vitrine-kiosk ] &&
	    printf '%s\n' "$elf" | grep -q 'INTERP'; then
		echo "$name: needs a loader, must be static"
		status=1
	fi
done
[ $seen -gt 0 ] || { echo 'no executable is built yet'; exit 77; }
exit $status
