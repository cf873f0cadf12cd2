#!/bin/sh
# Searching as a whole process, walls and start of the rooms included, beside
# ripgrep (also -P), git grep -P, ugrep and codesearch, those that are here:
# the 26 queries of the measurements the design rests on, medians, in turns.
#
# make bench INPUT=path     a repository or a session; REPO names the
#                           repository behind a session for the peers
#
# BUILD, ROUNDS (5), LIMIT (60 seconds for one run), QUERIES (a pattern of
# names), PEERS (of rg rgP git ugrep csearch), FILES (the revision laid out,
# when it is already), CSEARCHINDEX (an index of it)
# OUTPUT=1    every line is printed, not only counted
# COLD=1      before each run nothing is in the page cache: needs root
# MEMORY=1    at the end, how much memory of their own our rooms have while
#             they search: needs root
#
# Nothing here is a test: it prints figures.  No peer is told to skip a file,
# and where a count differs from ours it is shown.  rg and ugrep know \w and
# \s by Unicode, ours and git grep -P by ASCII: -u would change that.
set -u
cd "$(dirname "$0")/../.." || exit 2
vitrine=$PWD/${BUILD:-build}/bin/vitrine
rounds=${ROUNDS:-5} limit=${LIMIT:-60} cores=$(getconf _NPROCESSORS_ONLN)
input=${INPUT:?INPUT is a repository or a session}
repo=$(cd "${REPO:-$input}" && git rev-parse --absolute-git-dir) || exit 2
rev=${REV:-HEAD} output=${OUTPUT:-} cold=${COLD:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C.UTF-8
ours=
[ -f "$input/manifest" ] || ours="--rev $rev"
files=${FILES:-$work/files}
[ -d "$files" ] || {
	mkdir "$files"
	git --git-dir="$repo" archive "$rev" | tar -x -C "$files"
}
peers=' '
for p in ${PEERS:-rg rgP git ugrep csearch}; do
	command -v "${p%P}" >/dev/null && peers="$peers$p "
done
has() {
	case $peers in *" $1 "*) ;; *) return 1 ;; esac
}
if has csearch && [ -z "${CSEARCHINDEX-}" ]; then
	export CSEARCHINDEX="$work/csearchindex"
	cindex "$files" >/dev/null 2>&1
fi

# name, options, pattern; rgp: only engines with look-around
cat >"$work/queries" <<'END'
rare_lit - hv_kexec_handler
memcpy - memcpy
return0 - return 0;
short2 - =>
word - \bkmalloc\b
ci_rare i buffer overflow
ci_alt i \b(todo|fixme|xxx|hack)\b
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
secrets i (password|passwd|secret|api_?key|token)\s*[:=]\s*["'][^"']{4,}["']
privkey - -----BEGIN [A-Z ]*PRIVATE KEY-----
url - https?://[^\s"'<>]+
backref P \b(\w+)[^\S\n]*=[^\S\n]*\1[^\S\n]*;
lookaround P (?<!\w)copy_from_user[^\S\n]*\((?!.*sizeof)
multi m if \(!\w+\)\s*\n\s*return -ENOMEM;\s*\n\s*\n
multi_br mP kfree\((\w+)\);\s*\n\s*kfree\(\1\);
END

sum() {
	awk -F: '{ n += $NF } END { print n + 0 }'
}

# One lap: milliseconds to LAPS.NAME, those of the processors to CPU.NAME,
# what it printed to OUT.NAME.  Processor time is that of all that has ended.
lap() { # whose, command...
	whose=$1
	shift
	if [ -n "$cold" ]; then
		sync
		echo 3 >/proc/sys/vm/drop_caches || exit 2
	fi
	times >"$work/before"
	begin=$(date +%s%N)
	timeout "$limit" "$@" 2>"$work/said.$whose" >"$work/out.$whose"
	code=$?
	end=$(date +%s%N)
	times >"$work/after"
	[ $code = 124 ] && echo "$whose" >>"$work/late"
	awk -v t=$((end - begin)) 'BEGIN { printf "%.2f\n", t / 1000000 }' \
	    >>"$work/laps.$whose"
	awk 'FNR == 2 {
		gsub(/[ms]/, " ")
		was = is
		is = $1 * 60000 + $2 * 1000 + $3 * 60000 + $4 * 1000
	}
	END { print is - was }' "$work/before" "$work/after" \
	    >>"$work/cpu.$whose"
}

# All of them, once.
round() { # options, pattern
	i='' m='' f=
	case $1 in *i*) i=-i ;; esac
	case $1 in *m*) m=-m ;; esac
	c=-c
	[ -z "$output" ] || c=-n
	[ -n "$output" ] || f=--count
	lap ours "$vitrine" --search "$2" $i $m $f $ours "$input"
	p=
	case $1 in *P*) p=1 ;; esac
	[ -n "$p" ] || ! has rg ||
	    lap rg rg $c -a -uuu $i ${m:+-U} -e "$2" "$files"
	! has rgP && [ -z "$p" ] ||
	    lap rgP rg -P $c -a -uuu $i ${m:+-U} -e "$2" "$files"
	[ -n "$m" ] && return
	! has git || lap git git --git-dir="$repo" grep -a $c -P $i \
	    --threads="$cores" -e "$2" "$rev"
	[ -n "$p" ] && return
	! has ugrep ||
	    lap ug ugrep -r -. $c -a $i -J"$cores" -e "$2" "$files"
	! has csearch || lap cs csearch $c $i -- "$2"
}

