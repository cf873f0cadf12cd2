#include "core/search_class.h"

#include <ctype.h>
#include <string.h>

enum { LF = '\n' };

static void
add_high(struct search_class *c)
{
	search_set_add(&c->set, 0x80, 0xff);
	c->high = true;
}

static void
invert(struct search_class *c)
{
	for (int i = 0; i < 4; i++)
		c->set.bits[i] = ~c->set.bits[i];
	add_high(c);
}

static void
merge(struct search_class *to, const struct search_class *from)
{
	for (int i = 0; i < 4; i++)
		to->set.bits[i] |= from->set.bits[i];
	to->high = to->high || from->high;
}

void
search_class_add(struct search_class *c, uint32_t from, uint32_t to)
{
	if (from < 256)
		search_set_add(&c->set, from, to < 256 ? to : 255);
	if (to >= 0x80)
		c->high = true;
}

void
search_class_fold(struct search_class *c, bool caseless, bool utf)
{
	static const char partners[] = "kKsS"; /* of U+212A and U+017F */

	if (!caseless)
		return;
	for (unsigned l = 'a'; l <= 'z'; l++) {
		unsigned u = l - 'a' + 'A';

		if (search_set_has(&c->set, (unsigned char)l))
			search_set_add(&c->set, u, u);
		if (search_set_has(&c->set, (unsigned char)u))
			search_set_add(&c->set, l, l);
	}
	for (const char *k = partners; utf && *k != '\0'; k++) {
		if (search_set_has(&c->set, (unsigned char)*k))
			c->high = true;
		else if (c->high)
			search_set_add(&c->set, (unsigned char)*k,
			    (unsigned char)*k);
	}
}

