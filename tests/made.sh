# Sourced by tests of vitrine-report: exports that age, tar and minisign made.
# The working directory is the test's own, x/ holds what goes into an export,
# $to is whom it is sealed to.

zeros() {
	head -c "$1" /dev/zero
}
header() { # name, size, checksum: a canonical ustar header
	printf '%s' "$1"
	zeros $((100 - ${#1}))
	printf '0000644'; zeros 1; printf '0000000'; zeros 1
	printf '0000000'; zeros 1; printf '%011o' "$2"; zeros 1
	printf '00000000000'; zeros 1
	if [ "$3" = blank ]; then
		printf '        '
	else
		printf '%06o' "$3"; zeros 1; printf ' '
	fi
	printf 0; zeros 100; printf ustar; zeros 1; printf 00; zeros 247
}
tar_of() { # files in x/: what the man page describes, byte by byte
	for f in "$@"; do
		size=$(wc -c <"x/$f")
		sum=$(header "$f" "$size" blank | od -An -v -tu1 |
		    awk '{ for (i = 1; i <= NF; i++) s += $i } END { print s }')
		header "$f" "$size" "$sum"
		cat "x/$f"
		zeros $(((512 - size % 512) % 512))
	done
	zeros 1024
}
seal() { # name of the export; seals findings.json in x/
	tar_of findings.json findings.json.minisig >x.tar
	age -r "$to" -o "$1" x.tar
}

# sign_and_seal NAME KEY: x/findings.json, by the auditor whose key that is.
sign_and_seal() {
	rm -f x/findings.json.minisig
	minisign -S -s "$2" -m x/findings.json -t 'export' >/dev/null
	seal "$1"
}

# made_case N: review.case of N findings by three auditors in two sessions,
# decided upon, deployed and held against a checklist.  $report is the
# program.  Titles hold what must not become markup.
made_sessions() {
	for who in alice bob carol eva; do
		minisign -G -W -p $who.pub -s $who.key >/dev/null
	done
	for s in one two; do
		mkdir -p $s
		cat >$s.conf <<EOF
format = 1
session = "$s"
title = "ft400 $s"
purpose = "test"
auditor "alice" { full = "Alice Example" role = "technical" key = "$(tail -n 1 alice.pub)" }
auditor "bob" { full = "Bob <Example>" role = "technical" key = "$(tail -n 1 bob.pub)" }
auditor "carol" { full = "Carol Example" role = "technical" key = "$(tail -n 1 carol.pub)" }
recipient "evaluator" { key = "$to" }
release "v4.1" { revision = "v4.1" status = "production" }
scope { include = { "**" } }
hours { first = "2020-01-01" last = "2035-01-01" from = "00:00" to = "24:00"
	days = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" } total = 40 }
export { prose = "allow" path = "allow" bytes_one = 20000 bytes_day = 100000
	bytes_person = 200000 bytes_total = 400000 exports_day = 20
	quote_run = 8 quote_one = 24 quote_person = 200 quote_total = 400
	encoded_run = 60 }
keep { days = 30 }
EOF
		mv $s.conf $s/session.conf
	done
}
made_findings() { # auditor, record, findings
	awk -v who="$1" -v record="$2" -v n="$3" '
	function q(s) { return "\"" s "\"" }
	BEGIN {
		split("none low medium high critical", sev, " ")
		split("open confirmed disputed fixed withdrawn", sta, " ")
		split("unchanged moved changed absent", reg, " ")
		split("missing partial present", fix, " ")
		split("121 787 416 79 476", cwe, " ")
		commit = "4141414141414141414141414141414141414141"
		old = "4040404040404040404040404040404040404040"
		printf "{\"format\":\"vitrine-findings\",\"version\":1,\"title\":\"ft400\",\n"
		printf "\"auditor\":%s,\"record\":%s,\"head\":\"9 lusab-babad\",\"exported\":%.0f,\n", q(who), q(record), 1700000000000 + n
		printf "\"proof\":\"no network: held\\nread-only: held\\nswap: not shown\",\n"
		printf "\"certificates\":[\"strcpy in v4.1: 12 lines in 7 of 120 files, 3 files not text\"],\n\"coverage\":["
		for (i = 0; i < 12; i++)
			printf "%s{\"release\":\"v4.1\",\"folder\":\"src/part%d\",\"files\":9,\"lines\":1000,\"seen\":%d,\"reviewed\":%d}", (i ? "," : ""), i, i * 80, i * 40
		printf "],\n\"lines\":[{\"release\":\"v4.1\",\"commit\":%s,\"files\":[", q(commit)
		for (i = 0; i < 12; i++)
			printf "%s{\"path\":\"src/part%d/f.c\",\"lines\":400,\"seen\":\"%d-%d\",\"reviewed\":\"%d-%d\"}", (i ? "," : ""), i, 1 + length(who) * 10, 300, 1 + length(who) * 20, 200
		printf "]}],\n\"releases\":[{\"name\":\"v4.0\",\"commit\":\"%s\"},{\"name\":\"v4.1\",\"commit\":\"%s\",\"status\":\"production\"}],\n\"items\":[", old, commit
		for (i = 1; i <= n; i++) {
			printf "%s{\"type\":\"finding\",\"number\":%d,\"created\":1690000000000,\"changed\":1690000001000,", (i > 1 ? ",\n" : ""), i
			printf "\"title\":\"Length %d <b>of</b> an element & \\\"more\\\"\",", i
			printf "\"text\":\"See V1 c=414141414141 b=4242424242ab L%d-%d h=0123456789abcdef p=src/part%d/f.c for it.\",", i, i + 3, i % 12
			printf "\"claim\":\"A long element number %d of %s runs over.\",\"evidence\":\"Read.\",\"remediation\":\"Compare before use.\",", i, who
			printf "\"severity\":%s,\"confidence\":\"firm\",\"status\":%s,\"cwe\":\"CWE-%s\",", q(sev[i % 5 + 1]), q(sta[i % 5 + 1]), cwe[i % 5 + 1]
			printf "\"cvss3\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\",\"cvss4\":\"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N\","
			if (i % 3 == 0)
				printf "\"red\":\"SECRET-%s-%d\",\"recipients\":[\"operator\"],", who, i
			if (i % 7 == 0)
				printf "\"requirements\":[\"CWE-787\"],"
			printf "\"anchor\":{\"commit\":\"%s\",\"path\":\"src/part%d/a_file_%d.c\",\"first\":%d,\"last\":%d,\"region\":\"%064d\"},", commit, i % 12, i, i, i + 3, i
			printf "\"code\":\"%016x\",\"places\":[{\"release\":\"v4.0\",\"region\":\"%s\",\"fix\":\"%s\"}]}", i, reg[i % 4 + 1], fix[i % 3 + 1]
		}
		printf ",{\"type\":\"question\",\"number\":%d,\"created\":1690000000000,\"changed\":1690000000000,\"title\":\"Why MD5?\",\"text\":\"Who asked for it?\",\"due\":1695000000000}", n + 1
		printf "]}\n"
	}' </dev/null >x/findings.json
}
made_case() { # findings
	mkdir -p x
	made_sessions
	for who in alice bob carol; do
		for s in one two; do
			made_findings $who "00$who$s" $(($1 / 6))
			sign_and_seal $s-$who.age $who.key
		done
	done
	"$report" add -i identity -s one/session.conf one-*.age &&
	"$report" add -i identity -s two/session.conf two-*.age &&
	"$report" person eva eva.pub 'Eva Example' evaluator -n eva &&
	"$report" vote F-1 low 'behind a login' -S eva.key &&
	"$report" same F-1 F-2 'one length' -S eva.key &&
	"$report" rule F-1 high 'reachable' -S eva.key &&
	printf 'customer,product,release,component\nAcme,FT-400,v4.1,core\nAcme,FT-400,v4.0,core\nBo "<x>" Ltd,FT-400,v3.9,core\n' | sed 's/Bo "<x>" Ltd/"Bo ""<x>"" Ltd"/' >deployments.csv &&
	"$report" deployments deployments.csv -n eva &&
	"$report" state F-3 v3.9 not-affected 'older design' -S eva.key &&
	"$report" checklist "$lists/cwe-top-25" -n eva &&
	"$report" result cwe-top-25 CWE-79@core pass 'no page is made from input' -S eva.key
}
