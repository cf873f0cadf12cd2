/*
 * book.h - what the record says now: items, their history, undo, search.
 *
 * Built in memory by handing it every entry in order (book_take); nothing
 * here is ever written.  What it hands out lives until book_close(), but
 * an item's now changes with the entries that come.
 */
#pragma once

#include "core/store.h"
#include "notes/cover.h"
#include "notes/entry.h"
#include "notes/pace.h"
#include "notes/worklist.h"

struct book;

struct book_item {
	uint64_t number; /* of the entry that first wrote it */
	enum entry_type type;
	int64_t created;         /* milliseconds since 1970 */
	const struct entry *now; /* NULL: undone or removed */
};

struct book *book_open(void);
void book_close(struct book *b); /* NULL is fine */

/* One entry; e->seq, e->time and what entry_read() made of it are copied.
 * ERR_FORMAT: it speaks of an entry that is not there. */
enum err book_take(struct book *b, const struct entry *e) MUST_CHECK;

/* Items in the order of their numbers, those that are gone included. */
size_t book_len(const struct book *b);
const struct book_item *book_at(const struct book *b, size_t i);
const struct book_item *book_find(const struct book *b, uint64_t number);

/* All versions of an item and its removals, oldest first, in a. */
struct book_change {
	const struct entry *entry;
	bool counts; /* false: undone */
};
size_t book_history(const struct book *b, uint64_t number, struct arena *a,
    struct book_change **out);

/* Entries that are no items and no coverage: open, close, slot,
 * certificate, export, mark; oldest first, in a.  type 0: all of these. */
size_t book_events(const struct book *b, enum entry_type type, struct arena *a,
    const struct entry ***out);
uint64_t book_last(const struct book *b); /* number of the last entry */
/* Whether the time before the last ENTRY_OPEN ended with a close. */
bool book_was_closed(const struct book *b);

/* The entry that undo (redo) would take back (bring back); NULL: none. */
const struct entry *book_undo(const struct book *b);
const struct entry *book_redo(const struct book *b);

/* Numbers of the items that hold all words of the query, in a. */
struct store_ids book_search(const struct book *b, struct arena *a,
    struct str query);

/* Worklists in the order they came, removed ones included; what they say
 * changes with the entries that come. */
size_t book_lists(const struct book *b);
const struct worklist *book_list_at(const struct book *b, size_t i);
const struct worklist *book_list(const struct book *b, uint64_t number);

/* How much was done on which day. */
const struct pace *book_pace(const struct book *b);

/* What was seen and what is reviewed, as far as it is recorded. */
const struct cover *book_cover(const struct book *b);

uint8_t book_glyph(enum entry_type t); /* N F ? A - C */
/* Glyphs for the gutter: one for each item that is anchored in a file. */
size_t book_marks(const struct book *b, struct arena *a, struct mark **out);
