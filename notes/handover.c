#include "notes/handover.h"

#include <stdlib.h>
#include <string.h>

#include "notes/due.h"

static const int64_t DAY = INT64_C(24) * 3600 * 1000;

static void
add_hours(struct buf *b, int64_t ms)
{
	buf_printf(b, "%lld:%02lld h", (long long)(ms / 3600000),
	    (long long)(ms / 60000 % 60));
}

static void
head(const struct handover *h, const char *what, struct buf *b)
{
	buf_printf(b, "%s: ", what);
	buf_str(b, h->start->title);
	if (h->start->auditor.len > 0) {
		buf_str(b, STR(", by "));
		buf_str(b, h->start->auditor);
	}
	buf_str(b, STR(", "));
	due_write(h->now, b);
	buf_str(b, STR("\nrecord "));
	buf_str(b, h->id);
	buf_str(b, STR("\nhead   "));
	buf_str(b, h->head);
	buf_str(b, STR("\n\n"));
}

static void
add_done(const struct pace_day *d, struct buf *b)
{
	buf_str(b, STR("worked    "));
	add_hours(b, d->worked);
	buf_printf(b, ", the vault opened %u time%s\n", d->sessions,
	    d->sessions == 1 ? "" : "s");
	buf_printf(b, "seen      %llu lines\n", (unsigned long long)d->seen);
	buf_printf(b, "reviewed  %llu lines", (unsigned long long)d->reviewed);
	if (d->files > 0)
		buf_printf(b, " and %u whole file%s", d->files,
		    d->files == 1 ? "" : "s");
	if (d->worked >= 60 * 1000 && d->reviewed > 0)
		buf_printf(b, ", %llu an hour",
		    (unsigned long long)pace_per_hour(d->reviewed, d->worked));
	buf_char(b, '\n');
	if (d->unseen > 0)
		buf_printf(b,
		    "          %llu of them never on the screen long enough "
		    "to be read\n",
		    (unsigned long long)d->unseen);
	buf_printf(b, "written   %u entries, %u verdicts on worklists\n",
	    d->written, d->verdicts);
}

static void
add_title(const struct entry *e, struct buf *b)
{
	struct str text = e->title.len > 0 ? e->title : e->text, line = { 0 };

	(void)str_cut(&text, '\n', &line);
	buf_str(b, str_slice(line, 0, 60));
	if (line.len > 60)
		buf_str(b, STR(" ..."));
}

/* As the session calls it; else the beginning of its id. */
static void
add_commit(const struct handover *h, const struct oid *commit, struct buf *b)
{
	for (uint32_t i = 0; i < h->start->n_releases; i++)
		if (oid_eq(&h->start->releases[i].commit, commit)) {
			buf_str(b, h->start->releases[i].name);
			return;
		}
	buf_hex(b, commit->id, 5);
}

static void
add_place(const struct handover *h, const struct entry *e, struct buf *b)
{
	if (!e->anchored || e->at.path.len == 0)
		return;
	buf_str(b, STR("\n         "));
	buf_str(b, e->at.path);
	if (e->at.first > 0)
		buf_printf(b, ":%u", e->at.first);
	if (e->at.last > e->at.first)
		buf_printf(b, "-%u", e->at.last);
	buf_str(b, STR(" in "));
	add_commit(h, &e->at.commit, b);
}

static void
add_item(const struct handover *h, const struct book_item *it, struct str why,
    struct buf *b)
{
	buf_printf(b, "%6llu  %s: ", (unsigned long long)it->number,
	    entry_type_name(it->type));
	add_title(it->now, b);
	if (why.len > 0) {
		buf_str(b, STR(" ["));
		buf_str(b, why);
		buf_char(b, ']');
	}
	add_place(h, it->now, b);
	buf_char(b, '\n');
}

static void
wants_of_list(const struct handover *h, const struct entry *e, struct buf *b)
{
	const struct worklist *w =
	    e->list == 0 ? NULL : book_list(h->book, e->list);

	if (w == NULL)
		buf_str(b, STR("open, no worklist shows it"));
	else if (w->counts[VERDICT_TODO] > 0)
		buf_printf(b, "open, %u places without a verdict",
		    w->counts[VERDICT_TODO]);
	else if (w->counts[VERDICT_SUSPICIOUS] > 0)
		buf_printf(b, "broken in %u places",
		    w->counts[VERDICT_SUSPICIOUS]);
}

