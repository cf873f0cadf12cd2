/*
 * The shell, with a few views that are only in the tests.
 */
#include "tui/shell.h"

#include <stdio.h>
#include <string.h>

#include "tests/t.h"
#include "tests/tui/clash.h"
#include "tests/tui/play.h"
#include "tests/tui/toys.h"
#include "tui/list.h"
#include "tui/screen.h"

static struct shell *shell;

static int
set_up(void **state)
{
	(void)state;
	toys = (struct toys){ 0 };
	shell = shell_make(&toys_room);
	shell_size(shell, 24, 80, SCREEN_UTF8);
	assert_true(shell_open(shell, "things", NULL));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	shell_free(shell);
	assert_int_equal(toys.opened, toys.closed);
	return 0;
}

static const char *
message(void)
{
	static char last[256];
	struct str s = STR("");

	if (shell_messages(shell) > 0)
		s = shell_message_at(shell, shell_messages(shell) - 1);
	snprintf(last, sizeof last, "%.*s", STR_ARG(s));
	return last;
}

/* One row of the screen. */
static void
row_is(int row, const char *want)
{
	struct buf b = { 0 };
	struct str rest, line = STR("");

	play_show(shell, &b, false);
	rest = buf_view(&b);
	for (int i = 0; i <= row; i++)
		assert_true(str_cut(&rest, '\n', &line));
	buf_char(&b, '\0');
	if (!str_eq(line, str_of(want)))
		print_message("row %d is %.*s\n", row, STR_ARG(line));
	assert_true(str_eq(line, str_of(want)));
	buf_release(&b);
}

static const char *
top(void)
{
	return shell_top(shell)->view->name;
}

static uint64_t
selected(void)
{
	struct pane *p = shell_top(shell);

	return p->view->list(p)->selected;
}

static void
the_screen_is_as_drawn(void **state)
{
	struct play play = { .shell = shell };

	(void)state;
	play_run(&play, "shell");
}

static void
counts_and_families_reach_their_commands(void **state)
{
	(void)state;
	play_keys(shell, "5 j");
	assert_int_equal(selected(), 5);
	play_keys(shell, "G");
	assert_int_equal(selected(), 19);
	play_keys(shell, "1 0 G");
	assert_int_equal(selected(), 9);
	play_keys(shell, "2 k g g");
	assert_int_equal(selected(), 0);
	play_keys(shell, "9 9 9 9 9 9 9 9 9 9 9 9 9 9 j");
	assert_int_equal(selected(), 19);
	play_keys(shell, "5 Esc k");
	assert_int_equal(selected(), 18);
	play_keys(shell, "Enter 3 x");
	assert_string_equal(message(), "done thing 1!");
}

static void
an_unknown_key_says_so_and_does_nothing(void **state)
{
	(void)state;
	play_keys(shell, "e");
	assert_string_equal(message(), "no binding for e, ? lists keys");
	play_keys(shell, "g q");
	assert_string_equal(message(), "no binding for gq, ? lists keys");
	play_keys(shell, "F12");
	assert_string_equal(message(), "no binding for F12, ? lists keys");
	assert_int_equal(shell_messages(shell), 3);
	assert_string_equal(top(), "things");
	/* a family that is given up says nothing */
	play_keys(shell, "g Esc j");
	assert_int_equal(shell_messages(shell), 3);
	assert_int_equal(selected(), 1);
}

static void
esc_and_control_c_never_leave(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++)
		play_keys(shell, "Esc C-c");
	assert_string_equal(top(), "things");
	assert_int_equal(toys.left, 0);
	assert_int_equal(toys.stopped, 10);
}

static void
q_closes_one_view_and_the_last_leaves(void **state)
{
	(void)state;
	play_keys(shell, "Enter");
	assert_string_equal(top(), "thing");
	play_keys(shell, "q");
	assert_string_equal(top(), "things");
	assert_int_equal(toys.woken, 1);
	assert_int_equal(toys.closed, 1);
	assert_int_equal(toys.left, 0);
	play_keys(shell, "q");
	assert_int_equal(toys.left, 1);
	play_keys(shell, "Enter Q");
	assert_int_equal(toys.left, 2);
}

static void
unsaved_text_is_asked_about(void **state)
{
	(void)state;
	shell_open(shell, "box", NULL);
	play_type(shell, "q");
	play_keys(shell, "F3");
	row_is(23, "the box is not saved - close it? y n");
	play_keys(shell, "z n");
	assert_string_equal(top(), "box");
	play_keys(shell, "F3 Esc");
	assert_string_equal(top(), "box");
	play_keys(shell, "F3 y");
	assert_string_equal(top(), "things");
}

