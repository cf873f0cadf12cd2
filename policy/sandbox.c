#include "policy/sandbox.h"

#include <unistd.h>

#include "policy/sandbox_layer.h"

static struct sandbox_layers sandbox_held;

enum err
sandbox_prepare(struct sandbox_walls *w, enum room r,
    const struct sandbox_paths *p)
{
	struct sandbox_walls made = { .room = r,
		.rules = -1,
		.answer = p->answer };
	enum err rc;

	rc = sandbox_landlock_build(&made, p);
	if (rc == ERR_NONE)
		rc = sandbox_seccomp_build(&made);
	if (rc == ERR_NONE)
		*w = made;
	else
		sandbox_release(&made);
	return rc;
}

void
sandbox_release(struct sandbox_walls *w)
{
	if (w->rules >= 0)
		close(w->rules);
	buf_release(&w->bpf);
	w->rules = -1;
}

enum err
sandbox_enter(enum room r, const struct sandbox_paths *p)
{
	struct sandbox_walls w;
	struct sandbox_layers held = { 0 };
	enum err rc;

	rc = sandbox_prepare(&w, r, p);
	if (rc != ERR_NONE)
		return rc;
	rc = sandbox_limits_apply(&w);
	held.limits = rc == ERR_NONE;
	if (rc == ERR_NONE)
		rc = sandbox_landlock_apply(&w);
	if (rc == ERR_NONE)
		held.landlock = w.abi;
	if (rc == ERR_NONE)
		rc = sandbox_seccomp_apply(&w);
	held.seccomp = rc == ERR_NONE;
	sandbox_release(&w);
	sandbox_held = held;
	return rc;
}

struct sandbox_layers
sandbox_report(void)
{
	return sandbox_held;
}
