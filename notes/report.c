#include "notes/report.h"

#include <inttypes.h>
#include <time.h>

#include "core/text.h"
#include "notes/cvss.h"
#include "notes/cvss4.h"

#define X(name) extern const struct report report_##name;
#include "reports.inc"
#undef X

#define X(name) &report_##name,
static const struct report *const formats[] = {
#include "reports.inc"
	NULL,
};
#undef X

const struct report *
report_find(struct str word)
{
	for (size_t i = 0; formats[i] != NULL; i++)
		if (str_eq(word, str_of(formats[i]->name)) ||
		    str_eq(word, str_of(formats[i]->suffix)))
			return formats[i];
	return NULL;
}

const struct report *
report_at(size_t i)
{
	return i < sizeof formats / sizeof formats[0] ? formats[i] : NULL;
}

struct str
report_shown(struct str text, struct arena *a)
{
	struct str rest = text, line;
	struct buf b = { 0 };
	struct str out;

	while (str_cut(&rest, '\n', &line)) {
		if (b.len > 0)
			buf_char(&b, '\n');
		text_show(&b, line, (struct text_style){ .tab = 8 }, SIZE_MAX);
	}
	out = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return out;
}

struct str
report_time(int64_t ms, struct arena *a)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	char text[40];

	if (ms <= 0 || gmtime_r(&t, &tm) == NULL ||
	    strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		return STR("unknown");
	return arena_copy(a, str_of(text));
}

struct str
report_list(const struct entry_list *l, struct arena *a)
{
	struct str all = { 0 };

	for (uint32_t i = 0; i < l->len; i++)
		all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all),
		    i > 0 ? ", " : "", STR_ARG(l->at[i]));
	return all;
}

struct str
report_release(const struct case_item *it, struct arena *a)
{
	const struct findings_read *f = &it->from->said;
	for (uint32_t i = 0; i < f->n_releases; i++)
		if (oid_eq(&f->releases[i].commit, &it->now->at.commit))
			return f->releases[i].name;
	return arena_printf(a, "%.12s", oid_text(&it->now->at.commit).hex);
}

struct str
report_place(const struct entry *e, struct arena *a)
{
	const struct anchor *an = &e->at;
	struct buf path = { 0 };
	struct str where;

	if (!e->anchored || an->path.len == 0)
		return STR("the whole revision");
	text_show(&path, an->path, (struct text_style){ 0 }, SIZE_MAX);
	if (an->first == 0)
		where = arena_printf(a, "%s", path.at);
	else if (an->first == an->last)
		where = arena_printf(a, "%s line %u", path.at, an->first);
	else
		where = arena_printf(a, "%s lines %u-%u", path.at, an->first,
		    an->last);
	buf_release(&path);
	return where;
}

bool
report_recipient(const struct case_file *c, struct str name)
{
	for (uint32_t i = 0; i < c->n_items; i++) {
		const struct entry_list *l = &c->items[i].now->recipients;

		for (uint32_t k = 0; k < l->len; k++)
			if (str_eq(l->at[k], name))
				return true;
	}
	return false;
}

uint32_t
report_count(const struct case_file *c, enum entry_type type)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->n_items; i++)
		n += c->items[i].now->type == type;
	return n;
}

/* What the parts below need in common. */
struct page {
	const struct case_file *c;
	const struct report_pen *pen;
	struct buf *out;
	struct arena a;
};

struct pairs {
	struct str at[64];
	size_t n;
};

static void
pair(struct pairs *p, const char *label, struct str value)
{
	if (value.len == 0 || p->n + 2 > sizeof p->at / sizeof p->at[0])
		return;
	p->at[p->n++] = str_of(label);
	p->at[p->n++] = value;
}

static void
put_pairs(struct page *p, const struct pairs *f)
{
	if (f->n > 0)
		p->pen->fields(p->out, f->at, f->n / 2);
}

static void
put_heading(struct page *p, int depth, struct str id, const char *text)
{
	p->pen->heading(p->out, depth, id, str_of(text));
}

/* Paragraphs are what stands between empty lines. */
static void
put_text(struct page *p, enum report_kind kind, struct str text)
{
	while (text.len > 0) {
		size_t end = str_find(text, STR("\n\n"), 0);
		struct str one = str_slice(text, 0, end);

		if (str_trim(one).len > 0)
			p->pen->text(p->out, kind, one);
		if (end == SIZE_MAX)
			break;
		text = str_slice(text, end + 2, SIZE_MAX);
	}
}

static void
put_labelled(struct page *p, const char *label, enum report_kind kind,
    struct str text)
{
	if (text.len == 0)
		return;
	put_text(p, kind,
	    arena_printf(&p->a, "%s: %.*s", label, STR_ARG(text)));
}

