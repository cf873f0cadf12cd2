#include "policy/ctags.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/t.h"
#include "tests/tool.h"

#define GREETING                                                              \
	"printf '{\"_type\":\"program\",\"name\":\"fake\",\"version\":\"1\"}" \
	"\\n'\n"
#define DONE "printf '{\"_type\":\"completed\"}\\n'\n"
#define TAG "printf '\\t1\\t\\tk\\tt\\t\\n'\n"

static struct oid
id_of(unsigned n)
{
	struct oid id = { { (uint8_t)n, 7 } };

	return id;
}

/* A program that says these lines of shell. */
static const char *
fake(const char *lines)
{
	static char path[256];
	struct buf b = { 0 };

	buf_printf(&b, "#!/bin/sh\n%s", lines);
	tool_write("fake", buf_view(&b));
	buf_release(&b);
	snprintf(path, sizeof path, "%s", tool_path("fake"));
	assert_int_equal(chmod(path, 0700), 0);
	return path;
}

static void
run(struct symbols **out, struct buf *b, const struct ctags_options *o,
    const char *const texts[][2], unsigned n)
{
	struct ctags *c;

	assert_int_equal(ctags_open(&c, o), ERR_NONE);
	for (unsigned i = 0; i < n; i++) {
		struct oid id = id_of(i);

		assert_int_equal(ctags_put(c, &id, str_of(texts[i][0]),
				     str_of(texts[i][1])),
		    ERR_NONE);
	}
	buf_clear(b);
	assert_int_equal(ctags_finish(c, b), ERR_NONE);
	ctags_close(c);
	assert_int_equal(symbols_open_bytes(out, buf_view(b)), ERR_NONE);
}

static const char *const sources[][2] = {
	{ "a.c",
	    "#define A 1\nstruct s { int m; };\nint f(void)\n{\n\treturn 1;"
	    "\n}\n" },
	{ "b.py",
	    "def g():\n    pass\n\nclass K:\n    def h(self):\n"
	    "        pass\n" },
	{ "c.unknown", "int f(void) {}\n" },
	{ "odd \" name\n\x01.c", "int f(void)\n{\n}\n" },
	{ "gbk.c",
	    "int \xb2\xe2\xca\xd4_f(void)\n{\n\treturn 0;\n}\n"
	    "/* \xd6\xd0\xce\xc4\xd7\xa2\xca\xcd\xb2\xe2\xca\xd4 */\n" },
	{ "empty.c", "" },
};

static void
definitions_are_those_of_the_parser(void **state)
{
	const struct ctags_options o = { 0 };
	struct symbols_content content;
	struct buf b = { 0 };
	struct symbols *s;
	struct symbol d;
	struct oid id;
	const uint32_t *at;
	uint32_t n;

	(void)state;
	run(&s, &b, &o, sources, 6);
	assert_true(str_starts(symbols_method(s), STR("Universal Ctags ")));
	assert_int_equal(symbols_find(&at, &n, s, STR("f")), ERR_NONE);
	assert_int_equal(n, 2);
	assert_int_equal(symbols_definition(&d, s, at[0]), ERR_NONE);
	assert_true(str_eq(d.kind, STR("function")));
	assert_int_equal(d.line, 3);
	assert_int_equal(d.last, 6);
	assert_int_equal(d.content, 0);
	assert_int_equal(symbols_definition(&d, s, at[1]), ERR_NONE);
	assert_int_equal(d.content, 3);
	assert_int_equal(symbols_find(&at, &n, s, STR("h")), ERR_NONE);
	assert_int_equal(n, 1);
	assert_int_equal(symbols_definition(&d, s, at[0]), ERR_NONE);
	assert_true(str_eq(d.scope, STR("K")));
	assert_int_equal(symbols_find(&at, &n, s, STR("A")), ERR_NONE);
	assert_int_equal(n, 1);
	id = id_of(2);
	assert_int_equal(symbols_content_of(&content, s, &id), ERR_NONE);
	assert_int_equal(content.state, SYMBOLS_EMPTY);
	assert_int_equal(symbols_contents(s), 6);
	assert_int_equal(symbols_count(s, SYMBOLS_FAILED), 0);
	symbols_close(s);
	buf_release(&b);
}

