/*
 * hostile OUT [BIG]
 *
 * Writes OUT/contents, OUT/names, OUT/bombs and OUT/wrong/NAME: bare
 * repositories, byte for byte the same each time.  OUT/marks has the path of
 * every file that must be found by its word MARK_n; OUT/canary is what
 * configuration, hooks and filters would make if anybody obeyed them.  BIG:
 * sizes as an attacker would choose them (gigabytes), not as a test can wait
 * for.
 */
#include "tests/hostile/hostile.h"

#include <errno.h>
#include <git2/sys/odb_backend.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int is_big;
static FILE *marks;

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static char *
grow(struct bytes *b, size_t len)
{
	if (b->len + len + 1 > b->room) {
		b->room = (b->len + len + 1) * 2;
		b->at = realloc(b->at, b->room);
		if (b->at == NULL)
			die("no memory");
	}
	b->len += len;
	return b->at + b->len - len;
}

void
bytes_put(struct bytes *b, const void *at, size_t len)
{
	if (len > 0)
		memcpy(grow(b, len), at, len);
}

void
bytes_text(struct bytes *b, const char *text)
{
	bytes_put(b, text, strlen(text));
}

void
bytes_fill(struct bytes *b, char c, size_t n)
{
	memset(grow(b, n), c, n);
}

void
bytes_printf(struct bytes *b, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	bytes_text(b, text);
}

void
bytes_free(struct bytes *b)
{
	free(b->at);
	*b = (struct bytes){ 0 };
}

static void
make_folders(char *path)
{
	for (char *s = path + 1; *s != '\0'; s++)
		if (*s == '/') {
			*s = '\0';
			if (mkdir(path, 0755) != 0 && errno != EEXIST)
				die("%s: %s", path, strerror(errno));
			*s = '/';
		}
}

void
file_write(const char *folder, const char *name, const void *at, size_t len,
    int executable)
{
	char path[2048];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	make_folders(path);
	f = fopen(path, "w");
	if (f == NULL || (len > 0 && fwrite(at, 1, len, f) != len) ||
	    fclose(f) != 0 || chmod(path, executable ? 0755 : 0644) != 0)
		die("%s: %s", path, strerror(errno));
}

void
file_text(const char *folder, const char *name, const char *text)
{
	file_write(folder, name, text, strlen(text), 0);
}

git_odb *
repo_make(const char *path)
{
	git_odb *odb;
	char objects[1024];

	file_text(path, "HEAD", "ref: refs/heads/main\n");
	file_text(path, "config",
	    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
	file_text(path, "objects/info/.keep", "");
	file_text(path, "refs/heads/.keep", "");
	snprintf(objects, sizeof objects, "%s/objects", path);
	if (git_odb_open(&odb, objects) != 0)
		die("%s: no object database", objects);
	return odb;
}

git_oid
object_put(git_odb *odb, git_object_t type, const void *at, size_t len)
{
	git_oid id;

	if (git_odb_write(&id, odb, at, len, type) != 0)
		die("cannot write: %s", git_error_last()->message);
	return id;
}

git_oid
blob_text(git_odb *odb, const char *text)
{
	return object_put(odb, GIT_OBJECT_BLOB, text, strlen(text));
}

void
tree_entry(struct bytes *tree, unsigned mode, const char *name, size_t name_len,
    const git_oid *id)
{
	bytes_printf(tree, "%o ", mode);
	bytes_put(tree, name, name_len);
	bytes_put(tree, "\0", 1);
	bytes_put(tree, id->id, 20);
}

git_oid
tree_put(git_odb *odb, struct bytes *tree)
{
	git_oid id = object_put(odb, GIT_OBJECT_TREE, tree->at ? tree->at : "",
	    tree->len);

	bytes_free(tree);
	return id;
}

git_oid
commit_put(git_odb *odb, const git_oid *tree, const git_oid *parents,
    size_t n_parents, const char *author, const char *message)
{
	char hex[GIT_OID_HEXSZ + 1];
	struct bytes b = { 0 };
	git_oid id;

	git_oid_tostr(hex, sizeof hex, tree);
	bytes_printf(&b, "tree %s\n", hex);
	for (size_t i = 0; i < n_parents; i++) {
		git_oid_tostr(hex, sizeof hex, &parents[i]);
		bytes_printf(&b, "parent %s\n", hex);
	}
	bytes_printf(&b,
	    "author %s <v@example.com> 1600000000 +0000\n"
	    "committer %s <v@example.com> 1600000000 +0000\n\n",
	    author, author);
	bytes_text(&b, message);
	id = object_put(odb, GIT_OBJECT_COMMIT, b.at, b.len);
	bytes_free(&b);
	return id;
}

void
ref_put(const char *repo, const char *name, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 2];

	git_oid_tostr(hex, GIT_OID_HEXSZ + 1, id);
	strncat(hex, "\n", 2);
	file_text(repo, name, hex);
}

