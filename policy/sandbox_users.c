/*
 * Who may be become: the launcher of a station has the right to change
 * users, and a filter that leaves of it the users of rooms and nobody else.
 * Without it that right would be as good as root's.
 *
 * Written in BPF: a library's list of what is refused cannot say "neither of
 * two numbers".
 */
#include "policy/sandbox_layer.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(cap) (1u << (cap))
#define DATA(what) ((uint32_t)offsetof(struct seccomp_data, what))

#if defined(__x86_64__)
#define USERS_ARCH AUDIT_ARCH_X86_64
#define USERS_X32 0x40000000u /* its calls have this bit */
#elif defined(__aarch64__)
#define USERS_ARCH AUDIT_ARCH_AARCH64
#define USERS_X32 0x40000000u /* no call is so large */
#else
#error "which architecture is native?"
#endif

enum { USERS_STEPS = 128 };

struct program {
	struct sock_filter at[USERS_STEPS];
	unsigned short n;
};

bool
sandbox_able(void)
{
	const uint32_t needed =
	    BIT(CAP_SETUID) | BIT(CAP_SETGID) | BIT(CAP_KILL);
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct has[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capget, &head, has) == 0 &&
	    (has[0].effective & needed) == needed;
}

static void
add(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	if (p->n == USERS_STEPS)
		bug("a filter of over %d steps", USERS_STEPS);
	p->at[p->n++] =
	    (struct sock_filter){ .code = code, .jt = yes, .jf = no, .k = k };
}

static void
load(struct program *p, uint32_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void
end(struct program *p, uint32_t action)
{
	add(p, BPF_RET | BPF_K, action, 0, 0);
}

static void
refuse(struct program *p)
{
	end(p, SECCOMP_RET_ERRNO | EPERM);
}

/*
 * The first n arguments all have this value, all 64 bits of them: allow.
 * Otherwise on to what comes after.
 */
static void
allow_if(struct program *p, unsigned n, uint32_t value)
{
	for (unsigned i = 0; i < n; i++) {
		/* the steps that are left of this, and the end() */
		uint8_t left = (uint8_t)((n - i) * 4 - 2 + 1);

		load(p, DATA(args) + 8 * i);
		add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, left);
		load(p, DATA(args) + 8 * i + 4);
		add(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, left - 2);
	}
	end(p, SECCOMP_RET_ALLOW);
}

/* One call: passes to what comes after when it is another. */
static void
judge(struct program *p, long call, unsigned args, const uint32_t *values,
    unsigned n)
{
	unsigned short at;

	load(p, DATA(nr));
	at = p->n;
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 0);
	for (unsigned i = 0; i < n; i++)
		allow_if(p, args, values[i]);
	refuse(p);
	p->at[at].jf = (uint8_t)(p->n - at - 1);
}

static void
write_program(struct program *p, const struct users *u, bool notes)
{
	static const long others[] = { SYS_setuid, SYS_setgid, SYS_setreuid,
		SYS_setregid, SYS_setfsuid, SYS_setfsgid };
	const uint32_t uids[] = { u->reading.uid, u->notes.uid };
	const uint32_t gids[] = { u->reading.gid, u->notes.gid };
	const uint32_t none = 0;
	unsigned n = !u->apart ? 0 : notes ? 2 : 1;

	load(p, DATA(arch));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, USERS_ARCH, 1, 0);
	end(p, SECCOMP_RET_KILL_PROCESS);
	load(p, DATA(nr));
	add(p, BPF_JMP | BPF_JGE | BPF_K, USERS_X32, 0, 1);
	end(p, SECCOMP_RET_KILL_PROCESS);
	judge(p, SYS_setresuid, 3, uids, n);
	judge(p, SYS_setresgid, 3, gids, n);
	judge(p, SYS_setgroups, 1, &none, n > 0);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		judge(p, others[i], 0, NULL, 0);
	end(p, SECCOMP_RET_ALLOW);
}

enum err
sandbox_users_only(const struct users *u, bool notes)
{
	struct program p = { .n = 0 };
	struct sock_fprog f;

	write_program(&p, u, notes);
	f = (struct sock_fprog){ .len = p.n, .filter = p.at };
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &f) != 0)
		return fail(ERR_DENIED, "seccomp, for users: %s",
		    strerror(errno));
	return ERR_NONE;
}

enum err
sandbox_settled(const struct users *u)
{
	return u->apart ? sandbox_users_only(u, false) : ERR_NONE;
}
