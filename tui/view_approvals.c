/*
 * view_approvals.c - for approvers, at the station: what waits for their
 * word.  All of it is there to be seen, the exact bytes, what the gate said,
 * what left before; none of it needs the vault, which stays locked.
 *
 * Their secret keys lie in the data folder as keys/NAME.key, locked by
 * minisign with passphrases that only they know.
 */
#include "tui/noting.h"

#include "tui/asking.h"
#include "tui/pager.h"

struct approvals {
	struct pager pager;
	struct asking asking;
	struct asking_request *list; /* memory of the pane */
	size_t n, at;                /* the one that is shown */
	enum approval_kind kind;     /* what is about to be said */
	uint32_t place;              /* of pages: shown next in the source */
	struct str who, reason;      /* memory of the pane */
	bool typing;                 /* the passphrase, unseen */
	struct secret phrase;
};

static void
add_lines(struct pager *g, uint16_t attr, struct str text)
{
	struct str line;

	while (str_cut(&text, '\n', &line))
		pager_add(g, attr, line);
}

static void
add_step(struct pager *g, const struct approval_step *s)
{
	struct buf when = { 0 };

	if (s->when != 0)
		approval_time(&when, s->when);
	pager_printf(g, s->kind == APPROVAL_OBJECTS ? ROLE_WARNING : ROLE_TEXT,
	    "%.*s %s %s%s%.*s", STR_ARG(s->who->name),
	    approval_kind_name(s->kind), when.len > 0 ? when.at : "",
	    s->reason.len > 0 ? ": " : "", STR_ARG(s->reason));
	buf_release(&when);
}

/* Pages as people read them, in front of what is signed. */
static void
add_places(struct pager *g, struct str bytes)
{
	struct arena a = { 0 };
	struct pages r;

	if (pages_read(&r, &a, bytes) != ERR_NONE) {
		pager_printf(g, ROLE_ERROR, "%s", err_text());
		err_clear();
		arena_release(&a);
		return;
	}
	pager_printf(g, ROLE_HUNK,
	    "%u page%s of source would %s, %u lines, for %.*s:", r.pages,
	    r.pages == 1 ? "" : "s",
	    r.paper ? "be printed" : "leave in a sealed file", r.lines,
	    STR_ARG(pages_what_for(&r, &a)));
	for (uint32_t i = 0; i < r.n; i++)
		pager_printf(g, ROLE_TEXT,
		    "  %u. %.*s lines %u to %u of %u in %.*s", i + 1,
		    STR_ARG(r.places[i].at.path), r.places[i].at.first,
		    r.places[i].at.last, r.places[i].cost.of,
		    STR_ARG(r.places[i].at.release));
	pager_add(g, ROLE_TEXT,
	    STR("Enter shows them in the source, one after the other."));
	pager_add(g, ROLE_TEXT, STR(""));
	arena_release(&a);
}

/* Keys stay at the cursor until the passphrase is given. */
static void
load(struct pane *p)
{
	struct approvals *v = p->state;
	struct pager *g = &v->pager;
	const struct asking_request *q;

	pager_clear(g);
	if (v->n == 0) {
		pager_add(g, ROLE_TEXT, STR("Nothing waits for approval."));
		return;
	}
	q = &v->list[v->at];
	pager_printf(g, q->overdue ? ROLE_WARNING : ROLE_KEYWORD, "%.*s: %.*s",
	    STR_ARG(q->name), STR_ARG(q->state));
	for (size_t i = 0; i < q->n_steps; i++)
		add_step(g, &q->steps[i]);
	pager_add(g, ROLE_TEXT, STR(""));
	if (pages_is(q->bytes))
		add_places(g, q->bytes);
	add_lines(g, ROLE_TEXT, q->checks);
	pager_add(g, ROLE_TEXT, STR(""));
	if (pages_is(q->bytes))
		pager_add(g, ROLE_HUNK, STR("exactly this is signed:"));
	else
		pager_printf(g, ROLE_HUNK,
		    "exactly this would leave, %zu bytes:", q->bytes.len);
	add_lines(g, ROLE_TEXT, q->bytes);
}

static enum err
look_again(struct pane *p)
{
	struct approvals *v = p->state;
	enum err rc;

	v->asking = (struct asking){ .rules = noting_rules(p->room),
		.data = noting_start(p->room)->data,
		.author = noting_start(p->room)->auditor,
		.now = noting_now(p->room) / 1000 };
	rc = asking_list(&v->list, &v->n, &p->arena, &v->asking);
	if (v->at >= v->n)
		v->at = 0;
	if (rc == ERR_NONE)
		load(p);
	return rc;
}

static enum err
approvals_open(struct pane *p, const struct target *t)
{
	struct approvals *v = p->state;

	(void)t;
	pager_init(&v->pager);
	v->pager.wrap = true;
	seal_secret_init(&v->phrase, 512);
	return look_again(p);
}

static void
approvals_close(struct pane *p)
{
	struct approvals *v = p->state;

	seal_secret_release(&v->phrase);
	pager_release(&v->pager);
}

static void
approvals_draw(struct pane *p, struct canvas *c)
{
	struct approvals *v = p->state;

	pager_draw(&v->pager, c);
}

static void
approvals_title(struct pane *p, struct canvas *line)
{
	const struct approvals *v = p->state;

	canvas_printf(line, 0, 0, ROLE_TITLE, "Requests: %zu of %zu",
	    v->n == 0 ? 0 : v->at + 1, v->n);
}

static void
approvals_status(struct pane *p, struct canvas *line)
{
	const struct approvals *v = p->state;

	canvas_put(line, 0, 0, ROLE_STATUS,
	    v->typing ? "passphrase of your key: nothing of it is shown   "
			"Enter signs   Esc: no" :
			"a agree   d object   c confer   ] [ the next, the "
			"one before");
}