/* Contents: what a file may hold so that a reader does not see it. */

struct folder {
	git_odb *odb;
	struct bytes tree;
	unsigned n_marks;
};

static void
add(struct folder *f, const char *name, const struct bytes *b, int marked)
{
	git_oid id =
	    object_put(f->odb, GIT_OBJECT_BLOB, b->at ? b->at : "", b->len);

	tree_entry(&f->tree, 0100644, name, strlen(name), &id);
	if (marked)
		fprintf(marks, "%s\n", name);
}

static void
add_bytes(struct folder *f, const char *name, const void *at, size_t len,
    int marked)
{
	struct bytes b = { 0 };

	bytes_put(&b, at, len);
	add(f, name, &b, marked);
	bytes_free(&b);
}

#define HIDES(name, text) add_bytes(f, name, text, sizeof text - 1, 1)
#define ODD(name, text) add_bytes(f, name, text, sizeof text - 1, 0)

/* Names are sorted, as git wants them in a tree. */
static void
add_deceptions(struct folder *f)
{
	HIDES("bidi-commented-out.c",
	    "/*\342\200\256 } \342\201\246if (isAdmin)\342\201\251 "
	    "\342\201\246 begin admins only */\nint MARK_1;\n");
	HIDES("bidi-early-return.py",
	    "'''\342\201\251''' ;return\342\201\246 \342\201\251\nMARK_2 = "
	    "1\n");
	HIDES("bidi-isolates.go",
	    "var accessLevel = \"user\342\200\256 \342\201\246// Check"
	    "\342\201\251 \342\201\246\" // MARK_3\n");
	HIDES("bidi-marks.rs",
	    "let a\342\200\217b\342\200\216c\330\234 = \"MARK_4\";\n");
	HIDES("bidi-stretched.js",
	    "var s = \"\342\200\252\342\200\253\342\200\254\342\200\255"
	    "MARK_5\";\n");
	HIDES("ctrl-backspace.c", "int good;\b\b\b\b\b\b\b\b\bint MARK_6;\n");
	HIDES("ctrl-overstrike.c", "int MARK_7;\rint good;          \n");
	HIDES("ctrl-terminal.c",
	    "\033]0;owned\007\033[2J\033[1;1H\033]52;c;aGk=\007\033P$q\033\\"
	    "\033[5i\2332J\302\233"
	    "31m MARK_8\n");
	HIDES("ctrl-vertical.c", "a\vb\fMARK_9\n");
	HIDES("end-cr-only.c", "one\rtwo\rMARK_10\rlast");
	HIDES("end-mixed.c", "one\r\ntwo\nthree\rMARK_11\r\n\n\r\n");
	HIDES("end-unicode.c",
	    "// safe\342\200\250int MARK_12;\342\200\251int b;\302\205int "
	    "c;\n");
	ODD("enc-ebcdic.c", "\211\225\243@\201~\361^%\211\225\243@\202^%");
	HIDES("enc-latin1.c", "/* \344\366\374\337 */ int MARK_13;\n");
	HIDES("enc-mixed.c",
	    "/* \344 \303\244 \xb0\xa1 */\n/* \xff\xfe */ int MARK_14;\n");
	HIDES("enc-overlong.c", "\300\257\340\200\257 MARK_15 \355\240\200\n");
	HIDES("enc-utf16be.c",
	    "\376\377\0i\0n\0t\0 \0M\0A\0R\0K\0_\0001\0006\0;\0\n");
	HIDES("enc-utf16le.c",
	    "\377\376i\0n\0t\0 \0M\0A\0R\0K\0_\0001\0007\0;\0\n\0");
	HIDES("enc-utf7.c", "+ADw-script+AD4- MARK_18\n");
	HIDES("homoglyph.c",
	    "int \321\201heck; int check; /* Cyrillic */ int MARK_19;\n"
	    "int \357\275\201; int \316\277; int \340\245\246;\n");
	HIDES("invisible.c",
	    "int a\342\200\213b, \343\205\244 = 1, x\302\255y; "
	    "\363\240\201\201\357\273\277 MARK_20\n");
}

