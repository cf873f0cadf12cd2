#include "tui/eyeing.h"

#include "tui/along.h"
#include "tui/noting.h"

enum err
eyeing_open(struct eyeing *e, struct pane *p)
{
	const struct noting_out *out = noting_ports(p->room);
	const struct start *s = noting_start(p->room);
	enum err rc;

	if (noting_book(p->room) == NULL)
		return fail(ERR_DENIED, "the vault is locked: gn opens it");
	rc = peer_covered(&e->theirs, &p->arena, noting_vault(p->room), s->data,
	    s->manifest);
	if (rc != ERR_NONE)
		return rc;
	out->survey(out->arg);
	return ERR_NONE;
}

void
eyeing_load(struct eyeing *e, struct pane *p)
{
	const struct start *s = noting_start(p->room);
	struct eyes_said *said;

	arena_clear(&e->arena);
	along_method(noting_along(p->room), &e->arena,
	    ALONG_COVERAGE | ALONG_LINES, &e->mine);
	said = arena_array(&e->arena, (size_t)e->theirs.n_lines + 1,
	    struct eyes_said);
	said[0] =
	    (struct eyes_said){ s->auditor, e->mine.lines, e->mine.n_lines };
	for (uint32_t i = 0; i < e->theirs.n_lines; i++)
		said[i + 1] = (struct eyes_said){ e->theirs.lines[i].auditor,
			e->theirs.lines[i].at, e->theirs.lines[i].n };
	eyes_lay(&e->eyes, &e->arena, said, (size_t)e->theirs.n_lines + 1, s);
}

void
eyeing_release(struct eyeing *e)
{
	arena_release(&e->arena);
}

bool
eyeing_below(const struct eyes_file *f, struct str release, struct str folder)
{
	if (!str_eq(f->release, release))
		return false;
	return folder.len == 0 || str_eq(folder, STR(".")) ||
	    (f->path.len > folder.len && f->path.at[folder.len] == '/' &&
		str_starts(f->path, folder));
}

struct str
eyeing_name(const struct eyeing *e, uint32_t who)
{
	return who == 0 ? STR("me") : e->eyes.people[who];
}

unsigned
eyeing_percent(uint64_t part, uint64_t of)
{
	return of == 0 ? 0 : (unsigned)(part * 100 / of);
}

void
eyeing_totals(const struct eyeing *e, const struct eyes_sum *sum,
    struct buf *out)
{
	for (uint32_t i = 0; i < e->eyes.n_people; i++) {
		buf_str(out, eyeing_name(e, i));
		buf_printf(out, " %u%%, ",
		    eyeing_percent(sum->by[i], sum->lines));
	}
	buf_printf(out, "four eyes %u%%",
	    eyeing_percent(sum->twice, sum->lines));
}

void
eyeing_status(const struct eyeing *e, const struct list *l,
    const struct eyes_sum *sum, const struct canvas *line)
{
	struct buf b = { 0 };

	list_position(l, &b);
	buf_str(&b, STR("  "));
	eyeing_totals(e, sum, &b);
	buf_printf(&b, " of %llu lines", (unsigned long long)sum->lines);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

void
eyeing_step(struct pane *p, struct list *l, bool back,
    bool (*is_single)(void *arg, uint64_t row))
{
	if (!list_seek(l, back, is_single, p->state))
		shell_message(p->shell,
		    "no line here was reviewed by one alone");
}
