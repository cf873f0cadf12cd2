#include "policy/prints.h"

#include "core/io.h"
#include "policy/prints_set.h"
#include "tests/policy/evasion.h"
#include "tests/t.h"

#include <stdlib.h>
#include <string.h>

/*
 * The source is this program's own; what is copied out of it are stretches
 * of lines, disguised in many ways, between two sentences of prose.
 */
enum { FILES_MAX = 200, EXCERPTS = 60 };

static const uint8_t key[PRINTS_KEY_BYTES] = { 1, 2, 3 };
static struct buf files[FILES_MAX];
static size_t n_files;
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

static void
read_folder(struct prints_builder *b, const char *folder)
{
	struct io_names names;
	struct arena a = { 0 };

	assert_int_equal(io_list(&names, &a, folder), ERR_NONE);
	for (size_t i = 0; i < names.len && n_files < FILES_MAX; i++) {
		struct str path =
		    arena_printf(&a, "%s/%s", folder, names.at[i].at);

		if (!str_ends(path, STR(".c")))
			continue;
		assert_int_equal(io_read(&files[n_files], path.at, 1 << 20),
		    ERR_NONE);
		prints_builder_add(b, path, buf_view(&files[n_files++]));
	}
	arena_release(&a);
}

static int
set_up(void **state)
{
	struct prints_builder *b = prints_builder_open(key);

	(void)state;
	read_folder(b, "core");
	read_folder(b, "policy");
	prints_builder_write(b, &set);
	prints_builder_close(b);
	return prints_open(&prints, buf_view(&set)) == ERR_NONE ? 0 : 1;
}

static int
tear_down(void **state)
{
	(void)state;
	prints_close(prints);
	for (size_t i = 0; i < n_files; i++)
		buf_release(&files[i]);
	buf_release(&set);
	arena_release(&arena);
	return 0;
}

static struct verdict_source
judge(struct str context, struct str text)
{
	struct verdict_source v = { 0 };

	arena_clear(&arena);
	prints_judge(&v, &arena, prints, context, text);
	return v;
}

/* n lines of code in a row out of somewhere, at least 30 bytes each. */
static void
excerpt(struct buf *out, unsigned n)
{
	for (;;) {
		struct str rest = buf_view(&files[roll((uint32_t)n_files)]);
		struct str line;
		unsigned got = 0, skip;

		skip = roll((uint32_t)(rest.len / 40 + 1));
		buf_clear(out);
		while (got < n && str_cut(&rest, '\n', &line)) {
			struct str bare = str_trim(line);

			if (skip > 0) {
				skip--;
				continue;
			}
			if (bare.len == 0 || bare.at[0] == '*' ||
			    str_starts(bare, STR("/*")) || bare.at[0] == '#')
				continue;
			buf_str(out, line);
			buf_char(out, '\n');
			got++;
		}
		if (got == n && out->len > 24 * n)
			return;
	}
}

/* Percent of EXCERPTS that are found; *asked: or asked about. */
static int
found(const struct disguise *d, unsigned lines, int *asked)
{
	int n = 0;

	dice = 7;
	*asked = 0;
	for (int i = 0; i < EXCERPTS; i++) {
		struct buf code = { 0 }, text = { 0 };
		struct verdict_source v;

		excerpt(&code, lines);
		if (!d->whole)
			buf_str(&text,
			    STR("It was seen that this can be "
				"reached without a check:\n"));
		d->fn(&text, buf_view(&code));
		if (!d->whole)
			buf_str(&text, STR("\nIt should be looked at.\n"));
		v = judge(STR(""), buf_view(&text));
		assert_true(v.ready);
		n += v.tokens > 0;
		*asked += v.tokens > 0 || v.shapes > 0;
		buf_release(&code);
		buf_release(&text);
	}
	*asked = *asked * 100 / EXCERPTS;
	return n * 100 / EXCERPTS;
}

