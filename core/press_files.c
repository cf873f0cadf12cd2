#include "core/press_files.h"

#include "core/limits.h"
#include "core/wire.h"

void
press_files_write(struct buf *b, const struct press_files *j)
{
	wire_put_u32(b, j->job);
	wire_put_u32(b, j->n);
	for (uint32_t i = 0; i < j->n; i++) {
		wire_put_oid(b, &j->files[i].commit);
		wire_put_str(b, j->files[i].path);
	}
}

enum err
press_files_read(struct press_files *out, struct arena *a, struct str args)
{
	struct press_files j = { 0 };
	struct wire w = wire_of(args);

	j.job = wire_u32(&w);
	j.n = wire_u32(&w);
	if (w.bad || j.job == 0 || j.n == 0 || j.n > PRESS_FILES_MAX)
		return fail(ERR_FORMAT, "an order for pages that is none");
	j.files = arena_array(a, j.n, struct press_file);
	for (uint32_t i = 0; i < j.n; i++) {
		j.files[i].commit = wire_oid(&w);
		j.files[i].path = arena_copy(a, wire_str(&w, LIMIT_PATH));
	}
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	*out = j;
	return ERR_NONE;
}
