#include "policy/ctags_said.h"

#include <string.h>

#include "core/encoding.h"
#include "core/json.h"

static bool
is_anonymous(struct str name)
{
	return str_starts(name, STR("__anon"));
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* The next field of a definition: a tab and what follows up to the next. */
static bool
cut(struct str *rest, struct str *field)
{
	const char *end;

	if (rest->len == 0 || rest->at[0] != '\t')
		return false;
	*rest = str_slice(*rest, 1, rest->len);
	end = memchr(rest->at, '\t', rest->len);
	*field = (struct str){ rest->at,
		end == NULL ? rest->len : (size_t)(end - rest->at) };
	*rest = str_slice(*rest, field->len, rest->len);
	return true;
}

/* Digits alone; more than INT32_MAX is no line of ours: 0. */
static bool
number(struct str digits, uint32_t *out)
{
	uint64_t n = 0;

	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		if (n <= INT32_MAX)
			n = 10 * n + (uint64_t)(digits.at[i] - '0');
	}
	*out = n > INT32_MAX ? 0 : (uint32_t)n;
	return digits.len > 0;
}

/* What stands behind a backslash; how many bytes of it, 0: nothing known. */
static size_t
escape(char *out, struct str s)
{
	static const char letters[] = "abtnvfr\\",
			  values[] = "\a\b\t\n\v\f\r\\";
	const char *at;
	int high, low;

	if (s.len == 0 || s.at[0] == '\0')
		return 0;
	at = strchr(letters, s.at[0]);
	if (at != NULL) {
		*out = values[at - letters];
		return 1;
	}
	if (s.at[0] != 'x' || s.len < 3)
		return 0;
	high = str_hex_digit(s.at[1]);
	low = str_hex_digit(s.at[2]);
	if (high < 0 || low < 0 || high + low == 0)
		return 0;
	*out = (char)(high << 4 | low);
	return 3;
}

/* room has space for all of the line: what is in it does not move. */
static bool
unescape(struct str *s, struct buf *room)
{
	size_t from = room->len, n;
	bool plain = true;
	char c;

	for (size_t i = 0; i < s->len; i++) {
		if (is_control(s->at[i]))
			return false;
		plain = plain && s->at[i] != '\\';
	}
	if (plain)
		return true;
	for (size_t i = 0; i < s->len; i++) {
		c = s->at[i];
		if (c == '\\') {
			n = escape(&c, str_slice(*s, i + 1, s->len));
			if (n == 0)
				return false;
			i += n;
		}
		buf_char(room, c);
	}
	*s = (struct str){ room->at + from, room->len - from };
	return true;
}

static bool
read_tag(struct ctags_said *s, struct str rest, struct buf *room)
{
	struct symbol *d = &s->symbol;
	struct str line, last;

	if (!cut(&rest, &line) || !cut(&rest, &last) || !cut(&rest, &d->kind) ||
	    !cut(&rest, &d->name) || !cut(&rest, &d->scope) || rest.len != 0)
		return false;
	if (!number(line, &d->line) || d->line == 0 ||
	    (last.len > 0 && !number(last, &d->last)))
		return false;
	if (d->last < d->line)
		d->last = d->line;
	if (!unescape(&d->kind, room) || !unescape(&d->name, room) ||
	    !unescape(&d->scope, room) || !encoding_is_utf8(d->kind))
		return false;
	if (is_anonymous(d->scope) || !encoding_is_utf8(d->scope))
		d->scope = STR("");
	s->anonymous = is_anonymous(d->name);
	s->what = encoding_is_utf8(d->name) ? CTAGS_TAG : CTAGS_NOTHING;
	return true;
}

static bool
read_program(struct ctags_said *s, const struct json *j, struct buf *room)
{
	struct str name, version;

	if (!json_str(j, "name", &name) || !json_str(j, "version", &version) ||
	    name.len > 100 || version.len > 100 - name.len)
		return false;
	buf_str(room, name);
	buf_char(room, ' ');
	buf_str(room, version);
	s->what = CTAGS_PROGRAM;
	s->program = buf_view(room);
	return true;
}

static bool
read_message(struct ctags_said *s, struct str line, struct buf *room)
{
	struct json *j;
	struct str type;
	bool fine = false;

	if (json_parse(&j, line) != ERR_NONE) {
		err_clear();
		return false;
	}
	if (json_str(j, "_type", &type)) {
		if (str_eq(type, STR("program")))
			fine = read_program(s, j, room);
		else if (str_eq(type, STR("completed")))
			fine = true;
		if (fine && s->what != CTAGS_PROGRAM)
			s->what = CTAGS_COMPLETED;
	}
	json_free(j);
	return fine;
}

enum err
ctags_said_read(struct ctags_said *out, struct str line, struct buf *room)
{
	struct ctags_said s = { .what = CTAGS_NOTHING };
	bool fine;

	buf_clear(room);
	(void)buf_grow(room, line.len);
	fine = line.len > 0 && line.at[0] == '\t' ?
	    read_tag(&s, line, room) :
	    read_message(&s, line, room);
	if (!fine)
		return fail(ERR_FORMAT, "not what universal-ctags says");
	*out = s;
	return ERR_NONE;
}
