#!/bin/sh
# Every key and command that vitrine.1 names is one of the program's, and what
# it says of a view is a key of that view.
set -u
. tests/tap.sh
said=$(mktemp)
trap 'rm -f "$said" "$said".*' EXIT

# FILE NAME KEYS... of every command there is.
for f in tui/*.c; do
	grep -oE '\{ "[a-z-]+", (NULL|"[^"]+")' "$f" | tr -d '{",' |
	    sed "s|^|${f##*/}|"
done >"$said.tables"

# Where the keys of an item's text have to be.
files() { # item
	case $1 in
	gx) echo view_export.c ;;
	T) echo view_worklist.c ;;
	gw) echo view_lists.c ;;
	gn) echo view_notes.c ;;
	gt) echo view_today.c view_page.c ;;
	gE) echo view_pages.c view_parcel.c ;;
	:my-approvals) echo view_approvals.c ;;
	*) echo any ;;
	esac
}

# ITEM TOKEN: "-" is the item of what names an item itself.
tokens() { # page
	awk '/^\.Sh /{ p = /THE RECORD|^\.Sh READING/ }
	    !p { next }
	    /^\.It /{ item = ""; own = 1 }
	    /^\.(It )?(Cm|Ic) /{
		sub(/^\.(It )?(Cm|Ic) /, ""); gsub(/\\&/, ""); gsub(/\\\(aq/, "\047")
		n = split($0, word, " ")
		for (i = 1; i <= n; i++) {
			w = word[i]
			if (w == "Ns" || w == "Ar" || w == "letter" || w == "Cm" ||
			    w == "name" || w ~ /.=/ || (i == n && i > 1 && w ~ /^[,.]$/))
				continue
			if (item == "")
				item = w
			print (own ? "-" : item), w
		}
	    }
	    { own = 0 }' "$1"
}

known() { # item token
	item=$1 token=$2
	case $token in
	wrap | numbers | invisibles | coverage | mouse | ,) return 0 ;;
	Enter) return 0 ;;
	:*)
		grep -qF " ${token#:} " "$said.names" ||
		    [ -f "tui/view_${token#:}.c" ]
		return
		;;
	Ctrl-?)
		[ "$item" != - ] && return 0 # of a form, which has no table
		token=C-$(echo "${token#Ctrl-}" | tr A-Z a-z)
		;;
	m | \') [ "$item" = '<' ] || [ "$item" = - ] && return 0 ;;
	esac
	for f in $(files "$item"); do
		[ "$f" = any ] && f=
		KEY=$token awk -v f="$f" 'f == "" || $1 == f {
			for (i = 3; i <= NF; i++)
				if ($i == ENVIRON["KEY"]) found = 1
		    } END { exit !found }' "$said.tables" && return 0
	done
	return 1
}

wrong() { # page
	tokens "$1" | sort -u | while read -r item token; do
		known "$item" "$token" || echo "$item: no $token"
	done
}

sed 's|\.c\([a-z-]\)|.c \1|' "$said.tables" >"$said.new"
mv "$said.new" "$said.tables"
awk '{ print " " $2 " " }' "$said.tables" >"$said.names"

tokens man/vitrine.1 | grep -c . >"$said"
[ "$(cat "$said")" -gt 90 ]
result $? 'the page names keys'
wrong man/vitrine.1 >"$said"
[ ! -s "$said" ]
result $? 'every key and command of vitrine.1 is one of the program'

sed -e 's/^\.It Cm gj$/.It Cm gz/' -e 's/^\.Ic :set$/.Ic :sat/' \
    -e '/^the proof of the walls,$/{n;s/f/m/;}' man/vitrine.1 >"$said.page"
wrong "$said.page" >"$said"
printf '%s\n' '-: no gz' 'gx: no m' 'ot: no :sat' | sort >"$said.want"
sort "$said" | cmp -s - "$said.want"
result $? 'a key that is not there, or of another view, is found'
echo "1..$n"
exit $status
