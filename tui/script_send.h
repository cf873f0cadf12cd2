/*
 * script_send.h - the lines a search has found, sent on their way to a
 * script: the side of the room that searches.
 */
#pragma once

#include "core/port.h"
#include "core/search_drive.h"

struct script_send {
	struct port *launcher;
	bool count; /* only how many lines */
	/* The name of a release of the search. */
	struct str (*name)(void *arg, uint32_t release);
	/* The text of the line of a hit of which the excerpt is not all. */
	enum err (*line)(void *arg, struct str *out, const struct search_hit *h,
	    const struct search_file *f);
	void *arg;

	/* Zero before.  What is sent next: this hit, at this place, from
	 * this byte of its text on. */
	struct buf out;
	size_t hit, done;
	uint32_t place;
	struct str text;
	bool has_text;
	uint64_t lines;
};

/* Sends what is known, as far as the launcher takes it now.  *all: every hit
 * in the list is sent. */
enum err script_send_more(struct script_send *s, struct search_drive *d,
    bool *all) MUST_CHECK;
/* The certificate; nothing may follow. */
void script_send_end(struct script_send *s, const struct search_certificate *c);
void script_send_release(struct script_send *s);

/* A line of a text, without its LF, searched from where the last one was
 * found.  { .text = ..., .line = 1 } at first. */
struct script_look {
	struct str text;
	size_t at; /* where line begins */
	uint32_t line;
};
struct str script_look_line(struct script_look *l, uint32_t line);
