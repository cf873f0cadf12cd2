#include "policy/fresh.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static uint64_t state;

static uint32_t
random_below(uint32_t n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % n;
}

/* Everything that was given, one part behind the other. */
struct given {
	struct buf all, last;
	size_t parts;
};

static void
take(void *arg, enum tokens_syntax syntax, struct str part)
{
	struct given *g = arg;

	(void)syntax;
	assert_true(part.len > 0);
	buf_str(&g->all, part);
	buf_char(&g->all, '\0');
	buf_str(&g->last, part);
	buf_char(&g->last, '\0');
	g->parts++;
}

static void
give(struct given *g, struct fresh *f, enum tokens_syntax syntax,
    struct str text)
{
	buf_clear(&g->last);
	g->parts = 0;
	fresh_text(f, syntax, text, take, g);
}

static void
given_release(struct given *g)
{
	buf_release(&g->all);
	buf_release(&g->last);
}

static void
write_line(struct buf *b)
{
	switch (random_below(12)) {
	case 0:
		buf_printf(b, "\n");
		break;
	case 1:
		buf_printf(b, "\t/* remark %u\n\t * goes on %u */\n",
		    random_below(1000), random_below(1000));
		break;
	case 2:
		buf_printf(b, "\tput(\"http://%u\"); // \"%u\n",
		    random_below(1000), random_below(1000));
		break;
	case 3:
		buf_printf(b, "\tdon't = '\\'' + %u;\n", random_below(9));
		break;
	default:
		buf_printf(b, "\tvalue%u = call%u(other%u, %u);\n",
		    random_below(5000), random_below(50), random_below(5000),
		    random_below(9));
	}
}

/* Lines taken out, put in, and moved. */
static void
edit(struct buf *text)
{
	struct str old = buf_view(text);
	size_t at = random_below((uint32_t)old.len), end;
	struct buf b = { 0 };

	at = str_find(old, STR("\n"), at);
	at = at == SIZE_MAX ? 0 : at + 1;
	end = str_find(old, STR("\n"), at + random_below(200));
	end = end == SIZE_MAX ? at : end + 1;
	buf_str(&b, str_slice(old, 0, at));
	for (uint32_t n = random_below(4); n > 0; n--)
		write_line(&b);
	if (random_below(4) == 0)
		buf_str(&b, str_slice(old, 0, random_below((uint32_t)old.len)));
	buf_str(&b, str_slice(old, end, old.len));
	buf_release(text);
	*text = b;
}

/* So many bytes behind one another stand in something that was given. */
static bool
stands_somewhere(const struct given *g, struct str piece)
{
	return memmem(g->all.at, g->all.len, piece.at, piece.len) != NULL;
}

static void
every_stretch_of_every_version_was_given(void **arg)
{
	static const enum tokens_syntax syntaxes[] = { TOKENS_C, TOKENS_HASH,
		TOKENS_DASH, TOKENS_PLAIN };
	enum { STRETCH = 240 };

	(void)arg;
	state = 17;
	for (size_t s = 0; s < 4; s++) {
		struct fresh f = { .key = "key" };
		struct given g = { 0 };
		struct buf text = { 0 };
		size_t bytes = 0;

		for (int i = 0; i < 200; i++)
			write_line(&text);
		for (int version = 0; version < 60; version++) {
			give(&g, &f, syntaxes[s], buf_view(&text));
			bytes += text.len;
			for (size_t at = 0; at + STRETCH <= text.len; at += 37)
				assert_true(stands_somewhere(&g,
				    str_slice(buf_view(&text), at, STRETCH)));
			edit(&text);
			if (text.len > 40000)
				text.len = 8000;
		}
#ifndef TINY
		assert_true(g.all.len < bytes / 2);
#endif
		fresh_release(&f);
		given_release(&g);
		buf_release(&text);
	}
}