/* Less than 5 lines: some; what the rules promise begins there. */
static void
are_found(const struct disguise *d)
{
	int asked;

	print_message("# %% of %d found at 3, 5 and 8 lines\n", EXCERPTS);
	for (; d->name != NULL; d++) {
		int three, five, eight;

		if (d->least == 0)
			continue;
		three = found(d, 3, &asked);
		five = found(d, 5, &asked);
		eight = found(d, 8, &asked);
		print_message("# %-16s %3d %3d %3d\n", d->name, three, five,
		    eight);
		assert_true(eight >= d->least);
		assert_true(five >= d->least - 12);
	}
}

static void
copies_are_found_in_every_disguise(void **state)
{
	(void)state;
	are_found(disguise_all);
}

static void
what_evades_in_known_ways_is_found(void **state)
{
	(void)state;
	are_found(evasion_all);
}

static void
renamed_source_raises_a_question(void **state)
{
	const struct disguise *d = disguise_all;
	int asked, told;

	(void)state;
	while (strcmp(d->name, "all renamed") != 0)
		d++;
	told = found(d, 12, &asked);
	print_message("# all names changed, 12 lines: %d found, %d asked\n",
	    told, asked);
	assert_true(asked >= 80);
}

static void
prose_that_names_real_functions_is_left_alone(void **state)
{
	static const char *const texts[] = {
		"tlv_next() in src/common/tlv.c trusts the length field of "
		"the peer. A value larger than the rest of the message makes "
		"it read beyond the end of the buffer, which an attacker on "
		"the air interface can use to learn what lies behind it.",
		"str_cut, str_find and str_slice clamp what they are given, so "
		"the callers in wire.c and io.c need no check of their own. "
		"This was verified for all 41 call sites; none passes a "
		"length that comes from outside.",
		"The condition if (len > max) is missing before memcpy(dst, "
		"src, len) in the second branch; the first branch has it.",
		"We looked for unchecked malloc() in core/ and found none: "
		"every caller goes through buf_grow(), which ends the program "
		"when there is no memory, and arena_get(), which does so too.",
		"{\"findings\":[{\"id\":1,\"title\":\"length not checked\","
		"\"severity\":\"high\",\"path\":\"core/wire.c\",\"lines\":"
		"[12,19],\"text\":\"wire_str() is right, its caller is "
		"not\"}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct verdict_source v = judge(STR(""), str_of(texts[i]));

		assert_int_equal(v.tokens, 0);
		assert_int_equal(v.shapes, 0);
		assert_int_equal(v.n_spans, 0);
	}
}

/*
 * A run of tokens that is half in front of what was copied is in a bitmap by
 * chance, one in some 64,000 of them; with all ways of reading, and the
 * source being what it is today, that is one excerpt of several hundred.
 */
static void
spans_say_where_and_lie_in_the_text(void **state)
{
	struct buf code = { 0 }, text = { 0 };
	unsigned reach_over = 0;

	(void)state;
	dice = 99;
	for (int i = 0; i < 20; i++) {
		struct verdict_source v;
		size_t from;
		bool over = false;

		excerpt(&code, 8);
		buf_clear(&text);
		buf_str(&text, STR("Some words of our own in front of it.\n"));
		from = text.len;
		buf_str(&text, buf_view(&code));
		v = judge(STR(""), buf_view(&text));
		assert_true(v.n_spans > 0);
		for (uint32_t k = 0; k < v.n_spans; k++) {
			over = over || v.spans[k].at < from;
			assert_true(v.spans[k].at + v.spans[k].len > from);
			assert_true(v.spans[k].at + v.spans[k].len <= text.len);
		}
		reach_over += over;
		assert_true(v.run <= v.tokens);
	}
	assert_in_range(reach_over, 0, 1);
	buf_release(&code);
	buf_release(&text);
}

