/*
 * forbidden.h - what must never reach a terminal.
 *
 * The deny list of every suite: unit tests of the terminal, and every byte
 * that any program writes in a journey.
 */
#pragma once

#include "core/str.h"

/*
 * "" or what stands in these bytes that must never reach a terminal: OSC,
 * DCS and other strings, media copy, window operations, questions that make
 * the terminal type an answer, mouse and clipboard modes, control bytes and
 * characters that are not to be seen.
 */
void forbidden_find(struct str bytes, struct buf *what);
