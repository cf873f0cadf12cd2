#include "policy/prints.h"

#include "core/io.h"
#include "tests/t.h"

#include <string.h>

/*
 * A text of many lines of source, with words of our own, is split at random
 * over exports and over the items of each; all but the last left before.
 * However little of that is read at first, the answer is the one that reading
 * all of it gives.
 */
enum { FILES = 4, ROUNDS = 70 };

static const uint8_t key[PRINTS_KEY_BYTES] = { 1, 2, 3 };
static const char *const paths[FILES] = { "policy/rules_read.c",
	"policy/journal.c", "policy/tokens.c", "core/str.c" };
static struct buf files[FILES];
static struct buf set;
static struct prints *prints;
static struct arena arena;
static uint32_t dice;

static uint32_t
roll(uint32_t below)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % below;
}

static int
set_up(void **state)
{
	struct prints_builder *b = prints_builder_open(key);

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		assert_int_equal(io_read(&files[i], paths[i], 1 << 20),
		    ERR_NONE);
		prints_builder_add(b, str_of(paths[i]), buf_view(&files[i]));
	}
	prints_builder_write(b, &set);
	prints_builder_close(b);
	return prints_open(&prints, buf_view(&set)) == ERR_NONE ? 0 : 1;
}

static int
tear_down(void **state)
{
	(void)state;
	prints_close(prints);
	for (size_t i = 0; i < FILES; i++)
		buf_release(&files[i]);
	buf_release(&set);
	arena_release(&arena);
	return 0;
}

static void
put_string(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '"' || s.at[i] == '\\')
			buf_char(out, '\\');
		if (s.at[i] == '\n')
			buf_str(out, STR("\\n"));
		else if (s.at[i] == '\t')
			buf_str(out, STR("\\t"));
		else
			buf_char(out, s.at[i]);
	}
}

/* Lines of source in a row, of our own in between now and then. */
static void
some_text(struct buf *out, unsigned lines, uint32_t own)
{
	struct str rest = buf_view(&files[roll(FILES)]), line;
	unsigned skip = roll(150);

	while (skip-- > 0)
		(void)str_cut(&rest, '\n', &line);
	while (lines-- > 0 && str_cut(&rest, '\n', &line)) {
		while (own > 0 && roll(own) == 0)
			buf_printf(out,
			    "As was seen in the meeting of day %u, nobody "
			    "looks after number %u of these any more.\n",
			    roll(1000), roll(1000));
		/* Comments that are cut apart: reach, below. */
		if (str_find(line, STR("/*"), 0) != SIZE_MAX ||
		    str_find(line, STR("*/"), 0) != SIZE_MAX)
			continue;
		buf_str(out, line);
		buf_char(out, '\n');
	}
}

/* One export; where each ends is remembered by whoever calls. */
static void
put_export(struct buf *out, struct str *text)
{
	static const char *const keys[] = { "claim", "text", "evidence" };
	unsigned items = 1 + roll(4);

	buf_str(out,
	    STR("{\n  \"format\": \"vitrine-findings\",\n"
		"  \"items\": [\n"));
	for (unsigned i = 0; i < items; i++) {
		size_t n = roll((uint32_t)text->len / 3 + 2);

		buf_printf(out, "    {\n      \"%s\": \"", keys[roll(3) / 2]);
		put_string(out, str_slice(*text, 0, n));
		buf_printf(out,
		    "\",\n      \"title\": \"number %u of it\"\n"
		    "    }%s\n",
		    i, i + 1 < items ? "," : "");
		*text = str_slice(*text, n, text->len);
	}
	buf_str(out, STR("  ]\n}\n"));
}

static struct verdict_source
judge(const struct buf *context, struct str text, size_t reach)
{
	struct verdict_source v = { 0 };

	prints_judge_reach(&v, &arena, prints, NULL, buf_view(context), text,
	    reach);
	return v;
}

static void
are_the_same(const struct verdict_source *a, const struct verdict_source *b)
{
	assert_int_equal(a->tokens, b->tokens);
	assert_int_equal(a->run, b->run);
	assert_int_equal(a->shapes, b->shapes);
	assert_int_equal(a->remarks, b->remarks);
	assert_int_equal(a->more, b->more);
	assert_true(hash_eq(&a->hash, &b->hash));
	assert_int_equal(a->n_spans, b->n_spans);
	for (uint32_t i = 0; i < a->n_spans; i++) {
		assert_int_equal(a->spans[i].at, b->spans[i].at);
		assert_int_equal(a->spans[i].len, b->spans[i].len);
		assert_int_equal(a->spans[i].tokens, b->spans[i].tokens);
		assert_int_equal(a->spans[i].kind, b->spans[i].kind);
	}
}