void
handover_wants(const struct handover *h, const struct book_item *it,
    struct buf *b)
{
	const struct entry *e = it->now;

	if (e == NULL)
		return;
	if (e->type == ENTRY_FINDING &&
	    (e->status == STATUS_OPEN || e->status == STATUS_DISPUTED))
		buf_printf(b, "%s, %s", entry_status_name(e->status),
		    entry_severity_name(e->severity));
	else if (e->type == ENTRY_QUESTION && e->answer.len == 0 && e->due != 0)
		due_say(e->due, h->now, b);
	else if (e->type == ENTRY_QUESTION && e->answer.len == 0)
		buf_str(b, STR("no answer yet"));
	else if (e->type == ENTRY_ASSUMPTION)
		wants_of_list(h, e, b);
}

void
handover_day(const struct handover *h, struct buf *b)
{
	const struct pace *p = book_pace(h->book);
	int64_t today = h->now / DAY * DAY;
	size_t n = pace_days(p);
	struct pace_day none = { 0 };
	const struct pace_day *d = n > 0 && pace_at(p, n - 1)->day == today ?
	    pace_at(p, n - 1) :
	    &none;
	size_t shown = 0;

	head(h, "DAY", b);
	add_done(d, b);
	buf_str(b, STR("\nwritten today\n"));
	for (size_t i = 0; i < book_len(h->book); i++) {
		const struct book_item *it = book_at(h->book, i);

		if (it->now == NULL || it->now->time < today)
			continue;
		add_item(h, it, STR(""), b);
		shown++;
	}
	if (shown == 0)
		buf_str(b, STR("        nothing\n"));
	if (h->drafts > 0)
		buf_printf(b, "\n%zu drafts are not recorded\n", h->drafts);
}

/* Worklists. */
static void
add_lists(const struct handover *h, struct buf *b)
{
	for (size_t i = 0; i < book_lists(h->book); i++) {
		const struct worklist *w = book_list_at(h->book, i);

		if (w->removed || !w->whole)
			continue;
		buf_printf(b, "%6llu  ", (unsigned long long)w->l.number);
		buf_str(b, str_slice(w->l.title, 0, 40));
		buf_printf(b,
		    ": %u lines, %u without a verdict, %u "
		    "suspicious",
		    w->l.n_hits, w->counts[VERDICT_TODO],
		    w->counts[VERDICT_SUSPICIOUS]);
		if (w->l.from != 0)
			buf_printf(b, ", list %llu again",
			    (unsigned long long)w->l.from);
		buf_char(b, '\n');
	}
}

/* Coverage by the first folder of the paths. */
struct part {
	struct str name;
	uint64_t seen, reviewed;
	uint32_t files;
};

static int
part_cmp(const void *p, const void *q)
{
	const struct part *a = p, *b = q;

	return str_cmp(a->name, b->name);
}

static uint64_t
lines_of(const struct cover_file *f, enum cover_layer layer)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < f->len[layer]; i++)
		if (f->spans[layer][2 * i + 1] != UINT32_MAX)
			n += f->spans[layer][2 * i + 1] -
			    f->spans[layer][2 * i] + 1;
	return n;
}

static size_t
gather_parts(const struct handover *h, struct part *parts)
{
	const struct cover *c = book_cover(h->book);
	size_t n = 0, all = cover_files(c);

	for (size_t i = 0; i < all; i++) {
		struct cover_file f = cover_file(c, i);
		struct str rest = f.path, name = f.path;

		(void)str_cut(&rest, '/', &name);
		parts[i] = (struct part){ name, lines_of(&f, COVER_SEEN),
			lines_of(&f, COVER_REVIEWED), 1 };
	}
	qsort(parts, all, sizeof *parts, part_cmp);
	for (size_t i = 0; i < all; i++) {
		if (n > 0 && str_eq(parts[n - 1].name, parts[i].name)) {
			parts[n - 1].seen += parts[i].seen;
			parts[n - 1].reviewed += parts[i].reviewed;
			parts[n - 1].files++;
		} else {
			parts[n++] = parts[i];
		}
	}
	return n;
}