static void
add_nul(struct folder *f)
{
	struct bytes b = { 0 };

	HIDES("nul-first.c", "\0int MARK_21;\n");
	bytes_fill(&b, 'x', 8000);
	bytes_put(&b, "\0\nint MARK_22;\n", 15);
	add(f, "nul-late.c", &b, 1);
	bytes_free(&b);
	HIDES("nul-middle.c", "int a;\nint \0b;\nint MARK_23;\n");
	bytes_put(&b, "\0", 1);
	for (int i = 0; i < 5000; i++)
		bytes_text(&b, "/* nothing here */\n");
	bytes_text(&b, "int MARK_24;\n");
	add(f, "nul-then-code.c", &b, 1);
	bytes_free(&b);
}

static void
add_shapes(struct folder *f)
{
	struct bytes b = { 0 };
	size_t long_line = is_big ? 100u << 20 : 4u << 20;
	unsigned lines = is_big ? 10000000 : 300000;

	ODD("shape-empty.c", "");
	bytes_fill(&b, '{', 100000);
	bytes_text(&b, "MARK_25");
	bytes_fill(&b, '}', 100000);
	add(f, "shape-braces.c", &b, 1);
	bytes_free(&b);
	for (int i = 0; i < 100000; i++)
		bytes_text(&b, "/*");
	bytes_text(&b, "\n\"MARK_26\n");
	add(f, "shape-comments.c", &b, 1);
	bytes_free(&b);
	bytes_text(&b, "int visible;");
	bytes_fill(&b, ' ', 500);
	bytes_text(&b, "int MARK_27;\n");
	bytes_fill(&b, '\n', 10000);
	bytes_text(&b, "int below;\n");
	add(f, "shape-far-right.c", &b, 1);
	bytes_free(&b);
	for (int i = 0; i < 50000; i++)
		bytes_text(&b, "#if 0\n");
	bytes_text(&b, "MARK_28\n");
	add(f, "shape-ifs.c", &b, 1);
	bytes_free(&b);
	bytes_fill(&b, 'a', long_line);
	bytes_text(&b, "MARK_29");
	add(f, "shape-long-line.c", &b, 1);
	bytes_free(&b);
	for (unsigned i = 0; i < lines; i++)
		bytes_text(&b, "int x;\n");
	bytes_text(&b, "int MARK_30;");
	add(f, "shape-many-lines.c", &b, 1);
	bytes_free(&b);
	for (int i = 0; i < 300; i++)
		bytes_text(&b, "e\314\201\315\217\342\203\235");
	for (int i = 0; i < 4000; i++)
		bytes_text(&b, "\314\201");
	bytes_text(&b,
	    "\tMARK_31\t\342\200\213\xf0\x9f\x91\xa8\xe2\x80\x8d"
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7"
	    "\327\220\327\221\331\205\n");
	add(f, "shape-wide.c", &b, 1);
	bytes_free(&b);
}

