/*
 * file_view.h - what the file view keeps, and what its keys do.
 *
 * view_file.c draws; file_view.c moves, searches and selects;
 * file_view_commands.c is the table of keys.
 */
#pragma once

#include "tui/code.h"
#include "tui/file_reason.h"
#include "tui/gutter.h"
#include "tui/list.h"
#include "tui/reading.h"
#include "tui/seen.h"

/* Bytes of both sides that are compared while somebody waits. */
enum { FILE_VIEW_COMPARED = 8 << 20 };
/* Bytes of lines looked at for hazards in one slice. */
enum { FILE_VIEW_HAZARDS = 64 * 1024 };

struct file_view {
	struct list list; /* rows are lines - 1, or rows of hex */
	struct code code;
	struct gutter gutter;
	struct file_reason reason;
	struct seen seen;
	struct oid commit, blob;
	struct str path;
	uint8_t tab;             /* 0: eight columns */
	struct text_style style; /* as drawn last */
	bool hex;
	bool selecting;
	uint32_t mark;   /* line where the selection began */
	uint32_t column; /* byte the cursor wants, from 0 */
	uint32_t wanted; /* a line that is not counted yet, 0: none */
	unsigned timer;
	int64_t drawn; /* when the screen was asked for last */
	/* Of the line wrapped last: its parts, and where one of them begins. */
	struct {
		uint64_t row;
		int cols;
		uint32_t count, part;
		size_t byte;
	} wrapped;
	uint32_t deceives;      /* lines with a hazard, of those ... */
	uint32_t deceives_next; /* ... before this one */
	bool same_known;
	size_t same; /* other paths of this content */

	/* Lines where runs begin that another revision does not have so. */
	uint32_t *changes; /* in the arena of the pane */
	size_t n_changes;
	struct oid changes_base;
	bool changes_known;

	struct buf needle; /* of "/", "" none */
	uint32_t *hits;    /* lines that hold it, ascending */
	size_t n_hits, room_hits;
	uint64_t hit_line; /* what is lit beside the needle: a hazard */
	size_t hit_at, hit_len;
};

extern const struct command file_view_commands[];

void file_view_release(struct file_view *v);
/* The lines chosen with v; false: nothing is chosen. */
bool file_view_selection(const struct file_view *v, uint32_t *first,
    uint32_t *last);
/* The selection, or the selected line. */
void file_view_lines(const struct file_view *v, uint32_t *first,
    uint32_t *last);
void file_view_count(struct pane *p); /* rows are known anew */
void file_view_to(struct pane *p, uint32_t line, uint32_t column);
void file_view_hex(struct pane *p, bool on);
/* A slice of counting lines with hazards: of a pane; false: all were looked
 * at. */
bool file_view_hazards(void *arg);
void file_view_forget(struct file_view *v); /* what "/" looked for */
void file_view_find(struct pane *p, struct str text, bool back);
/* The word under the cursor, or the next one in the line; "" none. */
struct str file_view_word(struct file_view *v);
/* Glyphs to the right, negative to the left. */
void file_view_column(struct pane *p, int64_t by);