/* Tokens found in all. */
static uint32_t
compare(const struct buf *context, struct str text)
{
	static const size_t reach[] = { 300, 1000, PRINTS_REACH };
	struct verdict_source all, v;
	uint32_t tokens;

	arena_clear(&arena);
	all = judge(context, text, SIZE_MAX);
	for (size_t i = 0; i < sizeof reach / sizeof *reach; i++) {
		v = judge(context, text, reach[i]);
		are_the_same(&v, &all);
	}
	tokens = all.tokens;
	return tokens;
}

static void
however_little_is_read_at_first_the_answer_is_the_same(void **state)
{
	struct buf text = { 0 }, context = { 0 }, last = { 0 };
	size_t found = 0, none = 0;

	(void)state;
	dice = 4;
	for (int i = 0; i < ROUNDS; i++) {
		struct str rest;

		buf_clear(&text);
		buf_clear(&context);
		buf_clear(&last);
		some_text(&text, 4 + roll(120), roll(3) * 2);
		rest = buf_view(&text);
		for (unsigned n = roll(7); n > 0; n--)
			put_export(&context, &rest);
		put_export(&last, &rest);
		if (compare(&context, buf_view(&last)) > 0)
			found++;
		else
			none++;
		/* And while it is typed. */
		(void)compare(&context, str_slice(rest, 0, 700));
	}
	assert_true(found > ROUNDS / 4);
	assert_true(none > ROUNDS / 20);
	buf_release(&text);
	buf_release(&context);
	buf_release(&last);
}

/* Six lines, one in each export, with whole reports of our own between two
 * items but nothing under the same key. */
static void
one_line_in_each_export_is_one_text(void **state)
{
	struct buf context = { 0 }, text = { 0 }, last = { 0 };
	struct str rest, line;
	uint32_t apart = 0;

	(void)state;
	dice = 11;
	some_text(&text, 60, 0);
	rest = buf_view(&text);
	for (int i = 0; i < 6; i++) {
		assert_true(str_cut(&rest, '\n', &line));
		buf_clear(&last);
		buf_str(&last, STR("{\"items\": [{\"claim\": \""));
		put_string(&last, line);
		buf_str(&last, STR("\",\n\"fix\": \""));
		for (int k = 0; k < 80; k++)
			buf_printf(&last, "Advice %u of many, and no more. ",
			    roll(9000));
		buf_str(&last, STR("\"}]}\n"));
		apart +=
		    judge(&(struct buf){ 0 }, buf_view(&last), PRINTS_REACH)
			.tokens;
		if (i < 5)
			buf_str(&context, buf_view(&last));
	}
	assert_true(context.len > 3 * PRINTS_REACH);
	assert_true(compare(&context, buf_view(&last)) > apart + 10);
	buf_release(&context);
	buf_release(&text);
	buf_release(&last);
}

/* What is typed is read behind what was said under any key. */
static void
a_text_that_is_typed_goes_on_where_an_export_ended(void **state)
{
	struct buf context = { 0 }, text = { 0 };
	struct str first, rest;
	struct verdict_source alone, after;

	(void)state;
	dice = 23;
	some_text(&text, 6, 0);
	first = str_slice(buf_view(&text), 0,
	    str_find(buf_view(&text), STR("\n"), text.len * 2 / 3) + 1);
	rest = str_slice(buf_view(&text), first.len, 40);
	buf_str(&context, STR("{\"items\": [{\"claim\": \""));
	put_string(&context, first);
	buf_str(&context, STR("\", \"fix\": \"none is known yet\"}]}\n"));
	alone = judge(&(struct buf){ 0 }, rest, PRINTS_REACH);
	after = judge(&context, rest, PRINTS_REACH);
	assert_int_equal(alone.tokens, 0);
	assert_true(after.tokens > 0);
	assert_int_equal(after.spans[0].at, 0);
	buf_release(&context);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    however_little_is_read_at_first_the_answer_is_the_same),
		cmocka_unit_test(one_line_in_each_export_is_one_text),
		cmocka_unit_test(
		    a_text_that_is_typed_goes_on_where_an_export_ended),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