static void
add_links(struct folder *f)
{
	static const char *const links[][2] = {
		{ "zlink-absolute", "/etc/passwd" },
		{ "zlink-git", ".git/config" },
		{ "zlink-loop", "zlink-loop" },
		{ "zlink-terminal", "\033]0;x\007/../../.." },
		{ "zlink-up", "../../../../../../etc/shadow" },
	};
	git_oid nowhere;

	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		git_oid id = blob_text(f->odb, links[i][1]);

		tree_entry(&f->tree, 0120000, links[i][0], strlen(links[i][0]),
		    &id);
	}
	memset(&nowhere, 0x42, sizeof nowhere);
	tree_entry(&f->tree, 0160000, "zmodule", 7, &nowhere);
}

static void
write_contents(const char *out)
{
	struct folder folder = { 0 }, *f = &folder;
	char repo[1024];
	git_oid first, second, tree;
	struct bytes old = { 0 };

	snprintf(repo, sizeof repo, "%s/contents", out);
	f->odb = repo_make(repo);
	ODD(".gitattributes",
	    "*.c -diff -text binary export-ignore linguist-generated filter=run"
	    "\n*.py working-tree-encoding=UTF-7 merge=run diff=run\n");
	ODD(".gitignore", "*\n");
	ODD(".gitmodules",
	    "[submodule \"x\"]\n\tpath = zmodule\n\turl = "
	    "ext::sh -c touch%20canary\n\tupdate = !touch canary\n");
	ODD(".mailmap", "Somebody Else <x@y> Vendor <v@example.com>\n");
	add_deceptions(f);
	add_nul(f);
	add_shapes(f);
	add_links(f);
	bytes_put(&old, f->tree.at, f->tree.len);
	old.len = 0; /* the first release has next to nothing */
	{
		git_oid id = blob_text(f->odb, "int MARK_0;\n");

		tree_entry(&old, 0100644, "nul-middle.c", 12, &id);
	}
	tree = tree_put(f->odb, &old);
	first = commit_put(f->odb, &tree, NULL, 0, "Vendor", "first\n");
	tree = tree_put(f->odb, &f->tree);
	second = commit_put(f->odb, &tree, &first, 1,
	    "\033]0;author\007\342\200\256rotceleS",
	    "\033[2Jtitle\b\b\b\b\b of \342\200\256 doom\n\n"
	    "body \033P\033\\ \302\2332J\r\nMARK in a message\n");
	ref_put(repo, "refs/tags/v1", &first);
	ref_put(repo, "refs/tags/v2", &second);
	ref_put(repo, "refs/heads/main", &second);
	git_odb_free(f->odb);
}

/* Names: what a tree or a reference may call something. */

