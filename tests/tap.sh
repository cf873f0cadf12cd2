# tap.sh - what tests that are shell scripts say; read with ".", it takes
# the names n and status for itself: "exit $status" is the last line.
#
# result STATUS CLAIM [FILE]  one test by a status.  FILE, or what $said
#                             names, is shown when it does not hold
# claim CLAIM COMMAND...      the same by a command, what it prints is shown;
#                             77 skips, its last line says why
# skips WHY CLAIM...          tests that cannot be tried here
n=0 status=0

tap_shows() { # files
	for tap_file in "$@"; do
		[ ! -f "$tap_file" ] || tail -n 30 "$tap_file" | cut -c 1-300 |
		    cat -v | sed 's/^/# /'
	done
}

result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		tap_shows "${3-${said-}}"
		status=1
	fi
}

claim() {
	n=$((n + 1))
	tap_claim=$1
	shift
	"$@" >out 2>err
	case $? in
	0) echo "ok $n - $tap_claim" ;;
	77) echo "ok $n - $tap_claim # SKIP $(cat out err | tail -n 1)" ;;
	*)
		echo "not ok $n - $tap_claim"
		tap_shows out err
		status=1
		;;
	esac
}

skips() {
	tap_why=$1
	shift
	for tap_claim in "$@"; do
		n=$((n + 1))
		echo "ok $n - $tap_claim # SKIP $tap_why"
	done
}
