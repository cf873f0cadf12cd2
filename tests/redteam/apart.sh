#!/bin/sh
# Rooms as users of their own, in a real session of somebody who logs in: part
# of root.sh, whose mount namespace it needs.  TAP.
#
# apart.sh PLACE          everything, with the station in PLACE
# apart.sh PLACE look     asked while the session runs: who is who, what each
#                         may do to the others; prints what should not be
# apart.sh PLACE pid      of the launcher
# apart.sh PLACE one      the same where rooms are one user: what then works
set -u
place=$1 what=${2-}
person=4244 reading=4251 notes=4252
data=$place/data/$person

# As that user, with no other right.
as() { # NUMBER COMMAND...
	id=$1
	shift
	setpriv --reuid "$id" --regid "$id" --clear-groups "$@" \
	    >/dev/null 2>&1
}

launcher() {
	for p in /proc/[0-9]*; do
		[ "$(cat "$p/comm" 2>/dev/null)" = vitrine ] &&
		    tr '\0' '\n' <"$p/cmdline" | grep -qxF -- "$data" &&
		    echo "${p#/proc/}" && return
	done
}

room() { # NAME: its pid
	for p in /proc/[0-9]*; do
		[ "$(cat "$p/comm" 2>/dev/null)" = "room_$1" ] &&
		    grep -q "^PPid:	$(launcher)\$" "$p/status" &&
		    echo "${p#/proc/}" && return
	done
}

field() { # PID NAME: all of a line of its status, one blank between
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr -s '\t' ' '
}

bad=0
wrong() {
	echo "$*"
	bad=1
}

is() { # ROOM NUMBER: all four users and groups, nothing else, no right
	pid=$(room "$1")
	[ -n "$pid" ] || { wrong "$1 does not run"; return; }
	for f in Uid Gid; do
		[ "$(field "$pid" $f)" = "$2 $2 $2 $2" ] ||
		    wrong "$1: $f $(field "$pid" $f), not $2"
	done
	case "$(field "$pid" Groups | tr -d ' ')" in
	'' | "$2") ;; # of a login: its own again
	*) wrong "$1: groups $(field "$pid" Groups)" ;;
	esac
	for f in CapPrm CapEff CapAmb; do
		[ "$(field "$pid" $f)" = 0000000000000000 ] ||
		    wrong "$1: $f $(field "$pid" $f)"
	done
}

case $what in
look)
	is desk $person
	for r in reading worker search; do is $r $reading; done
	for r in notes check; do is $r $notes; done
	# kill, setgid, setuid and no other
	[ "$(field "$(launcher)" CapEff)" = 00000000000000e0 ] ||
	    wrong "launcher: CapEff $(field "$(launcher)" CapEff)"
	[ "$(field "$(launcher)" Uid)" = "$person $person $person $person" ] ||
	    wrong "launcher: Uid $(field "$(launcher)" Uid)"

	record=$(find "$place/record" -name record.db)
	[ -n "$record" ] || wrong "no record was made"
	as $notes cat "$record" || wrong "control: notes reads the record"
	for who in $person $reading; do
		! as $who cat "$record" || wrong "$who reads the record"
		! as $who ls "$place/record" || wrong "$who lists the records"
		! as $who rm -rf "${record%/*}" || wrong "$who removes the record"
		! as $who mv "$place/record" "$place/record.old" ||
		    wrong "$who moves the record"
		as $notes kill -0 "$(room notes)" ||
		    wrong "control: a signal from its own user arrives"
		! as $who kill -0 "$(room notes)" ||
		    wrong "$who can signal the notes room"
		! as $who kill -0 "$(room check)" ||
		    wrong "$who can signal the checker"
	done
	! as $notes kill -0 "$(room reading)" ||
	    wrong "the notes room's user can signal the reading room"
	! as $reading kill -0 "$(room desk)" ||
	    wrong "the reading rooms' user can signal the desk"
	exit $bad
	;;
pid)
	launcher
	exit
	;;
one)
	for r in desk reading worker search notes check; do is $r $person; done
	record=$(find "$data" -name record.db)
	[ -n "$record" ] || wrong "no record was made"
	as $person cat "$record" || wrong "the record cannot be read"
	as $person kill -0 "$(room notes)" ||
	    wrong "the notes room cannot be signalled"
	exit $bad
	;;
esac

. tests/tap.sh
BUILD=${BUILD:-build}
play=$BUILD/tests/journeys/play
if ! command -v setpriv >/dev/null; then
	echo 'ok 1 - rooms are users of their own # SKIP no setpriv'
	echo 1..1
	exit 0
