#include "tui/keys.h"

#include "core/text.h"
#include "tests/t.h"
#include "tests/tui/clash.h"
#include "tui/noting.h"
#include "tui/reading_inside.h"
#include "tui/shell_state.h"

static void
names_go_both_ways(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (uint32_t key = 1; key <= KEYS_LAST; key++) {
		struct str s;
		uint32_t back;

		if (key == 0x7f)
			key = KEYS_SPECIAL;
		buf_clear(&b);
		keys_name(key, &b);
		s = buf_view(&b);
		if (key >= 28 && key <= 31 && key != 29)
			continue; /* no key sends them alone */
		assert_true(keys_take(&s, &back));
		assert_int_equal(back, key);
		assert_int_equal(s.len, 0);
	}
	buf_release(&b);
}

static void
bindings_are_one_key_or_two(void **state)
{
	struct str rest = STR("j  ]c C-d gEnter m{a-z} r{any} '' }");
	const struct keys_binding want[] = {
		{ 'j', 0 },
		{ ']', 'c' },
		{ 4, 0 },
		{ 'g', KEYS_ENTER },
		{ 'm', KEYS_RANGE_LETTER },
		{ 'r', KEYS_RANGE_ANY },
		{ '\'', '\'' },
		{ '}', 0 },
	};
	struct keys_binding k;

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		assert_true(keys_cut(&rest, &k));
		assert_int_equal(k.first, want[i].first);
		assert_int_equal(k.second, want[i].second);
	}
	assert_false(keys_cut(&rest, &k));
}

static void
what_a_console_cannot_send_is_unusable(void **state)
{
	(void)state;
	assert_non_null(keys_unusable(KEYS_CTRL('s')));
	assert_non_null(keys_unusable(KEYS_CTRL('z')));
	assert_non_null(keys_unusable(0xe4));
	assert_null(keys_unusable('j'));
	assert_null(keys_unusable(KEYS_UP));
}

static void
nothing(struct pane *p, const struct call *c)
{
	(void)p;
	(void)c;
}

static void
draw_nothing(struct pane *p, struct canvas *c)
{
	(void)p;
	(void)c;
}

static void
finds(const struct command *commands, const char *want)
{
	struct view v = { .name = "v",
		.about = "V",
		.commands = commands,
		.draw = draw_nothing };
	const struct view *const views[] = { &v };
	struct shell_room room = { .views = views, .n_views = 1 };
	struct buf why = { 0 };

	clash_find(&room, &why);
	buf_char(&why, '\0');
	assert_string_equal(why.at, want);
	buf_release(&why);
}

static void
a_clash_of_keys_is_found(void **state)
{
	const struct command fine[] = { { "aa", "a", "A", nothing, NULL, NULL },
		{ 0 } };
	const struct command same[] = { { "aa", "a", "A", nothing, NULL, NULL },
		{ "bb", "b a", "B", nothing, NULL, NULL }, { 0 } };
	const struct command prefix[] = { { "aa", "y", "A", nothing, NULL,
					      NULL },
		{ "bb", "yx", "B", nothing, NULL, NULL }, { 0 } };
	const struct command shells[] = {
		{ "aa", "q", "A", nothing, NULL, NULL }, { 0 }
	};
	const struct command range[] = {
		{ "aa", "mx", "A", nothing, NULL, NULL }, { 0 }
	};
	const struct command control[] = {
		{ "aa", "C-s", "A", nothing, NULL, NULL }, { 0 }
	};
	const struct command override[] = {
		{ "quit", "q", "A", nothing, NULL, NULL }, { 0 }
	};

	(void)state;
	finds(fine, "");
	finds(override, "");
	finds(same, "view v, aa: a bb");
	finds(prefix, "view v, aa: y bb");
	finds(shells, "view v, aa: q quit");
	finds(range, "view v, aa: mx mark");
	finds(control,
	    "view v, aa: C-s stops and starts the terminal's "
	    "output");
}

/* Every view there is, with the keys of its list, its room and the shell. */
#define X(name) extern const struct view view_##name;
#include "views_notes.inc"
#include "views_reading.inc"
#undef X
#define X(name) &view_##name,

static void
no_view_of_the_reading_room_has_a_clash(void **state)
{
	const struct view *const views[] = {
		&view_help,
		&view_messages,
#include "views_reading.inc"
	};
	struct shell_room room = {
		.views = views,
		.n_views = sizeof views / sizeof *views,
		.commands = reading_commands,
	};

	(void)state;
	clash_check(&room);
}

static void
no_view_of_the_notes_room_has_a_clash(void **state)
{
	const struct view *const views[] = {
		&view_help,
		&view_messages,
#include "views_notes.inc"
	};
	struct shell_room room = {
		.views = views,
		.n_views = sizeof views / sizeof *views,
		.commands = noting_commands,
	};

	(void)state;
	clash_check(&room);
}
#undef X

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(bindings_are_one_key_or_two),
		cmocka_unit_test(what_a_console_cannot_send_is_unusable),
		cmocka_unit_test(a_clash_of_keys_is_found),
		cmocka_unit_test(no_view_of_the_reading_room_has_a_clash),
		cmocka_unit_test(no_view_of_the_notes_room_has_a_clash),
	};

	if (text_start() != ERR_NONE)
		bug("%s", err_text());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
