#include "policy/provision.h"

#include "core/git_blob.h"
#include "core/history_index.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/symbols.h"
#include "core/textstore.h"
#include "policy/prints.h"
#include "policy/session.h"
#include "tests/policy/conf.h"
#include "tests/tool.h"

static const uint8_t seed[SIGN_SEED_BYTES] = { 4 };
static struct sign_secret *signer;
static struct session_trust trust;
static struct arena arena;

/* Two releases; secret/ and big are not to be seen; a file of the first
 * release moved out of what is shown. */
static void
make_repository(void)
{
	assert_int_equal(
	    tool_run(
		"git init -q -b main r && cd r && mkdir src secret && "
		"git config user.name n && git config user.email e@x && "
		"export GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' "
		"GIT_COMMITTER_DATE='2026-01-01T00:00:00Z' && "
		"echo 'int a(int x) { return x + 1; }' >src/a.c && "
		"echo hidden >secret/s.c && echo top >top.txt && "
		"git add . && git commit -qm one && git tag v1.0 && "
		"echo 'int b;' >>src/a.c && git mv top.txt secret/top.txt && "
		"git add . && git commit -qm two && git tag v2.0 && "
		"echo later >src/later.c && git add . && git commit -qm three"),
	    0);
}

#define TWO_RELEASES                                                          \
	CONF_HEAD CONF_PEOPLE                                                 \
	    "release \"v1.0\" { revision = \"v1.0\" status = \"production\" " \
	    "}\n"                                                             \
	    "release \"v2.0\" { revision = \"v2.0\" status = \"custom\" }\n"  \
	    "scope { include = { \"**\" } exclude = { \"secret/\" } %s }\n"   \
	    "hours { first = \"2026-01-01\" last = \"2026-01-02\" "           \
	    "from = \"00:00\" to = \"24:00\" days = { \"mon\" } }\n"

static void
write_conf(const char *more)
{
	tool_write("session.conf", arena_printf(&arena, TWO_RELEASES, more));
}

static enum err
make(const char *out, struct provision *p)
{
	*p = (struct provision){ .conf = tool_path("session.conf"),
		.repository = tool_path("r"),
		.out = out == NULL ?
		    NULL :
		    arena_copy(&arena, str_of(tool_path(out))).at,
		.signer = signer };
	err_clear();
	return provision_run(p, &arena);
}

static enum err
verify(struct session *s, const char *name)
{
	err_clear();
	return session_verify(s, &arena, tool_path(name), &trust, NULL, NULL);
}

static int
set_up(void **state)
{
	(void)state;
	err_clear();
	tool_start();
	assert_int_equal(sign_from_seed(&signer, seed), ERR_NONE);
	trust.keys[0] = sign_public_of(signer);
	trust.n = 1;
	make_repository();
	write_conf("");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sign_close(signer);
	arena_release(&arena);
	tool_end();
	return 0;
}

#define PATCH_OF(path)                                               \
	"--- a/" path "\n+++ b/" path "\n@@ -1 +1,2 @@\n"            \
	" int a(int x) { return x + 1; }\n"                          \
	"+int twice(int first, int second) { return first * second " \
	"+ first - second * first + 2; }\n"

static const struct manifest_file *
listed(const struct session *s, const char *path)
{
	for (uint32_t i = 0; i < s->manifest.n_files; i++)
		if (str_eq(s->manifest.files[i].path, str_of(path)))
			return &s->manifest.files[i];
	return NULL;
}

/* What only the patch holds may not be quoted either. */
static bool
copied(const char *text)
{
	struct io_map map;
	struct prints *p;
	struct verdict_source v = { 0 };

	assert_int_equal(io_map(&map, tool_path("s/text/prints"), 1 << 30),
	    ERR_NONE);
	assert_int_equal(prints_open(&p, map.bytes), ERR_NONE);
	prints_judge(&v, &arena, p, STR(""), str_of(text));
	prints_close(p);
	io_unmap(&map);
	return v.n_spans > 0;
}

