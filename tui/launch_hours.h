/*
 * launch_hours.h - how long a visit to a session may last, and did.
 */
#pragma once

#include "core/loop.h"
#include "policy/visits.h"

struct launch_hours;

/*
 * Writes down that a visit has begun, and goes on writing until
 * launch_hours_close(); over() is called once, when `until` (seconds since
 * 1970, 0: never) has come by the clock, or as much time has passed by one
 * that nobody can set.  data and before are borrowed.  ERR_IO: the beginning
 * cannot be written, and then the hours could not be counted.
 */
enum err launch_hours_open(struct launch_hours **out, struct loop *l,
    const char *data, const struct visits *before, int64_t until,
    void (*over)(void *arg), void *arg) MUST_CHECK;
void launch_hours_close(struct launch_hours *h); /* NULL is fine */