static struct str
item_title(struct page *p, const struct case_item *it)
{
	struct str title = it->now->title;

	if (title.len == 0)
		title = str_slice(it->now->text, 0,
		    str_find(it->now->text, STR("\n"), 0));
	if (title.len == 0)
		title = STR("(no title)");
	return arena_printf(&p->a, "%.*s: %.*s", STR_ARG(it->id),
	    STR_ARG(title));
}

static struct str
dates(struct page *p, const struct case_item *it)
{
	struct str made = report_time(it->created, &p->a);

	if (it->now->time == it->created)
		return made;
	return arena_printf(&p->a, "%.*s, last changed %.*s", STR_ARG(made),
	    STR_ARG(report_time(it->now->time, &p->a)));
}

static struct str
region_code(struct page *p, const struct case_item *it)
{
	struct buf hex = { 0 };
	struct str text;

	if (!it->now->anchored || it->now->at.first == 0)
		return (struct str){ 0 };
	buf_hex(&hex, it->now->at.region.at, 8);
	text = arena_copy(&p->a, buf_view(&hex));
	buf_release(&hex);
	return text;
}

/* The vector and what it comes to; the vector alone when it is not one. */
static struct str
scored(struct page *p, struct str vector)
{
	struct cvss c;

	if (vector.len == 0 || cvss_read(&c, vector) != ERR_NONE) {
		err_clear();
		return vector;
	}
	return arena_printf(&p->a, "%u.%u %s, %.*s", c.overall / 10,
	    c.overall % 10, cvss_word(c.overall), STR_ARG(vector));
}

static struct str
scored4(struct page *p, struct str vector)
{
	struct cvss4 c;

	if (vector.len == 0 || cvss4_read(&c, vector) != ERR_NONE) {
		err_clear();
		return vector;
	}
	return arena_printf(&p->a, "%u.%u %s (%s), %.*s", c.score / 10,
	    c.score % 10, cvss_word(c.score), c.name, STR_ARG(vector));
}

static void
put_item_fields(struct page *p, const struct case_item *it)
{
	const struct entry *e = it->now;
	struct pairs f = { .n = 0 };

	if (e->type == ENTRY_FINDING) {
		pair(&f, "Severity", str_of(entry_severity_name(e->severity)));
		pair(&f, "Confidence",
		    str_of(entry_confidence_name(e->confidence)));
		pair(&f, "Status", str_of(entry_status_name(e->status)));
	}
	pair(&f, "Kind", e->class);
	pair(&f, "Weakness", e->cwe);
	pair(&f, "CVSS 4.0", scored4(p, e->cvss4));
	pair(&f, "CVSS 3.1", scored(p, e->cvss3));
	if (e->anchored) {
		pair(&f, "Release", report_release(it, &p->a));
		pair(&f, "Place", report_place(e, &p->a));
		pair(&f, "Commit",
		    str_of(
			arena_printf(&p->a, "%s", oid_text(&e->at.commit).hex)
			    .at));
		pair(&f, "Region code", region_code(p, it));
	}
	pair(&f, "Affected releases", report_list(&e->affected, &p->a));
	pair(&f, "Requirements", report_list(&e->requirements, &p->a));
	pair(&f, "By", it->from->author);
	pair(&f, "Written", dates(p, it));
	if (e->due > 0)
		pair(&f, "Answer due", report_time(e->due, &p->a));
	put_pairs(p, &f);
}

static void
put_item(struct page *p, const struct case_item *it)
{
	const struct entry *e = it->now;

	p->pen->heading(p->out, 3, it->id, item_title(p, it));
	put_item_fields(p, it);
	put_labelled(p, "Claim", REPORT_PLAIN, e->claim);
	put_text(p, REPORT_PLAIN, e->text);
	put_labelled(p, "Evidence", REPORT_PLAIN, e->evidence);
	put_labelled(p, "Remedy", REPORT_PLAIN, e->remediation);
	put_labelled(p, "Answer", REPORT_PLAIN, e->answer);
	put_labelled(p, "Restricted", REPORT_RED, e->red);
	if (e->red.len > 0)
		put_labelled(p, "Restricted to", REPORT_RED,
		    report_list(&e->recipients, &p->a));
	if (it->twin > 0)
		put_text(p, REPORT_PLAIN,
		    arena_printf(&p->a,
			"Hangs on the same lines as %.*s: "
			"possibly the same finding.",
			STR_ARG(p->c->items[it->twin - 1].id)));
}