static void
what_was_seen_is_not_given_again(void **arg)
{
	struct fresh f = { .key = "key" };
	struct given g = { 0 };
	struct buf text = { 0 };
	size_t line;

	(void)arg;
	state = 23;
	for (int i = 0; i < 400; i++)
		write_line(&text);
	give(&g, &f, TOKENS_C, buf_view(&text));
	assert_true(g.last.len > text.len);
	give(&g, &f, TOKENS_C, buf_view(&text));
	assert_int_equal(g.parts, 0);
	line = str_find(buf_view(&text), STR("call"), text.len / 2);
	memcpy(text.at + line, "HERE", 4);
	give(&g, &f, TOKENS_C, buf_view(&text));
	assert_true(g.last.len > 500 && g.last.len < text.len / 2);
	assert_non_null(memmem(g.last.at, g.last.len, "HERE", 4));
	/* In another language it says something else. */
	give(&g, &f, TOKENS_HASH, buf_view(&text));
	assert_true(g.last.len >= text.len);
	given_release(&g);
	fresh_release(&f);
	buf_release(&text);
}

/* A part is read by itself: where it begins, no comment goes on. */
static void
nothing_begins_in_a_comment(void **arg)
{
	struct fresh f = { .key = "key" };
	struct given g = { 0 };
	struct buf text = { 0 };

	(void)arg;
	state = 29;
	for (int i = 0; i < 60; i++)
		write_line(&text);
	buf_printf(&text, "/* %0900d\n", 1);
	for (int i = 0; i < 300; i++)
		buf_printf(&text, " * inside %u\n", random_below(100000));
	buf_printf(&text, " */\n");
	for (int i = 0; i < 60; i++)
		write_line(&text);
	give(&g, &f, TOKENS_C, buf_view(&text));
	memcpy(text.at + str_find(buf_view(&text), STR("inside"), 5000),
	    "INSIDE", 6);
	give(&g, &f, TOKENS_C, buf_view(&text));
	assert_true(g.parts == 2);
	for (size_t at = 0; at < g.last.len; at += strlen(g.last.at + at) + 1) {
		const char *part = g.last.at + at, *in = strstr(part, "INSIDE");

		assert_non_null(in);
		assert_non_null(
		    memmem(part, (size_t)(in - part), "/* 00000", 8));
	}
	given_release(&g);
	fresh_release(&f);
	buf_release(&text);
}

/* What could take the square of its length. */
static void
hostile_lines_take_no_longer(void **arg)
{
	static const char *const lines[] = { "'\\'", "\"\\\"", "/*", "'", "//",
		"\\\n", "\"'" };
	struct given g = { 0 };

	(void)arg;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct fresh f = { .key = "key" };
		struct buf text = { 0 };

		while (text.len < 4 * 1024 * 1024)
			buf_str(&text, str_of(lines[i]));
		give(&g, &f, TOKENS_C, buf_view(&text));
		assert_true(g.parts >= 1);
		buf_clear(&g.all);
		fresh_release(&f);
		buf_release(&text);
	}
	given_release(&g);
}

/* Where a text is cut, one character after the other. */
struct plain {
	size_t at[10000], n, line, weight, piece;
	struct buf remarks;
};

static size_t
comment_end(struct str t, size_t i, enum tokens_syntax syntax)
{
	const char *end = NULL;
	struct str rest = str_slice(t, i, t.len);

	if (syntax == TOKENS_C && str_starts(rest, STR("/*"))) {
		end = memmem(rest.at + 2, rest.len - 2, "*/", 2);
		return end == NULL ? t.len : (size_t)(end - t.at) + 2;
	}
	if ((syntax == TOKENS_C && str_starts(rest, STR("//"))) ||
	    (syntax == TOKENS_HASH && str_starts(rest, STR("#"))) ||
	    (syntax == TOKENS_DASH && str_starts(rest, STR("--")))) {
		end = memchr(rest.at, '\n', rest.len);
		return end == NULL ? t.len : (size_t)(end - t.at);
	}
	return i;
}

static size_t
quotation_end(struct str t, size_t i)
{
	for (size_t k = i + 1; k < t.len && t.at[k] != '\n'; k++) {
		if (t.at[k] == '\\')
			k++;
		else if (t.at[k] == t.at[i])
			return k + 1;
	}
	return i + 1;
}

