#include "tests/tui/rig.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "core/encoding.h"
#include "core/search_serve.h"
#include "core/spawn.h"
#include "policy/provision.h"
#include "policy/session.h"
#include "tests/policy/conf.h"
#include "tests/tool.h"
#include "tui/screen.h"

enum { RIG_CORES = 2, HUNG_UP = 77 /* the room: no status of theirs */ };

/*
 * Two releases of an invented daemon.  What stands in them is there to be
 * seen: tabs, a long line, other encodings, bytes that deceive, names that
 * are no good names, a merge, a rename, a missing blob.
 */
static const char script[] =
    "set -e\n"
    "export GIT_CONFIG_NOSYSTEM=1 HOME=\"$PWD\"\n"
    "who() {\n"
    "	GIT_AUTHOR_NAME=$1 GIT_COMMITTER_NAME=$1\n"
    "	GIT_AUTHOR_EMAIL=$2 GIT_COMMITTER_EMAIL=$2\n"
    "	export GIT_AUTHOR_NAME GIT_COMMITTER_NAME\n"
    "	export GIT_AUTHOR_EMAIL GIT_COMMITTER_EMAIL\n"
    "}\n"
    "n=0\n"
    "commit() {\n"
    "	n=$((n + 1))\n"
    "	GIT_AUTHOR_DATE=\"$((1700000000 + n * 86400)) +0100\"\n"
    "	GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE\n"
    "	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE\n"
    "	git add -A\n"
    "	git commit -q -m \"$1\"\n"
    "}\n"
    "git init -q --bare -b main empty\n"
    "git init -q -b main work\n"
    "cd work\n"
    "who 'Ada Example' ada@example.org\n"
    "mkdir -p src doc 'odd names'\n"
    "cat >src/main.c <<'E'\n"
    "#include <stdio.h>\n"
    "#include \"ring.h\"\n"
    "\n"
    "/*\n"
    " * A comment over\n"
    " * some lines.\n"
    " */\n"
    "int\n"
    "main(int argc, char **argv)\n"
    "{\n"
    "	struct ring ring = { 0 };\n"
    "\n"
    "	for (int i = 1; i < argc; i++)\n"
    "		ring_put(&ring, argv[i]); /* one by one */\n"
    "	return ring.n == 0x10 ? 1 : 0;\n"
    "}\n"
    "E\n"
    "cat >src/ring.h <<'E'\n"
    "#define RING_MAX 16\n"
    "\n"
    "struct ring {\n"
    "	char names[RING_MAX][32];\n"
    "	unsigned n;\n"
    "};\n"
    "\n"
    "void ring_put(struct ring *r, const char *name);\n"
    "E\n"
    "cat >src/ring.c <<'E'\n"
    "#include <string.h>\n"
    "#include \"ring.h\"\n"
    "\n"
    "void\n"
    "ring_put(struct ring *r, const char *name)\n"
    "{\n"
    "	strcpy(r->names[r->n++ % RING_MAX], name);\n"
    "}\n"
    "\n"
    "unsigned\n"
    "ring_len(const struct ring *r)\n"
    "{\n"
    "	return r->n < RING_MAX ? r->n : RING_MAX;\n"
    "}\n"
    "E\n"
    "printf '# ring\\n\\nKeeps the last names.\\n' >doc/README.md\n"
    "commit 'ring: keep the last names'\n"
    "who 'Bert Beispiel' bert@example.org\n"
    "printf 'int x = 1; /* \\342\\200\\256 } \\342\\201\\246if (admin)"
    "\\342\\201\\251 \\342\\201\\246 begin */\\n"
    "char esc = 1; // \\033[2J\\n"
    "char *latin = \"caf\\351\";\\r\\n"
    "int zero\\342\\200\\213width;\\n' >src/odd.c\n"
    "printf '\\273\\371\\325\\276\\306\\364\\266\\257"
    "\\312\\261\\274\\344\\265\\304\\311\\350\\326\\303\\n"
    "\\327\\242\\312\\315\\n' >src/gbk.txt\n"
    "printf '\\377\\376h\\000i\\000\\n\\000t\\000w\\000o\\000\\n\\000' "
    ">doc/wide.txt\n"
    "printf '\\177ELF\\002\\001\\001\\000\\000\\001\\002\\003\\004\\005' "
    ">data.bin\n"
    "cp doc/README.md doc/COPY.md\n"
    "ln -s src/ring.h link\n"
    ": >'odd names/empty'\n"
    "printf 'x\\n' >\"odd names/$(printf 'new\\nline')\"\n"
    "printf 'x\\n' >\"odd names/$(printf '\\033[31mred')\"\n"
    "awk 'BEGIN { for (i = 0; i < 400; i++) printf \"word%d \", i; "
    "print \"end\" }' >long.txt\n"
    "commit 'files that are hard to show'\n"
    "git tag -a -m 'first release' v1.0\n"
    "sed -i 's/strcpy(\\(.*\\), name);/strncpy(\\1, name, 32);/' "
    "src/ring.c\n"
    "commit 'ring: bound the copy'\n"
    "git checkout -q -b side HEAD~1\n"
    "who 'Ada Example' ada@example.org\n"
    "sed -i 's/Keeps/It keeps/' doc/README.md\n"
    "commit 'doc: a whole sentence'\n"
    "git checkout -q main\n"
    "n=$((n + 1))\n"
    "GIT_AUTHOR_DATE=\"$((1700000000 + n * 86400)) +0100\"\n"
    "GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE\n"
    "git merge -q --no-edit side >/dev/null\n"
    "git mv src/ring.h src/names.h\n"
    "sed -i 's/\"ring.h/\"names.h/' src/*.c\n"
    "sed -i 's/RING_MAX 16/RING_MAX 32/' src/names.h\n"
    "git rm -q long.txt\n"
    "commit 'ring: the header has a name of its own'\n"
    "git tag v2.0\n"
    "cd ..\n"
    "git clone -q --bare --no-hardlinks work small\n"
    "git -C small repack -adq\n"
    "git clone -q --bare --no-hardlinks work partial\n"
    "cd partial\n"
    "id=$(git rev-parse v1.0:src/ring.h)\n"
    "rm -f \"objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)\"\n"
    "cd ..\n"
    "git init -q -b main trapped\n"
    "cd trapped\n"
    "mkdir -p src\n"
    "git -C ../work show HEAD:src/odd.c >src/odd.c\n"
    "printf 'int c\\320\\276unt;\\nint pl\\303\\244tze;\\n"
    "/* \\320\\276\\320\\275 */\\n' >src/alike.c\n"
    "printf 'int a;\\r\\nint b;\\r\\nint c;\\n' >src/ends.c\n"
    "awk 'BEGIN { printf \"if (x)\"; for (i = 0; i < 120; i++) printf \" \"; "
    "print \"return 0;\"; for (i = 0; i < 300; i++) printf \"a + \"; "
    "print \"b\" }' >src/far.c\n"
    "echo clean >src/clean.c\n"
    "printf 'int\\none_thing(int value)\\n{\\n\\treturn value + 1;\\n}\\n' "
    ">one\n"
    "printf 'int\\nother_thing(int value)\\n{\\n\\treturn value - 1;\\n}\\n' "
    ">other\n"
    "awk 'BEGIN { for (i = 0; i < 9; i++) printf \"int between%d;\\n\", i }' "
    ">between\n"
    "cat one between other >src/moves.c\n"
    "echo a >README\n"
    "echo b >readme\n"
    "ln -s ../../etc/passwd src/out\n"
    "ln -s ../README src/in\n"
    "printf 'x\\n' >\"$(printf 'gpj\\342\\200\\256c')\"\n"
    "mv one between other ..\n"
    "commit 'traps'\n"
    "cat ../between ../other ../one >src/moves.c\n"
    "git diff src/moves.c >fix.patch\n"
    "printf -- '--- a/src/clean.c\\n+++ b/src/clean.c\\n@@ -1 +1,2 @@\\n"
    " clean\\n+never came\\n--- a/gone.c\\n+++ b/gone.c\\n@@ -1 +1 @@\\n"
    "-a\\n+b\\n' >>fix.patch\n"
    "mkdir large\n"
    "awk 'BEGIN { for (i = 0; i < 30000; i++) "
    "printf \"\\346\\227\\245\\346\\234\\254%d\", i; print \"end\" }' "
    ">large/wide.txt\n"
    "awk 'BEGIN { for (i = 0; i < 60000; i++) "
    "printf \"int variable_%d = %d;\\n\", i, i }' >large/lines.c\n"
    "awk 'BEGIN { for (i = 0; i < 200000; i++) printf \"word%d \", i }' "
    ">large/line.txt\n"
    "commit 'large files'\n"
    "git tag -f small HEAD~1\n"
    "git tag large\n"
    "cd ..\n"
    "git clone -q --bare --no-hardlinks trapped traps\n"
    "git -C traps repack -adq\n"
    "git init -q -b main moved\n"
    "cd moved\n"
    "cat ../one ../between >a.c\n"
    "cat ../other >b.c\n"
    "cp ../one unmoved.c\n"
    "git -C ../work show HEAD:src/main.c >old_name.c\n"
    "commit 'two files'\n"
    "git tag v1\n"
    "cp ../between a.c\n"
    "cat ../other ../one >b.c\n"
    "git mv old_name.c new_name.c\n"
    "commit 'a function goes elsewhere'\n"
    "git tag v2\n"
    "cd ..\n"
    "git clone -q --bare --no-hardlinks moved moving\n";

