/*
 * commits.h - rows of commits: what log and first screen share.
 *
 * What a row shows is read when it is drawn; the last few hundred are kept.
 */
#pragma once

#include "tui/list.h"
#include "tui/reading.h"

enum { COMMITS_KEPT = 512 };

struct commits_row {
	bool known;
	struct oid id;
	struct buf date, author, subject;
	bool bad; /* cannot be read */
};

struct commits {
	struct reading *r;
	struct oid *ids;
	size_t len, room;
	struct commits_row *kept; /* COMMITS_KEPT, slot row % COMMITS_KEPT */
};

void commits_init(struct commits *c, struct reading *r);
void commits_release(struct commits *c);
void commits_add(struct commits *c, const struct oid *id);

/* Id, date, author, names of it, subject. */
void commits_draw(struct commits *c, size_t i, const struct list_row *r,
    const struct canvas *line);
/* "1a3e64c6c4 2024-12-06 Author subject", for searching. */
struct str commits_text(struct commits *c, size_t i, struct buf *b);
