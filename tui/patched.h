/*
 * patched.h - a release as a patch sees it: its files, and what they hold.
 */
#pragma once

#include "core/patchfile.h"
#include "tui/code.h"
#include "tui/reading.h"

/* The path as the patch has it, or the only one of the revision that ends so;
 * "" when there is none.  Of the listing, for a moment. */
struct str patched_path(struct reading *r, const struct oid *commit,
    struct str path);
/* All of it; ERR_ABSENT: not delivered.  *c is the caller's either way. */
enum err patched_open(struct code *c, struct reading *r,
    const struct oid *commit, struct str path) MUST_CHECK;
/* Of each hunk of the file: out is that of the whole patch. */
void patched_judge(const struct patchfile *p, const struct patchfile_file *f,
    struct str text, struct patchfile_verdict *out);
