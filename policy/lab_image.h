/*
 * lab_image.h - what the commands about session images share.
 */
#pragma once

#include "policy/lab.h"
#include "policy/session.h"

/* -p KEY.pub, or the keys that are trusted here. */
enum err lab_image_trust(struct session_trust *trust,
    const struct lab_args *args) MUST_CHECK;
/* A name from outside, what is not printable ASCII as <XX>. */
void lab_image_name(struct buf *b, struct str name);

extern const struct lab_command lab_image_verify, lab_image_countersign,
    lab_image_squash, lab_diff;
