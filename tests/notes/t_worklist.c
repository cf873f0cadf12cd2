#include "notes/book.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

static struct arena a;
static uint64_t seq;

static int
clear(void **state)
{
	(void)state;
	arena_release(&a);
	seq = 0;
	return 0;
}

/* path, line, text of the line, text around it */
struct one {
	const char *path;
	uint32_t line;
	const char *text, *around;
};

static struct hitlist
made(const struct one *ones, uint32_t n)
{
	struct hitlist_file *files = arena_array(&a, n, struct hitlist_file);
	struct hitlist l = { .title = STR("strcpy"),
		.n_files = n,
		.n_hits = n,
		.files = files,
		.hits = arena_array(&a, n, struct hitlist_hit) };

	for (uint32_t i = 0; i < n; i++) {
		files[i].path = str_of(ones[i].path);
		files[i].blob.id[0] = (uint8_t)(i + 1);
		l.hits[i].file = i;
		l.hits[i].line = ones[i].line;
		l.hits[i].hash = hitlist_hash(str_of(ones[i].text));
		l.hits[i].context = hitlist_hash(str_of(ones[i].around));
	}
	return l;
}

static enum err
take(struct book *b, struct entry *e)
{
	e->seq = ++seq;
	return book_take(b, e);
}

static uint64_t
add(struct book *b, const struct hitlist *l, uint64_t from)
{
	struct entry e = { .type = ENTRY_LIST,
		.title = l->title,
		.from = from,
		.count = l->n_hits };
	struct entry hits = { .type = ENTRY_HITS };
	struct buf text = { 0 };

	assert_int_equal(take(b, &e), ERR_NONE);
	hits.of = e.seq;
	for (uint32_t at = 0; at < l->n_hits;) {
		buf_clear(&text);
		worklist_pack(l, &at, &text);
		hits.text = buf_view(&text);
		assert_true(hits.text.len <= LIMIT_NOTE);
		assert_int_equal(take(b, &hits), ERR_NONE);
	}
	buf_release(&text);
	return e.seq;
}

static enum err
say(struct book *b, uint64_t list, uint32_t first, uint32_t last,
    enum hitlist_verdict v, const char *why)
{
	uint32_t pair[2] = { first, last };
	struct entry e = { .type = ENTRY_VERDICT,
		.of = list,
		.verdict = v,
		.text = str_of(why),
		.spans = { pair, 1 } };

	return take(b, &e);
}

static const struct one old_ones[] = {
	{ "a.c", 5, "strcpy(a, b);", "f" },
	{ "a.c", 9, "strcpy(c, d);", "g" },
	{ "b c\xff.c", 1, "\tstrcpy(a, b); ", "h" },
	{ "gone.c", 2, "strcpy(z, z);", "i" },
};

static void
a_list_comes_back_as_it_was_packed(void **state)
{
	struct hitlist l = made(old_ones, 4);
	struct book *b = book_open();
	uint64_t n = add(b, &l, 0);
	const struct worklist *w = book_list(b, n);

	(void)state;
	assert_true(w->whole);
	assert_int_equal(w->l.n_hits, 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(w->l.hits[i].line, l.hits[i].line);
		assert_true(w->l.hits[i].hash == l.hits[i].hash);
		assert_true(w->l.hits[i].context == l.hits[i].context);
		assert_true(str_eq(w->l.files[w->l.hits[i].file].path,
		    l.files[i].path));
		assert_true(oid_eq(&w->l.files[w->l.hits[i].file].blob,
		    &l.files[i].blob));
	}
	/* blanks at the ends do not part a group */
	assert_true(w->l.hits[0].hash == w->l.hits[2].hash);
	assert_int_equal(w->counts[VERDICT_TODO], 4);
	book_close(b);
}

static void
the_last_verdict_counts_and_undo_brings_back_the_one_before(void **state)
{
	struct hitlist l = made(old_ones, 4);
	struct book *b = book_open();
	uint64_t n = add(b, &l, 0);
	const struct worklist *w = book_list(b, n);
	struct entry undo = { .type = ENTRY_UNDO };

	(void)state;
	assert_int_equal(say(b, n, 1, 3, VERDICT_SAFE, "checked"), ERR_NONE);
	assert_int_equal(say(b, n, 2, 2, VERDICT_SUSPICIOUS, ""), ERR_NONE);
	assert_int_equal(w->counts[VERDICT_SAFE], 2);
	assert_int_equal(w->counts[VERDICT_SUSPICIOUS], 1);
	assert_int_equal(w->counts[VERDICT_TODO], 1);
	assert_true(str_eq(worklist_said(w, 0)->text, STR("checked")));
	assert_null(worklist_said(w, 3));
	undo.target = book_undo(b)->seq;
	assert_int_equal(take(b, &undo), ERR_NONE);
	assert_int_equal(w->l.hits[1].verdict, VERDICT_SAFE);
	undo.target = book_undo(b)->seq;
	assert_int_equal(take(b, &undo), ERR_NONE);
	assert_int_equal(w->counts[VERDICT_TODO], 4);
	book_close(b);
}

