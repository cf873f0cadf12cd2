#include "tui/outgoing_inside.h"

#include <unistd.h>

#include "core/io.h"
#include "policy/press_page.h"
#include "policy/sheet.h"
#include "tui/logbook.h"

/* In the arena of the export; the facts are those of this moment. */
void
outgoing_pages_set(struct outgoing *s, const struct pages *p)
{
	struct buf bytes = { 0 };

	pages_write(p, &bytes);
	s->parcel.bytes = arena_copy(&s->arena, buf_view(&bytes));
	buf_release(&bytes);
	/* Read back: a copy that nobody else changes. */
	if (pages_read(&s->pages, &s->arena, s->parcel.bytes) != ERR_NONE)
		bug("a request for pages that cannot be read: %s", err_text());
	s->parcel.classes =
	    1u << CLASS_EXCERPT | 1u << CLASS_PATH | 1u << CLASS_PROSE;
	s->parcel.pages =
	    paging_facts(paging_of(s->noting), &s->arena, &s->pages);
}

enum err
outgoing_pages(struct outgoing *s, const struct pages *p)
{
	enum err rc = outgoing_may_begin(s);

	if (rc != ERR_NONE)
		return rc;
	if (p->n == 0)
		return fail(ERR_ABSENT, "no lines are chosen");
	outgoing_pages_set(s, p);
	return outgoing_submit(s);
}

/* "VEN-000001 to VEN-000004" */
static void
name_pages(struct outgoing *s, uint32_t first)
{
	struct str prefix = paging_prefix(paging_of(s->noting), &s->arena);
	struct buf b = { 0 };

	press_page_numbers(&b, prefix, first, s->pages.pages);
	s->numbers = arena_copy(&s->arena, buf_view(&b));
	buf_release(&b);
}

/* The journal names the finding, too. */
static struct str
line_of(struct outgoing *s)
{
	if (s->pages.finding == 0)
		return s->numbers;
	return arena_printf(&s->arena, "%.*s for finding %llu",
	    STR_ARG(s->numbers), (unsigned long long)s->pages.finding);
}

enum err
outgoing_pages_number(struct outgoing *s, struct egress_receipt *receipt)
{
	struct egress_order o = outgoing_order(s);
	struct journal_entry e = { .kind = JOURNAL_PAGES,
		.bytes = s->pages.pages,
		.quoted = s->pages.lines,
		.hash = s->gate.of };
	struct ledger l;
	enum err rc = egress_may(&o);

	if (rc == ERR_NONE)
		rc = ledger_read(&l, &s->arena, outgoing_journal(s), o.now);
	if (rc != ERR_NONE)
		return rc;
	e.serial = (uint32_t)l.pages + 1;
	name_pages(s, e.serial);
	e.what = line_of(s);
	rc = logbook_add(noting_logbook(s->noting), &e);
	if (rc != ERR_NONE)
		return rc;
	receipt->serial = e.serial;
	receipt->file = s->numbers;
	return ERR_NONE;
}

/* For the guard: what the paper is held against. */
static enum err
write_sheet(struct outgoing *s, const struct press_answer *answer)
{
	struct egress_order o = outgoing_order(s);
	struct str data = noting_start(s->noting)->data;
	struct buf sheet = { 0 };
	int folder;
	enum err rc = io_open_folder(&folder,
	    arena_printf(&s->arena, "%.*s", STR_ARG(data)).at);

	if (rc != ERR_NONE)
		return rc;
	sheet_pages(&sheet, &o, &s->pages, s->numbers, &answer->hash);
	rc = io_make_folder_at(folder, "outbox");
	if (rc == ERR_NONE)
		rc = io_create_at(folder,
		    arena_printf(&s->arena, "outbox/pages-%06llu.txt",
			(unsigned long long)outgoing_ledger(s)->pages -
			    s->pages.pages + 1)
			.at,
		    buf_view(&sheet));
	close(folder);
	buf_release(&sheet);
	return rc;
}

