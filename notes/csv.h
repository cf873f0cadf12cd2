/*
 * csv.h - tables as text (RFC 4180), read strictly.
 *
 * The first line is the head; every later one has as many cells.  Cells in
 * quotation marks may hold commas, line breaks and doubled quotation marks.
 * Lines end with LF or CR LF; a byte order mark in front is skipped.
 */
#pragma once

#include "core/arena.h"

enum { CSV_COLUMNS_MAX = 64, CSV_ROWS_MAX = 1000 * 1000 };

struct csv {
	struct str *cells; /* columns beside each other, rows below; no head */
	uint32_t columns, rows;
	struct str head[CSV_COLUMNS_MAX];
	uint32_t *lines; /* of each row in the text, from 1 */
};

/* Cells are borrowed from text or in a.  ERR_FORMAT: "name:line: what". */
enum err csv_read(struct csv *out, struct arena *a, const char *name,
    struct str text) MUST_CHECK;

/* Case and blanks at the ends do not matter; -1: there is none. */
int csv_column(const struct csv *c, const char *name);
struct str csv_cell(const struct csv *c, uint32_t row, int column);
