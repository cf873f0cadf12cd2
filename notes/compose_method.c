#include "notes/compose.h"

#include <stdlib.h>

#include "core/text.h"
#include "notes/bureau.h"

static int
by_folder(const void *pa, const void *pb)
{
	const struct findings_cover *a = pa, *b = pb;
	int d = str_cmp(a->release, b->release);

	return d != 0 ? d : str_cmp(a->folder, b->folder);
}

/* What several auditors read of a folder: the most that one of them did,
 * where nobody tells which lines it were; else each line once. */
static uint32_t
gather(struct page *p, struct findings_cover **out, const struct eyes *e)
{
	struct findings_cover *all;
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; i < p->c->n_bundles; i++)
		n += p->c->bundles[i]->said.method.n_cover;
	all = arena_array(&p->a, n, struct findings_cover);
	n = 0;
	for (uint32_t i = 0; i < p->c->n_bundles; i++) {
		const struct findings_method *m =
		    &p->c->bundles[i]->said.method;

		for (uint32_t k = 0; k < m->n_cover; k++)
			all[n++] = m->cover[k];
	}
	qsort(all, n, sizeof *all, by_folder);
	for (uint32_t i = 0; i < n; i++) {
		struct findings_cover *last = kept > 0 ? &all[kept - 1] : NULL;

		if (last == NULL || by_folder(last, &all[i]) != 0) {
			all[kept++] = all[i];
			continue;
		}
		if (all[i].seen > last->seen)
			last->seen = all[i].seen;
		if (all[i].reviewed > last->reviewed)
			last->reviewed = all[i].reviewed;
		if (all[i].lines > last->lines)
			last->lines = all[i].lines;
	}
	compose_unite(e, all, kept, &p->a);
	*out = all;
	return kept;
}

static void
put_total(struct page *p, const struct findings_cover *all, uint32_t n,
    bool lines)
{
	uint64_t total = 0, seen = 0, reviewed = 0;

	for (uint32_t i = 0; i < n; i++) {
		total += all[i].lines;
		seen += all[i].seen;
		reviewed += all[i].reviewed;
	}
	page_text(p, REPORT_PLAIN,
	    arena_printf(&p->a,
		"Of %llu lines, %llu were on the screen long enough to be "
		"read, %llu were declared reviewed.  %s",
		(unsigned long long)total, (unsigned long long)seen,
		(unsigned long long)reviewed,
		lines ? "Lines that several read count once; of an export "
			"that tells counts only, they count where it tells "
			"more than the others together." :
			"Where several read a folder, the most that one of "
			"them read counts."));
}

void
compose_cover(struct page *p)
{
	struct findings_cover *all;
	struct eyes e;
	bool lines = compose_eyes(&e, p);
	uint32_t n = gather(p, &all, &e);

	page_heading(p, 2, STR("coverage"), STR("What was read"));
	if (p->collecting)
		return;
	if (n == 0 && !lines) {
		page_text(p, REPORT_PLAIN,
		    STR("No export says what was read and what was not."));
		return;
	}
	if (n > 0)
		put_total(p, all, n, lines);
	/* Names of folders are the vendor's. */
	if (n > 0 && report_place_for(p->c))
		p->pen->heat(p->out, STR("Lines read, by folder"), all, n);
	if (lines)
		compose_lines(p, &e);
}

