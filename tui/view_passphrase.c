/*
 * view_passphrase.c - opens the vault, or makes it, or changes its key.
 *
 * What is typed goes straight into guarded memory; neither it nor its length
 * is ever drawn.
 */
#include "tui/noting.h"

#include <string.h>

#include "core/limits.h"

enum step {
	STEP_UNLOCK,
	STEP_NEW,
	STEP_AGAIN,
	STEP_WORKING, /* Argon2id takes about a second: said first */
};

struct passphrase {
	enum step step, then; /* then: the step that work was for */
	bool change;          /* the vault is open: another passphrase */
	struct secret one, two;
	struct buf wrong; /* what was wrong last time */
	unsigned timer;
	uint32_t ahead[64]; /* typed while it works: for what opens then */
	size_t n_ahead;
};

static enum err
passphrase_open(struct pane *p, const struct target *t)
{
	struct passphrase *v = p->state;
	struct vault *vault;
	enum err rc = noting_look(p->room);

	(void)t;
	if (rc != ERR_NONE)
		return rc;
	vault = noting_vault(p->room);
	v->change = vault_state(vault) == VAULT_OPEN;
	v->step = vault_state(vault) == VAULT_LOCKED ? STEP_UNLOCK : STEP_NEW;
	v->then = v->step;
	seal_secret_init(&v->one, LIMIT_PASSPHRASE);
	seal_secret_init(&v->two, LIMIT_PASSPHRASE);
	return ERR_NONE;
}

static void
passphrase_close(struct pane *p)
{
	struct passphrase *v = p->state;

	if (v->timer != 0)
		loop_cancel(noting_loop(p->room), v->timer);
	seal_secret_release(&v->one);
	seal_secret_release(&v->two);
	buf_release(&v->wrong);
}

static const char *const new_text[] = {
	"Your notes and findings are sealed under a passphrase before they",
	"touch the disk.  Choose one now, and type it twice.",
	"",
	"- Nobody can read the notes without it: not the host, not us.",
	"- Nobody can bring it back: if it is forgotten, the notes are gone.",
	"- Four or more words that have nothing to do with each other are",
	"  better than one word with signs in it.",
	"- It is not shown while you type, nor how long it is.",
	NULL,
};

static const char *const change_text[] = {
	"From now on the vault opens with another passphrase.  Copies of the",
	"record that somebody made before still open with the old one.",
	NULL,
};

static int
draw_lines(struct canvas *c, int row, const char *const *lines)
{
	for (; *lines != NULL; lines++)
		canvas_put(c, row++, 2, ROLE_TEXT, *lines);
	return row;
}

/* What is on disk, to compare with what was copied down last time. */
static int
draw_head(struct canvas *c, int row, struct noting *n)
{
	struct chain_head head = vault_head(noting_vault(n));
	char code[CHAIN_CODE];

	chain_code(&head, code);
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "The record on this disk ends "
	    "with");
	canvas_put(c, row++, 6, ROLE_NUMBER, code);
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "If that is not what you copied "
	    "down when you left, entries are missing");
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "or were added: do not go on, "
	    "tell the people who run the room.");
	return row;
}

static void
passphrase_draw(struct pane *p, struct canvas *c)
{
	static const char *const asks[] = {
		[STEP_UNLOCK] = "Passphrase:",
		[STEP_NEW] = "New passphrase:",
		[STEP_AGAIN] = "The same again:",
		[STEP_WORKING] = ("One moment: a guess is made to cost this "
				  "much time ..."),
	};
	struct passphrase *v = p->state;
	enum step of = v->step == STEP_WORKING ? v->then : v->step;
	int row = 1;

	if (v->change)
		row = draw_lines(c, row, change_text);
	else if (of == STEP_UNLOCK)
		row = draw_head(c, row, p->room);
	else
		row = draw_lines(c, row, new_text);
	canvas_put(c, row + 1, 2, ROLE_KEYWORD, asks[v->step]);
	if (v->step != STEP_WORKING)
		canvas_cursor(c, row + 1, 3 + (int)str_of(asks[v->step]).len);
	if (v->wrong.len > 0)
		canvas_str(c, row + 3, 2, c->cols - 2, ROLE_ERROR,
		    buf_view(&v->wrong));
}

static void
passphrase_title(struct pane *p, struct canvas *line)
{
	const struct passphrase *v = p->state;

	canvas_put(line, 0, 0, ROLE_TITLE,
	    v->change ? "Another passphrase for the vault" :
		v->step == STEP_UNLOCK || v->then == STEP_UNLOCK ?
			"Open the vault" :
			"A vault for your notes");
}

static void
passphrase_status(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_STATUS,
	    "Enter: done   Ctrl-U: start again   Esc: not now, nothing is "
	    "recorded");
}