static void
add_cover(const struct handover *h, struct buf *b)
{
	struct part *parts =
	    calloc(cover_files(book_cover(h->book)) + 1, sizeof *parts);
	size_t n;

	if (parts == NULL)
		bug("no memory for a page");
	n = gather_parts(h, parts);
	for (size_t i = 0; i < n; i++) {
		buf_str(b, STR("        "));
		buf_str(b, parts[i].name);
		buf_printf(b, ": %u file%s, %llu lines seen, %llu reviewed\n",
		    parts[i].files, parts[i].files == 1 ? "" : "s",
		    (unsigned long long)parts[i].seen,
		    (unsigned long long)parts[i].reviewed);
	}
	if (n == 0)
		buf_str(b, STR("        nothing was seen yet\n"));
	free(parts);
}

static void
add_releases(const struct handover *h, struct buf *b)
{
	for (uint32_t i = 0; i < h->start->n_releases; i++) {
		buf_str(b, STR("        "));
		buf_str(b, h->start->releases[i].name);
		buf_char(b, ' ');
		buf_hex(b, h->start->releases[i].commit.id, 5);
		buf_char(b, ' ');
		buf_str(b, h->start->releases[i].status);
		buf_char(b, '\n');
	}
}

void
handover_page(const struct handover *h, struct buf *b)
{
	struct pace_day t = pace_total(book_pace(h->book));
	struct buf why = { 0 };

	head(h, "HAND-OVER", b);
	add_releases(h, b);
	add_done(&t, b);
	buf_str(b, STR("\nwhat wants something\n"));
	for (size_t i = 0; i < book_len(h->book); i++) {
		buf_clear(&why);
		handover_wants(h, book_at(h->book, i), &why);
		if (why.len > 0)
			add_item(h, book_at(h->book, i), buf_view(&why), b);
	}
	buf_str(b, STR("\nworklists\n"));
	add_lists(h, b);
	buf_str(b, STR("\nwhat was looked at\n"));
	add_cover(h, b);
	buf_str(b, STR("\neverything else that was written\n"));
	for (size_t i = 0; i < book_len(h->book); i++) {
		const struct book_item *it = book_at(h->book, i);

		buf_clear(&why);
		handover_wants(h, it, &why);
		if (why.len > 0 || it->now == NULL)
			continue;
		if (it->now->list != 0)
			buf_printf(&why, "%sworklist %llu",
			    it->type == ENTRY_ASSUMPTION ? "kept: " : "",
			    (unsigned long long)it->now->list);
		add_item(h, it, buf_view(&why), b);
	}
	if (h->drafts > 0)
		buf_printf(b, "\n%zu drafts are not recorded\n", h->drafts);
	buf_release(&why);
}

void
handover_pace(const struct handover *h, struct buf *b)
{
	const struct pace *p = book_pace(h->book);
	struct pace_day t = pace_total(p);
	uint64_t most = 1, sum = 0;
	size_t days = pace_days(p);

	head(h, "PACE", b);
	for (size_t i = 0; i < days; i++)
		if (pace_at(p, i)->reviewed > most)
			most = pace_at(p, i)->reviewed;
	buf_str(b, STR("day         worked    seen  reviewed   in all\n"));
	for (size_t i = 0; i < days; i++) {
		const struct pace_day *d = pace_at(p, i);

		sum += d->reviewed;
		due_write(d->day, b);
		buf_printf(b, "  %3lld:%02lld  %7llu  %8llu %8llu  ",
		    (long long)(d->worked / 3600000),
		    (long long)(d->worked / 60000 % 60),
		    (unsigned long long)d->seen,
		    (unsigned long long)d->reviewed, (unsigned long long)sum);
		for (uint64_t k = 0; k < d->reviewed * 24 / most; k++)
			buf_char(b, '#');
		buf_char(b, '\n');
	}
	buf_char(b, '\n');
	add_done(&t, b);
	if (h->left > 0 && t.reviewed > 0 && days > 0) {
		uint64_t a_day = t.reviewed / days;

		buf_printf(b, "left      %llu lines of the revision",
		    (unsigned long long)h->left);
		if (a_day > 0)
			buf_printf(b, ": %llu days like these (%llu a day)",
			    (unsigned long long)((h->left + a_day - 1) / a_day),
			    (unsigned long long)a_day);
		buf_char(b, '\n');
	}
	buf_str(b,
	    STR("\nworked: time between entries that are at most ten "
		"minutes apart.\nseen: on the screen long enough to be "
		"read, each content once.\nreviewed: declared so.\n"));
}
