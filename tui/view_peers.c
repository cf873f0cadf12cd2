/*
 * view_peers.c - exports of other auditors that lie in inbox/: taken in, they
 * stand beside one's own as other opinions.
 */
#include "tui/noting.h"

#include "notes/peer.h"
#include "tui/list.h"

struct peers {
	struct list list;
	struct io_names names;
};

static void
draw_row(void *arg, const struct list_row *r, const struct canvas *line)
{
	const struct peers *v = arg;
	struct canvas_draw d = { .text = v->names.at[r->row],
		.attr = r->attr,
		.find = r->find,
		.skip = r->skip };

	canvas_text(line, 0, 1, line->cols - 1, &d);
}

static struct str
row_text(void *arg, uint64_t row, struct buf *b)
{
	(void)b;
	return ((const struct peers *)arg)->names.at[row];
}

static const struct list_source source = { .draw = draw_row, .text = row_text };

static enum err
peers_open(struct pane *p, const struct target *t)
{
	struct peers *v = p->state;
	enum err rc;

	(void)t;
	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	rc = peer_list(&v->names, &p->arena, noting_start(p->room)->data);
	if (rc != ERR_NONE)
		return rc;
	list_init(&v->list, &source, v);
	v->list.empty = "nothing in inbox/: the findings.json of another "
			"auditor's export goes there";
	list_count(&v->list, v->names.len, false);
	return ERR_NONE;
}

static void
peers_close(struct pane *p)
{
	list_release(&((struct peers *)p->state)->list);
}

static void
peers_title(struct pane *p, struct canvas *line)
{
	(void)p;
	canvas_put(line, 0, 0, ROLE_TITLE, "What other auditors wrote");
}

static struct list *
peers_list(struct pane *p)
{
	return &((struct peers *)p->state)->list;
}

static void
run_take(struct pane *p, const struct call *c)
{
	struct peers *v = p->state;
	struct peer_taken taken = { 0 };
	struct buf bytes = { 0 };
	enum err rc;

	(void)c;
	if (v->names.len == 0)
		return;
	rc = peer_read(&bytes, noting_start(p->room)->data,
	    v->names.at[v->list.selected]);
	if (rc == ERR_NONE)
		rc = peer_take(&taken, noting_vault(p->room), buf_view(&bytes),
		    noting_start(p->room)->manifest);
	noting_items_changed(p->room);
	if (rc != ERR_NONE)
		shell_error(p->shell, rc);
	else
		shell_message(p->shell,
		    "taken in: %u new, %u changed, %u known already; lines "
		    "of %u files",
		    taken.fresh, taken.changed, taken.known, taken.files);
	buf_release(&bytes);
}

static const struct command commands[] = {
	{ "take", "Enter", "take it in: every item beside one's own", run_take,
	    "take in", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_peers = {
	.name = "peers",
	.about = "Exports of other auditors, to be taken in",
	.state_size = sizeof(struct peers),
	.commands = commands,
	.open = peers_open,
	.close = peers_close,
	.title = peers_title,
	.list = peers_list,
};
