#include "tests/policy/disguise.h"

#include <string.h>

static void
as_it_is(struct buf *out, struct str code)
{
	buf_str(out, code);
}

static void
on_one_line(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		buf_char(out, code.at[i] == '\n' ? ' ' : code.at[i]);
}

static void
in_capitals(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		buf_char(out,
		    code.at[i] >= 'a' && code.at[i] <= 'z' ?
			(char)(code.at[i] - 32) :
			code.at[i]);
}

static void
between(struct buf *out, struct str code, const char *front, bool number)
{
	struct str line;

	for (int i = 117; str_cut(&code, '\n', &line); i++) {
		if (number)
			buf_printf(out, "%5d: ", i);
		buf_str(out, str_of(front));
		buf_str(out, line);
		buf_char(out, '\n');
	}
}

static void
quoted(struct buf *out, struct str code)
{
	between(out, code, "> ", false);
}

static void
numbered(struct buf *out, struct str code)
{
	between(out, code, "", true);
}

static void
in_a_comment(struct buf *out, struct str code)
{
	buf_str(out, STR("/* "));
	buf_str(out, code);
	buf_str(out, STR("*/"));
}

static void
behind_slashes(struct buf *out, struct str code)
{
	between(out, code, "// ", false);
}

static void
zero_width(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		buf_char(out, code.at[i]);
		if (i % 3 == 0)
			buf_str(out, STR("\xe2\x80\x8b"));
	}
}

static void
full_width(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		unsigned c = (unsigned char)code.at[i];

		if (c > 0x20 && c < 0x7f)
			buf_printf(out, "\xef%c%c", 0xbc + (c - 0x20) / 64,
			    0x80 + (c - 0x20) % 64);
		else
			buf_char(out, (char)c);
	}
}

static void
look_alikes(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i];

		buf_str(out,
		    c == 'e'     ? STR("\xd0\xb5") :
			c == 'o' ? STR("\xce\xbf") :
			c == 'a' ? STR("\xd0\xb0") :
				   (struct str){ &code.at[i], 1 });
	}
}

static void
rot13(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i], low = c | 0x20;

		buf_char(out,
		    low >= 'a' && low <= 'z' ?
			(char)(c + (low < 'n' ? 13 : -13)) :
			c);
	}
}

static void
backwards(struct buf *out, struct str code)
{
	for (size_t i = code.len; i-- > 0;)
		buf_char(out, code.at[i]);
}

static void
lines_backwards(struct buf *out, struct str code)
{
	size_t end = code.len;

	while (end > 0) {
		size_t from = end - 1;

		while (from > 0 && code.at[from - 1] != '\n')
			from--;
		buf_str(out, str_slice(code, from, end - from));
		end = from;
	}
}

static void
in_hex(struct buf *out, struct str code)
{
	buf_hex(out, code.at, code.len);
}

static void
in_json(struct buf *out, struct str code)
{
	buf_str(out, STR("{\"text\":\""));
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i];

		if (c == '\n')
			buf_str(out, STR("\\n"));
		else if (c == '\t')
			buf_str(out, STR("\\t"));
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else
			buf_char(out, c);
	}
	buf_str(out, STR("\"}"));
}

static void
in_base64(struct buf *out, struct str code)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i + 3 <= code.len; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)code.at[i] << 16 |
		    (uint32_t)(unsigned char)code.at[i + 1] << 8 |
		    (unsigned char)code.at[i + 2];

		for (int k = 18; k >= 0; k -= 6)
			buf_char(out, digits[v >> k & 63]);
		if (i % 48 == 45)
			buf_char(out, '\n');
	}
}

