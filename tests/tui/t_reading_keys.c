/*
 * Random keys into every view of the reading room, on a repository made to
 * be hard to show.  Nothing may crash, block, or reach the screen that a
 * terminal would obey.  KEYS=n types n keys instead; SEED=n begins there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/messages.h"
#include "core/wire.h"
#include "tests/t.h"
#include "tests/tui/rig.h"
#include "tui/screen.h"

enum { KEYS_TYPED = 4000, KEYS_SETTLE = 40 };

static struct rig rig;
static uint32_t seed;

static uint32_t
pick(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

/* What a person would type: bindings, and lines that lead everywhere. */
static const char *const keys[] = { "j", "k", "j", "k", "G", "g g", "Enter",
	"Enter", "Enter", "C-d", "C-u", "Space", "PgUp", "h", "l", "0", "$",
	"w", "p", "q", "q", "<", "<", ">", "t", "f", "@", "b", ",", "d", "c",
	"C", "F", "v", "y", "r", "R", "M", "u", "C-r", "*", "n", "N", "Esc",
	"Esc", "C-c", "?", "x", "e", "P", "W", "+", "-", "O", "Tab", "] c",
	"[ c", "] f", "[ f", "] h", "[ h", "] z", "[ z", "] m", "[ m", "] n",
	"[ n", "] u", "[ u", "} {", "g d", "g r", "g i", "g *", "g O", "g l",
	"g L", "g h", "g H", "g n", "g P", "g m", "g f", "g =", "m b", "' b",
	"o w", "o i", "o n", "o c", "o h", "z z", "z t", "z b", "H", "L", "m a",
	"' a", "' '", "5 j", "9 9 9 G", "J", "K", "&", "F1", "Up", "Down",
	"Left", "Right", "Home", "End", "Backspace", "Delete", "D", "/", "g /",
	":", "S-Tab" };

static const char *const lines[] = { ":tree src", ":tree odd names",
	":file src/odd.c", ":file doc/wide.txt", ":file data.bin",
	":file long.txt", ":file src/gbk.txt", ":file odd names/empty",
	":revision v1.0", ":revision v2.0", ":diff-with v1.0", ":compare v1.0",
	":commit HEAD~1", ":log src/ring.c", ":log author:ada", ":pickaxe ring",
	"3gL", ":blame src/ring.c", ":refs", ":jobs", ":proof", ":certificate",
	":outline", ":encoding gb18030", ":encoding utf-16le", ":tab 3",
	":999999", ":messages", ":patch", ":hazards", ":tray",
	":vendor fix.patch small", ":file large/wide.txt",
	":file large/line.txt", ":file large/lines.c", ":revision large",
	":compare small large", ":file src/alike.c", "/ring", "g/ring_\\w+",
	"g/-F -w name", "g/(", "&ring", ":search -b \\x00", ":blame nosuch",
	":file src", ":diff", ":patches", ":vendor all.patch v1.0 v2.0",
	":placed none.patch", ":symbol ring_put", ":set nowrap", ":messages",
	":help" };

static void
type(struct shell *s, const char *line)
{
	/* Whatever box is open is left first. */
	play_keys(s, "Esc Esc");
	play_type(s, line);
	play_keys(s, "Enter");
}

static void
drain(void)
{
	char buf[65536 + 8];

	while (rig.notes >= 0 &&
	    recv(rig.notes, buf, sizeof buf, MSG_DONTWAIT) > 0)
		;
}

/* Marks as the notes room would send them, some on lines that are not. */
static void
send_marks(void)
{
	static const char glyphs[] = "NF?.#=@~x";
	static const char *const paths[] = { "src/ring.c", "src/odd.c",
		"data.bin", "src", "" };
	struct buf b = { 0 }, whole = { 0 };

	wire_put_u8(&b, 3);
	for (uint32_t n = pick(6); n > 0; n--) {
		struct mark m = {
			.glyph = (uint8_t)glyphs[pick(9)],
			.path = str_of(paths[pick(5)]),
			.first = pick(4) == 0 ? 0 : pick(30),
		};

		m.last = m.first + pick(1000);
		mark_write(&m, &b);
	}
	wire_put_u16(&whole, MSG_MARKS);
	wire_put_u16(&whole, 0);
	wire_put_u32(&whole, (uint32_t)b.len);
	buf_str(&whole, buf_view(&b));
	assert_true(
	    send(rig.notes, whole.at, whole.len, 0) == (ssize_t)whole.len);
	buf_release(&b);
	buf_release(&whole);
}

