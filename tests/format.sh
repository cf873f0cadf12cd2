#!/bin/sh
# "make format" would change nothing.
set -u
if ! command -v clang-format >/dev/null 2>&1; then
	echo 'clang-format is not installed'
	exit 77
fi
case $(clang-format --version) in
*'version 14.'*) ;;
*)
	echo "layout is decided by clang-format 14, this is" \
	    "$(clang-format --version | grep -o 'version.*')"
	exit 77
	;;
esac
status=0
for f in $(find core notes policy tui tests -name '*.[ch]' 2>/dev/null | sort)
do
	if ! clang-format --style=file "$f" | cmp -s - "$f"; then
		echo "$f: not as 'make format' leaves it"
		status=1
	fi
done
exit $status