static void
the_same_input_gives_the_same_bytes(void **state)
{
	struct buf one = { 0 }, two = { 0 }, three = { 0 };
	struct ctags_options o = { 0 };
	struct symbols *s, *t;

	(void)state;
	run(&s, &one, &o, sources, 6);
	run(&t, &two, &o, sources, 6);
	assert_true(str_eq(buf_view(&one), buf_view(&two)));
	symbols_close(t);
	o.old = s;
	run(&t, &three, &o, sources, 6);
	assert_true(str_eq(buf_view(&one), buf_view(&three)));
	symbols_close(t);
	symbols_close(s);
	buf_release(&one);
	buf_release(&two);
	buf_release(&three);
}

/* As they stand in the text, whatever the parser's output makes of them. */
static void
names_are_those_of_the_text(void **state)
{
	static const char *const text[][2] = { { "a.md",
	    "# !one\\two\tthree\n\n# \x01\x7f{\"_type\": \"completed\"}\n\n"
	    "# \xc3\xa9\n\n# \\x41\n" } };
	static const struct str names[] = { STR("!one\\two\tthree"),
		STR("\x01\x7f{\"_type\": \"completed\"}"), STR("\xc3\xa9"),
		STR("\\x41") };
	const struct ctags_options o = { 0 };
	struct buf b = { 0 };
	struct symbols *s;
	const uint32_t *at;
	uint32_t n;

	(void)state;
	run(&s, &b, &o, text, 1);
	assert_int_equal(symbols_definitions(s), 4);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(symbols_find(&at, &n, s, names[i]), ERR_NONE);
		assert_int_equal(n, 1);
	}
	symbols_close(s);
	buf_release(&b);
}

/* Contents that an older index knows stand between others. */
static void
what_is_known_is_not_asked_again(void **state)
{
	enum { N = 600 };
	struct buf half = { 0 }, whole = { 0 }, mixed = { 0 };
	struct ctags_options o = { 0 };
	struct symbols *old = NULL, *s;

	(void)state;
	for (int turn = 0; turn < 3; turn++) {
		struct buf *out = turn == 0 ? &half :
		    turn == 1               ? &whole :
					      &mixed;
		struct ctags *c;

		o.old = turn == 2 ? old : NULL;
		assert_int_equal(ctags_open(&c, &o), ERR_NONE);
		for (unsigned i = 0; i < N; i++) {
			struct oid id = { { (uint8_t)i, (uint8_t)(i >> 8) } };
			char text[64];

			if (turn == 0 && i % 3 == 0)
				continue;
			snprintf(text, sizeof text, "int f%u(void)\n{\n}\n", i);
			assert_int_equal(ctags_put(c, &id, STR("a.c"),
					     str_of(text)),
			    ERR_NONE);
		}
		assert_int_equal(ctags_finish(c, out), ERR_NONE);
		ctags_close(c);
		if (turn == 0)
			assert_int_equal(symbols_open_bytes(&old,
					     buf_view(&half)),
			    ERR_NONE);
	}
	assert_true(str_eq(buf_view(&whole), buf_view(&mixed)));
	assert_int_equal(symbols_open_bytes(&s, buf_view(&mixed)), ERR_NONE);
	assert_int_equal(symbols_definitions(s), N);
	assert_int_equal(symbols_count(s, SYMBOLS_FAILED), 0);
	symbols_close(s);
	symbols_close(old);
	buf_release(&half);
	buf_release(&whole);
	buf_release(&mixed);
}

/* Each of them at every content: all fail, and the index says so. */
static void
a_parser_that_fails_costs_what_it_was_at(void **state)
{
	static const char *const ways[] = {
		GREETING "exit 0\n",
		GREETING "read l\nkill -SEGV $$\n",
		GREETING "read l\necho nonsense\n" DONE,
		GREETING "read l\n" TAG "exit 1\n",
		GREETING "read l\nhead -c 200000 /dev/zero\n",
		GREETING "read l\nprintf '\\t-1\\t\\tk\\tx\\t\\n'\n",
		GREETING "read l\nexec sleep 1000\n",
	};
	struct ctags_options o = { .seconds = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct buf b = { 0 };
		struct symbols *s;

		o.program = fake(ways[i]);
		run(&s, &b, &o, sources, 2);
		assert_int_equal(symbols_contents(s), 2);
		assert_int_equal(symbols_definitions(s), 0);
		assert_true(symbols_count(s, SYMBOLS_FAILED) >= 1);
		symbols_close(s);
		buf_release(&b);
	}
}