static void
put_bundle(struct page *p, const struct case_bundle *b)
{
	const struct findings_read *f = &b->said;
	struct page_fields g = { .n = 0 };

	page_field(&g, "Export", b->file);
	page_field(&g, "What was read", f->title);
	page_field(&g, "Session", b->session);
	page_field(&g, "Auditor", b->author);
	page_field(&g, "Exported", report_time(f->exported, &p->a));
	page_field(&g, "Not to be published before", f->embargo);
	page_field(&g, "Signed with key", b->key_id);
	page_field(&g, "The signature says", b->comment);
	page_field(&g, "Approvals", page_count(p, b->n_approvals));
	for (uint32_t i = 0; i < f->n_releases && i < 20; i++)
		page_field(&g, "Release",
		    arena_printf(&p->a, "%.*s%s%.*s, commit %s",
			STR_ARG(f->releases[i].name),
			f->releases[i].status.len > 0 ? ", " : "",
			STR_ARG(f->releases[i].status),
			oid_text(&f->releases[i].commit).hex));
	page_field(&g, "Manifest of the session, SHA-256", f->manifest);
	page_field(&g, "Record", f->record);
	page_field(&g, "Head of the record then", f->head);
	page_field(&g, "findings.json, SHA-256", page_hash(p, &b->hash));
	page_field(&g, "Sealed file, SHA-256", page_hash(p, &b->sealed));
	page_fields(p, &g);
}

/* Where they are, for who may know it; never what stands there. */
static void
put_pages(struct page *p, const struct case_pages *g)
{
	struct page_fields f = { .n = 0 };

	page_field(&f, "Pages of source", g->numbers);
	page_field(&f, "In the file", g->file);
	page_field(&f, "Session", g->session);
	page_field(&f, "Auditor", g->author);
	page_field(&f, "Made", g->made);
	if (g->finding > 0)
		page_field(&f, "For the finding",
		    report_pages_what(p->c, g, &p->a));
	if (report_place_for(p->c))
		page_field(&f, "For", g->purpose);
	for (uint32_t i = 0; i < g->n && i < 20 && report_place_for(p->c); i++)
		page_field(&f, "Lines",
		    arena_printf(&p->a, "%.*s:%u-%u in %.*s, commit %s",
			STR_ARG(g->places[i].path), g->places[i].first,
			g->places[i].last, STR_ARG(g->places[i].release),
			oid_text(&g->places[i].commit).hex));
	page_field(&f, "Lines in all", page_count(p, g->lines));
	page_field(&f, "Approvals", page_count(p, g->n_approvals));
	page_field(&f, "Signed with key", g->key_id);
	page_field(&f, "pages.json, SHA-256", page_hash(p, &g->hash));
	page_field(&f, "pages.txt, SHA-256", page_hash(p, &g->text));
	page_field(&f, "Sealed file, SHA-256", page_hash(p, &g->sealed));
	page_fields(p, &f);
}

static void
put_proofs(struct page *p)
{
	bool any = false;

	page_heading(p, 3, STR("environment"), STR("Proof of environment"));
	for (uint32_t i = 0; i < p->c->n_bundles; i++) {
		const struct case_bundle *b = p->c->bundles[i];

		if (b->said.method.proof.len == 0)
			continue;
		any = true;
		page_labelled(p,
		    arena_printf(&p->a, "%.*s", STR_ARG(b->file)).at,
		    REPORT_PLAIN, b->said.method.proof);
	}
	if (!any)
		page_text(p, REPORT_PLAIN,
		    STR("No export holds what the room proved about itself."));
}

static void
put_certificates(struct page *p)
{
	uint32_t n = 0;

	page_heading(p, 3, STR("certificates"), STR("Search certificates"));
	for (uint32_t i = 0; i < p->c->n_bundles; i++) {
		const struct findings_method *m =
		    &p->c->bundles[i]->said.method;

		n += m->n_certificates;
		for (uint32_t k = 0;
		     k < m->n_certificates && report_place_for(p->c); k++)
			page_text(p, REPORT_PLAIN, m->certificates[k]);
	}
	if (n == 0)
		page_text(p, REPORT_PLAIN,
		    STR("No export holds a certificate of a search."));
	else if (!report_place_for(p->c))
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a,
			"%u searches were certified; what was searched for is "
			"not public.",
			n));
}

