/*
 * page.h - a report while it is written, for notes/compose*.c.
 *
 * The body is written twice: the first time only its headings are kept, for
 * the contents.
 */
#pragma once

#include "notes/report.h"

struct page {
	const struct case_file *c;
	const struct report_pen *pen;
	struct buf *out;
	struct arena a;
	bool collecting;
	struct str *ids, *texts;
	int *depths;
	size_t n, room;
};

/* Values of one thing, or rows of a table; empty values are left out. */
enum { PAGE_FIELDS = 64 };
struct page_fields {
	struct str at[PAGE_FIELDS];
	size_t n;
};
void page_field(struct page_fields *f, const char *label, struct str value);
void page_fields(struct page *p, const struct page_fields *f);

void page_heading(struct page *p, int depth, struct str id, struct str text);
/* Paragraphs are what stands between empty lines. */
void page_text(struct page *p, enum report_kind kind, struct str text);
void page_labelled(struct page *p, const char *label, enum report_kind kind,
    struct str text);
void page_table(struct page *p, const struct str *cells, size_t rows,
    size_t columns);
void page_cite(struct page *p, struct str line);
struct str page_hash(struct page *p, const struct hash *h);
/* "F-7: title" */
struct str page_title(struct page *p, const struct case_item *it);
struct str page_count(struct page *p, uint32_t n);