fi

# A process that can be traced, for who may look into whom.
setpriv --reuid $notes --regid $notes --clear-groups sleep 600 &
other=$!
tries=0
until [ "$(field $other Uid)" = "$notes $notes $notes $notes" ] &&
    [ "$(cat /proc/$other/comm)" = sleep ]; do
	tries=$((tries + 1))
	[ $tries -lt 600 ] || break
	sleep 0.1
done
as $notes cat /proc/$other/environ && as $notes head -c 1 /proc/$other/maps
result $? "control: a process can be looked into by its own user"
! as $reading cat /proc/$other/environ &&
    ! as $reading head -c 1 /proc/$other/maps
result $? "a process of the notes rooms' user cannot by the reading rooms'"
kill $other

# The station: programs, a session, folders.
cp -r "$BUILD/bin" "$BUILD/libexec" "$place/"
mkdir -p "$place/data" "$place/sessions" /etc/vitrine/trusted
for f in "$data $person" "$place/reading $reading" "$place/record $notes"; do
	mkdir -p "${f% *}"
	chmod 700 "${f% *}"
	chown "${f##* }:${f##* }" "${f% *}"
done
made=0
sh tests/demo/repo.sh "$place/repo" >/dev/null 2>&1 || made=1
for wall in exec separate_users; do
	sed "s/WALL/$wall/" tests/redteam/session.conf >"$place/$wall.conf"
	"$place/bin/vitrine-lab" provision -c "$place/$wall.conf" \
	    -o "$place/sessions/$wall" "$place/repo" >/dev/null 2>&1 || made=1
	cp "$place/sessions/$wall.pub" /etc/vitrine/trusted/ || made=1
done
chmod -R a+rX "$place/sessions" "$place/bin" "$place/libexec" /etc/vitrine
result $made "a station with sessions is there"
echo "1..$n"

rooms=/etc/vitrine/rooms.conf
login="setpriv --reuid $person --regid $person --clear-groups"
right='--inh-caps=-all,+setuid,+setgid,+kill --ambient-caps=-all,+setuid,+setgid,+kill'
right="$right --bounding-set=-all,+setuid,+setgid,+kill"
"$play" tests/redteam/root/apart.play "PLACE=$place" "DATA=$data" "ROOMS=$rooms" \
    "LOGIN=$login" "ABLE=$login $right" "READING=$reading" "NOTES=$notes" ||
    status=1

# The same by a login on a console.
if ! command -v login >/dev/null || ! ls /lib/*/security/pam_cap.so \
    >/dev/null 2>&1 || ! [ -e /etc/pam.d/login ]; then
	echo 'ok 1 - a login on a console # SKIP no login or no pam_cap.so'
	echo 1..1
	exit $status
fi
mount -t tmpfs none /var/log # who logs in is written down there
cp /etc/pam.d/login /etc/pam.d/login.plain
{
	cat /etc/pam.d/login
	echo '-auth optional pam_cap.so keepcaps defer' \
	    'config=/etc/vitrine/capability.conf'
} >/etc/pam.d/login.able
for name in redroom redshell; do
	echo "^cap_setuid,^cap_setgid,^cap_kill $name"
done >/etc/vitrine/capability.conf
cat >>/etc/passwd <<END
redroom:x:$person:$person::/nonexistent:$place/bin/vitrine-kiosk
redshell:x:4245:4245::/:/bin/sh
END
printf 'redroom:x:%s:\nredshell:x:4245:\n' $person >>/etc/group
printf '%s:*:19000::::::\n' redroom redshell >>/etc/shadow
cat >/etc/vitrine/kiosk.conf <<END
vitrine $place/bin/vitrine
data $place/data
session one $place/sessions/separate_users
END
cat >"$place/become" <<END
#!/bin/sh
for id in 0 4243 $reading $notes; do
	setpriv --reuid \$id --regid \$id --clear-groups true &&
	    echo is-\$id || echo not-\$id
done 2>/dev/null
END
chmod 755 "$place/become"
chmod 644 /etc/vitrine/*.conf
"$play" tests/redteam/root/station_login.play "PLACE=$place" "DATA=$data" \
    "ROOMS=$rooms" "READING=$reading" "NOTES=$notes" \
    KIOSK=/etc/vitrine/kiosk.conf PAM=/etc/pam.d/login || status=1
exit $status
