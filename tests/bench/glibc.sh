#!/bin/sh
# Sourced by benches over a folder of source: $source is the first argument,
# or the source of the Debian package glibc-source, fetched once.
# Uses $build and the temporary folder $work.
source=${1-}
if [ -z "$source" ]; then
	source=$build/corpora/glibc
	if [ ! -d "$source" ]; then
		mkdir -p "$source"
		(cd "$work" && apt-get -qq download glibc-source &&
		    dpkg-deb -x glibc-source_*.deb .) || exit 2
		tar xf "$work"/usr/src/glibc/glibc-*.tar.* -C "$source" || exit 2
	fi
fi
