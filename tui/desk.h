/*
 * desk.h - what the desk knows: two frames, one of which is on the screen.
 *
 * No terminal in here: room_desk.c wires this to one.  Every cell has been
 * through screen_cell() before it is kept.  The last row of the terminal is
 * the trusted line: its left part says who has the screen, in words of the
 * desk; the rest comes from the notes room and from nobody else.
 */
#pragma once

#include "core/rooms.h"
#include "tui/screen.h"

struct desk;

struct desk *desk_open(void); /* the reading room has the screen */
void desk_close(struct desk *d);

/* Size of the whole terminal; both frames become blank. */
void desk_resize(struct desk *d, const struct screen_size *terminal);
/* What the rooms are told: one row less. */
struct screen_size desk_room_size(const struct desk *d);
enum room desk_focus(const struct desk *d);

/* The messages; room is ROOM_READING or ROOM_NOTES, whose port it is.  What
 * only the notes room may send is not in the reading room's table. */
enum err desk_take_cells(struct desk *d, enum room r,
    struct str body) MUST_CHECK;
enum err desk_take_cursor(struct desk *d, enum room r,
    struct str body) MUST_CHECK;
enum err desk_take_show(struct desk *d, enum room r,
    struct str body) MUST_CHECK;
enum err desk_take_trusted(struct desk *d, struct str body) MUST_CHECK;
/* The screen goes over to a room; ERR_FORMAT as in screen.h. */
enum err desk_take_focus(struct desk *d, struct str body) MUST_CHECK;

/*
 * What has to be drawn: calls cell() for each cell of each changed row, then
 * forgets that it changed.  false: nothing to draw.  *row -1: no cursor.
 */
bool desk_draw(struct desk *d,
    void (*cell)(int row, int col, const struct cell *c), int *row, int *col);
void desk_repaint(struct desk *d); /* all of it changed */
/* A whole frame of the room in focus has been drawn once. */
bool desk_has_frame(const struct desk *d);
