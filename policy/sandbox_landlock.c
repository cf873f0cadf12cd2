/*
 * The second layer: Landlock.  The constants are our own, because Debian's
 * headers know ABI 2 only; source: the kernel's
 * Documentation/userspace-api/landlock.rst and uapi header.  Everything the
 * kernel can forbid is forbidden; the paths of the room are then allowed.
 */
#include "policy/sandbox_layer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/io.h"

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,     /* ABI 2 */
	FS_TRUNCATE = 1 << 14,  /* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */

	NET_BIND_TCP = 1 << 0,    /* ABI 4 */
	NET_CONNECT_TCP = 1 << 1, /* ABI 4 */

	SCOPE_ABSTRACT_UNIX = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,        /* ABI 6 */

	CREATE_RULESET_VERSION = 1 << 0,
	RULE_PATH_BENEATH = 1,

	FS_READING = FS_READ_FILE | FS_READ_DIR,
	/* A file is replaced by renaming inside one folder: no REFER. */
	FS_WRITING = FS_READING | FS_WRITE_FILE | FS_TRUNCATE | FS_MAKE_REG |
	    FS_MAKE_DIR | FS_REMOVE_FILE,
};

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

uint64_t
sandbox_landlock_fs(int abi)
{
	uint64_t fs = (FS_MAKE_SYM << 1) - 1;

	if (abi < 1)
		return 0;
	if (abi >= 2)
		fs |= FS_REFER;
	if (abi >= 3)
		fs |= FS_TRUNCATE;
	if (abi >= 5)
		fs |= FS_IOCTL_DEV;
	return fs;
}

uint64_t
sandbox_landlock_net(int abi)
{
	return abi >= 4 ? NET_BIND_TCP | NET_CONNECT_TCP : 0;
}

uint64_t
sandbox_landlock_scope(int abi)
{
	return abi >= 6 ? SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL : 0;
}

/* 0: not built in, or switched off. */
static int
kernel_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
	    CREATE_RULESET_VERSION);

	if (abi < 1)
		return 0;
	return abi > SANDBOX_ABI_MAX ? SANDBOX_ABI_MAX : (int)abi;
}

/* A room has to be able to open what it is allowed; the launcher allows the
 * notes room what is closed to itself. */
static enum err
allow(const struct sandbox_walls *w, struct str path, uint64_t rights)
{
	struct path_beneath rule = { 0 };
	struct buf name = { 0 };
	enum err rc;
	int fd;

	if (path.len == 0)
		return ERR_NONE;
	buf_str(&name, path);
	rc = w->room == ROOMS ? io_point_at(&fd, name.at) :
				io_open_folder(&fd, name.at);
	buf_release(&name);
	if (rc != ERR_NONE)
		return rc;
	rule.allowed = rights & sandbox_landlock_fs(w->abi);
	rule.parent = fd;
	if (syscall(SYS_landlock_add_rule, w->rules, RULE_PATH_BENEATH, &rule,
		0) != 0)
		rc = fail(ERR_DENIED, "Landlock refuses %.*s: %s",
		    STR_ARG(path), strerror(errno));
	close(fd);
	return rc;
}

static enum err
allow_paths(const struct sandbox_walls *w, const struct sandbox_paths *p)
{
	enum err rc = ERR_NONE;

	if (w->room == ROOM_NOTES)
		return allow(w, p->write, FS_WRITING);
	if (w->room != ROOM_READING && w->room != ROOM_WORKER)
		return ERR_NONE;
	for (size_t i = 0; i < 2 && rc == ERR_NONE; i++)
		rc = allow(w, p->read[i], FS_READING);
	return rc;
}

enum err
sandbox_landlock_build(struct sandbox_walls *w, const struct sandbox_paths *p)
{
	struct ruleset_attr attr = { 0 };

	w->rules = -1;
	w->abi = kernel_abi();
	if (w->abi == 0)
		return ERR_NONE;
	attr.fs = sandbox_landlock_fs(w->abi);
	attr.net = sandbox_landlock_net(w->abi);
	attr.scoped = sandbox_landlock_scope(w->abi);
	/* A kernel that does not know the last fields takes them as zero. */
	w->rules =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (w->rules < 0)
		return fail(ERR_DENIED, "Landlock ABI %d: %s", w->abi,
		    strerror(errno));
	return allow_paths(w, p);
}

/*
 * A process that was started before is outside of this domain and could not
 * be ended any more: then signals are left alone.
 */
enum err
sandbox_landlock_launcher(const struct sandbox_launch *s)
{
	struct sandbox_walls w = { .room = ROOMS, .abi = kernel_abi() };
	struct ruleset_attr attr = { 0 };
	enum err rc;

	if (w.abi == 0)
		return ERR_NONE;
	attr.fs = sandbox_landlock_fs(w.abi);
	attr.net = sandbox_landlock_net(w.abi);
	attr.scoped = s->alone ? sandbox_landlock_scope(w.abi) : 0;
	w.rules =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (w.rules < 0)
		return fail(ERR_DENIED, "Landlock ABI %d: %s", w.abi,
		    strerror(errno));
	rc = allow(&w, STR("/"), FS_READING | FS_EXECUTE);
	if (rc == ERR_NONE)
		rc = allow(&w, STR("/dev/null"), FS_READ_FILE | FS_WRITE_FILE);
	for (size_t i = 0; i < 2 && rc == ERR_NONE; i++)
		rc = allow(&w, s->writes[i], FS_WRITING);
	if (rc == ERR_NONE && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		rc = fail(ERR_DENIED, "no_new_privs: %s", strerror(errno));
	if (rc == ERR_NONE)
		rc = sandbox_landlock_apply(&w);
	close(w.rules);
	return rc;
}

enum err
sandbox_landlock_apply(const struct sandbox_walls *w)
{
	if (w->rules < 0)
		return ERR_NONE;
	if (syscall(SYS_landlock_restrict_self, w->rules, 0) != 0)
		return fail(ERR_DENIED, "Landlock: %s", strerror(errno));
	return ERR_NONE;
}
