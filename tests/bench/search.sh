#!/bin/sh
# Searching as a whole process, walls and start of the rooms included, beside
# "git grep -P" and, when it is there, ripgrep; medians, in turns.
#
# make bench INPUT=path     a repository or a session; REPO names the
#                           repository behind a session for the peers
#
# BUILD, ROUNDS (5), LIMIT (60 seconds for one run), QUERIES (a pattern of
# names).  Nothing here is a test: it prints figures.  Every line of every
# program is counted; where the counts differ the first difference is shown
# (--text/-a for all: no peer is told to skip a file).
set -u
cd "$(dirname "$0")/../.." || exit 2
vitrine=$PWD/${BUILD:-build}/bin/vitrine
rounds=${ROUNDS:-5} limit=${LIMIT:-60} cores=$(getconf _NPROCESSORS_ONLN)
input=${INPUT:?INPUT is a repository or a session}
repo=$(cd "${REPO:-$input}" && git rev-parse --absolute-git-dir) || exit 2
rev=${REV:-HEAD}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8
set -- --rev "$rev"
[ ! -f "$input/manifest" ] || [ -n "${REV-}" ] || set --

# ripgrep reads files: those of the revision, laid out without filters.
rg=$(command -v rg)
if [ -n "$rg" ]; then
	mkdir "$work/files"
	git --git-dir="$repo" archive "$rev" | tar -x -C "$work/files"
fi

# The queries of the measurements the design rests on: name, flags, pattern.
cat >"$work/queries" <<'END'
rare_lit - hv_kexec_handler
memcpy - memcpy
return0 - return 0;
short2 - =>
word - \bkmalloc\b
ci_rare -i buffer overflow
ci_alt -i \b(todo|fixme|xxx|hack)\b
unsafe - \b(strcpy|strcat|sprintf|gets|vsprintf)\s*\(
midlit - \w+->\w*refcount\w*\s*=\s*[0-9]+
twolit - strcpy\(.*,.*->.*\)
nolit - \w{5}\s+\w{5}\s+\w{5}
cls - [A-Z]{6,}_[0-9]{4,}
ip - \b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b
hex64 - 0x[0-9a-fA-F]{16}
tws - [ \t]+$
anchor - ^#\s*include\s+<crypto/\w+\.h>
nomatch - zqxjkvbpwm_nomatch
nomatch_re - EXPORT_SYMBOL_GPL\(zz\w+_nomatch\)
chinese - 内存
secrets -i (password|passwd|secret|api_?key|token)\s*[:=]\s*["'][^"']{4,}["']
privkey - -----BEGIN [A-Z ]*PRIVATE KEY-----
url - https?://[^\s"'<>]+
backref - \b(\w+)[^\S\n]*=[^\S\n]*\1[^\S\n]*;
lookaround - (?<!\w)copy_from_user[^\S\n]*\((?!.*sizeof)
END

# One lap: milliseconds to LAPS.NAME, output to OUT.NAME.
lap() { # whose, command...
	whose=$1
	shift
	begin=$(date +%s%N)
	timeout "$limit" "$@" 2>"$work/said.$whose" | cat >"$work/out.$whose"
	end=$(date +%s%N)
	awk -v t=$((end - begin)) 'BEGIN { printf "%.2f\n", t / 1000000 }' \
	    >>"$work/laps.$whose"
}
median() {
	sort -n "$work/laps.$1" 2>/dev/null | awk '
	{ at[NR] = $1 }
	END {
		if (NR == 0) print "-"
		else if (NR % 2) printf "%.1f\n", at[(NR + 1) / 2]
		else printf "%.1f\n", (at[NR / 2] + at[NR / 2 + 1]) / 2
	}'
}
ratio() { # theirs, ours
	awk -v a="$1" -v b="$2" 'BEGIN {
		if (a + 0 > 0 && b + 0 > 0) printf "%.2f", a / b
		else printf "-"
	}'
}
# Without the revision, in one order, bytes alone.
plain() { # name
	case $1 in
	rg) sed 's,^\./,,' "$work/out.rg" ;;
	*) cut -d: -f2- "$work/out.$1" ;;
	esac | LC_ALL=C sort >"$work/plain.$1"
}
compare() { # peer
	plain "$1"
	cmp -s "$work/plain.vitrine" "$work/plain.$1" && return
	LC_ALL=C comm -3 "$work/plain.vitrine" "$work/plain.$1" \
	    >"$work/differ"
	printf '  %s: %s lines only there, %s only in vitrine; ' "$1" \
	    "$(grep -c "^$(printf '\t')" "$work/differ")" \
	    "$(grep -vc "^$(printf '\t')" "$work/differ")"
	printf 'in:'
	tr -d '\t' <"$work/differ" | cut -d: -f1 | sort -u | head -n 4 |
	    tr '\n' ' ' | LC_ALL=C tr -c ' -~\n' '?'
	printf '\n'
}

echo "input: $input, revision: $rev, cores: $cores, rounds: $rounds," \
    "load: $(cut -d' ' -f1 /proc/loadavg)"
[ -n "$rg" ] || echo 'ripgrep is not here'
printf '%-11s %9s %9s %9s %9s %8s %8s %s\n' query vitrine --count git-grep \
    ripgrep 'git/v' 'rg/v' lines
while read -r name flags pattern; do
	case $name in ${QUERIES:-*}) ;; *) continue ;; esac
	rm -f "$work"/laps.*
	[ "$flags" = - ] && flags=
	for i in $(seq "$rounds"); do
		lap vitrine "$vitrine" --search "$pattern" $flags "$@" "$input"
		lap count "$vitrine" --search "$pattern" $flags --count "$@" \
		    "$input"
		lap git git --git-dir="$repo" grep -a -n -P $flags \
		    --threads="$cores" -e "$pattern" "$rev"
		[ -z "$rg" ] || (cd "$work/files" && lap rg "$rg" -P -n -a \
		    -uuu --no-heading $flags -e "$pattern" .)
	done </dev/null
	v=$(median vitrine) g=$(median git) r=$(median rg)
	printf '%-11s %9s %9s %9s %9s %8s %8s %s\n' "$name" "$v" \
	    "$(median count)" "$g" "$r" "$(ratio "$g" "$v")" \
	    "$(ratio "$r" "$v")" "$(wc -l <"$work/out.vitrine")"
	[ "$(cat "$work/out.count")" = "$(wc -l <"$work/out.vitrine")" ] ||
	    echo "  --count says $(cat "$work/out.count")"
	grep -q '^COMPLETE' "$work/said.vitrine" ||
	    cp "$work/said.vitrine" "$work/partial"
	plain vitrine
	compare git
	[ -z "$rg" ] || compare rg
done <"$work/queries"
if [ -f "$work/partial" ]; then
	echo 'not everything could be searched; the last certificate:'
	sed 's/^/  /' "$work/partial"
fi
echo 'milliseconds, medians of whole processes; multi-line queries are left' \
    'out: no peer but ripgrep has them, and --search has no option for them'
exit 0
