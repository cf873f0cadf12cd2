#include "tui/hatch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/wire.h"

#include "tests/t.h"

static const struct anchor somewhere = {
	.commit = { .id = { 1, 2 } },
	.blob = { .id = { 3 } },
	.path = { "a b\n", 4 },
	.first = 7,
	.last = 9,
};

static struct arena arena;

static void
what_is_written_is_read_back(void **state)
{
	struct hatch_compose c = { HATCH_FINDING, somewhere, 77 }, c2;
	struct hatch_open o = { STR("notes"), 77, somewhere }, o2;
	struct hatch_reviewed r = { true, somewhere }, r2;
	struct buf b = { 0 };

	(void)state;
	hatch_write_compose(&b, &c);
	assert_int_equal(hatch_read_compose(&c2, &arena, buf_view(&b)), 0);
	assert_int_equal(c2.what, HATCH_FINDING);
	assert_true(str_eq(c2.at.path, somewhere.path));
	assert_int_equal(c2.at.last, 9);
	assert_int_equal(c2.list, 77);
	buf_clear(&b);
	hatch_write_open(&b, &o);
	assert_int_equal(hatch_read_open(&o2, &arena, buf_view(&b)), 0);
	assert_true(str_eq(o2.view, o.view));
	assert_int_equal(o2.number, 77);
	buf_clear(&b);
	hatch_write_reviewed(&b, &r);
	assert_int_equal(hatch_read_reviewed(&r2, &arena, buf_view(&b)), 0);
	assert_true(r2.is);
	buf_release(&b);
}

static void
every_truncation_and_every_extra_byte_is_refused(void **state)
{
	struct hatch_compose c = { HATCH_NOTE, somewhere, 0 };
	struct hatch_open o = { STR("notes"), 0, somewhere };
	struct buf b = { 0 };

	(void)state;
	hatch_write_compose(&b, &c);
	for (size_t len = 0; len < b.len; len++)
		assert_int_equal(hatch_read_compose(&c, &arena,
				     (struct str){ b.at, len }),
		    ERR_FORMAT);
	buf_char(&b, 'x');
	assert_int_equal(hatch_read_compose(&c, &arena, buf_view(&b)),
	    ERR_FORMAT);
	buf_clear(&b);
	hatch_write_open(&b, &o);
	for (size_t len = 0; len < b.len; len++)
		assert_int_equal(hatch_read_open(&o, &arena,
				     (struct str){ b.at, len }),
		    ERR_FORMAT);
	buf_release(&b);
}

static void
only_known_kinds_and_plain_view_names_pass(void **state)
{
	const char *bad[] = { "", "Notes", "a/b", "a b", "\033[2J" };
	struct hatch_compose c = { (enum hatch_what)'X', somewhere, 0 };
	struct buf b = { 0 };
	bool redo;

	(void)state;
	hatch_write_compose(&b, &c);
	assert_int_equal(hatch_read_compose(&c, &arena, buf_view(&b)),
	    ERR_FORMAT);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct hatch_open o = { str_of(bad[i]), 0, somewhere };

		buf_clear(&b);
		hatch_write_open(&b, &o);
		assert_int_equal(hatch_read_open(&o, &arena, buf_view(&b)),
		    ERR_FORMAT);
	}
	assert_int_equal(hatch_read_undo(&redo, STR("\002")), ERR_FORMAT);
	assert_int_equal(hatch_read_undo(&redo, STR("\001")), ERR_NONE);
	assert_true(redo);
	buf_release(&b);
}

struct end {
	struct loop *loop;
	struct buf all;
	int wholes;
};

static enum err
on_piece(void *arg, struct str body)
{
	struct end *e = arg;
	bool whole;
	enum err rc = hatch_take(&e->all, &whole, body);

	if (rc == ERR_NONE && whole && ++e->wholes == 2)
		loop_stop(e->loop, ERR_NONE);
	return rc;
}

static void
on_gone(void *arg, enum err rc)
{
	struct end *e = arg;

	loop_stop(e->loop, rc == ERR_NONE ? ERR_IO : rc);
}

static void
pieces_come_together_and_a_new_first_one_starts_over(void **state)
{
	static const struct port_row rows[] = {
		{ 7, 1, 1 + HATCH_PIECE, on_piece },
		{ 0, 0, 0, NULL },
	};
	struct end e = { 0 };
	struct buf big = { 0 };
	struct port *in, *out;
	int fd[2];

	(void)state;
	for (size_t i = 0; i < 3 * HATCH_PIECE; i++)
		buf_char(&big, (char)(i * 7 % 251));
	assert_int_equal(loop_open(&e.loop), ERR_NONE);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	in = port_open(e.loop, fd[0], rows, on_gone, &e);
	out = port_open(e.loop, fd[1], rows, on_gone, &e);
	hatch_send(out, 7, STR(""));
	hatch_send(out, 7, buf_view(&big));
	assert_int_equal(loop_run(e.loop), ERR_NONE);
	assert_true(str_eq(buf_view(&e.all), buf_view(&big)));
	port_close(in);
	port_close(out);
	loop_close(e.loop);
	buf_release(&big);
	buf_release(&e.all);
}

static void
marks_are_read_whole_or_not_at_all(void **state)
{
	struct mark m = { .glyph = 'N',
		.path = STR("p"),
		.first = 1,
		.last = 2 };
	struct hatch_marks got = { 0 };
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(hatch_read_marks(&got, &arena, STR("")), ERR_NONE);
	assert_int_equal(got.len, 0);
	mark_write(&m, &b);
	mark_write(&m, &b);
	assert_int_equal(hatch_read_marks(&got, &arena, buf_view(&b)), 0);
	assert_int_equal(got.len, 2);
	assert_int_equal(got.at[1].glyph, 'N');
	b.len--;
	assert_int_equal(hatch_read_marks(&got, &arena, buf_view(&b)),
	    ERR_FORMAT);
	buf_release(&b);
}

static int
done(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(
		    every_truncation_and_every_extra_byte_is_refused),
		cmocka_unit_test(only_known_kinds_and_plain_view_names_pass),
		cmocka_unit_test(
		    pieces_come_together_and_a_new_first_one_starts_over),
		cmocka_unit_test(marks_are_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
