/*
 * loop.h - one poll loop per process: descriptors, timers, signals, idle.
 *
 * No callback may block.  Signals arrive through a signalfd, so that none is
 * ever lost or runs in the middle of something.
 */
#pragma once

#include "core/err.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;

enum { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_HANGUP = 4 };

/* events: a set of the bits above.  Descriptors stay the caller's. */
typedef void loop_fn(void *arg, int events);
typedef void loop_timer_fn(void *arg);
typedef void loop_signal_fn(void *arg, int signal);
typedef bool loop_idle_fn(void *arg); /* true: call me again */

enum err loop_open(struct loop **out) MUST_CHECK; /* ERR_IO */
void loop_close(struct loop *l);                  /* NULL is fine */

/* One entry per descriptor; adding it again changes what is waited for. */
void loop_watch(struct loop *l, int fd, int events, loop_fn *fn, void *arg);
void loop_drop(struct loop *l, int fd); /* also from inside its callback */

/* Once, after ms; the id is never 0.  Cancel of a gone timer is fine. */
unsigned loop_after(struct loop *l, unsigned ms, loop_timer_fn *fn, void *arg);
void loop_cancel(struct loop *l, unsigned id);

/* Blocks the signal and calls fn for it.  Before other threads: there are
 * none.  Call once for each signal, before loop_run(). */
enum err loop_signal(struct loop *l, int signal, loop_signal_fn *fn,
    void *arg) MUST_CHECK;

/* Called whenever nothing else is ready, until it says false.  One each. */
void loop_idle(struct loop *l, loop_idle_fn *fn, void *arg);

/* Called before every sleep: where a screen is drawn once. */
void loop_before_sleep(struct loop *l, loop_timer_fn *fn, void *arg);

/* Until loop_stop(); returns what loop_stop() was given. */
enum err loop_run(struct loop *l) MUST_CHECK;
void loop_stop(struct loop *l, enum err why);

/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t loop_now(void);
