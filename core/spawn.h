/*
 * spawn.h - starting and ending processes: the one place that forks.
 *
 * A started program has exactly the descriptors it was given and no others,
 * exactly the environment it was given, default signals, no core dumps, no
 * new privileges, and is killed when its parent ends.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/err.h"

/* Descriptor `from` of this process becomes `to` (at most 255) of the new
 * one.  `to` 0, 1 and 2 that are not named are /dev/null. */
struct spawn_fd {
	int from, to;
};

/* Another user, without any other group. */
struct spawn_user {
	uid_t uid;
	gid_t gid;
};

struct spawn {
	const char *path;  /* absolute; there is no search */
	char *const *argv; /* ends with NULL; argv[0] included */
	char *const *env;  /* ends with NULL; NULL: empty */
	const struct spawn_fd *fds;
	size_t n_fds;
	bool orphan;     /* true: stays when its parent ends */
	bool session;    /* true: a session of its own, so without a terminal */
	uint64_t memory; /* bytes of address space it may use; 0: no bound */
	/* Who it is, which only a process that may change users can ask for;
	 * NULL: whoever starts it.  Either way no capability is handed on. */
	const struct spawn_user *user;
};

/* How a process ended. */
struct spawn_end {
	pid_t pid;
	int status; /* exit status, when signal is 0 */
	int signal; /* what killed it, or 0 */
};

/* A connected SOCK_SEQPACKET pair, both ends close-on-exec.  ERR_IO. */
enum err spawn_pair(int pair[2]) MUST_CHECK;

/* A pipe, both ends close-on-exec: [0] is read, [1] written.  ERR_IO. */
enum err spawn_pipe(int pair[2]) MUST_CHECK;

/* ERR_IO, with the text, also when the program cannot be executed: the
 * caller has no process then. */
enum err spawn_start(pid_t *pid, const struct spawn *s) MUST_CHECK;

/*
 * A copy of this process, with all that is in its memory and open, that does
 * run() and nothing else: it ends with what run() returns, and nothing that
 * is left to be done at the end of a program is done by it.  Default signals,
 * no core dumps, no new privileges, killed when its parent ends.  ERR_IO.
 */
enum err spawn_part(pid_t *pid, int (*run)(void *arg), void *arg) MUST_CHECK;
/* Memory, zeroed, that this process has in common with the parts that it
 * starts from then on.  ERR_IO.  NULL is fine for spawn_unshare(). */
enum err spawn_share(void **out, size_t bytes) MUST_CHECK;
void spawn_unshare(void *at, size_t bytes);

/* One child that has ended; false when none has.  Never blocks. */
bool spawn_reap(struct spawn_end *out);
/* Waits for this child. */
void spawn_wait(struct spawn_end *out, pid_t pid);
void spawn_kill(pid_t pid, int signal); /* a pid below 2 is a bug */

/*
 * Becomes the program, in this process: what vitrine-kiosk does.  As
 * spawn_start(), but 0 to 2 stay as they are unless named.  Returns only on
 * failure.
 */
enum err spawn_become(const struct spawn *s) MUST_CHECK;
