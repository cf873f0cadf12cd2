#include "core/outline.h"

#include "tests/t.h"

/* The name the line begins, or "" when it begins nothing. */
static struct str
head(const char *file, const char *line)
{
	struct str name = STR("");

	if (!outline_line(lexer_find(str_of(file), STR("")), str_of(line),
		&name))
		return STR("");
	return name;
}

static void
definitions_are_recognised(void **state)
{
	const struct {
		const char *file, *line, *name;
	} want[] = {
		{ "a.c", "static int fill(struct x *r,", "fill" },
		{ "a.c", "main(void)", "main" },
		{ "a.c", "struct buf {", "buf" },
		{ "a.c", "typedef struct smf_s {", "smf_s" },
		{ "a.cc", "void Foo::bar(int) {", "Foo::bar" },
		{ "a.py", "    async def run(self):", "run" },
		{ "a.go", "func (s *Server) Close() error {", "Close" },
		{ "a.rs", "pub unsafe fn copy(a: &u8) {", "copy" },
		{ "a.sh", "usage() {", "usage" },
		{ "a.sh", "function usage", "usage" },
		{ "a.js", "export default class View {", "View" },
		{ "a.java", "    public void close(int a) {", "close" },
		{ "a.v", "module top (input a);", "top" },
		{ "Makefile", "all: x", "all" },
		{ "a.md", "## Title", "## Title" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		struct str got = head(want[i].file, want[i].line);

		if (!str_eq(got, str_of(want[i].name)))
			print_message("%s gives '%.*s'\n", want[i].line,
			    STR_ARG(got));
		assert_true(str_eq(got, str_of(want[i].name)));
	}
}

static void
statements_calls_and_declarations_are_not(void **state)
{
	const struct {
		const char *file, *line;
	} want[] = {
		{ "a.c", "int fill(struct x *r);" },
		{ "a.c", "\tfill(r);" },
		{ "a.c", "if (x)" },
		{ "a.c", "out:" },
		{ "a.c", "int table[] = { f(x) };" },
		{ "a.c", "typedef struct {" },
		{ "a.c", "}" },
		{ "a.c", "" },
		{ "a.c", "#define X(y)" },
		{ "a.py", "define = 1" },
		{ "a.java", "        if (x) {" },
		{ "a.java", "        x = f(y) {" },
		{ "a.go", "\tfunc() {" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		struct str got = head(want[i].file, want[i].line);

		if (got.len > 0)
			print_message("%s gives '%.*s'\n", want[i].line,
			    STR_ARG(got));
		assert_int_equal(got.len, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(definitions_are_recognised),
		cmocka_unit_test(statements_calls_and_declarations_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
