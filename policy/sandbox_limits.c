/*
 * The first layer: what needs no filter.  Not dumpable: other processes of
 * the same user cannot read or trace this one.  No capabilities, so that a
 * session started by root is walled off like any other.
 */
#include "policy/sandbox_layer.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MIB ((rlim_t)1024 * 1024)

/* Private memory.  Mapped files do not count. */
static const rlim_t room_data[ROOMS] = {
	[ROOM_DESK] = 256 * MIB,
	[ROOM_READING] = 3072 * MIB,
	[ROOM_NOTES] = 3072 * MIB,
	[ROOM_WORKER] = 3072 * MIB,
	[ROOM_SEARCH] = 2048 * MIB,
	[ROOM_CHECK] = 3072 * MIB,
};

/* Packs of a repository are kept open, one descriptor each. */
static const rlim_t room_files[ROOMS] = {
	[ROOM_DESK] = 64,
	[ROOM_READING] = 4096,
	[ROOM_NOTES] = 256,
	[ROOM_WORKER] = 4096,
	[ROOM_SEARCH] = 64,
	[ROOM_CHECK] = 64,
};

/* A soft and a hard limit of max, or of what it already is when less. */
static enum err
lower(int what, const char *name, rlim_t max)
{
	struct rlimit now;

	if (getrlimit(what, &now) == 0) {
		if (now.rlim_max < max)
			max = now.rlim_max;
		now = (struct rlimit){ max, max };
		if (setrlimit(what, &now) == 0)
			return ERR_NONE;
	}
	return fail(ERR_DENIED, "the limit on %s cannot be set: %s", name,
	    strerror(errno));
}

static enum err
drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 ||
	    syscall(SYS_capset, &head, none) != 0)
		return fail(ERR_DENIED, "capabilities cannot be dropped: %s",
		    strerror(errno));
	return ERR_NONE;
}

static enum err
lower_all(enum room r, uint64_t answer)
{
	enum err rc = lower(RLIMIT_CORE, "core dumps", 0);

	if (rc == ERR_NONE && r != ROOM_NOTES)
		rc = lower(RLIMIT_FSIZE, "files written", answer);
	if (rc == ERR_NONE)
		rc = lower(RLIMIT_NPROC, "processes", 0);
	if (rc == ERR_NONE)
		rc = lower(RLIMIT_NOFILE, "open files", room_files[r]);
	if (rc == ERR_NONE)
		rc = lower(RLIMIT_MSGQUEUE, "message queues", 0);
#ifndef SANITIZED /* shadow memory is private memory */
	if (rc == ERR_NONE)
		rc = lower(RLIMIT_DATA, "memory", room_data[r]);
#else
	(void)room_data;
#endif
	return rc;
}

enum err
sandbox_limits_apply(const struct sandbox_walls *w)
{
	enum err rc;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail(ERR_DENIED, "no_new_privs cannot be set: %s",
		    strerror(errno));
	rc = lower_all(w->room, w->answer);
	if (rc == ERR_NONE)
		rc = drop_capabilities();
	if (rc == ERR_NONE && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		rc = fail(ERR_DENIED, "the process stays dumpable: %s",
		    strerror(errno));
	return rc;
}