static void
patches_of_the_vendor_lie_beside_the_source(void **state)
{
	struct provision p;
	struct session s;
	struct buf b = { 0 };
	struct hash h = hash_of(STR(PATCH_OF("src/a.c")));

	(void)state;
	tool_write("session.conf",
	    arena_printf(&arena, TWO_RELEASES "patches = { \"fix.patch\" }\n",
		""));
	assert_int_equal(make("s", &p), ERR_ABSENT);
	assert_non_null(strstr(err_text(), "beside the rules"));
	tool_write("fix.patch", STR("no patch\n"));
	assert_int_equal(make("s", &p), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "no patch in it"));
	tool_write("fix.patch", STR(PATCH_OF("secret/s.c")));
	assert_int_equal(make("s", &p), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "secret/s.c, which the scope"));
	assert_int_equal(tool_run("test ! -e s"), 0);
	tool_write("fix.patch", STR(PATCH_OF("src/a.c")));
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	assert_non_null(listed(&s, "text/patches/fix.patch"));
	assert_true(hash_eq(&listed(&s, "text/patches/fix.patch")->hash, &h));
	assert_true(copied("int twice(int first, int second) { return first * "
			   "second + first - second * first + 2; }"));
	assert_false(copied("int other(int third, char fourth) { if (third) "
			    "fourth = third / 3; return fourth & 12; }"));
	rules_explain(&s.rules, &b);
	assert_non_null(strstr(b.at, "beside the source: fix.patch"));
	buf_release(&b);
	tool_write("s/text/patches/more.patch", STR(PATCH_OF("src/a.c")));
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
	assert_int_equal(tool_run("rm s/text/patches/more.patch && echo >>s/"
				  "text/patches/fix.patch"),
	    0);
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
}

#define CHECKLIST(id, item) \
	"vitrine-checklist 1\nid " id "\ntitle T\nitem " item "\n"

static void
checklists_of_the_session_are_in_its_manifest(void **state)
{
	struct provision p;
	struct session s;
	struct hash h = hash_of(STR(CHECKLIST("acme", "A-1 | One")));

	(void)state;
	tool_write("session.conf",
	    arena_printf(&arena,
		TWO_RELEASES "checklists = { \"acme.list\", \"b.list\" }\n",
		""));
	tool_write("b.list", STR(CHECKLIST("b", "B-1 | Two | 3 | core")));
	assert_int_equal(make("s", &p), ERR_ABSENT);
	assert_non_null(strstr(err_text(), "acme.list: not there; checklists"));
	tool_write("acme.list", STR(CHECKLIST("acme", "A-1")));
	assert_int_equal(make("s", &p), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "acme.list:4: an item is: ID"));
	tool_write("acme.list", STR(CHECKLIST("b", "A-1 | One")));
	assert_int_equal(make("s", &p), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "b.list: its id, b, is that of"));
	assert_int_equal(tool_run("test ! -e s"), 0);
	tool_write("acme.list", STR(CHECKLIST("acme", "A-1 | One")));
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	assert_non_null(listed(&s, "text/checklists/b.list"));
	assert_true(
	    hash_eq(&listed(&s, "text/checklists/acme.list")->hash, &h));
	/* It is no source: what it says may be said. */
	assert_int_equal(tool_run("grep -q 'item A-1 | One' "
				  "s/text/checklists/acme.list"),
	    0);
	tool_write("s/text/checklists/more.list",
	    STR(CHECKLIST("c", "C-1 | Three")));
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
	assert_int_equal(tool_run("rm s/text/checklists/more.list && echo >>s/"
				  "text/checklists/acme.list"),
	    0);
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
}

static void
a_session_that_was_made_verifies(void **state)
{
	struct provision p;
	struct session s;
	struct start start = { 0 };

	(void)state;
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(p.scope[0].shown, 2);
	assert_int_equal(p.scope[0].withheld, 1);
	assert_int_equal(p.scope[1].shown, 1);
	assert_int_equal(p.scope[1].withheld, 2);
	assert_int_equal(p.image.commits, 2);
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	assert_int_equal(s.manifest.n_releases, 2);
	session_start(&s, &start);
	assert_true(start.session);
	assert_true(str_eq(start.releases[1].name, STR("v2.0")));
	assert_true(str_eq(start.git,
	    arena_printf(&arena, "%.*s/repo.git", STR_ARG(s.path))));
	assert_true(session_is(tool_path("s")));
	assert_false(session_is(tool_path("r")));
}

static struct oid
object(const char *name)
{
	struct buf b = { 0 };
	struct oid id;

	assert_int_equal(tool_run("git -C r rev-parse %s", name), 0);
	tool_read(&b, "out");
	assert_int_equal(oid_parse(&id, str_trim(buf_view(&b))), ERR_NONE);
	buf_release(&b);
	return id;
}