median() { # whose, what of it
	if grep -qx "$1" "$work/late" 2>/dev/null; then
		echo '>limit'
		return
	fi
	sort -n "$work/${2:-laps}.$1" 2>/dev/null | awk '
	{ at[NR] = $1 }
	END {
		if (NR == 0) print "-"
		else if (NR % 2) printf "%.1f\n", at[(NR + 1) / 2]
		else printf "%.1f\n", (at[NR / 2] + at[NR / 2 + 1]) / 2
	}'
}
ratio() { # theirs, ours
	awk -v a="$1" -v b="$2" 'BEGIN {
		if (a + 0 > 0 && b + 0 > 0) printf "%.1f", a / b
		else printf "-"
	}'
}
count_of() { # whose
	if [ -n "$output" ]; then
		wc -l <"$work/out.$1"
	else
		sum <"$work/out.$1"
	fi
}

# The rooms of one search and their launcher, looked at as often as can be:
# the most that all of them, and that one of them, had for itself alone.
memory() { # name, options, pattern
	"$vitrine" --search "$3" ${2:+-$2} $ours "$input" >/dev/null 2>&1 &
	launcher=$!
	while kill -0 $launcher 2>/dev/null; do
		for p in $launcher $(pgrep -P $launcher); do
			awk '/^Private_Dirty|^Private_Hugetlb/ { n += $2 }
			END { if (NR) print n }' \
			    /proc/"$p"/smaps_rollup 2>/dev/null
		done | awk '{ all += $1; if ($1 > one) one = $1 }
		END { print all + 0, one + 0 }'
	done | awk -v name="$1" '{
		if ($1 > all) all = $1
		if ($2 > one) one = $2
	}
	END {
		printf "private memory, %s with every line: %.1f MB all rooms" \
		    " together, %.1f MB the largest\n", name, all / 1024,
		    one / 1024
	}'
	wait $launcher
}

# The store as its verification leaves it, which reads it from front to back.
# What faults have brought in one by one stays in small pages, and a search
# through those takes half as long again.
if [ -z "$cold" ] && [ -f "$input/text/store" ]; then
	dd if="$input/text/store" iflag=nocache count=0 2>/dev/null
	cat "$input/text/store" >/dev/null
fi
echo "input: $input, revision: $rev, cores: $cores, rounds: $rounds," \
    "load: $(cut -d' ' -f1 /proc/loadavg), ${output:+every line printed}" \
    "${cold:+nothing cached}"
printf '%-10s %8s %8s %8s %8s %8s %8s %7s %7s %7s %8s %s\n' query vitrine rg \
    rg-P git-P ugrep csearch rg/v best/v cpu/v lines 'other counts'
while read -r name options pattern; do
	case $name in ${QUERIES:-*}) ;; *) continue ;; esac
	rm -f "$work"/laps.* "$work"/cpu.* "$work"/out.* "$work/late"
	for k in $(seq "$rounds"); do
		round "$options" "$pattern"
	done </dev/null
	v=$(median ours) best=
	lines=$(count_of ours)
	row='' other=
	for p in rg rgP git ug cs; do
		t=$(median $p)
		row="$row $(printf '%8s' "$t")"
		case $t in -|'>limit') continue ;; esac
		n=$(count_of $p)
		[ "$n" = "$lines" ] || other="$other $p:$n"
		best=$(awk -v a="${best:-$t}" -v b="$t" \
		    'BEGIN { print a + 0 < b + 0 ? a : b }')
	done
	whose=rg
	[ "$(median rg)" != - ] || whose=rgP
	printf '%-10s %8s%s %7s %7s %7s %8s%s\n' "$name" "$v" "$row" \
	    "$(ratio "$(median $whose)" "$v")" "$(ratio "${best:-0}" "$v")" \
	    "$(ratio "$(median $whose cpu)" "$(median ours cpu)")" "$lines" \
	    "$other"
	grep -q '^COMPLETE' "$work/said.ours" ||
	    cp "$work/said.ours" "$work/partial"
done <"$work/queries"
if [ -f "$work/partial" ]; then
	echo 'not everything could be searched; the last certificate:'
	sed 's/^/  /' "$work/partial"
fi
if [ -n "${MEMORY-}" ]; then
	memory rare_lit '' hv_kexec_handler
	memory memcpy '' memcpy
	memory return0 '' 'return 0;'
	memory nolit '' '\w{5}\s+\w{5}\s+\w{5}'
fi
echo 'milliseconds, medians of whole processes; rg/v: how much longer ripgrep'\
    'takes (rg -P where it alone can); best/v: the fastest peer;'
echo 'cpu/v: the same of processor time, which a busy machine disturbs less'
exit 0
