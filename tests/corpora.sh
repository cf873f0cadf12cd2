#!/bin/sh
# Real repositories to try Vitrine on, built once from packages, outside the
# tree: in ${VITRINE_CORPORA:-$HOME/.cache/vitrine/corpora}.
#
# tests/corpora.sh leveldown    every published release of an npm package
#                               that carries LevelDB and Snappy: commits, tags
# tests/corpora.sh linux        the Debian kernel source as one commit
#
# Prints the repository's path.  Exit status 77 when the input cannot be had,
# with the reason on the last line.
set -u
root=${VITRINE_CORPORA:-$HOME/.cache/vitrine/corpora}
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
GIT_AUTHOR_NAME='Vitrine corpora' GIT_AUTHOR_EMAIL=corpora@vitrine.invalid
GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
LC_ALL=C
export GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL
export GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL LC_ALL
unset GIT_DIR GIT_WORK_TREE

cannot() {
	echo "$*"
	exit 77
}
need() {
	command -v "$1" >/dev/null 2>&1 || cannot "$1 is not installed"
}
commit() { # folder to commit all of, date, message; uses $new
	git --git-dir="$new" --work-tree="$1" -c core.autocrlf=false \
	    -c core.excludesFile=/dev/null add -A -f . &&
	    GIT_AUTHOR_DATE=$2 GIT_COMMITTER_DATE=$2 \
	    git --git-dir="$new" --work-tree="$1" commit -q -m "$3"
}

leveldown() {
	# Nothing is published after this one; a fixed end keeps the ids.
	last=6.1.1
	need npm
	need git
	packs=$root/leveldown.packs
	mkdir -p "$packs"
	(cd "$packs" && npm view leveldown versions --json 2>/dev/null) |
	    grep -o '"[0-9]*\.[0-9]*\.[0-9]*"' | tr -d '"' | sort -V \
	    >"$packs/versions"
	[ -s "$packs/versions" ] ||
	    cannot 'the package registry does not answer npm'
	git init -q --bare --template= -b main "$new"
	# Registries disagree about dates: a week apart, in the order of the
	# numbers, whatever they say.
	day=1344816000
	while read -r version; do
		day=$((day + 604800))
		date="$day +0000"
		tgz=$packs/leveldown-$version.tgz
		[ -f "$tgz" ] || (cd "$packs" &&
		    npm pack --silent "leveldown@$version" >/dev/null 2>&1 </dev/null) ||
		    cannot "leveldown@$version cannot be had from the registry"
		rm -rf "$work/tree"
		mkdir -p "$work/tree"
		tar -xzf "$tgz" -C "$work/tree" --no-same-owner --strip-components=1
		# What a machine built is not source, and most of the bytes.
		rm -rf "$work/tree/prebuilds"
		find "$work/tree" -type f -exec chmod 644 {} +
		find "$work/tree" -name .git\* -prune -exec rm -rf {} +
		commit "$work/tree" "$date" "leveldown $version

As published on npm; prebuilt binaries left out." || exit 1
		GIT_COMMITTER_DATE=$date git --git-dir="$new" tag -a "v$version" \
		    -m "leveldown $version"
		[ "$version" = $last ] && break
	done <"$packs/versions"
	n=$(git --git-dir="$new" tag | wc -l)
	[ "$n" -ge 40 ] || cannot "only $n published releases were found"
}

linux() {
	need git
	tarball=/usr/src/linux-source-6.1.tar.xz
	if [ ! -f $tarball ]; then
		need apt-get
		(cd "$work" && apt-get download -q linux-source-6.1 \
		    >/dev/null 2>&1) ||
		    cannot 'apt-get cannot download linux-source-6.1'
		dpkg-deb --fsys-tarfile "$work"/linux-source-6.1_*.deb |
		    tar -xC "$work" .$tarball ||
		    cannot 'the kernel source package could not be opened'
		tarball=$work$tarball
	fi
	mkdir -p "$work/tree"
	tar -xJf "$tarball" -C "$work/tree" --strip-components=1 || exit 1
	git init -q --bare --template= -b main "$new"
	commit "$work/tree" '2022-12-11T22:15:18+0000' \
	    'Debian kernel source 6.1' || exit 1
}

case ${1-} in
leveldown | linux) ;;
*)
	echo 'usage: tests/corpora.sh leveldown|linux'
	exit 2
	;;
esac
into=$root/$1.git
if [ ! -d "$into" ]; then
	mkdir -p "$root" || cannot "$root cannot be made"
	work=$(mktemp -d "$root/.work.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	new=$work/new.git
	"$1"
	git --git-dir="$new" repack -adq &&
	    rm -f "$new/index" && mv "$new" "$into" || exit 1
fi
echo "$into"
