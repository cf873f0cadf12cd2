#!/bin/sh
# The demonstration: a review session, from the keys to the report.
#
# tests/demo/demo.sh BUILD [REPOSITORY]    opens it
# tests/demo/demo.sh BUILD --prepare       only makes it
#
# Everything it makes is in BUILD/demo: keys, session, data, reports.  What
# was written there stays until "make clean".  With a repository: opens that
# one, without a session, with notes of its own.
set -eu
build=$1 repository=${2-}
bin=$(cd "$build/bin" && pwd)
mkdir -p "$build/demo"
demo=$(cd "$build/demo" && pwd)
export VITRINE_DATA="$demo/data"

if [ -n "$repository" ] && [ "$repository" != --prepare ]; then
	exec "$bin/vitrine" "$repository"
fi

# The lab's and the evaluator's keys, the rules, the session: once, and again
# when its last day has passed or the lab's program is a newer one.
cd "$(dirname "$0")/../.."
sh tests/demo/repo.sh "$demo/repo.git"
mkdir -p "$demo/keys" "$demo/data/trusted"
if [ ! -f "$demo/keys/lab.pub" ]; then
	(cd "$demo/keys" && "$bin/vitrine-lab" keygen lab >/dev/null)
	cp "$demo/keys/lab.pub" "$demo/data/trusted/"
fi
[ -f "$demo/keys/evaluator.age-pub" ] ||
    (cd "$demo/keys" && "$bin/vitrine-lab" keygen -a evaluator >/dev/null)
evaluator=$(tail -n 1 "$demo/keys/evaluator.age-pub")
if [ ! -f "$demo/last-day" ] || [ "$bin/vitrine-lab" -nt "$demo/last-day" ] ||
    [ "$(date +%Y%m%d)" -gt "$(cat "$demo/last-day")" ]; then
	chmod -R u+w "$demo/session" 2>/dev/null || :
	rm -rf "$demo/session" "$demo/session.conf" "$demo/review.case"
fi
if [ ! -d "$demo/session" ]; then
	sed -e "s/@EVALUATOR@/$evaluator/" \
	    -e "s/@FIRST@/$(date -d '1 day ago' +%Y-%m-%d)/" \
	    -e "s/@LAST@/$(date -d '30 days' +%Y-%m-%d)/" \
	    tests/demo/session.conf >"$demo/session.conf"
	cp tests/demo/sec-118.patch tests/demo/ft400-req "$demo/"
	"$bin/vitrine-lab" provision -c "$demo/session.conf" \
	    -o "$demo/session" -k "$demo/keys/lab.key" "$demo/repo.git" \
	    >"$demo/provision.log" || {
		tail -n 1 "$demo/provision.log"
		exit 1
	}
	date -d '30 days' +%Y%m%d >"$demo/last-day"
fi
[ "$repository" != --prepare ] || exit 0

status=0
"$bin/vitrine" --auditor alice "$demo/session" || status=$?

# A session that was made again has a folder and an author's key of its own;
# the last one used counts.
folder=$(ls -t "$demo"/data/*-alice/record.db 2>/dev/null | head -n 1)
folder=${folder%/record.db}
set -- "$folder"/outbox/*.age
if [ ! -f "$1" ]; then
	echo "Nothing has left yet.  What does will be in the outbox:" \
	    "${folder:-$demo/data/*-alice}/outbox"
	exit $status
fi
author=$folder/author.pub
echo "The outbox: ${1%/*}, $# sealed file(s).  What the evaluator types:"
echo "  cd $demo"
case=$demo/review.case
fresh=no
[ -f "$case" ] || fresh=yes
evaluate() { # shows it, then does it
	(
		shown=
		for word; do
			case $word in
			"$demo"/*) word=${word#"$demo"/} ;;
			esac
			case $word in
			*' '*) word="'$word'" ;;
			esac
			shown="$shown $word"
		done
		echo "  vitrine-report$shown"
	)
	"$bin/vitrine-report" "$@"
}
evaluate add -c "$case" -i "$demo/keys/evaluator.age-key" \
    -s "$demo/session" -t "$demo/keys/lab.pub" -k "$author" "$@"
if [ $fresh = yes ]; then
	cp tests/demo/deployments.csv "$demo/deployments.csv"
	cp share/checklists/cwe-top-25 "$demo/cwe-top-25"
	evaluate deployments -c "$case" -n eva "$demo/deployments.csv"
	evaluate checklist -c "$case" -n eva "$demo/cwe-top-25"
fi
evaluate list -c "$case"
if "$bin/vitrine-report" votes -c "$case" F-1 >/dev/null 2>&1; then
	evaluate affected -c "$case" F-1
fi
evaluate write -c "$case" -o "$demo/report.html" -o "$demo/report.md" \
    -o "$demo/report.vex.json"
evaluate write -c "$case" -r public -o "$demo/public.html"
echo "The report, for a browser: file://$demo/report.html"
exit $status
