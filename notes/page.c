#include "notes/page.h"

void
page_field(struct page_fields *f, const char *label, struct str value)
{
	if (value.len == 0 || f->n + 2 > PAGE_FIELDS)
		return;
	f->at[f->n++] = str_of(label);
	f->at[f->n++] = value;
}

void
page_fields(struct page *p, const struct page_fields *f)
{
	if (f->n > 0 && !p->collecting)
		p->pen->fields(p->out, f->at, f->n / 2);
}

static void
collect(struct page *p, int depth, struct str id, struct str text)
{
	if (p->n == p->room) {
		size_t room = 2 * p->room + 64;
		struct str *ids = arena_array(&p->a, room, struct str);
		struct str *texts = arena_array(&p->a, room, struct str);
		int *depths = arena_array(&p->a, room, int);

		for (size_t i = 0; i < p->n; i++) {
			ids[i] = p->ids[i];
			texts[i] = p->texts[i];
			depths[i] = p->depths[i];
		}
		p->ids = ids;
		p->texts = texts;
		p->depths = depths;
		p->room = room;
	}
	p->ids[p->n] = id;
	p->texts[p->n] = text;
	p->depths[p->n++] = depth;
}

void
page_heading(struct page *p, int depth, struct str id, struct str text)
{
	if (p->collecting)
		collect(p, depth, id, text);
	else
		p->pen->heading(p->out, depth, id, text);
}

void
page_text(struct page *p, enum report_kind kind, struct str text)
{
	while (text.len > 0 && !p->collecting) {
		size_t end = str_find(text, STR("\n\n"), 0);
		struct str one = str_slice(text, 0, end);

		if (str_trim(one).len > 0)
			p->pen->text(p->out, kind, one);
		if (end == SIZE_MAX)
			break;
		text = str_slice(text, end + 2, SIZE_MAX);
	}
}

void
page_labelled(struct page *p, const char *label, enum report_kind kind,
    struct str text)
{
	if (text.len == 0 || p->collecting)
		return;
	page_text(p, kind,
	    arena_printf(&p->a, "%s: %.*s", label, STR_ARG(text)));
}

void
page_table(struct page *p, const struct str *cells, size_t rows, size_t columns)
{
	if (rows > 1 && !p->collecting)
		p->pen->table(p->out, cells, rows, columns);
}

void
page_cite(struct page *p, struct str line)
{
	if (line.len > 0 && !p->collecting)
		p->pen->cite(p->out, line);
}

struct str
page_hash(struct page *p, const struct hash *h)
{
	struct buf hex = { 0 };
	struct str text;

	buf_hex(&hex, h->at, HASH_BYTES);
	text = arena_copy(&p->a, buf_view(&hex));
	buf_release(&hex);
	return text;
}

struct str
page_title(struct page *p, const struct case_item *it)
{
	struct str title = it->now->title;

	if (title.len == 0)
		title = str_slice(it->now->text, 0,
		    str_find(it->now->text, STR("\n"), 0));
	if (title.len == 0)
		title = STR("(no title)");
	title = report_text_for(p->c, it, title, &p->a);
	return arena_printf(&p->a, "%.*s: %.*s",
	    STR_ARG(case_number(it, &p->a)), STR_ARG(title));
}

struct str
page_count(struct page *p, uint32_t n)
{
	return arena_printf(&p->a, "%u", n);
}