/* Sealed by the checker: journal, file and sheet as of any export. */
static enum err
put_file(struct outgoing *s, struct str *file)
{
	struct egress_order o = outgoing_order(s);
	struct egress_receipt r = { 0 };
	struct str data = noting_start(s->noting)->data;
	int folder = -1, outbox = -1;
	enum err rc = io_open_folder(&folder,
	    arena_printf(&s->arena, "%.*s", STR_ARG(data)).at);

	o.pages = &s->pages;
	o.numbers = s->numbers;
	o.sealed = paging_sealed(paging_of(s->noting));
	if (rc == ERR_NONE)
		rc = io_make_folder_at(folder, "outbox");
	if (rc == ERR_NONE)
		rc = io_open_folder(&outbox,
		    arena_printf(&s->arena, "%.*s/outbox", STR_ARG(data)).at);
	if (rc == ERR_NONE)
		rc = egress_release(&r, &s->arena, outgoing_journal(s), outbox,
		    &o);
	if (rc == ERR_NONE)
		*file = r.file;
	if (folder >= 0)
		close(folder);
	if (outbox >= 0)
		close(outbox);
	return rc;
}

static enum err
not_made(struct outgoing *s, const struct press_answer *answer)
{
	enum err rc =
	    outgoing_add_line(s, JOURNAL_REFUSED, STR("press"), &s->gate.of);

	return rc != ERR_NONE ?
	    rc :
	    fail(ERR_DENIED,
		"%.*s: not made, and their numbers stay used: %.*s",
		STR_ARG(s->numbers), STR_ARG(answer->why));
}

/* *where: what to look for. */
static enum err
made(struct outgoing *s, const struct press_answer *answer, struct str *where)
{
	struct journal_entry e = { .kind = JOURNAL_PRINTED,
		.what = s->numbers,
		.bytes = answer->pages,
		.hash = answer->hash };
	enum err rc;

	if (answer->state != PRESS_PRINTED && answer->state != PRESS_SEALED)
		return not_made(s, answer);
	rc = logbook_add(noting_logbook(s->noting), &e);
	if (rc != ERR_NONE)
		return rc;
	if (answer->state == PRESS_SEALED)
		return put_file(s, where);
	*where = STR("the print spool");
	return write_sheet(s, answer);
}

static void
on_made(void *arg, const struct press_answer *answer)
{
	struct outgoing *s = arg;
	struct str where = { 0 };
	enum err rc;

	if (s->state != OUTGOING_PRINTS)
		return;
	rc = made(s, answer, &where);
	s->state = OUTGOING_GONE;
	if (rc == ERR_NONE) {
		paging_clear(paging_of(s->noting));
		shell_message(noting_shell(s->noting),
		    "%.*s: in %.*s, counted and recorded", STR_ARG(s->numbers),
		    STR_ARG(where));
	} else
		shell_error(noting_shell(s->noting), rc);
}

enum err
outgoing_pages_make(struct outgoing *s, uint32_t number)
{
	const struct sign_secret *author =
	    logbook_author(noting_logbook(s->noting));
	struct press_order o = { .make = true,
		.number = number,
		.request = s->parcel.bytes,
		.key = sign_public_of(author),
		.n_approvals = s->n_approvals };
	struct buf signature = { 0 };
	enum err rc = sign_bytes(&signature, author, s->parcel.bytes,
	    STR("pages of a vitrine session"));

	o.approvals = arena_array(&s->arena, s->n_approvals, struct str);
	for (uint32_t i = 0; i < s->n_approvals; i++)
		o.approvals[i] = s->approvals[i].signature;
	o.signature = buf_view(&signature);
	if (rc == ERR_NONE)
		rc = paging_make(paging_of(s->noting), &s->pages, &o, on_made,
		    s);
	buf_release(&signature);
	return rc;
}

void
outgoing_pages_give_up(struct outgoing *s)
{
	s->state = OUTGOING_GONE;
	paging_give_up(paging_of(s->noting));
	shell_error(noting_shell(s->noting),
	    outgoing_add_line(s, JOURNAL_REFUSED, STR("press"), &s->gate.of));
}
