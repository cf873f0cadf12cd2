#include "tui/script.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"

#include "tests/t.h"

/* What the launcher writes when the reading room says these pieces. */
static struct buf said;

static enum err
hear(struct script *s, const struct script_piece *pieces, size_t n)
{
	struct buf b = { 0 };
	char taken[4096];
	int ends[2];
	ssize_t len;
	enum err rc;

	for (size_t i = 0; i < n; i++)
		script_write_piece(&b, &pieces[i]);
	assert_int_equal(pipe(ends), 0);
	s->out = s->said = ends[1];
	err_clear();
	rc = script_found(s, buf_view(&b));
	close(ends[1]);
	buf_clear(&said);
	while ((len = read(ends[0], taken, sizeof taken)) > 0)
		buf_str(&said, (struct str){ taken, (size_t)len });
	close(ends[0]);
	buf_release(&b);
	return rc;
}

static void
pieces_of_a_line_come_out_as_one(void **state)
{
	const struct script_piece pieces[] = {
		{ SCRIPT_FIRST, STR("v1"), STR("a.c"), 7, STR("int ") },
		{ 0, { "", 0 }, { "", 0 }, 0, STR("ma") },
		{ SCRIPT_LAST, { "", 0 }, { "", 0 }, 0, STR("in") },
		{ SCRIPT_FIRST | SCRIPT_LAST, STR("v1"), STR("b.c"), 1,
		    { "", 0 } },
	};
	struct script s = { 0 };

	(void)state;
	assert_int_equal(hear(&s, pieces, 4), ERR_NONE);
	assert_true(
	    str_eq(buf_view(&said), STR("v1:a.c:7:int main\nv1:b.c:1:\n")));
}

static void
no_name_and_no_line_makes_a_line_of_its_own(void **state)
{
	const struct script_piece piece = { SCRIPT_FIRST | SCRIPT_LAST,
		STR("v\n1"), STR("a\nb:1:c"), 7, STR("x\033\n\n") };
	struct script s = { 0 };

	(void)state;
	assert_int_equal(hear(&s, &piece, 1), ERR_NONE);
	assert_true(str_eq(buf_view(&said),
	    STR("v<0a>1:a<0a>b:1:c:7:x\033<0a><0a>\n")));
	s.out_terminal = true;
	assert_int_equal(hear(&s, &piece, 1), ERR_NONE);
	assert_true(str_eq(buf_view(&said),
	    STR("v<0a>1:a<0a>b:1:c:7:x<1b><0a><0a>\n")));
}

static void
on_a_terminal_only_what_has_ink_stays(void **state)
{
	struct buf b = { 0 };

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	script_show(&b,
	    (struct str){
		"a\tb\r\0\x7f\xc2\x9b\xe2\x80\xae\xe5\x86\x85\xff\xe5", 16 },
	    true, false);
	assert_true(str_eq(buf_view(&b),
	    STR("a\tb<0d><00><7f><c2><9b><e2><80><ae>\xe5\x86\x85<ff><e5>")));
	assert_non_null(setlocale(LC_CTYPE, "C"));
	buf_clear(&b);
	script_show(&b, STR("a\xe5\x86"), true, false);
	assert_true(str_eq(buf_view(&b), STR("a<e5><86>")));
	buf_release(&b);
}

static void
pieces_out_of_turn_are_refused(void **state)
{
	const struct script_piece first = { SCRIPT_FIRST, STR("v1"), STR("a.c"),
		7, STR("x") };
	const struct script_piece last = { SCRIPT_LAST, { "", 0 }, { "", 0 }, 0,
		STR("x") };
	const struct script_piece odd = { 4, { "", 0 }, { "", 0 }, 0,
		STR("x") };
	struct script s = { 0 };

	(void)state;
	assert_int_equal(hear(&s, &last, 1), ERR_FORMAT);
	assert_int_equal(hear(&s, &odd, 1), ERR_FORMAT);
	assert_int_equal(hear(&s, &first, 1), ERR_NONE);
	assert_int_equal(hear(&s, &first, 1), ERR_FORMAT);
	assert_int_equal(hear(&s, &last, 1), ERR_NONE);
	s.ended = true;
	assert_int_equal(hear(&s, &first, 1), ERR_FORMAT);
}

static void
every_truncation_is_refused(void **state)
{
	const struct script_piece p = { SCRIPT_FIRST | SCRIPT_LAST, STR("v1"),
		STR("a.c"), 7, STR("text") };
	struct script s = { 0 };
	struct buf b = { 0 };

	(void)state;
	script_write_piece(&b, &p);
	for (size_t len = 1; len < b.len; len++) {
		s = (struct script){ .out = -1 };
		err_clear();
		assert_int_equal(script_found(&s, (struct str){ b.at, len }),
		    ERR_FORMAT);
	}
	s = (struct script){ 0 };
	assert_int_equal(hear(&s, &p, 1), ERR_NONE);
	buf_release(&b);
}

static void
none_is_said_only_of_a_complete_search(void **state)
{
	struct script s = { .ended = true, .complete = true };

	(void)state;
	assert_int_equal(script_status(&s, ERR_NONE), 1);
	assert_int_equal(script_status(&s, ERR_STOPPED), 5);
	assert_int_equal(script_status(&s, ERR_DENIED), 4);
	s.lines = 1;
	assert_int_equal(script_status(&s, ERR_NONE), 0);
	s.complete = false;
	assert_int_equal(script_status(&s, ERR_NONE), 3);
	s = (struct script){ 0 };
	assert_int_equal(script_status(&s, ERR_NONE), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_a_line_come_out_as_one),
		cmocka_unit_test(no_name_and_no_line_makes_a_line_of_its_own),
		cmocka_unit_test(on_a_terminal_only_what_has_ink_stays),
		cmocka_unit_test(pieces_out_of_turn_are_refused),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(none_is_said_only_of_a_complete_search),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	buf_release(&said);
	return rc;
}