/* Python's b85encode, and git's. */
static void
in_base85(struct buf *out, struct str code)
{
	static const char digits[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "!#$%&()*+-;<=>?@^_`{|}~";

	for (size_t i = 0; i + 4 <= code.len; i += 4) {
		uint32_t v = 0, p = 52200625;

		for (size_t k = 0; k < 4; k++)
			v = v << 8 | (unsigned char)code.at[i + k];
		for (; p > 0; p /= 85)
			buf_char(out, digits[v / p % 85]);
	}
}

/* "open paren", "semicolon": what is said for a sign. */
static void
spelled_out(struct buf *out, struct str code)
{
	static const struct {
		char sign;
		const char *said;
	} said[] = { { '(', "open paren" }, { ')', "close paren" },
		{ '{', "open brace" }, { '}', "close brace" },
		{ '[', "open bracket" }, { ']', "close bracket" },
		{ ';', "semicolon" }, { ',', "comma" }, { '*', "star" },
		{ '&', "ampersand" }, { '=', "equals" }, { '_', "underscore" },
		{ '.', "dot" }, { '<', "less than" }, { '>', "greater than" },
		{ '!', "bang" }, { '+', "plus" }, { '-', "minus" },
		{ '"', "quote" }, { '/', "slash" }, { ':', "colon" },
		{ '|', "pipe" }, { '#', "hash" } };

	for (size_t i = 0; i < code.len; i++) {
		size_t k = 0;

		while (k < sizeof said / sizeof *said &&
		    said[k].sign != code.at[i])
			k++;
		if (k < sizeof said / sizeof *said)
			buf_printf(out, " %s ", said[k].said);
		else
			buf_char(out, code.at[i]);
	}
}

static void
hex_in_base64(struct buf *out, struct str code)
{
	struct buf hex = { 0 };

	in_hex(&hex, code);
	in_base64(out, buf_view(&hex));
	buf_release(&hex);
}

/* Every line a finding of its own, as an export has them. */
static void
one_line_each(struct buf *out, struct str code)
{
	struct str line;

	buf_str(out, STR("{\"items\":["));
	while (str_cut(&code, '\n', &line)) {
		struct buf one = { 0 };

		in_json(&one, line);
		one.len -= 1; /* the closing brace */
		buf_str(out, buf_view(&one));
		buf_str(out,
		    STR(",\"title\":\"this one should be looked at "
			"again\"},"));
		buf_release(&one);
	}
	buf_str(out, STR("{}]}"));
}

static bool
is_letter(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Every name that is no keyword of C gets another one. */
static void
rename_words(struct buf *out, struct str code, size_t one_in)
{
	static const char *const kept[] = { "if", "else", "for", "while",
		"return", "int", "char", "const", "struct", "static", "void",
		"unsigned", "bool", "break", "continue", "switch", "case",
		"default", "sizeof", "enum", "uint8_t", "size_t", "do", "true",
		"false", "long", "goto", "double", "float", "extern", "inline",
		"union", "typedef", "register", "short", "signed", "volatile" };

	for (size_t i = 0; i < code.len;) {
		struct str word = { code.at + i, 0 };
		bool keep = false;

		while (
		    i + word.len < code.len && is_letter(code.at[i + word.len]))
			word.len++;
		if (word.len == 0) {
			buf_char(out, code.at[i++]);
			continue;
		}
		for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
			keep = keep || str_eq(word, str_of(kept[k]));
		if (keep ||
		    (word.len * 31 + (unsigned char)word.at[0]) % one_in != 0)
			buf_str(out, word);
		else
			buf_printf(out, "n%zu",
			    (word.len * 37 + (unsigned char)word.at[0]) % 97);
		i += word.len;
	}
}

/* One name in three gets another one. */
static void
partly_renamed(struct buf *out, struct str code)
{
	rename_words(out, code, 3);
}

static void
renamed(struct buf *out, struct str code)
{
	rename_words(out, code, 1);
}

static void
without_blanks(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		if (strchr(" \t\n", code.at[i]) == NULL)
			buf_char(out, code.at[i]);
}

static void
without_punctuation(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		buf_char(out,
		    strchr(";{}(),", code.at[i]) == NULL ? code.at[i] : ' ');
}

static void
prose_between(struct buf *out, struct str code)
{
	struct str line;

	while (str_cut(&code, '\n', &line)) {
		buf_str(out, line);
		buf_str(out, STR("\nthen, as one can see there, follows\n"));
	}
}

static void
lines_shuffled(struct buf *out, struct str code)
{
	struct str lines[64], line;
	uint32_t dice = 3;
	size_t n = 0;

	while (n < 64 && str_cut(&code, '\n', &line))
		lines[n++] = line;
	for (size_t i = n; i > 0; i--) {
		size_t k;

		dice = dice * 1664525u + 1013904223u;
		k = (dice >> 8) % i;
		buf_str(out, lines[k]);
		buf_char(out, '\n');
		lines[k] = lines[i - 1];
	}
}

static void
word_between(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		buf_char(out, code.at[i]);
		if (code.at[i] == ' ')
			buf_str(out, STR("well "));
	}
}

const struct disguise disguise_all[] = {
	{ "as it is", as_it_is, 93, false },
	{ "on one line", on_one_line, 93, false },
	{ "in capitals", in_capitals, 93, false },
	{ "quoted >", quoted, 93, false },
	{ "numbered", numbered, 93, false },
	{ "in a comment", in_a_comment, 90, false },
	{ "behind //", behind_slashes, 90, false },
	{ "zero width", zero_width, 93, false },
	{ "full width", full_width, 93, false },
	{ "look-alikes", look_alikes, 93, false },
	{ "rot13", rot13, 93, false },
	{ "backwards", backwards, 93, false },
	{ "lines backwards", lines_backwards, 93, false },
	{ "in hex", in_hex, 93, false },
	{ "in base64", in_base64, 90, false },
	{ "in base85", in_base85, 90, false },
	{ "spelled out", spelled_out, 90, false },
	{ "hex in base64", hex_in_base64, 90, false },
	{ "in JSON", in_json, 93, true },
	{ "one line each", one_line_each, 93, true },
	{ "without blanks", without_blanks, 93, false },
	{ "lines shuffled", lines_shuffled, 0, false },
	{ "1/3 renamed", partly_renamed, 0, false },
	{ "all renamed", renamed, 0, false },
	{ "no punctuation", without_punctuation, 0, false },
	{ "prose between", prose_between, 0, false },
	{ "word between", word_between, 0, false },
	{ NULL, NULL, 0, false },
};
