/*
 * The fingerprints of a text are what a plain reading of their definition
 * says, number for number, however hostile the text is.
 */
#include "policy/prints_inside.h"
#include "policy/siphash.h"
#include "tests/t.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 6000, RUN_MAX = 32 };

static const uint8_t key[PRINTS_KEY_BYTES] = { 9, 8, 7 };
static uint64_t dice;

static uint32_t
roll(uint32_t below)
{
	dice = dice * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice >> 33) % below;
}

/* A token, word or letter: what it hashes to. */
struct unit {
	uint64_t hash;
	bool heavy; /* a keyword or a sign */
};
struct units {
	struct unit u[2 * MOST];
	size_t n;
};

/* A text as canon_text() leaves it. */
struct plain {
	uint8_t c[2 * MOST];
	size_t n;
	struct units tokens, letters, words, classes, remarks;
};

static uint64_t
hash_plainly(const uint8_t *at, size_t n)
{
	uint64_t h = n = n < 64 ? n : 64;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)(at[i] < 0x80 ? tolower(at[i]) : at[i])) *
		    0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static void
add(struct units *to, uint64_t hash, bool heavy)
{
	assert_true(to->n < sizeof to->u / sizeof *to->u);
	to->u[to->n++] = (struct unit){ hash, heavy };
}

static bool
is_word(uint8_t c)
{
	return c >= 0x80 || isalnum(c) || c == '_';
}

static const char all[] =
    " break case catch class const continue def default do elif else enum "
    "except finally for func function goto if import return sizeof static "
    "struct switch throw try typedef union while with yield ";

static bool
is_keyword(const uint8_t *at, size_t n)
{
	char word[20] = " ";

	if (n > 12)
		return false;
	for (size_t i = 0; i < n; i++)
		word[1 + i] = (char)(at[i] < 0x80 ? tolower(at[i]) : at[i]);
	strcpy(word + 1 + n, " ");
	return strstr(all, word) != NULL;
}

static bool
upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
lower(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

/* Parts of a name. */
static void
split(struct units *to, const uint8_t *c, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i <= n; i++) {
		bool ends = i == n || c[i] == '_' ||
		    (i > from && upper(c[i]) &&
			(lower(c[i - 1]) ||
			    (i + 1 < n && lower(c[i + 1]) && upper(c[i - 1]))));

		if (!ends)
			continue;
		if (i > from)
			add(to, hash_plainly(c + from, i - from), false);
		from = i < n && c[i] == '_' ? i + 1 : i;
	}
}

static bool
stands(const struct plain *p, size_t i, const char *what)
{
	size_t n = strlen(what);

	return i + n <= p->n && memcmp(p->c + i, what, n) == 0;
}

/* How long the comment is that begins at i. */
static size_t
comment(const struct plain *p, size_t i, enum tokens_syntax syntax)
{
	size_t end = i;

	if (syntax == TOKENS_C && stands(p, i, "/*")) {
		for (end = i + 2; end < p->n && !stands(p, end, "*/");)
			end++;
		return (end + 2 < p->n ? end + 2 : p->n) - i;
	}
	if ((syntax == TOKENS_C && stands(p, i, "//")) ||
	    (syntax == TOKENS_HASH && stands(p, i, "#")) ||
	    (syntax == TOKENS_DASH && stands(p, i, "--")))
		while (end < p->n && p->c[end] != '\n')
			end++;
	return end - i;
}

/* Where the quotation that begins at i ends; 0: nowhere. */
static size_t
quotation(const struct plain *p, size_t i)
{
	if (p->c[i] != '"' && p->c[i] != '\'')
		return 0;
	for (size_t k = i + 1; k < p->n && p->c[k] != '\n'; k++) {
		if (p->c[k] == '\\')
			k++;
		else if (p->c[k] == p->c[i])
			return k + 1;
	}
	return 0;
}

static void
read_remark(struct plain *p, size_t i, size_t end)
{
	for (size_t to; i < end; i = to) {
		for (to = i; to < end && is_word(p->c[to]);)
			to++;
		split(&p->remarks, p->c + i, to - i);
		to += to == i;
	}
}

