#include "policy/enter.h"

enum err
enter_room(struct start *s, struct arena *a, enum room which,
    enum err (*prepare)(void *arg, const struct start *s,
	struct sandbox_paths *paths),
    void *arg)
{
	struct sandbox_paths paths = { 0 };
	enum err rc = room_begin(s, a, which);

	if (rc == ERR_NONE)
		rc = prepare(arg, s, &paths);
	if (rc == ERR_NONE)
		rc = sandbox_enter(which, &paths);
	if (rc == ERR_NONE)
		rc = room_ready();
	return rc;
}
