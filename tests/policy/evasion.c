#include "tests/policy/evasion.h"

#include <ctype.h>
#include <string.h>

static void
in_base32(struct buf *out, struct str code)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint32_t bits = 0;
	int held = 0;

	for (size_t i = 0; i < code.len; i++) {
		bits = bits << 8 | (unsigned char)code.at[i];
		held += 8;
		while (held >= 5) {
			held -= 5;
			buf_char(out, digits[bits >> held & 31]);
		}
	}
}

static void
uuencoded(struct buf *out, struct str code)
{
	buf_str(out, STR("begin 644 a\n"));
	while (code.len > 0) {
		struct str line = str_slice(code, 0, 45);

		buf_char(out, (char)(32 + line.len));
		for (size_t i = 0; i < line.len; i += 3) {
			uint32_t v = 0;

			for (size_t k = 0; k < 3; k++)
				v = v << 8 |
				    (i + k < line.len ?
					    (unsigned char)line.at[i + k] :
					    0);
			for (int k = 18; k >= 0; k -= 6)
				buf_char(out,
				    (v >> k & 63) == 0 ?
					'`' :
					(char)(32 + (v >> k & 63)));
		}
		buf_char(out, '\n');
		code = str_slice(code, line.len, code.len);
	}
	buf_str(out, STR("`\nend\n"));
}

/* All but letters and digits, in a form of its own. */
static void
escaped(struct buf *out, struct str code, const char *form)
{
	for (size_t i = 0; i < code.len; i++) {
		unsigned c = (unsigned char)code.at[i];

		if (isalnum((int)c)) {
			buf_char(out, (char)c);
			continue;
		}
/* The forms stand below. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_printf(out, form, c);
#pragma GCC diagnostic pop
	}
}

static void
of_an_address(struct buf *out, struct str code)
{
	escaped(out, code, "%%%02X");
}

static void
of_mail(struct buf *out, struct str code)
{
	escaped(out, code, "=%02X");
}

static void
of_a_web_page(struct buf *out, struct str code)
{
	escaped(out, code, "&#%u;");
}

static void
of_c(struct buf *out, struct str code)
{
	escaped(out, code, "\\%03o");
}

static void
entities(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i];

		buf_str(out,
		    c == '<'     ? STR("&lt;") :
			c == '>' ? STR("&gt;") :
			c == '&' ? STR("&amp;") :
			c == '"' ? STR("&quot;") :
			c == '(' ? STR("&lpar;") :
			c == ')' ? STR("&rpar;") :
			c == ';' ? STR("&semi;") :
				   (struct str){ &code.at[i], 1 });
	}
}

static void
as_json_escapes(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		buf_printf(out, "\\u%04x", (unsigned char)code.at[i]);
}

static void
as_numbers(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++)
		buf_printf(out, "%u ", (unsigned char)code.at[i]);
}

static void
as_bits(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		for (int k = 7; k >= 0; k--)
			buf_char(out, (char)('0' + (code.at[i] >> k & 1)));
		buf_char(out, ' ');
	}
}

static void
rot47(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i];

		buf_char(out,
		    c > ' ' && c < 0x7f ? (char)('!' + (c - '!' + 47) % 94) :
					  c);
	}
}

/* Letters moved on by five, which nothing here looks for. */
static void
rot5(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i], base = c & 0x20 ? 'a' : 'A';

		buf_char(out,
		    isalpha((unsigned char)c) ?
			(char)(base + (c - base + 5) % 26) :
			c);
	}
}

static void
mirrored(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.at[i];

		buf_char(out,
		    c >= 'a' && c <= 'z'     ? (char)('a' + 'z' - c) :
			c >= 'A' && c <= 'Z' ? (char)('A' + 'Z' - c) :
					       c);
	}
}

static void
every_second(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		buf_char(out, code.at[i]);
		buf_char(out, "etaoinshr"[i % 9]);
	}
}

static void
every_third(struct buf *out, struct str code)
{
	for (size_t i = 0; i < code.len; i++) {
		buf_char(out, code.at[i]);
		buf_char(out, "etaoinshr"[i % 9]);
		buf_char(out, "dlcumwfgy"[i % 9]);
	}
}

/* To be read downwards. */
static void
in_columns(struct buf *out, struct str code)
{
	size_t high = 8, wide = (code.len + high - 1) / high;

	for (size_t y = 0; y < high; y++) {
		for (size_t x = 0; x < wide; x++) {
			size_t at = x * high + y;
			char c = at < code.len ? code.at[at] : ' ';

			buf_char(out, c == '\n' || c == '\t' ? ' ' : c);
		}
		buf_char(out, '\n');
	}
}

static void
morse(struct buf *out, struct str code)
{
	static const char *const letters[] = { ".-", "-...", "-.-.", "-..", ".",
		"..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--", "-.",
		"---", ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--",
		"-..-", "-.--", "--.." };

	for (size_t i = 0; i < code.len; i++) {
		int c = tolower((unsigned char)code.at[i]);

		if (c >= 'a' && c <= 'z')
			buf_printf(out, "%s ", letters[c - 'a']);
		else
			buf_str(out, STR("/ "));
	}
}