static void
read_token(struct plain *p, size_t i, size_t end)
{
	const uint8_t *c = p->c + i;
	uint64_t hash = hash_plainly(c, end - i);
	bool word = is_word(*c), keyword = word && is_keyword(c, end - i);

	add(&p->tokens, hash, !word || keyword);
	if (word)
		split(&p->words, c, end - i);
	for (size_t k = 0; k < end - i; k++)
		add(&p->letters,
		    (uint64_t)((c[k] < 0x80 ? tolower(c[k]) : c[k]) + 1) *
			0xc2b2ae3d27d4eb4fu,
		    c[k] < 0x80 && ispunct(c[k]) && c[k] != '_');
	if (word && isdigit(*c) && *c < 0x80)
		hash = hash_plainly((const uint8_t *)"0", 1);
	else if (word && !keyword)
		hash = hash_plainly((const uint8_t *)"a", 1);
	add(&p->classes, hash, !word || keyword);
}

static void
read_plainly(struct plain *p, enum tokens_syntax syntax)
{
	size_t quoted = 0;

	for (size_t i = 0, end; i < p->n; i = end) {
		end = i + 1;
		if (p->c[i] == ' ' || p->c[i] == '\n')
			continue;
		if (is_word(p->c[i])) {
			while (end < p->n && is_word(p->c[end]))
				end++;
		} else if (i >= quoted) {
			size_t ends = quotation(p, i);
			size_t n = comment(p, i, syntax);

			quoted = ends > 0 ? ends : quoted;
			if (n > 0) {
				end = i + n;
				read_remark(p, i, end);
				continue;
			}
		}
		read_token(p, i, end);
	}
}

/* The number of a run, before winnowing; 0: it says too little. */
static uint64_t
run_at(const struct units *u, size_t from, int set)
{
	const struct prints_kind *kind = &prints_set_kinds[set];
	const struct unit *at = u->u + from;
	uint64_t poly = 0;
	int changes = 0, weight = 0;

	for (size_t i = 0; i < kind->run; i++) {
		bool change = set != SPAN_LETTERS;

		poly = poly * 0x9e3779b97f4a7c15u + at[i].hash;
		weight += at[i].heavy;
		if (set == SPAN_LETTERS) {
			change = true;
			for (size_t k = 0; k < i; k++)
				change = change && at[k].hash != at[i].hash;
		}
		/* The two before may stand in front of the run. */
		for (size_t k = 1; set != SPAN_LETTERS && k <= 2; k++)
			change = change &&
			    (from + i < k || at[i].hash != (at + i - k)->hash);
		changes += change;
	}
	if (changes < kind->changes || weight < kind->weight)
		return 0;
	poly = (poly ^ poly >> 32) * 0xd6e8feb86659fd93u;
	poly ^= poly >> 29;
	return poly == 0 ? 1 : poly;
}

/* Of every window the least, of equal ones the last. */
static size_t
winnow(uint64_t *out, const struct units *u, int set)
{
	size_t run = prints_set_kinds[set].run, n, kept = 0;
	size_t window = prints_set_kinds[set].window, last = SIZE_MAX;
	static uint64_t runs[2 * MOST];

	if (u->n < run)
		return 0;
	n = u->n - run + 1;
	for (size_t i = 0; i < n; i++)
		runs[i] = run_at(u, i, set);
	if (window > n)
		window = n;
	for (size_t from = 0; from + window <= n; from++) {
		size_t least = SIZE_MAX;

		for (size_t i = from; i < from + window; i++)
			if (runs[i] != 0 &&
			    (least == SIZE_MAX || runs[i] <= runs[least]))
				least = i;
		if (least != SIZE_MAX && least != last)
			out[kept++] = runs[least];
		last = least != SIZE_MAX ? least : last;
	}
	return kept;
}

/* The numbers of all parts of a text, in sets of their own. */
static struct numbers want[PRINTS_SETS];