static void
leaving_asks_for_views_below_too(void **state)
{
	(void)state;
	shell_open(shell, "box", NULL);
	play_type(shell, "text");
	shell_open(shell, "things", NULL);
	play_keys(shell, "Q");
	row_is(23, "the box is not saved - leave? y n");
	play_keys(shell, "n");
	assert_int_equal(toys.left, 0);
	play_keys(shell, "Q y");
	assert_int_equal(toys.left, 1);
}

static void
jumps_come_back_across_views(void **state)
{
	unsigned back, forward;

	(void)state;
	play_keys(shell, "1 0 G Enter");
	assert_string_equal(top(), "thing");
	play_keys(shell, "<");
	assert_string_equal(top(), "things");
	assert_int_equal(selected(), 9);
	play_keys(shell, "<");
	assert_int_equal(selected(), 0);
	play_keys(shell, "<");
	assert_string_equal(message(), "this is where it began");
	shell_jumps(shell, &back, &forward);
	assert_int_equal(back, 0);
	assert_int_equal(forward, 2);
	play_keys(shell, ">");
	assert_int_equal(selected(), 9);
	play_keys(shell, ">");
	assert_string_equal(top(), "thing");
	row_is(1, "this is thing 9");
	play_keys(shell, ">");
	assert_string_equal(message(), "this is the newest place");
	play_keys(shell, "C-o Backspace");
	assert_int_equal(selected(), 0);
	/* a new jump forgets what was ahead */
	play_keys(shell, "G >");
	assert_string_equal(message(), "this is the newest place");
}

static void
marks_are_set_and_gone_to(void **state)
{
	(void)state;
	play_keys(shell, "5 j m a G ' a");
	assert_int_equal(selected(), 5);
	play_keys(shell, "' '");
	assert_int_equal(selected(), 19);
	play_keys(shell, "' b");
	assert_string_equal(message(), "mark b is not set, mb sets it");
	shell_run(shell, STR("mark"));
	assert_string_equal(message(),
	    "a mark has a letter from a to z: :mark a");
	shell_run(shell, STR("mark bb"));
	assert_string_equal(message(),
	    "a mark has a letter from a to z: :mark a");
	shell_run(shell, STR("mark b"));
	assert_string_equal(message(),
	    "mark b is here until you leave  'b comes back");
	play_keys(shell, "Enter ' a");
	assert_string_equal(top(), "things");
	assert_int_equal(selected(), 5);
}

static void
children_are_stepped_through(void **state)
{
	(void)state;
	play_keys(shell, "Enter J");
	row_is(1, "this is thing 1");
	play_keys(shell, "3 J");
	row_is(1, "this is thing 4");
	play_keys(shell, "K");
	row_is(1, "this is thing 3");
	play_keys(shell, "9 9 K K");
	row_is(1, "this is thing 0");
	assert_string_equal(message(), "this is the first of the list");
	play_keys(shell, "q J");
	assert_string_equal(message(), "there is no list below this view");
}

static void
a_view_that_fails_says_why_and_is_not_there(void **state)
{
	(void)state;
	play_keys(shell, "g f");
	assert_string_equal(top(), "things");
	assert_string_equal(message(), "blob 1a3e64c is damaged: <1b>[31m");
	play_keys(shell, "j");
	assert_int_equal(selected(), 1); /* its prompt went with it */
}

static void
a_view_of_another_room_is_asked_for_there(void **state)
{
	(void)state;
	play_keys(shell, "g r");
	assert_string_equal(toys.elsewhere, "far-away");
	assert_false(shell_open(shell, "nowhere", NULL));
	assert_string_equal(message(),
	    "there is no view 'nowhere', ? lists them");
}