static void
check_frame(struct shell *s)
{
	const struct canvas_grid *g;
	const struct cell *cells;
	size_t n;

	shell_redraw(s);
	g = shell_draw(s);
	assert_non_null(g);
	cells = canvas_cells(g);
	n = (size_t)canvas_rows(g) * (size_t)canvas_cols(g);
	for (size_t i = 0; i < n; i++)
		if (cells[i].ch != 0 && text_columns(cells[i].ch) < 1) {
			print_error("U+%04X is on the screen\n", cells[i].ch);
			assert_true(false);
		}
}

static void
one_key(struct shell *s)
{
	switch (pick(24)) {
	case 0:
		type(s, lines[pick(sizeof lines / sizeof lines[0])]);
		break;
	case 1:
		shell_size(s, 1 + (int)pick(60), 1 + (int)pick(200),
		    pick(8) | SCREEN_UTF8);
		break;
	case 2:
		if (rig.notes >= 0)
			send_marks();
		break;
	case 3:
		shell_size(s, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
		break;
	default:
		play_keys(s, keys[pick(sizeof keys / sizeof keys[0])]);
		break;
	}
}

/* dir NULL: the session, which has no notes room here. */
static void
run(const char *dir, uint32_t from, unsigned n)
{
	struct shell *s;

	seed = from;
	if (dir == NULL)
		rig_open_session(&rig);
	else
		rig_open(&rig, dir, true);
	s = rig.play.shell;
	for (unsigned i = 0; i < n; i++) {
		one_key(s);
		if (pick(KEYS_SETTLE) == 0)
			rig_settle(&rig);
		if (pick(4) == 0)
			check_frame(s);
		drain();
		if (shell_top(s) == NULL)
			shell_open(s, "start", &(struct target){ 0 });
	}
	rig_settle(&rig);
	rig_close(&rig);
}

static unsigned
from_environment(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : (unsigned)strtoul(text, NULL, 10);
}

static void
random_keys_break_nothing(void **state)
{
	(void)state;
	run("small", from_environment("SEED", 1),
	    from_environment("KEYS", KEYS_TYPED));
}

static void
random_keys_break_nothing_where_objects_are_missing(void **state)
{
	(void)state;
	run("partial", from_environment("SEED", 2),
	    from_environment("KEYS", KEYS_TYPED / 4));
}

/* Names that clash, lines of megabytes, letters of other alphabets. */
static void
random_keys_break_nothing_where_much_deceives(void **state)
{
	(void)state;
	run("traps", from_environment("SEED", 4),
	    from_environment("KEYS", KEYS_TYPED / 4));
}

static void
random_keys_break_nothing_in_a_session(void **state)
{
	(void)state;
	run(NULL, from_environment("SEED", 5),
	    from_environment("KEYS", KEYS_TYPED / 4));
}

static void
random_keys_break_nothing_where_nothing_is(void **state)
{
	(void)state;
	run("empty", from_environment("SEED", 3),
	    from_environment("KEYS", KEYS_TYPED / 8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_keys_break_nothing),
		cmocka_unit_test(
		    random_keys_break_nothing_where_objects_are_missing),
		cmocka_unit_test(random_keys_break_nothing_where_much_deceives),
		cmocka_unit_test(random_keys_break_nothing_in_a_session),
		cmocka_unit_test(random_keys_break_nothing_where_nothing_is),
	};

	return cmocka_run_group_tests(tests, rig_setup, rig_teardown);
}