static void
take_part(void *arg, enum tokens_syntax syntax, struct str part)
{
	static struct plain p;
	static uint64_t kept[2 * MOST];
	const struct units *of[PRINTS_SETS] = { [SPAN_TOKENS] = &p.tokens,
		[SPAN_LETTERS] = &p.letters,
		[SPAN_WORDS] = &p.words,
		[SPAN_CLASSES] = &p.classes,
		[SPAN_REMARKS] = &p.remarks };
	struct canon c = { 0 };

	(void)arg;
	memset(&p, 0, sizeof p);
	canon_text(&c, part, NULL);
	memcpy(p.c, c.c, c.n);
	p.n = c.n;
	canon_release(&c);
	read_plainly(&p, syntax);
	for (int i = 0; i < PRINTS_SETS; i++) {
		size_t n = syntax == TOKENS_PLAIN && i != SPAN_TOKENS ?
		    0 :
		    winnow(kept, of[i], i);

		for (size_t k = 0; k < n; k++) {
			uint8_t raw[8];

			for (int b = 0; b < 8; b++)
				raw[b] = (uint8_t)(kept[k] >> 8 * b);
			kept[k] = siphash(key, raw, 8);
		}
		numbers_add(&want[i], kept, n);
	}
}

static void
are_the_same(struct numbers *x, struct numbers *y)
{
	uint64_t n = numbers_count(x), seen = 0;
	struct numbers_run run, other = { 0 };
	size_t at = 0, other_at = 0;

	assert_int_equal(numbers_count(y), n);
	while ((run = numbers_next(x, &at)).n > 0)
		for (size_t i = 0; i < run.n; i++) {
			if (other.n == 0)
				other = numbers_next(y, &other_at);
			assert_true(other.n > 0 && *other.at == run.at[i]);
			other.at++;
			other.n--;
			seen++;
		}
	assert_int_equal(seen, n);
}

/* Some, and halves of them. */
static void
add_keywords(struct buf *b)
{
	uint32_t from = roll(sizeof all - 1), len = 1 + roll(12);

	buf_str(b, str_slice(str_of(all), from, len));
}

/* Code, and what is put there to be in the way. */
static void
write_text(struct buf *b, size_t bytes)
{
	static const char *const bits[] = { "if", "While", "sizeof", "x", "_",
		"readHTTPHeader_v2", "__FOO__bar", "0x1F", "9", "(", ")", "{",
		"}", ";", " ", "\t", "\n", "\n\n", "\r\n", "/*", "*/", "//",
		"#", "--", "\"", "'", "\\", "\\\"", "\\'", "->", "==", "+",
		"\xc3\xa9", "\xd0\xb0", "\xef\xbc\xa1", "\xe2\x80\x8b", "\x80",
		"\xff", "\x7f", "\x01", "yieldx", "Return", "do", "structs",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaa" };
	uint32_t kinds = 1 + roll(sizeof bits / sizeof *bits);
	uint32_t names = 1 + roll(400);

	while (b->len < bytes) {
		if (roll(3) == 0)
			buf_printf(b, "v%u ", roll(names));
		else if (roll(4) == 0)
			add_keywords(b);
		else if (roll(40) == 0)
			buf_char(b, (char)roll(256));
		else
			buf_str(b, str_of(bits[roll(kinds)]));
	}
}

static void
of_any_text_they_are_what_their_definition_says(void **state)
{
	static const char *const paths[] = { "a.c", "a.py", "a.sql", "a.txt" };
	uint64_t kept[PRINTS_SETS] = { 0 };

	(void)state;
	dice = 3;
	for (int round = 0; round < 400; round++) {
		struct prints_builder *b = prints_builder_open(key);
		struct fresh fresh = { 0 };
		struct str path = str_of(paths[roll(8) < 5 ? 0 : roll(4)]);
		struct buf text = { 0 };

		memcpy(fresh.key, key, FRESH_KEY_BYTES);
		for (int version = 0; version < 2; version++) {
			write_text(&text, text.len + roll(MOST / 4));
			prints_builder_add(b, path, buf_view(&text));
			fresh_text(&fresh, tokens_guess(path, buf_view(&text)),
			    buf_view(&text), take_part, NULL);
		}
		for (int i = 0; i < PRINTS_SETS; i++) {
			are_the_same(&want[i], &b->seen[i].numbers);
			kept[i] += numbers_count(&want[i]);
			numbers_release(&want[i]);
		}
		fresh_release(&fresh);
		prints_builder_close(b);
		buf_release(&text);
	}
	for (int i = 0; i < PRINTS_SETS; i++)
		assert_true(kept[i] > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    of_any_text_they_are_what_their_definition_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
