/*
 * sending.h - what the jobs "feed" and "prints" have in common: which blobs,
 * in which order, and sending them.
 */
#pragma once

#include "core/job_feed.h"

/* args as in job_feed.h; fd takes MSG_BLOB, -1: there is nobody. */
enum err sending_run(struct job_run *run, struct str args, int fd) MUST_CHECK;
