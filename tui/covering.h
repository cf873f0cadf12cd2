/*
 * covering.h - what was seen in the source on its way into the record, and
 * all marks on their way to the gutter.
 *
 * Lines that were seen are gathered in memory, also while the vault is
 * locked, and recorded once a minute and when the vault is closed.
 */
#pragma once

#include "tui/noting.h"

struct covering;

struct covering *covering_open(struct noting *n);
void covering_close(struct covering *c); /* records nothing; NULL is fine */

void covering_seen(struct covering *c, const struct anchor *an);
/* Now, if the vault is open. */
void covering_record(struct covering *c);
/* Every mark there is, to the reading room. */
void covering_send(struct covering *c);