static bool has_git;

int
rig_setup(void **state)
{
	struct buf said = { 0 };
	enum err rc;

	(void)state;
	tool_start();
	has_git = tool_has("git");
	if (!has_git)
		return 0;
	tool_write("script", str_of(script));
	if (tool_run("sh ./script") != 0) {
		tool_read(&said, "err");
		print_error("%s\n", said.at);
		buf_release(&said);
		assert_true(false);
	}
	rc = text_start();
	assert_int_equal(rc, ERR_NONE);
	rc = encoding_open();
	assert_int_equal(rc, ERR_NONE);
	return 0;
}

int
rig_teardown(void **state)
{
	(void)state;
	tool_end();
	return 0;
}

void
rig_needs_git(void)
{
	if (!has_git)
		skip_because("no git here");
}

const char *
rig_folder(void)
{
	return tool_path(".");
}

/* Of a session: its index of history, or NULL. */
static const char *history_path;

/* As the launcher does: a worker that ended because its job did not hear a
 * cancel is started again; any other end of one ends the room. */
static void
worker(int reading, int searcher, const char *git)
{
	struct job_fds fds = { reading, searcher, -1, history_path };

	for (;;) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0) {
			struct git_repo *repo;

			prctl(PR_SET_PDEATHSIG, SIGKILL);
			if (git_repo_open(&repo, str_of(git), true) ==
				ERR_NONE &&
			    job_serve(repo, &fds) == ERR_NONE)
				_exit(0);
			_exit(1);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    !WIFEXITED(status) || WEXITSTATUS(status) != JOB_STUCK)
			_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
}

