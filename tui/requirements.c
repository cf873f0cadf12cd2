#include "tui/requirements.h"

#include <stdlib.h>

#include "core/io.h"

struct requirements {
	struct arena arena;
	struct io_map maps[RULES_CHECKLISTS]; /* of requirements_take() */
	struct str names[RULES_CHECKLISTS], texts[RULES_CHECKLISTS];
	uint32_t n;
	struct shipped all; /* n 0: not read yet */
	struct str wrong;
};

struct requirements *
requirements_open(void)
{
	struct requirements *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("no memory for checklists");
	return r;
}

void
requirements_close(struct requirements *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < RULES_CHECKLISTS; i++)
		io_unmap(&r->maps[i]);
	arena_release(&r->arena);
	free(r);
}

void
requirements_add(struct requirements *r, struct str name, struct str text)
{
	if (r->n == RULES_CHECKLISTS || r->all.n > 0)
		bug("a checklist too many, or too late");
	r->names[r->n] = name;
	r->texts[r->n++] = text;
}

enum err
requirements_take(struct requirements *r, const struct rules *rules, int first)
{
	for (uint32_t i = 0; i < rules->n_checklists; i++) {
		enum err rc =
		    io_map_fd(&r->maps[i], first + (int)i, CHECKLIST_BYTES);

		if (rc != ERR_NONE)
			return rc;
		requirements_add(r, rules->checklists[i], r->maps[i].bytes);
	}
	return ERR_NONE;
}

/* The lab has read them before it signed; who else made a session may not
 * have. */
static void
read_all(struct requirements *r)
{
	struct shipped own;
	struct checklist *lists;
	uint32_t n = 0;

	shipped_read(&own, &r->arena);
	lists = arena_array(&r->arena, r->n + own.n, struct checklist);
	for (uint32_t i = 0; i < r->n; i++) {
		if (checklist_read(&lists[n], &r->arena,
			arena_copy(&r->arena, r->names[i]).at,
			r->texts[i]) == ERR_NONE) {
			n++;
			continue;
		}
		if (r->wrong.len == 0)
			r->wrong = arena_copy(&r->arena, str_of(err_text()));
		err_clear();
	}
	for (uint32_t i = 0; i < own.n; i++)
		lists[n++] = own.lists[i];
	r->all = (struct shipped){ lists, n };
}

const struct shipped *
requirements_all(struct requirements *r, struct str *wrong)
{
	if (r->all.n == 0)
		read_all(r);
	*wrong = r->wrong;
	return &r->all;
}