/* Back to the first field, with one line that says why. */
static void
try_again(struct pane *p, enum err rc)
{
	struct passphrase *v = p->state;

	buf_clear(&v->wrong);
	buf_str(&v->wrong,
	    str_of(err_text()[0] == '\0' ? err_name(rc) : err_text()));
	err_clear();
	seal_secret_clear(&v->one);
	seal_secret_clear(&v->two);
	v->n_ahead = 0;
	v->step = v->then == STEP_UNLOCK ? STEP_UNLOCK : STEP_NEW;
	shell_redraw(p->shell);
}

/* What was typed while the vault was being opened is the beginning of the
 * text that it was opened for. */
static void
opened(struct noting *n, const uint32_t *keys, size_t len)
{
	struct shell *s = noting_shell(n);
	struct pane *top;

	noting_opened(n);
	top = shell_top(s);
	for (size_t i = 0; i < len && top != NULL && top == shell_top(s) &&
	     top->view->takes_text != NULL && top->view->takes_text(top);
	     i++)
		shell_key(s, keys[i]);
}

static void
work(void *arg)
{
	uint32_t ahead[64];
	size_t n_ahead;
	struct pane *p = arg;
	struct passphrase *v = p->state;
	struct vault *vault = noting_vault(p->room);
	enum err rc;

	v->timer = 0;
	if (v->change)
		rc = vault_change(vault, &v->one, &v->two);
	else if (v->then == STEP_UNLOCK)
		rc = vault_unlock(vault, &v->one);
	else
		rc = vault_create(vault, &v->one, &v->two);
	if (rc != ERR_NONE) {
		try_again(p, rc);
		return;
	}
	n_ahead = v->n_ahead;
	memcpy(ahead, v->ahead, n_ahead * sizeof *ahead);
	if (!v->change) {
		opened(p->room, ahead, n_ahead);
		return;
	}
	shell_message(p->shell, "the passphrase is changed");
	shell_close(p);
}

static void
begin_work(struct pane *p)
{
	struct passphrase *v = p->state;
	struct loop *loop = noting_loop(p->room);

	v->then = v->step == STEP_AGAIN ? STEP_NEW : v->step;
	v->step = STEP_WORKING;
	buf_clear(&v->wrong);
	/* After the next frame, so that the wait is explained. */
	if (loop == NULL)
		work(p);
	else
		v->timer = loop_after(loop, 30, work, p);
}

static void
done(struct pane *p)
{
	struct passphrase *v = p->state;

	if (v->step == STEP_NEW && v->one.len < VAULT_PASSPHRASE_MIN) {
		v->then = STEP_NEW;
		try_again(p, vault_passphrase_check(&v->one, &v->one));
	} else if (v->step == STEP_NEW) {
		v->step = STEP_AGAIN;
		buf_clear(&v->wrong);
	} else {
		begin_work(p);
	}
}

static void
leave(struct pane *p)
{
	struct passphrase *v = p->state;
	struct noting *n = p->room;
	bool change = v->change;

	shell_close(p);
	if (!change)
		noting_not_opened(n);
}

static void
take(struct pane *p, uint32_t key)
{
	struct passphrase *v = p->state;
	struct secret *s = v->step == STEP_AGAIN ? &v->two : &v->one;
	char bytes[4];
	struct buf b = { 0 };

	text_put_utf8(&b, key);
	if (b.len <= sizeof bytes &&
	    seal_secret_add(s, b.at, b.len) != ERR_NONE) {
		seal_secret_clear(s);
		shell_error(p->shell, ERR_LIMIT);
	}
	seal_wipe(b.at, b.room);
	buf_release(&b);
}

static void
erase(struct passphrase *v, uint32_t key)
{
	struct secret *s = v->step == STEP_AGAIN ? &v->two : &v->one;

	if (key == KEYS_CTRL('u')) {
		seal_secret_clear(s);
		return;
	}
	while (s->len > 0 && (s->at[s->len - 1] & 0xc0) == 0x80)
		s->len--;
	if (s->len > 0)
		s->len--;
}

static bool
passphrase_key(struct pane *p, uint32_t key)
{
	struct passphrase *v = p->state;

	if (v->step == STEP_WORKING) {
		if (v->n_ahead < sizeof v->ahead / sizeof *v->ahead)
			v->ahead[v->n_ahead++] = key;
		return true;
	}
	if (key == KEYS_ENTER)
		done(p);
	else if (key == KEYS_ESC || key == KEYS_CTRL('c'))
		leave(p);
	else if (key == KEYS_BACKSPACE || key == KEYS_CTRL('u'))
		erase(v, key);
	else if (keys_is_text(key))
		take(p, key);
	return true;
}

static bool
passphrase_takes_text(struct pane *p)
{
	(void)p;
	return true;
}

const struct view view_passphrase = {
	.name = "passphrase",
	.about = "Open the vault, or change its passphrase",
	.state_size = sizeof(struct passphrase),
	.open = passphrase_open,
	.close = passphrase_close,
	.draw = passphrase_draw,
	.title = passphrase_title,
	.status = passphrase_status,
	.key = passphrase_key,
	.takes_text = passphrase_takes_text,
};
