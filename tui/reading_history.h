/*
 * reading_history.h - an index of history where no session has one.
 *
 * With the first question about history one worker begins to make it, in the
 * background and in its own memory; whatever else is to be done goes first.
 * Once it is there, that worker is asked before others.
 */
#pragma once

#include <stdbool.h>

#include "core/err.h"

struct reading;

/* A job of that name was asked for: is it one about history? */
bool reading_history_asks(const char *job);
void reading_history_want(struct reading *r);
/* Nothing else is to be done now. */
void reading_history_idle(struct reading *r);

/* Stops the making of it for a while; false: it does not run. */
bool reading_history_yield(struct reading *r, unsigned worker);
bool reading_history_yield_any(struct reading *r);
/* That worker was started anew: what it knew is lost. */
void reading_history_lost(struct reading *r, unsigned worker);
/* A person does not want it; until the room ends. */
void reading_history_stop(struct reading *r);

/* The worker that has it, or -1. */
int reading_history_worker(const struct reading *r);
