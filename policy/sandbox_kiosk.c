/*
 * What the login shell puts around the whole session: everything is allowed
 * but typing into a terminal, and the entries of other architectures.  The
 * values are compared without the bits that the kernel cuts off.
 */
#include "policy/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>

static const unsigned kiosk_ioctls[] = {
	TIOCSTI,
	TIOCLINUX,
	TIOCSETD,
	TIOCCONS,
};

enum err
sandbox_kiosk(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int rc = ctx == NULL ? -ENOMEM : 0;

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
	return ERR_NONE;
}
