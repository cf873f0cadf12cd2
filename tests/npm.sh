# Sourced by tests that hold our output against somebody else's program or
# schema: packages of npm, fetched when a test runs, kept under BUILD/npm,
# never part of the sources.
#
# npm_package NAME VERSION: $npm_at is the folder it is in; not 0 when npm is
# not there or cannot reach its registry, $npm_why then says which.
npm_store=$(mkdir -p "${BUILD:-build}/npm" && cd "${BUILD:-build}/npm" && pwd)
npm_why=

npm_package() {
	npm_at=$npm_store/$(printf '%s' "$1-$2" | tr '/@' '__')
	if [ ! -d "$npm_at/package" ]; then
		if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
			npm_why='no npm and node here (apt-get install npm)'
			return 1
		fi
		npm_new=$npm_at.$$
		mkdir -p "$npm_new"
		if ! (cd "$npm_new" && timeout 60 npm pack --silent "$1@$2" \
		    >tarball 2>npm.log && tar xzf "$(tail -n 1 tarball)") \
		    </dev/null; then
			rm -rf "$npm_new"
			npm_why="npm cannot fetch $1 here"
			return 1
		fi
		# Two tests may fetch the same: the first one counts.
		mv -T "$npm_new" "$npm_at" 2>/dev/null || rm -rf "$npm_new"
	fi
	npm_at=$npm_at/package
}