static void
what_left_before_counts_only_where_it_goes_on(void **state)
{
	struct buf code = { 0 };
	struct str first, rest;
	struct verdict_source v;
	size_t cut;

	(void)state;
	dice = 5;
	excerpt(&code, 20);
	cut = str_find(buf_view(&code), STR("\n"), code.len / 2) + 1;
	first = str_slice(buf_view(&code), 0, cut);
	rest = str_slice(buf_view(&code), cut, code.len);
	v = judge(first, STR("Nothing of that kind here, only words.\n"));
	assert_int_equal(v.n_spans, 0);
	assert_int_equal(v.tokens, 0);
	v = judge(first, rest);
	assert_true(v.n_spans > 0);
	assert_int_equal(v.spans[0].at, 0);
	assert_true(v.spans[0].len <= rest.len);
	buf_release(&code);
}

static void
the_same_source_gives_the_same_bytes_in_any_order(void **state)
{
	struct prints_builder *a = prints_builder_open(key),
			      *b = prints_builder_open(key);
	struct buf x = { 0 }, y = { 0 };

	(void)state;
	for (size_t i = 0; i < n_files; i++) {
		prints_builder_add(a, STR("x.c"), buf_view(&files[i]));
		prints_builder_add(b, STR("x.c"),
		    buf_view(&files[n_files - 1 - i]));
		prints_builder_add(b, STR("x.c"), buf_view(&files[0]));
	}
	prints_builder_write(a, &x);
	prints_builder_write(b, &y);
	assert_true(str_eq(buf_view(&x), buf_view(&y)));
	prints_builder_close(a);
	prints_builder_close(b);
	buf_release(&x);
	buf_release(&y);
}

static void
another_key_knows_nothing_of_this_source(void **state)
{
	static const uint8_t other[PRINTS_KEY_BYTES] = { 9 };
	struct buf changed = { 0 };
	struct prints *p = NULL;
	struct verdict_source v = { 0 };

	(void)state;
	buf_str(&changed, buf_view(&set));
	memcpy(changed.at + 8, other, sizeof other);
	assert_int_equal(prints_open(&p, buf_view(&changed)), ERR_NONE);
	prints_judge(&v, &arena, p, STR(""), buf_view(&files[0]));
	assert_int_equal(v.tokens, 0);
	v = judge(STR(""), buf_view(&files[0]));
	assert_true(v.tokens > 0);
	prints_close(p);
	buf_release(&changed);
}

static void
every_truncation_and_a_damaged_head_is_refused(void **state)
{
	struct buf copy = { 0 };
	struct prints *p = NULL;
	size_t step = set.len / 200 + 1;

	(void)state;
	for (size_t n = 0; n < set.len; n += n < 300 ? 1 : step) {
		err_clear();
		assert_int_equal(prints_open(&p,
				     str_slice(buf_view(&set), 0, n)),
		    ERR_FORMAT);
	}
	buf_str(&copy, buf_view(&set));
	for (size_t i = 24; i < 40; i++) {
		copy.at[i] = (char)(copy.at[i] ^ 0x40);
		err_clear();
		assert_int_equal(prints_open(&p, buf_view(&copy)), ERR_FORMAT);
		copy.at[i] = (char)(copy.at[i] ^ 0x40);
	}
	buf_char(&copy, 0);
	err_clear();
	assert_int_equal(prints_open(&p, buf_view(&copy)), ERR_FORMAT);
	copy.len--;
	assert_int_equal(prints_open(&p, buf_view(&copy)), ERR_NONE);
	prints_close(p);
	/* A session of before says so, and what to do. */
	copy.at[7] = '2';
	err_clear();
	assert_int_equal(prints_open(&p, buf_view(&copy)), ERR_FORMAT);
	assert_non_null(strstr(err_text(), "older version: make them again"));
	buf_release(&copy);
}