static void
commands_run_by_name(void **state)
{
	(void)state;
	play_type(shell, ":12");
	play_keys(shell, "Enter");
	assert_int_equal(selected(), 11);
	play_type(shell, ":99");
	play_keys(shell, "Enter");
	assert_string_equal(message(), "there is no line 99, the last is 20");
	shell_run(shell, STR("find  thing 3 "));
	assert_int_equal(selected(), 3);
	shell_run(shell, STR("set"));
	assert_string_equal(message(), "nothing was set");
	shell_run(shell, STR("set nothing"));
	assert_string_not_equal(message(), "nothing was set");
	row_is(23,
	    "wrap numbers invisibles coverage mouse (nowrap: off), "
	    "theme= question= tab= enc=");
	shell_run(shell, STR("set question=x"));
	assert_string_equal(message(),
	    "options with a value: tab=4, enc=gb18030, theme=cb, "
	    "question=search");
	shell_run(shell, STR("far 7"));
	assert_string_equal(message(), "'far' takes nothing behind its name");
	assert_string_equal(toys.elsewhere, "");
	shell_run(shell, STR("far"));
	assert_string_equal(toys.elsewhere, "far-away");
	shell_run(shell, STR("box 7"));
	assert_string_equal(message(), "'box' takes nothing behind its name");
	assert_string_equal(top(), "things");
	shell_run(shell, STR("thing 7"));
	assert_string_equal(top(), "thing");
	shell_run(shell, STR("quit"));
	shell_run(shell, STR("box"));
	assert_string_equal(top(), "box");
	shell_run(shell, STR("qu"));
	assert_string_equal(top(), "things");
	shell_run(shell, STR("find-"));
	assert_string_equal(message(),
	    "more than one command begins with 'find-', Tab shows them");
	shell_run(shell, STR("\x1b[31m"));
	assert_string_equal(message(), "no command '\x1b[31m', ? lists them");
	row_is(23, "no command '^[[31m', ? lists them");
	shell_run(shell, STR("  "));
}

static void
help_opens_views_and_asks_for_what_they_take(void **state)
{
	(void)state;
	shell_run(shell, STR("help"));
	shell_run(shell, STR("find :box"));
	play_keys(shell, "Enter");
	assert_string_equal(top(), "box");
	play_keys(shell, "q");
	shell_run(shell, STR("help"));
	shell_run(shell, STR("find :thing NAME"));
	play_keys(shell, "Enter");
	row_is(23, ":thing");
	play_type(shell, "7");
	play_keys(shell, "Enter");
	assert_string_equal(top(), "thing");
}

static void
tab_completes_and_comes_round(void **state)
{
	(void)state;
	play_type(shell, ":mes");
	play_keys(shell, "Tab");
	row_is(23, ":messages");
	play_keys(shell, "Tab");
	row_is(23, ":mes");
	play_keys(shell, "C-u");
	play_type(shell, "find");
	play_keys(shell, "Tab Tab");
	row_is(23, ":find-next");
	play_keys(shell, "Esc : Up");
	row_is(23, ":");
	play_keys(shell, "n u m Tab Enter : Up");
	row_is(23, ":numbers");
	assert_false(shell_options(shell)->numbers);
}

static void
searching_says_what_it_found(void **state)
{
	(void)state;
	play_type(shell, "/thing 1");
	play_keys(shell, "Enter");
	assert_string_equal(message(), "line 2 matches 'thing 1' (1 of 11)");
	play_keys(shell, "n N N");
	assert_string_equal(message(),
	    "line 20 matches 'thing 1' (11 of 11), wrapped to bottom");
	play_type(shell, "/");
	play_keys(shell, "Up");
	row_is(23, "/thing 1");
	play_keys(shell, "Esc");
	shell_open(shell, "box", NULL);
	shell_run(shell, STR("find x"));
	assert_string_equal(message(), "there is nothing to search in here");
}

static void
a_paste_is_never_run_as_keys(void **state)
{
	(void)state;
	play_keys(shell, "Paste G Q q PasteEnd");
	assert_int_equal(selected(), 0);
	assert_int_equal(toys.left, 0);
	assert_string_equal(message(),
	    "a paste of 3 keys was left out: "
	    "nothing here takes text");
	play_keys(shell, "/ Paste t h Enter i PasteEnd");
	row_is(23, "/th i");
	play_keys(shell, "Esc");
	shell_open(shell, "box", NULL);
	play_keys(shell, "Paste a b PasteEnd c");
	row_is(1, "abc");
	/* F2 is a command of the box: typed it asks, pasted it does not */
	play_keys(shell, "Paste F2 Tab Esc PasteEnd d");
	row_is(1, "abcd");
	play_keys(shell, "F2");
	row_is(23, "name:");
}

static void
a_prompt_answers_its_own_pane(void **state)
{
	struct pane *box;

	(void)state;
	shell_open(shell, "box", NULL);
	box = shell_top(shell);
	play_keys(shell, "F2 m e Enter");
	row_is(1, "named me");
	play_keys(shell, "F2 y o u");
	shell_close(box); /* nobody is left to answer */
	play_keys(shell, "j");
	assert_int_equal(selected(), 1);
}

static void
messages_are_kept_and_the_oldest_go(void **state)
{
	(void)state;
	for (int i = 0; i < 250; i++)
		shell_message(shell, "message %d", i);
	assert_int_equal(shell_messages(shell), 200);
	assert_true(str_eq(shell_message_at(shell, 0), STR("message 50")));
	shell_run(shell, STR("messages"));
	row_is(21, "message 249");
}

