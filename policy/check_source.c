#include "policy/gate.h"

/* Whether there is an answer of the checker, about these very bytes. */
static bool
answered(const struct gate_case *c, struct buf *why)
{
	const struct verdict_source *v = c->source;

	if (v == NULL)
		buf_str(why, STR("the checker did not answer"));
	else if (!v->ready && v->of == 0)
		buf_str(why, STR("the checker is still reading the source"));
	else if (!v->ready)
		buf_printf(why,
		    "the checker has read %llu of %llu files of "
		    "the source: try again later",
		    (unsigned long long)v->done, (unsigned long long)v->of);
	else if (!hash_eq(&v->hash, &c->context_hash))
		buf_str(why, STR("the checker judged another text"));
	else
		return true;
	return false;
}

static enum verdict
source_judge(const struct gate_case *c, struct buf *why)
{
	const struct rules_export *e = &c->rules->export;
	const struct verdict_source *v = c->source;

	if (!answered(c, why))
		return REFUSE;
	if (v->tokens > e->quote_one) {
		buf_printf(why,
		    "%u tokens of source are in it, the rules "
		    "allow %llu (quote_one)",
		    v->tokens, (unsigned long long)e->quote_one);
		return REFUSE;
	}
	if (v->run > e->quote_run) {
		buf_printf(why,
		    "%u tokens of source in a row, the rules "
		    "allow %llu (quote_run)",
		    v->run, (unsigned long long)e->quote_run);
		return REFUSE;
	}
	if (v->more) {
		buf_str(why,
		    STR("it looks like source in more places than "
			"can be listed"));
		return REFUSE;
	}
	if (v->shapes > 0) {
		buf_printf(why,
		    "%u tokens have the shape of source under "
		    "other names: somebody should look",
		    v->shapes);
		return ASK;
	}
	return PASS;
}

const struct check check_source = {
	.name = "source",
	.guards = "against copied source",
	.judge = source_judge,
};
