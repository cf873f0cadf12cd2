#!/bin/sh
# The house rules hold: each is shown a house that keeps it, which it must
# pass, and then the same house with one thing wrong, which it must name.
set -u
. tests/tap.sh
top=$(pwd)
work=$(mktemp -d)
said=$work/said
trap 'rm -rf "$work"' EXIT
house=$work/house

unset MAKEFLAGS MFLAGS EXTRA HARDEN OPT CFLAGS LDFLAGS WERROR
export BUILD=build CC=${CC:-cc}

clean_house() {
	rm -rf "$house"
	mkdir -p "$house"/core "$house"/notes "$house"/policy "$house"/tui \
	    "$house"/tests/core
	cd "$house" || exit 1
	cp "$top"/tests/*.sh "$top"/tests/*.awk "$top"/tests/*.mk "$top"/tests/doors \
	    "$top"/tests/links tests/
	cp "$top"/Makefile "$top"/.clang-format .
	cp "$top"/core/err.[ch] core/
	cp "$top"/tests/names tests/
	printf '#pragma once\n\nint sum_of(int a, int b);\n' >core/sum.h
	printf '#include "core/sum.h"\n\nint\nsum_of(int a, int b)\n{\n%s' \
	    '	return a + b;
}
' >core/sum.c
	printf '#pragma once\n\n#include "core/err.h"\n' >core/io.h
	for h in tui/reading tui/noting notes/book policy/gate; do
		printf '#pragma once\n\n#include "core/sum.h"\n' >$h.h
	done
	printf '#include "tui/reading.h"\n\nextern const int view_one;\n%s' \
	    'const int view_one = 1;
' >tui/view_one.c
}

build() {
	for f in core/*.c notes/*.c policy/*.c tui/*.c; do
		[ -f "$f" ] || continue
		mkdir -p "build/${f%/*}"
		$CC -std=gnu11 -D_GNU_SOURCE -O2 -D_FORTIFY_SOURCE=2 -w -I. \
		    -c "$f" -o "build/${f%.c}.o" || return 1
	done
}

passes() { # rule
	sh "tests/$1.sh" build >"$work/said" 2>&1
	rc=$?
	if [ $rc = 77 ]; then
		skips "$(cat "$work/said")" "$1: a house in order passes"
	else
		result $rc "$1: a house in order passes"
	fi
}

catches() { # rule, what it must say, claim
	if sh "tests/$1.sh" build >"$work/said" 2>&1; then
		result 1 "$1: $3"
	else
		grep -q -- "$2" "$work/said"
		result $? "$1: $3"
	fi
}

# A source with one function that uses something.
plant() { # file, declaration, statement
	stem=${1##*/}
	stem=${stem%.c}
	[ "${stem#view_}" = "$stem" ] || printf '#include "tui/noting.h"\n' >"$1"
	printf '%s\nvoid %s_go(void);\n\nvoid\n%s_go(void)\n{\n\t%s\n}\n' \
	    "$2" "$stem" "$stem" "$3" >>"$1"
}

clean_house
build
for rule in top layers doors names sizes format headers; do
	passes $rule
done

# Who may include whom.
includes() { # file, header, what it says, claim
	clean_house
	{
		echo "#include \"$2\""
		case $1 in tui/view_*) echo '#include "tui/reading.h"' ;; esac
	} >"$1"
	catches layers "$3" "$4"
}
includes core/bad.c tui/reading.h 'core may not know tui' \
    'core may not include tui'
includes notes/bad.c policy/gate.h 'notes may not know policy' \
    'notes may not include policy'
includes policy/bad.h notes/book.h 'policy may not know notes' \
    'policy may not include notes'
includes tui/view_bad.c tui/noting.h 'a view runs in one room' \
    'a view of both rooms is refused'
includes tui/view_bad.c core/io.h 'a view has no files' \
    'a view has no files'
clean_house
echo '#include "core/io.h"' >>core/err.h
catches layers 'in a circle: .*core/err.h' 'headers in a circle are found'
clean_house
printf '#include "core/err.h"\n#include "core/sum.h"\n' >core/sum.c
catches layers 'its own header' 'a file includes its own header first'
clean_house
rm tui/view_one.c
printf 'int view_none;\n' >tui/view_none.c
catches layers 'includes 0 of' 'a view that names no room is refused'

