#include "policy/prints.h"

#include "core/io.h"
#include "policy/prints_inside.h"
#include "tests/t.h"
#include "tests/tool.h"

#include <stdlib.h>
#include <string.h>

/*
 * Families of versions: a file of C that is edited again and again, as a
 * history has it; the same text in other families too.
 */
enum { FAMILIES = 16, VERSIONS = 12, PIECES_MAX = 4 };

static const uint8_t key[PRINTS_KEY_BYTES] = { 4, 5, 6 };
static struct buf texts[FAMILIES][VERSIONS];
static uint32_t dice;
static int dir;

static uint32_t
roll(uint32_t below)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % below;
}

static void
write_line(struct buf *b)
{
	switch (roll(9)) {
	case 0:
		buf_printf(b, "/* the %u of %u may be %u, and %u is not */\n",
		    roll(900), roll(900), roll(900), roll(900));
		break;
	case 1:
		buf_printf(b, "\n");
		break;
	case 2:
		buf_printf(b, "\tprint(\"it's /* %u\", '\\'');\n", roll(9000));
		break;
	default:
		buf_printf(b, "\tif (a%u[%u] < %u) call_%u(&x%u, sizeof x);\n",
		    roll(4000), roll(10), roll(99), roll(3000), roll(4000));
	}
}

/* A stretch of lines goes, others come. */
static void
edit(struct buf *out, struct str old)
{
	size_t at = roll((uint32_t)old.len), end;

	at = str_find(old, STR("\n"), at);
	at = at == SIZE_MAX ? 0 : at + 1;
	end = str_find(old, STR("\n"), at + roll(300));
	end = end == SIZE_MAX ? at : end + 1;
	buf_str(out, str_slice(old, 0, at));
	for (uint32_t n = roll(6); n > 0; n--)
		write_line(out);
	buf_str(out, str_slice(old, end, old.len));
}

static int
set_up(void **state)
{
	(void)state;
	dice = 99;
	for (int f = 0; f < FAMILIES; f++) {
		uint32_t lines = 20 + roll(300);

		if (f % 4 == 3)
			buf_str(&texts[f][0], buf_view(&texts[f - 1][5]));
		for (uint32_t i = 0; i < lines; i++)
			write_line(&texts[f][0]);
		for (int v = 1; v < VERSIONS; v++)
			edit(&texts[f][v], buf_view(&texts[f][v - 1]));
	}
	dir = open(tool_start(), O_RDONLY | O_DIRECTORY);
	return dir < 0;
}

static int
tear_down(void **state)
{
	(void)state;
	for (int f = 0; f < FAMILIES; f++)
		for (int v = 0; v < VERSIONS; v++)
			buf_release(&texts[f][v]);
	close(dir);
	tool_end();
	return 0;
}

static void
add(struct prints_builder *b, int f, int v)
{
	prints_builder_add(b, STR("x.c"), buf_view(&texts[f][v]));
}

/* Of every pieces-th family from the first one on, all of their versions. */
static void
save_piece(struct buf *out, int first, int pieces)
{
	struct prints_builder *b = prints_builder_open(key);
	struct io_file *f;

	for (int i = first; i < FAMILIES; i += pieces)
		for (int v = 0; v < VERSIONS; v++)
			add(b, i, v);
	assert_int_equal(io_write_start(&f, dir, "piece"), ERR_NONE);
	assert_int_equal(prints_builder_save(b, f), ERR_NONE);
	assert_int_equal(io_write_finish(f), ERR_NONE);
	assert_int_equal(io_read_at(out, dir, "piece", 1 << 28), ERR_NONE);
	prints_builder_close(b);
}

/* As they are, or the last one first. */
static void
join_all(struct buf *out, struct buf *pieces, int n, bool turned)
{
	struct prints_builder *b = prints_builder_open(key);

	for (int i = 0; i < n; i++)
		assert_int_equal(prints_builder_join(b,
				     buf_view(&pieces[turned ? n - 1 - i : i])),
		    ERR_NONE);
	prints_builder_write(b, out);
	prints_builder_close(b);
}

static void
one_builder(struct buf *out)
{
	struct prints_builder *b = prints_builder_open(key);

	for (int f = 0; f < FAMILIES; f++)
		for (int v = 0; v < VERSIONS; v++)
			add(b, f, v);
	prints_builder_write(b, out);
	prints_builder_close(b);
}

/* No number that one builder had is missing in the other. */
static void
check_holds_all(struct str whole, struct buf *pieces, int n)
{
	struct prints_builder *b = prints_builder_open(key);
	struct buf joined = { 0 };
	struct prints *one, *many;

	join_all(&joined, pieces, n, false);
	assert_int_equal(prints_open(&one, whole), ERR_NONE);
	assert_int_equal(prints_open(&many, buf_view(&joined)), ERR_NONE);
	for (int f = 0; f < FAMILIES; f++)
		for (int v = 0; v < VERSIONS; v++)
			add(b, f, v);
	for (int i = 0; i < PRINTS_SETS; i++) {
		struct numbers_run run;
		size_t at = 0;

		/* More than one builder had come from the ends of parts. */
		assert_true(many->sets[i].entries >= one->sets[i].entries);
		assert_true(
		    many->sets[i].entries * 99 <= one->sets[i].entries * 100);
		while ((run = numbers_next(&b->seen[i].numbers, &at)).n > 0)
			for (size_t k = 0; k < run.n; k++)
				assert_true(
				    prints_set_has(&many->sets[i], run.at[k]));
	}
	prints_close(one);
	prints_close(many);
	prints_builder_close(b);
	buf_release(&joined);
}

