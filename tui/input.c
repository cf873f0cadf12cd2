#include "tui/input.h"

#include <string.h>

#include "core/text.h"

enum state {
	GROUND,
	ESCAPE,        /* ESC */
	CSI,           /* ESC [ */
	CONSOLE,       /* ESC [ [: function keys of the Linux console */
	SS3,           /* ESC O */
	STRING,        /* ESC ] P X ^ _: up to BEL or ESC \ */
	STRING_ESCAPE, /* ESC inside of one */
	MOUSE,         /* ESC [ M: three bytes follow */
};

/* What follows ESC [, or ESC and an O.  Numbers after ";" are modifiers, which
 * are not looked at: they are taken out first. */
static const struct {
	const char *text;
	uint32_t key;
} sequences[] = {
	{ "A", KEYS_UP },
	{ "B", KEYS_DOWN },
	{ "C", KEYS_RIGHT },
	{ "D", KEYS_LEFT },
	{ "H", KEYS_HOME },
	{ "F", KEYS_END },
	{ "1~", KEYS_HOME },
	{ "2~", KEYS_INSERT },
	{ "3~", KEYS_DELETE },
	{ "4~", KEYS_END },
	{ "5~", KEYS_PGUP },
	{ "6~", KEYS_PGDN },
	{ "7~", KEYS_HOME },
	{ "8~", KEYS_END },
	{ "Z", KEYS_BACKTAB },
	{ "OA", KEYS_UP },
	{ "OB", KEYS_DOWN },
	{ "OC", KEYS_RIGHT },
	{ "OD", KEYS_LEFT },
	{ "OH", KEYS_HOME },
	{ "OF", KEYS_END },
	{ "OM", KEYS_ENTER }, /* of the keypad */
	{ "OP", KEYS_F1 },
	{ "OQ", KEYS_F1 + 1 },
	{ "OR", KEYS_F1 + 2 },
	{ "OS", KEYS_F1 + 3 },
	{ "[A", KEYS_F1 },
	{ "[B", KEYS_F1 + 1 },
	{ "[C", KEYS_F1 + 2 },
	{ "[D", KEYS_F1 + 3 },
	{ "[E", KEYS_F1 + 4 },
	{ "11~", KEYS_F1 },
	{ "12~", KEYS_F1 + 1 },
	{ "13~", KEYS_F1 + 2 },
	{ "14~", KEYS_F1 + 3 },
	{ "15~", KEYS_F1 + 4 },
	{ "17~", KEYS_F1 + 5 },
	{ "18~", KEYS_F1 + 6 },
	{ "19~", KEYS_F1 + 7 },
	{ "20~", KEYS_F1 + 8 },
	{ "21~", KEYS_F1 + 9 },
	{ "23~", KEYS_F1 + 10 },
	{ "24~", KEYS_F1 + 11 },
};

static void
emit_point(uint32_t key, input_fn *fn, void *arg)
{
	switch (key) {
	case 0:
		return;
	case '\n':
		key = KEYS_ENTER;
		break;
	case 0x08:
	case 0x7f:
		key = KEYS_BACKSPACE;
		break;
	default:
		if (key >= 0x80 && !keys_is_text(key))
			return;
		break;
	}
	fn(arg, key);
}

/* One byte of text; what is not UTF-8 is dropped. */
static void
take_text(struct input *in, unsigned char byte, input_fn *fn, void *arg)
{
	struct str s = { in->utf8, 0 };
	uint32_t ch;

	if (in->utf8_need > 0 && (byte & 0xc0) == 0x80) {
		in->utf8[in->utf8_len++] = (char)byte;
		if (in->utf8_len < in->utf8_need)
			return;
		s.len = in->utf8_len;
		in->utf8_need = 0;
		if (text_take_utf8(&s, &ch) && s.len == 0)
			emit_point(ch, fn, arg);
		return;
	}
	in->utf8_need = 0;
	if (byte < 0x80) {
		emit_point(byte, fn, arg);
	} else if (byte >= 0xc2 && byte < 0xf5) {
		in->utf8[0] = (char)byte;
		in->utf8_len = 1;
		in->utf8_need = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
	}
}

static void
begin(struct input *in, enum state state)
{
	in->state = (uint8_t)state;
	in->len = 0;
	in->overlong = false;
}

static void
keep(struct input *in, unsigned char byte)
{
	if (in->len + 1 < INPUT_SEQUENCE)
		in->seen[in->len++] = (char)byte;
	else
		in->overlong = true;
	in->seen[in->len] = '\0';
}

static void
take_escape(struct input *in, unsigned char byte, input_fn *fn, void *arg)
{
	switch (byte) {
	case '[':
		begin(in, CSI);
		return;
	case 'O':
		begin(in, SS3);
		keep(in, byte);
		return;
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		begin(in, STRING);
		return;
	case 0x1b: /* two ESC: one key, and perhaps a sequence */
		fn(arg, KEYS_ESC);
		return;
	case '\t': /* Shift-Tab on the Linux console */
		begin(in, GROUND);
		fn(arg, KEYS_BACKTAB);
		return;
	default: /* a fast finger after Esc, or Alt: the same bytes */
		begin(in, GROUND);
		fn(arg, KEYS_ESC);
		take_text(in, byte, fn, arg);
		return;
	}
}

