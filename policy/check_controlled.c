#include "policy/gate.h"
#include "policy/texts.h"

struct look {
	const struct gate_case *c;
	const struct rules_controlled *barred;
};

static void
look_at(void *arg, struct str path)
{
	struct look *l = arg;

	if (l->barred == NULL)
		l->barred = rules_bars(l->c->rules, l->c->parcel->author, path);
}

static enum verdict
controlled_judge(const struct gate_case *c, struct buf *why)
{
	struct look l = { .c = c };

	texts_paths(c->parcel->bytes, look_at, &l);
	if (l.barred == NULL)
		return PASS;
	buf_printf(why,
	    "it names a file of \"%.*s\", about which %.*s may not "
	    "write",
	    STR_ARG(l.barred->name), STR_ARG(c->parcel->author));
	return REFUSE;
}

const struct check check_controlled = {
	.name = "controlled",
	.guards = "against source that is not for everybody here",
	.judge = controlled_judge,
};
