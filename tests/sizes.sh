#!/bin/sh
# No function over 80 lines, no file over 800; what is close to it is fine.
set -u
files=$(find core notes policy tui tests -name '*.[ch]' 2>/dev/null | sort)
[ -n "$files" ] || { echo 'no sources found'; exit 1; }
awk '
FNR == 1 { if (NR > 1) file_end(); name = FILENAME; start = 0 }
{ lines = FNR }
/^[a-z].*\(/ { head = $0; sub(/\(.*/, "", head); sub(/.*[ *]/, "", head) }
/^\{/ { start = FNR }
/^\}/ && start {
	if (FNR - start + 1 > 80) {
		print FILENAME ": " head " has " FNR - start + 1 \
		    " lines, 80 are allowed"
		bad = 1
	}
	start = 0
}
function file_end() {
	if (lines > 800) {
		print name " has " lines " lines, 800 are allowed"
		bad = 1
	}
}
END { file_end(); exit bad }' $files