static const struct {
	enum entry_type type;
	const char *id, *title, *none;
} parts[] = {
	{ ENTRY_FINDING, "findings", "Findings", "No finding was released." },
	{ ENTRY_QUESTION, "questions", "Questions to the vendor",
	    "No question was released." },
	{ ENTRY_NOTE, "notes", "Notes", "No note was released." },
};
enum { PARTS = sizeof parts / sizeof parts[0] };

static void
put_part(struct page *p, size_t part)
{
	if (report_count(p->c, parts[part].type) == 0 && part > 0)
		return;
	put_heading(p, 2, str_of(parts[part].id), parts[part].title);
	if (report_count(p->c, parts[part].type) == 0)
		put_text(p, REPORT_PLAIN, str_of(parts[part].none));
	for (uint32_t i = 0; i < p->c->n_items; i++)
		if (p->c->items[i].now->type == parts[part].type)
			put_item(p, &p->c->items[i]);
}

static void
put_contents(struct page *p)
{
	size_t n = 0, most = p->c->n_items + PARTS + 4;
	struct str *ids = arena_array(&p->a, most, struct str);
	struct str *texts = arena_array(&p->a, most, struct str);
	int *depths = arena_array(&p->a, most, int);

#define ENTRY(i, t, d) (ids[n] = (i), texts[n] = (t), depths[n] = (d), n++)
	ENTRY(STR("summary"), STR("Summary"), 2);
	for (size_t k = 0; k < PARTS; k++) {
		if (report_count(p->c, parts[k].type) == 0 && k > 0)
			continue;
		ENTRY(str_of(parts[k].id), str_of(parts[k].title), 2);
		for (uint32_t i = 0; i < p->c->n_items; i++)
			if (p->c->items[i].now->type == parts[k].type)
				ENTRY(p->c->items[i].id,
				    item_title(p, &p->c->items[i]), 3);
	}
	ENTRY(STR("method"), STR("Method"), 2);
	ENTRY(STR("limitations"), STR("Limitations"), 2);
#undef ENTRY
	p->pen->contents(p->out, ids, texts, depths, n);
}

static void
put_bars(struct page *p)
{
	struct str labels[SEVERITIES];
	uint32_t counts[SEVERITIES] = { 0 };

	for (int s = 0; s < SEVERITIES; s++)
		labels[s] = str_of(entry_severity_name(
		    (enum entry_severity)(SEVERITIES - 1 - s)));
	for (uint32_t i = 0; i < p->c->n_items; i++) {
		const struct entry *e = p->c->items[i].now;

		if (e->type == ENTRY_FINDING)
			counts[SEVERITIES - 1 - e->severity]++;
	}
	p->pen->bars(p->out, STR("Findings by severity"), labels, counts,
	    SEVERITIES);
}

static void
put_overview(struct page *p)
{
	enum { COLUMNS = 5 };
	uint32_t n = report_count(p->c, ENTRY_FINDING), row = 1;
	struct str *cells =
	    arena_array(&p->a, (size_t)(n + 1) * COLUMNS, struct str);
	static const char *const head[COLUMNS] = {
		"Finding",
		"Severity",
		"Status",
		"Weakness",
		"Place",
	};

	for (int i = 0; i < COLUMNS; i++)
		cells[i] = str_of(head[i]);
	for (uint32_t i = 0; i < p->c->n_items; i++) {
		const struct entry *e = p->c->items[i].now;
		struct str *cell = cells + (size_t)row * COLUMNS;

		if (e->type != ENTRY_FINDING)
			continue;
		cell[0] = item_title(p, &p->c->items[i]);
		cell[1] = str_of(entry_severity_name(e->severity));
		cell[2] = str_of(entry_status_name(e->status));
		cell[3] = e->cwe;
		cell[4] = report_place(e, &p->a);
		row++;
	}
	if (n > 0)
		p->pen->table(p->out, cells, n + 1, COLUMNS);
}

static void
put_summary(struct page *p)
{
	struct pairs f = { .n = 0 };

	put_heading(p, 2, STR("summary"), "Summary");
	pair(&f, "Findings",
	    arena_printf(&p->a, "%u", report_count(p->c, ENTRY_FINDING)));
	pair(&f, "Questions",
	    arena_printf(&p->a, "%u", report_count(p->c, ENTRY_QUESTION)));
	pair(&f, "Notes",
	    arena_printf(&p->a, "%u", report_count(p->c, ENTRY_NOTE)));
	pair(&f, "Exports", arena_printf(&p->a, "%u", p->c->n_bundles));
	put_pairs(p, &f);
	put_bars(p);
	put_overview(p);
}