/* "1;5A" and "1;5~" without the modifier: "A", "1~". */
static void
drop_modifier(char *seen)
{
	char *semicolon = strchr(seen, ';');
	size_t end = strlen(seen);

	if (semicolon == NULL)
		return;
	semicolon[0] = seen[end - 1];
	semicolon[1] = '\0';
	if (seen[0] == '1' && semicolon[0] != '~') {
		seen[0] = semicolon[0];
		seen[1] = '\0';
	}
}

/* "<0;12;5M": button, column, row, from 1; pressed, not let go. */
static void
take_mouse(const struct input *in, input_fn *fn, void *arg)
{
	struct str rest = str_slice(str_of(in->seen), 1, SIZE_MAX), part;
	uint64_t n[3];

	if (!in->mouse || in->pasting || rest.len == 0 ||
	    rest.at[rest.len - 1] != 'M')
		return;
	rest.len--;
	for (int i = 0; i < 3; i++)
		if (!str_cut(&rest, ';', &part) ||
		    str_number(part, 9999, &n[i]) != ERR_NONE) {
			err_clear();
			return;
		}
	if (n[0] == 64)
		fn(arg, KEYS_WHEEL_UP);
	else if (n[0] == 65)
		fn(arg, KEYS_WHEEL_DOWN);
	else if (n[0] == 0 && n[2] > 0 && n[2] <= KEYS_LAST - KEYS_CLICK)
		fn(arg, KEYS_CLICK + (uint32_t)n[2] - 1);
}

static void
end_sequence(struct input *in, input_fn *fn, void *arg)
{
	begin(in, GROUND);
	if (strcmp(in->seen, "200~") == 0) {
		if (!in->pasting)
			fn(arg, KEYS_PASTE);
		in->pasting = true;
		return;
	}
	if (strcmp(in->seen, "201~") == 0) {
		if (in->pasting)
			fn(arg, KEYS_PASTE_END);
		in->pasting = false;
		return;
	}
	if (in->seen[0] == '<') {
		take_mouse(in, fn, arg);
		return;
	}
	drop_modifier(in->seen);
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
		if (strcmp(in->seen, sequences[i].text) == 0) {
			fn(arg, sequences[i].key);
			return;
		}
}

static void
take_csi(struct input *in, unsigned char byte, input_fn *fn, void *arg)
{
	if (byte == '[' && in->len == 0) {
		keep(in, byte);
		in->state = CONSOLE;
		return;
	}
	if (byte == 'M' && in->len == 0) {
		begin(in, MOUSE);
		return;
	}
	keep(in, byte);
	if (byte < 0x20 || byte > 0x7e || (byte >= 0x40 && in->overlong))
		begin(in, GROUND);
	else if (byte >= 0x40)
		end_sequence(in, fn, arg);
}

static void
take(struct input *in, unsigned char byte, input_fn *fn, void *arg)
{
	if (byte == 0x1b && in->state != MOUSE && in->state != ESCAPE) {
		in->utf8_need = 0;
		begin(in, in->state == STRING ? STRING_ESCAPE : ESCAPE);
		return;
	}
	switch ((enum state)in->state) {
	case GROUND:
		take_text(in, byte, fn, arg);
		break;
	case STRING_ESCAPE:
		if (byte == '\\') {
			begin(in, GROUND);
			break;
		}
		take_escape(in, byte, fn, arg);
		break;
	case ESCAPE:
		take_escape(in, byte, fn, arg);
		break;
	case CSI:
		take_csi(in, byte, fn, arg);
		break;
	case CONSOLE:
	case SS3:
		keep(in, byte);
		if (byte < '0' || byte > '9')
			end_sequence(in, fn, arg);
		break;
	case STRING:
		if (byte == 0x07)
			begin(in, GROUND);
		break;
	case MOUSE:
		if (++in->len == 3)
			begin(in, GROUND);
		break;
	}
}

void
input_bytes(struct input *in, struct str bytes, input_fn *fn, void *arg)
{
	for (size_t i = 0; i < bytes.len; i++)
		take(in, (unsigned char)bytes.at[i], fn, arg);
}

bool
input_waits(const struct input *in)
{
	return in->state != GROUND || in->utf8_need > 0;
}

void
input_wait_over(struct input *in, input_fn *fn, void *arg)
{
	bool lone = in->state == ESCAPE;

	begin(in, GROUND);
	in->utf8_need = 0;
	if (!lone)
		return;
	if (in->pasting) { /* the end mark was lost: a person asks to go on */
		in->pasting = false;
		fn(arg, KEYS_PASTE_END);
	}
	fn(arg, KEYS_ESC);
}
