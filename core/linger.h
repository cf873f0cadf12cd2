/*
 * linger.h - the last line on a screen, before the screen goes.
 *
 * A console is cleared as soon as its login has ended: what was said last is
 * read by nobody, unless the program stays.
 */
#pragma once

/* Asks for Enter on standard error and waits for it, a minute at most.
 * Nothing where input or errors are no terminal. */
void linger_for_enter(void);