# The doors: every planted file at once, each must be named with its door.
: >"$work/expected"
clean_house
breaks() { # door, file, declaration, statement
	plant "$2" "$3" "$4"
	echo "$2 uses $1" >>"$work/expected"
}
breaks curses tui/view_a.c 'int initscr(void);' 'initscr();'
breaks curses core/a.c '#include <curses.h>' ';'
breaks git2 tui/b.c 'int git_libgit2_init(void);' 'git_libgit2_init();'
breaks pcre2 tui/c.c 'int pcre2_config_8(int, void *);' 'pcre2_config_8(0, 0);'
breaks sodium core/d.c 'int sodium_init(void);' 'sodium_init();'
breaks sqlite notes/e.c 'int sqlite3_initialize(void);' 'sqlite3_initialize();'
breaks confuse tui/f.c 'void cfg_free(void *);' 'cfg_free(0);'
breaks jansson notes/g.c 'void *json_object(void);' 'json_object();'
breaks encodings tui/h.c '#include <iconv.h>' 'iconv_open("a", "b");'
breaks utf8proc tui/i.c 'int utf8proc_category(int);' 'utf8proc_category(0);'
breaks nettle notes/j.c 'void nettle_sha256_init(void *);' 'nettle_sha256_init(0);'
breaks network tui/view_k.c '#include <sys/socket.h>' 'connect(0, 0, 0);'
breaks socket core/l.c '#include <sys/socket.h>' 'socket(1, 1, 0);'
breaks messages tui/m.c '#include <sys/socket.h>' 'recv(0, 0, 0, 0);'
breaks threads core/n.c 'int pthread_create(void *, void *, void *, void *);' \
    'pthread_create(0, 0, 0, 0);'
breaks shell notes/o.c '#include <stdlib.h>' 'system("true");'
breaks process policy/p.c '#include <unistd.h>' 'fork();'
breaks process tui/q.c '#include <unistd.h>' 'execlp("a", "a", (char *)0);'
breaks walls tui/view_r.c '#include <unistd.h>' 'syscall(39);'
breaks limits core/s.c '#include <sys/prctl.h>' 'prctl(1);'
breaks files tui/view_t.c '#include <stdio.h>' 'fopen("a", "r");'
breaks files core/u.c '#include <fcntl.h>' 'open("a", 0);'
breaks files notes/v.c '#include <stdio.h>' 'rename("a", "b");'
breaks loading core/w.c '#include <dlfcn.h>' 'dlopen("a", 1);'
breaks terminal notes/x.c '#include <sys/ioctl.h>' 'ioctl(0, TIOCSTI, "x");'
breaks unsafe core/y.c '#include <string.h>' 'extern char *a, *b; strcpy(a, b);'
breaks unsafe core/z.c '#include <string.h>' \
    'extern char *a; strcpy(a, "folded into a store");'
breaks machine core/aa.c '' '__asm__("nop");'
build
sh tests/doors.sh build >"$work/doors" 2>&1
while read -r want; do
	cp "$work/doors" "$work/said"
	grep -q "^$want " "$work/doors"
	result $? "doors: $want, and is seen"
done <"$work/expected"
clean_house
plant core/git_tree.c 'int git_libgit2_init(void);' 'git_libgit2_init();'
plant core/words.c '' '/* strcpy() and "gets" are words here */ ;'
build
passes doors
rm build/core/words.o
catches doors 'core/words.c: not built' 'what was not built is not passed'

# Names.
clean_house
printf 'int filter(int a);\nint filter(int a) { return a; }\n' >core/bad.c
build
catches names 'global filter does not begin with bad_' \
    'a global without its prefix is named'
catches names 'filter is the name of a library function' \
    'a global that would replace a library function is named'

# Sizes and layout.
long() { # lines in the body of one function
	printf 'int bad_long(int a);\n\nint\nbad_long(int a)\n{\n'
	for i in $(seq "$1"); do printf '\ta += %d;\n' "$i"; done
	printf '\treturn a;\n}\n'
}
clean_house
long 77 >core/bad.c
passes sizes
long 90 >core/bad.c
catches sizes 'bad_long has 93 lines' 'a function of 93 lines is too long'
clean_house
seq -f '/* %g */' 801 >notes/bad.h
catches sizes 'notes/bad.h has 801 lines' 'a file of 801 lines is too long'
clean_house
: >1001
catches top '1001: nothing of that name' 'a file left at the top level is seen'
if sh tests/format.sh >"$work/said" 2>&1; [ $? = 77 ]; then
	skips "$(cat "$work/said")" "format: a crooked line is seen"
else
	clean_house
	printf 'int  bad( void )  ;\n' >core/bad.h
	catches format 'core/bad.h: not as' 'a crooked line is seen'
fi
clean_house
printf '#pragma once\n\nstruct bad {\n\tstruct str text;\n};\n' >core/bad.h
catches headers 'core/bad.h' 'a header that needs another first is found'

# What the compiler holds.
refuses() { # target, what it must say, claim
	if make -s "$1" >"$work/said" 2>&1; then
		result 1 "build: $3"
	else
		grep -q -- "$2" "$work/said"
		result $? "build: $3"
	fi
}
clean_house
cat >core/bad.c <<'EOF'
#include "core/err.h"

enum err bad_go(void) MUST_CHECK;
void bad_ignore(enum err (*fn)(void) MUST_CHECK);