/* A word, another one each time, in front of each line or inside. */
static void
word_in_each_line(struct buf *out, struct str code)
{
	static const char *const words[] = { "here", "Then", "also", "which",
		"again", "So", "below", "next" };
	struct str line;

	for (size_t i = 0; str_cut(&code, '\n', &line); i++) {
		size_t half = str_find(line, STR(" "), line.len / 2);

		half = half == SIZE_MAX ? 0 : half;
		buf_str(out, str_slice(line, 0, half));
		buf_printf(out, " %s ", words[i % 8]);
		buf_str(out, str_slice(line, half, line.len));
		buf_char(out, '\n');
	}
}

/* Of five lines, one after the other, there is one each in notes with much
 * prose. */
static void
line_in_each_note(struct buf *out, struct str code)
{
	struct str line;

	buf_str(out, STR("{\"items\":["));
	for (unsigned i = 0; str_cut(&code, '\n', &line); i++) {
		buf_printf(out,
		    "%s{\"title\":\"number %u\",\"text\":\"In a meeting about "
		    "this it was said that number %u needs a look: ",
		    i == 0 ? "" : ",", i, i);
		for (size_t k = 0; k < line.len; k++)
			if (strchr("\\\"\t", line.at[k]) == NULL)
				buf_char(out, line.at[k]);
		buf_str(out, STR("\"}"));
	}
	buf_str(out, STR("]}"));
}

static void
translated(struct buf *out, struct str code)
{
	static const char *const words[][2] = { { "if", "wenn" },
		{ "else", "sonst" }, { "return", "zurueck" },
		{ "int", "ganzzahl" }, { "struct", "gefuege" },
		{ "static", "fest" }, { "const", "unveraenderlich" },
		{ "char", "zeichen" }, { "void", "leer" }, { "for", "fuer" },
		{ "while", "solange" }, { "unsigned", "vorzeichenlos" },
		{ "break", "ende" }, { "case", "fall" }, { "goto", "gehezu" },
		{ "define", "setze" }, { "include", "nimm" },
		{ "long", "lang" }, { "NULL", "NICHTS" } };

	for (size_t i = 0; i < code.len;) {
		struct str word = { code.at + i, 0 };
		size_t k = 0;

		while (i + word.len < code.len &&
		    (isalnum((unsigned char)code.at[i + word.len]) ||
			code.at[i + word.len] == '_'))
			word.len++;
		while (k < sizeof words / sizeof *words &&
		    !str_eq(word, str_of(words[k][0])))
			k++;
		if (word.len == 0)
			buf_char(out, code.at[i++]);
		else
			buf_str(out,
			    k < sizeof words / sizeof *words ?
				str_of(words[k][1]) :
				word);
		i += word.len;
	}
}

/* One disguise over the other. */
static void
twice(struct buf *out, struct str code, const char *first, const char *second)
{
	struct buf made = { 0 };

	for (const struct disguise *d = disguise_all; d->name != NULL; d++)
		if (strcmp(d->name, first) == 0)
			d->fn(&made, code);
	for (const struct disguise *d = disguise_all; d->name != NULL; d++)
		if (strcmp(d->name, second) == 0)
			d->fn(out, buf_view(&made));
	buf_release(&made);
}

static void
base64_then_rot13(struct buf *out, struct str code)
{
	twice(out, code, "in base64", "rot13");
}

static void
hex_then_backwards(struct buf *out, struct str code)
{
	twice(out, code, "in hex", "backwards");
}

static void
no_blanks_then_rot13(struct buf *out, struct str code)
{
	twice(out, code, "without blanks", "rot13");
}

static void
backwards_without_blanks(struct buf *out, struct str code)
{
	twice(out, code, "without blanks", "backwards");
}

static void
spelled_in_capitals(struct buf *out, struct str code)
{
	twice(out, code, "spelled out", "in capitals");
}

const struct disguise evasion_all[] = {
	{ "base32", in_base32, 90, false },
	{ "uuencode", uuencoded, 90, false },
	{ "%28 of addresses", of_an_address, 90, false },
	{ "=28 of mail", of_mail, 90, false },
	{ "&#40; of pages", of_a_web_page, 90, false },
	{ "&lpar; of pages", entities, 90, false },
	{ "\\050 of C", of_c, 90, false },
	{ "\\u0028 of JSON", as_json_escapes, 90, false },
	{ "numbers", as_numbers, 90, false },
	{ "bits", as_bits, 90, false },
	{ "rot47", rot47, 90, false },
	{ "mirrored letters", mirrored, 90, false },
	{ "every second", every_second, 90, false },
	{ "base64, rot13", base64_then_rot13, 90, false },
	{ "hex, backwards", hex_then_backwards, 90, false },
	{ "no blanks, rot13", no_blanks_then_rot13, 90, false },
	{ "no blanks, back", backwards_without_blanks, 90, false },
	{ "spelled, capitals", spelled_in_capitals, 90, false },
	{ "every third", every_third, 0, false },
	{ "in columns", in_columns, 0, false },
	{ "rot5", rot5, 0, false },
	{ "Morse", morse, 0, false },
	{ "word in each line", word_in_each_line, 0, false },
	{ "line in each note", line_in_each_note, 0, true },
	{ "translated", translated, 0, false },
	{ NULL, NULL, 0, false },
};