/* A parser that defines the first word of a content, or does what it says. */
static const char obedient[] =
    GREETING "while read -r l; do\n"
	     "n=${l##*:} n=${n%%\\}*}\n"
	     "read -r word rest <<END\n$(head -c \"$n\")\nEND\n"
	     "case $word in\n"
	     "die) kill -SEGV $$;;\n"
	     "hang) exec sleep 1000;;\n"
	     "nonsense) echo nonsense;;\n"
	     "half) " TAG "exit 1;;\n"
	     "ramble) head -c 200000 /dev/zero;;\n"
	     "*) printf '\\t1\\t\\tk\\t%s\\t\\n' \"$word\"; " DONE ";;\n"
	     "esac\n"
	     "done\n";

/* The same contents by so many processes: every STEPth does as it says. */
static void
run_obedient(struct buf *out, const char *const *does, unsigned n_does,
    unsigned n, unsigned step, unsigned processes)
{
	const struct ctags_options o = { .program = fake(obedient),
		.seconds = 4,
		.processes = processes };
	struct ctags *c;

	assert_int_equal(ctags_open(&c, &o), ERR_NONE);
	for (unsigned i = 0; i < n; i++) {
		struct oid id = { { (uint8_t)i, (uint8_t)(i >> 8) } };
		char text[4096];

		if (i % step == step - 1)
			snprintf(text, sizeof text, "%s now\n",
			    does[i / step % n_does]);
		else /* not all of a length */
			snprintf(text, sizeof text, "name%u %0*u\n", i,
			    (int)(i * 37 % 3000), i);
		assert_int_equal(ctags_put(c, &id, STR("a.c"), str_of(text)),
		    ERR_NONE);
	}
	assert_int_equal(ctags_finish(c, out), ERR_NONE);
	ctags_close(c);
}

static void
check_obedient(struct str index, unsigned n, unsigned step)
{
	struct symbols_content content;
	struct symbols *s;
	struct symbol d;
	char name[32];

	assert_int_equal(symbols_open_bytes(&s, index), ERR_NONE);
	assert_int_equal(symbols_contents(s), n);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(symbols_content(&content, s, i), ERR_NONE);
		assert_int_equal(content.id.id[0], (uint8_t)i);
		if (i % step == step - 1) {
			assert_int_equal(content.state, SYMBOLS_FAILED);
			assert_int_equal(content.n, 0);
			continue;
		}
		assert_int_equal(content.state, SYMBOLS_READ);
		assert_int_equal(content.n, 1);
		assert_int_equal(symbols_definition(&d, s, content.first),
		    ERR_NONE);
		snprintf(name, sizeof name, "name%u", i);
		assert_true(str_eq(d.name, str_of(name)));
	}
	symbols_close(s);
}

static void
any_number_of_processes_gives_the_same_bytes(void **state)
{
	static const char *const ways[] = { "die", "nonsense", "half",
		"ramble" };
	static const char *const hang[] = { "hang" };
	static const unsigned processes[] = { 1, 2, 5 };
	struct buf first[2] = { { 0 }, { 0 } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf b = { 0 };

		run_obedient(i == 0 ? &first[0] : &b, ways, 4, 150, 9,
		    processes[i]);
		assert_true(
		    i == 0 || str_eq(buf_view(&b), buf_view(&first[0])));
		buf_clear(&b);
		run_obedient(i == 0 ? &first[1] : &b, hang, 1, 20, 19,
		    processes[i]);
		assert_true(
		    i == 0 || str_eq(buf_view(&b), buf_view(&first[1])));
		buf_release(&b);
	}
	check_obedient(buf_view(&first[0]), 150, 9);
	check_obedient(buf_view(&first[1]), 20, 19);
	buf_release(&first[0]);
	buf_release(&first[1]);
}

/* What was answered behind the last failure does not count either. */
static void
too_many_failures_are_the_same_for_any_number(void **state)
{
	static const char *const ways[] = { "half" };
	static const unsigned processes[] = { 1, 2, 5 };
	enum { N = 2 * CTAGS_FAILURES + 40 };
	struct buf first = { 0 };
	struct symbols *s;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf b = { 0 };

		run_obedient(i == 0 ? &first : &b, ways, 1, N, 2, processes[i]);
		assert_true(i == 0 || str_eq(buf_view(&b), buf_view(&first)));
		buf_release(&b);
	}
	assert_int_equal(symbols_open_bytes(&s, buf_view(&first)), ERR_NONE);
	assert_int_equal(symbols_definitions(s), CTAGS_FAILURES);
	assert_int_equal(symbols_count(s, SYMBOLS_FAILED), N - CTAGS_FAILURES);
	symbols_close(s);
	buf_release(&first);
}

