/*
 * shell_option.c - how things are shown: "o" keys and ":set".
 */
#include <string.h>

#include "tui/shell_state.h"

static void
say_option(struct shell *s, const char *what, bool on)
{
	shell_message(s, "%s: %s", what, on ? "on" : "off");
}

void
shell_option_numbers(struct pane *p, const struct call *c)
{
	bool *on = &p->shell->options.numbers;

	(void)c;
	*on = !*on;
	say_option(p->shell, "line numbers", *on);
}

void
shell_option_wrap(struct pane *p, const struct call *c)
{
	bool *on = &p->shell->options.wrap;

	(void)c;
	*on = !*on;
	say_option(p->shell, "long lines wrapped", *on);
}

void
shell_option_invisibles(struct pane *p, const struct call *c)
{
	struct text_style *style = &p->shell->options.style;

	(void)c;
	style->invisibles = !style->invisibles;
	style->ascii = style->invisibles;
	say_option(p->shell, "tabs, and characters beyond ASCII, as tokens",
	    style->invisibles);
}

void
shell_option_coverage(struct pane *p, const struct call *c)
{
	bool *on = &p->shell->options.coverage;

	(void)c;
	*on = !*on;
	say_option(p->shell, "coverage in the gutter", *on);
}

static const char *const themes[] = {
	[SCREEN_THEME_DEFAULT] = "default",
	[SCREEN_THEME_CB] = "cb",
	[SCREEN_THEME_MONO] = "mono",
	[SCREEN_THEME_LIGHT] = "light",
};

/* Without a name: the next one. */
void
shell_option_theme(struct pane *p, const struct call *c)
{
	struct shell_options *o = &p->shell->options;
	uint8_t n = (uint8_t)((o->theme + 1) % SCREEN_THEMES);

	if (c->args.len > 0)
		for (n = 0; n < SCREEN_THEMES; n++)
			if (str_eq(c->args, str_of(themes[n])))
				break;
	if (n == SCREEN_THEMES) {
		shell_message(p->shell,
		    "no such theme: default, cb, mono, light");
		return;
	}
	o->theme = n;
	shell_message(p->shell, "colours: %s%s", themes[n],
	    (p->shell->flags & SCREEN_COLOUR) == 0 ?
		"; this terminal shows none" :
		"");
}

void
shell_option_mouse(struct pane *p, const struct call *c)
{
	bool *on = &p->shell->options.mouse;

	(void)c;
	*on = !*on;
	say_option(p->shell, "mouse: click selects, wheel scrolls", *on);
}

/* Names that ":set" knows beside those of commands. */
static bool *
flag_of(struct shell_options *o, struct str name)
{
	if (str_eq(name, STR("wrap")))
		return &o->wrap;
	if (str_eq(name, STR("numbers")))
		return &o->numbers;
	if (str_eq(name, STR("invisibles")))
		return &o->style.invisibles;
	if (str_eq(name, STR("coverage")))
		return &o->coverage;
	return str_eq(name, STR("mouse")) ? &o->mouse : NULL;
}

static bool
has_command(struct pane *p, struct str name)
{
	const struct command *c;

	for (size_t i = 0; (c = shell_command(p->shell, p->view, i)) != NULL;
	     i++)
		if (str_eq(str_of(c->name), name))
			return true;
	return false;
}

static void
set_value(struct pane *p, struct str name, struct str value)
{
	static const char *const with[] = { "tab", "encoding", "theme" };
	struct buf b = { 0 };

	if (str_eq(name, STR("enc")))
		name = STR("encoding");
	if (str_eq(name, STR("question")) &&
	    (str_eq(value, STR("search")) || str_eq(value, STR("help")))) {
		p->shell->options.question_searches =
		    str_eq(value, STR("search"));
		shell_message(p->shell, "? %s",
		    p->shell->options.question_searches ?
			"searches back; F1 is help" :
			"is help");
		return;
	}
	for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
		if (!str_eq(name, str_of(with[i])))
			continue;
		if (!has_command(p, name)) {
			shell_message(p->shell,
			    "'%s' is an option of a file: open one first",
			    with[i]);
			return;
		}
		buf_str(&b, name);
		buf_char(&b, ' ');
		buf_str(&b, value);
		shell_run(p->shell, buf_view(&b));
		buf_release(&b);
		return;
	}
	shell_message(p->shell,
	    "options with a value: tab=4, enc=gb18030, theme=cb, "
	    "question=search");
}

void
shell_option_set(struct pane *p, const struct call *c)
{
	struct str rest = c->args, name = STR("");
	bool on = true, *flag;

	(void)str_cut(&rest, '=', &name);
	name = str_trim(name);
	if (rest.at != NULL) {
		set_value(p, name, str_trim(rest));
		return;
	}
	if (str_starts(name, STR("no")) &&
	    flag_of(&p->shell->options, str_slice(name, 2, name.len)) != NULL) {
		name = str_slice(name, 2, name.len);
		on = false;
	}
	flag = flag_of(&p->shell->options, name);
	if (flag == NULL) {
		shell_message(p->shell,
		    "wrap numbers invisibles coverage mouse (nowrap: off), "
		    "theme= question= tab= enc=");
		return;
	}
	*flag = on;
	if (flag == &p->shell->options.style.invisibles)
		p->shell->options.style.ascii = on;
	shell_redraw(p->shell);
}