/* Of the same source, the half that is public is told and does not count. */
static void
public_source_is_marked_and_passes(void **state)
{
	struct prints_builder *b = prints_builder_open(prints_public_key);
	struct prints *own = NULL, *open = NULL;
	struct verdict_source v = { 0 };
	struct buf both = { 0 }, text = { 0 };

	(void)state;
	buf_str(&both, buf_view(&set));
	assert_int_equal(prints_open_both(&own, &open, buf_view(&both)),
	    ERR_NONE);
	assert_null(open);
	prints_close(own);
	prints_builder_add(b, STR("a.c"), buf_view(&files[0]));
	prints_builder_write(b, &both);
	prints_builder_close(b);
	assert_int_equal(prints_open_both(&own, &open, buf_view(&both)),
	    ERR_NONE);
	assert_non_null(open);
	buf_str(&text, str_slice(buf_view(&files[0]), 1500, 2500));
	prints_judge_with(&v, &arena, own, open, STR(""), buf_view(&text));
	assert_int_equal(v.tokens, 0);
	assert_true(v.open > 20);
	assert_int_equal(v.spans[0].kind, SPAN_PUBLIC);
	buf_str(&text, str_slice(buf_view(&files[1]), 1500, 2500));
	prints_judge_with(&v, &arena, own, open, STR(""), buf_view(&text));
	assert_true(v.open > 20);
	assert_true(v.tokens > 60); /* and what is not public does */
	prints_judge_with(&v, &arena, own, NULL, STR(""), buf_view(&text));
	assert_int_equal(v.open, 0);
	assert_true(v.tokens > 150);
	prints_close(own);
	prints_close(open);
	both.len--;
	assert_int_equal(prints_open_both(&own, &open, buf_view(&both)),
	    ERR_FORMAT);
	buf_release(&both);
	buf_release(&text);
}

/* An export as our writer makes it, of somebody else's values. */
static void
put_export(struct buf *out, const char *word, unsigned items)
{
	buf_printf(out,
	    "{\n  \"auditor\": \"%s\",\n  \"format\": \"vitrine-findings\",\n"
	    "  \"items\": [",
	    word);
	for (unsigned i = 0; i < items; i++)
		buf_printf(out,
		    "%s\n    {\n      \"anchor\": {\n"
		    "        \"blob\": \"%08x\",\n        \"commit\": \"%08x\","
		    "\n        \"first\": %u,\n        \"last\": %u,\n"
		    "        \"path\": \"%s/%u.c\"\n      },\n"
		    "      \"claim\": \"%s number %u\",\n"
		    "      \"severity\": \"high\",\n      \"status\": \"open\""
		    "\n    }",
		    i == 0 ? "" : ",", roll(UINT32_MAX), roll(UINT32_MAX),
		    roll(900), roll(900), word, i, word, i);
	buf_str(out, STR("\n  ],\n  \"version\": 1\n}\n"));
}

/* A repository may hold exports: what every export has is no copy of them,
 * what was written into one of them is. */
static void
an_export_is_no_copy_of_exports_in_the_repository(void **state)
{
	struct prints_builder *b = prints_builder_open(key);
	struct buf fixture = { 0 }, own = { 0 }, file = { 0 }, copy = { 0 };
	struct verdict_source v = { 0 };
	struct prints *p;

	(void)state;
	put_export(&fixture, "fixture", 12);
	prints_builder_add(b, STR("tests/findings.json"), buf_view(&fixture));
	prints_builder_write(b, &file);
	prints_builder_close(b);
	assert_int_equal(prints_open(&p, buf_view(&file)), ERR_NONE);
	put_export(&own, "decoder", 12);
	prints_judge(&v, &arena, p, STR(""), buf_view(&own));
	assert_int_equal(v.tokens, 0);
	assert_int_equal(v.shapes, 0);
	/* What does not begin as an export is all text. */
	buf_printf(&copy, "as: %s", own.at);
	prints_judge(&v, &arena, p, STR(""), buf_view(&copy));
	assert_true(v.tokens > 40);
	buf_clear(&copy);
	/* With what left before, too. */
	prints_judge(&v, &arena, p, buf_view(&own), buf_view(&own));
	assert_int_equal(v.tokens, 0);
	/* Under keys of somebody's own it is a text as any other. */
	buf_printf(&copy, "{\"text\":\"a fixture of the repository:");
	for (size_t i = 0; i < fixture.len; i++) {
		if (fixture.at[i] == '"')
			buf_char(&copy, '\\');
		if (fixture.at[i] == '\n')
			buf_str(&copy, STR("\\n"));
		else
			buf_char(&copy, fixture.at[i]);
	}
	buf_str(&copy, STR("\"}"));
	prints_judge(&v, &arena, p, STR(""), buf_view(&copy));
	assert_true(v.tokens > 200);
	prints_close(p);
	buf_release(&fixture);
	buf_release(&own);
	buf_release(&file);
	buf_release(&copy);
}