/* More than is kept of what one says, while another is waited for. */
static void
a_lot_is_said_while_another_is_waited_for(void **state)
{
	enum { N = 60, LINES = 12000 };
	struct buf text = { 0 }, one = { 0 }, three = { 0 };
	struct symbols *s;

	(void)state;
	for (unsigned i = 0; i < LINES; i++)
		buf_printf(&text, "int a_rather_long_name_of_a_function_%u;\n",
		    i);
	for (unsigned k = 1; k <= 3; k += 2) {
		const struct ctags_options o = { .processes = k };
		struct ctags *c;

		assert_int_equal(ctags_open(&c, &o), ERR_NONE);
		for (unsigned i = 0; i < N; i++) {
			struct oid id = id_of(i);

			assert_int_equal(ctags_put(c, &id, STR("a.c"),
					     i % 2 == 0 ? buf_view(&text) :
							  STR("int a;\n")),
			    ERR_NONE);
		}
		assert_int_equal(ctags_finish(c, k == 1 ? &one : &three),
		    ERR_NONE);
		ctags_close(c);
	}
	assert_true(str_eq(buf_view(&one), buf_view(&three)));
	assert_int_equal(symbols_open_bytes(&s, buf_view(&one)), ERR_NONE);
	assert_int_equal(symbols_definitions(s), N / 2 * (LINES + 1));
	symbols_close(s);
	buf_release(&text);
	buf_release(&one);
	buf_release(&three);
}

/* The program reads so much of a command: of a longer path its end is said. */
static void
a_long_path_is_asked_for_by_its_end(void **state)
{
	const struct ctags_options o = { 0 };
	struct buf path = { 0 }, b = { 0 };
	struct symbols *s;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_str(&path, STR("\x01/\xff"));
	buf_str(&path, STR("/name.py"));
	run(&s, &b, &o,
	    (const char *const[][2]){ { path.at, "def f():\n    pass\n" } }, 1);
	assert_int_equal(symbols_count(s, SYMBOLS_READ), 1);
	symbols_close(s);
	buf_release(&path);
	buf_release(&b);
}

/* Nobody waits for a parser that does nothing but fail. */
static void
failing_without_end_ends(void **state)
{
	struct ctags_options o = { .program = fake(GREETING "exit 0\n"),
		.seconds = 1 };
	struct buf b = { 0 };
	struct symbols *s;
	struct ctags *c;

	(void)state;
	assert_int_equal(ctags_open(&c, &o), ERR_NONE);
	for (unsigned i = 0; i < CTAGS_FAILURES + 20; i++) {
		struct oid id = { { (uint8_t)i, (uint8_t)(i >> 8), 1 } };

		assert_int_equal(ctags_put(c, &id, STR("a.c"), STR("int a;\n")),
		    ERR_NONE);
	}
	assert_int_equal(ctags_finish(c, &b), ERR_NONE);
	ctags_close(c);
	assert_int_equal(symbols_open_bytes(&s, buf_view(&b)), ERR_NONE);
	assert_int_equal(symbols_count(s, SYMBOLS_FAILED), CTAGS_FAILURES + 20);
	symbols_close(s);
	buf_release(&b);
}

static void
what_is_no_parser_is_refused(void **state)
{
	struct ctags_options o = { .program = "/nowhere/ctags", .seconds = 1 };
	struct ctags *c;

	(void)state;
	assert_int_equal(ctags_open(&c, &o), ERR_ABSENT);
	assert_non_null(strstr(err_text(), "not installed"));
	err_clear();
	o.program = fake("echo hello\n");
	assert_int_equal(ctags_open(&c, &o), ERR_ABSENT);
	assert_non_null(strstr(err_text(), "no universal-ctags"));
	err_clear();
}

static int
set_up(void **state)
{
	(void)state;
	err_clear();
	tool_start();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tool_end();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(definitions_are_those_of_the_parser),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(names_are_those_of_the_text),
		cmocka_unit_test(what_is_known_is_not_asked_again),
		cmocka_unit_test(a_parser_that_fails_costs_what_it_was_at),
		cmocka_unit_test(any_number_of_processes_gives_the_same_bytes),
		cmocka_unit_test(too_many_failures_are_the_same_for_any_number),
		cmocka_unit_test(a_lot_is_said_while_another_is_waited_for),
		cmocka_unit_test(a_long_path_is_asked_for_by_its_end),
		cmocka_unit_test(failing_without_end_ends),
		cmocka_unit_test(what_is_no_parser_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
