#include "policy/gate.h"

#include <ctype.h>
#include <string.h>

#include "policy/texts.h"

/*
 * Text that hides text: a long run without a break, of the characters of
 * base64 or hex, that changes between capitals, small letters and digits
 * more often than names do.  The checker decodes what it can; this asks
 * about what it cannot (compressed, encrypted, dots and dashes).  So it does
 * about a text that was taken to pieces: single characters or numbers, one
 * after the other, without a word between them.  Object ids and SHA-256 are
 * known by their length and allowed in the number that citations need.
 */
enum { IDS_SPARE = 8, IDS_EACH = 8 };

enum kind { OTHER, LOWER, UPPER, DIGIT, JOIN };

static enum kind
kind_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c == '+' || c == '/' || c == '=' || c == '_' || c == '-')
		return JOIN;
	return OTHER;
}

static bool
is_id(struct str run)
{
	if (run.len != 40 && run.len != 64)
		return false;
	for (size_t i = 0; i < run.len; i++)
		if (kind_of(run.at[i]) != DIGIT &&
		    (run.at[i] < 'a' || run.at[i] > 'f'))
			return false;
	return true;
}

static bool
looks_encoded(struct str run, uint64_t min)
{
	enum kind before = OTHER;
	size_t turns = 0;

	for (size_t i = 0; i < run.len; i++) {
		enum kind k = kind_of(run.at[i]);

		if (k == JOIN)
			continue;
		turns += k != before;
		before = k;
	}
	return run.len >= 4 * min ||
	    (run.len >= min && turns * 10 >= run.len * 3);
}

/* Signs of all kinds, and none of them where a word would have it: base85,
 * or text under a cipher.  Code without blanks has fewer turns, a link has
 * fewer signs. */
static uint64_t
longest_mixed(struct str s, uint64_t min)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < s.len;) {
		size_t from = i, turns = 0, signs = 0;
		int before = -1;

		for (; i < s.len && (unsigned char)s.at[i] > ' '; i++) {
			enum kind k = kind_of(s.at[i]);

			turns += (int)k != before;
			signs += k == OTHER || k == JOIN;
			before = (int)k;
		}
		if (i - from >= min && turns * 10 >= (i - from) * 6 &&
		    signs * 10 >= i - from && i - from > longest)
			longest = i - from;
		i++;
	}
	return longest;
}

/* Dots and dashes with gaps between them, and no rule of many dashes: Morse
 * and its like. */
static uint64_t
longest_code(struct str s)
{
	uint64_t longest = 0, marks = 0, turns = 0;
	char before = 0;

	for (size_t i = 0; i <= s.len; i++) {
		char c = i < s.len ? s.at[i] : 0;

		if (c == '.' || c == '-' || c == '_') {
			turns += c != before;
			marks++;
		} else if (c == 0 || strchr(" /|\n", c) == NULL) {
			if (turns * 4 >= marks && marks > longest)
				longest = marks;
			marks = turns = 0;
		}
		before = c;
	}
	return longest;
}

/* The next one, cut off the front; empty at the end. */
static struct str
next_run(struct str *rest)
{
	size_t from = 0, len = 0;
	struct str run;

	while (from < rest->len && kind_of(rest->at[from]) == OTHER)
		from++;
	while (from + len < rest->len && kind_of(rest->at[from + len]) != OTHER)
		len++;
	run = str_slice(*rest, from, len);
	*rest = str_slice(*rest, from + len, rest->len);
	return run;
}

/* A letter, a number, or a byte in hex: what a text falls into when it is
 * written with gaps, as character codes or as %41. */
static bool
is_piece(struct str run)
{
	if (str_starts(run, STR("0x")) && run.len <= 4)
		run = str_slice(run, 2, 2);
	if (run.len == 3 && run.at[0] == 'x')
		run = str_slice(run, 1, 2);
	if (run.len == 1)
		return true;
	if (run.len == 2)
		return isxdigit((unsigned char)run.at[0]) &&
		    isxdigit((unsigned char)run.at[1]);
	if (run.len > 9)
		return false;
	for (size_t i = 0; i < run.len; i++)
		if (kind_of(run.at[i]) != DIGIT)
			return false;
	return true;
}

/* The most pieces that follow each other. */
static uint64_t
most_pieces(struct str rest)
{
	uint64_t row = 0, most = 0;
	struct str run;

	while ((run = next_run(&rest)).len > 0) {
		row = is_piece(run) ? row + 1 : 0;
		if (row > most)
			most = row;
	}
	return most;
}

static enum verdict
judge_text(const struct gate_case *c, struct str text, struct buf *why)
{
	uint64_t min = c->rules->export.encoded_run, longest = 0;
	uint64_t pieces, ids = 0,
			 allowed = IDS_SPARE +
	    IDS_EACH * ((uint64_t)c->parcel->findings + c->parcel->notes);
	struct str rest = text, run;

	if (min == 0) {
		buf_str(why, STR("the rules do not set encoded_run"));
		return REFUSE;
	}
	while ((run = next_run(&rest)).len > 0) {
		if (is_id(run))
			ids++;
		else if (looks_encoded(run, min) && run.len > longest)
			longest = run.len;
	}
	if (longest == 0)
		longest = longest_mixed(text, min);
	if (longest == 0 && longest_code(text) >= min)
		longest = longest_code(text);
	if (longest > 0) {
		buf_printf(why,
		    "%llu characters in a row look encoded: "
		    "somebody should look",
		    (unsigned long long)longest);
		return ASK;
	}
	pieces = most_pieces(text);
	if (pieces >= min) {
		buf_printf(why,
		    "%llu single characters or numbers in a row: "
		    "somebody should look",
		    (unsigned long long)pieces);
		return ASK;
	}
	if (ids > allowed) {
		buf_printf(why,
		    "%llu object ids or hashes, %llu are usual: "
		    "somebody should look",
		    (unsigned long long)ids, (unsigned long long)allowed);
		return ASK;
	}
	return PASS;
}

/* Lines that were read are numbers and nothing else: check_lines.c has them. */
static enum verdict
encoded_judge(const struct gate_case *c, struct buf *why)
{
	struct arena a = { 0 };
	enum verdict v =
	    judge_text(c, texts_without_lines(c->parcel->bytes, &a), why);

	arena_release(&a);
	return v;
}

const struct check check_encoded = {
	.name = "encoded",
	.guards = "against text hidden in an encoding",
	.judge = encoded_judge,
};
