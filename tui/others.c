#include "tui/others.h"

#include "notes/eyes.h"
#include "notes/peer.h"
#include "tui/hatch_lines.h"
#include "tui/noting.h"

struct people {
	struct str names[HATCH_OTHERS];
	uint8_t n;
};

/* From 1; 0: there is no room for one more. */
static uint8_t
person(struct people *p, struct str name)
{
	for (uint8_t i = 0; i < p->n; i++)
		if (str_eq(p->names[i], name))
			return (uint8_t)(i + 1);
	if (p->n == HATCH_OTHERS)
		return 0;
	p->names[p->n++] = name;
	return p->n;
}

static void
put_layer(struct buf *b, const struct findings_lines *l, uint8_t who,
    const struct oid *commit, bool reviewed)
{
	const struct spans *s = reviewed ? &l->reviewed : &l->seen;
	struct hatch_other o = { who, reviewed, *commit, l->path, s->at,
		s->len };

	if (s->len > 0)
		hatch_write_other(b, &o);
}

static void
put_lines(struct buf *rows, struct people *people, const struct start *s,
    const struct peer_lines *lines)
{
	uint8_t who = 0;

	if (!str_eq(lines->auditor, s->auditor))
		who = person(people, lines->auditor);
	for (uint32_t i = 0; who > 0 && i < lines->n; i++) {
		const struct findings_lines *l = &lines->at[i];
		struct oid commit;

		if (!eyes_commit(&commit, s, l))
			continue;
		put_layer(rows, l, who, &commit, false);
		put_layer(rows, l, who, &commit, true);
	}
}

void
others_send(struct noting *n)
{
	const struct noting_out *out = noting_ports(n);
	const struct start *s = noting_start(n);
	struct peer_covers theirs = { 0 };
	struct people people = { .n = 0 };
	struct buf rows = { 0 }, b = { 0 };
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	if (noting_book(n) != NULL)
		rc = peer_covered(&theirs, &a, noting_vault(n), s->data,
		    s->manifest);
	for (uint32_t i = 0; rc == ERR_NONE && i < theirs.n_lines; i++)
		put_lines(&rows, &people, s, &theirs.lines[i]);
	if (rc != ERR_NONE)
		shell_error(noting_shell(n), rc);
	hatch_write_names(&b, people.names, people.n);
	buf_str(&b, buf_view(&rows));
	out->others(out->arg, buf_view(&b));
	buf_release(&rows);
	buf_release(&b);
	arena_release(&a);
}