static void
what_is_withheld_or_later_is_not_in_the_image(void **state)
{
	static const char *const in[] = { "v1.0", "v2.0", "v1.0:src/a.c",
		"v2.0:src/a.c", "v1.0:top.txt", "v1.0:secret" };
	static const char *const out[] = { "v1.0:secret/s.c", "main",
		"main:src/later.c" };
	struct git_repo *r;
	struct provision p;

	(void)state;
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(git_repo_open(&r, str_of(tool_path("s/repo.git")),
			     true),
	    ERR_NONE);
	for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
		struct oid id = object(in[i]);

		assert_true(git_repo_has(r, &id));
	}
	for (size_t i = 0; i < sizeof out / sizeof *out; i++) {
		struct oid id = object(out[i]);

		assert_false(git_repo_has(r, &id));
	}
	git_repo_close(r);
}

static void
when_only_counted_names_are_nowhere(void **state)
{
	struct provision p;
	struct session s;

	(void)state;
	assert_int_equal(make("named", &p), ERR_NONE);
	assert_int_equal(tool_run("grep -qF s.c named/manifest"), 0);
	write_conf("withheld = \"counted\"");
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	assert_int_equal(tool_run("grep -qF s.c s/manifest"), 1);
	assert_int_equal(tool_run("grep -rqF s.c s/text"), 1);
	assert_int_equal(tool_run("git --git-dir s/repo.git cat-file -e "
				  "$(git -C r rev-parse v1.0:secret)"),
	    1);
	assert_int_equal(tool_run("git --git-dir named/repo.git cat-file -e "
				  "$(git -C r rev-parse v1.0:secret)"),
	    0);
}

/* A folder of which nothing is shown still has its name in the one above,
 * where it is only counted. */
static void
what_is_invisible_has_no_name_anywhere(void **state)
{
	struct provision p;
	struct session s;
	struct oid vendor = object("v2.0");

	(void)state;
	write_conf("withheld = \"counted\"");
	assert_int_equal(make("counted", &p), ERR_NONE);
	assert_int_equal(tool_run("git --git-dir counted/repo.git ls-tree "
				  "v2.0 | grep -q secret"),
	    0);
	write_conf("withheld = \"invisible\"");
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	assert_int_equal(
	    tool_run("for c in $(git --git-dir s/repo.git rev-list --tags); do "
		     "git --git-dir s/repo.git ls-tree -r -t --name-only $c; "
		     "done >all && grep -q src/a.c all && ! grep -q secret "
		     "all"),
	    0);
	assert_int_equal(tool_run("grep -rq secret s/manifest s/text"), 1);
	assert_int_equal(tool_run("grep -q withheld s/manifest"), 1);
	assert_int_equal(tool_run("git --git-dir s/repo.git fsck --strict"), 0);
	assert_int_equal(
	    tool_run("git --git-dir s/repo.git log --format=%%s v2.0 >a && "
		     "git -C r log --format=%%s v2.0 >b && cmp a b"),
	    0);
	assert_non_null(s.manifest.vendors);
	assert_true(oid_eq(&s.manifest.vendors[1], &vendor));
	assert_false(oid_eq(&s.manifest.releases[1].commit, &vendor));
	assert_int_equal(make("again", &p), ERR_NONE);
	assert_int_equal(tool_run("diff -r s again"), 0);
}

static void
the_same_input_gives_the_same_bytes(void **state)
{
	struct provision p;

	(void)state;
	assert_int_equal(make("one", &p), ERR_NONE);
	assert_int_equal(make("two", &p), ERR_NONE);
	assert_int_equal(tool_run("diff -r one two"), 0);
	assert_int_equal(tool_run("cd r && git repack -adq"), 0);
	assert_int_equal(make("three", &p), ERR_NONE);
	assert_int_equal(tool_run("diff -r one three"), 0);
}

static void
the_image_knows_its_symbols_and_its_history(void **state)
{
	struct history_index *history;
	struct symbols *symbols;
	struct provision p;
	const uint32_t *at;
	uint32_t n, path;

	(void)state;
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(symbols_open(&symbols, tool_path("s/text/symbols")),
	    ERR_NONE);
	assert_int_equal(p.symbols, symbols_definitions(symbols));
	assert_int_equal(symbols_find(&at, &n, symbols, STR("a")), ERR_NONE);
	assert_int_equal(n, 2); /* two contents of src/a.c */
	symbols_close(symbols);
	assert_int_equal(history_index_open(&history,
			     tool_path("s/text/history")),
	    ERR_NONE);
	assert_int_equal(history_index_commits(history), 2);
	assert_true(history_index_find_path(&path, history, STR("src/a.c")));
	(void)history_index_changes(history, path, &n);
	assert_int_equal(n, 2);
	history_index_close(history);
}