void
bad_ignore(enum err (*fn)(void) MUST_CHECK)
{
	fn();
}
EOF
refuses build/core/bad.o 'unused-result' \
    'a result that must be checked cannot be dropped'
clean_house
cat >tests/core/t_bad.c <<'EOF'
static void
nothing_is_proved(void **state)
{
	(void)state;
}

int
main(void)
{
	return 0;
}
EOF
refuses build/tests/core/t_bad.o 'unused-function' \
    'a test that is not run does not compile'
clean_house
printf 'int view_up(void);\nint bad_go(void);\n\nint\nbad_go(void)\n{\n\treturn view_up();\n}\n' \
    >core/bad.c
printf 'int view_up(void);\n\nint\nview_up(void)\n{\n\treturn 1;\n}\n' >tui/up.c
printf 'int bad_go(void);\n\nint\nmain(void)\n{\n\treturn bad_go();\n}\n' \
    >tests/core/t_bad.c
refuses build/tests/core/t_bad 'undefined reference to .view_up' \
    'core that calls upward does not link'
clean_house
make -s build/gen/views_reading.inc >"$work/said" 2>&1
grep -qx 'X(one)' build/gen/views_reading.inc
result $? 'build: a view is in the table because its file is there'

# What stands in the executables.
program() { # name, flags...
	name=$1
	shift
	mkdir -p "build/${name%/*}"
	printf '#include <string.h>\nint main(int c, char **v) { char a[64]; %s' \
	    'strncpy(a, v[0], 63); a[63] = 0; return a[c & 63]; }' |
	    $CC -x c -O1 "$@" -w -o "build/$name" - ${libs-} 2>"$work/said"
}
good='-fPIE -pie -fstack-protector-all -Wl,-z,relro,-z,now -Wl,-z,noexecstack'
clean_house
program libexec/vitrine/room_desk $good
program bin/vitrine-kiosk -fPIE -static-pie -fstack-protector-all \
    -Wl,-z,relro,-z,now
passes hardening
weaker() { # what it must say, claim, flags...
	said=$1 claim=$2
	shift 2
	clean_house
	program bin/vitrine $good "$@"
	catches hardening "$said" "$claim"
}
weaker 'not position independent' 'a fixed address is seen' -fno-pie -no-pie
weaker 'not all symbols are bound' 'lazy binding is seen' -Wl,-z,lazy
weaker 'no RELRO' 'a missing RELRO is seen' -Wl,-z,norelro
weaker 'no stack canary' 'a missing canary is seen' -fno-stack-protector
weaker 'stack may be executable' 'an executable stack is seen' \
    -Wl,-z,execstack
clean_house
program bin/vitrine-kiosk $good
catches hardening 'must be static' 'a kiosk with a loader is seen'
clean_house
libs='-Wl,--no-as-needed -lncursesw'
program libexec/vitrine/room_desk $good
passes links
libs='-Wl,--no-as-needed -lncursesw -lsodium'
program libexec/vitrine/room_desk $good
catches links 'room_desk is linked with libsodium' \
    'a library too many is seen'
libs=
program libexec/vitrine/room_new $good
catches links 'room_new: no line' 'an executable that nobody listed is seen'

# The runner itself counts right.
runner() { # script text; the count goes to said
	clean_house
	mkdir -p tests/journeys
	printf '%s\n' "$1" >tests/journeys/j_x.sh
	LIMIT=${limit:-60} sh tests/run.sh journeys >"$work/said" 2>&1
}
counts() { # line, claim
	[ "$(tail -n 1 "$work/said")" = "$1" ]
	result $? "run: $2"
}
runner 'printf "1..2\nok 1 - a\nnot ok 2 - b\n"'
counts '1 passed, 1 failed, 0 skipped' 'a failed test is counted'
runner 'printf "1..3\nok 1 - a\n"'
counts '1 passed, 1 failed, 0 skipped' 'a script that ends early has failed'
runner 'printf "1..1\nok 1 - a\n"; exit 1'
counts '1 passed, 1 failed, 0 skipped' 'an exit status is not overlooked'
limit=2
runner 'sleep 60'
limit=
counts '0 passed, 1 failed, 0 skipped' 'what hangs is killed and has failed'
runner 'echo "no input here"; exit 77'
counts '0 passed, 0 failed, 1 skipped' 'skipped is not passed'
runner 'printf "1..2\nok 1 - a\nok 2 - b # SKIP no input\n"'
counts '1 passed, 0 failed, 1 skipped' 'one skipped test is counted as such'
runner 'printf "1..2\nok 1 - a\n# because: no ink\nnot ok 2 # SKIP b\n"'
counts '1 passed, 0 failed, 1 skipped' 'so is one that cmocka skipped'
grep -qx 'skipped  tests/journeys/j_x: b: no ink' "$work/said"
result $? 'run: the reason is said'

echo "1..$n"
exit $status
