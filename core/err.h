/*
 * err.h - how a function says that it could not.
 *
 * The kind tells the caller what to do, the text tells a person what
 * happened.  Whoever finds the cause calls fail(); everyone above passes the
 * kind on.  The text never holds source under review, a note or a key.
 */
#pragma once

enum err {
	ERR_NONE,
	ERR_IO,      /* the system said no: disk full, read error, peer gone */
	ERR_FORMAT,  /* bytes from outside are not what they claim to be */
	ERR_ABSENT,  /* the thing asked for does not exist */
	ERR_DENIED,  /* rules, keys or walls do not allow it */
	ERR_LIMIT,   /* larger than core/limits.h or the rules allow */
	ERR_STOPPED, /* a person or a deadline stopped it */
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/*
 * Keeps the first text since err_clear() and returns kind, so that
 * "return fail(ERR_FORMAT, ...)" is one line.  Bytes that are not printable
 * ASCII are kept as <xx>, whatever the arguments held.
 */
enum err fail(enum err kind, const char *fmt, ...) PRINTF(2, 3);

/* The kept text, "" when there is none.  Valid until the next call here. */
const char *err_text(void);
void err_clear(void);

/* "denied", "absent": for logs and for a failure without a text. */
const char *err_name(enum err kind);

/*
 * Exit status of every program: 0 done, 1 ran but the answer is no,
 * 2 usage or environment, 3 bad input, 4 refused, 5 system.  A function so
 * that a program's main says "return err_status(rc)".
 */
int err_status(enum err kind);

/* A broken promise inside our own code, or no memory: says so and aborts. */
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_at(const char *file, int line, const char *fmt, ...)
    PRINTF(3, 4);
