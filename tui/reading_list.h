/*
 * reading_list.h - worklists in the room that has the source.
 *
 * The notes room keeps places, hashes and verdicts; the text of the lines is
 * looked up here each time.  One worklist is shown at a time.
 */
#pragma once

#include "core/anchor.h"
#include "core/hitlist.h"
#include "core/search_drive.h"

struct reading;
struct reading_search;

/*
 * Makes a worklist of hits of a search (numbers in its list) and hands it to
 * the notes room, in slices: the message row says so.  All is copied but the
 * certificate, which must be there.  from: the list it runs again, or 0.
 */
void reading_list_make(struct reading *r, const struct reading_search *s,
    const uint32_t *hits, size_t n, struct str title, uint64_t from);

/* The worklist that was made last is what an assumption about this place
 * rests on: it is written when the record has the list. */
void reading_list_assume(struct reading *r, const struct anchor *at);

/* Searches commit again for what the list that is shown was made of, and
 * makes a worklist of all that is found.  The message row says what comes. */
void reading_list_again(struct reading *r, const struct oid *commit,
    struct str name);

/* The title of a worklist of the hazard sweep, in place of its pattern.  That
 * sweep leaves out what looks_binary(). */
#define READING_LIST_HAZARDS "hazards"

/* MSG_LIST, whole, and MSG_VERDICTS.  ERR_FORMAT. */
enum err reading_list_take(struct reading *r, struct str bytes) MUST_CHECK;
enum err reading_list_said(struct reading *r, struct str body) MUST_CHECK;
/* NULL: none was opened.  Changes with the next one. */
const struct hitlist *reading_list_now(const struct reading *r);
/* The text of a hit's line without blanks in front, "" when its file cannot
 * be read; lives as long as the list. */
struct str reading_list_text(struct reading *r, uint32_t hit);
/* To the notes room: hits first..last of pairs, from 1. */
void reading_list_say(struct reading *r, uint8_t verdict, bool ask,
    const uint32_t *spans, uint32_t n);

/* "]h" steps through the worklist and not the last search: while a worklist
 * was used last.  The hit that was shown last. */
bool reading_list_steps(struct reading *r, size_t **at);
void reading_list_step(struct reading *r, bool on, uint32_t at);

void reading_list_release(struct reading *r);
