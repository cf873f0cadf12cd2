#!/bin/sh
# man vitrine-steps, word for word: every line that begins with "$" or "#",
# in its order, by somebody who has nothing but the page.  The station is a
# folder: its commands are given -r.
. "$(dirname "$0")/lib.sh"
top=$PWD
root=$work/root
notes=
mkdir -p "$work/bin" "$root/etc" "$root/var/lib" "$root/usr/bin" \
    "$root/srv" "$work/desk"
printf 'root:x:0:0:root:/root:/bin/bash\n' >"$root/etc/passwd"
printf 'root:x:0:\n' >"$root/etc/group"
printf 'root:*:19000:0:99999:7:::\n' >"$root/etc/shadow"
cat >"$work/bin/vitrine-lab" <<END
#!/bin/sh
[ "\$1" != station ] || { what=\$2; shift 2; set -- station "\$what" \
    -r "$root" "\$@"; }
exec "$bin/vitrine-lab" "\$@"
END
chmod +x "$work/bin/vitrine-lab"
PATH=$work/bin:$PATH
sh tests/demo/repo.sh "$work/desk/repo.git" || exit 1
awk '/^[$#] / {
	line = substr($0, 3)
	while (sub(/\\e$/, "", line) && (getline more) > 0) {
		sub(/^ */, "", more)
		line = line more
	}
	print line
}' man/vitrine-steps.7 >"$work/lines"
[ "$(wc -l <"$work/lines")" -ge 28 ] || { echo 'not ok 1 - the page'; exit 1; }
cd "$work/desk" || exit 1

# What an arrow points at is changed by hand: releases, days, hours.
decide() {
	grep -c '<-' session.conf >"$work/arrows"
	sed -i -e '/^release /d' \
	    -e 's/^session = "[^"]*"/session = "fyrtorn-4"/' \
	    -e 's/^title = "[^"]*"/title = "FT-400, releases 4.0 and 4.1"/' \
	    -e "s/first = \"[0-9-]*\"/first = \"$(
		date -d '1 day ago' +%Y-%m-%d)\"/" \
	    -e 's/from = "09:00" to = "17:30"/from = "00:00" to = "24:00"/' \
	    -e 's/"fri" }/"fri", "sat", "sun" }/' session.conf
	for v in v4.0 v4.1; do
		echo "release \"$v\" { revision = \"$v\"" \
		    'status = "production" }' >>session.conf
	done
	[ "$(cat "$work/arrows")" -ge 6 ]
}

# Only its first signature is there: it does not open yet.
not_yet() {
	mkdir -p "$VITRINE_DATA/trusted" &&
	    cp lab.pub "$VITRINE_DATA/trusted/" || return 1
	"$bin/vitrine" --search x acme 2>"$work/said"
	[ $? = 4 ] || [ $? = 5 ] || :
	grep -q 'needs 2 signatures' "$work/said"
}

# The auditor's day, and the request on the approver's desk.
the_day() {
	(cd "$top" && play steps session="$work/desk/acme"; exit $status) ||
	    return 1
	notes=$(echo "$VITRINE_DATA"/*-jane)
}
the_exit() {
	(cd "$top" && play steps_after session="$work/desk/acme"
	exit $status) || return 1
	ls "$notes"/outbox/*.age >/dev/null
}

while IFS= read -r line <&3; do
	case $line in
	'vitrine-lab sign'*)
		not_yet
		result $? 'before the second signature it does not open' \
		    "$work/said" ;;
	'vitrine-lab rules'*)
		decide
		result $? 'what there is to decide is marked' session.conf ;;
	'systemctl start vitrine-carry')
		the_day
		result $? 'the day' ;;
	'cp -R '*' /mnt/notes')
		the_exit
		result $? 'what was approved has left' ;;
	esac
	typed=$line
	case $line in # of the station: its own folders, and no stick
	*vitrine-carry)
		typed="test -e $root/etc/systemd/system/${line##* }.service" ;;
	mount*|umount*|'systemctl stop srv-'*)
		typed=true ;;
	cp*|chmod*|mkdir*|*'close '*' /mnt/'*)
		typed=$(printf '%s\n' "$line" | sed -e "s,/srv/,$root/srv/,g" \
		    -e "s,/var/lib/vitrine/record/[*]/[*],$notes,g" \
		    -e 's, /var/lib/vitrine/\[0-9]\*/\*$,,' \
		    -e "s, /mnt$, .," -e 's, /mnt/, ,g') ;;
	esac
	sh -c "$typed" >"$work/said" 2>&1 </dev/null
	got=$?
	# Not every row holds of a folder: that answer is 1.
	case $line in
	*'station check'*) [ $got != 1 ] || got=0 ;;
	esac
	result $got "\"$line\"" "$work/said"
done 3<"$work/lines"

[ ! -e acme ] && [ ! -e notes ] && [ ! -e "$notes" ] &&
    [ ! -e "$root/srv/images/acme" ] && [ -s closed/kept/1/journal.db ] &&
    grep -q '^destroyed key .* 1/record.db$' closed/certificate.txt &&
    [ ! -e requests ] && [ ! -e acme.verified ]
result $? 'in the end nothing is left but what must be kept'
[ ! -e "$root/etc/vitrine" ] && [ "$(cat "$root/etc/group")" = 'root:x:0:' ]
result $? 'and the station is a plain machine again'
echo "1..$n"
exit $status