/* Of a session: what the searchers search, or NULL. */
static const char *store_path;

static enum err
serve_searches(const struct search_fds *fds)
{
	struct textstore *store = NULL;
	enum err rc = search_serve_prepare();

	if (rc == ERR_NONE && store_path != NULL)
		rc = textstore_open(&store, store_path);
	return rc != ERR_NONE ? rc : search_serve(fds, store);
}

/* As the launcher does: a searcher that ends is started again, also one that
 * ended well: it could not hear its cancel in any other way. */
static void
searcher(int reading, int from)
{
	struct search_fds fds = { reading, from, search_scan_blob };

	for (;;) {
		pid_t pid = fork();
		int status = 0;

		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			_exit(serve_searches(&fds) == ERR_NONE ? HUNG_UP : 1);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    (WIFEXITED(status) && WEXITSTATUS(status) == HUNG_UP))
			_exit(0);
	}
}

static pid_t
child(void (*fn)(int a, int b, const char *git), int a, int b, const char *git,
    const int *not_mine, size_t n)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < n; i++)
		close(not_mine[i]);
	fn(a, b, git);
	_exit(0);
}

static void
searcher_child(int a, int b, const char *git)
{
	(void)git;
	searcher(a, b);
}

static void
on_gone(void *arg, enum err rc)
{
	struct rig *r = arg;

	print_error("the room ended: %s %s\n", err_name(rc), err_text());
	loop_stop(r->loop, rc == ERR_NONE ? ERR_IO : rc);
}

