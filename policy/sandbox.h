/*
 * sandbox.h - the walls of a room.
 *
 * Three layers, each tested alone: limits (no core, no files written, no
 * processes, not dumpable, no new privileges), Landlock (by the ABI the
 * kernel has), seccomp (an allowlist of system calls with exact arguments;
 * anything else kills the process).  Limits and seccomp must hold or
 * sandbox_enter() fails; Landlock may be missing, which is reported: seccomp
 * alone already covers truncation, sockets and ioctl.
 *
 * Before it: open descriptors, setlocale(), tzset() and one localtime_r(),
 * iconv_open(), terminfo, sodium_init(), git_libgit2_init(): whatever loads
 * a library or reads a file outside sandbox_paths.
 */
#pragma once

#include "core/rooms.h"
#include "policy/users.h"

/*
 * What a room may open by path; "" entries are fine.  Reading and worker
 * use read, notes uses write; the other rooms open nothing, whatever is
 * given.
 */
struct sandbox_paths {
	struct str read[2]; /* folders: files below may be read */
	struct str write;   /* folder: files below may be read and written */
	uint64_t answer;    /* bytes for a file that is open already; 0 */
};

/* What holds in this process since sandbox_enter(). */
struct sandbox_layers {
	bool limits;
	bool seccomp;
	int landlock; /* the ABI that was used; 0: the kernel has none */
};

/*
 * For the whole rest of the process; before any thread and before the first
 * byte from outside.  ERR_DENIED, with the text, when limits or seccomp
 * cannot be had: the room must end then.
 */
enum err sandbox_enter(enum room r, const struct sandbox_paths *p) MUST_CHECK;

struct sandbox_layers sandbox_report(void);

/*
 * The layers one by one, for sandbox_enter(), the probes and the tests that
 * show that each holds alone.  What needs memory or files is done in
 * _prepare, once for any number of children that apply it.
 */
struct sandbox_walls {
	enum room room;
	int abi;   /* of Landlock, 0: none */
	int rules; /* Landlock ruleset, or -1 */
	uint64_t answer;
	struct buf bpf; /* seccomp program */
};

enum err sandbox_prepare(struct sandbox_walls *w, enum room r,
    const struct sandbox_paths *p) MUST_CHECK;
void sandbox_release(struct sandbox_walls *w);

/* In this order. */
enum err sandbox_limits_apply(const struct sandbox_walls *w) MUST_CHECK;
enum err sandbox_landlock_apply(const struct sandbox_walls *w) MUST_CHECK;
enum err sandbox_seccomp_apply(const struct sandbox_walls *w) MUST_CHECK;

/*
 * Whether this process may become the users of rooms and end what they run:
 * it has CAP_SETUID, CAP_SETGID and CAP_KILL.
 */
bool sandbox_able(void);

/*
 * For vitrine-kiosk, before it becomes the launcher and in all that comes
 * after: no typing into the terminal of somebody else (TIOCSTI,
 * TIOCLINUX, TIOCSETD, TIOCCONS), no new privileges, nobody to become but
 * the users of rooms, and limits with which a session can work.  ERR_DENIED
 * when the caller has set them too low.
 */
enum err sandbox_kiosk(const struct users *u) MUST_CHECK;

struct sandbox_launch {
	const struct users *users;
	struct str writes[2]; /* folders; "": none */
	bool alone; /* no room runs yet: signals to others can be kept in */
};

/*
 * For the launcher, when nothing is left to do but to start rooms and to end
 * them: a list of system calls, everything else is "not permitted"; and Landlock,
 * where the kernel has it: all can be read, by those who may, and nothing
 * written but below these folders.  Every room that is started from then on inherits it, below its own walls.
 * ERR_DENIED when it cannot be had.
 */
enum err sandbox_launcher(const struct sandbox_launch *s) MUST_CHECK;

/* When desk, notes room and checker run, which are never started again: from
 * then on only the user of the reading rooms can be become. */
enum err sandbox_settled(const struct users *u) MUST_CHECK;
