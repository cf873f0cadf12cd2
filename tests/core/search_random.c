#include "tests/core/search_random.h"

static uint64_t seed = 1;

void
search_random_seed(uint64_t s)
{
	seed = s;
}

unsigned
search_random(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static void
random_class(struct buf *b)
{
	static const char *const items[] = { "a", "b", "a-c", "\\s", "\\w",
		"\\W", "\\d", "\\D", "\\S", "x", "-", "\\n", "[:space:]",
		"[:^alpha:]", "é", "\\x{5185}", "\\h", "\\]", "k", "s",
		"\\t-\\r", "\\x00-\\x1f", "\\P{L}", "\\p{Lu}", "^" };

	buf_str(b, search_random(2) ? STR("[^") : STR("["));
	if (search_random(8) == 0)
		buf_char(b, ']');
	for (unsigned n = 1 + search_random(3); n > 0; n--)
		buf_str(b,
		    str_of(items[search_random(sizeof items / sizeof *items)]));
	buf_char(b, ']');
}

void
search_random_pattern(struct buf *b, int depth)
{
	static const char *const atoms[] = { "a", "b", "c", "ab", "abc", "k",
		"s", ".", "\\s", "\\W", "\\w", "\\d", "\\D", "\\S", "\\b",
		"\\B", "^", "\\A", "\\z", "$", "é", "内", "\\x{e9}", "\\n",
		"\\H", "\\V", "\\v", "\\N", "\\x41", "\\t", "\\Qa.b\\E",
		"(?#c)", "foo", "foobar", "=>", "0x", "(?i)", "(?s)", "\\P{L}",
		"\\x00", "ba", "bar", "\\.", "(?i:ab)", "\\h", "\\r" };
	static const char *const opens[] = { "(", "(?:", "(?>", "(?=", "(?!",
		"(?i:", "(?|", "(?<n>" };
	static const char *const counts[] = { "*", "+", "?", "{2}", "{1,3}",
		"{2,}", "*?", "+?", "*+", "??", "{0,1}", "{,2}" };

	for (unsigned n = 1 + search_random(4); n > 0; n--) {
		unsigned kind = search_random(10);

		if (kind == 0) {
			random_class(b);
		} else if (kind == 1 && depth < 3) {
			buf_str(b, str_of(opens[search_random(8)]));
			search_random_pattern(b, depth + 1);
			buf_char(b, ')');
		} else if (kind == 2 && depth < 3) {
			buf_str(b, STR("(?<"));
			buf_char(b, search_random(2) ? '=' : '!');
			buf_str(b, str_of(atoms[search_random(30)]));
			buf_char(b, ')');
		} else if (kind == 3 && depth > 0) {
			buf_char(b, '|');
			continue;
		} else if (kind == 4 && search_random(2) == 0) {
			buf_str(b, search_random(3) ? STR("\\1") : STR("\\K"));
		} else {
			buf_str(b,
			    str_of(atoms[search_random(
				sizeof atoms / sizeof *atoms)]));
		}
		if (search_random(3) == 0)
			buf_str(b, str_of(counts[search_random(12)]));
	}
}

void
search_random_text(struct buf *b)
{
	static const char *const pieces[] = { "a", "b", "c", "ab", "abc", "k",
		"K", "s", "A", "\n", "\n", "\n\n", " ", "\t", "é", "内存",
		"foo", "foobar", "=>", "0x1", "-", "]", "^", ".", "a.b", "bar",
		"aaaaaaaa", "\xe2\x84\xaa", "\xc5\xbf", "x" };
	static const char *const wild[] = { "\xff", "\xe5\x86", "\x85",
		"\xa0" };
	bool valid = search_random(4) != 0;

	for (unsigned n = search_random(24); n > 0; n--) {
		if (!valid && search_random(6) == 0)
			buf_str(b, str_of(wild[search_random(4)]));
		else if (search_random(30) == 0)
			buf_add(b, "\0", 1);
		else
			buf_str(b, str_of(pieces[search_random(30)]));
	}
}
