/*
 * twins.h - findings that may be one: proposed, never merged.
 */
#pragma once

#include "notes/case.h"

/*
 * Fills pairs and each item's twin: findings on overlapping lines of the
 * same file, on the very same lines of the same file under another commit
 * (their codes are equal), or with the same title or claim.  Then takes what
 * was decided about them: of those declared one, the first by severity and
 * arrival leads.
 */
void twins_find(struct case_file *c);