static void
joined_pieces_hold_what_one_builder_has(void **state)
{
	struct buf whole = { 0 };

	(void)state;
	one_builder(&whole);
	for (int n = 1; n <= PIECES_MAX; n *= 2) {
		struct buf pieces[PIECES_MAX] = { 0 }, x = { 0 }, y = { 0 };

		for (int i = 0; i < n; i++)
			save_piece(&pieces[i], i, n);
		check_holds_all(buf_view(&whole), pieces, n);
		join_all(&x, pieces, n, false);
		join_all(&y, pieces, n, true);
		assert_int_equal(x.len, y.len);
		assert_memory_equal(x.at, y.at, x.len);
		if (n == 1) {
			assert_int_equal(x.len, whole.len);
			assert_memory_equal(x.at, whole.at, x.len);
		}
		for (int i = 0; i < n; i++)
			buf_release(&pieces[i]);
		buf_release(&x);
		buf_release(&y);
	}
	buf_release(&whole);
}

static void
a_finished_file_is_what_is_written(void **state)
{
	struct prints_builder *b = prints_builder_open(key);
	struct buf want = { 0 }, got = { 0 };
	struct io_file *f;

	(void)state;
	for (int v = 0; v < VERSIONS; v++)
		add(b, 0, v);
	prints_builder_write(b, &want);
	assert_int_equal(io_write_start(&f, dir, "finished"), ERR_NONE);
	assert_int_equal(prints_builder_finish(b, f), ERR_NONE);
	assert_int_equal(io_write_finish(f), ERR_NONE);
	assert_int_equal(io_read_at(&got, dir, "finished", 1 << 28), ERR_NONE);
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.at, want.at, want.len);
	prints_builder_close(b);
	buf_release(&want);
	buf_release(&got);
}

/* A file that is added to: a piece goes into its bitmaps. */
static void
a_piece_can_be_added_to_a_file(void **state)
{
	struct prints_builder *b = prints_builder_open(key);
	struct buf first = { 0 }, piece = { 0 }, both = { 0 };
	struct prints *p;
	struct arena a = { 0 };
	struct verdict_source v = { 0 };
	struct str copy = str_slice(buf_view(&texts[1][0]), 0, 1500);

	(void)state;
	for (int i = 0; i < FAMILIES; i += 2)
		add(b, i, 0);
	prints_builder_write(b, &first);
	prints_builder_close(b);
	save_piece(&piece, 1, 2);
	b = prints_builder_open(key);
	assert_int_equal(prints_builder_take(b, buf_view(&first)), ERR_NONE);
	assert_int_equal(prints_builder_join(b, buf_view(&piece)), ERR_NONE);
	prints_builder_write(b, &both);
	prints_builder_close(b);
	assert_int_equal(prints_open(&p, buf_view(&both)), ERR_NONE);
	prints_judge(&v, &a, p, STR(""), copy);
	assert_true(v.tokens > 100);
	prints_close(p);
	arena_release(&a);
	buf_release(&first);
	buf_release(&piece);
	buf_release(&both);
}

static enum err
joins(struct str piece, const uint8_t *with)
{
	struct prints_builder *b = prints_builder_open(with);
	enum err rc = prints_builder_join(b, piece);

	prints_builder_close(b);
	err_clear();
	return rc;
}

static void
a_damaged_piece_is_refused(void **state)
{
	static const uint8_t stranger[PRINTS_KEY_BYTES] = { 7 };
	struct buf piece = { 0 };
	size_t rows = 32 + 5 * 16;

	(void)state;
	save_piece(&piece, 0, FAMILIES);
	assert_int_equal(joins(buf_view(&piece), key), ERR_NONE);
	assert_int_equal(joins(buf_view(&piece), stranger), ERR_FORMAT);
	for (size_t len = 0; len < piece.len; len += len < rows + 64 ? 1 : 997)
		assert_int_equal(joins(str_slice(buf_view(&piece), 0, len),
				     key),
		    ERR_FORMAT);
	for (size_t at = 0; at < rows; at++) {
		piece.at[at] ^= 0x11;
		assert_int_equal(joins(buf_view(&piece), key), ERR_FORMAT);
		piece.at[at] ^= 0x11;
	}
	/* Out of order. */
	piece.at[rows + 7] ^= (char)0xff;
	assert_int_equal(joins(buf_view(&piece), key), ERR_FORMAT);
	piece.at[rows + 7] ^= (char)0xff;
	buf_char(&piece, '\0');
	assert_int_equal(joins(buf_view(&piece), key), ERR_FORMAT);
	buf_release(&piece);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joined_pieces_hold_what_one_builder_has),
		cmocka_unit_test(a_finished_file_is_what_is_written),
		cmocka_unit_test(a_piece_can_be_added_to_a_file),
		cmocka_unit_test(a_damaged_piece_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
