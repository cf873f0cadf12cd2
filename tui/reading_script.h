/*
 * reading_script.h - a search for a script: the reading room without a desk
 * and without a notes room sends what it finds to the launcher.
 */
#pragma once

#include "core/err.h"

struct port;
struct reading;
struct reading_script;

/*
 * Begins the search that reading_start() names and sends MSG_FOUND, then
 * MSG_FOUND_ALL, to the launcher, never more at a time than it takes.
 * failed() is called at most once, from the loop, with the text set, when
 * there is no result to send.
 */
enum err reading_script_open(struct reading_script **out, struct reading *r,
    struct port *launcher, void (*failed)(void *arg, enum err rc),
    void *arg) MUST_CHECK;
void reading_script_close(struct reading_script *s); /* NULL is fine */