static struct str
hash_text(struct page *p, const struct hash *h)
{
	struct buf hex = { 0 };
	struct str text;

	buf_hex(&hex, h->at, HASH_BYTES);
	text = arena_copy(&p->a, buf_view(&hex));
	buf_release(&hex);
	return text;
}

static void
put_bundle(struct page *p, const struct case_bundle *b)
{
	const struct findings_read *f = &b->said;
	struct pairs g = { .n = 0 };

	pair(&g, "Export", b->file);
	pair(&g, "What was read", f->title);
	pair(&g, "Auditor", b->author);
	pair(&g, "Exported", report_time(f->exported, &p->a));
	pair(&g, "Signed with key", b->key_id);
	pair(&g, "The signature says", b->comment);
	pair(&g, "Approvals", arena_printf(&p->a, "%u", b->n_approvals));
	for (uint32_t i = 0; i < f->n_releases; i++)
		pair(&g, "Release",
		    arena_printf(&p->a, "%.*s%s%.*s, commit %s",
			STR_ARG(f->releases[i].name),
			f->releases[i].status.len > 0 ? ", " : "",
			STR_ARG(f->releases[i].status),
			oid_text(&f->releases[i].commit).hex));
	pair(&g, "Manifest of the session, SHA-256", f->manifest);
	pair(&g, "Record", f->record);
	pair(&g, "Head of the record then", f->head);
	pair(&g, "findings.json, SHA-256", hash_text(p, &b->hash));
	pair(&g, "Sealed file, SHA-256", hash_text(p, &b->sealed));
	put_pairs(p, &g);
}

static void
put_method(struct page *p)
{
	put_heading(p, 2, STR("method"), "Method");
	put_text(p, REPORT_PLAIN,
	    STR("The source was read in Vitrine, which shows it and lets none "
		"of "
		"it out. Each finding hangs on lines of one commit. Its text "
		"was "
		"typed by the auditor, signed with the auditor's key, passed "
		"the "
		"checks that the session's rules name, and left as one sealed "
		"file. This report was made from the files below; each was "
		"opened, "
		"its signature was verified against the auditors that were "
		"given, and its bytes are named by their SHA-256."));
	put_text(p, REPORT_PLAIN,
	    STR("A region code stands for the bytes of the lines under a key "
		"that "
		"only the auditor's record holds. It proves to whoever opens "
		"that record which lines were meant, and tells nobody else "
		"anything about them."));
	for (uint32_t i = 0; i < p->c->n_bundles; i++)
		put_bundle(p, p->c->bundles[i]);
}

static void
put_limitations(struct page *p)
{
	put_heading(p, 2, STR("limitations"), "Limitations");
	put_text(p, REPORT_PLAIN,
	    STR("What is not listed here was not found; that is not a "
		"statement "
		"that it is not there. Only what was released from the room is "
		"in "
		"this report. A place outside the session's scope was not "
		"read."));
	put_text(p, REPORT_PLAIN,
	    STR("Whether a finding can be reached by an attacker in a given "
		"installation was judged from the source alone, unless its "
		"evidence says otherwise."));
	put_text(p, REPORT_PLAIN,
	    STR("Findings on the same lines are pointed out and never merged: "
		"whether they are one is for people to decide."));
}

static struct str
titles(struct page *p)
{
	struct str all = { 0 };

	for (uint32_t i = 0; i < p->c->n_bundles; i++) {
		struct str t = p->c->bundles[i]->said.title;

		if (t.len == 0 || str_find(all, t, 0) != SIZE_MAX)
			continue;
		all = arena_printf(&p->a, "%.*s%s%.*s", STR_ARG(all),
		    all.len > 0 ? ", " : "", STR_ARG(t));
	}
	return all.len > 0 ? all : STR("source");
}

void
report_compose(const struct case_file *c, const struct report_pen *pen,
    struct buf *out)
{
	struct page p = { .c = c, .pen = pen, .out = out };
	int64_t last = 0;

	/* No clock: the same case gives the same report. */
	for (uint32_t i = 0; i < c->n_bundles; i++)
		if (c->bundles[i]->said.exported > last)
			last = c->bundles[i]->said.exported;
	pen->start(out,
	    arena_printf(&p.a, "Review of %.*s", STR_ARG(titles(&p))),
	    arena_printf(&p.a, "as of %.*s", STR_ARG(report_time(last, &p.a))));
	put_contents(&p);
	put_summary(&p);
	for (size_t i = 0; i < PARTS; i++)
		put_part(&p, i);
	put_method(&p);
	put_limitations(&p);
	pen->finish(out);
	arena_release(&p.a);
}
