#include "core/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "core/symbols_format.h"
#include "tests/t.h"

static struct oid
id_of(unsigned n)
{
	struct oid id = { { (uint8_t)(n * 37), (uint8_t)n,
	    (uint8_t)(n >> 8) } };

	return id;
}

static void
add(struct symbols_writer *w, const char *name, const char *kind, uint32_t line,
    uint32_t last, const char *scope)
{
	const struct symbol s = { .name = str_of(name),
		.kind = str_of(kind),
		.scope = str_of(scope),
		.line = line,
		.last = last };

	symbols_write_add(w, &s);
}

/* Content 0 fails, 1 has three definitions, 2 nothing, 3 one of 1's names. */
static void
make(struct buf *out)
{
	struct symbols_writer *w = symbols_write_start(STR("a parser 1"));
	struct oid id;

	for (unsigned i = 0; i < 4; i++) {
		id = id_of(i);
		symbols_write_content(w, &id, SYMBOLS_EMPTY);
		if (i == 0) {
			add(w, "lost", "macro", 1, 1, "");
			symbols_write_drop_last(w, SYMBOLS_FAILED);
		}
		if (i == 1) {
			add(w, "zeta", "function", 9, 90, "");
			add(w, "x", "member", 5, 0, "box");
			add(w, "box", "struct", 4, 7, "");
		}
		if (i == 3)
			add(w, "zeta", "macro", 2, 100000, "");
		if (i % 2 == 1)
			symbols_write_state(w, SYMBOLS_READ);
	}
	buf_clear(out);
	symbols_write_finish(w, out);
}

static void
what_was_defined_is_found_by_name(void **state)
{
	struct buf b = { 0 };
	struct symbols *s;
	struct symbol d;
	const uint32_t *at;
	uint32_t n;

	(void)state;
	make(&b);
	assert_int_equal(symbols_open_bytes(&s, buf_view(&b)), ERR_NONE);
	assert_true(str_eq(symbols_method(s), STR("a parser 1")));
	assert_int_equal(symbols_find(&at, &n, s, STR("zeta")), ERR_NONE);
	assert_int_equal(n, 2);
	assert_int_equal(symbols_definition(&d, s, at[0]), ERR_NONE);
	assert_true(str_eq(d.kind, STR("function")));
	assert_int_equal(d.line, 9);
	assert_int_equal(d.last, 90);
	assert_int_equal(d.content, 1);
	assert_int_equal(symbols_definition(&d, s, at[1]), ERR_NONE);
	assert_int_equal(d.content, 3);
	assert_int_equal(d.last, 2 + UINT16_MAX); /* as far as it is kept */
	assert_int_equal(symbols_find(&at, &n, s, STR("zet")), ERR_NONE);
	assert_int_equal(n, 0);
	assert_int_equal(symbols_find(&at, &n, s, STR("lost")), ERR_NONE);
	assert_int_equal(n, 0);
	symbols_close(s);
	buf_release(&b);
}

static void
definitions_of_a_content_are_in_the_order_of_lines(void **state)
{
	struct symbols_content c;
	struct buf b = { 0 };
	struct symbols *s;
	struct symbol d;
	struct oid id = id_of(1), none = id_of(9);

	(void)state;
	make(&b);
	assert_int_equal(symbols_open_bytes(&s, buf_view(&b)), ERR_NONE);
	assert_int_equal(symbols_content_of(&c, s, &id), ERR_NONE);
	assert_int_equal(c.state, SYMBOLS_READ);
	assert_int_equal(c.n, 3);
	assert_int_equal(symbols_definition(&d, s, c.first), ERR_NONE);
	assert_true(str_eq(d.name, STR("box")));
	assert_int_equal(symbols_definition(&d, s, c.first + 1), ERR_NONE);
	assert_true(str_eq(d.name, STR("x")));
	assert_true(str_eq(d.scope, STR("box")));
	assert_int_equal(d.last, 5);
	id = id_of(0);
	assert_int_equal(symbols_content_of(&c, s, &id), ERR_NONE);
	assert_int_equal(c.state, SYMBOLS_FAILED);
	assert_int_equal(c.n, 0);
	assert_int_equal(symbols_content_of(&c, s, &none), ERR_ABSENT);
	assert_int_equal(symbols_count(s, SYMBOLS_READ), 2);
	assert_int_equal(symbols_count(s, SYMBOLS_EMPTY), 1);
	assert_int_equal(symbols_count(s, SYMBOLS_FAILED), 1);
	symbols_close(s);
	buf_release(&b);
}

static void
an_older_index_gives_the_same_bytes(void **state)
{
	struct buf b = { 0 }, again = { 0 };
	struct symbols_writer *w;
	struct symbols *s;

	(void)state;
	make(&b);
	assert_int_equal(symbols_open_bytes(&s, buf_view(&b)), ERR_NONE);
	w = symbols_write_start(STR("another parser"));
	assert_int_equal(symbols_write_copy(w, s, &(struct oid){ { 0 } }),
	    ERR_ABSENT);
	symbols_write_finish(w, NULL);
	w = symbols_write_start(STR("a parser 1"));
	for (unsigned i = 0; i < 4; i++) {
		struct oid id = id_of(i);

		assert_int_equal(symbols_write_copy(w, s, &id), ERR_NONE);
	}
	symbols_write_finish(w, &again);
	symbols_close(s);
	/* What was dropped left its name behind, and no copy has it. */
	assert_true(again.len < b.len);
	assert_int_equal(symbols_open_bytes(&s, buf_view(&again)), ERR_NONE);
	assert_int_equal(symbols_definitions(s), 4);
	symbols_close(s);
	buf_release(&b);
	buf_release(&again);
}

static void
ask_all(const struct symbols *s)
{
	struct symbols_content c;
	struct symbol d;
	const uint32_t *at;
	struct str name;
	uint32_t n;

	for (uint32_t i = 0; i < symbols_contents(s); i++)
		(void)!symbols_content(&c, s, i);
	for (uint32_t i = 0; i < symbols_definitions(s); i++)
		(void)!symbols_definition(&d, s, i);
	for (uint32_t i = 0; i < symbols_names(s); i++)
		if (symbols_name(&name, s, i) == ERR_NONE)
			(void)!symbols_find(&at, &n, s, name);
	err_clear();
}

static void
damage_is_refused_or_harmless(void **state)
{
	struct buf b = { 0 };
	struct symbols *s;
	unsigned refused = 0;
	char *copy;

	(void)state;
	make(&b);
	copy = malloc(b.len);
	for (size_t len = 0; len < b.len; len++) {
		memcpy(copy, b.at, len);
		assert_int_equal(symbols_open_bytes(&s,
				     (struct str){ copy, len }),
		    ERR_FORMAT);
		err_clear();
	}
	for (size_t at = 0; at < b.len * 8; at++) {
		memcpy(copy, b.at, b.len);
		copy[at / 8] = (char)(copy[at / 8] ^ (1 << at % 8));
		if (symbols_open_bytes(&s, (struct str){ copy, b.len }) !=
		    ERR_NONE) {
			err_clear();
			refused++;
			continue;
		}
		ask_all(s);
		symbols_close(s);
	}
	assert_true(refused > 100);
	free(copy);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_defined_is_found_by_name),
		cmocka_unit_test(
		    definitions_of_a_content_are_in_the_order_of_lines),
		cmocka_unit_test(an_older_index_gives_the_same_bytes),
		cmocka_unit_test(damage_is_refused_or_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