static void
without_ctags_there_is_a_session_all_the_same(void **state)
{
	struct provision p = { .conf = tool_path("session.conf"),
		.repository = tool_path("r"),
		.out = tool_path("s"),
		.ctags = "/nowhere/ctags",
		.signer = signer };
	struct session s;

	(void)state;
	assert_int_equal(provision_run(&p, &arena), ERR_NONE);
	assert_int_equal(p.symbols_method.len, 0);
	assert_non_null(strstr(p.symbols_why.at, "not installed"));
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	assert_int_equal(tool_run("test -e s/text/symbols"), 1);
}

static void
standard_tools_verify_what_was_made(void **state)
{
	struct buf b = { 0 };
	struct provision p;

	(void)state;
	if (!tool_has("minisign"))
		skip_because("no minisign here");
	assert_int_equal(make("s", &p), ERR_NONE);
	sign_public_write(&trust.keys[0], &b);
	tool_write("k.pub", buf_view(&b));
	assert_int_equal(tool_run("minisign -VHp k.pub -m s/manifest"), 0);
	assert_int_equal(tool_run("cd s && awk '$1 == \"file\" { print $2 \"  "
				  "\" $5 }' manifest | sha256sum -c"),
	    0);
	assert_int_equal(
	    tool_run("git --git-dir s/repo.git show v2.0:src/a.c "
		     "| sha256sum | cut -c1-64 | grep -qf - s/manifest"),
	    0);
	buf_release(&b);
}

static void
every_file_that_is_changed_missing_or_extra_is_named(void **state)
{
	static const struct {
		const char *change, *error;
	} rows[] = {
		{ "echo '# more' >>s/session.conf",
		    "session.conf was changed" },
		{ "printf x | dd of=s/text/store bs=1 seek=40 conv=notrunc",
		    "text/store was changed" },
		{ "printf x | dd of=s/text/prints bs=1 seek=400 conv=notrunc",
		    "text/prints was changed" },
		{ "printf x | dd of=$(ls s/repo.git/objects/pack/*.pack | head "
		  "-n 1) bs=1 "
		  "seek=30 conv=notrunc",
		    ".pack was changed" },
		{ "rm s/text/prints", "text/prints is missing" },
		{ "echo x >s/text/more", "text/more does not belong" },
		{ "echo x >s/repo.git/config", "repo.git/config does not" },
		{ "mkdir s/a && echo x >s/a/b", "a/b does not belong" },
		{ "ln -sf /etc/passwd s/text/link", "text/link does not" },
		{ "rm s/text/store && ln -s /etc/passwd s/text/store",
		    "store" },
		{ "rm -rf t && mv s/repo.git t && ln -s ../t s/repo.git",
		    "repo.git does not belong to the session: it is a link" },
		{ "ln -s /etc s/repo.git/hooks", "it is a link" },
		{ "rm s/manifest", "manifest is missing" },
		{ "rm s/session.conf", "session.conf is missing" },
		{ "rm s/manifest.minisig", "not signed" },
		{ "echo x >s/manifest.minisig", "manifest.minisig is damaged" },
		{ "echo 'withheld 0102030405060708090a0b0c0d0e0f1011121314 1 "
		  "v2.0 x' >>s/manifest",
		    "does not fit" },
	};
	struct provision p;
	struct session s;

	(void)state;
	assert_int_equal(make("good", &p), ERR_NONE);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum err rc;

		assert_int_equal(tool_run("rm -rf s && cp -a good s"), 0);
		assert_int_equal(verify(&s, "s"), ERR_NONE);
		assert_int_equal(tool_run("%s", rows[i].change), 0);
		rc = verify(&s, "s");
		if (strstr(err_text(), rows[i].error) == NULL)
			print_message("%s: %s\n", rows[i].change, err_text());
		assert_int_equal(rc, ERR_DENIED);
		assert_non_null(strstr(err_text(), rows[i].error));
	}
}