static void
put_decisions(struct page *p)
{
	enum { COLUMNS = 5 };
	static const char *const head[COLUMNS] = { "When", "Who", "Step",
		"What", "Signed with key" };
	struct str *cells;
	size_t n = 1;

	if (p->c->decisions == NULL)
		return;
	page_heading(p, 3, STR("decisions"), STR("Decisions"));
	if (p->collecting)
		return;
	for (const struct decision *d = p->c->decisions; d != NULL; d = d->next)
		n++;
	cells = arena_array(&p->a, n * COLUMNS, struct str);
	for (int i = 0; i < COLUMNS; i++)
		cells[i] = str_of(head[i]);
	n = 1;
	for (const struct decision *d = p->c->decisions; d != NULL;
	     d = d->next) {
		struct str *cell = cells + n++ * COLUMNS;

		cell[0] = report_time(d->time, &p->a);
		cell[1] = d->by;
		cell[2] = str_of(decision_kind_name(d->kind));
		cell[3] = bureau_words(p->c, &p->a, d);
		cell[4] = d->key_id.len > 0 ? d->key_id : STR("not signed");
	}
	page_table(p, cells, n, COLUMNS);
}

static void
put_unanswered(struct page *p)
{
	uint32_t n = 0;

	page_heading(p, 2, STR("unanswered"), STR("Unanswered questions"));
	for (uint32_t i = 0; i < p->c->n_items; i++) {
		const struct case_item *it = &p->c->items[i];
		const struct entry *e = it->now;

		if (e->type != ENTRY_QUESTION || e->answer.len > 0)
			continue;
		n++;
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a,
			"%.*s, asked %.*s%s%.*s: no answer came.  What "
			"depends on it is not settled by this report.",
			STR_ARG(page_title(p, it)),
			STR_ARG(report_time(it->created, &p->a)),
			e->due > 0 ? ", due " : "",
			STR_ARG(e->due > 0 ? report_time(e->due, &p->a) :
					     (struct str){ 0 })));
	}
	if (n == 0)
		page_text(p, REPORT_PLAIN, STR("None."));
}

static void
put_limitations(struct page *p)
{
	page_heading(p, 2, STR("limitations"), STR("Limitations"));
	page_text(p, REPORT_PLAIN,
	    STR("What is not listed here was not found; that is not a "
		"statement that it is not there. Only what was released from "
		"the room is in this report. A place outside the session's "
		"scope was not read."));
	page_text(p, REPORT_PLAIN,
	    STR("Whether a finding can be reached by an attacker in a given "
		"installation was judged from the source alone, unless its "
		"evidence says otherwise."));
	page_text(p, REPORT_PLAIN,
	    STR("Findings on the same lines are pointed out and never merged "
		"by a program: whether they are one is for people to decide."));
	for (uint32_t i = 0; i < p->c->n_unproven; i++)
		page_text(p, REPORT_PLAIN,
		    arena_printf(&p->a,
			"Who may sign in session %.*s was taken from a "
			"session.conf whose signature nobody checked.",
			STR_ARG(p->c->unproven[i])));
}

void
compose_method(struct page *p)
{
	page_heading(p, 2, STR("method"), STR("Method"));
	page_text(p, REPORT_PLAIN,
	    STR("The source was read in Vitrine, which shows it and lets none "
		"of it out. Each finding hangs on lines of one commit. Its "
		"text was typed by the auditor, signed with the auditor's "
		"key, passed the checks that the session's rules name, and "
		"left as one sealed file. This report was made from the files "
		"below; each was opened, its signature was verified against "
		"the auditors that were given, and its bytes are named by "
		"their SHA-256."));
	page_text(p, REPORT_PLAIN,
	    STR("A region code stands for the bytes of the lines under a key "
		"that only the auditor's record holds. It proves to whoever "
		"opens that record which lines were meant, and tells nobody "
		"else anything about them. A citation, V2, can be checked by "
		"whoever has the whole file: vitrine-report verify reads the "
		"source again and says whether it holds."));
	for (uint32_t i = 0; i < p->c->n_bundles; i++)
		put_bundle(p, p->c->bundles[i]);
	for (uint32_t i = 0; i < p->c->n_pages; i++)
		put_pages(p, p->c->pages[i]);
	put_proofs(p);
	put_certificates(p);
	put_decisions(p);
	put_unanswered(p);
	put_limitations(p);
}
