#include "policy/gate.h"

#include <string.h>

#define X(name) extern const struct check check_##name;
#include "checks.inc"
#undef X

static const struct check *const all_checks[] = {
#define X(name) &check_##name,
#include "checks.inc"
#undef X
	NULL, /* so that the table may be empty; not counted */
};

const char *
gate_verdict_name(enum verdict v)
{
	switch (v) {
	case PASS:
		return "passes";
	case ASK:
		return "needs approval";
	case REFUSE:
		break;
	}
	return "refused";
}

/* A reason is for a screen and a journal: one printable line. */
static struct str
one_line(struct arena *a, const struct buf *why)
{
	struct str copy = arena_copy(a, buf_view(why));
	char *at = arena_get(a, copy.len + 1, 1);

	for (size_t i = 0; i < copy.len; i++) {
		unsigned char c = (unsigned char)copy.at[i];

		at[i] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
	}
	return (struct str){ at, copy.len };
}

static struct gate_row
run_check(struct arena *a, const struct check *check, const struct gate_case *c)
{
	struct gate_row row = { .check = check->name,
		.guards = check->guards,
		.verdict = REFUSE };
	struct buf why = { 0 };
	enum verdict v = check->judge(c, &why);

	if (v == PASS || v == ASK)
		row.verdict = v;
	if (row.verdict != PASS && why.len == 0)
		buf_str(&why, STR("no reason was given"));
	row.why = one_line(a, &why);
	buf_release(&why);
	return row;
}

void
gate_judge_with(struct gate *out, struct arena *a, const struct gate_case *c,
    const struct check *const *checks, size_t n)
{
	struct gate g = { .verdict = n == 0 ? REFUSE : PASS };

	g.rows = arena_array(a, n, struct gate_row);
	for (size_t i = 0; i < n; i++) {
		g.rows[i] = run_check(a, checks[i], c);
		if (g.rows[i].verdict < g.verdict)
			g.verdict = g.rows[i].verdict;
	}
	g.n_rows = (uint32_t)n;
	g.of = hash_of(c->parcel->bytes);
	g.quoted = c->source == NULL ? 0 : c->source->tokens;
	*out = g;
}

void
gate_judge(struct gate *out, struct arena *a, const struct gate_case *c)
{
	gate_judge_with(out, a, c, all_checks,
	    sizeof all_checks / sizeof *all_checks - 1);
}
