/*
 * What the login shell puts around the whole session: everything is allowed
 * but typing into a terminal, becoming another user than one of the rooms',
 * and the entries of other architectures.  The
 * values are compared without the bits that the kernel cuts off.
 */
#include "policy/sandbox_layer.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

static const unsigned kiosk_ioctls[] = {
	TIOCSTI,
	TIOCLINUX,
	TIOCSETD,
	TIOCCONS,
};

/* What a session cannot do without: a caller with a lower hard limit gets
 * no session instead of one that breaks at a bad moment. */
static const struct {
	int what;
	const char *name;
	rlim_t least;
} kiosk_limits[] = {
	{ RLIMIT_NOFILE, "open files", 512 },
	{ RLIMIT_STACK, "stack", 1024 * 1024 },
	{ RLIMIT_NPROC, "processes", 64 },
	{ RLIMIT_CPU, "processor time", RLIM_INFINITY },
	{ RLIMIT_AS, "address space", RLIM_INFINITY },
	{ RLIMIT_DATA, "memory", RLIM_INFINITY },
	{ RLIMIT_FSIZE, "file size", RLIM_INFINITY },
};

/* Soft limits go up to the hard ones; the stack to what is usual. */
static enum err
raise_limits(void)
{
	for (size_t i = 0; i < sizeof kiosk_limits / sizeof kiosk_limits[0];
	     i++) {
		struct rlimit now;

		if (getrlimit(kiosk_limits[i].what, &now) != 0 ||
		    now.rlim_max < kiosk_limits[i].least)
			return fail(ERR_DENIED,
			    "the limit on %s is too low "
			    "for a session",
			    kiosk_limits[i].name);
		now.rlim_cur = now.rlim_max;
		if (kiosk_limits[i].what == RLIMIT_STACK &&
		    now.rlim_cur > 8 * 1024 * 1024)
			now.rlim_cur = 8 * 1024 * 1024;
		if (setrlimit(kiosk_limits[i].what, &now) != 0)
			return fail(ERR_DENIED, "the limit on %s: %s",
			    kiosk_limits[i].name, strerror(errno));
	}
	return ERR_NONE;
}

enum err
sandbox_kiosk(const struct users *u)
{
	enum err limits = raise_limits();
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = ctx == NULL ? -ENOMEM : 0;

	if (limits != ERR_NONE) {
		seccomp_release(ctx);
		return limits;
	}
	if (rc == 0)
		rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
		    SCMP_ACT_KILL_PROCESS);
	for (size_t i = 0;
	     rc == 0 && i < sizeof kiosk_ioctls / sizeof kiosk_ioctls[0]; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, kiosk_ioctls[i]));
	if (rc == 0)
		rc = seccomp_load(ctx); /* sets no_new_privs, too */
	if (ctx != NULL)
		seccomp_release(ctx);
	if (rc != 0)
		return fail(ERR_DENIED, "seccomp: %s", strerror(-rc));
	return sandbox_users_only(u, true);
}
