/*
 * around.h - a few lines of a file around a place, under a list of places.
 */
#pragma once

#include "core/encoding.h"
#include "core/git_repo.h"
#include "tui/canvas.h"

/* struct around a = { 0 }; is ready. */
struct around {
	bool open;
	struct oid blob;
	enum err rc; /* of reading it */
	struct git_bytes bytes;
	struct encoding_text converted;
	struct str text;
};
void around_release(struct around *a);

struct around_place {
	struct str path;
	struct oid blob;
	enum encoding encoding;
	uint32_t line; /* from 1 */
};

/* Rows that it wants of so many; 0: the screen is too low for it. */
int around_rows(int rows);
/* The file is read when it is another one than last time. */
void around_draw(struct around *a, struct git_repo *repo,
    const struct around_place *at, const struct canvas *c,
    struct text_style style);
