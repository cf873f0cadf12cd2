#include "tui/reading_patches.h"

#include <stdlib.h>

#include "core/io.h"
#include "core/patchfile.h"
#include "tui/reading_inside.h"

enum { PATCHES_MAX = 64 }; /* as in the rules of a session */

struct reading_patch_list {
	struct arena arena;
	struct reading_patch at[PATCHES_MAX];
	struct io_map maps[PATCHES_MAX];
	size_t len;
};

static void
take(struct reading *r, struct str folder, struct str name)
{
	struct reading_patch_list *l = r->patches;
	enum err rc;

	if (l->len == PATCHES_MAX)
		return;
	rc = io_map(&l->maps[l->len],
	    arena_printf(&l->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name))
		.at,
	    PATCHFILE_MAX);
	if (rc != ERR_NONE) {
		shell_error(r->shell, rc);
		return;
	}
	l->at[l->len] = (struct reading_patch){ name, l->maps[l->len].bytes };
	l->len++;
}

static void
look(struct reading *r)
{
	struct io_names names = { 0 };
	struct str folder;

	r->patches = calloc(1, sizeof *r->patches);
	if (r->patches == NULL)
		bug("no memory for patches");
	if (!r->start->session || r->start->text.len == 0)
		return;
	folder = arena_printf(&r->patches->arena, "%.*s/patches",
	    STR_ARG(r->start->text));
	if (!io_is_folder(folder.at))
		return;
	if (io_list(&names, &r->patches->arena, folder.at) != ERR_NONE)
		err_clear();
	for (size_t i = 0; i < names.len; i++)
		take(r, folder, names.at[i]);
}

size_t
reading_patches(const struct reading_patch **out, struct reading *r)
{
	if (r->patches == NULL)
		look(r);
	*out = r->patches->at;
	return r->patches->len;
}

const struct reading_patch *
reading_patches_find(struct reading *r, struct str name)
{
	const struct reading_patch *all;
	size_t n = reading_patches(&all, r);

	for (size_t i = 0; i < n; i++)
		if (str_eq(all[i].name, name))
			return &all[i];
	return NULL;
}

void
reading_patches_release(struct reading *r)
{
	struct reading_patch_list *l = r->patches;

	if (l == NULL)
		return;
	for (size_t i = 0; i < l->len; i++)
		io_unmap(&l->maps[i]);
	arena_release(&l->arena);
	free(l);
	r->patches = NULL;
}
