/*
 * file_view_move.h - from place to place in the file view, by what is there.
 *
 * Notes, functions, hazards, unreviewed lines; what differs from another
 * revision; and the other files of the list the file was opened from.
 */
#pragma once

#include "tui/view.h"

/* false, and it is said: there is none. */
bool file_view_move_unreviewed(struct pane *p, bool back);

void file_view_move_next_unreviewed(struct pane *p, const struct call *c);
void file_view_move_last_unreviewed(struct pane *p, const struct call *c);
/* Lines that one person alone reviewed. */
void file_view_move_next_one_pair(struct pane *p, const struct call *c);
void file_view_move_last_one_pair(struct pane *p, const struct call *c);
void file_view_move_next_note(struct pane *p, const struct call *c);
void file_view_move_last_note(struct pane *p, const struct call *c);
void file_view_move_next_function(struct pane *p, const struct call *c);
void file_view_move_last_function(struct pane *p, const struct call *c);
void file_view_move_next_hazard(struct pane *p, const struct call *c);
void file_view_move_last_hazard(struct pane *p, const struct call *c);
/* Changes against the older side of the last comparison, else against the
 * first parent of the commit. */
void file_view_move_next_change(struct pane *p, const struct call *c);
void file_view_move_last_change(struct pane *p, const struct call *c);
/* Of the list below, or in path order of the revision. */
void file_view_move_next_file(struct pane *p, const struct call *c);
void file_view_move_last_file(struct pane *p, const struct call *c);
/* The same content under its next name. */
void file_view_move_same(struct pane *p, const struct call *c);