static void
make_pairs(int pair[][2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(spawn_pair(pair[i]), ERR_NONE);
}

/* Pair 0: worker and room; 1: searcher and room; 2: worker and searcher. */
static void
start_core(struct rig *r, struct reading_wires *w, unsigned i, const char *git)
{
	int p[3][2];

	make_pairs(p, 3);
	r->children[2 * i] = child(worker, p[0][1], p[2][0], git,
	    (int[]){ p[0][0], p[1][0], p[1][1], p[2][1] }, 4);
	r->children[2 * i + 1] = child(searcher_child, p[1][1], p[2][1], git,
	    (int[]){ p[0][0], p[0][1], p[1][0], p[2][0] }, 4);
	close(p[0][1]);
	close(p[1][1]);
	close(p[2][0]);
	close(p[2][1]);
	w->workers[i] = p[0][0];
	w->searchers[i] = p[1][0];
}

/* "! wait" */
static void
step(void *arg, struct str word)
{
	assert_true(str_eq(word, STR("wait")));
	rig_settle(arg);
}

static void
open_room(struct rig *r, const char *dir, bool notes)
{
	struct reading_wires w = { .notes = -1, .cores = RIG_CORES };
	int pair[2] = { -1, -1 };
	enum err rc;

	r->notes = -1;
	r->start.cores = RIG_CORES;
	for (unsigned i = 0; i < RIG_CORES; i++)
		start_core(r, &w, i, r->start.git.at);
	if (notes) {
		make_pairs(&pair, 1);
		w.notes = pair[0];
		r->notes = pair[1];
	}
	rc = loop_open(&r->loop);
	assert_int_equal(rc, ERR_NONE);
	rc = reading_open(&r->reading, r->loop, &r->start, &w, on_gone, r);
	if (rc != ERR_NONE)
		print_error("%s: %s\n", dir, err_text());
	assert_int_equal(rc, ERR_NONE);
	r->play = (struct play){
		.shell = reading_shell(r->reading),
		.settle = rig_settle,
		.step = step,
		.arg = r,
	};
	shell_size(r->play.shell, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
}

void
rig_open(struct rig *r, const char *dir, bool notes)
{
	rig_needs_git();
	*r = (struct rig){ 0 };
	store_path = history_path = NULL;
	r->start.title = str_of(dir);
	r->start.git = str_of(tool_path(dir));
	open_room(r, dir, notes);
}

/* Two releases, all of them, with all that an image has. */
static void
make_session(struct arena *a, struct session *s)
{
	static const uint8_t seed[SIGN_SEED_BYTES] = { 6 };
	struct session_trust trust = { .n = 1 };
	struct provision p = { .conf = tool_path("session.conf") };
	struct sign_secret *signer;

	p.repository = arena_copy(a, str_of(tool_path("small"))).at;
	p.out = arena_copy(a, str_of(tool_path("session"))).at;
	assert_int_equal(
	    tool_run("git -C small diff v1.0 v2.0 >all.patch && "
		     "printf '%%s\\n' '--- a/src/ring.c' '+++ b/src/ring.c' "
		     "'@@ -1 +1 @@' '-int never;' '+int nowhere;' "
		     "'--- a/src/none.c' '+++ b/src/none.c' '@@ -1 +1 @@' "
		     "'-int a;' '+int b;' >none.patch"),
	    0);
	tool_write("session.conf",
	    STR(CONF_HEAD CONF_PEOPLE
		"patches = { \"all.patch\", \"none.patch\" }\n"
		"release \"v1.0\" { revision = \"v1.0\" status = "
		"\"production\" }\n"
		"release \"v2.0\" { revision = \"v2.0\" status = "
		"\"production\" }\n"
		"scope { include = { \"**\" } }\n"
		"hours { first = \"2026-01-01\" last = \"2026-01-02\" from = "
		"\"00:00\" to = \"24:00\" days = { \"mon\" } }\n"));
	assert_int_equal(tool_run("rm -rf session"), 0);
	assert_int_equal(sign_from_seed(&signer, seed), ERR_NONE);
	p.signer = signer;
	assert_int_equal(provision_run(&p, a), ERR_NONE);
	trust.keys[0] = sign_public_of(signer);
	assert_int_equal(session_verify(s, a, p.out, &trust, NULL, NULL),
	    ERR_NONE);
	sign_close(signer);
}

void
rig_open_session(struct rig *r)
{
	static struct session s;

	rig_needs_git();
	*r = (struct rig){ 0 };
	make_session(&r->arena, &s);
	session_start(&s, &r->start);
	r->start.title = STR("session");
	store_path =
	    arena_printf(&r->arena, "%.*s/store", STR_ARG(r->start.text)).at;
	history_path =
	    arena_printf(&r->arena, "%.*s/history", STR_ARG(r->start.text)).at;
	open_room(r, r->start.git.at, false);
}

void
rig_close(struct rig *r)
{
	reading_close(r->reading);
	loop_close(r->loop);
	if (r->notes >= 0)
		close(r->notes);
	for (unsigned i = 0; i < 2 * RIG_CORES; i++) {
		kill(r->children[i], SIGKILL);
		(void)waitpid(r->children[i], NULL, 0);
	}
	arena_release(&r->arena);
}

static void
stop(void *arg)
{
	struct rig *r = arg;

	loop_stop(r->loop, ERR_NONE);
}

static void
stop_when_quiet(void *arg)
{
	struct rig *r = arg;

	(void)shell_draw(reading_shell(r->reading));
	if (reading_quiet(r->reading))
		loop_after(r->loop, 0, stop, r);
}

void
rig_settle(void *arg)
{
	struct rig *r = arg;

	/* A frame may start work of its own: draw until nothing is left. */
	for (int i = 0; i < 2; i++) {
		shell_redraw(reading_shell(r->reading));
		loop_before_sleep(r->loop, stop_when_quiet, r);
		assert_int_equal(loop_run(r->loop), ERR_NONE);
	}
}
