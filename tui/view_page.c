/*
 * view_page.c - the day, the hand-over, the pace: a page made of the record.
 *
 * target.text says which ("day", "handover"; otherwise the pace), number how
 * many lines of the revision are not reviewed, where that is known.
 */
#include "tui/noting.h"

#include "notes/handover.h"
#include "tui/pager.h"

struct page {
	struct pager pager;
	struct buf text;
};

static enum err
facts(struct pane *p, struct handover *h, char code[CHAIN_CODE])
{
	struct noting *n = p->room;
	struct vault *vault = noting_vault(n);
	struct chain_head head = vault_head(vault);
	uint8_t id[CHAIN_ID];
	struct buf hex = { 0 };
	uint64_t *slots;

	vault_id(vault, id);
	buf_hex(&hex, id, CHAIN_ID);
	chain_code(&head, code);
	*h = (struct handover){ .start = noting_start(n),
		.book = noting_book(n),
		.id = arena_copy(&p->arena, buf_view(&hex)),
		.head = str_of(code),
		.now = noting_now(n),
		.left = p->target.number };
	buf_release(&hex);
	return draft_list(vault_drafts(vault), &p->arena, &slots, &h->drafts);
}

static enum err
page_open(struct pane *p, const struct target *t)
{
	struct page *v = p->state;
	struct handover h;
	char code[CHAIN_CODE];
	struct str rest, line;
	enum err rc;

	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	rc = facts(p, &h, code);
	if (rc != ERR_NONE)
		return rc;
	if (str_eq(t->text, STR("day")))
		handover_day(&h, &v->text);
	else if (str_eq(t->text, STR("handover")))
		handover_page(&h, &v->text);
	else
		handover_pace(&h, &v->text);
	pager_init(&v->pager);
	rest = buf_view(&v->text);
	(void)str_cut(&rest, '\n', &line); /* is the title */
	while (str_cut(&rest, '\n', &line))
		pager_add(&v->pager, ROLE_TEXT, line);
	return ERR_NONE;
}

static void
page_close(struct pane *p)
{
	struct page *v = p->state;

	pager_release(&v->pager);
	buf_release(&v->text);
}

static void
page_draw(struct pane *p, struct canvas *c)
{
	pager_draw(&((struct page *)p->state)->pager, c);
}

static void
page_title(struct pane *p, struct canvas *line)
{
	struct str rest = buf_view(&((struct page *)p->state)->text), first;

	if (str_cut(&rest, '\n', &first))
		canvas_str(line, 0, 0, line->cols, ROLE_TITLE, first);
}

static struct list *
page_list(struct pane *p)
{
	return &((struct page *)p->state)->pager.list;
}

static void
run_keep(struct pane *p, const struct call *c)
{
	struct page *v = p->state;
	struct entry e = { .type = ENTRY_NOTE, .text = buf_view(&v->text) };
	struct str rest = e.text;

	(void)c;
	(void)str_cut(&rest, '\n', &e.title);
	e.title = str_slice(e.title, 0, 200);
	if (noting_add(p->room, &e))
		shell_message(p->shell,
		    "recorded %llu, a note: gx lets it leave  u undoes",
		    (unsigned long long)e.seq);
}

static const struct command commands[] = {
	{ "keep", "c", "keep this page as a note: it may leave like one",
	    run_keep, "keep as a note", NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_page = {
	.name = "page",
	.about = "The pace of the review, a day, a hand-over page",
	.state_size = sizeof(struct page),
	.commands = commands,
	.open = page_open,
	.close = page_close,
	.draw = page_draw,
	.title = page_title,
	.list = page_list,
};
