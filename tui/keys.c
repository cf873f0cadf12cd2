#include "tui/keys.h"

#include "core/text.h"

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Enter", KEYS_ENTER },
	{ "Tab", KEYS_TAB },
	{ "S-Tab", KEYS_BACKTAB },
	{ "Esc", KEYS_ESC },
	{ "Space", KEYS_SPACE },
	{ "Backspace", KEYS_BACKSPACE },
	{ "Delete", KEYS_DELETE },
	{ "Insert", KEYS_INSERT },
	{ "Up", KEYS_UP },
	{ "Down", KEYS_DOWN },
	{ "Left", KEYS_LEFT },
	{ "Right", KEYS_RIGHT },
	{ "Home", KEYS_HOME },
	{ "End", KEYS_END },
	{ "PgUp", KEYS_PGUP },
	{ "PgDn", KEYS_PGDN },
	{ "F10", KEYS_F1 + 9 },
	{ "F11", KEYS_F1 + 10 },
	{ "F12", KEYS_F12 },
	{ "F1", KEYS_F1 },
	{ "F2", KEYS_F1 + 1 },
	{ "F3", KEYS_F1 + 2 },
	{ "F4", KEYS_F1 + 3 },
	{ "F5", KEYS_F1 + 4 },
	{ "F6", KEYS_F1 + 5 },
	{ "F7", KEYS_F1 + 6 },
	{ "F8", KEYS_F1 + 7 },
	{ "F9", KEYS_F1 + 8 },
	{ "Paste", KEYS_PASTE },
	{ "PasteEnd", KEYS_PASTE_END },
	{ "WheelUp", KEYS_WHEEL_UP },
	{ "WheelDown", KEYS_WHEEL_DOWN },
};

enum { NAMES = sizeof names / sizeof *names };

bool
keys_valid(uint32_t key)
{
	if (key >= 0xd800 && key <= 0xdfff)
		return false;
	return key <= KEYS_LAST;
}

bool
keys_is_text(uint32_t key)
{
	return key < KEYS_SPECIAL && text_columns(key) >= 0;
}

/* The longest name that s starts with; NAMES: none. */
static size_t
find_name(struct str s)
{
	size_t best = NAMES, len = 0;

	for (size_t i = 0; i < NAMES; i++) {
		struct str name = str_of(names[i].name);

		if (name.len > len && str_starts(s, name)) {
			best = i;
			len = name.len;
		}
	}
	return best;
}

static bool
is_control_name(struct str s)
{
	return s.len >= 3 && s.at[0] == 'C' && s.at[1] == '-' &&
	    ((s.at[2] >= 'a' && s.at[2] <= 'z') || s.at[2] == ']' ||
		s.at[2] == '\\' || s.at[2] == '@');
}

/* "Click12": on row 12 of the screen, from 0. */
static bool
take_click(struct str *s, uint32_t *key)
{
	size_t at = sizeof "Click" - 1;
	uint32_t n = 0;

	if (!str_starts(*s, STR("Click")))
		return false;
	for (; at < s->len && s->at[at] >= '0' && s->at[at] <= '9' && n < 1000;
	     at++)
		n = 10 * n + (uint32_t)(s->at[at] - '0');
	if (at == sizeof "Click" - 1 || n > KEYS_LAST - KEYS_CLICK)
		return false;
	*key = KEYS_CLICK + n;
	*s = str_slice(*s, at, SIZE_MAX);
	return true;
}

bool
keys_take(struct str *s, uint32_t *key)
{
	size_t i = find_name(*s);

	if (take_click(s, key))
		return true;
	if (i < NAMES) {
		*key = names[i].key;
		*s = str_slice(*s, str_of(names[i].name).len, SIZE_MAX);
		return true;
	}
	if (is_control_name(*s)) {
		*key = KEYS_CTRL((unsigned char)s->at[2]);
		*s = str_slice(*s, 3, SIZE_MAX);
		return true;
	}
	return text_take_utf8(s, key);
}

void
keys_name(uint32_t key, struct buf *out)
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].key == key) {
			buf_str(out, str_of(names[i].name));
			return;
		}
	if (key >= KEYS_CLICK && key <= KEYS_LAST)
		buf_printf(out, "Click%u", key - KEYS_CLICK);
	else if (key == 0)
		buf_str(out, STR("C-@"));
	else if (key < 0x20)
		buf_printf(out, "C-%c",
		    (int)(key < 27 ? key + 0x60 : key + 0x40));
	else if (keys_is_text(key))
		text_put_utf8(out, key);
	else
		buf_printf(out, "<U+%04X>", (unsigned)key);
}

bool
keys_cut(struct str *rest, struct keys_binding *out)
{
	struct str one;

	do {
		if (!str_cut(rest, ' ', &one))
			return false;
	} while (one.len == 0);
	*out = (struct keys_binding){ 0 };
	if (!keys_take(&one, &out->first))
		bug("a binding is not UTF-8");
	if (one.len == 0)
		return true;
	if (str_eq(one, STR("{a-z}"))) {
		out->second = KEYS_RANGE_LETTER;
		return true;
	}
	if (str_eq(one, STR("{any}"))) {
		out->second = KEYS_RANGE_ANY;
		return true;
	}
	if (!keys_take(&one, &out->second) || one.len > 0)
		bug("a binding of more than two keys");
	return true;
}

const char *
keys_unusable(uint32_t key)
{
	switch (key) {
	case KEYS_CTRL('s'):
	case KEYS_CTRL('q'):
		return "stops and starts the terminal's output";
	case KEYS_CTRL('z'):
	case KEYS_CTRL('\\'):
		return "is a signal where the terminal is not raw";
	case KEYS_CTRL('h'):
		return "is Backspace on some terminals";
	case KEYS_CTRL('j'):
		return "is Enter on some terminals";
	case 0:
		return "cannot be typed on some keyboards";
	case KEYS_F1 + 9:
	case KEYS_F1 + 10:
		return "opens a menu of the terminal";
	case KEYS_PASTE:
	case KEYS_PASTE_END:
		return "is no key";
	default:
		break;
	}
	if (key >= KEYS_CLICK)
		return "is a place on the screen";
	if (key >= 0x7f && key < KEYS_SPECIAL)
		return "is not on every keyboard";
	return NULL;
}
