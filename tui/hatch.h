/*
 * hatch.h - what is handed between the reading room and the notes room.
 *
 * Anchors, marks, names of views, certificates: typed, bounded, and never a
 * text of the source.  Bodies, with core/wire.h:
 *
 *   MSG_COMPOSE      u8 enum hatch_what, u64 worklist it rests on, anchor
 *   MSG_OPEN_VIEW    str view, u64 number, anchor
 *   MSG_SEEN         anchor
 *   MSG_REVIEWED     u8 0 or 1, anchor
 *   MSG_CERTIFICATE  pieces of search_certificate_write()
 *   MSG_LEAVE        nothing
 *   MSG_UNDO         u8 0 undo, 1 redo
 *   MSG_MARKS        pieces of marks one after the other, replaces all
 *   MSG_GOTO         anchor
 *   MSG_PLACE        u8 letter a to z, str view, anchor without a region:
 *                    both ways, a mark and one that the record has
 *   MSG_NEWS         str, one line
 *   MSG_LIST         pieces of hitlist_write(), both ways: a new worklist;
 *                    one to be shown
 *   MSG_VERDICTS     u64 list, u8 verdict, u8 1: ask for a reason, u32 n,
 *                    n times u32 first, u32 last: hits from 1, ascending;
 *                    back: that is what the record says now
 *
 * A piece is u8 flags (1 the first, 2 the last), then bytes: what may be
 * longer than one message.
 */
#pragma once

#include "core/anchor.h"
#include "core/limits.h"
#include "core/port.h"

enum hatch_what {
	HATCH_NOTE = 'N',
	HATCH_FINDING = 'F',
	HATCH_QUESTION = '?',
	HATCH_ASSUMPTION = 'A',
	HATCH_CITATION = 'C',
	HATCH_EDIT = 'e', /* what was written about this line, anew */
};

enum {
	HATCH_ANCHOR_MAX = LIMIT_PATH + 128, /* bytes of an anchor, at most */
	HATCH_VIEW_MAX = 64,                 /* bytes of a name of a view */
	HATCH_NEWS_MAX = 1024,               /* bytes of a line of news */
	HATCH_PIECE = 32 * 1024,
	HATCH_WHOLE = 64 * 1024 * 1024, /* all pieces together */
};

struct hatch_compose {
	enum hatch_what what;
	struct anchor at;
	uint64_t list; /* worklist that it rests on; 0: none */
};

struct hatch_open {
	struct str view;  /* a-z, 0-9 and - only */
	uint64_t number;  /* of a note, a list; 0: none */
	struct anchor at; /* all zero: nowhere */
};

enum { HATCH_SPANS = 4096 };

struct hatch_place {
	uint8_t letter;  /* a to z */
	struct str view; /* as above */
	struct anchor at;
};

struct hatch_verdicts {
	uint64_t list;
	uint8_t verdict;       /* enum hitlist_verdict */
	bool ask;              /* for a reason, in the notes room */
	const uint32_t *spans; /* pairs */
	uint32_t n;            /* pairs, 1 to HATCH_SPANS */
};

struct hatch_reviewed {
	bool is;
	struct anchor at;
};

/* Readers: strings in a; ERR_FORMAT, and *out as before, for anything that
 * is not exactly as above. */
void hatch_write_compose(struct buf *b, const struct hatch_compose *c);
enum err hatch_read_compose(struct hatch_compose *out, struct arena *a,
    struct str body) MUST_CHECK;
void hatch_write_open(struct buf *b, const struct hatch_open *o);
enum err hatch_read_open(struct hatch_open *out, struct arena *a,
    struct str body) MUST_CHECK;
void hatch_write_reviewed(struct buf *b, const struct hatch_reviewed *r);
enum err hatch_read_reviewed(struct hatch_reviewed *out, struct arena *a,
    struct str body) MUST_CHECK;
void hatch_write_verdicts(struct buf *b, const struct hatch_verdicts *v);
enum err hatch_read_verdicts(struct hatch_verdicts *out, struct arena *a,
    struct str body) MUST_CHECK;
void hatch_write_place(struct buf *b, const struct hatch_place *p);
enum err hatch_read_place(struct hatch_place *out, struct arena *a,
    struct str body) MUST_CHECK;
/* MSG_SEEN and MSG_GOTO */
enum err hatch_read_anchor(struct anchor *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err hatch_read_undo(bool *redo, struct str body) MUST_CHECK;
enum err hatch_read_news(struct str *out, struct arena *a,
    struct str body) MUST_CHECK;

/* Sends all of bytes in pieces; "" is one empty piece. */
void hatch_send(struct port *p, uint16_t type, struct str bytes);
/* Puts pieces together in all.  *whole: that was the last; the caller reads
 * all before the next piece. */
enum err hatch_take(struct buf *all, bool *whole, struct str body) MUST_CHECK;

/* The marks of a whole MSG_MARKS, in a. */
struct hatch_marks {
	struct mark *at;
	size_t len;
};
enum err hatch_read_marks(struct hatch_marks *out, struct arena *a,
    struct str all) MUST_CHECK;