static void
write_names(const char *out)
{
	static const struct {
		const char *name;
		size_t len;
		unsigned mode;
	} good[] = {
		{ "\033]0;t\007.c", 8, 0100644 },
		{ " leading", 8, 0100644 },
		{ "-rf", 3, 0100644 },
		{ "A.c", 3, 0100644 },
		{ "a\nb.c", 5, 0100644 },
		{ "a.c", 3, 0100644 },
		{ "caf\303\251.c", 7, 0100644 },
		{ "cafe\314\201.c", 8, 0100644 },
		{ "file.c", 6, 0100644 },
		{ "file.c ", 7, 0100755 },
		{ "git~1", 5, 0100644 },
		{ "x\302\233" "31m", 6, 0100644 },
		{ "x\342\200\256c.exe", 9, 0100644 },
		{ "\377\376.c", 4, 0100644 },
	}, bad[] = {
		{ "..", 2, 0100644 },
		{ ".", 1, 0100644 },
		{ ".git", 4, 040000 },
		{ "", 0, 0100644 },
		{ "a/b", 3, 0100644 },
		{ "/etc/passwd", 11, 0100644 },
		{ "a", 1, 0100644 },
		{ "a", 1, 040000 },
		{ "mode", 4, 0 },
		{ "mode2", 5, 0177777 },
	};
	char repo[1024], *huge = malloc(5000);
	git_odb *odb;
	git_oid blob, tree, head;
	struct bytes t = { 0 };

	if (huge == NULL)
		die("no memory");
	memset(huge, 'n', 5000);
	snprintf(repo, sizeof repo, "%s/names", out);
	odb = repo_make(repo);
	blob = blob_text(odb, "int MARK_100;\n");
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		tree_entry(&t, good[i].mode, good[i].name, good[i].len, &blob);
	tree = tree_put(odb, &t);
	head = commit_put(odb, &tree, NULL, 0, "Vendor", "odd names\n");
	ref_put(repo, "refs/heads/main", &head);
	ref_put(repo, "refs/tags/odd", &head);
	ref_put(repo, "refs/pull/1/head", &head);
	ref_put(repo, "refs/notes/commits", &head);
	ref_put(repo, "refs/stash", &head);
	ref_put(repo, "refs/heads/\342\200\256niam", &head);
	git_odb_free(odb);

	for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
		snprintf(repo, sizeof repo, "%s/wrong/name-%zu", out, i);
		odb = repo_make(repo);
		blob = blob_text(odb, "what can be read: MARK_READABLE\n");
		tree_entry(&t, 0100644, "README", 6, &blob);
		if (i == sizeof bad / sizeof bad[0])
			tree_entry(&t, 0100644, huge, 5000, &blob);
		else
			tree_entry(&t, bad[i].mode, bad[i].name, bad[i].len,
			    &blob);
		tree = tree_put(odb, &t);
		head = commit_put(odb, &tree, NULL, 0, "Vendor", "bad name\n");
		ref_put(repo, "refs/heads/main", &head);
		git_odb_free(odb);
	}
	free(huge);
}

/* Bombs: little that becomes much. */

static git_oid
bomb_tree(git_odb *odb, unsigned levels, unsigned width)
{
	git_oid id = blob_text(odb, "boom\n");

	for (unsigned i = 0; i < levels; i++) {
		struct bytes t = { 0 };

		for (unsigned k = 0; k < width; k++) {
			char name[16];

			snprintf(name, sizeof name, "f%u", k);
			tree_entry(&t, i == 0 ? 0100644 : 040000, name,
			    strlen(name), &id);
		}
		id = tree_put(odb, &t);
	}
	return id;
}

static git_oid
wide_tree(git_odb *odb, unsigned n)
{
	git_oid id = blob_text(odb, "int MARK_200;\n");
	struct bytes t = { 0 };

	for (unsigned i = 0; i < n; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%07u.c", i);
		tree_entry(&t, 0100644, name, strlen(name), &id);
	}
	return tree_put(odb, &t);
}

static void
put_bomb(const char *out, git_odb *odb, const char *name, const git_oid *tree)
{
	char repo[1024], ref[64];
	git_oid head =
	    commit_put(odb, tree, NULL, 0, "Vendor", "more than it seems\n");

	snprintf(repo, sizeof repo, "%s/bombs", out);
	snprintf(ref, sizeof ref, "refs/tags/%s", name);
	ref_put(repo, ref, &head);
}

/* Harmless today: what is below it is not. */
static void
put_old_bomb(const char *out, git_odb *odb, const char *name,
    const git_oid *bomb, const git_oid *now)
{
	char repo[1024], ref[64];
	git_oid head = commit_put(odb, bomb, NULL, 0, "Vendor", "long ago\n");

	head = commit_put(odb, now, &head, 1, "Vendor", "nothing to see\n");
	snprintf(repo, sizeof repo, "%s/bombs", out);
	snprintf(ref, sizeof ref, "refs/tags/%s", name);
	ref_put(repo, ref, &head);
}

