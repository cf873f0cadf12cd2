/*
 * shell_jump.c - where we were: "<" and ">" across views, and marks.
 *
 * A place is a view and a target.  Going there moves a pane that can be there
 * (view->go), closing what lies over it, or opens the view anew.
 */
#include "tui/shell_state.h"

#include <string.h>

static void
place_release(struct shell_place *p)
{
	arena_release(&p->arena);
	*p = (struct shell_place){ 0 };
}

static void
place_set(struct shell_place *place, struct pane *p)
{
	struct target t = p->target;

	place_release(place);
	if (p->view->where != NULL)
		p->view->where(p, &t);
	place->view = p->view;
	place->target = target_copy(&place->arena, &t);
}

static bool
place_eq(const struct shell_place *a, const struct shell_place *b)
{
	return a->view == b->view && target_eq(&a->target, &b->target);
}

/* Takes the place over; the oldest goes when there are too many. */
static void
places_push(struct shell_places *list, struct shell_place *place)
{
	if (list->len > 0 && place_eq(&list->at[list->len - 1], place)) {
		place_release(place);
		return;
	}
	if (list->len == SHELL_JUMPS) {
		place_release(&list->at[0]);
		memmove(&list->at[0], &list->at[1],
		    (SHELL_JUMPS - 1) * sizeof list->at[0]);
		list->len--;
	}
	list->at[list->len++] = *place;
	*place = (struct shell_place){ 0 };
}

static void
places_clear(struct shell_places *list)
{
	while (list->len > 0)
		place_release(&list->at[--list->len]);
}

void
shell_jump_release(struct shell *s)
{
	places_clear(&s->behind);
	places_clear(&s->ahead);
	for (size_t i = 0; i < 26; i++)
		place_release(&s->marks[i]);
}

static void
note(struct shell *s, struct pane *p)
{
	struct shell_place here = { 0 };

	place_set(&here, p);
	places_push(&s->behind, &here);
	places_clear(&s->ahead);
}

void
shell_jump_note(struct shell *s)
{
	if (shell_focus(s) != NULL)
		note(s, shell_focus(s));
}

void
shell_jumped(struct pane *p)
{
	note(p->shell, p);
}

void
shell_jumps(const struct shell *s, unsigned *back, unsigned *forward)
{
	*back = (unsigned)s->behind.len;
	*forward = (unsigned)s->ahead.len;
}

/* Is this pane there already, or can it go there? */
static bool
pane_goes(struct pane *p, const struct shell_place *place)
{
	if (p->view != place->view)
		return false;
	if (p->view->go != NULL)
		return p->view->go(p, &place->target);
	return p->view->where == NULL && target_eq(&p->target, &place->target);
}

static bool
go_to_place(struct shell *s, const struct shell_place *place)
{
	for (size_t i = s->n_panes; i > 0; i--) {
		struct pane *p = s->panes[i - 1];

		if (i < s->n_panes && s->panes[i]->view->unsaved != NULL &&
		    s->panes[i]->view->unsaved(s->panes[i]) != NULL)
			break;
		if (!pane_goes(p, place))
			continue;
		while (s->n_panes > i)
			shell_pop(s);
		shell_wake(s);
		return true;
	}
	return shell_push(s, place->view, &place->target);
}

static void
jump(struct shell *s, struct shell_places *from, struct shell_places *to,
    unsigned count, const char *none)
{
	for (unsigned i = 0; i < (count == 0 ? 1 : count); i++) {
		struct shell_place here = { 0 }, there;

		place_set(&here, shell_focus(s));
		while (
		    from->len > 0 && place_eq(&from->at[from->len - 1], &here))
			place_release(&from->at[--from->len]);
		if (from->len == 0) {
			place_release(&here);
			shell_message(s, "%s", none);
			return;
		}
		there = from->at[--from->len];
		if (go_to_place(s, &there))
			places_push(to, &here);
		place_release(&here);
		place_release(&there);
	}
}

void
shell_jump_back(struct pane *p, const struct call *c)
{
	jump(p->shell, &p->shell->behind, &p->shell->ahead, c->count,
	    "this is where it began");
}

void
shell_jump_forward(struct pane *p, const struct call *c)
{
	jump(p->shell, &p->shell->ahead, &p->shell->behind, c->count,
	    "this is the newest place");
}

/* The letter that was typed behind the key, or behind ":mark". */
static bool
mark_letter(struct shell *s, const struct call *c, int *out)
{
	int letter = c->args.len == 1 ? c->args.at[0] :
	    c->args.len == 0          ? (int)c->key :
					0;

	if (letter < 'a' || letter > 'z') {
		shell_message(s, "a mark has a letter from a to z: :mark a");
		return false;
	}
	*out = letter;
	return true;
}

void
shell_jump_mark(struct pane *p, const struct call *c)
{
	struct shell *s = p->shell;
	struct shell_place *mark;
	const char *why = "";
	int letter;

	if (!mark_letter(s, c, &letter))
		return;
	mark = &s->marks[letter - 'a'];
	place_set(mark, p);
	if (s->room->mark != NULL)
		why = s->room->mark(s->room->room, (uint32_t)letter, mark->view,
		    &mark->target);
	if (why == NULL)
		shell_message(s, "mark %c is here  '%c comes back", letter,
		    letter);
	else
		shell_message(s,
		    "mark %c is here until you leave%s%s  '%c comes back",
		    letter, why[0] == '\0' ? "" : ": ", why, letter);
}

void
shell_mark(struct shell *s, uint32_t letter, struct str view,
    const struct target *t)
{
	const struct view *v = shell_view(s, view);
	struct shell_place *mark;

	if (letter < 'a' || letter > 'z' || v == NULL)
		return;
	mark = &s->marks[letter - 'a'];
	if (mark->view != NULL)
		return;
	mark->view = v;
	mark->target = target_copy(&mark->arena, t);
}

void
shell_jump_to_mark(struct pane *p, const struct call *c)
{
	struct shell *s = p->shell;
	struct shell_place *mark;
	int letter;

	if (!mark_letter(s, c, &letter))
		return;
	mark = &s->marks[letter - 'a'];
	if (mark->view == NULL) {
		bool more = s->room->mark != NULL &&
		    s->room->mark(s->room->room, (uint32_t)letter, NULL,
			NULL) == NULL;

		shell_message(s, "mark %c is not set, m%c sets it%s", letter,
		    letter,
		    more ? "; those of the record come with the vault: gn" :
			   "");
		return;
	}
	note(s, p);
	go_to_place(s, mark);
}
