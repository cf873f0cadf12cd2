/*
 * outputs.h - where a report goes: files whose suffix says the format.
 */
#pragma once

#include "notes/case.h"
#include "notes/request.h"

/* That there is something to write, and how.  "FILE.html.age" is the page,
 * sealed to o->to. */
enum err outputs_check(const struct request *o) MUST_CHECK;

/* Each file whole or not at all; sets the reader of c.  ERR_ABSENT: nobody
 * of that name gets anything. */
enum err outputs_write(struct case_file *c, const struct request *o) MUST_CHECK;

/* What the case holds, one line on standard error; twice: exports that were
 * given again. */
void outputs_say(const struct case_file *c, uint32_t twice);
