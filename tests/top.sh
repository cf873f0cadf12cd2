#!/bin/sh
# The top level holds what a reader expects there, and nothing else: a file
# that a bench or a shell left behind is not committed by accident.
set -u
status=0
for f in $(ls -A); do
	case $f in
	core | notes | policy | tui | tests | man | share) continue ;;
	Makefile | README.md | LICENSE) continue ;;
	.git | .ci | .gitignore | .clang-format | build*) continue ;;
	esac
	echo "$f: nothing of that name belongs at the top level"
	status=1
done
exit $status