static void
end_plain_line(struct plain *p, struct str t, size_t i)
{
	uint32_t h = (uint32_t)(i - p->line);

	for (size_t k = p->line; k < i; k++)
		h = (h ^ (uint8_t)t.at[k]) * 0x01000193u;
	p->line = i;
	if (p->weight < 8192 && (p->weight < 256 || (h >> 16 & 3) != 0))
		return;
	p->at[p->n++] = i;
	p->weight = 0;
	p->piece = i;
}

static void
cut_plainly(struct plain *p, struct str t, enum tokens_syntax syntax,
    bool remarks)
{
	p->n = p->line = p->weight = p->piece = 0;
	buf_clear(&p->remarks);
	for (size_t i = 0, end; i < t.len; i = end) {
		char c = t.at[i];

		end = i + 1;
		p->weight += (uint8_t)c > ' ';
		if (syntax != TOKENS_PLAIN && (c == '"' || c == '\'')) {
			end = quotation_end(t, i);
			p->weight += end - i;
		} else if (comment_end(t, i, syntax) > i) {
			end = comment_end(t, i, syntax);
			p->weight += remarks ? end - i : 0;
			buf_str(&p->remarks, str_slice(t, i, end - i));
			buf_char(&p->remarks, '\n');
		} else if (c == '\n') {
			end_plain_line(p, t, end);
		}
	}
	if (p->piece < t.len)
		p->at[p->n++] = t.len;
}

static struct plain plain;

static void
check_pieces(const struct fresh *f)
{
	assert_int_equal(f->n_pieces, plain.n);
	for (size_t i = 0; i < plain.n; i++)
		assert_int_equal(f->pieces[i].to, plain.at[i]);
}

/* The first part is of the code, and what was cut can still be seen. */
static void
check_first(void *arg, enum tokens_syntax syntax, struct str part)
{
	struct fresh *f = arg;

	(void)syntax;
	(void)part;
	if (plain.n == 0)
		return;
	check_pieces(f);
	plain.n = 0;
}

static void
any_text_is_cut_where_the_definition_says(void **arg)
{
	static const char *const bits[] = { "a", "foo(", ")", "\n", "\n\n",
		"\"", "'", "\\", "/*", "*/", "//", "#", "--", " ", "\t", "\x80",
		"\x7f", "name", ";\n", "12345678901234567890" };
	enum { BITS = sizeof bits / sizeof *bits };
	size_t pieces = 0, remarks = 0;

	(void)arg;
	state = 41;
	for (int round = 0; round < 600; round++) {
		enum tokens_syntax syntax = random_below(4);
		uint32_t kinds = 4 + random_below(BITS - 3);
		struct fresh f = { .key = "key" };
		struct buf text = { 0 };
		struct str t;

		for (uint32_t n = 1 + random_below(6000); n > 0; n--)
			if (random_below(4) == 0)
				write_line(&text);
			else
				buf_str(&text,
				    str_of(bits[random_below(kinds)]));
		text.len = text.len < 30000 ? text.len : 30000;
		t = buf_view(&text);
		cut_plainly(&plain, t, syntax, false);
		pieces += plain.n;
		fresh_text(&f, syntax, t, check_first, &f);
		assert_int_equal(plain.n, 0);
		assert_int_equal(plain.remarks.len, f.remarks.len);
		assert_memory_equal(plain.remarks.at, f.remarks.at,
		    f.remarks.len);
		if (f.remarks.len > 0) {
			cut_plainly(&plain, buf_view(&f.remarks), syntax, true);
			remarks += plain.n;
			check_pieces(&f);
		}
		fresh_release(&f);
		buf_release(&text);
	}
	assert_true(pieces > 2000 && remarks > 500);
	buf_release(&plain.remarks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stretch_of_every_version_was_given),
		cmocka_unit_test(what_was_seen_is_not_given_again),
		cmocka_unit_test(nothing_begins_in_a_comment),
		cmocka_unit_test(hostile_lines_take_no_longer),
		cmocka_unit_test(any_text_is_cut_where_the_definition_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
