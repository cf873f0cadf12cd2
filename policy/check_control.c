#include "policy/gate.h"

/*
 * What may leave is text that an approver can see: UTF-8 in its one
 * spelling, lines that end with LF, and no character that hides, reorders or
 * joins others.  JSON's own escapes (\uXXXX) could bring them back in, and
 * the writer needs none but those of control characters, so they are
 * refused as well.
 */
static const struct {
	uint32_t first, last;
	const char *what;
} hidden[] = {
	{ 0x00, 0x08, "a control character" },
	{ 0x0b, 0x1f, "a control character" },
	{ 0x7f, 0x9f, "a control character" },
	{ 0xad, 0xad, "a soft hyphen" },
	{ 0x34f, 0x34f, "an invisible character" },
	{ 0x61c, 0x61c, "a character that reorders text" },
	{ 0x115f, 0x1160, "an invisible character" },
	{ 0x17b4, 0x17b5, "an invisible character" },
	{ 0x180b, 0x180f, "an invisible character" },
	{ 0x200b, 0x200d, "an invisible character" },
	{ 0x200e, 0x200f, "a character that reorders text" },
	{ 0x2028, 0x2029, "a line end that is not LF" },
	{ 0x202a, 0x202e, "a character that reorders text" },
	{ 0x2060, 0x2064, "an invisible character" },
	{ 0x2066, 0x2069, "a character that reorders text" },
	{ 0x206a, 0x206f, "an invisible character" },
	{ 0x3164, 0x3164, "an invisible character" },
	{ 0xd800, 0xf8ff, "a character without a meaning of its own" },
	{ 0xfdd0, 0xfdef, "a character without a meaning of its own" },
	{ 0xfe00, 0xfe0f, "an invisible character" },
	{ 0xfeff, 0xfeff, "an invisible character" },
	{ 0xffa0, 0xffa0, "an invisible character" },
	{ 0xfff0, 0xfffb, "a character without a meaning of its own" },
	{ 0xfffe, 0xffff, "a character without a meaning of its own" },
	{ 0x1d173, 0x1d17a, "an invisible character" },
	{ 0xe0000, 0x10ffff, "an invisible character" },
};

static const char *
what_hides(uint32_t c)
{
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return hidden[i].what;
	return NULL;
}

/* Bytes of the character at the front, 0 when it is not UTF-8. */
static size_t
decode(struct str s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)s.at[0];
	size_t n = first < 0x80 ? 1 :
	    first < 0xc0        ? 0 :
	    first < 0xe0        ? 2 :
	    first < 0xf0        ? 3 :
	    first < 0xf8        ? 4 :
				  0;

	if (n == 0 || n > s.len)
		return 0;
	*c = n == 1 ? first : first & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char byte = (unsigned char)s.at[i];

		if ((byte & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (byte & 0x3f);
	}
	return *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000) ?
	    0 :
	    n;
}

static enum verdict
control_judge(const struct gate_case *c, struct buf *why)
{
	struct str s = c->parcel->bytes;
	unsigned marks = 0;
	size_t n;

	for (size_t at = 0; at < s.len; at += n) {
		struct str rest = str_slice(s, at, s.len);
		const char *what = NULL;
		uint32_t code = 0;

		n = decode(rest, &code);
		if (n == 0)
			what = "a byte that is not UTF-8";
		else if (str_starts(rest, STR("\\\\")))
			n = 2;
		else if (str_starts(rest, STR("\\u")))
			what = "an escaped character";
		else
			what = what_hides(code);
		/* A pile of accents on one letter is no language. */
		marks = code >= 0x300 && code < 0x370 ? marks + 1 : 0;
		if (marks > 2)
			what = "a pile of combining marks";
		if (what == NULL)
			continue;
		buf_printf(why, "%s at byte %zu", what, at);
		return REFUSE;
	}
	return PASS;
}

const struct check check_control = {
	.name = "control",
	.guards = "against what an approver cannot see",
	.judge = control_judge,
};