static void
another_release_is_carried_changed_new_and_gone(void **state)
{
	static const struct one new_ones[] = {
		{ "a.c", 7, "strcpy(a, b);", "f" },      /* moved down */
		{ "a.c", 11, "strcpy(c, d);", "other" }, /* around it */
		{ "moved.c", 1, "strcpy(a, b);", "h" },  /* another file */
		{ "n.c", 4, "strcpy(n, n);", "k" },      /* new */
	};
	struct hitlist l = made(old_ones, 4), m = made(new_ones, 4);
	struct book *b = book_open();
	uint64_t n = add(b, &l, 0), again;
	const struct worklist *w;

	(void)state;
	assert_int_equal(say(b, n, 1, 4, VERDICT_SAFE, ""), ERR_NONE);
	again = add(b, &m, n);
	w = book_list(b, again);
	assert_int_equal(w->l.hits[0].state, HITLIST_CARRIED);
	assert_int_equal(w->l.hits[0].verdict, VERDICT_SAFE);
	assert_int_equal(w->l.hits[1].state, HITLIST_CHANGED);
	assert_int_equal(w->l.hits[1].verdict, VERDICT_TODO);
	assert_int_equal(w->l.hits[1].was, VERDICT_SAFE);
	assert_int_equal(w->l.hits[2].state, HITLIST_CARRIED);
	assert_int_equal(w->l.hits[3].state, HITLIST_NEW);
	assert_int_equal(w->l.hits[3].verdict, VERDICT_TODO);
	assert_int_equal(w->l.gone, 1);
	assert_int_equal(w->states[HITLIST_CARRIED], 2);
	/* What is said of the old one later does not change the new one. */
	assert_int_equal(say(b, n, 1, 1, VERDICT_NA, ""), ERR_NONE);
	assert_int_equal(w->l.hits[0].verdict, VERDICT_SAFE);
	book_close(b);
}

static void
what_does_not_fit_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"1 0000000000000000 0000000000000000\n",
		"F 00 00 a\n",
		"F 0000000000000000000000000000000000000000 "
		"0000000000000000000000000000000000000000 a\n"
		"0 0000000000000000 0000000000000000\n",
		"F 0000000000000000000000000000000000000000 "
		"0000000000000000000000000000000000000000 a\n"
		"1 0000000000000000 0000000000000000\n"
		"2 0000000000000000 0000000000000000\n"
		"3 0000000000000000 0000000000000000\n",
		"F 0000000000000000000000000000000000000000 "
		"0000000000000000000000000000000000000000 a%\n",
		"F 0000000000000000000000000000000000000000 "
		"0000000000000000000000000000000000000000 a%zz\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct book *b = book_open();
		struct entry e = { .type = ENTRY_LIST, .count = 2 };
		struct entry hits = { .type = ENTRY_HITS };

		assert_int_equal(take(b, &e), ERR_NONE);
		hits.of = e.seq;
		hits.text = str_of(bad[i]);
		assert_int_equal(take(b, &hits), ERR_FORMAT);
		assert_int_equal(say(b, e.seq, 1, 1, VERDICT_SAFE, ""),
		    ERR_FORMAT);
		book_close(b);
	}
}

static void
the_wire_gives_back_what_was_put_in_and_refuses_the_rest(void **state)
{
	struct hitlist l = made(old_ones, 4), back;
	struct buf b = { 0 };

	(void)state;
	l.certificate = STR("bytes");
	l.from = 7;
	hitlist_write(&l, &b);
	assert_int_equal(hitlist_read(&back, &a, buf_view(&b)), ERR_NONE);
	assert_int_equal(back.n_hits, 4);
	assert_true(str_eq(back.files[2].path, l.files[2].path));
	assert_true(back.hits[3].hash == l.hits[3].hash);
	assert_int_equal(back.from, 7);
	for (size_t n = 0; n < b.len; n++) {
		err_clear();
		assert_int_equal(hitlist_read(&back, &a,
				     str_slice(buf_view(&b), 0, n)),
		    ERR_FORMAT);
	}
	b.at[b.len - 2] = 9; /* a verdict that there is not */
	assert_int_equal(hitlist_read(&back, &a, buf_view(&b)), ERR_FORMAT);
	buf_release(&b);
}

static void
the_context_is_three_lines_each_way_without_blanks_at_the_ends(void **state)
{
	struct str one = STR("a\nb\nc\nd\nhit\ne\nf\ng\nh\n");
	struct str far = STR("X\nb\nc\nd\nhit\ne\nf\ng\nY\n");
	struct str near = STR("a\nb\nc\nD\nhit\ne\nf\ng\nh\n");
	struct str blank = STR("a\n  b\nc\nd \nhit\ne\nf\ng\nh\n");

	(void)state;
	assert_true(hitlist_context(one, 5) == hitlist_context(far, 5));
	assert_true(hitlist_context(one, 5) == hitlist_context(blank, 5));
	assert_true(hitlist_context(one, 5) != hitlist_context(near, 5));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_list_comes_back_as_it_was_packed,
		    clear),
		cmocka_unit_test_teardown(
		    the_last_verdict_counts_and_undo_brings_back_the_one_before,
		    clear),
		cmocka_unit_test_teardown(
		    another_release_is_carried_changed_new_and_gone, clear),
		cmocka_unit_test_teardown(what_does_not_fit_is_refused, clear),
		cmocka_unit_test_teardown(
		    the_wire_gives_back_what_was_put_in_and_refuses_the_rest,
		    clear),
		cmocka_unit_test_teardown(
		    the_context_is_three_lines_each_way_without_blanks_at_the_ends,
		    clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