static void
write_bombs(const char *out)
{
	char repo[1024];
	git_odb *odb;
	git_oid tree, harmless, head, *parents;
	struct bytes text = { 0 };
	unsigned n_parents = is_big ? 100000 : 5000;

	snprintf(repo, sizeof repo, "%s/bombs", out);
	odb = repo_make(repo);
	tree = wide_tree(odb, 3);
	head = commit_put(odb, &tree, NULL, 0, "Vendor", "harmless\n");
	ref_put(repo, "refs/heads/main", &head);
	parents = calloc(n_parents, sizeof *parents);
	if (parents == NULL)
		die("no memory");
	for (unsigned i = 0; i < n_parents; i++)
		parents[i] = head;
	head = commit_put(odb, &tree, parents, n_parents, "Vendor", "many\n");
	ref_put(repo, "refs/tags/parents", &head);
	free(parents);
	bytes_fill(&text, 'm', is_big ? 100u << 20 : 6u << 20);
	bytes_put(&text, "\n", 2);
	head = commit_put(odb, &tree, &head, 1, "Vendor", text.at);
	ref_put(repo, "refs/tags/message", &head);
	bytes_free(&text);
	harmless = wide_tree(odb, 3);
	tree = bomb_tree(odb, 10, 10);
	put_bomb(out, odb, "tree-bomb", &tree);
	put_old_bomb(out, odb, "old-bomb", &tree, &harmless);
	tree = bomb_tree(odb, 4, 10);
	put_old_bomb(out, odb, "old-folders", &tree, &harmless);
	tree = bomb_tree(odb, 2000, 1);
	put_bomb(out, odb, "tree-deep", &tree);
	tree = wide_tree(odb, is_big ? 1000000 : 60000);
	put_bomb(out, odb, "tree-wide", &tree);
	git_odb_free(odb);
}

/* Configuration: everything that tells a tool to do something. */
static void
write_orders(const char *out)
{
	char repo[1024], canary[1100], text[24 * 1024];
	static const char *const hooks[] = { "post-checkout", "pre-commit",
		"fsmonitor", "post-index-change", "reference-transaction" };

	snprintf(repo, sizeof repo, "%s/contents", out);
	snprintf(canary, sizeof canary, "%s/canary", out);
	snprintf(text, sizeof text,
	    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
	    "\tworktree = /etc\n\tfsmonitor = touch %s\n\thooksPath = hooks\n"
	    "\tsshCommand = touch %s\n\tpager = touch %s\n\teditor = touch %s\n"
	    "\tattributesFile = /etc/passwd\n\tgitProxy = touch %s\n"
	    "[include]\n\tpath = /etc/passwd\n\tpath = %s/included\n"
	    "[includeIf \"gitdir:/\"]\n\tpath = %s/included\n"
	    "[filter \"run\"]\n\tsmudge = touch %s\n\tclean = touch %s\n"
	    "[diff \"run\"]\n\ttextconv = touch %s\n\tcommand = touch %s\n"
	    "[merge \"run\"]\n\tdriver = touch %s\n[credential]\n\thelper = "
	    "!touch %s\n[alias]\n\tlog = !touch %s\n[extensions]\n"
	    "\tworktreeConfig = true\n[remote \"o\"]\n\turl = ext::touch %s\n"
	    "\033]0;config\007\n[mailmap]\n\tfile = /etc/passwd\n",
	    canary, canary, canary, canary, canary, out, out, canary, canary,
	    canary, canary, canary, canary, canary, canary);
	file_text(repo, "config", text);
	file_text(repo, "config.worktree", text);
	for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++) {
		char name[64];

		snprintf(name, sizeof name, "hooks/%s", hooks[i]);
		snprintf(text, sizeof text, "#!/bin/sh\n>%s\n", canary);
		file_write(repo, name, text, strlen(text), 1);
	}
	snprintf(text, sizeof text, "%s/names/objects\n/etc\n", out);
	file_text(repo, "objects/info/alternates", text);
	file_text(repo, "objects/info/http-alternates",
	    "http://192.0.2.1/objects\n");
	file_text(repo, "objects/info/commit-graph",
	    "CGPH\1\1\377\377 no parents here, believe me");
	file_text(repo, "objects/info/packs", "P pack-nowhere.pack\n");
	file_text(repo, "info/grafts", "not an id\n\033]0;g\007\n");
	file_text(repo, "info/attributes", "* filter=run diff=run\n");
	file_text(repo, "info/exclude", "*\n");
	file_text(repo, "shallow", "zzzz\n");
	file_text(repo, "worktrees/x/gitdir", "/etc\n");
	file_text(repo, "worktrees/x/commondir", "/etc\n");
	file_text(repo, "packed-refs",
	    "# pack-refs with: peeled \033]0;p\007\n"
	    "4242424242424242424242424242424242424242 refs/heads/absent\n"
	    "^4242424242424242424242424242424242424242\n");
	file_text(repo, "refs/replace/4242424242424242424242424242424242424242",
	    "4242424242424242424242424242424242424242\n");
	file_text(repo, "refs/heads/loop", "ref: refs/heads/loop\n");
	file_text(repo, "refs/heads/path", "ref: ../../../../etc/passwd\n");
	file_text(repo, "refs/heads/noise", "\033]0;r\007noise\n");
}