/* The slow way: what is least in any window of neighbours. */
static bool
is_kept(const uint64_t *runs, size_t n, size_t window, size_t i)
{
	size_t last = n < window ? 0 : n - window;

	for (size_t from = 0; from <= last; from++) {
		bool least = from <= i && i < from + window && runs[i] != 0;

		for (size_t k = from; least && k < n && k < from + window; k++)
			least = runs[k] == 0 || runs[k] > runs[i] ||
			    (runs[k] == runs[i] && k <= i);
		if (least)
			return true;
	}
	return false;
}

static void
of_every_window_the_least_is_left(void **state)
{
	enum { RUNS = 60 };
	struct prints_text t = { 0 };
	uint64_t runs[RUNS], left[RUNS];
	size_t kept = 0;

	(void)state;
	dice = 17;
	t.runs = left;
	for (int round = 0; round < 3000; round++) {
		int kind = (int)roll(PRINTS_SETS);
		size_t window = prints_set_kinds[kind].window;
		uint32_t values = 1 + roll(40);

		t.n = roll(RUNS);
		for (size_t i = 0; i < t.n; i++)
			left[i] = runs[i] = roll(values); /* 0, and equals */
		prints_set_winnow(&t, kind);
		for (size_t i = 0; i < t.n; i++) {
			bool want = is_kept(runs, t.n, window, i);

			assert_int_equal(left[i], want ? runs[i] : 0);
			kept += want;
		}
	}
	assert_true(kept > 10000);
}

/* Tokens of source in text. */
static uint32_t
found_in(const char *source, const char *text)
{
	struct prints_builder *b = prints_builder_open(key);
	struct verdict_source v = { 0 };
	struct buf file = { 0 };
	struct prints *p;

	prints_builder_add(b, STR("x.c"), str_of(source));
	prints_builder_write(b, &file);
	prints_builder_close(b);
	assert_int_equal(prints_open(&p, buf_view(&file)), ERR_NONE);
	prints_judge(&v, &arena, p, STR(""), str_of(text));
	prints_close(p);
	buf_release(&file);
	return v.tokens;
}

static void
a_name_is_no_copy_however_long_it_is(void **state)
{
#define LONG "smpstorerelease_acquireflags_ofthesecondary_processornow"
	static const char source[] =
	    "int a(void)\n{\n\treturn " LONG "(b->first[3], c + 4) ?: -1;\n}\n";

	(void)state;
	assert_int_equal(found_in(source,
			     "It calls " LONG " and never looks, then " LONG
			     "() once more."),
	    0);
	assert_true(
	    found_in(source,
		"It says return" LONG "(b->first[3],c+4)?:-1;} there.") > 10);
#undef LONG
}

