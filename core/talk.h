/*
 * talk.h - what reading room and notes room say to each other: the bodies of
 * MSG_COMPOSE to MSG_NEWS (core/messages.h).
 *
 * Anchors, marks, names and one-line news; never text of the source.  Bodies
 * are written with core/wire.h:
 *
 *   MSG_COMPOSE      u8 what ('N', 'F', '?'), anchor
 *   MSG_OPEN_VIEW    str name, u64 number (of an item; 0: none)
 *   MSG_SEEN         u32 milliseconds, anchor
 *   MSG_REVIEWED     u8 is, anchor
 *   MSG_CERTIFICATE  str text (search certificate, core/search.h)
 *   MSG_LEAVE        nothing
 *   MSG_UNDO         u8 redo
 *   MSG_MARKS        u8 TALK_FIRST | TALK_LAST, u16 n, n marks
 *   MSG_GOTO         anchor
 *   MSG_NEWS         u8 enum role of tui/cell.h, str line
 *
 * Marks come in as many messages as they need: the one with TALK_FIRST
 * forgets all from before.
 */
#pragma once

#include "core/anchor.h"
#include "core/port.h"

enum { TALK_FIRST = 1, TALK_LAST = 2 };

enum {
	TALK_NAME = 64,               /* bytes of a view's name */
	TALK_LINE = 1024,             /* of a line of news */
	TALK_CERTIFICATE = 32 * 1024, /* of a certificate */
	/* longest body with an anchor in it, for port rows */
	TALK_ANCHOR = 2 * OID_BYTES + 4 + 4096 + 8 + HASH_BYTES + 8,
};

struct talk_compose {
	uint8_t what; /* 'N', 'F' or '?' */
	struct anchor at;
};
struct talk_view {
	struct str name;
	uint64_t number;
};
struct talk_seen {
	uint32_t ms;
	struct anchor at;
};
struct talk_reviewed {
	bool is;
	struct anchor at;
};
struct talk_news {
	uint8_t role;
	struct str line; /* printable ASCII or UTF-8; drawn as hostile text */
};

void talk_write_compose(struct buf *b, const struct talk_compose *c);
void talk_write_view(struct buf *b, const struct talk_view *v);
void talk_write_seen(struct buf *b, const struct talk_seen *s);
void talk_write_reviewed(struct buf *b, const struct talk_reviewed *r);
void talk_write_text(struct buf *b, struct str text); /* certificate */
void talk_write_undo(struct buf *b, bool redo);
void talk_write_goto(struct buf *b, const struct anchor *an);
void talk_write_news(struct buf *b, const struct talk_news *n);

/* ERR_FORMAT for whatever does not fit; strings in a. */
enum err talk_read_compose(struct talk_compose *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err talk_read_view(struct talk_view *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err talk_read_seen(struct talk_seen *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err talk_read_reviewed(struct talk_reviewed *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err talk_read_text(struct str *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err talk_read_undo(bool *redo, struct str body) MUST_CHECK;
enum err talk_read_goto(struct anchor *out, struct arena *a,
    struct str body) MUST_CHECK;
enum err talk_read_news(struct talk_news *out, struct arena *a,
    struct str body) MUST_CHECK;

/* All marks, in as many MSG_MARKS as they need. */
void talk_send_marks(struct port *p, const struct mark *marks, size_t n);
/* One message of them: *flags, and fn for each mark (strings in a). */
enum err talk_read_marks(uint8_t *flags, struct arena *a, struct str body,
    void (*fn)(void *arg, const struct mark *m), void *arg) MUST_CHECK;
