/*
 * requirements.h - the checklists that a finding's requirements are of: those
 * of the session, then those that come with Vitrine.
 */
#pragma once

#include "notes/shipped.h"
#include "policy/rules.h"

struct requirements;

struct requirements *requirements_open(void);
void requirements_close(struct requirements *r); /* NULL is fine */

/* A file of the session; both are kept by pointer and read when somebody
 * asks first. */
void requirements_add(struct requirements *r, struct str name, struct str text);
/* Those that the rules name, from descriptors first, first + 1, ... */
enum err requirements_take(struct requirements *r, const struct rules *rules,
    int first) MUST_CHECK;
/* All that can be read.  *wrong is what is said of those that cannot, "" when
 * all can; both live as long as r. */
const struct shipped *requirements_all(struct requirements *r,
    struct str *wrong);
