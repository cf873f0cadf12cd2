/*
 * report.h - a case as a document.
 *
 * A format is notes/report_NAME.c with one const struct report report_NAME;
 * the table is made from the file names.  Formats for people share one
 * composition, compose(), and bring a pen that knows how a heading, a
 * paragraph and a table look; they escape everything they are given, since
 * all of it was typed by somebody or came from a repository.
 */
#pragma once

#include "notes/case.h"

struct report {
	const char *name;   /* what -f takes */
	const char *suffix; /* of a file name, what -o goes by */
	const char *about;  /* one line for the usage */
	void (*write)(const struct case_file *c, struct buf *out); /* appends */
};

/* By name or suffix; NULL when there is none. */
const struct report *report_find(struct str word);
const struct report *report_at(size_t i); /* NULL beyond the last */

enum report_kind {
	REPORT_PLAIN,
	REPORT_RED, /* for the named recipients only: marked as such */
};

/* All text is UTF-8; LF stands between lines of a paragraph only. */
struct report_pen {
	void (*start)(struct buf *out, struct str title, struct str subtitle);
	/* depth 2 or 3; id names the place for links */
	void (*heading)(struct buf *out, int depth, struct str id,
	    struct str text);
	void (*contents)(struct buf *out, const struct str *ids,
	    const struct str *texts, const int *depths, size_t n);
	void (*text)(struct buf *out, enum report_kind kind, struct str text);
	/* pairs of a label and a value; empty values are left out before */
	void (*fields)(struct buf *out, const struct str *pairs, size_t n);
	/* the first row is the head */
	void (*table)(struct buf *out, const struct str *cells, size_t rows,
	    size_t columns);
	void (*bars)(struct buf *out, struct str title,
	    const struct str *labels, const uint32_t *counts, size_t n);
	/* lines of text by folder: how many were seen and reviewed */
	void (*heat)(struct buf *out, struct str title,
	    const struct findings_cover *rows, size_t n);
	/* one line that a program reads back: never escaped, wrapped between
	 * its words at most */
	void (*cite)(struct buf *out, struct str line);
	void (*finish)(struct buf *out);
};

/* Pieces that several formats use. */
/* The lines of text with everything hidden made visible; in a. */
struct str report_shown(struct str text, struct arena *a);
struct str report_place(const struct entry *e, struct arena *a);
struct str report_time(int64_t ms,
    struct arena *a); /* "2024-02-29 12:30 UTC" */
struct str report_list(const struct entry_list *l, struct arena *a);
/* The name a release has in the session, or 12 digits of the commit. */
struct str report_release(const struct case_item *it, struct arena *a);
/* "9.8 critical (CVSS-B), CVSS:4.0/..."; the vector alone when it is none. */
struct str report_scored(struct arena *a, struct str vector);
/* "V2 c=...", or empty: no code came with it, or the reader may not have the
 * place. */
struct str report_citation(const struct case_file *c,
    const struct case_item *it, struct arena *a);
/*
 * What the reader of c may have of a text: in a public report a citation is
 * a number, "[F-7.C1]", which the annex resolves.  text is one of
 * report_texts().
 */
struct str report_text_for(const struct case_file *c,
    const struct case_item *it, struct str text, struct arena *a);
enum { REPORT_TEXTS = 6 };
void report_texts(const struct entry *e, struct str out[REPORT_TEXTS]);
/* Whether the reader gets the red part, and the places. */
bool report_red_for(const struct case_file *c, const struct case_item *it);
bool report_place_for(const struct case_file *c);
/* Whether these pages of source are for that finding; and the finding that
 * they are for, "F-7", or its number in the record; in a. */
bool report_pages_for(const struct case_pages *g, const struct case_item *it);
struct str report_pages_what(const struct case_file *c,
    const struct case_pages *g, struct arena *a);
/* Whether anything is for that recipient. */
bool report_recipient(const struct case_file *c, struct str name);
uint32_t report_count(const struct case_file *c, enum entry_type type);
