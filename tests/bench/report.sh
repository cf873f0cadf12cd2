#!/bin/sh
# How long the evaluator waits: a case of 3 auditors, 2 sessions and 400
# findings, compiled into every format; 100,000 deployments, and the answer
# who is affected.  Measured, not asserted: the goals stand beside the
# figures.
set -u
. tests/made.sh
report=$PWD/${BUILD:-build}/bin/vitrine-report
lists=$PWD/share/checklists
for tool in age age-keygen minisign od awk; do
	command -v $tool >/dev/null || { echo "report: no $tool here"; exit 0; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
age-keygen -o identity 2>keygen && to=$(sed -n 's/^Public key: //p' keygen)
made_case 402 >made.log 2>&1 || { tail -n 3 made.log; exit 1; }
awk 'BEGIN {
	print "customer,product,release,component"
	for (i = 0; i < 100000; i++)
		printf "customer %d,product %d,v4.%d,part%d\n", i % 5000,
		    i % 7, i % 20, i % 12
}' >big.csv

took() { # what, goal in ms, command...
	what=$1 goal=$2 best=
	shift 2
	for i in 1 2 3; do
		from=$(date +%s%N)
		"$@" >out 2>&1 || { tail -n 1 out; return; }
		ms=$((($(date +%s%N) - from) / 1000000))
		[ -n "$best" ] && [ "$best" -le $ms ] || best=$ms
	done
	printf '%-56s %6s ms  (goal %s)\n' "$what" "$best" "$goal"
}
echo "report: $("$report" list |
    grep -c -E '^F-[0-9]+ +(none|low|medium|high|critical) ') findings, best of 3"
took 'page, text, Markdown, SARIF, CSAF, CycloneDX, CSV' '< 2000' \
    "$report" write -o r.html -o r.txt -o r.md -o r.sarif -o r.vex.json \
    -o r.advisory.json -o r.cdx.json -o r.csv
took 'the page alone' '< 2000' "$report" write -o r.html
took 'exports to the page, nothing kept' '< 2000' "$report" -i identity \
    -k alice.pub -k bob.pub -k carol.pub -o r.html one-*.age two-*.age
"$report" deployments big.csv -n eva >out 2>&1 || tail -n 1 out
took 'who is affected, of 100,000 deployments' '< 1000' \
    "$report" affected F-5
took 'the same with every customer' '< 1000' "$report" affected F-5 all
