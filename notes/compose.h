/*
 * compose.h - what a report for people says, in which order.
 */
#pragma once

#include "notes/eyes.h"
#include "notes/page.h"

/* The whole document, by that pen.  The same case gives the same bytes. */
void compose(const struct case_file *c, const struct report_pen *pen,
    struct buf *out);

/* Its parts: notes/compose_NAME.c. */
void compose_items(struct page *p);   /* findings, questions, notes ... */
void compose_summary(struct page *p); /* counts, charts, the overview */
void compose_fleet(struct page *p);   /* who is affected */
void compose_lists(struct page *p);   /* requirements */
void compose_cover(struct page *p);   /* what was read */
/* What the exports say of lines, in p->a; false: nothing.  Into rows by folder
 * where that is more; and what it comes to. */
bool compose_eyes(struct eyes *out, struct page *p);
void compose_unite(const struct eyes *e, struct findings_cover *rows, size_t n,
    struct arena *a);
void compose_lines(struct page *p, const struct eyes *e);
void compose_method(struct page *p); /* how, by whom, and its limits */
void compose_annex(struct page *p);  /* what the public numbers stand for */
