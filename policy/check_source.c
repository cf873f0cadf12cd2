#include "policy/gate.h"
#include "policy/texts.h"

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

/* The most tokens of source in one note or finding; *item: in which. */
static uint64_t
most_in_an_item(const struct gate_case *c, uint32_t *item)
{
	const struct verdict_source *v = c->source;
	struct arena a = { 0 };
	uint64_t most = 0, sum = 0;
	size_t *at;
	uint32_t n, k = 0;

	texts_items(c->parcel->bytes, &a, &at, &n);
	for (uint32_t i = 0; i < v->n_spans; i++) {
		if (v->spans[i].kind >= SPAN_CLASSES)
			continue;
		while (k < n && at[k] <= v->spans[i].at) {
			sum = 0;
			k++;
		}
		sum += v->spans[i].tokens;
		if (sum > most) {
			most = sum;
			*item = k;
		}
	}
	arena_release(&a);
	return most;
}

static enum verdict
source_judge(const struct gate_case *c, struct buf *why)
{
	const struct rules_export *e = &c->rules->export;
	const struct verdict_source *v = c->source;
	uint32_t item = 0;
	uint64_t most;

	if (!answered(c, why))
		return REFUSE;
	if (v->open > 0 && !e->public_text) {
		buf_printf(why,
		    "%u tokens are public text, which the rules do not let "
		    "out (export.public)",
		    v->open);
		return REFUSE;
	}
	if (v->tokens > e->quote_one) {
		buf_printf(why,
		    "%u tokens of source are in it, the rules "
		    "allow %llu (quote_one)",
		    v->tokens, (unsigned long long)e->quote_one);
		return REFUSE;
	}
	most = most_in_an_item(c, &item);
	if (most > e->quote_item) {
		buf_printf(why,
		    "%llu tokens of source are in item %u of it, the "
		    "rules allow %llu (quote_item)",
		    (unsigned long long)most, item,
		    (unsigned long long)e->quote_item);
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
	if (v->remarks > 0) {
		buf_printf(why,
		    "%u words read like comments of the source: somebody "
		    "should look",
		    v->remarks);
		return ASK;
	}
	if (v->open > 0)
		buf_printf(why, "%u tokens are public text and do not count",
		    v->open);
	return PASS;
}

const struct check check_source = {
	.name = "source",
	.guards = "against copied source",
	.judge = source_judge,
};