static void
a_small_terminal_keeps_everything(void **state)
{
	(void)state;
	play_keys(shell, "7 j");
	shell_size(shell, 4, 80, SCREEN_UTF8);
	row_is(0, "terminal too small (need 20x6)");
	play_keys(shell, "j Q");
	shell_size(shell, 1, 1, SCREEN_UTF8);
	play_keys(shell, "j");
	shell_size(shell, 0, 0, SCREEN_UTF8);
	assert_null(shell_draw(shell));
	shell_size(shell, 24, 80, SCREEN_UTF8);
	assert_int_equal(selected(), 7);
	assert_int_equal(toys.left, 0);
	for (int rows = 1; rows < 12; rows++)
		for (int cols = 1; cols < 30; cols++) {
			shell_size(shell, rows, cols, SCREEN_UTF8);
			assert_non_null(shell_draw(shell));
		}
}

static void
nothing_is_drawn_twice(void **state)
{
	(void)state;
	assert_non_null(shell_draw(shell));
	assert_null(shell_draw(shell));
	play_keys(shell, "j");
	assert_non_null(shell_draw(shell));
	assert_null(shell_draw(shell));
	shell_redraw(shell);
	assert_non_null(shell_draw(shell));
}

static void
help_lists_every_key_and_does_what_it_says(void **state)
{
	const struct command *c;
	struct buf b = { 0 };

	(void)state;
	shell_size(shell, 100, 100, SCREEN_UTF8);
	play_keys(shell, "?");
	assert_string_equal(top(), "help");
	play_show(shell, &b, false);
	for (size_t i = 0;
	     (c = shell_command(shell, toys_room.views[0], i)) != NULL; i++)
		assert_true(
		    str_find(buf_view(&b), str_of(c->help), 0) != SIZE_MAX);
	/* the first row is "open" */
	play_keys(shell, "Enter");
	assert_string_equal(top(), "thing");
	play_keys(shell, "? ?");
	assert_string_equal(top(), "thing");
	buf_release(&b);
}

static void
two_panes_share_a_large_screen(void **state)
{
	(void)state;
	play_keys(shell, "O");
	assert_string_equal(message(),
	    "a split shows a view and the one "
	    "below: there is one");
	shell_size(shell, 47, 80, SCREEN_UTF8);
	play_keys(shell, "Enter");
	row_is(0, "things");
	row_is(1, "thing 0");
	row_is(16, "this is thing 0");
	play_keys(shell, "Tab j Enter");
	row_is(16, "this is thing 1");
	play_keys(shell, "J");
	row_is(16, "this is thing 2");
	shell_size(shell, 24, 80, SCREEN_UTF8);
	row_is(1, "this is thing 2");
}

static void
replacing_leaves_the_stack_as_deep(void **state)
{
	(void)state;
	play_keys(shell, "Enter");
	assert_true(shell_replace(shell_top(shell), "box", NULL));
	assert_string_equal(top(), "box");
	assert_string_equal(shell_below(shell_top(shell))->view->name,
	    "things");
	assert_false(shell_replace(shell_top(shell), "broken", NULL));
	assert_string_equal(top(), "box");
}

static void
its_own_keys_do_not_clash(void **state)
{
	(void)state;
	clash_check(&toys_room);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_screen_is_as_drawn),
		TEST(counts_and_families_reach_their_commands),
		TEST(an_unknown_key_says_so_and_does_nothing),
		TEST(esc_and_control_c_never_leave),
		TEST(q_closes_one_view_and_the_last_leaves),
		TEST(unsaved_text_is_asked_about),
		TEST(leaving_asks_for_views_below_too),
		TEST(jumps_come_back_across_views),
		TEST(marks_are_set_and_gone_to),
		TEST(children_are_stepped_through),
		TEST(a_view_that_fails_says_why_and_is_not_there),
		TEST(a_view_of_another_room_is_asked_for_there),
		TEST(commands_run_by_name),
		TEST(help_opens_views_and_asks_for_what_they_take),
		TEST(tab_completes_and_comes_round),
		TEST(searching_says_what_it_found),
		TEST(a_paste_is_never_run_as_keys),
		TEST(a_prompt_answers_its_own_pane),
		TEST(messages_are_kept_and_the_oldest_go),
		TEST(a_small_terminal_keeps_everything),
		TEST(nothing_is_drawn_twice),
		TEST(help_lists_every_key_and_does_what_it_says),
		TEST(two_panes_share_a_large_screen),
		TEST(replacing_leaves_the_stack_as_deep),
		TEST(its_own_keys_do_not_clash),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
