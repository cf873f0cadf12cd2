/*
 * view_leave.c - the end of a day: the vault is closed, its head is shown to
 * be copied down by hand.
 */
#include "tui/noting.h"

#include "tui/logbook.h"
#include "tui/outgoing.h"

struct leaving {
	bool closed; /* the vault; false: it asks first */
	char code[CHAIN_CODE];
	struct str journal; /* its head, in the pane's arena */
	size_t drafts;
};

static enum err
close_vault(struct pane *p)
{
	struct leaving *v = p->state;
	struct vault *vault = noting_vault(p->room);
	struct logbook *book = noting_logbook(p->room);
	struct chain_head head;
	uint64_t *slots;
	enum err rc;

	rc = draft_list(vault_drafts(vault), &p->arena, &slots, &v->drafts);
	outgoing_drop(noting_outgoing(p->room));
	/* On a full disk closing matters more than what it says. */
	if (rc == ERR_NONE && logbook_quote(book) != ERR_NONE)
		err_clear();
	if (rc == ERR_NONE)
		rc = vault_shut(vault);
	if (rc == ERR_NONE)
		rc = logbook_vault_closes(book, &p->arena, &v->journal);
	head = vault_head(vault);
	chain_code(&head, v->code);
	v->closed = true;
	return rc;
}

/* Asked for by the reading room, which anybody may have taken over, the vault
 * is closed only by a key that was typed here. */
static enum err
leave_open(struct pane *p, const struct target *t)
{
	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is not open");
	return t->number == LEAVE_NOW ? close_vault(p) : ERR_NONE;
}

static void
leave_draw(struct pane *p, struct canvas *c)
{
	const struct leaving *v = p->state;
	int row = 1;

	if (!v->closed) {
		canvas_put(c, row, 2, ROLE_TEXT,
		    "Leave?  What was typed is kept; the code to copy down "
		    "comes next.");
		canvas_put(c, row + 2, 2, ROLE_KEYWORD,
		    "Enter closes the vault.  Esc goes on reading.");
		return;
	}
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "The vault is closed.  Copy this "
	    "down by hand and take it with you:");
	row++;
	canvas_put(c, row++, 6, ROLE_NUMBER | ATTR_FOCUS, v->code);
	row++;
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "The number counts your entries, "
	    "the words stand for every one of them.");
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "When you open the vault again it "
	    "shows this code before it asks for the");
	canvas_put(c, row++, 2, ROLE_TEXT,
	    "passphrase: another one means "
	    "that somebody cut off or put back entries.");
	row++;
	if (v->journal.len > 0) {
		canvas_put(c, row++, 2, ROLE_TEXT,
		    "The journal, which the "
		    "host keeps, ends with:");
		canvas_str(c, row++, 6, c->cols - 6, ROLE_NUMBER, v->journal);
		row++;
	}
	if (v->drafts > 0)
		canvas_printf(c, row++, 2, ROLE_WARNING,
		    v->drafts == 1 ? "%zu draft is kept and not recorded." :
				     "%zu drafts are kept and not recorded.",
		    v->drafts);
	canvas_put(c, row + 1, 2, ROLE_KEYWORD, "Enter ends the session.");
}

static void
leave_title(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_TITLE, "Leaving");
}

static void
leave_status(struct pane *p, struct canvas *line)
{
	const struct leaving *v = p->state;

	canvas_put(line, 0, 0, ROLE_STATUS,
	    v->closed ? "Enter: end   Esc: stay (the vault is locked now)" :
			"Enter: close the vault   Esc: stay");
}

static bool
leave_key(struct pane *p, uint32_t key)
{
	struct noting *n = p->room;
	struct leaving *v = p->state;
	bool closed = v->closed;

	if ((key == KEYS_ENTER || key == 'Q') && closed) {
		noting_quit(n);
	} else if (key == KEYS_ENTER || key == 'Q') {
		shell_close(p);
		noting_leave(n);
	} else if (key == KEYS_ESC || key == KEYS_CTRL('c') || key == 'q') {
		shell_close(p);
		noting_back(n,
		    closed ? STR("the vault is locked, gn opens it") : STR(""));
	}
	return true;
}

const struct view view_leave = {
	.name = "leave",
	.about = "Close the vault and end the session",
	.state_size = sizeof(struct leaving),
	.open = leave_open,
	.draw = leave_draw,
	.title = leave_title,
	.status = leave_status,
	.key = leave_key,
};