/* Some of the blanks gone, others where none were. */
static void
blanks_in_the_wrong_places_hide_nothing(void **state)
{
	struct buf code = { 0 }, text = { 0 };
	size_t told = 0;

	(void)state;
	dice = 31;
	for (int i = 0; i < EXCERPTS; i++) {
		excerpt(&code, 6);
		buf_clear(&text);
		for (size_t k = 0; k < code.len; k++) {
			if (strchr(" \t\n", code.at[k]) == NULL || roll(2) == 0)
				buf_char(&text, code.at[k]);
			if (roll(4) == 0)
				buf_char(&text, ' ');
		}
		told += judge(STR(""), buf_view(&text)).tokens > 0;
	}
	assert_true(told * 100 >= 95 * EXCERPTS);
	buf_release(&code);
	buf_release(&text);
}

static uint32_t
found_with(struct str file, struct str text)
{
	struct verdict_source v = { 0 };
	struct prints *p;

	assert_int_equal(prints_open(&p, file), ERR_NONE);
	prints_judge(&v, &arena, p, STR(""), text);
	prints_close(p);
	return v.tokens;
}

/* All but the first files, then that one behind them; in the end so many
 * that the bitmaps are too small. */
static void
fingerprints_can_be_added_to(void **state)
{
	struct prints_builder *b = prints_builder_open(key), *other;
	struct buf file = { 0 }, more = { 0 }, text = { 0 };
	struct str first = str_slice(buf_view(&files[0]), 0, 2000);
	uint8_t stranger[PRINTS_KEY_BYTES] = { 1 };

	(void)state;
	for (size_t i = 1; i < n_files; i++)
		prints_builder_add(b, STR("x.c"), buf_view(&files[i]));
	prints_builder_write(b, &file);
	prints_builder_close(b);
	b = prints_builder_open(key);
	assert_int_equal(prints_builder_take(b, buf_view(&file)), ERR_NONE);
	prints_builder_add(b, STR("x.c"), buf_view(&files[0]));
	assert_false(prints_builder_is_full(b));
	prints_builder_write(b, &more);
	assert_int_equal(more.len, file.len);
	assert_true(found_with(buf_view(&file), first) < 100);
	assert_true(found_with(buf_view(&more), first) > 200);
	for (size_t i = 1; i < n_files; i += 7)
		assert_true(found_with(buf_view(&more),
				str_slice(buf_view(&files[i]), 0, 2000)) > 100);
	for (int i = 0; i < 300 && !prints_builder_is_full(b); i++) {
		buf_clear(&text);
		for (int k = 0; k < 2000; k++)
			buf_printf(&text, "if (a%u) { b%u(c[%u]); }\n",
			    roll(UINT32_MAX), roll(UINT32_MAX), roll(99999));
		prints_builder_add(b, STR("x.c"), buf_view(&text));
	}
#ifndef TINY
	assert_true(prints_builder_is_full(b));
#endif
	prints_builder_close(b);
	other = prints_builder_open(stranger);
	assert_int_equal(prints_builder_take(other, buf_view(&file)),
	    ERR_FORMAT);
	err_clear();
	prints_builder_close(other);
	buf_release(&file);
	buf_release(&more);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_every_window_the_least_is_left),
		cmocka_unit_test(a_name_is_no_copy_however_long_it_is),
		cmocka_unit_test(blanks_in_the_wrong_places_hide_nothing),
		cmocka_unit_test(
		    an_export_is_no_copy_of_exports_in_the_repository),
		cmocka_unit_test(copies_are_found_in_every_disguise),
		cmocka_unit_test(what_evades_in_known_ways_is_found),
		cmocka_unit_test(renamed_source_raises_a_question),
		cmocka_unit_test(prose_that_names_real_functions_is_left_alone),
		cmocka_unit_test(spans_say_where_and_lie_in_the_text),
		cmocka_unit_test(what_left_before_counts_only_where_it_goes_on),
		cmocka_unit_test(
		    the_same_source_gives_the_same_bytes_in_any_order),
		cmocka_unit_test(fingerprints_can_be_added_to),
		cmocka_unit_test(public_source_is_marked_and_passes),
		cmocka_unit_test(another_key_knows_nothing_of_this_source),
		cmocka_unit_test(
		    every_truncation_and_a_damaged_head_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
