/*
 * ask.h - a passphrase, typed at a terminal by a program without a screen.
 */
#pragma once

#include "core/seal.h"

/*
 * Asks on standard error, reads a line of standard input with the echo off;
 * out as for seal_secret_init(), room LIMIT_PASSPHRASE; the terminal is as it was
 * afterwards.  ERR_ABSENT: standard input is no terminal.  ERR_STOPPED: nothing
 * was typed, or ^C.  ERR_LIMIT: too long.
 */
enum err ask_passphrase(struct secret *out, const char *what) MUST_CHECK;