static struct list *
approvals_list(struct pane *p)
{
	return &((struct approvals *)p->state)->pager.list;
}

static void
signed_now(struct pane *p)
{
	struct approvals *v = p->state;
	struct asking_word word = { .kind = v->kind,
		.who = v->who,
		.reason = v->reason };
	enum err rc;

	v->asking.now = noting_now(p->room) / 1000;
	rc = asking_sign(&v->asking, &v->list[v->at], &word, &v->phrase);

	v->typing = false;
	seal_secret_clear(&v->phrase);
	if (rc != ERR_NONE) {
		shell_error(p->shell, rc);
		return;
	}
	shell_message(p->shell, "%.*s %s: signed", STR_ARG(v->who),
	    approval_kind_name(v->kind));
	shell_error(p->shell, look_again(p));
}

static void
named(struct pane *p, struct str line)
{
	struct approvals *v = p->state;

	v->who = arena_copy(&p->arena, str_trim(line));
	v->typing = v->who.len > 0;
	seal_secret_clear(&v->phrase);
	shell_redraw(p->shell);
}

static void
ask_name(struct pane *p)
{
	const struct shell_ask ask = { .label = "who are you? name: ",
		.done = named };

	shell_prompt(p, &ask);
}

static void
reasoned(struct pane *p, struct str line)
{
	struct approvals *v = p->state;

	v->reason = arena_copy(&p->arena,
	    str_slice(str_trim(line), 0, APPROVAL_REASON_MAX));
	if (v->reason.len == 0)
		shell_message(p->shell, "it wants a reason");
	else
		ask_name(p);
}

static void
begin(struct pane *p, enum approval_kind kind)
{
	const struct shell_ask ask = { .label = "why? ", .done = reasoned };
	struct approvals *v = p->state;

	if (v->n == 0)
		return;
	v->kind = kind;
	v->reason = STR("");
	if (kind == APPROVAL_AGREES)
		ask_name(p);
	else
		shell_prompt(p, &ask);
}

static void
run_agree(struct pane *p, const struct call *c)
{
	(void)c;
	begin(p, APPROVAL_AGREES);
}

static void
run_object(struct pane *p, const struct call *c)
{
	(void)c;
	begin(p, APPROVAL_OBJECTS);
}

static void
run_confer(struct pane *p, const struct call *c)
{
	(void)c;
	begin(p, APPROVAL_CONFERRED);
}

static void
turn(struct pane *p, size_t by)
{
	struct approvals *v = p->state;

	if (v->n == 0)
		return;
	v->at = (v->at + by) % v->n;
	v->place = 0;
	load(p);
}

static void
run_next(struct pane *p, const struct call *c)
{
	(void)c;
	turn(p, 1);
}

static void
run_before(struct pane *p, const struct call *c)
{
	struct approvals *v = p->state;

	(void)c;
	turn(p, v->n - 1);
}

/* The lines of the next place, where whoever reads the source sees them: the
 * notes room has none. */
static void
run_show(struct pane *p, const struct call *c)
{
	struct approvals *v = p->state;
	struct arena a = { 0 };
	struct pages r;

	(void)c;
	if (v->n == 0 || !pages_is(v->list[v->at].bytes) ||
	    pages_read(&r, &a, v->list[v->at].bytes) != ERR_NONE) {
		err_clear();
		shell_message(p->shell, "all of it is here");
	} else {
		const struct pages_place *l = &r.places[v->place++ % r.n];
		const struct anchor an = { .commit = l->at.commit,
			.blob = l->at.blob,
			.path = l->at.path,
			.first = l->at.first,
			.last = l->at.last,
			.region = l->cost.lines };

		noting_go(p->room, &an);
	}
	arena_release(&a);
}

/* The passphrase: neither its letters nor how many there are. */
static bool
approvals_key(struct pane *p, uint32_t key)
{
	struct approvals *v = p->state;
	struct buf b = { 0 };

	if (!v->typing)
		return false;
	if (key == KEYS_ENTER) {
		signed_now(p);
	} else if (key == KEYS_ESC || key == KEYS_CTRL('c')) {
		v->typing = false;
		seal_secret_clear(&v->phrase);
	} else if (key == KEYS_CTRL('u') || key == KEYS_BACKSPACE) {
		seal_secret_clear(&v->phrase);
	} else if (keys_is_text(key)) {
		text_put_utf8(&b, key);
		shell_error(p->shell, seal_secret_add(&v->phrase, b.at, b.len));
		seal_wipe(b.at, b.room);
		buf_release(&b);
	}
	return true;
}

static bool
approvals_takes_text(struct pane *p)
{
	return ((const struct approvals *)p->state)->typing;
}

static const struct command commands[] = {
	{ "agree", "a", "agree that it may leave", run_agree, "agree", NULL },
	{ "object", "d", "object: nothing leaves while that stands", run_object,
	    "object", NULL },
	{ "confer", "c", "take back what you said before", run_confer, "confer",
	    NULL },
	{ "show", "Enter", "the lines of pages in the source, place by place",
	    run_show, "lines", NULL },
	{ "next", "]", "the next request", run_next, "next", NULL },
	{ "before", "[", "the request before", run_before, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct view view_approvals = {
	.name = "approvals",
	.about = "For approvers: what waits for your word",
	.state_size = sizeof(struct approvals),
	.commands = commands,
	.open = approvals_open,
	.close = approvals_close,
	.draw = approvals_draw,
	.title = approvals_title,
	.status = approvals_status,
	.list = approvals_list,
	.key = approvals_key,
	.takes_text = approvals_takes_text,
};
