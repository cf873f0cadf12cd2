#include "tui/pager.h"
#include "tui/reading.h"

/* What is read, by whom, and which walls hold round it. */
static void
add_session(struct pager *v, struct reading *r)
{
	const struct start *s = reading_start(r);
	struct buf b = { 0 };

	buf_str(&b, s->session ? STR("session      ") : STR("repository   "));
	buf_str(&b, s->title);
	pager_add(v, ROLE_NAME, buf_view(&b));
	if (s->auditor.len > 0) {
		buf_clear(&b);
		buf_str(&b, STR("auditor      "));
		buf_str(&b, s->auditor);
		pager_add(v, ROLE_TEXT, buf_view(&b));
	}
	if (s->manifest.len > 0) {
		buf_clear(&b);
		buf_str(&b, STR("manifest     "));
		buf_str(&b, s->manifest);
		pager_add(v, ROLE_NUMBER, buf_view(&b));
	}
	for (uint32_t i = 0; i < s->n_releases; i++) {
		buf_clear(&b);
		buf_str(&b, STR("release      "));
		buf_str(&b, s->releases[i].name);
		buf_printf(&b, "  %s  ", oid_text(&s->releases[i].commit).hex);
		buf_str(&b, s->releases[i].status);
		pager_add(v, ROLE_TEXT, buf_view(&b));
	}
	pager_printf(v, ROLE_TEXT, "workers      %u, and as many searchers",
	    s->cores);
	buf_release(&b);
}

static void
add_notice(struct pager *v, struct pane *p)
{
	struct str rest = git_repo_notice(reading_repo(p->room), &p->arena);
	struct str line;

	while (str_cut(&rest, '\n', &line))
		pager_add(v, ROLE_WARNING, line);
	pager_add(v, ROLE_TEXT, STR(""));
}

struct proof_view {
	struct pager pager;
	bool early; /* there was no proof to show yet */
};

static void
fill(struct pane *p)
{
	struct proof_view *state = p->state;
	struct pager *v = &state->pager;
	struct str rest = reading_proof(p->room), line;

	state->early = rest.len == 0;
	pager_init(v);
	add_session(v, p->room);
	add_notice(v, p);
	if (rest.len == 0)
		pager_add(v, ROLE_WARNING,
		    STR("The walls have not been tried yet: what holds "
			"stands here in a moment."));
	while (str_cut(&rest, '\n', &line))
		pager_add(v, ROLE_TEXT, line);
}

static enum err
proof_open(struct pane *p, const struct target *t)
{
	(void)t;
	fill(p);
	return ERR_NONE;
}

static void
proof_close(struct pane *p)
{
	struct proof_view *state = p->state;

	pager_release(&state->pager);
}

static void
proof_draw(struct pane *p, struct canvas *c)
{
	struct proof_view *state = p->state;

	if (state->early && reading_proof(p->room).len > 0) {
		pager_release(&state->pager);
		fill(p);
	}
	pager_draw(&state->pager, c);
}

static struct list *
proof_list(struct pane *p)
{
	struct proof_view *state = p->state;

	return &state->pager.list;
}

const struct view view_proof = {
	.name = "proof",
	.about = "what is read, and which walls hold round it",
	.state_size = sizeof(struct proof_view),
	.open = proof_open,
	.close = proof_close,
	.draw = proof_draw,
	.list = proof_list,
};
