/*
 * view_escrow.c - who else may open the vault: nobody, or the holder of one
 * key, the evaluator's.  Never the host's: the host has the file.
 */
#include "tui/noting.h"

#include "tui/list.h"

struct escrow {
	struct list list;
	struct pane *pane;
};

static const struct rules_recipient *
recipient(const struct escrow *v, uint64_t row)
{
	return &noting_rules(v->pane->room)->recipients[row];
}

static bool
is_now(const struct escrow *v, const struct seal_age_recipient *key)
{
	struct seal_age_recipient now;

	return vault_escrowed(noting_vault(v->pane->room), &now) &&
	    seal_same(now.key, key->key, sizeof now.key);
}

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct escrow *v = arg;
	const struct rules_recipient *who = recipient(v, r->row);
	struct buf b = { 0 };

	canvas_put(line, 0, 1, r->attr, is_now(v, &who->key) ? "*" : " ");
	canvas_str(line, 0, 3, 12, r->attr | ROLE_NAME, who->name);
	seal_age_recipient_write(&who->key, &b);
	canvas_str(line, 0, 16, line->cols - 16, r->attr, buf_view(&b));
	buf_release(&b);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	(void)b;
	return recipient(arg, row)->name;
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static enum err
escrow_open(struct pane *p, const struct target *t)
{
	struct escrow *v = p->state;

	(void)t;
	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	v->pane = p;
	list_init(&v->list, &source, v);
	v->list.empty = "no recipients in the rules: e takes a key";
	list_count(&v->list, noting_rules(p->room)->n_recipients, false);
	return ERR_NONE;
}

static void
escrow_close(struct pane *p)
{
	list_release(&((struct escrow *)p->state)->list);
}

static void
escrow_draw(struct pane *p, struct canvas *c)
{
	static const char *const text[] = {
		"The vault opens with your passphrase.  It may open with one "
		"more key:",
		"that of an evaluator, who could go on with your notes if you "
		"cannot.",
		"Never name a key that the host holds: the host has the file.",
	};
	struct escrow *v = p->state;
	struct canvas rows = canvas_part(c, 7, 0, c->rows - 7, c->cols);
	struct seal_age_recipient now;
	struct buf b = { 0 };

	for (int i = 0; i < 3; i++)
		canvas_put(c, 1 + i, 2, ROLE_TEXT, text[i]);
	buf_str(&b, STR("now: "));
	if (vault_escrowed(noting_vault(p->room), &now))
		seal_age_recipient_write(&now, &b);
	else
		buf_str(&b, STR("your passphrase only"));
	canvas_str(c, 5, 2, c->cols - 2, ROLE_KEYWORD, buf_view(&b));
	buf_release(&b);
	list_draw(&v->list, &rows);
}

static void
escrow_title(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_TITLE, "Who else may open the vault");
}

static struct list *
escrow_list(struct pane *p)
{
	return &((struct escrow *)p->state)->list;
}

static void
set(struct pane *p, const struct seal_age_recipient *to)
{
	enum err rc = vault_escrow(noting_vault(p->room), to);

	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		shell_message(p->shell,
		    to == NULL ? "only the passphrase opens it from now on" :
				 "that key opens it, too, from now on");
	shell_redraw(p->shell);
}

static void
chosen(struct pane *p, uint32_t key)
{
	struct escrow *v = p->state;

	if (key == 'y')
		set(p, &recipient(v, v->list.selected)->key);
}

static void
run_choose(struct pane *p, const struct call *c)
{
	struct escrow *v = p->state;

	(void)c;
	if (v->list.count > 0)
		shell_choose(p, "this key opens your vault, too?", "yn",
		    chosen);
}

static void
typed(struct pane *p, struct str line)
{
	struct seal_age_recipient to;
	enum err rc = seal_age_recipient_read(&to, str_trim(line));

	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		set(p, &to);
}

static void
run_type(struct pane *p, const struct call *c)
{
	const struct shell_ask ask = { .label = "age1...: ", .done = typed };

	(void)c;
	shell_prompt(p, &ask);
}

static void
run_nobody(struct pane *p, const struct call *c)
{
	struct seal_age_recipient now;

	(void)c;
	if (vault_escrowed(noting_vault(p->room), &now))
		set(p, NULL);
}

static const struct command commands[] = {
	{ "choose", "Enter", "this one's key opens the vault, too", run_choose,
	    "choose", NULL },
	{ "type", "e", "a key that is typed", run_type, "type a key", NULL },
	{ "nobody", "x", "only the passphrase opens it", run_nobody, "nobody",
	    NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_escrow = {
	.name = "escrow",
	.about = "Who else may open the vault",
	.state_size = sizeof(struct escrow),
	.commands = commands,
	.open = escrow_open,
	.close = escrow_close,
	.draw = escrow_draw,
	.title = escrow_title,
	.list = escrow_list,
};