size_t
search_class_utf8(char raw[4], uint32_t c)
{
	if (c < 0x80) {
		raw[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		raw[0] = (char)(0xc0 | c >> 6);
		raw[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		raw[0] = (char)(0xe0 | c >> 12);
		raw[1] = (char)(0x80 | (c >> 6 & 63));
		raw[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	raw[0] = (char)(0xf0 | c >> 18);
	raw[1] = (char)(0x80 | (c >> 12 & 63));
	raw[2] = (char)(0x80 | (c >> 6 & 63));
	raw[3] = (char)(0x80 | (c & 63));
	return 4;
}

size_t
search_class_literal(uint32_t *c, struct str s, bool utf)
{
	unsigned char lead = (unsigned char)s.at[0];
	size_t len = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	uint32_t v;

	*c = lead;
	if (!utf || len == 1 || len > s.len)
		return 1;
	v = lead & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++)
		v = v << 6 | ((unsigned char)s.at[i] & 63);
	*c = v;
	return len;
}

bool
search_class_is_alnum(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

/* What \d and its kin hold within ASCII; false: not one of them. */
static bool
type_set(struct search_class *c, char lower)
{
	switch (lower) {
	case 'd':
		search_class_add(c, '0', '9');
		return true;
	case 'w':
		for (unsigned i = 0; i < 128; i++)
			if (search_class_is_alnum(i) || i == '_')
				search_class_add(c, i, i);
		return true;
	case 's':
		search_class_add(c, '\t', '\r');
		search_class_add(c, ' ', ' ');
		return true;
	case 'h':
		search_class_add(c, '\t', '\t');
		search_class_add(c, ' ', ' ');
		return true;
	case 'v':
		search_class_add(c, '\n', '\r');
		return true;
	default:
		return false;
	}
}

/* Behind \p or \P: a letter or a name in braces. */
static bool
skip_property(size_t *i, struct str s)
{
	size_t end;

	if (*i >= s.len)
		return false;
	if (s.at[*i] != '{') {
		(*i)++;
		return true;
	}
	end = str_find(s, STR("}"), *i);
	if (end == SIZE_MAX)
		return false;
	*i = end + 1;
	return true;
}

bool
search_class_escape(size_t *i, struct str s, struct search_class *c,
    unsigned flags)
{
	size_t at = *i + 1;
	char letter, lower;

	if (at >= s.len)
		return false;
	letter = s.at[at++];
	lower = (char)(letter | 0x20);
	if (lower == 'p') {
		if (!skip_property(&at, s))
			return false;
		search_class_add(c, 0, 0x10ffff);
		*i = at;
		return true;
	}
	if (letter == 'N' && (at >= s.len || s.at[at] != '{')) {
		search_class_add(c, LF, LF);
		invert(c);
		*i = at;
		return true;
	}
	if (!type_set(c, lower))
		return false;
	if (letter != lower)
		invert(c);
	else if (flags & SEARCH_PARSE_UCP || lower == 'h' || lower == 'v')
		add_high(c);
	*i = at;
	return true;
}

static int
digit_value(char c, unsigned base)
{
	int v = c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f'     ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F'     ? c - 'A' + 10 :
				       99;

	return v < (int)base ? v : -1;
}

/* Up to `most` digits at *at. */
static uint32_t
read_digits(size_t *at, struct str s, unsigned base, unsigned most)
{
	uint32_t v = 0;

	for (unsigned n = 0; n < most && *at < s.len; n++, (*at)++) {
		int d = digit_value(s.at[*at], base);

		if (d < 0)
			break;
		v = v * base + (uint32_t)d;
	}
	return v;
}

/* "{10ffff}" at *at; the word before the digits is passed over. */
static bool
read_braced(size_t *at, struct str s, const char *word, unsigned base,
    uint32_t *c)
{
	struct str open = str_of(word);
	size_t i = *at;

	if (!str_starts(str_slice(s, i, s.len), open))
		return false;
	i += open.len;
	*c = read_digits(&i, s, base, 8);
	if (i >= s.len || s.at[i] != '}')
		return false;
	*at = i + 1;
	return true;
}

static bool
read_coded(size_t *at, struct str s, char letter, uint32_t *c)
{
	switch (letter) {
	case 'x':
		if (*at < s.len && s.at[*at] == '{')
			return read_braced(at, s, "{", 16, c);
		*c = read_digits(at, s, 16, 2);
		return true;
	case 'o':
		return read_braced(at, s, "{", 8, c);
	case 'N':
		return read_braced(at, s, "{U+", 16, c);
	case '0':
		*c = read_digits(at, s, 8, 2);
		return true;
	case 'c':
		if (*at >= s.len)
			return false;
		*c = (uint32_t)toupper((unsigned char)s.at[*at]) ^ 64;
		(*at)++;
		return *c < 128;
	default:
		return false;
	}
}

bool
search_class_char(size_t *i, struct str s, uint32_t *c, bool utf)
{
	static const char letters[] = "aefnrt";
	static const char meanings[] = "\a\033\f\n\r\t";
	size_t at = *i + 1;
	const char *simple;
	char letter;

	if (at >= s.len)
		return false;
	letter = s.at[at];
	if (!search_class_is_alnum((unsigned char)letter)) {
		at += search_class_literal(c, str_slice(s, at, s.len), utf);
		*i = at;
		return true;
	}
	at++;
	simple = strchr(letters, letter);
	if (simple != NULL)
		*c = (unsigned char)meanings[simple - letters];
	else if (!read_coded(&at, s, letter, c))
		return false;
	/* No byte is that: only a form for Unicode can say it. */
	if (!utf && *c > 0xff)
		return false;
	*i = at;
	return true;
}

/* ---- brackets ---- */

struct bracket {
	struct str s;
	size_t i;
	unsigned flags;
	bool utf;
	/* What the class may hold, and what it holds for sure. */
	struct search_class maybe, sure;
	bool negated;
	bool spaced; /* \s was written out without LF */
	struct buf body;
};

static const struct {
	const char *name;
	int (*is)(int);
	bool loose; /* by Unicode it is not what it is in ASCII */
} posix[] = {
	{ "alpha", isalpha, false },
	{ "lower", islower, false },
	{ "upper", isupper, false },
	{ "alnum", isalnum, false },
	{ "blank", isblank, false },
	{ "cntrl", iscntrl, false },
	{ "digit", isdigit, false },
	{ "graph", isgraph, true },
	{ "print", isprint, true },
	{ "punct", ispunct, true },
	{ "space", isspace, false },
	{ "xdigit", isxdigit, false },
};

static void
both(struct bracket *b, const struct search_class *c)
{
	merge(&b->maybe, c);
	merge(&b->sure, c);
}

/* ASCII only: whatever the locale says of other bytes. */
static void
posix_set(struct search_class *c, int (*is)(int))
{
	for (int i = 0; i < 128; i++)
		if (is(i))
			search_class_add(c, (uint32_t)i, (uint32_t)i);
}

/* "[:alpha:]" at b->i; false: none. */
static bool
take_posix(struct bracket *b)
{
	struct str name = str_slice(b->s, b->i, b->s.len);
	size_t end = str_find(name, STR(":]"), 2);
	bool no;

	if (!str_starts(name, STR("[:")) || end == SIZE_MAX)
		return false;
	b->i += end + 2;
	name = str_slice(name, 2, end - 2);
	no = str_starts(name, STR("^"));
	name = str_slice(name, no, name.len);
	for (size_t k = 0; k < sizeof posix / sizeof *posix; k++) {
		struct search_class c = { 0 };

		if (!str_eq(name, str_of(posix[k].name)))
			continue;
		/* Case is lost for upper and lower under (?i). */
		if (posix[k].is == isupper || posix[k].is == islower ||
		    (posix[k].loose && b->flags & SEARCH_PARSE_UCP))
			break;
		posix_set(&c, posix[k].is);
		if (no)
			invert(&c);
		else if (b->flags & SEARCH_PARSE_UCP)
			add_high(&c);
		both(b, &c);
		return true;
	}
	search_class_add(&b->maybe, 0, 0x10ffff);
	return true;
}

/* One character, literal or escaped; false: something else stands there. */
static bool
take_single(struct bracket *b, uint32_t *c)
{
	if (b->s.at[b->i] == '\\') {
		if (b->i + 1 < b->s.len && b->s.at[b->i + 1] == 'b') {
			b->i += 2;
			*c = '\b';
			return true;
		}
		return search_class_char(&b->i, b->s, c, b->utf);
	}
	b->i +=
	    search_class_literal(c, str_slice(b->s, b->i, b->s.len), b->utf);
	return true;
}

static bool
range_follows(const struct bracket *b)
{
	struct str next = str_slice(b->s, b->i, 3);

	return next.len == 3 && next.at[0] == '-' && next.at[1] != ']' &&
	    !(next.at[1] == '[' && next.at[2] == ':');
}

static bool
take_range(struct bracket *b)
{
	struct search_class c = { 0 };
	uint32_t from, to;
	size_t back;

	if (!take_single(b, &from))
		return false;
	search_class_add(&c, from, from);
	back = b->i;
	if (range_follows(b)) {
		b->i++;
		if (take_single(b, &to) && to >= from)
			search_class_add(&c, from, to);
		else
			b->i = back; /* the hyphen is itself */
	}
	both(b, &c);
	return true;
}

/* "\s" alone, no hyphen on either side: blanks without LF. */
static bool
spell_space(struct bracket *b, size_t from)
{
	struct str was = str_slice(b->s, from, b->i - from);

	if (!(b->flags & SEARCH_PARSE_LINES) || b->flags & SEARCH_PARSE_UCP ||
	    b->negated || !str_eq(was, STR("\\s")) ||
	    b->s.at[from - 1] == '-' || b->s.at[b->i] == '-')
		return false;
	buf_str(&b->body, STR("\\t\\x0b\\f\\r\\x20"));
	b->spaced = true;
	return true;
}

static bool
take_item(struct bracket *b)
{
	struct search_class c = { 0 };
	size_t from = b->i;

	if (take_posix(b)) {
		buf_add(&b->body, b->s.at + from, b->i - from);
		return true;
	}
	if (b->s.at[b->i] == '\\' &&
	    search_class_escape(&b->i, b->s, &c, b->flags)) {
		bool property = (b->s.at[from + 1] | 0x20) == 'p';

		if (b->i < b->s.len && spell_space(b, from)) {
			c.set.bits[0] &= ~((uint64_t)1 << LF);
		} else {
			buf_add(&b->body, b->s.at + from, b->i - from);
		}
		if (property)
			merge(&b->maybe, &c);
		else
			both(b, &c);
		return true;
	}
	if (!take_range(b))
		return false;
	/* In front, "]" and "-" are themselves; they may not stay there. */
	if (b->body.len == 0 && (b->s.at[from] == ']' || b->s.at[from] == '-'))
		buf_char(&b->body, '\\');
	buf_add(&b->body, b->s.at + from, b->i - from);
	return true;
}

static void
write_bracket(const struct bracket *b, struct buf *out)
{
	bool guard = b->flags & SEARCH_PARSE_LINES && !b->negated &&
	    search_set_has(&b->maybe.set, LF);

	if (guard)
		buf_str(out, STR("(?:(?!\\n)"));
	buf_str(out, b->negated ? STR("[^") : STR("["));
	if (b->negated && b->flags & SEARCH_PARSE_LINES)
		buf_str(out, STR("\\n"));
	buf_str(out, buf_view(&b->body));
	buf_str(out, guard ? STR("])") : STR("]"));
}

bool
search_class_bracket(size_t *i, struct str s, struct search_class *c,
    unsigned flags, bool caseless, bool skip_blanks, struct buf *out)
{
	struct bracket b = { .s = s, .i = *i + 1, .flags = flags };
	size_t first;
	bool sound = true;

	b.utf = flags & SEARCH_PARSE_UTF;
	b.negated = b.i < s.len && s.at[b.i] == '^';
	b.i += b.negated;
	first = b.i;
	while (sound && b.i < s.len && (s.at[b.i] != ']' || b.i == first)) {
		bool blank = s.at[b.i] == ' ' || s.at[b.i] == '\t';

		if (skip_blanks && blank)
			b.i++;
		else
			sound = take_item(&b);
	}
	sound = sound && b.i < s.len && b.body.len > 0;
	if (sound) {
		search_class_fold(&b.sure, caseless, false);
		search_class_fold(&b.maybe, caseless, b.utf);
		if (b.negated)
			invert(&b.sure);
		*c = b.negated ? b.sure : b.maybe;
		write_bracket(&b, out);
		*i = b.i + 1;
	}
	buf_release(&b.body);
	return sound;
}