static void
only_a_trusted_key_opens_a_session(void **state)
{
	static const uint8_t other[SIGN_SEED_BYTES] = { 5 };
	struct sign_secret *stranger = NULL;
	struct sign_public p;
	struct provision made;
	struct session s;
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(make("s", &made), ERR_NONE);
	trust.n = 0;
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
	assert_non_null(strstr(err_text(), "no key is trusted"));
	assert_int_equal(sign_from_seed(&stranger, other), ERR_NONE);
	p = sign_public_of(stranger);
	trust.keys[0] = p;
	trust.n = 1;
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
	assert_non_null(strstr(err_text(), "not trusted"));
	/* The right id on another key proves nothing. */
	memcpy(trust.keys[0].id, sign_public_of(signer).id, 8);
	assert_int_equal(verify(&s, "s"), ERR_DENIED);
	assert_non_null(strstr(err_text(), "does not fit"));
	assert_int_equal(tool_run("mkdir keys"), 0);
	p = sign_public_of(signer);
	sign_public_write(&p, &b);
	tool_write("keys/lab.pub", buf_view(&b));
	trust.n = 0;
	err_clear();
	assert_int_equal(session_trust_folder(&trust, tool_path("keys")),
	    ERR_NONE);
	assert_int_equal(trust.n, 1);
	assert_int_equal(verify(&s, "s"), ERR_NONE);
	tool_write("keys/bad.pub", STR("nonsense"));
	trust.n = 0;
	assert_int_equal(session_trust_folder(&trust, tool_path("keys")),
	    ERR_FORMAT);
	sign_close(stranger);
	buf_release(&b);
}

static void
the_checker_of_a_session_knows_its_history_too(void **state)
{
	struct buf b = { 0 };
	struct provision p;
	struct prints *prints;

	(void)state;
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(p.files, 3); /* a.c twice, top.txt */
	tool_read(&b, "s/text/prints");
	assert_int_equal(prints_open(&prints, buf_view(&b)), ERR_NONE);
	prints_close(prints);
	buf_release(&b);
}

static void
the_text_store_holds_both_releases(void **state)
{
	struct textstore *t;
	struct provision p;

	(void)state;
	assert_int_equal(make("s", &p), ERR_NONE);
	assert_int_equal(textstore_open(&t, tool_path("s/text/store")),
	    ERR_NONE);
	assert_int_equal(textstore_releases(t), 2);
	textstore_close(t);
}

static void
what_cannot_be_made_leaves_nothing_that_opens(void **state)
{
	struct provision p;

	(void)state;
	assert_int_equal(tool_run("mkdir full && touch full/x"), 0);
	assert_int_equal(make("full", &p), ERR_DENIED);
	assert_non_null(strstr(err_text(), "not empty"));
	tool_write("session.conf", STR("format = 2\n"));
	assert_int_equal(make("s", &p), ERR_FORMAT);
	assert_int_equal(tool_run("test -e s"), 1);
	write_conf("} scope2 {");
	assert_int_equal(make("s", &p), ERR_FORMAT);
	write_conf("");
	assert_int_equal(tool_run("git -C r tag -d v2.0"), 0);
	assert_int_equal(make("s", &p), ERR_ABSENT);
	assert_int_equal(tool_run("test -e s"), 1);
	tool_write("session.conf",
	    arena_printf(&arena,
		CONF_HEAD CONF_PEOPLE
		"release \"v1.0\" { revision = \"v1.0\" status = \"custom\" }\n"
		"scope { include = { \"nothing/\" } }\n"
		"hours { first = \"2026-01-01\" last = \"2026-01-02\" from = "
		"\"00:00\" to = \"24:00\" days = { \"mon\" } }\n"));
	assert_int_equal(make("s", &p), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "shows no file"));
	assert_int_equal(tool_run("test -e s"), 1);
}

static void
a_file_that_was_not_delivered_is_named(void **state)
{
	struct provision p;

	(void)state;
	assert_int_equal(make(NULL, &p), ERR_NONE);
	assert_int_equal(tool_run("rm -f r/.git/objects/$(git -C r rev-parse "
				  "v2.0:src/a.c | sed 's|^..|&/|')"),
	    0);
	assert_int_equal(make("s", &p), ERR_ABSENT);
	assert_int_equal(tool_run("test -e s/manifest"), 1);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_session_that_was_made_verifies),
		T(checklists_of_the_session_are_in_its_manifest),
		T(patches_of_the_vendor_lie_beside_the_source),
		T(what_is_withheld_or_later_is_not_in_the_image),
		T(when_only_counted_names_are_nowhere),
		T(what_is_invisible_has_no_name_anywhere),
		T(the_same_input_gives_the_same_bytes),
		T(the_image_knows_its_symbols_and_its_history),
		T(without_ctags_there_is_a_session_all_the_same),
		T(standard_tools_verify_what_was_made),
		T(every_file_that_is_changed_missing_or_extra_is_named),
		T(only_a_trusted_key_opens_a_session),
		T(the_checker_of_a_session_knows_its_history_too),
		T(the_text_store_holds_both_releases),
		T(what_cannot_be_made_leaves_nothing_that_opens),
		T(a_file_that_was_not_delivered_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
