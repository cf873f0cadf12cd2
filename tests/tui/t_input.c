#include "tui/input.h"

#include <string.h>

#include "core/text.h"
#include "tests/t.h"

static struct buf got;

static void
take(void *arg, uint32_t key)
{
	(void)arg;
	assert_true(keys_valid(key));
	if (got.len > 0)
		buf_char(&got, ' ');
	keys_name(key, &got);
}

static void
becomes(struct str bytes, const char *want)
{
	/* in one piece, and byte by byte */
	for (size_t step = bytes.len; step > 0; step = step == 1 ? 0 : 1) {
		struct input in = { 0 };

		buf_clear(&got);
		for (size_t i = 0; i < bytes.len; i += step)
			input_bytes(&in, str_slice(bytes, i, step), take, NULL);
		if (input_waits(&in))
			input_wait_over(&in, take, NULL);
		assert_false(input_waits(&in));
		buf_char(&got, '\0');
		assert_string_equal(got.at, want);
	}
	buf_release(&got);
}

static void
what_is_typed_comes_as_typed(void **state)
{
	(void)state;
	becomes(STR("aZ1\x04\r"), "a Z 1 C-d Enter");
	becomes(STR("ä日"), "ä 日");
	becomes(STR("\x7f\x08\t"), "Backspace Backspace Tab");
	becomes(STR("\0"), "");
}

/* Where it was asked for; else, and when let go or damaged, nothing. */
static void
the_mouse_is_heard_when_it_is_wanted(void **state)
{
	static const char reports[] = "\x1b[<0;7;5M\x1b[<0;7;5m\x1b[<64;1;1M"
				      "\x1b[<65;1;1M\x1b[<0;7M\x1b[<0;7;9999M"
				      "\x1b[<0;7;M\x1b[<2;7;5M";
	struct input in = { .mouse = true };

	(void)state;
	becomes(STR("\x1b[<0;7;5M\x1b[<64;1;1M"), "");
	input_bytes(&in, str_of(reports), take, NULL);
	buf_char(&got, '\0');
	assert_string_equal(got.at, "Click4 WheelUp WheelDown");
	buf_release(&got);
}

static void
keys_of_every_terminal_are_known(void **state)
{
	(void)state;
	becomes(STR("\x1b[A\x1bOB\x1b[1;5C\x1b[5~\x1b[6;3~"),
	    "Up Down Right PgUp PgDn");
	becomes(STR("\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~"),
	    "Home End Home End Home End");
	becomes(STR("\x1b[3~\x1b[2~"), "Delete Insert");
	/* F1 of xterm, of the console, of rxvt */
	becomes(STR("\x1bOP\x1b[[A\x1b[11~"), "F1 F1 F1");
	becomes(STR("\x1b[24~\x1b[21~"), "F12 F10");
}

static void
shift_tab_comes_in_both_forms(void **state)
{
	(void)state;
	becomes(STR("\x1b[Z"), "S-Tab");
	becomes(STR("\x1b\t"), "S-Tab");
}

static void
escape_alone_is_a_key(void **state)
{
	(void)state;
	becomes(STR("\x1b"), "Esc");
	becomes(STR("\x1bq"), "Esc q");
	becomes(STR("\x1b\x1b"), "Esc Esc");
}

static void
an_answer_nobody_asked_for_is_swallowed(void **state)
{
	(void)state;
	becomes(STR("a\x1b[?1;2cb"), "a b");
	becomes(STR("a\x1b[24;80Rb"), "a b");
	becomes(STR("a\x1b[1;1Rb"), "a b");
	becomes(STR("a\x1b]10;rgb:0000/0000/0000\x07"
		    "b"),
	    "a b");
	becomes(STR("a\x1b]52;c;cm0gLXJm\x1b\\b"), "a b");
	becomes(STR("a\x1bP1$r0m\x1b\\b"), "a b");
	becomes(STR("a\x1b_Gi=1;OK\x1b\\b"), "a b");
	becomes(STR("a\x1b[Ib\x1b[O"), "a b");
}

static void
the_mouse_types_nothing(void **state)
{
	(void)state;
	becomes(STR("a\x1b[M !!b"), "a b");
	becomes(STR("a\x1b[<0;12;3M\x1b[<0;12;3mb"), "a b");
	becomes(STR("a\x1b[32;12;3Mb"), "a b");
}

static void
a_paste_is_marked(void **state)
{
	(void)state;
	becomes(STR("\x1b[200~qQ\r\x1b[201~j"), "Paste q Q Enter PasteEnd j");
	becomes(STR("\x1b[201~j"), "j");
	/* its end mark was lost: Esc goes on */
	becomes(STR("\x1b[200~q\x1b"), "Paste q PasteEnd Esc");
}

static void
what_is_not_utf8_types_nothing(void **state)
{
	(void)state;
	becomes(STR("a\xff\xc3(\x9b"
		    "31mb"),
	    "a ( 3 1 m b");
	becomes(STR("a\xe2\x80\xae\xc2\x9b"
		    "b"),
	    "a b");
	becomes(STR("\xe6\x97"), "");
}

static void
an_endless_sequence_ends(void **state)
{
	struct input in = { 0 };
	char digits[100];

	(void)state;
	memset(digits, '1', sizeof digits);
	input_bytes(&in, STR("\x1b["), take, NULL);
	input_bytes(&in, (struct str){ digits, sizeof digits }, take, NULL);
	input_bytes(&in, STR("Aj"), take, NULL);
	assert_int_equal(got.len, 1);
	assert_int_equal(got.at[0], 'j');
	buf_clear(&got);
	input_bytes(&in, STR("\x1b]never ends"), take, NULL);
	assert_true(input_waits(&in));
	input_wait_over(&in, take, NULL);
	input_bytes(&in, STR("j"), take, NULL);
	assert_int_equal(got.len, 1);
	buf_release(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_comes_as_typed),
		cmocka_unit_test(keys_of_every_terminal_are_known),
		cmocka_unit_test(the_mouse_is_heard_when_it_is_wanted),
		cmocka_unit_test(shift_tab_comes_in_both_forms),
		cmocka_unit_test(escape_alone_is_a_key),
		cmocka_unit_test(an_answer_nobody_asked_for_is_swallowed),
		cmocka_unit_test(the_mouse_types_nothing),
		cmocka_unit_test(a_paste_is_marked),
		cmocka_unit_test(what_is_not_utf8_types_nothing),
		cmocka_unit_test(an_endless_sequence_ends),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