/* References and heads that are none: each in a repository of its own. */
static void
write_wrong_refs(const char *out)
{
	static const struct {
		const char *name, *file, *text;
	} wrong[] = {
		{ "refs-up", "packed-refs",
		    "4242424242424242424242424242424242424242 "
		    "refs/heads/../../etc\n" },
		{ "refs-terminal", "packed-refs",
		    "4242424242424242424242424242424242424242 "
		    "refs/heads/e\033[2J\n" },
		{ "refs-short", "packed-refs", "short refs/heads/short\n\n" },
		{ "refs-peel", "packed-refs",
		    "^4242424242424242424242424242424242424242\n" },
		{ "head-noise", "HEAD", "\033]0;h\007\n" },
		{ "head-path", "HEAD", "ref: ../../../../../etc/passwd\n" },
		{ "head-loop", "HEAD", "ref: HEAD\n" },
		{ "head-absent", "HEAD",
		    "4242424242424242424242424242424242424242\n" },
	};

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		char repo[1024];
		struct bytes t = { 0 };
		git_odb *odb;
		git_oid id;

		snprintf(repo, sizeof repo, "%s/wrong/%s", out, wrong[i].name);
		odb = repo_make(repo);
		id = blob_text(odb, "what can be read: MARK_READABLE\n");
		tree_entry(&t, 0100644, "README", 6, &id);
		id = tree_put(odb, &t);
		id = commit_put(odb, &id, NULL, 0, "Vendor", "delivered\n");
		ref_put(repo, "refs/heads/main", &id);
		file_text(repo, wrong[i].file, wrong[i].text);
		git_odb_free(odb);
	}
}

int
main(int argc, char **argv)
{
	char path[1024], wrong[1024];

	if (argc < 2 || argv[1][0] != '/') {
		fprintf(stderr, "usage: hostile /OUT [BIG]\n");
		return 2;
	}
	is_big = argc > 2;
	if (git_libgit2_init() < 0)
		die("libgit2");
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	snprintf(path, sizeof path, "%s/marks", argv[1]);
	file_text(argv[1], "marks", "");
	marks = fopen(path, "w");
	if (marks == NULL)
		die("%s: %s", path, strerror(errno));
	write_contents(argv[1]);
	write_names(argv[1]);
	write_bombs(argv[1]);
	write_orders(argv[1]);
	write_wrong_refs(argv[1]);
	snprintf(wrong, sizeof wrong, "%s/wrong", argv[1]);
	pack_write_all(wrong, is_big ? 1u << 30 : 200u << 20);
	if (fclose(marks) != 0)
		die("%s: %s", path, strerror(errno));
	git_libgit2_shutdown();
	return 0;
}
